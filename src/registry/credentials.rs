//! [`Credentials`]: who one is to a registry.

use super::server::key_of_server;
use crate::Map;
use crate::wire::{Secret, SecretBytes};
use base64::prelude::{BASE64_URL_SAFE, Engine as _};
use serde::{Serialize, Serializer};
use std::fmt;

/// Who one is to a registry. They go to the engine with a call, and it to the registry with them.
///
/// A call that concerns a registry (a pull, a push, a build …) and is given none takes those that the docker CLI would take:
/// those of `DOCKER_AUTH_CONFIG`; else of the helper that `credHelpers` of its `config.json` names for the registry; else of
/// the helper that is its `credsStore`; else of its `auths`. They are looked up anew for each call; and once more if the
/// registry does not take them, as a token may have expired, and the call is made a second time. A setting that is wrong, or
/// a helper that fails, is an error before anything is sent. [`Builder::registry_credentials`](crate::Builder) turns all of
/// it off.
///
/// Their `Debug` shows no secret, and secrets are overwritten when they are dropped.
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
    /// A user's name and password (or access token in its place).
    pub fn password(username: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { username: username.into(), password: password.into(), ..Self::default() }
    }

    /// A refresh token that a login gave.
    pub fn identity_token(token: impl Into<Secret>) -> Self {
        Self { identity_token: token.into(), ..Self::default() }
    }

    /// A bearer token that goes to the registry as it is.
    pub fn registry_token(token: impl Into<Secret>) -> Self {
        Self { registry_token: token.into(), ..Self::default() }
    }

    /// The registry that they are for, as the engine knows it: `registry.example.com:5000`.
    pub fn server(mut self, server: impl Into<String>) -> Self {
        self.server = Some(server.into());
        self
    }

    /// The same, with the token that the registry gave at a login in place of the password.
    pub(crate) fn with_identity_token(mut self, token: Secret) -> Self {
        self.password = Secret::default();
        self.identity_token = token;
        self
    }

    /// The name that the docker CLI keeps them by.
    pub(crate) fn key(&self) -> String {
        key_of_server(self.server.as_deref().unwrap_or_default())
    }

    /// `None` if they say nothing.
    pub(super) fn unless_empty(self) -> Option<Self> {
        let is_empty = self.username.is_empty()
            && [&self.password, &self.identity_token, &self.registry_token].into_iter().all(Secret::is_empty);
        (!is_empty).then_some(self)
    }

    /// The value of `X-Registry-Auth`.
    pub(crate) fn to_header(&self) -> String {
        header(&self.auth_config())
    }

    /// The value of `X-Registry-Config`: who one is to each of these, by the names that they are kept by.
    pub(crate) fn to_config_header(by_key: &Map<Self>) -> String {
        header(&by_key.iter().map(|(key, credentials)| (key, credentials.auth_config())).collect::<Map<_>>())
    }

    /// The API's `AuthConfig`. It is secret.
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

/// JSON in base64, as engines want it in headers: with the standard alphabet they would pull anonymously, with no error.
/// Text always is JSON.
fn header(secret: &impl Serialize) -> String {
    BASE64_URL_SAFE.encode(&SecretBytes(serde_json::to_vec(secret).unwrap_or_default()).0)
}

fn set(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Its texts, borrowed: a copy would be one more to be wiped.
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
