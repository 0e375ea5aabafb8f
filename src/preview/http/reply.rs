//! Answers, and how they are written.
//!
//! In: a request and the [`Reply`] to it. Out: bytes to the browser.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::mem::ManuallyDrop;

use super::super::events::{HEAD, Subscription};

/// Bodies are of no use to us; those up to this size are read and thrown away.
const BODY_LIMIT: usize = 16 << 20;

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

/// A request with its reply. The request stands in `ManuallyDrop` because dropping it reads the
/// body that it announced into one buffer: with `Content-Length: 1000000000000000` the process
/// would end for lack of memory. Such a request is leaked, with its connection and one thread.
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

    /// Writes the reply, for as long as it takes.
    pub(super) fn send(self) -> io::Result<()> {
        let request = ManuallyDrop::into_inner(self.request);
        let head_only = *request.method() == tiny_http::Method::Head;
        if is_oversized(&request) {
            // The one way to the writer that does not drop the body is to "upgrade"; a client
            // passes over the interim response 100 that comes with it.
            let interim = tiny_http::Response::empty(100);
            let mut stream = ManuallyDrop::new(request.upgrade("none", interim));
            return write(&mut *stream, self.reply, head_only);
        }
        write(&mut request.into_writer(), self.reply, head_only)
    }
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
