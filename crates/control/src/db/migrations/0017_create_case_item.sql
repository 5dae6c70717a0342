-- What a case holds, in the order in which it was added: rows as they were found then, and notes.
CREATE TABLE IF NOT EXISTS case_item (
    case_id TEXT NOT NULL REFERENCES "case" (id),
    number BIGINT NOT NULL,
    -- Empty if nothing was noted.
    note TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    noted_at BIGINT,
    noted_by TEXT,
    -- Of a row: the table, where the row is in it, and what it said. A note alone has none of this.
    signal TEXT,
    row_project TEXT,
    row_time BIGINT,
    row_seq BIGINT,
    row_id TEXT,
    severity TEXT,
    summary TEXT,
    -- JSON texts: an object, and a list of names that were too large for it.
    fields TEXT,
    left_out TEXT,
    CONSTRAINT case_item_is_unique PRIMARY KEY (case_id, number),
    -- A row is kept whole or not at all.
    CONSTRAINT case_item_row_is_whole CHECK (
        (signal IS NULL) = (row_project IS NULL)
        AND (signal IS NULL) = (row_time IS NULL)
        AND (signal IS NULL) = (row_seq IS NULL)
        AND (signal IS NULL) = (summary IS NULL)
        AND (signal IS NULL) = (fields IS NULL)
        AND (signal IS NULL) = (left_out IS NULL)
    ),
    -- What is no row says something.
    CONSTRAINT case_item_holds_something CHECK (signal IS NOT NULL OR note <> '')
)
