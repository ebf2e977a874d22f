//! The table of a mode, and the same as JSON.

use super::{Mode, Spent};
use crate::results::spread;
use serde_json::{Value, json};

/// Prints what each client spent, and what it took longer than the first of them, the floor, in the same round.
pub fn mode(mode: Mode, clients: &[&str], rounds: &[Vec<Spent>], engine: &str) -> Value {
    let column = |of: &dyn Fn(&[Spent]) -> f64| spread(rounds.iter().map(|round| of(round)).collect());
    let walls: Vec<_> = (0..clients.len()).map(|whose| column(&|round| round[whose].wall)).collect();
    println!(
        "\nCreate, start, wait, remove of {} containers, {}, on {engine}: milliseconds for each, as min median max of {} \
         rounds;\nlonger: than a {} in the same round.",
        mode.containers * mode.turns * mode.rounds,
        if mode.at_once == 1 { "one at a time".to_owned() } else { format!("{} at once", mode.at_once) },
        mode.rounds,
        clients[0],
    );
    println!("{:16} {:>23} {:>23} {:>23}  {:>17}", "", "wall", "CPU of the client", "longer", "wall / floor's");
    let mut rows = Vec::new();
    for (whose, name) in clients.iter().enumerate() {
        let processor = column(&|round| round[whose].processor);
        let longer = column(&|round| round[whose].wall - round[0].wall);
        let ratio = column(&|round| round[whose].wall / round[0].wall);
        let three = |[least, median, most]: [f64; 3]| format!("{least:7.2} {median:7.2} {most:7.2}");
        let [least, median, most] = ratio;
        println!(
            "{name:16} {:>23} {:>23} {:>23}  {least:5.2} {median:5.2} {most:5.2}",
            three(walls[whose]),
            three(processor),
            three(longer)
        );
        rows.push(json!({
            "client": name, "wall_ms": walls[whose], "cpu_ms": processor, "longer_ms": longer, "ratio": ratio,
        }));
    }
    json!({
        "at_once": mode.at_once, "rounds": mode.rounds, "containers_a_round": mode.containers * mode.turns,
        "floor": clients[0], "clients": rows,
    })
}
