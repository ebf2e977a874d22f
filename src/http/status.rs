//! [`Status`]

use std::fmt;

/// The status of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Status(u16);

impl Status {
    pub(crate) const SWITCHING_PROTOCOLS: Self = Self(101);
    pub(crate) const OK: Self = Self(200);
    pub(crate) const NO_CONTENT: Self = Self(204);
    pub(crate) const NOT_MODIFIED: Self = Self(304);

    pub(crate) const fn new(code: u16) -> Self {
        Self(code)
    }

    pub(crate) const fn code(self) -> u16 {
        self.0
    }

    /// Whether another answer follows, which is the one.
    pub(crate) fn is_interim(self) -> bool {
        (100..200).contains(&self.0) && self != Self::SWITCHING_PROTOCOLS
    }

    pub(crate) fn is_success(self) -> bool {
        (200..300).contains(&self.0)
    }

    pub(crate) fn is_redirection(self) -> bool {
        (300..400).contains(&self.0)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match reason(self.0) {
            Some(reason) => write!(f, "{} {reason}", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}

/// What a status says (RFC 9110, section 15); `None` of one that engines, registries and proxies do not answer with.
pub(crate) fn reason(code: u16) -> Option<&'static str> {
    Some(match code {
        101 => "Switching Protocols",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Payload Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        422 => "Unprocessable Entity",
        423 => "Locked",
        425 => "Too Early",
        426 => "Upgrade Required",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        507 => "Insufficient Storage",
        511 => "Network Authentication Required",
        _ => return None,
    })
}
