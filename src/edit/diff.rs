//! A change as a patch, as `git diff` writes it and `git apply` reads it.

use std::fmt::Write;

use similar::TextDiff;

use super::Changed;

/// The patch of some files, in their order.
pub fn diff(changes: &[Changed]) -> String {
    let mut out = String::new();
    for change in changes {
        let from = &change.path;
        let to = change.to.as_ref().unwrap_or(from);
        // Writing to a string does not fail.
        let _ = writeln!(out, "diff --git a/{from} b/{to}");
        if from != to {
            let _ = writeln!(out, "rename from {from}\nrename to {to}");
        }
        if change.before != change.after {
            let lines = TextDiff::from_lines(&*change.before, &*change.after);
            let mut patch = lines.unified_diff();
            let patch = patch
                .header(&format!("a/{from}"), &format!("b/{to}"))
                .to_string();
            out.push_str(&patch);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_that_git_reads() {
        let changed = |path: &str, to: Option<&str>, before: &str, after: &str| Changed {
            path: path.into(),
            to: to.map(Into::into),
            before: before.to_owned(),
            after: after.to_owned(),
            places: 1,
        };
        let patch = diff(&[
            changed("a.md", None, "1\n2\n3", "1\ntwo\n3"),
            changed("b.md", Some("c.md"), "x\n", "x\n"),
        ]);
        insta::assert_snapshot!(patch, @r"
        diff --git a/a.md b/a.md
        --- a/a.md
        +++ b/a.md
        @@ -1,3 +1,3 @@
         1
        -2
        +two
         3
        \ No newline at end of file
        diff --git a/b.md b/c.md
        rename from b.md
        rename to c.md
        ");
    }
}
