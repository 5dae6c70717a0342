//! Entry ids: UUID version 7 (RFC 9562), whose first 48 bits are milliseconds since 1970.

use std::fmt;
use std::str::FromStr;

use crate::clock::Timestamp;

/// The id of one audit entry. Ordered by time of creation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub [u8; 16]);

/// Why a text is not an entry id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum IdError {
    #[error("not a UUID")]
    NotUuid,
    #[error("a UUID of version {0}, expected version 7")]
    WrongVersion(usize),
}

impl EntryId {
    /// Builds an id from a time and 10 random bytes.
    pub fn from_parts(time: Timestamp, random: [u8; 10]) -> EntryId {
        let millis = u64::try_from(time.millis()).unwrap_or(0);
        EntryId(*uuid::Builder::from_unix_timestamp_millis(millis, &random).as_uuid().as_bytes())
    }

    /// The creation time written into the id, to the millisecond.
    pub fn time(self) -> Timestamp {
        let mut millis = [0u8; 8];
        millis[2..].copy_from_slice(&self.0[..6]);
        Timestamp(i64::try_from(u64::from_be_bytes(millis)).unwrap_or(i64::MAX).saturating_mul(1_000_000))
    }
}

impl FromStr for EntryId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<EntryId, IdError> {
        let uuid = uuid::Uuid::try_parse(text).map_err(|_| IdError::NotUuid)?;
        match uuid.get_version_num() {
            7 => Ok(EntryId(*uuid.as_bytes())),
            other => Err(IdError::WrongVersion(other)),
        }
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        uuid::Uuid::from_bytes(self.0).as_hyphenated().fmt(f)
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_carries_its_time_and_survives_text() {
        let time = Timestamp(1_700_000_000_123_000_000);
        let id = EntryId::from_parts(time, [7; 10]);
        assert_eq!(id.time(), time);
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn other_versions_are_refused_by_number() {
        assert_eq!("6f1c2a52-9c0f-4f6e-8a53-0f3c6f8a1b2c".parse::<EntryId>(), Err(IdError::WrongVersion(4)));
        assert_eq!("order-17".parse::<EntryId>(), Err(IdError::NotUuid));
    }
}
