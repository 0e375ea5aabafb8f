//! The pages and files of the site, a line each: those that stand at one address, those that every
//! entity has, and those that come in families.
//!
//! To add one, write its view and name it here. The build, the preview, the sitemap and the check
//! for clashing addresses read these tables.

use std::hash::{Hash, Hasher};

use super::{Site, ThemeError, json, view};
use crate::library::health::Found;
use crate::library::{Entity, channels};
use crate::schema::{Extra, Kind};

/// What a page or file holds, as text.
type Text = Result<String, ThemeError>;

/// A page or file with an address of its own.
#[derive(Debug)]
pub struct Fixed {
    /// Its address, not encoded; pages end with a slash.
    pub path: &'static str,
    /// What people call it.
    pub(super) name: &'static str,
    /// Where it stands in the menu: the kind of its page, and its word below `nav` in the labels.
    pub(super) menu: Option<&'static str>,
    /// What it is a part of that a site may leave out.
    extras: &'static [Extra],
    /// Makes it.
    pub(super) make: fn(&Site<'_>, &dyn Found) -> Text,
    /// Whether this site has it, unless it leaves it out.
    is_there: fn(&Site<'_>) -> bool,
}

/// A page or file that stands below the page of an entity.
#[derive(Debug)]
pub struct Part {
    /// Its address below that of the entity, not encoded; pages end with a slash.
    pub path: &'static str,
    /// What people call it, before "of" and the entity.
    pub(super) name: &'static str,
    /// What it is a part of that a site may leave out.
    extras: &'static [Extra],
    /// Makes it.
    pub(super) make: fn(&Site<'_>, &Entity) -> Text,
    /// Whether an entity has it, on a site that does not leave it out.
    is_there: fn(&Site<'_>, &Entity) -> bool,
}

/// Pages or files that differ by a name in their address.
#[derive(Debug)]
pub struct Family {
    /// What stands before the name, and after it: `rules/` and `/`.
    pub around: (&'static str, &'static str),
    /// What people call one of them, before its name.
    pub(super) name: &'static str,
    /// What they are a part of that a site may leave out.
    pub(super) extras: &'static [Extra],
    /// The names of all, on a site that does not leave them out.
    pub(super) names: fn(&Site<'_>) -> Vec<Box<str>>,
    /// The same for whether there is one of this name; asked for names that nobody has, too.
    pub(super) has: fn(&Site<'_>, &str) -> bool,
    /// Makes one.
    pub(super) make: fn(&Site<'_>, &str) -> Text,
}

impl Fixed {
    /// Whether a site has it.
    pub(super) fn stands_in(&self, site: &Site<'_>) -> bool {
        site.offers(self.extras) && (self.is_there)(site)
    }
}

impl Part {
    /// Whether an entity of a site has it.
    pub(super) fn stands_at(&self, site: &Site<'_>, entity: &Entity) -> bool {
        site.offers(self.extras) && (self.is_there)(site, entity)
    }
}

impl Family {
    /// The names of all that a site has.
    pub(super) fn names_in(&self, site: &Site<'_>) -> Vec<Box<str>> {
        if site.offers(self.extras) {
            (self.names)(site)
        } else {
            Vec::new()
        }
    }

    /// Whether a site has one of this name, which may be any text.
    pub(super) fn has_in(&self, site: &Site<'_>, name: &str) -> bool {
        site.offers(self.extras) && (self.has)(site, name)
    }
}

fn always(_: &Site<'_>) -> bool {
    true
}

/// Whether there are personas to tell apart.
fn has_personas(site: &Site<'_>) -> bool {
    site.library.count(Kind::Persona, site.options.drafts) > 1
}

/// What is shown for an address that does not exist.
pub(super) const NOT_FOUND: Fixed = Fixed {
    path: "404.html",
    extras: &[],
    name: "the page for addresses that do not exist",
    menu: None,
    make: |site, _| view::not_found(site),
    is_there: always,
};

/// The pages and files with an address of their own.
pub(super) static FIXED: &[Fixed] = &[
    Fixed {
        path: "",
        extras: &[],
        name: "the home page",
        menu: None,
        make: |site, found| view::home(site, found),
        is_there: always,
    },
    Fixed {
        path: "news/",
        extras: &[],
        name: "the page about what is new",
        menu: Some("news"),
        make: |site, _| view::news(site),
        is_there: |site| site.history.is_some(),
    },
    Fixed {
        path: "news/feed.xml",
        extras: &[],
        name: "the feed of changes",
        menu: None,
        make: |site, _| view::feed(site),
        is_there: |site| site.history.is_some(),
    },
    Fixed {
        path: view::CHANGES,
        extras: &[],
        name: "the page of all changes",
        menu: Some("changes"),
        make: |site, found| view::changes(site, found),
        is_there: |site| site.compared.is_some(),
    },
    Fixed {
        path: "health/",
        extras: &[],
        name: "the page about health",
        menu: Some("health"),
        make: |site, found| view::health(site, found),
        is_there: always,
    },
    Fixed {
        path: "health/index.json",
        extras: &[Extra::Data],
        name: "the data of the page about health",
        menu: None,
        make: |site, found| Ok(view::health_data(site, found)),
        is_there: always,
    },
    Fixed {
        path: "traceability/",
        extras: &[Extra::Traceability],
        name: "the traceability table",
        menu: Some("trace"),
        make: |site, _| view::trace(site),
        is_there: always,
    },
    Fixed {
        path: "traceability/index.json",
        extras: &[Extra::Traceability, Extra::Data],
        name: "the data of the traceability table",
        menu: None,
        make: |site, _| Ok(view::trace_data(site)),
        is_there: always,
    },
    Fixed {
        path: "graph/",
        extras: &[Extra::Graph],
        name: "the graph of the library",
        menu: Some("graph"),
        make: |site, _| view::library_graph(site),
        is_there: always,
    },
    Fixed {
        path: "compare/",
        extras: &[Extra::Compare],
        name: "the page on which personas are compared",
        menu: Some("compare"),
        make: |site, _| view::compare(site),
        is_there: has_personas,
    },
    Fixed {
        path: "finder/",
        extras: &[Extra::Finder],
        name: "the page with the questions",
        menu: Some("finder"),
        make: |site, _| view::finder(site),
        is_there: has_personas,
    },
    Fixed {
        path: "coverage/",
        extras: &[Extra::Coverage],
        name: "the page about coverage",
        menu: Some("coverage"),
        make: |site, _| view::overview(site),
        is_there: always,
    },
    Fixed {
        path: "coverage/lifecycle/",
        extras: &[Extra::Coverage],
        name: "the coverage of the lifecycle",
        menu: None,
        make: |site, _| view::lifecycle(site),
        is_there: always,
    },
    Fixed {
        path: "coverage/lifecycle/index.json",
        extras: &[Extra::Coverage, Extra::Data],
        name: "the data of the coverage of the lifecycle",
        menu: None,
        make: |site, _| Ok(view::lifecycle_data(site)),
        is_there: always,
    },
    Fixed {
        path: "coverage/kpis/",
        extras: &[Extra::Coverage],
        name: "the coverage by KPIs",
        menu: None,
        make: |site, _| view::kpis(site),
        is_there: always,
    },
    Fixed {
        path: "coverage/kpis/index.json",
        extras: &[Extra::Coverage, Extra::Data],
        name: "the data of the coverage by KPIs",
        menu: None,
        make: |site, _| Ok(view::kpis_data(site)),
        is_there: always,
    },
    Fixed {
        path: "coverage/touchpoints/",
        extras: &[Extra::Coverage],
        name: "the feelings at touchpoints",
        menu: None,
        make: |site, _| view::moods(site),
        is_there: always,
    },
    Fixed {
        path: "coverage/touchpoints/index.json",
        extras: &[Extra::Coverage, Extra::Data],
        name: "the data of the feelings at touchpoints",
        menu: None,
        make: |site, _| Ok(view::moods_data(site)),
        is_there: always,
    },
    Fixed {
        path: "coverage/opportunities/",
        extras: &[Extra::Coverage],
        name: "the list of opportunities",
        menu: None,
        make: |site, _| view::opportunities(site),
        is_there: always,
    },
    Fixed {
        path: "coverage/opportunities/index.json",
        extras: &[Extra::Coverage, Extra::Data],
        name: "the data of the list of opportunities",
        menu: None,
        make: |site, _| Ok(view::opportunities_data(site)),
        is_there: always,
    },
    Fixed {
        path: view::CHANNELS,
        extras: &[],
        name: "the list of channels",
        menu: None,
        make: |site, _| view::channels(site),
        is_there: |site| channels::any(site.library, |entity| site.is_published(entity)),
    },
    Fixed {
        path: "a-z/",
        extras: &[],
        name: "the A–Z index",
        menu: Some("atoz"),
        make: |site, _| view::atoz(site),
        is_there: always,
    },
    Fixed {
        path: "search/",
        extras: &[],
        name: "the page of the search",
        menu: None,
        make: |site, _| view::search(site),
        is_there: always,
    },
    Fixed {
        path: "search/index.json",
        extras: &[],
        name: "the search index",
        menu: None,
        make: |site, _| Ok(site.search().head().to_owned()),
        is_there: always,
    },
    Fixed {
        path: "fields/",
        extras: &[],
        name: "the field reference",
        menu: Some("fields"),
        make: |site, _| view::fields(site),
        is_there: always,
    },
    Fixed {
        path: "rules/",
        extras: &[],
        name: "the list of rules",
        menu: Some("rules"),
        make: |site, _| view::rules(site),
        is_there: |site| !site.options.rules.is_empty(),
    },
    NOT_FOUND,
    Fixed {
        path: "sitemap.xml",
        extras: &[],
        name: "the sitemap",
        menu: None,
        make: |site, _| view::sitemap(site, None),
        is_there: always,
    },
    Fixed {
        path: "robots.txt",
        extras: &[],
        name: "the word to search engines",
        menu: None,
        make: |site, _| Ok(site.robots()),
        is_there: always,
    },
    Fixed {
        path: "library.json",
        extras: &[Extra::Data],
        name: "the data of the library",
        menu: None,
        make: |site, _| Ok(json::library(site)),
        is_there: always,
    },
];

/// The pages and files of an entity besides its page.
pub(super) static PARTS: &[Part] = &[
    Part {
        path: "index.json",
        extras: &[Extra::Data],
        name: "the data",
        make: |site, entity| Ok(json::entity(site, entity)),
        is_there: |_, _| true,
    },
    Part {
        path: "graph/",
        extras: &[Extra::Graph],
        name: "the graph",
        make: |site, entity| view::graph(site, entity),
        is_there: |site, entity| view::has_graph(site, entity),
    },
    Part {
        path: "feed.xml",
        extras: &[],
        name: "the feed",
        make: |site, entity| view::own_feed(site, entity),
        is_there: |site, entity| entity.kind == Kind::Persona && view::has_own_feed(site, entity),
    },
    Part {
        path: view::HISTORY,
        extras: &[],
        name: "the history",
        make: |site, entity| view::history(site, entity),
        is_there: |site, entity| view::has_history(site, entity),
    },
    Part {
        path: view::CARD,
        extras: &[Extra::Card],
        name: "the card",
        make: view::card,
        is_there: |_, entity| view::has_card(entity),
    },
];

/// The pages and files that come in families.
pub(super) static FAMILIES: &[Family] = &[
    Family {
        around: ("rules/", "/"),
        extras: &[],
        name: "the page of the rule",
        names: |site| site.options.rules.iter().map(|r| r.name.into()).collect(),
        has: |site, name| site.rule(name).is_some(),
        make: |site, name| match site.rule(name) {
            Some(rule) => view::rule(site, rule),
            None => view::not_found(site),
        },
    },
    Family {
        around: ("lists/", "/"),
        extras: &[],
        name: "the page of a list",
        names: view::sheet_names,
        has: |site, name| view::find_sheet(site, name).is_some(),
        make: |site, name| match view::find_sheet(site, name) {
            Some((kind, number)) => view::sheet(site, kind, number),
            None => view::not_found(site),
        },
    },
    Family {
        around: ("a-z/", "/"),
        extras: &[],
        name: "the page of the A–Z index",
        names: |site| site.letters().names(),
        has: |site, name| site.letters().page(name).is_some(),
        make: |site, name| match site.letters().page(name) {
            Some(page) => view::letter(site, page),
            None => view::not_found(site),
        },
    },
    Family {
        around: ("lists/", ".json"),
        extras: &[],
        name: "the data of a list",
        names: view::data_names,
        has: |site, name| view::find_data(site, name).is_some(),
        make: |site, name| match view::find_data(site, name) {
            Some((kind, number)) => view::data(site, kind, number),
            None => Ok(String::new()),
        },
    },
    Family {
        around: ("sitemap-", ".xml"),
        extras: &[],
        name: "a part of the sitemap",
        names: |site| {
            view::sitemap_parts(site)
                .map(|n| n.to_string().into())
                .collect()
        },
        has: |site, name| view::sitemap_part(site, name).is_some(),
        make: |site, name| match view::sitemap_part(site, name) {
            Some(number) => view::sitemap(site, Some(number)),
            None => Ok(String::new()),
        },
    },
    Family {
        around: ("compare/names/", ".json"),
        extras: &[Extra::Compare],
        name: "the file of names",
        names: view::name_files,
        has: view::has_name_file,
        make: |site, name| Ok(view::names(site, name)),
    },
    Family {
        around: ("compare/", "/"),
        extras: &[Extra::Compare],
        name: "the comparison",
        names: view::pair_names,
        has: view::has_pair,
        make: view::pair,
    },
    Family {
        around: (view::CHANNELS, "/"),
        extras: &[],
        name: "the page of the channel",
        names: |site| site.channels().keys().cloned().collect(),
        has: |site, name| site.has_channel(name),
        make: |site, name| view::channel(site, name),
    },
    Family {
        around: ("coverage/lifecycle/", "/"),
        extras: &[Extra::Coverage],
        name: "a part of the coverage of the lifecycle,",
        names: |site| view::LIFECYCLE.names(site),
        has: |site, name| view::LIFECYCLE.has(site, name),
        make: |site, name| view::LIFECYCLE.page(site, name),
    },
    Family {
        around: ("coverage/kpis/", "/"),
        extras: &[Extra::Coverage],
        name: "a part of the coverage by KPIs,",
        names: |site| view::KPIS.names(site),
        has: |site, name| view::KPIS.has(site, name),
        make: |site, name| view::KPIS.page(site, name),
    },
    Family {
        around: ("search/", ".txt"),
        extras: &[],
        name: "the part of the search index",
        names: |site| site.search().names().map(Into::into).collect(),
        has: |site, name| site.search().file(name).is_some(),
        make: |site, name| Ok(site.search().file(name).unwrap_or_default().to_owned()),
    },
];

/// A page of this name, the home page by the empty one.
pub(super) fn fixed(path: &str) -> Option<&'static Fixed> {
    let path = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    };
    FIXED.iter().find(|fixed| fixed.path == path)
}

/// The part of an entity at what follows its folder.
pub(super) fn part(path: &str) -> Option<&'static Part> {
    PARTS.iter().find(|part| part.path == path)
}

/// The family and the name within it that an address has.
pub(super) fn member(path: &str) -> Option<(&'static Family, &str)> {
    FAMILIES.iter().find_map(|family| {
        let rest = path.strip_prefix(family.around.0)?;
        let name = rest.strip_suffix(family.around.1)?;
        (!name.is_empty()).then_some((family, name))
    })
}

/// Lines of a table are the same when their addresses are.
macro_rules! by_address {
    ($($line:ty: $field:ident),*) => {$(
        impl PartialEq for $line {
            fn eq(&self, other: &Self) -> bool {
                self.$field == other.$field
            }
        }

        impl Eq for $line {}

        impl Hash for $line {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.$field.hash(state);
            }
        }
    )*};
}

by_address!(Fixed: path, Part: path, Family: around);
