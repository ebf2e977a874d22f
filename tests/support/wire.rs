//! Requests as they are on the wire.

use std::io::{BufRead, Read};

/// A request, byte for byte.
#[derive(Clone, Debug)]
pub struct Received {
    pub method: String,
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    /// `GET /v1.41/containers/json`
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    pub fn header(&self, name: &str) -> Option<&String> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// Reads a request; `None` once the client has closed.
pub(super) fn read_request(reader: &mut impl BufRead) -> Option<Received> {
    let line = read_line(reader)?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let line = read_line(reader)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ")?;
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let mut received = Received { method, target, headers, body: Vec::new() };
    if received.header("transfer-encoding").is_some() {
        received.body = read_chunks(reader)?;
    } else if let Some(length) = received.header("content-length") {
        received.body = vec![0; length.parse().ok()?];
        reader.read_exact(&mut received.body).ok()?;
    }
    Some(received)
}

fn read_chunks(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let length = u64::from_str_radix(&read_line(reader)?, 16).ok()?;
        reader.take(length).read_to_end(&mut body).ok()?;
        read_line(reader)?;
        if length == 0 {
            return Some(body);
        }
    }
}

fn read_line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    let length = reader.read_line(&mut line).ok()?;
    (length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}
