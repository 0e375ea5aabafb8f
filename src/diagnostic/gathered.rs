//! Findings as they are gathered.

use super::Diagnostic;

/// How many findings are kept where they are gathered together: more than anybody reads of one file
/// before mending the first.
pub const MOST: usize = 1_000;

/// Findings of one sort, or about one file. A file of some megabytes can have a mistake in every second
/// word; of so many only the first are made, and the last says that there are more.
#[derive(Debug, Default)]
pub struct Gathered {
    all: Vec<Diagnostic>,
    is_cut: bool,
}

impl Gathered {
    /// Keeps what `make` makes of a mistake. Without room for it nothing is made.
    pub fn add(&mut self, make: impl FnOnce() -> Diagnostic) {
        let _ = self.keep(make);
    }

    /// The same; gives back what was kept, for more to be said.
    pub fn keep(&mut self, make: impl FnOnce() -> Diagnostic) -> Option<&mut Diagnostic> {
        if self.all.len() < MOST {
            self.all.push(make());
            return self.all.last_mut();
        }
        self.is_cut = true;
        None
    }

    /// Keeps a finding.
    pub fn push(&mut self, finding: Diagnostic) {
        self.add(|| finding);
    }

    /// The findings that were kept; if there were more, the last says so.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        if self.is_cut
            && let Some(last) = self.all.last()
        {
            let path = last.path.clone();
            let message = "there are more findings like this one than are shown";
            let mut more = Diagnostic::new(last.code, last.severity, path, message)
                .help("mend these first, then check again");
            more.place.clone_from(&last.place);
            self.all.push(more);
        }
        self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;

    #[test]
    fn of_a_million_mistakes_the_first_are_made_and_the_last_says_that_there_are_more() {
        let mut findings = Gathered::default();
        let mut made = 0;
        for n in 0..1_000_000 {
            findings.add(|| {
                made += 1;
                Diagnostic::new("schema", Severity::Warn, "a.md", n.to_string())
            });
        }
        assert_eq!(made, MOST);
        let all = findings.finish();
        assert_eq!(all.len(), MOST + 1);
        assert_eq!(all[MOST - 1].message, (MOST - 1).to_string());
        assert!(all[MOST].message.contains("more"));
        assert_eq!(
            (all[MOST].code, all[MOST].severity),
            ("schema", Severity::Warn)
        );
    }

    #[test]
    fn as_many_as_there_is_room_for_are_all() {
        let mut findings = Gathered::default();
        for n in 0..MOST {
            findings.push(Diagnostic::new(
                "schema",
                Severity::Error,
                "a.md",
                n.to_string(),
            ));
        }
        assert_eq!(findings.finish().len(), MOST);
    }
}
