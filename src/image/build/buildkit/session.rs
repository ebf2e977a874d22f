//! [`Session`]: a connection on which the engine calls the client during a build.

use super::auth::Registries;
use super::content::Stores;
use super::grpc::{CONNECTION_WINDOW, Call, Calls, Responder, STREAM_WINDOW, Status, serve_call};
use super::packets;
use super::proto::{BytesMessage, Empty, GetSecretRequest, GetSecretResponse, HealthCheckResponse};
use super::secrets::Secrets;
use super::ssh::Agents;
use super::walk::Wanted;
use super::{receive, send};
use crate::request::{Request as ApiRequest, send as send_request};
use crate::{Error, ErrorKind, Result, Upload};
use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::collections::HashMap;
use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

const HEALTH: &str = "/grpc.health.v1.Health/Check";
const CREDENTIALS: &str = "/moby.filesync.v1.Auth/Credentials";
const GET_SECRET: &str = "/moby.buildkit.secrets.v1.Secrets/GetSecret";
const CHECK_AGENT: &str = "/moby.sshforward.v1.SSH/CheckAgent";
const FORWARD_AGENT: &str = "/moby.sshforward.v1.SSH/ForwardAgent";
const SYNC_FILES: &str = "/moby.filesync.v1.FileSync/DiffCopy";
const SEND_FILES: &str = "/moby.filesync.v1.FileSend/DiffCopy";
const PULL_UPLOAD: &str = "/moby.upload.v1.Upload/Pull";
const SERVING: i32 = 1;
/// The limit of a call's headers, which include all patterns of an ignore file.
const LONGEST_HEADERS: u32 = 8 << 20;

/// The local path of an export.
#[derive(Clone, Debug)]
pub(in crate::image::build) enum Destination {
    File(PathBuf),
    Folder(PathBuf),
}

/// The services that the engine can call.
pub(super) struct Services {
    pub(super) registries: Registries,
    pub(super) secrets: Secrets,
    pub(super) agents: Agents,
    /// The folders that the engine may read, by the names that it uses.
    pub(super) folders: HashMap<String, PathBuf>,
    /// The local destinations, in the order of the outputs. `None` for an output that stays in the engine.
    pub(super) destinations: Vec<Option<Destination>>,
    /// The local cache folders.
    pub(super) stores: Stores,
    /// The archive with the context, unless the build request sends it.
    pub(super) archive: Mutex<Option<Upload>>,
}

/// An open session, which ends when dropped.
pub(super) struct Session {
    pub(super) id: String,
    pub(super) services: Arc<Services>,
    _serving: JoinSet<()>,
}

impl Session {
    /// Opens a session by a request for `POST /session`. The shared key lets the engine request only the files that changed since the last session with it.
    pub(super) async fn open(request: ApiRequest, services: Services, shared_key: &str) -> Result<Self> {
        let id = crate::wire::random_id();
        let request = request.upgrade("h2c").header("x-docker-expose-session-uuid", id.clone());
        let mut request = request
            .header("x-docker-expose-session-name", "longshore")
            .header("x-docker-expose-session-sharedkey", shared_key);
        for method in [HEALTH, CREDENTIALS, GET_SECRET, CHECK_AGENT, FORWARD_AGENT, SYNC_FILES, SEND_FILES, PULL_UPLOAD]
        {
            request = request.header_also("x-docker-expose-session-grpc-method", method.to_owned());
        }
        let response = send_request(request).await.map_err(without_buildkit)?;
        // A build that held one connection while it waits for the next could wait for other builds that do the same.
        let connection = response.into_upgraded()?.0.uncounted();
        let services = Arc::new(services);
        let (served, calls) = (services.clone(), Calls::default());
        let serve = service_fn(move |request| {
            let response = respond(&served, &calls, request);
            async move { Ok::<_, Infallible>(response) }
        });
        let mut http2 = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        http2.max_header_list_size(LONGEST_HEADERS);
        http2.initial_stream_window_size(STREAM_WINDOW).initial_connection_window_size(CONNECTION_WINDOW);
        let serving = http2.serve_connection(TokioIo::new(connection), serve);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let _ = serving.await; // the build reports the error
        });
        Ok(Self { id, services, _serving: tasks })
    }
}

/// Reports a missing endpoint as missing BuildKit support. Podman, for example, has no sessions.
fn without_buildkit(error: Error) -> Error {
    if error.is_not_found() || error.status() == Some(405) {
        let what = "the engine does not support BuildKit: it has no POST /session";
        return Error::new(ErrorKind::Version, what).in_call(|| "POST /session".to_owned());
    }
    error
}

fn respond(services: &Arc<Services>, calls: &Calls, request: Request<Incoming>) -> Response<Channel<Bytes>> {
    let services = services.clone();
    let path = request.uri().path().to_owned();
    serve_call(calls, request, |call| async move { services.serve(&path, call).await })
}

impl Services {
    /// Serves any call, because a call without a response would stall the build.
    async fn serve(&self, path: &str, call: Call) -> (Responder, std::result::Result<(), Status>) {
        match path {
            HEALTH => call.reply(async |_: Empty| Ok(HealthCheckResponse { status: SERVING })).await,
            CREDENTIALS => call.reply(async |asked| self.registries.credentials(asked).await).await,
            GET_SECRET => {
                let find = async |asked: GetSecretRequest| {
                    self.secrets.find(&asked.id).map(|data| GetSecretResponse { data: data.to_vec() })
                };
                call.reply(find).await
            }
            CHECK_AGENT => call.reply(async |asked| self.agents.check(&asked)).await,
            FORWARD_AGENT => self.agents.forward(call).await,
            SYNC_FILES => self.sync(call).await,
            SEND_FILES => self.take_files(call).await,
            PULL_UPLOAD => self.upload(call).await,
            path => match self.stores.serve(path, call).await {
                Ok(served) => served,
                Err(call) => call.refuse(Status::unimplemented()),
            },
        }
    }

    /// Sends the files of a folder.
    async fn sync(&self, call: Call) -> (Responder, std::result::Result<(), Status>) {
        let name = call.header("dir-name").into_iter().next().unwrap_or_default();
        let Some(root) = self.folders.get(&name).cloned() else {
            return call.refuse(Status::not_found(format!("the build has no folder {name:?}")));
        };
        let [include, exclude, follow] =
            ["include-patterns", "exclude-patterns", "followpaths"].map(|header| call.header(header));
        packets::serve(call, move |engine, to| {
            let wanted = Wanted::new(&root, &include, &exclude, &follow).map_err(Status::unknown)?;
            send::send(&root, &wanted, engine, &to)
        })
        .await
    }

    /// Sends the archive with the context.
    async fn upload(&self, call: Call) -> (Responder, std::result::Result<(), Status>) {
        let Some(archive) = self.archive.lock().await.take() else {
            return call.refuse(Status::not_found("the build has no archive, or it was already sent"));
        };
        let Call { mut responder, .. } = call;
        let outcome = async {
            let unreadable = |error: crate::Error| Status::unknown(error.to_string());
            let mut body = archive.open().await.map_err(unreadable)?.into_body();
            while let Some(frame) = body.frame().await {
                if let Ok(data) = frame.map_err(|error| Status::unknown(error.to_string()))?.into_data() {
                    responder.send(&BytesMessage { data }).await?;
                }
            }
            Ok(())
        };
        let outcome = outcome.await;
        (responder, outcome)
    }

    /// Returns the destination of an export. Older engines do not number the exports, and have only one.
    fn destination(&self, call: &Call) -> Option<&Destination> {
        match call.header("buildkit-attachable-exporter-id").first() {
            Some(index) => self.destinations.get(index.parse::<usize>().ok()?)?.as_ref(),
            None => match self.destinations.as_slice() {
                [only] => only.as_ref(),
                _ => None,
            },
        }
    }

    /// Receives the files of an export.
    async fn take_files(&self, call: Call) -> (Responder, std::result::Result<(), Status>) {
        match self.destination(&call).cloned() {
            Some(Destination::File(path)) => {
                packets::serve(call, move |engine, _to| receive::file(&path, engine)).await
            }
            Some(Destination::Folder(path)) => {
                packets::serve(call, move |engine, to| receive::folder(&path, engine, &to)).await
            }
            None => call.refuse(Status::not_found("the build has no such local output")),
        }
    }
}
