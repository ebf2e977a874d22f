//! The image that the containers are of, and the removal of everything that was made.

use super::{Failure, NAME};
use longshore::Docker;
use std::path::{Path, PathBuf};
use std::process::Command;
use tokio::runtime::{Builder, Runtime};

/// A static busybox that does nothing. Dropped, it removes itself and all containers with the label.
pub struct Image {
    docker: Docker,
    runtime: Runtime,
    engine: String,
}

impl Image {
    pub fn make(socket: &Path) -> Result<Self, Failure> {
        let docker = Docker::connect(&format!("unix://{}", socket.display()))?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let engine = runtime.block_on(async {
            let version = docker.version().await?;
            Ok::<_, Failure>(format!(
                "{} {}, API {}",
                platform(&docker).await?,
                version.version,
                docker.api_version().await?
            ))
        })?;
        let image = Self { docker, runtime, engine };
        image.runtime.block_on(sweep(&image.docker))?; // what a run that was killed has left
        let import = image.docker.images().import(archive()?).tag(NAME).change(r#"CMD ["/busybox", "true"]"#);
        image.runtime.block_on(import.into_future())?;
        Ok(image)
    }

    /// Which engine it is in.
    pub fn engine(&self) -> &str {
        &self.engine
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        if let Err(error) = self.runtime.block_on(sweep(&self.docker)) {
            eprintln!("engine: not all containers of the label {NAME} could be removed: {error}");
        }
        if let Err(error) = self.runtime.block_on(self.docker.image(NAME).remove().force(true).into_future()) {
            eprintln!("engine: the image {NAME} could not be removed: {error}");
        }
    }
}

async fn platform(docker: &Docker) -> longshore::Result<&'static str> {
    Ok(if docker.ping().await?.server.starts_with("Libpod/") { "Podman" } else { "Docker" })
}

async fn sweep(docker: &Docker) -> longshore::Result<()> {
    for container in docker.containers().list().all(true).label(NAME).await? {
        match docker.container(container.id).remove().force(true).volumes(true).await {
            Err(error) if !error.is_not_found() && !error.is_conflict() => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The folder that has busybox.
pub fn busybox() -> Result<PathBuf, String> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders).find(|folder| folder.join("busybox").is_file());
    found.ok_or_else(|| "no busybox is installed: Debian has a static one in busybox-static".to_owned())
}

/// A tar of busybox alone.
fn archive() -> Result<Vec<u8>, Failure> {
    let tar = Command::new("tar").arg("-ch").arg("-C").arg(busybox()?).arg("busybox").output()?;
    if tar.status.success() { Ok(tar.stdout) } else { Err(String::from_utf8_lossy(&tar.stderr).into()) }
}
