//! All operations by all contenders, by turns, each in a process of its own beside a stub on the other core.

mod others;
mod plan;
mod report;
mod summary;

pub use summary::{Contender, Spread, Summary};

use crate::contender;
use crate::core::{Core, pin};
use crate::measure::Cost;
use crate::operation::{Kind, Operation};
use crate::results::{Options, merge};
use others::Others;
use plan::{Plan, plans};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

/// Prints the table, and writes it among the results.
pub fn main(arguments: &[String]) -> ExitCode {
    let options = Options::parse(arguments);
    let bench = Bench::start();
    let only = arguments.iter().position(|argument| argument == "--only").and_then(|at| arguments.get(at + 1));
    let chosen = |plan: &Plan| only.is_none_or(|only| plan.operation.name().contains(only.as_str()));
    let mut operations = Vec::new();
    for plan in plans(options.quick).into_iter().filter(chosen) {
        let summary = summary::summarize(plan, &bench.rounds(plan));
        report::print_operation(&summary);
        operations.push(summary);
    }
    if only.is_some() {
        return ExitCode::SUCCESS;
    }
    let part = json!({
        "operations": operations,
        "allocations": bench.allocations(),
        "idle": bench.idle(if options.quick { 2 } else { 15 }),
    });
    report::print_rest(&part);
    merge(&options.results, "calls", part);
    ExitCode::SUCCESS
}

/// The stub, and what is needed beside it.
struct Bench {
    stub: Child,
    folder: tempfile::TempDir,
    others: Others,
}

impl Bench {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the socket");
        let socket = folder.path().join("engine.sock");
        let mut stub = Command::new(std::env::current_exe().expect("this program"))
            .arg("stub")
            .arg(&socket)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a stub");
        let mut ready = String::new();
        BufReader::new(stub.stdout.take().expect("a pipe")).read_line(&mut ready).expect("that it listens");
        pin(Core::Client); // now, so that the stub can still choose
        let others = Others::find(&folder.path().join("engine.sock"), folder.path());
        Self { stub, folder, others }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("engine.sock")
    }

    /// A file of nothing, as long as uploads need it, that is in the page cache.
    fn file(&self, operation: Operation) -> PathBuf {
        let path = self.folder.path().join("archive");
        if matches!(operation.kind, Kind::Build | Kind::Load) {
            let file = std::fs::File::create(&path).expect("an archive");
            file.set_len(operation.size).expect("an archive of zeros");
            let mut file = std::fs::File::open(&path).expect("an archive");
            std::io::copy(&mut file, &mut std::io::sink()).expect("an archive of zeros");
        }
        path
    }

    /// What each contender's rounds cost.
    fn rounds(&self, plan: Plan) -> Vec<(String, Vec<Cost>)> {
        let file = self.file(plan.operation);
        let names: Vec<_> = contender::of(plan.operation.kind).iter().map(|name| (*name).to_owned()).collect();
        let names: Vec<_> = names.into_iter().chain(self.others.of(plan.operation.kind)).collect();
        let mut costs: BTreeMap<&str, Vec<Cost>> = BTreeMap::new();
        for round in 0..plan.rounds {
            for turn in 0..names.len() {
                let name = names[(round + turn) % names.len()].as_str();
                let cost = match self.others.run(name, plan.operation, plan.times, &file) {
                    Some(cost) => cost,
                    None => self.measure("longshore-peers", name, &plan.operation.id(), plan.times, &file),
                };
                costs.entry(name).or_default().push(cost);
            }
        }
        names.iter().map(|name| (name.clone(), costs.remove(name.as_str()).unwrap_or_default())).collect()
    }

    fn command(&self, binary: &str, contender: &str, operation: &str, times: u64, file: &Path) -> Command {
        let mut command = Command::new(std::env::current_exe().expect("this program").with_file_name(binary));
        if binary == "longshore-peers" {
            command.arg("measure");
        }
        command.args([contender, operation]).arg(self.socket()).arg(times.to_string()).arg(file);
        command.stdout(Stdio::piped()).stderr(Stdio::inherit());
        command
    }

    fn measure(&self, binary: &str, contender: &str, operation: &str, times: u64, file: &Path) -> Cost {
        let output = self.command(binary, contender, operation, times, file).output().expect("a measurement");
        assert!(output.status.success(), "{contender} fails at {operation}");
        serde_json::from_slice(&output.stdout).expect("a cost")
    }

    /// Allocations of a call, each `realloc` among them.
    fn allocations(&self) -> Value {
        let operations = [Operation::new(Kind::Ping, 1), Operation::new(Kind::Inspect, 1)];
        let of = |operation: Operation| {
            let count = |name: &&&'static str| {
                let cost = self.measure("allocations", name, &operation.id(), 1000, Path::new(""));
                #[expect(clippy::cast_precision_loss, reason = "few")]
                let each = cost.allocations.unwrap_or(0) as f64 / 1000.0;
                ((**name).to_owned(), json!(each))
            };
            let counts = contender::of(operation.kind).iter().collect::<Vec<_>>();
            (operation.name().to_owned(), counts.iter().map(count).collect::<serde_json::Map<_, _>>().into())
        };
        Value::Object(operations.into_iter().map(of).collect())
    }

    /// How often a process waits while nothing happens, and what it uses; all of them at once.
    fn idle(&self, seconds: u64) -> Value {
        let names = contender::of(Kind::Ping);
        let begin = |name: &&str| {
            let operation = format!("idle:{seconds}");
            self.command("longshore-peers", name, &operation, 1, Path::new("")).spawn().expect("a measurement")
        };
        let processes: Vec<_> = names.iter().map(begin).collect();
        let end = |(name, process): (&&str, Child)| {
            let output = process.wait_with_output().expect("a measurement");
            let cost: Cost = serde_json::from_slice(&output.stdout).expect("a cost");
            ((*name).to_owned(), json!({ "waits": cost.waits, "cpu": cost.cpu }))
        };
        json!({ "seconds": seconds, "contenders": names.iter().zip(processes).map(end).collect::<serde_json::Map<_, _>>() })
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = self.stub.kill();
        let _ = self.stub.wait();
    }
}
