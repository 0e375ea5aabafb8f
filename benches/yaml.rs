//! How fast front matter is read, in one pass and by the whole parser:
//! `cargo bench --bench yaml -- PROJECT [bare]`.
//!
//! One thread, from memory. Every file counts, and then those alone that the one pass reads to
//! their end. The fastest of some rounds is told, as the machine has other work.
//!
//! With `bare` it reads all files from the disk once, has the whole parser read their front matter
//! on two threads, and ends: what a check takes that does nothing else.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use personary::library::statistics::real;
use personary::source::yaml::{Problem, Yaml, parse, parse_any, parse_plain};
use personary::source::{Document, Folder, Tree};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 9;
const THREADS: usize = 2;

type Text = (String, Range<usize>);

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let project = arguments
        .next()
        .map_or_else(|| PathBuf::from("."), PathBuf::from);
    let folder = Folder::open(&project).expect("a project");
    let files = folder.list("content").files;
    let paths: Vec<&Arc<str>> = files.iter().filter(|path| path.ends_with(".md")).collect();
    if arguments.next().is_some_and(|mode| mode == "bare") {
        bare(&project, &paths);
        return;
    }
    let texts: Vec<Text> = paths
        .into_iter()
        .map(|path| Document::read(&folder, path, false))
        .map(|document| (document.text, document.front_range))
        .collect();
    report("all files", &texts);
    let (plain, rest): (Vec<Text>, Vec<Text>) = texts
        .into_iter()
        .partition(|(text, range)| parse_plain(text, range.clone()).is_some());
    report("read in one pass", &plain);
    report("left to the parser", &rest);
}

/// Reads the front matter of all files and nothing else.
fn bare(project: &Path, paths: &[&Arc<str>]) {
    let begun = Instant::now();
    let share = paths.len().div_ceil(THREADS).max(1);
    std::thread::scope(|scope| {
        for part in paths.chunks(share) {
            scope.spawn(move || {
                for path in part {
                    let path: &str = path;
                    let text = std::fs::read_to_string(project.join(path)).expect("a text");
                    // Between the first line and the next that is like it.
                    let front = 4..text.find("\n---\n").map_or(4, |end| end + 1);
                    std::hint::black_box(parse_any(&text, front));
                }
            });
        }
    });
    println!(
        "{:.6} s: the front matter of {} files",
        begun.elapsed().as_secs_f64(),
        paths.len()
    );
}

/// Reads texts both ways and says how fast.
fn report(what: &str, texts: &[Text]) {
    let bytes: usize = texts.iter().map(|(_, range)| range.len()).sum();
    println!("{what}: {} files, {bytes} bytes", texts.len());
    if bytes == 0 {
        return;
    }
    let fast = fastest(texts, parse);
    let whole = fastest(texts, parse_any);
    let speed = |time: Duration| real(bytes as u64) / 1e6 / time.as_secs_f64();
    println!("  in one pass where possible {:>8.1} MB/s", speed(fast));
    println!("  by the whole parser        {:>8.1} MB/s", speed(whole));
    println!(
        "  factor                     {:>8.2}",
        whole.as_secs_f64() / fast.as_secs_f64()
    );
}

fn fastest(
    texts: &[Text],
    read: impl Fn(&str, Range<usize>) -> (Option<Yaml>, Vec<Problem>),
) -> Duration {
    let round = |_| {
        let begun = Instant::now();
        for (text, range) in texts {
            std::hint::black_box(read(text, range.clone()));
        }
        begun.elapsed()
    };
    (0..ROUNDS).map(round).min().unwrap_or_default()
}
