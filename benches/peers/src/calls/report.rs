//! The table, as text.

use super::summary::{Contender, Spread, Summary};
use serde_json::Value;

pub fn print_operation(summary: &Summary) {
    let first = summary.contenders.first().map_or("", |first| first.name.as_str());
    println!(
        "\n{}: min median max of {} rounds\n{:12} {:>12} {:>12} {:>22} {:>22} {:>9} {:>9}",
        summary.operation,
        summary.rounds,
        "",
        format!("CPU/{}", summary.unit),
        format!("wall/{}", summary.unit),
        format!("CPU to {first}"),
        "bollard's CPU to its",
        "wall",
        "peak"
    );
    for contender in &summary.contenders {
        println!("{}", line(contender));
    }
}

fn line(contender: &Contender) -> String {
    let three = |spread: Spread| spread.map(|value| format!("{value:6.2}")).join(" ");
    let peak = contender.peak.map_or(String::new(), |[_, median, _]| format!("{:.1} MB", median / 1e6));
    format!(
        "{:12} {:>12} {:>12} {:>22} {:>22} {:>9.2} {:>9}",
        contender.name,
        time(contender.cpu[1]),
        time(contender.wall[1]),
        three(contender.cpu_to_first),
        contender.faster_than_bollard.map_or(String::new(), three),
        contender.faster_than_bollard_on_the_clock.map_or(f64::NAN, |[_, median, _]| median),
        peak
    )
}

/// A time in the unit that suits it; of a byte, how many there are in a second.
fn time(seconds: f64) -> String {
    match seconds {
        1e-3.. => format!("{:.1} ms", seconds * 1e3),
        2e-8.. => format!("{:.2} µs", seconds * 1e6),
        _ => format!("{:.2} GB/s", 1e-9 / seconds),
    }
}

pub fn print_rest(part: &Value) {
    println!("\nAllocations of a call, each realloc among them");
    for (operation, contenders) in part["allocations"].as_object().into_iter().flatten() {
        let counts = contenders.as_object().into_iter().flatten();
        let counts: Vec<_> = counts.map(|(name, count)| format!("{name} {count}")).collect();
        println!("{operation:12} {}", counts.join(", "));
    }
    let idle = &part["idle"];
    println!("\n{} s with nothing to do, after calls", idle["seconds"]);
    for (name, cost) in idle["contenders"].as_object().into_iter().flatten() {
        println!("{name:12} waits {} times, CPU {:.2} ms", cost["waits"], cost["cpu"].as_f64().unwrap_or(0.0) * 1e3);
    }
}
