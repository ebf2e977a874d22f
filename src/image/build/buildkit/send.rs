//! Sends a folder to the engine: first the metadata of all files, then the content of those that the engine requests.

use super::grpc::Status;
use super::packets::{Incoming, Outgoing};
use super::proto::{Packet, PacketType, Stat};
use super::walk::{Entry, Wanted, invalid, unreadable, walk};
use crate::transport::open_regular;
use crate::wire::file_mode::{DIR, PIPE, SETGID, SETUID, STICKY, SYMLINK};
use bytes::BytesMut;
use std::collections::HashMap;
use std::fs::Metadata;
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// The data of a file in one message, in bytes.
const PIECE: usize = 32 << 10;

/// Sends the wanted files of a folder. Blocks.
pub(super) fn send(root: &Path, wanted: &Wanted, mut engine: Incoming<Packet>, to: &Outgoing) -> Result<(), Status> {
    match tell(root, wanted, to) {
        Ok(files) => serve(&files, &mut engine, to),
        Err(Failed::Engine(status)) => Err(status),
        Err(Failed::File(error)) => {
            to.error(&error.to_string())?;
            // The engine ends the call after it receives the error.
            while let Some(packet) = engine.next()? {
                if packet.kind() == PacketType::Err {
                    break;
                }
            }
            Err(Status::unknown(error.to_string()))
        }
    }
}

enum Failed {
    Engine(Status),
    File(io::Error),
}

/// Sends the metadata of each file. Returns the files that the engine can request, by their numbers.
fn tell(root: &Path, wanted: &Wanted, to: &Outgoing) -> Result<Vec<Option<PathBuf>>, Failed> {
    let (mut files, mut links, mut failed) = (Vec::new(), HashMap::new(), None);
    let walked = walk(root, wanted, &mut |entry| {
        if entry.metadata.file_type().is_socket() {
            return Ok(()); // left out, as by the classic builder
        }
        let (stat, is_file) = stat(entry, &mut links)?;
        files.push(is_file.then(|| entry.file.to_owned()));
        to.stat(Some(stat)).map_err(|status| {
            failed = Some(status);
            io::ErrorKind::BrokenPipe.into()
        })
    });
    match (failed, walked) {
        (Some(status), _) => Err(Failed::Engine(status)),
        (None, Err(error)) => Err(Failed::File(error)),
        (None, Ok(())) => to.stat(None).map(|()| files).map_err(Failed::Engine),
    }
}

/// Returns a file's metadata for the engine, and whether the engine can request its content.
fn stat(entry: &Entry<'_>, links: &mut HashMap<(u64, u64), String>) -> io::Result<(Stat, bool)> {
    let Entry { path, file, metadata } = entry;
    let mut stat = Stat { path: path.clone(), mode: mode(metadata), mod_time: modified(metadata), ..Stat::default() };
    let kind = metadata.file_type();
    if kind.is_dir() {
        stat.mode |= DIR;
    } else if kind.is_symlink() {
        let target = std::fs::read_link(file).map_err(|error| unreadable(file, &error))?;
        let target = target.into_os_string().into_string();
        stat.link_name = target.map_err(|_| invalid(file, "it is a link to a name that is not UTF-8"))?;
        stat.size = i64::try_from(stat.link_name.len()).unwrap_or(i64::MAX);
        stat.mode |= SYMLINK;
    } else if kind.is_fifo() {
        stat.mode |= PIPE;
    } else if !kind.is_file() {
        return Err(invalid(file, "it is a device"));
    } else if let Some(first) = links.get(&(metadata.dev(), metadata.ino())) {
        stat.link_name.clone_from(first);
    } else {
        if metadata.nlink() > 1 {
            links.insert((metadata.dev(), metadata.ino()), path.clone());
        }
        stat.size = i64::try_from(metadata.len()).unwrap_or(i64::MAX);
        return Ok((stat, true));
    }
    Ok((stat, false))
}

fn mode(metadata: &Metadata) -> u32 {
    let mode = metadata.mode();
    let bits = [(0o4000, SETUID), (0o2000, SETGID), (0o1000, STICKY)];
    bits.into_iter().filter(|(bit, _)| mode & bit != 0).fold(mode & 0o777, |all, (_, go)| all | go)
}

fn modified(metadata: &Metadata) -> i64 {
    metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec())
}

/// Sends the files that the engine requests.
fn serve(files: &[Option<PathBuf>], engine: &mut Incoming<Packet>, to: &Outgoing) -> Result<(), Status> {
    while let Some(packet) = engine.next()? {
        match packet.kind() {
            PacketType::Req => {
                let index = usize::try_from(packet.id).unwrap_or(usize::MAX);
                let Some(Some(file)) = files.get(index) else {
                    return Err(Status::unknown(format!("the engine requested file {index}, which does not exist")));
                };
                content(file, packet.id, to)?;
            }
            PacketType::Fin => return to.fin(),
            PacketType::Err => return Err(Status::unknown(String::from_utf8_lossy(&packet.data))),
            PacketType::Stat | PacketType::Data => {
                return Err(Status::unknown("the engine sent a file during an upload"));
            }
        }
    }
    Ok(())
}

/// Sends a file's content, even if its length has changed since the metadata was sent.
fn content(path: &Path, id: u32, to: &Outgoing) -> Result<(), Status> {
    let failed = |error: io::Error| {
        let error = unreadable(path, &error).to_string();
        to.error(&error).err().unwrap_or(Status::unknown(error))
    };
    let mut file = open_regular(path).map_err(failed)?;
    loop {
        let mut buffer = BytesMut::zeroed(PIECE);
        match file.read(&mut buffer) {
            Ok(length) => {
                buffer.truncate(length);
                to.data(id, buffer.freeze())?;
                if length == 0 {
                    return Ok(());
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
}
