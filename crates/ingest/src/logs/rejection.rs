//! Lines that are not taken: why, counted in full and listed in part.

use whodunit_api::logs::{LineRejection, REJECTIONS_MAX};

use crate::json::JsonError;
use crate::protobuf::WireError;

/// Why a line is not taken, as it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    NotUtf8,
    /// Not in the form that the protocol asks for.
    Malformed,
    TooLong,
    Time,
    /// An action that this server does not take.
    Refused,
}

impl Reason {
    pub const ALL: [Reason; 5] = [Reason::NotUtf8, Reason::Malformed, Reason::TooLong, Reason::Time, Reason::Refused];

    /// The stable word in metrics.
    pub fn code(self) -> &'static str {
        match self {
            Reason::NotUtf8 => "not_utf8",
            Reason::Malformed => "malformed",
            Reason::TooLong => "too_long",
            Reason::Time => "time",
            Reason::Refused => "refused",
        }
    }
}

/// One line that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub reason: Reason,
    /// The field at fault; empty when it is the line as a whole.
    pub field: String,
    /// One sentence for people.
    pub text: String,
}

impl Refusal {
    /// The line as a whole is at fault.
    pub fn whole(reason: Reason, text: impl Into<String>) -> Refusal {
        Refusal { reason, field: String::new(), text: text.into() }
    }

    pub fn not_utf8(error: std::str::Utf8Error) -> Refusal {
        Refusal::whole(Reason::NotUtf8, format!("not UTF-8 at byte {}", error.valid_up_to()))
    }

    pub fn too_long(bytes_max: usize) -> Refusal {
        Refusal::whole(Reason::TooLong, format!("longer than {bytes_max} bytes"))
    }
}

impl From<JsonError> for Refusal {
    fn from(error: JsonError) -> Refusal {
        Refusal::whole(Reason::Malformed, error.to_string())
    }
}

impl From<WireError> for Refusal {
    fn from(error: WireError) -> Refusal {
        Refusal::whole(Reason::Malformed, error.to_string())
    }
}

/// All lines of a body that are not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejections {
    counts: [u64; Reason::ALL.len()],
    first: Option<Reason>,
    /// The first [`REJECTIONS_MAX`] of them.
    pub listed: Vec<LineRejection>,
}

impl Rejections {
    /// Notes the line with this number, counted from 0.
    pub fn note(&mut self, number: u64, refusal: Refusal) {
        self.counts[refusal.reason as usize] += 1;
        self.first.get_or_insert(refusal.reason);
        if self.listed.len() < REJECTIONS_MAX {
            let Refusal { field, text, .. } = refusal;
            self.listed.push(LineRejection { line: number + 1, field, reason: text });
        }
    }

    /// The first of them, and why.
    pub fn first(&self) -> Option<(Reason, &LineRejection)> {
        self.first.zip(self.listed.first())
    }

    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The reasons that occurred, with how many lines each.
    pub fn by_reason(&self) -> impl Iterator<Item = (Reason, u64)> {
        Reason::ALL.into_iter().zip(self.counts).filter(|(_, count)| *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_the_first_are_listed() {
        let mut rejections = Rejections::default();
        for number in 0..150 {
            rejections.note(number, Refusal::too_long(10));
        }
        rejections.note(150, Refusal { reason: Reason::Time, field: "ts".to_owned(), text: "no time".to_owned() });
        assert_eq!((rejections.total(), rejections.listed.len()), (151, REJECTIONS_MAX));
        assert_eq!(rejections.by_reason().collect::<Vec<_>>(), [(Reason::TooLong, 150), (Reason::Time, 1)]);
        assert_eq!((rejections.listed[0].line, rejections.listed[0].reason.as_str()), (1, "longer than 10 bytes"));
    }
}
