//! Pulls an image, tags it and pushes it: with a bar for each layer on a terminal, else plain lines.
//!
//! ```sh
//! cargo run --example transfer -- nginx:1.27 registry.example.com/team/nginx:1.27
//! tests/engine.sh cargo run --example transfer     # on any machine, to and from its own registry
//! ```
//!
//! ```text
//! pulled sha256:6f3c…
//! pushed sha256:6f3c… as 127.0.0.1:41599/longshore/copy:1
//! ```

mod bars;

use bars::Bars;
use longshore::Docker;
use longshore::image::{PullResult, PushResult};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (from, to) =
        match (&*arguments, std::env::var("LONGSHORE_TEST_IMAGE"), std::env::var("LONGSHORE_TEST_REGISTRY")) {
            ([from, to], ..) => (from.clone(), to.clone()),
            (_, Ok(image), Ok(registry)) => (image, format!("{registry}/longshore/copy:1")),
            _ => return Err("usage: transfer IMAGE NAME".into()),
        };
    let docker = Docker::from_env()?;

    // Awaiting a pull runs it to its end. Its stream yields progress.
    let (mut steps, mut pulled, mut bars) =
        (docker.images().pull(from.as_str()).stream().await?, PullResult::default(), Bars::default());
    while let Some(step) = steps.next().await {
        let step = step?;
        pulled.note(&step);
        bars.layer(&step);
    }
    bars.line(&format!("pulled {}", pulled.digest.unwrap_or_default()));

    docker.image(&from).tag(to.as_str()).await?;
    let (mut steps, mut pushed) = (docker.image(&to).push().stream().await?, PushResult::default());
    while let Some(step) = steps.next().await {
        let step = step?;
        pushed.note(&step);
        bars.layer(&step);
    }
    bars.line(&format!("pushed {} as {to}", pushed.digest.unwrap_or_default()));
    docker.image(&to).remove().await?;
    Ok(())
}
