//! [`Images::exists`], by `GET /images/{name}/json`.

use super::{Image, Images};
use crate::Result;
use crate::request::{Method, Request, call, unit};

impl Images {
    /// Returns whether the engine has an image with this name or ID.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[
    /// #     ("GET /images/nginx:1.27/json", r#"404 {"message":"No such image: nginx:1.27"}"#),
    /// #     ("POST /images/create?fromImage=docker.io/library/nginx&tag=1.27",
    /// #      "200 {\"status\":\"Digest: sha256:6af79ae5\"}\r\n"),
    /// # ]);
    /// if !docker.images().exists("nginx:1.27").await? {
    ///     docker.images().pull("nginx:1.27").await?;
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /images/{name}/json`
    ///
    /// # Errors
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the name or ID is invalid.
    /// [Those of every call](crate::Error#errors-of-every-call). A missing image is not an error, but `Ok(false)`.
    pub fn exists(&self, image: impl AsRef<str>) -> Exists {
        let image = Image { client: self.client.clone(), name: image.as_ref().to_owned() };
        Exists(image.request(Method::GET, "/images/{name}/json"))
    }
}

/// A call of [`Images::exists`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct Exists(Request);

call!(Exists => bool, exists);

async fn exists(request: Request) -> Result<bool> {
    match unit(request).await {
        Ok(()) => Ok(true),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}
