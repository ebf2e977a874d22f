//! Who is measured.

mod bare_hyper;
mod cat;
mod decode;
mod floor;
mod legacy_client;
mod ours;
mod theirs;

use crate::operation::{Kind, Operation};
use std::path::Path;
use tokio::runtime::Runtime;

/// Something that does operations.
pub trait Contender {
    /// Does an operation so many times, one after the other.
    fn run(&mut self, operation: Operation, times: u64);

    /// Waits for so long without anything to do, with what it has kept.
    fn idle(&mut self, until: tokio::sync::oneshot::Receiver<()>) {
        until.blocking_recv().expect("an end");
    }
}

/// By its name; `file` is what uploads send.
pub fn connect(name: &str, socket: &Path, file: &Path) -> Option<Box<dyn Contender>> {
    Some(match name {
        "cat" => Box::new(cat::Cat::connect(socket, file)),
        "floor" => Box::new(floor::Floor::connect(socket)),
        "hyper" => Box::new(bare_hyper::BareHyper::connect(socket)),
        "legacy" => Box::new(legacy_client::LegacyClient::connect(socket)),
        "bollard" => Box::new(theirs::Bollard::connect(socket, file)),
        "longshore" => Box::new(ours::Longshore::connect(socket, file)),
        _ => return None,
    })
}

/// Who does which operation in this process: the first is what the others are compared with.
pub fn of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Ping | Kind::Inspect => &["floor", "hyper", "legacy", "bollard", "longshore"],
        Kind::List | Kind::Pull => &["floor", "hyper", "bollard", "longshore"],
        Kind::LogsPacked | Kind::LogsChunked => &["cat", "floor", "hyper", "bollard", "longshore"],
        Kind::Callers => &["hyper", "bollard", "longshore"],
        Kind::Build | Kind::Load => &["cat", "bollard", "longshore"],
        Kind::Save => &["cat", "hyper", "bollard", "longshore"],
    }
}

/// What everybody who needs one runs on.
fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}
