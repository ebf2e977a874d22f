//! `POST /build`

mod built;
mod context;
#[cfg(feature = "tar")]
mod folder;
mod options;

pub use built::BuildResult;
pub use context::BuildContext;

use super::Images;
use crate::container::Ulimit;
use crate::request::{BoxFuture, Method, Request, send};
use crate::stream::ProgressStream;
use crate::{Credentials, Error, ErrorKind, Limits, Map, Result};
use context::Source;
use serde::Serialize;
use std::fmt;
use std::future::IntoFuture;
#[cfg(feature = "tar")]
use std::path::PathBuf;

impl Images {
    /// Builds an image from a Dockerfile, by the classic builder.
    ///
    /// Awaited it builds to the end, and gives the image's id; a failing instruction is `Err`. [`stream`](Build::stream)
    /// shows the output instead. Dropped, the engine stops building. There is no limit to how long it takes or is silent but
    /// what is set on the call.
    ///
    /// `BuildKit` is not offered: it needs a session, in which the engine calls the client. So `RUN --mount`, secrets, and
    /// several platforms at once are not to be had here.
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
    /// let archive = tokio::io::stdin(); // such as of `tar -c . | …`
    /// let built = docker.images().build(Upload::reader(archive)).tag("web:1").build_arg("VERSION", "1").await?;
    /// assert_eq!(built.id, "sha256:5d27");
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /build`
    ///
    /// # Errors
    /// [`ErrorKind::Stream`]: an instruction failed, with the engine's words: `The command '…' returned a non-zero code: 1`.
    /// [`Error::is_invalid`]: an argument or the Dockerfile is wrong; of a folder also, that the Dockerfile is not there or not
    /// in it, or that its ignore file is wrong. [`ErrorKind::Upload`]: the context could not be read to its end. A
    /// [`status`](Error::status) of 500: an archive is none, or has no such Dockerfile.
    pub fn build(&self, context: impl Into<BuildContext>) -> Build {
        // Version 1 is the classic builder.
        let request = self.client.request(Method::POST, "/build", &[]).query("version", 1).no_timeouts(true);
        let mut build = Build {
            request,
            #[cfg(feature = "tar")]
            folder: None,
            dockerfile: None,
            lists: Lists::default(),
        };
        match context.into().0 {
            Source::Tar(archive) => build.request = build.request.upload("application/x-tar", archive),
            Source::Remote(url) if url.trim().is_empty() => {
                build.request = build.request.refuse("the URL of the build context is empty");
            }
            Source::Remote(url) => build.request = build.request.query("remote", url),
            #[cfg(feature = "tar")]
            Source::Folder(path) => build.folder = Some(path),
        }
        build
    }
}

/// A call of [`Images::build`].
#[must_use = "a call does nothing until it is awaited"]
pub struct Build {
    request: Request,
    #[cfg(feature = "tar")]
    folder: Option<PathBuf>,
    dockerfile: Option<String>,
    lists: Lists,
}

/// Parameters that are JSON.
#[derive(Default)]
struct Lists {
    build_args: Map<Option<String>>,
    labels: Map<String>,
    cache_from: Vec<String>,
    ulimits: Vec<Ulimit>,
    outputs: Vec<Output>,
    credentials: Map<Credentials>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    #[serde(rename = "Type")]
    kind: String,
    attrs: Map<String>,
}

impl Build {
    /// Shows each step, instead of only how it ended: the output is in [`Progress::stream`](crate::stream::Progress::stream).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /build?version=1&remote=https://example.com/web.git", r#"200 {"stream":"Step 1/1 : FROM scratch\n"}"#),
    /// # ]);
    /// use longshore::image::BuildContext;
    ///
    /// let context = BuildContext::remote("https://example.com/web.git");
    /// let mut steps = docker.images().build(context).stream().await?;
    /// while let Some(step) = steps.next().await {
    ///     print!("{}", step?.stream.unwrap_or_default());
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// What is found before the first step, as [`Images::build`]; what is found later is in the stream.
    pub async fn stream(self) -> Result<ProgressStream> {
        #[cfg(feature = "tar")]
        let this = self.read_folder().await;
        #[cfg(not(feature = "tar"))]
        let this = self;
        send(this.into_request()).await.map(|answer| ProgressStream::new(answer.into_stream()))
    }

    /// Overrides limits for this call: what is set here goes before the client's.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.request = self.request.limits(limits);
        self
    }

    /// Puts together what was set in parts.
    fn into_request(self) -> Request {
        let Self { mut request, dockerfile, lists, .. } = self;
        if let Some(dockerfile) = dockerfile {
            request = request.query("dockerfile", dockerfile);
        }
        request = json(request, "buildargs", &lists.build_args, lists.build_args.is_empty());
        request = json(request, "labels", &lists.labels, lists.labels.is_empty());
        request = json(request, "cachefrom", &lists.cache_from, lists.cache_from.is_empty());
        request = json(request, "ulimits", &lists.ulimits, lists.ulimits.is_empty());
        request = json(request, "outputs", &lists.outputs, lists.outputs.is_empty());
        request.for_all_registries(lists.credentials)
    }

    /// Finds the Dockerfile of a folder and its ignore file, on a thread that may block.
    #[cfg(feature = "tar")]
    async fn read_folder(mut self) -> Self {
        let Some(path) = self.folder.take() else { return self };
        let dockerfile = self.dockerfile.clone();
        let prepare = move || folder::Folder::prepare(&path, dockerfile.as_deref());
        match tokio::task::spawn_blocking(prepare).await.unwrap_or_else(|error| Err(error.to_string())) {
            Ok(folder) => {
                self.dockerfile = Some(folder.dockerfile.clone());
                self.request = self.request.upload("application/x-tar", folder.into_upload());
            }
            Err(why) => self.request = self.request.refuse(why),
        }
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
            let mut steps = self.stream().await?;
            let mut built = BuildResult::default();
            while let Some(step) = steps.next().await {
                built.note(&step?);
            }
            if built.id.is_empty() {
                let error = Error::new(ErrorKind::Decode, "the engine did not say which image it has built");
                return Err(error.in_call(|| "POST /build".to_owned()));
            }
            Ok(built)
        })
    }
}

impl fmt::Debug for Build {
    /// Without what is set: build arguments and credentials may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Build").field(&self.request).finish()
    }
}
