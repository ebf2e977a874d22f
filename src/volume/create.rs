//! `POST /volumes/create`

use super::{Volume, VolumeSpec, Volumes, name};
use crate::request::{Method, Request, call, json};
use crate::{Result, Version};
use serde::Deserialize;

impl Volumes {
    /// Makes a volume: of a [`VolumeSpec`], or of a name alone. One of the same name and driver that is there already
    /// is left as it is, and that is fine too.
    ///
    /// `POST /volumes/create`
    ///
    /// # Errors
    /// [`Error::is_conflict`](crate::Error::is_conflict): a volume of the same name has another driver.
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such driver; engines look for one for 15 s.
    /// [`Error::is_invalid`](crate::Error::is_invalid): the driver has no such option.
    pub fn create(&self, spec: impl Into<VolumeSpec>) -> Create {
        let spec = spec.into();
        let mut request = self.client.request(Method::POST, "/volumes/create", &[]).json(&spec);
        if !spec.name.is_empty() {
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
