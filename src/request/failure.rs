//! Answers that are errors: the engine's own words, or what a proxy or another server put in their place.

use super::response::Response;
use super::text::{excerpt, title};
use crate::{Error, ErrorKind, Result, Version};
use hyper::StatusCode;
use serde::Deserialize;

/// An engine's message is a line or a few; so much is read of an error's body at most.
const LARGEST: usize = 1 << 20;

/// Lets an answer through that is not an error: 2xx, 101, and 304, which says that there was nothing to do.
pub(crate) async fn check(answer: Response) -> Result<Response> {
    let status = answer.status();
    if status.is_success() || status == StatusCode::NOT_MODIFIED || status == StatusCode::SWITCHING_PROTOCOLS {
        return Ok(answer);
    }
    // Boxed, so that the future of a call that goes well is not larger for it.
    Err(Box::pin(read(answer)).await)
}

/// What an answer that is an error says.
async fn read(answer: Response) -> Error {
    let status = answer.status();
    let location = answer.header("Location").map(str::to_owned);
    // Boxed, since it is rare, and would make the future of each call larger.
    let (text, label) = Box::pin(answer.into_text(LARGEST)).await;
    let message = match location.filter(|_| status.is_redirection()) {
        Some(_) => {
            "the answer is a redirection, which no engine's API needs: is there an engine at this address?".into()
        }
        None => words(&text),
    };
    let error = Error::new(kind(&message), message).with_status(status.as_u16());
    with_advice(error).in_call(|| label)
}

/// What the body of an error says.
fn words(text: &str) -> String {
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct EngineError {
        message: Option<String>,
        /// Podman's, beside or instead of the message.
        cause: Option<String>,
        /// Podman's, of what else ends in a stream of steps, such as a push.
        error: Option<String>,
    }

    let text = text.trim();
    if let Ok(EngineError { message, cause, error }) = serde_json::from_str(text) {
        return match message.or(cause).or(error).filter(|message| !message.trim().is_empty()) {
            Some(message) => message.trim().to_owned(),
            None => "the engine gave no reason".to_owned(),
        };
    }
    match text {
        "" => "the engine gave no reason: the answer's body is empty".to_owned(),
        _ if text.starts_with('<') => {
            format!("the answer is a page of a web server or proxy: {}", excerpt(&title(text)))
        }
        _ => excerpt(text),
    }
}

/// A version that the engine does not speak is told apart by its words: the status is 400, as for any wrong argument.
fn kind(message: &str) -> ErrorKind {
    let versions =
        message.contains("API version") && (message.contains("is too old") || message.contains("is too new"));
    if versions { ErrorKind::Version } else { ErrorKind::Status }
}

fn with_advice(error: Error) -> Error {
    if error.is_version() {
        let (oldest, newest) = (Version::OLDEST, Version::NEWEST);
        return error.with_hint(format!("longshore speaks API {oldest} to {newest}"));
    }
    if error.message().contains("HTTP request to an HTTPS server") {
        return error.with_hint("this port speaks TLS, and plain text was sent to it");
    }
    error
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn finds_the_words_in_any_body() {
        for (body, message) in [
            ("{\"message\":\"No such container: web\"}\n", "No such container: web"),
            ("{\"cause\":\"no such network\",\"response\":404}", "no such network"),
            ("{\"errorDetail\":{\"message\":\"denied\"},\"error\":\"denied\"}", "denied"),
            ("{\"message\":\"\"}", "the engine gave no reason"),
            ("{}", "the engine gave no reason"),
            ("", "the engine gave no reason: the answer's body is empty"),
            ("No such container: x\r\n", "No such container: x"),
            (
                "<html><head><title>502 Bad Gateway</title></head><body>…</body></html>",
                "the answer is a page of a web server or proxy: 502 Bad Gateway",
            ),
            ("<p>gone\n fishing</p>", "the answer is a page of a web server or proxy: gone fishing"),
            ("<TITLE>ſ</TITLE", "the answer is a page of a web server or proxy: ſ"),
        ] {
            assert_eq!(words(body), message, "{body}");
        }
    }
}
