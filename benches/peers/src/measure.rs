//! One contender does one thing in a process of its own, and tells what it cost.

use crate::contender;
use crate::core::{memory, process_time, voluntary_switches};
use crate::operation::Operation;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What it cost, all told; times in seconds, memory in bytes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Cost {
    pub wall: f64,
    /// Of the process: of a CLI, of all its processes.
    pub cpu: f64,
    /// Calls, bytes or records.
    pub units: f64,
    /// The most memory that was ever resident.
    pub peak: u64,
    /// Where they are counted: allocations, each `realloc` among them.
    pub allocations: Option<u64>,
    /// How often it waited.
    pub waits: i64,
}

/// `CONTENDER OPERATION SOCKET TIMES [FILE]`, or `CONTENDER idle:SECONDS SOCKET`: prints a [`Cost`].
pub fn main(arguments: &[String], allocations: Option<fn() -> u64>) -> ExitCode {
    let [contender, operation, socket, rest @ ..] = arguments else {
        eprintln!("measure CONTENDER OPERATION SOCKET TIMES [FILE]");
        return ExitCode::FAILURE;
    };
    let times = rest.first().and_then(|times| times.parse().ok()).unwrap_or(1);
    let file = rest.get(1).map_or("", String::as_str);
    let Some(mut contender) = contender::connect(contender, Path::new(socket), Path::new(file)) else {
        eprintln!("there is no contender {contender:?}");
        return ExitCode::FAILURE;
    };
    let idle = operation.strip_prefix("idle:").and_then(|seconds| seconds.parse().ok());
    let cost = match (idle, Operation::parse(operation)) {
        (Some(seconds), _) => idles(contender.as_mut(), Duration::from_secs(seconds)),
        (None, Some(operation)) => works(contender.as_mut(), operation, times, allocations),
        (None, None) => {
            eprintln!("there is no operation {operation:?}");
            return ExitCode::FAILURE;
        }
    };
    println!("{}", serde_json::to_string(&cost).expect("JSON"));
    ExitCode::SUCCESS
}

fn works(
    contender: &mut dyn contender::Contender,
    operation: Operation,
    times: u64,
    allocations: Option<fn() -> u64>,
) -> Cost {
    let (before, before_times) = operation.warm_up(times);
    contender.run(before, before_times);
    let (begin, cpu, waits) = (Instant::now(), process_time(), voluntary_switches());
    let allocated = allocations.map(|count| count());
    contender.run(operation, times);
    Cost {
        allocations: allocations.map(|count| count() - allocated.unwrap_or(0)),
        wall: begin.elapsed().as_secs_f64(),
        cpu: process_time().saturating_sub(cpu).as_secs_f64(),
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        units: (times * operation.units().1) as f64,
        peak: memory("VmHWM"),
        waits: voluntary_switches() - waits,
    }
}

/// After some calls it has nothing to do. The first moments do not count, in which what was begun ends.
fn idles(contender: &mut dyn contender::Contender, length: Duration) -> Cost {
    contender.run(Operation::new(crate::operation::Kind::Ping, 1), 100);
    let mut cost = Cost::default();
    for (length, counts) in [(Duration::from_millis(500), false), (length, true)] {
        let (end, until) = tokio::sync::oneshot::channel();
        let timer = std::thread::spawn(move || {
            std::thread::sleep(length);
            let _ = end.send(());
        });
        let (begin, cpu, waits) = (Instant::now(), process_time(), voluntary_switches());
        contender.idle(until);
        timer.join().expect("a timer");
        if counts {
            cost = Cost {
                wall: begin.elapsed().as_secs_f64(),
                cpu: process_time().saturating_sub(cpu).as_secs_f64(),
                waits: voluntary_switches() - waits,
                peak: memory("VmHWM"),
                ..cost
            };
        }
    }
    cost
}
