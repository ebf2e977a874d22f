//! `POST /auth`

use crate::request::{BoxFuture, Method, Request, send};
use crate::wire::empty_is_none;
use crate::{Credentials, Docker, Limits, Result, Secret};
use hyper::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

impl Docker {
    /// Checks credentials with their [registry](Credentials::server), through the engine. Defaults to Docker Hub.
    ///
    /// The engine does not store credentials, so this alone has no lasting effect. [`store`](Login::store) saves them
    /// where the docker CLI keeps them and where later calls find them. Some registries respond with a token to use in
    /// place of the password.
    ///
    /// ```no_run
    /// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
    /// use longshore::Credentials;
    ///
    /// let credentials = Credentials::password("ci", "hunter2").server("registry.example.com");
    /// docker.login(&credentials).store(true).await?;
    /// docker.images().pull("registry.example.com/team/web:1.0").await?;
    ///
    /// let response = docker.login(&credentials).await?;
    /// let credentials = match response.identity_token {
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
    /// [`Error::is_unauthorized`](crate::Error::is_unauthorized) if the registry rejects the credentials. A
    /// [`status`](crate::Error::status) of 500 if the registry cannot be reached.
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if the credentials cannot be stored. Problems that can be
    /// detected in advance are reported before anything is sent.
    pub fn login(&self, credentials: impl Into<Credentials>) -> Login {
        let credentials = credentials.into();
        let request = self.client().request(Method::POST, "/auth", &[]).json(&credentials.auth_config());
        Login { request, credentials, store: false }
    }
}

/// A call of [`Docker::login`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Login {
    request: Request,
    credentials: Credentials,
    store: bool,
}

impl Login {
    /// Stores the credentials as the docker CLI does. Uses the CLI's credential helper for that registry, if there is
    /// one. Otherwise writes them to `config.json`, where anyone who can read the file can read the password. A token
    /// from the registry is stored in place of the password. Defaults to `false`.
    pub fn store(mut self, store: bool) -> Self {
        self.store = store;
        self
    }

    /// Overrides limits for this call. Unset limits keep the client's values.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.request = self.request.limits(limits);
        self
    }
}

crate::request::waits!(Login => AuthResponse);

impl IntoFuture for Login {
    type Output = Result<AuthResponse>;
    type IntoFuture = BoxFuture<AuthResponse>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl Login {
    async fn run(self) -> Result<AuthResponse> {
        let Self { request, credentials, store } = self;
        let request = request.since_begun(Instant::now());
        let (client, deadlines, label) = (request.client().clone(), request.deadlines(), request.label());
        if store {
            let key = credentials.key();
            let checked = client.registry_settings(move |settings| settings.check(&key));
            let checked = deadlines.preparing("reading the docker CLI's settings", checked).await;
            checked.map_err(|error| error.in_call(|| label.to_string()))?;
        }
        let answer = check(request).await?;
        if store {
            let credentials = match answer.identity_token.clone() {
                Some(token) => credentials.with_identity_token(token),
                None => credentials,
            };
            let stored = client.registry_settings(move |settings| settings.store(&credentials));
            let stored = deadlines.preparing("storing the credentials", stored).await;
            stored.map_err(|error| error.in_call(|| label.to_string()))?;
        }
        Ok(answer)
    }
}

async fn check(request: Request) -> Result<AuthResponse> {
    let answer = send(request).await?;
    if answer.status() == StatusCode::NO_CONTENT {
        return answer.finish().await.map(|()| AuthResponse::default());
    }
    answer.json().await
}

/// The response of a registry that accepts the credentials.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AuthResponse {
    /// `Login Succeeded`, or empty.
    pub status: String,
    /// The token to use in place of the password from now on, with [`Credentials::identity_token`].
    #[serde(deserialize_with = "empty_is_none::deserialize")]
    pub identity_token: Option<Secret>,
}
