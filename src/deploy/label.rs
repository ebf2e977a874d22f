//! The labels that mark what a run creates.

/// The key. The value is the random ID of the run.
pub(super) const LABEL: &str = "dev.longshore.run";

/// Marks a container that is removed when its `Running` is dropped, so that a sweep may remove it while it runs, and the networks
/// of its run, so that the last run that uses them removes them.
pub(super) const TEMPORARY: &str = "dev.longshore.run.temporary";
