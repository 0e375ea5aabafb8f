//! Large tables of personas in parts: a page of sums with a row a segment, and below it pages with
//! the personas of each.

use std::sync::OnceLock;

use foldhash::HashMap;
use minijinja::Value;

use super::super::super::Site;
use super::super::super::fields::view;
use super::super::{Fields, Result};
use super::{Sheet, targets};
use crate::library::{Entity, EntityId};
use crate::schema::{Data, Kind};

/// A table with a row a persona.
#[derive(Debug)]
pub(in crate::site) struct Matrix {
    /// Its key among the pages about coverage.
    pub(super) tab: &'static str,
    /// The address of the whole.
    pub(super) path: &'static str,
    /// Rows on a page.
    pub(super) rows: usize,
    /// What the template receives about some personas.
    pub(super) table: fn(&Site<'_>, &str, &[&Entity]) -> Result<Fields>,
}

/// What pages about coverage share, found when the first of them asks.
#[derive(Default)]
pub(in crate::site) struct Shared {
    groups: OnceLock<Vec<Members>>,
    pub(super) left_out: OnceLock<usize>,
    pub(super) lifecycle: OnceLock<Sums<super::lifecycle::Tally>>,
    pub(super) kpis: OnceLock<Sums<super::kpis::Tally>>,
}

/// Who belongs to a segment, or to none.
struct Members {
    segment: Option<EntityId>,
    personas: Vec<EntityId>,
}

/// What a table adds up to, in all and for each group.
#[derive(Default)]
pub(super) struct Sums<S> {
    pub(super) total: S,
    pub(super) groups: Vec<S>,
}

impl<S: Default> Sums<S> {
    /// Adds up what `of` makes of each persona.
    pub(super) fn of(
        site: &Site<'_>,
        of: impl Fn(&Entity) -> S,
        join: impl Fn(&mut S, &S),
    ) -> Self {
        let each = targets(site).map(|persona| (persona.index, of(persona)));
        let each: HashMap<EntityId, S> = each.collect();
        let mut sums = Self::default();
        for one in each.values() {
            join(&mut sums.total, one);
        }
        for members in members(site) {
            let mut sum = S::default();
            let personas = members.personas.iter();
            let found = personas.filter_map(|persona| each.get(persona));
            found.for_each(|one| join(&mut sum, one));
            sums.groups.push(sum);
        }
        sums
    }
}

/// Those of one segment, or those who belong to none.
#[derive(Clone, Copy)]
pub(super) struct Group<'a> {
    segment: Option<&'a Entity>,
    /// Who belongs to it, by name.
    pub(super) personas: &'a [EntityId],
}

impl<'a> Group<'a> {
    /// Its name in addresses.
    fn slug(self) -> String {
        match self.segment {
            Some(segment) => format!("segment/{}", segment.id),
            None => "rest".to_owned(),
        }
    }

    /// What people call it.
    pub(super) fn name(self, site: &'a Site<'_>) -> &'a str {
        match self.segment {
            Some(segment) => segment.name(),
            None => site.theme.word(&["coverage", "rest"]).unwrap_or("–"),
        }
    }
}

/// The published segments that a persona belongs to.
fn segments_of<'a>(site: &'a Site<'_>, persona: &'a Entity) -> impl Iterator<Item = &'a Entity> {
    let named = match &persona.data {
        Some(Data::Persona(data)) => &*data.segments,
        _ => &[],
    };
    let found = named.iter();
    let found = found.filter_map(|r| Some(site.library.find(Kind::Segment, r.id())?.entity));
    found.filter(|segment| site.is_published(segment))
}

/// Who belongs to which segment, by name; those who belong to none come last.
fn members<'a>(site: &'a Site<'_>) -> &'a [Members] {
    site.coverage.groups.get_or_init(|| {
        let segments = site
            .published(Kind::Segment)
            .map(|segment| Some(segment.index));
        let mut groups: Vec<Members> = segments
            .chain([None])
            .map(|segment| Members {
                segment,
                personas: Vec::new(),
            })
            .collect();
        let places: HashMap<Option<EntityId>, usize> = groups
            .iter()
            .enumerate()
            .map(|(at, group)| (group.segment, at))
            .collect();
        for persona in targets(site) {
            let mut own: Vec<_> = segments_of(site, persona)
                .map(|segment| Some(segment.index))
                .collect();
            if own.is_empty() {
                own.push(None);
            }
            for group in own.iter().filter_map(|own| places.get(own)) {
                let personas = &mut groups[*group].personas;
                // A segment may be named twice.
                if personas.last() != Some(&persona.index) {
                    personas.push(persona.index);
                }
            }
        }
        groups
    })
}

/// The groups in their order, those without anybody among them.
pub(super) fn groups<'a>(site: &'a Site<'_>) -> impl Iterator<Item = Group<'a>> {
    members(site).iter().map(|members| Group {
        segment: members.segment.and_then(|id| site.library.entity(id)),
        personas: &members.personas,
    })
}

impl Matrix {
    /// Whether the table is cut into pages by segment.
    pub(super) fn is_split(&self, site: &Site<'_>) -> bool {
        site.library.stances().0 > self.rows
    }

    /// The names of its pages.
    pub(in crate::site) fn names(&self, site: &Site<'_>) -> Vec<Box<str>> {
        if !self.is_split(site) {
            return Vec::new();
        }
        let mut out = Vec::new();
        for group in groups(site) {
            let pages = group.personas.len().div_ceil(self.rows);
            let slug = group.slug();
            out.extend((1..=pages).map(|page| match page {
                1 => slug.as_str().into(),
                _ => format!("{slug}/{page}").into(),
            }));
        }
        out
    }

    /// The group and page of a name.
    fn parse<'a>(&self, site: &'a Site<'_>, name: &str) -> Option<(Group<'a>, usize, usize)> {
        if !self.is_split(site) {
            return None;
        }
        groups(site).find_map(|group| {
            let rest = name.strip_prefix(&group.slug())?;
            let page = match rest.strip_prefix('/') {
                None => Some(1).filter(|_| rest.is_empty())?,
                // Written in one way only, so that a page has one address.
                Some(number) => number
                    .parse()
                    .ok()
                    .filter(|page: &usize| *page > 1 && page.to_string() == number)?,
            };
            let pages = group.personas.len().div_ceil(self.rows);
            (page <= pages).then_some((group, page, pages))
        })
    }

    /// Whether there is a page of this name.
    pub(in crate::site) fn has(&self, site: &Site<'_>, name: &str) -> bool {
        self.parse(site, name).is_some()
    }

    /// The page of this name.
    pub(in crate::site) fn page(&self, site: &Site<'_>, name: &str) -> Result {
        let Some((group, page, pages)) = self.parse(site, name) else {
            return super::super::not_found(site);
        };
        let from = (page - 1) * self.rows;
        let shown = group.personas.iter().skip(from).take(self.rows);
        let shown: Vec<&Entity> = shown.filter_map(|id| site.library.entity(*id)).collect();
        let path = format!("{}{name}/", self.path);
        let root = super::super::root(site, &path);
        let mut fields = (self.table)(site, &root, &shown)?;
        fields.extend([
            ("from", Value::from(from + 1)),
            ("to", (from + shown.len()).into()),
            ("of", group.personas.len().into()),
            ("whole", self.path.into()),
        ]);
        let address = |page: usize| match page {
            1 => format!(
                "{}{}/",
                self.path,
                super::super::super::encode(&group.slug())
            ),
            _ => format!(
                "{}{}/{page}/",
                self.path,
                super::super::super::encode(&group.slug())
            ),
        };
        let links = (1..=pages).map(|n| {
            view([
                ("n", Value::from(n)),
                ("path", address(n).into()),
                ("here", (n == page).into()),
            ])
        });
        if pages > 1 {
            fields.push(("pager", links.collect()));
        }
        let sheet = Sheet {
            tab: self.tab,
            path: &path,
            part: Some((group.name(site), page, pages)),
        };
        sheet.render(site, fields)
    }

    /// The address of the first page of a group.
    pub(super) fn address(&self, group: Group<'_>) -> String {
        format!(
            "{}{}/",
            self.path,
            super::super::super::encode(&group.slug())
        )
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::LIFECYCLE;
    use super::*;
    use crate::library::Library;
    use crate::site::{Options, RefCache, Theme};
    use crate::source::Memory;

    #[test]
    fn many_personas_are_split_by_segment_and_then_by_page() {
        let persona = |segments: &str| {
            format!(
                "---\nname: A\nmarket: b2c\nstance: target\nstatus: active\nbasis: proto\nowner: t\nsummary: s\nb2c: {{}}\nlifecycle: [renewal]\nsegments: [{segments}]\n---\n"
            )
        };
        let mut tree = Memory::default()
            .with(
                "content/segments/big.md",
                "---\nname: Big\nsummary: s\n---\n",
            )
            .with(
                "content/segments/empty.md",
                "---\nname: Empty\nsummary: s\n---\n",
            );
        for number in 0..=LIFECYCLE.rows {
            let path = format!("content/personas/p{number:03}.md");
            tree = tree.with(&path, persona("big, big"));
        }
        tree = tree.with("content/personas/q.md", persona(""));
        let library = Library::load(Arc::new(tree));
        let (theme, _) = Theme::load(&library);
        let (options, refs) = (Options::default(), RefCache::new(&library));
        let site = Site::new(&library, &theme, &options, &refs);
        let names = LIFECYCLE.names(&site);
        assert_eq!(
            names,
            ["segment/big", "segment/big/2", "rest"].map(Box::from)
        );
        assert!(names.iter().all(|name| LIFECYCLE.has(&site, name)));
        for nobody in [
            "segment/big/1",
            "segment/big/02",
            "segment/big/3",
            "segment/empty",
            "rest/2",
            "rests",
            "",
        ] {
            assert!(!LIFECYCLE.has(&site, nobody), "{nobody}");
        }
        let last = LIFECYCLE.page(&site, "segment/big/2").expect("a page");
        assert_eq!(last.matches("<td class=\"gap\">").count(), 1);
        let whole = super::super::lifecycle(&site).expect("a page");
        let gaps = LIFECYCLE.rows + 2;
        assert!(whole.contains(&format!("{gaps} of {gaps} phases")));
    }
}
