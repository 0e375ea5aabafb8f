//! Small files that would take much: of their nesting, their number of mistakes, or their length.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::fixture::{NORA, Project};

/// What a run may hold, in KiB, and how long it may take on the busiest machine.
const MOST_MEMORY: u32 = 700_000;
const PATIENCE: Duration = Duration::from_mins(1);

/// So many lines of what `line` says of each.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut out, n| {
        out.push_str(&line(n));
        out
    })
}

fn page(markdown: &str) -> Vec<(&'static str, String)> {
    vec![("content/pages/heavy.md", format!("# Heavy\n\n{markdown}\n"))]
}

fn persona(fields: &str) -> Vec<(&'static str, String)> {
    let persona = crate::fixture::persona("nora-lind", &format!("{fields}\n"));
    vec![(NORA, persona)]
}

fn measurements(rows: &str) -> Vec<(&'static str, String)> {
    let kpi = "---\nname: Heavy\nquestion: How much?\nmeasure: custom\nunit: points\nstatus: active\nowner: product\n---\n";
    vec![
        ("content/kpis/heavy.md", kpi.to_owned()),
        ("content/kpis/heavy.csv", rows.to_owned()),
    ]
}

/// Builds and checks a project with these files; what `check` printed.
#[track_caller]
fn bearable(files: &[(&str, String)]) -> String {
    let project = Project::sample();
    for (path, text) in files {
        project.write(path, text);
    }
    let mut printed = String::new();
    for arguments in ["build --keep-going -o site", "check"] {
        let begun = Instant::now();
        let program = env!("CARGO_BIN_EXE_personary");
        let limit = format!("ulimit -d {MOST_MEMORY}; exec timeout 60 {program} {arguments}");
        let mut shell = Command::new("sh");
        shell.current_dir(project.root()).args(["-c", &limit]);
        let output = shell.stdin(Stdio::null()).output().expect("sh");
        let code = output.status.code();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            matches!(code, Some(0 | 1)),
            "{arguments}: {code:?} {said:.2000}"
        );
        assert!(begun.elapsed() < PATIENCE, "{arguments}");
        printed = String::from_utf8_lossy(&output.stdout).into_owned();
    }
    assert!(printed.len() < 4_000_000, "{}", printed.len());
    printed
}

#[test]
fn html_that_is_left_open_takes_no_more_than_it_is_long() {
    let bold = lines(1_000, |n| format!("<b class=x-{n}>"));
    let paragraphs = "<p>x</p>".repeat(20_000);
    let crossed = lines(1_000, |n| {
        let (open, close) = ("<div>".repeat(9), "</div>".repeat(9));
        format!("<b class=x-{n}>{open}</b>{close}")
    });
    let cells = lines(1_000, |n| {
        format!("<b class=x-{n}><table><tr><td></b></table>")
    });
    let attributes = lines(400_000, |n| format!(" a{n}"));
    for html in [
        format!("<p>{bold}{paragraphs}"),
        format!("{crossed}{paragraphs}"),
        format!("{cells}{paragraphs}"),
        "<dl><dd>".repeat(100_000),
        "<li><ul>".repeat(100_000),
        "<div>".repeat(300_000),
        format!("<table>{}", "<tr><i>x</i></tr>".repeat(150_000)),
        format!("<b{attributes}>"),
        "<a href=x>".repeat(200_000),
    ] {
        bearable(&page(&format!("<div>\n{html}\n</div>")));
    }
}

#[test]
fn markdown_of_any_form_takes_no_more_than_it_is_long() {
    let notes = lines(100_000, |n| format!("[^{n}]\n")) + "\n";
    let notes = notes + &lines(100_000, |n| format!("[^{n}]: x\n\n"));
    let links = lines(100_000, |n| format!("[{n}]\n")) + "\n";
    let links = links + &lines(100_000, |n| format!("[{n}]: x\n"));
    let places = lines(30_000, |n| format!("# a{n}\n\n[a](#a{n}) [b](#b{n})\n\n"));
    for markdown in [
        notes,
        links,
        places,
        "[[nobody]] ".repeat(200_000),
        "> ".repeat(100_000),
        "*a **b ".repeat(200_000),
        "![a](".repeat(200_000),
    ] {
        bearable(&page(&markdown));
    }
}

#[test]
fn of_more_mistakes_than_anybody_reads_the_first_are_told() {
    let many = [
        persona(&lines(300_000, |_| "again: 1\n".to_owned())),
        persona(&lines(200_000, |n| format!("unknown{n}: 1\n"))),
        persona(&format!(
            "evidence: [{}]",
            lines(300_000, |n| format!("e{n}, "))
        )),
        persona(&format!("aliases: [{}]", "Ä b, ".repeat(300_000))),
        page(&"somebody@customer.com ".repeat(150_000)),
        measurements(&("period,value\n".to_owned() + &"x,y\n".repeat(500_000))),
        measurements(&("period,value\n".to_owned() + &"2026,1\n".repeat(500_000))),
        measurements(&lines(100_000, |n| format!("column{n},"))),
        measurements(&lines(300_000, |n| match n {
            0 => "period,value,persona\n".to_owned(),
            _ => format!("2026,1,nobody{n}\n"),
        })),
    ];
    for files in many {
        let printed = bearable(&files);
        let told = printed.matches("\nerror[").count();
        assert!((900..4_000).contains(&told), "{told}: {printed:.2000}");
        assert!(
            printed.contains("there are more findings like this one"),
            "{printed:.2000}"
        );
    }
}

#[test]
fn what_is_quoted_is_not_quoted_whole() {
    let long = "x".repeat(1_500_000);
    for files in [
        persona(&format!("tags: [{long}]\nlast_reviewed: {long}")),
        persona(&format!("evidence: [{long}]")),
        page(&format!("[[{long}]]")),
        measurements(&format!("period,value\n2026,{long}\n")),
        measurements(&format!("{long},value\n")),
    ] {
        let printed = bearable(&files);
        assert!(
            printed.contains("xxx") && printed.len() < 100_000,
            "{printed:.2000}"
        );
    }
}

#[test]
fn what_is_quoted_gives_no_command_to_the_system_that_shows_the_log() {
    let project = Project::sample();
    let fields = "\"x\\n::error::boom\": 1\n\"y\\r\\n  ##[error]boom\": 1\n";
    project.persona("nora-lind", fields);
    let run = project.run(&["check"]).code(1);
    assert!(run.out.contains("boom`"), "{}", run.out);
    let commands = run.out.lines().map(str::trim_start);
    let commands = commands.filter(|line| line.starts_with("::") || line.starts_with("##["));
    assert_eq!(commands.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn a_name_that_many_pages_show_is_as_long_as_a_name() {
    let project = Project::sample();
    let long = "x".repeat(1_000_000);
    let text = project.read(NORA);
    let mut fields = String::new();
    for line in text.lines() {
        match line.split_once(": ") {
            Some((key @ ("name" | "summary"), _)) => {
                let _ = writeln!(fields, "{key}: {long}");
            }
            _ => {
                let _ = writeln!(fields, "{line}");
            }
        }
    }
    project.write(NORA, fields);
    let run = project.run(&["check"]).code(1);
    for message in [
        "`name` has 1000000 characters",
        "`summary` has 1000000 characters",
    ] {
        assert!(run.out.contains(message), "{}", run.out);
    }
    project
        .run(&["build", "-o", "site", "--keep-going"])
        .code(1);
    let all: usize = project.files("site").values().map(Vec::len).sum();
    assert!(all < 6_000_000, "{all}");
}
