//! The files of a generated library, a function a kind.

use std::fmt::{Display, Write};

use jiff::ToSpan;
use jiff::civil::Date;

use super::chance::Chance;
use super::words::{name, paragraph, sentence};
use super::{NEGATIVE, Size, id, target};
use crate::scaffold::File;
use crate::schema::Kind;

const CHANNELS: [&str; 8] = [
    "email", "in-app", "phone", "web", "chat", "branch", "social", "event",
];
const LIFECYCLE: [&str; 4] = ["acquisition", "product-development", "marketing", "renewal"];
const STAGES: [&str; 7] = [
    "Notice", "Compare", "Decide", "Begin", "Use", "Ask", "Renew",
];
const DEGREES: [&str; 3] = ["low", "medium", "high"];
/// The claims of a persona: how many of which sort.
const CLAIMS: [(&str, u32); 6] = [
    ("goals", 4),
    ("needs", 3),
    ("motivations", 2),
    ("pains", 4),
    ("expectations", 2),
    ("behaviours", 3),
];
/// KPIs take turns: what is measured, how, and in which direction it should go.
const MEASURES: [(&str, &str, &str, &str); 5] = [
    ("Net Promoter Score", "nps", "points", "up"),
    ("Satisfaction", "csat", "percent", "up"),
    ("Orders that arrive on time", "custom", "percent", "up"),
    ("Contracts that end early", "custom", "percent", "down"),
    ("Days to the first order", "custom", "days", "down"),
];
const METHODS: [&str; 6] = [
    "interview",
    "survey",
    "analytics",
    "crm",
    "support",
    "usability",
];
const MONTHS: i32 = 24;

/// The files of the entity of a kind that has this number.
pub(super) fn files(mut maker: Maker, kind: Kind, number: u32) -> Vec<File> {
    match kind {
        Kind::Persona => maker.persona(number),
        Kind::Journey => maker.journey(number),
        Kind::Kpi => maker.kpi(number),
        Kind::Evidence => maker.evidence(number),
        Kind::Segment => maker.segment(number),
        _ => maker.team(number),
    }
    let path = format!("content/{}/{}.md", kind.folder(), id(kind, number));
    let mut files = vec![File {
        path,
        text: format!("---\n{}---\n{}", maker.front, maker.body),
    }];
    if kind == Kind::Kpi {
        files.push(File {
            path: format!("content/{}/{}.csv", kind.folder(), id(kind, number)),
            text: maker.measurements(number),
        });
    }
    files
}

/// Makes one entity.
pub(super) struct Maker {
    size: Size,
    today: Date,
    chance: Chance,
    front: String,
    body: String,
}

impl Maker {
    pub(super) fn new(size: Size, today: Date, chance: Chance) -> Self {
        Self {
            size,
            today,
            chance,
            front: String::new(),
            body: String::new(),
        }
    }

    fn persona(&mut self, number: u32) {
        let negative = number % NEGATIVE == NEGATIVE - 1;
        let business = self.chance.happens(60);
        let (nature, trade) = name(&mut self.chance);
        self.field(0, "name", format!("{nature} {trade} {}", number + 1));
        self.field(0, "market", if business { "b2b" } else { "b2c" });
        self.field(0, "stance", if negative { "negative" } else { "target" });
        let status = if number % 11 == 10 { "draft" } else { "active" };
        self.field(0, "status", status);
        self.field(0, "basis", "qualitative");
        self.belongs(number);
        self.told(0, "summary");
        let segments = self.ids(Kind::Segment, 1);
        self.field(0, "segments", segments);
        let phases = self.words(LIFECYCLE, 2);
        self.field(0, "lifecycle", phases);
        self.reviewed();
        self.open(0, "quote");
        self.told(2, "text");
        self.cites(2);
        for (sort, many) in CLAIMS {
            self.claims(sort, many);
        }
        self.open(0, "channels");
        let channels = self.words(CHANNELS, 3);
        self.field(2, "preferred", channels);
        let share = self.chance.between(10, 95);
        self.field(2, "online_share", share);
        self.open(0, "demographics");
        let age = self.chance.between(25, 54);
        self.field(2, "age_range", format!("{age}-{}", age + 8));
        self.field(2, "location", format!("Town {}", number % 97));
        self.open(0, "traits");
        for mark in ["tech_confidence", "risk_appetite", "price_sensitivity"] {
            let degree = self.chance.between(1, 5);
            self.field(2, mark, degree);
        }
        self.market(business, trade);
        if negative {
            self.open(0, "negative");
            self.told(2, "reason");
            self.told(2, "drain");
            self.field(2, "signals", "[asks for a discount twice, has no budget]");
            self.told(2, "handling");
        }
        let evidence = self.ids(Kind::Evidence, 2);
        self.field(0, "evidence", evidence);
        if !negative {
            let kpis = self.ids(Kind::Kpi, 2);
            self.field(0, "kpis", kpis);
        }
        self.day_of_a_persona();
    }

    fn claims(&mut self, sort: &str, many: u32) {
        self.open(0, sort);
        let stem = sort.strip_suffix('s').unwrap_or(sort);
        for claim in 1..=many {
            self.field(2, "- id", format!("{stem}-{claim}"));
            self.told(4, "text");
            let sources = self.chance.between(1, 2);
            let evidence = self.ids(Kind::Evidence, sources);
            self.field(4, "evidence", evidence);
            if matches!(sort, "goals" | "needs") && self.chance.happens(40) {
                let kpis = self.ids(Kind::Kpi, 1);
                self.field(4, "kpis", kpis);
            }
            if sort == "pains" {
                let severity = self.chance.of(DEGREES);
                self.field(4, "severity", severity);
            }
        }
    }

    fn market(&mut self, business: bool, trade: &str) {
        if business {
            self.open(0, "b2b");
            self.field(2, "designation", format!("Head of operations, {trade}"));
            self.field(2, "department", "Operations");
            let role = self.chance.of(["strategic", "tactical", "resourceful"]);
            self.field(2, "role", role);
            self.field(2, "job_kpis", "[Cost of a delivery, Late deliveries]");
        } else {
            self.open(0, "b2c");
            self.field(2, "interests", "[Local news, Long walks]");
            self.field(2, "emotions", "[Hopeful at first, Wary later]");
            let impulse = self.chance.of(DEGREES);
            self.field(2, "impulse", impulse);
            self.field(2, "concerns", "[Hidden fees, Long contracts]");
        }
    }

    fn day_of_a_persona(&mut self) {
        let friend = id(Kind::Persona, self.chance.below(self.size.0));
        let measure = id(Kind::Kpi, self.any(Kind::Kpi));
        let chance = &mut self.chance;
        let mut body = format!(
            "\n## A normal day\n\n{} See [somebody alike]({friend}.md) and [the \
             measure](../kpis/{measure}.md).\n\n| When | What happens | Feeling |\n| --- | --- | \
             --- |\n",
            paragraph(chance, 2)
        );
        for hour in [8, 10, 12, 14] {
            let feeling = chance.of(["calm", "rushed", "proud", "stuck"]);
            let _ = writeln!(body, "| {hour}:00 | {} | {feeling} |", sentence(chance));
        }
        body.push_str("\n## How to meet them\n\n");
        for advice in ["Do", "Do", "Don’t"] {
            let _ = writeln!(body, "- **{advice}**: {}.", sentence(chance));
        }
        let said = paragraph(chance, 1);
        let _ = write!(body, "\n> {said}\n\n{}\n", paragraph(chance, 3));
        self.body = body;
    }

    fn journey(&mut self, number: u32) {
        self.field(0, "name", format!("Way to a decision {}", number + 1));
        self.field(0, "state", "current");
        self.field(0, "status", "active");
        self.belongs(number);
        let targets = self.chance.some(2, self.size.targets());
        let personas: Vec<_> = targets
            .into_iter()
            .map(|nth| id(Kind::Persona, target(nth)))
            .collect();
        self.field(0, "personas", list(&personas));
        self.told(0, "scenario");
        self.told(0, "expectations");
        self.reviewed();
        self.open(0, "stages");
        for (at, stage) in STAGES.iter().take(4 + number as usize % 4).enumerate() {
            self.field(2, "- id", stage.to_lowercase());
            self.field(4, "name", stage);
            self.field(4, "lifecycle", LIFECYCLE[at % LIFECYCLE.len()]);
            self.open(4, "steps");
            for step in 1..=2 {
                self.field(6, "- id", format!("step-{}-{step}", at + 1));
                self.told(8, "action");
                self.told(8, "thought");
                let emotion = i64::from(self.chance.below(5)) - 2;
                self.field(8, "emotion", emotion);
                let channel = self.chance.of(CHANNELS);
                self.field(8, "channel", channel);
                for field in ["pains", "opportunities"] {
                    let text = paragraph(&mut self.chance, 1);
                    self.field(8, field, format!("[\"{text}\"]"));
                }
                let kpis = self.ids(Kind::Kpi, 1);
                self.field(8, "kpis", kpis);
                let evidence = self.ids(Kind::Evidence, 1);
                self.field(8, "evidence", evidence);
            }
        }
        let seen = personas.first().map_or("", String::as_str);
        self.body = format!(
            "\n## Notes\n\n{} Seen by [one who went it](../personas/{seen}.md).\n",
            paragraph(&mut self.chance, 2)
        );
    }

    fn kpi(&mut self, number: u32) {
        let (title, kind, unit, direction) = MEASURES[number as usize % MEASURES.len()];
        self.field(0, "name", format!("{title} {}", number + 1));
        self.field(0, "kind", kind);
        let class = if kind == "custom" {
            "outcome"
        } else {
            "perception"
        };
        self.field(0, "class", class);
        self.told(0, "summary");
        self.field(0, "unit", unit);
        self.field(0, "direction", direction);
        self.open(0, "target");
        let (goal, warn, bad) = if direction == "up" {
            (60, 40, 20)
        } else {
            (20, 40, 60)
        };
        self.field(2, "value", goal);
        let by = self.today.saturating_add(1.year());
        self.field(2, "by", by);
        self.open(0, "thresholds");
        self.field(2, "warn", warn);
        self.field(2, "bad", bad);
        self.field(0, "cadence", "monthly");
        self.belongs(number);
        let file = format!("{}.csv", id(Kind::Kpi, number));
        self.field(0, "measurements", file);
        self.body = format!("\n{}\n", paragraph(&mut self.chance, 2));
    }

    /// Two years that go up and down, of all and of one persona.
    fn measurements(&mut self, number: u32) -> String {
        let who = id(
            Kind::Persona,
            target(number.wrapping_mul(7) % self.size.targets()),
        );
        let mut rows = "period,persona,value,n\n".to_owned();
        // In tenths.
        let mut value = self.chance.between(200, 600);
        for ago in (1..=MONTHS).rev() {
            let month = self.today.first_of_month().saturating_sub(ago.months());
            let period = month.strftime("%Y-%m");
            value = (value + self.chance.below(84)).clamp(90, 940) - 40;
            let near = value + self.chance.below(100);
            let (many, few) = (self.chance.between(80, 900), self.chance.between(31, 90));
            let _ = writeln!(rows, "{period},*,{}.{},{many}", value / 10, value % 10);
            let _ = writeln!(rows, "{period},{who},{}.{},{few}", near / 10, near % 10);
        }
        rows
    }

    fn evidence(&mut self, number: u32) {
        self.field(0, "name", format!("Study of working days {}", number + 1));
        let method = self.chance.of(METHODS);
        self.field(0, "method", method);
        self.field(0, "population", "actual");
        self.told(0, "summary");
        self.open(0, "collected");
        let ended = i64::from(self.chance.between(20, 300));
        let to = self.today.saturating_sub(ended.days());
        self.field(2, "from", to.saturating_sub(45.days()));
        self.field(2, "to", to);
        let people = self.chance.between(8, 1200);
        self.field(0, "n", people);
        self.belongs(number);
        self.body = format!("\n{}\n", paragraph(&mut self.chance, 2));
    }

    fn segment(&mut self, number: u32) {
        self.field(0, "name", format!("Makers of town {}", number + 1));
        self.told(0, "summary");
        self.belongs(number);
        self.body = format!("\n{}\n", paragraph(&mut self.chance, 1));
    }

    fn team(&mut self, number: u32) {
        self.field(0, "name", format!("Team for customers {}", number + 1));
        self.field(0, "contact", format!("team-{}@example.com", number + 1));
        self.body = format!("\n{}\n", paragraph(&mut self.chance, 1));
    }

    // ---- single fields

    fn field(&mut self, indent: usize, key: &str, value: impl Display) {
        let _ = writeln!(self.front, "{:indent$}{key}: {value}", "");
    }

    fn open(&mut self, indent: usize, key: &str) {
        let _ = writeln!(self.front, "{:indent$}{key}:", "");
    }

    /// A field with a sentence in it.
    fn told(&mut self, indent: usize, key: &str) {
        let text = paragraph(&mut self.chance, 1);
        self.field(indent, key, format!("\"{text}\""));
    }

    /// Its owner; teams take turns.
    fn belongs(&mut self, number: u32) {
        let team = number % self.size.of(Kind::Team);
        self.field(0, "owner", id(Kind::Team, team));
    }

    fn reviewed(&mut self) {
        let days = i64::from(self.chance.between(1, 240));
        let day = self.today.saturating_sub(days.days());
        self.field(0, "last_reviewed", day);
    }

    fn cites(&mut self, indent: usize) {
        let evidence = id(Kind::Evidence, self.any(Kind::Evidence));
        self.field(indent, "evidence", evidence);
    }

    fn any(&mut self, kind: Kind) -> u32 {
        self.chance.below(self.size.of(kind))
    }

    /// Some ids of a kind, as YAML.
    fn ids(&mut self, kind: Kind, wanted: u32) -> String {
        let some = self.chance.some(wanted, self.size.of(kind));
        let ids: Vec<_> = some.into_iter().map(|number| id(kind, number)).collect();
        list(&ids)
    }

    /// Some of these words, as YAML.
    fn words<const N: usize>(&mut self, all: [&str; N], wanted: u32) -> String {
        let some = self
            .chance
            .some(wanted, u32::try_from(N).unwrap_or(u32::MAX));
        let words: Vec<_> = some.into_iter().map(|at| all[at as usize]).collect();
        list(&words)
    }
}

fn list<T: AsRef<str>>(items: &[T]) -> String {
    let items: Vec<_> = items.iter().map(AsRef::as_ref).collect();
    format!("[{}]", items.join(", "))
}
