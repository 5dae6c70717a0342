//! Forms with files (RFC 7578), as native clients send crashes: parts between lines of a boundary.
//!
//! Only what is needed to find names and bytes; encodings of transfer are obsolete and not read.

use whodunit_stdx::ErrorKind;

use crate::error::Error;

/// Most parts of a form.
pub const PARTS_MAX: usize = 100;
/// Longest boundary (RFC 2046).
const BOUNDARY_BYTES_MAX: usize = 70;

/// One part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part<'a> {
    pub name: String,
    pub filename: Option<String>,
    pub content_type: Option<String>,
    pub data: &'a [u8],
}

/// The boundary that a content type names.
pub fn boundary(content_type: &str) -> Option<&str> {
    let (media, parameters) = content_type.split_once(';')?;
    let named = media.trim().eq_ignore_ascii_case("multipart/form-data");
    let mut parameters = parameters.split(';').filter_map(|parameter| parameter.split_once('='));
    let (_, value) = parameters.find(|(name, _)| named && name.trim().eq_ignore_ascii_case("boundary"))?;
    let value = value.trim().trim_matches('"');
    (!value.is_empty() && value.len() <= BOUNDARY_BYTES_MAX).then_some(value)
}

/// The parts of a form.
///
/// # Errors
/// Invalid if the form does not begin or end with its boundary, or a part has no name.
pub fn parts<'a>(body: &'a [u8], boundary: &str) -> Result<Vec<Part<'a>>, Error> {
    let wrong = |what: &str| Error::new(ErrorKind::Invalid, format!("the form {what}"));
    let delimiter = format!("--{boundary}").into_bytes();
    let finder = memchr::memmem::Finder::new(&delimiter);
    let first = finder.find(body).ok_or_else(|| wrong("has no part that begins with its boundary"))?;
    let mut rest = &body[first + delimiter.len()..];
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Ok(parts);
        }
        if parts.len() == PARTS_MAX {
            return Err(wrong(&format!("has more than {PARTS_MAX} parts")).limit("form_parts_max"));
        }
        let end = finder.find(rest).ok_or_else(|| wrong("does not end with its boundary"))?;
        let part = rest[..end].strip_prefix(b"\r\n").or_else(|| rest[..end].strip_prefix(b"\n"));
        parts.push(part.and_then(one).ok_or_else(|| wrong("has a part without a name"))?);
        rest = &rest[end + delimiter.len()..];
    }
}

/// Lines of headers, an empty line, bytes, and the end of a line that belongs to the boundary.
fn one(part: &[u8]) -> Option<Part<'_>> {
    let part = part.strip_suffix(b"\n")?;
    let part = part.strip_suffix(b"\r").unwrap_or(part);
    let (head, data) = match memchr::memmem::find(part, b"\r\n\r\n") {
        Some(at) => (&part[..at], &part[at + 4..]),
        None => memchr::memmem::find(part, b"\n\n").map(|at| (&part[..at], &part[at + 2..]))?,
    };
    let mut read = Part { data, ..Part::default() };
    for line in String::from_utf8_lossy(head).lines() {
        let Some((header, value)) = line.split_once(':') else { continue };
        match header.trim().to_ascii_lowercase().as_str() {
            "content-disposition" => {
                read.name = parameter(value, "name").unwrap_or_default();
                read.filename = parameter(value, "filename");
            }
            "content-type" => read.content_type = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    (!read.name.is_empty()).then_some(read)
}

fn parameter(value: &str, wanted: &str) -> Option<String> {
    let mut parameters = value.split(';').filter_map(|parameter| parameter.trim().split_once('='));
    let (_, value) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))?;
    Some(value.trim().trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FORM: &[u8] = b"preamble\r\n--xyz\r\nContent-Disposition: form-data; name=\"sentry\"\r\n\r\n{\"a\":1}\r\n--xyz\r\n\
        content-disposition: form-data; name=\"upload_file_minidump\"; filename=\"a.dmp\"\r\nContent-Type: application/x-dmp\r\n\r\nMDMP\r\n\r\n\x00\r\n--xyz--\r\n";

    #[test]
    fn a_form_is_its_parts() {
        let parts = parts(FORM, "xyz").expect("a form");
        assert_eq!(parts[0], Part { name: "sentry".to_owned(), data: b"{\"a\":1}", ..Part::default() });
        let file = Part {
            name: "upload_file_minidump".to_owned(),
            filename: Some("a.dmp".to_owned()),
            content_type: Some("application/x-dmp".to_owned()),
            data: b"MDMP\r\n\r\n\x00",
        };
        assert_eq!(parts[1..], [file]);
        assert_eq!(boundary("multipart/form-data; boundary=\"xyz\""), Some("xyz"));
        assert_eq!(boundary("multipart/form-data; charset=utf-8; Boundary=xyz"), Some("xyz"));
        assert_eq!((boundary("application/json; boundary=xyz"), boundary("multipart/form-data")), (None, None));
    }

    #[test]
    fn a_torn_form_is_refused() {
        for torn in [&b""[..], b"--xyz", b"--xyz\r\n", b"--xyz\r\nno name\r\n\r\nx\r\n--xyz--", &FORM[..FORM.len() - 8]]
        {
            assert_eq!(parts(torn, "xyz").expect_err("torn").kind, ErrorKind::Invalid, "{torn:?}");
        }
        let many = b"--x\nContent-Disposition: form-data; name=a\n\n\n".repeat(PARTS_MAX + 1);
        assert_eq!(parts(&many, "x").expect_err("too many").limit, Some("form_parts_max"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200), at in 0_usize..200) {
            let mut damaged = FORM.to_vec();
            damaged.splice(at..at, body);
            let _read_or_refused = parts(&damaged, "xyz");
        }
    }
}
