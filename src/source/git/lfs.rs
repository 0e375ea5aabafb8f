//! Files of which Git keeps a pointer and Git LFS the content.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// How a pointer begins (<https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>).
const BEGIN: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";
/// No pointer is longer, in bytes.
pub(super) const LONGEST: u64 = 1024;

/// The digest of the content that a pointer points at; `None` for any other text.
pub(super) fn pointed_at(text: &[u8]) -> Option<&str> {
    if text.len() as u64 > LONGEST || !text.starts_with(BEGIN) {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let digest = text
        .lines()
        .find_map(|line| line.strip_prefix("oid sha256:"))?;
    let is_digest = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
    is_digest.then_some(digest)
}

/// The content behind a pointer, from what LFS has on this machine. Nothing is fetched.
pub(super) fn content(git_dir: &Path, digest: &str, limit: u64) -> io::Result<Vec<u8>> {
    let path = store(git_dir)
        .join(&digest[..2])
        .join(&digest[2..4])
        .join(digest);
    let Ok(file) = std::fs::File::open(path) else {
        return Err(io::Error::other(
            "it stands in Git LFS and its content is not on this machine \
             (fetch it with `git lfs fetch --all`)",
        ));
    };
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// Where LFS keeps content: once for all work trees of a repository.
fn store(git_dir: &Path) -> PathBuf {
    let common = std::fs::read_to_string(git_dir.join("commondir"));
    let common = common.map_or_else(
        |_| git_dir.to_path_buf(),
        |path| git_dir.join(path.trim_end()),
    );
    common.join("lfs").join("objects")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_known_and_nothing_else() {
        let digest = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
        let pointer = format!(
            "version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 12345\n"
        );
        assert_eq!(pointed_at(pointer.as_bytes()), Some(digest));
        for other in [
            pointer.replace("spec/v1", "spec/v9"),
            pointer.replace(digest, "../../../etc/passwd"),
            pointer.clone() + &"x".repeat(1024),
            "period,value\n".to_owned(),
        ] {
            assert_eq!(pointed_at(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn content_is_taken_from_the_store_of_the_whole_repository() {
        let folder = tempfile::tempdir().expect("a folder");
        let digest = "ab".repeat(32);
        let store = folder.path().join("lfs/objects/ab/ab");
        std::fs::create_dir_all(&store).expect("made");
        std::fs::write(store.join(&digest), "content").expect("written");
        let linked = folder.path().join("worktrees/one");
        std::fs::create_dir_all(&linked).expect("made");
        std::fs::write(linked.join("commondir"), "../..\n").expect("written");
        assert_eq!(content(&linked, &digest, 9).expect("there"), b"content");
        assert!(content(folder.path(), &digest, 3).is_err());
        let absent = content(folder.path(), &"cd".repeat(32), 9).expect_err("absent");
        assert!(absent.to_string().contains("git lfs fetch"), "{absent}");
    }
}
