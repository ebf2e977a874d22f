//! Longshore, as anybody calls it.

use super::work::in_tasks;
use super::{Client, Failure, NAME};
use longshore::Docker;
use longshore::container::ContainerSpec;
use std::path::Path;
use tokio::runtime::{Builder, Runtime};

pub struct Longshore {
    runtime: Runtime,
    docker: Docker,
}

impl Longshore {
    pub fn new(socket: &Path) -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { runtime, docker: Docker::connect(&format!("unix://{}", socket.display()))? })
    }
}

async fn one(docker: &Docker, name: String) -> Result<(), Failure> {
    let spec = ContainerSpec::new(NAME).label(NAME, "").network("none");
    let container = docker.containers().create(spec).name(name).await?;
    container.start().await?;
    let exit = container.wait().await?;
    if !exit.success() {
        return Err(exit.to_string().into());
    }
    Ok(container.remove().await?)
}

impl Client for Longshore {
    fn name(&self) -> &'static str {
        "longshore"
    }

    fn run(&self, names: Vec<String>, at_once: usize) -> Result<(), Failure> {
        let docker = self.docker.clone();
        let one = move |name| {
            let docker = docker.clone();
            async move { one(&docker, name).await }
        };
        self.runtime.block_on(in_tasks(names, at_once, one))
    }
}
