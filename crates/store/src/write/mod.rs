//! The writer of a lane.
