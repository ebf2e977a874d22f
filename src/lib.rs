//! A hand-written, typed, async Docker Engine client.

pub mod container;
pub mod image;
pub mod network;
pub mod system;
pub mod volume;
mod wire;

pub use wire::{Map, ParseTimestampError, Timestamp};
