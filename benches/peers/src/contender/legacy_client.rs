//! hyper-util's legacy client, the pooled one, with hyperlocal's connector.

use super::{Contender, bare_hyper, runtime};
use crate::operation::{Kind, Operation};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use hyperlocal::{UnixConnector, Uri};
use longshore::container::ContainerInspect;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;

pub struct LegacyClient {
    runtime: Runtime,
    client: Client<UnixConnector, Full<Bytes>>,
    socket: PathBuf,
}

impl LegacyClient {
    pub fn connect(socket: &Path) -> Self {
        let runtime = runtime();
        let client = Client::builder(TokioExecutor::new()).build(UnixConnector);
        Self { runtime, client, socket: socket.into() }
    }

    async fn once(&self, operation: Operation) {
        let mut request = bare_hyper::request(operation);
        *request.uri_mut() = Uri::new(&self.socket, &operation.request().1).into();
        let answer = self.client.request(request).await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let body = answer.into_body().collect().await.expect("a body").to_bytes();
        if operation.kind == Kind::Inspect {
            black_box(serde_json::from_slice::<ContainerInspect>(&body).expect("a container"));
        }
    }
}

impl Contender for LegacyClient {
    fn run(&mut self, operation: Operation, times: u64) {
        self.runtime.block_on(async {
            for _ in 0..times {
                self.once(operation).await;
            }
        });
    }

    fn idle(&mut self, until: tokio::sync::oneshot::Receiver<()>) {
        self.runtime.block_on(until).expect("an end");
    }
}
