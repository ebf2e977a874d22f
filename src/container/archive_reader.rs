//! Reads a tar archive of a container on a blocking thread, in bounded memory.

use super::Archive;
use crate::{Bytes, Result};
use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How many chunks of an archive wait to be written.
const WAITING: usize = 4;
/// The largest headers of an entry, in bytes. They are read into memory, with names and attributes of any length.
const LARGEST_HEADERS: u64 = 1 << 20;

/// Reads an archive on a blocking thread while it arrives. The inner error is what failed on that thread: its text is
/// [`with_causes`].
pub(super) async fn reading<T: Send + 'static>(
    archive: Archive,
    read: impl FnOnce(tar::Archive<Pieces>, &Cell<u64>) -> io::Result<T> + Send + 'static,
) -> Result<io::Result<T>> {
    let (sender, receiver) = channel(WAITING);
    let reading = tokio::task::spawn_blocking(move || {
        let room = Rc::new(Cell::new(u64::MAX));
        let pieces = Pieces { receiver, piece: Bytes::new(), is_whole: false, room: room.clone() };
        read(tar::Archive::new(pieces), &room)
    });
    let sent = send(archive, sender).await;
    // Whatever was sent: the reader may have files to remove before the call ends.
    let read = reading.await.unwrap_or_else(|error| Err(io::Error::other(error)));
    sent.map(|()| read)
}

/// Sends the chunks of the archive, and an empty one as its end. An archive that is cut off, or a call that is dropped, sends none.
async fn send(mut archive: Archive, sender: Sender<Bytes>) -> Result<()> {
    while let Some(piece) = archive.next().await.transpose()? {
        if sender.send(piece).await.is_err() {
            return Ok(()); // the reader has all that it needs, or has failed
        }
    }
    let _ = sender.send(Bytes::new()).await;
    Ok(())
}

/// Describes an error of `tar`, which names the file but leaves the reason to its source.
pub(super) fn with_causes(error: &io::Error) -> String {
    causes(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Returns whether an error is that of this machine, not of the archive, which is read from memory.
pub(super) fn is_local(error: &io::Error) -> bool {
    let is_local = |error: &io::Error| error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Unsupported;
    causes(error).any(|error| error.downcast_ref().is_some_and(is_local))
}

fn causes(error: &io::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error as _), |error: &&(dyn std::error::Error + 'static)| error.source())
}

/// Reads the headers of the next entry. Returns how long they are, too.
pub(super) fn next<'a>(
    entries: &mut tar::Entries<'a, Pieces>,
    room: &Cell<u64>,
) -> Option<io::Result<(tar::Entry<'a, Pieces>, u64)>> {
    room.set(LARGEST_HEADERS);
    let entry = entries.next();
    let headers = LARGEST_HEADERS - room.replace(u64::MAX);
    entry.map(|entry| entry.map(|entry| (entry, headers)))
}

/// The chunks of an archive, read on another thread.
pub(super) struct Pieces {
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
