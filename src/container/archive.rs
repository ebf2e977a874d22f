//! `…/containers/{id}/archive`: what its three operations have in common.

use super::{Container, PathStat};
use crate::request::{Method, Request, Response};
use crate::{Error, ErrorKind, Result};

const STAT: &str = "x-docker-container-path-stat";

impl Container {
    /// Begins a request about a path in the container.
    pub(super) fn archive(&self, method: Method, path: &str) -> Request {
        let request = self.client.request(method, "/containers/{id}/archive", &[&self.id]).query("path", path);
        match path {
            "" => request.refuse("a path in the container is needed, such as /etc/hosts, and was given none"),
            _ => request,
        }
    }
}

/// What the answer says of the path.
pub(super) fn stat(answer: &Response) -> Result<PathStat> {
    let problem = match answer.header(STAT).map(PathStat::of_header) {
        Some(Some(stat)) => return Ok(stat),
        Some(None) => "is not base64 of JSON, as the API documents it",
        None => "is missing",
    };
    Err(answer
        .failure(Error::new(ErrorKind::Decode, format!("the answer's header X-Docker-Container-Path-Stat {problem}"))))
}
