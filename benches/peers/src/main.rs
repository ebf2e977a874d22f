//! What longshore costs beside its peers. `./run` builds this and does all of it.

use longshore_peers::{engine, growth};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let Some((command, rest)) = arguments.split_first() else {
        eprintln!("a subcommand is missing: engine or growth");
        return ExitCode::FAILURE;
    };
    match command.as_str() {
        "engine" => engine::main(rest),
        "growth" => growth::main(rest),
        unknown => {
            eprintln!("there is no subcommand {unknown:?}");
            ExitCode::FAILURE
        }
    }
}
