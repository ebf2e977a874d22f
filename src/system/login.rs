//! `POST /auth`

use crate::request::{Method, Request, call, send};
use crate::{Credentials, Docker, Error, Result};
use hyper::StatusCode;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

impl Docker {
    /// Checks credentials, by way of the engine, with the registry that they are [for](Credentials::server); that is Docker
    /// Hub if they do not say.
    ///
    /// Nobody is logged in by it: engines keep no credentials. Some registries give a token in place of the password.
    ///
    /// ```no_run
    /// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
    /// use longshore::Credentials;
    ///
    /// let credentials = Credentials::password("ci", "hunter2").server("registry.example.com");
    /// let answer = docker.login(&credentials).await?;
    /// let credentials = match answer.identity_token {
    ///     Some(token) => Credentials::identity_token(token).server("registry.example.com"),
    ///     None => credentials,
    /// };
    /// docker.images().pull("registry.example.com/team/web:1.0").credentials(&credentials).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `POST /auth`
    ///
    /// # Errors
    /// [`Error::is_unauthorized`]: the registry does not take them. A
    /// [`status`](Error::status) of 500: it cannot be reached.
    pub fn login(&self, credentials: &Credentials) -> Login {
        Login(self.client().request(Method::POST, &["auth"]).json(&credentials.auth_config()))
    }
}

/// A call of [`Docker::login`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Login(Request);

call!(Login => AuthResponse, logged_in);

async fn logged_in(request: Request) -> Result<AuthResponse> {
    let answer = send(request).await.map_err(note_refusal)?;
    if answer.status() == StatusCode::NO_CONTENT {
        return answer.finish().await.map(|()| AuthResponse::default());
    }
    answer.json().await
}

/// Older engines answer 500, and say in words alone that it was the registry that refused.
fn note_refusal(error: Error) -> Error {
    let refused = ["failed with status: 401", ": unauthorized: "].iter().any(|words| error.message().contains(words));
    if error.status() == Some(500) && refused { error.with_status(401) } else { error }
}

/// What a registry says to credentials that it takes. Its `Debug` does not show the token.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AuthResponse {
    /// `Login Succeeded`, or nothing.
    pub status: String,
    /// What to use from now on in place of the password, by [`Credentials::identity_token`]. It is secret.
    #[serde(deserialize_with = "token")]
    pub identity_token: Option<String>,
}

impl fmt::Debug for AuthResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = self.identity_token.as_ref().map(|_| "…");
        f.debug_struct("AuthResponse").field("status", &self.status).field("identity_token", &token).finish()
    }
}

/// Engines say `""` if there is none.
fn token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|token| !token.is_empty()))
}
