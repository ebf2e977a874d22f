//! [`ImageReference`]: the names of images.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

const DEFAULT_REGISTRY: &str = "docker.io";
const OFFICIAL: &str = "library/";
const REPOSITORY_MAX: usize = 255;
const TAG_MAX: usize = 128;

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
            let is_clear = matches!(split_registry(short), Ok((DEFAULT_REGISTRY, path)) if path == short) && !is_id(short);
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

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error("it is empty; write [registry[:port]/]repository[:tag][@digest], such as nginx:1.27")]
    Empty,
    #[error("it has spaces around or in it")]
    Space,
    #[error("it begins with a URL's scheme; leave that out")]
    Scheme,
    #[error("it is an image id of 64 hexadecimal digits; those have no registry, tag or digest")]
    Id,
    #[error("the registry {0:?} is not a host, or a host and port, such as registry.example.com:5000")]
    Registry(String),
    #[error("there is no repository in it")]
    NoRepository,
    #[error("the repository {0:?} must be in lower case")]
    UpperCase(String),
    #[error("the repository {0:?} has an empty part between its slashes")]
    EmptyPart(String),
    #[error(
        "the part {0:?} of the repository must be a-z and 0-9, with one '.', one or two '_' or any number of '-' between them"
    )]
    Repository(String),
    #[error("the repository has {0} characters; {REPOSITORY_MAX} are allowed")]
    LongRepository(usize),
    #[error("the tag {0:?} must be 1 to {TAG_MAX} of a-z, A-Z, 0-9, '_', '.' and '-', and not begin with '.' or '-'")]
    Tag(String),
    #[error("the digest {0:?} must be an algorithm, ':' and hexadecimal digits: sha256 and 64 of them")]
    Digest(String),
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

/// Takes the text apart from its ends, so that each problem is found in its own part.
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
    if repository.len() > REPOSITORY_MAX {
        return Err(Problem::LongRepository(repository.len()));
    }
    Ok(ImageReference { registry: registry.to_owned(), repository, tag, digest })
}

/// What is before the first slash is a registry if it cannot be a part of a repository, or is `localhost`.
fn split_registry(rest: &str) -> Result<(&str, &str), Problem> {
    let Some((first, path)) = rest.split_once('/') else { return Ok((DEFAULT_REGISTRY, rest)) };
    match first {
        "index.docker.io" => return Ok((DEFAULT_REGISTRY, path)),
        "localhost" => return Ok((first, path)),
        _ => {}
    }
    if !first.contains(['.', ':', '[']) && !first.chars().any(char::is_uppercase) {
        return Ok((DEFAULT_REGISTRY, rest));
    }
    if is_registry(first) { Ok((first, path)) } else { Err(Problem::Registry(excerpt(first))) }
}

fn is_registry(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let port_fits = port.is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
    port_fits && (is_ipv6(host) || host.split('.').all(is_host_label))
}

fn is_ipv6(host: &str) -> bool {
    let inner = host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    inner.is_some_and(|inner| !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':'))
}

fn is_host_label(label: &str) -> bool {
    !label.is_empty()
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

fn check_repository(path: &str) -> Result<(), Problem> {
    if path.is_empty() {
        return Err(Problem::NoRepository);
    }
    if path.chars().any(char::is_uppercase) {
        return Err(Problem::UpperCase(excerpt(path)));
    }
    for part in path.split('/') {
        if part.is_empty() {
            return Err(Problem::EmptyPart(excerpt(path)));
        }
        if !is_repository_part(part) {
            return Err(Problem::Repository(excerpt(part)));
        }
    }
    Ok(())
}

/// Letters and digits with separators between them: `.`, `_`, `__` or hyphens.
fn is_repository_part(part: &str) -> bool {
    let is_alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let separators = part.split(is_alphanumeric).filter(|separator| !separator.is_empty());
    part.starts_with(is_alphanumeric)
        && part.ends_with(is_alphanumeric)
        && separators
            .into_iter()
            .all(|separator| matches!(separator, "." | "_" | "__") || separator.bytes().all(|byte| byte == b'-'))
}

fn check_tag(tag: &str) -> Result<String, Problem> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let fits = (1..=TAG_MAX).contains(&tag.len())
        && tag.bytes().next().is_some_and(is_word)
        && tag.bytes().all(|byte| is_word(byte) || byte == b'.' || byte == b'-');
    if fits { Ok(tag.to_owned()) } else { Err(Problem::Tag(excerpt(tag))) }
}

/// An algorithm, such as `sha256` or `sha256+b64`, and at least 32 hexadecimal digits; of the known ones just as many as
/// they have, and in lower case.
fn check_digest(digest: &str) -> Result<String, Problem> {
    let (algorithm, hex) = digest.split_once(':').unwrap_or((digest, ""));
    let is_lower_hex = hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let fits = match algorithm {
        "sha256" => hex.len() == 64 && is_lower_hex,
        "sha384" => hex.len() == 96 && is_lower_hex,
        "sha512" => hex.len() == 128 && is_lower_hex,
        _ => {
            let mut parts = algorithm.split(['+', '.', '-', '_']);
            let is_name = |part: &str| {
                part.starts_with(|c: char| c.is_ascii_alphabetic()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
            };
            parts.all(is_name) && hex.len() >= 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
        }
    };
    if fits { Ok(digest.to_owned()) } else { Err(Problem::Digest(excerpt(digest))) }
}

fn is_id(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// As much of a text as an error message can bear.
fn excerpt(text: &str) -> String {
    text.chars().take(80).collect()
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
        let pieces =
            ["a", "A", "0", ".", "_", "-", ":", "/", "@", "[", "]", "ü", "localhost", "docker.io/", "library/", &id, SHA];
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
