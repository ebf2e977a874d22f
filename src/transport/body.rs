//! The body of an answer, read piece by piece under its limits.

use super::connection::{Connection, Failure, describe};
use super::kept::KeptConnections;
use super::limits::{Deadlines, timed_out};
use super::upgraded::Upgraded;
use crate::{Error, ErrorKind, Result};
use bytes::{Bytes, BytesMut};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::time::Instant;

/// So much memory is taken at most for what was announced and is not there yet.
const AHEAD: usize = 16 << 20;

/// Bytes as they arrive. At the end the connection goes back to the pool; dropped before it, the connection is closed.
pub(crate) struct AnswerBody {
    /// `None` once the body is over.
    connection: Option<Box<Connection>>,
    kept: Arc<KeptConnections>,
    deadlines: Deadlines,
    /// Since when a piece is waited for, and how much of the request was written by then: an upload may still go on.
    waiting: Option<(Instant, u64)>,
}

impl AnswerBody {
    pub(super) fn new(connection: Box<Connection>, kept: Arc<KeptConnections>, deadlines: Deadlines) -> Self {
        Self { connection: Some(connection), kept, deadlines, waiting: None }
    }

    /// The next piece; `None` at the end. After an error there is nothing more.
    #[inline]
    pub(crate) fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        let Some(connection) = &mut self.connection else { return Poll::Ready(None) };
        match connection.poll_piece(cx) {
            Poll::Ready(Some(Ok(piece))) => {
                self.waiting = None;
                Poll::Ready(Some(Ok(piece)))
            }
            Poll::Ready(Some(Err(failure))) => self.fail(broken_off(failure)),
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

    fn fail(&mut self, error: Error) -> Poll<Option<Result<Bytes>>> {
        self.connection = None;
        Poll::Ready(Some(Err(error)))
    }

    fn end(&mut self) {
        if let Some(connection) = self.connection.take() {
            if connection.is_reusable() {
                self.kept.keep(connection);
            }
        }
    }

    /// Ready once a limit is reached.
    fn poll_limit(&mut self, cx: &mut Context<'_>) -> Poll<Error> {
        let Some(connection) = &mut self.connection else { return Poll::Pending };
        loop {
            let written = connection.written();
            let (since, before) = *self.waiting.get_or_insert_with(|| (Instant::now(), written));
            let Some((at, limit)) = self.deadlines.next_piece(since) else { return Poll::Pending };
            ready!(connection.alarm.poll(cx, at));
            if written == before {
                return Poll::Ready(timed_out("nothing more of the answer", limit));
            }
            self.waiting = None;
        }
    }

    /// The bare connection, if the engine has switched protocols on it.
    pub(crate) fn into_upgraded(self) -> Option<Upgraded> {
        self.connection.map(|connection| Upgraded::new(connection.into_socket()))
    }

    /// Reads to the end, at most `limit` bytes.
    pub(crate) async fn collect(mut self, limit: usize) -> Result<Bytes> {
        let Some(first) = self.next().await.transpose()? else { return Ok(Bytes::new()) };
        let announced = self.announced();
        let Some(second) = self.next().await.transpose()? else { return Ok(first) };
        let mut all = BytesMut::with_capacity(first.len() + announced.max(second.len()));
        all.extend_from_slice(&first);
        drop(first);
        all.extend_from_slice(&second);
        while let Some(piece) = self.next().await.transpose()? {
            if all.len() + piece.len() > limit {
                let message = format!("the answer is larger than {} MiB", limit >> 20);
                return Err(Error::new(ErrorKind::TooLarge, message));
            }
            all.extend_from_slice(&piece);
        }
        Ok(all.freeze())
    }

    /// How many bytes are sure to come, as far as memory is taken for them before they do.
    fn announced(&self) -> usize {
        let announced = self.connection.as_ref().map_or(0, |connection| connection.announced());
        usize::try_from(announced).unwrap_or(usize::MAX).min(AHEAD)
    }

    /// Reads to the end or to `limit` bytes, whichever comes first; what there is before an error is there too.
    pub(crate) async fn collect_into(mut self, all: &mut Vec<u8>, limit: usize) -> Result<()> {
        while let Some(piece) = self.next().await.transpose()? {
            all.extend_from_slice(piece.get(..limit - all.len()).unwrap_or(&piece));
            if all.len() >= limit {
                break;
            }
        }
        Ok(())
    }

    pub(crate) async fn next(&mut self) -> Option<Result<Bytes>> {
        poll_fn(|cx| self.poll_piece(cx)).await
    }
}

impl std::fmt::Debug for AnswerBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnswerBody").field("over", &self.connection.is_none()).finish_non_exhaustive()
    }
}

fn broken_off(failure: Failure) -> Error {
    match failure {
        Failure::Broken { error, .. } => {
            let message = format!("the answer broke off: {}", describe(&error));
            Error::new(ErrorKind::Interrupted, message).with_source(error)
        }
        Failure::Upload(error) => upload_failed(error),
        Failure::TimedOut(error) | Failure::Input(error) => error,
    }
}

pub(super) fn upload_failed(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Upload, format!("the upload failed: {error}")).with_source(error)
}
