//! What the rounds of an operation come to: ratios of a round, and how they spread.

use super::plan::Plan;
use crate::measure::Cost;
use crate::results::spread;
use serde::{Deserialize, Serialize};

/// Least, median and most.
pub type Spread = [f64; 3];

#[derive(Debug, Serialize, Deserialize)]
pub struct Summary {
    /// Such as `list:10000`.
    pub operation: String,
    pub unit: String,
    pub rounds: usize,
    pub contenders: Vec<Contender>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Contender {
    pub name: String,
    /// Seconds of the processor for a unit.
    pub cpu: Spread,
    /// Seconds on the clock for a unit.
    pub wall: Spread,
    /// What it uses beside the first contender.
    pub cpu_to_first: Spread,
    pub wall_to_first: Spread,
    /// How often it fits into what bollard uses.
    pub faster_than_bollard: Option<Spread>,
    pub faster_than_bollard_on_the_clock: Option<Spread>,
    /// Bytes, at most.
    pub peak: Option<Spread>,
    pub peak_to_bollard: Option<Spread>,
}

pub fn summarize(plan: Plan, rounds: &[(String, Vec<Cost>)]) -> Summary {
    let (_, first) = rounds.first().expect("somebody to compare with");
    let bollard = rounds.iter().find(|(name, _)| name == "bollard").map(|(_, costs)| costs.as_slice());
    let contender = |(name, costs): &(String, Vec<Cost>)| Contender {
        name: name.clone(),
        cpu: spread(costs.iter().map(cpu).collect()),
        wall: spread(costs.iter().map(wall).collect()),
        cpu_to_first: ratios(costs, first, cpu),
        wall_to_first: ratios(costs, first, wall),
        faster_than_bollard: bollard.map(|bollard| ratios(bollard, costs, cpu)),
        faster_than_bollard_on_the_clock: bollard.map(|bollard| ratios(bollard, costs, wall)),
        peak: has_peak(costs).then(|| spread(costs.iter().map(peak).collect())),
        peak_to_bollard: bollard.filter(|_| has_peak(costs)).map(|bollard| ratios(costs, bollard, peak)),
    };
    Summary {
        operation: plan.operation.id(),
        unit: plan.operation.units().0.to_owned(),
        rounds: plan.rounds,
        contenders: rounds.iter().map(contender).collect(),
    }
}

fn cpu(cost: &Cost) -> f64 {
    cost.cpu / cost.units
}

fn wall(cost: &Cost) -> f64 {
    cost.wall / cost.units
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn peak(cost: &Cost) -> f64 {
    cost.peak as f64
}

fn has_peak(costs: &[Cost]) -> bool {
    costs.iter().all(|cost| cost.peak > 0)
}

/// Of each round.
fn ratios(costs: &[Cost], to: &[Cost], of: fn(&Cost) -> f64) -> Spread {
    spread(costs.iter().zip(to).map(|(cost, to)| of(cost) / of(to)).collect())
}
