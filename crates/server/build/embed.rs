//! From a directory of built files to a table of them in Rust: each plain, and in brotli and gzip where that is smaller.
//!
//! The table is the text of an array of `Embedded`, for `include!` in `pages.rs`; the bytes lie in files beside it, so that
//! the compiler reads them by `include_bytes!`. A test runs this over directories of its own.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The table's name in the output directory.
pub const TABLE: &str = "interface.rs";
/// Without this file the directory holds no interface.
const INDEX: &str = "index.html";

/// Writes the table, and says how many files are in it. No directory, or one without `index.html`, makes an empty table.
pub fn write(dist: &Path, out: &Path) -> io::Result<usize> {
    let mut paths = Vec::new();
    if dist.join(INDEX).is_file() {
        collect(dist, &mut paths)?;
    }
    paths.sort();
    let mut table = String::from("&[\n");
    for (number, path) in paths.iter().enumerate() {
        table.push_str(&embedded(dist, path, &out.join(format!("interface-{number}")))?);
    }
    table.push_str("]\n");
    fs::write(out.join(TABLE), table)?;
    Ok(paths.len())
}

/// All files below, hidden ones and source maps left out: those would tell nothing that the repository does not.
fn collect(directory: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if !name.starts_with('.') && !name.ends_with(".map") {
            paths.push(path);
        }
    }
    Ok(())
}

/// One line of the table; the file's bytes are written to `stem` and its neighbours.
fn embedded(dist: &Path, path: &Path, stem: &Path) -> io::Result<String> {
    let bytes = fs::read(path)?;
    let inside = path.strip_prefix(dist).map_err(io::Error::other)?;
    let name = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    let hash = hex::encode(&Sha256::digest(&bytes)[..16]);
    let plain = kept(stem, "plain", &bytes)?;
    let brotli = smaller(stem, "br", &bytes, compress_brotli(&bytes)?)?;
    let gzip = smaller(stem, "gz", &bytes, compress_gzip(&bytes)?)?;
    Ok(format!("Embedded {{ path: {name:?}, hash: {hash:?}, plain: {plain}, brotli: {brotli}, gzip: {gzip} }},\n"))
}

/// Writes the bytes and answers with the expression that includes them.
fn kept(stem: &Path, ending: &str, bytes: &[u8]) -> io::Result<String> {
    let file = stem.with_extension(ending);
    fs::write(&file, bytes)?;
    Ok(format!("include_bytes!({:?})", file.display().to_string()))
}

/// Nothing for what compression does not make at least a tenth smaller: images, fonts, very short files.
fn smaller(stem: &Path, ending: &str, bytes: &[u8], compressed: Vec<u8>) -> io::Result<String> {
    if compressed.len() * 10 > bytes.len() * 9 {
        return Ok("None".to_owned());
    }
    Ok(format!("Some({})", kept(stem, ending, &compressed)?))
}

fn compress_brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let (buffer, quality, window) = (4096, 11, 22);
    let mut writer = brotli::CompressorWriter::new(Vec::new(), buffer, quality, window);
    writer.write_all(bytes)?;
    writer.flush()?;
    Ok(writer.into_inner())
}

fn compress_gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    writer.finish()
}
