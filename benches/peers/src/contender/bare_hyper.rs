//! One hyper connection, without anything around it but the task that drives it; of many callers each has its own.

use super::decode::{Frames, Records};
use super::{Contender, runtime};
use crate::operation::{CALLERS, Kind, Operation};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::HeaderMap;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use longshore::container::{ContainerInspect, ContainerSummary};
use longshore::system::{PingResponse, SwarmStatus};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use tokio::net::UnixStream;
use tokio::runtime::Runtime;

pub struct BareHyper {
    runtime: Runtime,
    socket: PathBuf,
    connection: Connection,
    callers: Vec<Connection>,
}

struct Connection(SendRequest<Full<Bytes>>);

impl BareHyper {
    pub fn connect(socket: &Path) -> Self {
        let runtime = runtime();
        let connection = runtime.block_on(Connection::new(socket));
        Self { runtime, socket: socket.into(), connection, callers: Vec::new() }
    }

    /// Each caller with a connection, which it keeps for the next time.
    async fn callers(socket: &Path, callers: &mut Vec<Connection>, operation: Operation, times: u64) {
        while callers.len() as u64 != CALLERS {
            callers.push(Connection::new(socket).await);
        }
        let tasks: Vec<_> = callers
            .drain(..)
            .map(|mut connection| {
                tokio::spawn(async move {
                    for _ in 0..times / CALLERS {
                        connection.ping(operation).await;
                    }
                    connection
                })
            })
            .collect();
        for task in tasks {
            callers.push(task.await.expect("a caller"));
        }
    }
}

/// A request as any of hyper's clients sends it.
pub fn request(operation: Operation) -> Request<Full<Bytes>> {
    let (method, target) = operation.request();
    Request::builder()
        .method(method)
        .uri(target)
        .header("Host", "localhost")
        .header("User-Agent", "longshore/0.1.0")
        .body(Full::default())
        .expect("a request")
}

impl Connection {
    async fn new(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).await.expect("a connection");
        let (sender, driver) = http1::handshake(TokioIo::new(stream)).await.expect("a handshake");
        tokio::spawn(driver);
        Self(sender)
    }

    async fn send(&mut self, operation: Operation) -> Response<Incoming> {
        self.0.ready().await.expect("a free connection");
        let answer = self.0.send_request(request(operation)).await.expect("an answer");
        assert_eq!(answer.status(), 200);
        answer
    }

    async fn whole(&mut self, operation: Operation) -> Bytes {
        self.send(operation).await.into_body().collect().await.expect("a body").to_bytes()
    }

    async fn ping(&mut self, operation: Operation) {
        let (head, body) = self.send(operation).await.into_parts();
        black_box(ping(&head.headers));
        drop(body.collect().await.expect("a body"));
    }

    async fn pieces(&mut self, operation: Operation, mut take: impl FnMut(&[u8])) {
        let mut body = self.send(operation).await.into_body();
        while let Some(frame) = body.frame().await {
            take(&frame.expect("a frame").into_data().expect("data"));
        }
    }

    async fn once(&mut self, operation: Operation) {
        match operation.kind {
            Kind::Ping => self.ping(operation).await,
            Kind::Inspect => {
                let body = self.whole(operation).await;
                black_box(serde_json::from_slice::<ContainerInspect>(&body).expect("a container"));
            }
            Kind::List => {
                let body = self.whole(operation).await;
                let list: Vec<ContainerSummary> = serde_json::from_slice(&body).expect("a list");
                assert_eq!(black_box(list).len() as u64, operation.size);
            }
            Kind::LogsPacked | Kind::LogsChunked => {
                let mut frames = Frames::default();
                self.pieces(operation, |piece| frames.push(piece)).await;
                assert_eq!(frames.payload, operation.size * 100);
            }
            Kind::Pull => {
                let mut records = Records::default();
                self.pieces(operation, |piece| records.push(piece)).await;
                assert_eq!(records.count, operation.size);
            }
            Kind::Save => {
                let mut length = 0;
                self.pieces(operation, |piece| length += black_box(piece).len() as u64).await;
                assert_eq!(length, operation.size);
            }
            kind => panic!("bare hyper does not do {kind:?}"),
        }
    }
}

/// What a ping says, as longshore gives it.
fn ping(headers: &HeaderMap) -> PingResponse {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let mut ping = PingResponse::default();
    ping.api_version = text("api-version");
    ping.builder_version = Some(text("builder-version")).filter(|version| !version.is_empty()).map(Into::into);
    ping.experimental = text("docker-experimental") == "true";
    ping.swarm = Some(text("swarm")).filter(|swarm| !swarm.is_empty()).map(SwarmStatus::from);
    ping.os_type = text("ostype");
    ping.server = text("server");
    ping
}

impl Contender for BareHyper {
    fn run(&mut self, operation: Operation, times: u64) {
        self.runtime.block_on(async {
            if operation.kind == Kind::Callers {
                return Self::callers(&self.socket, &mut self.callers, operation, times).await;
            }
            for _ in 0..times {
                self.connection.once(operation).await;
            }
        });
    }

    fn idle(&mut self, until: tokio::sync::oneshot::Receiver<()>) {
        self.runtime.block_on(until).expect("an end");
    }
}
