//! Which claims of a persona cite what, in one place.
//!
//! A study is cited by hundreds of personas with a claim or two each. Its page would have to look
//! at every claim of them all; this index is a few dozen bytes a persona, side by side.

use xxhash_rust::xxh3::xxh3_64;

use crate::schema::kinds::persona::Persona;

/// The claims of one persona by the ids that they cite.
#[derive(Debug, Default)]
pub struct Citations(Box<[Citation]>);

/// One claim that cites one id.
#[derive(Debug, Clone, Copy)]
struct Citation {
    hash: u32,
    list: u16,
    claim: u16,
}

impl Citations {
    /// Looks at all claims of a persona.
    pub(super) fn of(persona: &Persona) -> Self {
        let mut found = Vec::new();
        for (list, (_, claims)) in (0u16..).zip(&persona.claim_lists()) {
            for (claim, cited) in (0u16..).zip(claims.iter().map(|claim| &claim.evidence)) {
                found.extend(cited.iter().map(|reference| Citation {
                    hash: hash(reference.id()),
                    list,
                    claim,
                }));
            }
        }
        Self(found.into())
    }

    /// The claims that may cite `id`, by their place: which of [`Persona::claim_lists`], and which
    /// claim in it. Now and then there is one that cites another id.
    pub fn candidates(&self, id: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
        let hash = hash(id);
        let found = self.0.iter().filter(move |citation| citation.hash == hash);
        found.map(|citation| (citation.list.into(), citation.claim.into()))
    }
}

fn hash(id: &str) -> u32 {
    (xxh3_64(id.as_bytes()) >> 32) as u32
}
