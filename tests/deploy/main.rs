//! Runs and projects on an engine that is scripted.

#[path = "../support/mod.rs"]
mod support;

mod checks;
mod files;
mod projects;
mod runs;
mod sweep;
