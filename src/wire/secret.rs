//! [`Secret`]: text that is not to be seen.

use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroize;

/// A password or token. Its `Debug` does not show it, and its memory is overwritten when it is dropped.
///
/// That is for what is kept here. What was made into one from a `&str` is still where it was; and on its way to the engine
/// a secret is copied into the request.
///
/// ```
/// use longshore::Secret;
///
/// let token = Secret::from("hunter2");
/// assert_eq!(format!("{token:?}"), "…");
/// assert_eq!(token.expose(), "hunter2");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        Self(text.clone())
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Bytes with a secret in them, overwritten when they are dropped.
pub(crate) struct SecretBytes(pub(crate) Vec<u8>);

impl Drop for SecretBytes {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn is_not_shown() {
        let secret = Secret::from("hunter2".to_owned());
        assert_eq!(format!("{secret:?} {secret:#?} {:?}", Some(&secret)), "… … Some(…)");
        assert_eq!(serde_json::to_string(&secret).expect("text"), "\"hunter2\"");
    }
}
