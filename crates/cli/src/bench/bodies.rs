//! Request bodies made before the clock starts: one after the other in a temporary file, read back piece by piece.
//!
//! So generating costs the measured time nothing, and memory stays small however many rows there are.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;

use crate::failure::Failure;

/// Bodies in order, to be taken by any number of senders.
pub struct Bodies {
    file: File,
    /// Offset and length of each body, and the rows in it.
    places: Vec<Place>,
    next: AtomicUsize,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    offset: u64,
    bytes: usize,
    rows: u64,
}

/// One body, ready to send.
pub struct Body {
    pub bytes: Bytes,
    pub rows: u64,
}

/// Writes bodies one after the other.
pub struct BodiesWriter {
    file: BufWriter<File>,
    places: Vec<Place>,
    offset: u64,
}

impl BodiesWriter {
    pub fn create(path: &Path) -> Result<BodiesWriter, Failure> {
        let file = File::options().create(true).truncate(true).write(true).read(true).open(path)?;
        Ok(BodiesWriter { file: BufWriter::with_capacity(1 << 20, file), places: Vec::new(), offset: 0 })
    }

    pub fn push(&mut self, body: &[u8], rows: u64) -> Result<(), Failure> {
        self.file.write_all(body)?;
        self.places.push(Place { offset: self.offset, bytes: body.len(), rows });
        self.offset += body.len() as u64;
        Ok(())
    }

    pub fn finish(self) -> Result<Bodies, Failure> {
        let file = self.file.into_inner().map_err(|error| Failure::failed(error.error()))?;
        Ok(Bodies { file, places: self.places, next: AtomicUsize::new(0) })
    }
}

impl Bodies {
    pub fn rows(&self) -> u64 {
        self.places.iter().map(|place| place.rows).sum()
    }

    pub fn bytes(&self) -> u64 {
        self.places.iter().map(|place| place.bytes as u64).sum()
    }

    /// The next body that nobody has taken yet.
    pub fn take(&self) -> Result<Option<Body>, Failure> {
        let Some(place) = self.places.get(self.next.fetch_add(1, Ordering::Relaxed)) else { return Ok(None) };
        self.read(place).map(Some)
    }

    /// The next body; after the last one the first comes again.
    pub fn take_again(&self) -> Result<Body, Failure> {
        let at = self.next.fetch_add(1, Ordering::Relaxed) % self.places.len().max(1);
        let place = self.places.get(at).ok_or_else(|| Failure::Failed("there are no bodies".to_owned()))?;
        self.read(place)
    }

    fn read(&self, place: &Place) -> Result<Body, Failure> {
        let mut bytes = vec![0; place.bytes];
        self.file.read_exact_at(&mut bytes, place.offset)?;
        Ok(Body { bytes: bytes.into(), rows: place.rows })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_is_taken_once_and_whole() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut writer = BodiesWriter::create(&directory.path().join("bodies")).expect("created");
        writer.push(b"one\n", 1).expect("written");
        writer.push(b"two\nthree\n", 2).expect("written");
        let bodies = writer.finish().expect("finished");
        assert_eq!((bodies.rows(), bodies.bytes()), (3, 14));
        assert_eq!(&bodies.take().expect("read").expect("first").bytes[..], b"one\n");
        assert_eq!(&bodies.take().expect("read").expect("second").bytes[..], b"two\nthree\n");
        assert!(bodies.take().expect("read").is_none());
    }
}
