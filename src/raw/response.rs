//! [`RawResponse`]: the response to a call of any method and path.

use super::RawConnection;
use crate::Result;
use crate::request::Response;
use crate::stream::ByteStream;
use bytes::Bytes;
use serde::de::DeserializeOwned;

/// A response of [`Docker::raw`](crate::Docker::raw) whose body is not read yet. Choose a method to read it.
///
/// Dropping it closes its connection if part of the body is unread.
#[derive(Debug)]
#[must_use = "what the engine does may end with the connection"]
pub struct RawResponse(Response);

impl RawResponse {
    pub(super) fn new(answer: Response) -> Self {
        Self(answer)
    }

    /// Returns the status code: 2xx, 304, or 101 if the engine switched protocols. With any other code, the call fails.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    /// Returns the first value of a header, if it is present and ASCII text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.header(name)
    }

    /// Reads the body and decodes it as JSON.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the body is not JSON or does not fit `T`, and the errors of
    /// [`bytes`](Self::bytes).
    pub async fn json<T: DeserializeOwned>(self) -> Result<T> {
        self.0.any_json().await
    }

    /// Reads the whole body. Works for an empty body too, and keeps the connection for the next call.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted) if the connection closes early,
    /// [`Error::is_timeout`](crate::Error::is_timeout) if it stalls, and
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) if the body is larger than 1 GiB.
    pub async fn bytes(self) -> Result<Bytes> {
        self.0.bytes().await
    }

    /// Reads the body as text. Invalid UTF-8 is replaced by `�`.
    ///
    /// # Errors
    /// The errors of [`bytes`](Self::bytes).
    pub async fn text(self) -> Result<String> {
        let bytes = self.bytes().await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Returns the body as a stream, which yields the bytes as they arrive. The body may have any length.
    pub fn stream(self) -> ByteStream {
        ByteStream::new(self.0.into_stream())
    }

    /// Returns the connection after the engine switched protocols, as a byte stream in both directions.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the engine did not switch protocols. It may have done
    /// something else.
    pub fn upgrade(self) -> Result<RawConnection> {
        self.0.into_upgraded().map(|(upgraded, _)| RawConnection::new(upgraded))
    }
}
