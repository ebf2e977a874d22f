//! `POST /containers/{id}/rename`

use super::{Container, name};
use crate::request::{Request, call, unit};

impl Container {
    /// Renames the container. Its old name is free at once.
    ///
    /// A handle with the old name no longer finds the container. A handle with its ID still does.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[("POST /containers/web/rename?name=web-old", "204")]);
    /// docker.container("web").rename("web-old").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /containers/{id}/rename`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if another container has the name.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the name is invalid, or is the container's current name.
    pub fn rename(&self, name: impl Into<String>) -> Rename {
        let (request, name) = (self.post("/containers/{id}/rename"), name::plain(name.into()));
        Rename(match name::check(&name) {
            Ok(()) => request.query("name", name),
            Err(why) => request.refuse(why),
        })
    }
}

/// A call of [`Container::rename`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Rename(Request);

call!(Rename => (), unit);
