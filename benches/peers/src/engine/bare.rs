//! The floor: blocking sockets, and no more HTTP than the four calls need.

use super::work::on_threads;
use super::{Client, Failure, NAME};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

/// As many connections as were ever needed at once, kept.
pub struct Bare {
    socket: PathBuf,
    connections: RefCell<Vec<Connection>>,
}

struct Connection(BufReader<UnixStream>);

impl Bare {
    pub fn new(socket: &Path) -> Result<Self, Failure> {
        let connection = Connection::open(socket)?;
        Ok(Self { socket: socket.to_owned(), connections: RefCell::new(vec![connection]) })
    }
}

impl Connection {
    fn open(socket: &Path) -> Result<Self, Failure> {
        Ok(Self(BufReader::new(UnixStream::connect(socket)?)))
    }

    fn call(&mut self, method: &str, target: &str, body: &str) -> Result<Vec<u8>, Failure> {
        let length = body.len();
        let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
        let request =
            format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n{kind}Content-Length: {length}\r\n\r\n{body}");
        self.0.get_mut().write_all(request.as_bytes())?;
        let status = self.line()?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            } else if let Some(value) = line.strip_prefix("Content-Length: ") {
                length = value.parse()?;
            } else if line == "Transfer-Encoding: chunked" {
                chunked = true;
            }
        }
        let body = if chunked { self.chunks()? } else { self.exactly(length)? };
        match status.strip_prefix("HTTP/1.1 2") {
            Some(_) => Ok(body),
            None => Err(format!("{method} {target}: {status} {}", String::from_utf8_lossy(&body)).into()),
        }
    }

    fn line(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        Ok(line.strip_suffix("\r\n").ok_or("the answer broke off")?.to_owned())
    }

    fn exactly(&mut self, length: usize) -> Result<Vec<u8>, Failure> {
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn chunks(&mut self) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        loop {
            let length = usize::from_str_radix(&self.line()?, 16)?;
            body.extend(self.exactly(length)?);
            self.line()?;
            if length == 0 {
                return Ok(body);
            }
        }
    }

    fn one(&mut self, name: &str) -> Result<(), Failure> {
        let spec = json!({ "Image": NAME, "Labels": { NAME: "" }, "HostConfig": { "NetworkMode": "none" } });
        let made = self.call("POST", &format!("/v1.41/containers/create?name={name}"), &spec.to_string())?;
        let made: Value = serde_json::from_slice(&made)?;
        let id = made["Id"].as_str().ok_or("the container has no id")?;
        self.call("POST", &format!("/v1.41/containers/{id}/start"), "")?;
        let exit: Value = serde_json::from_slice(&self.call("POST", &format!("/v1.41/containers/{id}/wait"), "")?)?;
        if exit["StatusCode"] != 0 {
            return Err(exit.to_string().into());
        }
        self.call("DELETE", &format!("/v1.41/containers/{id}"), "").map(drop)
    }
}

impl Client for Bare {
    fn name(&self) -> &'static str {
        "blocking socket"
    }

    fn run(&self, names: Vec<String>, at_once: usize) -> Result<(), Failure> {
        let mut connections = self.connections.borrow_mut();
        while connections.len() < at_once {
            connections.push(Connection::open(&self.socket)?);
        }
        on_threads(names, &mut connections[..at_once], Connection::one)
    }
}
