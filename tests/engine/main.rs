//! On a real engine: run with `tests/engine.sh`, see README.

#[path = "../support/mod.rs"]
mod support;

mod buildkit;
mod builds;
mod builds_context;
mod containers_attach;
mod containers_change;
mod containers_create;
mod containers_files;
mod containers_life;
mod containers_list;
mod containers_logs;
mod containers_stats;
mod containers_wait;
mod deploy;
mod events;
mod exec;
mod guards;
mod images;
mod images_archives;
mod images_registry;
mod lookups;
mod networks;
mod projects;
mod projects_faults;
mod projects_interrupted;
mod projects_names;
mod projects_operations;
mod projects_ready;
mod projects_rollback;
mod projects_supervised;
mod prunes;
mod pull;
mod registries;
mod secrets;
mod ssh;
mod swarm;
mod swarm_nodes;
mod swarm_projects;
mod sweep;
mod system;
mod tls;
mod volumes;
