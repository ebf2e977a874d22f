//! [`Method`]

use std::fmt;

/// A method of HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Head,
    Post,
    Put,
    Delete,
    /// One that no operation of the API has; in capitals.
    Other(Box<str>),
}

impl Method {
    /// The method of this name. They are in capitals, and CONNECT is for proxies.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "GET" => Self::Get,
            "HEAD" => Self::Head,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "DELETE" => Self::Delete,
            "" | "CONNECT" => return None,
            name if name.bytes().all(|letter| letter.is_ascii_uppercase()) => Self::Other(name.into()),
            _ => return None,
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
