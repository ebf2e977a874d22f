//! Environment variables of this process.

use std::env::VarError;

/// Returns the value of an environment variable of this process. `None` if it is not set.
///
/// The error does not quote the value, which may be a secret. That of the standard library does.
pub(crate) fn variable(name: &str) -> Result<Option<String>, String> {
    text(name, std::env::var(name))
}

fn text(name: &str, value: Result<String, VarError>) -> Result<Option<String>, String> {
    match value {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("the variable {name:?} of this process is not UTF-8")),
    }
}

#[cfg(test)]
mod tests {
    use super::{text, variable};
    use std::env::VarError;

    #[test]
    fn errors_lack_the_value() {
        assert_eq!(variable("LONGSHORE_NOT_SET"), Ok(None));
        assert_eq!(text("A", Ok("b".to_owned())), Ok(Some("b".to_owned())));
        let error = text("TOKEN", Err(VarError::NotUnicode("hunter2".into()))).expect_err("it is not UTF-8");
        assert_eq!(error, "the variable \"TOKEN\" of this process is not UTF-8");
    }
}
