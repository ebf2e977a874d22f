//! What the options of `docker run` have in common that are parsed from texts.

/// The error of parsing a value of an option of `docker run`, such as a [`Device`](super::Device) or a
/// [`Ulimit`](super::Ulimit).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid {what} {text:?}: use {form}")]
pub struct ParseOptionError {
    what: &'static str,
    text: String,
    form: &'static str,
}

impl ParseOptionError {
    pub(super) fn new(what: &'static str, text: &str, form: &'static str) -> Self {
        Self { what, text: text.chars().take(64).collect(), form }
    }
}
