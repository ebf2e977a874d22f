//! Saves a volume to a tar archive, and restores an archive to a volume, through a container that is never started.
//!
//! ```sh
//! cargo run --example backup -- save db db.tar
//! cargo run --example backup -- restore db db.tar
//! tests/engine.sh cargo run --example backup       # on any machine: a volume, its archive, and another volume of it
//! ```
//!
//! ```text
//! saved 2560 bytes of longshore-backup
//! restored into longshore-restored: of the volume
//! ```

use longshore::container::{Container, ContainerSpec};
use longshore::volume::VolumeSpec;
use longshore::{Docker, Upload};
use std::path::Path;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["save", volume, file] => save(&docker, volume, file.as_ref()).await.map(drop)?,
        ["restore", volume, file] => restore(&docker, volume, file.as_ref()).await?,
        _ => show(&docker).await?,
    }
    Ok(())
}

/// Creates a container with the volume, from any image that is present.
async fn holder(docker: &Docker, volume: &str) -> Result<Container, Box<dyn std::error::Error>> {
    let images = docker.images().list().await?;
    let image = images.first().ok_or("there is no image to make a container of")?;
    let spec = ContainerSpec::new(&image.id).volume(volume, "/volume").cmd(["nothing"]);
    Ok(docker.containers().create(spec).await?)
}

async fn save(docker: &Docker, volume: &str, file: &Path) -> Result<u64, Box<dyn std::error::Error>> {
    let holder = holder(docker, volume).await?;
    let mut archive = holder.get_archive("/volume").await?; // `/volume/.` would lose the owner and mode of the volume itself
    let length = tokio::io::copy(&mut archive, &mut tokio::fs::File::create(file).await?).await?;
    holder.remove().await?;
    Ok(length)
}

async fn restore(docker: &Docker, volume: &str, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    docker.volumes().create(VolumeSpec::new(volume)).await?; // an existing one is kept
    let holder = holder(docker, volume).await?;
    holder.put_archive("/", Upload::file(file)).await?; // its names begin with `volume`
    holder.remove().await?;
    Ok(())
}

async fn show(docker: &Docker) -> Result<(), Box<dyn std::error::Error>> {
    let image = std::env::var("LONGSHORE_TEST_IMAGE").map_err(|_| "usage: backup save|restore VOLUME FILE")?;
    docker.images().pull(image.as_str()).await?;
    let here = tempfile::tempdir()?;
    std::fs::write(here.path().join("row"), "of the volume")?;
    docker.volumes().create(VolumeSpec::new("longshore-backup")).await?;
    let first = holder(docker, "longshore-backup").await?;
    first.copy_to(here.path().join("row"), "/volume").await?;
    first.remove().await?;

    let file = here.path().join("backup.tar");
    println!("saved {} bytes of longshore-backup", save(docker, "longshore-backup", &file).await?);
    restore(docker, "longshore-restored", &file).await?;
    let second = holder(docker, "longshore-restored").await?;
    let row = second.read_file("/volume/row").await?;
    println!("restored into longshore-restored: {}", String::from_utf8_lossy(&row));
    second.remove().await?;
    for volume in ["longshore-backup", "longshore-restored"] {
        docker.volume(volume).remove().await?;
    }
    Ok(())
}
