//! Connects the messages of a call with a thread that reads or writes files.

use super::grpc::{Call, Responder, Status, framed};
use super::proto::{Packet, PacketType, Stat};
use bytes::Bytes;
use prost::Message;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;

/// The number of messages that may wait in each direction.
const WAITING: usize = 32;

/// Serves a call on a blocking thread. The work ends with the call, and the call with the work.
pub(super) async fn serve<T: Message + Default + 'static>(
    call: Call,
    work: impl FnOnce(Incoming<T>, Outgoing) -> Result<(), Status> + Send + 'static,
) -> (Responder, Result<(), Status>) {
    let Call { mut messages, mut responder, .. } = call;
    let (heard, hear) = channel(WAITING);
    let (say, mut said) = channel(WAITING);
    let mut listening = JoinSet::new(); // stops when dropped
    listening.spawn(async move {
        loop {
            let next = messages.next::<T>().await;
            let is_last = !matches!(next, Ok(Some(_)));
            if heard.send(next).await.is_err() || is_last {
                return;
            }
        }
    });
    let work = tokio::task::spawn_blocking(move || work(Incoming(hear), Outgoing(say)));
    let mut sent = Ok(());
    while let Some(message) = said.recv().await {
        sent = responder.send_framed(message).await;
        if sent.is_err() {
            break;
        }
    }
    drop((said, listening));
    let done = work.await.unwrap_or_else(|error| Err(Status::unknown(error.to_string())));
    (responder, sent.and(done))
}

/// The engine's messages. Their end is an item too, so that a cancelled call, which has none, is not taken for a complete one.
pub(super) struct Incoming<T>(Receiver<Result<Option<T>, Status>>);

impl<T> Incoming<T> {
    /// Returns the next message, or `None` after the engine's last one. Blocks.
    pub(super) fn next(&mut self) -> Result<Option<T>, Status> {
        self.0.blocking_recv().unwrap_or_else(|| Err(Status::unknown("the call was cancelled")))
    }
}

/// The messages to the engine.
pub(super) struct Outgoing(Sender<Bytes>);

impl Outgoing {
    pub(super) fn message(&self, message: &impl Message) -> Result<(), Status> {
        self.0.blocking_send(framed(message)).map_err(|_| Status::unknown("the call has ended"))
    }

    /// Sends a file's metadata, or `None` after the last file.
    pub(super) fn stat(&self, stat: Option<Stat>) -> Result<(), Status> {
        self.message(&Packet { stat, ..Packet::default() })
    }

    /// Requests the content of a file, by its number.
    pub(super) fn request(&self, id: u32) -> Result<(), Status> {
        self.message(&Packet { kind: PacketType::Req.into(), id, ..Packet::default() })
    }

    /// Sends a chunk of a file. An empty chunk is the end of the file.
    pub(super) fn data(&self, id: u32, data: Bytes) -> Result<(), Status> {
        self.message(&Packet { kind: PacketType::Data.into(), id, data, ..Packet::default() })
    }

    pub(super) fn fin(&self) -> Result<(), Status> {
        self.message(&Packet { kind: PacketType::Fin.into(), ..Packet::default() })
    }

    /// Sends an error that ends the transfer.
    pub(super) fn error(&self, why: &str) -> Result<(), Status> {
        let data = Bytes::copy_from_slice(why.as_bytes());
        self.message(&Packet { kind: PacketType::Err.into(), data, ..Packet::default() })
    }
}
