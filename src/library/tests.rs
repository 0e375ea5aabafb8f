use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::{Entity, Library, Update};
use crate::check::{self, Findings};
use crate::schema::Kind;
use crate::source::{Folder, Memory};

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 24);

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
        let findings = Findings::of(&library, TODAY);
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
        self.findings.refresh(&self.library, &update);
        let tree = Folder::open(self.folder.path()).expect("the folder");
        let mut kept: Vec<_> = self.findings.iter().cloned().collect();
        kept.sort_by(crate::diagnostic::Diagnostic::order);
        assert_eq!(kept, check::all(&Library::load(Arc::new(tree)), TODAY));
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
fn suggestions_follow_the_ids_that_come_and_go() {
    let mut project = Project::new(&[
        ("content/teams/cx.md", TEAM),
        (
            "content/pages/p.md",
            "---\nowner: cx-reserch\n---\n[[term:customers]]\n",
        ),
        ("content/kpis/k.md", &KPI.replace("owner: cx\n", "")),
    ]);
    assert!(project.codes().contains(&"kpi-without-owner"));
    let helps = |project: &Project, id: &str| {
        let helps = project.findings.iter().filter_map(|f| f.help.as_deref());
        helps.filter(|help| help.contains(id)).count()
    };
    project.save("content/teams/cx-research.md", Some(TEAM));
    assert_eq!(helps(&project, "cx-research"), 1);
    project.save("content/teams/cx-research.md", None);
    // The right id of the wrong kind.
    project.save("content/teams/customers.md", Some(TEAM));
    assert_eq!(helps(&project, "`customers` is the id of a team"), 1);
    project.save("content/teams/customers.md", None);
    project.save("content/teams/ax.md", Some(TEAM));
    assert_eq!(helps(&project, "owner: ax"), 1);
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

/// Two files of one id, the first by path deleted and written again: it is the first again.
#[test]
fn of_two_with_one_name_the_first_by_path_is_meant_whenever_it_came() {
    let alias = "---\nname: Same\naliases: [old]\n---\n";
    let mut project = Project::new(&[
        ("content/pages/a.md", alias),
        ("content/pages/b.md", alias),
        ("content/pages/c.md", "[old](old.md)\n"),
    ]);
    project.save("content/pages/a.md", None);
    project.save("content/pages/c.md", None);
    // It gets the place of the one that went last, behind `b`.
    project.save("content/pages/0.md", Some("# Another\n"));
    project.save("content/pages/a.md", Some(alias));
    let pages = project.library.of_kind(Kind::Page);
    let paths: Vec<&str> = pages.map(|page| &*page.document.path).collect();
    assert_eq!(paths[1..], ["content/pages/a.md", "content/pages/b.md"]);
    let found = project.library.resolve_name(Some(Kind::Page), "old");
    let found = found.expect("a page").entity;
    assert_eq!(&*found.document.path, "content/pages/a.md");
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

#[test]
fn a_table_that_changes_is_read_again_for_all_kpis_that_name_it() {
    let kpi = |sheet: &str| {
        format!(
            "---\nname: K\nkind: nps\nclass: perception\nunit: points\ndirection: up\n\
             cadence: monthly\nowner: cx\n{sheet}---\n"
        )
    };
    let mut project = Project::new(&[
        ("content/teams/cx.md", TEAM),
        ("content/kpis/a.md", &kpi("")),
        ("content/kpis/b.md", &kpi("measurements: a.csv\n")),
        ("content/kpis/c.md", &kpi("measurements: a.csv\n")),
        ("content/kpis/a.csv", "period,value\n2026-01,1\n"),
    ]);
    let values = |project: &Project| {
        let kpis = project.library.of_kind(Kind::Kpi);
        let rows = kpis.map(|kpi| kpi.measurements.as_ref().map_or(&[][..], |m| &m.rows));
        let values = rows.map(|rows| rows.iter().map(|row| row.value).sum());
        values.collect::<Vec<f64>>()
    };
    assert_eq!(values(&project), [1.0, 1.0, 1.0]);
    let change = |project: &mut Project, value: u8| {
        let sheet = format!("period,value\n2026-01,{value}\n");
        project.save("content/kpis/a.csv", Some(&sheet));
        values(project)
    };
    assert_eq!(change(&mut project, 2), [2.0, 2.0, 2.0]);
    // What is beside it reads another one, and one that is broken keeps what it had.
    project.save("content/kpis/a.md", Some(&kpi("measurements: d.csv\n")));
    project.save("content/kpis/c.md", Some("---\nmeasurements: a.csv\n---\n"));
    assert_eq!(change(&mut project, 3), [0.0, 3.0, 2.0]);
    project.save("content/kpis/c.md", Some(&kpi("measurements: a.csv\n")));
    project.save("content/kpis/b.md", None);
    assert_eq!(change(&mut project, 4), [0.0, 4.0]);
    project.save("content/kpis/d.csv", Some("period,value\n2026-01,5\n"));
    assert_eq!(values(&project), [5.0, 4.0]);
}

#[test]
fn mistakes_in_a_table_that_two_kpis_name_are_told_in_one_order_however_these_came() {
    let kpi = "---\nname: K\nkind: nps\nclass: perception\nunit: points\ndirection: up\n\
               cadence: monthly\nowner: cx\nmeasurements: a.csv\n---\n";
    let mut project = Project::new(&[
        ("content/teams/cx.md", TEAM),
        ("content/kpis/a.md", kpi),
        ("content/kpis/b.md", kpi),
        ("content/kpis/a.csv", "period,value,persona\n2026-01,1,x\n"),
    ]);
    project.save("content/kpis/a.md", None);
    project.save("content/kpis/b.md", None);
    project.save("content/kpis/a.md", Some(kpi));
    project.save("content/kpis/b.md", Some(kpi));
    let unknown = project.codes().into_iter().filter(|c| *c == "unknown-ref");
    assert_eq!(unknown.count(), 2);
}

#[test]
fn a_link_in_a_translation_is_judged_again_with_what_it_leads_to() {
    let one = "---\nname: One\nowner: cx\n---\n## First\n";
    let mut project = Project::new(&[
        ("personary.yaml", "title: T\nlanguages: [de]\n"),
        ("content/teams/cx.md", TEAM),
        ("content/pages/one.md", one),
        (
            "content/pages/one.de.md",
            "---\nname: Eins\n---\n## First\n",
        ),
        (
            "content/pages/two.md",
            "---\nname: Two\nowner: cx\n---\nText\n",
        ),
        (
            "content/pages/two.de.md",
            "---\nname: Zwei\n---\n[Eins](one.md#first), [[three]]\n",
        ),
    ]);
    assert!(!project.codes().contains(&"broken-anchor"));
    let other = "---\nname: Eins\n---\n## Erstens\n";
    project.save("content/pages/one.de.md", Some(other));
    assert!(project.codes().contains(&"broken-anchor"));
    project.save("content/pages/one.md", None);
    let broken = |project: &Project| {
        let codes = project.codes().into_iter();
        codes.filter(|code| *code == "broken-link").count()
    };
    assert_eq!(broken(&project), 2);
    project.save("content/pages/one.md", Some(one));
    assert_eq!(broken(&project), 1);
    // A name that is near is suggested, and one that is right is found whatever bears it.
    project.save("content/pages/threes.md", Some(one));
    assert_eq!(broken(&project), 1);
    project.save("content/teams/three.md", Some(TEAM));
    assert_eq!(broken(&project), 0);
}

#[test]
fn a_file_that_gave_way_to_a_folder_of_its_name_is_gone() {
    let page = "---\nname: A\nowner: cx\n---\n";
    let mut project = Project::new(&[
        ("content/teams/cx.md", TEAM),
        ("content/pages/a.md", page),
        ("static/a.svg", "<svg/>"),
    ]);
    for path in ["content/pages/a.md", "static/a.svg"] {
        fs::remove_file(project.folder.path().join(path)).expect("removed");
        write(project.folder.path(), &format!("{path}/b.md"), page);
        // Both are news, in whatever order the system tells.
        project.library.update([path, &format!("{path}/b.md")]);
    }
    let all = project.library.all();
    let mut paths: Vec<&str> = all.map(|(_, entity)| &*entity.document.path).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["content/pages/a.md/b.md", "content/teams/cx.md"]);
    assert!(!project.library.has_asset("static/a.svg"));
    assert!(project.library.has_asset("static/a.svg/b.md"));
}

#[test]
fn whom_a_link_without_a_kind_reaches_no_more_may_be_an_orphan() {
    let mut project = Project::new(&[
        ("content/teams/cx.md", TEAM),
        ("content/teams/x.md", TEAM),
        (
            "content/pages/a.md",
            "---\nname: A\nowner: cx\n---\n[[x]]\n",
        ),
    ]);
    let is_orphan = |project: &Project| {
        let mut all = project.findings.iter();
        all.any(|f| f.code == "orphan" && *f.path == *"content/teams/x.md")
    };
    assert!(!is_orphan(&project));
    project.save("content/personas/x.md", Some(PERSONA));
    assert!(is_orphan(&project));
    project.save("content/personas/x.md", None);
    assert!(!is_orphan(&project));
}

const PERSONA: &str = "---\nname: P\nmarket: b2c\nstance: target\nstatus: active\nbasis: statistical\nowner: cx\nsummary: S\nlast_reviewed: 2026-11-01\nsegments: [s]\ngoals:\n  - id: g\n    text: A goal that is told in enough words to be compared with those of other people here.\n    evidence: [e]\nmotivations: [{text: M, evidence: [e]}]\npains: [{text: P, evidence: [e]}]\nb2c: {}\nevidence: [e]\n---\n";
const EVIDENCE: &str = "---\nname: E\nmethod: analytics\npopulation: actual\ncollected: {from: 2026-01-01, to: 2026-09-30}\nn: 50\nowner: cx\n---\n";
const JOURNEY: &str = "---\nname: J\npersonas: [p]\nscenario: S\nstate: future\nowner: cx\nstages:\n  - id: a\n    name: A\n    steps:\n      - {action: A, emotion: 1, opportunities: [O]}\n---\n";
const KPI: &str = "---\nname: K\nkind: custom\nclass: outcome\nunit: u\ndirection: up\ntarget: {value: 1}\ncadence: monthly\nowner: cx\nserves: ['persona:p#g']\n---\n";

/// A persona not to serve.
fn negative() -> String {
    let text = PERSONA.replace(
        "stance: target",
        "stance: negative\nnegative: {reason: They never pay us., drain: Hours of talk each week.}",
    );
    text.replace(
        "A goal that is told",
        "What nobody else would ever say is told",
    )
}

/// A file, what is written into it (nothing: it is removed), and what is found then.
type Step = (&'static str, Option<String>, &'static [&'static str]);

fn steps() -> Vec<Step> {
    let edit = |from: &str, to: &str, text: &str| Some(text.replace(from, to));
    let negative = negative();
    vec![
        (
            "evidence/e.md",
            edit("to: 2026", "to: 2025", EVIDENCE),
            &["stale-evidence", "stale-evidence"][..],
        ),
        (
            "evidence/e.md",
            edit("actual", "ideal", EVIDENCE),
            &["ideal-buyer", "ideal-buyer"],
        ),
        ("evidence/e.md", Some(EVIDENCE.to_owned()), &[]),
        (
            "personas/no.md",
            edit("status: active", "status: draft", &negative),
            &["no-negative-persona"],
        ),
        ("personas/no.md", Some(negative.clone()), &[]),
        (
            "journeys/j.md",
            edit("[p]", "[p, no]", JOURNEY),
            &["negative-targeted"],
        ),
        (
            "personas/no.md",
            edit("status: active", "status: draft", &negative),
            &["no-negative-persona"],
        ),
        (
            "personas/no.md",
            Some(negative.clone()),
            &["negative-targeted"],
        ),
        ("journeys/j.md", None, &["persona-without-journey"]),
        ("journeys/j.md", Some(JOURNEY.to_owned()), &[]),
        (
            "kpis/k.md",
            edit("#g'", "#goals'", KPI),
            &["goal-without-kpi"],
        ),
        ("kpis/k.md", None, &["goal-without-kpi"]),
        ("kpis/k.md", Some(KPI.to_owned()), &[]),
        (
            "personas/q.md",
            Some(PERSONA.to_owned()),
            &[
                "goal-without-kpi",
                "near-duplicate",
                "persona-without-journey",
            ],
        ),
        (
            "personas/p.md",
            edit(
                "A goal that is told",
                "Something else that is now told",
                PERSONA,
            ),
            &["goal-without-kpi", "persona-without-journey"],
        ),
        (
            "personas/p.md",
            Some(PERSONA.to_owned()),
            &[
                "goal-without-kpi",
                "near-duplicate",
                "persona-without-journey",
            ],
        ),
        (
            "personas/p.md",
            None,
            &[
                "goal-without-kpi",
                "persona-without-journey",
                "unknown-ref",
                "unknown-ref",
            ],
        ),
        (
            "personas/p.md",
            Some(PERSONA.to_owned()),
            &[
                "goal-without-kpi",
                "near-duplicate",
                "persona-without-journey",
            ],
        ),
        ("personas/q.md", None, &[]),
    ]
}

/// After each save the findings must be those of a library that is loaded anew, which
/// [`Project::save`] compares; here it is only said what should come and go.
#[test]
fn rules_that_look_at_others_follow_every_save() {
    let negative = negative();
    let mut project = Project::new(&[
        ("content/teams/cx.md", TEAM),
        ("content/segments/s.md", "---\nname: S\nsummary: S\n---\n"),
        ("content/evidence/e.md", EVIDENCE),
        ("content/personas/p.md", PERSONA),
        ("content/personas/no.md", &negative),
        ("content/journeys/j.md", JOURNEY),
        ("content/kpis/k.md", KPI),
    ]);
    // Nothing lists the KPI, which is not what this is about.
    assert_eq!(project.codes(), ["orphan"]);
    for (path, text, codes) in steps() {
        project.save(&format!("content/{path}"), text.as_deref());
        let mut found = project.codes();
        found.retain(|code| *code != "orphan");
        assert_eq!(found, codes, "{path}: {text:?}");
    }
}

#[test]
fn a_segment_counts_its_personas_through_every_save() {
    let person = |n: usize, status: &str| {
        let text = PERSONA.replace("status: active", &format!("status: {status}"));
        text.replace(
            "A goal that is told",
            &format!("Number{n} goals{n} that{n} are{n} told{n} otherwise{n}"),
        )
    };
    let mut files = vec![
        ("content/teams/cx.md".to_owned(), TEAM.to_owned()),
        (
            "content/segments/s.md".to_owned(),
            "---\nname: S\nsummary: S\naliases: [old]\n---\n".to_owned(),
        ),
        ("content/evidence/e.md".to_owned(), EVIDENCE.to_owned()),
    ];
    files.extend((0..8).map(|n| (format!("content/personas/p{n}.md"), person(n, "active"))));
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (&**p, &**t)).collect();
    let mut project = Project::new(&files);
    let too_many = |project: &Project| project.codes().contains(&"too-many-personas");
    assert!(too_many(&project));
    project.save("content/personas/p3.md", Some(&person(3, "draft")));
    assert!(!too_many(&project));
    project.save(
        "content/personas/p3.md",
        Some(&person(3, "active").replace("[s]", "[old]")),
    );
    assert!(too_many(&project), "by its former id");
    project.save("content/personas/p4.md", None);
    assert!(!too_many(&project));
}

#[test]
fn a_library_beside_another_shares_all_but_the_files_that_differ() {
    let term = |text: &str| format!("---\nname: Word\ndefinition: {text}\n---\n");
    let before = Memory::default()
        .with("content/terms/ann.md", term("Ride"))
        .with("content/terms/bo.md", term("Sleep"))
        .with("content/terms/cy.md", term("Eat"));
    let after = Memory::default()
        .with("content/terms/ann.md", "---\n{broken\n---\n")
        .with("content/terms/bo.md", term("Sleep"))
        .with("content/terms/di.md", term("Swim"));
    let before = Library::load(Arc::new(before));
    let changed = ["ann", "cy", "di"].map(|id| format!("content/terms/{id}.md"));
    let after = before.beside(Arc::new(after), changed.iter().map(String::as_str));
    let ids = |library: &Library| {
        let mut ids: Vec<String> = library.ids(Kind::Term).map(str::to_owned).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids(&before), ["ann", "bo", "cy"]);
    assert_eq!(ids(&after), ["ann", "bo", "di"]);
    let get = |library: &'_ Library, id: &str| -> *const Entity {
        library.get(Kind::Term, id).expect("a term")
    };
    assert_eq!(get(&before, "bo"), get(&after, "bo"));
    let broken = after.get(Kind::Term, "ann").expect("a term");
    assert!(broken.data.is_none() && broken.broken.is_none());
    let sound = before.get(Kind::Term, "ann").expect("a term");
    assert!(sound.data.is_some() && sound.broken.is_none());
}
