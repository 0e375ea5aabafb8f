use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::{Library, Update};
use crate::check::{self, Findings};
use crate::schema::Kind;
use crate::source::Folder;

/// A project on disk that changes.
struct Project {
    folder: tempfile::TempDir,
    library: Library,
    findings: Findings,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in files {
            write(folder.path(), path, text);
        }
        let tree = Folder::open(folder.path()).expect("the folder");
        let library = Library::load(Arc::new(tree));
        let findings = Findings::of(&library);
        Self {
            folder,
            library,
            findings,
        }
    }

    /// Writes a file, or removes it, and updates the library. Afterwards the findings must be the
    /// ones of a library that is loaded anew.
    fn save(&mut self, path: &str, text: Option<&str>) -> Update {
        match text {
            Some(text) => write(self.folder.path(), path, text),
            None => fs::remove_file(self.folder.path().join(path)).expect("a file"),
        }
        let update = self.library.update([path]);
        let looked_at = update.affected.iter().chain(&update.removed).copied();
        self.findings.refresh(&self.library, looked_at);
        let tree = Folder::open(self.folder.path()).expect("the folder");
        let mut kept: Vec<_> = self.findings.iter().cloned().collect();
        kept.sort_by(crate::diagnostic::Diagnostic::order);
        assert_eq!(kept, check::all(&Library::load(Arc::new(tree))));
        update
    }

    fn codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<_> = self.findings.iter().map(|f| f.code).collect();
        codes.sort_unstable();
        codes
    }
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

const TEAM: &str = "---\nname: Team\ncontact: x\n---\n";

#[test]
fn a_save_looks_only_at_what_it_touches() {
    let mut files = vec![("content/teams/cx.md".to_owned(), TEAM.to_owned())];
    for n in 0..200 {
        files.push((
            format!("content/pages/p{n}.md"),
            "---\nowner: cx\n---\n# P\n".to_owned(),
        ));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (&**p, &**t)).collect();
    let mut project = Project::new(&files);
    let update = project.save(
        "content/teams/cx.md",
        Some("---\nname: Other\ncontact: y\n---\n"),
    );
    assert_eq!(update.affected.len(), 1);
    let update = project.save("content/pages/p7.md", Some("# Without an owner\n"));
    assert_eq!(update.affected.len(), 2, "the page and the team it named");
}

#[test]
fn whoever_refers_to_a_file_learns_that_it_came_or_went() {
    let mut project = Project::new(&[
        ("content/teams/cx.md", TEAM),
        (
            "content/pages/p.md",
            "---\nowner: cx\n---\n[t](../teams/cx.md) [[dx]]\n",
        ),
    ]);
    assert_eq!(project.codes(), ["broken-link"]);
    project.save("content/teams/dx.md", Some(TEAM));
    assert!(project.codes().is_empty());
    let update = project.save("content/teams/cx.md", None);
    assert_eq!(update.removed.len(), 1);
    assert_eq!(project.codes(), ["broken-link", "unknown-ref"]);
    project.save(
        "content/teams/dx.md",
        Some("---\nname: T\ncontact: x\naliases: [cx]\n---\n"),
    );
    // In the front matter and in the text.
    assert_eq!(project.codes(), ["deprecated-ref", "deprecated-ref"]);
    assert!(
        project
            .library
            .find(Kind::Team, "cx")
            .is_some_and(|f| f.by_alias)
    );
}

#[test]
fn a_page_that_lets_go_of_a_team_makes_it_an_orphan() {
    let mut project = Project::new(&[
        ("content/teams/cx.md", TEAM),
        ("content/pages/p.md", "---\nowner: cx\n---\n"),
    ]);
    assert!(project.codes().is_empty());
    project.save("content/pages/p.md", Some("# P\n"));
    assert_eq!(project.codes(), ["orphan"]);
    project.save("content/pages/p.md", Some("[[cx]]\n"));
    assert!(project.codes().is_empty());
}

#[test]
fn a_broken_file_keeps_its_last_good_state_and_shows_all_its_findings() {
    let mut project = Project::new(&[
        ("content/teams/cx.md", TEAM),
        ("content/pages/p.md", "---\nname: Good\nowner: cx\n---\n"),
        ("content/pages/q.md", "---\nowner: cx\n---\n"),
    ]);
    project.save(
        "content/pages/p.md",
        Some("---\nname: [Bad]\nowner: dx\n---\n"),
    );
    assert_eq!(project.codes(), ["schema", "unknown-ref"]);
    let page = project
        .library
        .get(Kind::Page, "p")
        .map(super::Entity::name);
    assert_eq!(page, Some("Good"));
    project.save(
        "content/pages/p.md",
        Some("---\nname: Mended\nowner: cx\n---\n"),
    );
    assert!(project.codes().is_empty());
}

#[test]
fn a_stage_that_goes_is_missed_by_the_measurements_of_it() {
    let journey = |stage: &str| {
        format!(
            "---\nname: J\npersonas: [p]\nscenario: S\nstate: current\nowner: cx\nstages:\n  - id: {stage}\n    name: A\n    steps:\n      - action: X\n        emotion: 1\n        kpis: [nps]\n---\n"
        )
    };
    let mut project = Project::new(&[
        ("content/teams/cx.md", TEAM),
        ("content/journeys/j.md", &journey("decide")),
        (
            "content/kpis/nps.md",
            "---\nname: NPS\nkind: nps\nclass: perception\nunit: points\ndirection: up\ncadence: monthly\nowner: cx\n---\n",
        ),
        (
            "content/kpis/nps.csv",
            "period,value,journey,stage\n2026-01,1,j,decide\n",
        ),
    ]);
    let before = project.codes();
    project.save("content/journeys/j.md", Some(&journey("choose")));
    let after = project.codes();
    assert_eq!(after.len(), before.len() + 1, "{before:?} {after:?}");
    project.save(
        "content/kpis/nps.csv",
        Some("period,value,journey,stage\n2026-01,1,j,choose\n"),
    );
    assert_eq!(project.codes(), before);
}
