//! The gate between saves and requests.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::lock;

/// Lets nobody see an old page after a save was noticed.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<(Mutex<Tide>, Condvar)>);

/// Events count up `noticed`; what was applied counts up `applied` behind it.
#[derive(Debug, Default)]
struct Tide {
    noticed: u64,
    applied: u64,
}

impl Gate {
    /// Waits until every change noticed before this call is applied, at most for `limit`;
    /// `false` when the time is over. Returns at once when there is none.
    pub fn wait(&self, limit: Duration) -> bool {
        let (tide, applied) = &*self.0;
        let tide = lock(tide);
        let target = tide.noticed;
        let wait = applied.wait_timeout_while(tide, limit, |tide| tide.applied < target);
        wait.is_ok_and(|(_, result)| !result.timed_out())
    }

    /// Whether a change is noticed and not yet applied.
    pub fn is_pending(&self) -> bool {
        let tide = lock(&self.0.0);
        tide.applied < tide.noticed
    }

    pub(super) fn notice(&self) -> u64 {
        let mut tide = lock(&self.0.0);
        tide.noticed += 1;
        tide.noticed
    }

    pub(super) fn apply(&self, until: u64) {
        lock(&self.0.0).applied = until;
        self.0.1.notify_all();
    }
}
