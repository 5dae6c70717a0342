//! Kinds of failure, the only part of an error that callers branch on.

/// What a failure means to the one who asked; HTTP status and exit codes are derived from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The request is wrong and will stay wrong (400).
    Invalid,
    /// No or wrong credentials (401).
    Unauthenticated,
    /// Known, but not allowed (403).
    Forbidden,
    /// The thing named does not exist (404).
    NotFound,
    /// The thing exists in another state than the request assumes (409).
    Conflict,
    /// Larger than a named limit (413).
    TooLarge,
    /// A media type or encoding we do not read (415).
    Unsupported,
    /// A bounded resource is full just now; try again later (429).
    Exhausted,
    /// Took longer than its limit (504 for queries, 503 for appends).
    Timeout,
    /// Cannot serve: disk failed, starting, shutting down (503).
    Unavailable,
    /// Stored bytes are not what was written (500, named in health).
    Corrupt,
    /// A bug of ours (500).
    Internal,
}

impl ErrorKind {
    /// The HTTP status code that says the same.
    pub fn status(self) -> u16 {
        match self {
            ErrorKind::Invalid => 400,
            ErrorKind::Unauthenticated => 401,
            ErrorKind::Forbidden => 403,
            ErrorKind::NotFound => 404,
            ErrorKind::Conflict => 409,
            ErrorKind::TooLarge => 413,
            ErrorKind::Unsupported => 415,
            ErrorKind::Exhausted => 429,
            ErrorKind::Timeout => 504,
            ErrorKind::Unavailable => 503,
            ErrorKind::Corrupt | ErrorKind::Internal => 500,
        }
    }

    /// The stable word used in JSON errors, metrics labels and logs.
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::Invalid => "invalid",
            ErrorKind::Unauthenticated => "unauthenticated",
            ErrorKind::Forbidden => "forbidden",
            ErrorKind::NotFound => "not_found",
            ErrorKind::Conflict => "conflict",
            ErrorKind::TooLarge => "too_large",
            ErrorKind::Unsupported => "unsupported",
            ErrorKind::Exhausted => "exhausted",
            ErrorKind::Timeout => "timeout",
            ErrorKind::Unavailable => "unavailable",
            ErrorKind::Corrupt => "corrupt",
            ErrorKind::Internal => "internal",
        }
    }
}
