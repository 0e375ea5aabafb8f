//! `personary diff`: two states out of real Git repositories, and how it ends.

use std::path::Path;
use std::process::Command;

use super::fixture::{NORA, Project, Run};

/// The sample, committed.
fn committed() -> Project {
    let project = Project::sample();
    project.commit("Begin");
    project
}

/// Nora is no customer to win any more, which breaks what others rely on.
fn flip(project: &Project) -> &Project {
    project.replace(NORA, "stance: target", "stance: negative")
}

/// A clone of the latest `depth` commits.
fn clone(project: &Project, depth: &str, more: &[&str]) -> Project {
    let clone = Project::empty();
    let from = format!("file://{}", project.root().display());
    let done = Command::new("git")
        .args(["clone", "-q", "--depth", depth])
        .args(more)
        .args([&from, "."])
        .current_dir(clone.root())
        .stderr(std::process::Stdio::null())
        .status();
    assert!(done.expect("git runs").success());
    clone
}

fn within(project: &Project, folder: &str, arguments: &[&str]) -> Run {
    Run::of(
        project
            .command()
            .current_dir(project.path(folder))
            .args(arguments),
    )
}

#[test]
fn nothing_changed_is_said_and_ends_with_0() {
    let project = committed();
    project
        .run(&["diff", "HEAD"])
        .code(0)
        .prints("No changes in meaning");
    // Another form is no change: line endings, and quotes.
    project.write(NORA, project.read(NORA).replace('\n', "\r\n"));
    project.replace(NORA, "stance: target", "stance: 'target'");
    project
        .run(&["diff", "HEAD", "--fail-on", "info"])
        .code(0)
        .prints("No changes in meaning");
}

#[test]
fn the_exit_code_follows_the_level_that_fails() {
    let project = committed();
    flip(&project);
    project
        .run(&["diff", "HEAD"])
        .code(1)
        .prints("[stance-flipped]");
    let project = committed();
    project.replace(
        NORA,
        "goals:\n",
        "goals:\n  - Have it delivered on Saturdays.\n",
    );
    project
        .run(&["diff", "HEAD"])
        .code(0)
        .prints("[claim-added]");
    for (level, code) in [("breaking", 0), ("review", 0), ("info", 1)] {
        project
            .run(&["diff", "HEAD", "--fail-on", level])
            .code(code);
    }
}

#[test]
fn what_is_not_committed_counts_even_where_git_looks_away() {
    let project = committed();
    project
        .persona("uma", "")
        .write(".gitignore", "public\nivy.md\n")
        .persona("ivy", "")
        .git(&["update-index", "--assume-unchanged", NORA]);
    flip(&project);
    project
        .run(&["diff", "HEAD"])
        .code(1)
        .prints("uma")
        .prints("ivy")
        .prints("[stance-flipped]");
}

#[test]
fn revisions_are_named_as_for_git() {
    let project = committed();
    project.git(&["branch", "-M", "main"]).git(&["tag", "v1"]);
    project.git(&["checkout", "-q", "-b", "draft"]);
    flip(&project).commit("Flip");
    project.git(&["checkout", "-q", "main"]);
    project.persona("uma", "").commit("Somebody else");
    for arguments in [
        &["diff", "v1", "draft"][..],
        &["diff", "v1..draft"],
        &["diff", "main...draft"],
        &["diff", "main", "draft", "--merge-base"],
        &["diff", "v1", "draft~0"],
    ] {
        project
            .run(arguments)
            .code(1)
            .prints("[stance-flipped]")
            .never("uma");
    }
    // With two dots what the others did meanwhile is undone.
    project.run(&["diff", "main..draft"]).code(1).prints("uma");
    project.run(&["diff", "draft...main"]).code(0).prints("uma");
    project.git(&["checkout", "-q", "--detach", "draft"]);
    project
        .run(&["diff", "main..."])
        .code(1)
        .prints("[stance-flipped]")
        .never("uma");
    project.run(&["diff", "HEAD~1", "HEAD"]).code(1);
}

#[test]
fn what_cannot_be_meant_ends_with_2() {
    let project = committed();
    for arguments in [
        &["diff"][..],
        &["diff", "--", "--all"],
        &["diff", ".."],
        &["diff", "a..b..c"],
        &["diff", "HEAD..HEAD", "HEAD"],
        &["diff", "HEAD", "HEAD..HEAD"],
        &["diff", "HEAD", "--fail-on", "none"],
        &["diff", "HEAD", "--format", "word"],
        &["diff", "HEAD", "--as-of", "yesterday"],
    ] {
        project.run(arguments).code(2).never("No changes");
    }
    let outside = Project::sample();
    outside
        .run(&["diff", "HEAD"])
        .code(2)
        .says("is in no Git repository")
        .never("No changes");
    let none = Run::of(outside.command().args(["diff", "HEAD"]).env("PATH", ""));
    none.code(2).says("there is no `git` on this machine");
}

#[test]
fn a_side_that_cannot_be_had_ends_with_3() {
    let project = committed();
    project.git(&["branch", "-M", "main"]);
    project
        .run(&["diff", "mian"])
        .code(3)
        .says("there is no revision `mian`")
        .says("did you mean `main`?")
        .never("No changes");
    project
        .run(&["diff", "HEAD:content"])
        .code(3)
        .says("no commit");
    project
        .run(&["diff", "HEAD~3"])
        .code(3)
        .says("does not go back so far");
    project.git(&["checkout", "-q", "--orphan", "alone"]);
    project.commit("Another beginning");
    project
        .run(&["diff", "main...alone"])
        .code(3)
        .says("no common ancestor")
        .never("No changes");
    project
        .write("personary.yaml", "title: [")
        .run(&["diff", "main"])
        .code(3)
        .says("personary.yaml of the working tree cannot be read")
        .never("No changes");
}

#[test]
fn a_shallow_clone_says_which_command_fetches_what_is_missing() {
    let project = committed();
    project.git(&["branch", "-M", "main"]);
    project.git(&["checkout", "-q", "-b", "draft"]);
    flip(&project).commit("Flip");
    let alone = clone(&project, "1", &["--branch", "draft"]);
    for (name, command) in [
        (
            "origin/main",
            "git fetch --depth=1 origin +refs/heads/main:refs/remotes/origin/main",
        ),
        ("HEAD~2", "git fetch --deepen=2 origin"),
        ("3f2a9c1b", "git fetch --unshallow origin"),
        (
            "main",
            "git fetch --depth=1 origin +refs/heads/main:refs/remotes/origin/main",
        ),
    ] {
        let run = alone.run(&["diff", name]).code(3).never("No changes");
        assert!(run.err.contains(command), "{name}: {}", run.err);
    }
    // Done as it says, it works.
    alone.git(&[
        "fetch",
        "-q",
        "--depth=1",
        "origin",
        "+refs/heads/main:refs/remotes/origin/main",
    ]);
    alone
        .run(&["diff", "origin/main"])
        .code(1)
        .prints("[stance-flipped]");
    alone
        .run(&["diff", "main"])
        .code(3)
        .says("but `origin/main`");
    alone
        .run(&["diff", "origin/main..."])
        .code(3)
        .says("git fetch --unshallow origin");
    alone.git(&["fetch", "-q", "--unshallow", "origin"]);
    alone
        .run(&["diff", "origin/main..."])
        .code(1)
        .prints("[stance-flipped]");
}

#[test]
fn a_clone_without_texts_says_how_to_fetch_them() {
    let project = committed();
    project.git(&["config", "uploadpack.allowFilter", "true"]);
    flip(&project).commit("Flip");
    let part = clone(&project, "9", &["--filter=blob:none"]);
    part.run(&["diff", "HEAD~1"])
        .code(3)
        .says("git fetch --refetch --no-filter origin")
        .never("No changes");
    part.git(&["fetch", "-q", "--refetch", "--no-filter", "origin"]);
    part.run(&["diff", "HEAD~1"]).code(1);
}

#[test]
fn a_bare_repository_is_compared_without_a_work_tree() {
    let project = committed();
    flip(&project).commit("Flip");
    let bare = Project::empty();
    bare.git(&[
        "clone",
        "-q",
        "--bare",
        &project.root().display().to_string(),
        "b.git",
    ]);
    for arguments in [
        &["-C", "b.git", "diff", "HEAD~1"][..],
        &["-C", "b.git", "diff", "HEAD~1", "HEAD"],
        &["diff", "--git-dir", "b.git", "HEAD~1..HEAD"],
    ] {
        bare.run(arguments).code(1).prints("[stance-flipped]");
    }
    within(&bare, "b.git", &["diff", "HEAD~1"]).code(1);
    bare.run(&["-C", "b.git", "build", "--at", "HEAD~1", "-o", "../site"])
        .code(0);
    assert!(bare.has("site/personas/nora-lind/index.html"));
}

#[test]
fn a_hook_may_name_the_repository() {
    let project = committed();
    flip(&project);
    let run = |folder: &str, names: &[(&str, &str)]| {
        let mut command = project.command();
        command.current_dir(project.path(folder));
        for (name, value) in names {
            command.env(name, value);
        }
        Run::of(command.args([
            "-C",
            project.root().to_str().expect("UTF-8"),
            "diff",
            "HEAD",
        ]))
    };
    // As in pre-commit, in which Git works on an index of its own.
    run("", &[("GIT_DIR", ".git"), ("GIT_INDEX_FILE", ".git/index")]).code(1);
    run(
        "content",
        &[("GIT_DIR", "../.git"), ("GIT_WORK_TREE", "..")],
    )
    .code(1);
    // The hook of another repository, which this project is not in.
    let other = committed();
    let git_dir = other.path(".git").display().to_string();
    run(
        "",
        &[
            ("GIT_DIR", &git_dir),
            ("GIT_WORK_TREE", &other.root().display().to_string()),
        ],
    )
    .code(1);
}

#[test]
fn a_project_in_a_folder_is_compared_alone() {
    let outer = Project::empty();
    let inner = Project::sample();
    for (path, content) in inner.files("") {
        outer.write(&format!("docs/people/{path}"), content);
    }
    outer.write("content/personas/not-ours.md", "---\nname: Not ours\n---\n");
    outer.commit("Everything at once");
    outer.remove("content/personas/not-ours.md").replace(
        &format!("docs/people/{NORA}"),
        "stance: target",
        "stance: negative",
    );
    for run in [
        outer.run(&["-C", "docs/people", "diff", "HEAD"]),
        within(&outer, "docs/people/content/personas", &["diff", "HEAD"]),
    ] {
        run.code(1).prints("[stance-flipped]").never("ours");
    }
    outer.commit("Flip");
    outer
        .run(&[
            "-C",
            "docs/people",
            "diff",
            "--git-dir",
            ".git",
            "HEAD~1..HEAD",
        ])
        .code(1)
        .prints("[stance-flipped]");
}

#[test]
fn before_the_project_began_there_was_nothing() {
    let project = Project::empty();
    project.write("README.md", "Soon.").commit("Begin");
    let sample = Project::sample();
    for (path, content) in sample.files("") {
        project.write(&path, content);
    }
    project
        .run(&["diff", "HEAD"])
        .code(0)
        .says("There was no project in HEAD yet")
        .prints("[added]");
    project.commit("The project");
    project
        .run(&["diff", "HEAD~1", "HEAD~1"])
        .code(3)
        .says("there is no project in HEAD~1");
}

#[test]
fn files_may_have_any_name() {
    let project = committed();
    let odd = "content/personas/ü \"b\"\n#c.md";
    project
        .write(
            odd,
            super::fixture::persona("u", "goals: [Be found under any name.]\n"),
        )
        .commit("An odd name");
    project.run(&["diff", "HEAD~1"]).code(0).prints("[added]");
    project.replace(
        odd,
        "Be found under any name.",
        "Be found under every name there is.",
    );
    project.run(&["diff", "HEAD"]).code(0).prints("[claim-");
    project.remove(odd);
    project.run(&["diff", "HEAD"]).prints("removed]");
}

#[test]
fn a_side_that_does_not_validate_is_compared_as_far_as_it_can_be_read() {
    let project = committed();
    project
        .replace(NORA, "market: b2c", "market: moon")
        .commit("Wrong");
    flip(&project).replace(NORA, "market: moon", "market: b2c");
    project
        .run(&["diff", "HEAD"])
        .prints(NORA)
        .prints("market")
        .never("No changes");
    project
        .write(NORA, "---\nname: [\n---\n")
        .run(&["diff", "HEAD"])
        .prints(NORA)
        .never("No changes");
}

#[test]
fn findings_that_come_and_go_are_told_and_may_fail() {
    let project = committed();
    let arguments = ["diff", "HEAD", "--as-of", "2026-11-24"];
    project.write(NORA, project.read(NORA) + "\nSee [this](nowhere.md).\n");
    project.run(&arguments).code(0).prints("broken-link");
    for (severity, code) in [("error", 1), ("warn", 1)] {
        let more = ["--new-findings", severity];
        project
            .run(&[&arguments[..], &more].concat())
            .code(code)
            .prints("broken-link");
    }
    project.commit("Break");
    // Lines that move make no finding a new one.
    project.replace(NORA, "---\n\n", "---\n\nMore to say.\n\n");
    project
        .run(&[&arguments[..], &["--new-findings", "warn"]].concat())
        .code(0)
        .never("introduced");
    project.replace(NORA, "See [this](nowhere.md).", "");
    project.run(&arguments).code(0).prints("broken-link");
}

#[test]
fn other_settings_are_read_on_both_sides() {
    let project = committed();
    project.write(
        "personary.yaml",
        project.read("personary.yaml") + "rules: {orphan: error}\n",
    );
    flip(&project)
        .run(&["diff", "HEAD"])
        .code(1)
        .prints("[stance-flipped]")
        .prints("[settings-changed]");
}

#[test]
fn figures_that_return_are_told_where_a_kpi_names_its_file() {
    let project = committed();
    project
        .write("content/kpis/far.md", "---\nname: Far\nkind: nps\nclass: perception\nunit: points\ndirection: up\ncadence: quarterly\nowner: customers\nmeasurements: ../data/far.csv\n---\n")
        .write("content/data/far.csv", "period,value\n2026-Q1,41\n")
        .commit("Measure");
    // The file of the KPI itself is the same, and yet it had figures before.
    project.remove("content/data/far.csv");
    project
        .run(&["diff", "HEAD"])
        .prints("missing-asset")
        .prints("overdue-measurement");
}

#[test]
fn nothing_that_the_repository_says_is_run() {
    let project = committed();
    let ran = project.path("ran");
    let program = format!("touch {}", ran.display());
    project
        .write(".gitattributes", "*.md diff=x filter=x\n")
        .commit("Attributes");
    for key in [
        "diff.external",
        "diff.x.command",
        "diff.x.textconv",
        "filter.x.clean",
        "filter.x.smudge",
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "gpg.program",
    ] {
        project.git(&["config", key, &program]);
    }
    let hook = project.path(".git/hooks/post-index-change");
    project.write(
        ".git/hooks/post-index-change",
        format!("#!/bin/sh\n{program}\n"),
    );
    make_executable(&hook);
    flip(&project);
    project.run(&["diff", "HEAD"]).code(1);
    project.run(&["diff", "HEAD~1", "HEAD"]).code(0);
    project.run(&["build", "--at", "HEAD"]).code(0);
    assert!(!ran.exists());
}

fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let permissions = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(path, permissions).expect("allowed");
}

#[test]
fn the_site_of_a_revision_takes_nothing_from_the_folder() {
    let project = Project::sample();
    project
        .write("personary.yaml", "title: As it was\ntheme: house\n")
        .write("themes/house/theme.css", "/* of then */")
        .write("static/a.txt", "then")
        .commit("Begin");
    project.run(&["build"]).code(0);
    let then = project.files("public");
    project
        .write("personary.yaml", "title: [")
        .write("themes/house/theme.css", "/* of now */")
        .write("static/a.txt", "now")
        .write("static/b.txt", "new")
        .remove(NORA);
    project
        .run(&["build", "--at", "HEAD", "-o", "site"])
        .code(0);
    let built = project.files("site");
    assert_eq!(
        built.keys().collect::<Vec<_>>(),
        then.keys().collect::<Vec<_>>()
    );
    for (path, content) in &then {
        assert!(built[path] == *content, "{path}");
    }
    project
        .run(&["build", "--at", "nowhere"])
        .code(2)
        .says("there is no revision `nowhere`");
}
