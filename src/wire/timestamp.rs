//! [`Timestamp`]: the one type for times.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::num::NonZeroU32;
use std::ops::Range;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const NANOS: u32 = 1_000_000_000;
const DAY: i64 = 86_400;
/// 0001-01-01T00:00:00Z, which Go's JSON says for "no time".
const GO_ZERO: i64 = -62_135_596_800;
/// The years that have four digits.
const YEARS: Range<i64> = -62_167_219_200..253_402_300_800;

/// A moment to the nanosecond, in UTC, as the engine says it.
///
/// It reads and writes RFC 3339 (any offset is read; `Z` is written), and compares and subtracts. From and to
/// [`SystemTime`] it converts with `from` and `into`.
///
/// ```
/// use longshore::Timestamp;
/// use std::time::Duration;
///
/// let started: Timestamp = "2026-11-24T09:30:00.5+01:00".parse()?;
/// assert_eq!(started.to_string(), "2026-11-24T08:30:00.5Z");
/// let finished: Timestamp = "2026-11-24T08:30:02Z".parse()?;
/// assert_eq!(finished.duration_since(started), Duration::from_millis(1500));
/// # Ok::<(), longshore::ParseTimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp {
    /// Of the seconds since 1970, the upper half and the lower one: so that it takes 12 bytes and not 16.
    upper: i32,
    lower: u32,
    /// One more than there are nanoseconds, so that an `Option` takes no more than this.
    nanos: NonZeroU32,
}

impl Timestamp {
    /// The moment that many seconds after 1970 (before, if negative), and nanoseconds after that; those of a billion and
    /// more carry over.
    #[must_use]
    pub const fn from_unix(seconds: i64, nanos: u32) -> Self {
        let seconds = seconds.saturating_add((nanos / NANOS) as i64);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "its halves")]
        let (upper, lower) = ((seconds >> 32) as i32, seconds as u32);
        Self { upper, lower, nanos: NonZeroU32::MIN.saturating_add(nanos % NANOS) }
    }

    /// Now, by this machine's clock.
    #[must_use]
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// Whole seconds since 1970, rounded down.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        ((self.upper as i64) << 32) | self.lower as i64
    }

    /// The nanoseconds within the second: below a billion.
    #[must_use]
    pub const fn subsec_nanos(self) -> u32 {
        self.nanos.get() - 1
    }

    /// How long after `earlier` this is; zero if it is before.
    #[must_use]
    pub fn duration_since(self, earlier: Self) -> Duration {
        let nanos = self.total_nanos().saturating_sub(earlier.total_nanos()).max(0);
        let seconds = u64::try_from(nanos / i128::from(NANOS)).unwrap_or(u64::MAX);
        Duration::new(seconds, u32::try_from(nanos % i128::from(NANOS)).unwrap_or(0))
    }

    /// Unix seconds with a fraction, as queries want them: engines read them to the nanosecond.
    pub(crate) fn to_seconds(self) -> String {
        format!("{}.{:09}", self.unix_seconds(), self.subsec_nanos())
    }

    /// Whether this is year 1, which stands for "never" in the engine's answers.
    pub(crate) fn is_go_zero(self) -> bool {
        self.unix_seconds() == GO_ZERO
    }

    fn total_nanos(self) -> i128 {
        i128::from(self.unix_seconds()) * i128::from(NANOS) + i128::from(self.subsec_nanos())
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self::from_unix(i64::try_from(after.as_secs()).unwrap_or(i64::MAX), after.subsec_nanos()),
            Err(before) => {
                let before = before.duration();
                let seconds = i64::try_from(before.as_secs()).unwrap_or(i64::MAX);
                match before.subsec_nanos() {
                    0 => Self::from_unix(-seconds, 0),
                    nanos => Self::from_unix(-seconds - 1, NANOS - nanos),
                }
            }
        }
    }
}

impl From<Timestamp> for SystemTime {
    /// Saturates at 1970 if the platform's clock cannot express the moment.
    fn from(time: Timestamp) -> Self {
        let whole = Duration::from_secs(time.unix_seconds().unsigned_abs());
        let second =
            if time.unix_seconds() < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
        second.and_then(|second| second.checked_add(Duration::new(0, time.subsec_nanos()))).unwrap_or(UNIX_EPOCH)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.unix_seconds().div_euclid(DAY));
        let second = self.unix_seconds().rem_euclid(DAY);
        write!(f, "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)?;
        if self.subsec_nanos() > 0 {
            let digits = format!("{:09}", self.subsec_nanos());
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

/// Says that a text is not an RFC 3339 time, and what it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an RFC 3339 time, such as 2026-11-24T09:30:00.5Z")]
pub struct ParseTimestampError {
    text: String,
}

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, ParseTimestampError> {
        parse(text.as_bytes()).ok_or_else(|| ParseTimestampError { text: text.chars().take(64).collect() })
    }
}

/// Reads `YYYY-MM-DDThh:mm:ss[.fraction](Z|±hh:mm)`; digits beyond the ninth of the fraction are dropped. What would be in
/// another year than 0 to 9999 in UTC could not be written, and is no time.
fn parse(text: &[u8]) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(19)?;
    let shape = [(4, b"-"), (7, b"-"), (13, b":"), (16, b":")];
    if shape.iter().any(|(at, separator)| date.get(*at..=*at) != Some(*separator)) || !b"Tt ".contains(date.get(10)?) {
        return None;
    }
    let field = |from: usize, to: usize| date.get(from..to).and_then(number);
    let (year, month, day) = (field(0, 4)?, field(5, 7)?, field(8, 10)?);
    let (hour, minute, second) = (field(11, 13)?, field(14, 16)?, field(17, 19)?);
    if !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    // 60 is a leap second; it becomes the next one.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (nanos, offset) = fraction(rest)?;
    let seconds =
        days_from_civil(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset_seconds(offset)?;
    YEARS.contains(&seconds).then_some(Timestamp::from_unix(seconds, nanos))
}

fn fraction(rest: &[u8]) -> Option<(u32, &[u8])> {
    let Some(rest) = rest.strip_prefix(b".") else { return Some((0, rest)) };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = rest.split_at_checked(digits).filter(|(digits, _)| !digits.is_empty())?;
    let nanos = (0..9).fold(0, |nanos, i| nanos * 10 + digits.get(i).map_or(0, |digit| u32::from(digit - b'0')));
    Some((nanos, rest))
}

fn offset_seconds(offset: &[u8]) -> Option<i64> {
    let (sign, digits) = match offset {
        b"Z" | b"z" => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let [h1, h2, b':', m1, m2] = digits else { return None };
    let (hours, minutes) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970 of a date in the proleptic Gregorian calendar, counted in eras of 400 years that begin in March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year.div_euclid(400) * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + days.div_euclid(146_097) * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * march_month + 2) / 5 + 1)
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::go_time(deserializer)?.ok_or_else(|| serde::de::Error::custom("no time"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Timestamp, civil_from_days, days_from_civil, days_in};
    use crate::random::for_seeds;
    use std::time::SystemTime;

    fn parsed(text: &str) -> Option<(i64, u32)> {
        text.parse::<Timestamp>().ok().map(|time| (time.unix_seconds(), time.subsec_nanos()))
    }

    #[test]
    fn reads_what_engines_write() {
        assert_eq!(parsed("1970-01-01T00:00:00Z"), Some((0, 0)));
        assert_eq!(parsed("2026-11-24T03:19:56.123456789Z"), Some((1_795_490_396, 123_456_789)));
        assert_eq!(parsed("2026-11-24T03:19:56.1Z"), Some((1_795_490_396, 100_000_000)));
        assert_eq!(parsed("2026-11-24T04:49:56+01:30"), Some((1_795_490_396, 0)));
        assert_eq!(parsed("2026-11-23T19:19:56-08:00"), Some((1_795_490_396, 0)));
        assert_eq!(parsed("1969-12-31T23:59:59.5Z"), Some((-1, 500_000_000)));
        assert_eq!(parsed("2024-02-29T00:00:00.1234567899999Z"), Some((1_709_164_800, 123_456_789)));
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "now",
            "2026-11-24",
            "2026-11-24T03:19:56",
            "2026-13-01T00:00:00Z",
            "2025-02-29T00:00:00Z",
            "2026-11-24T24:00:00Z",
            "2026-11-24T03:19:56.Z",
            "2026-11-24T03:19:56+1:00",
            "2026-11-24T03:19:56Zz",
            "2026-11-24X03:19:56Z",
            "２026-11-24T03:19:56Z",
            "-026-11-24T03:19:56Z",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn writes_what_it_reads() {
        for text in ["2026-11-24T03:19:56.000000001Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9Z"] {
            assert_eq!(text.parse::<Timestamp>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn counts_each_day_of_four_centuries() {
        let mut expected = days_from_civil(1799, 12, 31);
        for year in 1800..2201 {
            for month in 1..=12 {
                for day in 1..=days_in(year, month) {
                    expected += 1;
                    assert_eq!(days_from_civil(year, month, day), expected);
                    assert_eq!(civil_from_days(expected), (year, month, day));
                }
            }
        }
    }

    #[test]
    fn converts_to_the_system_clock_and_back() {
        for time in [Timestamp::from_unix(-5, 250), Timestamp::from_unix(1_795_490_396, 999_999_999)] {
            assert_eq!(Timestamp::from(std::time::SystemTime::from(time)), time);
        }
    }

    #[test]
    fn whatever_is_a_time_is_written_as_itself() {
        for_seeds(20_000, |random| {
            let dates = ["2026-11-24", "0000-01-01", "9999-12-31", "0001-01-01", "1969-12-31", "2024-02-29"];
            let times = ["T00:00:00", "t23:59:60", " 03:19:56"];
            let fractions = ["", ".1", ".000000001", ".9999999999999999"];
            let offsets = ["Z", "z", "+23:59", "-23:59", "+00:00", "-08:30"];
            let mut text = random.pick(&dates).to_owned() + random.pick(&times);
            text = text + random.pick(&fractions) + random.pick(&offsets);
            if random.chance(50) {
                let mut bytes = text.into_bytes();
                random.damage(&mut bytes);
                text = String::from_utf8_lossy(&bytes).into_owned();
            }
            if let Ok(time) = text.parse::<Timestamp>() {
                assert_eq!(time.to_string().parse(), Ok(time), "{text:?} is written as {time}");
                assert_eq!(Timestamp::from(SystemTime::from(time)), time, "{text:?}");
            }
        });
    }

    #[test]
    fn no_moment_is_too_far() {
        for_seeds(2_000, |random| {
            let mut moment = || {
                let seconds = i64::from_ne_bytes(random.number().to_ne_bytes()) >> random.below(64);
                Timestamp::from_unix(random.pick(&[seconds, i64::MIN, i64::MAX]), u32::MAX - random.pick(&[0, 1]))
            };
            let (one, other) = (moment(), moment());
            assert!(one.to_string().ends_with('Z') && one.to_seconds().contains('.'));
            let _ = SystemTime::from(one);
            assert_eq!(one.duration_since(other).is_zero(), one <= other);
        });
    }
}
