//! What a test needs of the machine, and says loudly when it does not get it.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::dice::Dice;

/// Says what is left out on this machine, past the test runner's capture.
pub(crate) fn left_out(what: &str) {
    let _ = writeln!(std::io::stderr(), "\nLEFT OUT: {what}");
}

/// The same chance in every run, or that of the number in `FAULTS_SEED`; another one each time if it
/// says `random`. It is printed.
pub(crate) fn dice() -> Dice {
    let seed = match std::env::var("FAULTS_SEED").as_deref() {
        Err(_) => 1,
        Ok("random") => RandomState::new().hash_one("dice"),
        Ok(seed) => seed.parse().expect("a number in FAULTS_SEED, or `random`"),
    };
    println!("FAULTS_SEED={seed}");
    Dice::new(seed)
}

/// Tells threads that it is over, even when the test fails before its end.
pub(crate) struct Over<'a>(pub(crate) &'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// How often a long form does what it does, unless `FAULTS_COUNT` says otherwise.
pub(crate) fn count(usual: usize) -> usize {
    let given = std::env::var("FAULTS_COUNT").ok();
    given.map_or(usual, |count| {
        count.parse().expect("a number in FAULTS_COUNT")
    })
}

/// The value at `hundredths` of the way through sorted values.
pub(crate) fn percentile<T: Copy>(sorted: &[T], hundredths: usize) -> T {
    sorted[(sorted.len() - 1) * hundredths / 100]
}

/// Whether the tests run as root, for whom no permission forbids anything.
pub(crate) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").expect("/proc").uid() == 0
}

/// A file system in memory, mounted until it is dropped.
pub(crate) struct Mount(PathBuf);

impl Mount {
    /// Mounts `bytes` at a folder; `None`, said loudly, where that is not allowed.
    pub(crate) fn memory(at: &Path, bytes: u64) -> Option<Self> {
        fs::create_dir_all(at).expect("a folder");
        let size = format!("size={bytes}");
        let mount = Self(at.to_owned());
        if mount.run(&["-t", "tmpfs", "-o", &size, "none"]) {
            return Some(mount);
        }
        std::mem::forget(mount);
        left_out("only root may mount a small file system, to fill it");
        None
    }

    /// Makes it read-only or writable.
    pub(crate) fn remount(&self, mode: &str) {
        assert!(self.run(&["-o", &format!("remount,{mode}")]), "{mode}");
    }

    fn run(&self, arguments: &[&str]) -> bool {
        let mut mount = Command::new("mount");
        mount.args(arguments).arg(&self.0).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// What a process holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    /// Memory that is resident, in KiB.
    pub(crate) memory: usize,
    pub(crate) threads: usize,
    pub(crate) descriptors: usize,
}

impl Held {
    pub(crate) fn by(process: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_whitespace().next());
            number.and_then(|n| n.parse().ok()).expect("a number")
        };
        let descriptors = fs::read_dir(format!("/proc/{process}/fd")).expect("it runs");
        Self {
            memory: number("VmRSS:"),
            threads: number("Threads:"),
            descriptors: descriptors.count(),
        }
    }
}
