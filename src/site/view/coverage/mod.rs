//! Coverage: what is there for whom, and what is missing. A page of sums, and four tables.

mod groups;
mod kpis;
mod lifecycle;
mod moods;
pub(super) mod opportunities;

use minijinja::Value;

use super::super::fields::view;
use super::super::markdown::escape;
use super::super::theme::Part;
use super::super::{Site, route};
use super::{Fields, PageInfo, Result, render};
use crate::library::Entity;
use crate::schema::Kind;
use crate::schema::kinds::persona::Stance;

pub(in crate::site) use groups::Shared;
pub(in crate::site) use kpis::{KPIS, data as kpis_data, kpis};
pub(in crate::site) use lifecycle::{LIFECYCLE, data as lifecycle_data, lifecycle};
pub(in crate::site) use moods::{data as moods_data, moods};
pub(in crate::site) use opportunities::{data as opportunities_data, opportunities};

/// The overview, and what the pages of a matrix need to know of each other.
const TABS: [(&str, &str); 5] = [
    ("overview", "coverage/"),
    ("lifecycle", "coverage/lifecycle/"),
    ("kpis", "coverage/kpis/"),
    ("touchpoints", "coverage/touchpoints/"),
    ("opportunities", "coverage/opportunities/"),
];

/// One of the pages about coverage.
struct Sheet<'a> {
    /// Its key in [`TABS`] and in the labels.
    tab: &'static str,
    /// Its address.
    path: &'a str,
    /// Of a part of a table: whose it is, and which page of how many.
    part: Option<(&'a str, usize, usize)>,
}

impl Sheet<'_> {
    fn render(&self, site: &Site<'_>, mut fields: Fields) -> Result {
        let word = |key: &str| site.theme.word(&["coverage", self.tab, key]);
        let tabs = TABS.iter().map(|(key, path)| {
            view([
                ("key", Value::from(*key)),
                ("path", (*path).into()),
                ("current", (*key == self.tab).into()),
                ("here", (*path == self.path).into()),
            ])
        });
        fields.push(("tabs", tabs.collect()));
        let own = TABS.iter().find(|(key, _)| *key == self.tab);
        if let Some((_, path)) = own.filter(|(key, _)| *key != "overview") {
            fields.push(("json", format!("{path}index.json").into()));
        }
        let title = word("title").unwrap_or(self.tab);
        let mut titles = vec![title.to_owned()];
        if let Some((name, page, pages)) = self.part {
            titles.insert(0, name.to_owned());
            fields.push(("part", name.into()));
            fields.push(("page", page.into()));
            fields.push(("pages", pages.into()));
            if page > 1 {
                titles.push(page.to_string());
            }
        }
        let title = titles.join(" – ");
        if self.tab == "lifecycle" || self.tab == "kpis" {
            fields.push(("left_out", left_out(site).into()));
        }
        fields.push(("tab", self.tab.into()));
        let info = PageInfo {
            kind: "coverage",
            title: &title,
            description: word("lead"),
            path: self.path,
            entity: None,
        };
        let template = match self.tab {
            "overview" => "coverage.html".to_owned(),
            tab => format!("coverage_{tab}.html"),
        };
        render(site, &template, &info, vec![("coverage", view(fields))])
    }
}

/// The personas that count: active ones to win.
fn targets<'a>(site: &Site<'a>) -> impl Iterator<Item = &'a Entity> {
    let personas = site.published(Kind::Persona);
    personas.filter(|entity| entity.is_active_target())
}

/// How many personas the tables of personas leave out: nobody wants to win the negative ones.
fn left_out(site: &Site<'_>) -> usize {
    *site.coverage.left_out.get_or_init(|| {
        let personas = site.published(Kind::Persona);
        let negative = personas.filter(|entity| entity.active_stance() == Some(Stance::Negative));
        negative.count()
    })
}

/// Whether a journey or a KPI counts: it has a page and is not on its way out.
fn counts(site: &Site<'_>, entity: &Entity) -> bool {
    entity.is_current() && site.is_published(entity)
}

/// Writes a link to what stands at `href`.
fn write_link(site: &Site<'_>, (href, text): (&str, &str), out: &mut String) -> Result<()> {
    let form = [("href", Part::Gap), ("text", Part::Gap)];
    let stencil = site.theme.stencil("cell_link", &form)?;
    stencil.fill(out, |gap, out| {
        out.push_str(&escape(if gap == 0 { href } else { text }));
        Ok(())
    })
}

/// Writes a row of a table: whose it is, its cells, and a sum at its end.
fn write_row(
    site: &Site<'_>,
    (root, entity): (&str, &Entity),
    cells: &str,
    sum: Option<&str>,
    out: &mut String,
) -> Result<()> {
    let form = [
        ("name", Part::Gap),
        ("href", Part::Gap),
        ("cells", Part::Gap),
        ("sum", Part::gap(sum.is_some())),
    ];
    let stencil = site.theme.stencil("matrix_row", &form)?;
    stencil.fill(out, |gap, out| {
        match gap {
            0 => out.push_str(&escape(entity.name())),
            1 => {
                out.push_str(root);
                out.push_str(&escape(&route::entity_path(entity)));
            }
            2 => out.push_str(cells),
            _ => out.push_str(&escape(sum.unwrap_or_default())),
        }
        Ok(())
    })
}

/// The names of the phases, in order.
fn phase_words(site: &Site<'_>) -> Vec<Value> {
    let phases = site.library.settings.lifecycle.iter();
    phases
        .map(|phase| super::value_word(site, "lifecycle", phase))
        .collect()
}

/// The sums of all tables.
pub(in crate::site) fn overview(site: &Site<'_>) -> Result {
    let sheet = Sheet {
        tab: "overview",
        path: "coverage/",
        part: None,
    };
    let root = super::root(site, sheet.path);
    let fields = vec![
        ("lifecycle", lifecycle::sums(site)),
        ("kpis", kpis::sums(site)),
        ("moods", moods::worst(site, &root)?),
        ("opportunities", opportunities::best(site, &root)),
    ];
    sheet.render(site, fields)
}
