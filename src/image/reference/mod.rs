//! [`ImageReference`]: a parsed image name.

mod grammar;
#[cfg(test)]
mod tests;

use crate::wire::{from_text, serde_as_text};
use grammar::{
    DEFAULT_REGISTRY, OFFICIAL, Problem, REPOSITORY_MAX, check_digest, check_repository, check_tag, excerpt, is_id,
    is_sha256, split_registry,
};
use std::fmt;
use std::str::FromStr;

/// A parsed image name: `[registry[:port]/]repository[:tag][@digest]`.
///
/// A short name is completed as the engine does it. The registry defaults to `docker.io`, where a repository without a
/// `/` is in `library/`. `Display` writes the short form that the engine shows in lists.
///
/// ```
/// use longshore::image::ImageReference;
///
/// let nginx: ImageReference = "nginx:1.27".parse()?;
/// assert_eq!(nginx.name(), "docker.io/library/nginx");
/// assert_eq!(nginx.tag(), Some("1.27"));
/// assert_eq!(nginx.to_string(), "nginx:1.27");
///
/// let ours: ImageReference = "registry.example.com:5000/team/web".parse()?;
/// assert_eq!(ours.registry(), "registry.example.com:5000");
/// assert_eq!(ours.repository(), "team/web");
/// assert_eq!(ours.tag_or_latest(), "latest");
/// # Ok::<(), longshore::image::ParseReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImageReference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
}

impl ImageReference {
    /// Returns the registry: `docker.io`, or a host with an optional port.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// Returns the path in the registry, such as `library/nginx`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// Returns registry and repository: `docker.io/library/nginx`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }

    /// Returns the tag, if there is one.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// Returns the tag, or `latest`, the engine's default if there is neither tag nor digest.
    #[must_use]
    pub fn tag_or_latest(&self) -> &str {
        self.tag().unwrap_or("latest")
    }

    /// Returns the digest, if there is one: `sha256:…`.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }
}

impl fmt::Display for ImageReference {
    /// Writes the shortest form that parses to the same reference.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.registry == DEFAULT_REGISTRY {
            let short = self.repository.strip_prefix(OFFICIAL).filter(|name| !name.contains('/'));
            let short = short.unwrap_or(&self.repository);
            // A short name that would parse as another registry, or as an ID, is written in full.
            let is_clear =
                matches!(split_registry(short), Ok((DEFAULT_REGISTRY, path)) if path == short) && !is_id(short);
            if is_clear { f.write_str(short)? } else { write!(f, "{DEFAULT_REGISTRY}/{}", self.repository)? }
        } else {
            write!(f, "{}/{}", self.registry, self.repository)?;
        }
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// The error of parsing an [`ImageReference`]. Names the wrong part and how to fix it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid image reference {text:?}: use {problem}")]
pub struct ParseReferenceError {
    text: String,
    problem: Problem,
}

impl FromStr for ImageReference {
    type Err = ParseReferenceError;

    fn from_str(text: &str) -> Result<Self, ParseReferenceError> {
        parse(text).map_err(|problem| ParseReferenceError { text: excerpt(text), problem })
    }
}

from_text!(ImageReference);
serde_as_text!(ImageReference);

impl From<&ImageReference> for ImageReference {
    fn from(reference: &ImageReference) -> Self {
        reference.clone()
    }
}

impl From<ImageReference> for String {
    fn from(reference: ImageReference) -> Self {
        reference.to_string()
    }
}

/// Checks the name of an image in a call: a reference or an ID.
pub(crate) fn check_name_or_id(name: &str) -> Result<(), ParseReferenceError> {
    if is_id(name) || is_sha256(name) { Ok(()) } else { name.parse::<ImageReference>().map(drop) }
}

/// Splits off digest, registry and tag before it checks them, so that each error names the wrong part.
fn parse(text: &str) -> Result<ImageReference, Problem> {
    if text.is_empty() {
        return Err(Problem::Empty);
    }
    if text.chars().any(char::is_whitespace) {
        return Err(Problem::Space);
    }
    if text.contains("://") {
        return Err(Problem::Scheme);
    }
    if is_id(text) {
        return Err(Problem::Id);
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(check_digest(digest)?)),
        None => (text, None),
    };
    let (registry, path) = split_registry(rest)?;
    let (path, tag) = match path.split_once(':') {
        Some((path, tag)) => (path, Some(check_tag(tag)?)),
        None => (path, None),
    };
    check_repository(path)?;
    let official = registry == DEFAULT_REGISTRY && !path.contains('/');
    let repository = if official { format!("{OFFICIAL}{path}") } else { path.to_owned() };
    // Such as sha256:abc, an ID. Engines refuse to name an image so.
    if registry == DEFAULT_REGISTRY && repository == "library/sha256" {
        return Err(Problem::Id);
    }
    if repository.len() > REPOSITORY_MAX {
        return Err(Problem::LongRepository(repository.len()));
    }
    Ok(ImageReference { registry: registry.to_owned(), repository, tag, digest })
}
