//! Sites put in place: again, after a failure, and where they must not go.

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
        match self.method {
            Some(Method::InPlace) => fs::create_dir_all(self.path("public")).expect("a folder"),
            Some(Method::Exchange | Method::Aside) | None => {}
        }
        stage.method = self.method.unwrap_or(stage.method);
        Ok(stage)
    }

    fn build(&self, site: Site) -> Result<Report, OutputError> {
        let stage = self.stage()?;
        site.par_iter()
            .try_for_each(|(path, text)| stage.write(path, text.as_bytes()))?;
        stage.publish()
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

const SITE: Site = &[
    ("index.html", "home"),
    ("personas/a/index.html", "A"),
    ("personas/b/index.html", "B"),
    ("style.css", ""),
];

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
    let record =
        |project: &Project| fs::read_to_string(project.path("public").join(manifest::NAME));
    assert_eq!(record(&one).expect("there"), record(&other).expect("there"));
    insta::assert_snapshot!(record(&one).expect("there"), @r#"
    {"version":1,"files":{
    "index.html":{"size":4,"hash":"1310333fd17502cbefcd0d6d5b384ea63a3e3e4b979a2e437b458c08e63f14fb"},
    "personas/a/index.html":{"size":1,"hash":"32684bfa28c0c84d6f210511aace0efc5171c7889148ba89208d5aa29705fa98"},
    "personas/b/index.html":{"size":1,"hash":"9f9524ca18c0cc03aef1a0b84faed9375e5d19575e9328e65fea72991f0f58cf"},
    "style.css":{"size":0,"hash":"af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"}
    }}
    "#);
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
        assert_eq!(
            project.build(&SITE[..1]).expect("built"),
            report(0, 1, 3, 0)
        );
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
fn what_others_put_there_stays() {
    Project::each(|project| {
        project.build(SITE).expect("built");
        project.put("public/CNAME", "example.org");
        project.put("public/personas/notes.txt", "mine");
        project.put("public/extra/deep/file", "mine");
        fs::create_dir(project.path("public/empty")).expect("made");
        let site: Site = &[("index.html", "new home"), SITE[1]];
        assert_eq!(project.build(site).expect("built"), report(1, 1, 2, 8));
        let mut files = expected(site);
        for (path, text) in [
            ("CNAME", "example.org"),
            ("personas/notes.txt", "mine"),
            ("extra/", ""),
            ("extra/deep/", ""),
            ("extra/deep/file", "mine"),
            ("empty/", ""),
        ] {
            files.insert(path.to_owned(), text.to_owned());
        }
        assert_eq!(project.site(), files);
        // Not ours, so it does not count; and a site that loses all its files keeps it.
        assert_eq!(project.build(site).expect("built"), report(0, 2, 0, 0));
        project.build(&[]).expect("built");
        assert_eq!(project.site()["extra/deep/file"], "mine");
    });
}

#[test]
fn what_others_put_there_is_not_written_over() {
    let cases: [(&str, &str); 3] = [
        ("robots.txt", "robots.txt"),
        ("robots.txt/index.html", "robots.txt"),
        ("robots.txt", "robots.txt/index.html"),
    ];
    Project::each(|mut project| {
        for (path, foreign) in cases {
            project.root = Project::new().root;
            project.build(SITE).expect("built");
            project.put(&format!("public/{foreign}"), "mine");
            let before = project.site();
            let error = project.build(&[("index.html", "new"), (path, "ours")]);
            let error = error.expect_err("refused");
            assert!(matches!(error, OutputError::Foreign(_)), "{error}");
            assert!(error.to_string().contains("public/robots.txt"), "{error}");
            assert_eq!(project.site(), before);
        }
    });
}

#[cfg(unix)]
#[test]
fn links_and_odd_names_of_others_stay() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    Project::each(|project| {
        project.build(SITE).expect("built");
        let public = project.path("public");
        project.put("elsewhere/kept", "kept");
        symlink(project.path("elsewhere"), public.join("link")).expect("linked");
        symlink("nowhere", public.join("broken")).expect("linked");
        let odd = OsStr::from_bytes(b"odd\xff");
        fs::create_dir(public.join(odd)).expect("made");
        fs::write(public.join(odd).join(odd), "odd").expect("written");
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(public.join(odd), private.clone()).expect("set");
        fs::set_permissions(&public, private.clone()).expect("set");

        project.build(&SITE[..2]).expect("built");
        assert_eq!(fs::read(public.join(odd).join(odd)).expect("there"), b"odd");
        for folder in [&public, &public.join(odd)] {
            let mode = fs::metadata(folder).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
        }
        let target = |name| fs::read_link(public.join(name)).expect("a link");
        assert_eq!(target("link"), project.path("elsewhere"));
        assert_eq!(target("broken"), Path::new("nowhere"));
        assert_eq!(
            fs::read(project.path("elsewhere/kept")).expect("kept"),
            b"kept"
        );
    });
}

#[cfg(unix)]
#[test]
fn nothing_is_deleted_through_a_link() {
    Project::each(|project| {
        project.build(SITE).expect("built");
        let elsewhere = project.path("elsewhere");
        fs::rename(project.path("public/personas"), &elsewhere).expect("moved");
        std::os::unix::fs::symlink(&elsewhere, project.path("public/personas")).expect("linked");
        project.build(&SITE[..1]).expect("built");
        assert_eq!(
            fs::read(elsewhere.join("a/index.html")).expect("kept"),
            b"A"
        );
        let error = project.build(SITE).expect_err("refused");
        assert!(matches!(error, OutputError::Foreign(_)), "{error}");
        assert_eq!(
            fs::read(elsewhere.join("b/index.html")).expect("kept"),
            b"B"
        );
    });
}

#[test]
fn a_failed_build_leaves_the_old_site() {
    Project::each(|project| {
        project.build(SITE).expect("built");
        let before = project.site();
        {
            let stage = project.stage().expect("a stage");
            stage.write("index.html", b"half").expect("written");
        }
        assert_eq!(project.site(), before);
    });
}

#[test]
fn what_killed_builds_left_is_mended() {
    let project = Project::new();
    project.build(SITE).expect("built");
    project.put("public/CNAME", "example.org");
    // Killed while writing, beside and in the output; and the lock file is still there.
    for folder in [".public.personary-0123abcd", "public/.personary-0123abcd"] {
        project.put(&format!("{folder}/{}", tree::MARKER), "");
        project.put(&format!("{folder}/personas/half"), "ha");
    }
    project.put(".public.personary-lock", "");
    // Killed after the exchange, when the old site was being removed; a file came too late.
    fs::create_dir(project.path(".public.personary-4567ef01")).expect("made");
    for path in [manifest::NAME, "index.html", "CNAME"] {
        let from = project.path("public").join(path);
        let to = project.path(".public.personary-4567ef01").join(path);
        fs::hard_link(from, to).expect("linked");
    }
    project.put(".public.personary-4567ef01/late/file", "mine");
    // Not ours, in spite of the name.
    project.put(".public.personary-notes", "mine");

    project.build(SITE).expect("built");
    fs::remove_file(project.path(".public.personary-notes")).expect("still there");
    let mut files = expected(SITE);
    files.insert("CNAME".to_owned(), "example.org".to_owned());
    files.insert("late/".to_owned(), String::new());
    files.insert("late/file".to_owned(), "mine".to_owned());
    assert_eq!(project.site(), files);
}

#[test]
fn killed_between_two_renames() {
    let project = Project::new();
    project.build(SITE).expect("built");
    let aside = project.path(".public.personary-old");
    fs::rename(project.path("public"), &aside).expect("renamed");
    drop(project.stage().expect("a stage"));
    assert_eq!(project.site(), expected(SITE));
    // After both, when the old site was not yet removed.
    fs::create_dir(&aside).expect("made");
    for path in [manifest::NAME, "index.html"] {
        fs::copy(project.path("public").join(path), aside.join(path)).expect("copied");
    }
    drop(project.stage().expect("a stage"));
    assert_eq!(project.site(), expected(SITE));
}

#[test]
fn killed_while_updating_in_place() {
    let mut project = Project::new();
    project.method = Some(Method::InPlace);
    project.build(SITE).expect("built");
    let new: Site = &[
        SITE[0],
        ("personas/a/index.html", "changed"),
        ("new/page", "n"),
    ];
    {
        let mut stage = project.stage().expect("a stage");
        for (path, text) in new {
            stage.write(path, text.as_bytes()).expect("written");
        }
        // A folder of someone else where a page is to come; found too late to refuse.
        project.put("public/new/page/x", "in the way");
        let old = stage.old.as_mut().expect("an old site");
        let known = old.files.remove("style.css").expect("known");
        old.files.insert("new/page/y".into(), known);
        stage.publish().expect_err("a folder in the way");
    }
    fs::remove_dir_all(project.path("public/new")).expect("removed");
    project.build(new).expect("finished");
    let mut files = expected(new);
    // The test has made it somebody else's.
    files.insert("style.css".to_owned(), String::new());
    assert_eq!(project.site(), files);
}

#[test]
fn two_files_on_one_path() {
    Project::each(|project| {
        for _ in 0..2 {
            let stage = project.stage().expect("a stage");
            stage.write("a/b", b"1").expect("written");
            for text in [b"1", b"2"] {
                let error = stage.write("a/b", text).expect_err("refused");
                assert!(matches!(error, OutputError::Duplicate(_)), "{error}");
            }
            stage.publish().expect("published");
        }
        let error = project
            .build(&[("x", "1"), ("x/y", "2")])
            .expect_err("refused");
        assert!(
            matches!(
                error,
                OutputError::Duplicate(_) | OutputError::FileAndFolder(_)
            ),
            "{error}"
        );
        assert_eq!(project.site(), expected(&[("a/b", "1")]));
    });
}

#[test]
fn paths_that_leave_the_site() {
    let project = Project::new();
    let stage = project.stage().expect("a stage");
    for path in [
        "",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/../../x",
        "./a",
        "a/.",
        "a//b",
        "a/",
        "a\0b",
        ".personary-manifest.json",
        ".personary-x/y",
    ] {
        let error = stage.write(path, b"").expect_err(path);
        assert!(
            matches!(error, OutputError::BadPath { .. }),
            "{path}: {error}"
        );
    }
    for path in [
        "a b/ü.html",
        "...",
        ".well-known/x",
        "x/.personary-manifest.json",
    ] {
        stage.write(path, b"").expect(path);
    }
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
            stage.publish()
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
fn folders_that_are_refused() {
    let project = Project::new();
    project.put("notes/a.txt", "mine");
    project.put("file", "mine");
    project.put(
        "broken/.personary-manifest.json",
        r#"{"version":1,"files":{"../x":{"size":1,"hash":null}}}"#,
    );
    project.put(
        "newer/.personary-manifest.json",
        r#"{"version":2,"pages":[]}"#,
    );
    let parent = project.root.path().parent().expect("a parent").to_owned();
    let mut messages = String::new();
    for out in [
        project.path(""),
        parent,
        "/".into(),
        project.path("content"),
        project.path("static"),
        project.path("content/public"),
        project.path("content/../content"),
        project.path(".git/x"),
        project.path("notes"),
        project.path("file"),
        project.path("file/x"),
        project.path("missing/../public"),
        project.path("broken"),
        project.path("newer"),
    ] {
        let error = Stage::open(&out, project.root.path())
            .expect_err("refused")
            .to_string();
        messages += &error.replace(&*project.root.path().to_string_lossy(), "ROOT");
        messages += "\n";
    }
    let folder = project
        .root
        .path()
        .parent()
        .expect("a parent")
        .to_string_lossy()
        .into_owned();
    insta::assert_snapshot!(messages.replace(&format!("`{folder}`"), "`PARENT`"), @"
    the output folder `ROOT/` holds the project itself; choose a folder inside or beside it, such as `public`
    the output folder `PARENT` holds the project itself; choose a folder inside or beside it, such as `public`
    the output folder `/` holds the project itself; choose a folder inside or beside it, such as `public`
    the output folder `ROOT/content` lies in `content`, which holds sources of the project; choose another, such as `public`
    the output folder `ROOT/static` lies in `static`, which holds sources of the project; choose another, such as `public`
    the output folder `ROOT/content/public` lies in `content`, which holds sources of the project; choose another, such as `public`
    the output folder `ROOT/content/../content` lies in `content`, which holds sources of the project; choose another, such as `public`
    the output folder `ROOT/.git/x` lies in `.git`, which holds sources of the project; choose another, such as `public`
    the output folder `ROOT/notes` is not empty and was not built by Personary; choose another, or empty it first
    the output `ROOT/file` is not a folder; choose another or remove it
    cannot use as output folder `ROOT/file/x`: Not a directory (os error 20)
    cannot use as output folder `ROOT/missing/../public`: No such file or directory (os error 2)
    `ROOT/broken/.personary-manifest.json` cannot be used: it names `../x`; if the folder holds nothing but a built site, delete the folder and build again
    `ROOT/newer/.personary-manifest.json` cannot be used: it was written by another version of Personary (2); if the folder holds nothing but a built site, delete the folder and build again
    ");
    project.assert_tidy();
    assert_eq!(
        fs::read(project.path("notes/a.txt")).expect("kept"),
        b"mine"
    );
    assert!(!project.path("missing").exists() && !project.path("static").exists());
}

#[cfg(unix)]
#[test]
fn links_are_followed_before_a_folder_is_judged() {
    use std::os::unix::fs::symlink;
    let project = Project::new();
    project.put("elsewhere/personas/a.md", "mine");
    symlink(project.path("elsewhere"), project.path("themes")).expect("linked");
    symlink(project.path("content"), project.path("public")).expect("linked");
    symlink(project.root.path(), project.path("me")).expect("linked");
    symlink(project.path("nowhere"), project.path("broken")).expect("linked");
    for out in [
        "public",
        "public/x",
        "me",
        "me/content",
        "elsewhere/personas",
        "broken",
    ] {
        Stage::open(&project.path(out), project.root.path()).expect_err(out);
    }
    // One to a good folder is a good folder.
    fs::remove_file(project.path("public")).expect("removed");
    fs::create_dir(project.path("real")).expect("made");
    symlink(project.path("real"), project.path("public")).expect("linked");
    project.build(SITE).expect("built");
    assert_eq!(project.site(), expected(SITE));
    assert!(project.path("public").is_symlink() && project.path("real/index.html").exists());
}

#[test]
fn one_build_at_a_time() {
    let project = Project::new();
    let first = project.stage().expect("a stage");
    let error = project.stage().expect_err("busy");
    assert!(matches!(error, OutputError::Busy { .. }), "{error}");
    // Another output beside it is another matter.
    Stage::open(&project.path("other/site"), project.root.path()).expect("a stage");
    first.write("index.html", b"first").expect("written");
    std::thread::scope(|scope| {
        let second = scope.spawn(|| Stage::open(&project.path("public"), project.root.path()));
        std::thread::sleep(Duration::from_millis(100));
        first.publish().expect("published");
        let second = second.join().expect("no panic").expect("waited");
        second.write("index.html", b"second").expect("written");
        second.publish().expect("published");
    });
    assert_eq!(project.site(), expected(&[("index.html", "second")]));
}

#[test]
fn many_at_once() {
    let project = Project::new();
    let pages: Vec<(String, String)> = (0..1000)
        .map(|n| {
            (
                format!("{}/{}/{n}.html", n % 7, n % 50),
                format!("page {n}"),
            )
        })
        .collect();
    let build = |from: usize| {
        let stage = project.stage().expect("a stage");
        pages[from..]
            .par_iter()
            .try_for_each(|(path, text)| stage.write(path, text.as_bytes()))
            .expect("written");
        stage.publish().expect("published")
    };
    assert_eq!(build(0).written, 1000);
    assert_eq!(build(10), report(0, 990, 10, 0));
    assert_eq!(build(0), report(10, 990, 0, 60));
}

/// Needs a user whom permissions hold back.
#[cfg(unix)]
#[test]
fn a_parent_that_cannot_be_written_to() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    fs::create_dir(project.path("public")).expect("made");
    let mode = |mode| fs::set_permissions(project.root.path(), fs::Permissions::from_mode(mode));
    mode(0o555).expect("set");
    if File::create(project.path("probe")).is_ok() {
        return;
    }
    for site in [SITE, &SITE[..2], SITE] {
        let stage = project.stage().expect("a stage");
        assert_eq!(stage.method, Method::InPlace);
        for (path, text) in site {
            stage.write(path, text.as_bytes()).expect("written");
        }
        stage.publish().expect("published");
        assert_eq!(project.site(), expected(site));
    }
    let error = Stage::open(&project.path("other"), project.root.path()).expect_err("refused");
    assert!(error.to_string().contains("cannot create"), "{error}");
    mode(0o755).expect("set");
}
