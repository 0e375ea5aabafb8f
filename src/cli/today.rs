//! What day it is: the only place that asks the clock.

use anyhow::{Context, Result};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// The variable by which builds are made repeatable (reproducible-builds.org).
const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// The day for which the library is judged and shown.
#[derive(Debug, Default, clap::Args)]
pub(super) struct AsOf {
    #[arg(
        long,
        value_name = "DATE",
        help = "The day for which ages and deadlines are counted, such as 2026-11-24 [default: the \
                day of SOURCE_DATE_EPOCH if that is set, else today]"
    )]
    as_of: Option<Date>,
}

impl AsOf {
    /// The day that was asked for, that of `SOURCE_DATE_EPOCH` in UTC, or today.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the place that may ask the clock"
    )]
    pub(super) fn today(&self) -> Result<Date> {
        if let Some(day) = self.as_of {
            return Ok(day);
        }
        match std::env::var_os(EPOCH) {
            None => Ok(Zoned::now().date()),
            Some(text) if text.is_empty() => Ok(Zoned::now().date()),
            Some(text) => {
                let text = text.to_string_lossy();
                let seconds: Option<i64> = text.trim().parse().ok();
                let moment = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
                let moment = moment.with_context(|| {
                    format!(
                        "{EPOCH} is `{text}`, which is no number of seconds since 1970\n\
                         help: write something like 1795478400, or use --as-of 2026-11-24"
                    )
                })?;
                Ok(moment.to_zoned(TimeZone::UTC).date())
            }
        }
    }
}
