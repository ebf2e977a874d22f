//! Copies files and folders into and out of containers, as `docker cp` does.
//!
//! ```sh
//! cargo run --features tar --example cp -- ./site web:/srv/site
//! cargo run --features tar --example cp -- web:/var/log ./log
//! tests/engine.sh cargo run --example cp           # on any machine: there and back
//! ```
//!
//! ```text
//! copied there and back: hello
//! ```

use longshore::Docker;
use longshore::container::ContainerSpec;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = &*arguments else { return show(&docker).await };
    match (from.split_once(':'), to.split_once(':')) {
        (None, Some((container, path))) => docker.container(container).copy_to(from, path).await?,
        (Some((container, path)), None) => docker.container(container).copy_from(path, to).await?,
        _ => return Err("one of the two is CONTAINER:PATH".into()),
    }
    Ok(())
}

async fn show(docker: &Docker) -> Result<(), Box<dyn std::error::Error>> {
    let image =
        std::env::var("LONGSHORE_TEST_IMAGE").map_err(|_| "usage: cp FROM TO, of which one is CONTAINER:PATH")?;
    docker.images().pull(image.as_str()).await?;
    let container = docker.containers().create(ContainerSpec::new(image)).await?; // it need not be running
    let here = tempfile::tempdir()?;
    std::fs::create_dir(here.path().join("site"))?;
    std::fs::write(here.path().join("site/page"), "hello")?;
    container.copy_to(here.path().join("site"), "/site").await?;
    container.copy_from("/site", here.path().join("back")).await?;
    println!("copied there and back: {}", std::fs::read_to_string(here.path().join("back/page"))?);
    assert_eq!(container.read_file("/site/page").await?, "hello");
    container.remove().await?;
    Ok(())
}
