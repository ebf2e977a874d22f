//! An engine that responds with the bytes of the fuzzer, and a client of it.

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo};
use longshore::{Connect, Connecting, Docker, Result, Version};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::Notify;

/// Its clock stands still while there is work. Where nothing is left to wait for, the client's timeouts are reached at once.
static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime")
});

/// Waits for work, and panics if it never ends.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    let day = Duration::from_secs(24 * 60 * 60);
    RUNTIME.block_on(async { tokio::time::timeout(day, work).await.expect("work that ends as the bytes end") })
}

/// Returns the value, and checks an error: the client waited for nothing in vain, and its text is short.
pub fn checked<T>(result: Result<T>) -> Option<T> {
    let error = match result {
        Ok(value) => return Some(value),
        Err(error) => error,
    };
    assert!(!error.is_timeout(), "{error}");
    assert!(error.to_string().len() < 16 << 10 && format!("{error:?}").len() < 64 << 10);
    None
}

/// Takes the last byte, which chooses what is done with the others. Seeds that are documents stay documents so.
pub fn split(data: &[u8]) -> (&[u8], usize) {
    data.split_last().map_or((data, 0), |(choice, data)| (data, usize::from(*choice)))
}

/// Makes a response of a head's first lines and a body.
pub fn response(head: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    [format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n").as_bytes(), body].concat()
}

/// Makes gRPC's messages: each byte is the length of the message behind it.
pub fn messages(mut data: &[u8]) -> Vec<u8> {
    let mut framed = Vec::new();
    while let Some((length, rest)) = data.split_first() {
        let (message, rest) = rest.split_at(rest.len().min((*length).into()));
        framed.extend_from_slice(&[0, 0, 0, 0, u8::try_from(message.len()).unwrap_or_default()]);
        framed.extend_from_slice(message);
        data = rest;
    }
    framed
}

/// Makes the client of an engine with this response to everything. It arrives in pieces of at most so many bytes.
pub fn engine(response: impl Into<Vec<u8>>, piece: usize) -> Docker {
    client(Engine { response: response.into(), piece, session: None }, Some(Version::NEWEST))
}

/// The same, of an engine that is asked for its version first.
pub fn negotiating(response: impl Into<Vec<u8>>, piece: usize) -> Docker {
    client(Engine { response: response.into(), piece, session: None }, None)
}

/// Makes the client of an engine that makes one call to the session of a build, with this path and body, before it responds.
pub fn calling(response: impl Into<Vec<u8>>, path: &'static str, body: &[u8]) -> Docker {
    let session = Session { path, body: Bytes::copy_from_slice(body), called: Notify::new() };
    client(
        Engine { response: response.into(), piece: 64 << 10, session: Some(Arc::new(session)) },
        Some(Version::NEWEST),
    )
}

fn client(engine: Engine, version: Option<Version>) -> Docker {
    let builder = Docker::builder().connector(engine).registry_credentials(false);
    version.into_iter().fold(builder, longshore::Builder::api_version).build().expect("a client")
}

#[derive(Debug)]
struct Engine {
    response: Vec<u8>,
    piece: usize,
    session: Option<Arc<Session>>,
}

#[derive(Debug)]
struct Session {
    path: &'static str,
    body: Bytes,
    called: Notify,
}

impl Connect for Engine {
    fn connect(&self) -> Connecting<'_> {
        let (socket, engine) = tokio::io::duplex(self.piece);
        tokio::spawn(serve(engine, self.response.clone(), self.session.clone()));
        Box::pin(async { Ok(Box::new(socket) as _) })
    }
}

/// That the client is gone is no failure.
async fn serve(mut engine: DuplexStream, response: Vec<u8>, session: Option<Arc<Session>>) {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if engine.read_buf(&mut head).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let is_for = |path: &str| String::from_utf8_lossy(&head).lines().next().is_some_and(|line| line.contains(path));
    match session {
        Some(session) if is_for("/session ") => return call(engine, &session).await,
        Some(_) if is_for("/grpc ") => return solve(engine, response).await,
        Some(session) if is_for("/build?") => session.called.notified().await,
        _ => {}
    }
    let (mut request, mut out) = tokio::io::split(engine);
    let respond = async {
        let _ = out.write_all(&response).await;
        let _ = out.shutdown().await;
    };
    tokio::join!(respond, async { drop(tokio::io::copy(&mut request, &mut tokio::io::sink()).await) });
}

const SWITCHED: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

/// Calls the session, reads the response to its end, and keeps the connection.
async fn call(mut engine: DuplexStream, session: &Session) {
    let _ = engine.write_all(SWITCHED).await;
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(engine)).await;
    let Ok((mut sender, connection)) = handshake else { return };
    let calling = async {
        let request = hyper::Request::post(format!("http://localhost{}", session.path)).header("dir-name", "context");
        let request = request.body(Full::new(session.body.clone())).expect("a request");
        if let Ok(response) = sender.send_request(request).await {
            let _ = http_body_util::BodyExt::collect(response).await;
        }
        session.called.notify_one();
        std::future::pending::<()>().await
    };
    tokio::select! {
        _ = connection => session.called.notify_one(),
        () = calling => {}
    }
}

/// Responds to all calls of BuildKit's own service with a body.
async fn solve(mut engine: DuplexStream, body: Vec<u8>) {
    let _ = engine.write_all(SWITCHED).await;
    let service = hyper::service::service_fn(move |_: hyper::Request<Incoming>| {
        let response = hyper::Response::builder().header("content-type", "application/grpc").header("grpc-status", "0");
        let body = Full::new(Bytes::copy_from_slice(&body));
        async move { response.body(body) }
    });
    let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    let _ = server.serve_connection(TokioIo::new(engine), service).await;
}
