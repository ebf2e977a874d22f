//! `GET /images/search`

use super::Images;
use crate::Credentials;
use crate::request::{Method, Request, call, list};
use crate::wire::null_to_default;
use serde::{Deserialize, Deserializer, Serialize};

impl Images {
    /// Searches Docker Hub for images, by a term such as `nginx`. A term such as `registry.example.com/nginx` searches
    /// another registry, if it supports searching.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     (r#"GET /images/search?term=nginx&limit=5&filters={"is-official":{"true":true}}"#,
    /// #      r#"200 [{"name":"nginx","description":"Official build of Nginx.","is_official":true,"star_count":20950}]"#),
    /// # ]);
    /// for found in docker.images().search("nginx").limit(5).official(true).await? {
    ///     println!("{} ({} stars): {}", found.name, found.star_count, found.description);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /images/search`
    ///
    /// # Errors
    /// A [`status`](crate::Error::status) of 500 if the registry cannot be reached or searched.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the limit is not from 1 to 100.
    pub fn search(&self, term: impl AsRef<str>) -> Search {
        let request = self.client.request(Method::GET, "/images/search", &[]);
        Search(match term.as_ref() {
            term if term.trim().is_empty() => request.refuse("the search term must not be empty"),
            term => request.for_registry(registry_of(term)).query("term", term),
        })
    }
}

/// A call of [`Images::search`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Search(Request);

impl Search {
    /// Sets the maximum number of results, from 1 to 100. Defaults to 25.
    pub fn limit(self, limit: u32) -> Self {
        Self(self.0.query("limit", limit))
    }

    /// Finds only official images or, with `false`, only others.
    pub fn official(self, official: bool) -> Self {
        Self(self.0.filter_one("is-official", official))
    }

    /// Finds only images with at least this number of stars.
    pub fn stars(self, stars: u32) -> Self {
        Self(self.0.filter_one("stars", stars))
    }

    /// Finds only images that are built automatically or, with `false`, only others. Docker Hub no longer marks any as automatic.
    pub fn automated(self, automated: bool) -> Self {
        Self(self.0.filter_one("is-automated", automated))
    }

    /// Sets the credentials for the registry. Defaults to those that the docker CLI would use, see [`Credentials`].
    pub fn credentials(self, credentials: impl Into<Credentials>) -> Self {
        Self(self.0.credentials(&credentials.into()))
    }
}

call!(Search => Vec<SearchResult>, list);

/// Returns the registry that engines search: a host in front of the term, or else Docker Hub.
fn registry_of(term: &str) -> &str {
    match term.split_once('/') {
        Some((host, _)) if host == "localhost" || host.contains(['.', ':']) => host,
        _ => "docker.io",
    }
}

/// An image in the search results. Podman's field names are read, too.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SearchResult {
    /// The name.
    #[serde(alias = "Name")]
    pub name: String,
    /// The description by the publisher.
    #[serde(alias = "Description", deserialize_with = "null_to_default")]
    pub description: String,
    /// Whether it is one of Docker's official images.
    #[serde(alias = "Official", deserialize_with = "flag")]
    pub is_official: bool,
    /// Whether it is built automatically. Always `false` since Docker Hub stopped reporting it.
    #[serde(alias = "Automated", deserialize_with = "flag")]
    pub is_automated: bool,
    /// The number of stars.
    #[serde(alias = "Stars", deserialize_with = "null_to_default")]
    pub star_count: i64,
}

/// Reads a boolean, or the text that Podman writes for one: `[OK]` or nothing.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Flag {
        Bool(bool),
        Text(String),
    }

    Ok(match Option::deserialize(deserializer)? {
        Some(Flag::Bool(flag)) => flag,
        Some(Flag::Text(text)) => !text.is_empty(),
        None => false,
    })
}
