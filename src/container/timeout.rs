//! The time between the stop signal and SIGKILL.

use crate::GoDuration;
use crate::request::Request;
use crate::wire::seconds_rounded_up;
use std::fmt::Display;
use std::time::Duration;

/// Sets how long the engine waits before SIGKILL, and extends the limits of the call by as much.
pub(super) fn set(request: Request, timeout: impl TryInto<GoDuration, Error: Display>) -> Request {
    request.duration(timeout, |request, timeout| {
        let seconds = whole_seconds(timeout);
        let request = request.query("t", seconds);
        match u64::try_from(seconds) {
            Ok(seconds) => request.extend_timeout(Duration::from_secs(seconds)),
            Err(_forever) => request.no_timeouts(true),
        }
    })
}

/// Returns whole seconds, rounded up, as the API takes them. More than 68 years become -1, which means forever.
pub(super) fn whole_seconds(timeout: Duration) -> i64 {
    i32::try_from(seconds_rounded_up(timeout)).map_or(-1, i64::from)
}

#[cfg(test)]
mod tests {
    use super::whole_seconds;
    use std::time::Duration;

    #[test]
    fn rounds_up_and_knows_for_ever() {
        assert_eq!(whole_seconds(Duration::ZERO), 0);
        assert_eq!(whole_seconds(Duration::from_millis(1)), 1);
        assert_eq!(whole_seconds(Duration::from_secs(5)), 5);
        assert_eq!(whole_seconds(Duration::MAX), -1);
    }
}
