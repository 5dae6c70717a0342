-- The projects that a key with reach 'listed' may touch.
CREATE TABLE IF NOT EXISTS key_project (
    key_id TEXT NOT NULL REFERENCES "key" (id),
    project_number BIGINT NOT NULL REFERENCES project (number),
    CONSTRAINT key_project_is_listed_once PRIMARY KEY (key_id, project_number)
)
