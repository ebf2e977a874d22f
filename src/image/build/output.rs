//! [`BuildOutput`]: the destination of a build's result.

use super::fields::{self, ParseBuildOptionError};
use crate::Map;
use crate::wire::from_text;
use serde_json::{Value, json};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

const FORM: &str = "type=local,dest=FOLDER or the path of a folder";

/// A destination of a BuildKit build's result: an exporter and its attributes.
///
/// Without an output, the result is an image in the engine. A text has the form of `docker build --output`:
/// `type=tar,dest=web.tar`, or the path of a folder.
///
/// ```
/// use longshore::image::BuildOutput;
///
/// assert_eq!("type=registry".parse(), Ok(BuildOutput::registry()));
/// # #[cfg(feature = "buildkit")]
/// assert_eq!("type=local,dest=out".parse(), Ok(BuildOutput::folder("out")));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "it does nothing until it is given to a build"]
pub struct BuildOutput {
    kind: String,
    attrs: Map<String>,
    /// The path on the client, for a local output.
    destination: Option<PathBuf>,
}

impl BuildOutput {
    /// Creates an output for an exporter of this name, such as `image` with the attribute `push-by-digest`.
    ///
    /// An `image` without the attribute `push` is stored in the engine, as with [`image`](Self::image).
    pub fn new(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), attrs: Map::default(), destination: None }
    }

    /// Stores the result as an image in the engine.
    pub fn image() -> Self {
        Self::new("moby")
    }

    /// Pushes the image to the registries of its [tags](super::Build::tag), as `docker build --push` does. The image is
    /// also stored in the engine. Requires the containerd image store.
    ///
    /// On other engines, push after the build: see [`Image::push`](crate::image::Image::push).
    pub fn registry() -> Self {
        Self::new("image").attribute("push", "true")
    }

    /// Writes the files of the result to a local folder.
    ///
    /// Creates the folder if it does not exist, and replaces files of the same name. The files belong to the current
    /// user. Nothing is written outside the folder. Requires the feature `buildkit`.
    #[cfg(feature = "buildkit")]
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self { destination: Some(path.into()), ..Self::new("local") }
    }

    /// Writes the files of the result to a local tar archive. Requires the feature `buildkit`.
    #[cfg(feature = "buildkit")]
    pub fn tar(path: impl Into<PathBuf>) -> Self {
        Self { destination: Some(path.into()), ..Self::new("tar") }
    }

    /// Writes the image to a local tar archive in the OCI layout. Requires the containerd image store and the feature
    /// `buildkit`.
    #[cfg(feature = "buildkit")]
    pub fn oci(path: impl Into<PathBuf>) -> Self {
        Self { destination: Some(path.into()), ..Self::new("oci") }
    }

    /// Writes the image to a local tar archive for `docker load`. Requires the containerd image store and the feature
    /// `buildkit`.
    #[cfg(feature = "buildkit")]
    pub fn docker(path: impl Into<PathBuf>) -> Self {
        Self { destination: Some(path.into()), ..Self::new("docker") }
    }

    /// Exports nothing: the build only fills the build cache. Requires the feature `buildkit`.
    #[cfg(feature = "buildkit")]
    pub fn nothing() -> Self {
        Self::new("cacheonly")
    }

    /// Sets an attribute of the exporter, such as `compression` to `zstd`.
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attrs.insert(name, value.into());
        self
    }

    /// Checks that this crate can receive the result.
    pub(super) fn check(&self) -> Result<(), String> {
        let kind = &self.kind;
        let is_local = matches!(kind.as_str(), "local" | "tar" | "oci" | "docker");
        if cfg!(not(feature = "buildkit")) && (is_local || kind == "cacheonly") {
            return Err(format!("an output of the type {kind:?} requires the feature `buildkit`"));
        }
        if is_local && self.destination.as_ref().is_none_or(|path| path.as_os_str().is_empty()) {
            return Err(format!("an output of the type {kind:?} needs a path: use type={kind},dest=PATH"));
        }
        if matches!(kind.as_str(), "oci" | "docker") && self.attrs.get("tar").is_some_and(|tar| is_false(tar)) {
            return Err(format!(
                "an output of the type {kind:?} with tar=false is not supported: leave out tar=false to get a tar archive"
            ));
        }
        Ok(())
    }

    /// Returns the JSON for `POST /build`, given the names of the image. Attributes are always present: Docker 20.10
    /// crashes without them.
    pub(super) fn to_json(&self, names: &[&str]) -> Value {
        let mut attrs = self.attrs.clone();
        // The engine itself names images, but not those in archives.
        if self.has_name() && !self.is_image() && !names.is_empty() {
            attrs.entry("name").or_insert_with(|| names.join(","));
        }
        json!({ "Type": self.exporter(), "Attrs": attrs })
    }

    /// Returns the name of the exporter. Without the containerd image store, engines have no exporter `image`, so an image
    /// that is not pushed goes to that of the engine, as with the docker CLI.
    fn exporter(&self) -> &str {
        let is_pushed = self.attrs.get("push").is_some_and(|push| !is_false(push));
        if self.kind == "image" && !is_pushed { "moby" } else { &self.kind }
    }

    /// Whether the result has the names of the image.
    pub(super) fn has_name(&self) -> bool {
        self.is_image() || matches!(self.kind.as_str(), "oci" | "docker")
    }

    /// Whether the result is an image in the engine.
    pub(super) fn is_image(&self) -> bool {
        matches!(self.kind.as_str(), "moby" | "image")
    }
}

impl fmt::Debug for BuildOutput {
    /// Hides the values of attributes, which may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.attrs.keys().collect();
        let mut shown = f.debug_struct("BuildOutput");
        shown.field("kind", &self.kind).field("attributes", &names).field("destination", &self.destination).finish()
    }
}

impl FromStr for BuildOutput {
    type Err = ParseBuildOptionError;

    fn from_str(text: &str) -> Result<Self, ParseBuildOptionError> {
        let wrong = |why: String| ParseBuildOptionError::new("output of a build", why, FORM);
        let (kind, fields) = match text.trim() {
            "" => return Err(wrong("the text is empty".to_owned())),
            "-" => return Err(wrong("standard output is not supported".to_owned())),
            folder if !folder.contains(',') && !folder.starts_with("type=") => {
                ("local".to_owned(), vec![("dest".to_owned(), folder.to_owned())])
            }
            text => fields::parse(text).map_err(wrong)?,
        };
        let mut output = if kind == "registry" { Self::registry() } else { Self::new(kind) };
        for (name, value) in fields {
            match name.as_str() {
                "dest" if value == "-" => return Err(wrong("standard output is not supported".to_owned())),
                "dest" => output.destination = Some(value.into()),
                _ => output = output.attribute(name, value),
            }
        }
        // Without a path, this type means the engine itself.
        if output.kind == "docker" && output.destination.is_none() {
            output.kind = Self::image().kind;
        }
        Ok(output)
    }
}

from_text!(BuildOutput);

/// Returns whether BuildKit reads an attribute as `false`, as Go does.
fn is_false(value: &str) -> bool {
    matches!(value, "0" | "f" | "F" | "false" | "FALSE" | "False")
}

#[cfg(feature = "buildkit")]
impl BuildOutput {
    pub(super) fn destination(&self) -> Option<super::buildkit::Destination> {
        let path = self.destination.clone()?;
        Some(match self.kind.as_str() {
            "local" => super::buildkit::Destination::Folder(path),
            _ => super::buildkit::Destination::File(path),
        })
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.kind == "cacheonly"
    }

    pub(super) fn parts(&self) -> (&str, &Map<String>) {
        (self.exporter(), &self.attrs)
    }
}

#[cfg(test)]
mod tests {
    use super::BuildOutput;

    #[test]
    fn a_text_is_read_as_docker_reads_it() {
        let to = |kind: &str, path: &str| BuildOutput { destination: Some(path.into()), ..BuildOutput::new(kind) };
        for (text, output) in [
            ("out", to("local", "out")),
            ("../a b", to("local", "../a b")),
            ("a=b", to("local", "a=b")),
            ("type=docker", BuildOutput::image()),
            ("type=docker,dest=out.tar", to("docker", "out.tar")),
            ("type=local,dest=out", to("local", "out")),
            ("Type=tar, DEST = out.tar ", to("tar", "out.tar")),
            ("type=oci,\"dest=a,b\",compression=zstd", to("oci", "a,b").attribute("compression", "zstd")),
            ("type=registry", BuildOutput::registry()),
            ("type=image,push=true", BuildOutput::registry()),
            ("type=cacheonly", BuildOutput::new("cacheonly")),
        ] {
            assert_eq!(text.parse().as_ref(), Ok(&output), "{text}");
        }
        for (text, why) in [
            ("", "the text is empty"),
            ("-", "standard output is not supported"),
            ("type=local,dest=-", "standard output is not supported"),
            ("dest=out,mode=max", "the type is missing"),
            ("type=", "the type is missing"),
            ("type=local,out", "field 2 has no value"),
            ("type=local,\"dest=out", "a quote is not closed"),
        ] {
            let error = text.parse::<BuildOutput>().expect_err(text).to_string();
            assert!(error.starts_with(&format!("invalid output of a build: {why}; use type=local")), "{error}");
        }
    }

    #[test]
    fn an_image_that_is_not_pushed_needs_no_containerd_store() {
        for (text, kind) in [
            ("type=image,compression=zstd", "moby"),
            ("type=image,push=False", "moby"),
            ("type=image,push=", "image"), // BuildKit takes it for true
            ("type=image,push=1", "image"),
            ("type=registry", "image"),
            ("type=tar,dest=x", "tar"),
        ] {
            let output: BuildOutput = text.parse().expect(text);
            assert_eq!(output.to_json(&[])["Type"], kind, "{text}");
        }
        let output = BuildOutput::image().attribute("compression", "zstd").to_json(&[]);
        assert_eq!(output, BuildOutput::new("image").attribute("compression", "zstd").to_json(&[]));
    }

    #[test]
    fn an_empty_path_is_none() {
        let output: BuildOutput = "type=local,dest=".parse().expect("an output");
        assert!(output.check().is_err());
    }

    #[cfg(feature = "buildkit")]
    #[test]
    fn a_layout_in_a_folder_is_refused() {
        for (text, is_good) in [
            ("type=oci,dest=out,tar=false", false),
            ("type=docker,dest=out,tar=0", false),
            ("type=oci,dest=out.tar,tar=true", true),
            ("type=docker,tar=false", true), // the engine's own store
        ] {
            let checked = text.parse::<BuildOutput>().expect(text).check();
            assert_eq!(checked.is_ok(), is_good, "{text}: {checked:?}");
            assert!(checked.err().is_none_or(|why| why.contains("tar=false is not supported")), "{text}");
        }
    }

    #[test]
    fn values_of_attributes_are_not_shown() {
        assert!(!format!("{:?}", BuildOutput::new("s3").attribute("secret", "hunter2")).contains("hunter2"));
    }
}
