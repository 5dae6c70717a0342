//! A disk in memory that fails and crashes on purpose, from a seed. For tests and the simulator.
//!
//! Every file remembers how much of it was synced. [`FaultyDisk::crash`] loses what was not, or keeps a random part
//! of it and perhaps tears its end, as a power cut does; handles from before the crash are dead.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use whodunit_stdx::{Timestamp, World};

use super::{Disk, DiskFile, Space};

/// What goes wrong. Chances are out of 1,000 per call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiskFaults {
    pub append_fails: u32,
    /// Writes a part of the bytes, then fails.
    pub append_is_short: u32,
    pub sync_fails: u32,
    /// Bytes that fit in all files together; `None` means no end.
    pub capacity_bytes: Option<u64>,
}

/// A disk in memory. Clones share the files.
#[derive(Clone, Debug)]
pub struct FaultyDisk(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    files: BTreeMap<PathBuf, Bytes>,
    faults: DiskFaults,
    chance: World,
    /// Counts crashes; handles of an earlier life are dead.
    life: u64,
    locked: BTreeMap<PathBuf, u64>,
}

#[derive(Debug, Default)]
struct Bytes {
    data: Vec<u8>,
    synced: usize,
}

struct Handle {
    disk: FaultyDisk,
    path: PathBuf,
    life: u64,
}

struct Lock {
    disk: FaultyDisk,
    path: PathBuf,
    life: u64,
}

const DISK_BYTES: u64 = 1 << 40;

impl FaultyDisk {
    /// A disk without faults until [`FaultyDisk::set`] says otherwise.
    pub fn new(seed: u64) -> FaultyDisk {
        let (chance, _) = World::seeded(seed, Timestamp(0));
        FaultyDisk(Arc::new(Mutex::new(State {
            files: BTreeMap::new(),
            faults: DiskFaults::default(),
            chance,
            life: 0,
            locked: BTreeMap::new(),
        })))
    }

    pub fn set(&self, faults: DiskFaults) {
        self.0.lock().faults = faults;
    }

    /// Loses what was not synced, or a random part of it, perhaps with a torn last byte. Frees all locks.
    pub fn crash(&self) {
        let mut guard = self.0.lock();
        let state = &mut *guard;
        state.life += 1;
        state.locked.clear();
        for file in state.files.values_mut() {
            let loose = file.data.len() - file.synced;
            if loose == 0 {
                continue;
            }
            let kept = (u64::from_be_bytes(state.chance.random_bytes()) % (loose as u64 + 1)) as usize;
            file.data.truncate(file.synced + kept);
            let [torn, noise] = state.chance.random_bytes();
            if kept > 0
                && torn % 2 == 0
                && let Some(last) = file.data.last_mut()
            {
                *last ^= noise | 1;
            }
            file.synced = file.data.len();
        }
    }

    /// Flips one bit of a file, as a worn-out medium does.
    pub fn flip_bit(&self, path: &Path, offset: usize) {
        let mut state = self.0.lock();
        let file = state.files.get_mut(path).expect("the file to damage exists");
        file.data[offset] ^= 1;
    }
}

impl State {
    fn happens(&self, out_of_thousand: u32) -> bool {
        out_of_thousand > 0 && u32::from_be_bytes(self.chance.random_bytes()) % 1000 < out_of_thousand
    }

    fn used(&self) -> u64 {
        self.files.values().map(|file| file.data.len() as u64).sum()
    }

    fn room(&self) -> u64 {
        self.faults.capacity_bytes.unwrap_or(DISK_BYTES).saturating_sub(self.used())
    }

    fn file(&mut self, path: &Path) -> io::Result<&mut Bytes> {
        self.files.get_mut(path).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn append(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if self.happens(self.faults.append_fails) {
            return Err(io::Error::other("injected: append failed"));
        }
        let room = usize::try_from(self.room()).unwrap_or(usize::MAX);
        if bytes.len() > room {
            self.file(path)?.data.extend_from_slice(&bytes[..room]);
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        if self.happens(self.faults.append_is_short) {
            self.file(path)?.data.extend_from_slice(&bytes[..bytes.len() / 2]);
            return Err(io::Error::other("injected: short write"));
        }
        self.file(path)?.data.extend_from_slice(bytes);
        Ok(())
    }
}

impl Disk for FaultyDisk {
    fn create_directory(&self, _directory: &Path) -> io::Result<()> {
        Ok(())
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let state = self.0.lock();
        let inside = state.files.keys().filter(|path| path.parent() == Some(directory));
        Ok(inside.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect())
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        Ok(self.0.lock().file(path)?.data.clone())
    }

    fn open_append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.0.lock();
        state.files.entry(path.to_owned()).or_default();
        Ok(Box::new(Handle { disk: self.clone(), path: path.to_owned(), life: state.life }))
    }

    fn write_whole(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.0.lock();
        if bytes.len() as u64 > state.room() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        state.files.insert(path.to_owned(), Bytes { data: bytes.to_vec(), synced: bytes.len() });
        Ok(())
    }

    fn truncate(&self, path: &Path, length: u64) -> io::Result<()> {
        let mut state = self.0.lock();
        let file = state.file(path)?;
        file.data.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        file.synced = file.data.len();
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.0.lock();
        let file = state.files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.files.insert(to.to_owned(), file);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.lock().files.remove(path).map(drop).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn sync_directory(&self, _directory: &Path) -> io::Result<()> {
        Ok(())
    }

    fn space(&self, _directory: &Path) -> io::Result<Space> {
        let state = self.0.lock();
        let total_bytes = state.faults.capacity_bytes.unwrap_or(DISK_BYTES);
        Ok(Space { free_bytes: state.room(), total_bytes, device: 0 })
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn Send + Sync>> {
        let mut state = self.0.lock();
        if state.locked.contains_key(path) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let life = state.life;
        state.locked.insert(path.to_owned(), life);
        Ok(Box::new(Lock { disk: self.clone(), path: path.to_owned(), life }))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let mut state = self.disk.0.lock();
        if state.life == self.life {
            state.locked.remove(&self.path);
        }
    }
}

impl Handle {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.disk.0.lock();
        if state.life != self.life {
            return Err(io::Error::other("the machine has crashed"));
        }
        act(&mut state)
    }
}

impl DiskFile for Handle {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.with(|state| state.append(&self.path, bytes))
    }

    fn sync(&mut self) -> io::Result<()> {
        self.with(|state| {
            if state.happens(state.faults.sync_fails) {
                return Err(io::Error::other("injected: sync failed"));
            }
            let file = state.file(&self.path)?;
            file.synced = file.data.len();
            Ok(())
        })
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.with(|state| {
            let file = state.file(&self.path)?;
            file.data.truncate(usize::try_from(length).unwrap_or(usize::MAX));
            file.synced = file.synced.min(file.data.len());
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_keeps_what_was_synced_and_kills_old_handles() {
        for seed in 0..50 {
            let disk = FaultyDisk::new(seed);
            let path = Path::new("/d/a");
            let mut file = disk.open_append(path).expect("opens");
            file.append(b"synced").expect("writes");
            file.sync().expect("syncs");
            file.append(b"loose").expect("writes");
            disk.crash();
            let found = disk.read(path).expect("reads");
            assert!(found.starts_with(b"synced") && found.len() <= 11, "{found:?}");
            assert!(file.append(b"ghost").is_err());
        }
    }

    #[test]
    fn a_full_disk_takes_what_fits_and_says_so() {
        let disk = FaultyDisk::new(1);
        disk.set(DiskFaults { capacity_bytes: Some(4), ..DiskFaults::default() });
        let mut file = disk.open_append(Path::new("/a")).expect("opens");
        let error = file.append(b"hello").expect_err("five bytes do not fit");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        file.cut(0).expect("cuts");
        file.append(b"four").expect("fits");
    }
}
