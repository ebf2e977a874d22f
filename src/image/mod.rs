//! Images: build, pull, push, list, tag and remove them.
//!
//! [`Docker::images`] creates, lists and searches images. [`Docker::image`] operates on one image.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     ("POST /images/create?fromImage=docker.io/library/nginx&tag=1.27",
//! #      "200 {\"status\":\"Pulling from library/nginx\"}\r\n{\"status\":\"Digest: sha256:6af79ae5\"}\r\n"),
//! #     ("GET /images/nginx:1.27/json", r#"200 {"Id":"sha256:a9dc","Os":"linux","Architecture":"amd64","Size":192004242}"#),
//! #     ("POST /images/nginx:1.27/tag?repo=registry.example.com/team/nginx&tag=1.27", "201"),
//! #     ("POST /images/registry.example.com/team/nginx/push?tag=1.27",
//! #      r#"200 {"aux":{"Tag":"1.27","Digest":"sha256:6af79ae5","Size":2295}}"#),
//! #     ("DELETE /images/nginx:1.27", r#"200 [{"Untagged":"nginx:1.27"}]"#),
//! # ]);
//! let pulled = docker.images().pull("nginx:1.27").await?;
//! let nginx = docker.image("nginx:1.27");
//! assert_eq!(nginx.inspect().await?.architecture, "amd64");
//!
//! nginx.tag("registry.example.com/team/nginx:1.27").await?;
//! let pushed = docker.image("registry.example.com/team/nginx:1.27").push().await?;
//! assert_eq!(pushed.digest, pulled.digest);
//!
//! let removed = nginx.remove().await?;
//! assert_eq!(removed[0].untagged.as_deref(), Some("nginx:1.27"));
//! # Ok(()) }
//! ```

mod attestations;
mod build;
mod commit;
mod config;
mod distribution;
mod exists;
mod history;
mod id;
mod identity;
mod image_inspect;
mod image_summary;
mod import;
mod inspect;
mod list;
mod load;
mod manifest;
mod platform;
mod prune;
mod prune_build_cache;
mod pull;
mod push;
mod reference;
mod remove;
mod save;
mod search;
mod tag;

pub use attestations::{AttestationStatement, Attestations};
#[cfg(all(feature = "deploy", feature = "tar"))]
pub(crate) use build::write_content;
pub use build::{
    Build, BuildCache, BuildContext, BuildOutput, BuildResult, BuildStream, CancelBuild, ParseBuildOptionError,
};
#[cfg(feature = "buildkit")]
pub use build::{BuildSecret, BuildSsh, BuildStep, BuildTrace};
pub use commit::Commit;
pub use config::ImageConfig;
pub use distribution::{Distribution, DistributionInspect};
pub use exists::Exists;
pub use history::{History, ImageHistoryItem};
pub use identity::{
    BuildIdentity, Identity, KnownSignerIdentity, PullIdentity, SignatureIdentity, SignatureTimestamp,
    SignatureTimestampType, SignatureType, SignerIdentity,
};
pub use image_inspect::{ImageInspect, ImageMetadata, ImageRootFs};
pub use image_summary::ImageSummary;
pub use import::Import;
pub use inspect::Inspect;
pub use list::List;
pub use load::{Load, LoadResult};
pub use manifest::{
    ImageManifestSummary, ManifestAttestationData, ManifestImageData, ManifestKind, ManifestSize, UnpackedSize,
};
pub use platform::Platform;
pub use prune::{Prune, PruneReport};
pub use prune_build_cache::{BuildCachePruneReport, PruneBuildCache};
pub use pull::{Pull, PullResult};
pub use push::{Push, PushResult};
pub use reference::{ImageReference, ParseReferenceError};
pub use remove::{ImageDeleted, Remove};
pub use save::Save;
pub use search::{Search, SearchResult};
pub use tag::Tag;

use crate::Docker;
use crate::request::{Client, Method, Request};
use std::sync::Arc;

impl Docker {
    /// Returns a handle to build, pull, load, import, list, save, search and prune images. Performs no I/O.
    #[must_use]
    pub fn images(&self) -> Images {
        Images { client: self.client().clone() }
    }

    /// Returns a handle to one image, by name, name with digest, or ID: `nginx:1.27`, `nginx@sha256:…`, `ec3f0931a6e6`.
    ///
    /// Performs no I/O: the first call fails if the image does not exist.
    #[must_use]
    pub fn image(&self, name_or_id: impl Into<String>) -> Image {
        Image { client: self.client().clone(), name: name_or_id.into() }
    }
}

/// The images of an engine. Returned by [`Docker::images`].
#[derive(Clone, Debug)]
pub struct Images {
    client: Arc<Client>,
}

/// A handle to one image, which need not exist. Returned by [`Docker::image`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Image {
    client: Arc<Client>,
    name: String,
}

impl Image {
    /// Returns the name or ID of this handle. A handle that was returned by a call has the image's ID.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Begins a request for this image. Refuses an invalid name before any I/O.
    fn request(&self, method: Method, path: &'static str) -> Request {
        let request = self.client.request(method, path, &[&self.name]);
        match reference::check_name_or_id(&self.name) {
            Ok(()) => request,
            Err(error) => request.refuse(error.to_string()),
        }
    }
}
