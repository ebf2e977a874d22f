//! On the real engine: what each client adds to create → start → wait → remove of many containers.

mod bare;
mod bollard_client;
mod cli;
mod image;
mod ours;
mod report;
mod work;

use crate::results::{self, Options};
use image::Image;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde_json::json;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use work::Names;

type Failure = Box<dyn Error + Send + Sync>;

/// What the image is called, what containers' names begin with, and the label that they carry.
const NAME: &str = "longshore-peers";

/// A client that takes containers from their making to their removal.
trait Client {
    fn name(&self) -> &'static str;

    /// Runs a container of each name, so many of them at a time.
    fn run(&self, names: Vec<String>, at_once: usize) -> Result<(), Failure>;
}

/// How the containers are run.
#[derive(Clone, Copy)]
struct Mode {
    at_once: usize,
    rounds: usize,
    /// So many in a round, of each client.
    containers: usize,
}

/// Rounds are short, so that all clients share the engine's drift. 200 containers of each client in each mode.
const MODES: [Mode; 2] =
    [Mode { at_once: 1, rounds: 20, containers: 10 }, Mode { at_once: 16, rounds: 5, containers: 40 }];
const QUICK: [Mode; 2] =
    [Mode { at_once: 1, rounds: 2, containers: 3 }, Mode { at_once: 16, rounds: 1, containers: 16 }];

/// Milliseconds for each container of a round: on the clock, and of the processor in the client.
#[derive(Clone, Copy)]
struct Spent {
    wall: f64,
    processor: f64,
}

/// `engine [--quick] [--results FILE]`
#[must_use]
pub fn main(arguments: &[String]) -> ExitCode {
    let options = Options::parse(arguments);
    let figures = match socket() {
        Ok(socket) => measure(&socket, if options.quick { &QUICK } else { &MODES }),
        Err(why) => {
            println!("engine: skipped, as {why}");
            Ok(json!({ "skipped": why }))
        }
    };
    match figures {
        Ok(figures) => {
            results::merge(&options.results, "engine", figures);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("engine: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The engine's socket: that of `DOCKER_HOST`, or the default one. All clients are measured on the same transport.
fn socket() -> Result<PathBuf, String> {
    let host = std::env::var("DOCKER_HOST").unwrap_or_else(|_| "unix:///var/run/docker.sock".to_owned());
    let Some(path) = host.strip_prefix("unix://") else { return Err(format!("{host} is no unix socket")) };
    match std::os::unix::net::UnixStream::connect(path) {
        Ok(_) => Ok(PathBuf::from(path)),
        Err(error) => Err(format!("no engine answers at {path}: {error}")),
    }
}

fn measure(socket: &Path, modes: &[Mode]) -> Result<serde_json::Value, Failure> {
    let image = Image::make(socket)?; // dropped, it takes everything away again
    let mut clients: Vec<Box<dyn Client>> = vec![
        Box::new(bare::Bare::new(socket)?),
        Box::new(ours::Longshore::new(socket)?),
        Box::new(bollard_client::Bollard::new(socket)?),
    ];
    clients.extend(cli::Cli::find(socket).map(|cli| Box::new(cli) as Box<dyn Client>));
    let names = Names::default();
    // Connects and negotiates, and shows whether the image runs at all.
    for client in &clients {
        client.run(names.take(1), 1)?;
    }
    let mut figures = Vec::new();
    for mode in modes {
        let rounds = rounds(&clients, *mode, &names)?;
        let clients: Vec<_> = clients.iter().map(|client| client.name()).collect();
        figures.push(report::mode(*mode, &clients, &rounds, image.engine()));
    }
    Ok(json!({ "engine": image.engine(), "modes": figures }))
}

/// What each client spent in each round. They take turns, and who begins changes.
fn rounds(clients: &[Box<dyn Client>], mode: Mode, names: &Names) -> Result<Vec<Vec<Spent>>, Failure> {
    (0..mode.rounds)
        .map(|round| {
            let mut spent = vec![Spent { wall: 0.0, processor: 0.0 }; clients.len()];
            for turn in 0..clients.len() {
                let whose = (round + turn) % clients.len();
                spent[whose] = once(clients[whose].as_ref(), mode, names)?;
            }
            Ok(spent)
        })
        .collect()
}

fn once(client: &dyn Client, mode: Mode, names: &Names) -> Result<Spent, Failure> {
    let names = names.take(mode.containers);
    let each = 1000.0 / f64::from(u32::try_from(mode.containers)?);
    let (wall, processor) = (Instant::now(), processor_time()?);
    client.run(names, mode.at_once)?;
    Ok(Spent { wall: wall.elapsed().as_secs_f64() * each, processor: (processor_time()? - processor) * each })
}

/// Seconds of the processor in this process and in those that it has started and that have ended.
fn processor_time() -> Result<f64, Failure> {
    let mut spent = Duration::ZERO;
    for who in [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN] {
        let usage = getrusage(who)?;
        for time in [usage.user_time(), usage.system_time()] {
            spent += Duration::from_micros(time.num_microseconds().try_into()?);
        }
    }
    Ok(spent.as_secs_f64())
}
