-- Named lists of rows with notes. A case that is deleted is gone from here; the trail keeps every act on it.
CREATE TABLE IF NOT EXISTS "case" (
    id TEXT NOT NULL PRIMARY KEY,
    -- Who reaches it sees the case; rows inside may be of other projects.
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    version BIGINT NOT NULL,
    -- Numbers of items that were ever given; none is given twice.
    item_last BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    closed_at BIGINT,
    closed_by TEXT,
    CONSTRAINT case_version_counts CHECK (version >= 1),
    CONSTRAINT case_is_closed_by_somebody CHECK ((closed_at IS NULL) = (closed_by IS NULL))
)
