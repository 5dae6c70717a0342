-- The link with which the first owner is made; gone once there is one.
CREATE TABLE IF NOT EXISTS setup_token (
    id BIGINT NOT NULL PRIMARY KEY,
    -- SHA-256 of the token, hexadecimal.
    token_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- The newest start of a server replaces the link.
    CONSTRAINT setup_token_is_single CHECK (id = 1)
)
