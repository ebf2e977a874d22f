//! `POST /volumes/create`

use super::{Volume, VolumeSpec, Volumes, name};
use crate::request::{Method, Request, call, json};
use crate::{Result, Version};
use serde::Deserialize;

impl Volumes {
    /// Creates a volume from a [`VolumeSpec`], or from a name alone. Succeeds without changes if a volume of the same
    /// name and driver exists.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"POST /volumes/create {"Name":"cache"}"#, r#"201 {"Name":"cache","Driver":"local"}"#),
    /// # ]);
    /// let cache = docker.volumes().create("cache").await?;
    /// assert_eq!(cache.name(), "cache");
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /volumes/create`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict) if a volume of the same name has another driver.
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the driver does not exist. Engines look for a driver for
    /// 15 seconds. [`Error::is_invalid`](crate::Error::is_invalid) if the driver does not support an option.
    pub fn create(&self, spec: impl Into<VolumeSpec>) -> Create {
        let spec = spec.into();
        let mut request = self.client.request(Method::POST, "/volumes/create", &[]).json(&spec);
        // Other drivers have rules of their own: names of shares such as `nas/share`.
        if !spec.name.is_empty() && matches!(&*spec.driver, "" | "local") {
            if let Err(why) = name::check(&spec.name) {
                request = request.refuse(why);
            }
        }
        if spec.cluster_volume_spec.is_some() {
            request = request.since(Version::V1_42, "ClusterVolumeSpec");
        }
        Create(request)
    }
}

/// A call of [`Volumes::create`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Create(Request);

call!(Create => Volume, created);

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    name: String,
}

async fn created(request: Request) -> Result<Volume> {
    let client = request.client().clone();
    let Created { name } = json(request).await?;
    Ok(Volume { client, name })
}
