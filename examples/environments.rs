//! One application in three environments: planned, deployed, changed, broken, rolled back and taken down.
//!
//! ```sh
//! tests/engine.sh cargo run --example environments      # on any machine: engine, registry and images included
//! cargo run --example environments -- nginx:1.26 nginx:1.27   # with two versions of your own web server, on port 80
//! ```

use longshore::Docker;
use longshore::container::{ContainerSpec, Healthcheck, MIB};
use longshore::deploy::{Deployment, Event, Failure, Project, ProjectEvent, Ready, Service};
use std::error::Error;
use std::time::Instant;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut image =
        |variable| arguments.next().or_else(|| std::env::var(variable).ok()).ok_or("usage: environments IMAGE IMAGE");
    let (first, second) = (image("LONGSHORE_TEST_IMAGE")?, image("LONGSHORE_TEST_IMAGE_2")?);
    let docker = Docker::from_env()?;

    // The images of the tests are pulled once, and are what all services are made from.
    let environments = ["dev", "test", "prod"];
    let deployment = |image: &str, environment: &str| shop(image, &first).deployment(environment, &docker);
    let mut deployments = Vec::new();
    for environment in environments {
        println!("\n== {environment}");
        let deployment = deployment(&first, environment)?.observe(show);
        println!("{}", deployment.plan().await?);
        deployments.push(deployment);
    }
    let shown = used(&deployments, &docker, &first, &second).await;

    println!("\n== taken down");
    for deployment in &deployments {
        deployment.teardown().volumes(true).await?;
    }
    println!("nothing is left");
    shown
}

/// The application: a store with a volume, a web service and a worker behind it; less of it in dev, more in prod.
fn shop(image: &str, shell: &str) -> Project {
    let serve = ContainerSpec::new(image).env("MODE", "base").stop_signal("SIGKILL").health(Healthcheck::none());
    let run = |line: &str| {
        let spec = ContainerSpec::new(shell).cmd(["sh", "-c", line]);
        spec.stop_signal("SIGKILL").health(Healthcheck::none())
    };
    let store = run("echo ready; exec sleep 3600").volume("store", "/data");
    let worker = run("while true; do echo working; sleep 1; done").memory(64 * MIB);
    Project::new("shop")
        .volume("store")
        .service("store", Service::new(store).ready(Ready::log_line("ready")))
        .service("web", Service::new(serve).after("store").replicas(2).ready(Ready::http(80, "/")))
        .service("worker", Service::new(worker).after("store"))
        .environment("dev", |shop| {
            let web = shop.service_mut("web");
            web.replicas = 1;
            web.spec.config.env.set("MODE", "dev");
        })
        .environment("test", |shop| shop.service_mut("web").spec.config.env.set("MODE", "test"))
        .environment("prod", |shop| {
            shop.service_mut("web").replicas = 3;
            shop.service_mut("worker").replicas = 2;
        })
}

async fn used(deployments: &[Deployment], docker: &Docker, first: &str, second: &str) -> Result<(), Box<dyn Error>> {
    println!("\n== deployed, side by side");
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for deployment in deployments {
        let deployment = deployment.clone();
        tasks.push(tokio::spawn(async move { deployment.apply().await }));
    }
    for task in tasks {
        task.await??;
    }
    println!("after {:.1} s", begun.elapsed().as_secs_f64());
    let prod = deployments.last().ok_or("no environment")?;
    for replica in prod.status().await? {
        println!("{replica}");
    }
    println!("again: {}", prod.plan().await?);

    println!("\n== prod gets a new version");
    let new = shop(second, first).deployment("prod", docker)?.observe(show);
    println!("{}", new.plan().await?);
    new.apply().await?;
    println!("page     {}", page(&new).await?);

    println!("\n== a version that is broken");
    let mut project = shop(second, first);
    project.service_mut("web").spec = ContainerSpec::new(first).cmd(["sh", "-c", "echo cannot start; exit 1"]);
    let broken = project.deployment("prod", docker)?.observe(show);
    let failure: Failure = broken.apply().await.expect_err("it ends at once");
    println!("{failure}");
    println!("page     {}  (the version before still serves)", page(&new).await?);

    println!("\n== back to the first version");
    new.rollback().await?;
    println!("page     {}", page(&new).await?);
    Ok(())
}

async fn page(deployment: &Deployment) -> Result<String, Box<dyn Error>> {
    let output = deployment.exec("web", ["wget", "-qO-", "http://127.0.0.1:80/"])?.output().await?;
    Ok(output.stdout_text().trim().to_owned())
}

/// A line for each step of a replica.
fn show(event: &ProjectEvent<'_>) {
    let what = match event.event {
        Event::Pulling(image) => format!("pulling {image}"),
        Event::Created { id, .. } => format!("created {}", id.get(..12).unwrap_or(id)),
        Event::Started => "started".to_owned(),
        Event::Ready => "ready".to_owned(),
        Event::Replaced => "replaced the version before".to_owned(),
        Event::RolledBack => "is the version before again".to_owned(),
        Event::Removed => "removed".to_owned(),
        _ => return,
    };
    match event.target {
        Some(target) => println!("{:<10} {what}", target.to_string()),
        None => println!("{what}"),
    }
}
