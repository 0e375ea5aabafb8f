//! Which stages and steps of a journey are which in the other state.

use foldhash::HashMap;

use crate::review::matching::{Matching, word_set};
use crate::schema::content::plain;
use crate::schema::kinds::journey::{Journey, Stage, Step};

/// A step with the place of its stage and its own.
pub(super) type Placed<'j> = (usize, usize, &'j Step);

/// The steps of a journey, in order.
pub(super) fn steps(journey: &Journey) -> Vec<Placed<'_>> {
    let stages = journey.stages.iter().enumerate();
    stages
        .flat_map(|(s, stage)| {
            let steps = stage.steps.iter().enumerate();
            steps.map(move |(index, step)| (s, index, step))
        })
        .collect()
}

/// How many of the words of two stages, or of two steps of one stage, must be the same for one to be
/// the other, reworded.
const ALIKE: f64 = 0.5;
/// The same when nothing else of the stage came or went: it stands in the place of the other.
const ALONE: f64 = 0.3;
/// The same for steps of two stages.
const ELSEWHERE: f64 = 0.7;

/// Which stages are the same: by id, by name, or by the words of the stage and its steps. The pairs
/// are sorted by the place in the state after.
pub(super) fn stage_pairs(old: &[Stage], new: &[Stage]) -> Vec<(usize, usize)> {
    let mut matching = Matching::new(old.len(), new.len());
    matching.by(|i| Some(&*old[i].id), |j| Some(&*new[j].id));
    let name = |stage: &Stage| Some(plain(&stage.name));
    matching.by(|i| name(&old[i]), |j| name(&new[j]));
    let alone = matching.went.len() == 1 && matching.came.len() == 1;
    let words = |stage: &Stage| {
        let mut text = stage.name.clone();
        for step in &stage.steps {
            text.push(' ');
            text.push_str(&step.action);
        }
        word_set(&text)
    };
    let least = if alone { ALONE } else { ALIKE };
    matching.alike(
        |i| words(&old[i]),
        |j| words(&new[j]),
        |_, _, share| share >= least,
    );
    sorted(matching)
}

/// Which steps are the same: by id, by what is done, in the same stage first, or by the words of the
/// action, the thought and the claims. `stage` says which stage of the state after one was.
pub(super) fn step_pairs(
    old: &[Placed<'_>],
    new: &[Placed<'_>],
    stage: impl Fn(usize) -> Option<usize>,
) -> Vec<(usize, usize)> {
    let mut matching = Matching::new(old.len(), new.len());
    matching.by(|i| old[i].2.id.as_deref(), |j| new[j].2.id.as_deref());
    let action = |step: &Step| plain(&step.action);
    matching.by(
        |i| Some((stage(old[i].0)?, action(old[i].2))),
        |j| Some((new[j].0, action(new[j].2))),
    );
    matching.by(|i| Some(action(old[i].2)), |j| Some(action(new[j].2)));
    let words = |step: &Step| {
        let claims = step.pains.iter().chain(&step.opportunities);
        let texts = claims.map(|claim| claim.text.as_str());
        let texts = texts.chain(step.thought.as_deref());
        let text: Vec<&str> = texts.chain([step.action.as_str()]).collect();
        word_set(&text.join(" "))
    };
    let mut left: HashMap<usize, (usize, usize)> = HashMap::default();
    for of in matching.went.iter().filter_map(|&i| stage(old[i].0)) {
        left.entry(of).or_default().0 += 1;
    }
    for &j in &matching.came {
        left.entry(new[j].0).or_default().1 += 1;
    }
    matching.alike(
        |i| words(old[i].2),
        |j| words(new[j].2),
        |i, j, share| {
            let least = if stage(old[i].0) != Some(new[j].0) {
                ELSEWHERE
            } else if left.get(&new[j].0) == Some(&(1, 1)) {
                ALONE
            } else {
                ALIKE
            };
            share >= least
        },
    );
    sorted(matching)
}

fn sorted(matching: Matching) -> Vec<(usize, usize)> {
    let mut pairs = matching.pairs;
    pairs.sort_unstable_by_key(|pair| pair.1);
    pairs
}
