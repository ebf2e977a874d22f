//! [`Credentials`]: who one is to a registry.

use crate::Map;
use crate::wire::base64;
use serde::Serialize;
use std::fmt;

/// Who one is to a registry. They go to the engine with a call, and it to the registry with them.
///
/// Their `Debug` shows no secret.
///
/// ```
/// let credentials = longshore::Credentials::password("ci", "hunter2").server("registry.example.com");
/// assert!(!format!("{credentials:?}").contains("hunter2"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    secret: Secret,
    server: Option<String>,
}

#[derive(Clone, PartialEq, Eq)]
enum Secret {
    Password { username: String, password: String },
    IdentityToken(String),
    RegistryToken(String),
}

impl Credentials {
    /// A user's name and password (or access token in its place).
    #[must_use]
    pub fn password(username: impl Into<String>, password: impl Into<String>) -> Self {
        Self { secret: Secret::Password { username: username.into(), password: password.into() }, server: None }
    }

    /// A refresh token that a login gave.
    #[must_use]
    pub fn identity_token(token: impl Into<String>) -> Self {
        Self { secret: Secret::IdentityToken(token.into()), server: None }
    }

    /// A bearer token that goes to the registry as it is.
    #[must_use]
    pub fn registry_token(token: impl Into<String>) -> Self {
        Self { secret: Secret::RegistryToken(token.into()), server: None }
    }

    /// The registry that they are for, as the engine knows it: `registry.example.com:5000`.
    #[must_use]
    pub fn server(mut self, server: impl Into<String>) -> Self {
        self.server = Some(server.into());
        self
    }

    /// The value of `X-Registry-Auth`.
    pub(crate) fn to_header(&self) -> String {
        header(&self.auth_config())
    }

    /// The value of `X-Registry-Config`: who one is to each of these servers.
    pub(crate) fn to_config_header(by_server: &Map<Self>) -> String {
        header(&by_server.iter().map(|(server, credentials)| (server, credentials.auth_config())).collect::<Map<_>>())
    }

    /// The API's `AuthConfig`. It is secret.
    pub(crate) fn auth_config(&self) -> impl Serialize {
        let mut auth = AuthConfig { serveraddress: self.server.as_deref(), ..AuthConfig::default() };
        match &self.secret {
            Secret::Password { username, password } => {
                auth.username = Some(username);
                auth.password = Some(password);
            }
            Secret::IdentityToken(token) => auth.identitytoken = Some(token),
            Secret::RegistryToken(token) => auth.registrytoken = Some(token),
        }
        auth
    }
}

#[derive(Default, Serialize)]
struct AuthConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serveraddress: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identitytoken: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registrytoken: Option<&'a str>,
}

fn header(content: &impl Serialize) -> String {
    // Text always is JSON.
    base64::url_safe(&serde_json::to_vec(content).unwrap_or_default())
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut credentials = f.debug_struct("Credentials");
        if let Secret::Password { username, .. } = &self.secret {
            credentials.field("username", username);
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
    fn of_several_servers_are_one_header() {
        let of = |server: &str, secret: &str| (server.to_owned(), Credentials::registry_token(secret));
        let header = Credentials::to_config_header(&[of("b:5000", "x"), of("a", "y")].into_iter().collect());
        let json = r#"{"a":{"registrytoken":"y"},"b:5000":{"registrytoken":"x"}}"#;
        assert_eq!(header, crate::wire::base64::url_safe(json.as_bytes()));
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
