//! `POST /images/create?fromSrc=…`

use super::id::of_step;
use super::{Image, ImageReference, Images, Platform};
use crate::request::{Method, Request, call, send};
use crate::stream::{Progress, ProgressStream};
use crate::{Error, ErrorKind, Result, Upload, Version};
use std::fmt::Display;

impl Images {
    /// Makes an image of a tar archive with the files of its root folder, packed or not.
    ///
    /// The archive is sent while it is read. Awaited it imports to the end and gives the image, by its id;
    /// [`stream`](Import::stream) shows each step instead. What [`save`](Self::save) made is for [`load`](Self::load).
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
    /// [`ErrorKind::Stream`], or before the first step a [`status`](crate::Error::status) of
    /// 400 or 500: the archive is none, or a change is no instruction of a Dockerfile.
    pub fn import(&self, archive: impl Into<Upload>) -> Import {
        Import(self.create_from("-").upload("application/x-tar", archive))
    }

    /// Makes an image of a tar archive that the engine downloads: `https://example.com/root.tar.gz`; see
    /// [`import`](Self::import).
    ///
    /// `POST /images/create`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found), [`ErrorKind::Stream`] or a
    /// [`status`](crate::Error::status) of 500: nothing is there to be downloaded. Others as of [`import`](Self::import).
    pub fn import_url(&self, url: impl AsRef<str>) -> Import {
        let url = url.as_ref();
        // An engine takes `-` for the body, and puts `http://` before what has no scheme.
        Import(match url.split_once("://") {
            Some((scheme, rest)) if !scheme.is_empty() && !rest.is_empty() => self.create_from(url),
            _ => {
                self.create_from("").refuse("no URL to import from: one such as https://example.com/root.tar is needed")
            }
        })
    }

    fn create_from(&self, source: &str) -> Request {
        self.client.request(Method::POST, "/images/create", &[]).query("fromSrc", source)
    }
}

/// A call of [`Images::import`] or [`Images::import_url`].
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Import(Request);

impl Import {
    /// The image's name, such as `registry.example.com/team/web:1.0`; without a tag it is `latest`. It has none if not
    /// set.
    pub fn tag(self, name: impl TryInto<ImageReference, Error: Display>) -> Self {
        Self(super::tag::name_it(self.0, name))
    }

    /// What the image's history says of it; the engine's choice if not set.
    pub fn message(self, message: impl AsRef<str>) -> Self {
        Self(self.0.query("message", message.as_ref()))
    }

    /// Sets what its containers start with, by an instruction of a Dockerfile: `CMD ["/bin/serve"]`, `ENV MODE=prod`. May
    /// be said several times.
    ///
    /// There are `CMD`, `ENTRYPOINT`, `ENV`, `EXPOSE`, `HEALTHCHECK`, `LABEL`, `ONBUILD`, `STOPSIGNAL`, `USER`, `VOLUME` and
    /// `WORKDIR`.
    pub fn change(self, instruction: impl AsRef<str>) -> Self {
        Self(self.0.query_also("changes", instruction.as_ref()))
    }

    /// What it is said to run on, as `os[/arch[/variant]]`: `linux/arm64`; the engine's own if not set. Since API 1.42.
    pub fn platform<P>(self, platform: P) -> Self
    where
        P: TryInto<Platform, Error: Display>,
    {
        Self(match platform.try_into() {
            Ok(platform) => self.0.query_since(Version::V1_42, "platform", platform),
            Err(why) => self.0.refuse(why.to_string()),
        })
    }

    /// Shows each step, instead of only how it ended. The [`status`](Progress::status) of the last one is the image's id.
    ///
    /// # Errors
    /// What the engine finds before the first step, as [`Images::import`]; what it finds later is in the stream.
    pub async fn stream(self) -> Result<ProgressStream> {
        send(self.0).await.map(|answer| ProgressStream::new(answer.into_stream()))
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
