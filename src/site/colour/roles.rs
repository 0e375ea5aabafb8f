//! The roles of colour of the default theme, read from its stylesheet, and what they hold.
//!
//! The table in `docs/design.md` is made of them: `BLESS=1 cargo test --lib documented` writes it.

use std::fmt::Write as _;

use super::{Oklch, Rgb};

const STYLE: &str = include_str!("../../../themes/default/static/style.css");
const DESIGN: &str = "docs/design.md";
/// Around the table.
const MARKS: (&str, &str) = ("<!-- contrast: begin -->\n", "<!-- contrast: end -->");
/// Where a role derives from the hue of a persona, these stand for all.
const HUES: std::ops::Range<u16> = 0..360;

/// The colours of a theme in one scheme.
pub(in crate::site) struct Theme {
    /// From the weakest declaration to the strongest.
    declared: Vec<(String, String)>,
    dark: bool,
}

impl Theme {
    /// The built-in one, in dark or light, and for those who ask for more contrast.
    pub(in crate::site) fn built_in(dark: bool, more: bool) -> Self {
        Self::of(&[STYLE], dark, more)
    }

    /// The roles that these stylesheets declare, each over those before it.
    fn of(sheets: &[&str], dark: bool, more: bool) -> Self {
        let mut declared = Vec::new();
        for sheet in sheets {
            let (sheet, _) = media(sheet, "@media (forced-colors: active) {\n");
            let (sheet, high) = media(&sheet, "@media (prefers-contrast: more) {\n");
            let (sheet, normal) = media(&sheet, "@media not (prefers-contrast: more) {\n");
            for text in [sheet, if more { high } else { normal }] {
                for selector in [":root {", "[data-hue] {"] {
                    declared.extend(declarations(&text, selector));
                }
            }
        }
        Self { declared, dark }
    }

    /// A role that is one colour.
    pub(in crate::site) fn one(&self, role: &str) -> Rgb {
        self.all(role)[0]
    }

    /// A role in each of its colours: one a hue, where it depends on one.
    pub(in crate::site) fn all(&self, role: &str) -> Vec<Rgb> {
        let value = self.value(role);
        if value.contains("var(--hue)") {
            let of = |hue: u16| self.colour(&value.replace("var(--hue)", &hue.to_string()));
            HUES.map(of).collect()
        } else {
            vec![self.colour(&value)]
        }
    }

    fn value(&self, role: &str) -> String {
        let mut declared = self.declared.iter().rev();
        let found = declared.find(|(name, _)| name == role);
        let value = &found.unwrap_or_else(|| panic!("no {role}")).1;
        match value.strip_prefix("var(").and_then(|v| v.strip_suffix(')')) {
            Some(other) => self.value(other),
            None => value.clone(),
        }
    }

    fn colour(&self, value: &str) -> Rgb {
        let pair = value.strip_prefix("light-dark(");
        let value = pair.map_or(value, |pair| {
            let inner = pair.strip_suffix(')').expect("an end");
            // Only commas outside of brackets part the two, and `oklch()` has none inside.
            let (light, dark) = inner.split_once(", ").expect("two colours");
            if self.dark { dark } else { light }
        });
        if let Some(colour) = Rgb::parse(value).filter(|_| value.starts_with('#')) {
            return colour;
        }
        let inner = value
            .strip_prefix("oklch(")
            .and_then(|v| v.strip_suffix(')'));
        let inner = inner.unwrap_or_else(|| panic!("no colour: {value}"));
        let numbers: Vec<f64> = inner.split(' ').map(|n| n.parse().expect(value)).collect();
        let [lightness, chroma, hue] = numbers[..] else {
            panic!("no colour: {value}")
        };
        Oklch {
            lightness,
            chroma,
            hue,
        }
        .rgb()
    }
}

/// A stylesheet without what stands below `query`, and that alone.
fn media(sheet: &str, query: &str) -> (String, String) {
    let Some((before, rest)) = sheet.split_once(query) else {
        return (sheet.to_owned(), String::new());
    };
    let (inner, after) = rest.split_once("\n}\n").expect("an end");
    (format!("{before}{after}"), inner.to_owned())
}

/// The custom properties that the rules of a selector declare.
fn declarations(sheet: &str, selector: &str) -> Vec<(String, String)> {
    let rules = sheet.split(selector).skip(1);
    let bodies = rules.filter_map(|rule| Some(rule.split_once('}')?.0));
    let lines = bodies.flat_map(|body| body.split(';'));
    lines
        .filter_map(|line| {
            let (name, value) = line.trim().split_once(':')?;
            let name = name.rsplit("*/").next()?.trim();
            name.starts_with("--")
                .then(|| (name.to_owned(), value.trim().to_owned()))
        })
        .collect()
}

/// What stands on what, and the least contrast it has, normal and where more is asked for.
struct Pair {
    roles: &'static [&'static str],
    grounds: &'static [&'static str],
    least: (f64, f64),
}

const PAPER: &[&str] = &["--page", "--surface", "--sunken"];

const PAIRS: &[Pair] = &[
    Pair {
        roles: &["--ink", "--soft", "--accent"],
        grounds: &[
            "--page",
            "--surface",
            "--sunken",
            "--wash",
            "--accent-tint",
            "--good-tint",
            "--warn-tint",
            "--bad-tint",
        ],
        least: (4.5, 7.0),
    },
    Pair {
        roles: &["--good"],
        grounds: &["--page", "--surface", "--sunken", "--good-tint"],
        least: (4.5, 7.0),
    },
    Pair {
        roles: &["--warn"],
        grounds: &["--page", "--surface", "--sunken", "--warn-tint"],
        least: (4.5, 7.0),
    },
    Pair {
        roles: &["--bad"],
        grounds: &["--page", "--surface", "--sunken", "--wash", "--bad-tint"],
        least: (4.5, 7.0),
    },
    Pair {
        roles: &["--tint-ink"],
        grounds: &["--tint", "--wash"],
        least: (4.5, 7.0),
    },
    Pair {
        roles: &["--on-accent"],
        grounds: &["--accent"],
        least: (4.5, 7.0),
    },
    Pair {
        roles: &["--edge"],
        grounds: PAPER,
        least: (3.0, 4.5),
    },
    Pair {
        roles: &["--s0", "--s1", "--s2", "--s3", "--s4", "--s5"],
        grounds: PAPER,
        least: (3.0, 4.5),
    },
];

impl Pair {
    /// The lowest contrast of a role, and the ground it has it on. Roles that both derive from a
    /// hue meet on the same hue only.
    fn lowest(&self, theme: &Theme, role: &str) -> (f64, &'static str) {
        let texts = theme.all(role);
        let on = |ground: &&'static str| {
            let grounds = theme.all(ground);
            let many = texts.len().max(grounds.len());
            let contrasts = (0..many).map(|at| {
                let text = texts[at.min(texts.len() - 1)];
                text.contrast(grounds[at.min(grounds.len() - 1)])
            });
            (contrasts.fold(f64::INFINITY, f64::min), *ground)
        };
        self.grounds
            .iter()
            .map(on)
            .min_by(|one, other| one.0.total_cmp(&other.0))
            .expect("a ground")
    }
}

/// Light, dark, and both with more contrast.
fn schemes(sheets: &[&str]) -> [Theme; 4] {
    [(false, false), (true, false), (false, true), (true, true)]
        .map(|(dark, more)| Theme::of(sheets, dark, more))
}

/// Which roles of these stylesheets cannot be read.
fn faults(sheets: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for (index, theme) in schemes(sheets).iter().enumerate() {
        for pair in PAIRS {
            let least = if index < 2 {
                pair.least.0
            } else {
                pair.least.1
            };
            for role in pair.roles {
                let (lowest, ground) = pair.lowest(theme, role);
                if lowest < least {
                    let scheme = ["light", "dark", "more, light", "more, dark"][index];
                    faults.push(format!(
                        "{scheme}: {role} on {ground} has {lowest:.2}, not {least}"
                    ));
                }
            }
        }
    }
    faults
}

#[test]
fn every_role_can_be_read_wherever_it_stands() {
    assert_eq!(faults(&[STYLE]), Vec::<String>::new());
}

/// A theme of one's own over the built-in one.
#[test]
fn the_example_theme_can_be_read_too() {
    let ledger = include_str!("../../../themes/ledger/static/ledger.css");
    assert_eq!(faults(&[STYLE, ledger]), Vec::<String>::new());
}

#[test]
fn the_contrasts_are_documented_as_they_are() {
    let themes = schemes(&[STYLE]);
    let mut table = String::from(
        "| Role | Stands on | Light | Dark | More, light | More, dark | Promised |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for pair in PAIRS {
        for role in pair.roles {
            let grounds: Vec<String> = pair.grounds.iter().map(|g| format!("`{g}`")).collect();
            let _ = write!(table, "| `{role}` | {} |", grounds.join(" "));
            for theme in &themes {
                let lowest = pair.lowest(theme, role).0;
                let _ = write!(table, " {:.1} |", (lowest * 10.0).floor() / 10.0);
            }
            let _ = writeln!(table, " {} / {} |", pair.least.0, pair.least.1);
        }
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(DESIGN);
    let text = std::fs::read_to_string(&path).expect("the document");
    let (before, rest) = text.split_once(MARKS.0).expect("a begin");
    let (_, after) = rest.split_once(MARKS.1).expect("an end");
    let now = format!("{before}{}{table}{}{after}", MARKS.0, MARKS.1);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &now).expect("written");
    }
    assert!(
        now == text || std::env::var_os("BLESS").is_some(),
        "the table in {DESIGN} is out of date: BLESS=1 cargo test --lib documented"
    );
}
