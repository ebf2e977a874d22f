//! Bytes through the socket and no more, as `cat` moves them: 128 KiB at a time, nothing looked at.

use super::Contender;
use crate::operation::{Kind, Operation};
use std::fs::File;
use std::hint::black_box;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

/// What ends a body of chunks, with the end of the chunk before.
const END: &[u8; 7] = b"\r\n0\r\n\r\n";

pub struct Cat {
    stream: UnixStream,
    file: PathBuf,
    buffer: Vec<u8>,
}

impl Cat {
    pub fn connect(socket: &Path, file: &Path) -> Self {
        let stream = UnixStream::connect(socket).expect("a connection");
        Self { stream, file: file.into(), buffer: vec![0; 128 << 10] }
    }

    /// Reads until a body of chunks ends.
    fn download(&mut self, operation: Operation) {
        let (method, target) = operation.request();
        let head = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        self.stream.write_all(head.as_bytes()).expect("a request");
        let mut tail = Vec::new();
        while tail != END {
            let read = self.stream.read(&mut self.buffer).expect("a body");
            assert!(read > 0, "the body breaks off");
            let bytes = black_box(&self.buffer[..read]);
            tail.extend_from_slice(&bytes[read.saturating_sub(END.len())..]);
            tail.drain(..tail.len().saturating_sub(END.len()));
        }
    }

    fn upload(&mut self, operation: Operation) {
        let (method, target) = operation.request();
        let length = operation.size;
        let head = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n");
        self.stream.write_all(head.as_bytes()).expect("a request");
        let mut file = File::open(&self.file).expect("what is sent").take(length);
        loop {
            let read = file.read(&mut self.buffer).expect("what is sent");
            if read == 0 {
                break;
            }
            self.stream.write_all(&self.buffer[..read]).expect("a body");
        }
        let read = self.stream.read(&mut self.buffer).expect("an answer");
        assert!(self.buffer[..read].starts_with(b"HTTP/1.1 200"));
    }
}

impl Contender for Cat {
    fn run(&mut self, operation: Operation, times: u64) {
        for _ in 0..times {
            match operation.kind {
                Kind::Build | Kind::Load => self.upload(operation),
                _ => self.download(operation),
            }
        }
    }
}
