//! What makes a finding of today the one of yesterday.
//!
//! In: findings. Out: a short text for each that stays the same while the file around it is
//! edited, for systems that compare two runs.

use std::collections::HashMap;

use super::Diagnostic;

/// Raised when fingerprints are made of something else: all findings are then new ones.
const VERSION: u8 = 1;
/// Hexadecimal digits of a fingerprint: 128 bits, so that no two findings meet by chance.
const DIGITS: usize = 32;

impl Diagnostic {
    /// The fingerprint of the finding: 32 hexadecimal digits of BLAKE3 over its rule, its entity
    /// (its path, where it has none), its pointer and its message.
    ///
    /// Lines and columns, the severity, the label and the help are left out, so it survives
    /// moved lines, changed settings and, for an entity, a file that is moved. Two findings that
    /// say the same of the same value have the same one; [`Fingerprints`] tells them apart.
    pub fn fingerprint(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&[VERSION]);
        let owner = match &self.entity {
            Some(entity) => ["entity", entity],
            None => ["path", &self.path],
        };
        let pointer = match &self.pointer {
            Some(pointer) => ["pointer", pointer],
            None => ["", ""],
        };
        let fields = [[self.code, &self.message], owner, pointer];
        for field in fields.as_flattened() {
            // With its length before it, no field can be taken for the end of the one before.
            hasher.update(&(field.len() as u64).to_le_bytes());
            hasher.update(field.as_bytes());
        }
        digits(&hasher.finalize())
    }
}

/// Makes the fingerprints of one report, each of which occurs once in it.
///
/// The first finding of a kind keeps its own fingerprint; the second, the third and so on get one
/// that is made of it and of their number. Ask in the order of [`Diagnostic::order`], and a
/// repetition that is mended takes none but the last fingerprint away.
#[derive(Debug, Default)]
pub struct Fingerprints {
    seen: HashMap<String, u64>,
}

impl Fingerprints {
    /// The fingerprint of `finding` in this report.
    pub fn of(&mut self, finding: &Diagnostic) -> String {
        let own = finding.fingerprint();
        let Some(before) = self.seen.get_mut(&own) else {
            self.seen.insert(own.clone(), 1);
            return own;
        };
        *before += 1;
        let mut hasher = blake3::Hasher::new();
        hasher.update(own.as_bytes());
        hasher.update(&before.to_le_bytes());
        digits(&hasher.finalize())
    }
}

fn digits(hash: &blake3::Hash) -> String {
    hash.to_hex()[..DIGITS].to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::{Place, Position, Severity};
    use super::*;

    fn finding() -> Diagnostic {
        let mut finding = Diagnostic::new("unknown-ref", Severity::Error, "a.md", "no team `x`")
            .pointer("/owner");
        finding.entity = Some("persona:a".to_owned());
        finding
    }

    /// Whoever changes this makes every finding in every baseline and every CI system a new one.
    #[test]
    fn it_is_the_same_in_every_version() {
        insta::assert_snapshot!(finding().fingerprint(), @"b1142f58f7f1ee6fd7362a2140496f08");
    }

    #[test]
    fn it_survives_what_does_not_change_the_finding() {
        let place = Place {
            start: Position { line: 9, column: 2 },
            ..Place::default()
        };
        let mut moved = finding().at(place).help("write `y`").label("here");
        moved.severity = Severity::Info;
        moved.path = "moved/b.md".into();
        assert_eq!(moved.fingerprint(), finding().fingerprint());
    }

    #[test]
    fn it_differs_with_everything_that_makes_the_finding() {
        let changes: [fn(&mut Diagnostic); 8] = [
            |_| {},
            |f| f.code = "broken-link",
            |f| f.message.push('x'),
            |f| f.entity = Some("persona:b".to_owned()),
            |f| f.entity = None,
            |f| (f.entity, f.path) = (None, "persona:a".into()),
            |f| f.pointer = None,
            |f| f.pointer = Some(String::new()),
        ];
        let different: HashSet<String> = changes
            .iter()
            .map(|change| {
                let mut finding = finding();
                change(&mut finding);
                finding.fingerprint()
            })
            .collect();
        assert_eq!(different.len(), changes.len());
        // No text can slip from one field into the next.
        let split = |code, message| Diagnostic::new(code, Severity::Error, "a.md", message);
        assert_ne!(
            split("ab", "c").fingerprint(),
            split("a", "bc").fingerprint()
        );
    }

    #[test]
    fn a_report_has_each_once_and_the_next_report_the_same() {
        let report = |repeated: usize| {
            let mut fingerprints = Fingerprints::default();
            (0..repeated)
                .map(|_| fingerprints.of(&finding()))
                .collect::<Vec<_>>()
        };
        let three = report(3);
        assert_eq!(three[0], finding().fingerprint());
        assert_eq!(three.iter().collect::<HashSet<_>>().len(), 3);
        assert_eq!(report(2), three[..2]);
    }
}
