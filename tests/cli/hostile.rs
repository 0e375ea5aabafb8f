//! What must not get out: restricted evidence, files beside the library, and what a theme may not do.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::fixture::{NORA, Project};
use crate::server::Server;

// ---- restricted evidence

/// Stands in all that is restricted, and in nothing else.
const SECRET: &str = "zebra";
const STUDY: &str = "content/evidence/quiet-study.md";

/// The study, restricted or not; every text of it says the secret.
fn study(sensitivity: &str) -> String {
    format!(
        "---\nname: Zebra study\nmethod: interview\npopulation: actual\n\
         collected: {{ from: 2026-01-01, to: 2026-10-10 }}\nn: 12\nowner: product\n\
         summary: What the zebra said.\nurl: https://zebra.example/report\ntags: [zebra]\n\
         aliases: [zebra-interviews]\nsensitivity: {sensitivity}\n---\n\n## Zebra\n\n\
         The zebra said so in [[trader-interviews-2026]].\n"
    )
}

/// A project with a study that others cite, in three commits: without it, with it, and edited.
fn with_study(sensitivity: &str) -> Project {
    let project = Project::repository();
    project.commit("Begin");
    project.write(STUDY, study("internal").replace("What the", "Once the"));
    project.write(
        "content/evidence/quiet-study.de.md",
        "---\nname: Die Zebra-Studie\n---\n\nDas Zebra.\n",
    );
    project.replace(
        "content/personas/bea-holloway.md",
        "evidence: [trader-interviews-2026]",
        "evidence: [trader-interviews-2026, quiet-study]",
    );
    project.write(
        "content/pages/quiet.md",
        "# Quiet\n\nSee [[quiet-study]] and [this](../evidence/quiet-study.md).\n",
    );
    // Who waits for a later commit sees the step to restricted, too.
    project.commit("Cite a study");
    project.write(STUDY, study(sensitivity));
    project.commit("Read it again");
    project
}

/// The files of a site that say the secret, in their names or texts.
fn telling(project: &Project, folder: &str) -> Vec<String> {
    let files = project.files(folder).into_iter();
    let telling = files.filter(|(name, bytes)| {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        text.contains(SECRET) || name.contains(SECRET)
    });
    telling.map(|(name, _)| name).collect()
}

#[test]
fn restricted_evidence_is_nowhere_in_a_site() {
    let project = with_study("restricted");
    let builds: [&[&str]; 4] = [
        &[],
        &["--drafts", "--base-url", "https://personas.example/"],
        &["--compare", "HEAD~1", "--keep-going"],
        &["--compare", "HEAD~2"],
    ];
    for arguments in builds {
        let out = ["build", "-o", "site", "--as-of", "2026-11-24"];
        project.run(&[&out[..], arguments].concat()).code(0);
        assert_eq!(telling(&project, "site"), [""; 0], "{arguments:?}");
        assert!(!project.has("site/evidence/quiet-study"), "{arguments:?}");
        let bea = project.read("site/personas/bea-holloway/index.html");
        assert!(bea.contains("Restricted source"), "{arguments:?}");
    }
    // The same with what is gone in the end.
    project
        .remove(STUDY)
        .remove("content/evidence/quiet-study.de.md");
    project.replace("content/personas/bea-holloway.md", ", quiet-study", "");
    project
        .remove("content/pages/quiet.md")
        .commit("Take it out");
    let out = ["build", "-o", "site", "--compare", "HEAD~1"];
    project.run(&out).code(0);
    assert_eq!(telling(&project, "site"), [""; 0]);
}

#[test]
fn restricted_evidence_is_not_in_the_preview_even_when_its_file_is_broken() {
    let project = with_study("restricted");
    project.replace(STUDY, "n: 12", "n: many");
    let server = Server::start(&project, &["--drafts"]);
    for path in [
        "/evidence/quiet-study/",
        "/evidence/quiet-study/index.json",
        "/evidence/quiet-study/graph/",
        "/evidence/zebra-interviews/",
    ] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    for path in [
        "/",
        "/evidence/",
        "/personas/bea-holloway/",
        "/news/",
        "/a-z/",
        "/health/",
    ] {
        let page = server.get(path).body.to_lowercase();
        assert!(!page.contains(SECRET), "{path}");
    }
}

/// Otherwise the tests above could look where nothing ever stands.
#[test]
fn evidence_that_is_not_restricted_is_in_all_of_these() {
    let project = with_study("internal");
    project
        .run(&["build", "-o", "site", "--compare", "HEAD~1"])
        .code(0);
    let telling = telling(&project, "site");
    for name in [
        "evidence/quiet-study/index.html",
        "evidence/quiet-study/index.json",
        "evidence/index.html",
        "personas/bea-holloway/index.html",
        "pages/quiet/index.html",
        "changes/index.html",
        "library.json",
        "search/t",
        "news/index.html",
    ] {
        assert!(
            telling.iter().any(|known| known.starts_with(name)),
            "{name}: {telling:?}"
        );
    }
}

// ---- the preview

/// All that a server answers to these bytes, until it closes.
fn said_to(server: &Server, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("connected");
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).expect("set");
    // It may have enough of a request before that is at its end.
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.0\r\nHost: localhost\r\n\r\n").into_bytes()
}

/// Ways to write the path of a file of the project that is no part of the site, or of one beside it.
fn climbing() -> Vec<String> {
    let mut targets = Vec::new();
    for file in [
        "personary.yaml",
        "outside.txt",
        "content/personas/nora-lind.md",
    ] {
        for up in [
            "../",
            "..%2f",
            "..%2F",
            "%2e%2e/",
            "%2e%2e%2f",
            "%2E%2E%2F",
            "%252e%252e%252f",
            "%25252e%25252e%25252f",
            "..%252f",
            "..%c0%af",
            "%c0%ae%c0%ae%c0%af",
            "..%ef%bc%8f",
            "%uff0e%uff0e/",
            "..\\",
            "..%5c",
            "%2e%2e%5c",
            "....//",
            "..;/",
            "./../",
            ".%00./",
            "..%00/",
            "..%0d%0a/",
            "..%09/",
            "%2e./",
            "\u{ff0e}\u{ff0e}/",
            "..?/../",
            "..#/../",
        ] {
            for base in [
                "/",
                "/assets/",
                "/personas/nora-lind/",
                "/static/",
                "/__personary/",
                "/search/",
            ] {
                targets.push(format!(
                    "{base}{}{file}",
                    up.repeat(base.matches('/').count())
                ));
            }
        }
        targets.extend([
            format!("/{file}"),
            format!("//{file}"),
            format!("///{file}"),
            format!("/./{file}"),
            format!("/{file}%00.html"),
            format!("/{file}%00"),
            format!("/{file}/"),
            format!("/{file}::$DATA"),
            format!("/{file}."),
            format!("/{file}%20"),
            format!("/%2f{file}"),
            format!("/%5c{file}"),
            format!("/C:/{file}"),
            format!("/C:%5c{file}"),
            format!("/C|/{file}"),
            format!("/\\\\localhost\\c$\\{file}"),
            format!("/file:///{file}"),
            format!("/~root/{file}"),
            format!("/.git/{file}"),
            format!("/?file=../{file}"),
            format!("/__personary/events?route=../{file}%00"),
            format!("http://localhost/{file}"),
            format!("file:///{file}"),
            format!("*{file}"),
        ]);
    }
    targets.extend(
        [
            "/etc/passwd",
            "//etc/passwd",
            "/%2fetc%2fpasswd",
            "/.git/config",
            "/.env",
            "/proc/self/environ",
        ]
        .map(str::to_owned),
    );
    targets.retain(|target| !target.contains("events?"));
    targets
}

#[test]
fn no_address_leaves_the_library() {
    let beside = tempfile::tempdir().expect("a folder");
    let outside = beside.path().join("outside.txt");
    std::fs::write(&outside, "okapi").expect("written");
    let project = Project::sample();
    project.write("outside.txt", "okapi");
    project.replace("personary.yaml", "title:", "# okapi\ntitle:");
    project.write(".env", "okapi").write(".git/config", "okapi");
    project.write("static/there.txt", "there");
    project.link("static/file.txt", &outside);
    project.link("static/folder", beside.path());
    project.link("static/root", "/");
    project.link("content/beside", beside.path());
    let server = Server::start(&project, &[]);
    let mut targets = climbing();
    assert!(targets.len() > 400, "{}", targets.len());
    targets.extend(
        [
            "/file.txt",
            "/folder/outside.txt",
            "/root/etc/passwd",
            "/folder/",
            "/pages/outside/",
        ]
        .map(str::to_owned),
    );
    for target in &targets {
        let answer = said_to(&server, &get(target));
        assert!(
            !answer.contains("okapi") && !answer.contains("root:x:"),
            "{target}: {answer}"
        );
        assert!(!answer.contains("name: Nora"), "{target}: {answer}");
    }
    assert_eq!(server.get("/there.txt").body, "there");
}

#[test]
fn requests_that_lie_about_themselves_get_nothing() {
    let project = Project::sample();
    project.write("secret.txt", "okapi");
    let server = Server::start(&project, &[]);
    let own = "Host: localhost";
    let second = "GET /news/ HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    let long = "a".repeat(1 << 20);
    let many = "X: y\r\n".repeat(20_000);
    let requests: Vec<String> = vec![
        // Names of others: DNS rebinding, with all ways to say the host.
        "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n".into(),
        "GET / HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n".into(),
        "GET / HTTP/1.1\r\nHost: evil.example:80@localhost\r\n\r\n".into(),
        "GET / HTTP/1.1\r\nHost: localhost@evil.example\r\n\r\n".into(),
        "GET / HTTP/1.1\r\nHost: localhost, evil.example\r\n\r\n".into(),
        "GET / HTTP/1.1\r\nHost: localhost#.evil.example\r\n\r\n".into(),
        "GET / HTTP/1.1\r\nHost: 127.0.0.1.nip.example\r\n\r\n".into(),
        "GET / HTTP/1.1\r\nHost: 0x7f000001\r\n\r\n".into(),
        "GET / HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n".into(),
        "GET / HTTP/1.1\r\nHost: [::ffff:10.0.0.1]\r\n\r\n".into(),
        "GET / HTTP/1.1\r\nHost:\r\n\r\n".into(),
        "GET / HTTP/1.1\r\n\r\n".into(),
        "GET / HTTP/1.1\r\nX-Forwarded-Host: localhost\r\nHost: evil.example\r\n\r\n".into(),
        "GET http://localhost/ HTTP/1.1\r\nHost: evil.example\r\n\r\n".into(),
        // Two requests in one.
        format!("POST / HTTP/1.1\r\n{own}\r\nContent-Length: 0\r\n\r\n{second}"),
        format!(
            "GET /x HTTP/1.1\r\n{own}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{second}"
        ),
        format!("GET /x HTTP/1.1\r\n{own}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{second}"),
        format!(
            "GET /x HTTP/1.1\r\n{own}\r\nContent-Length: 1\r\nContent-Length: 60\r\n\r\n{second}"
        ),
        format!("GET /x HTTP/1.1\r\n{own}\r\nContent-Length: -1\r\n\r\n{second}"),
        format!("GET /x HTTP/1.1\r\n{own}\r\nConnection: keep-alive\r\n\r\n{second}"),
        // What is too large, or no request.
        format!("GET /{long} HTTP/1.1\r\n{own}\r\n\r\n"),
        format!("GET /x HTTP/1.1\r\n{own}\r\nX: {long}\r\n\r\n"),
        format!("GET /x HTTP/1.1\r\n{own}\r\n{many}\r\n"),
        format!("GET /x HTTP/1.1\r\n{own}\r\nContent-Length: 99999999999999999999\r\n\r\n"),
        format!("POST / HTTP/1.1\r\n{own}\r\nContent-Length: 1000000000000\r\n\r\nx"),
        format!("GET /x HTTP/9.9\r\n{own}\r\n\r\n"),
        format!("GET /x\r\n{own}\r\n\r\n"),
        format!("GET  /x  HTTP/1.1\r\n{own}\r\n\r\n"),
        format!("GET /x HTTP/1.1\r\n{own}\r\n: no name\r\n\r\n"),
        format!("GET /x HTTP/1.1\r\n{own}\r\nno colon\r\n\r\n"),
        format!("GET /x HTTP/1.1\n{own}\n\n"),
        format!("get /x HTTP/1.1\r\n{own}\r\n\r\n"),
        format!("TRACE /x HTTP/1.1\r\n{own}\r\n\r\n"),
        format!("CONNECT evil.example:443 HTTP/1.1\r\n{own}\r\n\r\n"),
        format!("\u{0}\u{1}\u{2} {own}\r\n\r\n"),
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}".into(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(),
        "\r\n\r\n\r\n".into(),
        String::new(),
    ];
    for request in &requests {
        let answer = said_to(&server, request.as_bytes());
        let shown: String = request.chars().take(120).collect();
        let is_page = answer.lines().any(|line| line.starts_with("HTTP/1.1 200"));
        assert!(!is_page, "{shown:?}: {answer}");
        assert!(!answer.contains("okapi"), "{shown:?}");
    }
    // It still stands, and a page of another site gets no leave to read what it answers.
    let request = "GET / HTTP/1.0\r\nHost: localhost\r\nOrigin: https://evil.example\r\n\r\n";
    let head = server.ask(request).head.to_lowercase();
    assert!(
        head.contains(" 200 ") && !head.contains("access-control-"),
        "{head}"
    );
    assert!(
        head.contains("cross-origin-resource-policy: same-origin"),
        "{head}"
    );
}

#[test]
fn a_picture_that_is_opened_by_itself_runs_nothing() {
    let project = Project::sample();
    project.write(
        "static/x.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
    );
    let head = Server::start(&project, &[]).get("/x.svg").head;
    let policy = "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox";
    assert!(head.contains(policy), "{head}");
}

// ---- themes

#[test]
fn a_theme_reads_nothing_outside_and_is_stopped() {
    let beside = tempfile::tempdir().expect("a folder");
    std::fs::write(beside.path().join("outside.html"), "okapi").expect("written");
    let outside = beside.path().join("outside.html");
    let absolute = outside.display().to_string();
    let up = format!("{}{absolute}", "../".repeat(20));
    for (source, says) in [
        (format!("{{% include \"{absolute}\" %}}"), "template"),
        (format!("{{% include \"{up}\" %}}"), "template"),
        ("{% include \"../../../personary.yaml\" %}".to_owned(), "template"),
        ("{% include \"default/../../../personary.yaml\" %}".to_owned(), "template"),
        (format!("{{% extends \"{absolute}\" %}}"), "template"),
        (format!("{{% import \"{absolute}\" as x %}}"), "template"),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}x{% endfor %}{% endfor %}{% endfor %}".to_owned(),
            "fuel",
        ),
        ("{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}".to_owned(), "recursion"),
    ] {
        let project = Project::sample();
        project.write("personary.yaml", "title: T\ntheme: mine\n# okapi\n");
        project.write("themes/mine/templates/persona.html", &source);
        let run = project.run(&["build"]).never("okapi");
        assert_eq!(run.code, Some(1), "{source}: {run:#?}");
        let said = run.err.to_lowercase() + &run.out.to_lowercase();
        assert!(said.contains("template") && said.contains(says), "{source}: {run:#?}");
        assert!(!project.has("public"), "{source}");
    }
    // Nor does a link in a theme lead out of the project, nor the name of one.
    let project = Project::sample();
    project.write("themes/mine/static/a.css", "/* a */");
    project.link("themes/mine/static/b.css", &outside);
    project.link("themes/mine/templates", beside.path());
    project.write("personary.yaml", "title: T\ntheme: mine\n");
    project.run(&["build", "--keep-going"]).never("okapi");
    assert!(!project.has("public/assets/b.css"));
    for name in ["../..", "/etc", "..", ".git", "a/b", "a\\\\b"] {
        project.write("personary.yaml", format!("title: T\ntheme: \"{name}\"\n"));
        let run = project.run(&["build"]);
        assert_ne!(run.code, Some(0), "{name}: {run:#?}");
        assert!(
            (run.err.clone() + &run.out).contains("theme"),
            "{name}: {run:#?}"
        );
    }
    assert_eq!(project.read(NORA).matches("name: Nora").count(), 1);
}
