//! What the engine says about containers.

mod storage;

pub use storage::{DriverData, RootFsStorage, Snapshot, Storage};
