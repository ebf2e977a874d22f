//! [`Container::read_file`], by `GET /containers/{id}/archive`.

use super::Container;
use super::archive_reader::{Pieces, next, reading, with_causes};
use super::files::FileCall;
use crate::request::{Method, call};
use crate::{Bytes, ErrorKind, Result};
use std::cell::Cell;
use std::io::{self, Read};

/// The largest file that is read into memory.
const LARGEST: u64 = 64 << 20;

impl Container {
    /// Reads a file of the container into memory. The container may be running or stopped.
    ///
    /// Follows symbolic links. The file may have at most 64 MiB. Requires the feature `tar`.
    ///
    /// ```no_run
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = longshore::Docker::from_env()?;
    /// let config = docker.container("web").read_file("/etc/nginx/nginx.conf").await?;
    /// println!("{}", String::from_utf8_lossy(&config));
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /containers/{id}/archive`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container or the path does not exist.
    /// [`Error::is_invalid`](crate::Error::is_invalid) if the path is a directory, or anything else but a regular file.
    /// [`ErrorKind::TooLarge`] if the file is too large: use [`copy_from`](Self::copy_from).
    /// [`ErrorKind::Interrupted`] or [`ErrorKind::Decode`] if the engine sends a part of the file, as when it shrinks
    /// meanwhile.
    pub fn read_file(&self, path: impl AsRef<str>) -> ReadFile {
        ReadFile(FileCall::new(self, Method::GET, path.as_ref()))
    }
}

/// A call of [`Container::read_file`]. Requires the feature `tar`.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct ReadFile(FileCall);

call!(ReadFile => Bytes, read);

async fn read(call: FileCall) -> Result<Bytes> {
    let call = call.begin();
    let wrong = |kind, why: &str| call.failure(kind, format!("cannot read {}: {why}", call.named()));
    let (path, stat) = call.follow().await?;
    let archive = call.get(&path).await?;
    if stat.is_some_and(|stat| !stat.is_file()) {
        return Err(wrong(ErrorKind::Input, "it is not a regular file"));
    }
    if u64::try_from(archive.stat().size).unwrap_or_default() > LARGEST {
        return Err(wrong(ErrorKind::TooLarge, &too_large().to_string()));
    }
    reading(archive, content).await?.map(Bytes::from).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => wrong(ErrorKind::TooLarge, &error.to_string()),
        _ => wrong(ErrorKind::Decode, &with_causes(&error)),
    })
}

/// Reads the only entry of an archive, all of it.
fn content(mut archive: tar::Archive<Pieces>, room: &Cell<u64>) -> io::Result<Vec<u8>> {
    let Some(entry) = next(&mut archive.entries()?, room) else {
        return Err(io::Error::other("the engine sent an archive without it"));
    };
    let (entry, _) = entry?;
    let size = entry.size();
    if size > LARGEST {
        return Err(too_large());
    }
    let mut content = Vec::new();
    let length = entry.take(LARGEST).read_to_end(&mut content)?;
    if u64::try_from(length).is_ok_and(|length| length == size) {
        return Ok(content);
    }
    Err(io::Error::other(format!("the engine sent {length} of its {size} bytes")))
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {} MiB", LARGEST >> 20))
}
