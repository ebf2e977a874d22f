//! Options that the docker CLI takes as fields: `type=registry,ref=web:cache`.

use crate::wire::csv;

/// The error of parsing a [`BuildOutput`](super::BuildOutput) or a build cache. It does not quote attributes, which may be
/// secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid {what}: {why}; use {form}")]
pub struct ParseBuildOptionError {
    what: &'static str,
    why: String,
    form: &'static str,
}

impl ParseBuildOptionError {
    pub(super) fn new(what: &'static str, why: impl Into<String>, form: &'static str) -> Self {
        Self { what, why: why.into(), form }
    }
}

/// Returns the type, and the names and values of the other fields.
pub(super) fn parse(text: &str) -> Result<(String, Vec<(String, String)>), String> {
    let (mut kind, mut others) = (String::new(), Vec::new());
    for (index, field) in csv::fields(text.trim())?.iter().enumerate() {
        let Some((name, value)) = field.split_once('=') else {
            return Err(format!("field {} has no value", index + 1));
        };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_owned());
        if name == "type" { kind = value } else { others.push((name, value)) }
    }
    if kind.is_empty() { Err("the type is missing".to_owned()) } else { Ok((kind, others)) }
}
