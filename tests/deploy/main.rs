//! Runs and projects on an engine that is scripted.

#[path = "../support/mod.rs"]
mod support;

mod checks;
mod files;
mod hanging;
mod interrupted;
mod logs;
mod operations;
mod projects;
mod ready;
mod runs;
mod sweep;
