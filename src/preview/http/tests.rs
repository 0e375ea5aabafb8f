use std::io::{Read, Write};

use super::*;
use crate::preview::events::Hub;

/// A page with its path, `/big/` larger than any socket buffer, `/panic/` and the event stream.
struct Site(Hub);

impl App for Site {
    fn respond(&self, request: &Get) -> Reply {
        match &*request.path {
            "/events" => Reply::Events(self.0.subscribe(request.query("route").unwrap_or("/"))),
            "/big/" => Reply::file(200, "text/plain", vec![b'x'; 16 << 20]),
            // Without the message and backtrace that `panic!` prints.
            "/panic/" => std::panic::resume_unwind(Box::new(())),
            "/moved/" => Reply::redirect("/neu/ä\r\nX-Evil: 1"),
            path => Reply::html(200, format!("{path}{}", "-".repeat(8000))),
        }
    }
}

/// Runs `test` against a server.
fn with_server(test: impl FnOnce(&Server, &Site)) {
    let (server, site) = (
        Server::bind("127.0.0.1", 0).expect("a free port"),
        Site(Hub::new(1000)),
    );
    thread::scope(|scope| {
        scope.spawn(|| server.run(&site));
        let result = catch_unwind(AssertUnwindSafe(|| test(&server, &site)));
        server.stop_handle().stop();
        site.0.close();
        result.expect("the test failed");
    });
}

fn send(server: &Server, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(2)))
        .expect("a timeout");
    stream.write_all(text.as_bytes()).expect("sent");
    stream
}

/// What comes until the length of the body is reached; a timeout of 2 s fails.
fn receive(mut stream: impl Read) -> String {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 8192]);
    loop {
        let text = String::from_utf8_lossy(&bytes);
        let interim = text
            .starts_with("HTTP/1.1 100")
            .then(|| text.find("\r\n\r\n"))
            .flatten();
        let text = &text[interim.map_or(0, |end| end + 4)..];
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("Content-Length: "));
            if length.is_some_and(|length| body.len() >= length.parse::<usize>().expect("a number"))
            {
                return text.to_owned();
            }
        }
        let read = stream
            .read(&mut chunk)
            .unwrap_or_else(|error| panic!("{error} after {text:?}"));
        assert!(read > 0, "closed early: {text}");
        bytes.extend_from_slice(&chunk[..read]);
    }
}

fn get(server: &Server, path: &str) -> String {
    receive(send(
        server,
        &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n"),
    ))
}

/// `loads` page loads of a document and six assets over parallel connections, beside open event
/// streams and connections that say nothing. Returns the slowest answer.
fn load(server: &Server, loads: usize) -> Duration {
    let streams: Vec<_> = (0..8)
        .map(|n| {
            send(
                server,
                &format!("GET /events?route=/{n}/ HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            )
        })
        .collect();
    let mut slowest = Duration::ZERO;
    for _ in 0..loads {
        let silent: Vec<_> = (0..2).map(|_| send(server, "")).collect();
        let timed = |path: &str| {
            let start = Instant::now();
            assert!(get(server, path).contains(path));
            start.elapsed()
        };
        slowest = slowest.max(timed("/"));
        thread::scope(|scope| {
            let assets: Vec<_> = (0..6)
                .map(|n| scope.spawn(move || timed(&format!("/asset{n}"))))
                .collect();
            for asset in assets {
                slowest = slowest.max(asset.join().expect("an asset"));
            }
        });
        drop(silent);
    }
    drop(streams);
    slowest
}

#[test]
fn open_streams_and_silent_connections_hold_nobody_up() {
    with_server(|server, _| assert!(load(server, 500) < Duration::from_secs(2)));
}

#[test]
fn a_declared_body_never_ends_the_process() {
    with_server(|server, _| {
        for length in [
            "18446744073709551615",
            "99999999999999999999",
            "1000000000000000",
            "100000000",
            "9",
            "x",
        ] {
            for method in ["POST", "GET"] {
                let mut stream = send(
                    server,
                    &format!(
                        "{method} / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n123456789"
                    ),
                );
                let answer = receive(&mut stream);
                let expected = match (method, length) {
                    ("POST", _) => "HTTP/1.1 405",
                    (_, "18446744073709551615" | "1000000000000000" | "100000000") => {
                        "HTTP/1.1 413"
                    }
                    _ => "HTTP/1.1 200",
                };
                assert!(answer.starts_with(expected), "{method} {length}: {answer}");
            }
        }
        let mut chunked = send(
            server,
            "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
        );
        assert!(receive(&mut chunked).contains("Allow: GET, HEAD"));
        chunked.write_all(b"ffffffffffffffff\r\nabc").expect("sent");
        // The announced body never comes: only this connection waits.
        let stuck = send(
            server,
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n",
        );
        assert!(get(server, "/after").contains("/after"));
        drop(stuck);
    });
}

#[test]
fn only_known_hosts_and_plain_paths() {
    with_server(|server, _| {
        let ask = |request: &str| receive(send(server, &format!("GET {request}\r\n\r\n")));
        assert!(ask("/ HTTP/1.1\r\nHost: evil.example").starts_with("HTTP/1.1 403"));
        assert!(ask("/ HTTP/1.1").starts_with("HTTP/1.1 403"));
        assert!(
            ask("/ HTTP/1.1\r\nHost: localhost\r\nHost: evil.example").starts_with("HTTP/1.1 403")
        );
        for path in [
            "/../x",
            "/%2e%2e%2fx",
            "/%00",
            "//etc",
            "/%5c",
            "http://localhost/",
        ] {
            assert!(get(server, path).starts_with("HTTP/1.1 400"), "{path}");
        }
        let moved = get(server, "/moved/");
        assert!(
            moved.contains("\r\nLocation: /neu/%C3%A4%0D%0AX-Evil:%201\r\n"),
            "{moved}"
        );
    });
}

#[test]
fn head_has_no_body() {
    with_server(|server, site| {
        let mut text = String::new();
        let request = "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        send(server, request)
            .read_to_string(&mut text)
            .expect("an answer");
        assert!(
            text.contains("Content-Length: 8001\r\n") && text.ends_with("\r\n\r\n"),
            "{text}"
        );
        text.clear();
        let request = request.replace("/ ", "/events ");
        send(server, &request)
            .read_to_string(&mut text)
            .expect("an answer");
        assert!(text.contains("text/event-stream") && site.0.routes().is_empty());
    });
}

#[test]
fn an_event_arrives_at_once_and_streams_end_with_the_hub() {
    with_server(|server, site| {
        let mut stream = send(
            server,
            "GET /events?route=/a/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        );
        let mut text = String::new();
        while !text.contains("retry") {
            let mut chunk = [0; 1024];
            let read = stream.read(&mut chunk).expect("the head");
            text.push_str(&String::from_utf8_lossy(&chunk[..read]));
        }
        let start = Instant::now();
        site.0.send_to("/a/", "page", "1");
        site.0.close();
        stream
            .read_to_string(&mut text)
            .expect("the end of the stream");
        assert!(text.ends_with("event: page\ndata: 1\n\n"), "{text}");
        assert!(start.elapsed() < Duration::from_millis(500));
    });
}

#[test]
fn clients_that_do_not_read_and_apps_that_panic_hold_nobody_up() {
    with_server(|server, _| {
        let request = "GET /big/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let lazy: Vec<_> = (0..2 * WORKERS).map(|_| send(server, request)).collect();
        // Answers that wait behind a stream on the same connection.
        let stream = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let pipelined = send(
            server,
            &format!(
                "{stream}{}",
                request.replace("/big/", "/").repeat(2 * WORKERS)
            ),
        );
        for _ in 0..2 * WORKERS {
            assert!(get(server, "/panic/").starts_with("HTTP/1.1 500"));
        }
        assert!(get(server, "/").starts_with("HTTP/1.1 200"));
        drop((lazy, pipelined));
    });
}

#[test]
fn another_front_takes_over_from_a_dead_one() {
    let (server, site) = (
        Server::bind("127.0.0.1", 0).expect("a free port"),
        Site(Hub::new(1000)),
    );
    thread::scope(|scope| {
        scope.spawn(|| server.run(&site));
        assert!(get(&server, "/").starts_with("HTTP/1.1 200"));
        let old = server.front();
        server.revive(scope, &old, &site);
        assert!(!Arc::ptr_eq(&old, &server.front()));
        drop(old);
        for _ in 0..10 {
            assert!(get(&server, "/").starts_with("HTTP/1.1 200"));
        }
        server.stop_handle().stop();
    });
}

#[test]
fn a_busy_port_gives_the_next_one() {
    let first = Server::bind("localhost", 0).expect("a free port");
    let second = Server::bind("localhost", first.address().port()).expect("another port");
    assert!(first.address().ip().is_loopback() && second.address().port() > first.address().port());
    let error = Server::bind("no-such-host.invalid", 1)
        .err()
        .expect("a failure");
    assert!(
        error.to_string().contains("no-such-host.invalid"),
        "{error}"
    );
}
