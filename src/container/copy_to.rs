//! [`Container::copy_to`], by `PUT /containers/{id}/archive`.

use super::files::{FileCall, means_contents};
use super::{Container, PathStat};
use crate::request::{Method, call, unit};
use crate::transport::{Pipe, open_regular};
use crate::{Error, ErrorKind, Limits, Result, Upload};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

impl Container {
    /// Copies a file or directory into the container, as `docker cp` does.
    ///
    /// If `path` is a directory in the container, the copy is placed inside it; otherwise it becomes `path`. If `local`
    /// is `.` or ends in `/.`, the contents of the directory are copied into `path` instead. The copied files belong to
    /// root, and symbolic links stay links. Requires the feature `tar`.
    ///
    /// ```no_run
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = longshore::Docker::from_env()?;
    /// docker.container("web").copy_to("site/index.html", "/usr/share/nginx/html").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `PUT /containers/{id}/archive`
    ///
    /// # Errors
    /// [`Error::is_not_found`] if the container or the target's parent directory does not exist.
    /// [`Error::is_invalid`] if `path` ends in `/` or `/.`, is not there, and `local` is not a directory.
    /// [`ErrorKind::LocalFile`] if `local` does not exist.
    /// The engine's error, with a [`status`](Error::status) of 500 from Docker, if a file would replace a directory or a
    /// directory a file.
    /// [`ErrorKind::Upload`] if reading `local` fails. The engine may have unpacked a part of it.
    pub fn copy_to(&self, local: impl AsRef<Path>, path: impl AsRef<str>) -> CopyTo {
        let local = local.as_ref().to_owned();
        CopyTo(CopyToCall { call: FileCall::new(self, Method::PUT, path.as_ref()), local })
    }
}

/// A call of [`Container::copy_to`]. Requires the feature `tar`.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct CopyTo(CopyToCall);

/// The parts of a copy call.
#[derive(Clone, Debug)]
struct CopyToCall {
    call: FileCall,
    local: PathBuf,
}

impl CopyToCall {
    fn limits(self, limits: Limits) -> Self {
        Self { call: self.call.limits(limits), ..self }
    }

    fn failure(&self, kind: ErrorKind, why: impl std::fmt::Display) -> Error {
        self.call.failure(kind, format!("cannot copy {} to {}: {why}", self.local.display(), self.call.named()))
    }

    /// Returns whether the local path is a directory, and not a link to one. Fails if nothing is there.
    async fn is_dir(&self) -> Result<bool> {
        let local = self.local.clone();
        let metadata = tokio::task::spawn_blocking(move || std::fs::symlink_metadata(local)).await;
        match metadata.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(metadata) => Ok(metadata.is_dir()),
            Err(error) => Err(self.failure(ErrorKind::LocalFile, &error).with_source(error)),
        }
    }

    /// Returns the directory in the container to unpack the copy in, and the name of the copy; `None` for the contents
    /// of the local directory. `path` and `stat` are what the call's path leads to.
    fn target<'a>(&self, is_dir: bool, path: &'a str, stat: Option<&PathStat>) -> Result<(&'a str, Option<PathBuf>)> {
        match stat {
            Some(stat) if stat.is_dir() && means_contents(&self.local) => Ok((path, None)),
            Some(stat) if stat.is_dir() => {
                let no_name = || self.failure(ErrorKind::Input, "it has no name: add /. to copy its contents");
                self.local.file_name().map(|name| (path, Some(name.into()))).ok_or_else(no_name)
            }
            None if !is_dir && (path.ends_with('/') || path.ends_with("/.")) => {
                Err(self.failure(ErrorKind::Input, "there is no such directory"))
            }
            _ => {
                let (folder, name) = path.trim_end_matches('/').rsplit_once('/').unwrap_or(("", path));
                Ok((if folder.is_empty() { "/" } else { folder }, Some(name.into())))
            }
        }
    }
}

call!(CopyTo => (), copied);

async fn copied(copy: CopyToCall) -> Result<()> {
    let copy = CopyToCall { call: copy.call.begin(), ..copy };
    let is_dir = copy.is_dir().await?;
    let (path, stat) = copy.call.follow().await?;
    let target = copy.target(is_dir, &path, stat.as_ref());
    if target.is_err() && stat.is_none() {
        copy.call.check_container().await?;
    }
    let (folder, name) = target?;
    let request = copy.call.at(folder).query("noOverwriteDirNonDir", true);
    let local = copy.local;
    let tar = Pipe::new(move |out| {
        let mut archive = tar::Builder::new(out);
        match name {
            Some(name) => append(&mut archive, &local, &name)?,
            None => append_contents(&mut archive, &local, Path::new(""))?,
        }
        archive.finish()
    });
    unit(request.upload("application/x-tar", Upload::stream(tar))).await
}

/// Adds a file, or a directory with all of its contents.
fn append(archive: &mut tar::Builder<impl io::Write>, path: &Path, name: &Path) -> io::Result<()> {
    let metadata = std::fs::symlink_metadata(path)?;
    let mut header = tar::Header::new_gnu();
    header.set_metadata(&metadata);
    header.set_uid(0);
    header.set_gid(0);
    if metadata.is_symlink() {
        return archive.append_link(&mut header, name, std::fs::read_link(path)?);
    }
    if metadata.is_file() {
        let file = open_regular(path)?;
        return archive.append_data(&mut header, name, file.take(metadata.len()));
    }
    if metadata.is_dir() {
        archive.append_data(&mut header, name, io::empty())?;
        append_contents(archive, path, name)?;
    }
    Ok(()) // skips sockets, pipes and devices
}

/// Adds the contents of a directory.
fn append_contents(archive: &mut tar::Builder<impl io::Write>, path: &Path, name: &Path) -> io::Result<()> {
    let entries = std::fs::read_dir(path)?.map(|entry| Ok(entry?.file_name()));
    let mut entries = entries.collect::<io::Result<Vec<_>>>()?;
    entries.sort_unstable();
    entries.iter().try_for_each(|entry| append(archive, &path.join(entry), &name.join(entry)))
}
