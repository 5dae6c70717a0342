-- Who sends what, as each writer has seen it: a writer's rows change only by that writer, so nothing is summed here.
-- Counts are those of the last save; what came after it is lost with the process.
CREATE TABLE IF NOT EXISTS source (
    -- The id of the store that the rows went into.
    writer TEXT NOT NULL,
    project TEXT NOT NULL,
    protocol TEXT NOT NULL,
    sender_type TEXT NOT NULL,
    sender_id TEXT NOT NULL,
    -- The program that sends, empty if it does not say.
    client TEXT NOT NULL,
    sender TEXT NOT NULL,
    first_heard_at BIGINT NOT NULL,
    last_heard_at BIGINT NOT NULL,
    request_count BIGINT NOT NULL,
    request_failed_count BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    row_count_that_day BIGINT NOT NULL,
    byte_count BIGINT NOT NULL,
    rejected_count BIGINT NOT NULL,
    -- JSON texts: an object of counts each.
    services TEXT NOT NULL,
    reasons TEXT NOT NULL,
    last_rejected_at BIGINT,
    last_rejection_code TEXT,
    last_rejection_reason TEXT,
    CONSTRAINT source_is_unique PRIMARY KEY (writer, project, protocol, sender_type, sender_id, client),
    CONSTRAINT source_sender_type_is_known CHECK (sender_type IN ('key', 'user', 'address', 'system', 'other')),
    -- A rejection has its time, its code and its reason, or there was none.
    CONSTRAINT source_rejection_is_whole CHECK (
        (last_rejected_at IS NULL) = (last_rejection_code IS NULL)
        AND (last_rejected_at IS NULL) = (last_rejection_reason IS NULL)
    )
)
