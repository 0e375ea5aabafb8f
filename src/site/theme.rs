//! The theme: templates, labels and files, the built-in ones with a project's in their place.

mod filters;
mod fold;
mod frame;
#[cfg(test)]
mod record;
pub mod shipped;
mod stencil;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value};
use rust_embed::RustEmbed;
use serde_json::Value as Json;

use super::colour::Rgb;
use super::fields::table;
use super::{Route, brand, markdown};
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::Library;
pub(in crate::site) use stencil::{Form, Part, Stencil};
pub(super) use words::Numerals;
use words::Plurals;

#[derive(RustEmbed)]
#[folder = "themes/default"]
struct BuiltIn;

/// Where the built-in theme stands in the source of this program.
const BUILT_IN: &str = "themes/default";
/// Stands before the name of a template of the built-in theme, for those that take its place.
const DEFAULT: &str = "default/";
/// How much work one page may be before its template is taken for a runaway.
const FUEL: u64 = 200_000_000;
/// The largest file of a theme, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// The file that a brand's colours stand in.
const BRAND_SHEET: &str = "static/brand.css";

/// Templates, labels and files.
pub struct Theme {
    environment: Environment<'static>,
    /// The same with the words of the interface written into the templates: what pages are made by.
    folded: OnceLock<Environment<'static>>,
    /// The texts of the interface, for templates.
    pub(super) labels: Value,
    /// The same texts, for views.
    words: Json,
    /// The same, where single texts are looked up.
    texts: words::Texts,
    /// How numbers are written.
    pub(super) numerals: Numerals,
    plurals: Plurals,
    overrides: Arc<BTreeMap<String, Vec<u8>>>,
    names: Vec<String>,
    /// The project folder of the overrides, such as `themes/mine`.
    folder: Option<String>,
    pieces: Arc<filters::Pieces>,
    stencils: stencil::Stencils,
    /// For the main parts of pages alone.
    mains: frame::Mains,
    /// The same theme in the languages of translations.
    editions: Vec<Theme>,
    /// What the templates received.
    #[cfg(test)]
    recorded: record::Recorder,
}

/// A page that could not be made.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", .0.message)]
pub struct ThemeError(Box<Diagnostic>);

impl ThemeError {
    /// The finding that says why.
    pub fn finding(&self) -> &Diagnostic {
        &self.0
    }

    pub(super) fn gone(route: &Route) -> Self {
        let message = format!("{route:?} is no longer there");
        Self(Box::new(Diagnostic::new(
            "template",
            Severity::Error,
            "",
            message,
        )))
    }

    pub(super) fn unreadable(path: &str, error: &std::io::Error) -> Self {
        let message = format!("this file cannot be read: {}", crate::source::reason(error));
        Self(Box::new(Diagnostic::new(
            "unreadable",
            Severity::Error,
            path,
            message,
        )))
    }
}

impl Theme {
    /// Loads the built-in theme and, in its place file by file, the one the settings name. Broken
    /// templates and labels are findings; the built-in ones stand in for them.
    pub fn load(library: &Library) -> (Self, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let folder = library
            .settings
            .theme
            .as_ref()
            .map(|name| format!("themes/{name}"));
        let mut overrides = folder
            .as_deref()
            .map(|folder| read_overrides(library, folder, &mut findings))
            .unwrap_or_default();
        let colour = library.settings.brand.as_deref().and_then(Rgb::parse);
        if let Some(colour) = colour {
            let sheet = brand::stylesheet(colour).into_bytes();
            // A theme may mix its own colours from the brand's.
            overrides.entry(BRAND_SHEET.to_owned()).or_insert(sheet);
        }
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        environment.set_fuel(Some(FUEL));
        environment.set_debug(true);
        environment.set_auto_escape_callback(auto_escape);
        // A template that takes the place of a built-in one can still extend it.
        environment.set_loader(|name| {
            let name = name.strip_prefix(DEFAULT);
            Ok(name.and_then(|name| built_in(&format!("templates/{name}"))))
        });
        let mut names = Vec::new();
        for name in BuiltIn::iter() {
            if let Some(template) = name.strip_prefix("templates/")
                && let Some(source) = built_in(&name)
                && let Err(error) = environment.add_template_owned(template.to_owned(), source)
            {
                findings.push(template_finding(&error, &|_| BUILT_IN.to_owned()));
            }
            if let Some(file) = name.strip_prefix("static/") {
                names.push(file.to_owned());
            }
        }
        let place = folder.clone().unwrap_or_default();
        for (name, bytes) in &overrides {
            let path = format!("{place}/{name}");
            if let Some(template) = name.strip_prefix("templates/") {
                let Ok(source) = String::from_utf8(bytes.clone()) else {
                    let message = "this template is not UTF-8 text";
                    findings.push(Diagnostic::new("template", Severity::Error, path, message));
                    continue;
                };
                if let Err(error) = environment.add_template_owned(template.to_owned(), source) {
                    findings.push(template_finding(&error, &|_| place.clone()));
                }
            } else if let Some(file) = name.strip_prefix("static/")
                && !names.iter().any(|n| n == file)
            {
                names.push(file.to_owned());
            }
        }
        let own = words::own(&overrides, &place, &mut findings);
        environment.add_global("icons", icons(&overrides));
        // Render notes where things happen only on demand: to keep track of it on every page is slow.
        environment.set_debug(false);
        let overrides = Arc::new(overrides);
        let edition = |lang: &str| {
            let mut environment = environment.clone();
            let words = words::words_of(lang, &own);
            let labels = super::fields::words(&words);
            let numerals = Numerals::of(&words, lang);
            let plurals = Plurals::of(lang);
            let language = filters::Language {
                labels: labels.clone(),
                numerals: numerals.clone(),
                plurals: plurals.clone(),
            };
            let pieces = filters::add(&mut environment, language);
            Self {
                mains: frame::Mains::of(&environment, &overrides),
                pieces,
                environment,
                folded: OnceLock::new(),
                labels,
                texts: words::Texts::of(&words),
                words,
                numerals,
                plurals,
                overrides: Arc::clone(&overrides),
                names: names.clone(),
                folder: folder.clone(),
                stencils: stencil::Stencils::default(),
                editions: Vec::new(),
                #[cfg(test)]
                recorded: record::Recorder::default(),
            }
        };
        let settings = &library.settings;
        let mut theme = edition(&settings.lang);
        theme.editions = settings.languages.iter().map(|l| edition(l)).collect();
        (theme, findings)
    }

    /// The theme in a language of translations, by its place in the settings.
    pub(super) fn edition(&self, language: usize) -> Option<&Self> {
        self.editions.get(language)
    }

    /// The templates that pages are made by. Where one of them fails, it is the one as its author
    /// wrote it that is spoken of.
    fn fold(&self, environment: &Environment<'static>) -> Environment<'static> {
        let mut folded = environment.clone();
        let mut globals = environment.globals();
        let icons = globals.find(|(name, _)| *name == "icons");
        let icons = icons.map_or(Value::UNDEFINED, |(_, icons)| icons);
        for (name, template) in environment.templates() {
            let is_html = matches!(auto_escape(name), AutoEscape::Html);
            let text = fold::fold(template.source(), &self.labels, &icons);
            if let Some(text) = text.filter(|_| is_html) {
                // What cannot be read so stays what it was.
                let _ = folded.add_template_owned(name.to_owned(), text);
            }
        }
        folded
    }

    /// Renders a template.
    pub(super) fn render(&self, template: &str, context: Value) -> Result<String, ThemeError> {
        #[cfg(test)]
        self.recorded.note(template, &context);
        let folded = self.folded.get_or_init(|| self.fold(&self.environment));
        self.render_in([folded, &self.environment], template, context)
    }

    /// Renders a template of an environment, which is there twice: with the words written into its
    /// templates, and as their authors wrote them.
    fn render_in(
        &self,
        [fast, written]: [&Environment<'static>; 2],
        template: &str,
        context: Value,
    ) -> Result<String, ThemeError> {
        let render = |environment: &Environment<'_>, context| {
            environment
                .get_template(template)
                .and_then(|t| t.render(context))
        };
        render(fast, context.clone()).map_err(|error| {
            let mut debugging = written.clone();
            debugging.set_debug(true);
            let error = render(&debugging, context).err().unwrap_or(error);
            ThemeError(Box::new(template_finding(&error, &|name| {
                let own = format!("templates/{name}");
                let folder = self.folder.as_deref();
                folder
                    .filter(|_| self.overrides.contains_key(&own))
                    .unwrap_or(BUILT_IN)
                    .to_owned()
            })))
        })
    }

    /// What `pieces/NAME.html` makes of a value, as the filter `piece` does.
    pub(super) fn piece(&self, name: &str, value: &Value, of: &str) -> Result<Value, ThemeError> {
        self.pieces.draw(value, name, of, |template, context| {
            self.render(template, context)
        })
    }

    /// Whether the project has templates of its own.
    pub(super) fn has_own_templates(&self) -> bool {
        let mut names = self.overrides.keys();
        names.any(|name| name.starts_with("templates/"))
    }

    /// Whether the project has a template of this name.
    pub(super) fn has_own(&self, template: &str) -> bool {
        !self.overrides.is_empty()
            && self
                .overrides
                .contains_key(&format!("templates/{template}"))
    }

    /// The files that are copied to `assets/`.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// A file below `static/`.
    pub fn file(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        let key = format!("static/{name}");
        match self.overrides.get(&key) {
            Some(bytes) => Some(Cow::Borrowed(bytes)),
            None => BuiltIn::get(&key).map(|file| file.data),
        }
    }

    /// The same as a value for templates, undefined when there is none.
    pub(super) fn label(&self, path: &[&str]) -> Value {
        path.iter().fold(self.labels.clone(), |at, key| {
            at.get_attr(key).unwrap_or_default()
        })
    }

    /// The text at a path for a number, in the form that the language has for it. A text without
    /// forms stands for every number.
    pub(super) fn counted(&self, path: &[&str], number: usize) -> Option<String> {
        let texts = self.texts.at(path)?;
        let count = u64::try_from(number).unwrap_or(u64::MAX);
        let form = || {
            self.plurals
                .keys(count)
                .into_iter()
                .find_map(|key| texts.at(&[key])?.as_str())
        };
        let text = texts.as_str().or_else(form)?;
        Some(text.replace("{n}", &self.numerals.count(count)))
    }

    /// A day or month in words, as the labels write it.
    pub(super) fn day(&self, iso: &str) -> String {
        filters::day(iso, &self.labels)
    }

    /// The blocks of labels of these names.
    pub(super) fn labels_below(&self, names: &[&str]) -> serde_json::Map<String, Json> {
        let blocks = names.iter();
        let blocks =
            blocks.filter_map(|name| Some(((*name).to_owned(), self.words.get(name)?.clone())));
        blocks.collect()
    }

    /// The text of the interface at a path such as `["values", "status", "draft"]`.
    pub(super) fn word(&self, path: &[&str]) -> Option<&str> {
        self.texts.at(path)?.as_str()
    }
}

/// How a template of this name writes texts.
fn auto_escape(name: &str) -> AutoEscape {
    match Path::new(name).extension() {
        Some(end) if end == "html" || end == "xml" => AutoEscape::Html,
        _ => AutoEscape::None,
    }
}

/// A built-in file as text, with the lines' ends of Unix whatever the checkout made of them.
fn built_in(name: &str) -> Option<String> {
    let file = BuiltIn::get(name)?;
    Some(
        String::from_utf8(file.data.into_owned())
            .ok()?
            .replace("\r\n", "\n"),
    )
}

fn read_overrides(
    library: &Library,
    folder: &str,
    findings: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Vec<u8>> {
    let listing = library.tree().list(folder);
    findings.extend(listing.findings);
    if listing.files.is_empty() {
        let message = format!("there is no theme in `{folder}/`, which the settings name");
        findings.push(
            library
                .settings_finding("template", "theme", message)
                .help("create the folder with the files you want to change, or remove `theme:`"),
        );
    }
    let mut files = BTreeMap::new();
    for path in listing.files {
        match library.tree().read(&path, MAX_FILE) {
            Ok(bytes) => {
                if let Some(name) = path.strip_prefix(folder).and_then(|p| p.strip_prefix('/')) {
                    files.insert(name.to_owned(), bytes);
                }
            }
            Err(error) => findings.push(ThemeError::unreadable(&path, &error).0.as_ref().clone()),
        }
    }
    files
}

/// The icons by name, each as the drawing it stands for.
fn icons(overrides: &BTreeMap<String, Vec<u8>>) -> Value {
    let read = |bytes: &[u8]| serde_yaml::from_slice::<BTreeMap<String, String>>(bytes).ok();
    let mut paths = BuiltIn::get("icons.yaml")
        .and_then(|file| read(&file.data))
        .unwrap_or_default();
    paths.extend(
        overrides
            .get("icons.yaml")
            .and_then(|bytes| read(bytes))
            .unwrap_or_default(),
    );
    table(paths.into_iter().map(|(name, path)| {
        let path = markdown::escape(&path);
        let drawing = format!(
            "<svg class=\"i\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>"
        );
        (Cow::Owned(name), Value::from_safe_string(drawing))
    }))
}

/// The finding for an error of a template: its file, line and the lines around it. `folder` tells
/// which theme a template comes from.
fn template_finding(error: &Error, folder: &dyn Fn(&str) -> String) -> Diagnostic {
    // The innermost template that has a line is where the author must look.
    let mut innermost = error;
    let mut source = std::error::Error::source(error);
    while let Some(next) = source {
        if let Some(inner) = next.downcast_ref::<Error>().filter(|e| e.line().is_some()) {
            innermost = inner;
        }
        source = next.source();
    }
    let name = innermost.name().unwrap_or("template");
    let mut message = innermost.kind().to_string();
    if let Some(detail) = innermost.detail() {
        message = format!("{message}: {detail}");
    }
    let path = match name.strip_prefix(DEFAULT) {
        Some(shipped) => format!("{BUILT_IN}/templates/{shipped}"),
        None => format!("{}/templates/{name}", folder(name)),
    };
    let finding = Diagnostic::new("template", Severity::Error, path, message)
        .help("see the theme's other templates for what a page receives");
    match (
        innermost.template_source(),
        innermost.range(),
        innermost.line(),
    ) {
        (Some(source), Some(range), _) => finding.at(crate::source::place(source, range)),
        (Some(source), None, Some(line)) => {
            let start = source
                .split_inclusive('\n')
                .take(line - 1)
                .map(str::len)
                .sum();
            let length = source[start..].lines().next().unwrap_or("").len();
            finding.at(crate::source::place(source, start..start + length))
        }
        _ => finding,
    }
}
