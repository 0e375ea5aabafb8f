//! Sites put in place, once and again.

mod foreign;
mod recovery;
mod refusal;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;
use tempfile::TempDir;

use super::*;

/// A project with `content/` and its output folder `public/`.
struct Project {
    root: TempDir,
    method: Option<Method>,
}

type Site<'a> = &'a [(&'a str, &'a str)];

const SITE: Site = &[
    ("index.html", "home"),
    ("personas/a/index.html", "A"),
    ("personas/b/index.html", "B"),
    ("style.css", ""),
];

impl Project {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        fs::create_dir(root.path().join("content")).expect("a folder");
        Self { root, method: None }
    }

    /// The same with every way of taking the old site's place.
    fn each(test: impl Fn(Self)) {
        for method in [Method::Exchange, Method::Aside, Method::InPlace] {
            let mut project = Self::new();
            project.method = Some(method);
            test(project);
        }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn stage(&self) -> Result<Stage, OutputError> {
        let wait = Duration::from_millis(100);
        let mut stage = Stage::open_within(&self.path("public"), self.root.path(), wait)?;
        if self.method == Some(Method::InPlace) {
            fs::create_dir_all(self.path("public")).expect("a folder");
        }
        stage.method = self.method.unwrap_or(stage.method);
        Ok(stage)
    }

    fn build(&self, site: Site) -> Result<Report, OutputError> {
        let stage = self.stage()?;
        site.par_iter()
            .try_for_each(|(path, text)| stage.write(path, text.as_bytes()))?;
        stage.publish(None)
    }

    /// The files in the output with their texts; the record is checked and left out.
    fn site(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        collect(&self.path("public"), "", &mut files);
        assert!(files.remove(manifest::NAME).is_some(), "a record");
        self.assert_tidy();
        files
    }

    fn assert_tidy(&self) {
        let names = |folder: &Path| {
            let entries = fs::read_dir(folder).into_iter().flatten();
            let names = entries.map(|entry| entry.expect("an entry").file_name());
            names.filter(|name| name.to_string_lossy().contains("personary-"))
        };
        assert_eq!(names(self.root.path()).count(), 0);
        assert!(names(&self.path("public")).all(|name| name == manifest::NAME));
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().expect("a type").is_dir() {
            files.insert(format!("{name}/"), String::new());
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            let text = fs::read_to_string(entry.path()).unwrap_or_default();
            files.insert(name, text);
        }
    }
}

/// What `Project::site` gives for `site`.
fn expected(site: Site) -> BTreeMap<String, String> {
    let mut files: BTreeMap<_, _> = site
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    for folder in tree::ancestors(site.iter().map(|(path, _)| *path)) {
        files.insert(format!("{folder}/"), String::new());
    }
    files
}

fn report(written: usize, unchanged: usize, removed: usize, bytes: u64) -> Report {
    Report {
        written,
        unchanged,
        removed,
        bytes,
    }
}

/// As if the file had been touched after the build.
fn touch(path: &Path) {
    let later = SystemTime::now() + Duration::from_secs(5);
    let file = File::options().write(true).open(path).expect("a file");
    file.set_modified(later).expect("a time");
}

#[test]
fn a_first_build_and_the_same_again() {
    Project::each(|project| {
        assert_eq!(project.build(SITE).expect("built"), report(4, 0, 0, 6));
        assert_eq!(project.site(), expected(SITE));
        let record = project.path("public").join(manifest::NAME);
        let before = fs::metadata(&record).expect("there");
        assert_eq!(project.build(SITE).expect("built"), report(0, 4, 0, 0));
        assert_eq!(project.site(), expected(SITE));
        let after = fs::metadata(&record).expect("there");
        assert!(before.modified().ok() == after.modified().ok() && sys::same_file(&before, &after));
    });
}

#[test]
fn the_record_is_the_same_for_the_same_site() {
    let (one, other) = (Project::new(), Project::new());
    one.build(SITE).expect("built");
    other.build(&[("old.html", "x"), SITE[0]]).expect("built");
    other.build(SITE).expect("built");
    let record = |project: &Project| {
        let path = project.path("public").join(manifest::NAME);
        fs::read_to_string(path).expect("there")
    };
    assert_eq!(record(&one), record(&other));
    insta::assert_snapshot!(record(&one), @r#"
    {"version":2,"files":{
    "index.html":{"size":4,"hash":"a31aa7a9c2f303d1fee9e63fce526ec2"},
    "personas/a/index.html":{"size":1,"hash":"9b0498cbe3839becd0d496e05c553485"},
    "personas/b/index.html":{"size":1,"hash":"9d1b9bc4078a3e7274d3766ca02423f3"},
    "style.css":{"size":0,"hash":"99aa06d3014798d86001c324468d497f"}
    }}
    "#);
}

#[test]
fn a_record_with_hashes_of_before_still_says_what_is_ours() {
    let project = Project::new();
    project.build(SITE).expect("built");
    let path = project.path("public").join(manifest::NAME);
    let record = fs::read_to_string(&path).expect("there");
    let hash = "1310333fd17502cbefcd0d6d5b384ea63a3e3e4b979a2e437b458c08e63f14fb";
    let before = record.replace("\"version\":2", "\"version\":1");
    let before = before
        .lines()
        .map(|line| match line.split_once("\"hash\":\"") {
            Some((start, rest)) => format!("{start}\"hash\":\"{hash}{}\n", &rest[32..]),
            None => format!("{line}\n"),
        });
    fs::write(&path, before.collect::<String>()).expect("written");
    let report = project.build(&SITE[..1]).expect("built");
    assert_eq!((report.written, report.removed), (1, SITE.len() - 1));
    assert_eq!(
        fs::read_to_string(&path).expect("there").lines().next(),
        record.lines().next()
    );
}

#[test]
fn only_what_changed_is_written() {
    Project::each(|project| {
        project.build(SITE).expect("built");
        let status = |path: &str| fs::metadata(project.path("public").join(path)).expect("there");
        let before = status("personas/a/index.html");
        let site: Site = &[
            SITE[0],
            SITE[1],
            ("personas/b/index.html", "changed"),
            ("new", "n"),
        ];
        assert_eq!(project.build(site).expect("built"), report(2, 2, 1, 8));
        assert_eq!(project.site(), expected(site));
        let after = status("personas/a/index.html");
        assert!(sys::same_file(&before, &after) && before.modified().ok() == after.modified().ok());
    });
}

#[test]
fn a_removed_page_takes_its_folder_along() {
    Project::each(|project| {
        project.build(SITE).expect("built");
        let report_now = project.build(&SITE[..1]).expect("built");
        assert_eq!(report_now, report(0, 1, 3, 0));
        assert_eq!(project.site(), expected(&SITE[..1]));
    });
}

#[test]
fn a_file_becomes_a_folder_and_back() {
    Project::each(|project| {
        for site in [&[("a", "file")], &[("a/b", "below")], &[("a", "file")]] {
            project.build(site).expect("built");
            assert_eq!(project.site(), expected(site));
        }
    });
}

#[test]
fn what_was_touched_in_the_output_is_written_again() {
    Project::each(|project| {
        project.build(SITE).expect("built");
        project.put("public/index.html", "hack");
        touch(&project.path("public/index.html"));
        fs::remove_file(project.path("public/style.css")).expect("removed");
        assert_eq!(project.build(SITE).expect("built"), report(2, 2, 0, 4));
        assert_eq!(project.site(), expected(SITE));
    });
}

#[test]
fn files_are_copied() {
    Project::each(|project| {
        let large = "0123456789abcdef".repeat(100_000);
        project.put("static/small", "small");
        project.put("static/large", &large);
        let build = || {
            let stage = project.stage()?;
            stage.copy("img/small", &project.path("static/small"))?;
            stage.copy("img/large", &project.path("static/large"))?;
            stage.publish(None)
        };
        assert_eq!(build().expect("built"), report(2, 0, 0, 1_600_005));
        assert_eq!(build().expect("built"), report(0, 2, 0, 0));
        let other = large.replace('f', "g");
        project.put("static/large", &other);
        assert_eq!(build().expect("built"), report(1, 1, 0, 1_600_000));
        assert_eq!(project.site()["img/large"], other);
        fs::remove_file(project.path("static/small")).expect("removed");
        let error = build().expect_err("missing");
        assert!(error.to_string().contains("static/small"), "{error}");
        assert_eq!(project.site()["img/small"], "small");
    });
}

#[test]
fn many_at_once() {
    let project = Project::new();
    let pages: Vec<(String, String)> = (0..1000)
        .map(|n| {
            let path = format!("{}/{}/{n}.html", n % 7, n % 50);
            (path, format!("page {n}"))
        })
        .collect();
    let build = |from: usize| {
        let stage = project.stage().expect("a stage");
        pages[from..]
            .par_iter()
            .try_for_each(|(path, text)| stage.write(path, text.as_bytes()))
            .expect("written");
        stage.publish(None).expect("published")
    };
    assert_eq!(build(0).written, 1000);
    assert_eq!(build(10), report(0, 990, 10, 0));
    assert_eq!(build(0), report(10, 990, 0, 60));
}
