//! The frame of a page, which is drawn once, and its main part, which is rendered each time.
//!
//! In: the templates of a theme. Out: which of them have a frame that can be drawn once, that
//! frame with gaps, and the main part without it. A template of the project's own counts only if
//! it can do nothing with what differs between two pages but place it; see [`places_only`].

use std::collections::BTreeMap;
use std::sync::OnceLock;

use minijinja::{Environment, Value};

use super::stencil::{Form, Stencil, told};
use super::{DEFAULT, Theme, ThemeError};
use crate::site::fields::{nested, view};

/// The pages that are many. Outside of `main` the built-in templates show nothing of them but what
/// the form of a frame holds.
const FRAMED: [&str; 10] = [
    "persona.html",
    "journey.html",
    "evidence.html",
    "touchpoint.html",
    "segment.html",
    "team.html",
    "term.html",
    "entity.html",
    "pair.html",
    "graph.html",
];

/// The frame of all pages, and what it is made of.
const FRAME: [&str; 3] = ["base.html", "_policy.html", "_footer.html"];
/// The blocks of the frame.
const BLOCKS: [&str; 6] = ["title", "styles", "theme", "head", "header", "footer"];
/// What stands in place of the frame while a main part is rendered.
const BARE: &str = "{% block main %}{% endblock %}";

/// What a template of the project's own may say in a frame: these are the same on all pages that
/// share it, or do no more than to place something.
const KNOWN: [&str; 20] = [
    "block", "endblock", "extends", "super", "include", "if", "elif", "else", "endif", "not",
    "and", "or", "is", "defined", "root", "site", "labels", "icons", "header", "kind",
];

/// For the main parts of pages alone.
#[derive(Debug)]
pub(super) struct Mains {
    environment: Environment<'static>,
    folded: OnceLock<Environment<'static>>,
    /// The templates whose frame can be drawn once.
    framed: Vec<&'static str>,
    /// Those that are drawn once as a whole.
    whole: Vec<&'static str>,
}

impl Mains {
    pub(super) fn of(
        environment: &Environment<'static>,
        overrides: &BTreeMap<String, Vec<u8>>,
    ) -> Self {
        let own = |name: &str| overrides.get(&format!("templates/{name}"));
        let text = |name: &str| own(name).map(|bytes| String::from_utf8_lossy(bytes));
        let mut shared = FRAME.iter().filter_map(|name| text(name));
        let plain = shared.all(|source| !defines(&source, "main") && places_only(&source));
        let mut framed = FRAMED.to_vec();
        framed.retain(|name| plain && text(name).is_none_or(|source| keeps_frame(&source)));
        let mut whole = framed.clone();
        whole.retain(|name| {
            [*name, "_crumbs.html"]
                .iter()
                .all(|name| own(name).is_none())
        });
        let mut environment = environment.clone();
        for name in ["base.html".to_owned(), format!("{DEFAULT}base.html")] {
            if environment.add_template_owned(name, BARE).is_err() {
                framed.clear();
            }
        }
        Self {
            environment,
            folded: OnceLock::new(),
            framed,
            whole,
        }
    }
}

impl Theme {
    /// The template of this name, if its frame can be drawn once.
    pub(in crate::site) fn framed(&self, template: &str) -> Option<&'static str> {
        #[cfg(test)]
        if self.recorded.is_on() {
            return None;
        }
        let mut framed = self.mains.framed.iter().copied();
        framed.find(|name| *name == template)
    }

    /// The template of this name, if it can be drawn once as a whole.
    pub(in crate::site) fn drawn_whole(&self, template: &str) -> Option<&'static str> {
        let framed = self.framed(template)?;
        self.mains.whole.contains(&framed).then_some(framed)
    }

    /// The main part of a page.
    pub(in crate::site) fn render_main(
        &self,
        template: &str,
        context: Value,
    ) -> Result<String, ThemeError> {
        let Mains {
            environment,
            folded,
            ..
        } = &self.mains;
        let folded = folded.get_or_init(|| self.fold(environment));
        self.render_in([folded, environment], template, context)
    }

    /// What a template makes of a form, on pages that share what is `known`. A form that has a gap
    /// `main` is that of a frame. `None` if the template does something else with a gap than place it.
    pub(in crate::site) fn draw(
        &self,
        template: &str,
        known: Vec<(&'static str, Value)>,
        form: Form<'_>,
    ) -> Option<Stencil> {
        // Days in words are asked for by the filter, not by name.
        let told = told(form).filter(|(name, _)| !name.contains('|'));
        let context = view(nested(known.into_iter().chain(told)));
        let main = form.iter().position(|(name, _)| *name == "main");
        let drawn = match main {
            Some(_) => {
                let main = "{% block main %}{{ main }}{% endblock %}";
                let source = format!("{{% extends \"{template}\" %}}{main}");
                let frame = self
                    .environment
                    .template_from_named_str("frame.html", &source);
                frame.and_then(|frame| frame.render(context))
            }
            None => (|| self.environment.get_template(template)?.render(context))(),
        };
        let stencil = Stencil::cut(&drawn.ok()?, form).ok()?;
        let is_whole = main.is_none_or(|main| stencil.gaps().contains(&main));
        is_whole.then_some(stencil)
    }
}

/// Whether a template of a page leaves the frame as it is, or does no more in it than to place
/// things.
fn keeps_frame(source: &str) -> bool {
    let code = source.trim_start();
    // A comment may stand before.
    let code = match code.strip_prefix("{#") {
        Some(comment) => comment.split_once("#}").map_or("", |(_, code)| code),
        None => code,
    };
    let code = code
        .trim_start()
        .trim_start_matches("{%")
        .trim_start_matches('-');
    let extends = code.trim_start().starts_with("extends \"");
    let in_frame = BLOCKS.iter().any(|block| defines(source, block));
    extends && !source.contains("self") && (!in_frame || places_only(source))
}

/// Whether a template has a block of this name.
fn defines(source: &str, block: &str) -> bool {
    tags(source).any(|tag| {
        let mut words = tag.split_whitespace();
        words.next() == Some("block") && words.next() == Some(block)
    })
}

/// The code between braces.
fn tags(source: &str) -> impl Iterator<Item = &str> {
    let mut rest = source;
    std::iter::from_fn(move || {
        let start = rest.find(['{']).map(|at| &rest[at..])?;
        let (close, comment) = match start.as_bytes().get(1) {
            Some(b'{') => ("}}", false),
            Some(b'%') => ("%}", false),
            Some(b'#') => ("#}", true),
            _ => {
                rest = &start[1..];
                return Some("");
            }
        };
        let inner = &start[2..];
        let (tag, behind) = inner.split_once(close).unwrap_or((inner, ""));
        rest = behind;
        Some(if comment {
            ""
        } else {
            tag.trim_matches(['-', '+']).trim()
        })
    })
}

/// Whether a template does nothing with what differs between two pages but place it: its code has
/// only words that are known, and `{{ page.title }}` or the like by itself.
fn places_only(source: &str) -> bool {
    tags(source).all(|tag| {
        let is_name = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        };
        if tag.strip_prefix("page.").is_some_and(is_name) {
            return true;
        }
        if let Some(block) = tag.strip_prefix("block ") {
            return is_name(block.trim());
        }
        if let Some(name) = tag
            .strip_prefix("extends ")
            .or(tag.strip_prefix("include "))
        {
            return name.trim().starts_with(&format!("\"{DEFAULT}"));
        }
        words(tag).all(|word| KNOWN.contains(&word))
    })
}

/// The names in a piece of code, without those behind a dot and what stands in quotes. What follows
/// `page` must be its kind, which pages of a frame share.
fn words(tag: &str) -> impl Iterator<Item = &str> {
    let outside = tag.split(['"', '\'']).step_by(2);
    outside.flat_map(|code| {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let names = code.split(move |c| !is_part(c));
        let names = names.filter(|name| !name.is_empty() && !name.starts_with('.'));
        names.map(|name| match name.strip_prefix("page.") {
            Some("kind") => "kind",
            Some(_) => name,
            None => name.split('.').next().unwrap_or(name),
        })
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::library::Library;
    use crate::site::{Options, RefCache, Route, Site};

    #[test]
    fn a_template_that_only_places_what_differs_can_be_drawn_once() {
        for source in [
            "{% extends \"default/base.html\" %}\n{% block theme %}<link href=\"{{ root }}assets/x.css\">{% endblock %}",
            "{#- page.title|upper -#}{% extends \"default/base.html\" %}{% block footer %}{{ super() }}<p>{{ page.title }}</p>{% endblock %}",
            "{% if page.kind == \"persona\" and site.logo %}{{ icons.stop }} {{ labels.nav.skip }}{% endif %}",
            "a { b { c } }",
        ] {
            assert!(places_only(source), "{source}");
        }
    }

    #[test]
    fn a_template_that_looks_at_what_differs_cannot() {
        for code in [
            "{{ page.title|upper }}",
            "{% if page.title == \"A\" %}x{% endif %}",
            "{%- if page.path %}x{% endif %}",
            "{% set p = page %}{{ p.title }}",
            "{{ page }}",
            "{{ page[\"title\"] }}",
            "{{ e.name }}",
            "{% include \"_mine.html\" %}",
            "{% include name %}",
            "{% filter upper %}{{ page.title }}{% endfilter %}",
            "{% for n in site.nav %}x{% endfor %}",
            "{% extends \"_mine.html\" %}",
            "{{ debug() }}",
            "{{ page.title",
            "{{ \"a\" ~ page.title }}",
        ] {
            let source = format!("<p>{code}</p>");
            // What is not closed is not placed either, but an error that the whole template shows.
            assert!(!places_only(&source) || code == "{{ page.title", "{code}");
        }
    }

    #[test]
    fn a_page_keeps_the_frame_unless_it_has_blocks_of_it() {
        let page = |rest: &str| format!("{{% extends \"default/persona.html\" %}}{rest}");
        for (source, keeps) in [
            (
                page("{% block hero %}{{ e.name|upper }}{% endblock %}"),
                true,
            ),
            (
                page("{% block styles %}{{ super() }}<link>{% endblock %}"),
                true,
            ),
            (
                page("{% block title %}{{ page.title|upper }}{% endblock %}"),
                false,
            ),
            (
                page("{% block hero %}{{ self.title() }}{% endblock %}"),
                false,
            ),
            ("<p>{% block main %}{% endblock %}</p>".to_owned(), false),
            (
                "{% if x %}{% extends \"base.html\" %}{% endif %}".to_owned(),
                false,
            ),
        ] {
            assert_eq!(keeps_frame(&source), keeps, "{source}");
        }
    }

    /// All pages of a library, with its own frames and without any.
    fn both(library: &Library) -> [Vec<(Route, Vec<u8>)>; 2] {
        [false, true].map(|recorded| {
            let (theme, findings) = Theme::load(library);
            assert!(findings.is_empty(), "{findings:?}");
            if recorded {
                theme.recorded.start();
            }
            let options = Options {
                drafts: true,
                today: jiff::civil::date(2026, 11, 24),
                ..Options::default()
            };
            let refs = RefCache::new(library);
            let site = Site::new(library, &theme, &options, &refs);
            let routes = site.routes().into_iter();
            let pages = routes.filter(|r| !matches!(r, Route::Theme(_) | Route::Asset(_)));
            let render = |route: Route| {
                let page = site.render(&route, &()).expect("a page");
                (route, page.body)
            };
            pages.map(render).collect()
        })
    }

    /// The first lines of two pages that differ.
    fn difference(a: &[u8], b: &[u8]) -> Option<[String; 2]> {
        let [a, b] = [a, b].map(|page| String::from_utf8_lossy(page).into_owned());
        let mut lines = a.lines().zip(b.lines());
        let found = lines
            .find(|(a, b)| a != b)
            .or_else(|| (a != b).then_some((&a, &b)));
        found.map(|(a, b)| [a.to_owned(), b.to_owned()])
    }

    #[test]
    fn frames_are_what_the_templates_make_of_each_page() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = crate::source::Folder::open(root).expect("the repository");
        let [framed, rendered] = both(&Library::load(Arc::new(folder)));
        assert!(framed.len() > 100);
        for ((route, framed), (_, rendered)) in framed.iter().zip(&rendered) {
            assert_eq!(difference(framed, rendered), None, "{route:?}");
        }
    }

    #[test]
    fn a_theme_may_do_with_its_pages_what_it_likes() {
        let theme = |name: &str, source: &str| {
            let library = crate::source::Memory::default()
                .with("personary.yaml", "title: T\ntheme: mine\n")
                .with(
                    "content/personas/a.md",
                    "---\nname: Ann & Bo\nowner: t\n---\n",
                )
                .with("content/teams/t.md", "---\nname: Team\n---\n")
                .with(&format!("themes/mine/templates/{name}"), source);
            both(&Library::load(Arc::new(library)))
        };
        for (name, source) in [
            (
                "base.html",
                "{% extends \"default/base.html\" %}{% block title %}{{ page.title|upper }}{% endblock %}",
            ),
            (
                "base.html",
                "{% extends \"default/base.html\" %}{% block theme %}<!-- {{ page.path }} -->{% endblock %}",
            ),
            (
                "base.html",
                "<main>{% block content %}{% endblock %}</main>",
            ),
            (
                "base.html",
                "{% set x = page.title %}<main>{% block main %}{% endblock %}</main>{{ x }}",
            ),
            (
                "_footer.html",
                "{% if page.path == \"personas/a/\" %}this one{% endif %}",
            ),
            ("_crumbs.html", "{{ page.title|length }}"),
            (
                "graph.html",
                "{% extends \"default/graph.html\" %}{% block graph %}{{ graph.ref.name|upper }}{{ graph.svg }}{% endblock %}",
            ),
            (
                "persona.html",
                "{% extends \"default/persona.html\" %}{% block title %}{{ e.name|upper }}{% endblock %}",
            ),
            ("persona.html", "{{ e.name }}"),
        ] {
            let [framed, rendered] = theme(name, source);
            for ((route, framed), (_, rendered)) in framed.iter().zip(&rendered) {
                assert_eq!(
                    difference(framed, rendered),
                    None,
                    "{name} {source} {route:?}"
                );
            }
        }
    }
}
