//! Containers.

mod answer;

pub use answer::{DriverData, RootFsStorage, Snapshot, Storage};
