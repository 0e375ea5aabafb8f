//! What each page shows: the values that templates receive, a file a page type.

mod atoz;
mod changes;
mod channel;
mod claim;
mod compare;
mod coverage;
mod evidence;
mod finder;
mod frame;
mod glossary;
mod graph;
mod group;
mod health;
mod home;
mod index;
mod journey;
mod kpi;
mod news;
mod parts;
mod persona;
mod places;
mod rules;
mod segment;
mod sitemap;
mod team;
mod told;
mod touchpoint;
mod trace;

use std::borrow::Cow;
use std::sync::PoisonError;

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::fields::{table, view};
use super::refs::{self, At};
use super::{Site, ThemeError, languages, may_be_told, pages, route};
use crate::diagnostic::Diagnostic;
use crate::library::Entity;
use crate::library::health::Found;
use crate::library::translation::translation_is_older;
use crate::schema::kinds::persona::CLAIM_LISTS;
use crate::schema::shape::title;
use crate::schema::{Data, Extra, Kind, fields as reference};
use parts::Parts;

pub(super) use atoz::{atoz, letter, search};
pub(super) use changes::{Bar, PATH as CHANGES, State, around, bar, changes, gone_bar, list_bar};
pub(super) use channel::{PATH as CHANNELS, channel, channels};
pub(super) use compare::{
    Kit, chooser as compare, has_name_file, has_pair, name_files, names, pair, pair_names,
};
pub(super) use coverage::{
    KPIS, LIFECYCLE, Shared as Coverage, kpis, kpis_data, lifecycle, lifecycle_data, moods,
    moods_data, opportunities, opportunities_data, overview,
};
pub(super) use finder::finder;
pub(super) use frame::Frame;
pub(super) use graph::{graph, has_graph, library as library_graph};
pub(super) use health::{data as health_data, health};
pub(super) use home::home;
pub(super) use index::{
    Sheets, data, data_names, find_data, find_sheet, index, sheet, sheet_names,
};
pub(super) use kpi::summary as kpi_summary;
pub(super) use news::{PART as HISTORY, feed, has_history, has_own_feed, history, news, own_feed};
pub(super) use persona::{CARD, card, has_card};
pub(super) use rules::{rule, rules};
pub(super) use sitemap::{Listing, part as sitemap_part, parts as sitemap_parts, sitemap};
pub(super) use trace::{data as trace_data, trace};

type Result<T = String> = std::result::Result<T, ThemeError>;
/// Fields of a view, by name.
type Fields = Vec<(&'static str, Value)>;

/// Referrers of one kind that a page shows.
const MAX_BACKLINKS: usize = 50;

/// What the header of a page needs to know.
struct PageInfo<'a> {
    kind: &'a str,
    title: &'a str,
    description: Option<&'a str>,
    path: &'a str,
    entity: Option<&'a Entity>,
}

/// Menu, title and language of the site.
pub(super) fn shared(site: &Site<'_>) -> Value {
    let settings = &site.library.settings;
    let nav = Kind::ALL
        .iter()
        .filter(|&&kind| kind != Kind::Page)
        .filter_map(|&kind| {
            let count = site.library.count(kind, site.options.drafts);
            (count > 0).then(|| menu_entry(site, kind, count))
        });
    let mut pages: Vec<(&Entity, i64)> = site
        .published(Kind::Page)
        .filter(|page| !route::is_home(page) && !page.id.contains('/'))
        .map(|page| {
            let order = match &page.data {
                Some(Data::Page(page)) => page.order,
                _ => None,
            };
            (page, order.unwrap_or(i64::MAX))
        })
        .collect();
    pages.sort_by_key(|(_, order)| *order);
    let pages = pages.into_iter().map(|(page, _)| {
        view([
            ("name", Value::from(page.name())),
            ("path", route::entity_path(page).into()),
        ])
    });
    // Only of what stands in the menu: to ask the others may take a look at every entity.
    let tools = pages::FIXED.iter();
    let tools = tools.filter(|fixed| fixed.menu.is_some() && fixed.stands_in(site));
    let tools = tools.filter_map(|fixed| {
        let kind = fixed.menu?;
        Some(view([
            ("kind", Value::from(kind)),
            ("label", site.theme.label(&["nav", kind])),
            ("path", fixed.path.into()),
        ]))
    });
    let offers = Extra::ALL.iter();
    let offers = offers.map(|extra| (Value::from(Serde(extra)), site.offers(&[*extra])));
    let lang = site.lang();
    let dir = languages::direction(lang);
    view([
        ("title", Value::from(&settings.title)),
        ("description", Value::from(settings.description.as_deref())),
        ("lang", Value::from(lang)),
        ("dir", dir.into()),
        ("original", Value::from_safe_string(site.original())),
        ("english", Value::from_safe_string(languages::english(lang))),
        ("logo", Value::from(route::logo(site.library))),
        ("brand", Value::from(settings.brand.as_deref())),
        ("base_url", Value::from(site.options.base_url.as_deref())),
        ("nav", nav.collect()),
        ("pages", pages.collect()),
        ("tools", tools.collect()),
        ("offers", Value::from_pairs(offers)),
    ])
}

fn menu_entry(site: &Site<'_>, kind: Kind, count: usize) -> Value {
    view([
        ("kind", Value::from(kind.name())),
        ("label", kind_label(site, kind).into()),
        ("path", format!("{}/", kind.folder()).into()),
        ("count", count.into()),
    ])
}

/// The name of a kind in the plural.
fn kind_label<'s>(site: &'s Site<'_>, kind: Kind) -> &'s str {
    site.theme
        .word(&["kinds", kind.name(), "many"])
        .unwrap_or(kind.folder())
}

/// The wording of an enum value.
fn value_word(site: &Site<'_>, field: &str, value: &str) -> Value {
    or_title(site.theme.label(&["values", field, value]), value)
}

/// The name of a field.
fn field_word(site: &Site<'_>, field: &str) -> Value {
    or_title(site.theme.label(&["fields", field]), field)
}

/// What the labels do not know is shown as it was written.
fn or_title(known: Value, written: &str) -> Value {
    if known.is_undefined() {
        title(written).into()
    } else {
        known
    }
}

/// Renders `template` with what every page has and what this one adds. The frame of pages that
/// are many is drawn once; then only their main part is rendered.
fn render(site: &Site<'_>, template: &str, info: &PageInfo<'_>, more: Fields) -> Result {
    let root = root(site, info.path);
    let page = page(site, info, &root);
    let frame = frame::of(
        site,
        template,
        &Around {
            info,
            root: &root,
            page: &page,
        },
        &more,
    );
    let mut context = vec![
        ("header", header(site, info, &root)?),
        ("root", Value::from(&*root)),
        ("site", site.shared.clone()),
        ("labels", site.theme.labels.clone()),
        ("page", view(page.clone())),
    ];
    context.extend(more);
    match frame {
        Some((frame, mut parts)) => {
            parts.finish(site.theme.render_main(template, view(context))?);
            parts.fill(&frame)
        }
        None => site.theme.render(template, view(context)),
    }
}

/// The same for a page of which all that differs between two are texts: it is drawn once as a whole,
/// unless the theme has a template of its own for it.
fn render_whole(site: &Site<'_>, template: &str, info: &PageInfo<'_>, own: Parts<'_>) -> Result {
    let root = root(site, info.path);
    let page = page(site, info, &root);
    let around = Around {
        info,
        root: &root,
        page: &page,
    };
    match frame::whole(site, template, &around, own) {
        Ok((frame, parts)) => parts.fill(&frame),
        Err(own) => render(site, template, info, own.values()),
    }
}

/// What surrounds the main part of a page.
#[derive(Clone, Copy)]
struct Around<'a> {
    info: &'a PageInfo<'a>,
    root: &'a str,
    page: &'a Fields,
}

/// What templates receive as `page`.
fn page(site: &Site<'_>, info: &PageInfo<'_>, root: &str) -> Fields {
    let mut page = vec![
        ("kind", Value::from(info.kind)),
        ("title", info.title.into()),
        ("description", Value::from(info.description)),
        ("path", info.path.into()),
        ("canonical", Value::from(site.options.canonical(info.path))),
    ];
    let Some(entity) = info.entity else {
        return page;
    };
    page.push(("id", Value::from(&*entity.id)));
    let translated = entity.translated.as_ref();
    let source = translated.map_or(&entity.document.path, |t| &t.path);
    page.push(("source", Value::from(&**source)));
    // What lies below the page is there in the language of the originals only.
    let folder = route::entity_path(entity);
    let graph = pages::part(graph::PART).filter(|part| part.stands_at(site, entity));
    let graph = graph.map(|part| format!("{folder}{}", part.path));
    page.push(("graph", Value::from(graph)));
    page.push(("folder", folder.into()));
    let own = translated.and_then(|t| site.library.entity(entity.index)?.translation(&t.lang));
    let file = own.map_or(entity, |own| &own.source);
    page.push(("changed", news::last_change(site, file)));
    page.push(("feed", Value::from(news::own_feed_path(site, entity))));
    let edit = site.library.settings.edit_url.as_deref();
    page.push((
        "edit_url",
        Value::from(edit.map(|url| {
            let separator = if url.ends_with('/') { "" } else { "/" };
            format!("{url}{separator}{}", super::encode(source))
        })),
    ));
    page.extend(languages_of(site, entity, root).into_iter().flatten());
    page
}

/// Whether a page stands in the menu itself.
fn is_in_menu(info: &PageInfo<'_>) -> bool {
    let is_list = |kind: &Kind| info.path.strip_suffix('/') == Some(kind.folder());
    match info.entity {
        Some(entity) => entity.kind == Kind::Page,
        None => pages::fixed(info.path).is_some() || Kind::ALL.iter().any(is_list),
    }
}

/// The header with the menu. Only pages that stand in the menu themselves have one of their own;
/// all others of a kind, and those of a family, share it.
fn header(site: &Site<'_>, info: &PageInfo<'_>, root: &str) -> Result<Value> {
    let in_menu = is_in_menu(info);
    let known = |headers: &[Header]| {
        let found = headers
            .iter()
            .find(|h| *h.kind == *info.kind && *h.root == *root);
        found.map(|header| header.html.clone())
    };
    if !in_menu
        && let Some(html) = known(&site.headers.read().unwrap_or_else(PoisonError::into_inner))
    {
        return Ok(html);
    }
    let page = view([
        ("kind", Value::from(info.kind)),
        ("path", Value::from(in_menu.then_some(info.path))),
    ]);
    let context = view([
        ("root", Value::from(root)),
        ("site", site.shared.clone()),
        ("labels", site.theme.labels.clone()),
        ("page", page),
    ]);
    let html = Value::from_safe_string(site.theme.render("_header.html", context)?);
    if !in_menu {
        let mut headers = site.headers.write().unwrap_or_else(PoisonError::into_inner);
        headers.push(Header {
            kind: info.kind.into(),
            root: root.into(),
            html: html.clone(),
        });
    }
    Ok(html)
}

/// The header of all pages of a kind that are equally deep.
pub(super) struct Header {
    kind: Box<str>,
    root: Box<str>,
    html: Value,
}

/// What stands before every path; the page for unknown addresses is shown at any depth.
fn root(site: &Site<'_>, path: &str) -> String {
    match path {
        "404.html" if site.options.base_url.is_none() => "/".to_owned(),
        path => site.root(path).into_owned(),
    }
}

/// The address of what an entity says as JSON, unless the site does without.
fn json_path(site: &Site<'_>, entity: &Entity) -> Option<String> {
    let offered = site.offers(&[Extra::Data]);
    offered.then(|| format!("{}index.json", route::entity_path(entity)))
}

/// The page of an entity.
pub(super) fn entity(site: &Site<'_>, entity: &Entity, found: &dyn Found) -> Result {
    let path = site.path_of(entity);
    let root = root(site, &path);
    let at = At {
        entity,
        root: &root,
    };
    let mut fields = front_matter(site, at);
    fields.extend(named(site.reference_fields(entity)));
    let body = site.markdown(entity, &root);
    let mut more: Fields = vec![
        ("body", Value::from_safe_string(body.html)),
        ("toc", Value::from(Serde(&body.headings))),
        ("json", Value::from(json_path(site, entity))),
        ("custom", custom(site, at)),
        ("history", news::here(site, entity).unwrap_or_default()),
        ("name_lang", language_of(site, entity, "/name")),
        ("summary_lang", language_of(site, entity, "/summary")),
        (
            "body_lang",
            Value::from_safe_string(match &entity.translated {
                Some(translated) if !translated.body => site.original(),
                _ => String::new(),
            }),
        ),
    ];
    let template = match (&entity.data, entity.kind) {
        (Some(Data::Persona(data)), _) => {
            persona::extend(site, at, data, &mut more)?;
            "persona.html"
        }
        (Some(Data::Journey(data)), _) => {
            journey::extend(site, at, data, &mut more)?;
            "journey.html"
        }
        (Some(Data::Kpi(data)), _) => {
            kpi::extend(site, at, data, &mut more)?;
            "kpi.html"
        }
        (Some(Data::Evidence(data)), _) => {
            evidence::extend(site, at, data, &mut more)?;
            "evidence.html"
        }
        (Some(Data::Touchpoint(data)), _) => {
            touchpoint::extend(site, at, data, &mut more)?;
            "touchpoint.html"
        }
        (Some(Data::Segment(_)), _) => {
            segment::extend(site, at, &mut more)?;
            "segment.html"
        }
        (Some(Data::Team(_)), _) => {
            team::extend(site, at, found, &mut more);
            "team.html"
        }
        (Some(Data::Term(_)), _) => {
            glossary::extend(site, at, &mut more);
            "term.html"
        }
        (Some(Data::Account(data)), _) => {
            group::extend(site, at, data, &mut more);
            "entity.html"
        }
        (Some(_), kind) if kind != Kind::Page => "entity.html",
        // What could not be typed is shown as a page: its name, its text and its findings.
        _ => "page.html",
    };
    // Pages that show some referrers elsewhere have said which are left.
    if !more.iter().any(|(name, _)| *name == "backlinks") {
        more.push(("backlinks", backlinks(site, at, &|_| true)));
    }
    fields.extend(named(more));
    let info = PageInfo {
        kind: entity.kind.name(),
        title: entity.name(),
        description: refs::summary(entity),
        path: &path,
        entity: Some(entity),
    };
    let mut context: Fields = vec![("e", table(fields))];
    // What was found is about the files of the original: it is shown on its page.
    if entity.translated.is_none() {
        context.extend(shown_findings(site, found.about(entity.index)));
    }
    render(site, template, &info, context)
}

/// The attributes of an element that holds a text of an entity.
fn language_of(site: &Site<'_>, entity: &Entity, pointer: &str) -> Value {
    Value::from_safe_string(site.attributes(entity, pointer))
}

/// The languages that a page is there in, and whether this one is older than the original.
fn languages_of(
    site: &Site<'_>,
    entity: &Entity,
    root: &str,
) -> Option<[(&'static str, Value); 2]> {
    let original = site.library.entity(entity.index)?;
    if original.translations.is_empty() || route::is_home(original) {
        return None;
    }
    let settings = &site.library.settings;
    let here = site.lang();
    let view_of = |lang: &str, path: String| {
        let address = site.options.canonical(&path);
        view([
            ("lang", Value::from(lang)),
            ("name", languages::name(lang).into()),
            ("here", (lang == here).into()),
            (
                "href",
                address.unwrap_or_else(|| format!("{root}{path}")).into(),
            ),
            ("path", path.into()),
        ])
    };
    let first = route::entity_path(original);
    let mut all = vec![view_of(&settings.lang, first.clone())];
    let translations = original.translations.iter();
    all.extend(translations.map(|t| view_of(&t.lang, route::translated_path(original, &t.lang))));
    let own = entity.translated.as_ref();
    let own = own.and_then(|translated| original.translation(&translated.lang));
    let changed = original.changed().or_else(|| {
        let history = site.history?.history();
        Some(history.last_of(&original.document.path)?.day)
    });
    let older = own.filter(|own| translation_is_older(changed, own.translated));
    let older = older.map(|_| {
        let day = changed.map(|day| day.to_string());
        view([
            ("day", Value::from(day)),
            ("path", first.into()),
            ("lang", Value::from(&settings.lang)),
        ])
    });
    Some([
        ("languages", Value::from(all)),
        ("older", Value::from(older)),
    ])
}

/// The findings about a page, in its order, where the options ask to show them.
fn shown_findings(site: &Site<'_>, findings: &[Diagnostic]) -> Option<(&'static str, Value)> {
    let shown = site.options.show_findings && !findings.is_empty();
    shown.then(|| {
        let shown = findings.iter().filter(|f| may_be_told(site.library, f));
        let mut findings: Vec<&Diagnostic> = shown.collect();
        findings.sort_by(|a, b| a.order(b));
        let findings = findings.into_iter().map(|f| finding(site, f));
        ("findings", findings.collect())
    })
}

fn finding(site: &Site<'_>, finding: &Diagnostic) -> Value {
    let rule = site.rule(finding.code).map(|rule| rules::path(rule.name));
    let start = finding.start();
    view([
        ("severity", Value::from(finding.severity.as_str())),
        ("message", Value::from(&finding.message)),
        ("rule", Value::from(rule.is_some().then_some(finding.code))),
        ("rule_path", Value::from(rule)),
        (
            "place",
            format!("{}:{}:{}", finding.path, start.line, start.column).into(),
        ),
    ])
}

fn named(fields: Fields) -> impl Iterator<Item = (Cow<'static, str>, Value)> {
    let fields = fields.into_iter();
    fields.map(|(name, value)| (Cow::Borrowed(name), value))
}

/// The front matter as written, except for what a view gives in its own form.
fn front_matter(site: &Site<'_>, at: At<'_>) -> Vec<(Cow<'static, str>, Value)> {
    let entity = at.entity;
    let shape = site.library.schemas.shape(entity.kind);
    let lists: &[&str] = match &entity.data {
        Some(Data::Persona(_)) => &CLAIM_LISTS,
        Some(Data::Journey(_)) => &["stages"],
        _ => &[],
    };
    site.fields(entity)
        .filter(|(name, _)| !lists.contains(name))
        .map(|(name, node)| {
            // A KPI's own `kind` must not hide what kind of entity it is.
            let shown = if name == "kind" { "kpi_kind" } else { name };
            let value = site.value(at, node, shape.field(name));
            (Cow::Owned(shown.to_owned()), value)
        })
        .collect()
}

/// The custom fields that an entity fills.
fn custom(site: &Site<'_>, at: At<'_>) -> Value {
    let entity = at.entity;
    let Some(root) = entity.document.root() else {
        return Value::from(());
    };
    let shape = site.library.schemas.shape(entity.kind);
    site.library
        .settings
        .published_fields(entity.kind)
        .filter_map(|(key, schema)| {
            let node = root.get(key)?;
            let text = |name: &str| schema.get(name).and_then(serde_json::Value::as_str);
            Some(view([
                ("key", Value::from(key)),
                (
                    "title",
                    text("title")
                        .map_or_else(|| title(key), str::to_owned)
                        .into(),
                ),
                ("description", Value::from(text("description"))),
                ("value", site.value(at, node, shape.field(key))),
            ]))
        })
        .collect()
}

/// Who refers to an entity, by kind; without those that the page shows elsewhere. Of many the
/// first are shown, and where the list of their kind can be filtered for the rest.
fn backlinks(site: &Site<'_>, at: At<'_>, wanted: &dyn Fn(&Entity) -> bool) -> Value {
    backlinks_of(site, at, &site.library.referrers(at.entity), wanted)
}

/// The same of referrers that are known, by kind and name.
fn backlinks_of(
    site: &Site<'_>,
    at: At<'_>,
    referrers: &[&Entity],
    wanted: &dyn Fn(&Entity) -> bool,
) -> Value {
    let kinds = referrers.chunk_by(|a, b| a.kind == b.kind);
    kinds
        .filter_map(|others| {
            let kind = others.first()?.kind;
            let mut others = others.iter().filter(|e| site.is_published(e) && wanted(e));
            let first = others.by_ref().take(MAX_BACKLINKS);
            let items: Vec<Value> = first.map(|other| site.reference(other, at.root)).collect();
            (!items.is_empty()).then(|| {
                view([
                    ("key", Value::from(kind.name())),
                    ("label", kind_label(site, kind).into()),
                    ("items", Value::from(items)),
                    ("more", others.count().into()),
                    ("path", Value::from(rest(at.entity, kind))),
                ])
            })
        })
        .collect()
}

/// The list of those of a kind that refer to an entity, where it can be filtered for them.
fn rest(entity: &Entity, kind: Kind) -> Option<String> {
    match (entity.kind, kind) {
        (Kind::Team, _) => Some(index::filtered(kind, "owner", &entity.id)),
        (Kind::Segment, Kind::Persona) => Some(index::filtered(kind, "segment", &entity.id)),
        _ => None,
    }
}

/// The redirect from a former id.
pub(super) fn redirect(site: &Site<'_>, from: &str, to: &Entity) -> Result {
    let path = super::encode(&format!("{}/{from}/", to.kind.folder()));
    let target_path = route::entity_path(to);
    let target = view([
        ("name", Value::from(to.name())),
        ("path", Value::from(&target_path)),
    ]);
    let page = view([
        ("kind", Value::from("redirect")),
        ("path", Value::from(&path)),
        (
            "canonical",
            Value::from(site.options.canonical(&target_path)),
        ),
    ]);
    let context = view([
        ("root", Value::from(root(site, &path))),
        ("site", site.shared.clone()),
        ("labels", site.theme.labels.clone()),
        ("page", page),
        ("target", target),
    ]);
    site.theme.render("redirect.html", context)
}

/// The field reference.
pub(super) fn fields(site: &Site<'_>) -> Result {
    #[derive(Serialize)]
    struct KindDoc<'a> {
        kind: &'static str,
        title: &'a str,
        description: &'a str,
        folder: String,
        fields: Vec<reference::FieldDoc>,
    }
    let kinds: Vec<KindDoc<'_>> = Kind::ALL
        .iter()
        .map(|&kind| KindDoc {
            kind: kind.name(),
            title: site
                .theme
                .word(&["kinds", kind.name(), "one"])
                .unwrap_or(kind.name()),
            description: site
                .library
                .schemas
                .json(kind)
                .get("description")
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default(),
            folder: format!("content/{}/", kind.folder()),
            fields: reference::fields(&site.library.schemas, kind),
        })
        .collect();
    let info = PageInfo {
        kind: "fields",
        title: site
            .theme
            .word(&["fields_page", "title"])
            .unwrap_or("Fields"),
        description: site.theme.word(&["fields_page", "lead"]),
        path: "fields/",
        entity: None,
    };
    render(
        site,
        "fields.html",
        &info,
        vec![("kinds", Value::from(Serde(&kinds)))],
    )
}

/// The page for an address that does not exist.
pub(super) fn not_found(site: &Site<'_>) -> Result {
    let info = PageInfo {
        kind: "404",
        title: site.theme.word(&["not_found", "title"]).unwrap_or("404"),
        description: None,
        path: "404.html",
        entity: None,
    };
    render(site, "404.html", &info, Vec::new())
}
