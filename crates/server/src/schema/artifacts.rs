//! Source maps and releases.

use super::Field;

pub const OBJECTS: &[(&str, &str, &[Field])] = &[
    (
        "SourceMapsAnswer",
        "What was uploaded for a project.",
        &[
            ("bundles", "[]SourceMapBundle", ""),
            ("files", "[]SourceMapFile", "Files that came one by one: the newest 1,000."),
            ("more_files", "boolean", "There are more than are told."),
        ],
    ),
    (
        "SourceMapFile",
        "A file of a release.",
        &[
            ("id", "text", ""),
            ("name", "text", "Its URL; `~` stands for scheme and host."),
            ("release", "text", ""),
            ("dist", "text", "Null if it is for all."),
            ("bytes", "integer", ""),
            ("uploaded_at", "text", ""),
            ("uploaded_by", "text", ""),
        ],
    ),
    (
        "ReleaseFile",
        "A file of a release, as Sentry's command line knows it.",
        &[
            ("id", "text", ""),
            ("name", "text", ""),
            ("dist", "text", "Null if it is for all."),
            ("headers", "object", "As they were sent with it."),
            ("size", "integer", "In bytes."),
            ("sha1", "text", ""),
            ("dateCreated", "text", ""),
        ],
    ),
    (
        "SourceMapBundle",
        "What was uploaded at once.",
        &[
            ("id", "text", "SHA-1 of the bundle."),
            ("bytes", "integer", "Size of its file."),
            ("uploaded_at", "text", "The last time, if it was uploaded several times."),
            ("uploaded_by", "text", ""),
            ("releases", "[]BundleRelease", "By which it is found, beside the debug ids of its scripts."),
            ("scripts", "[]text", "URLs of scripts that have a map; `~` stands for scheme and host."),
        ],
    ),
    ("BundleRelease", "A release of a bundle.", &[("release", "text", ""), ("dist", "text", "Null if it is for all.")]),
    ("Whoami", "The one who asks.", &[("version", "text", ""), ("auth", "object", ""), ("name", "text", "")]),
    (
        "ChunkUploadOptions",
        "How pieces are sent.",
        &[
            ("url", "text", "Where to."),
            ("chunkSize", "integer", "Largest piece in bytes."),
            ("chunksPerRequest", "integer", ""),
            ("maxFileSize", "integer", "Largest bundle in bytes."),
            ("maxRequestSize", "integer", ""),
            ("concurrency", "integer", "Requests side by side."),
            ("hashAlgorithm", "text", "`sha1`."),
            ("compression", "[]text", ""),
            ("accept", "[]text", "Which kinds of files are taken."),
        ],
    ),
    ("ChunkUploadAnswer", "What was taken.", &[("pieces", "integer", "")]),
    (
        "AssembleRequest",
        "A bundle to be put together.",
        &[
            ("checksum", "text", "SHA-1 of the whole."),
            ("chunks", "[]text", "SHA-1 of its pieces, in order."),
            ("projects?", "[]text", "Slugs or numbers."),
            ("version?", "text", "Release that it is found by."),
            ("dist?", "text", ""),
        ],
    ),
    (
        "AssembleAnswer",
        "What came of it.",
        &[
            ("state", "text", "`ok`, `not_found` or `error`."),
            ("missingChunks", "[]text", ""),
            ("detail?", "text", "Why the bundle cannot be used."),
        ],
    ),
    (
        "ReleaseRequest",
        "A release.",
        &[
            ("version?", "text", "Needed where the path has none."),
            ("projects?", "[]text", ""),
            ("dateReleased?", "text", "RFC 3339."),
            ("url?", "text", ""),
        ],
    ),
    (
        "Release",
        "A release.",
        &[
            ("version", "text", ""),
            ("dateCreated", "text", ""),
            ("dateReleased", "text", "Null while it is not out."),
            ("deploys", "[]Deploy", ""),
        ],
    ),
    (
        "DeployRequest",
        "A release goes out.",
        &[
            ("environment", "text", ""),
            ("name?", "text", ""),
            ("url?", "text", ""),
            ("dateStarted?", "text", "RFC 3339."),
            ("dateFinished?", "text", "RFC 3339; now if left out."),
        ],
    ),
    ("Deploy", "A release went out.", &[("id", "text", ""), ("environment", "text", ""), ("dateFinished", "text", "")]),
];
