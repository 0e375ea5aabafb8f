//! The rows of a comparison that are made in their own way: traits, KPIs and journeys.

use std::collections::BTreeSet;

use super::super::super::markdown::escape;
use super::super::Result;
use super::kit::Piece;
use super::sheet::{Side, Writer};
use crate::library::measurements::Slice;
use crate::library::{Entity, figures as maths};
use crate::schema::shape::title;
use crate::schema::{Data, Kind};

impl Writer<'_, '_> {
    /// Traits on one scale, those that lie farthest apart first.
    pub(super) fn traits(&mut self) -> Result<()> {
        let all = self
            .sides
            .iter()
            .flat_map(|side| side.persona.traits.keys());
        let names: BTreeSet<&String> = all.collect();
        let values = |name: &String| -> Vec<Option<u8>> {
            let sides = self.sides.iter();
            sides
                .map(|side| side.persona.traits.get(name).copied())
                .collect()
        };
        let mut rows: Vec<(u8, &String, Vec<Option<u8>>)> = Vec::new();
        for name in names {
            let values = values(name);
            let known = values.iter().flatten();
            let low = known.clone().min().copied().unwrap_or_default();
            let high = known.max().copied().unwrap_or_default();
            rows.push((high - low, name, values));
        }
        rows.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        for (_, name, values) in rows {
            let scale = self.scale(&values)?;
            let label = escape(&title(name)).into_owned();
            if values
                .iter()
                .all(|value| value.is_some() && *value == values[0])
            {
                self.same(&label, &scale)?;
                continue;
            }
            let mut cells = String::new();
            self.kit.wide.write(&[&scale, &self.columns], &mut cells)?;
            self.sheet.counts.different += 1;
            self.kit.fact.write(&[&label, &cells], &mut self.rows[0])?;
        }
        Ok(())
    }

    /// A scale from 1 to 5 with a spot for each who has a value.
    fn scale(&self, values: &[Option<u8>]) -> Result {
        let mut steps: [String; 5] = Default::default();
        let mut said = String::new();
        let text = self
            .site
            .theme
            .word(&["compare", "value"])
            .unwrap_or("{name}: {value}");
        for (side, value) in self.sides.iter().zip(values) {
            let Some(value) = value else { continue };
            if let Some(step) = steps.get_mut(usize::from(value.saturating_sub(1))) {
                step.push_str(&self.spot(*side)?);
            }
            if !said.is_empty() {
                said.push_str(" · ");
            }
            let text = text.replace("{value}", &value.to_string());
            said.push_str(&escape(&text.replace("{name}", side.entity.name())));
        }
        let mut out = String::new();
        let [one, two, three, four, five] = &steps;
        let gaps = [one, two, three, four, five, &said];
        self.kit.scale.write(&gaps.map(String::as_str), &mut out)?;
        Ok(out)
    }

    /// The KPIs that any of them names, each with its value for each of them.
    pub(super) fn kpis(&mut self) -> Result<()> {
        let mut kpis: Vec<&Entity> = Vec::new();
        for side in self.sides {
            for reference in &side.persona.kpis {
                let found = self.site.library.find(Kind::Kpi, reference.id());
                kpis.extend(found.map(|found| found.entity));
            }
        }
        kpis.sort_unstable_by_key(|kpi| kpi.sort_key());
        kpis.dedup_by_key(|kpi| kpi.index);
        for kpi in kpis {
            let cells: Vec<Option<String>> = self
                .sides
                .iter()
                .map(|side| self.measured(kpi, *side))
                .collect::<Result<_>>()?;
            let label = self.site.shown(kpi, self.root).link().to_owned();
            self.facts(&label, &cells)?;
        }
        Ok(())
    }

    /// The value of a KPI for somebody who names it: their own, or that of all customers.
    fn measured(&self, kpi: &Entity, side: Side<'_>) -> Result<Option<String>> {
        let names = &side.persona.kpis;
        if !names.iter().any(|r| self.site.library.points_at(r, kpi)) {
            return Ok(None);
        }
        let Some(Data::Kpi(measure)) = &kpi.data else {
            return Ok(None);
        };
        let rows = kpi.measurements.as_ref().map_or(&[][..], |m| &m.rows);
        let of_side = |slice: &Slice| slice.only_persona() == Some(&*side.entity.id);
        let mut out = String::new();
        if rows.iter().any(|row| of_side(&row.slice))
            && let Some(line) = maths::series(rows).into_iter().find(|l| of_side(l.slice))
            && let Some(latest) = line.latest()
        {
            let state = maths::state(measure, latest.value).as_str();
            let gaps = [
                &*self.site.theme.numerals.number(latest.value),
                &*escape(&measure.unit),
                "",
            ];
            self.value(state).write(&gaps, &mut out)?;
            return Ok(Some(out));
        }
        let shown = self.site.shown(kpi, self.root).view.get_attr("kpi");
        let shown = shown.unwrap_or_default();
        let text = |name: &str| shown.get_attr(name).unwrap_or_default().to_string();
        let value = text("value_text");
        let word = |path: &[&str]| escape(self.site.theme.word(path).unwrap_or_default());
        if value.is_empty() {
            return Ok(Some(word(&["kpi", "no_value"]).into_owned()));
        }
        let gaps = [&*value, &*escape(&measure.unit), &*word(&["kpi", "all"])];
        self.value(&text("state")).write(&gaps, &mut out)?;
        Ok(Some(out))
    }

    fn value(&self, state: &str) -> &Piece {
        match state {
            "good" => &self.kit.good,
            "warn" => &self.kit.warn,
            "bad" => &self.kit.bad,
            _ => &self.kit.unknown,
        }
    }

    pub(super) fn journeys(&mut self) -> Result<()> {
        let cells = self.sides.iter().map(|side| {
            let others = self.site.library.referrers(side.entity).into_iter();
            let journeys = others.filter(|e| e.kind == Kind::Journey && self.site.is_published(e));
            let links: Vec<String> = journeys
                .map(|journey| self.site.shown(journey, self.root).link().to_owned())
                .collect();
            (!links.is_empty()).then(|| links.join(", "))
        });
        let cells: Vec<Option<String>> = cells.collect();
        let word = self.site.theme.word(&["compare", "groups", "journeys"]);
        let label = escape(word.unwrap_or_default()).into_owned();
        self.facts(&label, &cells)
    }
}
