//! `POST /auth`

use crate::request::{BoxFuture, Method, Request, send};
use crate::wire::empty_is_none;
use crate::{Credentials, Docker, Limits, Result, Secret};
use hyper::StatusCode;
use serde::{Deserialize, Serialize};

impl Docker {
    /// Checks credentials, by way of the engine, with the registry that they are [for](Credentials::server); that is Docker
    /// Hub if they do not say.
    ///
    /// Nobody is logged in by it: engines keep no credentials. [`store`](Login::store) has them kept where the docker CLI keeps
    /// them, and where later calls find them. Some registries give a token in place of the password.
    ///
    /// ```no_run
    /// # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
    /// use longshore::Credentials;
    ///
    /// let credentials = Credentials::password("ci", "hunter2").server("registry.example.com");
    /// docker.login(&credentials).store(true).await?;
    /// docker.images().pull("registry.example.com/team/web:1.0").await?;
    ///
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
    /// [`Error::is_unauthorized`](crate::Error::is_unauthorized): the registry does not take them. A
    /// [`status`](crate::Error::status) of 500: it cannot be reached. [`ErrorKind::Config`](crate::ErrorKind::Config): they could not
    /// be stored; what can be found out beforehand is, and nothing is sent then.
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
    /// Stores them as the docker CLI does; by default not: with its helper for that registry, if it has one; else in its `config.json`, where
    /// whoever may read that file can read the password. A token that the registry gives takes the password's place.
    pub fn store(mut self, store: bool) -> Self {
        self.store = store;
        self
    }

    /// Overrides limits for this call: what is set here goes before the client's.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.request = self.request.limits(limits);
        self
    }
}

impl IntoFuture for Login {
    type Output = Result<AuthResponse>;
    type IntoFuture = BoxFuture<AuthResponse>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { request, credentials, store } = self;
            let client = request.client().clone();
            if store {
                let key = credentials.key();
                client.registry_settings(move |settings| settings.check(&key)).await?;
            }
            let answer = check(request).await?;
            if store {
                let credentials = match answer.identity_token.clone() {
                    Some(token) => credentials.with_identity_token(token),
                    None => credentials,
                };
                client.registry_settings(move |settings| settings.store(&credentials)).await?;
            }
            Ok(answer)
        })
    }
}

async fn check(request: Request) -> Result<AuthResponse> {
    let answer = send(request).await?;
    if answer.status() == StatusCode::NO_CONTENT {
        return answer.finish().await.map(|()| AuthResponse::default());
    }
    answer.json().await
}

/// What a registry says to credentials that it takes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AuthResponse {
    /// `Login Succeeded`, or nothing.
    pub status: String,
    /// What to use from now on in place of the password, by [`Credentials::identity_token`].
    #[serde(deserialize_with = "empty_is_none::deserialize")]
    pub identity_token: Option<Secret>,
}
