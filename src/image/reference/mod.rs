//! [`ImageReference`]: the names of images.

mod grammar;

use grammar::{DEFAULT_REGISTRY, OFFICIAL, Problem, excerpt, is_id, parse, split_registry};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The name of an image, taken apart: `[registry[:port]/]repository[:tag][@digest]`.
///
/// What a short name leaves out is filled in as the engine does it: the registry is `docker.io`, and there a repository
/// without a `/` is in `library/`. It is displayed as short as the engine does it in its lists.
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
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImageReference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
}

impl ImageReference {
    /// Where the image comes from: `docker.io`, or a host with or without a port.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The path on the registry, such as `library/nginx`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// Registry and repository: `docker.io/library/nginx`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }

    /// The tag, if there is one.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The tag, or `latest`, which is what engines take if there is neither tag nor digest.
    #[must_use]
    pub fn tag_or_latest(&self) -> &str {
        self.tag().unwrap_or("latest")
    }

    /// The digest, if there is one: `sha256:…`.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }
}

impl fmt::Display for ImageReference {
    /// Writes it as short as it can be; parsed again it is the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.registry == DEFAULT_REGISTRY {
            let short = self.repository.strip_prefix(OFFICIAL).filter(|name| !name.contains('/'));
            let short = short.unwrap_or(&self.repository);
            // What would be read as another registry, or as an id, stays whole.
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

/// Says that a text is no image reference, which part is wrong, and what is right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an image reference: {problem}")]
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

impl TryFrom<&str> for ImageReference {
    type Error = ParseReferenceError;

    fn try_from(text: &str) -> Result<Self, ParseReferenceError> {
        text.parse()
    }
}

impl TryFrom<&String> for ImageReference {
    type Error = ParseReferenceError;

    fn try_from(text: &String) -> Result<Self, ParseReferenceError> {
        text.parse()
    }
}

impl TryFrom<String> for ImageReference {
    type Error = ParseReferenceError;

    fn try_from(text: String) -> Result<Self, ParseReferenceError> {
        text.parse()
    }
}

impl From<ImageReference> for String {
    fn from(reference: ImageReference) -> Self {
        reference.to_string()
    }
}

/// Checks what a call names an image by: a reference, or an id.
pub(crate) fn check_name_or_id(name: &str) -> Result<(), ParseReferenceError> {
    if is_id(name.strip_prefix("sha256:").unwrap_or(name)) { Ok(()) } else { name.parse::<ImageReference>().map(drop) }
}

#[cfg(test)]
mod tests {
    use super::{ImageReference, check_name_or_id};

    const SHA: &str = "sha256:afcc7f1ac1b49db317a7196c902e61c6c3c4607d63599ee1a82d702d249a0ccb";

    fn parts(text: &str) -> (String, String, Option<String>, Option<String>) {
        let parsed: ImageReference = text.parse().expect(text);
        let shown = parsed.to_string();
        assert_eq!(shown.parse::<ImageReference>().as_ref(), Ok(&parsed), "{text} is shown as {shown}");
        (parsed.registry, parsed.repository, parsed.tag, parsed.digest)
    }

    #[test]
    fn takes_references_apart() {
        let cases = [
            ("nginx", "docker.io", "library/nginx", None, None),
            ("nginx:1.27", "docker.io", "library/nginx", Some("1.27"), None),
            ("docker.io/nginx", "docker.io", "library/nginx", None, None),
            ("docker.io/library/nginx", "docker.io", "library/nginx", None, None),
            ("index.docker.io/nginx", "docker.io", "library/nginx", None, None),
            ("team/web", "docker.io", "team/web", None, None),
            ("team/deep/web:a", "docker.io", "team/deep/web", Some("a"), None),
            ("localhost/web", "localhost", "web", None, None),
            ("localhost:5000/web:x", "localhost:5000", "web", Some("x"), None),
            ("localhost:5000", "docker.io", "library/localhost", Some("5000"), None),
            ("registry.example.com:5000/a/b:1", "registry.example.com:5000", "a/b", Some("1"), None),
            ("Registry/web", "Registry", "web", None, None),
            ("[2001:db8::1]:5000/web", "[2001:db8::1]:5000", "web", None, None),
            ("[2001:db8::1]/web", "[2001:db8::1]", "web", None, None),
            ("127.0.0.1:80/a--b/c__d/e.f_g:T_-.", "127.0.0.1:80", "a--b/c__d/e.f_g", Some("T_-."), None),
            ("a_b", "docker.io", "library/a_b", None, None),
        ];
        for (text, registry, repository, tag, digest) in cases {
            let expected = (registry.to_owned(), repository.to_owned(), tag.map(str::to_owned), digest);
            assert_eq!(parts(text), expected, "{text}");
        }
        assert_eq!(parts(&format!("web@{SHA}")).3.as_deref(), Some(SHA));
        assert_eq!(parts(&format!("r.example:5/web:1.0@{SHA}")).2.as_deref(), Some("1.0"));
        assert_eq!(parts(&format!("web@custom+b64:{}", "A".repeat(32))).3.map(|digest| digest.len()), Some(43));
        parts(&format!("{}:{}", "a".repeat(247), "t".repeat(128)));
    }

    #[test]
    fn shows_the_short_name() {
        for (text, short) in [
            ("docker.io/library/nginx:1", "nginx:1"),
            ("index.docker.io/team/web", "team/web"),
            ("docker.io/library/a/b", "library/a/b"),
            ("docker.io/localhost/a", "docker.io/localhost/a"),
            ("docker.io/a.b/c", "docker.io/a.b/c"),
            ("localhost/web", "localhost/web"),
        ] {
            assert_eq!(text.parse::<ImageReference>().expect(text).to_string(), short);
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let sha = SHA.to_owned();
        let cases = [
            (String::new(), "is empty"),
            (" nginx".to_owned(), "spaces"),
            ("ng\u{a0}inx".to_owned(), "spaces"),
            ("https://r.example/web".to_owned(), "scheme"),
            ("a".repeat(64), "image id"),
            ("Nginx".to_owned(), "lower case"),
            ("team/Nginx".to_owned(), "lower case"),
            ("Ünder".to_owned(), "lower case"),
            ("ünder".to_owned(), "a-z and 0-9"),
            ("team//web".to_owned(), "empty part"),
            ("/web".to_owned(), "empty part"),
            ("web/".to_owned(), "empty part"),
            ("r.example/".to_owned(), "no repository"),
            (":tag".to_owned(), "no repository"),
            (format!("@{sha}"), "no repository"),
            ("-web".to_owned(), "a-z and 0-9"),
            ("web.".to_owned(), "a-z and 0-9"),
            ("a..b".to_owned(), "a-z and 0-9"),
            ("a___b".to_owned(), "a-z and 0-9"),
            ("a_-b".to_owned(), "a-z and 0-9"),
            ("a\0b".to_owned(), "a-z and 0-9"),
            ("-r.example/web".to_owned(), "registry"),
            ("r.example:/web".to_owned(), "registry"),
            ("r.example:x/web".to_owned(), "registry"),
            ("r..example/web".to_owned(), "registry"),
            ("[::1/web".to_owned(), "registry"),
            ("[]:80/web".to_owned(), "registry"),
            ("ex_ample.com/web".to_owned(), "registry"),
            ("web:".to_owned(), "tag"),
            ("web:-x".to_owned(), "tag"),
            ("web:a:b".to_owned(), "tag"),
            (format!("web:{}", "t".repeat(129)), "tag"),
            ("web@".to_owned(), "digest"),
            ("web@sha256:abc".to_owned(), "digest"),
            (format!("web@{}", sha.to_uppercase()), "digest"),
            (format!("web@{sha}@{sha}"), "digest"),
            (format!("web@{sha}:tag"), "digest"),
            ("a".repeat(256), "255"),
            ("a/".repeat(200) + "a", "255"),
        ];
        for (text, problem) in cases {
            let error = text.parse::<ImageReference>().expect_err(&text).to_string();
            assert!(error.contains(problem), "{text:?}: {error}");
            assert!(error.len() < 400, "{error}");
        }
    }

    #[test]
    fn never_panics_and_shows_what_it_reads() {
        // Every text of up to four of these, which are what the grammar treats apart.
        let id = "e".repeat(64);
        let pieces = [
            "a",
            "A",
            "0",
            ".",
            "_",
            "-",
            ":",
            "/",
            "@",
            "[",
            "]",
            "ü",
            "localhost",
            "docker.io/",
            "library/",
            &id,
            SHA,
        ];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            texts = texts
                .iter()
                .flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}")))
                .inspect(|text| {
                    if let Ok(parsed) = text.parse::<ImageReference>() {
                        assert_eq!(parsed.to_string().parse(), Ok(parsed), "{text}");
                    }
                })
                .collect();
        }
    }

    #[test]
    fn names_images_by_reference_or_id() {
        for name in ["nginx", "ec3f0931a6e6", "sha256:ec3f0931", &"e".repeat(64), SHA] {
            assert!(check_name_or_id(name).is_ok(), "{name}");
        }
        for name in ["", "..", "a b", "Nginx"] {
            assert!(check_name_or_id(name).is_err(), "{name}");
        }
    }
}
