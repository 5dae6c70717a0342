//! A file as lines, whatever it is packed in, read as often as needed.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use crate::failure::Failure;

/// Bytes of a line that are kept; the rest of a longer one is left out.
pub const IMPORT_LINE_BYTES_MAX: usize = 128 << 10;
const BUFFER_BYTES: usize = 256 << 10;
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// A file that can be read from its start again and again. Standard input is copied to a file that has no name.
pub struct Source {
    file: File,
    bytes: u64,
    read: Progress,
}

/// Bytes of the packed file that are read.
#[derive(Clone, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Counted {
    file: File,
    read: Progress,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read.0.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl Source {
    pub fn open(path: &Path) -> io::Result<Source> {
        let file = if path == Path::new("-") {
            let mut spool = tempfile::tempfile()?;
            io::copy(&mut io::stdin().lock(), &mut spool)?;
            spool
        } else {
            File::open(path)?
        };
        let about = file.metadata()?;
        if about.is_dir() {
            return Err(io::Error::other("it is a directory: name the files in it"));
        }
        Ok(Source { bytes: about.len(), file, read: Progress::default() })
    }

    pub fn progress(&self) -> Progress {
        self.read.clone()
    }

    /// Bytes as packed.
    pub fn bytes(&self) -> Option<u64> {
        Some(self.bytes)
    }

    /// What the file is known by; `None` if it is empty.
    pub fn id(&self, label: &str) -> Result<Option<String>, Failure> {
        let Some(first) = self.lines()?.next()? else { return Ok(None) };
        let mut digest = Sha256::new();
        digest.update(b"whodunit import 1\0");
        digest.update(label.as_bytes());
        digest.update(b"\0");
        digest.update(&first.bytes);
        Ok(Some(hex::encode(&digest.finalize()[..16])))
    }

    /// From the first line on.
    pub fn lines(&self) -> Result<Lines, Failure> {
        self.read.0.store(0, Ordering::Relaxed);
        let mut file = self.file.try_clone()?;
        file.rewind()?;
        let mut packed = BufReader::with_capacity(BUFFER_BYTES, Counted { file, read: self.read.clone() });
        let start = packed.fill_buf()?;
        let reader: Box<dyn BufRead + Send> = if start.starts_with(GZIP) {
            Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(packed)))
        } else if start.starts_with(ZSTD) {
            Box::new(BufReader::with_capacity(BUFFER_BYTES, zstd::Decoder::with_buffer(packed)?))
        } else {
            Box::new(packed)
        };
        Ok(Lines { reader, number: 0 })
    }
}

/// Lines in order.
pub struct Lines {
    reader: Box<dyn BufRead + Send>,
    number: u64,
}

/// One line: its first bytes without the line end, and the hash's view of all of them.
pub struct Line {
    pub bytes: Vec<u8>,
    /// Bytes beyond [`IMPORT_LINE_BYTES_MAX`], hashed only.
    rest: Option<[u8; 32]>,
    /// Whether a line end was there; the last line of a file that is being written may have none yet.
    pub is_ended: bool,
}

impl Line {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).trim_end_matches('\r').to_owned()
    }

    pub fn is_cut(&self) -> bool {
        self.rest.is_some()
    }
}

impl Lines {
    /// Number of the line that was read last, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    pub fn next(&mut self) -> Result<Option<Line>, Failure> {
        let place = |number: u64, error: io::Error| Failure::Failed(format!("behind line {number}: {error}"));
        let mut bytes = Vec::new();
        let mut rest: Option<Sha256> = None;
        let mut is_ended = false;
        let mut is_any = false;
        while !is_ended {
            let piece = self.reader.fill_buf().map_err(|error| place(self.number, error))?;
            if piece.is_empty() {
                break;
            }
            is_any = true;
            let end = memchr::memchr(b'\n', piece);
            is_ended = end.is_some();
            let part = &piece[..end.unwrap_or(piece.len())];
            let room = IMPORT_LINE_BYTES_MAX - bytes.len();
            bytes.extend_from_slice(&part[..part.len().min(room)]);
            if part.len() > room {
                rest.get_or_insert_with(Sha256::new).update(&part[room..]);
            }
            let used = part.len() + usize::from(is_ended);
            self.reader.consume(used);
        }
        if !is_any {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(Line { bytes, rest: rest.map(|rest| rest.finalize().into()), is_ended }))
    }
}

/// The hash of a file up to a line.
#[derive(Clone, Default)]
pub struct Digest(Sha256);

impl Digest {
    pub fn add(&mut self, line: &Line) {
        self.0.update(&line.bytes);
        if let Some(rest) = line.rest {
            self.0.update(rest);
        }
        if line.is_ended {
            self.0.update(b"\n");
        }
    }

    /// 32 hexadecimal digits.
    pub fn text(&self) -> String {
        hex::encode(&self.0.clone().finalize()[..16])
    }
}
