//! Supervision: heals what the engine's restart policies do not.

use super::apply::Place;
use super::deployment::Deployment;
use super::event::Event;
use super::failure::Failure;
use super::plan::{Found, Observed, label};
use super::ready::Changes;
use super::target::Target;
use crate::container::ContainerStatus;
use crate::system::EventType;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Pause before a replica is healed: the first one, and the longest one. It doubles with each attempt in a row.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);
/// Number of attempts in a row.
const LIMIT: u32 = 10;
/// A replica that was well for this long starts again with no attempts.
const FORGET: Duration = Duration::from_secs(10 * 60);

/// How often all replicas are looked at in any case, since events may be lost.
const SLOW_TICK: Duration = Duration::from_secs(15);

/// The history of a replica that is not well.
struct Patient {
    attempts: u32,
    /// The time of the next attempt.
    at: Instant,
    /// The last time that it was seen to be not well.
    seen: Instant,
}

/// What to do about a replica that is not well.
#[derive(Debug, PartialEq)]
enum Decision {
    /// Wait for this long.
    Wait(Duration),
    /// Heal it. `attempt` counts from 1, and `pause` is the time until the next attempt.
    Heal { attempt: u32, pause: Duration },
    /// Give up: it was healed as often as allowed.
    GiveUp,
}

impl Patient {
    fn new(now: Instant) -> Self {
        Self { attempts: 0, at: now + FIRST_PAUSE, seen: now }
    }

    /// Decides what to do about a replica that is not well now.
    fn decide(&mut self, now: Instant) -> Decision {
        if self.seen + FORGET < now {
            *self = Self::new(now);
        }
        self.seen = now;
        if self.attempts > LIMIT {
            return Decision::Wait(SLOW_TICK);
        }
        if self.at > now {
            return Decision::Wait(self.at - now);
        }
        let pause = LONGEST_PAUSE.min(FIRST_PAUSE * 2u32.saturating_pow(self.attempts));
        self.attempts += 1;
        self.at = now + pause;
        if self.attempts > LIMIT { Decision::GiveUp } else { Decision::Heal { attempt: self.attempts, pause } }
    }
}

impl Deployment {
    /// Keeps the deployment running for as long as the future is awaited. Starts containers that have exited, restarts those that
    /// are unhealthy, and creates those that were removed.
    ///
    /// The pause before each attempt doubles, from 1 second to 5 minutes. After ten attempts in a row, the supervisor gives up
    /// on the replica. Ten minutes without trouble reset the count.
    ///
    /// It never rolls out another configuration: it ignores services whose containers differ from this project. It waits while
    /// another deployer is at work, and goes on after a restart of the engine. It reports each decision to the
    /// [observer](Self::observe).
    ///
    /// ```no_run
    /// # async fn example(prod: longshore::deploy::Deployment) {
    /// use longshore::deploy::Event;
    ///
    /// let prod = prod.observe(|step| {
    ///     if let Event::Healing { reason, attempt, .. } = step.event {
    ///         println!("attempt {attempt}: {reason}");
    ///     }
    /// });
    /// let supervisor = tokio::spawn(async move { prod.supervise().await });
    /// // ...
    /// supervisor.abort();
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Failure`] if the current state cannot be read at the beginning. Later failures are retried.
    pub async fn supervise(&self) -> Result<Infallible, Failure> {
        let mut observed = self.observed().await?;
        let mut patients = BTreeMap::new();
        loop {
            let project = format!("{}={}", label::PROJECT, self.desired.project);
            let environment = format!("{}={}", label::ENVIRONMENT, self.desired.environment);
            let events = self.docker.events().kind(EventType::Container).label(project).label(environment);
            let mut changes = Changes::of(events).await;
            loop {
                let is_deploying = Place::new(&self.docker, &self.desired, false).is_taken().await;
                let idle = if is_deploying { SLOW_TICK } else { self.look_after(&observed, &mut patients).await };
                changes.next_within(idle).await;
                match self.observed().await {
                    Ok(now) => observed = now,
                    Err(_) => break, // the engine may be restarting
                }
                if changes.are_lost() {
                    break;
                }
            }
            observed = loop {
                sleep(FIRST_PAUSE).await;
                if let Ok(now) = self.observed().await {
                    break now;
                }
            };
        }
    }

    /// Heals the replicas that are due. Returns how long there is nothing to do.
    async fn look_after(&self, observed: &Observed, patients: &mut BTreeMap<Target, Patient>) -> Duration {
        let mut idle = SLOW_TICK;
        for (target, reason) in self.ill(observed) {
            let now = Instant::now();
            let patient = patients.entry(target.clone()).or_insert_with(|| Patient::new(now));
            let (event, wait) = match patient.decide(now) {
                Decision::Wait(wait) => (None, wait),
                Decision::GiveUp => (Some(Event::GivenUp { reason }), SLOW_TICK),
                Decision::Heal { attempt, pause } => (Some(Event::Healing { reason, attempt, pause }), pause),
            };
            idle = idle.min(wait);
            let Some(event) = event else { continue };
            self.tell(Some(&target), &event);
            if matches!(event, Event::Healing { .. }) {
                // A failed attempt is repeated after the pause. The observer has seen it.
                let _ = self.locked(async |lock| self.applying(lock, &[]).await?.heal(&target, observed).await).await;
            }
        }
        idle
    }

    /// Returns the replicas that are not well, and why.
    fn ill(&self, observed: &Observed) -> Vec<(Target, String)> {
        let mut ill = Vec::new();
        for service in &self.desired.services {
            let current = |target: &Target| observed.slots.get(target).and_then(|slot| slot.current.as_ref());
            let is_another = |found: &Found| found.label(label::DIGEST) != service.digest;
            if service.targets().any(|target| current(&target).is_some_and(is_another)) {
                continue; // the service belongs to another version of the project
            }
            ill.extend(service.targets().filter_map(|target| Some((target.clone(), reason(current(&target))?))));
        }
        ill
    }
}

fn reason(current: Option<&Found>) -> Option<String> {
    let Some(found) = current else { return Some("it was removed".to_owned()) };
    match found.state {
        ContainerStatus::Running if found.status.contains("(unhealthy)") => Some("it is unhealthy".to_owned()),
        ContainerStatus::Exited | ContainerStatus::Dead if !found.has_succeeded => Some(found.status.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, FIRST_PAUSE, FORGET, LIMIT, LONGEST_PAUSE, Patient, SLOW_TICK};
    use std::time::Duration;
    use tokio::time::Instant;

    #[test]
    fn pauses_double_until_it_is_given_up_and_all_is_forgotten_in_time() {
        let mut now = Instant::now();
        let mut patient = Patient::new(now);
        assert_eq!(patient.decide(now), Decision::Wait(FIRST_PAUSE));
        now += FIRST_PAUSE;
        for attempt in 1..=LIMIT {
            let pause = LONGEST_PAUSE.min(Duration::from_secs(1 << (attempt - 1)));
            assert_eq!(patient.decide(now), Decision::Heal { attempt, pause });
            assert_eq!(patient.decide(now), Decision::Wait(pause));
            now += pause;
        }
        assert_eq!(patient.decide(now), Decision::GiveUp);
        assert_eq!(patient.decide(now + LONGEST_PAUSE), Decision::Wait(SLOW_TICK), "and it stays so");
        now += LONGEST_PAUSE + FORGET + FIRST_PAUSE;
        assert_eq!(patient.decide(now), Decision::Wait(FIRST_PAUSE), "it has been well for long");
    }
}
