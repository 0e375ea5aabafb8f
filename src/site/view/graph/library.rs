//! The library as a graph: its kinds with how often they refer to each other, and its segments with
//! the personas and journeys they share.

use std::collections::BTreeMap;

use dagre::graph::Graph;
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, RankDir, layout};
use foldhash::HashMap;
use minijinja::Value;

use super::super::super::Site;
use super::super::super::fields::view;
use super::super::{PageInfo, Result, kind_label, render, route};
use super::drawing::{BOX, Drawing, Node, PITCH};
use super::{GAP, PART, to_f64};
use crate::library::{Entity, EntityId};
use crate::schema::{Data, Kind};

/// The width of the node of a kind.
const KIND: f64 = 136.0;
/// The most segments in the drawing, the largest first.
const MAX_SEGMENTS: usize = 40;
/// The most lines between them, the strongest first.
const MAX_LINES: usize = 80;
/// The nodes in a row of those that nothing joins.
const ROW: usize = 4;

/// A node of the library's graph.
struct Place<'a> {
    node: Node<'a>,
    key: String,
}

/// A line: from which node to which, how often, and in words.
struct Line {
    ends: (usize, usize),
    count: usize,
    title: String,
}

/// The page of the library's graph.
pub(in crate::site) fn library(site: &Site<'_>) -> Result {
    let root = super::super::root(site, PART);
    let (kinds, kind_lines) = kinds(site, &root);
    let (segments, segment_lines, rows, all) = segments(site, &root);
    let table = |places: &[Place<'_>], lines: &[Line]| -> Value {
        let rows = lines.iter().map(|line| {
            let name = |at: usize| places.get(at).map_or("", |place| place.node.name);
            view([
                ("from", Value::from(name(line.ends.0))),
                ("to", name(line.ends.1).into()),
                ("count", line.count.into()),
            ])
        });
        rows.collect()
    };
    let page = view([
        (
            "kinds",
            Value::from_safe_string(draw("kind-box", (&kinds, &kind_lines), KIND)),
        ),
        ("kind_lines", table(&kinds, &kind_lines)),
        (
            "segments",
            Value::from_safe_string(draw("segment-box", (&segments, &segment_lines), BOX.0)),
        ),
        ("segment_lines", table(&segments, &segment_lines)),
        ("rows", rows),
        ("more", (all - segments.len()).into()),
    ]);
    let info = PageInfo {
        kind: "graph",
        title: site.theme.word(&["graph", "title"]).unwrap_or(PART),
        description: site.theme.word(&["graph", "lead"]),
        path: PART,
        entity: None,
    };
    render(site, "library_graph.html", &info, vec![("graph", page)])
}

/// The kinds that have entries, and how many references lead from one to another.
fn kinds<'s>(site: &'s Site<'_>, root: &str) -> (Vec<Place<'s>>, Vec<Line>) {
    let mut counts: BTreeMap<(Kind, Kind), usize> = BTreeMap::new();
    let shown = |kind: Kind| kind != Kind::Page;
    for &kind in Kind::ALL {
        for entity in site.published(kind).filter(|e| shown(e.kind)) {
            for other in site.library.each_referred(entity) {
                if shown(other.kind) && other.kind != kind {
                    *counts.entry((kind, other.kind)).or_default() += 1;
                }
            }
        }
    }
    let kinds = Kind::ALL.iter().copied();
    let kinds: Vec<(Kind, usize)> = kinds
        .map(|kind| (kind, site.library.count(kind, site.options.drafts)))
        .filter(|&(kind, count)| shown(kind) && count > 0)
        .collect();
    let at = |kind| kinds.iter().position(|(k, _)| *k == kind);
    let lines = counts.into_iter().filter_map(|((from, to), count)| {
        let title = format!(
            "{} → {}: {count}",
            kind_label(site, from),
            kind_label(site, to)
        );
        Some(Line {
            ends: (at(from)?, at(to)?),
            count,
            title,
        })
    });
    let lines = lines.collect();
    let places = kinds.into_iter().map(|(kind, count)| Place {
        key: kind.name().to_owned(),
        node: Node {
            class: Some(kind.name()),
            name: kind_label(site, kind),
            note: Some(count.to_string()),
            href: Some(format!("{root}{}/", kind.folder())),
        },
    });
    (places.collect(), lines)
}

/// The largest segments, the personas and journeys that two of them share, a row of figures for each, and how
/// many segments there are.
fn segments<'s>(site: &'s Site<'_>, root: &str) -> (Vec<Place<'s>>, Vec<Line>, Value, usize) {
    let mut all: Vec<&Entity> = site.published(Kind::Segment).collect();
    // By their places in the order of names; the order of indices is that in which files came.
    let by_name: HashMap<EntityId, usize> =
        (all.iter().map(|segment| segment.index).zip(0..)).collect();
    let mut sizes = vec![0; all.len()];
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut join = |mut of: Vec<usize>| {
        of.sort_unstable();
        of.dedup();
        // A journey for everybody says little of any two.
        for (at, &one) in of.iter().enumerate().take(MAX_SEGMENTS) {
            for &other in of[at + 1..].iter().take(MAX_SEGMENTS) {
                *shared.entry((one, other)).or_default() += 1;
            }
        }
    };
    for persona in site.published(Kind::Persona) {
        let of = segments_of(site, persona, &by_name);
        for &one in &of {
            sizes[one] += 1;
        }
        join(of);
    }
    for journey in site.published(Kind::Journey) {
        let Some(Data::Journey(data)) = &journey.data else {
            continue;
        };
        let personas = data.personas.iter();
        let personas = personas.filter_map(|p| site.library.find(Kind::Persona, p.id()));
        let of = personas.flat_map(|found| segments_of(site, found.entity, &by_name));
        join(of.collect());
    }
    let population = |segment: &Entity| sizes[by_name[&segment.index]];
    all.sort_by_key(|segment| std::cmp::Reverse(population(segment)));
    let count = all.len();
    all.truncate(MAX_SEGMENTS);
    let at = |place| {
        all.iter()
            .position(|segment| by_name[&segment.index] == place)
    };
    let mut lines: Vec<Line> = shared
        .into_iter()
        .filter_map(|((one, other), count)| {
            let ends = (at(one)?, at(other)?);
            let title = format!("{} – {}: {count}", all[ends.0].name(), all[ends.1].name());
            Some(Line { ends, count, title })
        })
        .collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.count));
    lines.truncate(MAX_LINES);
    let rows = all.iter().map(|segment| {
        view([
            ("ref", site.reference(segment, root)),
            ("personas", population(segment).into()),
        ])
    });
    let rows = rows.collect();
    let places = all.iter().map(|segment| Place {
        key: segment.id.to_string(),
        node: Node {
            class: Some("segment"),
            name: segment.name(),
            note: Some(population(segment).to_string()),
            href: Some(format!("{root}{}", route::entity_path(segment))),
        },
    });
    (places.collect(), lines, rows, count)
}

/// The published segments of a persona, each once, by their places.
fn segments_of(site: &Site<'_>, persona: &Entity, places: &HashMap<EntityId, usize>) -> Vec<usize> {
    let Some(Data::Persona(data)) = &persona.data else {
        return Vec::new();
    };
    let find = |id: &str| site.library.find(Kind::Segment, id);
    let found = data.segments.iter().filter_map(|s| find(s.id()));
    let places = found.filter_map(|found| places.get(&found.entity.index));
    let mut of: Vec<usize> = places.copied().collect();
    of.sort_unstable();
    of.dedup();
    of
}

/// Lays nodes and lines out and draws them.
fn draw(id: &'static str, (places, lines): (&[Place<'_>], &[Line]), node: f64) -> String {
    let mut graph: Graph<NodeLabel, EdgeLabel> = Graph::new();
    let is_joined = |at: usize| lines.iter().any(|l| l.ends.0 == at || l.ends.1 == at);
    let (joined, alone): (Vec<usize>, Vec<usize>) =
        (0..places.len()).partition(|&at| is_joined(at));
    for place in joined.iter().map(|&at| &places[at]) {
        let label = NodeLabel {
            width: node,
            height: BOX.1,
            ..NodeLabel::default()
        };
        graph.set_node(place.key.as_str(), Some(label));
    }
    let strongest = lines.iter().map(|line| line.count).max().unwrap_or(1);
    for line in lines {
        let (from, to) = line.ends;
        let label = EdgeLabel::default();
        graph.set_edge(
            places[from].key.as_str(),
            places[to].key.as_str(),
            Some(label),
            None,
        );
    }
    let options = LayoutOptions {
        rankdir: RankDir::TB,
        nodesep: 22.0,
        ranksep: 48.0,
        ..LayoutOptions::default()
    };
    layout(&mut graph, Some(options));
    let center = |place: &Place<'_>| {
        let laid = graph.node(&place.key);
        laid.and_then(|node| Some((node.x?, node.y?)))
    };
    let bends = |line: &Line| -> Vec<(f64, f64)> {
        let (from, to) = line.ends;
        let edge = graph.edge(&places[from].key, &places[to].key, None);
        edge.map_or_else(Vec::new, |e| e.points.iter().map(|p| (p.x, p.y)).collect())
    };
    let half = (node / 2.0, BOX.1 / 2.0);
    let centers = joined.iter().filter_map(|&at| center(&places[at]));
    let corners = centers.flat_map(|(x, y)| [(x - half.0, y - half.1), (x + half.0, y + half.1)]);
    let [least, mut greatest] = corners.chain(lines.iter().flat_map(bends)).fold(
        [(0.0, 0.0); 2],
        |[least, greatest]: [(f64, f64); 2], at| {
            [
                (least.0.min(at.0), least.1.min(at.1)),
                (greatest.0.max(at.0), greatest.1.max(at.1)),
            ]
        },
    );
    // What nothing joins stands in rows below the rest.
    let below = if joined.is_empty() {
        0.0
    } else {
        greatest.1 + PITCH
    };
    let in_a_row = alone.len().min(ROW);
    if in_a_row > 0 {
        greatest.0 = greatest.0.max(to_f64(in_a_row) * (node + GAP) - GAP);
        greatest.1 = below + to_f64(alone.len().div_ceil(ROW)) * (PITCH + GAP) - GAP;
    }
    let mut drawing = Drawing::new(id, [least, greatest], node);
    for line in lines {
        let strength = 1.0 + 5.0 * (to_f64(line.count) / to_f64(strongest)).sqrt();
        drawing.path(&bends(line), strength, &line.title);
    }
    for place in joined.iter().map(|&at| &places[at]) {
        let (x, y) = center(place).unwrap_or_default();
        drawing.node((x - half.0, y - half.1), &place.node);
    }
    for (at, place) in alone.iter().map(|&at| &places[at]).enumerate() {
        let (column, row) = (to_f64(at % ROW), to_f64(at / ROW));
        let place_of = (column * (node + GAP), below + row * (PITCH + GAP));
        drawing.node(place_of, &place.node);
    }
    drawing.finish()
}
