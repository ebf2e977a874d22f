//! How much is measured.

use crate::operation::{FRAME, Kind, Operation};

#[derive(Clone, Copy)]
pub struct Plan {
    pub operation: Operation,
    /// So often in a round.
    pub times: u64,
    pub rounds: usize,
}

const GB: u64 = 1_000_000_000;
const GIB: u64 = 1 << 30;

pub fn plans(is_quick: bool) -> Vec<Plan> {
    let less = if is_quick { 10 } else { 1 };
    let plan = |kind, size, times: u64| Plan {
        operation: Operation::new(kind, size),
        times: (times / less).max(1),
        rounds: if is_quick { 2 } else { 5 },
    };
    let long = |kind, size: u64| plan(kind, size / less, 1);
    let short = |kind, size, times| Plan { rounds: if is_quick { 2 } else { 7 }, ..plan(kind, size, times) };
    vec![
        short(Kind::Ping, 1, 10_000),
        short(Kind::Inspect, 1, 4000),
        short(Kind::List, 1, 6000),
        plan(Kind::List, 10_000, 4),
        long(Kind::LogsPacked, GB / FRAME),
        long(Kind::LogsChunked, GB / 10 / FRAME), // a tenth: some take ten seconds for all of it
        long(Kind::Pull, 100_000),
        plan(Kind::Callers, 1, 12_800),
        long(Kind::Build, 2 * GIB),
        long(Kind::Load, 2 * GIB),
        long(Kind::Save, 2 * GIB),
    ]
}
