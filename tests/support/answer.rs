//! What a scripted engine answers.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, Sender};

/// Bytes, and what happens between and after them.
pub struct Answer {
    steps: Vec<Step>,
    keep_open: bool,
    closed: Option<Sender<()>>,
}

enum Step {
    Send(Vec<u8>),
    /// Waits until the test says so.
    Wait(Receiver<()>),
    /// Hands the test so many bytes of what the client sends; what there is if it ends before.
    Receive(u64, Sender<Vec<u8>>),
    /// Sends nothing more, and does not close either, until the client does.
    Stall,
}

impl Answer {
    /// Exactly these bytes, then more requests on the same connection.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { steps: vec![Step::Send(bytes.into())], keep_open: true, closed: None }
    }

    /// A status and nothing else.
    pub fn status(status: u16) -> Self {
        let length = if status == 204 || status == 304 { "" } else { "Content-Length: 0\r\n" };
        Self::raw(format!("HTTP/1.1 {status} Scripted\r\n{length}\r\n"))
    }

    /// A body with its length.
    pub fn body(status: u16, content_type: &str, body: &str) -> Self {
        let length = body.len();
        Self::raw(format!(
            "HTTP/1.1 {status} Scripted\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
    }

    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::text(status, &body.to_string())
    }

    /// JSON that is given as text, such as a fixture.
    pub fn text(status: u16, body: &str) -> Self {
        Self::body(status, "application/json", body)
    }

    /// The engine's error.
    pub fn error(status: u16, message: &str) -> Self {
        Self::json(status, &serde_json::json!({ "message": message }))
    }

    /// `/_ping`'s answer, to a HEAD.
    pub fn ping(version: &str) -> Self {
        Self::raw(format!("HTTP/1.1 200 OK\r\nApi-Version: {version}\r\nContent-Length: 0\r\n\r\n"))
    }

    /// The head of an answer that switches protocols; what follows are bytes both ways.
    pub fn switching(headers: &str) -> Self {
        Self::raw(format!("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\n{headers}\r\n"))
    }

    /// The head of a body of unknown length; [`chunk`](Self::chunk) and [`end`](Self::end) follow.
    pub fn chunked(status: u16, content_type: &str) -> Self {
        Self::raw(format!(
            "HTTP/1.1 {status} Scripted\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
        ))
    }

    pub fn chunk(self, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        let chunk = [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
        self.then(chunk)
    }

    pub fn end(self) -> Self {
        self.then("0\r\n\r\n")
    }

    pub fn then(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.steps.push(Step::Send(bytes.into()));
        self
    }

    /// Goes on once the test sends on the other end of the channel (or drops it).
    pub fn wait(mut self, signal: Receiver<()>) -> Self {
        self.steps.push(Step::Wait(signal));
        self
    }

    /// Takes so many bytes off what the client sends, with no HTTP around them, and hands them to the test.
    pub fn receive(mut self, bytes: u64, test: Sender<Vec<u8>>) -> Self {
        self.steps.push(Step::Receive(bytes, test));
        self
    }

    /// The same with all that it sends until it shuts its side down.
    pub fn receive_all(self, test: Sender<Vec<u8>>) -> Self {
        self.receive(u64::MAX, test)
    }

    pub fn stall(mut self) -> Self {
        self.steps.push(Step::Stall);
        self
    }

    /// Tells the test when the connection is closed, by whichever side.
    pub fn on_close(mut self, closed: Sender<()>) -> Self {
        self.closed = Some(closed);
        self
    }

    /// Closes the connection after it.
    pub fn close(mut self) -> Self {
        self.keep_open = false;
        self
    }

    /// Takes what is to be told once the client has closed.
    pub(super) fn take_closed(&mut self) -> Option<Sender<()>> {
        self.closed.take()
    }

    /// Whether the connection goes on.
    pub(super) fn play(self, reader: &mut impl Read, writer: &mut impl Write) -> bool {
        for step in self.steps {
            match step {
                Step::Send(bytes) => {
                    if writer.write_all(&bytes).is_err() {
                        return false;
                    }
                }
                Step::Wait(signal) => {
                    let _ = signal.recv();
                }
                Step::Receive(length, test) => {
                    let mut received = Vec::new();
                    if reader.take(length).read_to_end(&mut received).is_err() {
                        return false;
                    }
                    let _ = test.send(received);
                }
                Step::Stall => return true, // the next thing that is read is the client's end
            }
        }
        self.keep_open
    }
}
