-- Applications that send data. The slug is in paths and never changes.
CREATE TABLE IF NOT EXISTS project (
    number BIGINT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    archived_at BIGINT,
    CONSTRAINT project_slug_is_unique UNIQUE (slug),
    -- 0 is Whodunit's own trail; applications count from 1.
    CONSTRAINT project_number_counts CHECK (number >= 0),
    -- Number 0 and the slug `whodunit` go together, and it stays.
    CONSTRAINT project_own_trail_stays CHECK ((number = 0) = (slug = 'whodunit') AND (number <> 0 OR archived_at IS NULL))
)
