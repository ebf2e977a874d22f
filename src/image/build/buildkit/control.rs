//! [`Control`]: BuildKit's own API, behind `POST /grpc`.

use super::grpc::{CONNECTION_WINDOW, Messages, STREAM_WINDOW, Status, framed, outcome};
use super::proto::{Empty, SolveRequest, SolveResponse, StatusRequest};
use crate::request::{Method, Request, send as send_request};
use crate::{Error, ErrorKind, Result, Socket};
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http2::SendRequest;
use hyper::header::{CONTENT_TYPE, HeaderValue, TE};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::task::JoinSet;

const SOLVE: &str = "http://localhost/moby.buildkit.v1.Control/Solve";
const INFO: &str = "http://localhost/moby.buildkit.v1.Control/Info";
/// The gRPC code of an older BuildKit for `Info`.
const UNIMPLEMENTED: u16 = 12;
/// The gRPC code for a connection that closed.
const UNAVAILABLE: u16 = 14;
const STATUS: &str = "http://localhost/moby.buildkit.v1.Control/Status";

/// An HTTP/2 connection to BuildKit's API.
pub(super) struct Control {
    sender: SendRequest<Full<Bytes>>,
    _connection: JoinSet<()>,
}

impl Control {
    /// Connects by a request for `POST /grpc`, or by HTTP/2 with prior knowledge to engines that no longer have it.
    pub(super) async fn open(request: Request) -> Result<Self> {
        let (client, request) = (request.client().clone(), request.upgrade("h2c"));
        let deadlines = request.deadlines();
        match send_request(request).await {
            Ok(response) => Self::on(response.into_upgraded()?.0).await,
            Err(error) if matches!(error.status(), Some(404 | 405)) => {
                let control = Self::on(client.connect_raw(&deadlines).await?).await?;
                match control.call(INFO, framed(&Empty {})).await {
                    Err(status) if status.code != UNIMPLEMENTED => Err(without(&status.message)),
                    _ => Ok(control),
                }
            }
            Err(error) => Err(error),
        }
    }

    async fn on(connection: impl Socket) -> Result<Self> {
        let mut http2 = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
        http2.initial_stream_window_size(STREAM_WINDOW).initial_connection_window_size(CONNECTION_WINDOW);
        let (sender, connection) =
            http2.handshake(TokioIo::new(connection)).await.map_err(|error| without(&error.to_string()))?;
        let mut tasks = JoinSet::new(); // stops when dropped
        tasks.spawn(async move {
            let _ = connection.await; // the calls report the error
        });
        Ok(Self { sender, _connection: tasks })
    }

    /// Starts a build, and waits for its end.
    pub(super) fn solve(
        &self,
        request: &SolveRequest,
    ) -> impl Future<Output = std::result::Result<SolveResponse, Status>> + use<> {
        let response = self.call(SOLVE, framed(request));
        async move {
            let mut messages = response.await?;
            let solved = messages.next().await?;
            messages.end().await?;
            solved.ok_or_else(|| Status::unknown("the engine did not say how the build ended"))
        }
    }

    /// Streams the progress of a build.
    pub(super) fn status(
        &self,
        reference: &str,
    ) -> impl Future<Output = std::result::Result<Messages, Status>> + use<> {
        self.call(STATUS, framed(&StatusRequest { reference: reference.to_owned() }))
    }

    fn call(
        &self,
        to: &'static str,
        message: Bytes,
    ) -> impl Future<Output = std::result::Result<Messages, Status>> + use<> {
        let mut request = hyper::Request::new(Full::new(message));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = hyper::Uri::from_static(to);
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        headers.insert(TE, HeaderValue::from_static("trailers"));
        let mut sender = self.sender.clone();
        async move {
            let broken = |error: hyper::Error| Status {
                code: UNAVAILABLE,
                message: format!("the connection to the engine's BuildKit closed: {error}"),
            };
            sender.ready().await.map_err(broken)?;
            let (head, body) = sender.send_request(request).await.map_err(broken)?.into_parts();
            if head.headers.contains_key("grpc-status") {
                outcome(&head.headers)?;
            }
            Ok(Messages::new(body))
        }
    }
}

fn without(error: &str) -> Error {
    let what = "the engine does not serve BuildKit's own API, which this build requires (several platforms or outputs, named contexts, caches, attestations, entitlements and no_cache_filter do)";
    Error::new(ErrorKind::Version, format!("{what}: {error}")).in_call(|| "POST /grpc".to_owned())
}
