//! A KPI in two states: what it measures, what is aimed at, and its measurements.
//!
//! Another kind, method, unit, direction or scale makes figures that cannot be compared with those
//! before, so the KPI is another one, and its target another target, neither easier nor harder.
//! Another question may or may not make another KPI; somebody should look at it.

use super::measurements;
use super::spot::{Differ, Spot};
use crate::review::code::{
    FIELD_ADDED, FIELD_CHANGED, FIELD_REMOVED, KPI_REDEFINED, TARGET_LOOSENED, TARGET_TIGHTENED,
    THRESHOLD_CHANGED,
};
use crate::review::fields::{Codes, FIELD};
use crate::review::pair::{Notes, Pair};
use crate::schema::Data;
use crate::schema::content::plain;
use crate::schema::kinds::kpi::{Direction, Goal, Kpi};

/// The fields whose changes are noted here.
pub(super) const FIELDS: &[&str] = &[
    "kind",
    "scale",
    "method",
    "unit",
    "direction",
    "target",
    "thresholds",
    "serves",
    "measurements",
];

/// What a KPI is: said for the first time it is no other.
const DEFINITION: Codes = [FIELD_ADDED, KPI_REDEFINED, FIELD_REMOVED];

/// A value at which it becomes worrying: as soon as one is set or dropped, others are warned.
const THRESHOLD: Codes = [THRESHOLD_CHANGED; 3];

/// Notes what is different.
pub(super) fn changes<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    if let Some((Data::Kpi(before), Data::Kpi(after))) = pair.data() {
        let mut differ = Differ { pair, notes };
        definition(&mut differ, before, after);
        if let Some(turn) = turn(before, after) {
            turn.note(notes);
        }
        let mut differ = Differ { pair, notes };
        thresholds(&mut differ, before, after);
        let serves = (&*before.serves, &*after.serves);
        differ.references(FIELD, "Goals it serves", &Spot::top("serves"), serves);
    }
    measurements::changes(pair, notes);
}

fn definition(differ: &mut Differ<'_, '_>, before: &Kpi, after: &Kpi) {
    let both = |a, b| (Some(a), Some(b));
    let texts = [
        (
            "Kind",
            "kind",
            both(before.kind.as_str(), after.kind.as_str()),
        ),
        (
            "Scale",
            "scale",
            (before.scale.as_deref(), after.scale.as_deref()),
        ),
        (
            "Method",
            "method",
            (before.method.as_deref(), after.method.as_deref()),
        ),
        ("Unit", "unit", both(&*before.unit, &*after.unit)),
        (
            "Direction",
            "direction",
            both(before.direction.as_str(), after.direction.as_str()),
        ),
    ];
    for (title, field, values) in texts {
        differ.text(DEFINITION, title, &Spot::top(field), values);
    }
}

/// A target in two states that are not the same.
struct Turn {
    is_looser: bool,
    values: (Option<String>, Option<String>),
}

impl Turn {
    fn note(self, notes: &mut Notes<'_>) {
        // What is measured in another way cannot be said to be easier or harder to reach.
        let is_another = (notes.changes().iter()).any(|change| *change.code == *KPI_REDEFINED);
        let (code, way) = match self.is_looser {
            _ if is_another => (FIELD_CHANGED, "changed"),
            true => (TARGET_LOOSENED, "loosened"),
            false => (TARGET_TIGHTENED, "tightened"),
        };
        match self.values {
            (before, None) => notes.gone(TARGET_LOOSENED, "Target removed", "/target", before),
            (None, after) => notes.add(TARGET_TIGHTENED, "Target added", "/target", (None, after)),
            values => notes.add(code, format!("Target {way}"), "/target", values),
        };
    }
}

/// How the target changed. It is looser when it is easier to reach or later, even if it is sooner
/// or harder too; and none at all is the loosest.
fn turn(before: &Kpi, after: &Kpi) -> Option<Turn> {
    let words = |goal: &Option<Goal>, unit: &str| {
        let goal = goal.as_ref()?;
        let by = goal.by.map(|by| format!(" by {by}"));
        Some(format!("{} {unit}{}", goal.value, by.unwrap_or_default()))
    };
    let values = (
        words(&before.target, &plain(&before.unit)),
        words(&after.target, &plain(&after.unit)),
    );
    let is_looser = match (&before.target, &after.target) {
        (None, None) => return None,
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (Some(was), Some(is)) => {
            #[expect(clippy::float_cmp, reason = "as they are written")]
            if was.value == is.value && was.by == is.by {
                return None;
            }
            let easier = match after.direction {
                Direction::Up => is.value < was.value,
                Direction::Down => is.value > was.value,
            };
            let later = match (was.by, is.by) {
                (Some(was), Some(is)) => is > was,
                (was, is) => was.is_some() && is.is_none(),
            };
            easier || later
        }
    };
    Some(Turn { is_looser, values })
}

fn thresholds(differ: &mut Differ<'_, '_>, before: &Kpi, after: &Kpi) {
    let limits = |kpi: &Kpi| {
        let limits = kpi.thresholds.as_ref();
        let words = |value: f64| format!("{value} {}", plain(&kpi.unit));
        let values = [
            limits.and_then(|limits| limits.warn),
            limits.and_then(|limits| limits.bad),
        ];
        values.map(|value| (value, value.map(words)))
    };
    let names = [("warn", "Warning threshold"), ("bad", "Bad threshold")];
    for (((was, before), (is, after)), (field, title)) in
        limits(before).into_iter().zip(limits(after)).zip(names)
    {
        if was != is {
            let spot = Spot::top("thresholds").field(field);
            differ.value(THRESHOLD, title, &spot, (before, after));
        }
    }
}
