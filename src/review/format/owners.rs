//! Who should look at it, for a bot that asks them.
//!
//! A team a line, by id: id, name, contact, breaking changes, changes to look at, changes worth
//! knowing, with a tab between each. No line has another tab or a line break in it.

use std::io::{self, Write};

use super::super::Review;
use super::{Options, reach};
use crate::diagnostic::concise::one_line;

pub(super) fn write(out: &mut dyn Write, review: &Review, options: &Options<'_>) -> io::Result<()> {
    for team in reach::concerned(review, options) {
        let counts = team.counts;
        writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{}",
            one_line(team.id),
            one_line(team.name()),
            one_line(team.contact()),
            counts.breaking,
            counts.review,
            counts.info
        )?;
    }
    Ok(())
}
