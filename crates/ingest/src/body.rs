//! Takes the content encoding off a body, within limits.
//!
//! A few kilobytes may unfold into gigabytes, so bytes are reserved from the memory limit as they appear and the
//! unfolding stops at the size limit, never after it.

use std::io::Read;

use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use whodunit_stdx::{ErrorKind, Limit, Reservation};

use crate::error::Error;

/// Largest body as it comes over the wire, when it is compressed.
pub const COMPRESSED_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Largest body once its encoding is off.
pub const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Largest zstd window that is honoured (8 MiB, what RFC 8878 asks of every decoder), so that a frame header
/// cannot make us allocate more.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;
const CHUNK_BYTES: usize = 64 * 1024;
/// How snappy's framed format begins.
const SNAPPY_STREAM: &[u8] = b"\xff\x06\x00\x00sNaPpY";
/// No element of a snappy block unfolds into more bytes per byte: three copy at most 64.
const SNAPPY_RATIO_MAX: usize = 22;

/// A body without its encoding, and the memory it is accounted for.
#[derive(Debug)]
pub struct Body {
    pub bytes: Bytes,
    pub reservation: Reservation,
}

/// Sizes that a body may have.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimits {
    pub compressed_bytes_max: usize,
    pub body_bytes_max: usize,
}

impl Default for BodyLimits {
    fn default() -> Self {
        BodyLimits { compressed_bytes_max: COMPRESSED_BYTES_MAX, body_bytes_max: BODY_BYTES_MAX }
    }
}

/// The encodings that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Plain,
    Gzip,
    Deflate,
    Zstd,
    Brotli,
    /// A block, or the framed format.
    Snappy,
}

impl Encoding {
    /// Reads a `Content-Encoding` header. Empty and `UTF-8` are mistakes that real clients make.
    pub fn of(header: Option<&str>) -> Result<Encoding, Error> {
        let name = header.unwrap_or_default().trim().to_ascii_lowercase();
        match name.as_str() {
            "" | "identity" | "utf-8" | "utf8" => Ok(Encoding::Plain),
            "gzip" | "x-gzip" => Ok(Encoding::Gzip),
            "deflate" => Ok(Encoding::Deflate),
            "zstd" => Ok(Encoding::Zstd),
            "br" => Ok(Encoding::Brotli),
            "snappy" | "x-snappy-framed" => Ok(Encoding::Snappy),
            _ => {
                let message =
                    format!("content encoding {name:?} is not read; send gzip, deflate, zstd, br, snappy or none");
                Err(Error::new(ErrorKind::Unsupported, message).field("content-encoding"))
            }
        }
    }
}

/// Takes the encoding off. Plain bodies are handed through without a copy.
pub fn decode(sent: Bytes, encoding: Encoding, limits: BodyLimits, memory: &Limit) -> Result<Body, Error> {
    if encoding == Encoding::Plain {
        check_size(sent.len(), limits.body_bytes_max, "body_bytes_max")?;
        let reservation = reserve(memory, sent.len())?;
        return Ok(Body { bytes: sent, reservation });
    }
    check_size(sent.len(), limits.compressed_bytes_max, "compressed_bytes_max")?;
    let reservation = reserve(memory, sent.len())?;
    let mut unfolded = Unfolded { bytes: Vec::new(), reservation, limit: limits.body_bytes_max };
    match reader(&sent, encoding)? {
        Some(reader) => unfolded.read_all(reader)?,
        None => unfolded.read_block(&sent)?,
    }
    let Unfolded { bytes, mut reservation, .. } = unfolded;
    drop(sent);
    reservation.shrink_to(bytes.capacity());
    Ok(Body { bytes: Bytes::from(bytes), reservation })
}

/// The first bytes of a body without its encoding, at most `bytes_max` of them, for those who must know what it is
/// before it is taken. A snappy block cannot be read in part.
pub fn head(sent: &[u8], encoding: Encoding, bytes_max: usize) -> Result<Vec<u8>, Error> {
    let whole = || Error::new(ErrorKind::Unsupported, "a snappy block is not read here").field("content-encoding");
    let reader = reader(sent, encoding)?.ok_or_else(whole)?;
    let mut head = Vec::new();
    reader.take(bytes_max as u64).read_to_end(&mut head).map_err(broken)?;
    Ok(head)
}

/// What takes the encoding off; `None` for a snappy block, which is one piece.
fn reader(sent: &[u8], encoding: Encoding) -> Result<Option<Box<dyn Read + '_>>, Error> {
    Ok(Some(match encoding {
        Encoding::Plain => Box::new(sent),
        Encoding::Gzip => Box::new(MultiGzDecoder::new(sent)),
        Encoding::Deflate if has_zlib_header(sent) => Box::new(ZlibDecoder::new(sent)),
        Encoding::Deflate => Box::new(DeflateDecoder::new(sent)),
        Encoding::Brotli if has_large_window(sent) => {
            return Err(broken(std::io::Error::other("its window is larger than RFC 7932 allows")));
        }
        Encoding::Brotli => Box::new(brotli::Decompressor::new(sent, CHUNK_BYTES)),
        // No chunks at all are an empty stream.
        Encoding::Snappy if sent.is_empty() => Box::new(sent),
        Encoding::Snappy if sent.starts_with(SNAPPY_STREAM) => Box::new(snap::read::FrameDecoder::new(sent)),
        Encoding::Snappy => return Ok(None),
        Encoding::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::new(sent).map_err(broken)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX).map_err(broken)?;
            Box::new(decoder)
        }
    }))
}

struct Unfolded {
    bytes: Vec<u8>,
    reservation: Reservation,
    limit: usize,
}

impl Unfolded {
    fn read_all(&mut self, mut decoder: impl Read) -> Result<(), Error> {
        loop {
            let filled = self.bytes.len();
            if filled == self.bytes.capacity() {
                self.grow()?;
            }
            // Room for one byte past the limit, so that a body of exactly the limit is seen to end.
            let room = self.bytes.capacity().min(self.limit + 1) - filled;
            self.bytes.resize(filled + room.min(CHUNK_BYTES), 0);
            let read = decoder.read(&mut self.bytes[filled..]);
            self.bytes.truncate(filled + *read.as_ref().unwrap_or(&0));
            match read {
                Ok(0) => return Ok(()),
                Ok(_) => check_size(self.bytes.len(), self.limit, "body_bytes_max")?,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(broken(error)),
            }
        }
    }

    /// A snappy block says how long it will be: that much is reserved, if the block can be that long at all.
    fn read_block(&mut self, sent: &[u8]) -> Result<(), Error> {
        let broken = |error: snap::Error| broken(std::io::Error::other(error));
        let length = snap::raw::decompress_len(sent).map_err(broken)?;
        check_size(length, self.limit, "body_bytes_max")?;
        if length > sent.len().saturating_mul(SNAPPY_RATIO_MAX) {
            return Err(broken(snap::Error::Header));
        }
        if !self.reservation.try_grow(length) {
            return Err(exhausted());
        }
        self.bytes = vec![0; length];
        snap::raw::Decoder::new().decompress(sent, &mut self.bytes).map_err(broken)?;
        Ok(())
    }

    fn grow(&mut self) -> Result<(), Error> {
        let more = self.bytes.capacity().max(CHUNK_BYTES).min(self.limit + 1 - self.bytes.len());
        if !self.reservation.try_grow(more) {
            return Err(exhausted());
        }
        self.bytes.reserve_exact(more);
        Ok(())
    }
}

/// "Large window brotli", which no browser or proxy sends: it would make the decoder ask for up to 1 GiB at once.
fn has_large_window(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|first| first & 0x7f == 0b001_0001)
}

fn has_zlib_header(bytes: &[u8]) -> bool {
    matches!(bytes, [first, second, ..] if first & 0x0f == 8 && (u32::from(*first) * 256 + u32::from(*second)).is_multiple_of(31))
}

fn check_size(bytes: usize, limit: usize, name: &'static str) -> Result<(), Error> {
    if bytes <= limit {
        return Ok(());
    }
    let message = format!("the body is larger than {limit} bytes");
    Err(Error::new(ErrorKind::TooLarge, message).limit(name))
}

fn reserve(memory: &Limit, bytes: usize) -> Result<Reservation, Error> {
    memory.try_reserve(bytes).ok_or_else(exhausted)
}

/// The answer when memory is full: come back later.
pub fn exhausted() -> Error {
    Error::new(ErrorKind::Exhausted, "no memory for another body just now; send it again shortly").limit("memory")
}

fn broken(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Invalid, format!("the compressed body is broken: {error}")).field("content-encoding")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(plain).expect("writes to memory");
        encoder.finish().expect("writes to memory")
    }

    fn zlib(plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(plain).expect("writes to memory");
        encoder.finish().expect("writes to memory")
    }

    fn deflate(plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(plain).expect("writes to memory");
        encoder.finish().expect("writes to memory")
    }

    fn zstandard(plain: &[u8]) -> Vec<u8> {
        zstd::encode_all(plain, 3).expect("encodes in memory")
    }

    fn brotli_encoded(plain: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        brotli::CompressorWriter::new(&mut out, 4096, 5, 22).write_all(plain).expect("writes to memory");
        out
    }

    fn snappy_block(plain: &[u8]) -> Vec<u8> {
        snap::raw::Encoder::new().compress_vec(plain).expect("encodes in memory")
    }

    fn snappy_framed(plain: &[u8]) -> Vec<u8> {
        let mut encoder = snap::write::FrameEncoder::new(Vec::new());
        encoder.write_all(plain).expect("writes to memory");
        encoder.into_inner().expect("writes to memory")
    }

    type Encoder = fn(&[u8]) -> Vec<u8>;
    const ENCODERS: [(&str, Encoder); 8] = [
        ("gzip", gzip),
        ("x-gzip", gzip),
        ("deflate", zlib),
        ("deflate", deflate),
        ("zstd", zstandard),
        ("br", brotli_encoded),
        ("snappy", snappy_block),
        ("snappy", snappy_framed),
    ];

    fn unfold(name: &str, sent: Vec<u8>, limit: usize, memory: &Limit) -> Result<Body, Error> {
        let limits = BodyLimits { body_bytes_max: limit, ..BodyLimits::default() };
        decode(sent.into(), Encoding::of(Some(name))?, limits, memory)
    }

    #[test]
    fn a_brotli_window_of_a_gigabyte_is_refused() {
        let memory = Limit::new("test", 1 << 20);
        let sent = Bytes::from_static(&[0x11, 30, 0, 0, 0, 0, 0, 0]);
        let refused = decode(sent, Encoding::Brotli, BodyLimits::default(), &memory).expect_err("too large a window");
        assert_eq!(refused.kind, ErrorKind::Invalid);
        assert_eq!(memory.used(), 0);
    }

    #[test]
    fn a_snappy_block_that_promises_more_than_it_can_hold_reserves_nothing() {
        let memory = Limit::new("test", 1 << 30);
        let sent = vec![0xff, 0xff, 0xff, 0x07, 0, b'a'];
        let refused = decode(sent.into(), Encoding::Snappy, BodyLimits::default(), &memory).expect_err("too short");
        assert_eq!((refused.kind, memory.peak()), (ErrorKind::Invalid, 6));
    }

    #[test]
    fn every_encoding_gives_back_what_was_sent() {
        let memory = Limit::new("test", 1 << 30);
        let plain: Vec<u8> = (0..300_000_u32).map(|number| (number % 251) as u8).collect();
        for (name, encode) in ENCODERS {
            for length in [0, 1, 1000, CHUNK_BYTES, plain.len()] {
                let body = unfold(name, encode(&plain[..length]), 1 << 20, &memory).expect(name);
                assert!(body.bytes == plain[..length], "{name} {length}");
                assert!(body.reservation.bytes() >= length);
            }
        }
        assert_eq!(memory.used(), 0);
    }

    #[test]
    fn the_head_of_a_body_is_read_without_the_rest() {
        let zeros = vec![0; 5_000_000];
        for (name, encode) in ENCODERS {
            let sent = encode(&zeros);
            let encoding = Encoding::of(Some(name)).expect(name);
            match head(&sent, encoding, 1000) {
                Ok(head) => assert_eq!(head, vec![0; 1000], "{name}"),
                Err(error) => assert_eq!((error.kind, name), (ErrorKind::Unsupported, "snappy")),
            }
        }
        assert_eq!(head(b"short", Encoding::Plain, 1000).expect("plain"), b"short");
        assert_eq!(head(b"short", Encoding::Gzip, 1000).expect_err("no gzip").kind, ErrorKind::Invalid);
    }

    #[test]
    fn a_bomb_is_stopped_at_the_limit_and_gives_its_memory_back() {
        let memory = Limit::new("test", 1 << 30);
        let zeros = vec![0; 5_000_000];
        for (name, encode) in ENCODERS {
            let error = unfold(name, encode(&zeros), 1_000_000, &memory).expect_err(name);
            assert_eq!((error.kind, error.limit), (ErrorKind::TooLarge, Some("body_bytes_max")), "{name}");
            assert!(unfold(name, encode(&zeros), 5_000_000, &memory).is_ok(), "{name}: exactly the limit fits");
        }
        assert!(memory.peak() < 16_000_000, "{}", memory.peak());
        assert_eq!(memory.used(), 0);
    }

    #[test]
    fn full_memory_is_said_so() {
        let memory = Limit::new("test", 1_000_000);
        let zeros = vec![0; 5_000_000];
        for (name, encode) in ENCODERS {
            assert_eq!(unfold(name, encode(&zeros), 1 << 26, &memory).expect_err(name).kind, ErrorKind::Exhausted);
        }
        assert_eq!(unfold("", zeros, 1 << 26, &memory).expect_err("plain").kind, ErrorKind::Exhausted);
        assert_eq!(memory.used(), 0);
    }

    #[test]
    fn broken_and_unknown_encodings_are_refused() {
        let memory = Limit::new("test", 1 << 30);
        for (name, encode) in ENCODERS {
            let mut sent = encode(b"a text that is long enough to be torn in two pieces");
            sent.truncate(sent.len() / 2);
            assert_eq!(unfold(name, sent, 1 << 20, &memory).expect_err(name).kind, ErrorKind::Invalid, "{name}");
        }
        assert_eq!(unfold("compress", Vec::new(), 1, &memory).expect_err("unknown").kind, ErrorKind::Unsupported);
        assert!(unfold("UTF-8", b"x".to_vec(), 1, &memory).is_ok());
    }
}
