//! [`Container::copy_from`], by `GET /containers/{id}/archive`.

use super::archive_reader::{is_local, reading, with_causes};
use super::files::{FileCall, means_contents};
use super::unpack::unpack;
use super::{Container, PathStat};
use crate::request::{Method, call};
use crate::{ErrorKind, Limits, Result};
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

impl Container {
    /// Copies a file or directory out of the container, much as `docker cp` does.
    ///
    /// If `local` is a directory, the copy is placed inside it; otherwise it becomes `local`. If `path` is `/` or ends
    /// in `/.`, the contents of the directory are copied into `local` instead. Symbolic links stay links, except that Podman copies
    /// what `path` itself links to. Nothing is written outside the target. Requires the feature `tar`.
    ///
    /// The copies belong to this process's user. They keep their permissions, except set-user-ID and set-group-ID, which would give
    /// away that user's rights, and the sticky bit of files. Files keep their modification time; directories get a new one.
    /// To copy everything as it is, also FIFOs and devices, unpack [`get_archive`](Self::get_archive) as root.
    ///
    /// ```no_run
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = longshore::Docker::from_env()?;
    /// docker.container("web").copy_from("/var/log/nginx", "logs").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /containers/{id}/archive`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container or the path does not exist.
    /// [`ErrorKind::LocalFile`] if the copy cannot be written: the parent of `local` does not exist, `local` ends in `/`
    /// and a file is not a directory, a directory would replace a file, or the disk is full. Also if there is a FIFO or a device in it:
    /// the error names it, and nothing is copied.
    /// [`ErrorKind::Interrupted`] if the engine ends the archive early. Nothing is replaced by a part of a copy.
    /// [`ErrorKind::Decode`] if the engine gives the copy a name that is not a file name, such as `..`.
    pub fn copy_from(&self, path: impl AsRef<str>, local: impl AsRef<Path>) -> CopyFrom {
        // The same, but Docker's archive of `/` has hard links with absolute targets, which cannot be unpacked.
        let path = if path.as_ref() == "/" { "/." } else { path.as_ref() };
        let local = local.as_ref().to_owned();
        CopyFrom(CopyFromCall { call: FileCall::new(self, Method::GET, path), local })
    }
}

/// A call of [`Container::copy_from`]. Requires the feature `tar`.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct CopyFrom(CopyFromCall);

/// The parts of a copy call.
#[derive(Clone, Debug)]
struct CopyFromCall {
    call: FileCall,
    local: PathBuf,
}

impl CopyFromCall {
    fn limits(self, limits: Limits) -> Self {
        Self { call: self.call.limits(limits), ..self }
    }
}

call!(CopyFrom => (), copied);

async fn copied(CopyFromCall { call, local }: CopyFromCall) -> Result<()> {
    let call = call.begin();
    let cannot = format!("cannot copy {} to {}", call.named(), local.display());
    let archive = call.get(&call.path).await?;
    let name = name_of_copy(&call.path, name_in_archive(&call.path, archive.stat()))
        .map_err(|why| call.failure(ErrorKind::Decode, format!("{cannot}: {why}")))?;
    let unpacked = reading(archive, move |archive, room| unpack(archive, room, name.as_deref(), &local)).await?;
    unpacked.map_err(|error| {
        let kind = if is_local(&error) { ErrorKind::LocalFile } else { ErrorKind::Decode };
        call.failure(kind, format!("{cannot}: {}", with_causes(&error))).with_source(error)
    })
}

/// Returns the name of the copied file or directory in its archive. Podman's metadata of a link have the name of what it links to.
fn name_in_archive<'a>(path: &'a str, stat: &'a PathStat) -> &'a str {
    let last = |path: &'a str| Path::new(path).file_name()?.to_str();
    let target = stat.link_target.as_deref().filter(|_| stat.is_symlink()).and_then(last);
    if target == Some(&stat.name) { last(path).unwrap_or(&stat.name) } else { &stat.name }
}

/// Returns the name of a copy out of a container, or `None` for the contents of a directory. The name is the engine's,
/// and must not lead out of the target: that of the root directory is `/`.
fn name_of_copy(path: &str, name: &str) -> std::result::Result<Option<OsString>, String> {
    let mut parts = Path::new(name).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(name)), None) => Ok((!means_contents(Path::new(path))).then(|| name.to_owned())),
        (None | Some(Component::RootDir | Component::CurDir), None) => Ok(None),
        _ => Err(format!("the engine gives it the name {name:?}, which is not a file name")),
    }
}

#[cfg(test)]
mod tests {
    use super::name_of_copy;

    #[test]
    fn a_copy_has_a_single_name_or_none() {
        for (path, name, copy) in [
            ("/etc", "etc", Some("etc")),
            ("/etc/", "etc/", Some("etc")),
            ("/etc/..data", "..data", Some("..data")),
            ("/etc/.", "etc", None),
            ("/etc/.", ".", None),
            (".", "etc", None),
            ("/", "/", None),
            ("/", "//", None),
            ("/", "", None),
        ] {
            let found = name_of_copy(path, name).expect(name);
            assert_eq!(found.as_deref(), copy.map(AsRef::as_ref), "{path} {name}");
        }
        for name in ["..", "../etc", "/etc", "/..", "a/b", "./a", "a/.."] {
            let why = name_of_copy("/etc", name).expect_err(name);
            assert_eq!(why, format!("the engine gives it the name {name:?}, which is not a file name"));
            assert!(name_of_copy("/etc/.", name).is_err());
        }
    }
}
