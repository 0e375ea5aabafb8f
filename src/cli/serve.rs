//! `personary serve`.

use std::io::Write;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use etcetera::BaseStrategy;
use personary::check::abouts;
use personary::diagnostic::{Summary, concise};
use personary::preview::http::{Server, StopHandle};
use personary::preview::watch::Watcher;
use personary::preview::{Applied, Kept, Preview, Start};
use personary::site::Options;

use super::base::Against;
use super::memory::SmallPages;
use super::output::say;
use super::today::AsOf;
use super::{Outcome, Project};

/// Findings that are listed in the terminal; the browser shows more.
const LISTED: usize = 5;

/// Shows the site and follows every save.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The port; when it is busy the next one is taken, 0 takes any
    #[arg(long, default_value_t = 4400)]
    port: u16,
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Open the site in the browser
    #[arg(long)]
    open: bool,
    /// Show drafts too
    #[arg(long)]
    drafts: bool,
    /// Neither keep the pages looked at last for the next start, nor show those of the last one
    #[arg(long)]
    no_cache: bool,
    #[command(flatten)]
    as_of: AsOf,
    #[command(flatten)]
    against: Against,
}

impl Arguments {
    pub(super) fn run(self, project: &Project) -> Result<Outcome> {
        let pages = SmallPages::ask();
        let root = project.root()?;
        let options = Options {
            drafts: self.drafts,
            today: self.as_of.today()?,
            rules: abouts(),
            ..Options::default()
        };
        let base = self.against.load(project)?;
        // The port is taken first, so that a request made meanwhile waits instead of failing.
        let server = Server::bind(&self.host, self.port)
            .with_context(|| format!("cannot listen on {}:{}", self.host, self.port))?;
        let start = Start::new(match cache() {
            // Pages with marks show two states.
            Some(cache) if base.is_none() && !self.no_cache => Kept::open(&root, &options, &cache),
            _ => Kept::nothing(),
        });
        let opened = std::thread::scope(|scope| {
            let opening = scope.spawn(|| {
                let unless_it_fails = Stop(server.stop_handle());
                let (preview, watcher) = start
                    .open(&root, options, base, report)
                    .with_context(|| format!("cannot read and follow {}", root.display()))?;
                self.introduce(&server, &preview, &watcher, &pages)?;
                std::mem::forget(unless_it_fails);
                anyhow::Ok((preview, watcher))
            });
            server.run(&start);
            opening.join()
        });
        let (preview, watcher) = opened.unwrap_or_else(|panic| resume_unwind(panic))?;
        // What cannot be kept is made again.
        let _ = preview.keep();
        // As in `check`: the process ends here.
        std::mem::forget((preview, watcher));
        Ok(Outcome::Clean)
    }

    /// Says where the site is, and what is wrong with it, and has Ctrl-C end the server.
    fn introduce(
        &self,
        server: &Server,
        preview: &Arc<Preview>,
        watcher: &Watcher,
        pages: &SmallPages,
    ) -> Result<()> {
        let address = server.address();
        let url = format!("http://{address}/");
        let (title, summary) = preview.status();
        let mut out = anstream::stdout();
        writeln!(out, "\x1b[1m{title}\x1b[0m\n  \x1b[36m{url}\x1b[0m")?;
        writeln!(out, "  {}. Ctrl-C ends.", in_words(&summary))?;
        list_errors(preview);
        if self.port != 0 && address.port() != self.port {
            say(&format!(
                "Port {} is busy, so this is on {}",
                self.port,
                address.port()
            ));
        }
        if let Some(reason) = watcher.polling() {
            say_polling(&reason);
        }
        let stop = server.stop_handle();
        let closing = Arc::clone(preview);
        ctrlc::set_handler(move || {
            closing.close();
            stop.stop();
        })
        .context("cannot wait for Ctrl-C")?;
        if self.open && pages.not_for(|| open::that_detached(&url)).is_err() {
            say("The browser could not be opened");
        }
        Ok(())
    }
}

/// Stops the server when it goes.
struct Stop(StopHandle);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Where programs of this user keep what can be made again.
fn cache() -> Option<PathBuf> {
    let folders = etcetera::choose_base_strategy().ok()?;
    Some(folders.cache_dir().join("personary"))
}

fn say_polling(reason: &str) {
    say(&format!(
        "The system does not report changes ({reason}); the files are looked at every second"
    ));
}

fn in_words(summary: &Summary) -> String {
    let count = |n: usize, one: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {one}s")),
    };
    let found: Vec<String> = [
        count(summary.errors, "error"),
        count(summary.warnings, "warning"),
        count(summary.infos, "note"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let found = if found.is_empty() {
        "no findings".to_owned()
    } else {
        found.join(", ")
    };
    format!("{} files, {found}", summary.files)
}

fn report(preview: &Preview, applied: &Applied) {
    let what = match applied.paths.as_slice() {
        [] => "everything".to_owned(),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    };
    let took = applied.took.as_secs_f64() * 1000.0;
    say(&format!(
        "{what}: {took:.0} ms, {}",
        in_words(&applied.summary)
    ));
    if let Some(reason) = &applied.polling {
        say_polling(reason);
    }
    list_errors(preview);
}

fn list_errors(preview: &Preview) {
    let errors = preview.errors();
    let mut text = Vec::new();
    let shown = &errors[..errors.len().min(LISTED)];
    if !shown.is_empty() && concise::write_lines(&mut text, shown).is_ok() {
        say(String::from_utf8_lossy(&text).trim_end());
    }
}
