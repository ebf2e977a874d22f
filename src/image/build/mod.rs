//! `POST /build`

#[cfg(feature = "buildkit")]
mod buildkit;
mod built;
mod cache;
mod cancel;
mod choice;
mod classic;
mod context;
mod fields;
#[cfg(feature = "tar")]
mod folder;
#[cfg(feature = "tar")]
mod ignore;
mod options;
mod output;
#[cfg(feature = "tar")]
mod pattern;
mod stream;

#[cfg(feature = "buildkit")]
pub use buildkit::{BuildSecret, BuildSsh, BuildStep, BuildTrace};
pub use built::BuildResult;
pub use cache::BuildCache;
pub use cancel::CancelBuild;
pub use context::BuildContext;
pub use fields::ParseBuildOptionError;
#[cfg(all(feature = "deploy", feature = "tar"))]
pub(crate) use folder::write_content;
pub use output::BuildOutput;
pub use stream::BuildStream;

use super::{Images, Platform};
use crate::container::Ulimit;
use crate::request::{BoxFuture, Method, Request, send};
use crate::stream::{Logins, ProgressStream};
use crate::wire::{BuilderVersion, random_id};
use crate::{Credentials, Error, ErrorKind, Limits, Map, Result};
use cancel::Cancelling;
use choice::gated;
use context::Source;
use serde::Serialize;
use std::fmt;
use std::future::IntoFuture;
use tokio::time::Instant;

impl Images {
    /// Builds an image from a Dockerfile, with the classic builder or BuildKit: `images().build(".")`.
    ///
    /// Awaiting the call builds to the end and returns the image's ID, or an error if an instruction fails.
    /// [`stream`](Build::stream) yields the progress instead. The engine stops building if the call is dropped, or
    /// reaches a limit. Of a build only connecting has a timeout, unless [limits](Build::limits) are set on the call.
    ///
    /// The classic builder is the default. BuildKit builds if [`builder`](Build::builder) selects it, or if an option
    /// such as a secret requires it.
    ///
    /// BuildKit needs the feature `buildkit` for everything that the engine requests from the client: files of a
    /// folder, secrets, SSH agents, credentials and exports. Its progress can only be read with that feature too. Other
    /// BuildKit builds work without it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /build?version=1&t=web:1&buildargs={"VERSION":"1"}"#,
    /// #      "200 {\"stream\":\"Step 1/1 : FROM scratch\\n\"}\r\n{\"aux\":{\"ID\":\"sha256:5d27\"}}\r\n"),
    /// # ]);
    /// use longshore::Upload;
    ///
    /// // The context can also be the path of a folder, or a URL: see `BuildContext`.
    /// let archive = tokio::io::stdin(); // such as of `tar -c . | …`
    /// let built = docker.images().build(Upload::reader(archive)).tag("web:1").build_arg("VERSION", "1").await?;
    /// assert_eq!(built.id, "sha256:5d27");
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /build`
    ///
    /// # Errors
    /// [`ErrorKind::Stream`] if a step fails, with the engine's message, such as
    /// `The command '…' returned a non-zero code: 1`. With BuildKit, the message also has the step's name and its last
    /// log lines.
    /// [`Error::is_invalid`] if an argument or the Dockerfile is wrong, or an option is not for the chosen builder. For
    /// a folder also if the Dockerfile does not exist, or with the classic builder is outside the folder, or if the ignore
    /// file is wrong.
    /// [`ErrorKind::Upload`] if reading the context failed.
    /// [`Error::is_version`] if the engine has no BuildKit, or its version is too old for an option.
    /// A [`status`](Error::status) of 500 if an archive is invalid or has no such Dockerfile.
    pub fn build(&self, context: impl Into<BuildContext>) -> Build {
        Build {
            request: self.client.request(Method::POST, "/build", &[]).query("version", 1).no_timeouts(true),
            context: context.into().0,
            dockerfile: None,
            platforms: Vec::new(),
            builder: None,
            classic_only: None,
            buildkit_only: None,
            lists: Lists::default(),
            id: None,
            #[cfg(feature = "buildkit")]
            session: Box::default(),
        }
    }
}

/// A call of [`Images::build`].
#[must_use = "a call does nothing until it is awaited"]
pub struct Build {
    request: Request,
    context: Source,
    dockerfile: Option<String>,
    platforms: Vec<Platform>,
    builder: Option<BuilderVersion>,
    /// The first option that was set and that only the classic builder supports.
    classic_only: Option<&'static str>,
    buildkit_only: Option<&'static str>,
    lists: Lists,
    /// The ID to cancel the build by.
    id: Option<String>,
    #[cfg(feature = "buildkit")]
    /// Boxed, so that futures that hold a build stay small.
    session: Box<buildkit::Wants>,
}

/// Options that are sent as JSON parameters.
#[derive(Default)]
struct Lists {
    build_args: Map<Option<String>>,
    labels: Map<String>,
    cache_from: Vec<String>,
    ulimits: Vec<Ulimit>,
    outputs: Vec<BuildOutput>,
    credentials: Map<Credentials>,
}

impl Build {
    /// Starts the build, and yields its progress.
    ///
    /// The log of the classic builder is in [`Progress::stream`](crate::stream::Progress::stream). The progress of BuildKit is in
    #[cfg_attr(feature = "buildkit", doc = "[`Progress::build_status`](crate::stream::Progress::build_status).")]
    #[cfg_attr(not(feature = "buildkit"), doc = "`Progress::build_status`, with the feature `buildkit`.")]
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /build?version=1&remote=https://example.com/web.git", r#"200 {"stream":"Step 1/1 : FROM scratch\n"}"#),
    /// # ]);
    /// let mut steps = docker.images().build("https://example.com/web.git").stream().await?;
    /// while let Some(step) = steps.next().await {
    ///     print!("{}", step?.stream.unwrap_or_default());
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Those of [`Images::build`] that are found before the first step. Later errors are items of the stream.
    pub async fn stream(self) -> Result<BuildStream> {
        let logins = self.logins();
        match self.begin().await {
            Ok(stream) => Ok(stream.hiding(logins)),
            Err(error) => Err(logins.hide_in_error(error)),
        }
    }

    async fn begin(mut self) -> Result<BuildStream> {
        self.request = self.request.since_begun(Instant::now());
        match self.chosen() {
            Err(why) => self.request = self.request.refuse(why),
            Ok(BuilderVersion::BuildKit) => return self.begin_buildkit().await,
            Ok(builder) => self.request = self.request.query("version", builder),
        }
        let credentials = std::mem::take(&mut self.lists.credentials);
        let request = self.prepared().await?.into_request().for_all_registries(credentials);
        send(request).await.map(|answer| BuildStream::new(ProgressStream::new(answer.into_stream())))
    }

    /// Returns the logins in the URLs of the contexts.
    fn logins(&self) -> Logins {
        let context = match &self.context {
            Source::Remote(url) => Some(url.as_str()),
            Source::Tar(_) | Source::Folder(_) => None,
        };
        #[cfg(feature = "buildkit")]
        let context = context.into_iter().chain(self.session.urls());
        Logins::of(context.into_iter())
    }

    /// Overrides the client's limits for this call.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.request = self.request.limits(limits);
        self
    }

    #[cfg(not(feature = "buildkit"))]
    async fn begin_buildkit(mut self) -> Result<BuildStream> {
        choice::refuse_podman(&self.request).await?;
        let cancelling = self.cancelling();
        let request = self.prepared().await?.into_buildkit_request().query("buildid", cancelling.id());
        let (answer, cancelling) = cancelling.unless_failed(send(request)).await?;
        Ok(BuildStream::new(ProgressStream::new(answer.into_stream())).cancelling(cancelling))
    }

    /// Returns a guard that cancels the build when dropped.
    fn cancelling(&mut self) -> Cancelling {
        let id = self.id.take().unwrap_or_else(random_id);
        Cancelling::new(self.request.client().clone(), id)
    }

    fn into_buildkit_request(self) -> Request {
        let limit = self.limit();
        gated(self.into_request().query("version", BuilderVersion::BuildKit), limit)
    }

    /// Adds the options that were collected in fields.
    fn into_request(self) -> Request {
        let Self { mut request, dockerfile, lists, platforms, .. } = self;
        request = match &*platforms {
            [] => request,
            // Several platforms are never sent to `POST /build`.
            [platform, ..] => request.query("platform", platform),
        };
        if let Some(dockerfile) = dockerfile {
            request = request.query("dockerfile", dockerfile);
        }
        request = json(request, "buildargs", &lists.build_args, lists.build_args.is_empty());
        request = json(request, "labels", &lists.labels, lists.labels.is_empty());
        request = json(request, "cachefrom", &lists.cache_from, lists.cache_from.is_empty());
        request = json(request, "ulimits", &lists.ulimits, lists.ulimits.is_empty());
        let names: Vec<_> = request.queries().filter(|(name, _)| *name == "t").map(|(_, name)| name).collect();
        let outputs: Vec<_> = lists.outputs.iter().map(|output| output.to_json(&names)).collect();
        json(request, "outputs", &outputs, outputs.is_empty())
    }

    /// Adds the context, within the limit of the whole call.
    async fn prepared(self) -> Result<Self> {
        let deadlines = self.request.deadlines();
        let label = self.request.label();
        let prepared = deadlines.preparing("preparing the build context", async { Ok(self.with_context().await) });
        prepared.await.map_err(|error| error.in_call(|| label.to_string()))
    }

    /// Adds the context. For a folder, finds the Dockerfile and the ignore file on a blocking thread.
    #[cfg_attr(not(feature = "tar"), allow(clippy::unused_async, reason = "it is, with the feature"))]
    async fn with_context(mut self) -> Self {
        let request = self.request;
        self.request = match std::mem::replace(&mut self.context, Source::Remote(String::new())) {
            Source::Tar(archive) => request.upload("application/x-tar", archive),
            Source::Remote(url) if url.trim().is_empty() => request.refuse("the URL of the build context is empty"),
            Source::Remote(url) => request.query("remote", url),
            #[cfg(not(feature = "tar"))]
            Source::Folder(_) => request.refuse("a folder as the build context requires the feature `tar`"),
            #[cfg(feature = "tar")]
            Source::Folder(path) => {
                let dockerfile = self.dockerfile.clone();
                let prepare = move || folder::Folder::prepare(&path, dockerfile.as_deref());
                match tokio::task::spawn_blocking(prepare).await.unwrap_or_else(|error| Err(error.to_string())) {
                    Ok(folder) => {
                        self.dockerfile = Some(folder.dockerfile.clone());
                        request.upload("application/x-tar", folder.into_upload())
                    }
                    Err(why) => request.refuse(why),
                }
            }
        };
        self
    }
}

fn json(request: Request, name: &'static str, value: &impl Serialize, is_empty: bool) -> Request {
    if is_empty {
        return request;
    }
    match serde_json::to_string(value) {
        Ok(json) => request.query(name, json),
        Err(error) => request.refuse(format!("{name} cannot be written as JSON: {error}")),
    }
}

impl IntoFuture for Build {
    type Output = Result<BuildResult>;
    type IntoFuture = BoxFuture<BuildResult>;

    #[inline]
    fn into_future(self) -> BoxFuture<BuildResult> {
        Box::pin(async move {
            let is_kept_elsewhere =
                !self.lists.outputs.is_empty() && !self.lists.outputs.iter().any(BuildOutput::is_image);
            let mut steps = self.stream().await?;
            let mut built = BuildResult::default();
            while let Some(step) = steps.next().await {
                built.note(&step?);
            }
            if built.id.is_empty() && !is_kept_elsewhere {
                let error = Error::new(ErrorKind::Decode, "the engine did not say which image it has built");
                return Err(error.in_call(|| "POST /build".to_owned()));
            }
            Ok(built)
        })
    }
}

crate::request::waits!(Build => BuildResult);

impl fmt::Debug for Build {
    /// Hides the options: build arguments and credentials may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Build").field(&self.request).finish()
    }
}
