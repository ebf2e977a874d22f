//! `POST /images/{name}/push`

use super::{Image, ImageReference, Platform, platform};
use crate::request::{Method, Request, authorized, call, send};
use crate::stream::{Progress, ProgressStream};
use crate::{Credentials, Limits, OciDescriptor, Result, Version};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// `{}` in base64. Without the header older engines read credentials from the body, and fail if there is none.
const NOBODY: &str = "e30=";

impl Image {
    /// Pushes the image to the registry that its name says. A name without a tag is `:latest`.
    ///
    /// Awaited it pushes to the end, and an error that the registry or the engine reports on the way is `Err`.
    /// [`stream`](Push::stream) shows each step instead. Dropped, the engine stops pushing.
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
    /// [`ErrorKind::Stream`](crate::ErrorKind::Stream): there is no image of that name and tag, the registry cannot be
    /// reached, or does not let one push there without (other) credentials. Some engines tell some of these before the
    /// first step, with a [`status`](crate::Error::status) of 404 or 500.
    /// [`Error::is_invalid`](crate::Error::is_invalid): it is no name to push by, such as an id.
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): its [`Credentials`] are to be looked up, and a setting is wrong, or a
    /// helper fails.
    pub fn push(&self) -> Push {
        let (request, tag) = match self.name.parse::<ImageReference>() {
            Ok(name) if name.digest().is_some() => {
                let why = format!("{:?} has a digest, and is pushed by name and tag alone", name.to_string());
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
    /// Who pushes; whom the docker CLI would take, if not set: see [`Credentials`].
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        self.map(|request| request.credentials(&credentials.into()))
    }

    /// Pushes all local tags of the name. Defaults to `false`: one tag. The outcome is that of the last one;
    /// [`stream`](Self::stream) shows each.
    pub fn all_tags(self, all: bool) -> Self {
        Self(PushRequest { all_tags: all, ..self.0 })
    }

    /// Which variant of the image to push: `linux/arm64`, or a [`Platform`]; all that are here if not set. Since API 1.46.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        self.map(|request| platform::one(request, Version::V1_46, platform))
    }

    /// Shows each step, instead of only how it ended. If credentials that were looked up are refused on the way, it is not
    /// made a second time.
    ///
    /// # Errors
    /// What the engine finds before the first step, as [`Image::push`]; what it finds later is in the stream.
    pub async fn stream(self) -> Result<ProgressStream> {
        stream(self.0.into_request()).await
    }

    fn map(self, set: impl FnOnce(Request) -> Request) -> Self {
        Self(PushRequest { request: set(self.0.request), ..self.0 })
    }
}

/// What a call of [`Image::push`] is made of.
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

/// How a push ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct PushResult {
    /// The digest that the tag stands for on the registry now: `sha256:…`. `None` if the engine did not say.
    pub digest: Option<String>,
    /// The tag.
    pub tag: Option<String>,
    /// The size of the manifest, in bytes.
    pub size: Option<u64>,
    /// The manifest that was pushed in place of an index, if the engine has not all that the index names.
    pub instead_of_index: Option<OciDescriptor>,
}

impl PushResult {
    /// Takes from a step of [`Push::stream`] what it tells of how the push ends.
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

/// Takes `1.0: digest: sha256:… size: 528` apart: the containerd image store says no more.
fn summary(status: &str) -> Option<(&str, &str, u64)> {
    let (tag, rest) = status.split_once(": digest: ")?;
    let (digest, size) = rest.split_once(" size: ")?;
    Some((tag, digest, size.trim().parse().ok()?))
}
