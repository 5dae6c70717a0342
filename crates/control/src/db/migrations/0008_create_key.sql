-- Credentials that clients send with. Keys are revoked, never deleted: the trail names them.
CREATE TABLE IF NOT EXISTS "key" (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- SHA-256 of the secret, hexadecimal.
    secret_hash TEXT NOT NULL,
    -- The last four characters of the secret.
    hint TEXT NOT NULL,
    -- The public part of a Sentry DSN, 32 hexadecimal digits.
    public_id TEXT,
    -- Names of scopes with one space between.
    scopes TEXT NOT NULL,
    -- 'all', or 'listed' in key_project.
    reach TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT,
    CONSTRAINT key_secret_hash_is_unique UNIQUE (secret_hash),
    CONSTRAINT key_public_id_is_unique UNIQUE (public_id),
    CONSTRAINT key_kind_is_known CHECK (kind IN ('ingest', 'api')),
    CONSTRAINT key_reach_is_known CHECK (reach IN ('all', 'listed')),
    -- An ingest key can only send, into its one project, and has a public id; an API key has none.
    CONSTRAINT key_ingest_only_sends CHECK (
        (kind = 'ingest' AND scopes = 'ingest' AND reach = 'listed' AND public_id IS NOT NULL)
        OR (kind = 'api' AND public_id IS NULL)
    )
)
