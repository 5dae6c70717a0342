-- What shows that a client has an API key which it does not send (SCRAM-SHA-256, RFC 7677). Ingest keys have none, nor
-- have API keys that were made before this table was.
CREATE TABLE IF NOT EXISTS key_verifier (
    key_id TEXT NOT NULL PRIMARY KEY REFERENCES "key" (id),
    -- Both hexadecimal.
    stored_key TEXT NOT NULL,
    server_key TEXT NOT NULL
)
