//! Who should look at it, for a bot that asks them.
//!
//! A team a line, by id: id, name, contact, breaking changes, changes to look at, changes worth
//! knowing, with a tab between each. Where `CODEOWNERS` is looked at, one more field says whether it
//! asks the team: `yes`, `no`, or `-` where it need not. No line has another tab or a line break in it.

use std::io::{self, Write};

use super::super::Review;
use super::{Options, reach};
use crate::diagnostic::concise::one_line;

pub(super) fn write(out: &mut dyn Write, review: &Review, _: &Options<'_>) -> io::Result<()> {
    for team in reach::by_id(review) {
        let counts = team.counts();
        write!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{}",
            one_line(&team.team),
            one_line(team.called()),
            one_line(team.contact.as_deref().unwrap_or_default()),
            counts.breaking,
            counts.review,
            counts.info
        )?;
        if review.requested.is_some() {
            let asked = match team.is_requested {
                Some(true) => "yes",
                Some(false) => "no",
                None => "-",
            };
            write!(out, "\t{asked}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}
