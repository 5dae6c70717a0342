-- Releases that errors named, and when the first such error happened: what "the next release" is measured against.
CREATE TABLE IF NOT EXISTS issue_release (
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    CONSTRAINT issue_release_is_unique PRIMARY KEY (project, name)
)
