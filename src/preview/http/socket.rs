//! The sockets below `tiny_http`.

use std::io::{self, ErrorKind, Read};
use std::net::{Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::time::Duration;

/// How long a client may take nothing of an answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// Listens on the first address of `host`.
pub(super) fn listen(host: &str, port: u16) -> io::Result<TcpListener> {
    // One address only: `localhost` must not end up on two servers, one for each IP version.
    let mut addresses: Vec<_> = (host, port).to_socket_addrs()?.collect();
    addresses.sort_by_key(SocketAddr::is_ipv6);
    let address = addresses
        .first()
        .ok_or_else(|| io::Error::new(ErrorKind::NotFound, "no such host"))?;
    TcpListener::bind(address)
}

/// Sets timeouts that the accepted sockets inherit. The standard library offers them on streams,
/// and a socket is a socket. Where a system does not pass them on, the pulse alone has to do.
pub(super) fn with_timeouts(listener: TcpListener, read: Duration) -> io::Result<TcpListener> {
    #[cfg(unix)]
    use std::os::fd::OwnedFd as Owned;
    #[cfg(windows)]
    use std::os::windows::io::OwnedSocket as Owned;
    let socket = TcpStream::from(Owned::from(listener));
    socket.set_read_timeout(Some(read))?;
    socket.set_write_timeout(Some(WRITE_TIMEOUT))?;
    // An event is a small write; without this it may wait for the page to confirm the one before.
    socket.set_nodelay(true)?;
    Ok(Owned::from(socket).into())
}

/// Opens a connection to the server at `address` and says nothing more on it.
pub(super) fn pulse(mut address: SocketAddr, limit: Duration) -> io::Result<TcpStream> {
    if address.ip().is_unspecified() {
        let here = if address.is_ipv4() {
            [127, 0, 0, 1].into()
        } else {
            Ipv6Addr::LOCALHOST.into()
        };
        address.set_ip(here);
    }
    let stream = TcpStream::connect_timeout(&address, limit)?;
    stream.shutdown(Shutdown::Write)?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}

/// Whether something took too long.
pub(super) fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock)
}

/// Whether the other side has closed.
pub(super) fn is_over(mut stream: &TcpStream) -> bool {
    !matches!(stream.read(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
}
