//! Dropping the input of an attached process while the engine does not read: what was written still arrives, and its end.

#![cfg(any(feature = "tls", feature = "websocket"))]

use longshore::stream::{Attached, Input};
use longshore::{Connect, Connecting, Docker, Socket, Version};
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::sync::oneshot::{Receiver, Sender, channel};

/// An engine in memory, which switches protocols at once and reads the input once it is told to.
struct Peer<C>(Mutex<Option<(C, Receiver<()>)>>);

impl<C> std::fmt::Debug for Peer<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Peer").finish_non_exhaustive()
    }
}

impl<C> Peer<C> {
    fn new(connect: C) -> (Self, Sender<()>) {
        let (go, told) = channel();
        (Self(Mutex::new(Some((connect, told)))), go)
    }
}

impl<C: Fn(DuplexStream, DuplexStream, Receiver<()>) -> Connecting<'static> + Send + 'static> Connect for Peer<C> {
    fn connect(&self) -> Connecting<'_> {
        let (connect, told) = self.0.lock().expect("no panic").take().expect("a single connection");
        let (client, engine) = tokio::io::duplex(16 << 10);
        connect(client, engine, told)
    }
}

fn boxed<S: Socket>(connecting: impl Future<Output = io::Result<S>> + Send + 'static) -> Connecting<'static> {
    Box::pin(async { Ok(Box::new(connecting.await?) as Box<dyn Socket>) })
}

/// Reads the request and switches protocols.
async fn switch(socket: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.expect("a request"));
    }
    let answer = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\
                  Content-Type: application/vnd.docker.raw-stream\r\n\r\n";
    socket.write_all(answer.as_bytes()).await.expect("a response");
    socket.flush().await.expect("a response");
}

/// Writes until the connection takes no more, and returns how much it took.
async fn fill(input: &mut Input) -> usize {
    let mut taken = 0;
    let filling = poll_fn(|cx| {
        loop {
            match Pin::new(&mut *input).poll_write(cx, &[b'x'; 8 << 10]) {
                Poll::Ready(length) => taken += length.expect("written"),
                Poll::Pending => return Poll::Ready(()),
            }
        }
    });
    tokio::task::unconstrained(filling).await;
    taken
}

/// Drops the input, and expects the engine to say how much it has read. If `waiting`, a task waits for output already.
async fn everything_arrives(attached: Attached, go: Sender<()>, waiting: bool) {
    let (mut input, mut output) = attached.split();
    let taken = fill(&mut input).await;
    assert!(taken > 16 << 10, "more than is on its way: {taken}");
    let mut input = Some(input).filter(|_| waiting);
    let reading = tokio::spawn(async move {
        let mut text = String::new();
        while let Some(chunk) = output.next().await {
            text += &chunk.expect("output").to_string();
        }
        text
    });
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    drop(input.take());
    go.send(()).expect("the engine goes on");
    let read = tokio::time::timeout(Duration::from_secs(10), reading).await.expect("the input has ended");
    assert_eq!(read.expect("a task"), taken.to_string());
}

fn client(peer: impl Connect) -> Docker {
    Docker::builder().connector(peer).api_version(Version::new(1, 42)).build().expect("a client")
}

#[cfg(feature = "tls")]
fn tls() -> (tokio_rustls::TlsConnector, tokio_rustls::TlsAcceptor) {
    use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
    use rustls::{ClientConfig, RootCertStore, ServerConfig};
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["engine".to_owned()]).expect("a certificate");
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).expect("a certificate");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
    let client = client.expect("versions").with_root_certificates(roots).with_no_client_auth();
    let server = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let server = server.expect("versions").with_no_client_auth();
    let server = server.with_single_cert(vec![cert.der().clone()], key).expect("its key");
    (Arc::new(client).into(), Arc::new(server).into())
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn over_tls() {
    async fn serve(acceptor: tokio_rustls::TlsAcceptor, socket: DuplexStream, told: Receiver<()>) -> io::Result<()> {
        let mut socket = acceptor.accept(socket).await?;
        switch(&mut socket).await;
        told.await.expect("the test goes on");
        let mut input = Vec::new();
        socket.read_to_end(&mut input).await?;
        socket.write_all(input.len().to_string().as_bytes()).await?;
        socket.shutdown().await
    }

    for waiting in [false, true] {
        let (connector, acceptor) = tls();
        let (peer, go) = Peer::new(move |client, engine, told| {
            tokio::spawn(serve(acceptor.clone(), engine, told));
            let connecting = connector.connect("engine".try_into().expect("a name"), client);
            boxed(connecting)
        });
        let docker = client(peer);
        let attached = docker.container("web").attach().stdin(true).await.expect("attached");
        everything_arrives(attached, go, waiting).await;
    }
}

/// An engine that reads nothing after it has switched.
#[cfg(feature = "tls")]
fn reads_nothing() -> (impl Connect, Sender<()>) {
    let (connector, acceptor) = tls();
    Peer::new(move |client, engine, told| {
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let mut socket = acceptor.accept(engine).await.expect("TLS");
            switch(&mut socket).await;
            told.await
        });
        let connecting = connector.connect("engine".try_into().expect("a name"), client);
        boxed(connecting)
    })
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn the_input_may_be_dropped_outside_of_a_runtime() {
    let (peer, _go) = reads_nothing();
    let limits = longshore::Limits::new().idle(Duration::from_secs(60));
    let attached = client(peer).container("web").attach().stdin(true).limits(limits).await.expect("attached");
    let (mut input, _output) = attached.split();
    fill(&mut input).await;
    std::thread::spawn(move || drop(input)).join().expect("no panic");
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn the_end_of_the_input_has_the_limits_of_the_call() {
    for shuts_down in [true, false] {
        let (peer, _go) = reads_nothing();
        let limits = longshore::Limits::new().whole(Duration::from_millis(500));
        let attached = client(peer).container("web").attach().stdin(true).limits(limits).await.expect("attached");
        let (mut input, _output) = attached.split();
        fill(&mut input).await;
        let ended = async { if shuts_down { input.shutdown().await } else { input.flush().await } };
        let ended = tokio::time::timeout(Duration::from_secs(10), ended).await.expect("an end");
        assert_eq!(ended.expect_err("nobody reads").kind(), io::ErrorKind::TimedOut);
    }
}

#[cfg(feature = "websocket")]
#[tokio::test]
async fn over_a_websocket() {
    /// Counts the bytes in masked frames, up to the close frame.
    async fn count(socket: &mut DuplexStream) -> io::Result<usize> {
        let mut count = 0;
        loop {
            let (kind, length) = (socket.read_u8().await?, socket.read_u8().await? & 0x7f);
            let length = if length == 126 { socket.read_u16().await? } else { length.into() };
            socket.read_exact(&mut vec![0; 4 + usize::from(length)]).await?;
            if kind == 0x88 {
                return Ok(count);
            }
            count += usize::from(length);
        }
    }

    async fn serve(mut socket: DuplexStream, told: Receiver<()>) -> io::Result<()> {
        switch(&mut socket).await;
        told.await.expect("the test goes on");
        let text = count(&mut socket).await?.to_string();
        socket.write_all(&[&[0x82, u8::try_from(text.len()).expect("short")], text.as_bytes()].concat()).await?;
        socket.write_all(b"\x88\x02\x03\xe8").await
    }

    for waiting in [false, true] {
        let (peer, go) = Peer::new(|client, engine, told| {
            tokio::spawn(serve(engine, told));
            boxed(async { Ok(client) })
        });
        let docker = client(peer);
        let attached = docker.container("web").attach_websocket().stdin(true).await.expect("attached");
        everything_arrives(attached, go, waiting).await;
    }
}
