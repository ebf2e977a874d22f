//! The body of a response, read chunk by chunk under its limits.

use super::connection::{Connection, describe, is_upload};
use super::idle::IdleConnections;
use super::limits::{Deadlines, timed_out};
use super::upgraded::Upgraded;
use crate::{Error, ErrorKind, Result};
use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Incoming};
use hyper::upgrade::OnUpgrade;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use tokio::time::Instant;

/// The most memory reserved for announced bytes that have not arrived.
const MAX_PREALLOCATED: u64 = 16 << 20;

/// The chunks of a body as they arrive. At the end the connection returns to the pool. Dropping the body before closes it.
pub(crate) struct ResponseBody {
    incoming: Incoming,
    /// `None` once the body has ended.
    connection: Option<Box<Connection>>,
    idle: Arc<IdleConnections>,
    deadlines: Deadlines,
    /// Since when a chunk is awaited, and how much of the request was written by then: an upload may still be in progress.
    waiting: Option<(Instant, u64)>,
}

impl ResponseBody {
    pub(super) fn new(
        incoming: Incoming,
        connection: Box<Connection>,
        idle: Arc<IdleConnections>,
        deadlines: Deadlines,
    ) -> Self {
        Self { incoming, connection: Some(connection), idle, deadlines, waiting: None }
    }

    /// Polls for the next chunk. `None` at the end and after an error.
    pub(crate) fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        if self.connection.is_none() {
            return Poll::Ready(None);
        }
        if let Some(error) = self.deadlines.overdue() {
            return self.fail(error);
        }
        match self.poll_data(cx) {
            Poll::Ready(Some(Ok(chunk))) => {
                self.waiting = None;
                Poll::Ready(Some(Ok(chunk)))
            }
            Poll::Ready(Some(Err(error))) => {
                let upload = self.connection.as_mut().and_then(|connection| connection.upload_failure());
                self.fail(broken_off(upload.unwrap_or(error)))
            }
            Poll::Ready(None) => {
                self.end();
                Poll::Ready(None)
            }
            Poll::Pending => {
                let error = ready!(self.poll_limit(cx));
                self.fail(error)
            }
        }
    }

    /// Chunks arrive only by driving the connection, so the body itself needs no waker.
    fn poll_data(&mut self, cx: &mut Context<'_>) -> Poll<Option<hyper::Result<Bytes>>> {
        let nobody = &mut Context::from_waker(Waker::noop());
        loop {
            let mut frame = Pin::new(&mut self.incoming).poll_frame(nobody);
            if let (Poll::Pending, Some(connection)) = (&frame, &mut self.connection) {
                connection.drive(cx);
                frame = Pin::new(&mut self.incoming).poll_frame(nobody);
            }
            match ready!(frame).map(|frame| frame.map(hyper::body::Frame::into_data)) {
                Some(Ok(Ok(chunk))) => return Poll::Ready(Some(Ok(chunk))),
                Some(Ok(Err(_trailers))) => {}
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }

    fn fail(&mut self, error: Error) -> Poll<Option<Result<Bytes>>> {
        self.connection = None;
        Poll::Ready(Some(Err(error)))
    }

    fn end(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            if connection.is_reusable() {
                self.idle.put(connection);
            }
        }
    }

    /// Waits until a limit is reached.
    fn poll_limit(&mut self, cx: &mut Context<'_>) -> Poll<Error> {
        let Some(connection) = &mut self.connection else { return Poll::Pending };
        loop {
            let written = connection.written();
            let (since, before) = *self.waiting.get_or_insert_with(|| (Instant::now(), written));
            let Some((at, limit)) = self.deadlines.next_chunk(since) else { return Poll::Pending };
            ready!(connection.timer.poll(cx, at));
            if written == before || self.deadlines.is_whole(at) {
                return Poll::Ready(timed_out(limit, "waiting for more of the response"));
            }
            self.waiting = None;
        }
    }

    /// Bounds the pauses between chunks, unless the call does so itself.
    pub(crate) fn bound_pauses(&mut self, limit: Option<std::time::Duration>) {
        self.deadlines = self.deadlines.with_idle(limit);
    }

    /// Returns the limits of the call.
    pub(crate) fn deadlines(&self) -> Deadlines {
        self.deadlines
    }

    /// Returns the raw connection after the engine switched protocols.
    pub(crate) fn into_upgraded(self, on_upgrade: OnUpgrade) -> Option<Upgraded> {
        let nobody = &mut Context::from_waker(Waker::noop());
        let mut connection = self.connection?;
        connection.drive(nobody); // ends hyper's connection, which releases the socket
        connection.set_upgraded();
        let Poll::Ready(Ok(upgraded)) = Pin::new(&mut { on_upgrade }).poll(nobody) else { return None };
        Some(Upgraded::new(upgraded, self.deadlines, connection.permit.take()))
    }

    /// Reads the whole body, of at most `limit` bytes.
    pub(crate) async fn collect(mut self, limit: usize) -> Result<Bytes> {
        let announced = self.incoming.size_hint().lower().min(MAX_PREALLOCATED);
        let Some(first) = self.next().await.transpose()? else { return Ok(Bytes::new()) };
        let Some(second) = self.next().await.transpose()? else { return Ok(first) };
        let size = usize::try_from(announced).unwrap_or_default().max((first.len() + second.len()) * 2);
        let mut all = BytesMut::with_capacity(size);
        all.extend_from_slice(&first);
        drop(first);
        all.extend_from_slice(&second);
        while let Some(chunk) = self.next().await.transpose()? {
            if all.len() + chunk.len() > limit {
                let message = format!("the response is larger than {} MiB", limit >> 20);
                return Err(Error::new(ErrorKind::TooLarge, message));
            }
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// Reads to the end or to `limit` bytes, whichever comes first. Keeps bytes that arrived before an error.
    pub(crate) async fn collect_into(mut self, all: &mut Vec<u8>, limit: usize) -> Result<()> {
        while let Some(chunk) = self.next().await.transpose()? {
            all.extend_from_slice(chunk.get(..limit - all.len()).unwrap_or(&chunk));
            if all.len() >= limit {
                break;
            }
        }
        Ok(())
    }

    pub(crate) async fn next(&mut self) -> Option<Result<Bytes>> {
        poll_fn(|cx| self.poll_chunk(cx)).await
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody").field("over", &self.connection.is_none()).finish_non_exhaustive()
    }
}

fn broken_off(error: hyper::Error) -> Error {
    let words = describe(&error);
    let (kind, message) = if is_upload(&error) {
        (ErrorKind::Upload, words)
    } else {
        (ErrorKind::Interrupted, format!("{words} before the response was complete"))
    };
    Error::new(kind, message).with_source(error)
}
