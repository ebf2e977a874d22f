//! One hyper connection, without anything around it but the task that drives it.

use super::decode::{Frames, Records};
use super::{Contender, Operation, bodies};
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
use std::path::Path;
use tokio::net::UnixStream;
use tokio::runtime::Runtime;

pub struct BareHyper {
    runtime: Runtime,
    connection: Connection,
}

struct Connection(SendRequest<Full<Bytes>>);

impl BareHyper {
    pub fn connect(socket: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let connection = runtime.block_on(async {
            let stream = UnixStream::connect(socket).await.expect("a connection");
            let (sender, driver) = http1::handshake(TokioIo::new(stream)).await.expect("a handshake");
            tokio::spawn(driver);
            Connection(sender)
        });
        Self { runtime, connection }
    }
}

impl Connection {
    async fn send(&mut self, operation: Operation) -> Response<Incoming> {
        let (method, target) = operation.request();
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header("Host", "localhost")
            .header("User-Agent", "longshore/0.1.0")
            .body(Full::default())
            .expect("a request");
        self.0.ready().await.expect("a free connection");
        let answer = self.0.send_request(request).await.expect("an answer");
        assert_eq!(answer.status(), 200);
        answer
    }

    async fn whole(&mut self, operation: Operation) -> Bytes {
        self.send(operation).await.into_body().collect().await.expect("a body").to_bytes()
    }

    async fn pieces(&mut self, operation: Operation, mut take: impl FnMut(&[u8])) {
        let mut body = self.send(operation).await.into_body();
        while let Some(frame) = body.frame().await {
            take(&frame.expect("a frame").into_data().expect("data"));
        }
    }

    async fn once(&mut self, operation: Operation) {
        match operation {
            Operation::PingResponse => {
                let (head, body) = self.send(operation).await.into_parts();
                black_box(ping(&head.headers));
                drop(body.collect().await.expect("a body"));
            }
            Operation::Inspect => {
                let body = self.whole(operation).await;
                black_box(serde_json::from_slice::<ContainerInspect>(&body).expect("a container"));
            }
            Operation::List(length) => {
                let body = self.whole(operation).await;
                let list: Vec<ContainerSummary> = serde_json::from_slice(&body).expect("a list");
                assert_eq!(black_box(list).len(), length);
            }
            Operation::Logs => {
                let mut frames = Frames::default();
                self.pieces(operation, |piece| frames.push(piece)).await;
                assert_eq!(frames.payload, bodies::FRAMES * (bodies::FRAME - 8));
            }
            Operation::Pull => {
                let mut records = Records::default();
                self.pieces(operation, |piece| records.push(piece)).await;
                assert!(records.count >= bodies::STEPS);
            }
        }
    }
}

/// What a ping says, as the client under measurement gives it.
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
    const NAME: &str = "bare hyper";

    fn run(&mut self, operation: Operation, times: u64) {
        self.runtime.block_on(async {
            for _ in 0..times {
                self.connection.once(operation).await;
            }
        });
    }
}
