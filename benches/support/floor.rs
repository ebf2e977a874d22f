//! The floor: a blocking socket, and no more HTTP than the stub speaks.

use super::decode::{Frames, Records};
use super::{Contender, Operation, bodies};
use longshore::container::{ContainerInspect, ContainerSummary};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

pub struct Floor {
    reader: BufReader<UnixStream>,
    line: String,
}

enum Body {
    None,
    Length(usize),
    Chunked,
}

impl Floor {
    pub fn connect(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).expect("a connection");
        Self { reader: BufReader::with_capacity(64 << 10, stream), line: String::new() }
    }

    fn send(&mut self, operation: Operation) -> Body {
        let (method, target) = operation.request();
        let length = if method == "POST" { "Content-Length: 0\r\n" } else { "" };
        let request =
            format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: longshore/0.1.0\r\n{length}\r\n");
        self.reader.get_mut().write_all(request.as_bytes()).expect("a request");
        assert!(self.read_line().starts_with("HTTP/1.1 200"));
        let mut body = Body::None;
        loop {
            let line = self.read_line();
            if line.is_empty() {
                return if method == "HEAD" { Body::None } else { body };
            } else if let Some(length) = line.strip_prefix("Content-Length: ") {
                body = Body::Length(length.parse().expect("a length"));
            } else if line == "Transfer-Encoding: chunked" {
                body = Body::Chunked;
            }
        }
    }

    fn read_line(&mut self) -> &str {
        self.line.clear();
        self.reader.read_line(&mut self.line).expect("a line");
        self.line.trim_end()
    }

    fn read_chunk_length(&mut self) -> usize {
        usize::from_str_radix(self.read_line(), 16).expect("a chunk's length")
    }

    fn read_whole(&mut self, operation: Operation) -> Vec<u8> {
        let mut whole = Vec::new();
        let body = self.send(operation);
        let mut length = match body {
            Body::None => 0,
            Body::Length(length) => length,
            Body::Chunked => self.read_chunk_length(),
        };
        while length > 0 {
            let begun = whole.len();
            whole.resize(begun + length, 0);
            self.reader.read_exact(&mut whole[begun..]).expect("a body");
            if matches!(body, Body::Length(_)) {
                break;
            }
            self.read_line();
            length = self.read_chunk_length();
        }
        if matches!(body, Body::Chunked) {
            self.read_line();
        }
        whole
    }

    /// Hands each piece of a chunked body on as it lies in the buffer.
    fn read_pieces(&mut self, operation: Operation, mut take: impl FnMut(&[u8])) {
        self.send(operation);
        loop {
            let mut missing = self.read_chunk_length();
            let last = missing == 0;
            while missing > 0 {
                let buffer = self.reader.fill_buf().expect("a chunk");
                let length = buffer.len().min(missing);
                take(&buffer[..length]);
                self.reader.consume(length);
                missing -= length;
            }
            self.read_line();
            if last {
                return;
            }
        }
    }

    fn once(&mut self, operation: Operation) {
        match operation {
            Operation::PingResponse => drop(self.read_whole(operation)),
            Operation::Inspect => {
                let body = self.read_whole(operation);
                black_box(serde_json::from_slice::<ContainerInspect>(&body).expect("a container"));
            }
            Operation::List(length) => {
                let body = self.read_whole(operation);
                let list: Vec<ContainerSummary> = serde_json::from_slice(&body).expect("a list");
                assert_eq!(black_box(list).len(), length);
            }
            Operation::Logs => {
                let mut frames = Frames::default();
                self.read_pieces(operation, |piece| frames.push(piece));
                assert_eq!(frames.payload, bodies::FRAMES * (bodies::FRAME - 8));
            }
            Operation::Pull => {
                let mut records = Records::default();
                self.read_pieces(operation, |piece| records.push(piece));
                assert!(records.count >= bodies::STEPS);
            }
        }
    }
}

impl Contender for Floor {
    const NAME: &str = "floor";

    fn run(&mut self, operation: Operation, times: u64) {
        for _ in 0..times {
            self.once(operation);
        }
    }
}
