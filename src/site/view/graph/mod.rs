//! How things hang together: a drawing of what one entity refers to and what refers to it, and one
//! of the whole library by kinds and segments.
//!
//! The neighbourhood of an entity is a star, so its nodes stand in columns and nothing has to be
//! searched for: a page costs what its nodes cost. The library's graph is laid out by `dagre`.

mod drawing;
mod library;

use std::collections::BTreeMap;

use minijinja::Value;

use super::super::Site;
use super::super::markdown::escape;
use super::super::theme::Part;
use super::parts::Parts;
use super::{PageInfo, Result, kind_label, render_whole, route};
use crate::library::Entity;
use crate::schema::Kind;
use drawing::{BOX, Drawing, HEAD, Node, PITCH};

pub(in crate::site) use library::library;

/// The address of the graph of an entity, below its page.
pub(in crate::site) const PART: &str = "graph/";
/// The most nodes of a graph.
const MAX_NODES: usize = 150;
/// The nodes of a column before the next one begins.
const COLUMN: usize = 18;
/// The room between the entity and its neighbours, for the lines.
const REACH: f64 = 90.0;
/// Between two groups, and between two columns.
const GAP: f64 = 18.0;

/// Neighbours of a kind on one side.
struct Group<'a> {
    kind: Kind,
    members: Vec<&'a Entity>,
    /// How many more there are than are shown.
    more: usize,
}

impl Group<'_> {
    fn columns(&self) -> usize {
        self.members.len().div_ceil(COLUMN).max(1)
    }

    fn rows(&self) -> usize {
        self.members.len().div_ceil(self.columns())
    }

    fn height(&self) -> f64 {
        HEAD + to_f64(self.rows()) * PITCH
    }

    fn width(&self) -> f64 {
        let columns = to_f64(self.columns());
        columns * BOX.0 + (columns - 1.0) * GAP
    }
}

/// The page that draws the neighbourhood of an entity.
pub(in crate::site) fn graph(site: &Site<'_>, entity: &Entity) -> Result {
    let path = format!("{}{PART}", route::entity_path(entity));
    let root = super::root(site, &path);
    let sides = sides(site, entity);
    let [from, to] = [("from", &sides[0]), ("to", &sides[1])]
        .map(|(side, groups)| list(site, side, groups, &root));
    let mut parts = Parts::default();
    parts.text("graph.ref.name", Some(entity.name()));
    parts.text("graph.ref.path", Some(route::entity_path(entity)));
    parts.html("graph.svg", Some(star(site, entity, &sides, &root)));
    parts.html("graph.from", from?);
    parts.html("graph.to", to?);
    let template = site.theme.word(&["graph", "of"]).unwrap_or("{name}");
    let title = template.replace("{name}", entity.name());
    let info = PageInfo {
        kind: entity.kind.name(),
        title: &title,
        description: None,
        path: &path,
        entity: None,
    };
    render_whole(site, "graph.html", &info, parts)
}

/// What is drawn on one side, as a list; none without any.
fn list(
    site: &Site<'_>,
    which: &'static str,
    groups: &[Group<'_>],
    root: &str,
) -> Result<Option<String>> {
    if groups.is_empty() {
        return Ok(None);
    }
    let mut items = String::with_capacity(4 * 1024);
    for group in groups {
        let more = match group.more {
            0 => None,
            more => Some(site.theme.piece("graph_more", &more.into(), "")?),
        };
        let form = [
            ("label", Part::Gap),
            ("count", Part::Gap),
            ("items", Part::Gap),
            ("more", Part::gap(more.is_some())),
        ];
        let count = u64::try_from(group.members.len() + group.more).unwrap_or(u64::MAX);
        let stencil = site.theme.stencil("graph_group", &form)?;
        stencil.fill(&mut items, |gap, out| {
            match gap {
                0 => out.push_str(&escape(kind_label(site, group.kind))),
                1 => out.push_str(&site.theme.numerals.count(count)),
                2 => {
                    for (at, member) in group.members.iter().enumerate() {
                        if at > 0 {
                            out.push_str("</dd><dd>");
                        }
                        out.push_str(site.shown(member, root).link());
                    }
                }
                _ => out.push_str(more.as_ref().and_then(Value::as_str).unwrap_or_default()),
            }
            Ok(())
        })?;
    }
    let form = [("side", Part::Word(which)), ("groups", Part::Gap)];
    let mut out = String::with_capacity(items.len() + 256);
    site.theme
        .stencil("graph_side", &form)?
        .fill(&mut out, |_, out| {
            out.push_str(&items);
            Ok(())
        })?;
    Ok(Some(out))
}

/// Whether an entity has neighbours; the graph of the front page would be that of the library.
pub(in crate::site) fn has_graph(site: &Site<'_>, entity: &Entity) -> bool {
    let shown = |other: &Entity| site.is_published(other);
    !route::is_home(entity)
        && (site.library.each_referred(entity).any(shown)
            || site.library.each_referrer(entity).any(shown))
}

/// Who refers to an entity, and what it refers to. Whoever does both stands with the latter.
fn sides<'a>(site: &Site<'a>, entity: &'a Entity) -> [Vec<Group<'a>>; 2] {
    let library = site.library;
    let key = |other: &&'a Entity| (other.kind, other.sort_key());
    let mut to: Vec<&Entity> = library.each_referred(entity).collect();
    to.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    to.dedup_by_key(|other| other.index);
    let mut from = library.referrers(entity);
    from.retain(|other| {
        to.binary_search_by(|known| key(known).cmp(&key(other)))
            .is_err()
    });
    let mut sides = [from, to].map(|all| {
        let mut groups: BTreeMap<Kind, Group<'a>> = BTreeMap::new();
        for other in all.into_iter().filter(|other| site.is_published(other)) {
            let group = groups.entry(other.kind).or_insert_with(|| Group {
                kind: other.kind,
                members: Vec::new(),
                more: 0,
            });
            group.members.push(other);
        }
        groups.into_values().collect::<Vec<_>>()
    });
    cut(sides.iter_mut().flatten());
    sides
}

/// Leaves as many in each group as the drawing has room for; small groups stay whole.
fn cut<'g, 'a: 'g>(groups: impl Iterator<Item = &'g mut Group<'a>>) {
    let mut groups: Vec<_> = groups.collect();
    groups.sort_by_key(|group| group.members.len());
    let (mut room, mut left) = (MAX_NODES - 1, groups.len());
    for group in groups {
        let fair = room / left;
        if group.members.len() > fair {
            group.more = group.members.len() - fair;
            group.members.truncate(fair);
        }
        room -= group.members.len();
        left -= 1;
    }
}

/// The drawing: referrers on the left, the entity in the middle, what it refers to on the right.
fn star(site: &Site<'_>, entity: &Entity, sides: &[Vec<Group<'_>>; 2], root: &str) -> String {
    let extent = |groups: &[Group<'_>]| {
        let heights: f64 = groups.iter().map(|group| group.height() + GAP).sum();
        let width = groups.iter().map(Group::width).fold(0.0, f64::max);
        (width, heights - GAP)
    };
    let [left, right] = sides.each_ref().map(|groups| extent(groups));
    let reach = |side: (f64, f64)| if side.0 > 0.0 { side.0 + REACH } else { 0.0 };
    let height = left.1.max(right.1).max(PITCH);
    let width = reach(left) + BOX.0 + reach(right);
    let middle = (reach(left), (height - BOX.1) / 2.0);
    let mut drawing = Drawing::new("n", [(0.0, 0.0), (width, height)], BOX.0);
    for (side, (groups, size)) in sides.iter().zip([left, right]).enumerate() {
        let x = if side == 0 {
            0.0
        } else {
            middle.0 + BOX.0 + REACH
        };
        let mut y = (height - size.1) / 2.0;
        for group in groups {
            // Groups lean on the middle.
            let x = if side == 0 {
                x + size.0 - group.width()
            } else {
                x
            };
            let (near, far) = if side == 0 {
                (
                    (x + group.width() + 8.0, y + group.height() / 2.0),
                    (middle.0, height / 2.0),
                )
            } else {
                (
                    (middle.0 + BOX.0, height / 2.0),
                    (x - 8.0, y + group.height() / 2.0),
                )
            };
            drawing.line(near, far);
            let label = format!(
                "{} ({})",
                kind_label(site, group.kind),
                group.members.len() + group.more
            );
            let area = (group.width(), group.height());
            let words = (group.kind.name(), &*label);
            drawing.group((x, y), area, words, |drawing| {
                for (at, member) in group.members.iter().enumerate() {
                    let (column, row) = (at / group.rows(), at % group.rows());
                    let place = (
                        x + to_f64(column) * (BOX.0 + GAP),
                        y + HEAD + to_f64(row) * PITCH,
                    );
                    drawing.node(place, &node(member, root));
                }
            });
            y += group.height() + GAP;
        }
    }
    drawing.node(
        middle,
        &Node {
            class: Some("self"),
            ..node(entity, root)
        },
    );
    drawing.finish()
}

fn node<'a>(entity: &'a Entity, root: &str) -> Node<'a> {
    Node {
        class: None,
        name: entity.name(),
        note: None,
        href: Some([root, &route::entity_path(entity)].concat()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "no drawing has that many nodes")]
fn to_f64(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(len: usize, of: &Entity) -> Group<'_> {
        Group {
            kind: Kind::Persona,
            members: vec![of; len],
            more: 0,
        }
    }

    #[test]
    fn small_groups_stay_whole_and_large_ones_share_the_rest() {
        let site = crate::library::Library::load(std::sync::Arc::new(
            crate::source::Memory::default().with("content/terms/a.md", "---\nname: A\n---\n"),
        ));
        let (_, entity) = site.all().next().expect("an entity");
        let mut groups = [group(5000, entity), group(3, entity), group(400, entity)];
        cut(groups.iter_mut());
        let shown: Vec<usize> = groups.iter().map(|g| g.members.len()).collect();
        assert_eq!(shown, [73, 3, 73]);
        assert_eq!(groups[0].more, 4927);
        let mut few = [group(2, entity), group(140, entity)];
        cut(few.iter_mut());
        assert!(few.iter().all(|g| g.more == 0));
    }
}
