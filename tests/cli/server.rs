//! A preview that runs, and a client that speaks to it as plainly as possible.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::fixture::Project;

/// Longer than anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// How soon a save must show.
pub(crate) const SOON: Duration = Duration::from_secs(2);

/// Where it keeps pages for its next start: in a folder of the project that nobody looks into.
pub(crate) const CACHE: &str = ".cache";

/// A running preview. It ends with its value.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    said: Arc<Mutex<String>>,
}

/// What it answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Server {
    pub(crate) fn start(project: &Project, arguments: &[&str]) -> Self {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("personary"));
        command.args(["serve", "--port", "0"]).args(arguments);
        Self::of(project, command)
    }

    /// Starts it by a command that ends in becoming it.
    pub(crate) fn of(project: &Project, mut command: Command) -> Self {
        let mut child = command
            .current_dir(project.root())
            .env("XDG_CACHE_HOME", project.path(CACHE))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, rest) = line.split_once("http://127.0.0.1:")?;
            rest.trim_end_matches('/').parse().ok()
        });
        // Nobody waits for a reader that went away.
        thread::spawn(move || lines.for_each(drop));
        let said = Arc::new(Mutex::new(String::new()));
        let (log, errors) = (
            Arc::clone(&said),
            BufReader::new(child.stderr.take().expect("a pipe")),
        );
        thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                log.lock().expect("the log").push_str(&(line + "\n"));
            }
        });
        let server = Self {
            child,
            port: port.unwrap_or_default(),
            said,
        };
        assert!(port.is_some(), "no address; {}", server.said());
        server
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// What it told the person at the terminal so far.
    pub(crate) fn said(&self) -> String {
        self.said.lock().expect("the log").clone()
    }

    /// Asks as it is told to, line by line.
    pub(crate) fn ask(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("connected");
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        stream.write_all(request.as_bytes()).expect("asked");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("answered");
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        Answer {
            status: head
                .split(' ')
                .nth(1)
                .and_then(|code| code.parse().ok())
                .expect("a status"),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(&format!(
            "GET {path} HTTP/1.0\r\nHost: localhost:{}\r\n\r\n",
            self.port
        ))
    }

    /// Asks again until the answer is as it should be, which must not take longer than `limit`.
    #[track_caller]
    pub(crate) fn until(
        &self,
        limit: Duration,
        path: &str,
        good: impl Fn(&Answer) -> bool,
    ) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = self.get(path);
            if good(&answer) {
                return answer;
            }
            assert!(
                begun.elapsed() < limit,
                "{path} after {limit:?}: {answer:#?}\n{}",
                self.said()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Sends a signal.
    pub(crate) fn send(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status();
        assert!(sent.expect("kill").success());
    }

    /// Sends a signal and waits for the end.
    pub(crate) fn signal(&mut self, name: &str) -> ExitStatus {
        self.send(name);
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("waited") {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
