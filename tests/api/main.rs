//! Each operation's exact request, and what engines answer.

#[path = "../support/mod.rs"]
mod support;

#[cfg(feature = "blocking")]
mod blocking;
mod buildkit;
mod buildkit_ends;
mod buildkit_solve;
mod builds;
mod builds_folder;
mod builds_prune;
mod complete;
mod containers_archive;
mod containers_attach;
mod containers_change;
mod containers_create;
#[cfg(feature = "tar")]
mod containers_files;
mod containers_inspect;
mod containers_life;
mod containers_logs;
mod containers_setters;
mod containers_stats;
mod containers_wait;
mod converge;
mod derives;
mod events;
mod exec;
mod images;
mod images_archives;
mod images_made;
mod images_pull;
mod images_registry;
mod mutations;
mod networks;
mod operations;
mod plugins;
mod registries;
mod services;
mod swarm;
mod swarm_recorded;
mod system;
mod texts;
mod volumes;
