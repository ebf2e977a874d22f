//! Types of the OCI specifications that the API uses: descriptors and platforms, in lower camel case.

use super::{Map, from_text};
use crate::wire::null_to_empty;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A reference to content: its digest, size and media type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct OciDescriptor {
    /// The media type of the content.
    pub media_type: String,
    /// The digest, such as `sha256:c0537f…`.
    pub digest: String,
    /// The size in bytes.
    pub size: i64,
    /// URLs from which the content can be downloaded too.
    #[serde(deserialize_with = "null_to_empty")]
    pub urls: Vec<String>,
    /// Arbitrary metadata from the image's author.
    pub annotations: Map<String>,
    /// The content itself, in base64, if it is embedded.
    pub data: Option<String>,
    /// The platform that the content runs on.
    pub platform: Option<Platform>,
    /// The media type of an artifact that is not an image.
    pub artifact_type: Option<String>,
}

/// The platform that an image runs on: `os/arch/variant`.
///
/// ```
/// use longshore::Platform;
///
/// let platform: Platform = "linux/arm64/v8".parse()?;
/// assert_eq!(platform.architecture, "arm64");
/// assert_eq!(platform.to_string(), "linux/arm64/v8");
/// # Ok::<(), longshore::ParsePlatformError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Platform {
    /// The processor architecture, such as `amd64` or `arm64`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub architecture: String,
    /// The operating system, such as `linux` or `windows`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub os: String,
    /// The version of the operating system, such as `10.0.19041.1165`. Windows only.
    #[serde(rename = "os.version", skip_serializing_if = "String::is_empty")]
    pub os_version: String,
    /// Required features of the operating system, such as `win32k`.
    #[serde(rename = "os.features", skip_serializing_if = "Vec::is_empty", deserialize_with = "null_to_empty")]
    pub os_features: Vec<String>,
    /// The variant of the architecture, such as `v7` of `arm`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub variant: String,
}

impl Platform {
    /// Creates a platform from an operating system and an architecture, such as `linux` and `amd64`.
    #[must_use]
    pub fn new(os: impl Into<String>, architecture: impl Into<String>) -> Self {
        Self { os: os.into(), architecture: architecture.into(), ..Self::default() }
    }

    /// Returns whether an image of the other platform meets a request for this one, as engines compare them.
    ///
    /// Architectures have several spellings: `x86_64` is `amd64`, `aarch64` is `arm64`, and `armhf` is `arm/v7`. A default variant
    /// can be left out: `amd64/v1`, `arm64/v8`, `arm/v7`. A platform without an architecture is met by any architecture, and an image
    /// without a variant meets a request for any variant. Versions and features of the operating system are not compared.
    ///
    /// ```
    /// use longshore::Platform;
    ///
    /// let asked: Platform = "linux/aarch64".parse()?;
    /// assert!(asked.is_met_by(&"linux/arm64/v8".parse()?));
    /// assert!(!asked.is_met_by(&"linux/amd64".parse()?));
    /// # Ok::<(), longshore::ParsePlatformError>(())
    /// ```
    #[must_use]
    pub fn is_met_by(&self, image: &Self) -> bool {
        let (asked, its) = (self.processor(), image.processor());
        let is_variant = image.variant.is_empty() || its.1 == asked.1;
        self.os.eq_ignore_ascii_case(&image.os) && (self.architecture.is_empty() || (its.0 == asked.0 && is_variant))
    }

    /// Returns the architecture and its variant in the spelling of the OCI. Containerd, and so every engine, reads them like this.
    fn processor(&self) -> (String, String) {
        let (architecture, variant) = (self.architecture.to_ascii_lowercase(), self.variant.to_ascii_lowercase());
        let (architecture, variant) = match (architecture.as_str(), variant.as_str()) {
            ("i386", _) => ("386", ""),
            ("amd64" | "x86_64" | "x86-64", "v1") => ("amd64", ""),
            ("x86_64" | "x86-64", variant) => ("amd64", variant),
            ("arm64" | "aarch64", "8" | "v8") => ("arm64", ""),
            ("aarch64", variant) => ("arm64", variant),
            ("armhf", _) | ("arm", "" | "7") => ("arm", "v7"),
            ("armel", _) | ("arm", "6") => ("arm", "v6"),
            ("arm", "5") => ("arm", "v5"),
            ("arm", "8") => ("arm", "v8"),
            others => others,
        };
        (architecture.to_owned(), variant.to_owned())
    }
}

impl fmt::Display for Platform {
    /// Writes `os[/arch[/variant]]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.os)?;
        for part in [&self.architecture, &self.variant] {
            if !part.is_empty() {
                write!(f, "/{part}")?;
            }
        }
        Ok(())
    }
}

/// The error of parsing a [`Platform`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid platform {text:?}: use os[/arch[/variant]], such as linux/arm64/v8")]
pub struct ParsePlatformError {
    text: String,
}

impl FromStr for Platform {
    type Err = ParsePlatformError;

    fn from_str(text: &str) -> Result<Self, ParsePlatformError> {
        let mut parts = text.splitn(3, '/');
        let mut part = || parts.next().map(str::to_owned);
        let (os, architecture, variant) = (part(), part(), part());
        let named = [&os, &architecture, &variant].into_iter().flatten().all(|part| is_word(part));
        match os {
            Some(os) if named => Ok(Self {
                os,
                architecture: architecture.unwrap_or_default(),
                variant: variant.unwrap_or_default(),
                ..Self::default()
            }),
            _ => Err(ParsePlatformError { text: text.chars().take(64).collect() }),
        }
    }
}

from_text!(Platform);

fn is_word(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::{OciDescriptor, Platform};

    #[test]
    fn reads_a_descriptor_with_nulls() {
        let json = r#"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:c0","size":424,
            "urls":null,"annotations":null,"data":null,"artifactType":null,
            "platform":{"architecture":"arm","os":"windows","os.version":"10.0","os.features":["win32k"],"variant":"v7"}}"#;
        let descriptor: OciDescriptor = serde_json::from_str(json).expect("descriptor");
        assert_eq!((descriptor.size, descriptor.urls.len()), (424, 0));
        let platform = descriptor.platform.expect("platform");
        assert_eq!(
            (platform.os_version.as_str(), platform.os_features.as_slice()),
            ("10.0", &["win32k".to_owned()][..])
        );
    }

    #[test]
    fn writes_of_a_platform_what_is_set() {
        let platform = Platform::new("linux", "arm64");
        let json = serde_json::to_string(&platform).expect("json");
        assert_eq!(json, r#"{"architecture":"arm64","os":"linux"}"#);
    }

    #[test]
    fn platforms_are_compared_as_engines_compare_them() {
        for (asked, image, expected) in [
            ("linux/amd64", "linux/amd64", true),
            ("linux/x86_64", "linux/amd64", true),
            ("Linux/AMD64", "linux/amd64", true),
            ("linux/amd64/v1", "linux/amd64", true),
            ("linux/amd64", "linux/x86-64/v1", true),
            ("linux/amd64/v2", "linux/amd64", true),
            ("linux/amd64", "linux/amd64/v3", false),
            ("linux/aarch64", "linux/arm64/v8", true),
            ("linux/arm64/8", "linux/arm64", true),
            ("linux/arm", "linux/arm/v7", true),
            ("linux/armhf", "linux/arm/7", true),
            ("linux/armel", "linux/arm/v6", true),
            ("linux/arm/5", "linux/arm/v5", true),
            ("linux/arm/v6", "linux/arm/v7", false),
            ("linux/arm/v6", "linux/arm", true), // old images do not tell
            ("linux/i386", "linux/386", true),
            ("linux", "linux/s390x", true),
            ("windows", "linux/amd64", false),
            ("linux/arm64", "linux/amd64", false),
            ("windows/amd64", "linux/amd64", false),
        ] {
            let parsed = |text: &str| text.parse::<Platform>().expect(text);
            assert_eq!(parsed(asked).is_met_by(&parsed(image)), expected, "{asked} by {image}");
        }
    }

    #[test]
    fn parses_platforms_and_refuses_what_is_none() {
        for text in ["linux", "linux/amd64", "linux/arm/v7"] {
            assert_eq!(text.parse::<Platform>().expect(text).to_string(), text);
        }
        for text in ["", "/", "linux/", "/amd64", "linux/arm/v7/x", "linux amd64"] {
            assert!(text.parse::<Platform>().is_err(), "{text}");
        }
    }
}
