//! Container names.

/// Strips the `/` that engines put in front of names.
pub(super) fn plain(mut name: String) -> String {
    if name.starts_with('/') {
        name.remove(0);
    }
    name
}

/// Checks a name as engines do: it must match `[a-zA-Z0-9][a-zA-Z0-9_.-]*`. Docker wants at least two characters, Podman
/// does not.
pub(super) fn check(name: &str) -> Result<(), String> {
    let mut bytes = name.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if first && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)) {
        return Ok(());
    }
    Err(format!(
        "invalid container name {name:?}: use a-z, A-Z, 0-9, '_', '.' and '-', starting with a letter or digit"
    ))
}

#[cfg(test)]
mod tests {
    use super::{check, plain};

    #[test]
    fn takes_one_slash_off() {
        assert_eq!(plain("/web".to_owned()), "web");
        assert_eq!(plain("/app/db".to_owned()), "app/db");
        assert_eq!(plain("web".to_owned()), "web");
    }

    #[test]
    fn knows_names() {
        for name in ["w", "web", "w1", "0a", "web_1.x-y"] {
            assert_eq!(check(name), Ok(()));
        }
        for name in ["", "-", "-web", "_web", ".web", "we b", "we/b", "wéb", "web\n", "web?"] {
            assert!(check(name).is_err(), "{name:?}");
        }
    }
}
