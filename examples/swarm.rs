//! Runs a service on a swarm: creates it, scales it, breaks it and rolls it back, with a line for each of its tasks.
//!
//! ```sh
//! tests/engine.sh --private cargo run --example swarm   # on any machine: it begins a swarm on an engine of its own
//! cargo run --example swarm -- nginx:1.27               # on the swarm that your engine manages
//! ```
//!
//! ```text
//! vm               ready active
//!
//! == created
//! web.1            preparing
//! web.2            preparing
//! web.1            running
//! web.2            running
//! …
//! == a version that is broken
//! the service longshore-example did not converge: it was rolled back: rollback completed; its task vgevh8xg… is failed: task:
//! non-zero exit (1)
//! log              cannot start
//! longshore-example 3 of 4 tasks run
//! ```

mod bars;

use bars::Bars;
use longshore::Docker;
use longshore::container::Healthcheck;
use longshore::service::{FailureAction, Service, ServiceSpec, UpdateConfig, UpdateOrder};
use std::collections::HashMap;
use std::error::Error;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const NAME: &str = "longshore-example";

#[tokio::main]
async fn main() -> Result<()> {
    let docker = Docker::from_env()?;
    let given = std::env::args().nth(1);
    let image = given.clone().or_else(|| std::env::var("LONGSHORE_TEST_IMAGE").ok());
    let image = image.ok_or("usage: swarm IMAGE, on the manager of a swarm")?;
    // Under tests/engine.sh --private the engine is ours, so start a swarm. Otherwise there must be one.
    let is_begun = given.is_none() && docker.swarm().inspect().await.is_err();
    if is_begun {
        docker.swarm().init().advertise_addr("127.0.0.1").await?;
    }
    let shown = show(&docker, &image).await;
    let _ = docker.service(NAME).remove().await; // it may not exist yet
    if is_begun {
        docker.swarm().leave().force(true).await?;
    }
    shown
}

async fn show(docker: &Docker, image: &str) -> Result<()> {
    for node in docker.nodes().list().await? {
        println!("{:<16} {} {}", node.description.hostname, node.status.state, node.spec.availability);
    }
    println!("\n== created");
    let update = UpdateConfig::new().order(UpdateOrder::StartFirst).monitor("2s");
    let spec = ServiceSpec::new(NAME, image).replicas(2).health(Healthcheck::none());
    let spec = spec.rollback_config(update.clone()).update_config(update.failure_action(FailureAction::Rollback));
    let web = docker.services().create(spec).await?;
    converge(&web).await?;

    println!("\n== scaled");
    web.update(|spec| spec.replicas(4)).attempts(5).await?;
    converge(&web).await?;

    println!("\n== a version that is broken");
    web.update(|spec| spec.command(["sh", "-c", "echo cannot start; exit 1"])).attempts(5).await?;
    let failure = web.converge().deadline("2m").await.expect_err("it ends at once");
    println!("{failure}");
    let lines = web.logs().tail(10).stderr(false).await?;
    let mut lines = lines.lines();
    while let Some(line) = lines.next().await {
        println!("log              {}", line?);
    }
    for service in docker.services().list().status(true).name(NAME).await? {
        let counts = service.service_status.unwrap_or_default();
        println!("{:<16} {} of {} tasks run", service.spec.name, counts.running_tasks, counts.desired_tasks);
    }
    Ok(())
}

/// Waits until the service has converged, with a line for each task.
async fn converge(service: &Service) -> Result<()> {
    let (mut bars, mut shown) = (Bars::default(), HashMap::new());
    let converge = service.converge().observe(move |progress| {
        for task in &progress.tasks {
            let name = format!("web.{}", task.slot.unwrap_or_default());
            let state = match &task.status.error {
                Some(error) => format!("{} ({error})", task.status.state),
                None => task.status.state.to_string(),
            };
            if shown.insert(name.clone(), state.clone()).as_ref() != Some(&state) {
                bars.service(&name, &state);
            }
        }
    });
    Ok(converge.await?)
}
