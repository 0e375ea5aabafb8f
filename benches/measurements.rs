//! How long 100,000 measurements take to read: `cargo bench --bench measurements -- [ROWS]`.
//!
//! Writes a project of one KPI whose CSV uses every column, loads it on one thread, and prints the
//! time of a load from the disk to the library, and of all figures.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use personary::library::statistics::real;
use personary::library::{Library, figures};
use personary::schema::{Data, Kind};
use personary::source::Folder;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const KPI: &str = "---\nname: Net Promoter Score\nkind: nps\nclass: perception\nunit: points\n\
    direction: up\ntarget: { value: 50, by: 2027-12-31 }\ncadence: monthly\nowner: research\n---\n";
const ROUNDS: usize = 15;

fn main() {
    let rows = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let kpis = folder.path().join("content/kpis");
    std::fs::create_dir_all(&kpis).expect("a folder");
    std::fs::write(kpis.join("nps.md"), KPI).expect("a file");
    let text = csv(rows);
    std::fs::write(kpis.join("nps.csv"), &text).expect("a file");
    println!("{rows} rows of 13 columns, {} kB", text.len() / 1000);

    let mut loads: Vec<Duration> = (0..ROUNDS).map(|_| load(folder.path(), rows)).collect();
    loads.sort_unstable();
    print("load, fastest", loads[0]);
    print("load, median", loads[ROUNDS / 2]);

    let library = library(folder.path());
    let entity = library.get(Kind::Kpi, "nps").expect("the KPI");
    let (Some(Data::Kpi(kpi)), Some(measurements)) = (&entity.data, &entity.measurements) else {
        panic!("no KPI");
    };
    let now = jiff::civil::date(2026, 11, 24);
    let begun = Instant::now();
    let series = figures::series(&measurements.rows);
    let found = series.iter().filter_map(|s| s.figures(kpi, now)).count();
    print(&format!("figures of {found} series"), begun.elapsed());
}

fn print(what: &str, time: Duration) {
    println!("{what:<28} {:>8.1} ms", time.as_secs_f64() * 1e3);
}

fn load(folder: &Path, rows: usize) -> Duration {
    let begun = Instant::now();
    let library = library(folder);
    let time = begun.elapsed();
    let entity = library.get(Kind::Kpi, "nps").expect("the KPI");
    let read = entity.measurements.as_ref().map_or(0, |m| m.rows.len());
    assert_eq!((read, entity.findings.len()), (rows, 0));
    time
}

fn library(folder: &Path) -> Library {
    Library::load(Arc::new(Folder::open(folder).expect("a project")))
}

/// Months of slices: personas in segments at stages of journeys, from three sources.
fn csv(rows: usize) -> String {
    let mut text = "period,persona,segment,journey,stage,value,n,promoters,passives,detractors,low,high,source\n".to_owned();
    for row in 0..rows {
        let (slice, month) = (row / 60, row % 60);
        let (persona, segment) = (slice % 40, slice / 40 % 12);
        let (journey, stage) = (
            slice / 480,
            ["discover", "decide", "use", "renew"][slice % 4],
        );
        let (promoters, passives, detractors) = (40 + row % 61, 20 + row % 37, 10 + row % 23);
        let n = promoters + passives + detractors;
        let value = 100.0 * (real(promoters as u64) - real(detractors as u64)) / real(n as u64);
        let source = ["Pulse survey", "App", "Service desk"][persona % 3];
        let _ = writeln!(
            text,
            "{}-{:02},persona-{persona:05},segment-{segment},journey-{journey:03},{stage},{value:.1},{n},{promoters},{passives},{detractors},{:.1},{:.1},{source}",
            2021 + month / 12,
            month % 12 + 1,
            value - 9.5,
            value + 9.5,
        );
    }
    text
}
