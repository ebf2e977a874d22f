//! Copies files between a container and the local filesystem.

use super::archive_reader::{next, reading};
use super::unpack::unpack;
use super::{Container, PathStat};
use crate::transport::Pipe;
use crate::{Bytes, Error, ErrorKind, Result, Upload};
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// The largest file that is read into memory.
const LARGEST: u64 = 64 << 20;
/// How many symbolic links in a row are followed.
const LINKS: usize = 16;

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
    /// [`Error::is_not_found`] if the container or the path does not exist.
    /// [`Error::is_invalid`] if the path is a directory, or anything else but a regular file.
    /// [`ErrorKind::TooLarge`] if the file is too large: use [`copy_from`](Self::copy_from).
    pub async fn read_file(&self, path: impl AsRef<str>) -> Result<Bytes> {
        let (path, stat) = self.follow(path.as_ref()).await?;
        let archive = self.get_archive(&path).await?;
        if stat.is_some_and(|stat| !stat.is_file()) {
            return Err(self.wrong(&path, ErrorKind::Input, "it is not a regular file"));
        }
        if u64::try_from(archive.stat().size).unwrap_or_default() > LARGEST {
            let why = format!("it is larger than {} MiB", LARGEST >> 20);
            return Err(self.wrong(&path, ErrorKind::TooLarge, &why));
        }
        let read = reading(archive, |mut archive, room| {
            let mut content = Vec::new();
            if let Some(entry) = next(&mut archive.entries()?, room) {
                let (entry, _) = entry?;
                if entry.size() > LARGEST {
                    return Err(io::Error::other(format!("it is larger than {} MiB", LARGEST >> 20)));
                }
                entry.take(LARGEST).read_to_end(&mut content)?;
            }
            Ok(content)
        });
        read.await?.map(Bytes::from).map_err(|why| self.wrong(&path, ErrorKind::Decode, &why))
    }

    /// Follows symbolic links to the end, and returns the final path and its metadata; `None` if nothing is there.
    async fn follow(&self, path: &str) -> Result<(String, Option<PathStat>)> {
        let mut path = path.to_owned();
        for _ in 0..LINKS {
            match self.stat_path(&path).await {
                // Podman reports a target for regular files too: their own path.
                Ok(stat) if stat.is_symlink() => path = stat.link_target.unwrap_or_default(),
                Ok(stat) => return Ok((path, Some(stat))),
                Err(error) if error.is_not_found() => return Ok((path, None)),
                Err(error) => return Err(error),
            }
        }
        Err(self.wrong(&path, ErrorKind::Input, "there are too many levels of symbolic links"))
    }

    /// Copies a file or directory out of the container, as `docker cp` does.
    ///
    /// If `local` is a directory, the copy is placed inside it; otherwise it becomes `local`. If `path` is `/` or ends
    /// in `/.`, the contents of the directory are copied into `local` instead. Symbolic links stay links, and nothing
    /// is written outside the target. Requires the feature `tar`.
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
    /// [`Error::is_not_found`] if the container or the path does not exist.
    /// [`Error::is_invalid`] if the copy cannot be written.
    /// [`ErrorKind::Decode`] if the engine gives the copy a name that is not a file name, such as `..`.
    pub async fn copy_from(&self, path: impl AsRef<str>, local: impl AsRef<Path>) -> Result<()> {
        let (path, local) = (path.as_ref(), local.as_ref().to_owned());
        // The same, but Docker's archive of `/` has hard links with absolute targets, which cannot be unpacked.
        let path = if path == "/" { "/." } else { path };
        let archive = self.get_archive(path).await?;
        let name = name_of_copy(path, &archive.stat().name);
        let name = name.map_err(|why| self.wrong(path, ErrorKind::Decode, &why))?;
        let copied = reading(archive, move |archive, room| unpack(archive, room, name.as_deref(), &local)).await?;
        copied.map_err(|why| self.wrong(path, ErrorKind::Input, &why))
    }

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
    /// [`Error::is_invalid`] if the local file does not exist.
    /// The engine's error, with a [`status`](Error::status) of 500 from Docker, if a file would replace a directory or a
    /// directory a file.
    /// [`ErrorKind::Upload`] if reading the local file fails.
    pub async fn copy_to(&self, local: impl AsRef<Path>, path: impl AsRef<str>) -> Result<()> {
        let local = local.as_ref().to_owned();
        let unusable = |error: &dyn std::fmt::Display| {
            let message = format!("cannot copy {}: {error}", local.display());
            Error::new(ErrorKind::Input, message).in_call(|| format!("PUT /containers/{}/archive", self.id()))
        };
        let metadata = tokio::task::spawn_blocking({
            let local = local.clone();
            move || std::fs::symlink_metadata(local)
        });
        metadata.await.map_err(|error| unusable(&error))?.map_err(|error| unusable(&error))?;
        let (path, stat) = self.follow(path.as_ref()).await?;
        let (folder, name) = match stat {
            Some(stat) if stat.is_dir() && means_contents(&local) => (&*path, None),
            Some(stat) if stat.is_dir() => {
                let name = local.file_name().ok_or_else(|| unusable(&"it has no name: add /. to copy its contents"))?;
                (&*path, Some(PathBuf::from(name)))
            }
            _ => {
                let (folder, name) = path.trim_end_matches('/').rsplit_once('/').unwrap_or(("", &path));
                (if folder.is_empty() { "/" } else { folder }, Some(PathBuf::from(name)))
            }
        };
        let tar = Pipe::new({
            let local = local.clone();
            move |out| {
                let mut archive = tar::Builder::new(out);
                match name {
                    Some(name) => append(&mut archive, &local, &name)?,
                    None => append_contents(&mut archive, &local, Path::new(""))?,
                }
                archive.finish()
            }
        });
        self.put_archive(folder, Upload::stream(tar)).no_overwrite_dir_non_dir(true).await
    }

    fn wrong(&self, path: &str, kind: ErrorKind, why: &str) -> Error {
        let error = Error::new(kind, format!("cannot copy {path} from the container {}: {why}", self.id()));
        error.in_call(|| format!("GET /containers/{}/archive", self.id()))
    }
}

/// Returns whether a path means the contents of a directory instead of the directory itself: `.`, or `/.` at the end.
fn means_contents(path: &Path) -> bool {
    let is_separator = |byte: &u8| std::path::is_separator(char::from(*byte));
    let mut end = path.as_os_str().as_encoded_bytes().iter().rev().skip_while(|byte| is_separator(byte));
    end.next() == Some(&b'.') && end.next().is_none_or(is_separator)
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
        let file = std::fs::File::open(path)?;
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

#[cfg(test)]
mod tests {
    use super::{means_contents, name_of_copy};
    use std::path::Path;

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

    #[test]
    fn a_dot_at_the_end_means_contents() {
        for path in [".", "./", "/.", "a/.", "a/./", "../.", "a b//."] {
            assert!(means_contents(Path::new(path)), "{path}");
        }
        for path in ["", "/", "..", "a", "a.", "a/..", "a/b.", "./a", ".a", "a/"] {
            assert!(!means_contents(Path::new(path)), "{path}");
        }
    }
}
