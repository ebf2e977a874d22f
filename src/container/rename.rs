//! `POST /containers/{id}/rename`

use super::{Container, name};
use crate::request::{Request, call, unit};

impl Container {
    /// Gives the container another name. Its old one is free at once.
    ///
    /// A handle that was made with the old name does not find it any more; one with its id does.
    ///
    /// `POST /containers/{id}/rename`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container.
    /// [`Error::is_conflict`](crate::Error::is_conflict): another container has the name.
    /// [`Error::is_invalid`](crate::Error::is_invalid): it is no name, or its own already.
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
