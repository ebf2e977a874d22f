//! [`Label`]: the name of a call in error messages.

use hyper::Method;
use std::fmt;

/// The method and path of a call: `POST /containers/web/start`.
#[derive(Clone)]
pub(crate) struct Label {
    method: Method,
    path: String,
}

impl Label {
    pub(super) fn new(method: Method, path: String) -> Self {
        Self { method, path }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
