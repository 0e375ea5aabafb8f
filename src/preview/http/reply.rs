//! Answers, and how they are written.
//!
//! In: a request and the [`Reply`] to it. Out: bytes to the browser.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{self, Read as _, Write};
use std::mem::ManuallyDrop;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::super::events::{HEAD, Subscription};
use super::lock;

/// Bodies are of no use to us; those up to this size are read and thrown away before the answer,
const BODY_LIMIT: usize = 16 << 20;
/// and those up to this size after it.
const BODY_LIMIT_AFTER: usize = 1 << 30;

/// How long a connection may live on after a request with a body.
const SPENT: Duration = Duration::from_mins(1);
/// So many of them are remembered.
const MOST_SPENT: usize = 1_000;

/// As much of a body is written together with its head.
const ONE_PIECE: usize = 1 << 16;

/// An answer.
#[derive(Debug)]
pub enum Reply {
    /// A whole page or file.
    Page {
        /// The HTTP status.
        status: u16,
        /// The value of `Content-Type`, with its charset.
        content_type: &'static str,
        /// What is sent, except to `HEAD`.
        body: Cow<'static, [u8]>,
        /// Where a redirect leads to.
        location: Option<String>,
    },
    /// A stream of events that stays open.
    Events(Subscription),
}

impl Reply {
    /// A page of HTML.
    pub fn html(status: u16, body: impl Into<String>) -> Self {
        Self::file(status, "text/html; charset=utf-8", body.into().into_bytes())
    }

    /// A few words in plain text.
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self::file(
            status,
            "text/plain; charset=utf-8",
            body.into().into_bytes(),
        )
    }

    /// A file of any type.
    pub fn file(
        status: u16,
        content_type: &'static str,
        body: impl Into<Cow<'static, [u8]>>,
    ) -> Self {
        Self::Page {
            status,
            content_type,
            body: body.into(),
            location: None,
        }
    }

    /// Sends the browser elsewhere, for now.
    pub fn redirect(location: impl Into<String>) -> Self {
        let (content_type, body) = ("text/plain; charset=utf-8", Cow::Borrowed(&b""[..]));
        Self::Page {
            status: 302,
            content_type,
            body,
            location: Some(location.into()),
        }
    }
}

/// A request with its reply. The request stands in `ManuallyDrop` because dropping it reads what is
/// left of the body that it announced into one buffer: with `Content-Length: 1000000000000000` the
/// process would end for lack of memory. Such a request is leaked, with its connection and one
/// thread, unless the buffer is one that can be had: then the body is read in pieces first, so that
/// nothing of it is left but what the client does not send.
pub(super) struct Answer {
    request: ManuallyDrop<tiny_http::Request>,
    reply: Reply,
}

impl Answer {
    pub(super) fn new(request: tiny_http::Request, reply: Reply) -> Self {
        Self {
            request: ManuallyDrop::new(request),
            reply,
        }
    }

    /// Writes the reply, for as long as it takes, unless its connection is spent.
    pub(super) fn send(self, spent: &Spent) -> io::Result<()> {
        let request = ManuallyDrop::into_inner(self.request);
        let client = request.remote_addr().copied();
        let has_body = announces_a_body(&request);
        let head_only = *request.method() == tiny_http::Method::Head;
        if let Some(length) = request.body_length().filter(|&length| length > BODY_LIMIT) {
            // The one way to the writer that does not drop the body is to "upgrade"; a client
            // passes over the interim response 100 that comes with it.
            let interim = tiny_http::Response::empty(100);
            let mut stream = ManuallyDrop::new(request.upgrade("none", interim));
            if client.is_some_and(|client| !spent.may_answer(client, true)) {
                return Ok(());
            }
            let written = write(&mut *stream, self.reply, head_only);
            if length <= BODY_LIMIT_AFTER {
                let mut stream = ManuallyDrop::into_inner(stream);
                let mut piece = vec![0; ONE_PIECE];
                while matches!(stream.read(&mut piece), Ok(1..)) {}
            }
            return written;
        }
        let mut out = request.into_writer();
        // This waits until those before it on its connection are answered.
        out.flush()?;
        if client.is_some_and(|client| !spent.may_answer(client, has_body)) {
            return Ok(());
        }
        write(&mut out, self.reply, head_only)
    }
}

/// The connections on which nothing more is answered. What follows a body, where somebody between
/// the browser and us may see it end elsewhere, can be a request that nobody has made.
#[derive(Default)]
pub(super) struct Spent(Mutex<VecDeque<(SocketAddr, Instant)>>);

impl Spent {
    /// Whether a request of `client` whose turn it is may be answered; with a body it is the last.
    fn may_answer(&self, client: SocketAddr, has_body: bool) -> bool {
        let mut spent = lock(&self.0);
        // By then the connection is gone, and its address may be that of another.
        let is_over = |(_, since): &(SocketAddr, Instant)| since.elapsed() > SPENT;
        while spent.len() > MOST_SPENT || spent.front().is_some_and(is_over) {
            spent.pop_front();
        }
        let may_answer = spent.iter().all(|(known, _)| *known != client);
        if may_answer && has_body {
            spent.push_back((client, Instant::now()));
        }
        may_answer
    }
}

/// Whether a request says anything of a body, however it is said, but that there is none.
fn announces_a_body(request: &tiny_http::Request) -> bool {
    request.headers().iter().any(|header| {
        let is = |name| header.field.equiv(name);
        is("Transfer-Encoding") || is("Content-Length") && header.value.as_str() != "0"
    })
}

/// Whether a request announces a body that must not be read.
pub(super) fn is_oversized(request: &tiny_http::Request) -> bool {
    request
        .body_length()
        .is_some_and(|length| length > BODY_LIMIT)
}

fn write(mut out: &mut (impl Write + ?Sized), reply: Reply, head_only: bool) -> io::Result<()> {
    let (status, content_type, body, location) = match reply {
        Reply::Events(_) if head_only => {
            return out.write_all(HEAD.as_bytes()).and_then(|()| out.flush());
        }
        Reply::Events(subscription) => return subscription.write_to(&mut out),
        Reply::Page {
            status,
            content_type,
            body,
            location,
        } => (status, content_type, body, location),
    };
    let length = body.len();
    let mut head = format!(
        "HTTP/1.1 {status} {}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
         Cross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n",
        tiny_http::StatusCode(status).default_reason_phrase(),
    );
    if content_type.starts_with("image/svg") {
        // A page uses it as a picture; opened by itself it would be a page of its own.
        head.push_str(
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox\r\n",
        );
    }
    if status == 405 {
        head.push_str("Allow: GET, HEAD\r\n");
    }
    if let Some(location) = location {
        head.push_str("Location: ");
        for byte in location.bytes() {
            // A header holds visible ASCII; the rest of a path is percent-encoded.
            let _ = if byte.is_ascii_graphic() {
                write!(head, "{}", char::from(byte))
            } else {
                write!(head, "%{byte:02X}")
            };
        }
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    let body = if head_only { &[] } else { &*body };
    // In one piece, so that a page is one packet; a large file is not copied for that.
    let (piece, rest) = body.split_at(body.len().min(ONE_PIECE));
    bytes.extend_from_slice(piece);
    out.write_all(&bytes)?;
    out.write_all(rest)?;
    out.flush()
}
