//! Twenty services on a real engine: deployed by a plan, and by `docker run` for each, all at once. And what a plan of fifty that
//! are as they are to be takes beside its four lists.
//!
//! ```sh
//! tests/engine.sh cargo bench --bench deploy      # needs the docker CLI
//! ```

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark")]

use longshore::Docker;
use longshore::container::{ContainerSpec, Healthcheck};
use longshore::deploy::{Project, Service};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SERVICES: usize = 20;
const ROUNDS: usize = 5;
const CONVERGED: usize = 50;
const PLANS: usize = 40;
const NAME: &str = "longshore-bench";

#[tokio::main]
async fn main() {
    let Ok(image) = std::env::var("LONGSHORE_TEST_IMAGE") else {
        println!("run under tests/engine.sh: there is no engine to deploy to");
        return;
    };
    let docker = Docker::from_env().unwrap();
    docker.images().pull(image.as_str()).await.unwrap();
    let mut ratios = Vec::new();
    for round in 0..ROUNDS {
        let (ours, theirs) = if round % 2 == 0 {
            (planned(&docker, &image).await, by_commands(&image))
        } else {
            let theirs = by_commands(&image);
            (planned(&docker, &image).await, theirs)
        };
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        println!("{SERVICES} services: planned {ours:.2?}, by commands {theirs:.2?}, ratio {ratio:.2}");
        ratios.push(ratio);
    }
    ratios.sort_by(f64::total_cmp);
    println!("wall time of a plan / of `docker run` in parallel: {:.2}", ratios[ROUNDS / 2]);
    converged(&docker, &image).await;
}

fn project(image: &str, services: usize) -> Project {
    let spec = ContainerSpec::new(image).stop_signal("SIGKILL").health(Healthcheck::none());
    let services = (0..services).map(|index| (format!("service{index}"), Service::new(&spec)));
    services.fold(Project::new(NAME), |project, (name, service)| project.service(name, service))
}

/// A plan of what is as it is to be, beside the same four lists.
async fn converged(docker: &Docker, image: &str) {
    let deployment = project(image, CONVERGED).deployment("bench", docker).unwrap();
    deployment.apply().await.unwrap();
    let mut ratios = Vec::new();
    for _ in 0..PLANS {
        let begun = Instant::now();
        assert!(deployment.plan().await.unwrap().is_empty());
        let plan = begun.elapsed();
        let begun = Instant::now();
        let label = format!("dev.longshore.project={NAME}");
        docker.networks().list().label(&label).await.unwrap();
        docker.volumes().list().label(&label).await.unwrap();
        docker.images().list().await.unwrap();
        assert_eq!(docker.containers().list().all(true).label(&label).await.unwrap().len(), CONVERGED);
        ratios.push(plan.as_secs_f64() / begun.elapsed().as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    println!("wall time of a plan of {CONVERGED} services / of its four lists: {:.2}", ratios[PLANS / 2]);
    deployment.teardown().await.unwrap();
}

async fn planned(docker: &Docker, image: &str) -> Duration {
    let deployment = project(image, SERVICES).deployment("bench", docker).unwrap();
    let begun = Instant::now();
    deployment.apply().await.unwrap();
    let took = begun.elapsed();
    deployment.teardown().await.unwrap();
    took
}

fn by_commands(image: &str) -> Duration {
    let begun = Instant::now();
    assert!(docker(&["network", "create", NAME]).wait().unwrap().success());
    let name = |index: usize| format!("{NAME}-{index}");
    let run = |index| docker(&["run", "-d", "--no-healthcheck", "--name", &name(index), "--network", NAME, image]);
    let running: Vec<_> = (0..SERVICES).map(run).collect();
    for mut command in running {
        assert!(command.wait().unwrap().success());
    }
    let took = begun.elapsed();
    let names: Vec<_> = (0..SERVICES).map(name).collect();
    let mut remove = vec!["rm", "-f", "-v"];
    remove.extend(names.iter().map(String::as_str));
    assert!(docker(&remove).wait().unwrap().success());
    assert!(docker(&["network", "rm", NAME]).wait().unwrap().success());
    took
}

fn docker(arguments: &[&str]) -> Child {
    Command::new("docker").args(arguments).stdout(Stdio::null()).spawn().unwrap()
}
