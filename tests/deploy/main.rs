//! Runs and projects on an engine that is scripted.

#[path = "../support/mod.rs"]
mod support;

mod hanging;
mod logs;
mod operations;
mod projects;
mod ready;
mod runs;
mod sweep;
