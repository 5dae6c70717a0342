-- The history of issues, only added to: one row for each issue that a change touched.
CREATE TABLE IF NOT EXISTS issue_change (
    -- Shared by all issues that one act changed.
    change_id TEXT NOT NULL,
    project TEXT NOT NULL,
    issue_id TEXT NOT NULL,
    -- The version that the change made.
    version BIGINT NOT NULL,
    action TEXT NOT NULL,
    -- JSON objects: all that a change can change.
    standing_before TEXT NOT NULL,
    standing_after TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    reason TEXT,
    -- The change that this one took back.
    undoes TEXT,
    CONSTRAINT issue_change_is_unique PRIMARY KEY (change_id, project, issue_id),
    CONSTRAINT issue_change_makes_a_version UNIQUE (project, issue_id, version)
)
