//! `POST /images/create?fromSrc=…`

use super::id::of_step;
use super::{Image, ImageReference, Images, Platform};
use crate::request::{Method, Request, call, send};
use crate::stream::{Logins, Progress, ProgressStream};
use crate::{Error, ErrorKind, Result, Upload, Version};
use std::fmt::Display;

impl Images {
    /// Creates an image from a tar archive of a root file system, compressed or not.
    ///
    /// The archive is sent while it is read. Awaiting the call imports to the end and returns the image, by its ID.
    /// [`stream`](Import::stream) yields the progress instead. For an archive of [`save`](Self::save), use
    /// [`load`](Self::load). Adds 8 minutes to the limits of the call except [`connect`](crate::Limits::connect), since
    /// engines with the containerd image store unpack the archive before they respond.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let docker = engine(&[
    /// #     ("POST /images/create?fromSrc=-&repo=docker.io/library/web&tag=1.0&changes=CMD [\"/bin/serve\"]&changes=EXPOSE 80",
    /// #      r#"200 {"status":"sha256:5d27"}"#),
    /// # ]);
    /// # let temporary = tempfile::tempdir()?;
    /// # let folder = temporary.path();
    /// # std::fs::write(folder.join("root.tar.gz"), "tar")?;
    /// use longshore::Upload;
    ///
    /// let root = Upload::file(folder.join("root.tar.gz"));
    /// let image = docker.images().import(root).tag("web:1.0").change("CMD [\"/bin/serve\"]").change("EXPOSE 80").await?;
    /// assert_eq!(image.name(), "sha256:5d27");
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /images/create`
    ///
    /// # Errors
    /// [`ErrorKind::Stream`] if the archive is invalid, or a change is not a supported Dockerfile instruction. Before
    /// the first step, this is a [`status`](crate::Error::status) of 400 or 500.
    pub fn import(&self, archive: impl Into<Upload>) -> Import {
        Import(self.create_from("-").upload("application/x-tar", archive))
    }

    /// Creates an image from a tar archive that the engine downloads. See [`import`](Self::import).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /images/create?fromSrc=https://example.com/root.tar.gz&repo=docker.io/library/web&tag=1.0",
    /// #      r#"200 {"status":"sha256:5d27"}"#),
    /// # ]);
    /// let image = docker.images().import_url("https://example.com/root.tar.gz").tag("web:1.0").await?;
    /// assert_eq!(image.name(), "sha256:5d27");
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /images/create`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found), [`ErrorKind::Stream`] or a [`status`](crate::Error::status)
    /// of 500 if the download fails. Otherwise as of [`import`](Self::import).
    pub fn import_url(&self, url: impl AsRef<str>) -> Import {
        let url = url.as_ref();
        // An engine reads `-` as the body, and adds `http://` to a URL without a scheme.
        Import(match url.split_once("://") {
            Some((scheme, rest)) if !scheme.is_empty() && !rest.is_empty() => self.create_from(url),
            _ => {
                self.create_from("").refuse("invalid URL to import from: use one such as https://example.com/root.tar")
            }
        })
    }

    fn create_from(&self, source: &str) -> Request {
        self.client.request(Method::POST, "/images/create", &[]).query("fromSrc", source).long_running()
    }
}

/// A call of [`Images::import`] or [`Images::import_url`].
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Import(Request);

impl Import {
    /// Sets the image's name, such as `registry.example.com/team/web:1.0`. The tag defaults to `latest`. Without this
    /// call the image has no name.
    pub fn tag(self, name: impl TryInto<ImageReference, Error: Display>) -> Self {
        Self(super::tag::name_it(self.0, name))
    }

    /// Sets the comment in the image's history. The engine chooses the default.
    pub fn message(self, message: impl AsRef<str>) -> Self {
        Self(self.0.query("message", message.as_ref()))
    }

    /// Applies a Dockerfile instruction to the image's configuration, such as `CMD ["/bin/serve"]` or `ENV MODE=prod`.
    /// Can be called several times.
    ///
    /// The instructions are `CMD`, `ENTRYPOINT`, `ENV`, `EXPOSE`, `HEALTHCHECK`, `LABEL`, `ONBUILD`, `STOPSIGNAL`,
    /// `USER`, `VOLUME` and `WORKDIR`.
    pub fn change(self, instruction: impl AsRef<str>) -> Self {
        Self(self.0.query_also("changes", instruction.as_ref()))
    }

    /// Sets the image's platform, as `os[/arch[/variant]]`: `linux/arm64`. Defaults to the engine's own. Requires API
    /// 1.42 or later.
    pub fn platform<P>(self, platform: P) -> Self
    where
        P: TryInto<Platform, Error: Display>,
    {
        Self(match platform.try_into() {
            Ok(platform) => self.0.query_since(Version::V1_42, "platform", platform),
            Err(why) => self.0.refuse(why.to_string()),
        })
    }

    /// Starts the import, and yields its progress. The [`status`](Progress::status) of the last step is the image's ID.
    ///
    /// # Errors
    /// Those of [`Images::import`] that the engine finds before the first step. Later errors are items of the stream.
    pub async fn stream(self) -> Result<ProgressStream> {
        let urls = self.0.queries().filter(|(name, _)| *name == "fromSrc").map(|(_, url)| url);
        let logins = Logins::of(urls);
        match send(self.0).await {
            Ok(answer) => Ok(ProgressStream::new(answer.into_stream()).hiding(logins)),
            Err(error) => Err(logins.hide_in_error(error)),
        }
    }
}

call!(Import => Image, imported);

async fn imported(request: Request) -> Result<Image> {
    let client = request.client().clone();
    let id: Option<String> = Import(request).stream().await?.outcome(note_id).await?;
    let Some(name) = id else {
        let error = Error::new(ErrorKind::Decode, "the engine did not say which image it imported");
        return Err(error.in_call(|| "POST /images/create".to_owned()));
    };
    Ok(Image { client, name })
}

fn note_id(id: &mut Option<String>, step: &Progress) {
    if let Some(found) = step.status.as_deref().and_then(of_step) {
        *id = Some(found);
    }
}
