use super::*;

fn commit(files: Vec<Touched>) -> Commit {
    Commit {
        id: "a".into(),
        author: "Ada".into(),
        time: jiff::Timestamp::default(),
        day: jiff::civil::date(2026, 9, 14),
        subject: "x".into(),
        cut: false,
        files,
    }
}

fn touched(path: &str, how: How) -> Touched {
    Touched {
        path: path.into(),
        how,
        before: None,
        after: None,
    }
}

/// The history of this repository, told for a project in German too.
fn chronicle() -> Chronicle {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let history = History::read(root).expect("a repository");
    let tree = Memory::default().with("personary.yaml", "title: T\nlanguages: [en, de]\n");
    Chronicle::new(Arc::new(history), &tree)
}

#[test]
fn an_entity_is_followed_through_its_renames_and_with_its_table() {
    let library = Library::load(Arc::new(Memory::default()));
    let chronicle = chronicle();
    let mut followed = Followed::new(&library, Kind::Kpi, "score");
    let newest = commit(vec![
        touched("content/kpis/score.csv", How::Edited),
        touched("content/kpis/score.de.md", How::Added),
        touched("content/personas/score.md", How::Edited),
        touched(
            "content/kpis/score.md",
            How::Renamed("content/kpis/nps.md".into()),
        ),
        touched("content/kpis/other.md", How::Edited),
    ]);
    let older = commit(vec![
        touched("content/kpis/nps.md", How::Added),
        touched("content/_drafts/nps.md", How::Added),
    ]);
    let mut names = |commit: &Commit| {
        let files = chronicle.files(commit, Some(&mut followed));
        let names = files.iter().map(|t| t.path.to_string());
        names.collect::<Vec<_>>()
    };
    assert_eq!(
        names(&newest),
        [
            "content/kpis/score.csv",
            "content/kpis/score.de.md",
            "content/kpis/score.md"
        ]
    );
    assert_eq!(names(&older), ["content/kpis/nps.md"]);
    assert_eq!(chronicle.files(&newest, None).len(), 5);
}

#[test]
fn changes_are_told_by_entity_with_what_it_was_and_where() {
    let library = |files: &[(&str, &str)]| {
        let tree = files.iter().fold(Memory::default(), |tree, (path, text)| {
            tree.with(path, *text)
        });
        Library::load(Arc::new(tree))
    };
    let text = |status: &str, goal: &str| {
        format!(
            "---\nname: Ann\nsummary: s\nowner: t\nmarket: b2c\nstance: target\nb2c: {{}}\nbasis: proto\nstatus: {status}\ngoals:\n  - {{id: ride, text: {goal}}}\n---\n"
        )
    };
    let (before, after) = (
        text("draft", "Ride to the station on dry days without a ticket"),
        text("active", "Ride to the station on all days without a ticket"),
    );
    let old = library(&[("content/personas/ann.md", &before)]);
    let new = library(&[
        ("content/personas/anna.md", &after),
        ("content/personas/bo.md", &text("draft", "Sleep.")),
    ]);
    let told = entities(&old, &new);
    let said: Vec<String> = told
        .iter()
        .map(|of| {
            let codes: Vec<String> = of
                .lines
                .iter()
                .map(|line| {
                    let part = line.part.as_ref().map_or("", |(anchor, _)| anchor);
                    format!("{} {part}", line.change.code.name)
                        .trim_end()
                        .to_owned()
                })
                .collect();
            let status = |status: Option<Status>| status.map_or("-", Status::as_str);
            let (before, after) = (status(of.before), status(of.after));
            format!("{}: {before} {after}: {}", of.id, codes.join(", "))
        })
        .collect();
    assert_eq!(
        said,
        [
            "anna: draft active: id-changed, status-changed, claim-reworded ride",
            "bo: - draft: added"
        ]
    );
    let [anna, bo] = &told[..] else {
        panic!("{said:?}");
    };
    assert!(anna.was_draft() && !anna.is_draft());
    assert!(bo.is_draft() && !bo.was_draft());
}

#[test]
fn what_is_told_of_a_kpi_follows_the_table_that_it_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).expect("a file of the sample");
    let tables = ["household-clv.csv", "referral-share.csv"];
    let kpi = read("content/kpis/household-clv.md");
    let told = |chronicle: &Chronicle, table: &str| {
        let text = kpi.replace(
            "measurements: household-clv.csv",
            &format!("measurements: {table}"),
        );
        let tree = Memory::default().with("content/kpis/household-clv.md", text);
        let tree = tables.iter().fold(tree, |tree, table| {
            let path = format!("content/kpis/{table}");
            let rows = read(&path);
            tree.with(&path, rows)
        });
        let library = Library::load(Arc::new(tree));
        let (_, entity) = library
            .by_path("content/kpis/household-clv.md")
            .expect("the KPI");
        let told = chronicle.told(&library, entity, Span::Recent);
        assert!(!told.is_empty());
        format!("{told:?}")
    };
    let one = chronicle();
    for table in tables {
        assert_eq!(told(&one, table), told(&chronicle(), table));
    }
}
