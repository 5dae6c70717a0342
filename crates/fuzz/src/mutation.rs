//! One act of damage to an input, as disks, networks and attackers do it.

use rand::Rng;
use rand::rngs::StdRng;

/// Inputs do not grow beyond this.
const BYTES_MAX: usize = 1 << 20;

/// Numbers at which readers go wrong.
const EDGES: [u64; 10] = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff, u64::MAX];

/// Changes `input` once. `other` is another well-formed input to take a piece from.
pub fn mutate(input: &mut Vec<u8>, other: &[u8], words: &[&[u8]], chance: &mut StdRng) {
    let at = chance.random_range(0..=input.len());
    match chance.random_range(0..9) {
        0 => flip_bit(input, chance),
        1 => input.truncate(at),
        2 => drop(input.drain(some_range(input.len(), chance))),
        3 => {
            let piece = input[some_range(input.len(), chance)].to_vec();
            insert(input, at, &piece);
        }
        4 => insert(input, at, &other[some_range(other.len(), chance)]),
        5 => overwrite(input, at, chance),
        6 => insert(input, at, &chance.random::<[u8; 4]>()),
        7 => {
            if let Some(last) = input.len().checked_sub(1) {
                input[at.min(last)] = chance.random();
            }
        }
        _ => {
            if let Some(word) = words.get(chance.random_range(0..words.len().max(1))) {
                insert(input, at, word);
            }
        }
    }
}

fn flip_bit(input: &mut [u8], chance: &mut StdRng) {
    if !input.is_empty() {
        let at = chance.random_range(0..input.len());
        input[at] ^= 1 << chance.random_range(0..8);
    }
}

/// Usually short: what is left must still look like something.
fn some_range(length: usize, chance: &mut StdRng) -> std::ops::Range<usize> {
    let start = chance.random_range(0..=length);
    let longest = (length - start).min(1 << chance.random_range(0..12));
    start..start + chance.random_range(0..=longest)
}

fn insert(input: &mut Vec<u8>, at: usize, piece: &[u8]) {
    if input.len() + piece.len() <= BYTES_MAX {
        input.splice(at..at, piece.iter().copied());
    }
}

/// Puts an edge number over what stands there, in either byte order and any width.
fn overwrite(input: &mut [u8], at: usize, chance: &mut StdRng) {
    let edge = EDGES[chance.random_range(0..EDGES.len())];
    let width = [1, 2, 4, 8][chance.random_range(0..4)];
    let bytes = if chance.random() { edge.to_le_bytes() } else { edge.rotate_right(8 * width).to_be_bytes() };
    let width = (width as usize).min(input.len() - at);
    input[at..at + width].copy_from_slice(&bytes[..width]);
}
