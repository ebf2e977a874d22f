//! What longshore costs beside its peers. `./run` builds this and does all of it.

use longshore_peers::{calls, engine, growth, measure, plot, stub, targets, weight};
use std::process::ExitCode;

const COMMANDS: &str = "machine, calls, growth, engine, weight, report, plot, stub or measure";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let Some((command, rest)) = arguments.split_first() else {
        eprintln!("a subcommand is missing: {COMMANDS}");
        return ExitCode::FAILURE;
    };
    match command.as_str() {
        "stub" => stub::main(rest),
        "measure" => measure::main(rest, None),
        "calls" => calls::main(rest),
        "machine" => targets::machine(rest),
        "report" => targets::report(rest),
        "plot" => plot::main(rest),
        "weight" => weight::main(rest),
        "engine" => engine::main(rest),
        "growth" => growth::main(rest),
        unknown => {
            eprintln!("there is no subcommand {unknown:?}: {COMMANDS}");
            ExitCode::FAILURE
        }
    }
}
