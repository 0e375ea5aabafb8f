//! The account page: a buying group as its roles, those that nobody fills among them.

use minijinja::Value;

use super::super::Site;
use super::super::fields::view;
use super::super::refs::At;
use super::{Fields, value_word};
use crate::schema::kinds::account::Account;
use crate::schema::kinds::persona::BuyingRole;
use crate::schema::{Data, Kind};

/// The roles in the order in which a purchase meets them.
const ROLES: [BuyingRole; 6] = [
    BuyingRole::Initiator,
    BuyingRole::Influencer,
    BuyingRole::Gatekeeper,
    BuyingRole::Decider,
    BuyingRole::Buyer,
    BuyingRole::User,
];
/// What somebody decides by, at most.
const MAX_CRITERIA: usize = 3;

pub(super) fn extend(site: &Site<'_>, at: At<'_>, data: &Account, out: &mut Fields) {
    let roles = ROLES.iter().map(|role| {
        let members = data
            .members
            .iter()
            .filter(|member| member.buying_role == *role);
        let members = members.map(|member| {
            let reference = site.reference_to(member.persona.as_str(), &[Kind::Persona], at.root);
            let found = site.library.find(Kind::Persona, member.persona.id());
            let b2b = match found.map(|found| &found.entity.data) {
                Some(Some(Data::Persona(persona))) => persona.b2b.as_ref(),
                _ => None,
            };
            let criteria = b2b.and_then(|b2b| b2b.buying.as_ref());
            let criteria = criteria.into_iter().flat_map(|buying| &buying.criteria);
            view([
                ("persona", reference),
                ("job", Value::from(b2b.map(|b2b| b2b.designation.as_str()))),
                (
                    "department",
                    Value::from(b2b.map(|b2b| b2b.department.as_str())),
                ),
                (
                    "criteria",
                    criteria.take(MAX_CRITERIA).map(Value::from).collect(),
                ),
            ])
        });
        view([
            ("name", value_word(site, "buying_role", role.as_str())),
            ("key", Value::from(role.as_str())),
            ("members", Value::from(members.collect::<Vec<_>>())),
        ])
    });
    out.push(("roles", roles.collect()));
}
