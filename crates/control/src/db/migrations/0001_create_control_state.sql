-- One row. Every change of the control plane first adds one to `revision`, in its own transaction: that takes
-- the row's lock, so changes happen one after the other on any number of nodes, and each node sees by this
-- number when its directory in memory is out of date.
CREATE TABLE IF NOT EXISTS control_state (
    id BIGINT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    -- There is exactly one state.
    CONSTRAINT control_state_is_single CHECK (id = 1),
    CONSTRAINT control_state_revision_counts CHECK (revision >= 0)
)
