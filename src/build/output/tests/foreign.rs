//! What others put into the output is kept, and never written over.

use super::*;

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
        // Not ours, so it is not counted.
        assert_eq!(project.build(site).expect("built"), report(0, 2, 0, 0));
        // A site that loses all its files keeps it too.
        project.build(&[]).expect("built");
        assert_eq!(project.site()["extra/deep/file"], "mine");
    });
}

#[test]
fn what_others_put_there_is_not_written_over() {
    let cases = [
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
        let kept = fs::read(project.path("elsewhere/kept")).expect("there");
        assert_eq!(kept, b"kept");
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
        let kept = |path| fs::read(elsewhere.join(path)).expect("there");
        assert_eq!(kept("a/index.html"), b"A");
        let error = project.build(SITE).expect_err("refused");
        assert!(matches!(error, OutputError::Foreign(_)), "{error}");
        assert_eq!(kept("b/index.html"), b"B");
    });
}
