//! `GET /images/search`

use super::Images;
use crate::Credentials;
use crate::request::{Method, Request, call, list};
use crate::wire::null_to_default;
use serde::{Deserialize, Serialize};

impl Images {
    /// Searches Docker Hub for images, by a term such as `nginx`; or another registry, by `registry.example.com/nginx`, if it
    /// can be searched.
    ///
    /// `GET /images/search`
    ///
    /// # Errors
    /// A [`status`](crate::Error::status) of 500: the registry cannot be reached or searched.
    /// [`Error::is_invalid`](crate::Error::is_invalid): the limit is not from 1 to 100.
    pub fn search(&self, term: impl AsRef<str>) -> Search {
        let request = self.client.request(Method::GET, "/images/search", &[]);
        Search(match term.as_ref() {
            term if term.trim().is_empty() => request.refuse("there is nothing to search for"),
            term => request.for_registry(registry_of(term)).query("term", term),
        })
    }
}

/// A call of [`Images::search`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Search(Request);

impl Search {
    /// How many to find at most, from 1 to 100; 25 if not set.
    pub fn limit(self, limit: u32) -> Self {
        Self(self.0.query("limit", limit))
    }

    /// Only official images, or only others.
    pub fn official(self, official: bool) -> Self {
        Self(self.0.filter("is-official", official))
    }

    /// Only images with so many stars or more.
    pub fn stars(self, stars: u32) -> Self {
        Self(self.0.filter("stars", stars))
    }

    /// Only images that are built automatically, or only others. There are none of the former any more.
    pub fn automated(self, automated: bool) -> Self {
        Self(self.0.filter("is-automated", automated))
    }

    /// Who searches; whom the docker CLI would take, if not set: see [`Credentials`].
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        Self(self.0.credentials(&credentials.into()))
    }
}

call!(Search => Vec<SearchResult>, list);

/// Where engines search for a term: what has the look of a host in front of it, else Docker Hub.
fn registry_of(term: &str) -> &str {
    match term.split_once('/') {
        Some((host, _)) if host == "localhost" || host.contains(['.', ':']) => host,
        _ => "docker.io",
    }
}

/// An image that was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SearchResult {
    /// Its name.
    pub name: String,
    /// What its makers say of it.
    #[serde(deserialize_with = "null_to_default")]
    pub description: String,
    /// Whether it is one of Docker's official images.
    #[serde(deserialize_with = "null_to_default")]
    pub is_official: bool,
    /// Whether it is built automatically; false, since Docker Hub stopped telling.
    #[serde(deserialize_with = "null_to_default")]
    pub is_automated: bool,
    /// How many people gave it a star.
    #[serde(deserialize_with = "null_to_default")]
    pub star_count: i64,
}
