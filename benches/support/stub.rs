//! An engine that answers from memory, on threads of its own.

use super::bodies;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub struct Stub {
    folder: tempfile::TempDir,
}

impl Stub {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the socket");
        let listener = UnixListener::bind(folder.path().join("engine.sock")).expect("a socket");
        let answers = Arc::new(bodies::answers());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let answers = answers.clone();
                std::thread::spawn(move || serve(stream, &answers));
            }
        });
        Self { folder }
    }

    pub fn socket(&self) -> PathBuf {
        Path::join(self.folder.path(), "engine.sock")
    }
}

/// Answers requests without bodies until the client closes.
fn serve(mut stream: UnixStream, answers: &[(&str, Vec<u8>)]) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        request.extend_from_slice(&buffer[..read]);
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        let text = String::from_utf8_lossy(&request);
        let target = text.split(' ').nth(1).unwrap_or_default();
        let (_, answer) = answers.iter().find(|(part, _)| target.contains(part)).expect("an answer to the request");
        if stream.write_all(answer).is_err() {
            return;
        }
        request.clear();
    }
}
