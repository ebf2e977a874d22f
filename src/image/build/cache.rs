//! [`BuildCache`]: a build cache outside the engine.

use super::fields::{self, ParseBuildOptionError};
use crate::image::ImageReference;
use crate::wire::from_text;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

const FORM: &str = "the name of an image, or fields such as type=registry,ref=registry.example.com/web:cache";

/// A build cache outside the engine, to import step results from or export them to: a registry, a folder or the image itself.
///
/// A text has the form of `docker build --cache-from`: the name of an image, or `type=registry,ref=…`. All but the name of an image
/// requires the feature `buildkit`.
///
/// ```no_run
/// # #[cfg(feature = "buildkit")]
/// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
/// use longshore::image::BuildCache;
///
/// let cache = || BuildCache::registry("registry.example.com/team/web:cache");
/// let build = docker.images().build("web").tag("web:1");
/// build.cache_from(cache()).cache_to(cache().all_steps()).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "it does nothing until it is given to a build"]
pub struct BuildCache {
    pub(super) kind: String,
    pub(super) attributes: BTreeMap<String, String>,
    /// The folder on the client, for a local cache.
    pub(super) folder: Option<PathBuf>,
    /// Whether this is only the name of an image, which every builder takes.
    is_name: bool,
}

impl BuildCache {
    /// Creates a cache for an importer or exporter of this name, such as `gha`.
    pub fn new(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), attributes: BTreeMap::new(), folder: None, is_name: false }
    }

    /// Uses an image of its own in a registry. Exporting requires the containerd image store.
    pub fn registry(reference: impl Into<String>) -> Self {
        Self::new("registry").attribute("ref", reference)
    }

    /// Uses a local folder in the OCI layout.
    ///
    /// Importing from a folder without results is not an error. Exporting creates the folder, and requires the
    /// containerd image store.
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self { folder: Some(path.into()), ..Self::new("local") }
    }

    /// Stores the cache in the image that is built. Other builds import it from the registry that the image is pushed to.
    pub fn inline() -> Self {
        Self::new("inline")
    }

    /// Exports the results of all steps. Default: only the steps whose layers are in the image.
    pub fn all_steps(self) -> Self {
        self.attribute("mode", "max")
    }

    /// Sets an attribute, such as `compression` to `zstd`.
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.insert(name.into(), value.into());
        self.is_name = false;
        self
    }

    /// Returns the name of the image, if the cache was made from nothing else.
    pub(super) fn into_image(mut self) -> Result<String, Self> {
        if self.is_name { Ok(self.attributes.remove("ref").unwrap_or_default()) } else { Err(self) }
    }
}

impl fmt::Debug for BuildCache {
    /// Hides the values of attributes, which may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.attributes.keys().collect();
        let mut shown = f.debug_struct("BuildCache");
        shown
            .field("kind", &self.kind)
            .field("attributes", &names)
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl FromStr for BuildCache {
    type Err = ParseBuildOptionError;

    fn from_str(text: &str) -> Result<Self, ParseBuildOptionError> {
        let wrong = |why: String| ParseBuildOptionError::new("build cache", why, FORM);
        let check = |image: &str| image.parse::<ImageReference>().map_err(|error| wrong(error.to_string()));
        if !text.contains('=') {
            return check(text).map(|_| Self { is_name: true, ..Self::registry(text) });
        }
        let (kind, fields) = fields::parse(text).map_err(wrong)?;
        let mut cache = Self::new(kind);
        for (name, value) in fields {
            match (cache.kind.as_str(), name.as_str()) {
                ("local", "src" | "dest") => {
                    cache.folder = Some(value).filter(|path| !path.is_empty()).map(PathBuf::from);
                }
                _ => cache = cache.attribute(name, value),
            }
        }
        match (cache.kind.as_str(), cache.attributes.get("ref")) {
            ("local", _) if cache.folder.is_none() => Err(wrong("a local cache needs src or dest".to_owned())),
            ("registry", None) => Err(wrong("a cache in a registry needs ref".to_owned())),
            ("registry", Some(image)) => check(image).map(|_| cache),
            _ => Ok(cache),
        }
    }
}

from_text!(BuildCache);

#[cfg(test)]
mod tests {
    use super::BuildCache;

    #[test]
    fn a_text_is_read_as_docker_reads_it() {
        let parsed = |text: &str| text.parse::<BuildCache>().map_err(|error| error.to_string());
        for (text, cache) in [
            ("type=registry,ref=x", BuildCache::registry("x")),
            ("type=registry,mode=max,ref=r:5000/x:cache", BuildCache::registry("r:5000/x:cache").all_steps()),
            ("type=local,src=a b", BuildCache::folder("a b")),
            ("type=local,\"dest=a,b\",mode=max", BuildCache::folder("a,b").all_steps()),
            ("type=inline", BuildCache::inline()),
            ("type=gha,scope=web", BuildCache::new("gha").attribute("scope", "web")),
        ] {
            assert_eq!(parsed(text).as_ref(), Ok(&cache), "{text}");
        }
        assert_eq!(parsed("web:0").map(BuildCache::into_image), Ok(Ok("web:0".to_owned())));
        for (text, why) in [
            ("a b", "invalid image reference"),
            ("", "invalid image reference"),
            ("type=registry,ref=a b", "invalid image reference"),
            ("type=registry", "needs ref"),
            ("type=local", "needs src or dest"),
            ("type=local,src=", "needs src or dest"),
            ("ref=x", "the type is missing"),
            ("type=s3,hunter2", "field 2 has no value"),
        ] {
            let error = parsed(text).expect_err(text);
            assert!(error.starts_with("invalid build cache: ") && error.contains(why), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
            assert!(!format!("{:?}", BuildCache::new("s3").attribute("key", "hunter2")).contains("hunter2"));
        }
    }
}
