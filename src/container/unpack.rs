//! Unpacks a tar archive of a container into the local filesystem.

use super::archive_reader::{Pieces, next};
use std::cell::Cell;
use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};

/// The largest headers of all directories that are sticky or that their owner cannot write into. Their paths are kept in memory.
const LARGEST_CLOSED: u64 = 64 << 20;

/// Unpacks the entry `name` of an archive to `local`, or into it if it is a directory. Without a name, unpacks the
/// contents of the archive into the directory `local`.
///
/// Unpacks into a temporary directory first, so that an existing file is replaced only by a complete one.
pub(super) fn unpack(
    archive: tar::Archive<Pieces>,
    room: &Cell<u64>,
    name: Option<&OsStr>,
    local: &Path,
) -> io::Result<()> {
    let into = local.is_dir();
    let target = match name {
        Some(name) if into => local.join(name),
        _ => local.to_owned(),
    };
    // Not beside a directory that exists: its parent may be read-only, or another filesystem.
    let parent = if into { Some(local) } else { local.parent() };
    let parent = parent.filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let staging = parent.join(format!(".longshore-{}", crate::wire::random_id()));
    std::fs::create_dir(&staging).map_err(|error| at(parent, error))?;
    let unpacked = (|| {
        let closed = unpack_all(archive, room, &staging)?;
        match name {
            Some(name) => merge(&staging.join(name), &target)?,
            None => make_folder(&target).and_then(|()| merge_contents(&staging, &target))?,
        }
        close(&closed, name, &target)
    })();
    let removed = std::fs::remove_dir_all(&staging);
    unpacked.and(removed)
}

fn make_folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path).map_err(|error| at(path, error))
}

/// Names the path of an error.
fn at(path: &Path, source: io::Error) -> io::Error {
    io::Error::new(source.kind(), At { path: path.to_owned(), source })
}

/// An error with the path that it is about.
#[derive(Debug, thiserror::Error)]
#[error("{}", path.display())]
struct At {
    path: PathBuf,
    source: io::Error,
}

/// A directory that the owner cannot write into, or that is sticky: its path in the archive, and its permissions.
type Closed = (PathBuf, u32);

/// Writes all of an archive into a directory: nothing outside of it, and no set-uid bits, as the files get another owner.
///
/// The owner can write into all directories, so that they can be filled and moved. Returns those that are to be closed,
/// each after those inside it.
fn unpack_all(mut archive: tar::Archive<Pieces>, room: &Cell<u64>, directory: &Path) -> io::Result<Vec<Closed>> {
    let directory = directory.canonicalize()?;
    let (mut closed, mut kept) = (Vec::new(), 0);
    let mut entries = archive.entries()?;
    while let Some(entry) = next(&mut entries, room) {
        let (mut entry, headers) = entry?;
        refuse_special(&entry)?;
        let is_unpacked = entry.unpack_in(&directory)?;
        if is_unpacked && entry.header().entry_type().is_dir() && entry.header().mode()? & 0o1700 != 0o700 {
            kept += headers;
            if kept > LARGEST_CLOSED {
                return Err(io::Error::other("there are too many directories that are sticky or cannot be written to"));
            }
            closed.extend(open(&directory, &entry.path()?, entry.header().mode()?)?);
        }
        io::copy(&mut entry, &mut io::sink())?; // what is not unpacked, which is not part of the next headers
    }
    closed.sort_by(|(a, _), (b, _)| b.cmp(a));
    Ok(closed)
}

/// Fails for an entry that `tar` would write as an empty file.
fn refuse_special(entry: &tar::Entry<Pieces>) -> io::Result<()> {
    let what = match entry.header().entry_type() {
        tar::EntryType::Fifo => "a FIFO",
        tar::EntryType::Char | tar::EntryType::Block => "a device",
        _ => return Ok(()),
    };
    let message = format!("{what} cannot be copied; copy what is beside it, or read the archive with get_archive");
    Err(at(&entry.path()?, io::Error::new(io::ErrorKind::Unsupported, message)))
}

/// Lets the owner write into a directory that was unpacked. Returns its path without symbolic links, which may lead
/// elsewhere from the final place.
fn open(root: &Path, path: &Path, mode: u32) -> io::Result<Option<Closed>> {
    let names = path.components().filter(|part| matches!(part, Component::Normal(_)));
    let directory = root.join(names.collect::<PathBuf>()).canonicalize()?;
    match directory.strip_prefix(root) {
        Ok(inside) if !inside.as_os_str().is_empty() => {
            set_mode(&directory, mode | 0o700)?;
            Ok(Some((inside.to_owned(), mode)))
        }
        _ => Ok(None), // the root of the archive, whose permissions are not copied
    }
}

/// Sets the permissions of directories at their final place.
fn close(closed: &[Closed], name: Option<&OsStr>, target: &Path) -> io::Result<()> {
    closed.iter().try_for_each(|(path, mode)| match path.strip_prefix(name.unwrap_or_default()) {
        Ok(path) => set_mode(&target.join(path), *mode),
        Err(_) => Ok(()), // not below `name`: it was not copied
    })
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o1777))
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "it fails on unix")]
fn set_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// Moves a file to its place. If both are directories, merges their contents.
fn merge(from: &Path, to: &Path) -> io::Result<()> {
    let is_folder = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
    if is_folder(from) && is_folder(to) {
        return merge_contents(from, to);
    }
    std::fs::rename(from, to).map_err(|error| at(to, error))
}

fn merge_contents(from: &Path, to: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        merge(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
