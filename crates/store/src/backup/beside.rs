//! Files that lie beside the store in the data directory and go into backups with it: what was uploaded.
//!
//! They are kept by the hash of what they hold, so backups share those that are the same, as they share segments. Of two
//! files of which one names the other, whoever orders the backup names the one that is named first: then what is taken
//! away meanwhile leaves no name without its file.

use std::collections::HashMap;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use whodunit_stdx::ErrorKind;

use super::CHUNK_BYTES;
use super::description::{FilePart, Missing};
use super::place::shared_file;
use super::progress::Progress;
use crate::Error;
use crate::object::Objects;

/// The only directory of a data directory from which such files are taken, and into which they are restored.
pub const BESIDE: &str = "artifacts";

/// Files to take.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The data directory.
    pub objects: Objects,
    /// Paths in it, below [`BESIDE`].
    pub paths: Vec<String>,
}

/// What became of one file.
pub(super) enum Taken {
    Kept(FilePart),
    /// It was taken away meanwhile, as may happen to any of them.
    Gone,
    Missing(Missing),
}

/// Whether a path may be restored: plain names below the one directory.
pub(crate) fn is_beside(path: &str) -> bool {
    let mut names = path.split('/');
    let plain = |name: &str| !name.is_empty() && !name.starts_with('.') && !name.contains(['\\', '\0']);
    names.next() == Some(BESIDE) && path.len() > BESIDE.len() && names.all(plain)
}

/// Takes one file, unless the place has one with the same bytes. `present` has the bytes of each shared file.
pub(super) async fn take(
    from: &Objects,
    path: &str,
    to: &Objects,
    present: &mut HashMap<String, u64>,
    progress: &Progress,
) -> Result<Taken, Error> {
    let gone_is_none = |error: Error| if error.kind == ErrorKind::NotFound { Ok(Taken::Gone) } else { Err(error) };
    let Some(entry) = from.head(path).await? else { return Ok(Taken::Gone) };
    let bytes = entry.bytes;
    let sha256 = match digest(from, path, bytes, progress).await {
        Ok(sha256) => sha256,
        Err(error) => return gone_is_none(error),
    };
    let file = shared_file(&sha256);
    let part = FilePart { path: path.to_owned(), bytes, sha256: hex::encode(sha256) };
    if present.get(&file) == Some(&bytes) {
        return Ok(Taken::Kept(part));
    }
    match copy(from, path, bytes, to, &file, progress).await {
        Ok(copied) if copied == sha256 => {
            present.insert(file, bytes);
            Ok(Taken::Kept(part))
        }
        Ok(_) => {
            to.delete(&file).await?;
            let what = "the file changed while it was copied".to_owned();
            Ok(Taken::Missing(Missing { path: path.to_owned(), what }))
        }
        Err(error) => gone_is_none(error),
    }
}

pub(crate) async fn digest(from: &Objects, path: &str, bytes: u64, progress: &Progress) -> Result<[u8; 32], Error> {
    let mut digest = Sha256::new();
    let mut start = 0;
    while start < bytes {
        progress.go_on()?;
        let end = (start + CHUNK_BYTES).min(bytes);
        digest.update(&from.get_range(path, start..end).await?);
        start = end;
    }
    Ok(digest.finalize().into())
}

/// Copies so many bytes, and gives the hash of what was copied.
pub(crate) async fn copy(
    from: &Objects,
    path: &str,
    bytes: u64,
    to: &Objects,
    file: &str,
    progress: &Progress,
) -> Result<[u8; 32], Error> {
    let mut digest = Sha256::new();
    if bytes == 0 {
        to.put(file, Bytes::new()).await?;
        return Ok(digest.finalize().into());
    }
    let mut upload = to.upload(file).await?;
    let mut start = 0;
    while start < bytes {
        let end = (start + CHUNK_BYTES).min(bytes);
        let piece = async {
            progress.go_on()?;
            from.get_range(path, start..end).await
        };
        let written = match piece.await {
            Ok(piece) => {
                digest.update(&piece);
                upload.write(piece).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            upload.abort().await;
            return Err(error);
        }
        start = end;
    }
    upload.finish().await?;
    Ok(digest.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_below_one_directory_are_restored() {
        for good in ["artifacts/default/a.zip", "artifacts/shop/files/0a.json"] {
            assert!(is_beside(good), "{good}");
        }
        for bad in [
            "",
            "artifacts",
            "artifacts/",
            "artifacts//a",
            "artifacts/../writer",
            "artifacts/.chunks/a",
            "/artifacts/a",
            "wal/audit/1.wal",
            "control.sqlite",
            "artifacts/a\\..\\b",
        ] {
            assert!(!is_beside(bad), "{bad}");
        }
    }

    #[tokio::test]
    async fn files_are_shared_and_those_that_go_meanwhile_are_left_out() {
        let (from, to) = (Objects::memory(), Objects::memory());
        from.put("artifacts/a", Bytes::from_static(b"same")).await.expect("puts");
        from.put("artifacts/b", Bytes::from_static(b"same")).await.expect("puts");
        from.put("artifacts/c", Bytes::new()).await.expect("puts");
        let mut present = HashMap::new();
        let progress = Progress::default();
        for path in ["artifacts/a", "artifacts/b", "artifacts/c"] {
            let taken = take(&from, path, &to, &mut present, &progress).await.expect("reads");
            let Taken::Kept(part) = taken else { panic!("{path} is there") };
            let sha256 = hex::decode(&part.sha256).expect("hexadecimal");
            let kept = to.get(&format!("files/{}", hex::encode(sha256))).await.expect("is kept");
            assert_eq!(kept, from.get(path).await.expect("reads"), "{path}");
        }
        assert_eq!(to.list("files").await.expect("lists").len(), 2, "two have the same bytes");
        let gone = take(&from, "artifacts/d", &to, &mut present, &progress).await.expect("is no error");
        assert!(matches!(gone, Taken::Gone));
    }
}
