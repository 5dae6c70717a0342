-- How far the errors of each writer were followed. It moves together with what was learned from them.
CREATE TABLE IF NOT EXISTS issue_place (
    -- The id of the store that the errors are in.
    writer TEXT NOT NULL PRIMARY KEY,
    -- The number of the last row in its lane.
    seq BIGINT NOT NULL,
    moved_at BIGINT NOT NULL
)
