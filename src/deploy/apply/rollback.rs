//! Rolls back the services that were changed last.

use super::slot::Work;
use super::{Applying, check_lease};
use crate::Result;
use crate::deploy::event::Event;
use crate::deploy::failure::{AtStep, Concerning, Failure, Step};
use crate::deploy::plan::{Desired, DesiredService, Found, Observed, Slot, label};
use crate::deploy::ready::next_exit;
use crate::deploy::target::Target;

/// A replica that is rolled back.
struct Replica<'a> {
    service: &'a DesiredService,
    target: &'a Target,
    slot: &'a Slot,
    /// The container that it goes back from.
    new: &'a Found,
    /// The container that it goes back to.
    old: &'a Found,
}

impl Applying {
    /// Rolls back to an earlier version, one replica after the other.
    pub(in crate::deploy) async fn roll_back(&self, observed: &Observed, generation: usize) -> Result<(), Failure> {
        for Replica { service, target, slot, new, old } in replicas(&self.desired, observed, generation)? {
            check_lease(self.lease_end).of(target)?;
            let work = Work { applying: self, service, target, slot: slot.clone() };
            work.roll_back(new, old).await.of(target)?;
        }
        Ok(())
    }
}

/// Returns the replicas of the services that the newest deployment has changed, among those that have earlier versions.
fn replicas<'a>(desired: &'a Desired, observed: &'a Observed, generation: usize) -> Result<Vec<Replica<'a>>, Failure> {
    let changed = desired.services.iter().map(|service| (service, changed(observed, service)));
    let changed: Vec<_> = changed.filter_map(|(service, slots)| Some((service, newest(&slots)?, slots))).collect();
    let Some(release) = changed.iter().map(|(_, newest, _)| newest.label(label::RELEASE)).max() else {
        return Err(Failure::refused("there is no earlier version to go back to"));
    };
    let is_of_release = |found: &Found| found.label(label::RELEASE) == release;
    // An interrupted rollback by several versions leaves several that it goes back from.
    let was_of_release = |slot: &Slot| slot.left_by_rollback().is_some() && slot.undone().any(is_of_release);
    let mut replicas = Vec::new();
    for (service, newest, slots) in &changed {
        if !is_of_release(newest) && !slots.iter().any(|(_, slot, _)| was_of_release(slot)) {
            continue;
        }
        for (target, slot, new) in slots {
            let old = if slot.left_by_rollback().is_some() {
                slot.current.as_ref() // which is as far as the interrupted one was to go
            } else if is_same_version(new, newest) {
                slot.older().nth(generation.saturating_sub(1))
            } else {
                continue; // an interrupted rollback has already changed it
            };
            let Some(old) = old else {
                let why = format!("{target}: there is no container of an earlier version to go back to");
                return Err(Failure::refused(why));
            };
            if let Some(lost) = observed.lost_network(old, &desired.networks) {
                let why = format!("{target}: the container of the earlier version has lost {}", lost.field);
                return Err(Failure::refused(format!("{why}: apply the project of that version instead")));
            }
            replicas.push(Replica { service, target, slot, new, old });
        }
    }
    Ok(replicas)
}

type Changed<'a> = (&'a Target, &'a Slot, &'a Found);

/// Returns the replicas of a service that have earlier versions, with the containers that they go back from.
fn changed<'a>(observed: &'a Observed, service: &DesiredService) -> Vec<Changed<'a>> {
    let its = observed.slots.iter().filter(|(target, _)| target.service == service.name);
    let new =
        |slot: &'a Slot| slot.left_by_rollback().or_else(|| slot.latest().filter(|_| slot.older().next().is_some()));
    its.filter_map(|(target, slot)| Some((target, slot, new(slot)?))).collect()
}

/// Returns the container of the newest release.
fn newest<'a>(slots: &[Changed<'a>]) -> Option<&'a Found> {
    slots.iter().map(|(_, _, current)| *current).max_by_key(|current| current.label(label::RELEASE))
}

fn is_same_version(one: &Found, other: &Found) -> bool {
    one.label(label::DIGEST) == other.label(label::DIGEST) && one.image_id == other.image_id
}

impl Work<'_> {
    /// Goes back to an older container. If that fails, the new one runs again.
    async fn roll_back(&self, new: &Found, old: &Found) -> Result<(), Failure> {
        self.tell(&Event::RollingBack);
        let new = self.ran_last(new).await.at_step(Step::Recover)?;
        let Err(failure) = self.go_back(new, old).await else {
            self.tell(&Event::RolledBack);
            return Ok(());
        };
        let failure = failure.with_evidence(&self.container(old)).await;
        if self.applying.is_lease_over() {
            return Err(failure);
        }
        match self.undo(new, old).await {
            Ok(()) => Err(failure),
            Err(error) => Err(failure.with_rollback(error)),
        }
    }

    /// Returns the container to go back from. An interrupted rollback by several versions has left several that it may have been:
    /// the one that ran last.
    async fn ran_last<'f>(&'f self, new: &'f Found) -> Result<&'f Found> {
        let left: Vec<_> = self.slot.undone().filter(|_| self.slot.left_by_rollback().is_some()).collect();
        if left.len() < 2 {
            return Ok(new);
        }
        let mut last = (None, new);
        for found in left {
            let finished_at = self.container(found).inspect().await?.state.finished_at;
            if finished_at > last.0 {
                last = (finished_at, found);
            }
        }
        Ok(last.1)
    }

    async fn go_back(&self, new: &Found, old: &Found) -> Result<(), Failure> {
        let swapped = async {
            self.set_aside(new).await?;
            self.applying.restore(self.target, old).await
        };
        swapped.await.at_step(Step::Recover)?;
        if old.has_succeeded {
            return Ok(()); // it has completed what it runs once
        }
        let container = self.container(old);
        let mut exit = next_exit(&container).await.at_step(Step::Start)?;
        self.start_and_wait(&container, &mut exit).await
    }

    /// Puts the new container back into its place.
    async fn undo(&self, new: &Found, old: &Found) -> Result<()> {
        self.set_aside(old).await?;
        self.applying.restore_and_start(self.target, new).await
    }

    async fn set_aside(&self, found: &Found) -> Result<()> {
        self.applying.set_aside(found, &self.applying.superseded_name(self.target, found)).await
    }
}

#[cfg(test)]
mod tests {
    use super::replicas;
    use crate::container::ContainerStatus;
    use crate::deploy::plan::{Desired, Found, Observed, Slot, label};
    use crate::deploy::target::Target;
    use crate::deploy::{Project, Service};

    /// A container of a release, whose digest is that of the version.
    fn found(name: &str, release: &str, version: &str) -> Found {
        Found {
            id: format!("{name}-{release}"),
            name: name.to_owned(),
            created: None,
            state: ContainerStatus::Exited,
            labels: [(label::RELEASE, release), (label::DIGEST, version)].into(),
            ..Found::default()
        }
    }

    /// A replica by the release and version of its current container, and the releases of its earlier ones.
    fn slot(target: (&str, u32), current: (&str, &str), earlier: &[&str]) -> (Target, Slot) {
        let current = Found { state: ContainerStatus::Running, ..found("current", current.0, current.1) };
        let superseded = earlier.iter().map(|release| found("earlier", release, "earlier")).collect();
        let slot = Slot { current: Some(current), superseded, ..Slot::default() };
        (Target { service: target.0.to_owned(), replica: target.1 }, slot)
    }

    /// A replica whose rollback was interrupted before its current container was started.
    fn half(target: (&str, u32), current: &str, others: &[&str]) -> (Target, Slot) {
        let (target, mut slot) = slot(target, (current, "a"), others);
        slot.current.as_mut().expect("one").state = ContainerStatus::Exited;
        (target, slot)
    }

    fn rolled_back<const N: usize>(slots: [(Target, Slot); N], generation: usize) -> Result<Vec<String>, String> {
        let project = Project::new("shop").service("db", Service::new("db")).service("web", Service::new("web"));
        let desired = Desired::new(&project, "prod").expect("a project");
        let observed = Observed { slots: slots.into(), ..Observed::default() };
        let replicas = replicas(&desired, &observed, generation).map_err(|failure| failure.to_string())?;
        Ok(replicas.iter().map(|replica| format!("{} {}", replica.target, replica.old.label(label::RELEASE))).collect())
    }

    #[test]
    fn the_services_that_changed_last_are_rolled_back() {
        let (db, web, web_2) = (("db", 1), ("web", 1), ("web", 2));
        let only_web = [slot(db, ("r2", "b"), &["r1"]), slot(web, ("r3", "b"), &["r1"])];
        assert_eq!(rolled_back(only_web, 1), Ok(vec!["web-1 r1".to_owned()]));
        let both = [slot(db, ("r2", "b"), &["r1"]), slot(web, ("r2", "b"), &["r1"])];
        assert_eq!(rolled_back(both, 1), Ok(vec!["db-1 r1".to_owned(), "web-1 r1".to_owned()]));
        let scaled = [slot(db, ("r2", "b"), &["r1"]), slot(web, ("r1", "a"), &["r0"]), slot(web_2, ("r3", "a"), &[])];
        assert_eq!(rolled_back(scaled, 1), Ok(vec!["db-1 r1".to_owned()]), "a new replica is no new version");
        let in_two_goes = [slot(web, ("r2", "b"), &["r1"]), slot(web_2, ("r3", "b"), &["r1"])];
        assert_eq!(rolled_back(in_two_goes, 1), Ok(vec!["web-1 r1".to_owned(), "web-2 r1".to_owned()]));
        let interrupted = [slot(web, ("r1", "a"), &["r2", "r0"]), slot(web_2, ("r2", "b"), &["r1", "r0"])];
        assert_eq!(rolled_back(interrupted, 1), Ok(vec!["web-2 r1".to_owned()]), "the first one is back already");
    }

    #[test]
    fn a_replica_that_an_interrupted_rollback_has_not_started_is_as_far_back_as_it_was_to_go() {
        let (db, web, web_2) = (("db", 1), ("web", 1), ("web", 2));
        let all = |replicas: &[&str]| Ok(replicas.iter().map(|replica| (*replica).to_owned()).collect::<Vec<_>>());
        assert_eq!(rolled_back([half(db, "r1", &["r2"])], 1), all(&["db-1 r1"]), "no other one is kept");
        assert_eq!(rolled_back([half(db, "r1", &["r2", "r0"])], 1), all(&["db-1 r1"]), "no further");
        let first = [half(web, "r1", &["r2", "r0"]), slot(web_2, ("r2", "b"), &["r1", "r0"])];
        assert_eq!(rolled_back(first, 1), all(&["web-1 r1", "web-2 r1"]));
        let last = [slot(web, ("r1", "a"), &["r2", "r0"]), half(web_2, "r1", &["r2", "r0"])];
        assert_eq!(rolled_back(last, 1), all(&["web-2 r1"]));
        let by_two = [half(db, "r1", &["r3", "r2"]), slot(web, ("r3", "b"), &["r2", "r1"])];
        assert_eq!(rolled_back(by_two, 2), all(&["db-1 r1", "web-1 r1"]));
        let second = [half(db, "r1", &["r3", "r2"]), slot(web, ("r2", "b"), &["r3", "r1"])];
        assert_eq!(rolled_back(second, 1), all(&["db-1 r1", "web-1 r1"]));
        let of_another = [half(db, "r1", &["r2"]), slot(web, ("r5", "b"), &["r4"])];
        assert_eq!(rolled_back(of_another, 1), all(&["web-1 r4"]), "db was rolled back long ago");
        let (target, mut completed) = half(db, "r1", &["r2"]);
        completed.current.as_mut().expect("one").has_succeeded = true;
        assert!(rolled_back([(target, completed)], 1).is_err(), "it is not run again");
    }

    #[test]
    fn a_container_without_its_network_is_not_gone_back_to() {
        for left in [slot(("db", 1), ("r2", "b"), &["r1"]), half(("db", 1), "r1", &["r2"])] {
            let (target, mut left) = left;
            let configuration = r#"{"spec":{"NetworkingConfig":{"EndpointsConfig":{"shop-prod":{}}}}}"#;
            for found in left.current.iter_mut().chain(&mut left.superseded) {
                found.labels.insert(label::CONFIGURATION, configuration);
            }
            let refused = rolled_back([(target, left)], 1).expect_err("it is refused");
            assert!(
                refused.contains("db-1: the container of the earlier version has lost the network shop-prod"),
                "{refused}"
            );
        }
    }

    #[test]
    fn all_is_checked_before_anything_is_done() {
        let (db, web) = (("db", 1), ("web", 1));
        let words = |refused: Result<Vec<String>, String>| refused.expect_err("it is refused");
        assert!(words(rolled_back([slot(db, ("r1", "a"), &["r2"])], 1)).contains("there is no earlier version"));
        let one_kept = [slot(db, ("r2", "b"), &["r1", "r0"]), slot(web, ("r2", "b"), &["r1"])];
        assert!(words(rolled_back(one_kept, 2)).contains("web-1: there is no container of an earlier version"));
    }

    #[test]
    fn a_container_that_a_supervisor_created_anew_is_as_old_as_its_version() {
        let (target, mut healed) = slot(("db", 1), ("r1", "a"), &["r2"]);
        let rolled_back_from = healed.superseded.first_mut().expect("one");
        rolled_back_from.created = Some("2026-01-01T00:00:00Z".parse().expect("a time"));
        healed.current.as_mut().expect("one").created = Some("2026-01-02T00:00:00Z".parse().expect("a time"));
        let refused = rolled_back([(target, healed)], 1).expect_err("it is refused");
        assert!(refused.contains("there is no earlier version"), "{refused}");
    }

    #[test]
    fn a_release_is_later_than_that_of_a_deployer_whose_clock_is_ahead() {
        let ahead = format!("ffff{:028x}", 0);
        let observed = Observed { slots: [slot(("db", 1), (&ahead, "a"), &[])].into(), ..Observed::default() };
        let own = format!("eeee{:028x}", 7);
        assert_eq!(observed.later(&own), format!("ffff000000000001{:016x}", 7));
        assert_eq!(Observed::default().later(&own), own);
    }

    #[test]
    fn what_an_interruption_has_left_is_the_newest_version() {
        let (target, mut replaced) = slot(("db", 1), ("r2", "b"), &["r1", "r0"]);
        replaced.next = replaced.current.take();
        assert_eq!(rolled_back([(target.clone(), replaced)], 1), Ok(vec!["db-1 r1".to_owned()]));
        let (_, mut rolled) = slot(("db", 1), ("r2", "b"), &["r3", "r1"]);
        let mut running = rolled.current.take().expect("one");
        running.state = ContainerStatus::Running;
        rolled.superseded.insert(1, running);
        assert_eq!(rolled.to_restore().map(|found| found.label(label::RELEASE)), Some("r2"));
        assert_eq!(rolled_back([(target, rolled)], 1), Ok(vec!["db-1 r1".to_owned()]));
    }
}
