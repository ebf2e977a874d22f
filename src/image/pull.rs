//! `POST /images/create?fromImage=…`

use super::{ImageReference, Images, Platform};
use crate::request::{Method, Request, authorized, call, send};
use crate::stream::{Progress, ProgressStream};
use crate::{Credentials, Result};
use std::fmt::Display;

impl Images {
    /// Pulls an image from its registry. A name with neither tag nor digest is `:latest`.
    ///
    /// Awaited it pulls to the end, and an error that the registry or the engine reports on the way is `Err`.
    /// [`stream`](Pull::stream) shows each step instead. Dropped, the engine stops pulling.
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
    /// [`Error::is_not_found`](crate::Error::is_not_found): the registry has no such image, or shows it to nobody without
    /// credentials. [`Error::is_invalid`](crate::Error::is_invalid): that is no image's name.
    /// [`ErrorKind::Stream`](crate::ErrorKind::Stream): it failed on the way; also if there is none for the platform.
    /// A registry that cannot be reached is a status of 500. [`ErrorKind::Config`](crate::ErrorKind::Config): its
    /// [`Credentials`] are to be looked up, and a setting is wrong, or a helper fails.
    pub fn pull<R>(&self, reference: R) -> Pull
    where
        R: TryInto<ImageReference, Error: Display>,
    {
        let request = self.client.request(Method::POST, "/images/create", &[]);
        Pull(match reference.try_into() {
            // Without a tag the engine would pull all tags of the repository.
            Ok(reference) => request
                .for_registry(reference.registry())
                .query("fromImage", reference.name())
                .query("tag", reference.digest().unwrap_or_else(|| reference.tag_or_latest())),
            Err(why) => request.refuse(why.to_string()),
        })
    }
}

/// A call of [`Images::pull`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Pull(Request);

impl Pull {
    /// Which platform's image to pull, as `os[/arch[/variant]]`: `linux/arm64`. The engine's own if not set.
    pub fn platform<P>(self, platform: P) -> Self
    where
        P: TryInto<Platform, Error: Display>,
    {
        Self(match platform.try_into() {
            Ok(platform) => self.0.query("platform", platform),
            Err(why) => self.0.refuse(why.to_string()),
        })
    }

    /// Who pulls; whom the docker CLI would take, if not set: see [`Credentials`].
    pub fn credentials(self, credentials: &Credentials) -> Self {
        Self(self.0.credentials(credentials))
    }

    /// Shows each step, instead of only how it ended.
    ///
    /// # Errors
    /// What the engine finds before the first step, as [`Images::pull`]; what it finds later is in the stream.
    pub async fn stream(self) -> Result<ProgressStream> {
        send(self.0).await.map(|answer| ProgressStream::new(answer.into_stream()))
    }
}

call!(Pull => Pulled, pulled);

/// How a pull ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pulled {
    /// The digest that the tag stands for on the registry: `sha256:…`. `None` if the engine did not say, as Podman.
    pub digest: Option<String>,
    /// Whether there was something to download; the image was up to date if not. Podman does not say: `false`.
    pub newer: bool,
}

impl Pulled {
    /// Takes from a step of [`Pull::stream`] what it tells of how the pull ends.
    pub fn note(&mut self, step: &Progress) {
        let status = step.status.as_deref().unwrap_or_default();
        if let Some(digest) = status.strip_prefix("Digest: ") {
            self.digest = Some(digest.trim().to_owned());
        }
        self.newer |= status.starts_with("Status: Downloaded newer image");
    }
}

async fn pulled(request: Request) -> Result<Pulled> {
    authorized(request, async |request| Pull(request).stream().await?.outcome(Pulled::note).await).await
}
