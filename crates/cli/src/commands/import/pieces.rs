//! Lines put together to pieces that the server takes as a whole.

use serde_json::Value;
use whodunit_api::import::{FILE, LINE, UPTO};
use whodunit_ingest::lines::LineReader;

use super::source::{Digest, Line, Lines};
use crate::failure::Failure;

/// The server appends a body of up to 65,536 lines and 32 MiB in one step; a piece stays far below both.
pub const IMPORT_PIECE_LINES: usize = 5_000;
pub const IMPORT_PIECE_BYTES: usize = 4 << 20;

/// Lines that enter together.
pub struct Piece {
    pub body: String,
    /// The file's hash behind its last line.
    pub upto: String,
    /// Number in the file of each line.
    pub numbers: Vec<u64>,
    pub as_text: u64,
}

pub struct Pieces<'a> {
    lines: Lines,
    reader: LineReader,
    id: &'a str,
    digest: Digest,
    /// A last line without an end, which is a piece by itself: when it has grown, only it is another one.
    last: Option<Line>,
}

impl<'a> Pieces<'a> {
    pub fn new(lines: Lines, reader: LineReader, id: &'a str) -> Pieces<'a> {
        Pieces { lines, reader, id, digest: Digest::default(), last: None }
    }

    /// Reads so many lines without sending them. They are looked at, since lines below may lean on their time.
    pub fn skip_to(&mut self, line: u64) -> Result<(), Failure> {
        while self.lines.number() < line
            && let Some(line) = self.lines.next()?
        {
            self.reader.read(&line.text(), &[]);
            self.digest.add(&line);
        }
        Ok(())
    }

    pub fn next(&mut self) -> Result<Option<Piece>, Failure> {
        let mut objects: Vec<String> = Vec::new();
        let mut piece = Piece { body: String::new(), upto: String::new(), numbers: Vec::new(), as_text: 0 };
        let mut bytes = 0;
        if let Some(last) = self.last.take() {
            self.take(&last, &mut piece, &mut objects);
        } else {
            while objects.len() < IMPORT_PIECE_LINES
                && bytes < IMPORT_PIECE_BYTES
                && let Some(line) = self.lines.next()?
            {
                if !line.is_ended && !objects.is_empty() {
                    self.last = Some(line);
                    break;
                }
                self.take(&line, &mut piece, &mut objects);
                bytes += line.bytes.len();
            }
        }
        if objects.is_empty() {
            return Ok(None);
        }
        piece.upto = self.digest.text();
        let mark = Value::from(piece.upto.as_str());
        for object in objects {
            // Every object has fields: its file and its line at least.
            piece.body.push_str(&format!("{{\"{UPTO}\":{mark},{}\n", &object[1..]));
        }
        Ok(Some(piece))
    }

    fn take(&mut self, line: &Line, piece: &mut Piece, objects: &mut Vec<String>) {
        self.digest.add(line);
        let text = line.text();
        if text.trim().is_empty() {
            return;
        }
        let number = self.lines.number();
        let mut extra = vec![(FILE, Value::from(self.id)), (LINE, Value::from(number))];
        if line.is_cut() {
            extra.push(("import.cut", Value::Bool(true)));
        }
        let read = self.reader.read(&text, &extra);
        piece.as_text += u64::from(!read.fits);
        piece.numbers.push(number);
        objects.push(read.json);
    }
}
