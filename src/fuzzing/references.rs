//! References, links, and the places where a file names others.

use super::world::{text, with_files};
use crate::library::links::{self, Target};
use crate::library::mention::{Named, mentions};
use crate::schema::Kind;
use crate::schema::reference;
use crate::schema::shape::KindSet;
use crate::source::markdown::{Form, Link};

/// A file that names others, taken as a persona, and each of its lines as a reference and a link.
pub fn references(data: &[u8]) {
    let text = text(data);
    for line in text.lines() {
        parts(line);
        link(line);
    }
    names(data);
}

/// Asserts that a reference taken apart and put together is what it was.
fn parts(written: &str) {
    let all: KindSet = Kind::ALL.iter().copied().collect();
    for kinds in [all, KindSet::default(), [Kind::Kpi].into_iter().collect()] {
        let (kind, id, anchor) = reference::parse(written, kinds);
        assert!(kind.is_none_or(|kind| kinds.contains(kind)));
        assert!(written.contains(id) && anchor.is_none_or(|anchor| written.ends_with(anchor)));
        assert_eq!(reference::with_id(written, kinds, None, id.trim()), written);
    }
}

/// Asserts that a link leads to where it may, and back to itself when nothing moves.
fn link(written: &str) {
    let from = "content/pages/a/b.md";
    for form in [Form::Link, Form::Image, Form::Wiki] {
        let link = Link {
            to: written.into(),
            span: 0..0,
            form,
        };
        match links::target(from, &link) {
            Target::File(path, _) => stays(&path),
            Target::External => {
                let start = written.to_ascii_lowercase();
                let known = ["http:", "https:", "mailto:", "tel:", "//"];
                assert!(known.iter().any(|known| start.starts_with(known)));
            }
            _ => {}
        }
    }
    if let Some(path) = links::leads_to(from, written) {
        stays(&path);
        let again = links::redirect(written, from, from, &path).expect("it is in the project");
        assert_eq!(links::leads_to(from, &again).as_deref(), Some(&*path));
        let moved = "content/kpis/c.md";
        let there = links::redirect(written, from, moved, &path).expect("it is in the project");
        assert_eq!(links::leads_to(moved, &there).as_deref(), Some(&*path));
    }
}

/// Asserts that a path does not leave the project.
fn stays(path: &str) {
    assert!(!path.starts_with('/'), "{path}");
    assert!(path.split('/').all(|part| part != ".."), "{path}");
}

/// Asserts that every place that names an entity can be given another name.
fn names(file: &[u8]) {
    let path = "content/personas/x.md";
    let library = with_files(&[(path, file)]);
    let (_, entity) = library.by_path(path).expect("the persona");
    let (index, other) = library.all().next().expect("an entity");
    let to = Named {
        index,
        kind: other.kind,
        id: &other.id,
    };
    for mention in mentions(entity) {
        assert!(mention.document.text.get(mention.span.clone()).is_some());
        let find = |kind, id: &str| {
            let found = library.find(kind, id)?.entity;
            Some(found.index)
        };
        if let Some(edit) = mention.write(to, find) {
            let mut text = mention.document.text.clone();
            assert!(text.get(edit.span.clone()).is_some());
            text.replace_range(edit.span, &edit.text);
        }
    }
}
