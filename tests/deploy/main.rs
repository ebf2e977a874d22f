//! Runs and projects on an engine that is scripted.

#[path = "../support/mod.rs"]
mod support;

mod projects;
mod runs;
mod sweep;
