//! A history of a library: what people wrote into commits is shown, too.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::filled::{Files, Texts};
use crate::review::chronicle::Chronicle;

/// A repository in a temporary folder.
pub(super) struct Past(TempDir);

impl Past {
    /// A commit for each state, the oldest first.
    pub(super) fn of(states: &[Files], texts: &Texts) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let init = ["-c", "init.defaultBranch=main", "init", "-q"];
        git(folder.path(), &init, b"");
        let mut stream = Vec::new();
        for (at, files) in states.iter().enumerate() {
            // Git itself keeps these out of names.
            let author = texts.text(at).replace(['<', '>', '\n', '\r', '\0'], " ");
            let subject = texts.text(at + 7).replace('\0', " ");
            let time = 1_780_000_000 + 86_400 * at;
            let _ = write!(
                stream,
                "commit refs/heads/main\ncommitter A {author} <a@example.com> {time} +0000\n\
                 data {}\n{subject}\ndeleteall\n",
                subject.len()
            );
            for (path, bytes) in files {
                let path = path.replace('"', "\\\"");
                let _ = write!(stream, "M 100644 inline \"{path}\"\ndata {}\n", bytes.len());
                stream.extend_from_slice(bytes);
                stream.push(b'\n');
            }
        }
        git(folder.path(), &["fast-import", "--quiet"], &stream);
        Self(folder)
    }

    /// What it tells to the last of its states.
    pub(super) fn chronicle(&self, now: &Files) -> Chronicle {
        // Only the settings are read from there.
        let settings = now.get("personary.yaml").expect("settings");
        fs::write(self.0.path().join("personary.yaml"), settings).expect("written");
        Chronicle::read(self.0.path()).expect("a history")
    }
}

fn git(folder: &Path, arguments: &[&str], input: &[u8]) {
    let mut child = Command::new("git")
        .current_dir(folder)
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(Stdio::piped())
        .spawn()
        .expect("git runs");
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(input).expect("read");
    drop(stdin);
    assert!(child.wait().expect("it ends").success(), "{arguments:?}");
}
