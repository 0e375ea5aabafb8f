use std::sync::Arc;

use super::*;
use crate::preview::http::{App, Get, Reply};
use crate::preview::{Preview, Start};

/// A project, and a folder to keep pages in.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        place.write("personary.yaml", "title: T\n");
        place.write("content/teams/cx.md", "---\nname: First\n---\n");
        place
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache/personary")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    fn kept(&self, options: &Options) -> Kept {
        Kept::open(&self.root(), options, &self.cache())
    }

    /// A preview in which somebody looks at these addresses, and what they see at the first.
    fn preview(&self, options: &Options, addresses: &[&str]) -> Option<Vec<u8>> {
        let start = Start::new(self.kept(options));
        let root = self.root();
        let opened = start.open(&root, options.clone(), None, |_, _| {});
        let (preview, _watcher) = opened.expect("a preview");
        let seen: Vec<_> = addresses.iter().map(|path| ask(&start, path)).collect();
        preview.keep().expect("kept");
        seen.into_iter().next()
    }

    /// The only file in the cache.
    fn file(&self) -> PathBuf {
        let mut entries = fs::read_dir(self.cache()).expect("a folder");
        let entry = entries.next().expect("a file").expect("listed");
        assert!(entries.next().is_none());
        entry.path()
    }
}

fn ask(app: &dyn App, path: &str) -> Vec<u8> {
    match app.respond(&Get::parse(path).expect("an address")) {
        Reply::Page { body, .. } => body.into_owned(),
        Reply::Events(_) => Vec::new(),
    }
}

const TEAM: &str = "/teams/cx/";

#[test]
fn the_page_looked_at_last_is_there_before_the_library_is_read() {
    let (place, options) = (Place::new(), Options::default());
    let shown = place.preview(&options, &[TEAM, "/", "/nowhere/", "/assets/site.css"]);
    let shown = shown.expect("a page");
    assert!(String::from_utf8_lossy(&shown).contains("First"));
    let start = Start::new(place.kept(&options));
    // Nobody has opened it.
    assert_eq!(ask(&start, TEAM), shown);
    assert!(!ask(&start, "/__personary/live.js").is_empty());
    assert!(start.kept_page("/").is_some());
    assert!(start.kept_page("/nowhere/").is_none(), "no page");
    assert!(start.kept_page("/personas/").is_none(), "not looked at");
}

#[test]
fn the_page_of_a_start_is_the_page_that_is_rendered_then() {
    let (place, options) = (Place::new(), Options::default());
    let shown = place.preview(&options, &[TEAM]);
    assert_eq!(place.preview(&options, &[TEAM]), shown);
}

#[test]
fn nothing_is_kept_of_what_changed() {
    let (place, options) = (Place::new(), Options::default());
    let changes: [(&str, &dyn Fn()); 5] = [
        ("a file", &|| {
            place.write("content/teams/cx.md", "---\nname: Other\n---\n");
        }),
        ("a new file", &|| {
            place.write("content/teams/ux.md", "---\nname: UX\n---\n");
        }),
        ("a file that went", &|| {
            fs::remove_file(place.root().join("content/teams/ux.md")).expect("gone");
        }),
        ("the settings", &|| {
            place.write("personary.yaml", "title: U\n");
        }),
        ("a theme", &|| {
            place.write("themes/mine/templates/page.html", "");
        }),
    ];
    for (what, change) in changes {
        place.preview(&options, &[TEAM]);
        assert!(place.kept(&options).page(TEAM).is_some(), "before {what}");
        change();
        assert!(place.kept(&options).page(TEAM).is_none(), "{what}");
    }
    place.preview(&options, &[TEAM]);
    let drafts = Options {
        drafts: true,
        ..Options::default()
    };
    assert!(place.kept(&drafts).page(TEAM).is_none(), "other options");
    let tomorrow = Options {
        today: options.today.tomorrow().expect("a day"),
        ..Options::default()
    };
    assert!(place.kept(&tomorrow).page(TEAM).is_none(), "another day");
    assert!(place.kept(&options).page(TEAM).is_some());
}

#[test]
fn what_an_editor_leaves_beside_a_file_is_no_change() {
    let (place, options) = (Place::new(), Options::default());
    place.preview(&options, &[TEAM]);
    place.write("content/teams/.cx.md.swp", "");
    place.write("content/teams/cx.md~", "");
    // Emacs leaves a link that leads nowhere.
    #[cfg(unix)]
    let _ = std::os::unix::fs::symlink("me@here.1:2", place.root().join("content/teams/.#cx.md"));
    assert!(place.kept(&options).page(TEAM).is_some());
}

#[test]
fn what_nobody_looks_at_this_time_stays() {
    let (place, options) = (Place::new(), Options::default());
    place.preview(&options, &[TEAM, "/"]);
    place.preview(&options, &["/teams/"]);
    let kept = place.kept(&options);
    assert!(kept.page(TEAM).is_some() && kept.page("/teams/").is_some());
    // After a change nobody looks at anything.
    place.write("content/teams/ux.md", "---\nname: UX\n---\n");
    place.preview(&options, &[]);
    fs::remove_file(place.root().join("content/teams/ux.md")).expect("gone");
    assert!(place.kept(&options).page(TEAM).is_some());
}

#[cfg(unix)]
#[test]
fn nothing_is_kept_while_there_are_symbolic_links() {
    for (link, target) in [
        ("content/teams/other.md", "cx.md"),
        ("content/more", "teams"),
        ("static", "content"),
    ] {
        let (place, options) = (Place::new(), Options::default());
        std::os::unix::fs::symlink(target, place.root().join(link)).expect("a link");
        place.preview(&options, &[TEAM]);
        assert!(!place.cache().exists(), "{link}");
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let (place, options) = (Place::new(), Options::default());
    place.preview(&options, &[TEAM]);
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&place.file()), 0o600);
    assert_eq!(mode(&place.cache()), 0o700);
}

#[test]
fn a_damaged_file_is_none() {
    let (place, options) = (Place::new(), Options::default());
    place.preview(&options, &[TEAM]);
    let (file, whole) = (place.file(), fs::read(place.file()).expect("read"));
    for length in (0..200).chain(whole.len() - 200..whole.len()) {
        fs::write(&file, &whole[..length]).expect("written");
        assert!(place.kept(&options).page(TEAM).is_none(), "{length} bytes");
    }
    // A lie about a length that the sum at the end does not betray.
    let mut lie = whole[..whole.len() - 8].to_vec();
    lie[MAGIC.len()..MAGIC.len() + 8].fill(0xff);
    let check = xxh3_64(&lie);
    lie.extend(check.to_le_bytes());
    fs::write(&file, &lie).expect("written");
    assert!(place.kept(&options).page(TEAM).is_none());
}

#[test]
fn a_change_ends_what_was_kept() {
    let (place, options) = (Place::new(), Options::default());
    place.preview(&options, &[TEAM]);
    let kept = Arc::new(place.kept(&options));
    assert!(kept.page(TEAM).is_some());
    let root = place.root();
    let opened = Preview::open(&root, options, None, Arc::clone(&kept), |_, _| {});
    let (preview, _watcher) = opened.expect("a preview");
    place.write("content/teams/cx.md", "---\nname: Other\n---\n");
    let begun = std::time::Instant::now();
    while !String::from_utf8_lossy(&ask(&*preview, TEAM)).contains("Other") {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_oldest_of_many_addresses_is_forgotten() {
    let kept = Kept {
        file: Some(PathBuf::from("somewhere")),
        ..Kept::default()
    };
    (0..MOST + 2).for_each(|n| kept.note(&format!("/{n}")));
    kept.note("/2");
    let seen = kept.seen();
    assert_eq!(seen.len(), MOST);
    assert_eq!(seen.front().map(|path| &**path), Some("/3"));
    assert_eq!(seen.back().map(|path| &**path), Some("/2"));
}

#[test]
fn what_was_kept_long_ago_is_thrown_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let long_ago = std::time::SystemTime::now() - 2 * OLD;
    for (name, time) in [
        ("preview-1", long_ago),
        ("other", long_ago),
        ("preview-2", std::time::SystemTime::now()),
    ] {
        let file = fs::File::create(folder.path().join(name)).expect("made");
        file.set_modified(time).expect("set");
    }
    clear(folder.path());
    let is_there = |name| folder.path().join(name).exists();
    assert!(!is_there("preview-1") && is_there("preview-2") && is_there("other"));
}
