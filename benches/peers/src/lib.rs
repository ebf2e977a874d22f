//! The parts of the benchmark: its subcommands, and what they share.

pub mod engine;
pub mod growth;
pub mod results;
