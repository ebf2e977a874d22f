//! `POST /containers/{id}/update`

use super::{Container, UpdateSpec};
use crate::request::{Request, call, json};
use crate::wire::null_to_empty;
use serde::{Deserialize, Serialize};

impl Container {
    /// Changes the container's resource limits and restart policy. Unset fields keep their values. The container may be
    /// running or stopped.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /containers/web/update {"RestartPolicy":{"Name":"always"},"Memory":536870912,"MemorySwap":536870912}"#,
    /// #      r#"200 {"Warnings":null}"#),
    /// # ]);
    /// # let web = docker.container("web");
    /// use longshore::container::{MIB, RestartPolicy, UpdateSpec};
    ///
    /// let more = UpdateSpec::new().memory(512 * MIB).memory_swap(512 * MIB).restart(RestartPolicy::always());
    /// for warning in web.update(more).await?.warnings() {
    ///     eprintln!("{warning}");
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /containers/{id}/update`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container does not exist.
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the container is being removed, or a limit contradicts
    /// another one, such as memory above memory and swap together. Also if a restart policy is set for a container with
    /// `auto_remove`.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if a limit is out of range.
    /// [`Error::is_version`](crate::Error::is_version) if the spec sets a field that the engine's API version cannot
    /// change.
    pub fn update(&self, spec: impl Into<UpdateSpec>) -> Update {
        let spec = spec.into();
        let mut request = self.post("/containers/{id}/update").json(&spec);
        for (since, what) in spec.gates() {
            request = request.since(since, what);
        }
        for (gone, what) in spec.gone() {
            request = request.until(gone, what);
        }
        Update(match spec.check() {
            Ok(()) => request,
            Err(why) => request.refuse(why),
        })
    }
}

/// A call of [`Container::update`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Update(Request);

call!(Update => UpdateResult, json);

/// The result of [`Container::update`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateResult {
    #[serde(deserialize_with = "null_to_empty")]
    warnings: Vec<String>,
}

impl UpdateResult {
    /// Returns the engine's warnings, such as about a limit that the kernel does not support.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}
