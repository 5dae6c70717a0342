//! Messages of clients, out of their bytes (PostgreSQL's protocol 3.0, chapter "Message Formats").
//!
//! Ours and not a crate's: the decoders of `pgwire` read past the end of a short message, which panics, and take up to
//! a gigabyte before anybody has signed in. Here every length is checked where it is read, a message must end where
//! its body ends, and texts must be UTF-8.

use bytes::Bytes;

/// Largest first message: a name, a database and some settings.
pub const STARTUP_BYTES_MAX: usize = 10_000;
/// Largest message while a client signs in.
pub const SIGN_IN_BYTES_MAX: usize = 4_096;
/// Largest message of a client that has signed in: a question or its parameters.
pub const MESSAGE_BYTES_MAX: usize = 4 << 20;

const PROTOCOL_MAJOR: u16 = 3;
const CODE_CANCEL: u32 = 80_877_102;
const CODE_TLS: u32 = 80_877_103;
const CODE_GSS: u32 = 80_877_104;

/// Bytes that are no message.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{what}")]
pub struct Malformed {
    what: String,
}

fn malformed(what: impl Into<String>) -> Malformed {
    Malformed { what: what.into() }
}

/// What may come first on a connection.
#[derive(Debug, PartialEq, Eq)]
pub enum First {
    Tls,
    /// Encryption by GSSAPI, which is not offered.
    Gss,
    Cancel {
        process: u32,
        secret: u32,
    },
    Start {
        minor: u16,
        parameters: Vec<(String, String)>,
    },
}

/// What comes after it.
#[derive(Debug, PartialEq, Eq)]
pub enum Message {
    Query(String),
    Parse {
        name: String,
        query: String,
        types: Vec<u32>,
    },
    Bind(Bind),
    Describe(Target),
    Execute {
        portal: String,
        rows_max: u32,
    },
    Close(Target),
    Sync,
    Flush,
    Terminate,
    /// An answer to a step of the sign-in.
    SignIn(Bytes),
    /// Data of a copy that was never asked for; PostgreSQL ignores it too.
    Copy,
    /// The old way to call functions.
    FunctionCall,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Bind {
    pub portal: String,
    pub statement: String,
    /// None, one for all, or one each; 0 is text, 1 is binary.
    pub parameter_forms: Vec<u16>,
    pub parameters: Vec<Option<Bytes>>,
    pub result_forms: Vec<u16>,
}

/// A prepared statement or a portal.
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    Statement(String),
    Portal(String),
}

/// The first message, without its length.
pub fn first(body: &Bytes) -> Result<First, Malformed> {
    let mut reader = Reader(body.clone());
    let code = reader.u32("a protocol version")?;
    let first = match code {
        CODE_TLS => First::Tls,
        CODE_GSS => First::Gss,
        CODE_CANCEL => First::Cancel { process: reader.u32("a process")?, secret: reader.u32("a secret")? },
        _ => {
            let (major, minor) = (code >> 16, code & 0xffff);
            if major != u32::from(PROTOCOL_MAJOR) {
                return Err(malformed(format!("protocol version {major}.{minor} is not spoken here, 3.0 is")));
            }
            let mut parameters = Vec::new();
            loop {
                let name = reader.text("the name of a parameter")?;
                if name.is_empty() {
                    break;
                }
                parameters.push((name, reader.text("the value of a parameter")?));
            }
            First::Start { minor: u16::try_from(minor).unwrap_or(u16::MAX), parameters }
        }
    };
    reader.end().map(|()| first)
}

/// A message by its first byte and what follows its length.
pub fn message(kind: u8, body: Bytes) -> Result<Message, Malformed> {
    let mut reader = Reader(body);
    let message = match kind {
        b'Q' => Message::Query(reader.text("a query")?),
        b'P' => {
            let (name, query) = (reader.text("the name of a statement")?, reader.text("a query")?);
            Message::Parse { name, query, types: reader.list("types", 4, |reader| reader.u32("a type"))? }
        }
        b'B' => Message::Bind(bind(&mut reader)?),
        b'D' => Message::Describe(target(&mut reader)?),
        b'C' => Message::Close(target(&mut reader)?),
        b'E' => Message::Execute { portal: reader.text("the name of a portal")?, rows_max: reader.u32("a count")? },
        b'S' => Message::Sync,
        b'H' => Message::Flush,
        b'X' => Message::Terminate,
        b'p' => Message::SignIn(std::mem::take(&mut reader.0)),
        b'F' => {
            reader.0.clear();
            Message::FunctionCall
        }
        b'd' | b'c' | b'f' => {
            reader.0.clear();
            Message::Copy
        }
        other => return Err(malformed(format!("no message begins with the byte 0x{other:02x}"))),
    };
    reader.end().map(|()| message)
}

/// Whether a message of that kind may be as long as a question; all others are short.
pub fn may_be_long(kind: u8) -> bool {
    matches!(kind, b'Q' | b'P' | b'B' | b'd')
}

fn bind(reader: &mut Reader) -> Result<Bind, Malformed> {
    Ok(Bind {
        portal: reader.text("the name of a portal")?,
        statement: reader.text("the name of a statement")?,
        parameter_forms: reader.list("formats", 2, |reader| reader.u16("a format"))?,
        parameters: reader.list("parameters", 4, |reader| match reader.u32("a length")? {
            u32::MAX => Ok(None),
            length => reader.bytes(length, "a parameter").map(Some),
        })?,
        result_forms: reader.list("formats", 2, |reader| reader.u16("a format"))?,
    })
}

fn target(reader: &mut Reader) -> Result<Target, Malformed> {
    match reader.bytes(1, "a kind")?[0] {
        b'S' => Ok(Target::Statement(reader.text("the name of a statement")?)),
        b'P' => Ok(Target::Portal(reader.text("the name of a portal")?)),
        other => Err(malformed(format!("0x{other:02x} names neither a statement nor a portal"))),
    }
}

/// What is left of a body.
struct Reader(Bytes);

impl Reader {
    fn bytes(&mut self, length: u32, what: &str) -> Result<Bytes, Malformed> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > self.0.len() {
            return Err(malformed(format!("the message ends within {what}")));
        }
        Ok(self.0.split_to(length))
    }

    fn u16(&mut self, what: &str) -> Result<u16, Malformed> {
        let bytes = self.bytes(2, what)?;
        Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    fn u32(&mut self, what: &str) -> Result<u32, Malformed> {
        let bytes = self.bytes(4, what)?;
        Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// Up to a zero byte.
    fn text(&mut self, what: &str) -> Result<String, Malformed> {
        let end = self.0.iter().position(|byte| *byte == 0);
        let end = end.ok_or_else(|| malformed(format!("the message ends within {what}")))?;
        let bytes = self.0.split_to(end + 1);
        let text = std::str::from_utf8(&bytes[..end]).map_err(|_| malformed(format!("{what} is no UTF-8")))?;
        Ok(text.to_owned())
    }

    /// As many as a count before them says, of at least `size` bytes each: a count that cannot be true reserves
    /// nothing.
    fn list<T>(
        &mut self,
        what: &str,
        size: usize,
        each: impl Fn(&mut Reader) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let count = usize::from(self.u16(what)?);
        if count * size > self.0.len() {
            return Err(malformed(format!("the message ends within its {what}")));
        }
        (0..count).map(|_| each(self)).collect()
    }

    fn end(&self) -> Result<(), Malformed> {
        match self.0.len() {
            0 => Ok(()),
            more => Err(malformed(format!("the message is {more} bytes longer than what it says"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parts: &[&[u8]]) -> Bytes {
        parts.concat().into()
    }

    #[test]
    fn a_start_names_its_parameters() {
        let start = of(&[&[0, 3, 0, 0], b"user\0api\0database\0shop\0\0"]);
        let expected = vec![("user".to_owned(), "api".to_owned()), ("database".to_owned(), "shop".to_owned())];
        assert_eq!(first(&start), Ok(First::Start { minor: 0, parameters: expected }));
        assert_eq!(first(&of(&[&[4, 210, 22, 47]])), Ok(First::Tls));
        assert!(first(&of(&[&[0, 2, 0, 0]])).is_err(), "version 2");
    }

    #[test]
    fn a_bind_is_read_to_its_end() {
        let body = of(&[b"p\0s\0", &[0, 1, 0, 1], &[0, 2, 0, 0, 0, 1, 7, 255, 255, 255, 255], &[0, 0]]);
        let expected = Bind {
            portal: "p".to_owned(),
            statement: "s".to_owned(),
            parameter_forms: vec![1],
            parameters: vec![Some(Bytes::from_static(&[7])), None],
            result_forms: Vec::new(),
        };
        assert_eq!(message(b'B', body), Ok(Message::Bind(expected)));
    }

    #[test]
    fn whatever_is_cut_or_too_long_is_malformed() {
        let whole = of(&[b"name\0SELECT $1\0", &[0, 1, 0, 0, 0, 23]]);
        assert!(message(b'P', whole.clone()).is_ok());
        for length in 0..whole.len() {
            assert!(message(b'P', whole.slice(..length)).is_err(), "{length} bytes of it");
        }
        assert!(message(b'P', of(&[&whole, &[0]])).is_err(), "a byte too many");
        assert!(message(b'B', of(&[b"\0\0", &[255, 255], &[0; 8]])).is_err(), "a count that cannot be");
        assert!(
            message(b'B', of(&[b"\0\0", &[0, 0, 0, 1, 127, 255, 255, 255, 1]])).is_err(),
            "a length that cannot be"
        );
        assert!(message(b'Q', of(&[&[0xff, 0]])).is_err(), "no UTF-8");
        assert!(message(b'?', Bytes::new()).is_err());
    }
}
