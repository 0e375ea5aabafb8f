//! What is different from another state: the page of all changes, and the bar on pages with marks.

use foldhash::HashSet;
use minijinja::Value;

use super::super::Site;
use super::super::compared::{Compared, Side, words};
use super::super::fields::view;
use super::{Fields, PageInfo, Result, finding, kind_label, or_title, render};
use crate::library::Entity;
use crate::library::health::Found;
use crate::review::{Change, Level, Reached};
use crate::schema::Kind;

/// The address of the page of all changes.
pub(in crate::site) const PATH: &str = "changes/";
/// So many entities are shown with their changes; the command line tells of all.
const MAX_ENTITIES: usize = 200;
/// So many changes of one entity are shown.
const MAX_CHANGES: usize = 40;
/// So many that a change reaches are named.
const MAX_REACHED: usize = 12;
/// Longer values are cut, visibly.
const MAX_VALUE: usize = 600;

/// What a bar says of its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::site) enum State {
    /// It shows something that was not there before.
    New,
    /// It shows something that changed.
    Changed,
    /// It shows what changed elsewhere.
    Near,
    /// It is one of a list.
    List,
    /// It shows something that is gone.
    Gone,
}

impl State {
    const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Near => "near",
            Self::List => "list",
            Self::Gone => "gone",
        }
    }
}

/// What a bar is made of.
pub(in crate::site) struct Bar<'b> {
    pub(in crate::site) state: State,
    pub(in crate::site) changes: &'b [&'b Change],
    /// The places on the page that are marked: the side and the text of each.
    pub(in crate::site) marks: &'b [(Side, &'b str)],
    /// For each change the mark that shows it.
    pub(in crate::site) targets: Vec<Option<usize>>,
    pub(in crate::site) root: &'b str,
}

/// The bar above the content of a page with marks.
pub(in crate::site) fn bar(site: &Site<'_>, bar: &Bar<'_>) -> Result {
    let changes = bar.changes.iter().enumerate().take(MAX_CHANGES);
    let changes = changes.map(|(number, change)| {
        let target = bar.targets.get(number).copied().flatten();
        let mut fields = change_fields(site, change);
        let href = target.map(|mark| format!("#change-{}", mark + 1));
        fields.push(("href", Value::from(href)));
        fields.push(("reached", change.impact.len().into()));
        view(fields)
    });
    let counts = counts(bar.changes.iter().copied());
    draw(
        site,
        bar.root,
        vec![
            ("state", bar.state.as_str().into()),
            ("changes", changes.collect()),
            ("more", bar.changes.len().saturating_sub(MAX_CHANGES).into()),
            ("counts", counts),
            ("marks", bar.marks.len().into()),
        ],
    )
}

/// The bar above a list.
pub(in crate::site) fn list_bar(site: &Site<'_>, kind: Kind, root: &str) -> Result {
    let Some(compared) = site.compared else {
        return Ok(String::new());
    };
    let gone = compared.all_gone(site).filter(|was| was.kind == kind);
    let gone = gone.map(|was| {
        view([
            ("name", Value::from(was.name())),
            ("path", super::route::entity_path(was).into()),
        ])
    });
    let changes = compared.review().changes.iter();
    let of_kind = changes.filter(|change| change.kind == kind);
    draw(
        site,
        root,
        vec![
            ("state", State::List.as_str().into()),
            ("counts", counts(of_kind)),
            ("gone", gone.collect()),
            ("kind_label", kind_label(site, kind).into()),
        ],
    )
}

/// The bar above the page of what is gone: where it went, and who referred to it.
pub(in crate::site) fn gone_bar(
    site: &Site<'_>,
    was: &Entity,
    changes: &[&Change],
    root: &str,
) -> Result {
    let Some(compared) = site.compared else {
        return Ok(String::new());
    };
    let referrers = compared.before().referrers(was);
    let referrers = referrers.iter().filter_map(|before| {
        let now = site.library.find(before.kind, &before.id);
        let now = now.filter(|now| site.is_published(now.entity));
        match now {
            Some(now) => Some(site.reference(now.entity, root)),
            // Others that are gone, too, have a page of their own.
            None => compared.gone(site, before.kind, &before.id).map(|gone| {
                view([
                    ("name", Value::from(gone.name())),
                    ("path", super::route::entity_path(gone).into()),
                ])
            }),
        }
    });
    let successors = was.common.superseded_by.as_deref().into_iter();
    let successors = successors.chain(compared.now_called(was));
    let successors = successors.filter_map(|id| {
        let found = site.library.find(was.kind, id)?;
        Some(site.reference(found.entity, root))
    });
    let successors: Value = successors.collect();
    draw(
        site,
        root,
        vec![
            ("state", State::Gone.as_str().into()),
            ("name", was.name().into()),
            ("kind", was.kind.name().into()),
            ("counts", counts(changes.iter().copied())),
            (
                "changes",
                changes
                    .iter()
                    .take(MAX_CHANGES)
                    .map(|change| view(change_fields(site, change)))
                    .collect(),
            ),
            ("more", changes.len().saturating_sub(MAX_CHANGES).into()),
            ("referrers", referrers.collect()),
            ("successors", successors),
            ("source", Value::from(&*was.document.path)),
        ],
    )
}

fn draw(site: &Site<'_>, root: &str, more: Fields) -> Result {
    let review = site.compared.map(Compared::review);
    let mut context: Fields = vec![
        ("root", root.into()),
        ("site", site.shared.clone()),
        ("labels", site.theme.labels.clone()),
        ("base", Value::from(review.map(|review| &*review.base))),
        ("changes_path", PATH.into()),
    ];
    context.extend(more);
    site.theme.render("_changes_bar.html", view(context))
}

/// What is around the page of something that is gone.
pub(in crate::site) fn around(site: &Site<'_>, was: &Entity, path: &str) -> Result {
    let info = PageInfo {
        kind: was.kind.name(),
        title: was.name(),
        description: None,
        path,
        entity: None,
    };
    render(site, "gone.html", &info, Vec::new())
}

/// The page of all changes.
pub(in crate::site) fn changes(site: &Site<'_>, found: &dyn Found) -> Result {
    let Some(compared) = site.compared else {
        return super::not_found(site);
    };
    let review = compared.review();
    let difference = compared.difference(site.library, found);
    let root = site.root(PATH);
    // In the order of the review: the entity with the most important change first.
    let mut order: Vec<(Kind, &str)> = Vec::new();
    let mut met = HashSet::default();
    for change in &review.changes {
        if met.insert((change.kind, &*change.id)) {
            order.push((change.kind, &change.id));
        }
    }
    let groups = order.iter().take(MAX_ENTITIES);
    let groups = groups.map(|&(kind, id)| group(site, compared, (kind, id), &root));
    let findings = |list: &[crate::diagnostic::Diagnostic]| -> Value {
        list.iter().map(|found| finding(site, found)).collect()
    };
    let partial = review.partial.iter().map(|partial| {
        view([
            ("path", Value::from(&*partial.path)),
            ("reason", Value::from(&partial.reason)),
            ("is_before", partial.is_before.into()),
        ])
    });
    let owners = review.reviewers.iter();
    let owners = owners.map(|team| site.reference_to(&team.team, &[Kind::Team], &root));
    let info = PageInfo {
        kind: "changes",
        title: site.theme.word(&["changes", "title"]).unwrap_or("Changes"),
        description: None,
        path: PATH,
        entity: None,
    };
    let more = vec![
        ("base", Value::from(&*review.base)),
        ("head", Value::from(review.head.as_deref())),
        ("counts", counts(review.changes.iter())),
        ("total", review.changes.len().into()),
        ("entities", order.len().into()),
        ("groups", groups.collect()),
        ("more", order.len().saturating_sub(MAX_ENTITIES).into()),
        ("owners", owners.collect()),
        ("introduced", findings(&difference.introduced)),
        ("mended", findings(&difference.mended)),
        ("partial", partial.collect()),
    ];
    render(site, "changes.html", &info, more)
}

/// An entity with its changes and whom they reach.
fn group(site: &Site<'_>, compared: &Compared, (kind, id): (Kind, &str), root: &str) -> Value {
    let changes: Vec<&Change> = compared.of(kind, id).collect();
    let found = site.library.find(kind, id).map(|found| found.entity);
    let page = found.filter(|entity| site.is_published(entity));
    let gone = compared.gone(site, kind, id);
    let path = page.map(|entity| site.path_of(entity));
    let path = path.or_else(|| gone.map(super::route::entity_path));
    let name = page.map(|entity| site.name_of(entity));
    let name = name.or_else(|| changes.first().map(|change| &*change.name));
    let became = site.became(kind, id);
    // One is reached by several changes; it is named once.
    let mut met = HashSet::default();
    let reached = changes.iter().flat_map(|change| &change.impact);
    let reached: Vec<&Reached> = reached
        .filter(|r| met.insert((r.kind, &*r.id, r.part.as_ref().map(|(anchor, _)| &**anchor))))
        .collect();
    let more = reached.len().saturating_sub(MAX_REACHED);
    let reached = reached.into_iter().take(MAX_REACHED);
    let rest = changes.len().saturating_sub(MAX_CHANGES);
    let first = changes.iter().take(MAX_CHANGES);
    let first = first.map(|change| view(change_fields(site, change)));
    let source = changes.first().map(|change| &*change.path);
    view([
        ("kind", Value::from(kind.name())),
        ("name", Value::from(name.unwrap_or(id))),
        ("anchor", format!("{}-{id}", kind.name()).into()),
        ("path", Value::from(path)),
        (
            "became",
            Value::from(became.map(super::super::compared::Became::as_str)),
        ),
        (
            "level",
            Value::from(changes.iter().map(|c| c.level).max().map(Level::as_str)),
        ),
        ("changes", first.collect()),
        ("rest", rest.into()),
        ("reached", reached.map(|r| reach(site, r, root)).collect()),
        ("more_reached", more.into()),
        ("source", Value::from(source)),
    ])
}

/// Somebody that a change reaches.
fn reach(site: &Site<'_>, reached: &Reached, root: &str) -> Value {
    let found = site.library.find(reached.kind, &reached.id);
    let of = found.map(|found| site.reference(found.entity, root));
    let part = reached.part.as_ref();
    view([
        ("of", Value::from(of)),
        ("name", Value::from(&*reached.name)),
        ("kind", reached.kind.name().into()),
        (
            "hash",
            Value::from(part.map(|(anchor, _)| format!("#{}", super::super::encode(anchor)))),
        ),
        ("part", Value::from(part.map(|(_, words)| &**words))),
    ])
}

/// A change for templates.
fn change_fields(site: &Site<'_>, change: &Change) -> Fields {
    let before = change.before.as_deref().map(short);
    let after = change.after.as_deref().map(short);
    let both = before.as_deref().zip(after.as_deref());
    let differ = both.map(|(before, after)| words(site, before, after));
    let level = change.level.as_str();
    vec![
        ("level", level.into()),
        (
            "level_word",
            or_title(site.theme.label(&["changes", "level", level]), level),
        ),
        ("code", change.code.name.into()),
        ("title", Value::from(&change.title)),
        ("before", Value::from(before)),
        ("after", Value::from(after)),
        (
            "words",
            differ.map_or(Value::UNDEFINED, Value::from_safe_string),
        ),
        (
            "place",
            format!("{}:{}", change.path, change.start.line).into(),
        ),
        ("is_before", change.is_before.into()),
    ]
}

/// A value that is not longer than anybody reads.
fn short(value: &str) -> String {
    match value.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

fn counts<'c>(changes: impl Iterator<Item = &'c Change>) -> Value {
    let mut counts = [0_usize; 3];
    for change in changes {
        counts[change.level as usize] += 1;
    }
    let [info, review, breaking] = counts;
    view([
        ("breaking", Value::from(breaking)),
        ("review", review.into()),
        ("info", info.into()),
    ])
}
