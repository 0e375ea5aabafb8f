//! Journey maps that have the steps of two states: the names of the stages and the curve get the
//! columns that both need.

use std::fmt::Write;

use foldhash::HashMap;

use super::element::WAS;
use super::figure::NOT_BEFORE;
use super::tree::{Element, Node, cut};

/// Stands on the curve for the columns of both states, and on the one for those of after.
const ONLY_BOTH: &str = "chg-only-both";
const NOT_BOTH: &str = "chg-not-both";

/// Gives the map on a page with marks the columns of both states; other pages stay as they are.
pub(super) fn fit(html: String) -> String {
    // A stage that is gone as a whole changes the number of steps, and that of no other stage.
    if ![" data-n-was=\"", " data-steps-was=\""]
        .iter()
        .any(|mark| html.contains(mark))
    {
        return html;
    }
    let edits = cut(&html).map(|nodes| edits(&html, &nodes));
    let mut out = html.clone();
    for (range, text) in edits.unwrap_or_default().into_iter().rev() {
        out.replace_range(range, &text);
    }
    out
}

/// What to put where, in order.
type Edits = Vec<(std::ops::Range<usize>, String)>;

fn edits(html: &str, nodes: &[Node<'_>]) -> Edits {
    let mut edits = Edits::new();
    let sections = nodes.iter().filter_map(|node| match node {
        Node::Element(element) => element.find(&|e| e.has_class("map-section")),
        Node::Text(_) => None,
    });
    for section in sections {
        let mut stages = HashMap::default();
        let mut steps = Vec::new();
        each(section, &mut |element| {
            if element.has_class("stage") && element.tag == "li" {
                let columns = ["data-n", "data-n-was"].map(|name| element.attribute(name));
                if let (Some(id), [Some(both), Some(was)]) = (element.attribute("id"), columns) {
                    stages.insert(id, (both, was));
                }
                steps_of(element, &mut steps);
            }
        });
        each(section, &mut |element| {
            let at = |part: &str| part.as_ptr() as usize - html.as_ptr() as usize;
            if element.tag == "li"
                && let Some(link) = element.elements().find(|child| child.tag == "a")
                && let Some(id) = link
                    .attribute("href")
                    .and_then(|href| href.strip_prefix('#'))
                && let Some((both, was)) = stages.get(id)
                && let Some(own) = element.attribute("data-n")
            {
                let mut columns = (*both).to_owned();
                if element.attribute("data-n-was").is_none() {
                    let _ = write!(columns, "\" data-n-was=\"{was}");
                }
                edits.push((at(own)..at(own) + own.len(), columns));
            }
            if element.tag == "svg"
                && element.has_class(NOT_BEFORE)
                && let Some(places) = Places::of(&steps)
            {
                let start = at(element.source);
                let after = element.source.replacen(NOT_BEFORE, NOT_BOTH, 1);
                let both = places.moved(&element.source.replacen(NOT_BEFORE, ONLY_BOTH, 1));
                edits.push((start..start + element.source.len(), after + &both));
            }
        });
    }
    edits.sort_by_key(|(range, _)| range.start);
    edits
}

fn each<'t, 'a>(element: &'t Element<'a>, call: &mut dyn FnMut(&'t Element<'a>)) {
    call(element);
    for child in element.elements() {
        each(child, call);
    }
}

/// Adds for each step of a stage whether it is there after.
fn steps_of(stage: &Element<'_>, steps: &mut Vec<bool>) {
    let is_gone = stage.has_class(WAS);
    each(stage, &mut |element| {
        if element.tag == "li" && element.has_class("step") {
            steps.push(!is_gone && !element.has_class(WAS));
        }
    });
}

/// Where the steps of after stand among the steps of both.
struct Places {
    /// For each step of after its place in both, from 0.
    among: Vec<f64>,
    both: f64,
}

impl Places {
    /// Nothing where all steps are there after.
    fn of(steps: &[bool]) -> Option<Self> {
        let places = steps.iter().zip(0_u32..);
        let among = places.filter(|(is_there, _)| **is_there);
        let among: Vec<f64> = among.map(|(_, place)| f64::from(place)).collect();
        let both = f64::from(u32::try_from(steps.len()).ok()?);
        (among.len() < steps.len() && !among.is_empty()).then_some(Self { among, both })
    }

    /// Where a share of the way over the steps of after lies on the way over those of both.
    fn share(&self, share: f64) -> f64 {
        let count = f64::from(u32::try_from(self.among.len()).unwrap_or(u32::MAX));
        let place = share * count - 0.5;
        let knots = (0_u32..).map(f64::from).zip(self.among.iter().copied());
        let knots = knots.chain([(count - 0.5, self.both - 0.5)]);
        let mut from = (-0.5, -0.5);
        for to in knots {
            if place <= to.0 {
                let part = (place - from.0) / (to.0 - from.0);
                let at = from.1 + part * (to.1 - from.1);
                return (at + 0.5) / self.both;
            }
            from = to;
        }
        1.0
    }

    /// A drawing with everything in it at its place among the steps of both.
    fn moved(&self, svg: &str) -> String {
        let mut out = String::with_capacity(svg.len());
        let mut rest = svg;
        let mut width = 0.0;
        while let Some(at) = rest.find("=\"") {
            let (before, after) = rest.split_at(at + 2);
            out.push_str(before);
            let Some((value, behind)) = after.split_once('"') else {
                rest = after;
                break;
            };
            let name = before[..at]
                .rsplit(|c: char| c.is_ascii_whitespace())
                .next();
            match name.unwrap_or_default() {
                "x" | "x1" | "x2" => out.push_str(&self.percent(value)),
                "viewBox" => {
                    let number = value.split(' ').nth(2);
                    width = number.and_then(|n| n.parse().ok()).unwrap_or(0.0);
                    out.push_str(value);
                }
                "d" if width > 0.0 && out.rfind("class=\"line ").is_some() => {
                    out.push_str(&self.path(value, width));
                }
                _ => out.push_str(value),
            }
            out.push('"');
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    fn percent(&self, value: &str) -> String {
        let number = value.strip_suffix('%').and_then(|n| n.parse::<f64>().ok());
        number.map_or_else(
            || value.to_owned(),
            |percent| format!("{}%", round(self.share(percent / 100.0) * 100.0)),
        )
    }

    /// A path of absolute places: each an x and a y.
    fn path(&self, path: &str, width: f64) -> String {
        let mut out = String::with_capacity(path.len());
        let mut is_x = true;
        for word in path.split_inclusive([' ', 'M', 'C']) {
            let number = word.trim_end_matches([' ', 'M', 'C']);
            match number.parse::<f64>() {
                Ok(x) if is_x => {
                    let _ = write!(out, "{}", round(self.share(x / width) * width));
                    is_x = false;
                }
                Ok(_) => {
                    out.push_str(number);
                    is_x = true;
                }
                Err(_) => out.push_str(number),
            }
            out.push_str(&word[number.len()..]);
        }
        out
    }
}

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::super::element::NOW;
    use super::*;

    #[test]
    fn the_curve_leaves_out_the_columns_of_steps_that_went() {
        let places = Places::of(&[true, false, true]).expect("one is gone");
        // Two steps at a quarter and three quarters; of three, the first and the last.
        assert_eq!(places.percent("25%"), "16.67%");
        assert_eq!(places.percent("75%"), "83.33%");
        assert_eq!(places.percent("100%"), "100%");
        assert_eq!(places.percent("50%"), "50%");
        assert_eq!(
            places.path("M50 10C100 10 100 20 150 20", 200.0),
            "M33.33 10C100 10 100 20 166.67 20"
        );
        assert!(Places::of(&[true, true]).is_none());
    }

    #[test]
    fn a_stage_that_went_leaves_its_columns_to_the_curve_too() {
        let html = format!(
            "<section class=\"map-section\" data-steps=\"2\" data-steps-was=\"2\">\
             <svg class=\"{NOT_BEFORE}\"><use x=\"50%\"/></svg>\
             <li class=\"stage\" id=\"buy\"><li class=\"step\"></li></li>\
             <li class=\"stage {WAS}\" id=\"use\"><li class=\"step\"></li></li></section>"
        );
        let fitted = fit(html);
        let both = format!("<svg class=\"{ONLY_BOTH}\"><use x=\"25%\"/></svg>");
        assert!(fitted.contains(&both), "{fitted}");
    }

    #[test]
    fn names_of_stages_span_the_columns_of_their_stages() {
        let html = format!(
            "<section class=\"map-section\"><nav class=\"stage-nav\"><li data-n=\"1\">\
             <a href=\"#buy\">Buy</a></li></nav><li class=\"stage\" id=\"buy\" \
             data-n=\"2\" data-n-was=\"2\"><li class=\"step {WAS}\"></li>\
             <li class=\"step {NOW}\"></li></li></section>"
        );
        let fitted = fit(html.clone());
        assert!(
            fitted.contains("<li data-n=\"2\" data-n-was=\"2\"><a href=\"#buy\">"),
            "{fitted}"
        );
        assert_eq!(fit("<p>Text</p>".to_owned()), "<p>Text</p>");
    }
}
