//! The rules by example: in `tests/rules/RULE.md` small projects, and what each is told.
//!
//! Every case starts from the project in `tests/rules/common.md`, which is clean. It begins with a
//! heading; below it stand files, each as a code block under a line with its path in backticks, and
//! changes of files, each as a line that says which text `becomes` which. Last comes a block of the
//! findings in the order of reports: `severity rule path:line:column text underlined`, and below it
//! what people read. Only those of the rule after which the file is named are compared.
//!
//! `cargo test --test rules -- --nocapture` with `BLESS=1` writes what is found in place of what was
//! expected; read the difference before you commit it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::{Date, date};
use personary::check;
use personary::diagnostic::Diagnostic;
use personary::library::Library;
use personary::source::{Folder, Memory};

const TODAY: Date = date(2026, 11, 24);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

/// One case: its heading, its files, what is expected, and the lines of the expectation's block.
struct Case {
    title: String,
    files: BTreeMap<String, String>,
    edits: Vec<(String, String, String)>,
    expected: String,
    block: std::ops::Range<usize>,
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut path: Option<String> = None;
    let mut block: Option<(usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        if let Some((start, content)) = &mut block {
            if line != "````" {
                content.push_str(line);
                content.push('\n');
                continue;
            }
            let (start, content) = (*start, content.clone());
            block = None;
            let case = cases.last_mut().expect("a heading before the first block");
            if let Some(path) = path.take() {
                case.files.insert(path, content);
            } else {
                case.expected = content;
                case.block = start + 1..number;
            }
        } else if let Some(title) = line.strip_prefix("## ") {
            cases.push(Case {
                title: title.to_owned(),
                files: BTreeMap::new(),
                edits: Vec::new(),
                expected: String::new(),
                block: 0..0,
            });
        } else if line.starts_with("````") {
            block = Some((number, String::new()));
        } else if let Some(edit) = line.strip_prefix("- `") {
            let parts = edit.strip_suffix('`').and_then(|edit| {
                let (path, texts) = edit.split_once("`: `")?;
                let (old, new) = texts.split_once("` becomes `")?;
                let text = |text: &str| text.replace("\\n", "\n");
                Some((path.to_owned(), text(old), text(new)))
            });
            let case = cases.last_mut().expect("a heading before the first change");
            case.edits.push(parts.expect("`path`: `old` becomes `new`"));
        } else if let Some(name) = line.strip_prefix('`').and_then(|l| l.strip_suffix('`')) {
            path = Some(name.to_owned());
        }
    }
    cases
}

/// The same, and what people read.
fn whole(finding: &Diagnostic) -> String {
    let help = finding.help.as_deref().unwrap_or_default();
    format!("{}\n  {}\n  help: {help}", line(finding), finding.message)
}

/// `warn stale-evidence content/personas/p.md:12:3 text`.
fn line(finding: &Diagnostic) -> String {
    let start = finding.start();
    let place = finding.place.clone().unwrap_or_default();
    let culprit = &place.excerpt.text[place.excerpt.span.clone()];
    let culprit = culprit.lines().next().unwrap_or_default();
    format!(
        "{} {} {}:{}:{} {culprit}",
        finding.severity, finding.code, finding.path, start.line, start.column
    )
    .trim_end()
    .to_owned()
}

fn findings(files: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    let tree = files.iter().fold(Memory::default(), |tree, (path, text)| {
        tree.with(path, text.as_str())
    });
    check::all(&Library::load(Arc::new(tree)), TODAY)
}

#[test]
fn every_rule_fires_where_it_should_and_only_there() {
    let common = std::fs::read_to_string(folder().join("common.md")).expect("common.md");
    let common = cases(&common).remove(0).files;
    let clean: Vec<String> = findings(&common).iter().map(line).collect();
    assert_eq!(clean, [""; 0], "the common project");
    let mut problems = String::new();
    for rule in check::abouts() {
        // What reading finds has its tests beside the readers.
        let path = folder().join(format!("{}.md", rule.name));
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (mut told, mut silent) = (0, 0);
        for case in cases(&text).into_iter().rev() {
            let mut files = common.clone();
            files.extend(case.files.clone());
            for (path, old, new) in &case.edits {
                let text = files
                    .get_mut(path)
                    .unwrap_or_else(|| panic!("{}: no {path}", rule.name));
                assert!(
                    text.contains(old),
                    "{}, {}: no {old:?}",
                    rule.name,
                    case.title
                );
                *text = text.replacen(old, new, 1);
            }
            let found: Vec<String> = findings(&files)
                .iter()
                .filter(|finding| finding.code == rule.name)
                .map(whole)
                .collect();
            if found.is_empty() {
                silent += 1;
            } else {
                told += 1;
            }
            let mut found = found.join("\n");
            if !found.is_empty() {
                found.push('\n');
            }
            if found != case.expected {
                let title = &case.title;
                write!(
                    problems,
                    "\n{}: {title}\nexpected:\n{}found:\n{found}",
                    rule.name, case.expected
                )
                .expect("written");
                lines.splice(case.block, found.lines().map(str::to_owned));
            }
        }
        if told == 0 || silent == 0 {
            write!(
                problems,
                "\n{}: {told} cases are told of and {silent} are not\n",
                rule.name
            )
            .expect("written");
        }
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, lines.join("\n") + "\n").expect("written");
        }
    }
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn every_judgement_has_its_examples() {
    use personary::diagnostic::rule::Group;

    let lacking: Vec<&str> = check::abouts()
        .into_iter()
        .filter(|rule| rule.group != Group::Structure)
        .map(|rule| rule.name)
        .filter(|name| !folder().join(format!("{name}.md")).is_file())
        .collect();
    assert_eq!(lacking, [""; 0]);
}

#[test]
fn every_rule_is_explained() {
    let mut names = std::collections::BTreeSet::new();
    for rule in check::abouts() {
        let name = rule.name;
        assert!(names.insert(name), "{name} is there twice");
        for (part, text) in [
            ("summary", rule.summary),
            ("what", rule.what),
            ("why", rule.why),
            ("fails", rule.fails),
            ("repair", rule.repair),
        ] {
            assert!(!text.trim().is_empty(), "{name} has no {part}");
            let prose = matches!(part, "summary" | "what" | "why");
            assert!(
                !prose || !text.contains("  "),
                "{name}: {part} has stray blanks"
            );
        }
        assert!(!rule.summary.ends_with('.'), "{name}");
        assert_ne!(rule.fails, rule.repair, "{name}");
        for threshold in rule.thresholds {
            assert!(
                threshold.unit.allows(threshold.default),
                "{name}: {}",
                threshold.name
            );
            assert!(!threshold.doc.ends_with('.'), "{name}: {}", threshold.name);
        }
    }
}

/// A change of the sample that plants one of the seven mistakes.
struct Plant {
    rule: &'static str,
    /// Path, text and what stands in its place; the first one is where it is reported.
    edits: &'static [(&'static str, &'static str, &'static str)],
    /// What the reported line begins with.
    at: &'static str,
}

const PLANTS: [Plant; 8] = [
    Plant {
        rule: "ideal-buyer",
        edits: &[
            (
                "content/personas/victor-strand.md",
                "\nevidence: [fleet-crm-2026, lost-deal-interviews-2026]",
                "\nevidence: [lost-deal-interviews-2026]",
            ),
            (
                "content/personas/victor-strand.md",
                "fleet-crm-2026",
                "lost-deal-interviews-2026",
            ),
            (
                "content/personas/victor-strand.md",
                "[lost-deal-interviews-2026, lost-deal-interviews-2026]",
                "[lost-deal-interviews-2026]",
            ),
        ],
        at: "evidence: [lost-deal-interviews-2026]",
    },
    Plant {
        rule: "demographic-only",
        edits: &[(
            "content/personas/dez-fowler.md",
            "motivations:\n  - id: loophole\n    text: Likes finding the gap in the terms.\n",
            "motivations: []\n",
        )],
        at: "motivations: []",
    },
    Plant {
        rule: "near-duplicate",
        edits: &[],
        at: "goals:",
    },
    Plant {
        rule: "stale-evidence",
        edits: &[
            (
                "content/personas/dez-fowler.md",
                "status: active",
                "status: active\n# as if the others had never been asked",
            ),
            (
                "content/evidence/app-analytics-2026.md",
                "to: 2026-09-30",
                "to: 2024-09-30",
            ),
            (
                "content/evidence/support-tickets-2026.md",
                "to: 2026-09-30",
                "to: 2024-10-31",
            ),
            (
                "content/evidence/cancellation-calls-2026.md",
                "to: 2026-10-09",
                "to: 2024-10-09",
            ),
        ],
        at: "  evidence: support-tickets-2026",
    },
    Plant {
        rule: "not-reviewed",
        edits: &[(
            "content/personas/amara-nwosu.md",
            "last_reviewed: 2026-10-19",
            "last_reviewed: 2025-10-19",
        )],
        at: "last_reviewed: 2025-10-19",
    },
    Plant {
        rule: "assumption-based",
        edits: &[(
            "content/personas/ruth-adeyinka.md",
            "basis: qualitative",
            "basis: proto",
        )],
        at: "basis: proto",
    },
    Plant {
        rule: "no-negative-persona",
        edits: &[
            (
                "content/personas/amara-nwosu.md",
                "name: Amara Nwosu",
                "name: Amara Nwosu",
            ),
            (
                "content/personas/victor-strand.md",
                "status: active",
                "status: draft",
            ),
            (
                "content/personas/dez-fowler.md",
                "status: active",
                "status: draft",
            ),
        ],
        at: "stance: target",
    },
    Plant {
        rule: "negative-targeted",
        edits: &[(
            "content/journeys/breakdown-day.md",
            "personas: [bea-holloway]",
            "personas: [bea-holloway, dez-fowler]",
        )],
        at: "personas: [bea-holloway, dez-fowler]",
    },
];

/// The sample of this repository.
fn sample() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeMap::new();
    let folder = Folder::open(root).expect("the sample");
    for part in ["content", "static"] {
        let listed = personary::source::Tree::list(&folder, part);
        for path in listed.files {
            let text = std::fs::read_to_string(root.join(&*path)).unwrap_or_default();
            files.insert(path.to_string(), text);
        }
    }
    let settings = std::fs::read_to_string(root.join("personary.yaml")).expect("settings");
    files.insert("personary.yaml".to_owned(), settings);
    files
}

#[test]
fn the_sample_has_no_errors_and_no_warnings() {
    let found: Vec<String> = findings(&sample())
        .iter()
        .filter(|finding| finding.severity > personary::diagnostic::Severity::Info)
        .map(line)
        .collect();
    assert_eq!(found, [""; 0]);
}

#[test]
fn each_planted_mistake_is_told_by_its_rule_where_it_stands_and_by_no_other() {
    let mut clean = sample();
    // A translation would tell, too, that its original has changed.
    clean.retain(|path, _| !path.contains(".de."));
    let before: Vec<String> = findings(&clean).iter().map(line).collect();
    for plant in PLANTS {
        let mut files = clean.clone();
        let mut path = "";
        for (index, (file, old, new)) in plant.edits.iter().enumerate() {
            let text = files.get_mut(*file).expect("a file of the sample");
            assert!(text.contains(old), "{}: {file} has no {old:?}", plant.rule);
            *text = text.replace(old, new);
            if index == 0 {
                path = file;
            }
        }
        if plant.edits.is_empty() {
            // A copy with another name, for whom somebody has drawn a journey in a hurry.
            path = "content/personas/zoe-copied.md";
            let copy = clean["content/personas/wil-de-groot.md"]
                .replace("name: Wil de Groot", "name: Zoe Copied");
            files.insert(path.to_owned(), copy);
            let journey = files
                .get_mut("content/journeys/winter-riders.md")
                .expect("a journey");
            *journey = journey.replacen("wil-de-groot", "wil-de-groot, zoe-copied", 1);
        }
        let after = findings(&files);
        let new: Vec<&Diagnostic> = after
            .iter()
            .filter(|finding| !before.contains(&line(finding)))
            .collect();
        let shown: Vec<String> = new.iter().map(|finding| line(finding)).collect();
        assert!(
            new.len() == 1 && new[0].code == plant.rule && *new[0].path == *path,
            "{}: {shown:#?}",
            plant.rule
        );
        let number = new[0].start().line as usize;
        let text = files[path].lines().nth(number - 1).unwrap_or_default();
        assert!(
            text.starts_with(plant.at),
            "{}: line {number} is {text:?}",
            plant.rule
        );
    }
}
