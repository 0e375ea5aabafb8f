//! Server-sent events: how the preview tells open pages that something changed.
//!
//! In: pages that subscribe with their route, and events to send. Out: one text stream a page.
//! Every stream has a bounded queue and a thread of its own, so a tab that does not read never
//! delays the sender: when its queue is full the tab is dropped, and it comes back by itself.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// Events a stream may lag behind.
const QUEUE: usize = 64;
/// More streams than there is room for and the oldest, most likely a page left behind, makes room.
const MAX_STREAMS: usize = 2048;
/// What a stream and its successor, when the page is loaded again, take of open files.
const DESCRIPTORS: usize = 4;
/// A write is the only way to notice that the other side is gone.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// The open streams. Share it behind an [`Arc`].
#[derive(Debug)]
pub struct Hub {
    state: Mutex<State>,
    room: usize,
}

#[derive(Debug, Default)]
struct State {
    streams: Vec<Stream>,
    closed: bool,
}

#[derive(Debug)]
struct Stream {
    route: Arc<str>,
    queue: SyncSender<Arc<str>>,
    alive: Weak<()>,
}

impl Hub {
    /// A hub without streams, in a process that may have so many files and connections open.
    pub fn new(descriptors: usize) -> Self {
        Self {
            state: Mutex::default(),
            room: (descriptors / DESCRIPTORS).clamp(1, MAX_STREAMS),
        }
    }

    /// Opens a stream for a page at `route`. What is sent from now on is queued for it.
    pub fn subscribe(&self, route: &str) -> Subscription {
        let (queue, receiver) = sync_channel(QUEUE);
        let alive = Arc::new(());
        let mut state = self.state();
        if !state.closed {
            state.forget_the_dead();
            if state.streams.len() >= self.room {
                state.streams.remove(0);
            }
            let (route, alive) = (Arc::from(route), Arc::downgrade(&alive));
            state.streams.push(Stream {
                route,
                queue,
                alive,
            });
        }
        Subscription {
            first: String::new(),
            receiver,
            heartbeat: HEARTBEAT,
            _alive: alive,
        }
    }

    /// The distinct routes that have a page open, sorted.
    pub fn routes(&self) -> Vec<String> {
        let mut state = self.state();
        state.forget_the_dead();
        let routes: BTreeSet<&str> = state.streams.iter().map(|stream| &*stream.route).collect();
        routes.into_iter().map(str::to_owned).collect()
    }

    /// Sends an event to the pages at `route`.
    pub fn send_to(&self, route: &str, event: &str, data: &str) {
        self.send(event, data, |stream| &*stream.route == route);
    }

    /// Sends an event to every page.
    pub fn broadcast(&self, event: &str, data: &str) {
        self.send(event, data, |_| true);
    }

    /// Ends all streams, after what is queued for them, and every later one at once.
    pub fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.streams.clear();
    }

    fn send(&self, event: &str, data: &str, wanted: impl Fn(&Stream) -> bool) {
        let message: Arc<str> = message(event, data).into();
        self.state().streams.retain(|stream| {
            !wanted(stream) || stream.queue.try_send(Arc::clone(&message)).is_ok()
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget_the_dead(&mut self) {
        self.streams
            .retain(|stream| stream.alive.strong_count() > 0);
    }
}

/// One page's stream, to be handed to the server as the answer to its request.
#[derive(Debug)]
pub struct Subscription {
    first: String,
    receiver: Receiver<Arc<str>>,
    heartbeat: Duration,
    _alive: Arc<()>,
}

impl Subscription {
    /// Puts an event before all others of this stream: what the page must know on arrival.
    #[must_use]
    pub fn first(mut self, event: &str, data: &str) -> Self {
        self.first.push_str(&message(event, data));
        self
    }

    /// Writes the response, head included, until the hub drops the stream or the page is gone.
    pub(super) fn write_to(self, out: &mut impl Write) -> io::Result<()> {
        let mut text = format!("{HEAD}retry: 300\n\n{}", self.first);
        loop {
            while let Ok(message) = self.receiver.try_recv() {
                text.push_str(&message);
            }
            out.write_all(text.as_bytes())?;
            out.flush()?;
            text.clear();
            match self.receiver.recv_timeout(self.heartbeat) {
                Ok(message) => text.push_str(&message),
                Err(RecvTimeoutError::Timeout) => text.push_str(":\n\n"),
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }
}

/// The head of the response.
pub(super) const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
     X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n";

/// An event in the wire format; a line break in the data would end it, so every line is a field.
fn message(event: &str, data: &str) -> String {
    let event = event.split(['\r', '\n']).next().unwrap_or_default();
    let mut text = format!("event: {event}\n");
    for line in data.replace("\r\n", "\n").split(['\r', '\n']) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "data: {line}");
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    const ROOM: usize = 200;

    fn read(subscription: Subscription) -> String {
        let mut out = Vec::new();
        subscription.write_to(&mut out).expect("writing to memory");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn data_of_several_lines_stays_one_event() {
        assert_eq!(
            message("page", "a\nb\r\nc\rd"),
            "event: page\ndata: a\ndata: b\ndata: c\ndata: d\n\n"
        );
        assert_eq!(message("a\nevent: b", ""), "event: a\ndata: \n\n");
    }

    #[test]
    fn events_go_to_their_route_in_order() {
        let hub = Hub::new(ROOM * DESCRIPTORS);
        let home = hub.subscribe("/").first("hello", "1");
        let other = hub.subscribe("/other/");
        assert_eq!(hub.routes(), ["/", "/other/"]);
        hub.send_to("/", "page", "2");
        hub.broadcast("style", "3");
        hub.close();
        let text = read(home);
        assert!(text.starts_with(HEAD), "{text}");
        let events = "retry: 300\n\nevent: hello\ndata: 1\n\nevent: page\ndata: 2\n\nevent: style\ndata: 3\n\n";
        assert!(text.ends_with(events), "{text}");
        assert!(!read(other).contains("event: page"));
        assert!(read(hub.subscribe("/")).ends_with("retry: 300\n\n"));
    }

    #[test]
    fn a_stream_that_does_not_read_is_dropped_and_delays_nobody() {
        let hub = Hub::new(ROOM * DESCRIPTORS);
        let stuck = hub.subscribe("/stuck/");
        let gone = hub.subscribe("/gone/");
        drop(gone);
        assert_eq!(hub.routes(), ["/stuck/"]);
        for _ in 0..=QUEUE {
            hub.broadcast("page", "x");
        }
        assert!(hub.routes().is_empty());
        drop(stuck);
        let streams: Vec<_> = (0..=ROOM).map(|n| hub.subscribe(&n.to_string())).collect();
        assert_eq!(hub.routes().len(), ROOM);
        assert!(!hub.routes().contains(&"0".to_owned()));
        drop(streams);
    }

    #[test]
    fn a_quiet_stream_beats() {
        let hub = Hub::new(ROOM * DESCRIPTORS);
        let mut quiet = hub.subscribe("/");
        quiet.heartbeat = Duration::from_millis(5);
        let reader = thread::spawn(move || read(quiet));
        thread::sleep(Duration::from_millis(100));
        hub.close();
        assert!(reader.join().expect("no panic").ends_with("\n\n:\n\n"));
    }
}
