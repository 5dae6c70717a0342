-- What people made of an issue. There is a row only for one that somebody acted on; all others are unresolved.
CREATE TABLE IF NOT EXISTS issue (
    project TEXT NOT NULL,
    -- A UUID that follows from project and fingerprint.
    id TEXT NOT NULL,
    -- Each change counts it on, those that Whodunit makes by itself included.
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- Since when it is in its state; unresolved has none.
    state_at BIGINT,
    -- Of a resolution what it promises, of an ignored issue what brings it back.
    terms TEXT,
    -- The release that the terms name, or with which it came back.
    release TEXT,
    release_seen_at BIGINT,
    -- An instant, a number of events or a number of users.
    bound BIGINT,
    -- The id of a user.
    assignee TEXT,
    -- The issue that its events count for. There are no chains.
    merged_into TEXT,
    -- Events received until then are hidden.
    deleted_at BIGINT,
    -- Since it was ignored; a JSON list of hashes for the users.
    counted_events BIGINT NOT NULL,
    counted_users TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT issue_is_unique PRIMARY KEY (project, id),
    CONSTRAINT issue_version_counts CHECK (version >= 1),
    CONSTRAINT issue_state_is_known CHECK (state IN ('unresolved', 'resolved', 'ignored', 'regressed')),
    CONSTRAINT issue_state_has_its_time CHECK ((state = 'unresolved') = (state_at IS NULL)),
    -- A resolution and an ignored issue say on which terms, the others have none.
    CONSTRAINT issue_terms_fit_the_state CHECK (
        (state = 'resolved' AND terms IN ('now', 'in', 'after'))
        OR (state = 'ignored' AND terms IN ('forever', 'time', 'events', 'users'))
        OR (state IN ('unresolved', 'regressed') AND terms IS NULL)
    ),
    CONSTRAINT issue_terms_have_their_bound CHECK (
        (bound IS NOT NULL) = (terms IS NOT NULL AND terms IN ('time', 'events', 'users'))
    ),
    CONSTRAINT issue_is_not_merged_into_itself CHECK (merged_into IS NULL OR merged_into <> id)
)
