//! What a program weighs that pings, lists and inspects: how long it builds from cold, of how many crates, to what size.

use crate::core::children_time;
use crate::results::{Options, merge};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

const CRATES: [&str; 2] = ["longshore", "bollard"];

/// Builds each in turn, first in the dev profile, then in release; what has to be downloaded is, before.
pub fn main(arguments: &[String]) -> ExitCode {
    let options = Options::parse(arguments);
    let peers = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder to build in");
    let copies = CRATES.map(|name| copy(peers, name, folder.path()));
    let mut parts = [json!({}), json!({})];
    // By turns; the one that came first comes second in the next.
    for (profile, order) in [("dev", [0, 1]), ("release", [1, 0])] {
        for index in order {
            let [wall, cpu] = build(&copies[index], profile);
            parts[index][profile] = json!({ "wall": wall, "cpu": cpu });
        }
    }
    for (part, copy) in parts.iter_mut().zip(&copies) {
        let (crates, names) = crates(copy);
        let binary = std::fs::metadata(copy.join("target/release/weight")).map_or(0, |binary| binary.len());
        part["crates"] = json!(crates);
        part["names"] = json!(names);
        part["binary"] = json!(binary);
    }
    let [longshore, bollard] = parts;
    let part = json!({ "longshore": longshore, "bollard": bollard });
    print(&part);
    merge(&options.results, "weight", part);
    ExitCode::SUCCESS
}

/// A copy, with the versions that are committed, and with all that it needs at hand.
fn copy(peers: &Path, name: &str, folder: &Path) -> PathBuf {
    let (from, to) = (peers.join("weight").join(name), folder.join(name));
    let library = peers.join("../..").canonicalize().expect("longshore");
    let lock = if name == "longshore" { library.join("Cargo.lock") } else { peers.join("Cargo.lock") };
    std::fs::create_dir_all(to.join("src")).expect("a folder");
    let manifest = std::fs::read_to_string(from.join("Cargo.toml")).expect("a manifest");
    let manifest = manifest.replace("../../../..", &library.display().to_string());
    std::fs::write(to.join("Cargo.toml"), manifest).expect("a manifest");
    std::fs::copy(from.join("src/main.rs"), to.join("src/main.rs")).expect("a program");
    std::fs::copy(lock, to.join("Cargo.lock")).expect("versions");
    let fetched = cargo(&to).arg("fetch").status().expect("cargo");
    assert!(fetched.success(), "cargo fetch for {name}");
    to
}

fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(folder).env("CARGO_TARGET_DIR", folder.join("target")).env_remove("RUSTFLAGS");
    cargo
}

/// Seconds on the clock, and of processors.
fn build(folder: &Path, profile: &str) -> [f64; 2] {
    let (begin, cpu) = (Instant::now(), children_time());
    let mut cargo = cargo(folder);
    let built =
        cargo.args(["build", "--quiet", "--locked", "--offline", "--profile", profile]).status().expect("cargo");
    assert!(built.success(), "cargo build in {}", folder.display());
    [begin.elapsed().as_secs_f64(), children_time().saturating_sub(cpu).as_secs_f64()]
}

/// How many crates it is made of but itself, and of how many names, which crates of several versions share.
fn crates(folder: &Path) -> (usize, usize) {
    let mut cargo = cargo(folder);
    let tree = cargo.args(["tree", "--locked", "--offline", "-e", "normal,build", "--prefix", "none", "--no-dedupe"]);
    let output = tree.output().expect("cargo tree");
    let text = String::from_utf8_lossy(&output.stdout);
    let name_and_version = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let crates: BTreeSet<_> = text.lines().filter(|line| !line.starts_with("weight ")).map(name_and_version).collect();
    let names: BTreeSet<_> = crates.iter().filter_map(|line| line.split(' ').next()).collect();
    (crates.len(), names.len())
}

fn print(part: &Value) {
    let figure = |name: &str, path: &str| part[name].pointer(path).and_then(Value::as_f64).unwrap_or(f64::NAN);
    println!("\nA program that pings, lists and inspects, default features, built from cold");
    println!("{:28} {:>10} {:>10} {:>8}", "", "longshore", "bollard", "ratio");
    for (title, path) in [
        ("cargo build: wall, s", "/dev/wall"),
        ("cargo build: CPU, s", "/dev/cpu"),
        ("cargo build --release: wall", "/release/wall"),
        ("cargo build --release: CPU", "/release/cpu"),
        ("crates", "/crates"),
        ("names of crates", "/names"),
        ("stripped binary, bytes", "/binary"),
    ] {
        let [longshore, bollard] = CRATES.map(|name| figure(name, path));
        let decimals = usize::from(path.starts_with("/dev") || path.starts_with("/release"));
        println!("{title:28} {longshore:>10.decimals$} {bollard:>10.decimals$} {:>8.2}", longshore / bollard);
    }
}
