//! What was aimed at, beside what came out; and the machine that it came out on.

use crate::calls::{Contender, Summary};
use crate::results::{Options, merge, read};
use serde_json::{Map, Value, json};
use std::process::{Command, ExitCode};

/// Says where this runs.
pub fn machine(arguments: &[String]) -> ExitCode {
    let options = Options::parse(arguments);
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let part = json!({
        "cores": std::thread::available_parallelism().map_or(0, usize::from),
        "processor": model.map_or("", |(_, model)| model),
        "kernel": said(Command::new("uname").arg("-r")),
        "rustc": said(Command::new("rustc").arg("--version")),
        "docker_cli": said(Command::new("docker").arg("--version")),
        "docker_py": said(Command::new("python3").args(["-c", "import docker; print(docker.__version__)"])),
        "longshore": version("longshore"),
        "bollard": version("bollard"),
        "hyper": version("hyper"),
        "date": said(Command::new("date").args(["-u", "+%Y-%m-%dT%H:%MZ"])),
        "load": std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim(),
        "quick": options.quick,
    });
    for (name, value) in part.as_object().into_iter().flatten() {
        println!("{name:12} {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    merge(&options.results, "machine", part);
    ExitCode::SUCCESS
}

fn said(command: &mut Command) -> String {
    let output = command.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).trim().to_owned()
}

/// Of a crate that is measured, as it is locked.
fn version(name: &str) -> String {
    let mut packages = include_str!("../Cargo.lock").split("[[package]]");
    let package = packages.find(|package| package.contains(&format!("name = \"{name}\"\n"))).unwrap_or_default();
    let version = package.lines().find_map(|line| line.strip_prefix("version = "));
    version.unwrap_or_default().trim_matches('"').to_owned()
}

struct Target {
    what: &'static str,
    figure: Option<f64>,
    /// Whether less is better.
    at_most: bool,
    goal: f64,
}

impl Target {
    fn print(&self) {
        let sign = if self.at_most { '≤' } else { '≥' };
        let figure = self.figure.map_or_else(|| "-".to_owned(), number);
        let verdict = match self.figure {
            None => "not measured",
            Some(figure) if figure == self.goal || (figure < self.goal) == self.at_most => "reached",
            Some(_) => "missed",
        };
        println!("{:58} {figure:>8} {:>10}  {verdict}", self.what, format!("{sign} {}", self.goal));
    }
}

fn number(figure: f64) -> String {
    if figure >= 20.0 { format!("{figure:.0}") } else { format!("{figure:.2}") }
}

/// What the targets look things up in.
struct Results {
    whole: Map<String, Value>,
    operations: Vec<Summary>,
}

impl Results {
    fn read(options: &Options) -> Self {
        let whole = read(&options.results);
        let operations = whole.get("calls").map(|calls| calls["operations"].clone()).unwrap_or_default();
        Self { operations: serde_json::from_value(operations).unwrap_or_default(), whole }
    }

    /// What longshore's calls of `ping`, or of `list:10000`, cost.
    fn ours(&self, operation: &str) -> Option<&Contender> {
        self.of("longshore", operation)
    }

    fn of(&self, name: &str, operation: &str) -> Option<&Contender> {
        let is_it = |summary: &&Summary| {
            summary.operation == operation || summary.operation.starts_with(&format!("{operation}:"))
        };
        let found = self.operations.iter().find(is_it)?;
        found.contenders.iter().find(|contender| contender.name == name)
    }

    /// What longshore uses beside one bare hyper connection with the same decoding, by their medians.
    fn hyper(&self, operation: &str) -> Option<f64> {
        Some(self.ours(operation)?.cpu[1] / self.of("hyper", operation)?.cpu[1])
    }

    /// How often longshore's cost fits into bollard's.
    fn bollard(&self, operation: &str) -> Option<f64> {
        Some(self.ours(operation)?.faster_than_bollard?[1])
    }

    fn number(&self, part: &str, pointer: &str) -> Option<f64> {
        self.whole.get(part)?.pointer(pointer)?.as_f64()
    }

    fn ratio(&self, pointer: &str) -> Option<f64> {
        let of = |name: &str| self.number("weight", &format!("/{name}{pointer}"));
        Some(of("longshore")? / of("bollard")?)
    }
}

/// Prints each target of the project; a ratio is the median of its rounds.
pub fn report(arguments: &[String]) -> ExitCode {
    let results = Results::read(&Options::parse(arguments));
    println!("\n{:58} {:>8} {:>10}", "median of CPU ratios, unless said otherwise", "is", "to reach");
    for target in calls(&results).into_iter().chain(streams(&results)).chain(the_rest(&results)) {
        target.print();
    }
    ExitCode::SUCCESS
}

fn at_most(what: &'static str, figure: Option<f64>, goal: f64) -> Target {
    Target { what, figure, at_most: true, goal }
}

fn at_least(what: &'static str, figure: Option<f64>, goal: f64) -> Target {
    Target { what, figure, at_most: false, goal }
}

fn calls(results: &Results) -> Vec<Target> {
    let hyper = |operation| results.hyper(operation);
    let bollard = |operation| results.bollard(operation);
    let memory = results.ours("list:10000").and_then(|ours| Some(ours.peak_to_bollard?[1]));
    vec![
        at_most("ping / bare hyper", hyper("ping"), 1.15),
        at_most("inspect / bare hyper", hyper("inspect"), 1.15),
        at_most("list of 1 / bare hyper", hyper("list:1"), 1.15),
        at_least("ping: bollard / longshore", bollard("ping"), 2.0),
        at_least("inspect: bollard / longshore", bollard("inspect"), 1.7),
        at_least("list of 1: bollard / longshore", bollard("list:1"), 1.9),
        at_least("list of 10,000: bollard / longshore", bollard("list:10000"), 1.2),
        at_most("list of 10,000: peak memory / bollard's", memory, 0.75),
        at_most("64 callers: ping / 64 bare hyper connections", hyper("callers"), 1.0),
    ]
}

fn streams(results: &Results) -> Vec<Target> {
    let bollard = |operation| results.bollard(operation);
    let memory = |operation| results.ours(operation).and_then(|ours| Some(ours.peak?[2] / f64::from(1 << 20)));
    vec![
        at_least("pull of 100,000 records: bollard / longshore", bollard("pull"), 2.0),
        at_least("log frames, packed: bollard / longshore", bollard("logs-packed"), 2.5),
        at_least("log frames, each a chunk: bollard / longshore", bollard("logs-chunked"), 2.0),
        at_least("build context: bollard / longshore", bollard("build"), 1.0),
        at_least("load: bollard / longshore", bollard("load"), 1.0),
        at_least("save: bollard / longshore", bollard("save"), 1.0),
        at_most("build context: MiB resident", memory("build"), 64.0),
        at_most("load: MiB resident", memory("load"), 64.0),
        at_most("save: MiB resident", memory("save"), 64.0),
    ]
}

fn the_rest(results: &Results) -> Vec<Target> {
    let idle = |name: &str| results.number("calls", &format!("/idle/contenders/{name}/waits"));
    let beside_the_floor = idle("longshore").zip(idle("floor")).map(|(ours, floor)| ours - floor);
    vec![
        at_most("waits of an idle process, beyond the floor's", beside_the_floor, 0.0),
        at_most("cold cargo build --release / bollard's", results.ratio("/release/cpu"), 0.9),
    ]
}
