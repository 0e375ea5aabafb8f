//! What is known of a rule without running it: its name, how much it matters and its page.
//!
//! The rules themselves stand in [`check`](crate::check). Their descriptions stand down here, so
//! that the site shows them, the command line explains them and an editor links to them without
//! knowing how a rule works.

use std::fmt::Write as _;

use super::Severity;

/// A rule as people read about it.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// The stable name: `unknown-ref`.
    pub name: &'static str,
    /// How much it matters unless the settings say otherwise; the greater of two where it has two.
    pub severity: Severity,
    /// The lesser severity, of a rule that has two.
    pub lesser: Option<Severity>,
    /// Whether it is asked only where the settings give it a severity.
    pub optional: bool,
    /// Where it belongs.
    pub group: Group,
    /// What it finds, in one sentence without a full stop.
    pub summary: &'static str,
    /// What it checks, in paragraphs. Only `code` is marked up, here and in the other texts.
    pub what: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// Who says so; empty where it speaks for itself.
    pub source: &'static str,
    /// An example that fails, as it would stand in a file.
    pub fails: &'static str,
    /// The same example, repaired.
    pub repair: &'static str,
    /// What the settings can change, besides the severity.
    pub thresholds: &'static [Threshold],
}

/// A number that a rule compares with, and that the settings can change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// Its name in the settings: `warn_months`.
    pub name: &'static str,
    /// Its value unless the settings say otherwise.
    pub default: f64,
    /// What numbers it may be.
    pub unit: Unit,
    /// What it means, in one sentence without a full stop.
    pub doc: &'static str,
}

/// What numbers a threshold may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A whole number of months.
    Months,
    /// A whole number of things.
    Count,
    /// Percent, from 0 to 100.
    Percent,
    /// Any number from 0 on, such as 1.5 times.
    Times,
}

impl Unit {
    /// Whether a threshold of this unit may be `value`.
    pub fn allows(self, value: f64) -> bool {
        match self {
            Self::Months | Self::Count => value >= 0.0 && value.fract() == 0.0 && value <= 1e6,
            Self::Percent => (0.0..=100.0).contains(&value),
            Self::Times => (0.0..=1e6).contains(&value),
        }
    }

    /// What to write, in words.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Months => "a whole number of months",
            Self::Count => "a whole number",
            Self::Percent => "a number from 0 to 100, in percent",
            Self::Times => "a number such as 1.5",
        }
    }
}

/// What a rule is about. The order is the one of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The first of the seven mistakes.
    IdealBuyers,
    /// The second.
    OnlyDemographics,
    /// The third.
    TooMany,
    /// The fourth.
    OldData,
    /// The fifth.
    NeverUpdated,
    /// The sixth.
    Assumptions,
    /// The seventh.
    NoNegative,
    /// Journeys and what they lead to.
    Journeys,
    /// KPIs and their measurements.
    Measures,
    /// What must not stand in a file that many read.
    Privacy,
    /// Files that cannot be read, and references that lead nowhere.
    Structure,
    /// Findings that were accepted.
    Exceptions,
}

impl Group {
    /// The seven mistakes that personas suffer from, in their order.
    pub const MISTAKES: [Self; 7] = [
        Self::IdealBuyers,
        Self::OnlyDemographics,
        Self::TooMany,
        Self::OldData,
        Self::NeverUpdated,
        Self::Assumptions,
        Self::NoNegative,
    ];

    /// The name in JSON and in labels: `old-data`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdealBuyers => "ideal-buyers",
            Self::OnlyDemographics => "only-demographics",
            Self::TooMany => "too-many",
            Self::OldData => "old-data",
            Self::NeverUpdated => "never-updated",
            Self::Assumptions => "assumptions",
            Self::NoNegative => "no-negative",
            Self::Journeys => "journeys",
            Self::Measures => "measures",
            Self::Privacy => "privacy",
            Self::Structure => "structure",
            Self::Exceptions => "exceptions",
        }
    }

    /// The name that people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::IdealBuyers => "Ideal instead of actual buyers",
            Self::OnlyDemographics => "Only demographics",
            Self::TooMany => "Too many personas",
            Self::OldData => "Old data",
            Self::NeverUpdated => "Never updated",
            Self::Assumptions => "Assumptions",
            Self::NoNegative => "No negative persona",
            Self::Journeys => "Journeys and opportunities",
            Self::Measures => "KPIs and measurements",
            Self::Privacy => "Privacy",
            Self::Structure => "Structure",
            Self::Exceptions => "Exceptions",
        }
    }

    /// Which of the seven mistakes it is, from 1.
    pub fn mistake(self) -> Option<usize> {
        let at = Self::MISTAKES.iter().position(|group| *group == self)?;
        Some(at + 1)
    }
}

impl About {
    /// What all rules have in common until they say otherwise.
    pub const DEFAULT: Self = Self {
        name: "",
        severity: Severity::Error,
        lesser: None,
        optional: false,
        group: Group::Structure,
        summary: "",
        what: "",
        why: "",
        source: "",
        fails: "",
        repair: "",
        thresholds: &[],
    };

    /// `error`, or `warn / error` where it has two.
    pub fn severities(&self) -> String {
        if self.optional {
            return format!("off ({})", self.severity);
        }
        match self.lesser {
            Some(lesser) => format!("{lesser} / {}", self.severity),
            None => self.severity.to_string(),
        }
    }

    /// How the thresholds and the severity are set in the settings; empty without thresholds.
    pub fn settings(&self) -> String {
        if self.thresholds.is_empty() {
            return String::new();
        }
        let mut text = format!("rules:\n  {}:\n", self.name);
        // A severity would hold for all findings of a rule that has two.
        if self.lesser.is_none() {
            let _ = writeln!(text, "    severity: {}", self.severity);
        }
        for threshold in self.thresholds {
            let _ = writeln!(text, "    {}: {}", threshold.name, threshold.default);
        }
        text
    }

    /// Its page as Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!(
            "# {}\n\n{}.\n\n- Severity: {}\n- Group: {}",
            self.name,
            self.summary,
            self.severities(),
            self.group.title()
        );
        if let Some(number) = self.group.mistake() {
            let _ = write!(out, " (mistake {number} of 7)");
        }
        out.push('\n');
        let mut part = |title: &str, text: &str| {
            if !text.is_empty() {
                let _ = write!(out, "\n## {title}\n\n{text}\n");
            }
        };
        let code = |text: &str| match text {
            "" => String::new(),
            text => format!("```yaml\n{}\n```", text.trim_end()),
        };
        part("What it checks", self.what);
        part("Why it matters", self.why);
        part("Source", self.source);
        part("An example that fails", &code(self.fails));
        part("The repair", &code(self.repair));
        let settings: Vec<String> = self
            .thresholds
            .iter()
            .map(|t| format!("- `{}` (default {}): {}.", t.name, t.default, t.doc))
            .collect();
        part("Settings", &settings.join("\n"));
        part("As written in personary.yaml", &code(&self.settings()));
        out
    }
}
