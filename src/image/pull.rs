//! `POST /images/create?fromImage=…`

use super::{ImageReference, Images, Platform};
use crate::request::{Method, Request, authorized, call, send};
use crate::stream::{Progress, ProgressStream};
use crate::{Credentials, Limits, Result};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Images {
    /// Pulls an image from its registry. A name with neither tag nor digest means `:latest`.
    ///
    /// Awaiting the call pulls to the end, and returns an error that the registry or the engine reports on the way.
    /// [`stream`](Pull::stream) yields the progress instead. The engine stops pulling if the call is dropped.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /images/create?fromImage=docker.io/library/nginx&tag=1.27",
    /// #      "200 {\"status\":\"Digest: sha256:6af79ae5\"}\r\n{\"status\":\"Status: Downloaded newer image for nginx:1.27\"}\r\n"),
    /// #     ("POST /images/create?fromImage=docker.io/library/nginx&tag=1.27", "200 {\"status\":\"Digest: sha256:6af79ae5\"}\r\n"),
    /// # ]);
    /// let pulled = docker.images().pull("nginx:1.27").await?;
    /// assert_eq!(pulled.digest.as_deref(), Some("sha256:6af79ae5"));
    ///
    /// let mut steps = docker.images().pull("nginx:1.27").stream().await?;
    /// while let Some(step) = steps.next().await {
    ///     let step = step?;
    ///     println!("{:?} {:?} {:?}", step.id, step.status, step.progress_detail);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /images/create`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the registry has no such image, or hides it without credentials.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the name is not an image name.
    /// [`ErrorKind::Stream`](crate::ErrorKind::Stream) if the pull fails on the way, or an image of several
    /// platforms is not made for the [`platform`](Pull::platform).
    /// A [`status`](crate::Error::status) of 500 if the registry cannot be reached.
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if looking up the [`Credentials`] finds a wrong setting, or a
    /// credential helper fails.
    pub fn pull<R>(&self, reference: R) -> Pull
    where
        R: TryInto<ImageReference, Error: Display>,
    {
        let request = self.client.request(Method::POST, "/images/create", &[]);
        Pull(match reference.try_into() {
            // Without a tag the engine would pull all tags of the repository.
            Ok(reference) => PullRequest {
                request: request
                    .for_registry(reference.registry())
                    .query("fromImage", reference.name())
                    .query("tag", reference.digest().unwrap_or_else(|| reference.tag_or_latest())),
                is_name_alone: reference.tag().is_none() && reference.digest().is_none(),
                all_tags: false,
            },
            Err(why) => PullRequest { request: request.refuse(why.to_string()), is_name_alone: false, all_tags: false },
        })
    }
}

/// A call of [`Images::pull`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Pull(PullRequest);

impl Pull {
    /// Sets the platform to pull, as `os[/arch[/variant]]`: `linux/arm64`. Defaults to the engine's own.
    ///
    /// Docker pulls an image that is made for a single other architecture all the same. The progress then has a status that begins with
    /// `WARNING`, except with the containerd image store. To find out, [`inspect`](super::Image::inspect) the image with
    /// [`platform`](super::Inspect::platform): it is not found.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        self.map(|request| match platform.try_into() {
            Ok(platform) => request.query("platform", platform),
            Err(why) => request.refuse(why.to_string()),
        })
    }

    /// Sets the credentials for the registry. Defaults to those that the docker CLI would use, see [`Credentials`].
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        self.map(|request| request.credentials(&credentials.into()))
    }

    /// Pulls all tags of the name, like `docker pull --all-tags`. Default: `false`, one tag. The name must have neither
    /// tag nor digest. The result is that of the last tag. [`stream`](Self::stream) yields all of them.
    pub fn all_tags(self, all: bool) -> Self {
        Self(PullRequest { all_tags: all, ..self.0 })
    }

    /// Starts the pull, and yields its progress.
    ///
    /// # Errors
    /// Those of [`Images::pull`] that the engine finds before the first step. Later errors are items of the stream.
    pub async fn stream(self) -> Result<ProgressStream> {
        stream(self.0.into_request()).await
    }

    fn map(self, set: impl FnOnce(Request) -> Request) -> Self {
        Self(PullRequest { request: set(self.0.request), ..self.0 })
    }
}

/// The state of a call of [`Images::pull`].
#[derive(Clone, Debug)]
struct PullRequest {
    request: Request,
    /// Whether the name has neither tag nor digest.
    is_name_alone: bool,
    all_tags: bool,
}

impl PullRequest {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }

    fn into_request(self) -> Request {
        match self {
            Self { request, all_tags: false, .. } => request,
            Self { request, is_name_alone: true, .. } => request.without_query("tag"),
            Self { request, .. } => request.refuse("pulling all tags requires a name with neither tag nor digest"),
        }
    }
}

call!(Pull => PullResult, pulled);

/// The outcome of a pull.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct PullResult {
    /// The digest of the tag in the registry: `sha256:…`. `None` if the engine does not report it, such as Podman.
    pub digest: Option<String>,
    /// Whether the engine downloaded a newer image. `false` if the image was up to date, and always with Podman, which
    /// does not report it.
    pub newer: bool,
}

impl PullResult {
    /// Updates the outcome from a step of [`Pull::stream`].
    pub fn note(&mut self, step: &Progress) {
        let status = step.status.as_deref().unwrap_or_default();
        if let Some(digest) = status.strip_prefix("Digest: ") {
            self.digest = Some(digest.trim().to_owned());
        }
        self.newer |= status.starts_with("Status: Downloaded newer image");
    }
}

async fn pulled(pull: PullRequest) -> Result<PullResult> {
    let pull = pull.into_request();
    authorized(pull, async |request| stream(request).await?.outcome(PullResult::note).await).await
}

async fn stream(request: Request) -> Result<ProgressStream> {
    send(request).await.map(|response| ProgressStream::new(response.into_stream()))
}
