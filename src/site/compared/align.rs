//! Lays what is in an element before and after beside each other: what is the same, what belongs
//! together, what came and what went.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::figure::{is_point, point_name};
use super::tree::{Element, Node, hash_of};

/// In a larger gap only what is the same is found; to weigh every pair would take too long.
const MAX_PAIRS: usize = 40_000;
/// Entries of a list must be so alike to be one that changed.
const ALIKE: f32 = 0.4;
/// Of two texts with fewer words in common than this share, each is shown as a whole.
const IN_COMMON: f32 = 0.3;
/// What elements score that can only stand for each other, whatever they say.
const SAME_PLACE: f32 = 0.2;
/// What elements score that have the same name.
const SAME_NAME: f32 = 3.0;

/// Elements within a sentence.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd",
    "mark", "q", "s", "small", "span", "strong", "time", "u",
];
/// Elements of which there are many in a row, so that their place says nothing.
const LISTED: [&str; 7] = ["a", "article", "li", "option", "tbody", "tr", "section"];

/// A word or an element, and the space before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'t, 'a> {
    pub(super) space: &'a str,
    pub(super) what: What<'t, 'a>,
}

/// What an element is made of.
#[derive(Debug, Clone, Copy)]
pub(super) enum What<'t, 'a> {
    Word(&'a str),
    Element(&'t Element<'a>),
}

impl<'t, 'a> Item<'t, 'a> {
    fn hash(&self) -> u64 {
        match self.what {
            What::Word(word) => hash_of(word),
            What::Element(element) => element.hash,
        }
    }

    pub(super) fn element(&self) -> Option<&'t Element<'a>> {
        match self.what {
            What::Word(_) => None,
            What::Element(element) => Some(element),
        }
    }

    /// Whether it can stand in the middle of a sentence.
    pub(super) fn is_inline(&self) -> bool {
        self.element().is_none_or(is_inline)
    }
}

/// Whether an element is a part of a sentence.
pub(super) fn is_inline(element: &Element<'_>) -> bool {
    INLINE.contains(&element.tag) && element.has_text()
}

/// One step of the way from before to after.
#[derive(Debug)]
pub(super) enum Step<'t, 'a> {
    /// The same in both, or moved: as it stands after.
    Same(Item<'t, 'a>),
    /// There before only.
    Gone(Item<'t, 'a>),
    /// There after only.
    Come(Item<'t, 'a>),
    /// One element in two states.
    Pair(&'t Element<'a>, Item<'t, 'a>),
}

/// The words and elements directly in an element, and the space at its end.
pub(super) fn items<'t, 'a>(children: &'t [Node<'a>]) -> (Vec<Item<'t, 'a>>, &'a str) {
    let mut items = Vec::new();
    let mut space = "";
    for child in children {
        match child {
            Node::Element(element) => {
                let what = What::Element(element);
                items.push(Item { space, what });
                space = "";
            }
            Node::Text(text) if text.starts_with("<!") => {}
            Node::Text(text) => {
                let mut rest = *text;
                loop {
                    let word = rest.trim_ascii_start();
                    let before = &rest[..rest.len() - word.len()];
                    if !before.is_empty() {
                        space = before;
                    }
                    if word.is_empty() {
                        break;
                    }
                    let end = word.find(|c: char| c.is_ascii_whitespace());
                    let (word, after) = word.split_at(end.unwrap_or(word.len()));
                    let what = What::Word(word);
                    items.push(Item { space, what });
                    space = "";
                    rest = after;
                }
            }
        }
    }
    (items, space)
}

/// The way from `old` to `new`.
pub(super) fn align<'t, 'a>(old: &[Item<'t, 'a>], new: &[Item<'t, 'a>]) -> Vec<Step<'t, 'a>> {
    let hashes = |items: &[Item<'_, '_>]| items.iter().map(Item::hash).collect::<Vec<u64>>();
    let ops = capture_diff_slices(Algorithm::Myers, &hashes(old), &hashes(new));
    let mut steps = Vec::new();
    let (mut from, mut to) = (0, 0);
    if !reads_as_another(old, new, &ops) {
        for (number, op) in ops.iter().enumerate() {
            let DiffOp::Equal {
                old_index,
                new_index,
                len,
            } = *op
            else {
                continue;
            };
            let is_between = number > 0 && number + 1 < ops.len();
            if is_between && is_small(&new[new_index..new_index + len]) {
                continue;
            }
            gap(&old[from..old_index], &new[to..new_index], &mut steps);
            let same = new[new_index..new_index + len].iter();
            steps.extend(same.map(|item| Step::Same(*item)));
            (from, to) = (old_index + len, new_index + len);
        }
    }
    gap(&old[from..], &new[to..], &mut steps);
    forgive_moves(&mut steps);
    steps
}

/// Whether two texts have so little in common that marks on single words would only confuse.
fn reads_as_another(old: &[Item<'_, '_>], new: &[Item<'_, '_>], ops: &[DiffOp]) -> bool {
    let is_text = |items: &[Item<'_, '_>]| items.iter().all(|item| item.element().is_none());
    let equal: usize = ops
        .iter()
        .map(|op| match op {
            DiffOp::Equal { len, .. } => *len,
            _ => 0,
        })
        .sum();
    let most = old.len().max(new.len());
    is_text(old) && is_text(new) && most > 2 && share(equal, most) < IN_COMMON
}

/// Whether what is the same between two changes is so little that one change reads better.
fn is_small(items: &[Item<'_, '_>]) -> bool {
    match items {
        [item] => matches!(item.what, What::Word(word) if word.chars().count() <= 3),
        _ => false,
    }
}

/// What is different: elements that belong together are found by their names, then by what they
/// say.
fn gap<'t, 'a>(old: &[Item<'t, 'a>], new: &[Item<'t, 'a>], steps: &mut Vec<Step<'t, 'a>>) {
    let (mut from, mut to) = (0, 0);
    for (old_at, new_at) in pairs(old, new) {
        steps.extend(old[from..old_at].iter().map(|item| Step::Gone(*item)));
        steps.extend(new[to..new_at].iter().map(|item| Step::Come(*item)));
        if let Some(element) = old[old_at].element() {
            steps.push(Step::Pair(element, new[new_at]));
        }
        (from, to) = (old_at + 1, new_at + 1);
    }
    steps.extend(old[from..].iter().map(|item| Step::Gone(*item)));
    steps.extend(new[to..].iter().map(|item| Step::Come(*item)));
}

/// The pairs that score most together, in the order of both sides.
fn pairs(old: &[Item<'_, '_>], new: &[Item<'_, '_>]) -> Vec<(usize, usize)> {
    let old: Vec<(usize, Profile<'_, '_>)> = profiles(old).collect();
    let new: Vec<(usize, Profile<'_, '_>)> = profiles(new).collect();
    let wide = new.len() + 1;
    if old.is_empty() || new.is_empty() || old.len() * new.len() > MAX_PAIRS {
        return Vec::new();
    }
    // What the rest of both sides can score at most.
    let mut best = vec![0.0_f32; (old.len() + 1) * wide];
    let mut score = vec![0.0_f32; old.len() * new.len()];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let alike = old[i].1.likeness(&new[j].1);
            score[i * new.len() + j] = alike;
            let paired = if alike > 0.0 {
                alike + best[(i + 1) * wide + j + 1]
            } else {
                0.0
            };
            best[i * wide + j] = paired
                .max(best[(i + 1) * wide + j])
                .max(best[i * wide + j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    while i < old.len() && j < new.len() {
        let alike = score[i * new.len() + j];
        let here = best[i * wide + j];
        if alike > 0.0 && (alike + best[(i + 1) * wide + j + 1] - here).abs() < f32::EPSILON * 64.0
        {
            out.push((old[i].0, new[j].0));
            (i, j) = (i + 1, j + 1);
        } else if best[(i + 1) * wide + j] >= best[i * wide + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}

/// The elements among `items`, with their places.
fn profiles<'i, 't, 'a>(
    items: &'i [Item<'t, 'a>],
) -> impl Iterator<Item = (usize, Profile<'t, 'a>)> + use<'i, 't, 'a> {
    let elements = items.iter().enumerate();
    elements.filter_map(|(at, item)| Some((at, Profile::of(item.element()?))))
}

/// What is known of an element when another is sought that may be the same.
struct Profile<'t, 'a> {
    element: &'t Element<'a>,
    name: Option<String>,
    /// Elements of other names are others, however alike they are.
    is_bound: bool,
    words: Vec<u64>,
}

impl<'t, 'a> Profile<'t, 'a> {
    fn of(element: &'t Element<'a>) -> Self {
        let (name, is_bound) = name_of(element);
        let mut words = Vec::new();
        element.texts(&mut |text| {
            words.extend(text.split_ascii_whitespace().map(hash_of));
        });
        words.sort_unstable();
        Self {
            element,
            name,
            is_bound,
            words,
        }
    }

    /// How much speaks for the two being one element; nothing where they cannot be.
    fn likeness(&self, other: &Self) -> f32 {
        let (x, y) = (self.element, other.element);
        if x.tag != y.tag {
            return 0.0;
        }
        let alike = dice(&self.words, &other.words);
        if let (Some(a), Some(b)) = (&self.name, &other.name) {
            if a == b {
                return SAME_NAME + alike;
            }
            if self.is_bound {
                return 0.0;
            }
        }
        if LISTED.contains(&x.tag) {
            return if alike >= ALIKE { alike } else { 0.0 };
        }
        let class = |element: &Element<'a>| {
            let classes = element.attribute("class").unwrap_or_default();
            classes.split_ascii_whitespace().next()
        };
        if class(x) == class(y) {
            SAME_PLACE + alike
        } else {
            0.0
        }
    }
}

/// What names an element, and whether one of another name is another one.
fn name_of(element: &Element<'_>) -> (Option<String>, bool) {
    let attribute = |name| element.attribute(name).map(str::to_owned);
    match element.tag {
        // The anchors of steps count them, so that they say nothing of one that was moved.
        "li" if element.has_class("step") => (None, false),
        "section" => (
            attribute("aria-labelledby")
                .or_else(|| attribute("aria-label"))
                .or_else(|| attribute("id")),
            true,
        ),
        "tr" => {
            let heads = element.elements().filter(|cell| cell.tag == "th");
            (heads.last().map(Element::text), false)
        }
        "div" if element.elements().any(|child| child.tag == "dt") => {
            let term = element.elements().find(|child| child.tag == "dt");
            (term.map(Element::text), true)
        }
        "li" | "article" => {
            let link = || {
                let link = element.find(&|e| e.tag == "a" && e.attribute("href").is_some());
                let link = link?.attribute("href")?;
                (!link.starts_with('#')).then(|| link.to_owned())
            };
            (attribute("id").or_else(link), false)
        }
        "svg" if is_point(element) => (point_name(element), true),
        "path" => (attribute("class"), true),
        _ => (attribute("id"), false),
    }
}

/// How many of the words of both are the same, from 0 to 1; both are sorted.
fn dice(a: &[u64], b: &[u64]) -> f32 {
    if a.is_empty() && b.is_empty() {
        return 0.0;
    }
    let (mut i, mut j, mut same) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                same += 1;
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    2.0 * share(same, a.len() + b.len())
}

fn share(part: usize, of: usize) -> f32 {
    let float = |n: usize| f32::from(u16::try_from(n).unwrap_or(u16::MAX));
    float(part) / float(of).max(1.0)
}

/// What went here and came there unchanged was moved, which is no change.
fn forgive_moves(steps: &mut Vec<Step<'_, '_>>) {
    let movable = |item: &Item<'_, '_>| {
        let element = item.element()?;
        (!is_inline(element) && element.has_text()).then_some(element.hash)
    };
    let hashes = |wanted: fn(&Step<'_, '_>) -> bool| {
        let wanted = steps.iter().filter(move |step| wanted(step));
        let items = wanted.filter_map(|step| match step {
            Step::Gone(item) | Step::Come(item) => movable(item),
            _ => None,
        });
        items.collect::<Vec<u64>>()
    };
    let gone = hashes(|step| matches!(step, Step::Gone(_)));
    let come = hashes(|step| matches!(step, Step::Come(_)));
    let is_moved = |item: &Item<'_, '_>| {
        movable(item).is_some_and(|hash| gone.contains(&hash) && come.contains(&hash))
    };
    steps.retain(|step| !matches!(step, Step::Gone(item) if is_moved(item)));
    for step in steps {
        if let Step::Come(item) = step
            && is_moved(item)
        {
            *step = Step::Same(*item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::cut;
    use super::*;

    /// The way from one to the other: ` same`, `-gone`, `+come`, `~paired`.
    fn way(old: &str, new: &str) -> Vec<String> {
        let (old, new) = (cut(old).expect("old"), cut(new).expect("new"));
        let (old, new) = (items(&old).0, items(&new).0);
        let say = |item: &Item<'_, '_>| match item.what {
            What::Word(word) => word.to_owned(),
            What::Element(element) => element.text(),
        };
        let steps = align(&old, &new);
        let steps = steps.iter().map(|step| match step {
            Step::Same(item) => format!(" {}", say(item)),
            Step::Gone(item) => format!("-{}", say(item)),
            Step::Come(item) => format!("+{}", say(item)),
            Step::Pair(old, item) => format!("~{} / {}", old.text(), say(item)),
        });
        steps.collect()
    }

    #[test]
    fn words_that_differ_are_found_in_a_sentence() {
        assert_eq!(
            way(
                "Orders in two clicks at night",
                "Orders in one click at night"
            ),
            [
                " Orders", " in", "-two", "-clicks", "+one", "+click", " at", " night"
            ]
        );
    }

    #[test]
    fn a_sentence_of_other_words_is_another_one() {
        assert_eq!(
            way("Wants to pay later", "Hates every single queue"),
            [
                "-Wants", "-to", "-pay", "-later", "+Hates", "+every", "+single", "+queue"
            ]
        );
    }

    #[test]
    fn entries_belong_together_by_name_and_then_by_what_they_say() {
        let old = "<li id=\"a\">See the price</li><li id=\"x1\">Pay with one click only</li>";
        let new = "<li id=\"a\">Know costs</li><li id=\"n\">Brand new</li>\
                   <li id=\"x2\">Pay with one tap only</li>";
        assert_eq!(
            way(old, new),
            [
                "~See the price / Know costs",
                "+Brand new",
                "~Pay with one click only / Pay with one tap only"
            ]
        );
    }

    #[test]
    fn what_moved_is_no_change() {
        let (a, b, c) = ("<li>One</li>", "<li>Two</li>", "<li>Three</li>");
        assert_eq!(
            way(&[a, b, c].concat(), &[c, a, b].concat()),
            [" Three", " One", " Two"]
        );
    }

    #[test]
    fn facts_belong_together_by_their_terms() {
        let fact = |term, value| format!("<div><dt>{term}</dt><dd>{value}</dd></div>");
        assert_eq!(
            way(
                &[fact("Owner", "Sales"), fact("Unit", "days")].concat(),
                &[fact("Owner", "Support"), fact("Source", "days")].concat()
            ),
            ["~Owner Sales / Owner Support", "-Unit days", "+Source days"]
        );
    }
}
