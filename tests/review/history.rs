//! Every step of a long history, read from Git's objects, and every case of the table once more as
//! two commits.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::{Date, date};
use personary::check::{self, Difference};
use personary::diagnostic::Diagnostic;
use personary::library::Library;
use personary::review::chronicle::{Chronicle, RECENT, Span, Told};
use personary::review::{Sides, compare};
use personary::schema::Kind;
use personary::source::git::{Repository, Revision, differing};
use tempfile::TempDir;

use super::cases::{CASES, told};
use super::dice::Dice;
use super::project::{State, base, edited, line};

const TODAY: Date = date(2026, 11, 24);

/// A repository whose commits are these states, and their names from the first on.
fn repository(states: &[State]) -> (TempDir, Repository, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(folder.path()).args(arguments);
        git.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE");
        git
    };
    let made = git(&["init", "-q", "--bare"]).status();
    assert!(made.expect("git runs").success());
    let mut import = git(&["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("git runs");
    let mut stream = Vec::new();
    for (number, state) in states.iter().enumerate() {
        write!(
            stream,
            "commit refs/heads/main\ncommitter A <a@example.com> {} +0000\ndata 1\nx\ndeleteall\n",
            1_700_000_000 + number
        )
        .expect("written");
        for (path, text) in state {
            write!(
                stream,
                "M 100644 inline {path}\ndata {}\n{text}\n",
                text.len()
            )
            .expect("written");
        }
    }
    let mut stdin = import.stdin.take().expect("open");
    stdin.write_all(&stream).expect("taken");
    drop(stdin);
    assert!(import.wait().expect("ends").success());
    let commits = git(&["rev-list", "--reverse", "main"]).output();
    let commits = String::from_utf8(commits.expect("git runs").stdout).expect("UTF-8");
    let repository = Repository::find(folder.path()).expect("a repository");
    (
        folder,
        repository,
        commits.lines().map(str::to_owned).collect(),
    )
}

/// Two revisions, read as the command reads them.
fn sides(before: &Arc<Revision>, after: &Arc<Revision>) -> Sides {
    Sides::load(before.clone(), after.clone(), || differing(before, after))
}

/// Something that people do to a project, sensible or not.
fn edit(state: &mut State, dice: &mut Dice) {
    let words = [
        "target",
        "negative",
        "ann",
        "bo",
        "talks",
        "2026-11-01",
        "42",
        "nps",
        "[]",
        "{}",
    ];
    let paths: Vec<String> = state.keys().cloned().collect();
    let path = dice.of(&paths).clone();
    let mut lines: Vec<String> = state[&path].lines().map(str::to_owned).collect();
    let at = dice.below(lines.len());
    match dice.below(12) {
        0 => drop(state.remove(&path)),
        1 => state.extend(base()),
        2 => {
            let base = base();
            let at = dice.below(base.len());
            let (path, text) = base.into_iter().nth(at).expect("a file");
            state.insert(path, text);
        }
        3 => {
            let name = dice.of(&[
                "content/personas/new.md",
                "content/personas/deep/eve.md",
                "static/ann.svg",
            ]);
            state.insert((*name).to_owned(), state[&path].clone());
        }
        4 => drop(state.remove("static/ann.svg")),
        5 if !lines.is_empty() => drop(lines.remove(at)),
        6 if !lines.is_empty() => lines.insert(at, lines[at].clone()),
        7 => lines.insert(
            at,
            (*dice.of(&[
                "status: retired",
                "aliases: [was-here]",
                "- [",
                "[x](no.md)",
            ]))
            .to_owned(),
        ),
        8 => lines.push("A sentence more, with [[ann]] and [[nobody]].".to_owned()),
        _ if !lines.is_empty() => {
            let mut parts: Vec<&str> = lines[at].split(' ').collect();
            let place = dice.below(parts.len());
            parts[place] = words[dice.below(words.len())];
            lines[at] = parts.join(" ");
        }
        _ => {}
    }
    if let Some(text) = state.get_mut(&path) {
        *text = lines.join("\n") + "\n";
    }
    if state.is_empty() {
        *state = base();
    }
}

/// All cases are commits of one repository: each a state before, and the one after.
#[test]
fn every_case_is_told_between_two_commits_as_the_table_says() {
    let states: Vec<State> = CASES
        .iter()
        .flat_map(|case| {
            let before = edited(base(), case.first);
            [before.clone(), edited(before, case.then)]
        })
        .collect();
    let (_folder, repository, commits) = repository(&states);
    let read = |name: &String| Arc::new(repository.revision(name).expect("a commit"));
    let mut wrong = String::new();
    for (case, pair) in CASES.iter().zip(commits.chunks(2)) {
        let sides = sides(&read(&pair[0]), &read(&pair[1]));
        let told: Vec<String> = compare(&sides.old, &sides.new).iter().map(told).collect();
        if told != case.told {
            let told = told.join("\n    ");
            wrong = format!("{wrong}{}:\n    {told}\n", case.name);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn no_step_of_a_long_history_is_too_much() {
    let mut dice = Dice::new(1);
    let mut states = vec![base()];
    for _ in 0..200 {
        let mut next = states.last().expect("one").clone();
        for _ in 0..=dice.below(3) {
            edit(&mut next, &mut dice);
        }
        states.push(next);
    }
    let (_folder, repository, commits) = repository(&states);
    assert_eq!(commits.len(), states.len());
    let read = |name: &String| Arc::new(repository.revision(name).expect("a commit"));
    let mut before = read(&commits[0]);
    let mut whole = Library::load(before.clone());
    let mut alike = 0;
    let (mut comparing, mut loading) = (Duration::ZERO, Duration::ZERO);
    for commit in &commits[1..] {
        let after = read(commit);
        let sides = sides(&before, &after);
        let began = Instant::now();
        let fresh = Library::load(after.clone());
        loading += began.elapsed();
        let began = Instant::now();
        compare(&sides.old, &sides.new);
        comparing += began.elapsed();
        let told = |old: &Library, new: &Library| -> Vec<String> {
            compare(old, new).iter().map(line).collect()
        };
        let shared = told(&sides.old, &sides.new);
        let anew = told(&whole, &fresh);
        let all = Difference::of(&whole, &fresh, TODAY);
        let some = match &sides.update {
            Some(update) => Difference::beside(&sides.old, &sides.new, update, TODAY),
            None => Difference::of(&sides.old, &sides.new, TODAY),
        };
        // What is shared and what is judged again give what everything anew gives. Only of two that
        // bear one name the first is the one that was read first.
        if !has_twins(&whole) && !has_twins(&fresh) {
            alike += 1;
            assert_eq!(shared, anew, "{commit}");
            assert_eq!(names(&some.introduced), names(&all.introduced), "{commit}");
            assert_eq!(names(&some.mended), names(&all.mended), "{commit}");
        }
        (before, whole) = (after, fresh);
    }
    assert!(alike > 50, "{alike}");
    // Files are small here; to compare those that differ is less than to read them all.
    assert!(
        comparing < loading * 2,
        "{comparing:?} to compare, {loading:?} to load"
    );
}

fn names(findings: &[Diagnostic]) -> BTreeSet<String> {
    let name = |f: &Diagnostic| format!("{} {} {}", f.path, f.code, f.message);
    findings.iter().map(name).collect()
}

/// Whether a name means two things.
fn has_twins(library: &Library) -> bool {
    let twins = ["duplicate-id", "alias-clash"];
    check::all(library, TODAY)
        .iter()
        .any(|finding| twins.contains(&finding.code))
}

#[test]
fn an_entity_is_told_as_a_whole_by_its_commits() {
    let goal = |text: &str| {
        let mut state = base();
        let ann = state.get_mut("content/personas/ann.md").expect("Ann");
        *ann = ann.replace("tags: [home]", &format!("tags: [{text}]"));
        state
    };
    let mut states: Vec<State> = (0..7).map(|n| goal(&format!("n{n}"))).collect();
    // One commit that leaves her alone.
    let mut other = states[6].clone();
    other.insert(
        "content/kpis/nps.csv".to_owned(),
        "period,value\n2026-Q1,40\n".to_owned(),
    );
    states.push(other);
    let (folder, repository, commits) = repository(&states);
    let last = repository
        .revision(commits.last().expect("one"))
        .expect("a commit");
    let last = Arc::new(last);
    let library = Library::load(last.clone());
    let chronicle = Chronicle::at(folder.path(), last.commit(), &*last).expect("a history");
    let ann = library.get(Kind::Persona, "ann").expect("Ann");
    assert_eq!(chronicle.life(&library, ann).len(), 7);
    let said = |span: Span| -> Vec<String> {
        let told = chronicle.told(&library, ann, span);
        let lines = told.iter().flat_map(Told::changes);
        let value = |value: &Option<String>| value.clone().unwrap_or_default();
        lines
            .map(|c| format!("{} {}-{}", c.code.name, value(&c.before), value(&c.after)))
            .collect()
    };
    assert_eq!(
        said(Span::Recent),
        [
            "tags-changed n5-n6",
            "tags-changed n4-n5",
            "tags-changed n3-n4",
            "tags-changed n2-n3"
        ]
    );
    assert_eq!(said(Span::Recent).len(), RECENT);
    assert_eq!(
        said(Span::Older),
        ["tags-changed n1-n2", "tags-changed n0-n1", "added -Ann"]
    );
    // Measurements are told with the KPI that they belong to, which the commit left alone.
    let latest = chronicle.latest();
    let newest = &latest[0].entities[0];
    assert_eq!(
        (newest.kind, &*newest.id, &*newest.name),
        (Kind::Kpi, "nps", "NPS")
    );
    assert!(
        latest[0]
            .changes()
            .all(|c| c.code.name.starts_with("measurement-"))
    );
}
