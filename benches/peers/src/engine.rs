//! On the real engine: what each client adds to create → start → wait → remove of many containers.

mod bare;
mod bollard_client;
mod cli;
mod image;
mod ours;
mod report;
mod work;

use crate::core::{children_time, process_time};
use crate::results::{self, Options};
use image::Image;
use serde_json::json;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
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
    /// In a round each client has so many turns.
    turns: usize,
    /// So many containers in a turn.
    containers: usize,
}

/// So many containers of each client, one at a time and 16 at once. Turns are as short as can be, so that all clients share
/// the engine's drift.
fn modes(containers: usize, rounds: usize) -> [Mode; 2] {
    let in_round = (containers / rounds).max(1);
    [
        Mode { at_once: 1, rounds, turns: in_round, containers: 1 },
        Mode { at_once: 16, rounds, turns: 1, containers: in_round.max(16) },
    ]
}

/// Milliseconds for each container of a turn, or the medians of a round's turns: on the clock, and of the processor in the
/// client.
#[derive(Clone, Copy)]
struct Spent {
    wall: f64,
    processor: f64,
}

/// `engine [--quick] [--containers NUMBER] [--results FILE]`; 200 containers if no number is given.
#[must_use]
pub fn main(arguments: &[String]) -> ExitCode {
    let options = Options::parse(arguments);
    let number = arguments.iter().skip_while(|argument| *argument != "--containers").nth(1);
    let number = number.and_then(|number| number.parse().ok()).unwrap_or(200);
    let figures = match socket().and_then(|socket| image::busybox().map(|_| socket)) {
        Ok(socket) => measure(&socket, &if options.quick { modes(4, 1) } else { modes(number, 5) }),
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
    work::stop_on_signals()?;
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

/// What each client spent in each round.
fn rounds(clients: &[Box<dyn Client>], mode: Mode, names: &Names) -> Result<Vec<Vec<Spent>>, Failure> {
    let mut rounds = Vec::new();
    for round in 0..mode.rounds {
        let mut spent = vec![Vec::new(); clients.len()];
        for turn in round..round + mode.turns {
            // Who begins changes, and so does who comes before whom: the engine still tidies up after that one.
            for place in 0..clients.len() {
                let place = if turn.is_multiple_of(2) { place } else { clients.len() - 1 - place };
                let whose = (turn / 2 + place) % clients.len();
                spent[whose].push(once(clients[whose].as_ref(), mode, names)?);
            }
        }
        rounds.push(spent.iter().map(|turns| median(turns)).collect());
    }
    Ok(rounds)
}

fn median(turns: &[Spent]) -> Spent {
    let of = |of: fn(&Spent) -> f64| results::spread(turns.iter().map(of).collect())[1];
    Spent { wall: of(|turn| turn.wall), processor: of(|turn| turn.processor) }
}

fn once(client: &dyn Client, mode: Mode, names: &Names) -> Result<Spent, Failure> {
    let names = names.take(mode.containers);
    let each = 1000.0 / f64::from(u32::try_from(mode.containers)?);
    let processor_time = || process_time() + children_time(); // the CLI's processes are children
    let (wall, processor) = (Instant::now(), processor_time());
    client.run(names, mode.at_once)?;
    let processor = processor_time().saturating_sub(processor);
    Ok(Spent { wall: wall.elapsed().as_secs_f64() * each, processor: processor.as_secs_f64() * each })
}
