use super::*;

fn changed(path: &str, to: Option<&str>, before: &str, after: &str) -> Changed {
    Changed {
        path: path.into(),
        to: to.map(Into::into),
        before: before.to_owned(),
        after: after.to_owned(),
        places: 1,
    }
}

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a", "b", "c"] {
        fs::write(folder.path().join(name), name).expect("written");
    }
    folder
}

fn text(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).expect(path)
}

#[test]
fn what_was_changed_meanwhile_is_left() {
    let folder = project();
    let root = folder.path();
    fs::write(root.join("b"), "mine").expect("written");
    let changes = [
        changed("a", None, "a", "A"),
        changed("b", None, "b", "B"),
        changed("gone", None, "x", "X"),
    ];
    let left = save_each(root, &changes);
    let paths: Vec<_> = left.iter().map(|left| &*left.path).collect();
    assert_eq!(paths, ["b", "gone"]);
    assert!(left[0].reason.contains("meanwhile"), "{left:?}");
    assert_eq!(
        (text(root, "a"), text(root, "b")),
        ("A".into(), "mine".into())
    );
    let error = save_all(root, &[changed("c", None, "c", "C"), changes[1].clone()]);
    assert!(matches!(error, Err(SaveError::Changed(path)) if path == "b"));
    assert_eq!(text(root, "c"), "c");
}

#[test]
fn a_failure_takes_everything_back() {
    let folder = project();
    let root = folder.path();
    // `c` is a file, so nothing can move into a folder of that name.
    let changes = [
        changed("a", Some("x/y/a"), "a", "A"),
        changed("b", Some("c/b"), "b", "B"),
    ];
    let error = save_all(root, &changes).expect_err("c is no folder");
    assert!(
        matches!(&error, SaveError::Io { path, .. } if path == "b"),
        "{error}"
    );
    for name in ["a", "b", "c"] {
        assert_eq!(text(root, name), name);
    }
    assert!(!root.join("x").exists());
    let taken = save_all(root, &[changed("a", Some("b"), "a", "A")]);
    assert!(matches!(taken, Err(SaveError::Exists(path)) if path == "b"));
    save_all(root, &[changed("a", Some("x/y/a"), "a", "A")]).expect("nothing in the way");
    assert_eq!(text(root, "x/y/a"), "A");
    assert!(!root.join("a").exists());
}

#[cfg(unix)]
#[test]
fn links_are_followed_within_the_project_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = project();
    let root = folder.path().join("project");
    fs::create_dir_all(root.join("sub")).expect("a folder");
    fs::write(root.join("real"), "r").expect("written");
    fs::set_permissions(root.join("real"), fs::Permissions::from_mode(0o640)).expect("set");
    symlink("real", root.join("link")).expect("a link");
    symlink("../a", root.join("out")).expect("a link");
    let left = save_each(
        &root,
        &[
            changed("link", None, "r", "R"),
            changed("out", None, "a", "A"),
        ],
    );
    let paths: Vec<_> = left.iter().map(|left| &*left.path).collect();
    assert_eq!(paths, ["out"]);
    assert_eq!(text(folder.path(), "a"), "a");
    assert_eq!(text(&root, "real"), "R");
    assert!(root.join("link").is_symlink());
    let mode = fs::metadata(root.join("real"))
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    let moved = save_all(&root, &[changed("link", Some("sub/link"), "R", "S")]);
    assert!(matches!(moved, Err(SaveError::Link(_))));
    save_all(&root, &[changed("link", Some("new"), "R", "S")]).expect("within its folder");
    assert_eq!(
        (text(&root, "real"), text(&root, "new")),
        ("S".into(), "S".into())
    );
    let names = fs::read_dir(&root).expect("listed").count();
    assert_eq!(names, 4, "no file is left over");
}
