//! The limits of the protocol (those that clients know) and of the view (what is read of an event).
//!
//! The protocol's limits stand here because they are facts about events; whoever receives bytes enforces them.

const MIB: usize = 1024 * 1024;

/// One event, decompressed.
pub const EVENT_BYTES_MAX: usize = MIB;
/// One envelope, decompressed.
pub const ENVELOPE_BYTES_MAX: usize = 200 * MIB;
/// Items in one envelope; more is a refusal of the whole.
pub const ENVELOPE_ITEMS_MAX: usize = 500;
/// One attachment.
pub const ATTACHMENT_BYTES_MAX: usize = 200 * MIB;
/// Attachments of one event.
pub const ATTACHMENTS_MAX: usize = 30;
/// Sessions in one envelope.
pub const SESSIONS_MAX: usize = 100;
/// One check-in of a cron monitor.
pub const CHECK_IN_BYTES_MAX: usize = 100 * 1024;
/// One replay recording, as sent.
pub const RECORDING_COMPRESSED_BYTES_MAX: usize = 10 * MIB;
/// One replay recording, decompressed.
pub const RECORDING_BYTES_MAX: usize = 100 * MIB;
/// One container of logs, metrics or spans.
pub const CONTAINER_BYTES_MAX: usize = 12 * MIB;
/// One log line in such a container.
pub const LOG_BYTES_MAX: usize = 2 * MIB;
/// One span in such a container.
pub const SPAN_BYTES_MAX: usize = 10 * MIB;

/// Exceptions that are read of one event. Past it the newest stay: the last one is what was thrown.
pub const EXCEPTIONS_MAX: usize = 50;
/// Frames that are read of one stack. Past it both ends stay: where it began and where it broke.
pub const FRAMES_MAX: usize = 500;
/// Threads that are read of one event.
pub const THREADS_MAX: usize = 256;
/// Breadcrumbs that are read of one event; past it the newest stay.
pub const BREADCRUMBS_MAX: usize = 500;
/// Tags that are read of one event.
pub const TAGS_MAX: usize = 300;
/// Parameters of a message that are read.
pub const PARAMETERS_MAX: usize = 100;
/// Parts of a fingerprint that a client sets.
pub const FINGERPRINT_PARTS_MAX: usize = 64;
/// Modules (installed packages) that are read of one event.
pub const MODULES_MAX: usize = 2000;
/// Debug images that are read of one event.
pub const IMAGES_MAX: usize = 1500;
/// Lines of source around a frame, on each side.
pub const CONTEXT_LINES_MAX: usize = 50;
/// Values that were left out and are named one by one; the rest is only counted.
pub const SKIPPED_NAMED_MAX: usize = 100;
