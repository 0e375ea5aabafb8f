//! `personary serve`.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::fixture::{NORA, Project, persona};
use crate::server::{CACHE, SOON, Server};

const PAGE: &str = "/personas/nora-lind/";

#[test]
fn it_answers_under_the_address_it_prints() {
    let project = Project::sample();
    let server = Server::start(&project, &[]);
    assert_ne!(server.port, 0);
    let home = server.get("/");
    assert_eq!(home.status, 200);
    assert!(
        home.head
            .to_lowercase()
            .contains("content-type: text/html; charset=utf-8"),
        "{}",
        home.head
    );
    assert!(home.body.contains("Our customers") && home.body.contains("live.js"));
    assert!(server.get(PAGE).body.contains("How to talk with Nora"));
    assert_eq!(server.get("/assets/style.css").status, 200);
    assert_eq!(server.get("/kpis/second-order.csv").status, 200);
    assert_eq!(server.get("/__personary/live.js").status, 200);
    assert_eq!(server.get("/library.json").status, 200);
    for nowhere in [
        "/personas/nobody/",
        "/nowhere",
        "/personas/nora-lind/nowhere",
        "/__personary/nowhere",
    ] {
        assert_eq!(server.get(nowhere).status, 404, "{nowhere}");
    }
    let redirect = server.get("/personas/nora-lind");
    assert!((301..=308).contains(&redirect.status), "{redirect:?}");
    assert!(
        redirect
            .head
            .to_lowercase()
            .contains(&format!("location: {PAGE}\r\n"))
            || redirect
                .head
                .to_lowercase()
                .ends_with(&format!("location: {PAGE}")),
        "{redirect:?}"
    );
    // Nothing is written.
    assert!(!project.has("public"));
}

#[test]
fn only_questions_for_this_site_are_answered() {
    let project = Project::sample();
    let server = Server::start(&project, &[]);
    let status = |request: &str| server.ask(request).status;
    let port = server.port;
    assert_eq!(
        status(&format!(
            "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        )),
        200
    );
    assert_eq!(
        status(&format!(
            "GET / HTTP/1.1\r\nHost: [::1]:{port}\r\nConnection: close\r\n\r\n"
        )),
        200
    );
    assert_eq!(status("GET / HTTP/1.0\r\nHost: evil.example\r\n\r\n"), 403);
    assert_eq!(
        status("GET / HTTP/1.0\r\nHost: localhost.evil.example\r\n\r\n"),
        403
    );
    assert_eq!(status("GET / HTTP/1.0\r\n\r\n"), 403);
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(
            status(&format!(
                "{method} / HTTP/1.0\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
            )),
            405,
            "{method}"
        );
    }
    let head = server.ask("HEAD / HTTP/1.0\r\nHost: localhost\r\n\r\n");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    for outside in [
        "/../Cargo.toml",
        "/%2e%2e/personary.yaml",
        "/static/..%2f..%2fpersonary.yaml",
        "//etc/passwd",
    ] {
        assert!(
            [400, 404].contains(&server.get(outside).status),
            "{outside}"
        );
    }
    assert_eq!(server.get("/personary.yaml").status, 404);
}

#[test]
fn a_save_shows_at_once() {
    let project = Project::sample();
    let server = Server::start(&project, &[]);
    assert_eq!(server.get(PAGE).status, 200);
    project.replace(NORA, "How to talk", "How to write");
    server.until(SOON, PAGE, |page| {
        page.body.contains("How to write with Nora")
    });
    // As editors save: a new file takes the place of the old one.
    project.write(
        "content/personas/.nora.tmp",
        project.read(NORA).replace("How to write", "How to sing"),
    );
    project.rename("content/personas/.nora.tmp", NORA);
    server.until(SOON, PAGE, |page| {
        page.body.contains("How to sing with Nora")
    });
    // A name shows on the pages of others.
    project.replace(NORA, "name: Nora Lind", "name: Nora Lindqvist");
    server.until(SOON, "/journeys/first-month/", |page| {
        page.body.contains("Nora Lindqvist")
    });
    project.replace("content/kpis/second-order.csv", "40.3,133", "77.7,133");
    server.until(SOON, "/kpis/second-order/", |page| {
        page.body.contains("77.7")
    });
    project.replace(
        "personary.yaml",
        "title: Our customers",
        "title: Their customers",
    );
    server.until(SOON, "/", |page| page.body.contains("Their customers"));
}

#[test]
fn the_search_index_follows_a_save() {
    let project = Project::sample();
    let server = Server::start(&project, &[]);
    let words = "/search/t0.txt";
    assert!(server.get(words).body.contains("\nnora "));
    assert!(!server.get(words).body.contains("lindqvist"));
    let version = |body: &str| body.split('"').nth(3).map(str::to_owned);
    let head = server.get("/search/index.json").body;
    project.replace(NORA, "name: Nora Lind", "name: Nora Lindqvist");
    server.until(SOON, words, |page| page.body.contains("\nlindqvist "));
    let next = server.get("/search/index.json").body;
    assert_ne!(version(&head), version(&next), "{next}");
    server.until(SOON, "/a-z/", |page| page.body.contains("Nora Lindqvist"));
    for nowhere in ["/search/t99.txt", "/search/x.txt", "/a-z/nowhere/"] {
        assert_eq!(server.get(nowhere).status, 404, "{nowhere}");
    }
}

#[test]
fn files_come_and_go_and_move() {
    let project = Project::sample();
    let server = Server::start(&project, &[]);
    project.write("content/pages/about.md", "# About us\n");
    server.until(SOON, "/pages/about/", |page| {
        page.status == 200 && page.body.contains("About us")
    });
    project.rename("content/pages/about.md", "content/pages/imprint.md");
    server.until(SOON, "/pages/imprint/", |page| page.status == 200);
    server.until(SOON, "/pages/about/", |page| page.status == 404);
    project.remove("content/pages/imprint.md");
    server.until(SOON, "/pages/imprint/", |page| page.status == 404);
    // A folder as a whole, and one that was not there before.
    project.write("content/pages/guide/deep/one.md", "# One\n");
    server.until(SOON, "/pages/guide/deep/one/", |page| page.status == 200);
    project.rename("content/pages/guide", "content/pages/manual");
    server.until(SOON, "/pages/manual/deep/one/", |page| page.status == 200);
    server.until(SOON, "/pages/guide/deep/one/", |page| page.status == 404);
    std::fs::remove_dir_all(project.path("content/pages/manual")).expect("removed");
    server.until(SOON, "/pages/manual/deep/one/", |page| page.status == 404);
    project.write("static/new.txt", "new");
    server.until(SOON, "/new.txt", |page| {
        page.status == 200 && page.body == "new"
    });
    project.remove("static/new.txt");
    server.until(SOON, "/new.txt", |page| page.status == 404);
    // A folder in the place of a file, both at once.
    project.write("content/pages/kit/two.md", "# Two\n");
    project.write("content/pages/note.md", "# Note\n");
    server.until(SOON, "/pages/kit/two/", |page| page.status == 200);
    server.until(SOON, "/pages/note/", |page| page.status == 200);
    project.remove("content/pages/note.md");
    project.rename("content/pages/kit", "content/pages/note.md");
    server.until(SOON, "/pages/note.md/two/", |page| page.status == 200);
    server.until(SOON, "/pages/note/", |page| page.status == 404);
}

#[test]
fn a_broken_file_keeps_its_last_good_page() {
    let project = Project::sample();
    let server = Server::start(&project, &[]);
    let good = project.read(NORA);
    project.replace(NORA, "market: b2c", "market: [b2c");
    // It waits until the change was applied.
    server.until(SOON, PAGE, |_| server.said().contains("nora-lind.md"));
    let page = server.get(PAGE);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("How to talk with Nora"));
    assert!(server.said().contains("yaml-syntax"), "{}", server.said());
    project.write(NORA, good.replace("How to talk", "How to write"));
    server.until(SOON, PAGE, |page| {
        page.body.contains("How to write with Nora")
    });
    // Broken settings and broken templates do not end it either.
    project.write("personary.yaml", "title: [\n");
    server.until(SOON, "/", |_| server.said().contains("personary.yaml"));
    assert_eq!(server.get(PAGE).status, 200);
}

#[test]
fn broken_settings_stay_what_they_were() {
    let project = Project::sample();
    let fields = "title: Theirs\nfields: { persona: { shoe: { type: string } } }\n";
    project.write("personary.yaml", fields);
    project.persona("ann", "shoe: blue\nsegments: [nowhere]\n");
    let server = Server::start(&project, &["--drafts"]);
    project.write("personary.yaml", format!("{fields}lang: [\n"));
    server.until(SOON, "/", |_| server.said().contains("yaml-syntax"));
    assert!(server.get("/").body.contains("Theirs"));
    let said = server.said();
    assert!(!said.contains("unknown-key"), "{said}");
    // What others may follow from is told first.
    let last = said.rfind("unknown-ref").expect("it");
    assert!(said.rfind("yaml-syntax").expect("it") < last, "{said}");
}

#[test]
fn a_change_of_many_files_at_once_is_seen_whole() {
    let project = Project::sample();
    for n in 0..500 {
        project.persona(&format!("p{n}"), "");
    }
    let server = Server::start(&project, &["--drafts"]);
    assert!(
        server
            .get("/personas/p499/")
            .body
            .contains("The text about p499")
    );
    // As a change of branch does: some go, some come, the rest is another.
    for n in 0..500 {
        let path = format!("content/personas/p{n}.md");
        if n % 10 == 0 {
            project.remove(&path).persona(&format!("q{n}"), "");
        } else {
            project.write(
                &path,
                persona(&format!("p{n}"), "").replace("The text", "Another text"),
            );
        }
    }
    server.until(Duration::from_secs(10), "/personas/p499/", |page| {
        page.body.contains("Another text about p499")
    });
    for n in 0..500 {
        if n % 10 == 0 {
            assert_eq!(server.get(&format!("/personas/p{n}/")).status, 404, "p{n}");
            assert_eq!(server.get(&format!("/personas/q{n}/")).status, 200, "q{n}");
        } else {
            let page = server.get(&format!("/personas/p{n}/"));
            assert!(
                page.body.contains(&format!("Another text about p{n}.")),
                "p{n}: {}",
                page.status
            );
        }
    }
}

#[test]
fn drafts_are_shown_on_request() {
    let project = Project::sample();
    project.persona("ann", "");
    assert_eq!(
        Server::start(&project, &[]).get("/personas/ann/").status,
        404
    );
    assert_eq!(
        Server::start(&project, &["--drafts"])
            .get("/personas/ann/")
            .status,
        200
    );
}

#[test]
fn a_broken_project_is_served_and_its_errors_are_told() {
    let project = Project::sample();
    project.persona("ann", "segments: [nowhere]\n");
    let server = Server::start(&project, &[]);
    assert_eq!(server.get("/").status, 200);
    server.until(SOON, "/", |_| server.said().contains("unknown-ref"));
}

#[test]
fn a_busy_port_is_passed_over() {
    let project = Project::sample();
    let busy = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = busy.local_addr().expect("its address").port();
    // The last `--port` would be refused, so it is asked for by itself.
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("personary"))
        .args(["serve", "--port", &port.to_string()])
        .current_dir(project.root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    std::thread::sleep(Duration::from_millis(1500));
    child.kill().expect("ended");
    let output = child.wait_with_output().expect("its output");
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(
        out.contains("http://127.0.0.1:") && !out.contains(&format!(":{port}/")),
        "{out}{err}"
    );
    assert!(err.contains(&format!("Port {port} is busy")), "{err}");
}

#[test]
fn ctrl_c_ends_it_with_exit_0() {
    let project = Project::sample();
    for name in ["INT", "TERM"] {
        let mut server = Server::start(&project, &[]);
        assert_eq!(server.get("/").status, 200);
        // A tab that listens for changes does not hold it back.
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("connected");
        let request = format!(
            "GET /__personary/events?route=/ HTTP/1.1\r\nHost: localhost:{}\r\n\r\n",
            server.port
        );
        stream.write_all(request.as_bytes()).expect("asked");
        stream.read_exact(&mut [0; 12]).expect("answered");
        let status = server.signal(name);
        assert_eq!(status.code(), Some(0), "{name}");
        assert!(TcpStream::connect(("127.0.0.1", server.port)).is_err());
    }
}

#[test]
fn the_pages_looked_at_are_kept_for_the_next_start() {
    let project = Project::sample();
    let kept = || project.path(CACHE).join("personary");
    let mut server = Server::start(&project, &["--no-cache"]);
    assert_eq!(server.get("/").status, 200);
    server.signal("INT");
    assert!(!kept().exists(), "not asked for");
    let page = |word: &str| {
        let mut server = Server::start(&project, &[]);
        let page = server.get(PAGE);
        assert!(page.body.contains(word), "{page:#?}");
        assert_eq!(server.signal("TERM").code(), Some(0));
        assert_eq!(kept().read_dir().expect("a folder").count(), 1);
        page.body
    };
    let first = page("Nora Lind");
    assert_eq!(page("Nora Lind"), first);
    let text = project.read(NORA).replace("Nora Lind", "Nora Lund");
    project.write(NORA, text);
    page("Nora Lund");
}

#[cfg(target_os = "linux")]
#[test]
fn the_preview_takes_small_pages_and_the_browser_that_it_opens_what_there_are() {
    use std::os::unix::fs::PermissionsExt;
    let large_pages = |status: &str| {
        let line = status.lines().find(|line| line.starts_with("THP_enabled:"));
        line.expect("a kernel that tells it").to_owned()
    };
    let of = |process: &str| {
        let status = std::fs::read_to_string(format!("/proc/{process}/status"));
        large_pages(&status.expect("its status"))
    };
    let project = Project::sample();
    project.write(
        "bin/xdg-open",
        "#!/bin/sh\ncat /proc/self/status > opened.new && mv opened.new opened\n",
    );
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(project.path("bin/xdg-open"), executable).expect("set");
    let path = std::env::var("PATH").expect("a path");
    let bin = project.path("bin");
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("personary"));
    command
        .args(["serve", "--port", "0", "--open"])
        .env("PATH", format!("{}:{path}", bin.display()));
    let server = Server::of(&project, command);
    server.until(SOON, "/", |_| project.has("opened"));
    assert_eq!(large_pages(&project.read("opened")), of("self"));
    let preview = server.process().to_string();
    server.until(SOON, "/", |_| of(&preview).ends_with('0'));
}

#[test]
fn outside_a_project_there_is_nothing_to_serve() {
    let folder = Project::empty();
    folder
        .run(&["serve", "--port", "0"])
        .code(2)
        .says("no personary.yaml");
    let project = Project::sample();
    project
        .run(&["serve", "--port", "0", "--host", "203.0.113.7"])
        .code(2)
        .says("203.0.113.7");
}
