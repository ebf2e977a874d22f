//! Pings, lists and inspects.

use bollard::Docker;
use bollard::query_parameters::ListContainersOptionsBuilder;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), bollard::errors::Error> {
    let docker = Docker::connect_with_defaults()?;
    docker.ping().await?;
    let options = ListContainersOptionsBuilder::default().all(true).build();
    for container in docker.list_containers(Some(options)).await? {
        let found = docker.inspect_container(container.id.as_deref().unwrap_or_default(), None).await?;
        println!("{} {:?}", found.name.unwrap_or_default(), container.state);
    }
    Ok(())
}
