//! Pings, lists and inspects.

use longshore::Docker;

#[tokio::main(flavor = "current_thread")]
async fn main() -> longshore::Result<()> {
    let docker = Docker::from_env()?;
    docker.ping().await?;
    for container in docker.containers().list().all(true).await? {
        let found = docker.container(&container.id).inspect().await?;
        println!("{} {:?}", found.name, container.state);
    }
    Ok(())
}
