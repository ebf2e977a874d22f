//! The table of ratios: all contenders by turns in each round, each beside the floor of its own round.

use super::bare::BareHyper;
use super::clock::{spread, thread_time};
use super::floor::Floor;
use super::ours::Longshore;
use super::{Contender, Operation};
use std::path::Path;
use std::time::{Duration, Instant};

const ROUNDS: usize = 15;

/// Time on the clock, and time on the processor in this thread alone: the stub's is not in it.
#[derive(Clone, Copy)]
struct Spent {
    wall: Duration,
    processor: Duration,
}

fn measure(contender: &mut impl Contender, operation: Operation) -> Spent {
    let times = operation.calls_in_a_round();
    let (wall, processor) = (Instant::now(), thread_time());
    contender.run(operation, times);
    let per_call = |spent: Duration| spent / u32::try_from(times).expect("few calls");
    Spent { wall: per_call(wall.elapsed()), processor: per_call(thread_time().saturating_sub(processor)) }
}

/// Measures and prints all operations whose names contain `filter`.
pub fn print(socket: &Path, filter: &str) {
    let (mut floor, mut bare, mut ours) =
        (Floor::connect(socket), BareHyper::connect(socket), Longshore::connect(socket));
    println!(
        "Ratios to the floor, as min median max of {ROUNDS} rounds; \"CPU\" is the calling thread's processor time."
    );
    println!(
        "{:20} {:>10} {:>10} {:>11} {:>18} {:>18}",
        "operation", "floor", "floor CPU", "", "wall / floor", "CPU / floor"
    );
    for operation in Operation::ALL.into_iter().filter(|operation| operation.name().contains(filter)) {
        let mut rounds = Vec::new();
        for round in 0..=ROUNDS {
            let mut spent = [None; 3];
            for turn in 0..3 {
                let whose = (round + turn) % 3;
                spent[whose] = Some(match whose {
                    0 => measure(&mut floor, operation),
                    1 => measure(&mut bare, operation),
                    _ => measure(&mut ours, operation),
                });
            }
            if round > 0 {
                rounds.push(spent.map(|spent| spent.expect("a turn each"))); // the first warms up
            }
        }
        let wall = spread(rounds.iter().map(|[floor, ..]| floor.wall.as_secs_f64()).collect());
        let processor = spread(rounds.iter().map(|[floor, ..]| floor.processor.as_secs_f64()).collect());
        println!("{:20} {:>10.1?} {:>10.1?}", operation.name(), seconds(wall[1]), seconds(processor[1]));
        for (whose, name) in [(1, BareHyper::NAME), (2, Longshore::NAME)] {
            let ratios = |of: fn(&Spent) -> Duration| {
                let ratio = |round: &[Spent; 3]| of(&round[whose]).as_secs_f64() / of(&round[0]).as_secs_f64();
                let [least, middle, most] = spread(rounds.iter().map(ratio).collect());
                format!("{least:5.2} {middle:5.2} {most:5.2}")
            };
            println!("{:42} {name:>11} {:>18} {:>18}", "", ratios(|spent| spent.wall), ratios(|spent| spent.processor));
        }
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}
