//! What the machine alone takes: reads every file of a project, then writes files of the names and
//! sizes of a built site, on two threads: `cargo bench --bench floor -- PROJECT SITE OUT`.
//!
//! No program that reads the one and makes the other can be faster. It needs the standard library
//! alone, so `rustc -O benches/floor.rs` makes it, too.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const THREADS: usize = 2;
/// As many files a thread takes at once.
const PORTION: usize = 64;

fn main() -> io::Result<()> {
    let mut folders = std::env::args_os().skip(1).filter(|a| a != "--bench");
    let mut folder = || folders.next().map(PathBuf::from);
    let (Some(project), Some(site), Some(out)) = (folder(), folder(), folder()) else {
        println!("usage: floor PROJECT SITE OUT");
        return Ok(());
    };
    let (mut read, mut wanted) = (Vec::new(), Vec::new());
    files(&project.join("content"), &mut read)?;
    files(&site, &mut wanted)?;
    // What is to be written is known before the clock starts.
    let written: Vec<(PathBuf, usize)> = wanted
        .iter()
        .map(|(path, size)| (out.join(path.strip_prefix(&site).unwrap_or(path)), *size))
        .collect();
    let begun = Instant::now();
    let input = share(&read, |(path, _)| fs::read(path).map(|bytes| bytes.len()))?;
    let largest = written.iter().map(|(_, size)| *size).max().unwrap_or(0);
    let filler = vec![b'.'; largest];
    let parents: BTreeSet<_> = written
        .iter()
        .filter_map(|(path, _)| path.parent())
        .collect();
    for parent in parents {
        fs::create_dir_all(parent)?;
    }
    let output = share(&written, |(path, size)| {
        fs::write(path, &filler[..*size]).map(|()| *size)
    })?;
    println!(
        "{:.6} s: read {} files, {input} bytes; wrote {} files, {output} bytes",
        begun.elapsed().as_secs_f64(),
        read.len(),
        written.len(),
    );
    Ok(())
}

/// Files below a folder with their sizes.
fn files(folder: &Path, found: &mut Vec<(PathBuf, usize)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        if about.is_dir() {
            files(&entry.path(), found)?;
        } else {
            found.push((entry.path(), usize::try_from(about.len()).unwrap_or(0)));
        }
    }
    Ok(())
}

/// Does something with all items on all threads; the sum of what comes of it.
fn share<T: Sync>(items: &[T], work: impl Fn(&T) -> io::Result<usize> + Sync) -> io::Result<usize> {
    let (next, sum) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let turn = || -> io::Result<()> {
        loop {
            let begin = next.fetch_add(PORTION, Ordering::Relaxed).min(items.len());
            let portion = &items[begin..(begin + PORTION).min(items.len())];
            if portion.is_empty() {
                return Ok(());
            }
            for item in portion {
                sum.fetch_add(work(item)?, Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(turn)).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().expect("a thread that ends"))
    })?;
    Ok(sum.into_inner())
}
