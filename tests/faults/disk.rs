//! No room, no permission.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::fixture::Project;
use crate::machine::{Mount, is_root, left_out};
use crate::site::{Place, sites};

/// In the words of the shell: a build whose files may not become larger than so many half KiB.
fn limited(place: &Place, prelude: &str) -> Output {
    let build = place.command();
    let mut shell = Command::new("sh");
    shell.current_dir(place.project.root());
    shell.args(["-c", &format!("{prelude}; exec \"$0\" \"$@\"")]);
    shell.arg(build.get_program()).args(build.get_args());
    shell.stdin(Stdio::null()).output().expect("sh")
}

#[test]
fn a_file_that_cannot_be_written_leaves_the_old_site() {
    let sites = sites();
    let place = Place::shared();
    let mut failed = 0;
    for (round, limit) in [0, 1, 4, 16, 40, 64, 128, 400, 600].into_iter().enumerate() {
        let (before, next) = (place.is_one_of(&sites), (round + 1) % 2);
        place.turn(next);
        // The signal ends the build; ignored, the write fails.
        let ended = limited(&place, &format!("ulimit -f {limit}"));
        let stands = if ended.status.success() {
            Some(next)
        } else {
            before
        };
        assert_eq!(place.is_one_of(&sites), stands, "{limit}: {ended:?}");
        let output = limited(&place, &format!("trap '' XFSZ; ulimit -f {limit}"));
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.code() == Some(0) {
            assert_eq!(place.is_one_of(&sites), Some(next));
            continue;
        }
        failed += 1;
        assert_eq!(output.status.code(), Some(2), "{limit}: {said}");
        assert!(said.contains("File too large"), "{limit}: {said}");
        assert!(said.contains("not published"), "{limit}: {said}");
        assert_eq!(place.is_one_of(&sites), before, "{limit}");
        assert_eq!(place.litter(), [""; 0], "{limit}");
        place.finish();
    }
    assert!(failed > 4);
}

#[test]
fn a_full_disk_leaves_the_old_site() {
    let sites = sites();
    let place = Place::in_memory();
    let parent = place.folder.parent().expect("a parent").to_owned();
    let Some(_mount) = Mount::memory(&parent, 8 << 20) else {
        return;
    };
    place.turn(0);
    place.finish();
    let ballast = parent.join("ballast");
    let mut failed = 0;
    for (round, room) in [0, 4, 16, 64, 128, 256, 512, 1024, 2048]
        .into_iter()
        .enumerate()
    {
        let (before, next) = (place.is_one_of(&sites), (round + 1) % 2);
        fill(&ballast, room << 10);
        place.turn(next);
        let run = place.run();
        if run.code == Some(0) {
            assert_eq!(place.is_one_of(&sites), Some(next));
        } else {
            failed += 1;
            let run = run.code(2).says("No space left on device");
            run.says("not published");
            assert_eq!(place.is_one_of(&sites), before, "{room} KiB");
        }
        assert_eq!(place.litter(), [""; 0], "{room} KiB");
        fs::remove_file(&ballast).expect("removed");
        place.finish();
        assert_eq!(place.is_one_of(&sites), Some(next));
    }
    assert!((4..9).contains(&failed), "{failed}");
}

/// Fills the disk up to so many bytes.
fn fill(ballast: &Path, room: u64) {
    let bytes = vec![0; 16 << 20];
    // It ends when the disk is full.
    let _ = fs::write(ballast, bytes);
    let file = fs::File::options().write(true).open(ballast);
    let file = file.expect("the ballast");
    let size = file.metadata().expect("its size").len();
    file.set_len(size.saturating_sub(room)).expect("shorter");
}

#[test]
fn a_read_only_disk_leaves_the_old_site() {
    let sites = sites();
    let place = Place::in_memory();
    let parent = place.folder.parent().expect("a parent").to_owned();
    let Some(mount) = Mount::memory(&parent, 8 << 20) else {
        return;
    };
    place.turn(0);
    place.finish();
    place.turn(1);
    mount.remount("ro");
    place
        .run()
        .code(2)
        .says("Read-only file system")
        .says("not published");
    assert_eq!(place.is_one_of(&sites), Some(0));
    mount.remount("rw");
    place.finish();
    assert_eq!(place.is_one_of(&sites), Some(1));
}

/// Somebody whom permissions bind.
const NOBODY: u32 = 65_534;

/// A build by somebody who is not root.
fn as_somebody(place: &Place) -> Output {
    let mut command = place.command();
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.stderr(Stdio::piped());
    command.output().expect("it runs")
}

/// Gives the project to somebody who is not root; `false`, said loudly, where the program cannot
/// be run by them.
fn is_given_away(project: &Project) -> bool {
    if !is_root() {
        return true;
    }
    for entry in walkdir::WalkDir::new(project.root()) {
        let path = entry.expect("listed").into_path();
        chown(path, Some(NOBODY), Some(NOBODY)).expect("given");
    }
    let mut check = Command::new(assert_cmd::cargo::cargo_bin("personary"));
    check.arg("check").current_dir(project.root());
    check.stdout(Stdio::null()).stderr(Stdio::null());
    let can = check.uid(NOBODY).gid(NOBODY).status();
    let can = can.is_ok_and(|status| status.code() == Some(0));
    if !can {
        left_out("root may write anywhere, and nobody else may run the program where it is");
    }
    can
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

#[test]
fn folders_that_may_not_be_written_to() {
    let sites = sites();
    let place = Place::in_project();
    let folder = |name: &str| place.project.path(name);
    place.turn(0);
    place.finish();
    place.turn(1);
    if !is_given_away(&place.project) {
        return;
    }
    // Neither the output nor what it stands in; then the output alone, and a folder in it.
    for (what, modes) in [
        ("all", [0o555, 0o555, 0o755]),
        ("the output", [0o755, 0o555, 0o755]),
        ("a folder of the site", [0o755, 0o755, 0o555]),
        ("everything in it", [0o755, 0o555, 0o555]),
    ] {
        let paths = ["", "public", "public/personas"].map(folder);
        let before = place.is_one_of(&sites);
        for (path, mode) in paths.iter().zip(modes) {
            set_mode(path, mode);
        }
        let output = as_somebody(&place);
        let said = String::from_utf8_lossy(&output.stderr);
        let code = output.status.code();
        println!("{what}: {code:?}: {said}");
        let now = place.is_one_of(&sites);
        match code {
            Some(0) => assert_eq!(now, Some(1), "{what}"),
            Some(2) => {
                assert_eq!(now, before, "{what}");
                assert!(said.contains("Permission denied"), "{what}: {said}");
                assert!(said.contains("not published"), "{what}: {said}");
            }
            _ => panic!("{what}: {said}"),
        }
        assert_eq!(place.litter(), [""; 0], "{what}: {code:?} {said}");
        for path in paths {
            set_mode(&path, 0o755);
        }
        let output = as_somebody(&place);
        assert_eq!(output.status.code(), Some(0), "{what}: {output:?}");
        assert_eq!(place.is_one_of(&sites), Some(1), "{what}");
        assert_eq!(place.litter(), [""; 0], "{what}");
        place.turn(0);
        assert!(is_given_away(&place.project));
        assert_eq!(as_somebody(&place).status.code(), Some(0), "{what}");
        place.turn(1);
        assert!(is_given_away(&place.project));
    }
}
