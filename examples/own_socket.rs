//! Connects through a custom socket: to an engine in a virtual machine, as Firecracker exposes it.
//!
//! The vsock is a unix socket on the host. A client sends `CONNECT 2375`, gets `OK …` in return, and is then connected
//! to that port in the guest.
//!
//! ```sh
//! cargo run --example own_socket -- /run/vm/v.sock 2375
//! ```

use longshore::{Connect, Connecting, Docker};
use std::io;
use std::path::PathBuf;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

#[derive(Debug)]
struct Vsock {
    socket: PathBuf,
    port: u32,
}

impl Connect for Vsock {
    fn connect(&self) -> Connecting<'_> {
        Box::pin(async {
            let mut stream = UnixStream::connect(&self.socket).await?;
            stream.write_all(format!("CONNECT {}\n", self.port).as_bytes()).await?;
            let mut answer = Vec::new();
            // Read byte by byte: the bytes after the line are the engine's.
            while !answer.ends_with(b"\n") {
                if answer.len() > 64 {
                    return Err(io::Error::other("the virtual machine's answer is no line"));
                }
                answer.push(stream.read_u8().await?);
            }
            match answer.strip_prefix(b"OK") {
                Some(_) => Ok(Box::new(stream) as _),
                None => Err(io::Error::other("the virtual machine does not connect to that port")),
            }
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(socket), Some(port)) = (arguments.next(), arguments.next()) else {
        return Err("usage: own_socket SOCKET PORT".into());
    };
    let docker = Docker::builder().connector(Vsock { socket: socket.into(), port: port.parse()? }).build()?;
    let version = docker.version().await?;
    println!("Docker {} with API {}", version.version, docker.api_version().await?);
    Ok(())
}
