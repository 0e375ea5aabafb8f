//! One build at a time into an output folder.
//!
//! The lock is the kernel's, on a file beside the output; it ends with the process that holds
//! it, however that ends. Whoever holds it may take every staging folder for a leftover.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use super::sys;

const POLL: Duration = Duration::from_millis(50);

/// Held while a build writes; the lock file goes with it.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock, or `None` when another has it for longer than `wait`.
    pub(super) fn take(path: PathBuf, wait: Duration) -> io::Result<Option<Self>> {
        let until = Instant::now() + wait;
        loop {
            let file = File::options()
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)?;
            match file.try_lock() {
                Ok(()) if is_at(&file, &path)? => return Ok(Some(Self { path, _file: file })),
                // The one before has removed this file when it was done.
                Ok(()) => {}
                // Some network file systems have no locks. Better unlocked than not at all.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Some(Self { path, _file: file }));
                }
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if Instant::now() >= until => return Ok(None),
                Err(TryLockError::WouldBlock) => thread::sleep(POLL),
            }
        }
    }
}

/// Whether `path` still names `file`.
fn is_at(file: &File, path: &PathBuf) -> io::Result<bool> {
    if cfg!(not(unix)) {
        return Ok(true);
    }
    match fs::symlink_metadata(path) {
        Ok(status) => Ok(sys::same_file(&status, &file.metadata()?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Still locked here, so that nobody else's lock file is removed. Elsewhere identity
        // cannot be checked, and the file stays.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}
