//! Objects of storage.

use super::Field;

pub const OBJECTS: &[(&str, &str, &[Field])] = &[
    (
        "StorageAnswer",
        "What the store holds, how fast that grows, and how long the disk lasts.",
        &[
            ("at", "text", "The server's time."),
            ("parts", "[]StoragePart", "By table, project and tier."),
            ("segments", "integer", "Of all parts."),
            ("rows", "integer", ""),
            ("bytes", "integer", ""),
            ("buffered", "[]BufferedRows", "Rows that are in no segment yet, of all projects."),
            ("wal_bytes", "integer", "Of the write-ahead log."),
            ("uploads", "[]StorageUploads", "What was uploaded, by project: source maps, releases and deploys."),
            ("disks", "[]StorageDisk", "The data directory's first."),
            ("growth", "[]StorageGrowth", "By table and project."),
            ("growth_bytes_per_day?", "integer", "The sum of those that are known; absent while none is."),
            (
                "days_left?",
                "integer",
                "Whole days until the data directory's disk is down to its reserve; absent where that cannot be said.",
            ),
            (
                "days_left_code",
                "text",
                "`played_forward`, or why `days_left` is absent: `beyond` (more than 1,000 days), `no_whole_day` (of any table yet), `in_a_bucket`.",
            ),
            ("days_left_because", "text", "How `days_left` came about, or why it is absent."),
        ],
    ),
    (
        "StoragePart",
        "Segments of one table, project and tier.",
        &[
            ("table", "text", ""),
            ("project", "text", ""),
            ("tier", "text", "`hot`, `warm` or `cold`."),
            ("segments", "integer", ""),
            ("rows", "integer", ""),
            ("bytes", "integer", ""),
            ("oldest", "text", "Time of the oldest row."),
            ("newest", "text", "Of the newest."),
        ],
    ),
    ("BufferedRows", "Rows of a table that are in no segment yet.", &[("table", "text", ""), ("rows", "integer", "")]),
    (
        "StorageUploads",
        "What was uploaded for a project, in the data directory beside segments.",
        &[("project", "text", ""), ("files", "integer", ""), ("bytes", "integer", "")],
    ),
    (
        "StorageDisk",
        "A disk that segments lie on.",
        &[
            ("place", "text", "`data`, or the name of a place for cold segments."),
            ("free_bytes", "integer", ""),
            ("total_bytes", "integer", ""),
            ("reserve_bytes", "integer", "Kept free: below it new telemetry is refused, or the oldest dropped."),
        ],
    ),
    (
        "StorageGrowth",
        "What a table of a project grows by.",
        &[
            ("table", "text", ""),
            ("project", "text", ""),
            (
                "bytes_per_day?",
                "integer",
                "Bytes of segments whose rows happened on a day, on the average of the last whole UTC days; absent while there is none.",
            ),
            ("days", "integer", "Whole days that it was read from, at most 7."),
        ],
    ),
];
