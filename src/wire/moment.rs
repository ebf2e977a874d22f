//! [`Moment`]: a point in time as people write it, such as `10m` for ten minutes ago.

use super::{GoDuration, from_text, serde_as_text};
use jiff::Timestamp;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// A point in time: a [`Timestamp`], a [`SystemTime`], a [`Duration`] before now, or a text in the form that the docker CLI takes for
/// `--since` and `--until`.
///
/// A text is a duration before now such as `10m`, a time in RFC 3339 such as `2026-08-01T12:00:00Z`, or Unix seconds such as
/// `1785585600` or `1785585600.5`. A duration counts from when it is converted. One that reaches back before 1970 means 1970.
///
/// Unlike for the CLI, a time without a time zone is an error: the CLI takes it in the local one.
///
/// ```
/// use longshore::{Moment, Timestamp};
/// use std::time::Duration;
///
/// let noon: Moment = "2026-08-01T12:00:00Z".parse()?;
/// assert_eq!(noon, "1785585600".parse()?);
/// let before = Moment::from(Duration::from_secs(600)); // or "10m"
/// assert!(before.timestamp() < Timestamp::now());
/// # Ok::<(), longshore::ParseMomentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(Timestamp);

/// The error of parsing a [`Moment`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "invalid time {text:?}: use a duration before now such as 10m, a time with its zone such as 2026-08-01T12:00:00Z, or Unix seconds"
)]
pub struct ParseMomentError {
    text: String,
}

impl ParseMomentError {
    fn new(text: &str) -> Self {
        Self { text: text.chars().take(64).collect() }
    }
}

impl Moment {
    /// Returns the time.
    #[must_use]
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl FromStr for Moment {
    type Err = ParseMomentError;

    fn from_str(text: &str) -> Result<Self, ParseMomentError> {
        parse(text, Timestamp::now()).map(Self).ok_or_else(|| ParseMomentError::new(text))
    }
}

fn parse(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Some(time) = unix(text) {
        return Some(time);
    }
    match text.parse::<GoDuration>() {
        Ok(duration) => Some(before(now, duration.duration())),
        Err(_) => text.parse().ok(),
    }
}

/// Parses Unix seconds, with a fraction of up to nine digits.
fn unix(text: &str) -> Option<Timestamp> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(seconds) || !are_digits(fraction) || fraction.len() > 9 {
        return None;
    }
    Timestamp::new(seconds.parse().ok()?, format!("{fraction:0<9}").parse().ok()?).ok()
}

fn before(now: Timestamp, duration: Duration) -> Timestamp {
    now.checked_sub(duration).unwrap_or(Timestamp::UNIX_EPOCH).max(Timestamp::UNIX_EPOCH)
}

from_text!(Moment);
serde_as_text!(Moment);

impl fmt::Display for Moment {
    /// Writes the time in RFC 3339, which can be parsed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<Timestamp> for Moment {
    fn from(time: Timestamp) -> Self {
        Self(time)
    }
}

impl From<Duration> for Moment {
    /// Converts a duration to the time that was so long ago.
    fn from(ago: Duration) -> Self {
        Self(before(Timestamp::now(), ago))
    }
}

impl From<GoDuration> for Moment {
    /// Converts a duration to the time that was so long ago.
    fn from(ago: GoDuration) -> Self {
        ago.duration().into()
    }
}

impl TryFrom<SystemTime> for Moment {
    type Error = ParseMomentError;

    fn try_from(time: SystemTime) -> Result<Self, ParseMomentError> {
        time.try_into().map(Self).map_err(|_| ParseMomentError::new(&format!("{time:?}")))
    }
}

impl From<Moment> for Timestamp {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, parse};
    use jiff::Timestamp;
    use std::time::{Duration, SystemTime};

    #[test]
    fn times_are_read_as_docker_reads_them() {
        let now: Timestamp = "2026-08-01T12:00:00Z".parse().expect("a time");
        for (text, time) in [
            ("10m", "2026-08-01T11:50:00Z"),
            ("1h30m", "2026-08-01T10:30:00Z"),
            ("0s", "2026-08-01T12:00:00Z"),
            ("900000h", "1970-01-01T00:00:00Z"),
            ("9000000000000h", "1970-01-01T00:00:00Z"),
            ("2026-07-31T09:30:00Z", "2026-07-31T09:30:00Z"),
            ("2026-07-31T09:30:00.123456789+02:00", "2026-07-31T07:30:00.123456789Z"),
            ("0", "1970-01-01T00:00:00Z"),
            ("1785585600", "2026-08-01T12:00:00Z"),
            ("1785585600.5", "2026-08-01T12:00:00.5Z"),
            ("1785585600.000000001", "2026-08-01T12:00:00.000000001Z"),
        ] {
            assert_eq!(parse(text, now).expect(text).to_string(), time, "{text}");
        }
        for text in
            ["", "soon", "-10m", "1.", ".5", "1.0000000001", "99999999999999", "2026-08-01", "2026-08-01T12:00:00"]
        {
            let error = text.parse::<Moment>().expect_err(text).to_string();
            assert!(error.starts_with(&format!("invalid time {text:?}: use ")), "{error}");
        }
    }

    #[test]
    fn durations_count_back_from_now() {
        let (earlier, moment, later) = (Timestamp::now(), Moment::from(Duration::from_secs(60)), Timestamp::now());
        let minute = Duration::from_secs(60);
        assert!((earlier - minute..=later - minute).contains(&moment.timestamp()), "{moment}");
        assert_eq!(Moment::from(Duration::MAX).timestamp(), Timestamp::UNIX_EPOCH);
        assert_eq!(moment.to_string().parse(), Ok(moment));
        assert_eq!(Moment::try_from(SystemTime::UNIX_EPOCH), Ok(Timestamp::UNIX_EPOCH.into()));
        assert!(Moment::try_from(SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40)).is_err());
    }
}
