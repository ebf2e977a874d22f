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
    what: String,
    figure: Option<f64>,
    /// Whether less is better.
    at_most: bool,
    goal: f64,
    stretch: Option<f64>,
}

impl Target {
    fn print(&self) {
        let sign = if self.at_most { '≤' } else { '≥' };
        let reaches = |figure: f64, goal: f64| if self.at_most { figure <= goal } else { figure >= goal };
        let (figure, verdict) = match self.figure {
            None => ("-".to_owned(), "not measured"),
            Some(figure) if self.stretch.is_some_and(|stretch| reaches(figure, stretch)) => (number(figure), "stretch"),
            Some(figure) if reaches(figure, self.goal) => (number(figure), "reached"),
            Some(figure) => (number(figure), "missed"),
        };
        let stretch = self.stretch.map_or(String::new(), |stretch| format!("{sign} {stretch}"));
        println!("{:58} {figure:>8} {:>10} {stretch:>10}  {verdict}", self.what, format!("{sign} {}", self.goal));
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
        let is_it = |summary: &&Summary| {
            summary.operation == operation || summary.operation.starts_with(&format!("{operation}:"))
        };
        let found = self.operations.iter().find(is_it)?;
        found.contenders.iter().find(|contender| contender.name == "longshore")
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
    println!("\n{:58} {:>8} {:>10} {:>10}", "median of CPU ratios, unless said otherwise", "is", "to reach", "stretch");
    for target in calls(&results).into_iter().chain(streams(&results)).chain(the_rest(&results)) {
        target.print();
    }
    ExitCode::SUCCESS
}

fn at_most(what: impl Into<String>, figure: Option<f64>, goal: f64, stretch: Option<f64>) -> Target {
    Target { what: what.into(), figure, at_most: true, goal, stretch }
}

fn at_least(what: impl Into<String>, figure: Option<f64>, goal: f64, stretch: Option<f64>) -> Target {
    Target { what: what.into(), figure, at_most: false, goal, stretch }
}

fn calls(results: &Results) -> Vec<Target> {
    let floor = |operation| results.ours(operation).map(|ours| ours.cpu_to_first[1]);
    let bollard = |operation| results.ours(operation).and_then(|ours| Some(ours.faster_than_bollard?[1]));
    // Its pull has two speeds: it is slower from when a read ends between a record and its line break.
    let bollards_best = |operation| results.ours(operation).and_then(|ours| Some(ours.faster_than_bollard?[0]));
    let memory = results.ours("list:10000").and_then(|ours| Some(ours.peak_to_bollard?[1]));
    vec![
        at_most("ping / floor", floor("ping"), 1.15, Some(1.05)),
        at_most("inspect / floor", floor("inspect"), 1.15, Some(1.05)),
        at_most("list of 1 / floor", floor("list:1"), 1.15, Some(1.05)),
        at_least("ping: bollard / longshore", bollard("ping"), 1.8, Some(2.0)),
        at_least("inspect: bollard / longshore", bollard("inspect"), 1.5, Some(2.0)),
        at_least("list of 10,000: bollard / longshore", bollard("list:10000"), 1.5, Some(2.0)),
        at_most("list of 10,000: peak memory / bollard's", memory, 0.7, None),
        at_least("pull of 100,000 records: bollard / longshore", bollard("pull"), 2.0, None),
        at_least("the same, in the round that bollard was best in", bollards_best("pull"), 2.0, None),
        at_most("64 callers: ping / 64 bare hyper connections", floor("callers"), 1.0, None),
    ]
}

fn streams(results: &Results) -> Vec<Target> {
    let bollard = |operation| results.ours(operation).and_then(|ours| Some(ours.faster_than_bollard?[1]));
    // How much of cat's bytes per second it has: the other way around than what it uses beside cat.
    let cat = |operation| results.ours(operation).map(|ours| 1.0 / ours.cpu_to_first[1]);
    let on_the_clock = |operation| results.ours(operation).map(|ours| 1.0 / ours.wall_to_first[1]);
    let memory = |operation| results.ours(operation).and_then(|ours| Some(ours.peak?[2] / f64::from(1 << 20)));
    let mut targets = Vec::new();
    for (name, operation) in [("packed", "logs-packed"), ("each a chunk", "logs-chunked")] {
        targets.push(at_least(format!("log frames, {name}: bollard / longshore"), bollard(operation), 2.5, None));
        targets.push(at_least(format!("log frames, {name}: bare read / longshore"), cat(operation), 0.7, None));
        targets.push(at_least("the same on the clock", on_the_clock(operation), 0.7, None));
    }
    for (name, operation) in [("build context", "build"), ("load", "load"), ("save", "save")] {
        targets.push(at_least(format!("{name}: cat / longshore"), cat(operation), 0.8, None));
        targets.push(at_least("the same on the clock", on_the_clock(operation), 0.8, None));
        targets.push(at_most(format!("{name}: MiB resident"), memory(operation), 64.0, None));
    }
    targets
}

fn the_rest(results: &Results) -> Vec<Target> {
    let idle = |name: &str| results.number("calls", &format!("/idle/contenders/{name}/waits"));
    let beside_the_floor = idle("longshore").zip(idle("floor")).map(|(ours, floor)| ours - floor);
    let crates = results.number("weight", "/longshore/crates");
    vec![
        at_most("allocations of a ping", results.number("calls", "/allocations/ping/longshore"), 20.0, Some(10.0)),
        at_most("waits of an idle process, beyond the floor's", beside_the_floor, 0.0, None),
        at_most("cold cargo build / bollard's", results.ratio("/dev/cpu"), 0.75, Some(0.55)),
        at_most("the same on the clock", results.ratio("/dev/wall"), 0.75, Some(0.55)),
        at_most("cold cargo build --release / bollard's", results.ratio("/release/cpu"), 0.75, Some(0.55)),
        at_most("the same on the clock", results.ratio("/release/wall"), 0.75, Some(0.55)),
        at_most("crates", crates, 45.0, Some(38.0)),
        at_most("stripped binary / bollard's", results.ratio("/binary"), 0.6, None),
    ]
}
