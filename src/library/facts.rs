//! What follows from an entity and those it names: how well a persona is founded.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Entity, Library};
use crate::schema::kinds::evidence::{Evidence, Method, Population};
use crate::schema::kinds::persona::Persona;
use crate::schema::{Data, Kind};

/// How many claims a persona has, and how many rest on evidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coverage {
    /// All claims.
    pub claims: usize,
    /// Those that cite research.
    pub cited: usize,
}

impl Coverage {
    /// Counts the claims of a persona. The share of cited ones is its evidence coverage.
    pub fn of(persona: &Persona) -> Self {
        let lists = persona.claim_lists();
        let claims = lists.iter().flat_map(|(_, claims)| *claims);
        claims.fold(Self::default(), |sum, claim| Self {
            claims: sum.claims + 1,
            cited: sum.cited + usize::from(!claim.is_assumption()),
        })
    }

    /// The share in percent, rounded down: 100 means all.
    pub fn percent(self) -> usize {
        (self.cited * 100).checked_div(self.claims).unwrap_or(0)
    }

    /// The claims that cite nothing.
    pub fn assumptions(self) -> usize {
        self.claims - self.cited
    }
}

/// The research that an entity cites anywhere in its front matter, each piece once.
#[derive(Debug, Default)]
pub struct Grounds<'a> {
    cited: Vec<(&'a Entity, &'a Evidence)>,
}

impl<'a> Grounds<'a> {
    /// Collects what `entity` cites: as a whole, in its claims, in its steps and quotes.
    pub fn of(library: &'a Library, entity: &Entity) -> Self {
        let mut cited: Vec<(&Entity, &Evidence)> = Vec::new();
        let references = entity.references.iter();
        for reference in references.filter(|r| r.candidates().any(|k| k == Kind::Evidence)) {
            let Some(found) = library.resolve(reference) else {
                continue;
            };
            let known = cited.iter().any(|(e, _)| std::ptr::eq(*e, found.entity));
            if let Some(Data::Evidence(evidence)) = &found.entity.data
                && !known
            {
                cited.push((found.entity, evidence));
            }
        }
        Self { cited }
    }

    /// The pieces of research that somebody went out for; what was only assumed is none.
    pub fn research(&self) -> impl Iterator<Item = (&'a Entity, &'a Evidence)> + '_ {
        let pieces = self.cited.iter().copied();
        pieces.filter(|(_, evidence)| evidence.method != Method::Assumption)
    }

    /// Whether anything is cited that is more than an assumption.
    pub fn has_research(&self) -> bool {
        self.research().next().is_some()
    }

    /// Whether research of one of these methods is cited.
    pub fn has_method(&self, methods: &[Method]) -> bool {
        self.research().any(|(_, e)| methods.contains(&e.method))
    }

    /// The last day of the newest research, and which it is.
    pub fn newest(&self) -> Option<(Date, &'a Entity)> {
        let days = self.research().map(|(entity, e)| (e.collected.to, entity));
        days.max_by(|(a, x), (b, y)| a.cmp(b).then_with(|| y.id.cmp(&x.id)))
    }

    /// How many interviews there were in all.
    pub fn interviews(&self) -> u64 {
        let interviews = self
            .research()
            .filter(|(_, e)| e.method == Method::Interview);
        interviews.map(|(_, evidence)| evidence.n).sum()
    }

    /// How many pieces of research there are of each population, by population.
    pub fn by_population(&self) -> Vec<(Population, usize)> {
        counted(self.cited.iter().map(|(_, evidence)| evidence.population))
    }

    /// How many pieces of research there are of each method, by method.
    pub fn by_method(&self) -> Vec<(Method, usize)> {
        counted(self.cited.iter().map(|(_, evidence)| evidence.method))
    }
}

/// How often each value is there, in the order of the values.
fn counted<T: Ord>(values: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().collect()
}
