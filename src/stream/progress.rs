//! Progress of pulls, pushes, builds, loads and imports.

use super::hidden::Logins;
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

/// A progress record of a long operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Progress {
    /// The subject of the record: a layer's short ID, or a tag.
    pub id: Option<String>,
    /// The current status: `Downloading`, `Pull complete`, `Digest: sha256:…`.
    pub status: Option<String>,
    /// A part of the output of a build or load.
    pub stream: Option<String>,
    /// How far the step has come.
    #[serde(deserialize_with = "null_to_default")]
    pub progress_detail: ProgressDetail,
    /// A progress bar drawn for a terminal, by engines before API 1.48.
    pub progress: Option<String>,
    /// The result of a step, such as a pushed digest or a built image's ID.
    pub aux: Option<Value>,
    /// The decoded progress of a BuildKit build, in records that carry it.
    #[cfg(feature = "buildkit")]
    #[serde(skip)]
    pub build_status: Option<Box<super::BuildStatus>>,
    #[serde(skip_serializing)]
    error: Option<String>,
    #[serde(skip_serializing)]
    error_detail: Option<ErrorDetail>,
}

/// How far a step has come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProgressDetail {
    /// The amount done so far, in bytes unless `units` says otherwise. It may exceed the total.
    pub current: Option<i64>,
    /// The total amount. `None`, 0 or less if the engine does not know it.
    pub total: Option<i64>,
    /// When the step started, in Unix seconds.
    pub start: Option<i64>,
    /// Whether to show only the bar, without numbers.
    pub hidecounts: Option<bool>,
    /// The unit of the amounts, such as `s`. Bytes if absent.
    pub units: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ErrorDetail {
    code: Option<i64>,
    message: Option<String>,
}

impl Progress {
    /// Takes the error of the record, from its detail, the older plain text, or both.
    pub(super) fn take_error(&mut self) -> Option<Error> {
        let (plain, detail) = (self.error.take(), self.error_detail.take());
        if plain.is_none() && detail.is_none() {
            return None;
        }
        let detail = detail.unwrap_or_default();
        let message = detail.message.or(plain).filter(|message| !message.trim().is_empty());
        let error = Error::new(ErrorKind::Stream, message.unwrap_or_else(|| "the engine gave no reason".into()));
        // For builds the code is the exit code of the command, which is below 400.
        let code = detail.code.and_then(|code| u16::try_from(code).ok()).filter(|code| (400..600).contains(code));
        let status = meaning::status(code, error.message(), None);
        Some(status.into_iter().fold(error, Error::with_status))
    }
}

/// Yields the progress of an operation, from [`Pull::stream`](crate::image::Pull::stream) and similar calls.
///
/// The operation succeeded if the stream ends without an error. An error that the engine reports is `Err`, and the last item.
#[must_use = "the engine stops what it does if the stream is dropped"]
pub struct ProgressStream {
    records: Records,
    label: String,
    logins: Logins,
}

impl ProgressStream {
    pub(crate) fn new((body, label): (ResponseBody, String)) -> Self {
        Self { records: Records::new(body), label, logins: Logins::default() }
    }

    /// Hides these in the records and the errors.
    pub(crate) fn hiding(mut self, logins: Logins) -> Self {
        self.logins = logins;
        self
    }

    /// Returns the next record, or `None` once the operation has succeeded.
    ///
    /// # Errors
    /// [`ErrorKind::Stream`] if the engine reports an error, [`ErrorKind::Interrupted`] if the connection closes early,
    /// and [`Error::is_timeout`] if nothing arrives within the idle limit. The stream ends after an error.
    pub async fn next(&mut self) -> Option<Result<Progress>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl ProgressStream {
    /// Reads the records to the end and collects the outcome from them.
    pub(crate) async fn outcome<T: Default>(mut self, note: impl Fn(&mut T, &Progress)) -> Result<T> {
        let mut outcome = T::default();
        while let Some(step) = self.next().await {
            note(&mut outcome, &step?);
        }
        Ok(outcome)
    }
}

impl fmt::Debug for ProgressStream {
    /// Leaves out the records.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProgressStream").field("call", &self.label).finish_non_exhaustive()
    }
}

impl Stream for ProgressStream {
    type Item = Result<Progress>;

    #[inline] // generates code only in crates that follow it
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut item = ready!(self.records.poll_next::<Progress>(cx));
        if let Some(error) = item.as_mut().and_then(|step| step.as_mut().ok()?.take_error()) {
            self.records.close();
            item = Some(Err(error));
        }
        let item = item.map(|step| step.map_err(|error| error.in_call(|| self.label.clone())));
        Poll::Ready(item.map(|step| self.logins.hide_in_step(step)))
    }
}

super::iterable!(ProgressStream);

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
