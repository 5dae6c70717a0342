-- Pages that people come back to, each with the query that its link carries: of one user, or shared with the project.
CREATE TABLE IF NOT EXISTS saved_view (
    id TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    owner_id TEXT NOT NULL REFERENCES "user" (id),
    page TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The part of a link after the question mark.
    query TEXT NOT NULL,
    shared_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT saved_view_page_is_known CHECK (page IN ('activity', 'audit', 'logs', 'timeline')),
    CONSTRAINT saved_view_version_counts CHECK (version >= 1)
)
