//! [`ReceivedRequest`]: a request as a client sent it.

use std::io::{BufRead, Read};

/// A request that an [`Engine`](super::Engine) has received, exactly as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The method, such as `GET`.
    pub method: String,
    /// The path and query as they were sent, such as `/v1.41/containers/json?all=true`.
    pub target: String,
    /// The headers in the order in which they were sent. Names are in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, without its framing.
    pub body: Vec<u8>,
}

impl ReceivedRequest {
    /// Returns the method and the target, such as `GET /v1.41/containers/json`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    /// Returns the first value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a request. `None` once the client has closed the connection.
pub(super) fn read_request(reader: &mut impl BufRead) -> Option<ReceivedRequest> {
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
    let mut received = ReceivedRequest { method, target, headers, body: Vec::new() };
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
