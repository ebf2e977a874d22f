//! Shows which engine is used, and why: the first call of every program.
//!
//! ```sh
//! cargo run --example ping
//! ```
//!
//! ```text
//! unix:///var/run/docker.sock (the default)
//! Docker/20.10.24 (linux), API 1.41, spoken 1.41
//! 3 containers, 12 images, storage driver overlay2
//! ```

use longshore::Docker;

#[tokio::main]
async fn main() -> longshore::Result<()> {
    let docker = Docker::from_env()?; // no I/O yet
    println!("{}", docker.endpoint());
    let ping = docker.ping().await?;
    println!("{}, API {}, spoken {}", ping.server, ping.api_version, docker.api_version().await?);
    let info = docker.info().await?;
    println!("{} containers, {} images, storage driver {}", info.containers, info.images, info.driver);
    Ok(())
}
