//! The rules: a list of all, and a page for each.

use minijinja::Value;

use super::super::Site;
use super::super::fields::view;
use super::{PageInfo, Result, render};
use crate::diagnostic::Severity;
use crate::diagnostic::rule::{About, Group};

/// The list of the rules, by group.
pub(in super::super) fn rules(site: &Site<'_>) -> Result {
    let rules = &site.options.rules;
    let mut groups: Vec<Group> = rules.iter().map(|rule| rule.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let groups = groups.into_iter().map(|group| {
        let rules = rules.iter().filter(|rule| rule.group == group);
        view([
            ("key", Value::from(group.as_str())),
            ("title", Value::from(group.title())),
            ("mistake", Value::from(group.mistake())),
            ("rules", rules.map(|rule| about(rule)).collect()),
        ])
    });
    let info = PageInfo {
        kind: "rules",
        title: site.theme.word(&["rules_page", "title"]).unwrap_or("Rules"),
        description: site.theme.word(&["rules_page", "lead"]),
        path: "rules/",
        entity: None,
    };
    render(
        site,
        "rules.html",
        &info,
        vec![("groups", groups.collect())],
    )
}

/// The page of a rule.
pub(in super::super) fn rule(site: &Site<'_>, rule: &About) -> Result {
    let path = path(rule.name);
    let info = PageInfo {
        kind: "rules",
        title: rule.name,
        description: Some(rule.summary),
        path: &path,
        entity: None,
    };
    render(site, "rule.html", &info, vec![("rule", about(rule))])
}

/// The address of the page of a rule.
pub(in super::super) fn path(name: &str) -> String {
    format!("rules/{name}/")
}

fn about(rule: &About) -> Value {
    let severities = rule.lesser.into_iter().chain([rule.severity]);
    let thresholds = rule.thresholds.iter().map(|threshold| {
        view([
            ("name", Value::from(threshold.name)),
            ("default", threshold.default.to_string().into()),
            ("doc", threshold.doc.into()),
        ])
    });
    view([
        ("name", Value::from(rule.name)),
        ("severities", severities.map(Severity::as_str).collect()),
        ("group", rule.group.as_str().into()),
        ("mistake", Value::from(rule.group.mistake())),
        ("summary", rule.summary.into()),
        ("what", rule.what.into()),
        ("why", rule.why.into()),
        ("source", rule.source.into()),
        ("fails", rule.fails.into()),
        ("repair", rule.repair.into()),
        ("thresholds", thresholds.collect()),
        ("settings", rule.settings().into()),
    ])
}
