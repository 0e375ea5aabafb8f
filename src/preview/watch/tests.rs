use std::fs;
use std::io::Write as _;
use std::sync::mpsc::{self, RecvTimeoutError};

use notify::event::{Event, EventKind, Flag};

use super::*;

struct Project {
    folder: tempfile::TempDir,
    changes: mpsc::Receiver<Change>,
    watcher: Watcher,
}

/// Watches `content` and `site.yaml` in a new folder; `.tmp` files are ignored.
fn project(poll: Option<Duration>) -> Project {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("content")).expect("content");
    fs::write(folder.path().join("content/old.md"), "1").expect("a file");
    let roots = [
        folder.path().join("content"),
        folder.path().join("site.yaml"),
        folder.path().join("later/deep"),
    ];
    let (sender, changes) = mpsc::channel();
    let ignore = |path: &Path| path.extension().is_some_and(|extension| extension == "tmp");
    let on_change = move |change| sender.send(change).expect("the test listens");
    let watcher = Watcher::start_with(&roots, poll, ignore, on_change).expect("a watcher");
    assert_eq!(watcher.polling().is_some(), poll.is_some());
    Project {
        folder,
        changes,
        watcher,
    }
}

impl Project {
    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str) -> PathBuf {
        fs::write(self.path(path), "something longer").expect("written");
        self.path(path)
    }

    fn next(&self) -> Change {
        self.changes
            .recv_timeout(Duration::from_secs(5))
            .expect("a change within five seconds")
    }

    /// Reads changes until all of `wanted` were reported.
    fn expect(&self, wanted: impl IntoIterator<Item = PathBuf>) {
        let mut wanted: BTreeSet<PathBuf> = wanted.into_iter().collect();
        while !wanted.is_empty() {
            match self.next() {
                Change::Paths(paths) => wanted.retain(|path| !paths.contains(path)),
                Change::Rescan | Change::Polling(_) => return,
            }
        }
    }

    fn silent(&self) {
        assert_eq!(
            self.changes.recv_timeout(Duration::from_millis(60)),
            Err(RecvTimeoutError::Timeout)
        );
    }
}

fn only(path: PathBuf) -> Change {
    Change::Paths(BTreeSet::from([path]))
}

#[test]
fn a_write_is_one_change() {
    let project = project(None);
    let start = Instant::now();
    let file = project.write("content/old.md");
    assert_eq!(project.next(), only(file));
    assert!(start.elapsed() < Duration::from_millis(500));
    fs::read(project.path("content/old.md")).expect("read");
    project.write("content/x.tmp");
    project.write("beside.md");
    project.silent();
    let file = project.write("site.yaml");
    assert_eq!(project.next(), only(file));
}

#[test]
fn an_atomic_save_and_a_removal() {
    let project = project(None);
    for file in ["content/old.md", "site.yaml"] {
        let (from, to) = (project.write("content/x.tmp"), project.path(file));
        fs::rename(from, &to).expect("renamed");
        assert_eq!(project.next(), only(to));
    }
    fs::remove_file(project.path("content/old.md")).expect("removed");
    assert_eq!(project.next(), only(project.path("content/old.md")));
}

#[test]
fn only_a_save_that_is_finished_is_taken_at_once() {
    let [a, b] = ["a.md", "b.md"].map(PathBuf::from);
    let quiet = |raws: Vec<Raw>| {
        let mut burst = Burst::default();
        for raw in raws {
            burst.add(raw);
        }
        burst.quiet()
    };
    let written = |path: &PathBuf| Raw::Written(vec![path.clone()]);
    let moved = |path: &PathBuf| Raw::Moved(vec![path.clone()]);
    let closed = |path: &PathBuf| Raw::Closed(path.clone());

    let new = vec![moved(&a), written(&a), closed(&a)];
    assert_eq!(quiet(new), QUIET_WHEN_CLOSED);
    let two = vec![written(&a), written(&b), closed(&a), closed(&b)];
    assert_eq!(quiet(two), QUIET_WHEN_CLOSED);

    assert_eq!(quiet(vec![written(&a)]), QUIET);
    let one_open = vec![written(&a), written(&b), closed(&a)];
    assert_eq!(quiet(one_open), QUIET);
    let written_again = vec![written(&a), closed(&a), written(&a)];
    assert_eq!(quiet(written_again), QUIET);
    let gone = vec![written(&a), closed(&a), moved(&a)];
    assert_eq!(quiet(gone), QUIET);
    let lost = vec![written(&a), closed(&a), Raw::Lost(None)];
    assert_eq!(quiet(lost), QUIET);
    let files = (0..=SAVED_AT_ONCE).map(|n| PathBuf::from(n.to_string()));
    let many = files.flat_map(|file| [written(&file), closed(&file)]);
    assert_eq!(quiet(many.collect()), QUIET);
}

/// Beside one another, so that it does not matter how busy the machine is.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_is_closed_or_moved_is_seen_before_one_that_stays_open() {
    let project = project(None);
    let (path, beside) = (
        project.path("content/old.md"),
        project.path("content/x.tmp"),
    );
    let mut took: [Vec<Duration>; 3] = Default::default();
    for _ in 0..15 {
        let mut open = fs::File::options().append(true).open(&path).expect("open");
        for (way, took) in took.iter_mut().enumerate() {
            let start = Instant::now();
            match way {
                0 => fs::write(&path, "closed").expect("written"),
                1 => {
                    fs::write(&beside, "moved").expect("written");
                    fs::rename(&beside, &path).expect("moved");
                    open = fs::File::options().append(true).open(&path).expect("open");
                }
                _ => open.write_all(b"open").expect("written"),
            }
            assert_eq!(project.next(), only(path.clone()));
            took.push(start.elapsed());
        }
        drop(open);
        project.silent();
    }
    let [closed, moved, open] = took.map(|mut took| {
        took.sort_unstable();
        took[7]
    });
    assert!(
        closed < open && moved < open,
        "{closed:?} {moved:?} {open:?}"
    );
}

#[test]
fn a_new_folder_comes_with_its_files_and_is_watched() {
    let project = project(None);
    for round in 0..20 {
        let folder = format!("content/new{round}/deep");
        fs::create_dir_all(project.path(&folder)).expect("folders");
        let files: Vec<_> = (0..20)
            .map(|n| project.write(&format!("{folder}/{n}.md")))
            .collect();
        project.expect(files);
        let late = project.write(&format!("{folder}/late.md"));
        project.expect([late]);
    }
    fs::rename(
        project.path("content/new1"),
        project.path("content/new2/in"),
    )
    .expect("moved");
    project.expect([
        project.path("content/new1"),
        project.path("content/new2/in/deep/3.md"),
    ]);
    let inside = project.write("content/new2/in/deep/3.md");
    project.expect([inside]);
}

#[test]
fn three_thousand_files_at_once() {
    let project = project(None);
    fs::create_dir(project.path("content/many")).expect("a folder");
    let files: Vec<_> = (0..3000)
        .map(|n| project.write(&format!("content/many/{n}.md")))
        .collect();
    project.expect(files);
}

#[test]
fn roots_come_and_go() {
    let project = project(None);
    fs::rename(project.path("content"), project.path("away")).expect("moved");
    assert_eq!(project.next(), Change::Rescan);
    fs::rename(project.path("away"), project.path("content")).expect("moved back");
    assert_eq!(project.next(), Change::Rescan);
    let file = project.write("content/old.md");
    project.expect([file]);
    fs::create_dir(project.path("later")).expect("a folder");
    assert_eq!(project.next(), Change::Rescan);
    fs::create_dir(project.path("later/deep")).expect("a folder");
    assert_eq!(project.next(), Change::Rescan);
    let file = project.write("later/deep/a.md");
    assert_eq!(project.next(), only(file));
}

#[test]
fn with_a_link_even_to_nowhere_anything_may_have_changed() {
    let project = project(None);
    fs::create_dir(project.path("content/deep")).expect("a folder");
    let file = project.write("content/deep/a.md");
    project.expect([file]);
    let outside = project.write("outside.md");
    let link = |target: &Path, path: &str| {
        std::os::unix::fs::symlink(target, project.path(path)).expect("a link");
        assert_eq!(project.next(), Change::Rescan);
    };
    for path in ["content/nowhere.md", "site.yaml"] {
        link(&project.path("nowhere"), path);
        fs::remove_file(project.path(path)).expect("removed");
        assert_eq!(project.next(), Change::Rescan);
    }
    link(&outside, "content/outside.md");
    project.write("outside.md");
    assert_eq!(project.next(), Change::Rescan);
    let unwritten = fs::File::options()
        .append(true)
        .open(project.path("content/deep/a.md"));
    drop(unwritten.expect("open"));
    project.silent();
    link(&project.path("content/deep"), "content/again");
    // Not followed: it would be the whole machine.
    link(Path::new("/"), "content/all");
    for path in ["content/again", "content/outside.md", "content/all"] {
        fs::remove_file(project.path(path)).expect("removed");
        assert_eq!(project.next(), Change::Rescan);
    }
    let file = project.write("content/deep/a.md");
    assert_eq!(project.next(), only(file));
}

#[test]
fn folders_that_go_while_they_are_watched_are_no_reason_to_poll() {
    let project = project(None);
    let over = std::sync::atomic::AtomicBool::new(false);
    let content = project.path("content");
    let deep = |n: usize| content.join(format!("{}/deep", n % 50));
    (0..50).for_each(|n| fs::create_dir_all(deep(n)).expect("a folder"));
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0.. {
                let _ = fs::remove_dir(deep(n));
                let _ = fs::create_dir(deep(n));
                if over.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
            }
        });
        for _ in 0..200 {
            lock(&project.watcher.backend).watch_again();
        }
        over.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(project.watcher.polling(), None);
}

#[test]
fn lost_events_ask_for_a_rescan() {
    let project = project(None);
    let mut filter = lock(&project.watcher.backend).filter.clone();
    let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
    notify::EventHandler::handle_event(&mut filter, Ok(lost));
    assert_eq!(project.next(), Change::Rescan);
    let error = notify::Error::new(notify::ErrorKind::MaxFilesWatch);
    notify::EventHandler::handle_event(&mut filter, Err(error));
    let change = project.next();
    let why = project.watcher.polling();
    assert_eq!(change, Change::Polling(why.expect("a reason")));
    let file = project.write("content/old.md");
    assert_eq!(project.next(), only(file));
}

#[test]
fn polling_sees_the_same() {
    let project = project(Some(Duration::from_millis(20)));
    let file = project.write("content/old.md");
    project.expect([file]);
    fs::create_dir_all(project.path("later/deep")).expect("folders");
    let file = project.write("later/deep/a.md");
    project.expect([file]);
    fs::rename(project.path("later"), project.path("away")).expect("moved");
    project.expect([project.path("later/deep/a.md")]);
    // A link to nothing, or to what is not ours, is no file; a finding tells of it all the same.
    for target in [project.path("nowhere"), project.write("outside.md")] {
        let link = project.path("content/link.md");
        std::os::unix::fs::symlink(target, &link).expect("a link");
        assert_eq!(project.next(), Change::Rescan);
        fs::remove_file(&link).expect("removed");
        project.expect([link]);
    }
}

#[test]
fn a_request_waits_from_the_first_event_until_the_change_is_applied() {
    let folder = tempfile::tempdir().expect("a folder");
    let (seen, applied) = (Arc::new(Mutex::new(0)), Duration::from_millis(100));
    let counter = Arc::clone(&seen);
    let watcher = Watcher::start(
        &[folder.path().to_owned()],
        |_| false,
        move |_| {
            thread::sleep(applied);
            let mut count = lock(&counter);
            *count += 1;
            if *count == 1 {
                std::panic::resume_unwind(Box::new("does not end the watching"));
            }
        },
    )
    .expect("a watcher");
    let gate = watcher.gate();
    assert!(gate.wait(Duration::ZERO));
    for round in 1..=3 {
        fs::write(folder.path().join("a.md"), round.to_string()).expect("written");
        while !gate.is_pending() {
            thread::yield_now();
        }
        assert!(!gate.wait(Duration::from_millis(1)));
        assert!(gate.wait(Duration::from_secs(5)));
        assert!(*lock(&seen) >= round);
    }
    drop(watcher);
    assert!(gate.wait(Duration::from_secs(5)));
}
