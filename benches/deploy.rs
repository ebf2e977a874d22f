//! Twenty services on a real engine: deployed by a plan, and by `docker run` for each, all at once.
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
}

async fn planned(docker: &Docker, image: &str) -> Duration {
    let spec = ContainerSpec::new(image).stop_signal("SIGKILL").health(Healthcheck::none());
    let services = (0..SERVICES).map(|index| (format!("service{index}"), Service::new(&spec)));
    let project = services.fold(Project::new(NAME), |project, (name, service)| project.service(name, service));
    let deployment = project.deployment("bench", docker).unwrap();
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
