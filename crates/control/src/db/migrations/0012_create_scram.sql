-- One row, made at the first start: what the verifiers of all keys are made with. Clients that prove to have a key are
-- told both, so neither is secret; changing them would make every verifier useless.
CREATE TABLE IF NOT EXISTS scram (
    id BIGINT NOT NULL PRIMARY KEY,
    -- 16 bytes, hexadecimal.
    salt TEXT NOT NULL,
    iterations BIGINT NOT NULL,
    -- All keys are made with the same.
    CONSTRAINT scram_is_single CHECK (id = 1),
    -- RFC 7677 asks for at least so many.
    CONSTRAINT scram_iterations_suffice CHECK (iterations >= 4096)
)
