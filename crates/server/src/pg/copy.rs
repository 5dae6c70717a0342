//! The three forms in which a copy writes rows, as PostgreSQL's documentation of COPY describes them.

use whodunit_query::Error;
use whodunit_query::postgres::{ColumnTitle, Columns, CopyFormat};

use super::reply::{Replies, count};

/// What begins a binary copy: a signature, flags, and an extension of no bytes.
const BINARY_HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What ends it, in place of a number of columns.
const BINARY_TRAILER: [u8; 2] = (-1i16).to_be_bytes();

type Writer = fn(&Columns, usize, &mut Vec<u8>) -> Result<(), Error>;

pub fn writer(format: CopyFormat) -> Writer {
    match format {
        CopyFormat::Text => text_row,
        CopyFormat::Csv => csv_row,
        CopyFormat::Binary => binary_row,
    }
}

/// What stands before the first row: a line of names as a piece of its own, or what begins a binary copy.
pub fn start(replies: &mut Replies, format: CopyFormat, header: bool, columns: &[ColumnTitle]) -> Vec<u8> {
    let names = |separator: char, write: fn(&[u8], &mut Vec<u8>)| {
        let mut line = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            if at > 0 {
                line.push(separator as u8);
            }
            write(column.name.as_bytes(), &mut line);
        }
        line.push(b'\n');
        line
    };
    let head = match (format, header) {
        (CopyFormat::Binary, _) => return BINARY_HEADER.to_vec(),
        (CopyFormat::Text, true) => names('\t', escaped),
        (CopyFormat::Csv, true) => names(',', quoted),
        (_, false) => return Vec::new(),
    };
    data(replies, &head);
    Vec::new()
}

/// `head` is what did not go out because there was no row.
pub fn finish(replies: &mut Replies, format: CopyFormat, mut head: Vec<u8>) {
    if format == CopyFormat::Binary {
        head.extend_from_slice(&BINARY_TRAILER);
        data(replies, &head);
    }
}

fn data(replies: &mut Replies, bytes: &[u8]) {
    let _infallible: Result<(), Error> = replies.copy_data(|out| {
        out.extend_from_slice(bytes);
        Ok(())
    });
}

fn binary_row(columns: &Columns, row: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    out.extend_from_slice(&count(columns.width()));
    columns.write_row(row, out)
}

fn text_row(columns: &Columns, row: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    separated(columns, row, b'\t', b"\\N", escaped, out)
}

fn csv_row(columns: &Columns, row: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    separated(columns, row, b',', b"", quoted, out)
}

fn separated(
    columns: &Columns,
    row: usize,
    separator: u8,
    null: &[u8],
    write: fn(&[u8], &mut Vec<u8>),
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let mut value = Vec::new();
    for at in 0..columns.width() {
        if at > 0 {
            out.push(separator);
        }
        value.clear();
        if columns.write_value(at, row, &mut value)? {
            write(&value, out);
        } else {
            out.extend_from_slice(null);
        }
    }
    out.push(b'\n');
    Ok(())
}

fn escaped(value: &[u8], out: &mut Vec<u8>) {
    for byte in value {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            other => out.push(*other),
        }
    }
}

/// An empty text is quoted, so that it differs from null; so is `\.`, which once ended a copy.
fn quoted(value: &[u8], out: &mut Vec<u8>) {
    let plain =
        !value.is_empty() && value != b"\\." && !value.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    if plain {
        return out.extend_from_slice(value);
    }
    out.push(b'"');
    for byte in value {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_quoted_so_that_they_read_back() {
        let written = |write: fn(&[u8], &mut Vec<u8>), value: &str| {
            let mut out = Vec::new();
            write(value.as_bytes(), &mut out);
            String::from_utf8(out).expect("is text")
        };
        assert_eq!(written(escaped, "a\tb\\c\nd"), "a\\tb\\\\c\\nd");
        assert_eq!(written(quoted, "say \"a, b\""), "\"say \"\"a, b\"\"\"");
        assert_eq!((written(quoted, ""), written(quoted, "a b")), ("\"\"".to_owned(), "a b".to_owned()));
    }
}
