//! bollard, as its documentation has it.

use super::work::in_tasks;
use super::{Client, Failure, NAME};
use bollard::models::{ContainerCreateBody, HostConfig};
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, RemoveContainerOptions, StartContainerOptions, WaitContainerOptions,
};
use bollard::{API_DEFAULT_VERSION, Docker};
use futures_util::StreamExt;
use std::path::Path;
use tokio::runtime::{Builder, Runtime};

pub struct Bollard {
    runtime: Runtime,
    docker: Docker,
}

impl Bollard {
    pub fn new(socket: &Path) -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let docker = runtime.block_on(async {
            let path = socket.to_str().ok_or("the socket's path is no text")?;
            Ok::<Docker, Failure>(Docker::connect_with_unix(path, 120, API_DEFAULT_VERSION)?.negotiate_version().await?)
        })?;
        Ok(Self { runtime, docker })
    }
}

async fn one(docker: &Docker, name: &str) -> Result<(), Failure> {
    let options = CreateContainerOptionsBuilder::default().name(name).build();
    let host_config = HostConfig { network_mode: Some("none".to_owned()), ..HostConfig::default() };
    let body = ContainerCreateBody {
        image: Some(NAME.to_owned()),
        labels: Some([(NAME.to_owned(), String::new())].into()),
        host_config: Some(host_config),
        ..ContainerCreateBody::default()
    };
    let id = docker.create_container(Some(options), body).await?.id;
    docker.start_container(&id, None::<StartContainerOptions>).await?;
    // An exit code other than 0 is an error here.
    let mut exits = Box::pin(docker.wait_container(&id, None::<WaitContainerOptions>));
    exits.next().await.ok_or("there was no exit")??;
    drop(exits);
    Ok(docker.remove_container(&id, None::<RemoveContainerOptions>).await?)
}

impl Client for Bollard {
    fn name(&self) -> &'static str {
        "bollard"
    }

    fn run(&self, names: Vec<String>, at_once: usize) -> Result<(), Failure> {
        let docker = self.docker.clone();
        let one = move |name: String| {
            let docker = docker.clone();
            async move { one(&docker, &name).await }
        };
        self.runtime.block_on(in_tasks(names, at_once, one))
    }
}
