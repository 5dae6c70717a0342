//! The opaque place at which the next page goes on: version, time, tie-breaking numbers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::Error;

const VERSION: u8 = 1;

/// The order of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    OldestFirst,
    NewestFirst,
}

/// The last row of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    pub time: i64,
    /// The row's table, for pages over several.
    pub table: u8,
    pub seq: i64,
}

impl Cursor {
    pub fn encode(self) -> String {
        let mut bytes = vec![VERSION, self.table];
        bytes.extend_from_slice(&self.time.to_be_bytes());
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub fn decode(text: &str) -> Result<Cursor, Error> {
        let wrong = || Error::invalid("the cursor is not one of this list").with_field("cursor");
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
        let [VERSION, table, rest @ ..] = bytes.as_slice() else { return Err(wrong()) };
        let (time, seq) = rest.split_first_chunk::<8>().ok_or_else(wrong)?;
        let seq = seq.try_into().map_err(|_| wrong())?;
        Ok(Cursor { time: i64::from_be_bytes(*time), table: *table, seq: i64::from_be_bytes(seq) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_and_others_are_refused() {
        let cursor = Cursor { time: -5, table: 2, seq: 17 };
        assert_eq!(Cursor::decode(&cursor.encode()).expect("decodes"), cursor);
        for bad in ["", "AA", "not base64!", "AgAAAAAAAAAAAAAAAAAAAAAA"] {
            assert!(Cursor::decode(bad).is_err(), "{bad}");
        }
    }
}
