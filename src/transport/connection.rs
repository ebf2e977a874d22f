//! An HTTP/1.1 connection, driven by the task that uses it.

use super::limits::{Deadlines, Timer, timed_out};
use super::request_body::RequestBody;
use super::stream::{Activity, EngineStream, Stream, is_closing};
use crate::Error;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response};
use std::error::Error as _;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;

/// The largest response head, and the most bytes read at a time.
const BUFFER: usize = 256 << 10;

/// A connection whose driver is polled together with the exchange on it.
pub(super) struct Connection {
    sender: SendRequest<RequestBody>,
    driver: Driver,
    activity: Arc<Activity>,
    pub(super) timer: Timer,
    /// The runtime whose I/O driver wakes the socket. On another runtime a call would sleep forever.
    pub(super) runtime: Handle,
    /// The permit for a connection in use, if their number is limited.
    pub(super) permit: Option<OwnedSemaphorePermit>,
}

/// The part of hyper that reads and writes.
struct Driver {
    /// `None` once it has ended. Boxed, because hyper's type of an upgradable connection cannot be named.
    connection: Option<Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>>,
    /// The error that it ended with.
    failure: Option<hyper::Error>,
}

impl Driver {
    /// Reads and writes as much as is possible now. Returns `false` once the connection has ended.
    fn drive(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(connection) = &mut self.connection else { return false };
        if let Poll::Ready(end) = connection.as_mut().poll(cx) {
            self.connection = None;
            self.failure = end.err();
        }
        self.connection.is_some()
    }
}

/// The reason why there is no response.
pub(super) enum SendError {
    /// The connection failed.
    Broken {
        /// No byte of the request was written, so that resending it is safe whatever it does.
        unsent: bool,
        /// The peer never responded on this connection, so that it may not have been established.
        unheard: bool,
        error: hyper::Error,
    },
    TimedOut(Error),
}

impl Connection {
    pub(super) async fn open(stream: Box<dyn Stream>) -> hyper::Result<Box<Self>> {
        let activity = Arc::new(Activity::default());
        let stream = EngineStream::new(stream, activity.clone());
        let (sender, connection) = http1::Builder::new().max_buf_size(BUFFER).handshake(stream).await?;
        let driver = Driver { connection: Some(Box::pin(connection.with_upgrades())), failure: None };
        let (timer, runtime) = (Timer::default(), Handle::current());
        Ok(Box::new(Self { sender, driver, activity, timer, runtime, permit: None }))
    }

    /// Reads and writes as much as is possible now. Returns `false` once the connection has ended.
    pub(super) fn drive(&mut self, cx: &mut Context<'_>) -> bool {
        self.driver.drive(cx)
    }

    /// Returns the error of an upload, if that ended the connection.
    pub(super) fn upload_failure(&mut self) -> Option<hyper::Error> {
        self.driver.failure.take().filter(is_upload)
    }

    /// Returns whether an idle connection can take another request: the peer has neither closed it nor sent anything.
    ///
    /// Bypasses tokio's cooperative budget: a task that has used it up would not see what has arrived.
    pub(super) fn is_free(&mut self) -> bool {
        self.activity.probe_on_next_read();
        let drive = pin!(tokio::task::unconstrained(poll_fn(|cx| Poll::Ready(self.driver.drive(cx)))));
        matches!(drive.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(true)) && self.sender.is_ready()
    }

    /// Returns whether the response is complete and the connection can be kept.
    pub(super) fn is_reusable(&mut self) -> bool {
        self.drive(&mut Context::from_waker(Waker::noop())) && self.sender.is_ready()
    }

    /// Returns the bytes of the request that were written.
    pub(super) fn written(&self) -> u64 {
        self.activity.written()
    }

    /// Prepares for raw bytes after HTTP: from now on, writing fails once the peer stops reading.
    pub(super) fn set_upgraded(&self) {
        self.activity.set_upgraded();
    }

    /// Sends a request and waits for the head of its response.
    pub(super) async fn exchange(
        &mut self,
        request: Request<RequestBody>,
        deadlines: &Deadlines,
    ) -> Result<Response<Incoming>, SendError> {
        self.activity.start_request();
        let mut deadline = deadlines.head();
        let mut written = None;
        let mut response = pin!(self.sender.try_send_request(request));
        let Self { driver, activity, timer, .. } = self;
        let response = poll_fn(|cx| {
            driver.drive(cx);
            if let Poll::Ready(response) = response.as_mut().poll(cx) {
                return Poll::Ready(Ok(response));
            }
            // The limit restarts while the request is still being written, because an upload takes time.
            let mut before = *written.get_or_insert_with(|| activity.written());
            loop {
                let Some((at, limit)) = deadline else { return Poll::Pending };
                ready!(timer.poll(cx, at));
                let now = activity.written();
                if now == before || deadlines.is_whole(at) {
                    return Poll::Ready(Err(timed_out(limit, "waiting for the response headers")));
                }
                before = *written.insert(now);
                deadline = deadlines.head();
            }
        });
        response.await.map_err(SendError::TimedOut)?.map_err(|failure| {
            let unsent = failure.message().is_some() || self.activity.written() == 0;
            SendError::Broken { unsent, unheard: !self.activity.heard(), error: failure.into_error() }
        })
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("ended", &self.driver.connection.is_none()).finish_non_exhaustive()
    }
}

/// Returns whether the body of the request failed, and not the connection.
pub(super) fn is_upload(error: &hyper::Error) -> bool {
    error.is_user() && error.source().is_some()
}

/// Describes the failure of a connection, without hyper's own words where they would mislead.
pub(super) fn describe(error: &hyper::Error) -> String {
    match cause(error) {
        Some(cause) if is_upload(error) => format!("the upload failed: {cause}"),
        _ if error.is_incomplete_message() || error.is_canceled() || error.is_closed() => CLOSED.to_owned(),
        Some(cause) if is_closing(cause) => CLOSED.to_owned(),
        Some(cause) => cause.to_string(),
        None if error.is_parse() => format!("the peer does not speak HTTP/1.1: {error}"),
        None => error.to_string(),
    }
}

const CLOSED: &str = "the connection closed";

/// Returns the error of the socket.
pub(super) fn cause(error: &hyper::Error) -> Option<&io::Error> {
    error.source()?.downcast_ref()
}
