//! What the standard library cannot ask the operating system. The only unsafe code of the store.
//!
//! Each block hands the kernel a pointer to memory that lives on this stack for the length of the call, or none.

use std::ffi::CString;
use std::io;
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::Space;

/// Free and total bytes of the file system that holds `directory`.
#[allow(clippy::unnecessary_cast, reason = "the types differ between platforms")]
pub(super) fn space(directory: &Path) -> io::Result<Space> {
    let path = CString::new(directory.as_os_str().as_bytes())?;
    let mut answer = MaybeUninit::<libc::statvfs>::uninit();
    // SAFETY: the path ends with a zero byte and the answer has the size the call writes.
    let code = unsafe { libc::statvfs(path.as_ptr(), answer.as_mut_ptr()) };
    if code != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call succeeded and has filled the struct.
    let answer = unsafe { answer.assume_init() };
    let unit = answer.f_frsize as u64;
    let bytes = |blocks: u64| blocks.saturating_mul(unit);
    let device = std::fs::metadata(directory)?.dev();
    Ok(Space { free_bytes: bytes(answer.f_bavail as u64), total_bytes: bytes(answer.f_blocks as u64), device })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_has_a_size_and_a_missing_path_is_an_error() {
        let space = space(Path::new("/")).expect("the root is mounted");
        assert!(space.total_bytes > 0 && space.free_bytes <= space.total_bytes);
        assert!(super::space(Path::new("/does/not/exist")).is_err());
    }
}
