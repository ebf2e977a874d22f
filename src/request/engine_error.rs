//! The body of an error response: the engine's message, or that of a proxy or another server.

use super::meaning;
use super::text::{excerpt, title};
use crate::{Error, ErrorKind, Result};
use serde::Deserialize;

/// How much of an error's body to read. An engine's message is a few lines at most.
pub(super) const MAX_ERROR: usize = 1 << 20;

/// An engine's error, decoded from JSON.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct EngineError {
    message: Option<String>,
    /// Podman's cause, beside or instead of the message.
    cause: Option<String>,
    /// Podman's error where otherwise a stream of progress ends, as for a push.
    error: Option<String>,
    /// Podman's status code, which can differ from a response's own 200.
    response: Option<u16>,
}

impl EngineError {
    fn into_error(self, status: Option<u16>) -> Error {
        let Self { message, cause, error, response } = self;
        let status = meaning::status(status.or(response), message.as_deref().unwrap_or_default(), cause.as_deref());
        let message = match message.or(cause).or(error).filter(|message| !message.trim().is_empty()) {
            Some(message) => message.trim().to_owned(),
            None => "the engine gave no reason".to_owned(),
        };
        let error = Error::new(kind(&message), message);
        status.into_iter().fold(error, Error::with_status)
    }
}

/// Converts the body of an error response.
pub(super) fn of_body(status: u16, text: &str) -> Error {
    let text = text.trim();
    if let Ok(error) = serde_json::from_str::<EngineError>(text) {
        return error.into_error(Some(status));
    }
    let message = match text {
        "" => "the engine gave no reason: the response's body is empty".to_owned(),
        _ if text.starts_with('<') => {
            format!("the response is a page of a web server or proxy: {}", excerpt(&title(text)))
        }
        _ => excerpt(text),
    };
    EngineError { message: Some(message), ..EngineError::default() }.into_error(Some(status))
}

/// Detects an engine's error in place of the expected value or record. Podman sends some with status 200.
pub(super) fn refuse_error(json: &[u8]) -> Result<()> {
    let begins_like_one = |json: &[u8]| {
        let fields = json.trim_ascii_start().strip_prefix(b"{").unwrap_or_default().trim_ascii_start();
        [&b"\"message\""[..], b"\"cause\"", b"\"response\""].iter().any(|field| fields.starts_with(field))
    };
    if !begins_like_one(json) || json.len() > MAX_ERROR {
        return Ok(());
    }
    match serde_json::from_slice::<EngineError>(json) {
        Ok(error) if error.message.is_some() || error.cause.is_some() => Err(error.into_error(None)),
        _ => Ok(()),
    }
}

/// Recognizes an unsupported API version by the message. The status is 400, as for any invalid argument.
fn kind(message: &str) -> ErrorKind {
    let versions =
        message.contains("API version") && (message.contains("is too old") || message.contains("is too new"));
    if versions { ErrorKind::Version } else { ErrorKind::Status }
}

#[cfg(test)]
mod tests {
    use super::{of_body, refuse_error};

    #[test]
    fn finds_the_words_in_any_body() {
        for (body, message) in [
            ("{\"message\":\"No such container: web\"}\n", "No such container: web"),
            ("{\"cause\":\"no such network\",\"response\":404}", "no such network"),
            ("{\"errorDetail\":{\"message\":\"denied\"},\"error\":\"denied\"}", "denied"),
            ("{\"message\":\"\"}", "the engine gave no reason"),
            ("{}", "the engine gave no reason"),
            ("", "the engine gave no reason: the response's body is empty"),
            ("No such container: x\r\n", "No such container: x"),
            (
                "<html><head><title>502 Bad Gateway</title></head><body>…</body></html>",
                "the response is a page of a web server or proxy: 502 Bad Gateway",
            ),
            ("<p>gone\n fishing</p>", "the response is a page of a web server or proxy: gone fishing"),
            ("<TITLE>ſ</TITLE", "the response is a page of a web server or proxy: ſ"),
        ] {
            assert_eq!(of_body(500, body).message(), message, "{body}");
        }
    }

    #[test]
    fn an_error_in_place_of_a_value_is_one() {
        let stopped = r#" {"cause":"container is stopped","message":"container is stopped","response":500}"#;
        let error = refuse_error(stopped.as_bytes()).expect_err("an error");
        assert_eq!((error.message(), error.status()), ("container is stopped", Some(409)));
        let error = refuse_error(br#"{"message":"no such thing"}"#).expect_err("an error");
        assert_eq!((error.message(), error.status()), ("no such thing", None));
        for value in ["{}", "[]", r#"{"Id":"a","message":"x"}"#, r#"{"message":null}"#, r#"{"status":"Pulling"}"#, ""] {
            refuse_error(value.as_bytes()).expect(value);
        }
    }
}
