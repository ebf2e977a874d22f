//! Which maps and texts the types hold: decodes a list of 10,000 containers into copies of `ContainerSummary`.
//!
//! `cargo bench --bench decode` prints times, ratios to what the crate has, and what the decoded list takes in memory.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark")]

#[path = "support/bodies.rs"]
#[allow(dead_code, reason = "the other benchmark uses the rest")]
mod bodies;
#[path = "support/clock.rs"]
mod clock;
#[path = "support/summary.rs"]
mod summary;

use longshore::container::ContainerSummary;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::hint::black_box;
use summary::{Boxed, Hash, Kind, Now, Summary, Tree};

const ROUNDS: usize = 15;

/// A name, what decodes and drops the list, and what says how many KiB it takes.
type Decoder = (&'static str, fn(&[u8]), fn(&[u8]) -> usize);

fn decoders() -> [Decoder; 6] {
    fn of<K: Kind>() -> Decoder {
        (K::NAME, time::<Summary<K>>, memory::<Summary<K>>)
    }
    [
        of::<Now>(),
        of::<Tree>(),
        of::<Hash>(),
        of::<Boxed>(),
        ("ContainerSummary itself", time::<ContainerSummary>, memory::<ContainerSummary>),
        ("nothing: parsed alone", time::<IgnoredAny>, memory::<IgnoredAny>),
    ]
}

fn time<T: DeserializeOwned>(json: &[u8]) {
    black_box(serde_json::from_slice::<Vec<T>>(json).unwrap());
}

/// How much larger the process is by the list.
fn memory<T: DeserializeOwned>(json: &[u8]) -> usize {
    let before = resident();
    let list = black_box(serde_json::from_slice::<Vec<T>>(json).unwrap());
    let after = resident();
    drop(list);
    after.saturating_sub(before)
}

/// KiB of this process in memory; 0 where the system does not tell.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

fn main() {
    let json = bodies::list(10_000).into_bytes();
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--memory") {
        // In a process of its own: what another kind has freed is not given back.
        let index: usize = arguments.next().unwrap().parse().unwrap();
        println!("{}", decoders()[index].2(&json));
        return;
    }
    let mut times = vec![Vec::new(); decoders().len()];
    for round in 0..=ROUNDS {
        for turn in 0..times.len() {
            let index = (round + turn) % times.len();
            let begun = clock::thread_time();
            decoders()[index].1(&json);
            let spent = clock::thread_time().saturating_sub(begun);
            if round > 0 {
                times[index].push(spent.as_secs_f64()); // the first warms up
            }
        }
    }
    println!("{} containers, {} bytes of JSON; processor time, ratios of each round", 10_000, json.len());
    println!("{:26} {:>10} {:>18} {:>10}", "decoded into", "median", "min median max", "memory");
    for (index, (name, ..)) in decoders().iter().enumerate() {
        let ratios = times[index].iter().zip(&times[0]).map(|(own, now)| own / now).collect();
        let [least, middle, most] = clock::spread(ratios);
        let ms = clock::spread(times[index].clone())[1] * 1000.0;
        let child = std::env::current_exe()
            .and_then(|exe| std::process::Command::new(exe).args(["--memory", &index.to_string()]).output());
        let kib: usize = String::from_utf8_lossy(&child.unwrap().stdout).trim().parse().unwrap();
        println!("{name:26} {ms:>7.1} ms  {least:5.2} {middle:5.2} {most:5.2} {:>7} MiB", kib >> 10);
    }
}
