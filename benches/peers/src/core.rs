//! Which core a process runs on, and what it has used of it.

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_gettime};
use nix::unistd::Pid;
use std::time::Duration;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Core {
    Server,
    Client,
}

/// Keeps this process, and those that it starts, to the first core (the server) or to the second (the client).
///
/// Where there is only one, or the system does not let it, they share.
pub fn pin(core: Core) {
    let Ok(allowed) = sched_getaffinity(Pid::from_raw(0)) else { return };
    let mut cores = (0..CpuSet::count()).filter(|index| allowed.is_set(*index).unwrap_or(false));
    let Some(chosen) = cores.nth(usize::from(core == Core::Client)) else { return };
    let mut set = CpuSet::new();
    if set.set(chosen).is_ok() {
        let _ = sched_setaffinity(Pid::from_raw(0), &set);
    }
}

/// What all threads of this process have used of a processor.
pub fn process_time() -> Duration {
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).expect("a clock").into()
}

/// What the processes have used that this one has started and waited for.
pub fn children_time() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("what children used");
    let micros = (usage.user_time() + usage.system_time()).num_microseconds();
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

/// How often this process has waited.
pub fn voluntary_switches() -> i64 {
    getrusage(UsageWho::RUSAGE_SELF).expect("what this process used").voluntary_context_switches()
}

/// A figure of `/proc/self/status` that is in kB, such as `VmHWM`, in bytes; 0 where there is none.
pub fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
}
