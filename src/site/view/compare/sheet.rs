//! The comparison of some personas: rows that tell them apart, and folded behind them those that
//! do not.

use std::borrow::Cow;

use super::super::super::markdown::escape;
use super::super::super::{Site, emblem, refs};
use super::super::Result;
use super::fields::{FIELDS, Field, Front, GROUPS, Sort, own, texts};
use super::kit::Kit;
use crate::library::Entity;
use crate::library::alignment::{Line, Sort as Likeness, Texts};
use crate::schema::kinds::persona::Persona;
use crate::schema::shape::title;
use crate::source::yaml::Node;

/// One of those who are compared.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) entity: &'a Entity,
    pub(super) persona: &'a Persona,
}

/// A comparison as HTML, and how many rows of each sort it has.
#[derive(Default)]
pub(super) struct Sheet {
    pub(super) different: String,
    pub(super) same: String,
    pub(super) counts: Counts,
}

/// How many rows there are.
#[derive(Default, Clone, Copy)]
pub(super) struct Counts {
    pub(super) different: usize,
    pub(super) alike: usize,
    pub(super) same: usize,
}

/// What writes a comparison.
pub(super) struct Writer<'w, 'a> {
    pub(super) site: &'w Site<'a>,
    pub(super) kit: &'w Kit,
    pub(super) root: &'w str,
    pub(super) sides: &'w [Side<'a>],
    fronts: Vec<Front<'a>>,
    pub(super) columns: String,
    /// The rows of the group that is being written: those that differ, and those that do not.
    pub(super) rows: [String; 2],
    pub(super) sheet: Sheet,
}

impl Sheet {
    /// Compares some personas on a page whose links start with `root`.
    pub(super) fn of<'a>(
        site: &Site<'a>,
        kit: &Kit,
        (root, sides): (&str, &[Side<'a>]),
    ) -> Result<Self> {
        let mut writer = Writer {
            site,
            kit,
            root,
            sides,
            fronts: sides
                .iter()
                .map(|side| Front::of(site, side.entity))
                .collect(),
            columns: sides.len().to_string(),
            rows: [
                String::with_capacity(4 * 1024),
                String::with_capacity(4 * 1024),
            ],
            sheet: Sheet {
                different: String::with_capacity(12 * 1024),
                same: String::with_capacity(4 * 1024),
                counts: Counts::default(),
            },
        };
        let own = own(site);
        for (group, heading) in GROUPS.iter().zip(&kit.groups) {
            match *group {
                "traits" => writer.traits()?,
                "kpis" => writer.kpis()?,
                "journeys" => writer.journeys()?,
                "own" => own
                    .iter()
                    .try_for_each(|field| writer.field(field, &field.label(site)))?,
                _ => FIELDS
                    .iter()
                    .zip(&kit.labels)
                    .filter(|(field, _)| field.group == *group)
                    .try_for_each(|(field, label)| writer.field(field, label))?,
            }
            writer.close(heading)?;
        }
        writer.finish()
    }
}

impl Writer<'_, '_> {
    /// Puts the rows of a group under its heading.
    fn close(&mut self, heading: &str) -> Result<()> {
        let span = (self.sides.len() + 1).to_string();
        let [different, same] = &mut self.rows;
        let sheet = &mut self.sheet;
        for (rows, out) in [(different, &mut sheet.different), (same, &mut sheet.same)] {
            if !rows.is_empty() {
                self.kit.group.write(&[&span, heading, rows], out)?;
                rows.clear();
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Sheet> {
        let mut heads = String::new();
        for side in self.sides {
            let shown = self.site.shown(side.entity, self.root);
            let spot = self.spot(*side)?;
            let gaps = [shown.tile(), shown.link(), &spot];
            self.kit.head.write(&gaps, &mut heads)?;
        }
        let columns = self.columns.clone();
        let mut out = String::with_capacity(self.sheet.different.len() + 1024);
        let gaps = [&*columns, &heads, &self.sheet.different];
        self.kit.table.write(&gaps, &mut out)?;
        self.sheet.different = out;
        if self.sheet.counts.same > 0 {
            let text = self.site.theme.word(&["compare", "same"]).unwrap_or("{n}");
            let summary = escape(text).replace("{n}", &self.sheet.counts.same.to_string());
            let mut out = String::with_capacity(self.sheet.same.len() + 1024);
            let gaps = [&*columns, &heads, &self.sheet.same, &summary];
            self.kit.folded.write(&gaps, &mut out)?;
            self.sheet.same = out;
        }
        Ok(self.sheet)
    }

    pub(super) fn spot(&self, side: Side<'_>) -> Result {
        let mut out = String::with_capacity(96);
        let hue = emblem::hue(&side.entity.id).to_string();
        let initials = refs::initials(side.entity.name());
        self.kit.spot.write(&[&hue, &escape(&initials)], &mut out)?;
        Ok(out)
    }

    fn field(&mut self, field: &Field<'_>, label: &str) -> Result<()> {
        let nodes = self.fronts.iter().map(|front| field.node(front));
        let nodes: Vec<Option<Node<'_>>> = nodes.collect();
        if nodes.iter().all(Option::is_none) {
            return Ok(());
        }
        let written = nodes.into_iter();
        let written = written.map(|node| node.map(texts).unwrap_or_default());
        let written: Vec<Vec<&str>> = written.collect();
        if field.sort == Sort::Texts {
            return self.texts(label, &written);
        }
        let cells: Vec<Option<String>> = written
            .iter()
            .map(|texts| self.fact(field, texts))
            .collect::<Result<_>>()?;
        self.facts(label, &cells)
    }

    /// What somebody has in a field that is a fact.
    fn fact(&self, field: &Field<'_>, texts: &[&str]) -> Result<Option<String>> {
        if texts.is_empty() {
            return Ok(None);
        }
        let theme = self.site.theme;
        let shown = |text: &&str| -> String {
            match field.sort {
                Sort::Word => {
                    let known = theme.word(&["values", field.key, text]);
                    let word = known.map_or_else(|| Cow::Owned(title(text)), Cow::Borrowed);
                    escape(&word).into_owned()
                }
                Sort::Bool => {
                    let word = theme.word(&["general", text]);
                    escape(word.unwrap_or(text)).into_owned()
                }
                Sort::Reference => {
                    let shown = self.site.shown_as(text, &field.kinds(), self.root);
                    shown.link().to_owned()
                }
                _ => escape(text).into_owned(),
            }
        };
        if field.sort == Sort::Share {
            let mut out = String::new();
            let online: u8 = texts[0].trim().parse().unwrap_or_default();
            let text = theme.word(&["persona", "share"]).unwrap_or("{online}%");
            let offline = 100u8.saturating_sub(online).to_string();
            let text = text
                .replace("{online}", texts[0])
                .replace("{offline}", &offline);
            let gaps = [&*escape(texts[0]), &*escape(&text)];
            self.kit.share.write(&gaps, &mut out)?;
            return Ok(Some(out));
        }
        if let [text] = texts {
            return Ok(Some(shown(text)));
        }
        let shown: Vec<String> = texts.iter().map(shown).collect();
        Ok(Some(shown.join(", ")))
    }

    /// A row of facts: folded away when all have the same.
    pub(super) fn facts(&mut self, label: &str, values: &[Option<String>]) -> Result<()> {
        if let [Some(first), rest @ ..] = values
            && rest.iter().all(|other| other.as_ref() == Some(first))
        {
            return self.same(label, first);
        }
        if values.iter().all(Option::is_none) {
            return Ok(());
        }
        let cells = self.cells(values)?;
        self.sheet.counts.different += 1;
        self.kit.fact.write(&[label, &cells], &mut self.rows[0])
    }

    fn cells(&self, values: &[Option<String>]) -> Result {
        let length = values.iter().flatten().map(String::len).sum::<usize>();
        let mut cells = String::with_capacity(length + 64 * values.len());
        for value in values {
            match value {
                Some(value) => self.kit.cell.write(&[value], &mut cells)?,
                None => self.kit.none.write(&[], &mut cells)?,
            }
        }
        Ok(cells)
    }

    pub(super) fn same(&mut self, label: &str, value: &str) -> Result<()> {
        let mut cells = String::with_capacity(value.len() + 64);
        self.kit.wide.write(&[value, &self.columns], &mut cells)?;
        self.sheet.counts.same += 1;
        self.kit.fact.write(&[label, &cells], &mut self.rows[1])
    }

    /// The rows of a list of sentences: what one alone says, what is alike, what is the same.
    fn texts(&mut self, label: &str, sides: &[Vec<&str>]) -> Result<()> {
        if sides.iter().all(Vec::is_empty) {
            return Ok(());
        }
        let texts = Texts::new(sides);
        let lines = texts.lines();
        self.only(label, sides, &lines)?;
        let mut first = true;
        for line in lines.iter().filter(|line| line.sort == Likeness::Alike) {
            let cells: Vec<Option<String>> = (0..sides.len())
                .map(|side| self.marked(&texts, line, side))
                .collect::<Result<_>>()?;
            let cells = self.cells(&cells)?;
            self.sheet.counts.alike += 1;
            let mut name = self.kit.alike_label.replace("{label}", label);
            if !std::mem::take(&mut first) {
                name = format!("<span class=\"vh\">{name}</span>");
            }
            self.kit.alike.write(&[&name, &cells], &mut self.rows[0])?;
        }
        let same = lines.iter().filter(|line| line.sort == Likeness::Same);
        let same = same.filter_map(|line| sides[0].get(line.at[0]?));
        let same: Vec<&&str> = same.collect();
        if !same.is_empty() {
            let list = self.list(same.into_iter().copied())?;
            self.same(label, &list)?;
        }
        Ok(())
    }

    fn only(&mut self, label: &str, sides: &[Vec<&str>], lines: &[Line]) -> Result<()> {
        let only = |line: &&Line| line.sort == Likeness::Only;
        if !lines.iter().any(|line| only(&line)) {
            return Ok(());
        }
        let cells: Vec<Option<String>> = (0..sides.len())
            .map(|side| {
                let own = lines.iter().filter(only).filter_map(|line| line.at[side]);
                let own: Vec<&str> = own.map(|at| sides[side][at]).collect();
                if own.is_empty() {
                    return Ok(None);
                }
                self.list(own.into_iter()).map(Some)
            })
            .collect::<Result<_>>()?;
        let cells = self.cells(&cells)?;
        self.sheet.counts.different += 1;
        self.kit.only.write(&[label, &cells], &mut self.rows[0])
    }

    fn list<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Result {
        let mut items = String::with_capacity(512);
        for text in texts {
            self.kit.item.write(&[&escape(text)], &mut items)?;
        }
        let mut out = String::with_capacity(items.len() + 16);
        self.kit.list.write(&[&items], &mut out)?;
        Ok(out)
    }

    /// A text of a line, with what others lack marked.
    fn marked(&self, texts: &Texts<'_, '_>, line: &Line, side: usize) -> Result<Option<String>> {
        let pieces = texts.pieces(line, side);
        let length = pieces.iter().map(|(_, piece)| piece.len()).sum::<usize>();
        let mut out = String::with_capacity(length + 64);
        for (marked, piece) in &pieces {
            if *marked {
                self.kit.mark.write(&[&escape(piece)], &mut out)?;
            } else {
                out.push_str(&escape(piece));
            }
        }
        Ok(line.at[side].map(|_| out))
    }
}
