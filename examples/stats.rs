//! Shows the resource usage of containers live, with a small chart of each one's CPU usage, as `docker stats` does.
//!
//! ```sh
//! cargo run --example stats                        # all that run, until Ctrl-C
//! tests/engine.sh cargo run --example stats        # on any machine: one that works, three times
//! ```
//!
//! ```text
//! NAME           CPU %   MEMORY               NETWORK          PIDS
//! longshore-busy  99.8   1.02 MiB / 23.5 GiB  656 B / 0 B      2   ▇█▇
//! ```

use indicatif::HumanBytes;
use longshore::Docker;
use longshore::container::{ContainerSpec, StatsSummary};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::mpsc::{Sender, channel};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docker = Docker::from_env()?;
    let busy = match std::env::var("LONGSHORE_TEST_IMAGE") {
        Ok(image) => {
            docker.images().pull(image.as_str()).await?;
            let spec = ContainerSpec::new(image)
                .cmd(["sh", "-c", "while :; do :; done"])
                .label("dev.longshore.example", "stats");
            let busy = docker.containers().create(spec).name("longshore-busy").await?;
            busy.start().await?;
            Some(busy)
        }
        Err(_) => None,
    };
    let mut list = docker.containers().list();
    if busy.is_some() {
        list = list.label("dev.longshore.example=stats");
    }
    let (tell, mut told) = channel(64);
    for container in list.await? {
        tokio::spawn(watch(docker.clone(), container.id, tell.clone()));
    }
    drop(tell);

    let (mut all, mut charts) = (BTreeMap::new(), BTreeMap::<String, String>::new());
    let mut rounds = 0;
    let ends = |rounds| busy.is_some() && rounds == 3;
    while let Some(summary) = told.recv().await {
        chart(charts.entry(summary.name.clone()).or_default(), summary.cpu_percent);
        all.insert(summary.name.clone(), summary);
        if told.is_empty() {
            show(&all, &charts);
            rounds += 1;
        }
        if ends(rounds) {
            break;
        }
    }
    if let Some(busy) = busy {
        busy.remove().force(true).await?;
    }
    Ok(())
}

async fn watch(docker: Docker, id: String, tell: Sender<StatsSummary>) -> longshore::Result<()> {
    let mut stats = docker.container(id).stats().await?;
    stats.next().await; // the first sample has none before it to compare with
    while let Some(read) = stats.next().await {
        if tell.send(read?.summary()).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await; // collects the samples of the same second
    }
    Ok(())
}

/// Adds a bar to a chart of the last twenty samples.
fn chart(chart: &mut String, percent: f64) {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to 7")]
    let height = (percent / 100.0 * 8.0).clamp(0.0, 7.0) as usize;
    chart.push(BARS.get(height).copied().unwrap_or('█'));
    if chart.chars().count() > 20 {
        chart.remove(0);
    }
}

fn show(all: &BTreeMap<String, StatsSummary>, charts: &BTreeMap<String, String>) {
    println!("{:<16} {:>6}   {:<22} {:<22} PIDS", "NAME", "CPU %", "MEMORY", "NETWORK");
    for summary in all.values() {
        let memory = format!("{} / {}", HumanBytes(summary.memory_usage), HumanBytes(summary.memory_limit));
        let network = format!("{} / {}", HumanBytes(summary.network_received), HumanBytes(summary.network_sent));
        let chart = charts.get(&summary.name).map(String::as_str).unwrap_or_default();
        println!(
            "{:<16} {:>6.1}   {memory:<22} {network:<22} {:<4} {chart}",
            summary.name, summary.cpu_percent, summary.pids
        );
    }
}
