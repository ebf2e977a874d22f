//! Copies files between a container and the local filesystem.

use super::{Archive, Container, PathStat};
use crate::transport::Pipe;
use crate::{Bytes, Error, ErrorKind, Result, Upload};
use std::cell::Cell;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use tokio::sync::mpsc::{Receiver, channel};

/// The largest file that is read into memory.
const LARGEST: u64 = 64 << 20;
/// How many chunks of an archive wait to be written.
const WAITING: usize = 4;
/// The largest headers of an entry, in bytes. They are read into memory, with names and attributes of any length.
const LARGEST_HEADERS: u64 = 1 << 20;
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
    /// If `local` is a directory, the copy is placed inside it; otherwise it becomes `local`. Symbolic links stay
    /// links, and nothing is written outside the target. Requires the feature `tar`.
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
    pub async fn copy_from(&self, path: impl AsRef<str>, local: impl AsRef<Path>) -> Result<()> {
        let (path, local) = (path.as_ref(), local.as_ref().to_owned());
        let archive = self.get_archive(path).await?;
        // `/.` at the end copies the contents of the directory instead of the directory itself.
        let name = if path.ends_with("/.") { None } else { Some(archive.stat().name.clone()) };
        let copied = reading(archive, move |archive, room| unpack(archive, room, name.as_deref(), &local)).await?;
        copied.map_err(|why| self.wrong(path, ErrorKind::Input, &why))
    }

    /// Copies a file or directory into the container, as `docker cp` does.
    ///
    /// If `path` is a directory in the container, the copy is placed inside it; otherwise it becomes `path`. The copied
    /// files belong to root, and symbolic links stay links. Requires the feature `tar`.
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
            Some(stat) if stat.is_dir() => {
                (&*path, local.file_name().ok_or_else(|| unusable(&"it has no name"))?.into())
            }
            _ => {
                let (folder, name) = path.trim_end_matches('/').rsplit_once('/').unwrap_or(("", &path));
                (if folder.is_empty() { "/" } else { folder }, PathBuf::from(name))
            }
        };
        let tar = Pipe::new({
            let local = local.clone();
            move |out| {
                let mut archive = tar::Builder::new(out);
                append(&mut archive, &local, &name)?;
                archive.finish()
            }
        });
        self.put_archive(folder, Upload::stream(tar)).await
    }

    fn wrong(&self, path: &str, kind: ErrorKind, why: &str) -> Error {
        let error = Error::new(kind, format!("cannot copy {path} from the container {}: {why}", self.id()));
        error.in_call(|| format!("GET /containers/{}/archive", self.id()))
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
        let mut entries =
            std::fs::read_dir(path)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
        entries.sort_unstable();
        entries.iter().try_for_each(|entry| append(archive, &path.join(entry), &name.join(entry)))?;
    }
    Ok(()) // skips sockets, pipes and devices
}

/// Unpacks an archive, or what it has below `name`, to `local`. Unpacks into a temporary directory first, so that an
/// existing file is replaced only by a complete one.
fn unpack(archive: tar::Archive<Pieces>, room: &Cell<u64>, name: Option<&str>, local: &Path) -> io::Result<()> {
    let target = match name {
        Some(name) if local.is_dir() => local.join(name),
        _ => local.to_owned(),
    };
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = parent.join(format!(".longshore-{}", crate::wire::random_id()));
    std::fs::create_dir(&beside)?;
    let unpacked = (|| {
        unpack_all(archive, room, &beside)?;
        match name {
            Some(name) => merge(&beside.join(name), &target),
            None => std::fs::create_dir_all(&target).and_then(|()| merge(&beside, &target)),
        }
    })();
    let removed = std::fs::remove_dir_all(&beside);
    unpacked.and(removed)
}

/// Writes all of an archive into a directory: nothing outside of it, and no set-uid bits. `tar::Archive::unpack` keeps all
/// directories in memory until it has read the rest. This keeps only those that nothing can be put into once they have
/// their permissions.
fn unpack_all(mut archive: tar::Archive<Pieces>, room: &Cell<u64>, directory: &Path) -> io::Result<()> {
    let directory = directory.canonicalize()?;
    let (mut closed, mut kept) = (Vec::new(), 0);
    let mut entries = archive.entries()?;
    while let Some(entry) = next(&mut entries, room) {
        let (mut entry, headers) = entry?;
        if entry.header().entry_type().is_dir() && entry.header().mode()? & 0o700 != 0o700 {
            kept += headers;
            if kept > LARGEST {
                return Err(io::Error::other("there are too many directories that cannot be written to"));
            }
            closed.push(entry);
        } else {
            entry.unpack_in(&directory)?;
            io::copy(&mut entry, &mut io::sink())?; // what is not unpacked, which is not part of the next headers
        }
    }
    closed.sort_by(|a, b| b.path_bytes().cmp(&a.path_bytes())); // a directory after those inside it
    closed.iter_mut().try_for_each(|entry| entry.unpack_in(&directory).map(drop))
}

/// Reads the headers of the next entry. Returns how long they are, too.
fn next<'a>(
    entries: &mut tar::Entries<'a, Pieces>,
    room: &Cell<u64>,
) -> Option<io::Result<(tar::Entry<'a, Pieces>, u64)>> {
    room.set(LARGEST_HEADERS);
    let entry = entries.next();
    let headers = LARGEST_HEADERS - room.replace(u64::MAX);
    entry.map(|entry| entry.map(|entry| (entry, headers)))
}

/// Moves a file to its place. If both are directories, merges their contents.
fn merge(from: &PathBuf, to: &Path) -> io::Result<()> {
    let is_folder = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
    if !is_folder(from) || !is_folder(to) {
        return std::fs::rename(from, to);
    }
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        merge(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Reads an archive on a blocking thread while it arrives. The inner error is the message of what failed on that
/// thread.
async fn reading<T: Send + 'static>(
    mut archive: Archive,
    read: impl FnOnce(tar::Archive<Pieces>, &Cell<u64>) -> io::Result<T> + Send + 'static,
) -> Result<std::result::Result<T, String>> {
    let (sender, receiver) = channel(WAITING);
    let reading = tokio::task::spawn_blocking(move || {
        let room = Rc::new(Cell::new(u64::MAX));
        let pieces = Pieces { receiver, piece: Bytes::new(), is_whole: false, room: room.clone() };
        read(tar::Archive::new(pieces), &room).map_err(|error| error.to_string())
    });
    loop {
        // An empty chunk marks the end. An archive that is cut off, or a call that is dropped, sends none.
        let piece = archive.next().await.transpose()?;
        let is_last = piece.is_none();
        if sender.send(piece.unwrap_or_default()).await.is_err() || is_last {
            break; // the reader has all that it needs, or has failed
        }
    }
    Ok(reading.await.unwrap_or_else(|error| Err(error.to_string())))
}

/// The chunks of an archive, read on another thread.
struct Pieces {
    receiver: Receiver<Bytes>,
    piece: Bytes,
    is_whole: bool,
    /// How much may be read.
    room: Rc<Cell<u64>>,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.room.get()).unwrap_or(usize::MAX);
        if room == 0 {
            return Err(io::Error::other(format!("an entry's headers are larger than {} MiB", LARGEST_HEADERS >> 20)));
        }
        if self.piece.is_empty() && !self.is_whole {
            let piece = self.receiver.blocking_recv();
            self.piece = piece.ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "the archive is cut off"))?;
            self.is_whole = self.piece.is_empty();
        }
        let mut piece = self.piece.as_ref();
        let most = room.min(buffer.len());
        let length = piece.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.room.set(self.room.get().saturating_sub(u64::try_from(length).unwrap_or(u64::MAX)));
        bytes::Buf::advance(&mut self.piece, length);
        Ok(length)
    }
}
