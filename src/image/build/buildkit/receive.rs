//! Receives an export to a local folder or file. The engine chooses the names in a folder, so each is checked to be inside.

use super::grpc::Status;
use super::packets::{Incoming, Outgoing};
use super::proto::{BytesMessage, Packet, PacketType, Stat};
use crate::wire::file_mode::{DIR, KINDS, SYMLINK};
use std::collections::{HashMap, VecDeque};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

/// The number of files that are requested at the same time. Engines stop reading requests while more than about a hundred
/// of them wait.
const MOST_REQUESTED: usize = 64;

/// Receives an export to a folder. Blocks.
pub(super) fn folder(root: &Path, mut engine: Incoming<Packet>, to: &Outgoing) -> Result<(), Status> {
    let outcome = receive(root, &mut engine, to);
    if let Err(Failed::Here(why)) = &outcome {
        to.error(why)?;
    }
    outcome.map_err(|failed| match failed {
        Failed::Engine(status) => status,
        Failed::Here(why) => Status::unknown(why),
    })
}

enum Failed {
    Engine(Status),
    Here(String),
}

impl From<Status> for Failed {
    fn from(status: Status) -> Self {
        Self::Engine(status)
    }
}

fn receive(root: &Path, engine: &mut Incoming<Packet>, to: &Outgoing) -> Result<(), Failed> {
    fs::create_dir_all(root).map_err(|error| Failed::Here(format!("cannot export to {}: {error}", root.display())))?;
    let mut export = Export {
        root,
        folders: Vec::new(),
        files: HashMap::new(),
        waiting: VecDeque::new(),
        made: HashMap::new(),
        next: 0,
    };
    let (mut is_all, mut has_ended) = (false, false);
    while let Some(packet) = engine.next()? {
        match (packet.kind(), packet.stat) {
            (PacketType::Stat, Some(stat)) => export.entry(&stat, to)?,
            (PacketType::Stat, None) => is_all = true,
            (PacketType::Data, _) => export.data(packet.id, &packet.data, to)?,
            (PacketType::Fin, _) if has_ended => return Ok(()),
            (PacketType::Fin, _) => break,
            (PacketType::Err, _) => return Err(Status::unknown(String::from_utf8_lossy(&packet.data)).into()),
            (PacketType::Req, _) => {
                return Err(Failed::Here("the engine requested a file during an export".to_owned()));
            }
        }
        if is_all && export.files.is_empty() {
            (is_all, has_ended) = (false, true); // send `Fin` only once
            // The engine ends the build as soon as it receives `Fin`.
            export.end().map_err(Failed::Here)?;
            to.fin()?;
        }
    }
    Err(Failed::Here("the engine ended the export early".to_owned()))
}

/// An export to a folder.
struct Export<'a> {
    root: &'a Path,
    /// Created folders, with the modes and times to set after everything is in them.
    folders: Vec<(PathBuf, Stat)>,
    /// Created files without their content yet, by their numbers.
    files: HashMap<u32, (PathBuf, Stat, Option<File>)>,
    /// Those of them that were not requested yet.
    waiting: VecDeque<u32>,
    /// Created paths, and whether each is a folder. Only these folders may get content, and only these files a hard link.
    made: HashMap<PathBuf, bool>,
    next: u32,
}

impl Export<'_> {
    fn entry(&mut self, stat: &Stat, to: &Outgoing) -> Result<(), Failed> {
        let id = self.next;
        self.next = self.next.saturating_add(1);
        let path = self.place(&stat.path).map_err(Failed::Here)?;
        let is_folder = stat.mode & DIR != 0;
        if self.made.insert(PathBuf::from(&stat.path), is_folder).is_some() {
            return Err(Failed::Here(format!("the engine wants to export {:?} twice", stat.path)));
        }
        let failed = |error: io::Error| Failed::Here(format!("cannot export {}: {error}", path.display()));
        if is_folder {
            if !fs::symlink_metadata(&path).is_ok_and(|there| there.is_dir()) {
                make_room(&path).and_then(|()| fs::create_dir(&path)).map_err(failed)?;
            }
            self.folders.push((path.clone(), stat.clone()));
            return Ok(());
        }
        make_room(&path).map_err(failed)?;
        if stat.mode & SYMLINK != 0 {
            return symlink(&stat.link_name, &path).map_err(failed);
        }
        if stat.mode & KINDS != 0 {
            return Err(Failed::Here(format!("cannot export {}: it is a device, a pipe or a socket", stat.path)));
        }
        if stat.link_name.is_empty() {
            let file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(failed)?;
            // Closed until its content arrives, because there may be more files than the limit of open files.
            drop(file);
            self.files.insert(id, (path, stat.clone(), None));
            self.waiting.push_back(id);
            return self.request(to);
        }
        let first = self.place(&stat.link_name).map_err(Failed::Here)?;
        if self.made.get(Path::new(&stat.link_name)) != Some(&false) {
            return Err(Failed::Here(format!("cannot export {}: it is a link to {}", stat.path, stat.link_name)));
        }
        fs::hard_link(first, &path).map_err(failed)
    }

    /// Returns the local path for an entry. Its parent folder must be one that this export created, so that no symlink
    /// leads outside.
    fn place(&self, path: &str) -> Result<PathBuf, String> {
        let refused = || format!("the engine wants to export {path:?}, which is outside of the folder");
        let named = Path::new(path);
        let is_within = !path.is_empty() && named.components().all(|part| matches!(part, Component::Normal(_)));
        let folder = named.parent().filter(|folder| !folder.as_os_str().is_empty());
        if !is_within || folder.is_some_and(|folder| self.made.get(folder) != Some(&true)) {
            return Err(refused());
        }
        Ok(self.root.join(named))
    }

    /// Requests as many files as may be requested at the same time.
    fn request(&mut self, to: &Outgoing) -> Result<(), Failed> {
        while self.files.len() - self.waiting.len() < MOST_REQUESTED {
            let Some(id) = self.waiting.pop_front() else { break };
            to.request(id)?;
        }
        Ok(())
    }

    fn data(&mut self, id: u32, data: &[u8], to: &Outgoing) -> Result<(), Failed> {
        let Some((path, stat, file)) = self.files.get_mut(&id) else {
            return Err(Failed::Here(format!("the engine sent file {id}, which was not requested")));
        };
        let failed = |error: io::Error| Failed::Here(format!("cannot export {}: {error}", path.display()));
        let mut open = match file.take() {
            Some(file) => file,
            None => OpenOptions::new().write(true).open(&*path).map_err(failed)?,
        };
        if data.is_empty() {
            let finished = finish(&open, stat);
            finished.map_err(failed)?;
            self.files.remove(&id);
            return self.request(to);
        }
        open.write_all(data).map_err(failed)?;
        *file = Some(open);
        Ok(())
    }

    /// Sets the modes and times of folders last, because a folder may be read-only.
    fn end(&self) -> Result<(), String> {
        for (path, stat) in self.folders.iter().rev() {
            let finished = File::open(path).and_then(|folder| finish(&folder, stat));
            finished.map_err(|error| format!("cannot export {}: {error}", path.display()))?;
        }
        Ok(())
    }
}

/// Removes an existing file. Fails if it is a folder.
fn make_room(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn finish(file: &File, stat: &Stat) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(stat.mode & 0o777))?;
    let time = UNIX_EPOCH + Duration::from_nanos(u64::try_from(stat.mod_time).unwrap_or_default());
    file.set_modified(time)
}

/// Receives an export to a file, which gets its name only when complete. Blocks.
pub(super) fn file(path: &Path, mut engine: Incoming<BytesMessage>) -> Result<(), Status> {
    let part = part_of(path);
    let written =
        write(&part, &mut engine).and_then(|()| fs::rename(&part, path).map_err(|error| cannot(path, &error)));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}

fn write(path: &Path, engine: &mut Incoming<BytesMessage>) -> Result<(), Status> {
    let mut file = File::create(path).map_err(|error| cannot(path, &error))?;
    while let Some(BytesMessage { data }) = engine.next()? {
        file.write_all(&data).map_err(|error| cannot(path, &error))?;
    }
    file.sync_all().map_err(|error| cannot(path, &error))
}

fn part_of(path: &Path) -> PathBuf {
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".{}.part", crate::wire::random_id()));
    part.into()
}

fn cannot(path: &Path, error: &io::Error) -> Status {
    Status::unknown(format!("cannot export to {}: {error}", path.display()))
}
