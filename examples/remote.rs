//! Connects to remote engines: over SSH, over TLS, and by the docker CLI's contexts (`docker context ls`).
//!
//! ```sh
//! cargo run --example remote -- ssh://deploy@build-1
//! cargo run --features tls --example remote -- tcp://build-1:2376 /home/ci/.docker/build-1      # ca.pem, cert.pem, key.pem
//! cargo run --example remote -- staging                                                         # a context
//! tests/engine.sh cargo run --example remote       # on any machine: the engine of the environment
//! ```
//!
//! ```text
//! ssh://deploy@build-1 (given): Docker/28.5.2 (linux), 8 CPUs
//! ```

use longshore::Docker;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let docker = match &*arguments {
        [] => Docker::from_env()?,
        [host] if host.contains("://") => Docker::connect(host)?,
        [context] => Docker::context(context)?,
        #[cfg(feature = "tls-no-provider")]
        [host, folder] => Docker::builder().host(host).tls(tls(folder)).build()?,
        _ => return Err("usage: remote [HOST | CONTEXT | HOST FOLDER, with the feature tls]".into()),
    };
    let ping = docker.ping().await?;
    println!("{}: {}, {} CPUs", docker.endpoint(), ping.server, docker.info().await?.n_cpu);
    Ok(())
}

/// The three files that the docker CLI stores for an engine.
#[cfg(feature = "tls-no-provider")]
fn tls(folder: &str) -> longshore::Tls {
    let file = |name: &str| std::path::Path::new(folder).join(name);
    longshore::Tls::new().ca(file("ca.pem")).identity(file("cert.pem"), file("key.pem"))
}
