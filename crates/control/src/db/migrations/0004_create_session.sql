-- Sign-ins that have not ended. The token itself is in the browser's cookie only.
CREATE TABLE IF NOT EXISTS session (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES "user" (id),
    -- SHA-256 of the token, hexadecimal.
    token_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    -- The absolute end, however busy the session is.
    expires_at BIGINT NOT NULL,
    ip TEXT,
    user_agent TEXT,
    CONSTRAINT session_token_hash_is_unique UNIQUE (token_hash),
    -- A session ends after it began.
    CONSTRAINT session_expires_after_creation CHECK (expires_at > created_at)
)
