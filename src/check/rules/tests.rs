use std::sync::Arc;

use crate::check;
use crate::diagnostic::rule::Group;
use crate::library::Library;
use crate::source::Memory;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 24);
const TEAM: &str = "---\nname: Team\ncontact: \"#team\"\n---\n";

/// The findings about the structure of a project, as `path:line:column code [culprit] help`.
fn findings(files: &[(&str, &str)]) -> Vec<String> {
    let mut tree = Memory::default();
    for (path, text) in files {
        tree = tree.with(path, *text);
    }
    check::all(&Library::load(Arc::new(tree)), TODAY)
        .iter()
        .filter(|f| check::about(f.code).is_some_and(|rule| rule.group == Group::Structure))
        .map(|f| {
            let place = f.place.clone().unwrap_or_default();
            let culprit = &place.excerpt.text[place.excerpt.span.clone()];
            let help = f.help.as_deref().unwrap_or("");
            format!(
                "{}:{}:{} {} [{culprit}] {help}",
                f.path,
                f.start().line,
                f.start().column,
                f.code
            )
        })
        .collect()
}

fn kpi(more: &str) -> String {
    format!(
        "---\nname: NPS\nkind: nps\nclass: perception\nunit: points\ndirection: up\ncadence: monthly\nowner: cx\n{more}---\n"
    )
}

#[test]
fn a_reference_to_nothing_is_underlined_with_the_nearest_id() {
    let found = findings(&[
        ("content/teams/cx.md", TEAM),
        (
            "content/kpis/nps.md",
            &kpi("").replace("owner: cx", "owner: cxx"),
        ),
        (
            "content/pages/p.md",
            "See [[nps]], [[kpi:npss]], [x](../kpis/nsp.md), [y](js:x) and [z](../../../z).\n",
        ),
        (
            "content/pages/q.md",
            "---\nowner: cx\n---\n![](../../static/no.png) [w](../../Cargo.toml)\n",
        ),
    ]);
    assert_eq!(
        found,
        [
            "content/kpis/nps.md:8:8 unknown-ref [cxx] did you mean `cx`?",
            "content/pages/p.md:1:14 broken-link [[[kpi:npss]]] did you mean `nps`?",
            "content/pages/p.md:1:28 broken-link [[x](../kpis/nsp.md)] did you mean `nps`?",
            "content/pages/p.md:1:49 broken-link [[y](js:x)] use https, http, mailto or tel",
            "content/pages/p.md:1:63 broken-link [[z](../../../z)] count the `../`: a path is relative to the file it stands in",
            "content/pages/q.md:4:1 missing-asset [![](../../static/no.png)] put the file below static/, and write `/name.png` for `static/name.png`",
            "content/pages/q.md:4:26 broken-link [[w](../../Cargo.toml)] link to a file below content/ or static/, or give the whole web address",
        ]
    );
}

#[test]
fn anchors_are_checked_on_the_page_they_lead_to() {
    let found = findings(&[
        (
            "content/pages/p.md",
            "# One\n\n## Two words\n\n[a](#two-words) [b](#three) [c](q.md#four) [d](q.md#for)\n",
        ),
        ("content/pages/q.md", "## Four\n"),
    ]);
    assert_eq!(
        found,
        [
            "content/pages/p.md:5:17 broken-anchor [[b](#three)] it has `#one`, `#two-words`",
            "content/pages/p.md:5:44 broken-anchor [[d](q.md#for)] did you mean `#four`?",
        ]
    );
    let top = [("content/pages/p.md", "# One\n\n[up](#top) [Up](#TOP)\n")];
    assert_eq!(findings(&top), [""; 0]);
}

#[test]
fn anchors_in_a_translation_are_those_of_its_language() {
    let found = findings(&[
        ("personary.yaml", "languages: [de]\n"),
        ("content/pages/p.md", "# One\n\n## Second part\n"),
        (
            "content/pages/p.de.md",
            "# Eins\n\n## Zwei\n\n[a](#zwei) [b](#second-part) [c](q.md#third) [d](q.md#thirds)\n",
        ),
        ("content/pages/q.md", "## Third\n\n[e](p.md#second-part)\n"),
    ]);
    assert_eq!(
        found,
        [
            "content/pages/p.de.md:5:12 broken-anchor [[b](#second-part)] it has `#eins`, `#zwei`",
            "content/pages/p.de.md:5:46 broken-anchor [[d](q.md#thirds)] did you mean `#third`?",
        ]
    );
}

#[test]
fn an_address_of_the_site_is_answered_with_the_file_that_is_meant() {
    let found = findings(&[
        ("content/teams/cx.md", TEAM),
        ("content/pages/q.md", "---\nowner: cx\n---\n"),
        (
            "content/pages/p.md",
            "[a](/teams/cx/) [b](/teams/cxx/) [c](/pages/q/index.html#x) [d](/no/such/)\n",
        ),
    ]);
    assert_eq!(
        found,
        [
            "content/pages/p.md:1:1 broken-link [[a](/teams/cx/)] write `/content/teams/cx.md`",
            "content/pages/p.md:1:17 broken-link [[b](/teams/cxx/)] did you mean `/content/teams/cx.md`?",
            "content/pages/p.md:1:34 broken-link [[c](/pages/q/index.html#x)] write `/content/pages/q.md`",
            "content/pages/p.md:1:61 broken-link [[d](/no/such/)] link to a file below content/ or static/, or give the whole web address",
        ]
    );
}

#[test]
fn links_in_raw_html_are_checked_like_those_of_markdown() {
    let text = "<p id=\"here\">\n<a href=\"../teams/cx.md\">a</a> <a\n href=\"../teams/cxx.md\">b</a>\n</p>\n\nAnd <a href=\"#here\">c</a>, <a href='#gone'>d</a>, <img src=\"no.png\" alt=\"\"> and <a href=\"javascript:x\">e</a>.\n\n<!-- <a href=\"no.md\"> -->\n\n`<a href=\"no.md\">`\n";
    let found = findings(&[
        ("content/teams/cx.md", TEAM),
        ("content/pages/q.md", "---\nowner: cx\n---\n"),
        ("content/pages/p.md", text),
    ]);
    assert_eq!(
        found,
        [
            "content/pages/p.md:2:32 broken-link [<a\n href=\"../teams/cxx.md\">] did you mean `cx`?",
            "content/pages/p.md:6:28 broken-anchor [<a href='#gone'>] it has `#here`",
            "content/pages/p.md:6:51 missing-asset [<img src=\"no.png\" alt=\"\">] put the file below static/, and write `/name.png` for `static/name.png`",
            "content/pages/p.md:6:81 broken-link [<a href=\"javascript:x\">] use https, http, mailto or tel",
        ]
    );
}

#[test]
fn a_definition_says_something() {
    for (definition, count) in [("''", 1), ("\"  \"", 1), ("A word.", 0)] {
        let term = format!("---\nname: T\ndefinition: {definition}\n---\n");
        let found = findings(&[
            ("content/terms/t.md", term.as_str()),
            ("content/pages/p.md", "[[t]]\n"),
        ]);
        assert_eq!(found.len(), count, "{found:#?}");
    }
}

#[test]
fn ids_and_aliases_are_unique() {
    let page = "---\nname: P\naliases: [old]\n---\n";
    let found = findings(&[
        ("content/teams/a/cx.md", TEAM),
        ("content/teams/b/cx.md", TEAM),
        ("content/pages/p.md", page),
        ("content/pages/q.md", page),
        (
            "content/pages/r.md",
            "---\nname: R\naliases: [p]\nowner: cx\n---\n",
        ),
    ]);
    assert_eq!(
        found,
        [
            "content/pages/p.md:3:11 alias-clash [old] keep it in one of the two files",
            "content/pages/q.md:3:11 alias-clash [old] keep it in one of the two files",
            "content/pages/r.md:3:11 alias-clash [p] remove it from the aliases",
            "content/teams/b/cx.md:1:1 duplicate-id [] rename one of the files: its name without `.md` is the id",
        ]
    );
}

#[test]
fn what_is_retired_or_renamed_is_pointed_out_and_what_nobody_needs() {
    let found = findings(&[
        (
            "content/teams/cx.md",
            "---\nname: T\ncontact: x\nstatus: retired\nsuperseded_by: dx\n---\n",
        ),
        (
            "content/teams/dx.md",
            "---\nname: T\ncontact: x\naliases: [ex]\n---\n",
        ),
        (
            "content/teams/fx.md",
            "---\nname: T\ncontact: x\nstatus: retired\nowner: cx\n---\n",
        ),
        (
            "content/teams/gx.md",
            "---\nname: Lonely\ncontact: x\n---\n",
        ),
        ("content/pages/p.md", "---\nowner: cx\n---\n"),
        ("content/pages/q.md", "---\nowner: ex\n---\n"),
    ]);
    assert_eq!(
        found,
        [
            "content/pages/p.md:2:8 deprecated-ref [cx] its successor is `dx`",
            "content/pages/q.md:2:8 deprecated-ref [ex] write `dx`",
            "content/teams/gx.md:2:7 orphan [Lonely] refer to it, or give it `status: retired`",
        ]
    );
}

#[test]
fn severities_follow_the_settings() {
    let files = [
        (
            "content/teams/gx.md",
            "---\nname: Lonely\ncontact: x\n---\n",
        ),
        ("personary.yaml", "rules: {orphan: off}\n"),
    ];
    assert!(findings(&files).is_empty());
    let wrong = [("personary.yaml", "rules: {orfan: off}\n")];
    assert_eq!(
        findings(&wrong),
        ["personary.yaml:1:9 unknown-key [orfan] did you mean `orphan`?"]
    );
}

#[test]
fn one_mistake_in_a_front_matter_is_one_finding_at_its_place() {
    let persona = "---\nname: P\nmarket: b2c\nstance: target\nstatus: active\nbasis: proto\nowner: cx\nsummary: S\nb2c: {impulse: low}\nchannels: {online_share: 40}\n---\n";
    let with = |from: &str, to: &str| {
        findings(&[
            ("content/teams/cx.md", TEAM),
            ("content/pages/p.md", "---\nowner: cx\n---\n"),
            ("content/personas/p.md", &persona.replacen(from, to, 1)),
        ])
    };
    assert!(with("", "").is_empty());
    for (from, to, expected) in [
        (
            "owner:",
            "onwer:",
            "7:1 unknown-key [onwer] did you mean `owner`?",
        ),
        (
            "summary: S\n",
            "",
            "1:1 schema [---] add `summary: …` (One or two sentences that say what this is)",
        ),
        (
            "summary: S",
            "summary:",
            "8:1 schema [summary] add `summary: …` (One or two sentences that say what this is)",
        ),
        (
            "status: active",
            "status: nearly-active",
            "5:9 schema [nearly-active] did you mean `active`? Allowed: `draft`, `active`, `deprecated`, `retired`",
        ),
        (
            "online_share: 40",
            "online_share: about-40",
            "10:26 schema [about-40] write `50`",
        ),
        (
            "online_share: 40",
            "online_share: 140",
            "10:26 schema [140] write `50`",
        ),
        (
            "online_share: 40",
            "online_share: \"40\"",
            "10:26 schema [\"40\"] remove the quotes",
        ),
        (
            "b2c: {impulse: low}\n",
            "",
            "3:9 schema [b2c] add `b2c: {}` (What only a consumer has)",
        ),
        (
            "summary: S",
            "summary: S\ngoals: [a, {text: b, evidence: x}]",
            "9:32 schema [x] write `[evidence-id]`",
        ),
        (
            "summary: S",
            "summary: S\ngoals: [a, {txt: b}]",
            "9:13 unknown-key [txt] did you mean `text`?",
        ),
        (
            "name: P",
            "name: \"  \"",
            "2:7 schema [\"  \"] write a text",
        ),
        ("name: P", "name: ''", "2:7 schema [''] write a text"),
        (
            "summary: S",
            "summary: S\nlast_reviewed: 2026-13-01",
            "9:16 schema [2026-13-01] write the year, the month and the day: `2026-09-14`",
        ),
        (
            "summary: S",
            "summary: S\ntraits: {x: 9}",
            "9:13 schema [9] write `3`",
        ),
    ] {
        let found = with(from, to);
        let expected = format!("content/personas/p.md:{expected}");
        assert!(found.contains(&expected), "{to}: {found:#?}");
        assert_eq!(found.len(), 1, "{to}: {found:#?}");
    }
}

#[test]
fn a_wrong_item_deep_in_a_journey_is_underlined_itself() {
    let journey = "---\nname: J\npersonas: [p]\nscenario: S\nstate: current\nowner: cx\nstages:\n  - id: a\n    name: A\n    steps:\n      - action: X\n        emotion: {p: 1, q: 0}\n        kpis: [nps, npx]\n---\n";
    let found = findings(&[
        ("content/teams/cx.md", TEAM),
        ("content/kpis/nps.md", &kpi("")),
        ("content/personas/p.md", "---\nname: P\n"),
        ("content/journeys/j.md", journey),
    ]);
    assert_eq!(
        found,
        [
            "content/journeys/j.md:12:25 unknown-ref [q] create it with `personary new persona q`, or correct the id",
            "content/journeys/j.md:13:21 unknown-ref [npx] did you mean `nps`?",
            "content/personas/p.md:1:1 front-matter-missing [---] add a line `---` after the last field",
        ]
    );
}

#[test]
fn names_in_measurements_are_checked_wherever_they_stand() {
    let journey = "---\nname: J\npersonas: [p]\nscenario: S\nstate: current\nowner: cx\nstages:\n  - id: decide\n    name: A\n    steps:\n      - action: X\n        emotion: 1\n        kpis: [nps]\n---\n";
    let broken = "---\nname: B\n---\n";
    let with = |csv: &str| {
        let found = findings(&[
            ("content/teams/cx.md", TEAM),
            ("content/segments/banks.md", "---\nname: Banks\n---\n"),
            ("content/kpis/nps.md", &kpi("")),
            ("content/kpis/nps.csv", csv),
            ("content/personas/p.md", "---\nname: P\naliases: [old]\n"),
            ("content/journeys/buying.md", journey),
            ("content/journeys/broken.md", broken),
        ]);
        let of_csv = found.into_iter().filter(|f| f.contains(".csv:"));
        of_csv.collect::<Vec<_>>()
    };
    let near = "period,value,persona,segment,journey,stage\n2026-01,1,p,banks,buying,decide\n2026-02,1,*,,broken,any\n";
    assert_eq!(with(near), [""; 0]);
    let bad = "period,value,persona,segment,journey,stage\n2026-01,1,p,bank,buying,decode\n2026-02,1,priya,banks,bying,x\n2026-03,1, priya ,,buying,renewal-time\n";
    assert_eq!(
        with(bad),
        [
            "content/kpis/nps.csv:2:13 unknown-ref [bank] did you mean `banks`?",
            "content/kpis/nps.csv:2:25 unknown-ref [decode] did you mean `decide`? Allowed: `decide`",
            "content/kpis/nps.csv:3:11 unknown-ref [priya] create it with `personary new persona priya`, or correct the id",
            "content/kpis/nps.csv:3:23 unknown-ref [bying] did you mean `buying`?",
            "content/kpis/nps.csv:4:12 unknown-ref [priya] create it with `personary new persona priya`, or correct the id",
            "content/kpis/nps.csv:4:27 unknown-ref [renewal-time] write one of `decide`",
        ]
    );
}
