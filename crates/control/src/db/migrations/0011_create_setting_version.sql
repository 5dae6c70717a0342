-- The history of settings: rows are added, never changed. Going back is a new version.
CREATE TABLE IF NOT EXISTS setting_version (
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    -- JSON texts.
    value_before TEXT NOT NULL,
    value_after TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT,
    CONSTRAINT setting_version_is_unique PRIMARY KEY (name, version),
    CONSTRAINT setting_version_counts CHECK (version >= 1),
    -- Asked for, found in the environment at a start, or gone back to.
    CONSTRAINT setting_version_source_is_known CHECK (source IN ('request', 'environment', 'revert'))
)
