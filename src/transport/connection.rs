//! One HTTP/1.1 connection, driven by the task that uses it.

use super::alarm::Alarm;
use super::io::{Activity, Io, Stream, is_closing};
use super::limits::{Deadlines, timed_out};
use super::request_body::RequestBody;
use crate::Error;
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{Request, Response};
use std::error::Error as _;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

/// A connection whose driver is polled along with whatever is awaited on it.
pub(super) struct Connection {
    sender: http1::SendRequest<RequestBody>,
    driver: Driver,
    activity: Arc<Activity>,
    pub(super) alarm: Alarm,
}

/// What reads and writes, as far as that goes.
struct Driver {
    connection: http1::Connection<Io, RequestBody>,
    /// Nothing more comes, and it must not be polled again.
    ended: bool,
    /// What it ended with.
    failure: Option<hyper::Error>,
}

impl Driver {
    /// Goes as far as it goes now; `false` once it has ended.
    fn drive(&mut self, cx: &mut Context<'_>) -> bool {
        if !self.ended {
            if let Poll::Ready(end) = Pin::new(&mut self.connection).poll(cx) {
                self.ended = true;
                self.failure = end.err();
            }
        }
        !self.ended
    }
}

/// Why there is no answer.
pub(super) enum Failure {
    /// The connection broke.
    Broken {
        /// Not a byte of the request has left: it can be sent again whatever it asks for.
        unsent: bool,
        error: hyper::Error,
    },
    TimedOut(Error),
}

impl Connection {
    pub(super) async fn open(stream: Stream) -> hyper::Result<Box<Self>> {
        let activity = Arc::new(Activity::default());
        let io = Io::new(stream, activity.clone());
        let (sender, connection) = http1::handshake(io).await?;
        let driver = Driver { connection, ended: false, failure: None };
        Ok(Box::new(Self { sender, driver, activity, alarm: Alarm::default() }))
    }

    /// Drives the connection as far as it goes now; `false` once it has ended.
    pub(super) fn drive(&mut self, cx: &mut Context<'_>) -> bool {
        self.driver.drive(cx)
    }

    /// What ended the connection, if an upload of its own did.
    pub(super) fn upload_failure(&mut self) -> Option<hyper::Error> {
        self.driver.failure.take().filter(is_upload)
    }

    /// Whether another request can be sent: the last answer is over and the peer has not closed, as far as can be known.
    pub(super) fn is_free(&mut self) -> bool {
        self.activity.probe_on_next_read();
        self.drive(&mut Context::from_waker(Waker::noop())) && self.sender.is_ready()
    }

    /// Whether the answer is over and the connection may be kept.
    pub(super) fn is_reusable(&mut self) -> bool {
        self.drive(&mut Context::from_waker(Waker::noop())) && self.sender.is_ready()
    }

    /// Counts the bytes that are written.
    pub(super) fn activity(&self) -> Arc<Activity> {
        self.activity.clone()
    }

    /// What the connection is once the peer has switched protocols: the socket, and what was read of it already.
    pub(super) fn into_socket(mut self) -> (Io, Bytes) {
        self.drive(&mut Context::from_waker(Waker::noop()));
        let http1::Parts { mut io, read_buf, .. } = self.driver.connection.into_parts();
        io.switch_protocols();
        (io, read_buf)
    }

    /// Sends a request and waits for the head of its answer.
    pub(super) async fn exchange(
        &mut self,
        request: Request<RequestBody>,
        deadlines: &Deadlines,
    ) -> Result<Response<Incoming>, Failure> {
        self.activity.begin_request();
        let mut deadline = deadlines.head();
        let mut written = None;
        let mut answer = pin!(self.sender.try_send_request(request));
        let Self { driver, activity, alarm, .. } = self;
        let answer = poll_fn(|cx| {
            driver.drive(cx);
            if let Poll::Ready(answer) = answer.as_mut().poll(cx) {
                return Poll::Ready(Ok(answer));
            }
            // The limit begins anew as long as the request is still being written: an upload takes its time.
            let mut before = *written.get_or_insert_with(|| activity.written());
            loop {
                let Some((at, limit)) = deadline else { return Poll::Pending };
                ready!(alarm.poll(cx, at));
                let now = activity.written();
                if now == before {
                    return Poll::Ready(Err(timed_out("no answer from the engine", limit)));
                }
                before = *written.insert(now);
                deadline = deadlines.head();
            }
        });
        answer.await.map_err(Failure::TimedOut)?.map_err(|failure| {
            let unsent = failure.message().is_some() || self.activity.written() == 0;
            Failure::Broken { unsent, error: failure.into_error() }
        })
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("ended", &self.driver.ended).finish_non_exhaustive()
    }
}

/// Whether it was not the connection that failed, but what was to be sent on it.
pub(super) fn is_upload(error: &hyper::Error) -> bool {
    error.is_user() && error.source().is_some()
}

/// What a failed connection says, without hyper's own words where they would mislead.
pub(super) fn describe(error: &hyper::Error) -> String {
    match cause(error) {
        Some(cause) if is_upload(error) => format!("the upload failed: {cause}"),
        _ if error.is_incomplete_message() || error.is_canceled() || error.is_closed() => CLOSED.to_owned(),
        Some(cause) if is_closing(cause) => CLOSED.to_owned(),
        Some(cause) => cause.to_string(),
        None => error.to_string(),
    }
}

const CLOSED: &str = "the engine closed the connection";

/// Whether the socket says that it never was connected, as that of `ssh` does.
pub(super) fn is_not_connected(error: &hyper::Error) -> bool {
    cause(error).is_some_and(|cause| cause.kind() == io::ErrorKind::NotConnected)
}

/// What the socket said.
pub(super) fn cause(error: &hyper::Error) -> Option<&io::Error> {
    error.source()?.downcast_ref()
}
