//! [`Watch`]: the engine's events of an environment, and what they tell about missing containers.

use crate::Docker;
use crate::deploy::plan::{Desired, Found, Observed, label};
use crate::deploy::ready::Changes;
use crate::deploy::target::Target;
use crate::system::{ActionKind, Event, EventType};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// The actions that a supervisor reacts to. Podman calls the removal of a container `remove`. A `rename` puts a container into
/// its place. `create` is for the lock. The many events of health checks that run are not among them.
const ACTIONS: [ActionKind; 6] = [
    ActionKind::Create,
    ActionKind::Destroy,
    ActionKind::Die,
    ActionKind::HealthStatus,
    ActionKind::Remove,
    ActionKind::Rename,
];

/// The events of an environment.
pub(super) struct Watch {
    changes: Changes,
    pub(super) known: Known,
}

impl Watch {
    /// Opens the stream of events. The filter has no labels, because the events of volumes have none.
    pub(super) async fn of(docker: &Docker, desired: &Desired, lock: String) -> Self {
        let events = docker.events().kind(EventType::Container).kind(EventType::Volume);
        let changes = Changes::of(ACTIONS.into_iter().fold(events, crate::system::Events::action)).await;
        Self { changes, known: Known::new(desired, lock) }
    }

    /// Returns whether the stream has ended.
    pub(super) fn is_lost(&self) -> bool {
        self.changes.are_lost()
    }

    /// Waits for an event of the environment, at most for this long. Returns whether there was one.
    pub(super) async fn next_within(&mut self, limit: Duration) -> bool {
        let end = Instant::now() + limit;
        while let Some(event) = self.changes.next_within(end.saturating_duration_since(Instant::now())).await {
            if self.known.hear(&event) {
                return true;
            }
        }
        false
    }
}

/// What the supervisor knows about the environment.
///
/// A container that is missing may have been removed by accident, or by a deployer that scales a service or removes the
/// environment. A deployer may hold the lock so briefly that nobody sees it held, but the lock's creation is an event.
pub(super) struct Known {
    project: String,
    environment: String,
    /// The name of the lock.
    lock: String,
    /// The replicas that were seen with a container since another deployer was at work, with the last one that was seen.
    seen: BTreeMap<Target, Found>,
    /// Whether another deployer was at work since `seen` was read.
    is_outdated: bool,
    /// How often the supervisor has taken the lock itself and the event has not come yet.
    own_locks: usize,
}

impl Known {
    fn new(desired: &Desired, lock: String) -> Self {
        let (project, environment) = (desired.project.clone(), desired.environment.clone());
        Self { project, environment, lock, seen: BTreeMap::new(), is_outdated: false, own_locks: 0 }
    }

    /// Notes that the supervisor itself has taken the lock.
    pub(super) fn take_lock(&mut self) {
        self.own_locks += 1;
    }

    /// Notes an event. Returns whether it concerns the environment.
    fn hear(&mut self, event: &Event) -> bool {
        let attribute = |key| event.actor.attributes.get(key).map(String::as_str);
        let is_creation = event.action.kind == ActionKind::Create;
        if event.kind != EventType::Volume {
            let is_ours = attribute(label::PROJECT) == Some(&self.project)
                && attribute(label::ENVIRONMENT) == Some(&self.environment);
            return is_ours && !is_creation;
        }
        // Podman has the name among the attributes.
        let is_lock = event.actor.id == self.lock || attribute("name") == Some(&self.lock);
        if is_lock && is_creation && self.own_locks > 0 {
            self.own_locks -= 1;
            return false;
        }
        self.is_outdated |= is_lock && is_creation;
        is_lock
    }

    /// Notes what exists, and whether another deployer is at work.
    pub(super) fn see(&mut self, observed: &Observed, is_deploying: bool) {
        if self.is_outdated || is_deploying {
            self.seen.clear();
        }
        self.is_outdated = is_deploying;
        let there = observed.slots.iter().filter_map(|(target, slot)| Some((target, slot.current.as_ref()?)));
        self.seen.extend(there.map(|(target, found)| (target.clone(), found.clone())));
    }

    /// Returns whether another deployer was at work since [`see`](Self::see).
    pub(super) fn is_outdated(&self) -> bool {
        self.is_outdated
    }

    /// Returns the container that a replica without one had, if no deployer has removed it.
    pub(super) fn lost(&self, target: &Target) -> Option<&Found> {
        self.seen.get(target)
    }
}

#[cfg(test)]
mod tests {
    use super::Known;
    use crate::deploy::plan::Found;
    use crate::deploy::plan::{Observed, Slot};
    use crate::deploy::target::Target;
    use crate::system::Event;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn known() -> Known {
        let (project, environment, lock) = ("shop".to_owned(), "prod".to_owned(), "shop-prod.lock".to_owned());
        Known { project, environment, lock, seen: BTreeMap::new(), is_outdated: false, own_locks: 0 }
    }

    fn misses(known: &Known, target: &Target) -> bool {
        known.lost(target).is_some()
    }

    fn web(replica: u32) -> Target {
        Target { service: "web".to_owned(), replica }
    }

    fn with(replicas: impl IntoIterator<Item = u32>) -> Observed {
        let there = || Slot { current: Some(Found::default()), ..Slot::default() };
        Observed { slots: replicas.into_iter().map(|replica| (web(replica), there())).collect(), ..Observed::default() }
    }

    fn event(event: serde_json::Value) -> Event {
        serde_json::from_value(event).expect("an event")
    }

    fn lock(action: &str) -> Event {
        event(json!({"Type": "volume", "Action": action, "Actor": {"ID": "shop-prod.lock"}}))
    }

    #[test]
    fn what_vanishes_while_nobody_deploys_is_missed() {
        let mut known = known();
        known.see(&with([2]), false);
        assert!(!misses(&known, &web(1)), "it has never been there");
        known.see(&with([1, 2]), false);
        known.see(&with([]), false);
        assert!(misses(&known, &web(1)) && misses(&known, &web(2)));
    }

    #[test]
    fn what_a_deployer_removes_is_not_missed() {
        let mut known = known();
        known.see(&with(1..=4), false);
        assert!(known.hear(&lock("create")) && known.hear(&lock("destroy")));
        known.see(&with(1..=2), false);
        assert!(misses(&known, &web(2)) && !misses(&known, &web(3)), "nobody saw the lock held");
        // The deployer is at work the whole time.
        known.see(&with(1..=2), true);
        known.see(&with(1..=1), true);
        known.see(&with([]), false);
        assert!(!misses(&known, &web(1)) && !misses(&known, &web(2)));
    }

    #[test]
    fn the_locks_of_the_supervisor_itself_change_nothing() {
        let mut known = known();
        known.see(&with(1..=2), false);
        known.take_lock();
        assert!(!known.hear(&lock("create")));
        known.hear(&lock("destroy"));
        known.see(&with(1..=1), false);
        assert!(misses(&known, &web(2)));
        // Another deployer took the lock before the supervisor did.
        known.take_lock();
        known.hear(&lock("create"));
        known.hear(&lock("destroy"));
        known.hear(&lock("create"));
        known.see(&with(1..=1), false);
        assert!(!misses(&known, &web(2)));
    }

    #[test]
    fn only_events_of_the_environment_concern_it() {
        let mut known = known();
        let container = |environment: &str, action: &str| {
            event(json!({"Type": "container", "Action": action, "Actor": {"ID": "ab", "Attributes": {
                "dev.longshore.project": "shop", "dev.longshore.environment": environment}}}))
        };
        assert!(known.hear(&container("prod", "die")) && known.hear(&container("prod", "health_status: unhealthy")));
        assert!(!known.hear(&container("test", "die")) && !known.hear(&container("prod", "create")));
        let volume = json!({"Type": "volume", "Action": "create", "Actor": {"Attributes": {"name": "shop-prod.lock"}}});
        assert!(!known.hear(&event(json!({"Type": "volume", "Action": "create", "Actor": {"ID": "shop-prod-db"}}))));
        assert!(!known.is_outdated);
        assert!(known.hear(&event(volume)), "Podman's");
        assert!(known.is_outdated);
    }
}
