//! A library of any size, made up, to see how a library of that size behaves.
//!
//! For N personas there are N/4 journeys, N/20 KPIs with two years of measurements, N/10 pieces of
//! evidence, N/100 segments and N/200 teams, all of them linked. Each file follows from N, its kind
//! and its number alone, so none has to be kept while the next is made.

mod chance;
mod kinds;
mod words;

use jiff::civil::Date;

use self::chance::Chance;
use super::File;
use super::sample::GITIGNORE;
use crate::library::SETTINGS_FILE;
use crate::schema::Kind;

/// Every 17th persona is one not to be served.
const NEGATIVE: u32 = 17;

/// The kinds there are, with how many personas come to one of them and how many there are at least.
const SHARES: [(Kind, u32, u32); 6] = [
    (Kind::Persona, 1, 1),
    (Kind::Journey, 4, 1),
    (Kind::Kpi, 20, 3),
    (Kind::Evidence, 10, 3),
    (Kind::Segment, 100, 6),
    (Kind::Team, 200, 6),
];

/// The files of a library of so many personas, the same for the same number and day. It checks
/// without errors on that day; warnings there are, as in any library of that size.
pub fn generated(personas: u32, today: Date) -> impl Iterator<Item = File> + Clone {
    let size = Size(personas);
    let settings = format!("title: Library of {personas} personas\n");
    let first = [(SETTINGS_FILE, settings), (".gitignore", GITIGNORE.into())];
    let first = first.map(|(path, text)| File {
        path: path.to_owned(),
        text,
    });
    let content = SHARES.into_iter().flat_map(move |(kind, ..)| {
        (0..size.of(kind)).flat_map(move |number| {
            let seed = [personas.into(), kind as u64, number.into()];
            let chance = Chance::new(&seed);
            kinds::files(kinds::Maker::new(size, today, chance), kind, number)
        })
    });
    first.into_iter().chain(content)
}

/// How large a library is: its number of personas.
#[derive(Debug, Clone, Copy)]
struct Size(u32);

impl Size {
    /// How many there are of a kind.
    fn of(self, kind: Kind) -> u32 {
        let share = SHARES.iter().find(|(of, ..)| *of == kind);
        share.map_or(0, |(_, share, least)| (self.0 / share).max(*least))
    }

    /// How many personas are to be served.
    fn targets(self) -> u32 {
        self.0 - self.0 / NEGATIVE
    }
}

/// The number of the persona that is the `nth` of those to be served.
fn target(nth: u32) -> u32 {
    nth / (NEGATIVE - 1) * NEGATIVE + nth % (NEGATIVE - 1)
}

/// The id of the entity of a kind that has this number.
fn id(kind: Kind, number: u32) -> String {
    format!("{kind}-{number:05}")
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::sync::Arc;

    use super::*;
    use crate::check;
    use crate::diagnostic::Severity;
    use crate::library::Library;
    use crate::source::Memory;

    const TODAY: Date = jiff::civil::date(2026, 11, 24);

    #[test]
    fn it_checks_without_errors_at_any_size_on_any_day() {
        for (personas, today) in [
            (1, TODAY),
            (2, TODAY),
            (16, TODAY),
            (17, TODAY),
            (18, jiff::civil::date(2024, 2, 29)),
            (160, jiff::civil::date(2031, 3, 31)),
        ] {
            let mut files = 0;
            let tree = generated(personas, today).fold(Memory::default(), |tree, file| {
                files += 1;
                tree.with(&file.path, file.text)
            });
            let library = Library::load(Arc::new(tree));
            let findings = check::all(&library, today);
            let errors: Vec<_> = findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .collect();
            assert!(errors.is_empty(), "{personas}: {errors:#?}");
            for (kind, ..) in SHARES {
                let found = library.of_kind(kind).count();
                assert_eq!(found, Size(personas).of(kind) as usize, "{kind}");
            }
            let kpis = Size(personas).of(Kind::Kpi) as usize;
            assert_eq!(files, library.file_count() + kpis + 2);
        }
    }

    #[test]
    fn the_same_number_gives_the_same_bytes_and_another_gives_others() {
        let made = |personas| {
            generated(personas, TODAY)
                .map(|file| (file.path, file.text))
                .collect::<Vec<_>>()
        };
        assert_eq!(made(40), made(40));
        let (small, large) = (made(40), made(41));
        let (small, large) = (&small[2..42], &large[2..42]);
        let alike = small.iter().zip(large).filter(|(a, b)| a == b).count();
        assert_eq!(alike, 0);
    }

    // What is measured is worth nothing when it changes unseen: see `benches/instructions.txt`.
    #[test]
    fn its_files_look_like_this() {
        let wanted = ["personas/persona-00000", "personas/persona-00016"];
        let wanted = wanted.into_iter().chain([
            "journeys/journey-00000",
            "kpis/kpi-00000.md",
            "evidence/evidence-00000",
            "segments/segment-00000",
            "teams/team-00000",
        ]);
        let files: Vec<_> = generated(20, TODAY).collect();
        let mut shown = String::new();
        for name in wanted {
            let path = format!("content/{name}");
            let file = files.iter().find(|file| file.path.starts_with(&path));
            let file = file.expect(name);
            let _ = writeln!(shown, "==== {}\n{}", file.path, file.text);
        }
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn targets_are_those_that_are_not_negative() {
        let personas = 40;
        let counted: Vec<_> = (0..Size(personas).targets()).map(target).collect();
        let others: Vec<_> = (0..personas)
            .filter(|number| number % NEGATIVE != NEGATIVE - 1)
            .collect();
        assert_eq!(counted, others);
    }
}
