-- When issues were first and last seen, whatever retention keeps of their events. Written from events as they are
-- stored, so it can be behind them for a moment, never ahead.
CREATE TABLE IF NOT EXISTS issue_sighting (
    project TEXT NOT NULL,
    -- As the fingerprint says, whatever it was merged into.
    issue_id TEXT NOT NULL,
    -- When the issue was deleted before, 0 if never: what comes after is a new life of it.
    life BIGINT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    -- Of the first event that named one.
    first_release TEXT,
    last_seen_at BIGINT NOT NULL,
    CONSTRAINT issue_sighting_is_unique PRIMARY KEY (project, issue_id, life),
    CONSTRAINT issue_sighting_has_an_order CHECK (first_seen_at <= last_seen_at)
)
