//! [`RawResponse`]: what the engine answers to a call of any method and path.

use super::RawConnection;
use crate::Result;
use crate::request::Response;
use crate::stream::ByteStream;
use bytes::Bytes;
use serde::de::DeserializeOwned;

/// The head of an answer, from [`Docker::raw`](crate::Docker::raw); how to read what follows, one says.
///
/// Dropping it closes its connection, if there is more of it.
#[derive(Debug)]
#[must_use = "what the engine does may end with the connection"]
pub struct RawResponse(Response);

impl RawResponse {
    pub(super) fn new(answer: Response) -> Self {
        Self(answer)
    }

    /// The status: 2xx, 304, or 101 if the engine switched protocols. All others are errors of the call.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    /// The first of a header's values, if it is there and is ASCII text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.header(name)
    }

    /// Reads the body and decodes it.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode): it is no JSON, or not that of a `T`; and those of
    /// [`bytes`](Self::bytes).
    pub async fn json<T: DeserializeOwned>(self) -> Result<T> {
        self.0.json().await
    }

    /// Reads the body, whatever it is; also where there is none, which leaves the connection for the next call.
    ///
    /// # Errors
    /// It breaks off ([`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted)), stalls
    /// ([`Error::is_timeout`](crate::Error::is_timeout)) or is larger than 1 GiB
    /// ([`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge)).
    pub async fn bytes(self) -> Result<Bytes> {
        self.0.bytes().await
    }

    /// Reads the body as text; what is not UTF-8 becomes `�`.
    ///
    /// # Errors
    /// Those of [`bytes`](Self::bytes).
    pub async fn text(self) -> Result<String> {
        let bytes = self.bytes().await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The body as it arrives, of any length.
    pub fn stream(self) -> ByteStream {
        ByteStream::new(self.0.into_stream())
    }

    /// The bare connection, once the engine has switched protocols: bytes both ways.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode): it has not, though it may have done something else.
    pub fn upgrade(self) -> Result<RawConnection> {
        self.0.into_upgraded().map(|(upgraded, _)| RawConnection::new(upgraded))
    }
}
