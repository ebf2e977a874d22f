//! [`JsonStream`]: a response body that is a sequence of JSON documents.

use super::records::Records;
use crate::Result;
use crate::transport::ResponseBody;
use futures_core::Stream;
use serde::de::DeserializeOwned;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Yields the JSON documents of a response, such as those of [`Container::stats`](crate::container::Container::stats).
#[must_use = "the answer is not read unless it is asked for"]
pub struct JsonStream<T> {
    records: Records,
    label: String,
    of: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> JsonStream<T> {
    pub(crate) fn new((body, label): (ResponseBody, String)) -> Self {
        Self { records: Records::new(body), label, of: PhantomData }
    }

    /// Returns the next document, or `None` at the end.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) if the connection closes early.
    /// [`Error::is_timeout`](crate::Error::is_timeout) if nothing arrives within the idle limit.
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if a document is not as the API documents it. The stream ends
    /// after an error.
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<T: DeserializeOwned> Stream for JsonStream<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let document = self.records.poll_next(cx);
        document.map(|next| next.map(|read| read.map_err(|error| error.in_call(|| self.label.clone()))))
    }
}

super::iterable!(JsonStream<T: DeserializeOwned>);

impl<T> fmt::Debug for JsonStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonStream").field("call", &self.label).finish_non_exhaustive()
    }
}
