//! [`Records`]: the JSON documents of a stream, as they arrive.

use crate::Result;
use crate::request::{Splitter, decode_object};
use crate::transport::ResponseBody;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use std::task::{Context, Poll, ready};

/// The JSON documents of a response's body.
#[derive(Debug)]
pub(super) struct Records {
    body: Option<ResponseBody>,
    splitter: Splitter,
}

impl Records {
    pub(super) fn new(body: ResponseBody) -> Self {
        Self { body: Some(body), splitter: Splitter::documents() }
    }

    /// Polls for the next record. `None` at the end and after an error.
    pub(super) fn poll_next<T: DeserializeOwned>(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let record = ready!(self.poll_record(cx));
        let decoded = record.map(|record| record.and_then(|record| decode_object(&record)));
        if matches!(decoded, Some(Err(_))) {
            self.body = None;
        }
        Poll::Ready(decoded)
    }

    /// Ends the stream and closes its connection.
    pub(super) fn close(&mut self) {
        self.body = None;
    }

    fn poll_record(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        loop {
            if let Some(record) = self.splitter.next().transpose() {
                return Poll::Ready(Some(record));
            }
            match ready!(body.poll_chunk(cx)) {
                Some(Ok(chunk)) => self.splitter.push(chunk),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    self.body = None;
                    return Poll::Ready(self.splitter.end().err().map(Err));
                }
            }
        }
    }
}
