//! `POST /images/load`

use super::{Images, Platform, platform};
use crate::request::{Method, Request, call, send};
use crate::stream::{Progress, ProgressStream};
use crate::{Result, Upload};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Images {
    /// Loads the images of a tar archive, as [`save`](Self::save) and `docker save` make it, packed or not.
    ///
    /// The archive is sent while it is read. Awaited it loads to the end; [`stream`](Load::stream) shows each step instead.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let docker = engine(&[
    /// #     ("POST /images/load?quiet=false", "200 {\"stream\":\"Loaded image: web:1.0\\n\"}\r\n"),
    /// # ]);
    /// # let temporary = tempfile::tempdir()?;
    /// # let folder = temporary.path();
    /// # std::fs::write(folder.join("web.tar"), "tar")?;
    /// use longshore::Upload;
    ///
    /// let loaded = docker.images().load(Upload::file(folder.join("web.tar"))).await?;
    /// assert_eq!(loaded.images, ["web:1.0"]);
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /images/load`
    ///
    /// # Errors
    /// [`ErrorKind::Stream`](crate::ErrorKind::Stream): it is no such archive, or not whole. Images that came before the
    /// error are loaded. [`ErrorKind::Upload`](crate::ErrorKind::Upload): what the archive is read from failed.
    pub fn load(&self, archive: impl Into<Upload>) -> Load {
        let request = self.client.request(Method::POST, "/images/load", &[]);
        // Engines are quiet if they are not told, against the API's own words.
        Load(request.query("quiet", false).upload("application/x-tar", archive))
    }
}

/// A call of [`Images::load`].
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Load(Request);

impl Load {
    /// Whether the engine shows nothing but the outcome; by default not. It may then be silent for long, against which
    /// there are [`Limits`](crate::Limits).
    pub fn quiet(self, quiet: bool) -> Self {
        Self(self.0.query("quiet", quiet))
    }

    /// Which variant of the images to load: `linux/arm64`, or a [`Platform`]; all that are in the archive if not set.
    /// Since API 1.48; may be said several times since API 1.52.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        Self(platform::several(self.0, platform))
    }

    /// Shows each step, instead of only how it ended.
    ///
    /// # Errors
    /// [Those of every call](crate::Error#errors-of-every-call). What is wrong with the archive is in the stream.
    pub async fn stream(self) -> Result<ProgressStream> {
        send(self.0).await.map(|answer| ProgressStream::new(answer.into_stream()))
    }
}

call!(Load => LoadResult, loaded);

async fn loaded(request: Request) -> Result<LoadResult> {
    Load(request).stream().await?.outcome(LoadResult::note).await
}

/// What was loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct LoadResult {
    /// The names of the images; the ids of those that have no name.
    pub images: Vec<String>,
}

impl LoadResult {
    /// Takes from a step of [`Load::stream`] what it tells of the outcome.
    pub fn note(&mut self, step: &Progress) {
        for line in step.stream.as_deref().unwrap_or_default().lines() {
            let image = line.strip_prefix("Loaded image: ").or_else(|| line.strip_prefix("Loaded image ID: "));
            // Podman names all that was loaded in one line.
            let images = image.into_iter().flat_map(|images| images.split(','));
            self.images.extend(images.map(|image| image.trim().to_owned()));
        }
    }
}
