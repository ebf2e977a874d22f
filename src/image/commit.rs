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
    /// Makes an image of the container as it is now, and gives it, by its id.
    ///
    /// The engine answers once it has packed what the container changed: 8 minutes are added to the head limit.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("POST /commit?container=web&repo=docker.io/library/web&tag=debug&comment=what hangs&changes=CMD [\"sh\"]",
    /// #      r#"201 {"Id":"sha256:5d27"}"#),
    /// # ]);
    /// let web = docker.container("web");
    /// let image = web.commit().tag("web:debug").comment("what hangs").change("CMD [\"sh\"]").await?;
    /// assert_eq!(image.name(), "sha256:5d27");
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /commit`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    /// [`Error::is_conflict`](crate::Error::is_conflict): it is being removed.
    /// [`Error::is_invalid`](crate::Error::is_invalid): the name is none, or a change is no instruction of a
    /// Dockerfile.
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
    /// The image's name, such as `registry.example.com/team/web:1.0`; without a tag it is `latest`. It has none if not
    /// set.
    pub fn tag(self, name: impl TryInto<ImageReference, Error: Display>) -> Self {
        Self(super::tag::name_it(self.0, name))
    }

    /// What the image's history says of it; nothing if not set.
    pub fn comment(self, comment: impl AsRef<str>) -> Self {
        Self(self.0.query("comment", comment.as_ref()))
    }

    /// Who made it: `John Hannibal Smith <hannibal@a-team.com>`; nobody if not set.
    pub fn author(self, author: impl AsRef<str>) -> Self {
        Self(self.0.query("author", author.as_ref()))
    }

    /// Whether the container is paused meanwhile, as it is by default.
    pub fn pause(self, pause: bool) -> Self {
        Self(self.0.query("pause", pause))
    }

    /// Sets what the image's containers start with, by an instruction of a Dockerfile: `CMD ["/bin/serve"]`,
    /// `ENV MODE=prod`. May be said several times; what is not said is as the container has it.
    ///
    /// There are `CMD`, `ENTRYPOINT`, `ENV`, `EXPOSE`, `HEALTHCHECK`, `LABEL`, `ONBUILD`, `STOPSIGNAL`, `USER`, `VOLUME` and
    /// `WORKDIR`.
    pub fn change(self, instruction: impl AsRef<str>) -> Self {
        Self(self.0.query_also("changes", instruction.as_ref()))
    }

    /// What the image's containers start with; what is not set is as the container has it.
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
