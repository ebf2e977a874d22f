//! [`Credentials`]: a login to a registry.

use super::server::key_of_server;
use crate::Map;
use crate::wire::{Secret, SecretBytes};
use base64::prelude::{BASE64_URL_SAFE, Engine as _};
use serde::{Serialize, Serializer};
use std::fmt;

/// Credentials for a registry. A call sends them to the engine, and the engine uses them at the registry.
///
/// Calls that concern a registry (pull, push, build …) use the credentials that you pass to them. Otherwise they use the
/// credentials that the docker CLI would use, from the first of these sources:
///
/// 1. the variable `DOCKER_AUTH_CONFIG`
/// 2. the credential helper that `credHelpers` of the CLI's `config.json` names for the registry
/// 3. the credential helper that its `credsStore` names
/// 4. its `auths`
///
/// Each call looks them up again. If the registry rejects them, for example because a token has expired, the call looks
/// them up once more and is retried. An invalid setting or a failing helper is an error before anything is sent.
/// [`Builder::registry_credentials`](crate::Builder::registry_credentials) turns the lookup off. The guide has
/// [the details](crate::guide::credentials).
///
/// `Debug` shows no secret, and secrets are overwritten on drop.
///
/// ```
/// let credentials = longshore::Credentials::password("ci", "hunter2").server("registry.example.com");
/// assert!(!format!("{credentials:?}").contains("hunter2"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[must_use = "it does nothing until it is passed to a call"]
pub struct Credentials {
    pub(super) username: String,
    pub(super) password: Secret,
    pub(super) identity_token: Secret,
    pub(super) registry_token: Secret,
    pub(super) server: Option<String>,
}

impl Credentials {
    /// Creates credentials from a user name and a password, or an access token in place of the password.
    pub fn password(username: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { username: username.into(), password: password.into(), ..Self::default() }
    }

    /// Creates credentials from a refresh token that a login returned.
    pub fn identity_token(token: impl Into<Secret>) -> Self {
        Self { identity_token: token.into(), ..Self::default() }
    }

    /// Creates credentials from a bearer token, which is sent to the registry as it is.
    pub fn registry_token(token: impl Into<Secret>) -> Self {
        Self { registry_token: token.into(), ..Self::default() }
    }

    /// Sets the registry that the credentials are for, such as `registry.example.com:5000`.
    pub fn server(mut self, server: impl Into<String>) -> Self {
        self.server = Some(server.into());
        self
    }

    /// Replaces the password by the token that the registry returned at login.
    pub(crate) fn with_identity_token(mut self, token: Secret) -> Self {
        self.password = Secret::default();
        self.identity_token = token;
        self
    }

    /// Returns the key by which the docker CLI stores them.
    pub(crate) fn key(&self) -> String {
        key_of_server(self.server.as_deref().unwrap_or_default())
    }

    /// Returns `None` if the credentials are empty.
    pub(super) fn unless_empty(self) -> Option<Self> {
        let is_empty = self.username.is_empty()
            && [&self.password, &self.identity_token, &self.registry_token].into_iter().all(Secret::is_empty);
        (!is_empty).then_some(self)
    }

    /// Returns the user and the password, or an empty user and an identity token. `None` if there is only a registry token.
    #[cfg(feature = "buildkit")]
    pub(crate) fn user_and_secret(&self) -> Option<(&str, &str)> {
        match (self.identity_token.expose(), &*self.username, self.password.expose()) {
            ("", "", "") if !self.registry_token.is_empty() => None,
            ("", username, password) => Some((username, password)),
            (token, ..) => Some(("", token)),
        }
    }

    /// Returns the value of the header `X-Registry-Auth`.
    pub(crate) fn to_header(&self) -> String {
        header(&self.auth_config())
    }

    /// Returns the value of the header `X-Registry-Config`: credentials by their key.
    pub(crate) fn to_config_header(by_key: &Map<Self>) -> String {
        header(&by_key.iter().map(|(key, credentials)| (key, credentials.auth_config())).collect::<Map<_>>())
    }

    /// Returns the API's `AuthConfig`, which holds secrets.
    pub(crate) fn auth_config(&self) -> impl Serialize {
        AuthConfig([
            ("username", set(&self.username)),
            ("password", set(self.password.expose())),
            ("serveraddress", self.server.as_deref()),
            ("identitytoken", set(self.identity_token.expose())),
            ("registrytoken", set(self.registry_token.expose())),
        ])
    }
}

/// Encodes JSON as URL-safe base64. With the standard alphabet engines would pull anonymously, without an error.
/// Serializing text to JSON cannot fail.
fn header(secret: &impl Serialize) -> String {
    BASE64_URL_SAFE.encode(&SecretBytes(serde_json::to_vec(secret).unwrap_or_default()).0)
}

fn set(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Borrows the texts: each copy would have to be wiped too.
struct AuthConfig<'a>([(&'static str, Option<&'a str>); 5]);

impl Serialize for AuthConfig<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().filter_map(|(key, text)| Some((key, (*text)?))))
    }
}

impl From<&Credentials> for Credentials {
    fn from(credentials: &Credentials) -> Self {
        credentials.clone()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut credentials = f.debug_struct("Credentials");
        if !self.username.is_empty() {
            credentials.field("username", &self.username);
        }
        credentials.field("server", &self.server).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Credentials;

    #[test]
    fn are_written_in_the_alphabet_that_engines_read() {
        let header = Credentials::password("u", "p?a?s?s?").to_header();
        assert_eq!(header, "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InA_YT9zP3M_In0=");
        let header = Credentials::password("u", "abc>~?").server("r").to_header();
        assert!(header.contains(['-', '_']) && !header.contains(['+', '/']), "{header}");
    }

    #[test]
    fn tokens_go_by_themselves() {
        assert_eq!(Credentials::identity_token("t").to_header(), "eyJpZGVudGl0eXRva2VuIjoidCJ9");
        assert_eq!(Credentials::registry_token("t").to_header(), "eyJyZWdpc3RyeXRva2VuIjoidCJ9");
    }

    #[test]
    fn several_are_told_apart_by_their_registries() {
        let header = Credentials::to_config_header(&[("r", Credentials::registry_token("t"))].into());
        assert_eq!(header, "eyJyIjp7InJlZ2lzdHJ5dG9rZW4iOiJ0In19"); // {"r":{"registrytoken":"t"}}
    }

    #[test]
    fn debug_has_no_secret() {
        for credentials in [
            Credentials::password("me", "hunter2"),
            Credentials::identity_token("hunter2"),
            Credentials::registry_token("hunter2"),
        ] {
            assert!(!format!("{credentials:?} {credentials:#?}").contains("hunter2"));
        }
    }
}
