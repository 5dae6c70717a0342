//! Where one message ends and the next begins on a stream (RFC 6587): a count of bytes before it, or a line end after.
//!
//! Each message says for itself which it is: digits, a space and `<` are a count, anything else is a line. So a
//! sender may change its mind, and a line that begins with a number is still a line.

/// Longest message.
pub const MESSAGE_BYTES_MAX: usize = 64 * 1024;
/// Most digits of a count that is believed.
const COUNT_DIGITS_MAX: usize = 9;

/// What was found on the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    Message(Vec<u8>),
    /// Longer than [`MESSAGE_BYTES_MAX`]; its bytes are passed over.
    TooLong,
}

impl Frame {
    /// Bytes that are kept of it.
    pub fn bytes(&self) -> usize {
        match self {
            Frame::Message(bytes) => bytes.len(),
            Frame::TooLong => 0,
        }
    }
}

/// Takes a stream apart. Holds at most one message that has not ended.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
    at: usize,
    skipping: Skipping,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Skipping {
    #[default]
    Nothing,
    Bytes(usize),
    Line,
}

enum Head {
    /// Digits, space and `<`, so many bytes long, and the count.
    Count(usize, usize),
    Line,
    /// More bytes will tell.
    Unknown,
}

impl Frames {
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.at);
        self.at = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next message that is whole.
    pub fn next_frame(&mut self) -> Option<Frame> {
        loop {
            if !self.skip() {
                return None;
            }
            let rest = &self.bytes[self.at..];
            match head(rest) {
                Head::Unknown => return None,
                Head::Count(digits, count) if count > MESSAGE_BYTES_MAX => {
                    self.at += digits;
                    self.skipping = Skipping::Bytes(count);
                    return Some(Frame::TooLong);
                }
                Head::Count(digits, count) => {
                    let counted = rest.get(digits..digits + count)?;
                    // rsyslog's own templates end with a line end, which it sends with either framing.
                    let message = counted.strip_suffix(b"\n").unwrap_or(counted).to_vec();
                    self.at += digits + count;
                    return Some(Frame::Message(message));
                }
                Head::Line => match memchr::memchr2(b'\n', 0, rest) {
                    Some(end) if end > MESSAGE_BYTES_MAX => {
                        self.at += end + 1;
                        return Some(Frame::TooLong);
                    }
                    Some(end) => {
                        let line = rest[..end].trim_ascii_end().to_vec();
                        self.at += end + 1;
                        if !line.is_empty() {
                            return Some(Frame::Message(line));
                        }
                    }
                    None if rest.len() > MESSAGE_BYTES_MAX => {
                        self.skipping = Skipping::Line;
                        return Some(Frame::TooLong);
                    }
                    None => return None,
                },
            }
        }
    }

    /// What is left when the stream ends: a line may lack its end.
    pub fn last_frame(&mut self) -> Option<Frame> {
        if self.skipping != Skipping::Nothing {
            return None;
        }
        let rest = self.bytes[self.at..].trim_ascii().to_vec();
        self.at = self.bytes.len();
        (!rest.is_empty()).then_some(Frame::Message(rest))
    }

    /// Passes over what is to be passed over; says whether that is done.
    fn skip(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        match self.skipping {
            Skipping::Nothing => return true,
            Skipping::Bytes(count) if rest.len() < count => {
                self.skipping = Skipping::Bytes(count - rest.len());
                self.at = self.bytes.len();
                return false;
            }
            Skipping::Bytes(count) => self.at += count,
            Skipping::Line => match memchr::memchr2(b'\n', 0, rest) {
                Some(end) => self.at += end + 1,
                None => {
                    self.at = self.bytes.len();
                    return false;
                }
            },
        }
        self.skipping = Skipping::Nothing;
        true
    }
}

fn head(bytes: &[u8]) -> Head {
    let digits = bytes.iter().take(COUNT_DIGITS_MAX + 1).take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || digits > COUNT_DIGITS_MAX || bytes[0] == b'0' {
        return if bytes.is_empty() { Head::Unknown } else { Head::Line };
    }
    match bytes.get(digits..) {
        Some([b' ', b'<', ..]) => {}
        Some([] | [b' ']) => return Head::Unknown,
        _ => return Head::Line,
    }
    let count = std::str::from_utf8(&bytes[..digits]).ok().and_then(|text| text.parse().ok());
    count.map_or(Head::Line, |count| Head::Count(digits + 1, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(pieces: &[&[u8]]) -> Vec<Frame> {
        let mut frames = Frames::default();
        let mut all = Vec::new();
        for piece in pieces {
            frames.push(piece);
            all.extend(std::iter::from_fn(|| frames.next_frame()));
        }
        all.extend(frames.last_frame());
        all
    }

    fn message(text: &str) -> Frame {
        Frame::Message(text.as_bytes().to_vec())
    }

    #[test]
    fn one_line_end_behind_a_counted_message_is_no_part_of_it() {
        let found = frames(&[b"6 <1>ab\n7 <1>ab\n\n5 <1>a "]);
        assert_eq!(found, [message("<1>ab"), message("<1>ab\n"), message("<1>a ")]);
    }

    #[test]
    fn both_framings_are_read_however_the_bytes_arrive() {
        let stream = b"<1>a\n7 <2>b\nc\n<3>d\r\n\n2026 is a year\n4 <5>e<6>f\x00<7>last";
        let expected = ["<1>a", "<2>b\nc", "<3>d", "2026 is a year", "<5>e", "<6>f", "<7>last"].map(message);
        assert_eq!(frames(&[stream]), expected);
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(frames(&bytes), expected);
        for at in 0..stream.len() {
            let (one, two) = stream.split_at(at);
            assert_eq!(frames(&[one, two]), expected, "cut at {at}");
        }
    }

    #[test]
    fn what_is_too_long_is_passed_over_and_the_next_is_read() {
        let long = vec![b'x'; MESSAGE_BYTES_MAX + 1];
        let line = [b"<1>", &long[..], b"\n<2>b\n"].concat();
        let counted = [format!("{} <1>", long.len() + 3).as_bytes(), &long[..], b"4 <2>b"].concat();
        for stream in [line, counted] {
            assert_eq!(frames(&[&stream]), [Frame::TooLong, message("<2>b")]);
            let pieces: Vec<&[u8]> = stream.chunks(1000).collect();
            assert_eq!(frames(&pieces), [Frame::TooLong, message("<2>b")]);
        }
        assert_eq!(frames(&[b"999999999 <1>a", b"more"]), [Frame::TooLong], "and what never comes is not waited for");
    }

    #[test]
    fn a_torn_message_is_kept_as_far_as_it_came() {
        assert_eq!(frames(&[b"9 <1>a"]), [message("9 <1>a")]);
        assert_eq!(frames(&[b"", b"\n \n"]), []);
    }
}
