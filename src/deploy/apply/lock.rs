//! [`Lock`]: one deployer at a time, for each project and environment.
//!
//! It is a volume: creating one that is there already changes nothing and tells its labels, so that of two who create it one
//! is the first. Who holds it stands in its labels.

use crate::deploy::failure::{Cause, Failure, Step};
use crate::deploy::label::random_id;
use crate::deploy::plan::{Desired, label};
use crate::volume::{VolumeInspect, VolumeSpec};
use crate::{Docker, Error, Timestamp};
use std::time::Duration;
use tokio::time::{Instant, sleep};

const HOLDER: &str = "dev.longshore.holder";
const PROCESS: &str = "dev.longshore.process";
pub(in crate::deploy) const LEASE: &str = "dev.longshore.lease";

/// How often it is looked whether the lock is free.
const PAUSE: Duration = Duration::from_millis(500);

/// What is done if somebody else is deploying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::deploy) struct Patience {
    /// How long to wait for it.
    pub(in crate::deploy) wait: Duration,
    /// How long the lock is held at most.
    pub(in crate::deploy) lease: Duration,
}

/// Held while it exists. Dropped, it is given back in the background.
pub(in crate::deploy) struct Lock {
    docker: Docker,
    name: String,
    /// Of this deployment: all that it makes carries it.
    pub(in crate::deploy) release: String,
    is_held: bool,
}

impl Lock {
    /// Takes it, or waits for it. A holder of this machine that is not there any more has lost it, as has one whose lease is
    /// over.
    pub(in crate::deploy) async fn take(
        docker: &Docker,
        desired: &Desired,
        patience: Patience,
    ) -> Result<Self, Failure> {
        let (name, release) = (name(desired), release_id());
        let mut lock = Self { docker: docker.clone(), name, release, is_held: false };
        let failure = |error: Error| Failure::new(Step::Lock, Cause::Call(error));
        let begun = Instant::now();
        let mut takes_over = false;
        loop {
            let volume = match lock.try_take(desired, patience.lease).await {
                Ok(volume) => volume,
                Err(error) => {
                    lock.give_back_if_taken().await;
                    return Err(failure(error));
                }
            };
            if lock.is_held && !takes_over {
                return Ok(lock);
            }
            if lock.is_held {
                // Another one may be taking over as well, and remove this one's for the abandoned one: it is looked at once more.
                takes_over = false;
                sleep(PAUSE).await;
            } else if is_abandoned(&volume) {
                lock.give_back().await.map_err(failure)?;
                takes_over = true;
            } else if begun.elapsed() >= patience.wait {
                return Err(Failure::new(Step::Lock, Cause::Locked(holder(&volume))));
            } else {
                sleep(PAUSE).await;
            }
        }
    }

    /// Whether somebody holds it, who is still there.
    pub(in crate::deploy) async fn is_taken(docker: &Docker, desired: &Desired) -> bool {
        docker.volume(name(desired)).inspect().await.is_ok_and(|volume| !is_abandoned(&volume))
    }

    async fn try_take(&mut self, desired: &Desired, lease: Duration) -> crate::Result<VolumeInspect> {
        let spec = VolumeSpec::new(&self.name)
            .label(label::PROJECT, &desired.project)
            .label(label::ENVIRONMENT, &desired.environment)
            .label(label::RELEASE, &self.release)
            .label(HOLDER, who())
            .label(PROCESS, process())
            .label(LEASE, Timestamp::now().as_second().saturating_add_unsigned(lease.as_secs()).to_string());
        let volume = self.docker.volumes().create(spec).await?.inspect().await?;
        self.is_held = volume.labels.get(label::RELEASE) == Some(&self.release);
        Ok(volume)
    }

    /// Gives it back.
    pub(in crate::deploy) async fn release(mut self) -> crate::Result<()> {
        self.is_held = false;
        self.give_back().await
    }

    /// The response may have been lost after the engine had created the volume.
    async fn give_back_if_taken(&self) {
        let volume = self.docker.volume(&self.name).inspect().await;
        if volume.is_ok_and(|volume| volume.labels.get(label::RELEASE) == Some(&self.release)) {
            let _ = self.give_back().await; // what is left of it loses its lease
        }
    }

    async fn give_back(&self) -> crate::Result<()> {
        match self.docker.volume(&self.name).remove().await {
            Err(error) if !error.is_not_found() => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for Lock {
    #[inline] // what it calls is compiled where somebody deploys, and not before
    fn drop(&mut self) {
        if let (true, Ok(runtime)) = (self.is_held, tokio::runtime::Handle::try_current()) {
            let volume = self.docker.volume(&self.name);
            runtime.spawn(async move { volume.remove().await });
        }
    }
}

fn name(desired: &Desired) -> String {
    format!("{}.lock", desired.prefix())
}

/// An id of which later ones are greater: lists tell only in which second a container was made.
fn release_id() -> String {
    let (now, random) = (Timestamp::now().as_nanosecond(), random_id());
    format!("{now:016x}{}", random.get(16..).unwrap_or_default())
}

/// Whether nobody holds it any more.
fn is_abandoned(volume: &VolumeInspect) -> bool {
    let label = |key| volume.labels.get(key).map(String::as_str).unwrap_or_default();
    let is_over = label(LEASE).parse().is_ok_and(|until: i64| until < Timestamp::now().as_second());
    is_over || is_dead(label(PROCESS))
}

/// `ci@build-7 (process 4711), since 2026-11-29T06:15:43Z`
fn holder(volume: &VolumeInspect) -> String {
    let who = volume.labels.get(HOLDER).map_or("somebody", String::as_str);
    volume.created_at.map_or_else(|| who.to_owned(), |since| format!("{who}, since {since}"))
}

fn who() -> String {
    let variable = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    let user = variable("USER").or_else(|| variable("LOGNAME")).unwrap_or_else(|| "somebody".to_owned());
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{user}@{} (process {})", host.trim(), std::process::id())
}

/// What tells this process from all others, as long as the machine runs: its boot, process namespace, number and start.
fn process() -> String {
    let namespace = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let (id, boot) =
        (std::process::id(), std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default());
    format!("{} {} {id} {}", boot.trim(), namespace.display(), started(&id.to_string()).unwrap_or_default())
}

/// When a process was started, in the kernel's count.
fn started(id: &str) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The program's name is in brackets, and may have any in it.
    stat.rsplit_once(')')?.1.split_whitespace().nth(19).map(str::to_owned)
}

/// Whether it was a process of this machine and is not there any more; of others nobody here knows.
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
