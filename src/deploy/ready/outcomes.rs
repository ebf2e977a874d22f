//! [`Outcomes`]: what is known about the conditions that are not met yet.

use super::{Condition, Ready};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The conditions that are not met yet, each with the outcome of the last look at it.
pub(super) struct Outcomes(Mutex<Vec<(Condition, String)>>);

impl Outcomes {
    pub(super) fn of(ready: &Ready) -> Self {
        let mut unmet = Vec::new();
        collect(ready, &mut unmet);
        Self(Mutex::new(unmet))
    }

    /// Notes the outcome of a look at a condition.
    pub(super) fn note(&self, condition: &Condition, outcome: String) {
        if let Some((_, last)) = self.lock().iter_mut().find(|(unmet, _)| unmet == condition) {
            *last = outcome;
        }
    }

    /// Notes that a condition is met.
    pub(super) fn met(&self, condition: &Condition) {
        self.lock().retain(|(unmet, _)| unmet != condition);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Condition, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn collect(ready: &Ready, unmet: &mut Vec<(Condition, String)>) {
    match &ready.0 {
        Condition::All(conditions) | Condition::Any(conditions) => {
            for condition in conditions {
                collect(condition, unmet);
            }
        }
        condition if unmet.iter().any(|(known, _)| known == condition) => {} // one outcome is enough for both
        condition => unmet.push((condition.clone(), condition.unmet())),
    }
}

impl fmt::Display for Outcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unmet = self.lock();
        let outcomes: Vec<_> = unmet.iter().map(|(_, outcome)| outcome.as_str()).collect();
        f.write_str(&outcomes.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::Outcomes;
    use crate::deploy::Ready;

    #[test]
    fn only_what_is_not_met_is_told() {
        let (line, port, exec) = (Ready::log_line("x"), Ready::tcp(80), Ready::exec(["true"]));
        let outcomes =
            Outcomes::of(&Ready::all([line.clone(), Ready::any([port.clone(), exec.clone()]), port.clone()]));
        outcomes.note(&port.0, "connecting to 10.0.0.1:80: refused".to_owned());
        outcomes.met(&line.0);
        outcomes.note(&line.0, "too late".to_owned());
        let text = outcomes.to_string();
        assert_eq!(text, r#"connecting to 10.0.0.1:80: refused; the command ["true"] has not succeeded"#);
    }
}
