//! Pieces of bundles on their way: each under the SHA-1 of its bytes, until the bundle is put together.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha1::{Digest, Sha1};
use whodunit_store::{Disk, RealDisk};

/// Largest piece, unpacked.
pub const CHUNK_BYTES_MAX: usize = 8 << 20;
/// Pieces of one request.
pub const CHUNKS_PER_REQUEST_MAX: usize = 4;
/// Pieces that wait for their bundle, of all projects; past it the oldest go.
pub const CHUNKS_WAITING_MAX: usize = 256;

/// The SHA-1 of bytes, 40 hexadecimal digits.
pub fn checksum(bytes: &[u8]) -> String {
    hex::encode(Sha1::digest(bytes))
}

/// Whether a text is a SHA-1: it becomes the name of a file.
pub fn is_checksum(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The directory of pieces.
pub struct Chunks {
    directory: PathBuf,
}

impl Chunks {
    pub fn new(artifacts: &Path) -> Chunks {
        // No project is called so: slugs begin with a letter or a digit.
        Chunks { directory: artifacts.join(".chunks") }
    }

    /// Keeps a piece; it is its own checksum's, which the caller has compared.
    pub fn put(&self, checksum: &str, bytes: &[u8]) -> io::Result<()> {
        RealDisk.create_directory(&self.directory)?;
        self.make_room()?;
        RealDisk.write_whole(&self.directory.join(checksum), bytes)
    }

    pub fn has(&self, checksum: &str) -> bool {
        self.directory.join(checksum).exists()
    }

    /// Writes the pieces one after the other to a file, on disk when it returns; gives the checksum of all and the
    /// length. Reading stops past `bytes_max`, with an error.
    pub fn join(&self, checksums: &[String], to: &Path, bytes_max: u64) -> io::Result<(String, u64)> {
        let mut file = std::fs::File::create(to)?;
        let (mut hasher, mut length) = (Sha1::new(), 0);
        for one in checksums {
            let bytes = RealDisk.read(&self.directory.join(one))?;
            length += bytes.len() as u64;
            if length > bytes_max {
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("more than {bytes_max} bytes")));
            }
            hasher.update(&bytes);
            file.write_all(&bytes)?;
        }
        file.sync_all()?;
        Ok((hex::encode(hasher.finalize()), length))
    }

    /// Removes pieces that are in a bundle now.
    pub fn forget(&self, checksums: &[String]) {
        for one in checksums {
            // Pieces may be shared with a bundle that comes at the same time, which then sends them again.
            let _ = RealDisk.remove(&self.directory.join(one));
        }
    }

    fn make_room(&self) -> io::Result<()> {
        let names = RealDisk.list(&self.directory)?;
        if names.len() < CHUNKS_WAITING_MAX {
            return Ok(());
        }
        let age = |name: &String| std::fs::metadata(self.directory.join(name)).and_then(|meta| meta.modified()).ok();
        let mut by_age: Vec<_> = names.iter().map(|name| (age(name), name)).collect();
        by_age.sort();
        for (_, name) in by_age.iter().take(names.len() + 1 - CHUNKS_WAITING_MAX) {
            RealDisk.remove(&self.directory.join(name))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_a_whole() {
        let directory = tempfile::tempdir().expect("a directory");
        let chunks = Chunks::new(directory.path());
        let pieces: Vec<String> = [b"ab".as_slice(), b"c"].iter().map(|piece| checksum(piece)).collect();
        assert!(!chunks.has(&pieces[0]));
        chunks.put(&pieces[0], b"ab").expect("kept");
        chunks.put(&pieces[1], b"c").expect("kept");
        let to = directory.path().join("whole");
        let whole = chunks.join(&pieces, &to, 3).expect("joined");
        // From FIPS 180-2, appendix A.
        assert_eq!(whole, ("a9993e364706816aba3e25717850c26c9cd0d89d".to_owned(), 3));
        assert_eq!(std::fs::read(&to).expect("a file"), b"abc");
        assert_eq!(chunks.join(&pieces, &to, 2).expect_err("too large").kind(), io::ErrorKind::FileTooLarge);
        chunks.forget(&pieces);
        assert!(!chunks.has(&pieces[1]));
    }

    #[test]
    fn names_of_files_are_checksums_only() {
        assert!(is_checksum("a9993e364706816aba3e25717850c26c9cd0d89d"));
        assert!(!is_checksum("../../../../etc/passwd/aaaaaaaaaaaaaaaaaa"));
        assert!(!is_checksum("A9993E364706816ABA3E25717850C26C9CD0D89D"));
    }
}
