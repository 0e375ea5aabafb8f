//! In pages of what size the kernel hands out memory.
//!
//! The allocator asks for pages of 2 MB. A build looks at its memory so often that this pays. Others do not, and wait
//! each time while the kernel clears 2 MB of which they need a little: the first saves of a preview took four times as
//! long for it, and a check of 100,000 personas half as long again.

/// Memory in the smallest pages there are, from here to the end of the process. Where a system knows no others,
/// nothing is different.
pub(super) struct SmallPages {
    /// Whether it was so before, because somebody wanted it for all that they start.
    before: bool,
}

impl SmallPages {
    /// Asks for them.
    pub(super) fn ask() -> Self {
        let before = sys::are_small();
        sys::set_small(true);
        Self { before }
    }

    /// Starts a program that gets its memory as if this one had asked for nothing: the wish is passed on to all that a
    /// process starts.
    pub(super) fn not_for<T>(&self, start: impl FnOnce() -> T) -> T {
        sys::set_small(self.before);
        let started = start();
        sys::set_small(true);
        started
    }
}

#[cfg(target_os = "linux")]
mod sys {
    use rustix::thread::{disable_transparent_huge_pages, transparent_huge_pages_are_disabled};

    pub(super) fn are_small() -> bool {
        transparent_huge_pages_are_disabled().unwrap_or(false)
    }

    pub(super) fn set_small(small: bool) {
        // A kernel without them has nothing to switch off.
        let _ = disable_transparent_huge_pages(small);
    }
}

#[cfg(not(target_os = "linux"))]
mod sys {
    pub(super) fn are_small() -> bool {
        false
    }

    pub(super) fn set_small(_: bool) {}
}
