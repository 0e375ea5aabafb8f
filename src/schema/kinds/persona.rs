//! A persona: a customer told as one person, or one whom not to serve (a negative persona).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::claim::{Claim, Grade};
use super::common::Phase;
use super::evidence::Evidence;
use super::kpi::Kpi;
use super::segment::Segment;
use crate::schema::Ref;

/// A customer told as one person; with `stance: negative`, one whom not to serve.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(extend("allOf" = [
    {"if": {"properties": {"market": {"const": "b2b"}}, "required": ["market"]}, "then": {"required": ["b2b"]}},
    {"if": {"properties": {"market": {"const": "b2c"}}, "required": ["market"]}, "then": {"required": ["b2c"]}},
    {"if": {"properties": {"stance": {"const": "negative"}}, "required": ["stance"]}, "then": {"required": ["negative"]}}
], "x-required" = ["status", "owner", "summary"]))]
pub struct Persona {
    /// Whether this person buys for a business (b2b) or for themselves (b2c). Decides which of the
    /// two blocks is needed.
    pub market: Market,
    /// Whether to win this person (target) or to leave them to others (negative).
    pub stance: Stance,
    /// What it rests on: a workshop's guess (proto), interviews (qualitative), or interviews and
    /// numbers (statistical).
    pub basis: Basis,
    /// A sentence they really said.
    pub quote: Option<Quote>,
    /// A picture: a path relative to this file, or `/portraits/x.png` for `static/portraits/x.png`.
    /// Without one, a pattern is drawn that stays with the id.
    #[schemars(extend("x-asset" = true))]
    pub portrait: Option<String>,
    /// The parts of the market this person belongs to.
    #[serde(default)]
    pub segments: Vec<Ref<Segment>>,
    /// The phases of the customer lifecycle in which this persona matters.
    #[serde(default)]
    pub lifecycle: Vec<Phase>,
    /// Age, place, education, income: background only. A persona that consists of them tells
    /// nobody what to do.
    pub demographics: Option<Demographics>,
    /// How much of a trait this person has, from 1 to 5, such as `tech_confidence: 4`. Use the same
    /// traits for all personas so that they can be compared.
    #[serde(default)]
    #[schemars(extend("additionalProperties" = {"type": "integer", "minimum": 1, "maximum": 5}))]
    pub traits: BTreeMap<String, u8>,
    /// What they say, think, do and feel.
    pub empathy: Option<Empathy>,
    /// What they want to reach.
    #[serde(default)]
    pub goals: Vec<Claim>,
    /// What they need to get there.
    #[serde(default)]
    pub needs: Vec<Claim>,
    /// Why they want it.
    #[serde(default)]
    pub motivations: Vec<Claim>,
    /// What stands in their way.
    #[serde(default)]
    pub pains: Vec<Claim>,
    /// What they take for granted from a supplier.
    #[serde(default)]
    pub expectations: Vec<Claim>,
    /// What they like better than its alternatives.
    #[serde(default)]
    pub preferences: Vec<Claim>,
    /// What they do, observed.
    #[serde(default)]
    pub behaviours: Vec<Claim>,
    /// What worries them.
    #[serde(default)]
    pub concerns: Vec<Claim>,
    /// The jobs they hire a product for.
    #[serde(default)]
    pub jobs: Vec<Claim>,
    /// What we could do for them.
    #[serde(default)]
    pub opportunities: Vec<Claim>,
    /// Where to reach them.
    pub channels: Option<Channels>,
    /// Research about this persona as a whole.
    #[serde(default)]
    pub evidence: Vec<Ref<Evidence>>,
    /// The measures that tell how we serve them.
    #[serde(default)]
    pub kpis: Vec<Ref<Kpi>>,
    /// What only a business buyer has. Needed when `market` is b2b.
    pub b2b: Option<B2b>,
    /// What only a consumer has. Needed when `market` is b2c.
    pub b2c: Option<B2c>,
    /// Why not to serve them, and what to do instead. Needed when `stance` is negative.
    pub negative: Option<Negative>,
}

/// The fields that are lists of claims, in the order of the definition.
pub const CLAIM_LISTS: [&str; 10] = [
    "goals",
    "needs",
    "motivations",
    "pains",
    "expectations",
    "preferences",
    "behaviours",
    "concerns",
    "jobs",
    "opportunities",
];

impl Persona {
    /// Every list of claims under the name of its field, in the order of the definition.
    pub fn claim_lists(&self) -> [(&'static str, &[Claim]); CLAIM_LISTS.len()] {
        let lists: [&[Claim]; CLAIM_LISTS.len()] = [
            &self.goals,
            &self.needs,
            &self.motivations,
            &self.pains,
            &self.expectations,
            &self.preferences,
            &self.behaviours,
            &self.concerns,
            &self.jobs,
            &self.opportunities,
        ];
        std::array::from_fn(|at| (CLAIM_LISTS[at], lists[at]))
    }
}

words! {
    /// Whom this person buys for.
    Market { B2b "b2b", B2c "b2c" }
    /// Whether to win this person.
    Stance { Target "target", Negative "negative" }
    /// What a persona rests on.
    Basis { Proto "proto", Qualitative "qualitative", Statistical "statistical" }
    /// How a business buyer influences a decision.
    DecisionRole { Strategic "strategic", Tactical "tactical", Resourceful "resourceful" }
    /// The part somebody plays in a buying group.
    BuyingRole {
        Initiator "initiator", Influencer "influencer", Decider "decider", Buyer "buyer",
        User "user", Gatekeeper "gatekeeper"
    }
}

/// A sentence a customer said.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Quote {
    /// The sentence, without quotation marks.
    #[schemars(extend("minLength" = 1))]
    pub text: String,
    /// The study in which it was said.
    pub evidence: Option<Ref<Evidence>>,
    /// Who said it, without a name: "Facility manager, 3 sites".
    pub attribution: Option<String>,
}

/// Background facts.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Demographics {
    /// A range of years, such as 35-45.
    pub age_range: Option<String>,
    /// Where they live or work.
    pub location: Option<String>,
    /// Schooling and training.
    pub education: Option<String>,
    /// A range, with its currency.
    pub income: Option<String>,
}

/// The empathy map.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Empathy {
    /// What they say to others.
    pub says: Vec<String>,
    /// What they think and do not say.
    pub thinks: Vec<String>,
    /// What one sees them do.
    pub does: Vec<String>,
    /// What they feel.
    pub feels: Vec<String>,
}

/// Where to reach a persona.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Channels {
    /// The channels they like, best first.
    #[serde(default)]
    pub preferred: Vec<String>,
    /// How much of the contact is online, in percent.
    #[schemars(range(min = 0, max = 100))]
    pub online_share: Option<u8>,
}

/// What only a business buyer has.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct B2b {
    /// Their job title.
    pub designation: String,
    /// The department they work in.
    pub department: String,
    /// How they influence a decision: they set direction (strategic), run projects (tactical), or
    /// know how to get things done (resourceful).
    pub role: DecisionRole,
    /// Schooling and training.
    pub education: Option<String>,
    /// What their own boss measures them by. Not our KPIs.
    #[serde(default)]
    pub job_kpis: Vec<String>,
    /// How they buy.
    pub buying: Option<Buying>,
}

/// How a business buyer buys.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Buying {
    /// What makes them start to look.
    pub trigger: Option<String>,
    /// What they expect to be better afterwards.
    #[serde(default)]
    pub success_factors: Vec<String>,
    /// What makes them hesitate.
    #[serde(default)]
    pub barriers: Vec<String>,
    /// What they compare offers by.
    #[serde(default)]
    pub criteria: Vec<String>,
    /// Their part in the buying group.
    pub role: Option<BuyingRole>,
}

/// What only a consumer has.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct B2c {
    /// What they like to do.
    #[serde(default)]
    pub interests: Vec<String>,
    /// What they feel when they buy.
    #[serde(default)]
    pub emotions: Vec<String>,
    /// How much they buy on impulse.
    pub impulse: Option<Grade>,
    /// What worries them before they buy.
    #[serde(default)]
    pub concerns: Vec<String>,
}

/// Why not to serve somebody.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Negative {
    /// Why we do not serve them.
    #[schemars(extend("minLength" = 1))]
    pub reason: String,
    /// What it costs when we do.
    #[schemars(extend("minLength" = 1))]
    pub drain: String,
    /// How to recognise them.
    #[serde(default)]
    pub signals: Vec<String>,
    /// What to say and where to send them.
    pub handling: Option<String>,
}
