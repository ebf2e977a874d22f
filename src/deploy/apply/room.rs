//! Stops the replicas to be removed that have what a new container needs, and starts them again if that container fails.
//!
//! Several services may need the same replica to stop. It is started again once all of them have failed.

use super::Applying;
use crate::Result;
use crate::deploy::failure::{AtStep, Concerning, Failure, Step};
use crate::deploy::plan::{Change, DesiredService, Found, Observed, Slot, are_rivals, shared};
use crate::deploy::target::Target;
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::Mutex;

/// The replicas that were stopped for new containers.
pub(super) type Room = Mutex<BTreeMap<Target, Aside>>;

/// A replica to be removed that was stopped for new containers.
#[derive(Default)]
pub(super) struct Aside {
    is_stopped: bool,
    /// The services that it was stopped for, except those that failed.
    takers: BTreeSet<String>,
}

impl Applying {
    /// Stops the replicas to be removed that have what a container of the service needs.
    pub(super) async fn make_room(
        &self,
        service: &DesiredService,
        changes: &[Change],
        observed: &Observed,
    ) -> Result<(), Failure> {
        for change in changes {
            let Change::Remove { target, because: Some(_) } = change else { continue };
            let slot = observed.slot(target);
            if shared(service, target, &slot).is_none() {
                continue;
            }
            if let Err(failure) = self.take(target, &slot, &service.name).await.at_step(Step::Stop).of(target) {
                return Err(self.give_back(&service.name, observed, failure).await);
            }
        }
        Ok(())
    }

    /// Stops a replica for a service, unless another service has done so.
    async fn take(&self, target: &Target, slot: &Slot, service: &str) -> Result<()> {
        let mut room = self.room.lock().await;
        let aside = room.entry(target.clone()).or_default();
        aside.takers.insert(service.to_owned());
        if aside.is_stopped {
            return Ok(());
        }
        let old = slot.to_give_back();
        let is_old = |found: &Found| old.is_some_and(|old| old.id == found.id);
        for found in running(slot).filter(|found| !is_old(found)) {
            self.stop_for_good(found).await?;
        }
        if let Some(old) = old {
            self.set_aside(old, &self.superseded_name(target, old)).await?;
        }
        aside.is_stopped = true;
        Ok(())
    }

    /// Starts the replicas again that were stopped for a service that failed, unless a new container has what they need.
    pub(super) async fn give_back(&self, service: &str, before: &Observed, mut failure: Failure) -> Failure {
        if self.is_lease_over() {
            return failure;
        }
        let mut room = self.room.lock().await;
        let free: Vec<_> =
            room.iter_mut().filter_map(|(target, aside)| aside.leave(service).then_some((target, aside))).collect();
        if free.is_empty() {
            return failure;
        }
        // Only the engine knows whether the new container still runs: it may be in place, or could not be removed.
        let now = match Observed::read(&self.docker, &self.desired).await {
            Ok(now) => now,
            Err(error) => return failure.with_rollback(error),
        };
        for (target, aside) in free {
            let old = before.slots.get(target).and_then(Slot::to_give_back);
            let Some(old) = old.filter(|old| !is_replaced(target, old, before, &now)) else { continue };
            failure = self.bring_back(target, old, failure).await;
            aside.is_stopped = false;
        }
        failure
    }
}

/// Returns whether a container runs that needs what a stopped one had, and did not run beside it before the deployment.
#[inline] // generates code only in crates that deploy
fn is_replaced(target: &Target, old: &Found, before: &Observed, now: &Observed) -> bool {
    let others = now.slots.iter().filter(|(other, _)| other.service != target.service);
    let mut rivals = others.flat_map(|(_, slot)| running(slot)).filter(|found| are_rivals(old, found));
    let ran = |found: &Found| before.slots.values().flat_map(running).any(|before| before.id == found.id);
    // An interrupted deployment may have stopped the old one, and put a new one in its place.
    rivals.any(|found| !old.is_running() || !ran(found))
}

fn running(slot: &Slot) -> impl Iterator<Item = &Found> {
    slot.containers().filter(|found| found.is_running())
}

impl Aside {
    /// Notes that a service has failed. Returns whether it was the last one that the replica was stopped for.
    fn leave(&mut self, service: &str) -> bool {
        self.takers.remove(service) && self.takers.is_empty()
    }
}
