//! Watches an engine, and restarts containers with a certain label that become unhealthy. If the connection closes, it
//! resumes the events from where they stopped.
//!
//! ```sh
//! cargo run --example watch                        # those with the label autoheal=true, until Ctrl-C
//! tests/engine.sh cargo run --example watch        # on any machine: one that becomes ill
//! ```
//!
//! ```text
//! longshore-ill is unhealthy: restarted
//! ```

use longshore::Docker;
use longshore::container::{ContainerSpec, Healthcheck};
use longshore::system::{ActionKind, EventType, Happening};
use std::time::Duration;

const LABEL: &str = "autoheal";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let health =
        docker.events().kind(EventType::Container).action(ActionKind::HealthStatus).label(format!("{LABEL}=true"));
    let mut health = health.reconnecting().await?;
    let ill = match std::env::var("LONGSHORE_TEST_IMAGE") {
        Ok(image) => Some(begin_ill(&docker, &image).await?),
        Err(_) => None,
    };
    while let Some(happening) = health.next().await {
        match happening? {
            Happening::Event(event) if event.action.detail.as_deref() == Some("unhealthy") => {
                let name = event.actor.attributes.get("name").cloned().unwrap_or_default();
                docker.container(&event.actor.id).restart().timeout(Duration::from_secs(1)).await?;
                println!("{name} is unhealthy: restarted");
                if ill.is_some() {
                    break;
                }
            }
            // Events may have been missed meanwhile. A real program checks the current state here.
            Happening::Gap { .. } => println!("connected again"),
            _ => {}
        }
    }
    if let Some(ill) = ill {
        ill.remove().force(true).await?;
    }
    Ok(())
}

/// Runs a container that is unhealthy from the start.
async fn begin_ill(docker: &Docker, image: &str) -> longshore::Result<longshore::container::Container> {
    docker.images().pull(image).await?;
    let check = Healthcheck::shell("false").interval(Duration::from_millis(200)).retries(1);
    let spec = ContainerSpec::new(image).cmd(["sleep", "600"]).label(LABEL, "true").health(check);
    let ill = docker.containers().create(spec).name("longshore-ill").await?;
    ill.start().await?;
    Ok(ill)
}
