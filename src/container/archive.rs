//! `…/containers/{id}/archive`: what the three archive operations have in common.

use super::{Container, PathStat};
use crate::request::{Method, Request, Response};
use crate::{Error, ErrorKind, Result};

const STAT: &str = "x-docker-container-path-stat";

impl Container {
    /// Creates a request for a path in the container.
    pub(super) fn archive(&self, method: Method, path: &str) -> Request {
        let request = self.client.request(method, "/containers/{id}/archive", &[&self.id]).query("path", path);
        match path {
            "" => request.refuse("the path must not be empty: use a path in the container, such as /etc/hosts"),
            _ => request,
        }
    }
}

/// Reads the path's metadata from the response header.
pub(super) fn stat(answer: &Response) -> Result<PathStat> {
    let problem = match answer.header(STAT).map(PathStat::of_header) {
        Some(Some(stat)) => return Ok(stat),
        Some(None) => "is not base64-encoded JSON",
        None => "is missing",
    };
    Err(answer
        .failure(Error::new(ErrorKind::Decode, format!("the response header X-Docker-Container-Path-Stat {problem}"))))
}
