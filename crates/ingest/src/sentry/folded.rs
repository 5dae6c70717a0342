//! One event as the oldest clients send it: JSON, the same in base64, or zlib of it in base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use whodunit_issues::event::limits::EVENT_BYTES_MAX;
use whodunit_stdx::{ErrorKind, Limit};

use crate::body::{self, Body, BodyLimits, Encoding};
use crate::error::Error;

/// The JSON of a body that is folded; `None` if it is not.
///
/// # Errors
/// Invalid if it is neither JSON nor base64, too large past the size of an event.
pub fn unfold(body: &[u8], memory: &Limit) -> Result<Option<Body>, Error> {
    let trimmed = body.trim_ascii();
    if trimmed.first() == Some(&b'{') {
        return Ok(None);
    }
    let decoded = match trimmed.iter().any(u8::is_ascii_whitespace) {
        // Some libraries break base64 into lines.
        true => STANDARD.decode(trimmed.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<_>>()),
        false => STANDARD.decode(trimmed),
    };
    let decoded = decoded.map_err(|_| {
        Error::new(ErrorKind::Invalid, "the body is neither a JSON object nor one in base64, with zlib or without")
    })?;
    let limits = BodyLimits { body_bytes_max: EVENT_BYTES_MAX, ..BodyLimits::default() };
    let encoding = if is_text(&decoded) { Encoding::Plain } else { Encoding::Deflate };
    body::decode(Bytes::from(decoded), encoding, limits, memory).map(Some)
}

/// Whether this is JSON already: nothing that is compressed begins so and is text to its end.
fn is_text(decoded: &[u8]) -> bool {
    decoded.trim_ascii_start().first() == Some(&b'{') && std::str::from_utf8(decoded).is_ok()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn zlib(plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(plain).expect("writes to memory");
        encoder.finish().expect("writes to memory")
    }

    fn check(body: &str, expected: Result<Option<&[u8]>, ErrorKind>) {
        let memory = Limit::new("test", 16 << 20);
        let found = unfold(body.as_bytes(), &memory);
        let found = found.as_ref().map(|body| body.as_ref().map(|body| &body.bytes[..])).map_err(|error| error.kind);
        assert_eq!(found, expected, "{body:?}");
    }

    #[test]
    fn an_event_is_taken_in_every_form_that_it_came_in_over_the_years() {
        let event = "{\"message\":\"ÿ>é😀\"}".as_bytes();
        check("{\"message\":1}", Ok(None));
        check("  {}", Ok(None));
        check(&STANDARD.encode(event), Ok(Some(event)));
        check(&STANDARD.encode(zlib(event)), Ok(Some(event)));
        let folded = STANDARD.encode(zlib(event));
        let (one, other) = folded.split_at(folded.len() / 2);
        check(&format!("{one}\n{other}\n"), Ok(Some(event)));
        for broken in ["message", "x=y", "eyJ"] {
            check(broken, Err(ErrorKind::Invalid));
        }
        check(&STANDARD.encode("not compressed"), Err(ErrorKind::Invalid));
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(EVENT_BYTES_MAX));
        check(&STANDARD.encode(&long), Err(ErrorKind::TooLarge));
        check(&STANDARD.encode(zlib(long.as_bytes())), Err(ErrorKind::TooLarge));
    }
}
