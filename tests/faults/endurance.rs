//! A day's worth of saves, and a crowd before the preview.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::fixture::{NORA, Project};
use crate::machine::{self, Held, Over, percentile};
use crate::server::Server;

const PAGE: &str = "/personas/nora-lind/";
const SOON: Duration = Duration::from_secs(20);

#[test]
fn many_saves() {
    saves(500);
}

#[test]
#[ignore = "long: twenty minutes"]
fn many_saves_long() {
    saves(machine::count(50_000));
}

/// Saves as editors do: in place, by a new file in the old one's place, and now and then files
/// that come and go, or settings. After a tenth the preview holds all that it ever will.
fn saves(count: usize) {
    let project = Project::repository();
    project.write(NORA, crate::fixture::persona("nora-lind", ""));
    let server = Server::start(&project, &["--drafts"]);
    let text = project.read(NORA);
    let settings = project.read("personary.yaml");
    let mut tab = tab(&server, PAGE);
    let mut warm = None;
    let begun = Instant::now();
    for n in 1..=count {
        let next = text.replace("The text", &format!("The text of save {n}"));
        match n % 4 {
            0 => {
                project.write("content/personas/.nora.tmp", next);
                project.rename("content/personas/.nora.tmp", NORA);
            }
            1 => {
                // The file before and after, as some editors leave it.
                project.remove(NORA).write(NORA, next);
            }
            _ => {
                project.write(NORA, next);
            }
        }
        match n % 50 {
            10 => {
                project.write("content/pages/come/here.md", "# Here\n");
            }
            20 => std::fs::remove_dir_all(project.path("content/pages/come")).expect("removed"),
            30 => {
                project.write(NORA, "---\nname: [\n---\n");
                project.write(
                    NORA,
                    text.replace("The text", &format!("The text of save {n}")),
                );
            }
            40 => {
                project.write("personary.yaml", format!("{settings}# {n}\n"));
            }
            _ => {}
        }
        let wanted = format!("The text of save {n} about");
        server.until(SOON, PAGE, |page| page.body.contains(&wanted));
        // A browser reads what it is told.
        drain(&mut tab);
        if n == count / 10 {
            warm = Some(Held::by(server.process()));
        }
    }
    let took = begun.elapsed();
    let (warm, end) = (warm.expect("warm"), Held::by(server.process()));
    println!(
        "{count} saves in {:.0} s, each shown before the next: {} KiB, {} threads, {} descriptors \
         after a tenth; {} KiB, {} threads, {} descriptors at the end",
        took.as_secs_f64(),
        warm.memory,
        warm.threads,
        warm.descriptors,
        end.memory,
        end.threads,
        end.descriptors,
    );
    // What a thread or an allocator keeps at hand comes and goes.
    assert!(
        end.memory <= warm.memory + warm.memory / 3,
        "{warm:?} {end:?}"
    );
    assert!(end.threads <= warm.threads + 8, "{warm:?} {end:?}");
    assert!(end.descriptors <= warm.descriptors + 16, "{warm:?} {end:?}");
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", server.port)).expect("connected");
    stream.set_read_timeout(Some(SOON)).expect("set");
    stream
}

/// An open tab: a stream of events, of which the first have come.
fn tab(server: &Server, route: &str) -> TcpStream {
    let mut stream = connect(server);
    let request =
        format!("GET /__personary/events?route={route} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("asked");
    let mut head = [0; 12];
    stream.read_exact(&mut head).expect("answered");
    assert_eq!(&head, b"HTTP/1.1 200");
    stream.set_nonblocking(true).expect("set");
    stream
}

/// Takes what has come; whether more may come.
fn drain(stream: &mut TcpStream) -> bool {
    let mut bytes = [0; 1 << 14];
    loop {
        match stream.read(&mut bytes) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == ErrorKind::WouldBlock,
        }
    }
}

/// Who stands before the preview.
struct Crowd {
    tabs: usize,
    half_open: usize,
    slow: usize,
}

#[test]
fn a_crowd() {
    crowd(
        &Crowd {
            tabs: 200,
            half_open: 60,
            slow: 10,
        },
        200,
    );
}

#[test]
#[ignore = "long: a minute"]
fn a_crowd_long() {
    crowd(
        &Crowd {
            tabs: 1000,
            half_open: 300,
            slow: 50,
        },
        3000,
    );
}

/// Asks for pages while a crowd is there, of whom nobody goes away: tabs that are dropped come
/// back as browsers do, silent connections that are closed are opened again.
fn crowd(crowd: &Crowd, pages: usize) {
    let project = Project::repository();
    // More than fits into any buffer between the two.
    project.write("static/large.bin", vec![b'x'; 16 << 20]);
    let server = Server::start(&project, &[]);
    let routes = [
        "/",
        "/personas/",
        "/journeys/",
        "/kpis/",
        "/search/index.json",
        "/assets/style.css",
    ];
    let alone = times(&server, &routes, pages.min(300));
    let over = AtomicBool::new(false);
    let (mut taken, mut most) = (Vec::new(), Held::by(server.process()));
    thread::scope(|scope| {
        let _end = Over(&over);
        let (server, over) = (&server, &over);
        let tabs: Vec<_> = (0..crowd.tabs)
            .map(|n| tab(server, routes[n % 4]))
            .collect();
        scope.spawn(move || keep(tabs, over, |n| tab(server, routes[n % 4])));
        let half = move || {
            let mut stream = connect(server);
            stream.write_all(b"GET / HTTP/1.1\r\nHo").expect("begun");
            stream.set_nonblocking(true).expect("set");
            stream
        };
        let silent: Vec<_> = (0..crowd.half_open).map(|_| half()).collect();
        scope.spawn(move || keep(silent, over, |_| half()));
        let lazy: Vec<_> = (0..crowd.slow).map(|_| reader(server)).collect();
        scope.spawn(move || read_slowly(lazy, over));
        for n in 0..pages {
            taken.push(time(server, routes[n % routes.len()]));
            if n % 20 == 0 {
                let now = Held::by(server.process());
                most.threads = most.threads.max(now.threads);
                most.descriptors = most.descriptors.max(now.descriptors);
                most.memory = most.memory.max(now.memory);
            }
            // Somebody saves meanwhile.
            if n % 50 == 25 {
                let title = format!("title: Sumpter {n}\n");
                project.write(
                    "content/pages/saved.md",
                    format!("---\nname: N\n---\n{title}"),
                );
            }
        }
    });
    taken.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "{pages} pages beside {} tabs, {} half-open connections and {} readers of a byte a second: \
         median {:.1} ms, 99th percentile {:.1} ms, slowest {:.1} ms (alone: {:.1} and {:.1}); at \
         most {} threads, {} descriptors, {} KiB",
        crowd.tabs,
        crowd.half_open,
        crowd.slow,
        ms(percentile(&taken, 50)),
        ms(percentile(&taken, 99)),
        ms(percentile(&taken, 100)),
        ms(percentile(&alone, 50)),
        ms(percentile(&alone, 99)),
        most.threads,
        most.descriptors,
        most.memory,
    );
    // Nobody is held up: on a quiet machine that is less than 20 ms. On a busy one, where a page
    // alone takes long, it may be what so many threads cost there.
    let limit = Duration::from_millis(20).max(20 * percentile(&alone, 50));
    assert!(percentile(&taken, 50) < limit, "more than {limit:?}");
    // A connection has a thread that reads and one that answers, at most.
    let all = crowd.tabs + crowd.half_open + crowd.slow;
    assert!(most.threads <= 2 * all + 100, "{most:?}");
    assert!(most.descriptors <= 3 * all + 200, "{most:?}");
    // When they are gone, so is what they took.
    let begun = Instant::now();
    // Ten pulses a second each keep a thread of the pool for five seconds.
    while Held::by(server.process()).threads > 60 {
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "{:?}",
            Held::by(server.process())
        );
        thread::sleep(Duration::from_millis(100));
    }
}

fn time(server: &Server, path: &str) -> Duration {
    let begun = Instant::now();
    let page = server.get(path);
    assert_eq!(page.status, 200, "{path}");
    begun.elapsed()
}

fn times(server: &Server, routes: &[&str], count: usize) -> Vec<Duration> {
    let mut times: Vec<_> = (0..count)
        .map(|n| time(server, routes[n % routes.len()]))
        .collect();
    times.sort_unstable();
    times
}

/// Holds connections, and opens those again that the other side has closed.
fn keep(mut streams: Vec<TcpStream>, over: &AtomicBool, open: impl Fn(usize) -> TcpStream) {
    while !over.load(Ordering::Relaxed) {
        for (n, stream) in streams.iter_mut().enumerate() {
            if !drain(stream) {
                *stream = open(n);
            }
        }
        // As long as a browser waits.
        thread::sleep(Duration::from_millis(300));
    }
}

fn reader(server: &Server) -> TcpStream {
    let mut stream = connect(server);
    stream
        .write_all(b"GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .expect("asked");
    stream.set_nonblocking(true).expect("set");
    stream
}

fn read_slowly(mut streams: Vec<TcpStream>, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        for stream in &mut streams {
            let _ = stream.read(&mut [0]);
        }
        thread::sleep(Duration::from_secs(1));
    }
}
