//! Shows the logs of all containers with a label in one stream, each line with its container's name. Includes
//! containers that start later.
//!
//! ```sh
//! cargo run --example logs -- com.example.app=shop
//! tests/engine.sh cargo run --example logs         # on any machine: two containers that count
//! ```
//!
//! ```text
//! one  | 2026-11-29T17:03:11.402Z 1
//! two  | 2026-11-29T17:03:11.519Z 1
//! ```

use longshore::container::{Container, ContainerSpec};
use longshore::system::{ActionKind, EventType};
use longshore::{Docker, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    match std::env::args().nth(1) {
        Some(label) => follow(&docker, &label).await?,
        None => show(&docker).await?,
    }
    Ok(())
}

/// Follows the logs of all containers with the label, until the stream of events ends.
async fn follow(docker: &Docker, label: &str) -> longshore::Result<()> {
    // Subscribe to events before listing, so that no container that starts in between is missed.
    let mut starts = docker.events().kind(EventType::Container).action(ActionKind::Start).label(label).await?;
    let (mut logs, mut positions) = (JoinSet::new(), HashMap::<String, Position>::new());
    let mut follow = |id: String| {
        let position = positions.entry(id.clone()).or_default().clone();
        logs.spawn(print(docker.container(id), position));
    };
    docker.containers().list().label(label).await?.into_iter().for_each(|container| follow(container.id));
    while let Some(start) = starts.next().await {
        follow(start?.actor.id);
    }
    Ok(())
}

/// The time of the last line of a container. Whoever follows its log holds the lock, until the container exits. So a container that is
/// listed and also starts is followed once, and a restarted one goes on after its last line.
type Position = Arc<Mutex<Option<Timestamp>>>;

async fn print(container: Container, position: Position) -> longshore::Result<()> {
    let mut last = position.lock().await;
    let before = *last; // `since` includes its own time
    let inspected = container.inspect().await?;
    let logs = container.logs().follow(true).timestamps(true);
    let logs = if let Some(last) = *last { logs.since(last) } else { logs };
    let mut lines = logs.await?.lines();
    while let Some(line) = lines.next().await {
        let line = line?;
        if line.time.is_none_or(|time| Some(time) > before) {
            let time = line.time.map(|time| time.to_string()).unwrap_or_default();
            println!("{:<12} | {time} {}", inspected.plain_name(), line.text);
            *last = (*last).max(line.time);
        }
    }
    Ok(())
}

/// Runs two containers that count to three, and shows their logs until both have exited.
async fn show(docker: &Docker) -> Result<(), Box<dyn std::error::Error>> {
    let image = std::env::var("LONGSHORE_TEST_IMAGE").map_err(|_| "usage: logs LABEL")?;
    let mut counting = Vec::new();
    docker.images().pull(image.as_str()).await?;
    let reading = tokio::spawn({
        let docker = docker.clone();
        async move { follow(&docker, "dev.longshore.example=logs").await }
    });
    for name in ["longshore-one", "longshore-two"] {
        let line = "for i in 1 2 3; do echo $i; sleep 0.2; done";
        let spec = ContainerSpec::new(&image).cmd(["sh", "-c", line]).label("dev.longshore.example", "logs");
        let container = docker.containers().create(spec).name(name).await?;
        container.start().await?;
        counting.push(container);
    }
    for container in counting {
        container.wait().await?;
        container.remove().force(true).await?;
    }
    reading.abort();
    Ok(())
}
