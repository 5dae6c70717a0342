//! The decoder of the PostgreSQL wire: whatever comes, it is a message or malformed, and takes no more than was sent.

use bytes::Bytes;
use whodunit_server::pg::message::{Message, first, message};

use crate::rounds::Target;

const WORDS: &[&[u8]] = &[
    b"\0\x03\0\0",
    b"\x04\xd2\x16\x2f",
    b"\x04\xd2\x16\x2e",
    b"user\0api\0",
    b"SELECT $1\0",
    b"\xff\xff",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\0\0",
    b"\0",
    b"\xc3\x28",
];

/// One message each: its kind, then its body. `!` stands for the first message of a connection, which has no kind.
const MESSAGES: &[&[u8]] = &[
    b"!\0\x03\0\0user\0api\0database\0whodunit\0application_name\0psql\0\0",
    b"!\x04\xd2\x16\x2f",
    b"!\x04\xd2\x16\x2e\0\0\0\x07\0\0\0\x09",
    b"QSELECT count(*) FROM audit_logs\0",
    b"Pname\0SELECT $1, $2\0\0\x02\0\0\0\x17\0\0\0\x19",
    b"Bportal\0name\0\0\x01\0\x01\0\x02\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff\0\x01\0\0",
    b"DSname\0",
    b"CPportal\0",
    b"Eportal\0\0\0\0\x0a",
    b"S",
    b"X",
    b"pSCRAM-SHA-256\0\0\0\0\x09n,,n=,r=a",
];

pub fn messages() -> Target {
    let check = |bytes: &[u8]| {
        let Some((kind, body)) = bytes.split_first() else { return };
        let body = Bytes::copy_from_slice(body);
        if *kind == b'!' {
            let _no_panic = first(&body);
            return;
        }
        let length = body.len();
        match message(*kind, body) {
            Ok(Message::Bind(bind)) => {
                let values: usize = bind.parameters.iter().map(|value| 4 + value.as_ref().map_or(0, Bytes::len)).sum();
                let forms = 2 * (bind.parameter_forms.len() + bind.result_forms.len());
                assert!(values + forms <= length, "parameters that nobody sent");
            }
            Ok(Message::Parse { query, types, .. }) => {
                assert!(query.len() + 4 * types.len() <= length, "a statement that nobody sent");
            }
            Ok(_) | Err(_) => {}
        }
    };
    let corpus = MESSAGES.iter().map(|message| message.to_vec()).collect();
    Target { name: "postgres", corpus, words: WORDS, check: Box::new(check) }
}
