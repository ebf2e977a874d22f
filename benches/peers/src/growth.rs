//! How cost grows with the number of things, and whether memory does with the length of a stream.

mod follow;
mod stub;
mod table;

use crate::contender::{self, Contender};
use crate::core::{Core, pin, process_time};
use crate::operation::{Kind, Operation as FloorOperation};
use crate::results::{self, Options};
use longshore::container::ContainerSpec;
use longshore::deploy::{PullPolicy, Run};
use longshore::{Docker, Timestamp, Version};
use serde_json::json;
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use stub::Stub;
use tokio::runtime::{Builder, Runtime};

type Failure = Box<dyn Error + Send + Sync>;

/// What is asked for more and more of.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Operation {
    List,
    ListByFloor,
    Events,
    Logs,
    LogsByFloor,
    Deploy,
}

impl Operation {
    const ALL: [Self; 6] = [Self::List, Self::ListByFloor, Self::Events, Self::Logs, Self::LogsByFloor, Self::Deploy];

    /// The operation, and what there is a number of.
    fn name(self) -> &'static str {
        match self {
            Self::List => "list, containers",
            Self::ListByFloor => "list, by the floor",
            Self::Events => "events",
            Self::Logs => "logs, frames of 108 bytes",
            Self::LogsByFloor => "logs, by the floor",
            Self::Deploy => "deploy, jobs one by one",
        }
    }

    /// Of smaller numbers there are more calls, so that at least so many things make a measurement.
    fn least(self) -> usize {
        match self {
            Self::List | Self::ListByFloor | Self::Events => 10_000,
            Self::Logs | Self::LogsByFloor => 100_000,
            Self::Deploy => 1000,
        }
    }

    /// What is done by a blocking socket: what grows there too is the allocator's, the caches' or the kernel's.
    fn by_floor(self) -> Option<Kind> {
        match self {
            Self::ListByFloor => Some(Kind::List),
            Self::LogsByFloor => Some(Kind::LogsChunked),
            _ => None,
        }
    }
}

const SIZES: [usize; 4] = [10, 100, 1000, 10_000];
const ROUNDS: usize = 5;

/// `growth [--quick] [--results FILE]`, and for itself `growth stub SOCKET` and `growth follow WHAT COUNT SOCKET`.
#[must_use]
pub fn main(arguments: &[String]) -> ExitCode {
    let words: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["stub", socket] => stub::serve(Path::new(socket)),
        ["follow", what, count, socket] => follow::follow(what, count, Path::new(socket)),
        _ => measure(&Options::parse(arguments)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("growth: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> Result<(), Failure> {
    let stub = Stub::start()?; // before the pin, which would hold for it too
    pin(Core::Client);
    let (sizes, rounds) = if options.quick { (&SIZES[..3], 2) } else { (&SIZES[..], ROUNDS) };
    let client = Client::new(&stub.socket())?;
    let mut floor = contender::connect("floor", &stub.socket(), Path::new("")).ok_or("there is no floor")?;
    let mut operations = Vec::new();
    table::head(sizes, rounds);
    for operation in Operation::ALL {
        let times = |size, times| match operation.by_floor() {
            Some(kind) => floor_times(floor.as_mut(), kind, size, times),
            None => client.times(operation, size, times),
        };
        operations.push(table::row(operation, sizes, &all_rounds(operation, sizes, rounds, times)?));
    }
    let (logs, events) = if options.quick { (500_000_000, 100_000_000) } else { (10_000_000_000, 10_000_000_000) };
    let streams = follow::all(&stub, logs, events)?;
    results::merge(&options.results, "growth", json!({ "operations": operations, "streams": streams }));
    Ok(())
}

/// Longshore, on one thread.
struct Client {
    runtime: Runtime,
    docker: Docker,
}

impl Client {
    fn new(socket: &Path) -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let host = format!("unix://{}", socket.display());
        let docker = Docker::builder().host(host).api_version(Version::new(1, 44)).build()?;
        Ok(Self { runtime, docker })
    }

    /// Microseconds of the processor for so many calls.
    fn times(&self, operation: Operation, size: usize, times: usize) -> Result<f64, Failure> {
        let before = process_time(); // the stub is another process
        self.runtime.block_on(async {
            for _ in 0..times {
                call(&self.docker, operation, size).await?;
            }
            Ok::<(), Failure>(())
        })?;
        Ok(process_time().saturating_sub(before).as_secs_f64() * 1e6)
    }
}

fn floor_times(floor: &mut dyn Contender, kind: Kind, size: usize, times: usize) -> Result<f64, Failure> {
    let before = process_time();
    floor.run(FloorOperation::new(kind, size.try_into()?), times.try_into()?);
    Ok(process_time().saturating_sub(before).as_secs_f64() * 1e6)
}

/// Microseconds of a call that finds nothing, then of each thing at each size, round by round.
fn all_rounds(
    operation: Operation,
    sizes: &[usize],
    rounds: usize,
    mut times: impl FnMut(usize, usize) -> Result<f64, Failure>,
) -> Result<Vec<Vec<f64>>, Failure> {
    times(sizes[0], 10)?; // connects, and fills caches
    let mut all = Vec::new();
    for _ in 0..rounds {
        let mut round = vec![times(0, 1000)? / 1000.0];
        for size in sizes {
            let calls = (operation.least() / size).max(1);
            round.push(times(*size, calls)? / f64::from(u32::try_from(size * calls)?));
        }
        all.push(round);
    }
    Ok(all)
}

async fn call(docker: &Docker, operation: Operation, size: usize) -> Result<(), Failure> {
    let mut count = 0;
    match operation {
        Operation::List => count = black_box(docker.containers().list().limit(size.try_into()?).await?).len(),
        Operation::Events => {
            // The stub takes the time for the number of events to send.
            let mut events = docker.events().since(Timestamp::new(size.try_into()?, 0).expect("a time")).await?;
            while let Some(event) = events.next().await {
                black_box(event?);
                count += 1;
            }
        }
        Operation::Logs => {
            let mut logs = docker.container("web").logs().follow(true).tail(size).await?;
            while let Some(chunk) = logs.next().await {
                count += black_box(chunk?).bytes.len();
            }
            count /= stub::LINE;
        }
        Operation::ListByFloor | Operation::LogsByFloor => return Err("the floor does that".into()),
        Operation::Deploy => {
            while count < size {
                let spec = ContainerSpec::new("job").label("job", count.to_string());
                let job = Run::new(spec).pull(PullPolicy::Missing).to_completion(docker).await?;
                count += usize::from(black_box(job).status.success());
            }
        }
    }
    if count == size { Ok(()) } else { Err(format!("{operation:?}: {count} and not {size}").into()) }
}
