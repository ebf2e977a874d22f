//! [`GoDuration`]: a duration as people write it, such as `30s`.

use super::{from_text, serde_as_text};
use jiff::SignedDuration;
use jiff::fmt::friendly::{Spacing, SpanPrinter};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A duration, or a text in the form that the docker CLI takes, such as `30s`, `1m30s` or `500ms`.
///
/// A text is one or more numbers, each with a unit: `h`, `m`, `s`, `ms`, `us` (or `µs`) or `ns`, from large to small. The last number may
/// have a fraction. Words such as `5 minutes` are accepted, too.
///
/// ```
/// use longshore::GoDuration;
/// use std::time::Duration;
///
/// assert_eq!("1m30s".parse(), Ok(GoDuration::from(Duration::from_secs(90))));
/// assert_eq!("1.5h".parse(), Ok(GoDuration::from(Duration::from_secs(5400))));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GoDuration(Duration);

/// The error of parsing a [`GoDuration`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid duration {text:?}: use numbers with h, m, s, ms, us or ns, such as 30s or 1m30s")]
pub struct ParseGoDurationError {
    text: String,
}

impl GoDuration {
    /// Returns the duration.
    #[must_use]
    pub const fn duration(self) -> Duration {
        self.0
    }
}

impl FromStr for GoDuration {
    type Err = ParseGoDurationError;

    fn from_str(text: &str) -> Result<Self, ParseGoDurationError> {
        parse(text).map(Self).ok_or_else(|| ParseGoDurationError { text: text.chars().take(64).collect() })
    }
}

fn parse(text: &str) -> Option<Duration> {
    // Go's zero needs no unit.
    let text = if text == "0" { "0s" } else { text };
    Duration::try_from(text.parse::<SignedDuration>().ok()?).ok()
}

from_text!(GoDuration);
serde_as_text!(GoDuration);

impl fmt::Display for GoDuration {
    /// Writes the duration in the form that can be parsed: `1h30m`, `1s500ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&SpanPrinter::new().spacing(Spacing::None).unsigned_duration_to_string(&self.0))
    }
}

impl From<Duration> for GoDuration {
    fn from(duration: Duration) -> Self {
        Self(duration)
    }
}

impl From<GoDuration> for Duration {
    fn from(duration: GoDuration) -> Self {
        duration.0
    }
}

/// Returns whole seconds, rounded up.
pub(crate) fn seconds_rounded_up(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::GoDuration;
    use std::time::Duration;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, nanoseconds) in [
            ("0", 0),
            ("0s", 0),
            ("30s", 30_000_000_000),
            ("1m30s", 90_000_000_000),
            ("500ms", 500_000_000),
            ("1.5h", 5_400_000_000_000),
            ("2h45m0.5s", 9_900_500_000_000),
            ("3us", 3_000),
            ("3µs", 3_000),
            ("7ns", 7),
            ("5 minutes", 300_000_000_000),
        ] {
            let read = text.parse::<GoDuration>().expect(text).duration();
            assert_eq!(read, Duration::from_nanos(nanoseconds), "{text}");
        }
        for text in ["", "30", "s", ".", "1..5s", "-3s", "3d", "3s4", "soon", "99999999999999999999h", "ü"] {
            let error = text.parse::<GoDuration>().expect_err(text).to_string();
            assert!(error.contains("such as 30s or 1m30s"), "{error}");
        }
    }

    #[test]
    fn what_is_shown_is_read_again() {
        for text in ["0s", "30s", "1m30s", "1h", "500ms", "1s500ms", "3µs", "7ns"] {
            assert_eq!(text.parse::<GoDuration>().expect(text).to_string(), text);
        }
        assert_eq!(format!("{:>5}", GoDuration::from(Duration::from_secs(30))), "  30s");
    }
}
