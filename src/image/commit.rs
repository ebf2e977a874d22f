//! `POST /commit`

use super::id::with_algorithm;
use super::{Image, ImageReference};
use crate::Result;
use crate::container::{Container, ContainerConfig};
use crate::request::{Method, Request, call, json};
use serde::Deserialize;
use std::borrow::Borrow;
use std::fmt::Display;

impl Container {
    /// Creates an image from the container's current state, and returns it by its ID.
    ///
    /// Adds 8 minutes to the limits except [`connect`](crate::Limits::connect): the engine packs the
    /// container's changes before it responds.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /commit?container=web&repo=docker.io/library/web&tag=debug&comment=what hangs&changes=CMD [\"sh\"]",
    /// #      r#"201 {"Id":"sha256:5d27"}"#),
    /// # ]);
    /// let web = docker.container("web");
    /// let image = web.commit().tag("web:debug").message("what hangs").change("CMD [\"sh\"]").await?;
    /// assert_eq!(image.name(), "sha256:5d27");
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /commit`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is being removed.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the image name is invalid, or a change is not a supported
    /// Dockerfile instruction.
    pub fn commit(&self) -> Commit {
        let request = self.client().request(Method::POST, "/commit", &[]).query("container", self.id()).long_running();
        Commit(if self.id().trim().is_empty() {
            request.refuse("invalid container name or ID \"\": it must not be empty")
        } else {
            request
        })
    }
}

/// A call of [`Container::commit`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Commit(Request);

impl Commit {
    /// Sets the image's name, such as `registry.example.com/team/web:1.0`. The tag defaults to `latest`. Without this
    /// call the image has no name.
    pub fn tag(self, name: impl TryInto<ImageReference, Error: Display>) -> Self {
        Self(super::tag::name_it(self.0, name))
    }

    /// Sets the comment in the image's history. Defaults to none.
    pub fn message(self, message: impl AsRef<str>) -> Self {
        Self(self.0.query("comment", message.as_ref()))
    }

    /// Sets the author, such as `John Hannibal Smith <hannibal@a-team.com>`. Defaults to none.
    pub fn author(self, author: impl AsRef<str>) -> Self {
        Self(self.0.query("author", author.as_ref()))
    }

    /// Pauses the container during the commit. Default: `true`.
    pub fn pause(self, pause: bool) -> Self {
        Self(self.0.query("pause", pause))
    }

    /// Applies a Dockerfile instruction to the image's configuration, such as `CMD ["/bin/serve"]` or `ENV MODE=prod`.
    /// Can be called several times. All other settings are those of the container.
    ///
    /// The instructions are `CMD`, `ENTRYPOINT`, `ENV`, `EXPOSE`, `HEALTHCHECK`, `LABEL`, `ONBUILD`, `STOPSIGNAL`,
    /// `USER`, `VOLUME` and `WORKDIR`.
    pub fn change(self, instruction: impl AsRef<str>) -> Self {
        Self(self.0.query_also("changes", instruction.as_ref()))
    }

    /// Sets the image's configuration. Fields that are not set keep the container's values.
    pub fn config(self, config: impl Borrow<ContainerConfig>) -> Self {
        let config = config.borrow();
        let request = config.gates().into_iter().fold(self.0, |request, (since, what)| request.since(since, what));
        Self(match config.check() {
            Ok(()) => request.json(config),
            Err(why) => request.refuse(why),
        })
    }
}

call!(Commit => Image, committed);

async fn committed(request: Request) -> Result<Image> {
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Committed {
        id: String,
    }

    let client = request.client().clone();
    json(request).await.map(|Committed { id }| Image { client, name: with_algorithm(id) })
}
