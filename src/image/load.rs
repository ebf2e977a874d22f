//! `POST /images/load`

use super::{Images, Platform, platform};
use crate::request::{Method, Request, call, send};
use crate::stream::{Progress, ProgressStream};
use crate::{Error, ErrorKind, Result, Upload};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

impl Images {
    /// Loads the images in a tar archive of [`save`](Self::save) or `docker save`, compressed or not.
    ///
    /// The archive is sent while it is read. Awaiting the call loads to the end. [`stream`](Load::stream) yields the
    /// progress instead. Adds 8 minutes to the limits of the call except [`connect`](crate::Limits::connect): engines with the
    /// containerd image store unpack each image before they respond.
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
    /// [`ErrorKind::Stream`] if the archive is invalid or incomplete, or if the engine could not unpack an image. Images
    /// before the error are loaded. An image that was not unpacked is loaded too, but no container can be created from it.
    /// [`ErrorKind::Upload`] if reading the archive failed.
    pub fn load(&self, archive: impl Into<Upload>) -> Load {
        let request = self.client.request(Method::POST, "/images/load", &[]);
        // Without the parameter engines are quiet, contrary to the API's documentation.
        Load(request.query("quiet", false).upload("application/x-tar", archive).long_running())
    }
}

/// A call of [`Images::load`].
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Load(Request);

impl Load {
    /// Hides the progress, and reports only the outcome. Default: `false`. The engine may then be silent for a long
    /// time, and exceed a [limit](crate::Limits).
    pub fn quiet(self, quiet: bool) -> Self {
        Self(self.0.query("quiet", quiet))
    }

    /// Sets the variant of the images to load, as `linux/arm64` or a [`Platform`]. Defaults to all in the archive.
    /// Requires API 1.48 or later, and API 1.52 or later for several calls.
    pub fn platform(self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        Self(platform::several(self.0, platform))
    }

    /// Starts loading, and yields the progress.
    ///
    /// # Errors
    /// [Those of every call](crate::Error#errors-of-every-call). Problems with the archive are items of the stream.
    pub async fn stream(self) -> Result<ProgressStream> {
        send(self.0).await.map(|answer| ProgressStream::new(answer.into_stream()))
    }
}

call!(Load => LoadResult, loaded);

async fn loaded(request: Request) -> Result<LoadResult> {
    let (loaded, failure): (LoadResult, Option<String>) = Load(request).stream().await?.outcome(note).await?;
    match failure {
        Some(why) => Err(Error::new(ErrorKind::Stream, why).in_call(|| "POST /images/load".to_owned())),
        None => Ok(loaded),
    }
}

/// Engines with the containerd image store report a failure to unpack an image as a line of output, and go on.
fn note((loaded, failure): &mut (LoadResult, Option<String>), step: &Progress) {
    loaded.note(step);
    let mut lines = step.stream.as_deref().unwrap_or_default().lines();
    if let Some(line) = lines.find(|line| line.starts_with("Error unpacking image ")) {
        failure.get_or_insert_with(|| line.to_owned());
    }
}

/// The outcome of loading images.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct LoadResult {
    /// The names of the loaded images, or the IDs of images without a name.
    pub images: Vec<String>,
}

impl LoadResult {
    /// Adds the names in a step of [`Load::stream`] to the outcome.
    pub fn note(&mut self, step: &Progress) {
        for line in step.stream.as_deref().unwrap_or_default().lines() {
            let image = line.strip_prefix("Loaded image: ").or_else(|| line.strip_prefix("Loaded image ID: "));
            // Podman names all loaded images in one line.
            let images = image.into_iter().flat_map(|images| images.split(','));
            self.images.extend(images.map(|image| image.trim().to_owned()));
        }
    }
}
