-- What people say about an issue.
CREATE TABLE IF NOT EXISTS issue_comment (
    project TEXT NOT NULL,
    issue_id TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    changed_at BIGINT,
    changed_by TEXT,
    CONSTRAINT issue_comment_is_unique PRIMARY KEY (project, issue_id, id),
    CONSTRAINT issue_comment_says_something CHECK (body <> ''),
    CONSTRAINT issue_comment_is_changed_by_somebody CHECK ((changed_at IS NULL) = (changed_by IS NULL))
)
