-- Who signs in. Users are disabled, never deleted: the trail names them.
CREATE TABLE IF NOT EXISTS "user" (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    -- PHC string of argon2id.
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    last_sign_in_at BIGINT,
    CONSTRAINT user_email_is_unique UNIQUE (email),
    -- The roles of the organization.
    CONSTRAINT user_role_is_known CHECK (role IN ('owner', 'admin', 'member', 'auditor', 'viewer')),
    -- An address is kept in lower case, so that unique means unique.
    CONSTRAINT user_email_is_lower_case CHECK (email = lower(email))
)
