//! What a call costs beside its floor: a blocking socket, hand-written HTTP and the same decoding.
//!
//! `cargo bench --bench call_overhead` lets criterion measure each by itself, then prints a table of ratios. For the table
//! alone: `cargo bench --bench call_overhead -- --ratios [part of an operation's name]`.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark")]

mod support;

use criterion::Criterion;
use std::path::Path;
use std::time::{Duration, Instant};
use support::bare::BareHyper;
use support::floor::Floor;
use support::ours::Longshore;
use support::stub::Stub;
use support::{Contender, Operation, report};

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let stub = Stub::start();
    let socket = stub.socket();
    if let Some(index) = arguments.iter().position(|argument| argument == "--ratios") {
        let filter = arguments.get(index + 1).filter(|next| !next.starts_with('-'));
        report::print(&socket, filter.map_or("", String::as_str));
        return;
    }
    if let Some(index) = arguments.iter().position(|argument| argument == "--only") {
        only(&socket, &arguments[index + 1..]);
        return;
    }
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    bench(&mut criterion, &mut Floor::connect(&socket));
    bench(&mut criterion, &mut BareHyper::connect(&socket));
    bench(&mut criterion, &mut Longshore::connect(&socket));
    criterion.final_summary();
    report::print(&socket, "");
}

fn bench<C: Contender>(criterion: &mut Criterion, contender: &mut C) {
    for operation in Operation::ALL {
        criterion.bench_function(&format!("{}/{}", operation.name(), C::NAME), |bencher| {
            bencher.iter_custom(|times| {
                let start = Instant::now();
                contender.run(operation, times);
                start.elapsed()
            });
        });
    }
}

/// Does one thing so many times, for `perf`, `strace` and `valgrind`: `--only longshore ping 1000`.
fn only(socket: &Path, arguments: &[String]) {
    let [contender, operation, times, ..] = arguments else { panic!("--only contender operation times") };
    let times = times.parse().expect("a number");
    let operation = Operation::ALL.into_iter().find(|known| known.name().contains(operation.as_str()));
    let operation = operation.expect("an operation");
    match contender.as_str() {
        "floor" => Floor::connect(socket).run(operation, times),
        "hyper" => BareHyper::connect(socket).run(operation, times),
        _ => Longshore::connect(socket).run(operation, times),
    }
}
