//! Writes a folder as a tar archive while walking it.

use crate::image::build::ignore::{Decision, Ignore, letters};
use crate::transport::open_regular;
use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use tar::{EntryType, Header};

/// The size of a header. The data of each entry is padded to a multiple of it.
const BLOCK: u64 = 512;

/// The files of a folder to send.
#[derive(Debug, Default)]
pub(super) struct Selection {
    pub(super) ignore: Ignore,
    /// Files that are sent even if they are ignored.
    pub(super) always: Vec<Vec<char>>,
    /// The content that is sent as `.dockerignore`, instead of that of the file.
    pub(super) dockerignore: Option<Vec<u8>>,
}

/// Writes the archive. Its entries are sorted, belong to root, and keep their modes and times.
///
/// Memory holds only the listings of the folders on the current path, however large the tree is.
pub(super) fn write(root: &Path, selection: &Selection, out: &mut impl Write) -> io::Result<()> {
    write_with(header, root, selection, out)
}

/// Writes the archive, with headers of this function.
pub(super) fn write_with(
    header: fn(&Metadata) -> Header,
    root: &Path,
    selection: &Selection,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut writer = Writer { header, selection, levels: Vec::new(), out };
    if let Some(content) = &selection.dockerignore {
        let mut header = Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        writer.append(header, EntryType::Regular, b".dockerignore", &mut content.as_slice())?;
    }
    writer.levels.push(Level {
        entries: entries(root).map_err(|error| unreadable(root, &error))?,
        path: root.to_owned(),
        name: Vec::new(),
        decision: Decision::default(),
        metadata: None,
    });
    while let Some(level) = writer.levels.last_mut() {
        match level.entries.next() {
            Some(name) => writer.entry(&name)?,
            None => drop(writer.levels.pop()),
        }
    }
    io::copy(&mut io::repeat(0).take(2 * BLOCK), writer.out).map(drop)
}

/// A folder on the path that is being walked.
struct Level {
    entries: std::vec::IntoIter<OsString>,
    path: PathBuf,
    /// The path in the archive, ending with `/`.
    name: Vec<u8>,
    decision: Decision,
    /// The metadata of a folder without an entry yet. An ignored folder gets one only if something in it is sent.
    metadata: Option<Metadata>,
}

struct Writer<'a, W> {
    /// Creates the header of a file.
    header: fn(&Metadata) -> Header,
    selection: &'a Selection,
    levels: Vec<Level>,
    out: &'a mut W,
}

impl<W: Write> Writer<'_, W> {
    fn entry(&mut self, file_name: &OsString) -> io::Result<()> {
        let Some(level) = self.levels.last() else { return Ok(()) };
        let path = level.path.join(file_name);
        let name = [&level.name, file_name.as_encoded_bytes()].concat();
        let text: Vec<char> = letters(&name).collect();
        if self.selection.dockerignore.is_some() && name == b".dockerignore" {
            return Ok(());
        }
        let decision = self.selection.ignore.decide(&text, &level.decision);
        let ignored = decision.ignored && !self.selection.always.contains(&text);
        let metadata = match fs::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if ignored || is_gone(&error) => return Ok(()),
            Err(error) => return Err(unreadable(&path, &error)),
        };
        if metadata.is_dir() {
            return self.folder(path, name, &text, decision, metadata);
        }
        if ignored {
            return Ok(());
        }
        self.file(&path, &name, &metadata)
    }

    fn folder(
        &mut self,
        path: PathBuf,
        mut name: Vec<u8>,
        text: &[char],
        decision: Decision,
        metadata: Metadata,
    ) -> io::Result<()> {
        let Selection { ignore, always, .. } = self.selection;
        let is_within = |file: &Vec<char>| file.strip_prefix(text).is_some_and(|rest| rest.first() == Some(&'/'));
        if decision.ignored && !ignore.may_except_within(text) && !always.iter().any(is_within) {
            return Ok(());
        }
        let entries = match entries(&path) {
            Ok(entries) => entries,
            Err(error) if decision.ignored || is_gone(&error) => return Ok(()),
            Err(error) => return Err(unreadable(&path, &error)),
        };
        let ignored = decision.ignored;
        name.push(b'/');
        self.levels.push(Level { entries, path, name, decision, metadata: Some(metadata) });
        if ignored { Ok(()) } else { self.folders() }
    }

    /// Writes the entries of parent folders that have none yet.
    fn folders(&mut self) -> io::Result<()> {
        for index in 0..self.levels.len() {
            let pending =
                self.levels.get_mut(index).and_then(|level| level.metadata.take().zip(Some(level.name.clone())));
            if let Some((metadata, name)) = pending {
                self.append((self.header)(&metadata), EntryType::Directory, &name, &mut io::empty())?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, name: &[u8], metadata: &Metadata) -> io::Result<()> {
        if metadata.is_symlink() {
            let target = fs::read_link(path).map_err(|error| unreadable(path, &error))?;
            self.folders()?;
            return self.link((self.header)(metadata), name, target.as_os_str().as_encoded_bytes());
        }
        if metadata.is_file() {
            let file = match open_regular(path) {
                Ok(file) => file,
                Err(error) if is_gone(&error) => return Ok(()),
                Err(error) => return Err(unreadable(path, &error)),
            };
            let metadata = file.metadata().map_err(|error| unreadable(path, &error))?;
            let mut header = (self.header)(&metadata);
            header.set_size(metadata.len());
            self.folders()?;
            return self.append(header, EntryType::Regular, name, &mut Content { file, path, left: metadata.len() });
        }
        if is_fifo(metadata) {
            self.folders()?;
            return self.append((self.header)(metadata), EntryType::Fifo, name, &mut io::empty());
        }
        Ok(()) // sockets and devices are left out
    }

    fn link(&mut self, mut header: Header, name: &[u8], target: &[u8]) -> io::Result<()> {
        let field = &mut header.as_old_mut().linkname;
        if !fits(field, target) {
            self.long(EntryType::GNULongLink, target)?;
        }
        self.append(header, EntryType::Symlink, name, &mut io::empty())
    }

    /// Writes an entry. `data` must have exactly the length in the header.
    fn append(&mut self, mut header: Header, kind: EntryType, name: &[u8], data: &mut impl Read) -> io::Result<()> {
        if !fits(&mut header.as_old_mut().name, name) {
            self.long(EntryType::GNULongName, name)?;
        }
        header.set_entry_type(kind);
        header.set_uid(0);
        header.set_gid(0);
        header.set_cksum();
        self.out.write_all(header.as_bytes())?;
        let length = io::copy(data, self.out)?;
        let rest = length.next_multiple_of(BLOCK) - length;
        io::copy(&mut io::repeat(0).take(rest), self.out).map(drop)
    }

    /// Writes the entry for a name that is too long for the header of the next entry.
    fn long(&mut self, kind: EntryType, name: &[u8]) -> io::Result<()> {
        let mut header = Header::new_gnu();
        header.set_size(name.len() as u64 + 1);
        self.append(header, kind, b"././@LongLink", &mut name.chain(&[0_u8][..]))
    }
}

/// Copies a name into its header field, truncated if needed. Returns whether all of it fits.
fn fits(field: &mut [u8; 100], name: &[u8]) -> bool {
    let room = field.len() - 1;
    field.iter_mut().take(room).zip(name).for_each(|(to, from)| *to = *from);
    name.len() <= room
}

fn header(metadata: &Metadata) -> Header {
    let mut header = Header::new_gnu();
    let since = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    header.set_mtime(since.unwrap_or_default().as_secs());
    header.set_mode(mode(metadata));
    header.set_size(0);
    header
}

#[cfg(unix)]
pub(super) fn mode(metadata: &Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o7777
}

/// The docker CLI's mode on systems where files have none.
#[cfg(not(unix))]
pub(super) fn mode(_: &Metadata) -> u32 {
    0o755
}

#[cfg(unix)]
fn is_fifo(metadata: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_fifo(_: &Metadata) -> bool {
    false
}

/// Returns the names in a folder, sorted.
fn entries(folder: &Path) -> io::Result<std::vec::IntoIter<OsString>> {
    let mut names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names.into_iter())
}

/// Whether a file was removed during the walk. Such a file is left out.
fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

fn unreadable(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot read {} of the build context: {error}", path.display()))
}

/// Reads exactly as many bytes of a file as its header states, even if the file grows meanwhile.
struct Content<'a> {
    file: File,
    path: &'a Path,
    left: u64,
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let buffer = buffer.get_mut(..wanted).unwrap_or_default();
        let length = self.file.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            _ => unreadable(self.path, &error),
        })?;
        if length == 0 && wanted > 0 {
            let words = "the file was truncated while it was read";
            return Err(unreadable(self.path, &io::Error::new(io::ErrorKind::UnexpectedEof, words)));
        }
        self.left -= length as u64;
        Ok(length)
    }
}
