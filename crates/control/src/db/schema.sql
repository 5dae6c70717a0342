-- The control database as all migrations together make it. A test holds the two equal, on SQLite and PostgreSQL.
-- Instants are nanoseconds since 1970 UTC; hashes and ids are texts.

-- Which migrations were applied, and their SHA-256: an applied migration never changes.
CREATE TABLE IF NOT EXISTS migration (
    number BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at BIGINT NOT NULL
);

-- One row. Every change of the control plane first adds one to `revision`, in its own transaction: that takes
-- the row's lock, so changes happen one after the other on any number of nodes, and each node sees by this
-- number when its directory in memory is out of date.
CREATE TABLE IF NOT EXISTS control_state (
    id BIGINT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    -- There is exactly one state.
    CONSTRAINT control_state_is_single CHECK (id = 1),
    CONSTRAINT control_state_revision_counts CHECK (revision >= 0)
);

INSERT INTO control_state (id, revision) VALUES (1, 0) ON CONFLICT (id) DO NOTHING;

-- Who signs in. Users are disabled, never deleted: the trail names them.
CREATE TABLE IF NOT EXISTS "user" (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    -- PHC string of argon2id.
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    last_sign_in_at BIGINT,
    CONSTRAINT user_email_is_unique UNIQUE (email),
    -- The roles of the organization.
    CONSTRAINT user_role_is_known CHECK (role IN ('owner', 'admin', 'member', 'auditor', 'viewer')),
    -- An address is kept in lower case, so that unique means unique.
    CONSTRAINT user_email_is_lower_case CHECK (email = lower(email))
);

-- Sign-ins that have not ended. The token itself is in the browser's cookie only.
CREATE TABLE IF NOT EXISTS session (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES "user" (id),
    -- SHA-256 of the token, hexadecimal.
    token_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    -- The absolute end, however busy the session is.
    expires_at BIGINT NOT NULL,
    ip TEXT,
    user_agent TEXT,
    CONSTRAINT session_token_hash_is_unique UNIQUE (token_hash),
    -- A session ends after it began.
    CONSTRAINT session_expires_after_creation CHECK (expires_at > created_at)
);

CREATE INDEX IF NOT EXISTS session_by_user ON session (user_id, id);

-- The link with which the first owner is made; gone once there is one.
CREATE TABLE IF NOT EXISTS setup_token (
    id BIGINT NOT NULL PRIMARY KEY,
    -- SHA-256 of the token, hexadecimal.
    token_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- The newest start of a server replaces the link.
    CONSTRAINT setup_token_is_single CHECK (id = 1)
);

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
);

-- Credentials that clients send with. Keys are revoked, never deleted: the trail names them.
CREATE TABLE IF NOT EXISTS "key" (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- SHA-256 of the secret, hexadecimal.
    secret_hash TEXT NOT NULL,
    -- The last four characters of the secret.
    hint TEXT NOT NULL,
    -- The public part of a Sentry DSN, 32 hexadecimal digits.
    public_id TEXT,
    -- Names of scopes with one space between.
    scopes TEXT NOT NULL,
    -- 'all', or 'listed' in key_project.
    reach TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT,
    CONSTRAINT key_secret_hash_is_unique UNIQUE (secret_hash),
    CONSTRAINT key_public_id_is_unique UNIQUE (public_id),
    CONSTRAINT key_kind_is_known CHECK (kind IN ('ingest', 'api')),
    CONSTRAINT key_reach_is_known CHECK (reach IN ('all', 'listed')),
    -- An ingest key can only send, into its one project, and has a public id; an API key has none.
    CONSTRAINT key_ingest_only_sends CHECK (
        (kind = 'ingest' AND scopes = 'ingest' AND reach = 'listed' AND public_id IS NOT NULL)
        OR (kind = 'api' AND public_id IS NULL)
    )
);

-- The projects that a key with reach 'listed' may touch.
CREATE TABLE IF NOT EXISTS key_project (
    key_id TEXT NOT NULL REFERENCES "key" (id),
    project_number BIGINT NOT NULL REFERENCES project (number),
    CONSTRAINT key_project_is_listed_once PRIMARY KEY (key_id, project_number)
);

-- Settings that were changed; all others have their defaults.
CREATE TABLE IF NOT EXISTS setting (
    name TEXT NOT NULL PRIMARY KEY,
    -- JSON text.
    value TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    -- Version 0 is the default and has no row.
    CONSTRAINT setting_version_counts CHECK (version >= 1)
);

-- The history of settings: rows are added, never changed. Going back is a new version.
CREATE TABLE IF NOT EXISTS setting_version (
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    -- JSON texts.
    value_before TEXT NOT NULL,
    value_after TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT,
    CONSTRAINT setting_version_is_unique PRIMARY KEY (name, version),
    CONSTRAINT setting_version_counts CHECK (version >= 1),
    -- Asked for, found in the environment at a start, or gone back to.
    CONSTRAINT setting_version_source_is_known CHECK (source IN ('request', 'environment', 'revert'))
);

-- One row, made at the first start: what the verifiers of all keys are made with. Clients that prove to have a key are
-- told both, so neither is secret; changing them would make every verifier useless.
CREATE TABLE IF NOT EXISTS scram (
    id BIGINT NOT NULL PRIMARY KEY,
    -- 16 bytes, hexadecimal.
    salt TEXT NOT NULL,
    iterations BIGINT NOT NULL,
    -- All keys are made with the same.
    CONSTRAINT scram_is_single CHECK (id = 1),
    -- RFC 7677 asks for at least so many.
    CONSTRAINT scram_iterations_suffice CHECK (iterations >= 4096)
);

-- What shows that a client has an API key which it does not send (SCRAM-SHA-256, RFC 7677). Ingest keys have none, nor
-- have API keys that were made before this table was.
CREATE TABLE IF NOT EXISTS key_verifier (
    key_id TEXT NOT NULL PRIMARY KEY REFERENCES "key" (id),
    -- Both hexadecimal.
    stored_key TEXT NOT NULL,
    server_key TEXT NOT NULL
);

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
);

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
);

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
);

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
);

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
);

-- The history of issues, only added to: one row for each issue that a change touched.
CREATE TABLE IF NOT EXISTS issue_change (
    -- Shared by all issues that one act changed.
    change_id TEXT NOT NULL,
    project TEXT NOT NULL,
    issue_id TEXT NOT NULL,
    -- The version that the change made.
    version BIGINT NOT NULL,
    action TEXT NOT NULL,
    -- JSON objects: all that a change can change.
    standing_before TEXT NOT NULL,
    standing_after TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    reason TEXT,
    -- The change that this one took back.
    undoes TEXT,
    CONSTRAINT issue_change_is_unique PRIMARY KEY (change_id, project, issue_id),
    CONSTRAINT issue_change_makes_a_version UNIQUE (project, issue_id, version)
);

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
);

-- When issues were first and last seen, whatever retention keeps of their events. Written from events as they are
-- stored, so it can be behind them for a moment, never ahead.
CREATE TABLE IF NOT EXISTS issue_sighting (
    project TEXT NOT NULL,
    -- As the fingerprint says, whatever it was merged into.
    issue_id TEXT NOT NULL,
    -- When the issue was deleted before, 0 if never: what comes after is a new life of it.
    life BIGINT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    -- Of the first event that named one.
    first_release TEXT,
    last_seen_at BIGINT NOT NULL,
    CONSTRAINT issue_sighting_is_unique PRIMARY KEY (project, issue_id, life),
    CONSTRAINT issue_sighting_has_an_order CHECK (first_seen_at <= last_seen_at)
);

-- Releases that errors named, and when the first such error happened: what "the next release" is measured against.
CREATE TABLE IF NOT EXISTS issue_release (
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    CONSTRAINT issue_release_is_unique PRIMARY KEY (project, name)
);

-- How far the errors of each writer were followed. It moves together with what was learned from them.
CREATE TABLE IF NOT EXISTS issue_place (
    -- The id of the store that the errors are in.
    writer TEXT NOT NULL PRIMARY KEY,
    -- The number of the last row in its lane.
    seq BIGINT NOT NULL,
    moved_at BIGINT NOT NULL
);
