//! Runs a command in a container, as `docker run --rm` does: shows its output as it arrives, with a timeout, and
//! returns its exit code. Leaves nothing behind, even after Ctrl-C.
//!
//! ```sh
//! cargo run --example run -- IMAGE COMMAND [ARGUMENT...]
//! tests/engine.sh cargo run --example run          # on any machine
//! ```
//!
//! ```text
//! one
//! two
//! the exit code was 3
//! ```

use longshore::container::ContainerSpec;
use longshore::deploy::{Cleanup, Event, Run};
use longshore::{Docker, stream::Source};
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(300);

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let example = std::env::var("LONGSHORE_TEST_IMAGE");
    let (image, command) = match (arguments.split_first(), example) {
        (Some((image, command)), _) => (image.clone(), command.to_vec()),
        (None, Ok(image)) => (image, ["sh", "-c", "echo one; echo two >&2; exit 3"].map(str::to_owned).to_vec()),
        (None, Err(_)) => return Err("usage: run IMAGE COMMAND [ARGUMENT...]".into()),
    };
    let docker = Docker::from_env()?;
    let run = Run::new(ContainerSpec::new(image).cmd(command)).observe(|event| {
        if let Event::Output(chunk) = event {
            // Failing to show the output is no reason to stop the command.
            let _ = match chunk.source {
                Source::Stderr => std::io::stderr().write_all(&chunk.bytes),
                _ => std::io::stdout().write_all(&chunk.bytes),
            };
        }
    });
    let cleanup = Cleanup::new();
    let run = run.cleanup(&cleanup);
    let mut running = Box::pin(tokio::time::timeout(LIMIT, run.to_completion(&docker)));
    let stopped = tokio::select! {
        done = &mut running => Some(done),
        _ = tokio::signal::ctrl_c() => None,
    };
    let code = match stopped {
        Some(Ok(done)) => {
            let code = done?.status.code;
            eprintln!("the exit code was {code}");
            u8::try_from(code).unwrap_or(u8::MAX)
        }
        Some(Err(_)) => {
            eprintln!("it took longer than {} s", LIMIT.as_secs());
            124
        }
        None => 130,
    };
    drop(running); // removes a container that is still running
    cleanup.finished().await;
    // Under tests/engine.sh the command's exit code is not a failure of the example.
    Ok(if arguments.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(code) })
}
