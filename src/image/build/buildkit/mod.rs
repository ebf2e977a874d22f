//! BuildKit builds, with a session in which the engine calls the client.

mod auth;
mod cache;
mod content;
mod control;
mod grpc;
mod local;
mod options;
mod packets;
mod proto;
mod receive;
mod secrets;
mod send;
mod session;
mod solve;
mod ssh;
mod status;
mod trace;
mod walk;

pub use secrets::BuildSecret;
pub(super) use session::Destination;
pub(super) use solve::Solving;
pub use ssh::BuildSsh;
pub use trace::{BuildStep, BuildTrace};

use super::context::Source;
use super::{Build, BuildCache, BuildStream};
use crate::request::{Method, send as send_request};
use crate::stream::{Progress, ProgressStream};
use crate::{Bytes, Error, ErrorKind, Result, Upload};
use auth::Registries;
use content::Stores;
use local::Local;
use proto::Exporter;
use secrets::Secrets;
use session::{Services, Session};
use ssh::Agents;
use std::collections::HashMap;
use std::path::PathBuf;
use tokio::sync::Mutex;

/// The context URL that makes the engine request the files from the session.
const CLIENT_SESSION: &str = "client-session";
const BUILD: &str = "POST /build";

/// The options of a build that need a session.
#[derive(Default)]
pub(super) struct Wants {
    secrets: Vec<BuildSecret>,
    agents: Vec<BuildSsh>,
    /// Named contexts: their URLs, which for folders refer to the session.
    contexts: Vec<(String, String)>,
    folders: Vec<(String, PathBuf)>,
    pub(super) caches_from: Vec<BuildCache>,
    caches_to: Vec<BuildCache>,
    /// The caches, after their folders were read.
    caches: Caches,
    /// The attestations: their kinds and parameters.
    attestations: Vec<(String, String)>,
    /// The names of the stages that are built without the cache.
    stages_without_cache: Vec<String>,
    entitlements: Vec<String>,
}

impl Wants {
    /// Returns the URLs of named contexts.
    pub(super) fn urls(&self) -> impl Iterator<Item = &str> {
        self.contexts.iter().map(|(_, url)| url.as_str())
    }
}

impl Build {
    /// Opens the session, and starts the build.
    pub(super) async fn begin_buildkit(mut self) -> Result<BuildStream> {
        let limits = self.request.own_limits();
        let deadlines = self.request.deadlines();
        // BuildKit reports the digest of the last output that has one, which must be the engine's image.
        self.lists.outputs.sort_by_key(super::BuildOutput::is_image);
        let needs_solve = self.needs_solve();
        if needs_solve && self.id.is_some() {
            self.request =
                self.request.refuse(format!("an id {}; to cancel the build, drop its call", solve::NOT_HERE));
        }
        let prepared = deadlines.preparing("preparing the build", self.services()).await;
        let (services, shared_key) = prepared.map_err(|error| error.in_call(|| BUILD.to_owned()))?;
        let open = self.request.client().request(Method::POST, "/session", &[]).limits(limits.only_connect());
        let session = Box::pin(Session::open(open, services, &shared_key));
        let session = deadlines.waiting("opening the session", session).await;
        let session = session.map_err(|error| error.in_call(|| "POST /session".to_owned()))?;
        if needs_solve {
            let solving = Box::pin(self.begin_solving(&session, deadlines)).await?;
            let watched = Watched { trace: BuildTrace::default(), session };
            return Ok(BuildStream::solving(solving).watched(watched));
        }
        let cancelling = self.cancelling();
        let request = self.with_context().await.into_buildkit_request();
        let request = request.query("session", &session.id).query("buildid", cancelling.id());
        let (response, cancelling) = cancelling.unless_failed(send_request(request)).await?;
        let watched = Watched { trace: BuildTrace::default(), session };
        Ok(BuildStream::new(ProgressStream::new(response.into_stream())).watched(watched).cancelling(cancelling))
    }

    /// Prepares everything that the engine may request, on a blocking thread. Also returns the shared key of the folders.
    async fn services(&mut self) -> Result<(Services, String)> {
        let needs_solve = self.needs_solve();
        let wants = &mut self.session;
        let (secrets, agents) = (std::mem::take(&mut wants.secrets), std::mem::take(&mut wants.agents));
        let named = std::mem::take(&mut wants.folders);
        let (caches_from, caches_to) = (std::mem::take(&mut wants.caches_from), std::mem::take(&mut wants.caches_to));
        let folder = match &self.context {
            Source::Folder(path) => Some((path.clone(), self.dockerfile.clone())),
            _ => None,
        };
        let find = move || {
            let local = folder.map(|(path, dockerfile)| Local::find(&path, dockerfile.as_deref())).transpose()?;
            let find = |(name, path): (String, PathBuf)| local::find_folder(&path).map(|path| (name, path));
            let mut folders = named.into_iter().map(find).collect::<std::result::Result<HashMap<_, _>, String>>()?;
            let dockerfile = local.map(|local| {
                folders.insert("context".to_owned(), local.root);
                folders.insert("dockerfile".to_owned(), local.dockerfile_folder);
                local.dockerfile
            });
            let caches = Caches::find(caches_from, caches_to)?;
            Ok((Secrets::read(secrets)?, Agents::find(agents)?, dockerfile, folders, caches))
        };
        let found = tokio::task::spawn_blocking(find).await.unwrap_or_else(|error| Err(error.to_string()));
        self.request.check()?;
        let (secrets, agents, dockerfile, folders, mut caches) = found.map_err(Error::input)?;
        if dockerfile.is_some() {
            self.context = Source::Remote(CLIENT_SESSION.to_owned());
            self.dockerfile = dockerfile;
        }
        let shared_key = local::shared_key(&folders);
        let credentials = std::mem::take(&mut self.lists.credentials);
        let registries = Registries::new(self.request.client().clone(), credentials);
        let outputs = self.lists.outputs.iter().filter(|output| !output.is_nothing());
        let destinations = outputs.map(super::BuildOutput::destination).collect();
        let archive = match &mut self.context {
            Source::Tar(archive) if needs_solve => Some(std::mem::replace(archive, Upload::from(Bytes::new()))),
            _ => None,
        };
        let archive = Mutex::new(archive);
        let stores = Stores(std::mem::take(&mut caches.stores));
        self.session.caches = caches;
        Ok((Services { registries, secrets, agents, folders, destinations, stores, archive }, shared_key))
    }
}

/// The imports and exports of build caches.
#[derive(Default)]
struct Caches {
    stores: HashMap<String, PathBuf>,
    imports: Vec<Exporter>,
    exports: Vec<Exporter>,
    /// The local folders among the exports.
    folders: Vec<PathBuf>,
}

impl Caches {
    /// Reads local cache folders. Blocks.
    fn find(from: Vec<BuildCache>, to: Vec<BuildCache>) -> std::result::Result<Self, String> {
        let mut caches = Self::default();
        caches.imports = from.into_iter().filter_map(|cache| cache.source(&mut caches.stores)).collect();
        for cache in to {
            let (export, folder) = cache.target(&mut caches.stores)?;
            caches.exports.push(export);
            caches.folders.extend(folder);
        }
        Ok(caches)
    }
}

/// A running build: its progress so far, and the session that serves it.
pub(super) struct Watched {
    trace: BuildTrace,
    session: Session,
}

impl Watched {
    /// Records a step. Adds the failed step and its last log lines to an error.
    pub(super) fn note(&mut self, step: Result<Progress>) -> Result<Progress> {
        let mut step = step.map_err(|error| self.explained(error))?;
        status::read_trace(&mut step).map_err(|error| error.in_call(|| BUILD.to_owned()))?;
        if let Some(status) = &step.build_status {
            self.trace.note(status);
        }
        Ok(step)
    }

    /// Hides the secrets in an error. Adds the failed step and its last log lines, if a step failed the build.
    fn explained(&self, error: Error) -> Error {
        let secrets = &self.session.services.secrets;
        let mut message = error.message().to_owned();
        secrets.hide_in(&mut message); // by itself, because it may have been cut
        let failed = match error.kind() {
            ErrorKind::Stream => self.trace.failed_with(error.message()).or_else(|| self.trace.failed()),
            _ => None,
        };
        if let Some(failed) = failed {
            message = format!("the step {:?} failed: {message}", failed.vertex.name);
            let lines = failed.all_lines();
            if !lines.is_empty() {
                message.push_str("; the end of its output:");
                message.extend(lines.iter().map(|line| format!("\n  | {line}")));
            }
            secrets.hide_in(&mut message);
        }
        if message == error.message() { error } else { error.with_message(message) }
    }
}
