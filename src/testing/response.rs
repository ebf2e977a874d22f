//! [`Response`]: the response of a scripted engine.

use crate::stream::Source;
use serde::Serialize;
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

/// A response of an [`Engine`](super::Engine): bytes to send, and pauses, reads and a close between or after them.
#[derive(Clone, Debug)]
#[must_use = "it is part of an exchange: see `Exchange::respond`"]
pub struct Response {
    steps: Vec<Step>,
    keep_open: bool,
    closed: Option<Sender<()>>,
}

#[derive(Clone, Debug)]
enum Step {
    Send(Vec<u8>),
    /// Waits for the test.
    Wait(Arc<Mutex<Receiver<()>>>),
    /// Reads up to this many bytes from the client and sends them to the test.
    Receive(u64, Sender<Vec<u8>>),
    /// Sends nothing more, and keeps the connection open until the client closes it.
    Stall,
}

impl Response {
    /// Sends exactly these bytes, which include the head. Keeps the connection open for further requests.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { steps: vec![Step::Send(bytes.into())], keep_open: true, closed: None }
    }

    /// Creates a response with this status code and no body.
    pub fn status(status: u16) -> Self {
        let length = if status == 204 || status == 304 { "" } else { "Content-Length: 0\r\n" };
        Self::raw(format!("HTTP/1.1 {status} Scripted\r\n{length}\r\n"))
    }

    /// Creates a response with a body, its length and its content type.
    pub fn body(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status} Scripted\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n");
        Self::raw([head.as_bytes(), body].concat())
    }

    /// Creates a response with a JSON body.
    ///
    /// # Panics
    /// Panics if the value cannot be serialized.
    pub fn json(status: u16, body: impl Serialize) -> Self {
        Self::text(status, &serde_json::to_string(&body).expect("the body is JSON"))
    }

    /// Creates a response with a JSON body given as text, such as one recorded from a real engine.
    pub fn text(status: u16, json: &str) -> Self {
        Self::body(status, "application/json", json)
    }

    /// Creates an error response with this message, in the form that engines use.
    pub fn error(status: u16, message: &str) -> Self {
        Self::json(status, serde_json::json!({ "message": message }))
    }

    /// Creates a stream of JSON records, such as the progress of a pull, events or stats. It ends after the last record.
    ///
    /// # Panics
    /// Panics if a record cannot be serialized.
    pub fn records<T: Serialize>(records: impl IntoIterator<Item = T>) -> Self {
        let records = records.into_iter();
        let lines = records.map(|record| serde_json::to_string(&record).expect("the record is JSON") + "\r\n");
        lines.fold(Self::chunked(200, "application/json"), Self::chunk).end()
    }

    /// Creates the output of a process, as for logs: each piece in a frame of its own. It ends after the last piece.
    ///
    /// Use it for clients of API 1.42 or later, such as [`Engine::client`](super::Engine::client). With older versions, the
    /// client inspects the container first.
    pub fn output<T: AsRef<[u8]>>(pieces: impl IntoIterator<Item = (Source, T)>) -> Self {
        let head = Self::chunked(200, "application/vnd.docker.multiplexed-stream");
        pieces.into_iter().fold(head, |response, (source, piece)| response.chunk(framed(source, piece.as_ref()))).end()
    }

    /// Creates the response to a ping (`HEAD /_ping`), with the engine's newest API version, such as `1.41`.
    pub fn ping(version: &str) -> Self {
        Self::raw(format!("HTTP/1.1 200 OK\r\nApi-Version: {version}\r\nContent-Length: 0\r\n\r\n"))
    }

    /// Creates the head of a 101 response, which upgrades the connection, as for an attach. Bytes can then follow in both
    /// directions.
    ///
    /// `headers` are further header lines, each ended by `\r\n`.
    pub fn switching(headers: &str) -> Self {
        Self::raw(format!("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\n{headers}\r\n"))
    }

    /// Creates the head of the response to an attach or to the start of an exec, without a terminal. Add [`frame`](Self::frame)s of
    /// output, and end the output with [`close`](Self::close).
    ///
    /// If the client writes input, read it first with [`receive_all`](Self::receive_all): closing a connection with unread input
    /// may lose output.
    ///
    /// ```
    /// use longshore::stream::Source;
    /// use longshore::testing::{Engine, Response, on};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> longshore::Result<()> {
    /// let (test, input) = std::sync::mpsc::channel();
    /// let sorted = Response::attached().receive_all(test).frame(Source::Stdout, "a\nb\n").close();
    /// let engine = Engine::start([
    ///     on("POST /containers/web/exec").with_any_body().respond(Response::text(201, r#"{"Id":"e1"}"#)),
    ///     on("POST /exec/e1/start").with_any_body().respond(sorted),
    ///     on("GET /exec/e1/json").respond(Response::text(200, r#"{"Running":false,"ExitCode":0}"#)),
    /// ]);
    /// let sort = engine.client().container("web").exec(["sort"]).output_with_input("b\na\n".as_bytes()).await?;
    /// assert_eq!(sort.stdout_text(), "a\nb\n");
    /// assert_eq!(input.recv().expect("the input"), b"b\na\n");
    /// # Ok(()) }
    /// ```
    pub fn attached() -> Self {
        Self::switching("Content-Type: application/vnd.docker.multiplexed-stream\r\nUpgrade: tcp\r\n")
    }

    /// Sends a piece of output in a frame of its own, after [`attached`](Self::attached).
    pub fn frame(self, source: Source, bytes: impl AsRef<[u8]>) -> Self {
        self.then(framed(source, bytes.as_ref()))
    }

    /// Creates the head of a response with a body of unknown length. Add [`chunk`](Self::chunk)s and the [`end`](Self::end).
    pub fn chunked(status: u16, content_type: &str) -> Self {
        Self::raw(format!(
            "HTTP/1.1 {status} Scripted\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
        ))
    }

    /// Sends a chunk of a [`chunked`](Self::chunked) body.
    pub fn chunk(self, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        let chunk = [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
        self.then(chunk)
    }

    /// Ends a [`chunked`](Self::chunked) body.
    pub fn end(self) -> Self {
        self.then("0\r\n\r\n")
    }

    /// Sends further bytes, unchanged.
    pub fn then(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.steps.push(Step::Send(bytes.into()));
        self
    }

    /// Pauses until the test sends to the channel, or drops its sender.
    pub fn wait(mut self, signal: Receiver<()>) -> Self {
        self.steps.push(Step::Wait(Arc::new(Mutex::new(signal))));
        self
    }

    /// Reads this many bytes that the client sends after its request, and sends them to the test. Reads fewer if the client
    /// closes its side.
    pub fn receive(mut self, bytes: u64, test: Sender<Vec<u8>>) -> Self {
        self.steps.push(Step::Receive(bytes, test));
        self
    }

    /// Reads everything that the client sends until it closes its side, and sends it to the test.
    pub fn receive_all(self, test: Sender<Vec<u8>>) -> Self {
        self.receive(u64::MAX, test)
    }

    /// Sends nothing more, and keeps the connection open until the client closes it.
    pub fn stall(mut self) -> Self {
        self.steps.push(Step::Stall);
        self
    }

    /// Sends to the channel when either side has closed the connection.
    pub fn on_close(mut self, closed: Sender<()>) -> Self {
        self.closed = Some(closed);
        self
    }

    /// Closes the connection after the response. Default: keeps it open for further requests.
    pub fn close(mut self) -> Self {
        self.keep_open = false;
        self
    }

    /// Takes the channel that signals the close of the connection.
    pub(super) fn take_closed(&mut self) -> Option<Sender<()>> {
        self.closed.take()
    }

    /// Sends the response. Returns whether the connection stays open.
    pub(super) fn play(self, reader: &mut impl Read, writer: &mut impl Write) -> bool {
        for step in self.steps {
            match step {
                Step::Send(bytes) => {
                    if writer.write_all(&bytes).is_err() {
                        return false;
                    }
                }
                Step::Wait(signal) => {
                    let _ = signal.lock().unwrap_or_else(PoisonError::into_inner).recv();
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

/// Returns a frame of output: the stream, the length and the bytes.
fn framed(source: Source, bytes: &[u8]) -> Vec<u8> {
    let stream = if source == Source::Stderr { 2 } else { 1 };
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes();
    [&[stream, 0, 0, 0], &length[..], bytes].concat()
}
