//! Validation of volume names.

/// Rejects names that the driver `local` rejects. A name begins with a letter or digit. The rest may also contain `_`,
/// `.` and `-`. Docker wants at least two characters, Podman does not.
pub(super) fn check(name: &str) -> Result<(), String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric();
    let problem = if name.is_empty() {
        "names must not be empty"
    } else if !name.starts_with(is_plain) {
        "names must begin with one of a-z, A-Z and 0-9"
    } else if !name.chars().all(|c| is_plain(c) || matches!(c, '_' | '.' | '-')) {
        "names may contain only the characters a-z, A-Z, 0-9, '_', '.' and '-'"
    } else {
        return Ok(());
    };
    let name: String = name.chars().take(80).collect();
    Err(format!("invalid volume name {name:?}: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn takes_what_engines_take() {
        for name in ["a", "ab", "0.", "data_1.2-x", &"f".repeat(300)] {
            assert_eq!(check(name), Ok(()));
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (name, problem) in [
            ("", "empty"),
            (".a", "begin"),
            ("-a", "begin"),
            ("a/b", "characters"),
            ("a b", "characters"),
            ("äb", "begin"),
            ("aä", "characters"),
            ("a\0", "characters"),
        ] {
            assert!(check(name).expect_err(name).contains(problem), "{name:?}");
        }
    }
}
