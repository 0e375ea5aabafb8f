//! What answers while the library is still being read.

use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::http::{App, Get, Reply};
use super::watch::Watcher;
use super::{Applied, Base, Kept, OWN, Options, Preview, Rendered, own};

/// A preview from its first moment on. Until its library is read it answers with pages that were
/// kept, and other requests wait.
pub struct Start {
    kept: Arc<Kept>,
    /// `None` in it if the project could not be read.
    preview: OnceLock<Option<Arc<Preview>>>,
}

impl Start {
    /// Has nothing but the pages that were kept.
    pub fn new(kept: Kept) -> Self {
        Self {
            kept: Arc::new(kept),
            preview: OnceLock::new(),
        }
    }

    /// Reads the project, as [`Preview::open`] does, and leaves the answers to it.
    pub fn open(
        &self,
        root: &Path,
        options: Options,
        base: Option<Base>,
        applied: impl FnMut(&Preview, &Applied) + Send + 'static,
    ) -> io::Result<(Arc<Preview>, Watcher)> {
        // Whoever waits is not left waiting, whatever happens.
        let failed = Failed(self);
        let opened = Preview::open(root, options, base, Arc::clone(&self.kept), applied)?;
        let (preview, _) = &opened;
        self.preview.get_or_init(|| Some(Arc::clone(preview)));
        drop(failed);
        Ok(opened)
    }

    /// The page at an address, if it is kept.
    pub(super) fn kept_page(&self, path: &str) -> Option<Reply> {
        let page = self.kept.page(path)?;
        self.kept.note(path);
        Some(Rendered::kept(path, page).reply())
    }
}

/// Tells those who wait that there will be no preview, unless there is one.
struct Failed<'s>(&'s Start);

impl Drop for Failed<'_> {
    fn drop(&mut self) {
        self.0.preview.get_or_init(|| None);
    }
}

impl App for Start {
    fn respond(&self, request: &Get) -> Reply {
        if self.preview.get().is_none() {
            if let Some(reply) = request.path.strip_prefix(OWN).and_then(own) {
                return reply;
            }
            if let Some(reply) = self.kept_page(&request.path) {
                return reply;
            }
        }
        match self.preview.wait() {
            Some(preview) => preview.respond(request),
            None => Reply::text(
                503,
                "The project could not be read; the terminal says why.\n",
            ),
        }
    }
}
