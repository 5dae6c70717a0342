//! The token index: per block of 8192 rows a small filter that knows which words and values cannot be inside.
//!
//! A filter (binary fuse, 8 bits) never misses what was put in and claims a stranger in one of 256 cases, for nine
//! bits per distinct hash. All filters of a segment lie in one piece of bytes and are asked in place.

use bytes::Bytes;
use xorf::{BinaryFuse8, BinaryFuse8Ref, DmaSerializable, Filter, FilterRef};

/// Rows per filter. A row group of 131,072 rows has sixteen.
pub const BLOCK_ROWS: usize = 8192;

const MAGIC: &[u8; 4] = b"WDTI";
const VERSION: u16 = 1;
/// Magic, version, reserved, rows per block, number of blocks.
const HEADER_BYTES: usize = 16;
/// Seed, segment length, its mask, length of all segments: as `xorf` writes them.
const DESCRIPTOR_BYTES: usize = 20;

/// The filters of one segment.
#[derive(Clone, Debug)]
pub struct TokenIndex {
    bytes: Bytes,
    block_rows: usize,
    /// Where each block's filter starts and ends in `bytes`; empty if the block has no words.
    filters: Vec<(u32, u32)>,
}

impl TokenIndex {
    /// Rows per block; the last block of a segment may have fewer.
    pub fn block_rows(&self) -> usize {
        self.block_rows
    }

    pub fn blocks(&self) -> usize {
        self.filters.len()
    }

    /// Bytes held in memory.
    pub fn memory(&self) -> usize {
        self.bytes.len() + self.filters.len() * 8
    }

    /// Per block, whether a row with all of these hashes may be inside. No is certain.
    pub fn matching(&self, all_of: &[u64]) -> Vec<bool> {
        let matches = |&(start, end): &(u32, u32)| {
            let filter = &self.bytes[start as usize..end as usize];
            if filter.is_empty() {
                return all_of.is_empty();
            }
            let (descriptor, fingerprints) = filter.split_at(DESCRIPTOR_BYTES);
            let filter = BinaryFuse8Ref::from_dma(descriptor, fingerprints);
            all_of.iter().all(|hash| filter.contains(hash))
        };
        self.filters.iter().map(matches).collect()
    }

    /// Reads what [`TokenIndexBuilder::finish`] wrote; says what is wrong with it otherwise.
    pub fn decode(bytes: Bytes) -> Result<TokenIndex, String> {
        let Some((content, checksum)) = bytes.split_last_chunk::<4>() else { return Err("too short".into()) };
        if crc32c::crc32c(content) != u32::from_le_bytes(*checksum) {
            return Err("checksum mismatch".into());
        }
        if content.len() < HEADER_BYTES || &content[..4] != MAGIC {
            return Err("not a token index".into());
        }
        let version = u16::from_le_bytes([content[4], content[5]]);
        if version != VERSION {
            return Err(format!("version {version}, this program reads {VERSION}"));
        }
        let number = |at: usize| {
            let four = content.get(at..at + 4).ok_or("cut off")?;
            Ok::<u32, String>(u32::from_le_bytes(four.try_into().expect("four bytes were taken")))
        };
        let (block_rows, blocks) = (number(8)? as usize, number(12)? as usize);
        if block_rows == 0 {
            return Err("blocks of no rows".into());
        }
        let mut filters = Vec::with_capacity(blocks.min(content.len() / 4));
        let lengths = HEADER_BYTES + blocks.checked_mul(4).ok_or("too many blocks")?;
        let mut start = lengths;
        for block in 0..blocks {
            let end = start + number(HEADER_BYTES + 4 * block)? as usize;
            let filter = content.get(start..end).ok_or("cut off")?;
            check_filter(filter).map_err(|what| format!("block {block}: {what}"))?;
            filters.push((start as u32, end as u32));
            start = end;
        }
        if start != content.len() {
            return Err("bytes after the last block".into());
        }
        Ok(TokenIndex { bytes, block_rows, filters })
    }
}

/// Whether asking the filter stays inside its bytes, whatever the hash.
fn check_filter(filter: &[u8]) -> Result<(), &'static str> {
    if filter.is_empty() {
        return Ok(());
    }
    let Some((descriptor, fingerprints)) = filter.split_at_checked(DESCRIPTOR_BYTES) else {
        return Err("no room for a descriptor");
    };
    let number = |at: usize| {
        let four = descriptor[at..at + 4].try_into().expect("a descriptor has twenty bytes");
        u64::from(u32::from_le_bytes(four))
    };
    let (length, mask, all) = (number(8), number(12), number(16));
    let fits = length.is_power_of_two()
        && mask == length - 1
        && all.is_multiple_of(length)
        && all + 2 * length == fingerprints.len() as u64;
    if fits { Ok(()) } else { Err("descriptor does not fit its fingerprints") }
}

/// Collects the hashes of a block, without repetitions.
pub struct TokenIndexBuilder {
    seen: HashSet64,
    filters: Vec<Vec<u8>>,
}

impl Default for TokenIndexBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl TokenIndexBuilder {
    pub fn new() -> TokenIndexBuilder {
        TokenIndexBuilder { seen: HashSet64::new(), filters: Vec::new() }
    }

    #[inline]
    pub fn add(&mut self, hash: u64) {
        self.seen.insert(hash);
    }

    /// Closes the block: what is added from now on belongs to the next.
    pub fn end_block(&mut self) {
        let keys = self.seen.distinct();
        let filter = if keys.is_empty() { Vec::new() } else { encode_filter(keys) };
        self.filters.push(filter);
        self.seen.clear();
    }

    pub fn finish(self) -> Vec<u8> {
        let total: usize = self.filters.iter().map(Vec::len).sum();
        let mut bytes = Vec::with_capacity(HEADER_BYTES + 4 * self.filters.len() + total + 4);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(&(BLOCK_ROWS as u32).to_le_bytes());
        bytes.extend_from_slice(&(self.filters.len() as u32).to_le_bytes());
        for filter in &self.filters {
            bytes.extend_from_slice(&(filter.len() as u32).to_le_bytes());
        }
        self.filters.iter().for_each(|filter| bytes.extend_from_slice(filter));
        let checksum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }
}

fn encode_filter(keys: &[u64]) -> Vec<u8> {
    let filter = BinaryFuse8::try_from(keys).expect("distinct keys always make a filter within a thousand seeds");
    let mut bytes = vec![0; DESCRIPTOR_BYTES];
    filter.dma_copy_descriptor_to(&mut bytes);
    bytes.extend_from_slice(filter.dma_fingerprints());
    bytes
}

/// A set of hashes with open addressing. The keys are hashes already, so their low bits are the place.
struct HashSet64 {
    /// 0 marks a free place.
    places: Vec<u64>,
    distinct: Vec<u64>,
    has_zero: bool,
}

impl HashSet64 {
    const PLACES_MIN: usize = 1 << 14;

    fn new() -> HashSet64 {
        HashSet64 { places: vec![0; Self::PLACES_MIN], distinct: Vec::new(), has_zero: false }
    }

    #[inline]
    fn insert(&mut self, hash: u64) {
        if hash == 0 {
            if !self.has_zero {
                self.has_zero = true;
                self.distinct.push(0);
            }
            return;
        }
        let mask = self.places.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let held = self.places[at];
            if held == hash {
                return;
            }
            if held == 0 {
                break;
            }
            at = (at + 1) & mask;
        }
        self.places[at] = hash;
        self.distinct.push(hash);
        if self.distinct.len() * 2 > self.places.len() {
            self.grow();
        }
    }

    #[cold]
    fn grow(&mut self) {
        let doubled = self.places.len() * 2;
        let mask = doubled - 1;
        let mut places = vec![0; doubled];
        for hash in self.distinct.iter().filter(|hash| **hash != 0) {
            let mut at = *hash as usize & mask;
            while places[at] != 0 {
                at = (at + 1) & mask;
            }
            places[at] = *hash;
        }
        self.places = places;
    }

    fn distinct(&self) -> &[u64] {
        &self.distinct
    }

    fn clear(&mut self) {
        self.places.fill(0);
        self.distinct.clear();
        self.has_zero = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(blocks: &[&[u64]]) -> TokenIndex {
        TokenIndex::decode(encoded(blocks).into()).expect("what was written is read")
    }

    fn encoded(blocks: &[&[u64]]) -> Vec<u8> {
        let mut builder = TokenIndexBuilder::new();
        for block in blocks {
            block.iter().for_each(|hash| builder.add(*hash));
            builder.end_block();
        }
        builder.finish()
    }

    #[test]
    fn blocks_answer_for_their_own_words() {
        let many: Vec<u64> = (1..50_000u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        let index = index(&[&many, &[], &[7, 7, 0]]);
        assert_eq!(index.blocks(), 3);
        assert!(many.iter().all(|hash| index.matching(&[*hash])[0]));
        assert_eq!(index.matching(&[7, 0]), [false, false, true]);
        assert_eq!(index.matching(&[]), [true, true, true]);
    }

    /// Changing these bytes means a new version and its page in docs/format.
    #[test]
    fn an_index_has_these_bytes() {
        let bytes = encoded(&[&[1, 2, 3, u64::MAX], &[]]);
        assert_eq!(hex::encode(bytes), include_str!("golden_token_index.hex").trim_end());
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let good = encoded(&[&[1, 2, 3], &[]]);
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x40;
            assert!(TokenIndex::decode(bad.into()).is_err(), "byte {at}");
        }
        for length in 0..good.len() {
            assert!(TokenIndex::decode(Bytes::copy_from_slice(&good[..length])).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn a_descriptor_that_points_outside_is_refused() {
        let mut bad = encoded(&[&[1, 2, 3]]);
        let descriptor = HEADER_BYTES + 4;
        bad[descriptor + 16] = 0xff;
        let content = bad.len() - 4;
        let checksum = crc32c::crc32c(&bad[..content]);
        bad[content..].copy_from_slice(&checksum.to_le_bytes());
        assert!(TokenIndex::decode(bad.into()).expect_err("refused").contains("does not fit"));
    }
}
