//! What the settings make of the rules: a severity and thresholds for each path.
//!
//! In: [`Settings`] and the document they were read from. Out: a [`Config`], and findings about
//! rules and thresholds that do not exist.

use std::borrow::Cow;
use std::collections::BTreeMap;

use foldhash::HashMap;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::{RULES, about};
use crate::diagnostic::Gathered;
use crate::diagnostic::rule::{About, Threshold};
use crate::schema::{Level, RuleSetting, Settings, nearest};
use crate::source::Document;
use crate::source::yaml::Node;

/// The rules as the settings want them.
#[derive(Debug, Default)]
pub(super) struct Config {
    base: Setting,
    paths: GlobSet,
    /// For each pattern of `paths` the override that it belongs to.
    owners: Vec<usize>,
    overrides: Vec<Setting>,
}

/// Severities and thresholds by the name of their rule; absent is the default.
#[derive(Debug, Clone, Default)]
pub(super) struct Setting(HashMap<Box<str>, Wanted>);

/// What the settings say of one rule.
#[derive(Debug, Clone, Default)]
struct Wanted {
    level: Option<Level>,
    thresholds: BTreeMap<String, f64>,
}

impl Config {
    pub(super) fn new(settings: &Settings) -> Self {
        let mut config = Self {
            base: Setting::of(&settings.rules),
            ..Self::default()
        };
        let mut globs = GlobSetBuilder::new();
        for (index, part) in settings.overrides.iter().enumerate() {
            // A pattern that is none has its finding; the others of its list count.
            for glob in part.paths.iter().filter_map(|path| glob(path).ok()) {
                globs.add(glob);
                config.owners.push(index);
            }
            config.overrides.push(Setting::of(&part.rules));
        }
        config.paths = globs.build().unwrap_or_default();
        config
    }

    /// What holds for a file: the settings for all, then each override that matches, in order.
    pub(super) fn at(&self, path: &str) -> Cow<'_, Setting> {
        let mut matching: Vec<usize> = if self.paths.is_empty() {
            Vec::new()
        } else {
            self.paths.matches(path)
        };
        for pattern in &mut matching {
            *pattern = self.owners[*pattern];
        }
        matching.sort_unstable();
        matching.dedup();
        if matching.is_empty() {
            return Cow::Borrowed(&self.base);
        }
        let mut merged = self.base.clone();
        for part in matching {
            merged.add(&self.overrides[part]);
        }
        Cow::Owned(merged)
    }

    /// What holds where no file is meant.
    pub(super) fn base(&self) -> &Setting {
        &self.base
    }
}

impl Setting {
    fn of(rules: &BTreeMap<String, RuleSetting>) -> Self {
        let wanted = |setting: &RuleSetting| match setting {
            RuleSetting::Level(level) => Wanted {
                level: Some(*level),
                thresholds: BTreeMap::new(),
            },
            RuleSetting::Full(full) => Wanted {
                level: full.severity,
                thresholds: full.thresholds.clone(),
            },
        };
        let rules = rules.iter();
        Self(
            rules
                .map(|(name, setting)| (name.as_str().into(), wanted(setting)))
                .collect(),
        )
    }

    fn add(&mut self, other: &Self) {
        for (name, wanted) in &other.0 {
            let known = self.0.entry(name.clone()).or_default();
            known.level = wanted.level.or(known.level);
            let thresholds = wanted.thresholds.iter();
            known
                .thresholds
                .extend(thresholds.map(|(name, value)| (name.clone(), *value)));
        }
    }

    /// The severity that the settings want of a rule, if they say so.
    pub(super) fn level(&self, rule: &str) -> Option<Level> {
        // Most projects set nothing, and every finding and every rule asks.
        if self.0.is_empty() {
            return None;
        }
        self.0.get(rule)?.level
    }

    /// A threshold of a rule.
    pub(super) fn threshold(&self, rule: &str, threshold: &Threshold) -> f64 {
        let set = self
            .0
            .get(rule)
            .and_then(|wanted| wanted.thresholds.get(threshold.name))
            .copied()
            .filter(|value| threshold.unit.allows(*value));
        set.unwrap_or(threshold.default)
    }
}

fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).build()
}

/// What is wrong with the rules that the settings name, each at its place in the file.
pub(super) fn findings(settings: &Document, out: &mut Gathered) {
    let Some(root) = settings.root() else { return };
    let judge = Judge { document: settings };
    if let Some(rules) = root.get("rules") {
        judge.rules(rules, "/rules", out);
    }
    let fails = root.get("fails_build").into_iter().flat_map(Node::items);
    for (index, node) in fails.enumerate() {
        let name = node.as_str().unwrap_or_default();
        let groups = || RULES.iter().map(|rule| rule.about.group.as_str());
        if about(name).is_none() && groups().all(|group| group != name) {
            let names = RULES.iter().map(|rule| rule.about.name).chain(groups());
            let help = nearest::nearest(name, names).map_or_else(
                || "write the name of a rule or of a group, such as `old-data`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("there is no rule and no group of rules `{name}`");
            let finding = settings.finding("schema", node.span(), message);
            out.push(finding.help(help).pointer(format!("/fails_build/{index}")));
        }
    }
    let overrides = root.get("overrides").into_iter().flat_map(Node::items);
    for (index, part) in overrides.enumerate() {
        let pointer = format!("/overrides/{index}");
        if let Some(rules) = part.get("rules") {
            judge.rules(rules, &format!("{pointer}/rules"), out);
        }
        for node in part.get("paths").into_iter().flat_map(Node::items) {
            if let Some(Err(error)) = node.as_str().map(glob) {
                let message = format!("this is not a pattern of paths: {}", error.kind());
                out.push(
                    judge
                        .document
                        .finding("schema", node.span(), message)
                        .help("write something like `content/personas/legacy/**`")
                        .pointer(format!("{pointer}/paths")),
                );
            }
        }
    }
}

struct Judge<'a> {
    document: &'a Document,
}

impl Judge<'_> {
    fn rules(&self, rules: Node<'_>, pointer: &str, out: &mut Gathered) {
        for (key, value) in rules.entries() {
            let Some(name) = key.as_str() else { continue };
            let pointer = format!("{pointer}/{name}");
            match about(name) {
                Some(rule) => self.thresholds(rule, value, &pointer, out),
                None => out.push(
                    self.document
                        .finding(
                            "unknown-key",
                            key.span(),
                            format!("there is no rule `{name}`"),
                        )
                        .label("unknown rule")
                        .help(unknown_rule(name))
                        .pointer(pointer),
                ),
            }
        }
    }

    fn thresholds(&self, rule: &About, value: Node<'_>, pointer: &str, out: &mut Gathered) {
        for (key, value) in value.entries() {
            let name = key.as_str().unwrap_or_default();
            if name == "severity" {
                continue;
            }
            let pointer = format!("{pointer}/{name}");
            let known = rule.thresholds.iter().find(|t| t.name == name);
            let number = value.as_str().and_then(|text| text.parse::<f64>().ok());
            match (known, number) {
                (None, _) => {
                    let names = rule.thresholds.iter().map(|t| t.name);
                    let names = std::iter::once("severity").chain(names);
                    let message = format!("the rule `{}` has no setting `{name}`", rule.name);
                    out.push(
                        self.document
                            .finding("unknown-key", key.span(), message)
                            .label("unknown setting")
                            .help(nearest::or_list(name, names, "name"))
                            .pointer(pointer),
                    );
                }
                // What is no number at all was found when the settings were read.
                (Some(known), Some(number)) if !known.unit.allows(number) => {
                    let message = format!("`{name}` must be {}", known.unit.expected());
                    out.push(
                        self.document
                            .finding("schema", value.span(), message)
                            .help(format!("the default is {}: {}", known.default, known.doc))
                            .pointer(pointer),
                    );
                }
                _ => {}
            }
        }
    }
}

/// What to write instead of the name of a rule that does not exist.
pub(super) fn unknown_rule(name: &str) -> String {
    let names = RULES.iter().map(|rule| rule.about.name);
    nearest::nearest(name, names).map_or_else(
        || "remove the line, or see the names with `personary explain`".to_owned(),
        |near| format!("did you mean `{near}`?"),
    )
}
