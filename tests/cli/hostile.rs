//! What must not get out: restricted evidence, files beside the library, and what a theme may not do.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::fixture::{NORA, Project};
use crate::server::{SOON, Server};

// ---- restricted evidence

/// Stands in all that is restricted, and in nothing else.
const SECRET: &str = "zebra";
/// The same for numbers, as files and pages write them.
const FIGURES: [&str; 2] = ["73914", "73,914"];
const STUDY: &str = "content/evidence/quiet-study.md";

/// The study, restricted or not; every text of it says the secret.
fn study(sensitivity: &str) -> String {
    format!(
        "---\nname: Zebra study\nmethod: interview\npopulation: actual\n\
         collected: {{ from: 2026-01-01, to: 2026-10-10 }}\nn: 73914\nowner: product\n\
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

/// Whether a text says what is restricted.
fn is_told(text: &str) -> bool {
    text.to_lowercase().contains(SECRET) || FIGURES.iter().any(|figure| text.contains(figure))
}

/// The files of a site that say the secret, in their names or texts.
fn telling(project: &Project, folder: &str) -> Vec<String> {
    let files = project.files(folder).into_iter();
    let telling = files
        .filter(|(name, bytes)| is_told(&String::from_utf8_lossy(bytes)) || name.contains(SECRET));
    telling.map(|(name, _)| name).collect()
}

/// Builds a site in each way that tells of other things; `also` looks at what else is to be so in it.
fn is_nowhere_in_a_site(project: &Project, also: impl Fn(&[&str])) {
    let builds: [&[&str]; 4] = [
        &[],
        &["--drafts", "--base-url", "https://personas.example/"],
        &["--compare", "HEAD~1", "--keep-going"],
        &["--compare", "HEAD~2"],
    ];
    for arguments in builds {
        let out = ["build", "-o", "site", "--as-of", "2026-11-24"];
        project.run(&[&out[..], arguments].concat()).code(0);
        assert_eq!(telling(project, "site"), [""; 0], "{arguments:?}");
        also(arguments);
    }
}

#[test]
fn restricted_evidence_is_nowhere_in_a_site() {
    let project = with_study("restricted");
    is_nowhere_in_a_site(&project, |arguments| {
        assert!(!project.has("site/evidence/quiet-study"), "{arguments:?}");
        let bea = project.read("site/personas/bea-holloway/index.html");
        assert!(bea.contains("Restricted source"), "{arguments:?}");
    });
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

/// The old id is found by no alias; what stood under it is the same study all the same.
#[test]
fn restricted_evidence_is_nowhere_under_an_id_that_it_had_before() {
    for in_steps in [false, true] {
        let project = Project::repository();
        project.commit("Begin");
        let open = study("internal").replace("aliases: [zebra-interviews]\n", "");
        project.write(
            "content/evidence/zebra-study.md",
            open.replace("What the", "Once the"),
        );
        project.commit("Add a study");
        project.write("content/evidence/zebra-study.md", &open);
        project.commit("Read it again");
        project.git(&["mv", "content/evidence/zebra-study.md", STUDY]);
        if in_steps {
            project.commit("Call it something else");
        }
        project.write(
            STUDY,
            open.replace("sensitivity: internal", "sensitivity: restricted"),
        );
        project.commit("Close it");
        for base in ["HEAD~1", "HEAD~2"] {
            let build = [
                "build",
                "-o",
                "site",
                "--as-of",
                "2026-11-24",
                "--compare",
                base,
            ];
            project.run(&build).code(0);
            assert_eq!(telling(&project, "site"), [""; 0], "{in_steps} {base}");
        }
    }
}

/// Whoever lets a site be built with errors in it learns nothing from a slip in the one word.
#[test]
fn restricted_evidence_that_does_not_validate_is_nowhere_in_a_site() {
    for (from, to) in [
        ("sensitivity: restricted", "sensitivty: restricted"),
        ("sensitivity: restricted", "sensitivity: Restricted"),
        (
            "sensitivity: restricted",
            "sensitivity: internal\nsensitivity: restricted",
        ),
        (
            "sensitivity: restricted",
            "\"sensitivit\\x79\": \"restr\\x69cted\"\nnonsense: 1",
        ),
        ("sensitivity: restricted", "sensitivity: [restricted]"),
    ] {
        let project = with_study("restricted");
        project.replace(STUDY, from, to);
        let out = ["build", "-o", "site", "--keep-going"];
        project.run(&out).code(1);
        assert_eq!(telling(&project, "site"), [""; 0], "{to}");
    }
}

#[test]
fn restricted_evidence_is_not_in_the_preview_even_when_its_file_is_broken() {
    let project = with_study("restricted");
    project.replace(STUDY, "n: 73914", "n: many 73914");
    let server = Server::start(&project, &["--drafts"]);
    for path in [
        "/evidence/quiet-study/",
        "/evidence/quiet-study/index.json",
        "/evidence/quiet-study/graph/",
        "/evidence/zebra-interviews/",
    ] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    nowhere(&server, &with_study("internal"));
}

/// Asks a preview for all that says the secret in a site of `open`, and for some pages beside.
fn nowhere(server: &Server, open: &Project) {
    open.run(&["build", "-o", "site", "--drafts", "--compare", "HEAD~1"])
        .code(0);
    let names = telling(open, "site");
    assert!(names.len() > 3, "{names:?}");
    let fixed = [
        "",
        "evidence/",
        "a-z/",
        "health/",
        "library.json",
        "sitemap.xml",
    ];
    for name in names.iter().map(String::as_str).chain(fixed) {
        let path = format!("/{}", name.trim_end_matches("index.html"));
        let page = server.get(&path);
        assert!([200, 404].contains(&page.status), "{path}: {}", page.status);
        assert!(!is_told(&page.body), "{path}");
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
        "news/feed.xml",
        "personas/bea-holloway/graph/",
        "teams/product/graph/",
    ] {
        assert!(
            telling.iter().any(|known| known.starts_with(name)),
            "{name}: {telling:?}"
        );
    }
}

// ---- restricted fields

/// The sample, whose baker has a field of the project's own that says the secret, in three commits:
/// without it, with it, and edited.
fn with_field(sensitivity: &str) -> Project {
    let project = Project::repository();
    let field = format!(
        "fields:\n  persona:\n    yield: {{ title: Zebra, description: Zebra., type: object, x-sensitivity: {sensitivity},\n      properties: {{ form: {{ enum: [zebra, okapi] }}, note: {{ type: string }} }} }}\n"
    );
    project.replace("personary.yaml", "fields:\n  persona:\n", &field);
    project.commit("Begin");
    let bea = "content/personas/bea-holloway.md";
    let own = |note: &str| {
        format!("contract_form: trader-plan\nyield: {{ form: zebra, note: {note} }}\n")
    };
    project.replace(
        bea,
        "contract_form: trader-plan\n",
        &own("zebra@zebra.example"),
    );
    project.commit("Note what she pays");
    project.replace(bea, &own("zebra@zebra.example"), &own("Zebra one"));
    project.commit("Note it better");
    project
}

#[test]
fn a_restricted_field_is_nowhere_in_a_site() {
    let project = with_field("restricted");
    is_nowhere_in_a_site(&project, |_| {});
    // A value that is wrong is told to editors, and on no page; nor does a review say what it was.
    project.replace(
        "content/personas/bea-holloway.md",
        "form: zebra",
        "form: zebra-2",
    );
    let run = project.run(&["build", "-o", "site", "--keep-going"]);
    run.code(1).says("Published");
    assert_eq!(telling(&project, "site"), [""; 0]);
    for format in ["text", "markdown", "html", "json"] {
        let run = project.run(&["diff", "HEAD~1", "--format", format]);
        assert!(run.out.contains("restricted"), "{run:#?}");
        assert!(!run.out.to_lowercase().contains("zebra one"), "{run:#?}");
    }
    // What the settings say of it cannot be read any more, or says it in a way that does not count.
    project.replace(
        "content/personas/bea-holloway.md",
        "form: zebra-2",
        "form: zebra",
    );
    for (from, to) in [
        ("restricted", "restrcted"),
        ("restrcted", "restricted, type: strng"),
        (
            "restricted, type: strng",
            "restricted, x-reference: persona",
        ),
        ("restricted, x-reference: persona", "[restricted]"),
        ("[restricted]", "restricted }\n  }"),
    ] {
        project.replace("personary.yaml", from, to);
        project
            .run(&["build", "-o", "site", "--keep-going"])
            .code(1);
        assert_eq!(telling(&project, "site"), [""; 0], "{to}");
        project.run(&["check"]).code(1);
    }
}

#[test]
fn a_restricted_field_is_not_in_the_preview() {
    let project = with_field("restricted");
    let server = Server::start(&project, &["--drafts", "--compare", "HEAD~1"]);
    nowhere(&server, &with_field("internal"));
}

/// Otherwise the tests above could look where nothing ever stands.
#[test]
fn a_field_that_is_not_restricted_is_in_all_of_these() {
    let project = with_field("internal");
    project
        .run(&["build", "-o", "site", "--compare", "HEAD~1"])
        .code(0);
    let telling = telling(&project, "site");
    for name in [
        "personas/bea-holloway/index.html",
        "personas/bea-holloway/index.json",
        "compare/",
        "changes/index.html",
        "news/index.html",
        "news/feed",
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

/// Ways to write that a path goes up.
const UP: [&str; 27] = [
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
];

/// Ways to write the path of a file of the project that is no part of the site, or of one beside it.
fn climbing() -> Vec<String> {
    let mut targets = Vec::new();
    for file in [
        "personary.yaml",
        "outside.txt",
        "content/personas/nora-lind.md",
    ] {
        for up in UP {
            for base in [
                "/",
                "/assets/",
                "/personas/nora-lind/",
                "/static/",
                "/__personary/",
                "/search/",
            ] {
                let depth = base.matches('/').count();
                targets.push(format!("{base}{}{file}", up.repeat(depth)));
            }
        }
        targets.extend([
            format!("/{file}"),
            format!("/{file}\0"),
            format!("/\0/../{file}"),
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
            format!("http://localhost/{file}"),
            format!("file:///{file}"),
            format!("*{file}"),
        ]);
    }
    // From however deep the project stands up to the root.
    for up in UP {
        for file in ["etc/passwd", "etc%2fpasswd", "proc/self/environ"] {
            targets.push(format!("/{}{file}", up.repeat(24)));
            targets.push(format!("/assets/{}{file}", up.repeat(24)));
        }
    }
    targets.extend(
        [
            "/etc/passwd",
            "//etc/passwd",
            "/%2fetc%2fpasswd",
            "/.git/config",
            "/.env",
            "/proc/self/environ",
            "/proc/self/cwd/personary.yaml",
            "/dev/stdin",
        ]
        .map(str::to_owned),
    );
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
            ["okapi", "root:x:", "PATH="]
                .iter()
                .all(|secret| !answer.contains(secret)),
            "{target}: {answer}"
        );
        assert!(!answer.contains("name: Nora"), "{target}: {answer}");
    }
    assert_eq!(server.get("/there.txt").body, "there");
}

/// What somebody may point a link in a project at: a table, settings, front matter. None of it is read.
#[test]
fn no_link_makes_anything_read_what_is_not_of_the_project() {
    let beside = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| {
        let path = beside.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, text).expect("written");
        path
    };
    let table = put(
        "okapi.csv",
        "period,value,okapi\n2026-08,41,okapi\n2026-09,43,okapi\n",
    );
    let words = put(
        "okapi.md",
        "---\nname: okapi\nsummary: okapi\n---\n\nokapi\n",
    );
    let settings = put("okapi.yaml", "title: okapi\ndescription: okapi\n");
    put("mine/templates/persona.html", "okapi");
    put("mine/static/a.css", "okapi");
    put("pages/okapi.md", "# okapi\n");
    let links: [(&str, &std::path::Path); 9] = [
        ("content/kpis/nps.csv", &table),
        ("content/personas/bea-holloway.de.md", &words),
        ("content/personas/bea-holloway.md", &words),
        ("personary.yaml", &settings),
        ("themes", beside.path()),
        ("static/okapi.txt", &words),
        ("content/pages", &beside.path().join("pages")),
        ("CODEOWNERS", &words),
        (
            "content/kpis/nps.csv",
            std::path::Path::new("/proc/self/environ"),
        ),
    ];
    for (path, target) in links {
        let project = Project::repository();
        if path == "themes" {
            let settings = project.read("personary.yaml");
            project.write("personary.yaml", format!("{settings}\ntheme: mine\n"));
        }
        project.commit("Begin");
        let place = project.path(path);
        let _ = std::fs::remove_file(&place).or_else(|_| std::fs::remove_dir_all(&place));
        project.link(path, target);
        project.write(
            "content/terms/new.md",
            "---\nname: New\ndefinition: New.\n---\n",
        );
        let is_told = |text: &str| {
            // The names of what was linked may be told, not what stands in it.
            let text = text.replace("okapi.", "");
            text.contains("okapi") || text.contains("PATH=")
        };
        for arguments in [
            &["check"][..],
            &["build", "-o", "site", "--keep-going"],
            &["diff", "HEAD", "--codeowners"],
        ] {
            let run = project.run(arguments);
            assert!(!is_told(&(run.out.clone() + &run.err)), "{path}: {run:#?}");
        }
        let site = project.files("site").into_iter();
        let telling = site.filter(|(_, bytes)| is_told(&String::from_utf8_lossy(bytes)));
        assert_eq!(
            telling.map(|(name, _)| name).collect::<Vec<_>>(),
            [""; 0],
            "{path}"
        );
    }
}

/// A page of another site can send these, though it cannot read the answer.
#[test]
fn bodies_that_nobody_wants_take_nothing_for_good() {
    let server = Server::start(&Project::sample(), &[]);
    let held = || {
        let folder = format!("/proc/{}/fd", server.process());
        std::fs::read_dir(folder).expect("it runs").count()
    };
    server.get("/");
    let before = held();
    for length in [20 << 20, 900 << 20] {
        for _ in 0..40 {
            let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("connected");
            let request = format!(
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\nxyz"
            );
            stream.write_all(request.as_bytes()).expect("asked");
        }
    }
    let begun = std::time::Instant::now();
    while held() > before + 8 {
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "{} descriptors, {before} before",
            held()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    let long = format!(
        "GET /__personary/events?route=/{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "x".repeat(1 << 20)
    );
    assert!(!said_to(&server, long.as_bytes()).starts_with("HTTP/1.1 200"));
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
        // Two requests after each other, the second in the name of another.
        format!("POST / HTTP/1.1\r\n{own}\r\nContent-Length: 0\r\n\r\n{second}"),
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

/// A proxy may pass on as one request what the preview takes for two: then somebody else gets the
/// answer to the second. Its page is one that a request of its own would get.
#[test]
fn no_request_is_hidden_in_another() {
    let project = Project::sample();
    let server = Server::start(&project, &[]);
    let hidden = "GET /personas/nora-lind/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let length = hidden.len();
    let is_shown = |head: &str, body: &str| {
        let request = format!("{head}\r\nHost: localhost\r\n{body}");
        said_to(&server, request.as_bytes()).contains("Nora Lind</h1>")
    };
    // Otherwise the page would be looked for in vain.
    assert!(is_shown("GET /personas/nora-lind/ HTTP/1.1", "\r\n"));
    for fields in [
        "Content-Length: 3\r\nTransfer-Encoding: chunked".to_owned(),
        "Transfer-Encoding: chunked\r\nContent-Length: 3".to_owned(),
        "Transfer-Encoding: xchunked".to_owned(),
        "Transfer-Encoding: chunked, identity".to_owned(),
        "Transfer-Encoding: identity, chunked".to_owned(),
        "Transfer-Encoding : chunked".to_owned(),
        "Transfer-Encoding:\tchunked\r\nContent-Length: 3".to_owned(),
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow".to_owned(),
        " Transfer-Encoding: chunked".to_owned(),
        "X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 3".to_owned(),
        "Content-Length: 1\r\nContent-Length: 60".to_owned(),
        format!("Content-Length: 0\r\nContent-Length: {length}"),
        format!("Content-Length: {length}\r\nContent-Length: 0"),
        format!("Content-Length: 0, {length}"),
        format!("Content-Length: +{length}"),
        format!("Content-Length: {length}"),
        format!("Content-Length:{length}"),
        format!("Content-Length : {length}"),
        format!("content-length: 0{length}"),
        "Content-Length: -1".to_owned(),
        "Content-Length: 0x0".to_owned(),
        "Content-Length: 0\r\nTransfer-Encoding: chunked".to_owned(),
        "Content-Length: 1e2".to_owned(),
        "Content-Length:".to_owned(),
        "Content-Length: 18446744073709551616".to_owned(),
        "Content-Length: 18446744073709551619".to_owned(),
        "Expect: 100-continue\r\nContent-Length: 100".to_owned(),
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nContent-Length: 100".to_owned(),
    ] {
        for method in ["GET", "POST", "HEAD", "OPTIONS"] {
            for chunk in ["", "0\r\n\r\n", "1\r\nx\r\n0\r\n\r\n"] {
                let head = format!("{method} /x HTTP/1.1");
                let body = format!("{fields}\r\n\r\n{chunk}{hidden}");
                assert!(!is_shown(&head, &body), "{head} {fields:?} {chunk:?}");
            }
        }
    }
}

#[test]
fn a_stream_of_events_is_for_pages_of_the_preview() {
    let project = Project::sample();
    project.write("outside.txt", "okapi");
    let server = Server::start(&project, &[]);
    let begins = |target: &str, fields: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("connected");
        let patience = Some(Duration::from_secs(20));
        stream.set_read_timeout(patience).expect("set");
        let request = format!("GET {target} HTTP/1.1\r\n{fields}\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("asked");
        let mut answer = [0; 2048];
        let length = stream.read(&mut answer).expect("answered");
        String::from_utf8_lossy(&answer[..length]).into_owned()
    };
    let events = "/__personary/events?route=";
    for route in [
        "../outside.txt%00",
        "/../outside.txt",
        "%2foutside.txt",
        "file:///etc/passwd",
    ] {
        let answer = begins(&format!("{events}{route}"), "Host: localhost");
        assert!(
            !answer.contains("okapi") && !answer.contains("root:x:"),
            "{route}: {answer}"
        );
    }
    let answer = begins(&format!("{events}/"), "Host: evil.example");
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    let fields = "Host: localhost\r\nOrigin: https://evil.example";
    let answer = begins(&format!("{events}/"), fields).to_lowercase();
    assert!(!answer.contains("access-control-"), "{answer}");
    assert!(
        answer.contains("cross-origin-resource-policy: same-origin") || answer.contains(" 403 "),
        "{answer}"
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

// ---- files beside texts

#[test]
fn a_file_beside_a_text_runs_nothing_on_the_site() {
    let project = Project::sample();
    let still = "<svg xmlns=\"http://www.w3.org/2000/svg\"><rect width=\"9\" height=\"9\"/></svg>";
    let active = still.replace("<rect", "<script>alert(1)</script><rect");
    let files = [
        "x.html",
        "x.js",
        "sw.js",
        "x.css",
        "web.config",
        "CNAME",
        "x.xml",
        "active.svg",
    ];
    for name in files {
        project.write(&format!("content/pages/{name}"), &active);
    }
    project.write("content/pages/still.svg", still);
    project.write("content/pages/x.pdf", "x");
    project.write(
        "content/pages/look.md",
        "# Look\n\n![A](active.svg) ![B](still.svg) [C](x.pdf)\n",
    );
    let server = Server::start(&project, &[]);
    let run = project.run(&["check"]);
    project.run(&["build", "-o", "site", "--keep-going"]);
    for name in files {
        assert_eq!(server.get(&format!("/pages/{name}")).status, 404, "{name}");
        assert!(!project.has(&format!("site/pages/{name}")), "{name}");
        let told = "warning[unpublished-file]";
        let place = format!("content/pages/{name}");
        assert!(
            run.out.contains(told) && run.out.contains(&place),
            "{name}: {run:#?}"
        );
    }
    for name in ["still.svg", "x.pdf"] {
        assert_eq!(server.get(&format!("/pages/{name}")).status, 200, "{name}");
        assert!(project.has(&format!("site/pages/{name}")), "{name}");
    }
    // It follows what becomes of a drawing.
    project.write("content/pages/still.svg", &active);
    server.until(SOON, "/pages/still.svg", |answer| answer.status == 404);
    project.write("content/pages/active.svg", still);
    server.until(SOON, "/pages/active.svg", |answer| answer.status == 200);
    let page = server.get("/pages/look/").body;
    assert!(
        page.contains("active.svg") && page.contains("x.pdf"),
        "{page}"
    );
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
    std::fs::write(beside.path().join("persona.html"), "okapi").expect("written");
    project.link("themes/mine/templates", beside.path());
    project.write("personary.yaml", "title: T\ntheme: mine\n");
    let in_site = |project: &Project| {
        let files = project.files("public").into_iter();
        let telling = files.filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("okapi"));
        telling.map(|(name, _)| name).collect::<Vec<_>>()
    };
    project.run(&["build", "--keep-going"]).never("okapi");
    assert!(!project.has("public/assets/b.css"));
    assert_eq!(in_site(&project), [""; 0]);
    // Nor a link in the place of one template.
    project.remove("themes/mine/templates");
    std::fs::create_dir(project.path("themes/mine/templates")).expect("a folder");
    let template = beside.path().join("persona.html");
    project.link("themes/mine/templates/persona.html", template);
    project.run(&["build", "--keep-going"]).never("okapi");
    assert_eq!(in_site(&project), [""; 0]);
    // A template of that name is used where it is a file.
    project.remove("themes/mine/templates/persona.html");
    project.write("themes/mine/templates/persona.html", "okapi");
    project.run(&["build", "--keep-going"]);
    assert!(!in_site(&project).is_empty());
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
