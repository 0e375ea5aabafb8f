//! Large tables of personas in parts: a page of sums with a row a segment, and below it pages with
//! the personas of each.

use minijinja::Value;
use rustc_hash::FxHashMap;

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

/// Those of one segment, or those who belong to none.
#[derive(Clone, Copy)]
pub(super) struct Group<'a> {
    pub(super) segment: Option<&'a Entity>,
}

impl<'a> Group<'a> {
    /// How many belong to it.
    fn count(self, site: &Site<'a>) -> usize {
        match self.segment {
            Some(segment) => site.library.targets_in(segment),
            None => rest(site).count(),
        }
    }

    fn personas(self, site: &Site<'a>) -> Vec<&'a Entity> {
        let Some(segment) = self.segment else {
            return rest(site).collect();
        };
        let mut all = site.library.referrers(segment);
        all.retain(|e| {
            e.is_active_target() && segments_of(site, e).any(|s| s.index == segment.index)
        });
        all
    }

    /// Its name in addresses.
    pub(super) fn slug(self) -> String {
        match self.segment {
            Some(segment) => format!("segment/{}", segment.id),
            None => "rest".to_owned(),
        }
    }

    /// What people call it.
    pub(super) fn name(self, site: &Site<'a>) -> &'a str {
        match self.segment {
            Some(segment) => segment.name(),
            None => site.theme.word(&["coverage", "rest"]).unwrap_or("–"),
        }
    }
}

/// The published segments that a persona belongs to.
fn segments_of<'a>(site: &Site<'a>, persona: &'a Entity) -> impl Iterator<Item = &'a Entity> {
    let named = match &persona.data {
        Some(Data::Persona(data)) => &*data.segments,
        _ => &[],
    };
    let library = site.library;
    let drafts = site.options.drafts;
    let found = named
        .iter()
        .filter_map(move |r| library.find(Kind::Segment, r.id()));
    found
        .map(|found| found.entity)
        .filter(move |e| drafts || e.status() != crate::schema::kinds::common::Status::Draft)
}

/// Those who belong to no segment that has a page.
fn rest<'a>(site: &Site<'a>) -> impl Iterator<Item = &'a Entity> {
    targets(site).filter(|persona| segments_of(site, persona).next().is_none())
}

/// All groups, each with what `add` makes of its personas.
pub(super) fn sums<'a, S: Default>(
    site: &Site<'a>,
    mut add: impl FnMut(&'a Entity, &mut dyn FnMut(&dyn Fn(&mut S))),
) -> Vec<(Group<'a>, usize, S)> {
    let segments: Vec<&Entity> = site.published(Kind::Segment).collect();
    let places: FxHashMap<EntityId, usize> = segments
        .iter()
        .enumerate()
        .map(|(at, e)| (e.index, at))
        .collect();
    let groups = segments.iter().map(|segment| Some(*segment)).chain([None]);
    let mut groups: Vec<_> = groups
        .map(|segment| (Group { segment }, 0, S::default()))
        .collect();
    let last = segments.len();
    for persona in targets(site) {
        let mut at: Vec<usize> = segments_of(site, persona)
            .filter_map(|segment| places.get(&segment.index).copied())
            .collect();
        at.sort_unstable();
        at.dedup();
        if at.is_empty() {
            at.push(last);
        }
        add(persona, &mut |into| {
            for &at in &at {
                into(&mut groups[at].2);
            }
        });
        for at in at {
            groups[at].1 += 1;
        }
    }
    groups.retain(|(_, count, _)| *count > 0);
    groups
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
        let segments = site.published(Kind::Segment).map(Some).chain([None]);
        let mut out = Vec::new();
        for group in segments.map(|segment| Group { segment }) {
            let pages = group.count(site).div_ceil(self.rows);
            let slug = group.slug();
            out.extend((1..=pages).map(|page| match page {
                1 => slug.as_str().into(),
                _ => format!("{slug}/{page}").into(),
            }));
        }
        out
    }

    /// The group and page of a name.
    fn parse<'a>(&self, site: &Site<'a>, name: &str) -> Option<(Group<'a>, usize, usize)> {
        if !self.is_split(site) {
            return None;
        }
        let (segment, rest) = match name.strip_prefix("segment/") {
            Some(after) => {
                let (id, rest) = after.split_once('/').unwrap_or((after, ""));
                let segment = site.library.get(Kind::Segment, id)?;
                (Some(segment).filter(|s| site.is_published(s))?.into(), rest)
            }
            None => (None, name.strip_prefix("rest")?.trim_start_matches('/')),
        };
        let page = match rest {
            "" => 1,
            number => number.parse().ok().filter(|page| *page > 1)?,
        };
        let group = Group { segment };
        let pages = group.count(site).div_ceil(self.rows);
        let exact = if page == 1 {
            group.slug()
        } else {
            format!("{}/{page}", group.slug())
        };
        (page <= pages && exact == name).then_some((group, page, pages))
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
        let personas = group.personas(site);
        let from = ((page - 1) * self.rows).min(personas.len());
        let shown = &personas[from..(from + self.rows).min(personas.len())];
        let path = format!("{}{name}/", self.path);
        let root = super::super::root(site, &path);
        let mut fields = (self.table)(site, &root, shown)?;
        fields.extend([
            ("from", Value::from(from + 1)),
            ("to", (from + shown.len()).into()),
            ("of", personas.len().into()),
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
