//! The parts of the benchmark: its subcommands, and what they share.

#![allow(clippy::missing_panics_doc, clippy::must_use_candidate, reason = "a benchmark, and nobody's library")]

pub mod calls;
pub mod contender;
pub mod core;
pub mod engine;
pub mod growth;
pub mod measure;
pub mod operation;
pub mod plot;
pub mod results;
pub mod stub;
pub mod targets;
pub mod weight;
