//! [`Secret`]: text that must not be shown.

use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroize;

/// A password or token. Its `Debug` hides the text, and its memory is overwritten on drop.
///
/// That covers only the memory of this value. A `&str` that it was made from stays in memory, and sending a secret
/// copies it into the request.
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
    /// Returns the text itself.
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

impl From<&Secret> for Secret {
    fn from(secret: &Secret) -> Self {
        secret.clone()
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

/// Bytes that hold a secret, overwritten on drop.
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
