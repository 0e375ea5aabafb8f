//! Real repositories, made and asked.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::source::{Folder, MAX_FILE_BYTES, Tree};

/// A repository in a temporary folder.
struct Made(TempDir);

impl Made {
    fn new(arguments: &[&str]) -> Self {
        let made = Self(tempfile::tempdir().expect("a folder"));
        made.git(&["init", "-q"]).git(arguments)
    }

    fn git(self, arguments: &[&str]) -> Self {
        if arguments.is_empty() {
            return self;
        }
        let done = Command::new("git")
            .current_dir(self.0.path())
            .args(["-c", "user.name=A", "-c", "user.email=a@example.com"])
            .args([
                "-c",
                "init.defaultBranch=main",
                "-c",
                "commit.gpgSign=false",
            ])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("git runs");
        assert!(done.status.success(), "{arguments:?}: {done:?}");
        self
    }

    fn write(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, content).expect("written");
        self
    }

    fn link(self, path: &str, target: &str) -> Self {
        std::os::unix::fs::symlink(target, self.0.path().join(path)).expect("a link");
        self
    }

    fn commit(self) -> Self {
        self.git(&["add", "-A"]).git(&["commit", "-q", "-m", "x"])
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn repository(&self) -> Repository {
        Repository::find(self.root()).expect("a repository")
    }

    fn at(&self, name: &str) -> Revision {
        self.repository().revision(name).expect("a revision")
    }
}

fn told(tree: &dyn Tree, folder: &str) -> (Vec<String>, Vec<String>) {
    let listing = tree.list(folder);
    let findings = listing.findings.iter();
    let mut findings: Vec<_> = findings
        .map(|f| format!("{}: {}", f.path, f.message))
        .collect();
    findings.sort();
    (
        listing.files.iter().map(ToString::to_string).collect(),
        findings,
    )
}

#[test]
fn a_revision_is_the_folder_that_was_committed() {
    let made = Made::new(&[])
        .write("content/personas/a b\n\"é\".md", "one\r\ntwo")
        .write("content/personas/.hidden/x.md", "hidden")
        .write("content/personas/_draft.md", "")
        .write("content/personas/z.md", vec![0xff, 0, b'\n'])
        .write("content/personas-x/y.md", "sorted after personas/ by bytes")
        .write("static/.well-known/x", "hidden")
        .write("texts/deep/s.md", "shared")
        .link("content/all", "../texts")
        .link("content/one.md", "../texts/deep/s.md")
        .link("content/out.md", "/etc/passwd")
        .link("content/gone.md", "nowhere.md")
        .link("content/personas/up", "..")
        .link("content/circle", "circle");
    let odd = made
        .root()
        .join("content")
        .join(OsStr::from_bytes(b"\xff.md"));
    fs::write(odd, "x").expect("written");
    let made = made.commit();
    let revision = made.at("HEAD");
    let folder = Folder::open(made.root()).expect("a folder");
    for below in ["content", "static", "static/.well-known", "none"] {
        assert_eq!(told(&revision, below), told(&folder, below), "{below}");
    }
    let (files, findings) = told(&revision, "content");
    assert_eq!(
        (files.len(), findings.len()),
        (6, 5),
        "{files:?} {findings:?}"
    );
    for path in files {
        let read = |tree: &dyn Tree| tree.read(&path, MAX_FILE_BYTES).expect("read");
        assert_eq!(read(&revision), read(&folder), "{path}");
        let large = revision.read(&path, 0).map_err(|error| error.kind());
        let kind = folder.read(&path, 0).map_err(|error| error.kind());
        assert_eq!(large, kind, "{path}");
    }
    let none = revision.read("content/none.md", 1).expect_err("absent");
    assert_eq!(none.kind(), io::ErrorKind::NotFound);
    assert!(!revision.exists("content/none.md") && !revision.exists("content"));
    assert!(revision.failure().is_none());
}

#[test]
fn many_files_are_read_by_many_threads_and_more_than_once() {
    use rayon::prelude::*;
    let mut made = Made::new(&[]);
    for n in 0..300 {
        made = made.write(&format!("content/personas/{n:03}.md"), format!("text {n}"));
    }
    let made = made.commit();
    let revision = made.at("HEAD");
    for _ in 0..2 {
        let wrong: Vec<usize> = (0..300usize)
            .into_par_iter()
            .filter(|n| {
                let text = revision.read(&format!("content/personas/{n:03}.md"), 100);
                text.expect("read") != format!("text {n}").into_bytes()
            })
            .collect();
        assert_eq!(wrong, [0usize; 0]);
    }
}

#[test]
fn what_differs_is_told_with_and_without_a_checkout() {
    let made = Made::new(&[])
        .write(".gitattributes", "*.md text eol=lf\n")
        .write("content/a.md", "a\nb\n")
        .write("content/gone.md", "gone")
        .write("content/same.md", "same")
        .write("content/ends.md", "one\ntwo\n")
        .write("static/p.png", vec![0; 9])
        .write("static/q.png", vec![0; 9])
        .commit();
    let base = Arc::new(made.at("HEAD"));
    let made = made
        .write("content/a.md", "a\nc\n")
        .write("content/ends.md", "one\r\ntwo\r\n")
        .write("content/new.md", "new")
        .write("content/ignored.md", "ignored")
        .write(".gitignore", "ignored.md\nq.png\n")
        .write("static/q.png", vec![1; 9])
        .git(&["update-index", "--assume-unchanged", "content/a.md"]);
    fs::remove_file(made.root().join("content/gone.md")).expect("removed");
    let folder = Folder::open(made.root()).expect("a folder");
    let against = Against::new(folder, Arc::clone(&base));
    // Some files have been read before the question, some have not.
    for path in &against.list("content").files {
        drop(against.read(path, MAX_FILE_BYTES));
    }
    let names =
        |paths: Vec<Arc<str>>| -> Vec<String> { paths.iter().map(ToString::to_string).collect() };
    let wanted = [
        "content/a.md",
        "content/gone.md",
        "content/ignored.md",
        "content/new.md",
        "static/q.png",
    ];
    let told = against.differing(&["content", "static"], &["personary.yaml"]);
    assert_eq!(names(told), wanted);
    assert_eq!(
        names(against.differing(&["content"], &[".gitignore", "none"]))[..1],
        [".gitignore".to_owned()]
    );

    let made = made.git(&["update-index", "--no-assume-unchanged", "content/a.md"]);
    let head = made.git(&["add", "-Af", "content"]).commit().at("HEAD");
    let mut committed = vec![".gitignore"];
    committed.extend(wanted);
    assert_eq!(names(differing(&base, &head)), committed);
    assert_eq!(names(differing(&head, &head)), [""; 0]);
}

#[test]
fn names_that_git_cannot_know_are_refused_and_others_explained() {
    let made = Made::new(&[]).write("content/a.md", "a").commit();
    let made = made.git(&["branch", "-M", "main"]).git(&["tag", "v1"]);
    let repository = made.repository();
    for name in ["--all", "-n1", "", "a\nb"] {
        let error = repository.commit(name).expect_err(name);
        assert!(matches!(error, GitError::NoName(_)), "{error}");
        assert!(!error.is_of_a_side());
    }
    for name in ["HEAD:content", "HEAD^{tree}"] {
        let error = repository.commit(name).expect_err(name);
        assert!(matches!(error, GitError::NoCommit(_)), "{error}");
    }
    let error = repository.commit("HEAD~4").expect_err("too far");
    assert!(
        error.to_string().contains("does not go back so far"),
        "{error}"
    );
    let Err(GitError::Unknown { names, .. }) = repository.commit("mian") else {
        panic!("known");
    };
    assert_eq!(names, ["main", "v1"]);
    let orphan = made
        .git(&["checkout", "-q", "--orphan", "other"])
        .write("content/b.md", "b")
        .commit();
    let error = orphan
        .repository()
        .merge_base("main", "other")
        .expect_err("none");
    assert!(error.is_of_a_side() && error.to_string().contains("no common ancestor"));
    let outside = tempfile::tempdir().expect("a folder");
    let error = Repository::find(outside.path()).expect_err("no repository");
    assert!(matches!(error, GitError::NoRepository(_)), "{error}");
}

#[test]
fn a_repository_may_name_its_objects_by_sha256() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Made(folder);
    let init = Command::new("git")
        .current_dir(made.root())
        .args(["init", "-q", "--object-format=sha256"])
        .status();
    if !init.is_ok_and(|status| status.success()) {
        return; // an older Git
    }
    let made = made
        .write("content/a.md", "a")
        .write("content/b.md", "b")
        .commit();
    let base = Arc::new(made.at("HEAD"));
    assert_eq!(base.read("content/a.md", 9).expect("read"), b"a");
    let made = made.write("content/b.md", "c");
    let folder = Folder::open(made.root()).expect("a folder");
    let told = Against::new(folder, base).differing(&["content"], &[]);
    assert_eq!(told, [Arc::from("content/b.md")]);
}

#[test]
fn pointers_and_submodules_are_told_as_what_they_are() {
    let digest = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
    let pointer =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 4\n");
    let made = Made::new(&[])
        .write("content/kpis/n.csv", pointer)
        .write("content/a.md", "a")
        .commit();
    let head = made.repository().head().expect("a commit");
    let module = format!("160000,{head},content/module");
    let made = made
        .git(&["update-index", "--add", "--cacheinfo", &module])
        .git(&["commit", "-q", "-m", "module"]);
    let revision = made.at("HEAD");
    let (_, findings) = told(&revision, "content");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].contains("submodule"), "{findings:?}");
    let error = revision
        .read("content/kpis/n.csv", 99)
        .expect_err("a pointer");
    assert!(error.to_string().contains("Git LFS"), "{error}");
    let stored = format!(".git/lfs/objects/4d/7a/{digest}");
    let made = made.write(&stored, "p,v\n");
    let text = made.at("HEAD").read("content/kpis/n.csv", 99);
    assert_eq!(text.expect("read"), b"p,v\n");
}
