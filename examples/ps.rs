//! Shows the containers of an engine as a table, as `docker ps --all` does.
//!
//! ```sh
//! cargo run --example ps -- [LABEL]
//! tests/engine.sh cargo run --example ps           # on any machine
//! ```
//!
//! ```text
//! ID            IMAGE        STATE    STATUS         PORTS                 NAME
//! 5d1b0c4f9a2e  nginx:1.27   running  Up 2 minutes   0.0.0.0:8080->80/tcp  web
//! ```

use comfy_table::{Table, presets};
use longshore::Docker;

#[tokio::main]
async fn main() -> longshore::Result<()> {
    let docker = Docker::from_env()?;
    let mut list = docker.containers().list().all(true);
    if let Some(label) = std::env::args().nth(1) {
        list = list.label(label);
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(["ID", "IMAGE", "STATE", "STATUS", "PORTS", "NAME"]);
    for container in list.await? {
        let name = container.name().to_owned();
        let ports: Vec<_> = container.ports.iter().map(ToString::to_string).collect();
        table.add_row([
            container.id.get(..12).unwrap_or(&container.id).to_owned(),
            container.image,
            container.state.to_string(),
            container.status,
            ports.join(", "),
            name,
        ]);
    }
    println!("{table}");
    Ok(())
}
