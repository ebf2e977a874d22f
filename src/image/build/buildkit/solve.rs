//! Builds that `POST /build` does not support, by BuildKit's own API.

use super::content;
use super::control::Control;
use super::grpc::{Messages, Status};
use super::proto::{CacheOptions, Exporter, SolveRequest, SolveResponse, StatusResponse};
use super::session::Session;
use crate::image::build::choice::gated;
use crate::image::build::context::Source;
use crate::image::build::{Build, BuildCache, BuildOutput};
use crate::request::{Method, Request};
use crate::stream::Progress;
use crate::transport::Deadlines;
use crate::wire::random_id;
use crate::{Error, ErrorKind, Map, Result, Version};
use serde_json::json;
use std::collections::HashMap;
use std::future::poll_fn;
use std::path::PathBuf;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::watch;
use tokio::task::JoinSet;

const CALL: &str = "POST /grpc";
pub(super) const NOT_HERE: &str = "is not supported in a build with several platforms or outputs, named contexts, caches, attestations, entitlements or no_cache_filter";
/// The URL from which the frontend fetches an archive of the session.
const ARCHIVE: &str = "http://buildkit-session/context";
/// The frontend's feature without which it ignores named contexts.
const NAMED_CONTEXTS: &str = "moby.buildkit.frontend.contexts";
/// The number of progress records that may wait to be read.
const WAITING: usize = 16;
/// The time to wait for the last progress records after the build has ended.
const LAST_RECORDS: Duration = Duration::from_secs(5);

/// A running build with its progress.
pub(in crate::image::build) struct Solving {
    pub(in crate::image::build) steps: Receiver<Result<Progress>>,
    task: JoinSet<()>,
}

impl Solving {
    /// Starts the build. `folders` are the local folders of cache exports.
    fn begin(control: Control, request: SolveRequest, folders: Vec<PathBuf>, deadlines: Deadlines) -> Self {
        let (tell, steps) = channel(WAITING);
        let mut task = JoinSet::new(); // stops when dropped
        task.spawn(async move {
            let built = build(&control, &request, &tell, deadlines).await;
            let last = match built {
                Ok(solved) => match tag(&solved, folders).await {
                    Ok(()) => result(solved).map(Ok),
                    Err(error) => Some(Err(error)),
                },
                Err(error) => Some(Err(error)),
            };
            if let Some(last) = last {
                let _ = tell.send(last.map_err(|error| error.in_call(|| CALL.to_owned()))).await;
            }
        });
        Self { steps, task }
    }

    /// Closes the connection, so that the engine stops building.
    pub(in crate::image::build) fn stop(&mut self) {
        self.task.abort_all();
    }
}

/// Waits for the end of the build, and reports its progress until then.
async fn build(
    control: &Control,
    request: &SolveRequest,
    tell: &Sender<Result<Progress>>,
    deadlines: Deadlines,
) -> Result<SolveResponse> {
    let mut telling = JoinSet::new();
    let (end, ended) = watch::channel(());
    telling.spawn(report(control.status(&request.reference), tell.clone(), deadlines, ended));
    let solve = control.solve(request);
    let solve = async { solve.await.map_err(|status| failed(&status)) };
    let solved = deadlines.preparing("waiting for the end of the build", solve).await;
    drop(end);
    if !solved.as_ref().is_err_and(Error::is_timeout) {
        let _ = telling.join_next().await;
    }
    solved
}

/// Reports the progress, and ends the build with an error if it stays silent for too long. `ended` closes when the build has
/// ended.
async fn report(
    status: impl Future<Output = std::result::Result<Messages, Status>>,
    tell: Sender<Result<Progress>>,
    deadlines: Deadlines,
    ended: watch::Receiver<()>,
) {
    let Some(Ok(mut records)) = received(&ended, status).await else { return };
    loop {
        let next = async { Ok(received(&ended, records.next::<StatusResponse>()).await) };
        let step = match deadlines.idling("waiting for more of the build's progress", next).await {
            Ok(Some(Ok(Some(record)))) => {
                let mut step = Progress::default();
                step.build_status = Some(Box::new(record.into()));
                Ok(step)
            }
            Ok(_) => return,
            Err(error) => Err(error.in_call(|| CALL.to_owned())),
        };
        let is_last = step.is_err();
        if tell.send(step).await.is_err() || is_last {
            return;
        }
    }
}

/// Awaits something of the engine, and only a short time after the build has ended. The time in which the caller reads the
/// progress does not count.
async fn received<T>(ended: &watch::Receiver<()>, work: impl Future<Output = T>) -> Option<T> {
    let mut ended = ended.clone();
    let is_late = async {
        let _ = ended.changed().await; // fails when it closes
        tokio::time::sleep(LAST_RECORDS).await;
    };
    let (mut work, mut is_late) = (pin!(work), pin!(is_late));
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(received) => Poll::Ready(Some(received)),
        Poll::Pending => is_late.as_mut().poll(cx).map(|()| None),
    })
    .await
}

/// Records the latest results in the local cache folders.
async fn tag(solved: &SolveResponse, folders: Vec<PathBuf>) -> Result<()> {
    let Some(manifest) = solved.exporter_response.get("cache.manifest").cloned() else { return Ok(()) };
    let tag = move || folders.iter().try_for_each(|folder| content::tag(folder, &manifest));
    let tagged = tokio::task::spawn_blocking(tag).await.unwrap_or_else(|error| Err(error.to_string()));
    tagged.map_err(|why| Error::new(ErrorKind::Stream, why))
}

/// Returns the image's ID in the form in which `POST /build` reports it, with everything else that the exporters report.
fn result(solved: SolveResponse) -> Option<Progress> {
    let metadata = solved.exporter_response;
    let digest = |key: &str| metadata.get(key).filter(|digest| !digest.is_empty());
    let id = digest("containerimage.digest").or_else(|| digest("containerimage.config.digest"));
    let mut step = Progress::default();
    step.id = Some("moby.image.id".to_owned());
    step.aux = Some(match id {
        Some(id) => json!({ "ID": id, "Metadata": metadata }),
        None if metadata.is_empty() => return None,
        None => json!({ "Metadata": metadata }),
    });
    Some(step)
}

fn failed(status: &Status) -> Error {
    if status.message.contains(&format!("unsupported frontend capability {NAMED_CONTEXTS}")) {
        return Error::new(ErrorKind::Version, "the engine's BuildKit does not support named contexts")
            .with_hint("use Docker 23 or later, or begin the Dockerfile with `# syntax=docker/dockerfile:1`");
    }
    let kind = if status.code == 13 || status.code == 14 { ErrorKind::Interrupted } else { ErrorKind::Stream };
    let error = Error::new(kind, status.message.as_str());
    if status.message.contains("exporting multiple references to image store") {
        return error.with_hint("an image for several platforms requires the containerd image store");
    }
    error
}

impl Build {
    /// Whether the build has an option that `POST /build` does not support.
    pub(super) fn needs_solve(&self) -> bool {
        let wants = &self.session;
        let outputs = &self.lists.outputs;
        outputs.len() > 1
            || outputs.iter().any(BuildOutput::is_nothing)
            || self.platforms.len() > 1
            || !(wants.contexts.is_empty()
                && wants.caches_to.is_empty()
                && wants.caches_from.is_empty()
                && wants.attestations.is_empty()
                && wants.stages_without_cache.is_empty()
                && wants.entitlements.is_empty())
    }

    /// Starts the build by BuildKit's own API.
    pub(super) async fn begin_solving(self, session: &Session, deadlines: Deadlines) -> Result<Solving> {
        let open = self.request.client().request(Method::POST, "/grpc", &[]);
        let open = gated(open.limits(self.request.own_limits().only_connect()), self.limit());
        let folders = self.session.caches.folders.clone();
        let begin = async {
            // Older engines ignore attestations.
            let is_attested = !self.session.attestations.is_empty();
            let open = if is_attested { open.since(Version::V1_43, "an attestation") } else { open };
            let request = self.into_solve_request(&session.id, &random_id()).map_err(Error::input)?;
            // Older engines use the first output alone.
            let is_several = request.exporters.len() > 1;
            let open = if is_several { open.since(Version::V1_45, "a build with several outputs") } else { open };
            let control = deadlines.waiting("connecting to the engine's BuildKit", Control::open(open)).await?;
            Ok(Solving::begin(control, request, folders, deadlines))
        };
        begin.await.map_err(|error: Error| error.in_call(|| CALL.to_owned()))
    }

    /// Translates the build to the options of the Dockerfile frontend.
    fn into_solve_request(self, session: &str, reference: &str) -> std::result::Result<SolveRequest, String> {
        let Self { request, context, dockerfile, lists, platforms, session: wants, .. } = self;
        let mut options = Options::read(&request)?;
        let attrs = &mut options.attrs;
        let mut set = |name: String, value: String| drop(attrs.insert(name, value));
        set("filename".to_owned(), dockerfile.unwrap_or_else(|| "Dockerfile".to_owned()));
        match context {
            Source::Remote(url) if url == super::CLIENT_SESSION => {}
            Source::Remote(url) => set("context".to_owned(), url),
            Source::Tar(_) | Source::Folder(_) => set("context".to_owned(), ARCHIVE.to_owned()),
        }
        let limits = lists.ulimits.iter().map(|limit| format!("{}={}:{}", limit.name, limit.soft, limit.hard));
        for (name, list) in
            [("ulimit", joined(limits)), ("platform", joined(platforms.iter().map(ToString::to_string)))]
        {
            if !list.is_empty() {
                set(name.to_owned(), list);
            }
        }
        for (name, value) in &lists.build_args {
            if let Some(value) = value {
                set(format!("build-arg:{name}"), value.clone());
            }
        }
        for (name, value) in &lists.labels {
            set(format!("label:{name}"), value.clone());
        }
        if !wants.contexts.is_empty() {
            // A frontend without the feature refuses the build then. The one that the Dockerfile names may have it.
            set("frontend.caps".to_owned(), format!("{NAMED_CONTEXTS}+forward"));
        }
        for (name, source) in wants.contexts {
            set(format!("context:{name}"), source);
        }
        for (kind, value) in wants.attestations {
            set(format!("attest:{kind}"), value);
        }
        let from_images = lists.cache_from.iter().map(|image| BuildCache::registry(image.as_str()));
        let imports: Vec<_> = wants.caches.imports.into_iter().chain(from_images.map(BuildCache::into_entry)).collect();
        if !imports.is_empty() {
            let entry = |entry: &Exporter| json!({ "Type": entry.kind, "Attrs": entry.attrs });
            let entries = imports.iter().map(entry).collect::<serde_json::Value>();
            set("cache-imports".to_owned(), entries.to_string());
        }
        if !wants.stages_without_cache.is_empty() {
            // An empty list, which `no_cache` has set, stands for all stages.
            options.attrs.entry("no-cache".to_owned()).or_insert_with(|| wants.stages_without_cache.join(","));
        }
        options.entitlements.extend(wants.entitlements);
        let mut exports = wants.caches.exports;
        if has_inline_cache(&lists.build_args) && !exports.iter().any(|export| export.kind == "inline") {
            exports.push(BuildCache::inline().into_entry());
        }
        let exporters = exporters(&lists.outputs, &options.names);
        let first = exporters.first().cloned().unwrap_or_default();
        Ok(SolveRequest {
            reference: reference.to_owned(),
            exporter: first.kind,
            exporter_attrs: first.attrs,
            session: session.to_owned(),
            frontend: "dockerfile.v0".to_owned(),
            frontend_attrs: options.attrs,
            cache: Some(CacheOptions { exports, imports }),
            entitlements: options.entitlements,
            exporters,
            enable_session_exporter: false,
        })
    }
}

/// The query of `POST /build`, translated to the options of the frontend.
#[derive(Default)]
struct Options {
    attrs: HashMap<String, String>,
    names: Vec<String>,
    entitlements: Vec<String>,
}

impl Options {
    fn read(request: &Request) -> std::result::Result<Self, String> {
        let (mut options, mut hosts) = (Self::default(), Vec::new());
        for (name, value) in request.queries() {
            match (name, value) {
                ("t", name) => options.names.push(name.to_owned()),
                ("target", stage) => options.set("target", stage),
                ("nocache", "true") => options.set("no-cache", ""),
                ("pull", "true") => options.set("image-resolve-mode", "pull"),
                ("shmsize", size) => options.set("shm-size", size),
                ("networkmode", "none") => options.set("force-network-mode", "none"),
                ("networkmode", "host") => {
                    options.set("force-network-mode", "host");
                    options.entitlements.push("network.host".to_owned());
                }
                ("extrahosts", host) => match host.split_once(':') {
                    Some((name, address)) if address != "host-gateway" => hosts.push(format!("{name}={address}")),
                    _ => return Err(format!("{host} {NOT_HERE}")),
                },
                _ => {}
            }
        }
        if !hosts.is_empty() {
            options.set("add-hosts", &hosts.join(","));
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &str) {
        self.attrs.insert(name.to_owned(), value.to_owned());
    }
}

/// Whether a build argument requests an inline cache. `POST /build` reads it in the same way, as Go parses a boolean.
fn has_inline_cache(build_args: &Map<Option<String>>) -> bool {
    let value = build_args.get("BUILDKIT_INLINE_CACHE").and_then(Option::as_deref);
    matches!(value, Some("1" | "t" | "T" | "true" | "TRUE" | "True"))
}

fn joined(list: impl Iterator<Item = String>) -> String {
    list.collect::<Vec<_>>().join(",")
}

/// Returns the exporters of the outputs. Default: an image in the engine.
fn exporters(outputs: &[BuildOutput], names: &[String]) -> Vec<Exporter> {
    let image = [BuildOutput::image()];
    let outputs = if outputs.is_empty() { &image } else { outputs };
    let outputs = outputs.iter().filter(|output| !output.is_nothing());
    outputs
        .map(|output| {
            let (kind, attrs) = output.parts();
            let mut attrs: HashMap<_, _> = attrs.iter().map(|(key, value)| (key.to_owned(), value.clone())).collect();
            if output.has_name() && !names.is_empty() {
                attrs.entry("name".to_owned()).or_insert_with(|| names.join(","));
            }
            Exporter { kind: kind.to_owned(), attrs }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Status, failed};

    #[test]
    fn what_an_engine_lacks_is_told_with_what_to_do() {
        let status = "failed to solve with frontend dockerfile.v0: unsupported frontend capability moby.buildkit.frontend.contexts";
        let error = failed(&Status::unknown(status));
        assert!(error.is_version() && error.to_string().contains("Docker 23 or later, or begin the Dockerfile with"));
        assert!(!failed(&Status::unknown("unsupported frontend capability x")).is_version());
        let status = "exporting multiple references to image store is currently unsupported";
        assert!(failed(&Status::unknown(status)).to_string().ends_with("requires the containerd image store"));
    }
}
