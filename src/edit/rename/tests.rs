use std::path::Path;

use super::*;
use crate::check;
use crate::source::{Folder, Memory};

const OLD: &str = "---\nname: Old\nsummary: S.\n---\nSee [me](old.md) and [[old]].\n";

fn library(files: &[(&str, &str)]) -> Library {
    let mut tree = Memory::default().with(
        "personary.yaml",
        "fields:\n  segment:\n    near: { type: array, items: { type: string, x-reference: [persona, segment] } }\n    \
         sizes: { type: object, propertyNames: { x-reference: segment }, additionalProperties: { type: integer } }\n    \
         map: { type: string, x-asset: true }\n  page:\n    map: { type: string, x-asset: true }\n",
    );
    for (path, text) in files {
        tree = tree.with(path, *text);
    }
    Library::load(Arc::new(tree))
}

/// The files that a rename changes, by their new paths.
fn renamed(library: &Library, kind: Kind, old: &str, new: &str) -> BTreeMap<String, String> {
    let renamed = rename(library, kind, old, new).unwrap_or_else(|error| panic!("{error}"));
    let files = renamed.changes.into_iter();
    files
        .map(|c| (c.to.unwrap_or(c.path).to_string(), c.after))
        .collect()
}

fn why(library: &Library, kind: Kind, old: &str, new: &str) -> String {
    rename(library, kind, old, new)
        .expect_err("refused")
        .to_string()
}

#[test]
fn every_way_of_naming_is_rewritten() {
    let near = "---\nname: Near # old\nsummary: old\nnear: [old, \"segment:old\", 'old#x', older]\nsizes: { \"old\": 1, older: 2 }\n---\n\
                [[old]] [[ old ]] [[Segments: old#x | old]] ![[old]] `[[old]]` <!-- [[old]] -->\n\
                [o](old.md) [o](./old.md#x) [o](</content/segments/old.md> 'old') [o][1] [o](%6Fld.md)\n\n\
                [1]: <../segments/old.md?x#y>\n[unused]: old.md\n\n```\n[o](old.md)\n```\n";
    let library = library(&[
        ("content/segments/sub/old.md", OLD),
        ("content/segments/near.md", near),
        (
            "content/segments/other.md",
            "---\nname: Other\nsummary: old\naliases: [old-one]\n---\nold\n",
        ),
    ]);
    let files = renamed(&library, Kind::Segment, "old", "new");
    assert_eq!(files.len(), 2);
    assert_eq!(
        files["content/segments/sub/new.md"],
        "---\nname: Old\naliases: [old]\nsummary: S.\n---\nSee [me](new.md) and [[new]].\n"
    );
    let expected = "---\nname: Near # old\nsummary: old\nnear: [new, \"segment:new\", 'new#x', older]\nsizes: { \"new\": 1, older: 2 }\n---\n\
                [[new]] [[ new ]] [[Segments: new#x | old]] ![[new]] `[[old]]` <!-- [[old]] -->\n\
                [o](new.md) [o](./new.md#x) [o](</content/segments/new.md> 'old') [o][1] [o](new.md)\n\n\
                [1]: <../segments/new.md?x#y>\n[unused]: new.md\n\n```\n[o](old.md)\n```\n";
    assert_eq!(files["content/segments/near.md"], expected);
}

#[test]
fn a_name_that_would_mean_another_gets_its_kind() {
    let library = library(&[
        ("content/segments/old.md", OLD),
        ("content/teams/new.md", "---\nname: T\ncontact: x\n---\n"),
        (
            "content/terms/x.md",
            "---\nname: X\ndefinition: D.\n---\n[[old]] [[new]] [[team:new]]\n",
        ),
        (
            "content/touchpoints/taken.md",
            "---\nname: N\nchannel: web\nmode: online\n---\n",
        ),
        (
            "content/terms/y.md",
            "---\nname: Y\ndefinition: D.\n---\n[[old]] [[taken]]\n",
        ),
    ]);
    // A segment is looked up before a team, so `[[new]]` would become the segment.
    let files = renamed(&library, Kind::Segment, "old", "new");
    let body = |path: &str| files[path].rsplit("---\n").next().map(str::to_owned);
    let expected = "[[new]] [[team:new]] [[team:new]]\n";
    assert_eq!(body("content/terms/x.md").as_deref(), Some(expected));
    // A touchpoint is looked up before a segment.
    let files = renamed(&library, Kind::Segment, "old", "taken");
    assert!(files["content/terms/y.md"].ends_with("[[segment:taken]] [[taken]]\n"));
}

#[test]
fn measurements_move_with_their_kpi_and_rows_follow() {
    let kpi = "---\nname: K\nkind: nps\nclass: perception\nunit: points\ndirection: up\ncadence: monthly\nowner: cx\n";
    let csv =
        "period,segment,value\r\n2026-01,old,1\r\n2026-01,\"old-er\",1\r\n2026-02,\"old\",2\r\n";
    let owned = format!("{kpi}---\n[rows](old.csv)\n");
    let shared = format!("{kpi}measurements: 'old.csv'\n---\n");
    let library = library(&[
        ("content/teams/cx.md", "---\nname: T\ncontact: x\n---\n"),
        ("content/segments/old.md", OLD),
        ("content/kpis/old.md", &owned),
        ("content/kpis/shared.md", &shared),
        ("content/kpis/old.csv", csv),
    ]);
    let files = renamed(&library, Kind::Kpi, "old", "new");
    assert_eq!(files["content/kpis/new.csv"], csv);
    assert!(files["content/kpis/new.md"].ends_with("[rows](new.csv)\n"));
    assert_eq!(
        files["content/kpis/shared.md"],
        shared.replace("old.csv", "new.csv")
    );
    let files = renamed(&library, Kind::Segment, "old", "new");
    let expected = csv
        .replace("01,old,", "01,new,")
        .replace("\"old\"", "\"new\"");
    assert_eq!(files["content/kpis/old.csv"], expected);
}

#[test]
fn a_page_that_moves_keeps_its_own_links() {
    let page = "---\nmap: ../../m.png\n---\n# P\n[s](../../segments/old.md#x) [k](../../segments/) [m](../../m.png 'x')\n\
                [n](near.md) [me](p.md) [h](#p) [w](https://example.com) [a](/content/m.png)\n";
    let library = library(&[
        ("content/segments/old.md", OLD),
        ("content/m.png", "x"),
        ("content/pages/a/p.md", page),
        (
            "content/pages/a/near.md",
            "# N\n[p](p.md) [[a/p]] [[page:a/p#p]]\n",
        ),
    ]);
    let files = renamed(&library, Kind::Page, "a/p", "q");
    assert_eq!(
        files["content/pages/q.md"],
        "---\naliases: [a/p]\nmap: ../m.png\n---\n# P\n[s](../segments/old.md#x) [k](../segments/) [m](../m.png 'x')\n\
         [n](a/near.md) [me](q.md) [h](#p) [w](https://example.com) [a](/content/m.png)\n"
    );
    assert_eq!(
        files["content/pages/a/near.md"],
        "# N\n[p](../q.md) [[q]] [[page:q#p]]\n"
    );
}

#[test]
fn what_cannot_be_renamed_says_why() {
    let library = library(&[
        ("content/segments/old.md", OLD),
        (
            "content/segments/other.md",
            &OLD.replace("summary", "aliases: [once]\nsummary"),
        ),
        ("content/segments/a/twin.md", OLD),
        ("content/segments/b/twin.md", OLD),
        ("content/segments/broken.md", "---\nname: [\n---\n"),
        ("content/segments/odd.md", "---\nname: O\naliases: x\n---\n"),
        (
            "content/terms/q.md",
            "---\nname: Q\ndefinition: D.\n---\n> [o](\n> ../segments/other.md)\n",
        ),
    ]);
    let why = |old, new| why(&library, Kind::Segment, old, new);
    insta::assert_snapshot!(
        [
            why("othr", "new"),
            why("xyz", "new"),
            why("once", "new"),
            why("old", "old"),
            why("old", "other"),
            why("old", "once"),
            why("twin", "new"),
            why("broken", "new"),
            why("odd", "new"),
            why("other", "new"),
        ]
        .join("\n\n"),
        @r"
        there is no segment `othr`
        help: did you mean `other`?

        there is no segment `xyz`
        help: the names of the files in content/segments/ are the ids

        there is no segment `once`
        help: it is called `other` now

        the segment is called `old` already

        `other` is the id of content/segments/other.md; nothing was changed
        help: choose another id, or first `personary rename segment other ANOTHER`

        `once` is a former id of content/segments/other.md; nothing was changed
        help: choose another id, or remove it from the `aliases` there, which gives up its old addresses

        there are two segments `twin`: content/segments/a/twin.md and content/segments/b/twin.md
        help: give one of the files another name by hand, then mend what it breaks

        the front matter of content/segments/broken.md cannot be read, so nothing was changed
        help: `personary check` says what is wrong with it

        the former id cannot be noted: `aliases` of content/segments/odd.md is not a plain list
        help: write it as `aliases: [one, another]`

        content/terms/q.md:5: `[o]( > ../segments/other.md)` names the old id in a way that cannot be rewritten, so nothing was changed
        help: write it on one line
        "
    );
}

#[test]
fn a_rename_that_breaks_an_anchor_is_refused() {
    let library = library(&[
        ("content/segments/old.md", OLD),
        ("content/pages/p.md", "# About [[old]]\n[up](#about-old)\n"),
    ]);
    insta::assert_snapshot!(why(&library, Kind::Segment, "old", "new"), @r"
    renaming would break something, so nothing was changed:
    content/pages/p.md:2: page `p` has no place `#about-old`
    help: change these places by hand first, then rename
    ");
}

#[test]
fn composed_and_decomposed_letters_are_one_id() {
    let library = library(&[("content/segments/\u{c4}nne.md", OLD)]);
    let files = renamed(&library, Kind::Segment, "A\u{308}nne", "anne");
    assert!(files["content/segments/anne.md"].contains("aliases: [\u{c4}nne]"));
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let library = library(&[
        ("content/segments/old.md", OLD),
        ("content/segments/broken.md", "---\nname: [old\n---\n"),
        ("content/kpis/bad.md", "---\nname: Bad\n---\n"),
        ("content/kpis/bad.csv", "period,segment,value\n2026,old,1\n"),
    ]);
    let mut renamed = rename(&library, Kind::Segment, "old", "new").expect("possible");
    renamed.notes.sort();
    assert_eq!(
        renamed.notes,
        [
            "content/kpis/bad.csv may still say `old`: it is not read as long as its KPI has errors",
            "the front matter of content/segments/broken.md cannot be read and may still say `old`"
        ]
    );
}

/// Renames everything in the sample of this repository and back, one by one.
#[test]
fn the_sample_comes_back_from_every_rename() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tree: Arc<dyn crate::source::Tree> = Arc::new(Folder::open(root).expect("the repository"));
    let sample = Library::load(tree.clone());
    let findings = check::all(&sample, jiff::civil::date(2026, 11, 24)).len();
    let mut lines = 0;
    for kind in [Kind::Persona, Kind::Kpi, Kind::Evidence, Kind::Page] {
        for entity in sample.of_kind(kind) {
            let (old, new) = (&*entity.id, format!("{}-renamed", entity.id));
            let there = rename(&sample, kind, old, &new).unwrap_or_else(|e| panic!("{old}: {e}"));
            for change in &there.changes {
                lines += only_named(change, old, &new);
            }
            let after = preview(&tree, &there.changes);
            assert_eq!(
                check::all(&after, jiff::civil::date(2026, 11, 24)).len(),
                findings,
                "{old}"
            );
            let back = rename(&after, kind, &new, old).unwrap_or_else(|e| panic!("{new}: {e}"));
            for change in back.changes {
                let path = change.to.unwrap_or(change.path);
                let before = tree.read(&path, MAX_FILE_BYTES).expect("in the sample");
                let noted = change.after.replacen(&format!("aliases: [{new}]\n"), "", 1);
                let noted = noted.replacen(&format!(", {new}]\n"), "]\n", 1);
                assert!(noted.as_bytes() == before, "{path} after {old}");
            }
        }
    }
    assert!(lines > 300, "{lines}");
}

/// That a file differs only in lines that name the renamed one, and one for the alias; how many.
fn only_named(change: &Changed, old: &str, new: &str) -> usize {
    let alias = format!("aliases: [{old}]");
    let mut before = change.before.lines();
    let mut differing = 0;
    for line in change.after.lines() {
        if line == alias {
            continue;
        }
        let was = before.next().unwrap_or_default();
        if line != was {
            let noted =
                line.starts_with("aliases: [") && line == was.replace(']', &format!(", {old}]"));
            // The id of a page is not a part of the links to it.
            let name = |id: &str| id.rsplit('/').next().unwrap_or(id).to_owned();
            assert!(
                noted || line.replace(&name(new), &name(old)) == was,
                "{}:\n{was}\n{line}",
                change.path
            );
            differing += 1;
        }
    }
    assert_eq!(before.next(), None);
    differing
}
