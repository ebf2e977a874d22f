//! gRPC as far as a session needs it: length-prefixed messages, and a status at the end.

use super::proto::Empty;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use http_body_util::BodyExt;
use http_body_util::channel::{Channel, Sender};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, Response};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use prost::Message;
use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};
use tokio::task::JoinSet;

/// The longest message that is accepted of an engine, in bytes.
const LONGEST_MESSAGE: usize = 32 << 20;
/// The size of a message's prefix: the compression flag and the length.
const PREFIX: usize = 5;
/// The number of response chunks that may wait to be sent.
const WAITING: usize = 4;
/// The unread bytes of one call. Engines send a ten-byte message for each file. The HTTP/2 library closes a connection
/// when waiting small frames take half of the connection's window, which the frames of a few calls never do.
pub(super) const STREAM_WINDOW: u32 = 65_535;
pub(super) const CONNECTION_WINDOW: u32 = 8 << 20;
const STATUS: HeaderName = HeaderName::from_static("grpc-status");
const MESSAGE: HeaderName = HeaderName::from_static("grpc-message");
const NOT_IN_MESSAGES: &AsciiSet = &CONTROLS.add(b'%');

/// The outcome of a failed call, with its gRPC code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) code: u16,
    pub(super) message: String,
}

impl Status {
    pub(super) fn unknown(message: impl Into<String>) -> Self {
        Self { code: 2, message: message.into() }
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self { code: 5, message: message.into() }
    }

    pub(super) fn unimplemented() -> Self {
        Self { code: 12, message: "longshore does not serve this".to_owned() }
    }

    fn broken(what: impl std::fmt::Display) -> Self {
        Self { code: 13, message: format!("the gRPC call failed: {what}") }
    }
}

/// The messages that arrive in one direction of a call.
pub(super) struct Messages {
    body: Incoming,
    buffer: BytesMut,
    trailers: Option<HeaderMap>,
}

impl Messages {
    pub(super) fn new(body: Incoming) -> Self {
        Self { body, buffer: BytesMut::new(), trailers: None }
    }

    /// Returns the next message, or `None` at the end.
    pub(super) async fn next<T: Message + Default>(&mut self) -> Result<Option<T>, Status> {
        loop {
            if let Some(message) = self.take()? {
                return T::decode(message).map(Some).map_err(Status::broken);
            }
            match self.body.frame().await {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.buffer.extend_from_slice(&data),
                    Err(frame) => self.trailers = frame.into_trailers().ok(),
                },
                Some(Err(error)) => return Err(Status::broken(error)),
                None if self.buffer.is_empty() => return Ok(None),
                None => return Err(Status::broken("the stream ended within a message")),
            }
        }
    }

    /// Returns the message of a call with exactly one.
    pub(super) async fn only<T: Message + Default>(&mut self) -> Result<T, Status> {
        self.next().await?.ok_or_else(|| Status::broken("the stream ended without a message"))
    }

    /// Reads to the end of a response, and returns the call's outcome.
    pub(super) async fn end(mut self) -> Result<(), Status> {
        while self.next::<Empty>().await?.is_some() {}
        outcome(&self.trailers.unwrap_or_default())
    }

    fn take(&mut self) -> Result<Option<Bytes>, Status> {
        let Some((&[compressed, a, b, c, d], rest)) = self.buffer.split_first_chunk::<PREFIX>() else {
            return Ok(None);
        };
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
        if compressed != 0 || length > LONGEST_MESSAGE {
            return Err(Status::broken(format!("a message of {length} bytes is too long or compressed")));
        }
        if rest.len() < length {
            return Ok(None);
        }
        self.buffer.advance(PREFIX);
        Ok(Some(self.buffer.split_to(length).freeze()))
    }
}

/// Encodes a message with its length prefix.
pub(super) fn framed(message: &impl Message) -> Bytes {
    let length = message.encoded_len();
    let mut framed = BytesMut::with_capacity(PREFIX + length);
    framed.put_u8(0);
    framed.put_u32(u32::try_from(length).unwrap_or(u32::MAX));
    let _ = message.encode(&mut framed); // cannot fail: the capacity suffices
    framed.freeze()
}

/// The sending side of a call's response.
pub(super) struct Responder(Sender<Bytes>);

impl Responder {
    pub(super) async fn send(&mut self, message: &impl Message) -> Result<(), Status> {
        self.send_framed(framed(message)).await
    }

    /// Sends one or more messages that have their length prefixes.
    pub(super) async fn send_framed(&mut self, messages: Bytes) -> Result<(), Status> {
        self.0.send_data(messages).await.map_err(Status::broken)
    }

    /// Ends the response with its status. Ignores that the engine may have cancelled the call.
    async fn end(mut self, outcome: Result<(), Status>) {
        let status = outcome.err().unwrap_or(Status { code: 0, message: String::new() });
        let mut trailers = HeaderMap::new();
        trailers.insert(STATUS, HeaderValue::from(status.code));
        let message = utf8_percent_encode(&status.message, NOT_IN_MESSAGES).to_string();
        if let Ok(message) = HeaderValue::try_from(message) {
            trailers.insert(MESSAGE, message);
        }
        let _ = self.0.send_trailers(trailers).await;
    }
}

/// A call by the engine.
pub(super) struct Call {
    pub(super) headers: HeaderMap,
    pub(super) messages: Messages,
    pub(super) responder: Responder,
}

/// The running calls of a connection, which stop when dropped.
#[derive(Default)]
pub(super) struct Calls(Mutex<JoinSet<()>>);

impl Calls {
    fn spawn(&self, call: impl Future<Output = ()> + Send + 'static) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while calls.try_join_next().is_some() {} // those that have ended
        calls.spawn(call);
    }
}

/// Begins the response to a call, which `serve` continues on a task of its own.
pub(super) fn serve_call<F>(
    calls: &Calls,
    request: Request<Incoming>,
    serve: impl FnOnce(Call) -> F,
) -> Response<Channel<Bytes>>
where
    F: Future<Output = (Responder, Result<(), Status>)> + Send + 'static,
{
    let (head, body) = request.into_parts();
    let (sender, channel) = Channel::new(WAITING);
    let call = Call { headers: head.headers, messages: Messages::new(body), responder: Responder(sender) };
    let served = serve(call);
    calls.spawn(async move {
        let (responder, outcome) = served.await;
        responder.end(outcome).await;
    });
    let mut response = Response::new(channel);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    response
}

impl Call {
    /// Responds to a call of one message with one message.
    pub(super) async fn reply<T: Message + Default, R: Message>(
        mut self,
        handle: impl AsyncFnOnce(T) -> Result<R, Status>,
    ) -> (Responder, Result<(), Status>) {
        let outcome = async {
            let asked = self.messages.only().await?;
            self.responder.send(&handle(asked).await?).await
        };
        let outcome = outcome.await;
        (self.responder, outcome)
    }

    /// Refuses a call without reading it: the engine may not send a message before the response.
    pub(super) fn refuse(self, status: Status) -> (Responder, Result<(), Status>) {
        (self.responder, Err(status))
    }

    /// Returns the values of a header. Newer engines escape some headers like a query string, and announce it in another header.
    pub(super) fn header(&self, name: &str) -> Vec<String> {
        let is_escaped = self.headers.contains_key(format!("{name}-encoded"));
        let values = self.headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        values.map(|value| if is_escaped { unescaped(&value) } else { value.into_owned() }).collect()
    }
}

fn unescaped(value: &str) -> String {
    let spaced = value.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

/// Returns the outcome of a call from its trailers, or from the headers of a response without a body.
pub(super) fn outcome(headers: &HeaderMap) -> Result<(), Status> {
    let text = |name: HeaderName| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let code = text(STATUS).and_then(|code| code.trim().parse().ok());
    match code {
        Some(0) => Ok(()),
        Some(code) => {
            let message = text(MESSAGE).unwrap_or(Cow::Borrowed(""));
            let message = percent_encoding::percent_decode_str(&message).decode_utf8_lossy().into_owned();
            Err(Status { code, message })
        }
        None => Err(Status::broken("the stream ended without a status")),
    }
}
