//! [`Lock`]: allows one deployer at a time per project and environment.
//!
//! On an engine, the lock is a volume. Creating an existing volume does not change its labels, so only the first of two deployers
//! finds its own labels on it. On a swarm, the lock is a config, whose name is unique. The labels tell who holds the lock.

use super::in_flight::complete_stops;
use crate::config::ConfigSpec;
use crate::deploy::attempt::{SECOND_LOOK, gone, in_background};
use crate::deploy::failure::{AtStep, Cause, Failure, Step};
use crate::deploy::plan::{Desired, label};
use crate::volume::VolumeSpec;
use crate::wire::random_id;
use crate::{Docker, Map, Timestamp};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

const HOLDER: &str = "dev.longshore.holder";
const PROCESS: &str = "dev.longshore.process";
pub(in crate::deploy) const LEASE: &str = "dev.longshore.lease";

/// Pause before the lock is tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// Limit of the time to take the lock away from a dead holder, or to wait until this process has released a dropped one.
const TAKING_AWAY: Duration = Duration::from_secs(30);

/// The releases whose locks were dropped, and that this process is about to release. They would lock out the process itself.
static DROPPED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// What to do while another deployer holds the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::deploy) struct Patience {
    /// How long to wait for the lock.
    pub(in crate::deploy) wait: Duration,
    /// How long the lock is valid.
    pub(in crate::deploy) lease: Duration,
}

/// Holds the lock while it exists. A drop releases the lock in the background, as soon as the engine is reachable.
pub(in crate::deploy) struct Lock {
    place: Place,
    /// The random ID of this deployment, which everything that it creates carries.
    pub(in crate::deploy) release: String,
    /// Whether the lock is held. Also true while that is unknown, because a response is outstanding.
    may_be_held: bool,
    lease: Duration,
    /// When the lease is over. `None` for one that is longer than time is counted.
    pub(in crate::deploy) end: Option<Instant>,
}

/// The object that represents the lock.
#[derive(Clone)]
pub(in crate::deploy) struct Place {
    docker: Docker,
    name: String,
    is_on_swarm: bool,
}

/// The lock object as read from the engine.
struct Held {
    labels: Map<String>,
    created_at: Option<Timestamp>,
}

impl Place {
    pub(in crate::deploy) fn new(docker: &Docker, desired: &Desired, is_on_swarm: bool) -> Self {
        Self { docker: docker.clone(), name: format!("{}.lock", desired.prefix()), is_on_swarm }
    }

    /// Returns the name of the lock's object.
    pub(in crate::deploy) fn name(&self) -> &str {
        &self.name
    }

    /// Creates the lock unless it exists. Podman and swarms refuse the second of two simultaneous requests with a conflict.
    async fn create(&self, labels: Map<String>) -> crate::Result<()> {
        let created = if self.is_on_swarm {
            let spec = ConfigSpec { labels, ..ConfigSpec::new(&self.name, "lock") };
            self.docker.configs().create(spec).await.map(drop)
        } else {
            self.docker.volumes().create(VolumeSpec { labels, ..VolumeSpec::new(&self.name) }).await.map(drop)
        };
        created.or_else(|error| if error.is_conflict() { Ok(()) } else { Err(error) })
    }

    async fn inspect(&self) -> crate::Result<Held> {
        if self.is_on_swarm {
            let config = self.docker.config(&self.name).inspect().await?;
            return Ok(Held { labels: config.spec.labels, created_at: config.created_at });
        }
        let volume = self.docker.volume(&self.name).inspect().await?;
        Ok(Held { labels: volume.labels, created_at: volume.created_at })
    }

    async fn remove(&self) -> crate::Result<()> {
        let removed = if self.is_on_swarm {
            self.docker.config(&self.name).remove().await
        } else {
            self.docker.volume(&self.name).remove().await
        };
        gone(removed)
    }

    /// Returns whether an object, by its name and labels, is the lock, and a killed deployer has left it.
    pub(in crate::deploy) fn is_left(&self, name: &str, labels: &Map<String>) -> bool {
        name == self.name && is_abandoned(labels)
    }

    /// Returns whether a living deployer holds the lock.
    pub(in crate::deploy) async fn is_taken(&self) -> bool {
        self.inspect().await.is_ok_and(|held| !is_abandoned(&held.labels))
    }
}

impl Lock {
    /// Takes the lock, or waits for it. Takes it away from a holder that is dead or whose lease has expired.
    pub(in crate::deploy) async fn take(place: Place, desired: &Desired, patience: Patience) -> Result<Self, Failure> {
        let mut lock = Self { place, release: release_id(), may_be_held: false, lease: patience.lease, end: None };
        let (begun, mut left_since) = (Instant::now(), None);
        loop {
            lock.may_be_held = true;
            lock.end = Instant::now().checked_add(lock.lease);
            let held = match lock.try_take(desired).await {
                Ok(held) => held,
                // The holder has released it between the two requests.
                Err(error) if error.is_not_found() && begun.elapsed() < patience.wait.max(SECOND_LOOK) => continue,
                Err(error) => {
                    lock.may_be_held = lock.give_back_if_held().await.is_err();
                    return Err(Failure::new(Step::Lock, error.into()));
                }
            };
            lock.may_be_held = lock.is_of(&held);
            if lock.may_be_held {
                if let Some(since) = left_since {
                    complete_stops(&lock.place.docker, desired, since).await.at_step(Step::Recover)?;
                }
                return Ok(lock);
            }
            let wait = if is_dropped(&held) { patience.wait.max(TAKING_AWAY) } else { patience.wait };
            if is_abandoned(&held.labels) {
                left_since = held.created_at.filter(|_| !lock.place.is_on_swarm);
                lock.take_away(desired).await.at_step(Step::Lock)?;
            } else if begun.elapsed() >= wait {
                return Err(Failure::new(Step::Lock, Cause::Locked(holder(&held))));
            } else {
                sleep(PAUSE).await;
            }
        }
    }

    /// Removes the lock of a dead holder. A second lock makes sure that nobody removes the lock of a new holder.
    async fn take_away(&self, desired: &Desired) -> crate::Result<()> {
        let place = Place { name: format!("{}.over", self.place.name), ..self.place.clone() };
        let mut turn = Self { place, release: self.release.clone(), may_be_held: true, lease: TAKING_AWAY, end: None };
        let held = match turn.try_take(desired).await {
            // Another one had the turn, and has released it between the two requests.
            Err(error) if error.is_not_found() => {
                turn.may_be_held = false;
                return Ok(());
            }
            tried => tried?,
        };
        turn.may_be_held = turn.is_of(&held);
        if !turn.may_be_held && is_abandoned(&held.labels) {
            return turn.place.remove().await;
        }
        if !turn.may_be_held {
            sleep(PAUSE).await;
            return Ok(());
        }
        match self.place.inspect().await {
            Ok(held) if is_abandoned(&held.labels) => self.place.remove().await?,
            _ => {}
        }
        turn.release().await
    }

    async fn try_take(&self, desired: &Desired) -> crate::Result<Held> {
        let until = Timestamp::now().as_second().saturating_add_unsigned(self.lease.as_secs());
        let labels = [
            (label::PROJECT, desired.project.clone()),
            (label::ENVIRONMENT, desired.environment.clone()),
            (label::RELEASE, self.release.clone()),
            (HOLDER, who()),
            (PROCESS, process()),
            (LEASE, until.to_string()),
        ];
        self.place.create(labels.into()).await?;
        self.place.inspect().await
    }

    fn is_of(&self, held: &Held) -> bool {
        held.labels.get(label::RELEASE) == Some(&self.release)
    }

    /// Releases the lock, unless the lease has expired and another deployer holds it.
    pub(in crate::deploy) async fn release(mut self) -> crate::Result<()> {
        self.give_back_if_held().await?;
        self.may_be_held = false;
        Ok(())
    }

    async fn give_back_if_held(&self) -> crate::Result<()> {
        match self.place.inspect().await {
            Ok(held) if self.is_of(&held) => self.place.remove().await,
            Err(error) if !error.is_not_found() => Err(error),
            _ => Ok(()),
        }
    }

    /// Waits for outstanding requests, then retries the release until the lease expires: the engine may be restarting.
    async fn give_back_at_last(self) {
        let begun = Instant::now();
        sleep(SECOND_LOOK).await;
        while self.give_back_if_held().await.is_err() && begun.elapsed() < self.lease {
            sleep(PAUSE).await;
        }
        dropped(|releases| releases.remove(&self.release));
    }
}

impl Drop for Lock {
    #[inline] // generates code only in crates that deploy
    fn drop(&mut self) {
        if self.may_be_held {
            let (place, release) = (self.place.clone(), self.release.clone());
            dropped(|releases| releases.insert(release.clone()));
            let lock = Self { place, release, may_be_held: false, lease: self.lease, end: self.end };
            in_background(lock.give_back_at_last());
        }
    }
}

fn dropped(with: impl FnOnce(&mut BTreeSet<String>) -> bool) -> bool {
    with(&mut DROPPED.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Returns whether this process is about to release the lock.
fn is_dropped(held: &Held) -> bool {
    held.labels.get(label::RELEASE).is_some_and(|release| dropped(|releases| releases.contains(release)))
}

/// Fails after the end of a lease, because another deployer may be at work.
pub(in crate::deploy) fn check_lease(end: Option<Instant>) -> Result<(), Failure> {
    let is_over = end.is_some_and(|end| Instant::now() >= end);
    if is_over { Err(Failure::new(Step::Before, Cause::LeaseOver)) } else { Ok(()) }
}

/// Returns an ID that sorts by time. Lists of containers report the creation time only in seconds.
fn release_id() -> String {
    let (now, random) = (Timestamp::now().as_nanosecond(), random_id());
    format!("{now:016x}{}", random.get(16..).unwrap_or_default())
}

/// Returns whether the holder is dead or the lease has expired.
fn is_abandoned(labels: &Map<String>) -> bool {
    let label = |key| labels.get(key).map(String::as_str).unwrap_or_default();
    let is_over = label(LEASE).parse().is_ok_and(|until: i64| until < Timestamp::now().as_second());
    is_over || is_dead(label(PROCESS))
}

/// `ci@build-7 (process 4711), since 2026-11-29T06:15:43Z`
fn holder(held: &Held) -> String {
    let who = held.labels.get(HOLDER).map_or("somebody", String::as_str);
    held.created_at.map_or_else(|| who.to_owned(), |since| format!("{who}, since {since}"))
}

fn who() -> String {
    let variable = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    let user = variable("USER").or_else(|| variable("LOGNAME")).unwrap_or_else(|| "somebody".to_owned());
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{user}@{} (process {})", host.trim(), std::process::id())
}

/// Identifies this process on this machine until its next boot: boot ID, PID namespace, PID and start time.
fn process() -> String {
    let namespace = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let (id, boot) =
        (std::process::id(), std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default());
    format!("{} {} {id} {}", boot.trim(), namespace.display(), started(&id.to_string()).unwrap_or_default())
}

/// Returns the start time of a process, in clock ticks since boot.
fn started(id: &str) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The program's name is in parentheses and may contain parentheses itself.
    stat.rsplit_once(')')?.1.split_whitespace().nth(19).map(str::to_owned)
}

/// Returns whether a process of this machine has ended. `false` for other machines, whose processes are unknown here.
fn is_dead(process: &str) -> bool {
    let own = self::process();
    let (theirs, ours): (Vec<_>, Vec<_>) = (process.split(' ').collect(), own.split(' ').collect());
    match (theirs.as_slice(), ours.as_slice()) {
        ([boot, namespace, id, start], [our_boot, our_namespace, ..]) => {
            let is_here = !boot.is_empty() && boot == our_boot && namespace == our_namespace;
            is_here && started(id).as_deref() != Some(*start)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_dead, process};

    #[test]
    fn tells_the_living_from_the_dead() {
        let own = process();
        assert!(!is_dead(&own), "{own}");
        let (rest, _) = own.rsplit_once(' ').expect("a start");
        assert!(is_dead(&format!("{rest} 1")), "the number was given to another process");
        assert!(!is_dead("another-boot pid:[1] 1 1") && !is_dead(""));
    }
}
