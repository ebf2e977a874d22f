//! How long an engine waits from the stop signal to SIGKILL.

use crate::request::Request;
use std::time::Duration;

/// Tells the engine how long to wait; the call's own limit grows by as much.
pub(super) fn set(request: Request, timeout: Duration) -> Request {
    let seconds = whole_seconds(timeout);
    let request = request.query("t", seconds);
    match u64::try_from(seconds) {
        Ok(seconds) => request.extend_timeout(Duration::from_secs(seconds)),
        Err(_forever) => request.no_timeouts(true),
    }
}

/// Whole seconds, rounded up, as the API counts; -1, which is for ever, if there are more than 68 years of them.
pub(super) fn whole_seconds(timeout: Duration) -> i64 {
    let seconds = timeout.as_secs().saturating_add(u64::from(timeout.subsec_nanos() > 0));
    i32::try_from(seconds).map_or(-1, i64::from)
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
