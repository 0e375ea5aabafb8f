//! Pull requests on the sample library, and what the program says of them: `docs/pull-requests/`.
//!
//! Each file of `tests/cli/pulls/` is one: a title, what is done and why, and the edits. The pages
//! are made from what the command prints: `BLESS=1 cargo test documented` writes them.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

use super::fixture::{Project, own, own_text};

/// Where the pull requests are.
const PULLS: &str = "tests/cli/pulls";
/// Where the pages are.
const DOCUMENTS: &str = "docs/pull-requests";
/// The day on which the pull requests are looked at.
const TODAY: &str = "2026-12-08";

/// A pull request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pull {
    title: String,
    about: String,
    #[serde(default)]
    edits: BTreeMap<String, Vec<Edit>>,
    #[serde(default)]
    added: BTreeMap<String, String>,
    #[serde(default)]
    removed: Vec<String>,
}

/// What is done to a file.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Edit {
    /// Wherever the text stands.
    Replace {
        replace: String,
        with: String,
    },
    /// All from a text on, up to another one, goes.
    Cut {
        cut: String,
        up_to: String,
    },
    Append {
        append: String,
    },
}

/// The pull requests, by the names of their files.
fn pulls() -> Vec<(String, Pull)> {
    let mut names: Vec<String> = fs::read_dir(own(PULLS))
        .expect("listed")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into())
        .collect();
    names.sort();
    let read = |name: String| {
        let text = own_text(&format!("{PULLS}/{name}.yaml"));
        let pull = serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{name}.yaml: {e}"));
        (name, pull)
    };
    names.into_iter().map(read).collect()
}

impl Pull {
    /// Makes its edits.
    fn apply(&self, name: &str, project: &Project) {
        for (path, edits) in &self.edits {
            let stale = |what: &str| -> ! {
                panic!(
                    "{name}.yaml does not apply any more: {path} has no {what:?}. \
                     Write there what stands in the sample now."
                )
            };
            assert!(
                project.has(path),
                "{name}.yaml does not apply any more: the sample has no {path}"
            );
            let mut text = project.read(path);
            for edit in edits {
                text = match edit {
                    Edit::Replace { replace, with } if text.contains(replace) => {
                        text.replace(replace, with)
                    }
                    Edit::Replace { replace, .. } => stale(replace),
                    Edit::Cut { cut, up_to } => {
                        let from = text.find(cut).unwrap_or_else(|| stale(cut));
                        let rest = text[from..].find(up_to);
                        let to = from + rest.unwrap_or_else(|| stale(up_to));
                        format!("{}{}", &text[..from], &text[to..])
                    }
                    Edit::Append { append } => format!("{text}{append}"),
                };
            }
            project.write(path, text);
        }
        for (path, text) in &self.added {
            assert!(!project.has(path), "{name}.yaml: the sample has {path} now");
            project.write(path, text);
        }
        for path in &self.removed {
            assert!(
                project.has(path),
                "{name}.yaml does not apply any more: the sample has no {path}"
            );
            project.remove(path);
        }
    }

    /// The page about it.
    fn page(&self, name: &str) -> String {
        let project = Project::repository();
        project.commit("Begin").git(&["checkout", "-q", "-b", name]);
        self.apply(name, &project);
        project.commit(&self.title);
        let diff = |format: &str| -> String {
            let range = format!("main...{name}");
            let run = project.run(&["diff", &range, "--format", format, "--as-of", TODAY]);
            assert!(matches!(run.code, Some(0 | 1)), "{run:#?}");
            run.out
        };
        let patch = std::process::Command::new("git")
            .args(["diff", "--no-renames", "main", name])
            .current_dir(project.root())
            .output()
            .expect("git runs");
        let patch = String::from_utf8(patch.stdout).expect("UTF-8");
        format!(
            "# {}\n\n*Made from `tests/cli/pulls/{name}.yaml` by `BLESS=1 cargo test documented`; do not edit. \
             All pull requests: [Reading a review](../review.md#five-pull-requests).*\n\n\
             {}\n\n## The comment\n\n{}\n## In a terminal\n\n\
             ```text\n$ personary diff main...{name}\n{}```\n\n\
             ## What Git says\n\n<details>\n<summary>The same change, line by line</summary>\n\n\
             ~~~~diff\n{patch}~~~~\n\n</details>\n",
            self.title,
            self.about.trim(),
            diff("markdown"),
            diff("text"),
        )
    }
}

#[test]
fn pull_requests_are_documented() {
    let mut stale = Vec::new();
    let review = own_text("docs/review.md");
    for (name, pull) in pulls() {
        let page = pull.page(&name);
        let path = format!("{DOCUMENTS}/{name}.md");
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(own(DOCUMENTS)).expect("made");
            fs::write(own(&path), &page).expect("written");
        }
        if fs::read_to_string(own(&path)).unwrap_or_default() != page {
            stale.push(path);
        }
        let link = format!("(pull-requests/{name}.md)");
        assert!(review.contains(&link), "docs/review.md has no {link}");
    }
    assert!(
        stale.is_empty(),
        "{stale:?} say what the program does not say any more: BLESS=1 cargo test documented"
    );
}
