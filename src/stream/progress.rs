//! The progress of pulls, pushes, builds, loads and imports.

use super::records::Records;
use crate::request::meaning;
use crate::transport::ResponseBody;
use crate::wire::null_to_default;
use crate::{Error, ErrorKind, Result};
use futures_core::Stream;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A step of something long that the engine does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Progress {
    /// What it is about: a layer's short id, a tag.
    pub id: Option<String>,
    /// What happens: `Downloading`, `Pull complete`, `Digest: sha256:…`.
    pub status: Option<String>,
    /// A piece of a build's or load's output.
    pub stream: Option<String>,
    /// How far it is.
    #[serde(deserialize_with = "null_to_default")]
    pub progress_detail: ProgressDetail,
    /// A bar drawn for a terminal by engines before API 1.48.
    pub progress: Option<String>,
    /// What a step results in, such as a pushed digest or a built image's id.
    pub aux: Option<Value>,
    #[serde(skip_serializing)]
    error: Option<String>,
    #[serde(skip_serializing)]
    error_detail: Option<ErrorDetail>,
}

/// How far a step is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProgressDetail {
    /// So much is done, in bytes unless `units` says otherwise. It may exceed the total.
    pub current: Option<i64>,
    /// So much there is to do; `None`, 0 or less if the engine does not know.
    pub total: Option<i64>,
    /// When it began, in Unix seconds.
    pub start: Option<i64>,
    /// Whether only the bar is to be shown, without numbers.
    pub hidecounts: Option<bool>,
    /// What is counted, such as `s`; bytes if absent.
    pub units: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ErrorDetail {
    code: Option<i64>,
    message: Option<String>,
}

impl Progress {
    /// The error that a record stands for: its detail, or the older plain text, or both.
    pub(super) fn take_error(&mut self) -> Option<Error> {
        let (plain, detail) = (self.error.take(), self.error_detail.take());
        if plain.is_none() && detail.is_none() {
            return None;
        }
        let detail = detail.unwrap_or_default();
        let message = detail.message.or(plain).filter(|message| !message.trim().is_empty());
        let error = Error::new(ErrorKind::Stream, message.unwrap_or_else(|| "the engine gave no reason".into()));
        // A build's is the exit code of what it ran, which is less.
        let code = detail.code.and_then(|code| u16::try_from(code).ok()).filter(|code| (400..600).contains(code));
        let status = meaning::status(code, error.message(), None);
        Some(status.into_iter().fold(error, Error::with_status))
    }
}

/// Yields each step of a call, from [`Pull::stream`](crate::image::Pull::stream) and its like.
///
/// The end without an error means that it was done; an error that the engine reports on the way is `Err`, and the last item.
#[must_use = "the engine stops what it does if the stream is dropped"]
pub struct ProgressStream {
    records: Records,
    label: String,
}

impl ProgressStream {
    pub(crate) fn new((body, label): (ResponseBody, String)) -> Self {
        Self { records: Records::new(body), label }
    }

    /// The next step; `None` once it is done.
    ///
    /// # Errors
    /// What the engine reports ([`ErrorKind::Stream`]), a connection that ends early ([`ErrorKind::Interrupted`]), nothing
    /// for the idle limit ([`Error::is_timeout`]). There is nothing more after any of them.
    pub async fn next(&mut self) -> Option<Result<Progress>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl ProgressStream {
    /// Goes through the steps to the end, and notes of each what it tells of the outcome.
    pub(crate) async fn outcome<T: Default>(mut self, note: impl Fn(&mut T, &Progress)) -> Result<T> {
        let mut outcome = T::default();
        while let Some(step) = self.next().await {
            note(&mut outcome, &step?);
        }
        Ok(outcome)
    }
}

impl fmt::Debug for ProgressStream {
    /// Without the steps.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProgressStream").field("call", &self.label).finish_non_exhaustive()
    }
}

impl Stream for ProgressStream {
    type Item = Result<Progress>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut item = ready!(self.records.poll_next::<Progress>(cx));
        if let Some(error) = item.as_mut().and_then(|step| step.as_mut().ok()?.take_error()) {
            self.records.close();
            item = Some(Err(error));
        }
        Poll::Ready(item.map(|step| step.map_err(|error| error.in_call(|| self.label.clone()))))
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    fn error(record: &str) -> Option<String> {
        serde_json::from_str::<Progress>(record).expect(record).take_error().map(|error| error.to_string())
    }

    #[test]
    fn an_error_is_one_however_it_is_told() {
        for (record, text) in [
            (r#"{"errorDetail":{"message":"denied"},"error":"denied"}"#, Some("denied")),
            (r#"{"errorDetail":{"code":401,"message":"denied"}}"#, Some("denied (401 Unauthorized)")),
            (r#"{"error":"denied"}"#, Some("denied")),
            (r#"{"errorDetail":{"code":137,"message":"killed"},"error":"killed"}"#, Some("killed")),
            (r#"{"errorDetail":{},"error":""}"#, Some("the engine gave no reason")),
            (r#"{"status":"x","progressDetail":null,"errorDetail":null}"#, None),
            ("{}", None),
        ] {
            assert_eq!(error(record).as_deref(), text, "{record}");
        }
    }

    #[test]
    fn reads_what_is_unknown() {
        let record = r#"{"status":"Pulling","id":"a1","progressDetail":{"current":9,"total":-1,"new":1},"new":[1]}"#;
        let step: Progress = serde_json::from_str(record).expect(record);
        assert_eq!((step.progress_detail.current, step.progress_detail.total), (Some(9), Some(-1)));
    }
}
