//! What the disk alone makes of two logs that are synced beside each other: `cargo run --release -p whodunit-store
//! --example sync_speed [directory]`. Prints how long `fdatasync` takes after a record of 900 bytes, with the log
//! alone and while another log appends and syncs a mebibyte at a time. No code of the store runs: it is the floor
//! under the figures of audit in a log flood.

#![allow(clippy::disallowed_methods, reason = "it measures a disk: only real time and real pauses tell")]

use std::fs::{File, OpenOptions};
use std::io::{Seek, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const RECORDS: usize = 2_000;
const RECORD_BYTES: usize = 900;
/// Between two records, as at a few hundred entries a second.
const PAUSE: Duration = Duration::from_millis(2);
const FLOOD_BYTES: usize = 1 << 20;
const FLOOD_PAUSE: Duration = Duration::from_millis(4);
/// The log of the flood begins anew past this length.
const FLOOD_FILE_BYTES: u64 = 256 << 20;
const ROUNDS: usize = 3;
/// In a record's log made ahead of time: zeroes that records then replace.
const RESERVED_BYTES: usize = RECORDS * RECORD_BYTES;

fn main() -> std::io::Result<()> {
    let directory = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let directory = Path::new(&directory);
    println!("{:<28} {:>8} {:>8} {:>8}", "fdatasync of a record, ms", "p50", "p90", "p99");
    for _ in 0..ROUNDS {
        for (name, flooded, reserved) in [
            ("alone", false, false),
            ("beside a flood", true, false),
            ("alone, made ahead", false, true),
            ("beside a flood, made ahead", true, true),
        ] {
            let [p50, p90, p99] = measure(directory, flooded, reserved)?;
            println!("{name:<28} {p50:>8.2} {p90:>8.2} {p99:>8.2}");
        }
    }
    Ok(())
}

/// Milliseconds at p50, p90 and p99.
fn measure(directory: &Path, flooded: bool, reserved: bool) -> std::io::Result<[f64; 3]> {
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let flood = flooded.then(|| scope.spawn(|| flood(&directory.join("flood.tmp"), &ended)));
        let times = records(&directory.join("records.tmp"), reserved);
        ended.store(true, Ordering::Relaxed);
        if let Some(flood) = flood {
            flood.join().expect("the flood does not panic")?;
        }
        let mut times = times?;
        times.sort_unstable();
        let at = |share: f64| times[(times.len() as f64 * share) as usize].as_secs_f64() * 1e3;
        Ok([at(0.5), at(0.9), at(0.99)])
    })
}

fn records(path: &Path, reserved: bool) -> std::io::Result<Vec<Duration>> {
    let mut file = new_file(path)?;
    if reserved {
        file.write_all(&vec![0; RESERVED_BYTES])?;
        file.sync_all()?;
        file.rewind()?;
    }
    let record = [b'r'; RECORD_BYTES];
    let mut times = Vec::with_capacity(RECORDS);
    for _ in 0..RECORDS {
        file.write_all(&record)?;
        let start = Instant::now();
        file.sync_data()?;
        times.push(start.elapsed());
        std::thread::sleep(PAUSE);
    }
    std::fs::remove_file(path)?;
    Ok(times)
}

fn flood(path: &Path, ended: &AtomicBool) -> std::io::Result<()> {
    let mut file = new_file(path)?;
    let mut bytes = vec![0; FLOOD_BYTES];
    // Bytes that no file system shortens.
    let mut state = 1u64;
    bytes.iter_mut().for_each(|byte| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        *byte = (state >> 56) as u8;
    });
    while !ended.load(Ordering::Relaxed) {
        if file.stream_position()? >= FLOOD_FILE_BYTES {
            file.set_len(0)?;
            file.rewind()?;
        }
        file.write_all(&bytes)?;
        file.sync_data()?;
        std::thread::sleep(FLOOD_PAUSE);
    }
    std::fs::remove_file(path)
}

fn new_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).truncate(true).write(true).open(path)
}
