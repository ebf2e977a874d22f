//! Contexts of the docker CLI: named engines.

use super::directory::{ConfigDirectory, read_json, unreadable};
use super::host::Host;
use super::tls::Tls;
use crate::wire::{AnyCase, null_to_default};
use crate::{Error, Result};
use serde::Deserialize;
use std::ffi::{OsStr, OsString};

/// An engine with a name.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) host: Host,
    pub(crate) tls: Option<Tls>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Meta {
    name: String,
    #[serde(deserialize_with = "null_to_default")]
    endpoints: AnyCase<Endpoints>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Endpoints {
    docker: Option<AnyCase<DockerEndpoint>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "lowercase")]
struct DockerEndpoint {
    host: String,
    #[serde(rename = "skiptlsverify")]
    skip_tls_verify: bool,
}

impl Context {
    /// Reads a context. Its folder is named by a hash, so it is found by the name in the file.
    pub(crate) fn read(folder: &ConfigDirectory, name: &str) -> Result<Self> {
        if !is_name(name) {
            return Err(Error::config(format!("invalid context name {name:?}: use letters, digits and _.+-")));
        }
        let store = folder.join("contexts/meta");
        let entries = match std::fs::read_dir(&store) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(absent(name, &store)),
            Err(error) => return Err(unreadable(&store, &error.to_string()).with_source(error)),
        };
        let mut found: Vec<(OsString, Meta)> = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| unreadable(&store, &error.to_string()).with_source(error))?;
            // A broken file of another context is not a reason to fail.
            let Ok(Some(AnyCase(meta))) = read_json::<AnyCase<Meta>>(&entry.path().join("meta.json")) else { continue };
            if meta.name == name {
                found.push((entry.file_name(), meta));
            }
        }
        if found.is_empty() {
            return Err(broken(&store).unwrap_or_else(|| absent(name, &store)));
        }
        if found.len() > 1 {
            found.retain(|(id, _)| is_hash(id)); // without a copy that somebody has made
        }
        match (found.pop(), found.is_empty()) {
            (Some((id, meta)), true) => {
                let tls = folder.join("contexts/tls").join(&id).join("docker");
                Self::new(meta, &store.join(id).join("meta.json"), &tls)
            }
            _ => Err(unreadable(&store, &format!("several folders there have the context {name:?}"))),
        }
    }

    fn new(meta: Meta, file: &std::path::Path, tls: &std::path::Path) -> Result<Self> {
        let Some(AnyCase(endpoint)) = meta.endpoints.0.docker else {
            return Err(unreadable(file, "it has no Endpoints.docker, and so names no engine"));
        };
        let host = Host::parse(&endpoint.host)
            .map_err(|error| unreadable(file, &format!("Endpoints.docker.Host: {}", error.message())))?;
        // A file that cannot be looked at must not count as absent: the connection would do without TLS.
        let present = |name: &str| {
            let file = tls.join(name);
            match file.try_exists() {
                Ok(exists) => Ok(exists.then_some(file)),
                Err(error) => Err(unreadable(&file, &error.to_string()).with_source(error)),
            }
        };
        let (ca, cert, key) = (present("ca.pem")?, present("cert.pem")?, present("key.pem")?);
        let wanted = endpoint.skip_tls_verify || ca.is_some() || cert.is_some() || key.is_some();
        let tls = wanted.then_some(Tls { ca, cert, key, skip_verify: endpoint.skip_tls_verify });
        Ok(Self { tls: tls.filter(|_| matches!(host, Host::Tcp { .. })), host })
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.+-".contains(letter))
}

/// Whether the docker CLI would call a folder so: with the SHA-256 of the context's name.
fn is_hash(id: &OsStr) -> bool {
    id.len() == 64 && id.as_encoded_bytes().iter().all(u8::is_ascii_hexdigit)
}

fn absent(name: &str, store: &std::path::Path) -> Error {
    Error::config(format!("there is no context {name:?} in {}", store.display()))
        .with_hint("`docker context ls` shows those that there are")
}

/// Returns the error of the first unreadable file: it may hold the requested context.
fn broken(store: &std::path::Path) -> Option<Error> {
    let mut files = std::fs::read_dir(store).ok()?.flatten().map(|entry| entry.path().join("meta.json"));
    files.find_map(|file| read_json::<AnyCase<Meta>>(&file).err())
}
