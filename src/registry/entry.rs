//! One registry's entry in `auths` of `config.json`.

use super::credentials::Credentials;
use crate::wire::null_to_default;
use crate::wire::{Secret, SecretBytes};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The expected content of an `auth`.
pub(super) const AUTH: &str = "base64 of user:password";

/// An entry for one registry. Empty if a helper stores the credentials.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Entry {
    #[serde(deserialize_with = "null_to_default")]
    auth: Secret,
    #[serde(deserialize_with = "null_to_default")]
    username: String,
    #[serde(deserialize_with = "null_to_default")]
    password: Secret,
    #[serde(rename = "identitytoken", deserialize_with = "null_to_default")]
    identity_token: Secret,
    #[serde(rename = "registrytoken", deserialize_with = "null_to_default")]
    registry_token: Secret,
}

impl Entry {
    /// Returns the credentials, with the entry's key as their server. `None` if the `auth` is invalid.
    pub(super) fn credentials(&self, key: &str) -> Option<Credentials> {
        let (username, password) = match self.auth.expose() {
            "" => (self.username.clone(), self.password.clone()),
            auth => decode(auth)?,
        };
        Some(Credentials {
            username,
            password,
            identity_token: self.identity_token.clone(),
            registry_token: self.registry_token.clone(),
            server: Some(key.to_owned()),
        })
    }

    /// Returns the bearer token, which is sent along with a helper's credentials.
    pub(super) fn registry_token(&self) -> Secret {
        self.registry_token.clone()
    }
}

/// Decodes an `auth`.
pub(super) fn decode(auth: &str) -> Option<(String, Secret)> {
    // Go's decoder, which the docker CLI uses, skips line breaks.
    let letters = SecretBytes(auth.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect());
    let decoded = SecretBytes(BASE64_STANDARD.decode(&letters.0).ok()?);
    let (username, password) = std::str::from_utf8(&decoded.0).ok()?.split_once(':')?;
    (!username.is_empty()).then(|| (username.to_owned(), Secret::from(password.trim_matches('\0'))))
}

/// Writes credentials into an entry, as the docker CLI does. Unknown fields stay.
pub(super) fn write(entry: &mut Map<String, Value>, credentials: &Credentials) {
    for key in ["auth", "username", "password", "identitytoken", "registrytoken"] {
        entry.remove(key);
    }
    let (username, password) = (&credentials.username, credentials.password.expose());
    if !username.is_empty() || !password.is_empty() {
        let plain = SecretBytes(format!("{username}:{password}").into_bytes());
        entry.insert("auth".to_owned(), BASE64_STANDARD.encode(&plain.0).into());
    }
    for (key, token) in [("identitytoken", &credentials.identity_token), ("registrytoken", &credentials.registry_token)]
    {
        if !token.is_empty() {
            entry.insert(key.to_owned(), token.expose().into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, decode, write};
    use crate::Credentials;

    fn credentials(entry: &str) -> Option<Credentials> {
        serde_json::from_str::<Entry>(entry).expect(entry).credentials("r")
    }

    #[test]
    fn an_auth_is_split_at_its_first_colon() {
        for (auth, username, password) in [
            ("dTpw", "u", "p"),
            ("dTpwOnE=", "u", "p:q"),
            ("dTo=", "u", ""),
            ("dTpwAAA=", "u", "p"), // NULs at the end
            ("dTpwP2E/\r\ncz9zPw==\n", "u", "p?a?s?s?"),
            ("dTphYmM+fj8=", "u", "abc>~?"),
        ] {
            let (name, secret) = decode(auth).expect(auth);
            assert_eq!((name.as_str(), secret.expose()), (username, password));
        }
        // No colon, no user, another alphabet, not base64, not UTF-8.
        for auth in ["dXA=", "OnA=", "dTpwP2E_", "hunter2", "u:p", "//86cA=="] {
            assert!(decode(auth).is_none(), "{auth}");
        }
    }

    #[test]
    fn an_entry_has_tokens_or_plain_names_too() {
        let expected = Credentials::password("u", "p").server("r");
        assert_eq!(credentials(r#"{"auth":"dTpw","email":"x","password":"other"}"#), Some(expected.clone()));
        assert_eq!(credentials(r#"{"username":"u","password":"p","auth":null}"#), Some(expected));
        let token = credentials(r#"{"auth":"dTo=","identitytoken":"t"}"#).expect("credentials");
        assert_eq!((token.username.as_str(), token.identity_token.expose()), ("u", "t"));
        assert_eq!(credentials(r#"{"registrytoken":"t"}"#), Some(Credentials::registry_token("t").server("r")));
        assert_eq!(credentials(r#"{"auth":"x"}"#), None);
        assert_eq!(credentials("{}").expect("an entry").unless_empty(), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (credentials, json) in [
            (Credentials::password("u", "p?a?s?s?"), r#"{"auth":"dTpwP2E/cz9zPw==","email":"x"}"#),
            (
                Credentials::password("u", "p").with_identity_token("t".into()),
                r#"{"auth":"dTo=","email":"x","identitytoken":"t"}"#,
            ),
            (Credentials::registry_token("t"), r#"{"email":"x","registrytoken":"t"}"#),
        ] {
            let mut entry = serde_json::from_str(r#"{"email":"x","auth":"old","identitytoken":"old"}"#).expect("JSON");
            write(&mut entry, &credentials);
            let text = serde_json::to_string(&entry).expect("JSON");
            assert_eq!(text, json);
            assert_eq!(
                serde_json::from_str::<Entry>(&text).expect(json).credentials("r"),
                Some(credentials.server("r"))
            );
        }
    }
}
