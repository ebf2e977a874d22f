//! Time that other processes do not take part in, and how figures spread.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// What this thread has used of a processor.
pub fn thread_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().expect("a time since the thread began")
}

/// The least, the median and the most.
pub fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [values[0], values[values.len() / 2], values[values.len() - 1]]
}
