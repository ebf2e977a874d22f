//! What a client asks.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;

pub struct Request {
    pub method: String,
    /// Without the API's version.
    pub path: String,
    query: String,
    body: Body,
}

#[derive(Clone, Copy)]
enum Body {
    Length(u64),
    Chunked,
}

impl Request {
    /// Reads a head, without its end.
    pub fn parse(head: &[u8]) -> Self {
        let head = String::from_utf8_lossy(head);
        let mut words = head.split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let target = words.next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = match path.strip_prefix("/v").and_then(|rest| rest.split_once('/')) {
            Some((version, rest)) if version.starts_with("1.") => rest,
            _ => path,
        };
        let mut body = Body::Length(0);
        for line in head.lines() {
            match line.to_ascii_lowercase().split_once(": ") {
                Some(("content-length", length)) => body = Body::Length(length.parse().unwrap_or(0)),
                Some(("transfer-encoding", _)) => body = Body::Chunked,
                _ => {}
            }
        }
        Self { method, path: path.to_owned(), query: query.to_owned(), body }
    }

    /// A parameter of the query, escaped as it came.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.split('&').find_map(|parameter| parameter.strip_prefix(name)?.strip_prefix('='))
    }

    pub fn number(&self, name: &str) -> Option<u64> {
        self.parameter(name)?.parse().ok()
    }

    /// Reads over the body, which begins with these bytes.
    pub fn skip_body(&self, stream: &mut UnixStream, begun: &[u8]) -> io::Result<()> {
        match self.body {
            Body::Length(length) if length <= begun.len() as u64 => Ok(()),
            Body::Length(length) => {
                let mut buffer = vec![0; 256 << 10];
                let mut missing = length - begun.len() as u64;
                while missing > 0 {
                    let limit = buffer.len().min(usize::try_from(missing).unwrap_or(usize::MAX));
                    missing -= read_some(stream, &mut buffer[..limit])? as u64;
                }
                Ok(())
            }
            Body::Chunked => {
                let mut buffer = vec![0; 256 << 10];
                let mut chunks = Chunks::default();
                let mut is_over = chunks.skip(begun);
                while !is_over {
                    let read = read_some(stream, &mut buffer)?;
                    is_over = chunks.skip(&buffer[..read]);
                }
                Ok(())
            }
        }
    }
}

fn read_some(stream: &mut UnixStream, buffer: &mut [u8]) -> io::Result<usize> {
    match stream.read(buffer)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        read => Ok(read),
    }
}

/// Where in a body of chunks it is.
#[derive(Default)]
struct Chunks {
    /// Of the chunk that is being read, with its line break.
    missing: usize,
    line: Vec<u8>,
    is_last: bool,
}

impl Chunks {
    /// Whether the body ends with these bytes.
    fn skip(&mut self, mut bytes: &[u8]) -> bool {
        loop {
            let (_, rest) = bytes.split_at(self.missing.min(bytes.len()));
            self.missing -= bytes.len() - rest.len();
            bytes = rest;
            let Some((first, rest)) = bytes.split_first() else { return self.is_last && self.missing == 0 };
            bytes = rest;
            if *first != b'\n' {
                self.line.push(*first);
                continue;
            }
            let line = String::from_utf8_lossy(&self.line);
            let length = usize::from_str_radix(line.trim_end(), 16).expect("a chunk's length");
            self.line.clear();
            self.missing = length + 2;
            self.is_last = length == 0;
        }
    }
}
