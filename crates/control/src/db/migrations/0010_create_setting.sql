-- Settings that were changed; all others have their defaults.
CREATE TABLE IF NOT EXISTS setting (
    name TEXT NOT NULL PRIMARY KEY,
    -- JSON text.
    value TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    -- Version 0 is the default and has no row.
    CONSTRAINT setting_version_counts CHECK (version >= 1)
)
