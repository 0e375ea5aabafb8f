//! How fast front matter is read, in one pass and by the whole parser:
//! `cargo bench --bench yaml -- PROJECT`.
//!
//! One thread, from memory. Every file counts, and then those alone that the one pass reads to
//! their end. The fastest of some rounds is told, as the machine has other work.

use std::ops::Range;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use personary::library::statistics::real;
use personary::source::yaml::{Problem, Yaml, parse, parse_any, parse_plain};
use personary::source::{Document, Folder, Tree};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 9;

type Text = (String, Range<usize>);

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let project = arguments
        .next()
        .map_or_else(|| PathBuf::from("."), PathBuf::from);
    let folder = Folder::open(&project).expect("a project");
    let files = folder.list("content").files;
    let texts = files.iter().filter(|path| path.ends_with(".md"));
    let texts: Vec<Text> = texts
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
