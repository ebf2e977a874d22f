//! `POST /images/{name}/push`

use super::{Image, ImageReference, Platform, platform};
use crate::request::{Method, Request, authorized, call, send};
use crate::stream::{Progress, ProgressStream};
use crate::{Credentials, Limits, OciDescriptor, Result, Version};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// `{}` in base64. Without the header older engines read credentials from the body, and fail if the body is empty.
const NOBODY: &str = "e30=";

impl Image {
    /// Pushes the image to the registry in its name. A name without a tag means `:latest`.
    ///
    /// Awaiting the call pushes to the end, and returns an error that the registry or the engine reports on the way.
    /// [`stream`](Push::stream) yields the progress instead. The engine stops pushing if the call is dropped.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /images/web/tag?repo=registry.example.com/team/web&tag=1.0", "201"),
    /// #     ("POST /images/registry.example.com/team/web/push?tag=1.0",
    /// #      r#"200 {"aux":{"Tag":"1.0","Digest":"sha256:6af79ae5","Size":2295}}"#),
    /// # ]);
    /// use longshore::Credentials;
    ///
    /// docker.image("web").tag("registry.example.com/team/web:1.0").await?;
    /// let ci = Credentials::password("ci", "hunter2");
    /// let pushed = docker.image("registry.example.com/team/web:1.0").push().credentials(&ci).await?;
    /// assert_eq!(pushed.digest.as_deref(), Some("sha256:6af79ae5"));
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /images/{name}/push`
    ///
    /// # Errors
    /// [`ErrorKind::Stream`](crate::ErrorKind::Stream) if there is no image with this name and tag, the registry cannot
    /// be reached, or it requires (other) credentials. Some engines report some of these before the first step, as a
    /// [`status`](crate::Error::status) of 404 or 500.
    /// [`Error::is_unauthorized`](crate::Error::is_unauthorized) if the credentials are missing or wrong, and
    /// [`Error::is_forbidden`](crate::Error::is_forbidden) if their owner may not push to the repository.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the name cannot be pushed, such as an ID.
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if looking up the [`Credentials`] finds a wrong setting, or a
    /// credential helper fails.
    pub fn push(&self) -> Push {
        let (request, tag) = match self.name.parse::<ImageReference>() {
            Ok(name) if name.digest().is_some() => {
                let why = format!("cannot push {:?}: it has a digest; push by name and tag", name.to_string());
                (self.client.request(Method::POST, "/images", &[]).refuse(why), String::new())
            }
            Ok(name) => {
                let request = self.client.request(Method::POST, "/images/{name}/push", &[&name.name()]);
                (request.for_registry(name.registry()), name.tag_or_latest().to_owned())
            }
            Err(why) => (self.client.request(Method::POST, "/images", &[]).refuse(why.to_string()), String::new()),
        };
        Push(PushRequest { request: request.header("x-registry-auth", NOBODY.to_owned()), tag, all_tags: false })
    }
}

/// A call of [`Image::push`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Push(PushRequest);

impl Push {
    /// Sets the credentials for the registry. Defaults to those that the docker CLI would use, see [`Credentials`].
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        self.map(|request| request.credentials(&credentials.into()))
    }

    /// Pushes all local tags of the name. Default: `false`, one tag. The result is that of the last tag.
    /// [`stream`](Self::stream) yields all of them.
    pub fn all_tags(self, all: bool) -> Self {
        Self(PushRequest { all_tags: all, ..self.0 })
    }

    /// Sets the variant to push, as `linux/arm64` or a [`Platform`]. Defaults to all that the engine has. Requires API
    /// 1.46 or later.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        self.map(|request| platform::one(request, Version::V1_46, platform))
    }

    /// Starts the push, and yields its progress. Unlike the awaited call, it does not retry with new credentials if the
    /// registry refuses those that were looked up.
    ///
    /// # Errors
    /// Those of [`Image::push`] that the engine finds before the first step. Later errors are items of the stream.
    pub async fn stream(self) -> Result<ProgressStream> {
        stream(self.0.into_request()).await
    }

    fn map(self, set: impl FnOnce(Request) -> Request) -> Self {
        Self(PushRequest { request: set(self.0.request), ..self.0 })
    }
}

/// The state of a call of [`Image::push`].
#[derive(Clone, Debug)]
struct PushRequest {
    request: Request,
    tag: String,
    all_tags: bool,
}

impl PushRequest {
    fn limits(self, limits: Limits) -> Self {
        Self { request: self.request.limits(limits), ..self }
    }

    fn into_request(self) -> Request {
        if self.all_tags { self.request } else { self.request.query("tag", self.tag) }
    }
}

call!(Push => PushResult, pushed);

async fn pushed(push: PushRequest) -> Result<PushResult> {
    let push = push.into_request();
    authorized(push, async |request| stream(request).await?.outcome(PushResult::note).await).await
}

async fn stream(request: Request) -> Result<ProgressStream> {
    send(request).await.map(|response| ProgressStream::new(response.into_stream()))
}

/// The outcome of a push.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct PushResult {
    /// The digest of the tag in the registry after the push: `sha256:…`. `None` if the engine does not report it.
    pub digest: Option<String>,
    /// The pushed tag.
    pub tag: Option<String>,
    /// The size of the manifest, in bytes.
    pub size: Option<u64>,
    /// The manifest that was pushed instead of an index, because the engine lacks some of the index's content.
    pub instead_of_index: Option<OciDescriptor>,
}

impl PushResult {
    /// Updates the outcome from a step of [`Push::stream`].
    pub fn note(&mut self, step: &Progress) {
        #[derive(Default, Deserialize)]
        #[serde(default, rename_all = "PascalCase")]
        struct Result {
            tag: Option<String>,
            digest: Option<String>,
            size: Option<u64>,
            #[serde(rename = "selectedManifest")]
            selected_manifest: Option<OciDescriptor>,
        }

        if let Some(result) = step.aux.as_ref().and_then(|aux| Result::deserialize(aux).ok()) {
            self.digest = result.digest.or(self.digest.take());
            self.tag = result.tag.or(self.tag.take());
            self.size = result.size.or(self.size.take());
            self.instead_of_index = result.selected_manifest.or(self.instead_of_index.take());
        }
        if let Some((tag, digest, size)) = step.status.as_deref().and_then(summary) {
            *self = Self {
                digest: Some(digest.to_owned()),
                tag: Some(tag.to_owned()),
                size: Some(size),
                instead_of_index: self.instead_of_index.take(),
            };
        }
    }
}

/// Parses `1.0: digest: sha256:… size: 528`, the only report of the containerd image store.
fn summary(status: &str) -> Option<(&str, &str, u64)> {
    let (tag, rest) = status.split_once(": digest: ")?;
    let (digest, size) = rest.split_once(" size: ")?;
    Some((tag, digest, size.trim().parse().ok()?))
}
