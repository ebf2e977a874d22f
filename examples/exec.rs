//! Runs a command in a running container, as `docker exec --interactive --tty` does: an interactive terminal that
//! follows resizes.
//!
//! ```sh
//! cargo run --example exec -- web sh
//! tests/engine.sh cargo run --example exec         # on any machine: two commands without a terminal
//! ```
//!
//! ```text
//! Linux
//! exit code 3
//! ```

use longshore::Docker;
use longshore::container::{Container, ContainerSpec};
use tokio::io::AsyncWriteExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((container, command)) = arguments.split_first() {
        let code = interactive(&docker.container(container), command).await?;
        // Not a return: the runtime would wait for the thread that still reads stdin.
        std::process::exit(i32::try_from(code).unwrap_or(i32::MAX));
    }
    let image = std::env::var("LONGSHORE_TEST_IMAGE").map_err(|_| "usage: exec CONTAINER COMMAND [ARGUMENT...]")?;
    docker.images().pull(image.as_str()).await?;
    let spec = ContainerSpec::new(image).cmd(["sleep", "600"]);
    let container = docker.containers().create(spec).await?;
    container.start().await?;
    let system = container.exec(["uname"]).output().await?;
    print!("{}", system.stdout_text());
    let failed = container.exec(["sh", "-c", "exit 3"]).output().await?;
    println!("exit code {}", failed.status.code);
    container.remove().force(true).await?;
    Ok(())
}

/// Connects this terminal to the command, and restores it whatever happens.
async fn interactive(container: &Container, command: &[String]) -> Result<i64, Box<dyn std::error::Error>> {
    crossterm::terminal::enable_raw_mode()?;
    let code = carry(container, command).await;
    crossterm::terminal::disable_raw_mode()?;
    code
}

async fn carry(container: &Container, command: &[String]) -> Result<i64, Box<dyn std::error::Error>> {
    let size = || crossterm::terminal::size().unwrap_or((80, 24));
    let (width, height) = size();
    let exec = container.exec(command.to_vec()).tty(true).stdin(true).console_size(height.into(), width.into()).await?;
    let (mut input, mut output) = exec.start().await?.split();
    let typing = tokio::spawn(async move { tokio::io::copy(&mut tokio::io::stdin(), &mut input).await });
    let mut resized = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::window_change())?;
    let mut stdout = tokio::io::stdout();
    loop {
        tokio::select! {
            chunk = output.next() => match chunk {
                Some(chunk) => {
                    stdout.write_all(&chunk?.bytes).await?;
                    stdout.flush().await?;
                }
                None => break,
            },
            _ = resized.recv() => {
                let (width, height) = size();
                exec.resize(height.into(), width.into()).await?;
            }
        }
    }
    typing.abort();
    Ok(exec.wait().await?.code)
}
