//! Builds that fail, are killed, meet another or cannot rename the output.

use super::*;

#[test]
fn a_failed_build_leaves_the_old_site() {
    Project::each(|project| {
        project.build(SITE).expect("built");
        let before = project.site();
        let stage = project.stage().expect("a stage");
        stage.write("index.html", b"half").expect("written");
        drop(stage);
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
    let old = project.path(".public.personary-4567ef01");
    fs::create_dir(&old).expect("made");
    for path in [manifest::NAME, "index.html", "CNAME"] {
        fs::hard_link(project.path("public").join(path), old.join(path)).expect("linked");
    }
    project.put(".public.personary-4567ef01/late/file", "mine");
    // Not ours, in spite of the name.
    project.put(".public.personary-notes", "mine");

    project.build(SITE).expect("built");
    fs::remove_file(project.path(".public.personary-notes")).expect("still there");
    let mut files = expected(SITE);
    for (path, text) in [
        ("CNAME", "example.org"),
        ("late/", ""),
        ("late/file", "mine"),
    ] {
        files.insert(path.to_owned(), text.to_owned());
    }
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
    let mut stage = project.stage().expect("a stage");
    for (path, text) in new {
        stage.write(path, text.as_bytes()).expect("written");
    }
    // Stops half-way at someone's folder where a page is to come. To be found too late for a
    // refusal it must look like one that will be gone by then.
    project.put("public/new/page/x", "in the way");
    let old = stage.old.as_mut().expect("an old site");
    let known = old.files.remove("style.css").expect("known");
    old.files.insert("new/page/y".into(), known);
    stage.publish(None).expect_err("a folder in the way");
    fs::remove_dir_all(project.path("public/new")).expect("removed");

    project.build(new).expect("finished");
    let mut files = expected(new);
    // What this test took from the record is somebody else's now.
    files.insert("style.css".to_owned(), String::new());
    assert_eq!(project.site(), files);
}

#[test]
fn one_build_at_a_time() {
    let project = Project::new();
    let first = project.stage().expect("a stage");
    let error = project.stage().expect_err("busy");
    assert!(matches!(error, OutputError::Busy { .. }), "{error}");
    // Another output beside it is another matter.
    Stage::open(&project.path("other"), project.root.path()).expect("a stage");
    first.write("index.html", b"first").expect("written");
    std::thread::scope(|scope| {
        let second = scope.spawn(|| Stage::open(&project.path("public"), project.root.path()));
        std::thread::sleep(Duration::from_millis(100));
        first.publish(None).expect("published");
        let second = second.join().expect("no panic").expect("waited");
        second.write("index.html", b"second").expect("written");
        second.publish(None).expect("published");
    });
    assert_eq!(project.site(), expected(&[("index.html", "second")]));
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
        stage.publish(None).expect("published");
        assert_eq!(project.site(), expected(site));
    }
    let error = Stage::open(&project.path("other"), project.root.path()).expect_err("refused");
    assert!(error.to_string().contains("cannot create"), "{error}");
    mode(0o755).expect("set");
}
