//! Bringing back what dies: what the engine's restart policies do not do.

use super::apply::Lock;
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

/// The pause before something is put right: at first, and at most. It is doubled each time in a row.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);
/// So often in a row something is put right.
const LIMIT: u32 = 10;
/// What has been well for so long is put right with no memory of before.
const FORGET: Duration = Duration::from_secs(10 * 60);

/// How often all is looked at, whatever the engine's events say: they may be lost.
const SLOW_TICK: Duration = Duration::from_secs(15);

/// How a replica has been doing.
struct Patient {
    attempts: u32,
    /// Before this it is not put right (again).
    at: Instant,
    /// When it was seen to be ill last.
    seen: Instant,
}

impl Deployment {
    /// Brings back what dies, for as long as it is awaited: starts what has ended, restarts what is unhealthy, and creates
    /// again what was removed, each after a pause that doubles, ten times in a row at most.
    ///
    /// It never rolls out another configuration: a service whose containers have another one than this project is left alone.
    /// While somebody deploys, it waits. It goes on when the engine restarts. Each decision is told to the
    /// [observer](Self::observe).
    ///
    /// # Errors
    /// [`Failure`] if the first look at what is there fails. Later ones are tried again.
    pub async fn supervise(&self) -> Result<Infallible, Failure> {
        let mut observed = self.observed().await?;
        let mut patients = BTreeMap::new();
        loop {
            let project = format!("{}={}", label::PROJECT, self.desired.project);
            let environment = format!("{}={}", label::ENVIRONMENT, self.desired.environment);
            let events = self.docker.events().kind(EventType::Container).label(project).label(environment);
            let mut changes = Changes::of(events).await;
            loop {
                let is_deploying = Lock::is_taken(&self.docker, &self.desired).await;
                let idle = if is_deploying { SLOW_TICK } else { self.look_after(&observed, &mut patients).await };
                changes.next_within(idle).await;
                match self.observed().await {
                    Ok(now) => observed = now,
                    Err(_) => break, // the engine restarts, perhaps
                }
                if changes.are_lost() {
                    break;
                }
            }
            sleep(FIRST_PAUSE).await;
            if let Ok(now) = self.observed().await {
                observed = now;
            }
        }
    }

    /// Puts right what is due; tells how long there is nothing to do, as far as is known.
    async fn look_after(&self, observed: &Observed, patients: &mut BTreeMap<Target, Patient>) -> Duration {
        let mut idle = SLOW_TICK;
        for (target, reason) in self.ill(observed) {
            let now = Instant::now();
            let new = || Patient { attempts: 0, at: now + FIRST_PAUSE, seen: now };
            let patient = patients.entry(target.clone()).or_insert_with(new);
            if patient.seen + FORGET < now {
                *patient = new();
            }
            patient.seen = now;
            if patient.attempts > LIMIT {
                continue;
            }
            if patient.at > now {
                idle = idle.min(patient.at - now);
                continue;
            }
            let pause = LONGEST_PAUSE.min(FIRST_PAUSE * 2u32.saturating_pow(patient.attempts));
            patient.attempts += 1;
            patient.at = now + pause;
            idle = idle.min(pause);
            let event = match patient.attempts {
                attempt if attempt > LIMIT => Event::GivenUp { reason },
                attempt => Event::Healing { reason, attempt, pause },
            };
            if let Ok(applying) = self.applying("", &[]).await {
                applying.tell(Some(&target), &event);
            }
            if patient.attempts <= LIMIT {
                // What fails is tried again; the observer sees that it is.
                let _ = self
                    .locked(async |lock| self.applying(&lock.release, &[]).await?.heal(&target, observed).await)
                    .await;
            }
        }
        idle
    }

    /// The replicas that are not as they are to be, and why.
    fn ill(&self, observed: &Observed) -> Vec<(Target, String)> {
        let mut ill = Vec::new();
        for service in &self.desired.services {
            let slot = |replica| observed.slots.get(&(service.name.clone(), replica));
            let mut known = (1..=service.service.replicas).filter_map(|replica| slot(replica)?.current.as_ref());
            if known.any(|found| found.label(label::DIGEST) != service.digest) {
                continue; // it is another version's
            }
            for replica in 1..=service.service.replicas {
                let current = slot(replica).and_then(|slot| slot.current.as_ref());
                if let Some(reason) = reason(current) {
                    ill.push((Target { service: service.name.clone(), replica }, reason));
                }
            }
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
