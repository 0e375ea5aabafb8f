//! An account in two states: who decides together, and in which part.

use super::spot::{Differ, Spot, name};
use crate::review::fields::FIELD;
use crate::review::pair::{Notes, Pair};
use crate::schema::kinds::account::Member;
use crate::schema::kinds::persona::Persona;
use crate::schema::{Data, Kind};

/// The fields whose changes are noted here.
pub(super) const FIELDS: &[&str] = &["members"];

/// Notes what is different. The order of members means nothing; somebody with two parts is two
/// members.
pub(super) fn changes<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    let Some((Data::Account(before), Data::Account(after))) = pair.data() else {
        return;
    };
    let persona = || std::iter::once(Kind::Persona).collect();
    let ids = |members: &[Member], of: &dyn Fn(&str) -> String| -> Vec<(String, &'static str)> {
        let members = members.iter();
        members
            .map(|m| (of(m.persona.as_str()), m.buying_role.as_str()))
            .collect()
    };
    let old = ids(&before.members, &|text| {
        pair.reference_before(persona(), text)
    });
    let new = ids(&after.members, &|text| {
        pair.reference_after(persona(), text)
    });
    let mut left: Vec<usize> = (0..old.len()).filter(|&i| !new.contains(&old[i])).collect();
    let mut differ = Differ { pair, notes };
    for (j, (id, role)) in new.iter().enumerate() {
        if old.contains(&new[j]) {
            continue;
        }
        let who = name::<Persona>(pair.new, id);
        let same = left.iter().position(|&i| old[i].0 == *id);
        let spot = Spot::top("members");
        if let Some(i) = same.map(|at| left.remove(at)) {
            let values = (Some(old[i].1.to_owned()), Some((*role).to_owned()));
            let spot = spot.item(i, j).field("buying_role");
            differ.value(FIELD, &format!("Part of {who}"), &spot, values);
        } else {
            let values = (None, Some(format!("{who}, {role}")));
            differ.value(FIELD, &format!("Member {who}"), &spot.item(j, j), values);
        }
    }
    for i in left {
        let who = name::<Persona>(pair.old, before.members[i].persona.as_str());
        let values = (Some(format!("{who}, {}", old[i].1)), None);
        let spot = Spot::top("members").item(i, i);
        differ.value(FIELD, &format!("Member {who}"), &spot, values);
    }
}
