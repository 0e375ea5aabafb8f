//! Random projects, and many ways to write one and the same.

use super::dice::Dice;
use super::project::State;

/// A value of a front matter.
#[derive(Clone)]
enum Value {
    /// A word of a closed list, a date or an id.
    Word(String),
    /// A number.
    Number(i64),
    /// A reference: kind and id.
    Ref(&'static str, String),
    /// A sentence.
    Text(String),
    List(Vec<Value>),
    Map(Vec<(&'static str, Value)>),
}

/// A file that is not written yet.
enum File {
    Markdown(Vec<(&'static str, Value)>, Vec<String>),
    Table(Vec<[String; 4]>),
}

/// What is in a project: for each thing 0 where it is not there, or a number that stands for what is
/// said of it.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) personas: [u8; PERSONAS],
    pub(crate) journeys: [u8; 2],
    pub(crate) kpis: [u8; 2],
    pub(crate) evidence: [u8; 2],
    /// What became of the ids of personas.
    pub(crate) ids: [Id; PERSONAS],
}

/// How many personas there may be.
pub(crate) const PERSONAS: usize = 5;

/// What became of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Id {
    Same,
    /// It is another one, and this one an alias.
    Alias,
    /// It is another one, and nothing says so.
    Other,
    /// Two others have it as an alias.
    Split,
    /// Another one has it as an alias, with those of all others that are merged.
    Merged,
}

/// A project as a file by its path.
pub(crate) struct Project(Vec<(String, File)>);

const WORDS: [&str; 24] = [
    "bikes",
    "rain",
    "early",
    "school",
    "cheap",
    "repair",
    "always",
    "trust",
    "shop",
    "phone",
    "children",
    "hills",
    "waits",
    "never",
    "orders",
    "office",
    "invoice",
    "battery",
    "winter",
    "advice",
    "neighbour",
    "delivery",
    "warranty",
    "price",
];

/// A sentence of so many words.
fn sentence(dice: &mut Dice, words: usize) -> String {
    let words: Vec<&str> = (0..words).map(|_| *dice.of(&WORDS)).collect();
    let end = *dice.of(&[".", "", ": so it is.", ", isn't it?"]);
    format!("One {}{end}", words.join(" "))
}

fn word(text: &str) -> Value {
    Value::Word(text.to_owned())
}

/// One of some words.
fn pick(dice: &mut Dice, words: &[&str]) -> Value {
    word(dice.of::<&str>(words))
}

fn text(dice: &mut Dice, words: usize) -> Value {
    Value::Text(sentence(dice, words))
}

/// Some of `all`, in their order.
fn some(dice: &mut Dice, all: impl Iterator<Item = Value>) -> Value {
    Value::List(all.filter(|_| dice.below(2) == 0).collect())
}

impl Plan {
    /// The id that a persona has here.
    fn id(&self, persona: usize) -> String {
        match self.ids[persona] {
            Id::Same => format!("p{persona}"),
            Id::Alias | Id::Other | Id::Split => format!("q{persona}"),
            Id::Merged => "all".to_owned(),
        }
    }

    /// The project.
    pub(crate) fn project(&self) -> Project {
        let mut files: Vec<(String, File)> = Vec::new();
        let mut add = |folder: &str, id: &str, front, body| {
            let path = format!("content/{folder}/{id}.md");
            files.push((path, File::Markdown(front, body)));
        };
        for team in 0..3 {
            let front = vec![
                ("name", Value::Text(format!("Team {team}"))),
                ("contact", Value::Text(format!("t{team}@example.com"))),
            ];
            add("teams", &format!("t{team}"), front, Vec::new());
        }
        for segment in 0..2 {
            let front = vec![
                ("name", Value::Text(format!("Segment {segment}"))),
                ("summary", Value::Text("Some of all.".to_owned())),
            ];
            add("segments", &format!("s{segment}"), front, Vec::new());
        }
        let mut merged = Vec::new();
        for at in 0..PERSONAS {
            if self.personas[at] == 0 {
                continue;
            }
            let former = word(&format!("p{at}"));
            match self.ids[at] {
                Id::Same | Id::Alias | Id::Other => {
                    let (mut front, body) = self.persona(at);
                    if self.ids[at] == Id::Alias {
                        front.push(("aliases", Value::List(vec![former])));
                    }
                    add("personas", &self.id(at), front, body);
                }
                Id::Split => {
                    for half in ["q", "r"] {
                        let name = Value::Text(format!("Heir {half} of number {at}"));
                        let aliases = Value::List(vec![former.clone()]);
                        let front = vec![("name", name), ("aliases", aliases)];
                        add("personas", &format!("{half}{at}"), front, Vec::new());
                    }
                }
                Id::Merged => merged.push(former),
            }
        }
        if !merged.is_empty() {
            let name = Value::Text("Heir of many".to_owned());
            let front = vec![("name", name), ("aliases", Value::List(merged))];
            add("personas", "all", front, Vec::new());
        }
        for at in (0..2).filter(|at| self.journeys[*at] > 0) {
            add("journeys", &format!("j{at}"), self.journey(at), Vec::new());
        }
        for at in (0..2).filter(|at| self.evidence[*at] > 0) {
            add("evidence", &format!("e{at}"), self.study(at), Vec::new());
        }
        for at in (0..2).filter(|at| self.kpis[*at] > 0) {
            add("kpis", &format!("k{at}"), self.kpi(at), Vec::new());
        }
        for at in (0..2).filter(|at| self.kpis[*at] > 0) {
            let path = format!("content/kpis/k{at}.csv");
            files.push((path, File::Table(self.rows(at))));
        }
        Project(files)
    }

    fn people(&self) -> impl Iterator<Item = Value> {
        let there = (0..PERSONAS).filter(|at| self.personas[*at] > 0);
        let plain = there.filter(|at| !matches!(self.ids[*at], Id::Merged | Id::Split));
        plain.map(|at| Value::Ref("persona", self.id(at)))
    }

    fn kpi_refs(&self) -> impl Iterator<Item = Value> {
        let there = (0..2).filter(|at| self.kpis[*at] > 0);
        there.map(|at| Value::Ref("kpi", format!("k{at}")))
    }

    fn studies(&self) -> impl Iterator<Item = Value> {
        let there = (0..2).filter(|at| self.evidence[*at] > 0);
        there.map(|at| Value::Ref("evidence", format!("e{at}")))
    }

    fn claims(&self, dice: &mut Dice, most: usize) -> Value {
        let claim = |at: usize, dice: &mut Dice| {
            let said = text(dice, 5);
            if dice.below(3) == 0 {
                return said;
            }
            let mut claim = vec![("text", said)];
            if dice.below(2) == 0 {
                claim.push(("id", word(&format!("c{at}"))));
            }
            if dice.below(2) == 0 {
                claim.push(("confidence", pick(dice, &["high", "medium", "low"])));
            }
            claim.push(("evidence", some(dice, self.studies())));
            claim.push(("kpis", some(dice, self.kpi_refs())));
            Value::Map(claim)
        };
        let count = dice.below(most + 1);
        Value::List((0..count).map(|at| claim(at, dice)).collect())
    }

    fn persona(&self, at: usize) -> (Vec<(&'static str, Value)>, Vec<String>) {
        let dice = &mut Dice::new(100 + at as u64 * 1000 + u64::from(self.personas[at]));
        let name = format!("Person number {at}");
        // What tells this one from the others, whatever else is said.
        let own = Dice::new(at as u64 + 1).below(WORDS.len());
        let own: Vec<&str> = (0..14).map(|n| WORDS[(own + n * (at + 1)) % 24]).collect();
        let mut front = vec![
            ("name", Value::Text(name)),
            ("market", word("b2c")),
            ("stance", word("target")),
            ("status", pick(dice, &["active", "draft", "deprecated"])),
            ("basis", pick(dice, &["proto", "qualitative"])),
            ("owner", Value::Ref("team", format!("t{}", dice.below(3)))),
            (
                "summary",
                Value::Text(format!("She says {}.", own.join(" "))),
            ),
            (
                "segments",
                some(dice, (0..2).map(|s| Value::Ref("segment", format!("s{s}")))),
            ),
            (
                "lifecycle",
                some(dice, ["acquisition", "renewal"].map(word).into_iter()),
            ),
            (
                "tags",
                some(dice, ["home", "work", "old"].map(word).into_iter()),
            ),
            ("goals", self.claims(dice, 4)),
            ("needs", self.claims(dice, 2)),
            ("pains", self.claims(dice, 3)),
            ("evidence", some(dice, self.studies())),
            ("kpis", some(dice, self.kpi_refs())),
            (
                "b2c",
                Value::Map(vec![(
                    "interests",
                    some(dice, ["walks", "music"].map(word).into_iter()),
                )]),
            ),
        ];
        if dice.below(2) == 0 {
            front.push(("quote", Value::Map(vec![("text", text(dice, 4))])));
        }
        if dice.below(2) == 0 {
            front.push(("last_reviewed", pick(dice, &["2026-03-01", "2026-06-01"])));
        }
        let body = (0..dice.below(3)).map(|_| sentence(dice, 9)).collect();
        (front, body)
    }

    fn journey(&self, at: usize) -> Vec<(&'static str, Value)> {
        let dice = &mut Dice::new(7000 + at as u64 * 1000 + u64::from(self.journeys[at]));
        // A journey has somebody, a stage and a step in each.
        let stages = (0..4).filter(|at| *at == 0 || dice.below(3) > 0);
        let stages = stages.collect::<Vec<u8>>();
        let stage = |stage: &u8, dice: &mut Dice| {
            let step = |step: usize, dice: &mut Dice| {
                let feels = i64::try_from(dice.below(5)).expect("small") - 2;
                Value::Map(vec![
                    ("id", word(&format!("x{stage}{step}"))),
                    ("action", text(dice, 3)),
                    ("emotion", Value::Number(feels)),
                    ("kpis", some(dice, self.kpi_refs())),
                    ("evidence", some(dice, self.studies())),
                    ("pains", self.claims(dice, 1)),
                ])
            };
            let steps = (0..3).filter(|at| *at == 0 || dice.below(3) > 0);
            let steps = steps.collect::<Vec<_>>();
            Value::Map(vec![
                ("id", word(&format!("stage{stage}"))),
                ("name", text(dice, 1)),
                ("lifecycle", pick(dice, &["acquisition", "renewal"])),
                (
                    "steps",
                    Value::List(steps.into_iter().map(|at| step(at, dice)).collect()),
                ),
            ])
        };
        let others = (self.people().skip(1)).filter(|_| dice.below(2) == 0);
        let people: Vec<Value> = self.people().take(1).chain(others).collect();
        vec![
            ("name", Value::Text(format!("Way {at}"))),
            ("personas", Value::List(people)),
            ("scenario", text(dice, 4)),
            ("state", pick(dice, &["current", "future"])),
            ("owner", Value::Ref("team", format!("t{}", dice.below(3)))),
            (
                "stages",
                Value::List(stages.iter().map(|s| stage(s, dice)).collect()),
            ),
        ]
    }

    fn study(&self, at: usize) -> Vec<(&'static str, Value)> {
        let dice = &mut Dice::new(3000 + at as u64 * 1000 + u64::from(self.evidence[at]));
        let from = *dice.of(&["2026-01-01", "2026-02-01"]);
        let to = *dice.of(&["2026-03-01", "2026-04-01"]);
        vec![
            ("name", Value::Text(format!("Study {at}"))),
            (
                "method",
                pick(dice, &["interview", "survey", "assumption", "secondary"]),
            ),
            ("population", pick(dice, &["actual", "prospect", "ideal"])),
            (
                "collected",
                Value::Map(vec![("from", word(from)), ("to", word(to))]),
            ),
            (
                "n",
                Value::Number(10 + i64::try_from(dice.below(3)).expect("small")),
            ),
            (
                "sensitivity",
                pick(dice, &["internal", "public", "restricted"]),
            ),
            ("owner", Value::Ref("team", "t0".to_owned())),
        ]
    }

    fn kpi(&self, at: usize) -> Vec<(&'static str, Value)> {
        let dice = &mut Dice::new(5000 + at as u64 * 1000 + u64::from(self.kpis[at]));
        let value =
            |dice: &mut Dice| Value::Number(40 + i64::try_from(dice.below(3)).expect("small"));
        vec![
            ("name", Value::Text(format!("Measure {at}"))),
            ("kind", word("custom")),
            ("class", pick(dice, &["outcome", "perception"])),
            ("unit", pick(dice, &["days", "hours"])),
            ("direction", pick(dice, &["up", "down"])),
            ("cadence", pick(dice, &["monthly", "quarterly"])),
            (
                "target",
                Value::Map(vec![("value", value(dice)), ("by", word("2027-01-01"))]),
            ),
            ("thresholds", Value::Map(vec![("warn", value(dice))])),
            ("owner", Value::Ref("team", format!("t{}", dice.below(3)))),
            ("serves", some(dice, self.people())),
        ]
    }

    fn rows(&self, at: usize) -> Vec<[String; 4]> {
        let dice = &mut Dice::new(9000 + at as u64 * 1000 + u64::from(self.kpis[at]));
        let people: Vec<String> = (self.people())
            .filter_map(|person| match person {
                Value::Ref(_, id) => Some(id),
                _ => None,
            })
            .collect();
        let mut rows = Vec::new();
        for month in 1..=dice.below(4) {
            let period = format!("2026-{month:02}");
            let figure = |dice: &mut Dice| {
                [
                    (30 + dice.below(3)).to_string(),
                    (50 + dice.below(2)).to_string(),
                ]
            };
            let [value, n] = figure(dice);
            rows.push([period.clone(), "*".to_owned(), value, n]);
            for who in &people {
                let [value, n] = figure(dice);
                if dice.below(2) == 0 {
                    rows.push([period.clone(), who.clone(), value, n]);
                }
            }
        }
        rows
    }
}

impl Project {
    /// As a person would write it.
    pub(crate) fn plain(&self) -> State {
        self.with(|_| None)
    }

    /// In another form: order of keys and columns, quotes, wrapping, line ends, flow and block,
    /// comments, spaces at the ends of lines, a byte order mark.
    pub(crate) fn in_another_form(&self, seed: u64) -> State {
        self.with(|at| Some(Dice::new(seed.wrapping_add(at))))
    }

    fn with(&self, style: impl Fn(u64) -> Option<Dice>) -> State {
        let files = self.0.iter().zip(0u64..);
        let files = files.map(|((path, file), at)| {
            let mut style = style(at);
            let mut text = match file {
                File::Markdown(front, body) => markdown(front, body, &mut style),
                File::Table(rows) => table(rows, &mut style),
            };
            if let Some(dice) = &mut style {
                if dice.below(3) == 0 {
                    text = text.replace('\n', "\r\n");
                }
                if dice.below(3) == 0 {
                    text.insert(0, '\u{feff}');
                }
            }
            (path.clone(), text)
        });
        files.collect()
    }
}

/// Whether something is done that only other forms do.
fn once_in(style: &mut Option<Dice>, times: usize) -> bool {
    style.as_mut().is_some_and(|dice| dice.below(times) == 0)
}

fn shuffled<T: Clone>(all: &[T], style: &mut Option<Dice>) -> Vec<T> {
    let mut all = all.to_vec();
    if let Some(dice) = style {
        for at in (1..all.len()).rev() {
            all.swap(at, dice.below(at + 1));
        }
    }
    all
}

fn markdown(front: &[(&'static str, Value)], body: &[String], style: &mut Option<Dice>) -> String {
    let mut out = "---\n".to_owned();
    entries(front, 0, style, &mut out);
    out.push_str("---\n");
    for paragraph in body {
        out.push('\n');
        if once_in(style, 3) {
            out.push_str("\n\n");
        }
        let wrapped = broken(paragraph, "\n", style);
        out.push_str(&wrapped);
        out.push_str(if once_in(style, 3) { " \n" } else { "\n" });
    }
    out
}

/// A sentence with some of its spaces as `lines`.
fn broken(text: &str, lines: &str, style: &mut Option<Dice>) -> String {
    let mut out = String::new();
    for (number, word) in text.split(' ').enumerate() {
        if number > 0 {
            out.push_str(if once_in(style, 4) { lines } else { " " });
        }
        out.push_str(word);
    }
    out
}

/// The entries of a mapping, so many columns in.
fn entries(
    map: &[(&'static str, Value)],
    column: usize,
    style: &mut Option<Dice>,
    out: &mut String,
) {
    for (number, (key, value)) in shuffled(map, style).into_iter().enumerate() {
        if number > 0 || column == 0 {
            if once_in(style, 8) {
                out.push_str("# What they said.\n");
            }
            out.extend(std::iter::repeat_n(' ', column));
        }
        let key = if once_in(style, 6) {
            format!("\"{key}\"")
        } else {
            key.to_owned()
        };
        out.push_str(&key);
        out.push(':');
        value_of(&value, column, style, out);
    }
}

/// What stands behind a colon or a dash, with its line end.
fn value_of(value: &Value, column: usize, style: &mut Option<Dice>, out: &mut String) {
    let inner = column + if once_in(style, 2) { 4 } else { 2 };
    let space = |n: usize| " ".repeat(n);
    match value {
        Value::Map(map) if !map.is_empty() && !once_in(style, 3) => {
            out.push('\n');
            out.push_str(&space(inner));
            entries(map, inner, style, out);
            return;
        }
        Value::List(list) if !list.is_empty() && !once_in(style, 2) => {
            out.push('\n');
            for item in list {
                out.push_str(&space(inner));
                out.push('-');
                match item {
                    Value::Map(map) if !once_in(style, 3) => {
                        out.push(' ');
                        entries(map, inner + 2, style, out);
                    }
                    item => value_of(item, inner, style, out),
                }
            }
            return;
        }
        Value::Text(text) if once_in(style, 3) => {
            let sign = if once_in(style, 2) { " >-" } else { " |-" };
            let line = format!("\n{}", space(inner));
            let broken = broken(text, &line, style);
            out.extend([sign, &line, &broken, "\n"]);
            return;
        }
        value => {
            out.push(' ');
            flow(value, style, out);
        }
    }
    if once_in(style, 6) {
        out.push_str("  # a note");
    }
    out.push_str(if once_in(style, 5) { "  \n" } else { "\n" });
}

/// A value on one line.
fn flow(value: &Value, style: &mut Option<Dice>, out: &mut String) {
    match value {
        Value::Number(number) if once_in(style, 3) => out.extend([&*number.to_string(), ".0"]),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::Word(text) if once_in(style, 3) => out.extend(["'", text, "'"]),
        Value::Word(text) => out.push_str(text),
        Value::Ref(kind, id) if once_in(style, 3) => out.extend(["\"", kind, ":", id, "\""]),
        Value::Ref(_, id) => out.push_str(id),
        Value::Text(text) if once_in(style, 2) => {
            out.extend(["'", &*text.replace('\'', "''"), "'"]);
        }
        Value::Text(text) => out.extend(["\"", text, "\""]),
        Value::List(list) => {
            out.push('[');
            for (number, item) in list.iter().enumerate() {
                out.push_str(if number > 0 { ", " } else { "" });
                flow(item, style, out);
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (number, (key, value)) in shuffled(map, style).iter().enumerate() {
                out.push_str(if number > 0 { ", " } else { "" });
                out.push_str(key);
                out.push_str(": ");
                flow(value, style, out);
            }
            out.push('}');
        }
    }
}

fn table(rows: &[[String; 4]], style: &mut Option<Dice>) -> String {
    let order = shuffled(&[0, 1, 2, 3], style);
    let mut out = String::new();
    let head = ["period", "persona", "value", "n"].map(str::to_owned);
    let rows = shuffled(rows, style);
    for (number, row) in std::iter::once(&head).chain(&rows).enumerate() {
        let cells: Vec<String> = (order.iter())
            .map(|&at| match &*row[at] {
                "*" if once_in(style, 3) => String::new(),
                cell if number > 0 && at == 2 && once_in(style, 3) => format!("{cell}.0"),
                cell if once_in(style, 4) => format!("\"{cell}\""),
                cell if once_in(style, 4) => format!(" {cell} "),
                cell => cell.to_owned(),
            })
            .collect();
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out
}
