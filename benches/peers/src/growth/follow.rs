//! A stream that is followed for a long time, in a process of its own, which looks at its memory on the way.

use super::stub::{LINE, Stub};
use super::{Client, Failure};
use crate::core::{memory, process_time};
use longshore::{Docker, Timestamp};
use serde_json::{Value, json};
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Bytes of a record on the wire, without what makes it a chunk.
const FRAME: usize = LINE + 8;
const EVENT: usize = include_str!("../../../data/event.json").len();
/// The memory is looked at so many times.
const SAMPLES: usize = 100;

/// Follows logs and events, of so many bytes each, and prints what that took.
pub fn all(stub: &Stub, logs: usize, events: usize) -> Result<Vec<Value>, Failure> {
    println!(
        "\nStreams that are followed for long. Resident is the client's memory in KiB after each hundredth: the first, the \
         50th,\nthe last, and by how much any of them is above the first."
    );
    println!("{:8} {:>6} {:>12} {:>6} {:>7} {:>24} {:>8}", "", "GB", "records", "GB/s", "CPU s", "resident", "growth");
    Ok(vec![one(stub, "logs", logs / FRAME, FRAME)?, one(stub, "events", events / EVENT, EVENT)?])
}

#[allow(clippy::cast_precision_loss, reason = "gigabytes")]
fn one(stub: &Stub, what: &str, count: usize, record: usize) -> Result<Value, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.args(["growth", "follow", what, &count.to_string()]).arg(stub.socket()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let Followed { seconds, processor, resident } = serde_json::from_slice(&output.stdout)?;
    let (Some(first), Some(last), Some(most)) = (resident.first(), resident.last(), resident.iter().max()) else {
        return Err("the memory was not looked at".into());
    };
    let gigabytes = (count * record) as f64 / 1e9;
    println!(
        "{what:8} {gigabytes:>6.1} {count:>12} {:>6.2} {processor:>7.1} {first:>8}{:>8}{last:>8} {:>8}",
        gigabytes / seconds,
        resident[resident.len() / 2],
        most - first
    );
    Ok(json!({
        "stream": what, "bytes": count * record, "records": count, "seconds": seconds, "cpu_seconds": processor,
        "growth_kib": most - first, "resident_kib": resident,
    }))
}

/// What one process reports.
#[derive(serde::Serialize, serde::Deserialize)]
struct Followed {
    seconds: f64,
    processor: f64,
    /// KiB, after each hundredth.
    resident: Vec<u64>,
}

/// Follows so many records.
pub fn follow(what: &str, count: &str, socket: &Path) -> Result<(), Failure> {
    let count: usize = count.parse()?;
    let client = Client::new(socket)?;
    let (wall, processor) = (Instant::now(), process_time());
    let mut resident = Resident { every: (count / SAMPLES).max(1), samples: Vec::with_capacity(SAMPLES + 1) };
    let seen = client.runtime.block_on(async {
        match what {
            "logs" => logs(&client.docker, count, &mut resident).await,
            _ => events(&client.docker, count, &mut resident).await,
        }
    })?;
    if seen != count {
        return Err(format!("{seen} records and not {count}").into());
    }
    let followed = Followed {
        seconds: wall.elapsed().as_secs_f64(),
        processor: process_time().saturating_sub(processor).as_secs_f64(),
        resident: resident.samples,
    };
    println!("{}", serde_json::to_string(&followed)?);
    Ok(())
}

async fn logs(docker: &Docker, count: usize, resident: &mut Resident) -> Result<usize, Failure> {
    // A frame may come in two chunks: bytes are counted.
    let (mut bytes, mut seen) = (0, 0);
    let mut logs = docker.container("web").logs().follow(true).tail(count).await?;
    while let Some(chunk) = logs.next().await {
        bytes += black_box(chunk?).bytes.len();
        if bytes / LINE > seen {
            seen = bytes / LINE;
            resident.look(seen);
        }
    }
    Ok(seen)
}

async fn events(docker: &Docker, count: usize, resident: &mut Resident) -> Result<usize, Failure> {
    let mut seen = 0;
    let mut events = docker.events().since(Timestamp::new(count.try_into()?, 0).expect("a time")).await?;
    while let Some(event) = events.next().await {
        black_box(event?);
        seen += 1;
        resident.look(seen);
    }
    Ok(seen)
}

/// What is resident, looked at now and then.
struct Resident {
    every: usize,
    samples: Vec<u64>,
}

impl Resident {
    fn look(&mut self, seen: usize) {
        if seen.is_multiple_of(self.every) {
            self.samples.push(memory("VmRSS") >> 10);
        }
    }
}
