//! The grammar of image references, as the `distribution` library of registries defines it.

pub(super) const DEFAULT_REGISTRY: &str = "docker.io";
pub(super) const OFFICIAL: &str = "library/";
pub(super) const REPOSITORY_MAX: usize = 255;
const TAG_MAX: usize = 128;

/// A problem in an image reference: its text completes "use …".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("[registry[:port]/]repository[:tag][@digest], such as nginx:1.27")]
    Empty,
    #[error("a name without spaces, such as nginx:1.27")]
    Space,
    #[error("a name without https:// or another scheme")]
    Scheme,
    #[error("a name such as nginx:1.27, not an image ID or `sha256`")]
    Id,
    #[error("a registry such as registry.example.com:5000, a host with or without a port, not {0:?}")]
    Registry(String),
    #[error("a repository, such as the web of registry.example.com/web:1.0")]
    NoRepository,
    #[error("a repository in lower case, not {0:?}")]
    UpperCase(String),
    #[error("a repository without empty parts between its slashes, not {0:?}")]
    EmptyPart(String),
    #[error("a-z and 0-9, with '.', '_', '__' or hyphens between them, for the part {0:?} of the repository")]
    Repository(String),
    #[error("a repository of at most {REPOSITORY_MAX} characters, not {0}")]
    LongRepository(usize),
    #[error(
        "a tag of 1 to {TAG_MAX} of a-z, A-Z, 0-9, '_', '.' and '-', which does not begin with '.' or '-', not {0:?}"
    )]
    Tag(String),
    #[error("a digest of an algorithm, ':' and hexadecimal digits, such as sha256: and 64 of them, not {0:?}")]
    Digest(String),
}

/// Splits off the registry. The text before the first slash is one if it is `localhost`, or cannot be part of a repository.
pub(super) fn split_registry(rest: &str) -> Result<(&str, &str), Problem> {
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

pub(super) fn check_repository(path: &str) -> Result<(), Problem> {
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

/// Checks for letters and digits with separators between them: `.`, `_`, `__` or hyphens.
fn is_repository_part(part: &str) -> bool {
    let is_alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let separators = part.split(is_alphanumeric).filter(|separator| !separator.is_empty());
    part.starts_with(is_alphanumeric)
        && part.ends_with(is_alphanumeric)
        && separators
            .into_iter()
            .all(|separator| matches!(separator, "." | "_" | "__") || separator.bytes().all(|byte| byte == b'-'))
}

pub(super) fn check_tag(tag: &str) -> Result<String, Problem> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let fits = (1..=TAG_MAX).contains(&tag.len())
        && tag.bytes().next().is_some_and(is_word)
        && tag.bytes().all(|byte| is_word(byte) || byte == b'.' || byte == b'-');
    if fits { Ok(tag.to_owned()) } else { Err(Problem::Tag(excerpt(tag))) }
}

/// Checks for an algorithm, such as `sha256` or `sha256+b64`, and at least 32 hexadecimal digits. A known algorithm has
/// a fixed number of digits, in lower case.
pub(super) fn check_digest(digest: &str) -> Result<String, Problem> {
    let (algorithm, hex) = digest.split_once(':').unwrap_or((digest, ""));
    let known = match algorithm.to_ascii_lowercase().as_str() {
        "sha256" => Some(64),
        "sha384" => Some(96),
        "sha512" => Some(128),
        _ => None,
    };
    let fits = if let Some(length) = known {
        hex.len() == length && is_lower_hex(hex) && !algorithm.bytes().any(|byte| byte.is_ascii_uppercase())
    } else {
        let is_name = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let is_hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        algorithm.split(['+', '.', '-', '_']).all(is_name) && hex.len() >= 32 && is_hex
    };
    if fits { Ok(digest.to_owned()) } else { Err(Problem::Digest(excerpt(digest))) }
}

/// Whether a text is an ID without its algorithm.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 64 && is_lower_hex(text)
}

/// Whether a text is an ID that begins with its algorithm, in full or short.
pub(super) fn is_sha256(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|id| (1..=64).contains(&id.len()) && is_lower_hex(id))
}

fn is_lower_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Shortens a text for an error message.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(80).collect()
}
