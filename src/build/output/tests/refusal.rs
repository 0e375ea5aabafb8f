//! Folders and paths that are refused.

use super::*;

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
            stage.publish(None).expect("published");
        }
        let error = project.build(&[("x", "1"), ("x/y", "2")]);
        let error = error.expect_err("refused");
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
fn a_kept_file_and_a_new_folder() {
    let project = Project::new();
    project.build(&[("a", "1")]).expect("built");
    let error = project.build(&[("a", "1"), ("a/b", "2")]);
    let error = error.expect_err("refused");
    assert!(matches!(error, OutputError::FileAndFolder(_)), "{error}");
    assert_eq!(project.site(), expected(&[("a", "1")]));
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
fn folders_that_are_refused() {
    let project = Project::new();
    project.put("notes/a.txt", "mine");
    project.put("file", "mine");
    let outside = r#"{"version":1,"files":{"../x":{"size":1,"hash":null}}}"#;
    project.put("broken/.personary-manifest.json", outside);
    let newer = r#"{"version":3,"pages":[]}"#;
    project.put("newer/.personary-manifest.json", newer);
    let parent = project.root.path().parent().expect("a parent").to_owned();
    let mut outs = vec![parent.clone(), PathBuf::from("/")];
    outs.extend(
        [
            "",
            "content",
            "static",
            "content/public",
            "content/../content",
            ".git/x",
            "notes",
            "file",
            "file/x",
            "missing/../public",
            "broken",
            "newer",
        ]
        .map(|path| project.path(path)),
    );
    let mut messages = String::new();
    for out in outs {
        let error = Stage::open(&out, project.root.path()).expect_err("refused");
        let message = error
            .to_string()
            .replace(&*project.root.path().to_string_lossy(), "ROOT")
            .replace(&format!("`{}`", parent.display()), "`PARENT`");
        messages += &message;
        messages += "\n";
    }
    insta::assert_snapshot!(messages, @"
    the output folder `PARENT` holds the project itself; choose a folder inside or beside it, such as `public`
    the output folder `/` holds the project itself; choose a folder inside or beside it, such as `public`
    the output folder `ROOT/` holds the project itself; choose a folder inside or beside it, such as `public`
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
    `ROOT/newer/.personary-manifest.json` cannot be used: it was written by another version of Personary (3); if the folder holds nothing but a built site, delete the folder and build again
    ");
    project.assert_tidy();
    let kept = fs::read(project.path("notes/a.txt")).expect("there");
    assert_eq!(kept, b"mine");
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
        "elsewhere/new",
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
    assert!(project.path("public").is_symlink());
    assert!(project.path("real/index.html").exists());
}
