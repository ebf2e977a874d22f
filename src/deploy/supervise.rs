//! Supervision: heals what the engine's restart policies do not.

mod watch;

use super::deployment::Deployment;
use super::event::Event;
use super::failure::{Failure, Step};
use super::plan::{DesiredService, Found, Observed, Slot, label};
use super::target::Target;
use crate::container::ContainerStatus;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use watch::{Known, Watch};

/// Pause before a replica is healed: the first one, and the longest one. It doubles with each attempt in a row.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);
/// Number of attempts in a row.
const LIMIT: u32 = 10;
/// A replica that was well for this long starts again with no attempts.
const FORGET: Duration = Duration::from_secs(10 * 60);

/// How often all replicas are looked at in any case, since events may be lost.
const SLOW_TICK: Duration = Duration::from_secs(15);

/// How long no event must come after the state was read, since the events come on another connection.
const SETTLE: Duration = Duration::from_millis(100);
/// How often the state is read again while events keep coming.
const LOOKS: usize = 20;

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
    /// are unhealthy, gives those that were renamed their names back, and creates those that were removed again. Containers that
    /// somebody has paused stay paused.
    ///
    /// The pause before each attempt doubles, from 1 second to 5 minutes. After ten attempts in a row, the supervisor gives up
    /// on the replica. Ten minutes without trouble reset the count.
    ///
    /// It never rolls out another configuration: it ignores services whose containers differ from this project. It waits while
    /// another deployer is at work, and goes on after a restart of the engine. It reports each decision and each failure to the
    /// [observer](Self::observe).
    ///
    /// A container counts as removed if the supervisor saw it, and no deployer has worked on the environment since. So what
    /// [`scale`](Self::scale), [`teardown`](Self::teardown) or another version has removed stays away, and what was never
    /// deployed is not created. The supervisor does not create these either, which the next plan does:
    /// - containers that were removed shortly before a deployer was at work, or meanwhile,
    /// - containers that were removed before the supervisor began, or while it was not connected,
    /// - containers of replicas whose earlier version was started by hand,
    /// - containers of services that [run once](super::Ready::exited).
    ///
    /// Run one supervisor per environment: a second one counts as a deployer.
    ///
    /// ```no_run
    /// # async fn example(prod: longshore::deploy::Deployment) {
    /// use longshore::deploy::Event;
    ///
    /// let prod = prod.observe(|step| match step.event {
    ///     Event::Healing { reason, attempt, .. } => println!("attempt {attempt}: {reason}"),
    ///     Event::HealingFailed(failure) => println!("{failure}"),
    ///     _ => {}
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
        self.check()?;
        let mut patients = BTreeMap::new();
        let mut watch = self.watch().await;
        self.look(&mut watch, false).await?;
        loop {
            let mut has_changed = false;
            loop {
                let idle = match self.look(&mut watch, false).await {
                    Ok(Some(observed)) => self.look_after(&observed, &mut watch, &mut patients).await,
                    Ok(None) => SLOW_TICK,
                    Err(_) => FIRST_PAUSE, // the engine may be restarting
                };
                // Lists may show the state before an event for a moment after it, so look a second time.
                let idle = if has_changed { idle.min(FIRST_PAUSE) } else { idle };
                has_changed = watch.next_within(idle).await;
                if watch.is_lost() {
                    break;
                }
            }
            sleep(FIRST_PAUSE).await;
            watch = self.watch().await;
        }
    }

    async fn watch(&self) -> Watch {
        Watch::of(&self.docker, &self.desired, self.lock_place().name().to_owned()).await
    }

    /// Reads the current state, again if something happens meanwhile. Returns `None` while another deployer is at work.
    async fn look(&self, watch: &mut Watch, has_lock: bool) -> Result<Option<Observed>, Failure> {
        let mut looks = 0;
        loop {
            let is_deploying = !has_lock && self.lock_place().is_taken().await;
            let observed = self.observed().await?;
            watch.known.see(&observed, is_deploying);
            looks += 1;
            // Podman tells of each health check, so that there may be no end of events.
            if !watch.next_within(SETTLE).await || looks == LOOKS {
                return Ok((!is_deploying && !watch.known.is_outdated()).then_some(observed));
            }
        }
    }

    /// Heals the replicas that are due. Returns how long there is nothing to do.
    async fn look_after(
        &self,
        observed: &Observed,
        watch: &mut Watch,
        patients: &mut BTreeMap<Target, Patient>,
    ) -> Duration {
        let mut idle = SLOW_TICK;
        for (target, reason) in self.ill(observed, &watch.known) {
            let now = Instant::now();
            let patient = patients.entry(target.clone()).or_insert_with(|| Patient::new(now));
            let wait = match patient.decide(now) {
                Decision::Wait(wait) => wait,
                Decision::GiveUp => {
                    self.tell(Some(&target), &Event::GivenUp { reason });
                    SLOW_TICK
                }
                Decision::Heal { attempt, pause } => {
                    if let Err(failure) = self.heal(&target, watch, (attempt, pause)).await {
                        if failure.step() == Step::Lock {
                            patient.attempts -= 1; // it was not touched
                        }
                        self.tell(Some(&target), &Event::HealingFailed(failure.into()));
                    }
                    pause
                }
            };
            idle = idle.min(wait);
        }
        idle
    }

    /// Heals a replica, unless another deployer has done so before the lock was taken.
    async fn heal(&self, target: &Target, watch: &mut Watch, (attempt, pause): (u32, Duration)) -> Result<(), Failure> {
        self.locked(async |lock| {
            watch.known.take_lock();
            let Some(observed) = self.look(watch, true).await? else { return Ok(()) };
            let mut ill = self.ill(&observed, &watch.known).into_iter();
            let Some((_, reason)) = ill.find(|(other, _)| other == target) else { return Ok(()) };
            self.tell(Some(target), &Event::Healing { reason, attempt, pause });
            self.applying(lock, &[], &observed).await?.heal(target, &observed, watch.known.lost(target)).await
        })
        .await
    }

    /// Returns the replicas that are not well, and why.
    fn ill(&self, observed: &Observed, known: &Known) -> Vec<(Target, String)> {
        let mut ill = Vec::new();
        for service in &self.desired.services {
            let current = |target: &Target| observed.slots.get(target).and_then(|slot| slot.current.as_ref());
            let is_another = |found: &Found| found.label(label::DIGEST) != service.digest;
            if service.targets().any(|target| current(&target).is_some_and(is_another)) {
                continue; // the service belongs to another version of the project
            }
            ill.extend(service.targets().filter_map(|target| {
                let reason = match current(&target) {
                    Some(found) => reason(found),
                    None => known.lost(&target).and_then(|lost| missing(service, &observed.slot(&target), lost)),
                };
                Some((target, reason?))
            }));
        }
        ill
    }
}

/// Returns what happened to a container of this version that has lost its place by accident. One that has run to its end may be
/// removed.
fn missing(service: &DesiredService, slot: &Slot, lost: &Found) -> Option<String> {
    if lost.label(label::DIGEST) != service.digest || service.service.ready.is_exited() {
        return None;
    }
    if slot.renamed(lost).is_some() {
        return Some("it was renamed".to_owned());
    }
    // Somebody has started an earlier version: no second container runs beside it.
    let is_alone = !slot.superseded.iter().any(Found::is_running);
    is_alone.then(|| "it was removed".to_owned())
}

fn reason(found: &Found) -> Option<String> {
    match found.state {
        ContainerStatus::Running if found.status.contains("(unhealthy)") => Some("it is unhealthy".to_owned()),
        ContainerStatus::Exited | ContainerStatus::Dead if !found.has_succeeded => Some(found.status.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
