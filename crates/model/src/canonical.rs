//! Canonical bytes of an audit entry's fields (filled by the ledger work).
