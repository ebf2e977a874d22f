//! Connects over TCP.

use socket2::{SockRef, TcpKeepalive};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

/// The interval of TCP keepalive, as in the docker CLI. Without keepalive, a followed log would wait forever for a host
/// that has vanished.
const KEEPALIVE: Duration = Duration::from_secs(15);
/// How long to wait for an address before the next one is tried as well.
const HEAD_START: Duration = Duration::from_millis(250);

/// Connects to a host, at any of its addresses.
pub(super) async fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = connect_to_any(lookup_host((host, port)).await?).await?;
    stream.set_nodelay(true)?; // a request is a single write, so delaying it gains nothing
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE);
    SockRef::from(&stream).set_tcp_keepalive(&keepalive)?;
    Ok(stream)
}

/// Connects to the address that accepts first. An address that does not respond, such as one of IPv6 on a network without it,
/// must not use up the caller's limit. Fails with the last error if no address accepts.
async fn connect_to_any(addresses: impl Iterator<Item = SocketAddr>) -> io::Result<TcpStream> {
    let mut attempts = JoinSet::new(); // when dropped, it stops those that are left
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    let ended = |attempt: Result<io::Result<TcpStream>, JoinError>| attempt.unwrap_or_else(|error| Err(error.into()));
    for address in addresses {
        attempts.spawn(TcpStream::connect(address));
        match timeout(HEAD_START, attempts.join_next()).await.ok().flatten().map(ended) {
            Some(Ok(stream)) => return Ok(stream),
            Some(Err(error)) => failure = error,
            None => {}
        }
    }
    while let Some(attempt) = attempts.join_next().await {
        match ended(attempt) {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

#[cfg(test)]
mod tests {
    use super::{connect, connect_to_any};
    use socket2::{Domain, Socket, Type};
    use std::io;
    use std::net::SocketAddr;
    use std::time::Duration;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn the_kernel_asks_whether_a_tcp_peer_is_still_there() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let stream = connect("127.0.0.1", port).await.expect("a connection");
        let socket = socket2::SockRef::from(&stream);
        assert!(socket.keepalive().expect("an option"));
        assert_eq!(socket.tcp_keepalive_time().expect("an option"), super::KEEPALIVE);
        assert_eq!(socket.tcp_keepalive_interval().expect("an option"), super::KEEPALIVE);
    }

    fn socket() -> Socket {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.set_nonblocking(true).expect("set");
        socket
    }

    /// A listener with a full queue: Linux does not respond to further connections.
    fn silent() -> (SocketAddr, Vec<Socket>) {
        let listener = socket();
        listener.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a port");
        listener.listen(0).expect("listening");
        let address = listener.local_addr().expect("its address");
        let mut sockets = vec![listener];
        for _ in 0..4 {
            let other = socket();
            let _ = other.connect(&address); // in progress
            sockets.push(other);
        }
        (address.as_socket().expect("an address"), sockets)
    }

    #[tokio::test]
    async fn an_address_that_is_silent_or_closed_does_not_hold_up_the_others() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let open = listener.local_addr().expect("its address");
        let (silent, _sockets) = silent();
        let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("its address");
        for addresses in [vec![silent, open], vec![closed, silent, open], vec![open, silent]] {
            let connecting = connect_to_any(addresses.into_iter());
            let stream = tokio::time::timeout(Duration::from_secs(10), connecting).await.expect("in time");
            assert_eq!(stream.expect("a connection").peer_addr().expect("its address"), open);
        }
        let error = connect_to_any([closed, closed].into_iter()).await.expect_err("nobody listens");
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    }
}
