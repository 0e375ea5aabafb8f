//! The preview's web server: what comes between a browser and the routes.
//!
//! In: connections. Out: a [`Get`] to an [`App`], and the [`Reply`] of the app to the browser.
//! It stands on `tiny_http`, which leaves five things to us:
//!
//! 1. **Its thread pool counts a thread as idle until that thread wakes up**, so of a burst of
//!    connections some are queued behind threads that then block on a quiet client. We answer with
//!    `Connection: close`, so that threads come free; and [`Server::run`] *pulses*: it opens and
//!    closes a connection of its own every now and then. When all threads are stuck, that makes
//!    the pool start one more, which goes on to empty the queue.
//! 2. **It sets no timeouts.** Those of a listening socket pass on to the sockets it accepts, so
//!    we set them there ([`socket`]). The pulse also keeps `accept` from timing out.
//! 3. **It reads an unread body on drop, into a buffer as large as the client says.** A body
//!    that is too large is never read and never dropped ([`reply`]).
//! 4. **It stops accepting after the first failure**, such as too many open files. Then another
//!    one takes over the port ([`Server::revive`]).
//! 5. **It goes on to read a connection where it takes a body to end**, which others may see
//!    differently. After a request that announces a body nothing on its connection is answered
//!    ([`Spent`]).
//!
//! Workers only think; every answer is written by a thread of its own, for as long as it takes.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Builder, Scope};
use std::time::{Duration, Instant};

pub use reply::Reply;
pub use target::Get;

use reply::{Answer, Spent, is_oversized};

mod reply;
mod socket;
mod target;
#[cfg(test)]
mod tests;

/// Threads that run the app.
const WORKERS: usize = 4;
/// Ports tried after a busy one.
const PORTS: u16 = 50;
/// How long a connection may say nothing. An event stream needs its reading half no longer.
const READ_TIMEOUT: Duration = Duration::from_secs(5);
/// The pause between pulses: short while requests come in, then an eighth of the silence.
const PULSE: Duration = Duration::from_millis(20);
const PULSE_AT_REST: Duration = Duration::from_millis(100);
/// Unanswered pulses kept in view.
const PULSES: usize = 10;
/// How long to wait before accepting again.
const RECOVERY: Duration = Duration::from_millis(500);
/// A pulse that is not taken for so long means that nobody accepts any more.
const PULSE_LOST: Duration = Duration::from_secs(3);

/// What answers the requests.
pub trait App: Sync {
    /// Answers a request. Runs on several threads at once; a panic is answered as an error page.
    fn respond(&self, request: &Get) -> Reply;
}

/// A server that holds its port; [`run`](Self::run) answers.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    hosts: target::Hosts,
    shared: Arc<Shared>,
}

struct Shared {
    stop: AtomicBool,
    front: Mutex<Arc<Front>>,
    last_use: Mutex<Instant>,
    wake: Condvar,
    spent: Spent,
}

/// One `tiny_http` server. There is one at a time, unless its accepting thread fails.
struct Front {
    http: tiny_http::Server,
    dead: AtomicBool,
}

/// Ends [`Server::run`] from another thread.
#[derive(Clone)]
pub struct StopHandle(Arc<Shared>);

impl StopHandle {
    /// Takes no more requests; those under way are answered. Event streams end with their hub.
    pub fn stop(&self) {
        self.0.stop.store(true, Ordering::SeqCst);
        lock(&self.0.front).unblock();
        // Under the lock, so that the pulse does not miss it between looking and waiting.
        let _guard = lock(&self.0.last_use);
        self.0.wake.notify_all();
    }
}

impl Front {
    fn open(listener: &TcpListener) -> io::Result<Arc<Self>> {
        let listener = listener.try_clone()?;
        let http = tiny_http::Server::from_listener(listener, None).map_err(io::Error::other)?;
        Ok(Arc::new(Self {
            http,
            dead: AtomicBool::new(false),
        }))
    }

    fn unblock(&self) {
        for _ in 0..WORKERS {
            self.http.unblock();
        }
    }
}

impl Server {
    /// Listens on `host` at `port`, or at the next free one when it is busy; 0 takes any.
    pub fn bind(host: &str, port: u16) -> io::Result<Self> {
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let last = if port == 0 {
            0
        } else {
            port.saturating_add(PORTS)
        };
        let mut failure = None;
        for port in port..=last {
            match socket::listen(name, port) {
                Ok(listener) => return Self::on(listener, host),
                Err(error) => {
                    let busy = error.kind() == ErrorKind::AddrInUse;
                    failure.get_or_insert((error, port));
                    if !busy {
                        break;
                    }
                }
            }
        }
        let (error, port) = failure.unwrap_or((ErrorKind::AddrInUse.into(), port));
        Err(io::Error::new(
            error.kind(),
            format!("cannot listen on {host}, port {port}: {error}"),
        ))
    }

    fn on(listener: TcpListener, host: &str) -> io::Result<Self> {
        let listener = socket::with_timeouts(listener, READ_TIMEOUT)?;
        let shared = Shared {
            stop: AtomicBool::new(false),
            front: Mutex::new(Front::open(&listener)?),
            last_use: Mutex::new(Instant::now()),
            wake: Condvar::new(),
            spent: Spent::default(),
        };
        let (address, hosts) = (listener.local_addr()?, target::Hosts::new(host));
        Ok(Self {
            listener,
            address,
            hosts,
            shared: Arc::new(shared),
        })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What ends [`run`](Self::run).
    pub fn stop_handle(&self) -> StopHandle {
        StopHandle(Arc::clone(&self.shared))
    }

    /// Answers requests until it is stopped.
    pub fn run(&self, app: &dyn App) {
        thread::scope(|scope| {
            self.work(scope, &self.front(), app);
            let mut pulses: Vec<TcpStream> = Vec::new();
            let (mut answered, mut unanswered) = (Instant::now(), 0);
            while self.rest() {
                let before = pulses.len();
                pulses.retain(|pulse| !socket::is_over(pulse));
                let fresh = socket::pulse(self.address, RECOVERY);
                let refused = fresh.as_ref().is_err_and(socket::is_timeout);
                if pulses.len() < before || before == 0 && !refused {
                    (answered, unanswered) = (Instant::now(), 0);
                } else {
                    unanswered += 1;
                }
                pulses.truncate(PULSES - 1);
                pulses.extend(fresh);
                // Both: the clock alone also runs while the process or the machine sleeps.
                if answered.elapsed() > PULSE_LOST && unanswered > PULSES {
                    pulses.clear();
                    (answered, unanswered) = (Instant::now(), 0);
                    self.revive(scope, &self.front(), app);
                }
            }
        });
    }

    /// Starts the workers of a front.
    fn work<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        front: &Arc<Front>,
        app: &'scope dyn App,
    ) {
        for _ in 0..WORKERS {
            let front = Arc::clone(front);
            scope.spawn(move || {
                let mut patience = READ_TIMEOUT;
                while !self.stopped() {
                    // A dead front may still hold connections that it accepted earlier.
                    let request = if front.dead.load(Ordering::SeqCst) {
                        front.http.recv_timeout(PULSE)
                    } else {
                        front.http.recv().map(Some)
                    };
                    match request {
                        Ok(Some(request)) => self.handle(request, app),
                        Ok(None) if patience.is_zero() => return,
                        Ok(None) => patience = patience.saturating_sub(PULSE),
                        Err(_) if self.stopped() => return,
                        Err(_) => self.revive(scope, &front, app),
                    }
                }
            });
        }
    }

    /// Lets a new front take over the port from one that accepts no more.
    fn revive<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        front: &Arc<Front>,
        app: &'scope dyn App,
    ) {
        if front.dead.swap(true, Ordering::SeqCst) {
            return;
        }
        front.unblock();
        while !self.stopped() {
            thread::sleep(RECOVERY);
            if let Ok(fresh) = Front::open(&self.listener) {
                *lock(&self.shared.front) = Arc::clone(&fresh);
                self.work(scope, &fresh, app);
                return;
            }
        }
    }

    /// Has the app answer, and the answer written.
    fn handle(&self, request: tiny_http::Request, app: &dyn App) {
        let was_quiet = {
            let mut last_use = lock(&self.shared.last_use);
            std::mem::replace(&mut *last_use, Instant::now()).elapsed() > PULSE * 16
        };
        if was_quiet {
            self.shared.wake.notify_all();
        }
        let reply = self.accept(&request).map_or_else(
            |refusal| refusal,
            |get| {
                catch_unwind(AssertUnwindSafe(|| app.respond(&get))).unwrap_or_else(|_| {
                    Reply::text(500, "Rendering this page failed; the terminal says why.\n")
                })
            },
        );
        let answer = Answer::new(request, reply);
        let shared = Arc::clone(&self.shared);
        // The client may be gone, or there is no thread to be had: nothing is left to tell anyone.
        let _ = Builder::new()
            .name("answer".into())
            .spawn(move || answer.send(&shared.spent));
    }

    /// The request, or the reply that refuses it.
    fn accept(&self, request: &tiny_http::Request) -> Result<Get, Reply> {
        use tiny_http::Method;
        let mut hosts = request
            .headers()
            .iter()
            .filter(|header| header.field.equiv("Host"));
        let host = hosts.next().map(|header| header.value.as_str());
        if hosts.next().is_some() || !host.is_some_and(|host| self.hosts.allow(host)) {
            let name = target::bare(host.unwrap_or_default());
            return Err(Reply::text(
                403,
                format!(
                    "The preview does not answer under the name \"{name}\", to keep other web sites from reading it.\n\
                 Open http://localhost:{}/, or start it with --host and this name.\n",
                    self.address.port()
                ),
            ));
        }
        if !matches!(request.method(), Method::Get | Method::Head) {
            return Err(Reply::text(405, "Only GET and HEAD are answered here.\n"));
        }
        if is_oversized(request) {
            return Err(Reply::text(413, "A request needs no body here.\n"));
        }
        Get::parse(request.url())
            .ok_or_else(|| Reply::text(400, "This is not the address of a page.\n"))
    }

    /// Waits for the next pulse; `false` when the server is stopped.
    fn rest(&self) -> bool {
        let last_use = lock(&self.shared.last_use);
        if !self.stopped() {
            let pause = (last_use.elapsed() / 8).clamp(PULSE, PULSE_AT_REST);
            drop(self.shared.wake.wait_timeout(last_use, pause));
        }
        !self.stopped()
    }

    fn front(&self) -> Arc<Front> {
        Arc::clone(&lock(&self.shared.front))
    }

    fn stopped(&self) -> bool {
        self.shared.stop.load(Ordering::SeqCst)
    }
}

/// Whether a server that listens on `own` answers to the `Host` header `host`.
#[cfg(any(test, fuzzing))]
pub(crate) fn is_allowed(own: &str, host: &str) -> bool {
    target::Hosts::new(own).allow(host)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
