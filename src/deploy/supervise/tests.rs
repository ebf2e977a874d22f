//! What a supervisor decides and tells.

use super::{Decision, FIRST_PAUSE, FORGET, LIMIT, LONGEST_PAUSE, Patient, SLOW_TICK};
use crate::container::ContainerStatus;
use crate::deploy::plan::{Found, Observed, Slot, label};
use crate::deploy::target::Target;
use crate::deploy::{Deployment, Event, Project, Service};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
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

fn web() -> Target {
    Target { service: "web".to_owned(), replica: 1 }
}

/// A deployment to an engine that is not there, and what it tells.
fn deployment() -> (Deployment, Arc<Mutex<Vec<String>>>) {
    let docker = crate::Docker::connect("unix:///nowhere/engine.sock").expect("a client");
    let project = Project::new("shop").service("web", Service::new("shop:1.4"));
    let told = Arc::<Mutex<Vec<String>>>::default();
    let tell = told.clone();
    let deployment = project.deployment("prod", &docker).expect("a deployment").observe(move |step| {
        let words = match step.event {
            Event::HealingFailed(failure) => format!("failed {}", failure.step()),
            Event::GivenUp { reason } => format!("given up: {reason}"),
            event => format!("{event:?}"),
        };
        tell.lock().expect("events").push(words);
    });
    (deployment, told)
}

/// Looks once after a replica that is ill and was healed as often as that.
async fn look_after(deployment: &Deployment, (state, status): (ContainerStatus, &str), attempts: u32) -> Patient {
    let digest = deployment.desired.service("web").expect("web").digest.clone();
    let current =
        Found { state, status: status.to_owned(), labels: [(label::DIGEST, digest)].into(), ..Found::default() };
    let slots = BTreeMap::from([(web(), Slot { current: Some(current), ..Slot::default() })]);
    let observed = Observed { slots, ..Observed::default() };
    let now = Instant::now();
    let mut patients = BTreeMap::from([(web(), Patient { attempts, at: now, seen: now })]);
    deployment.look_after(&observed, &mut deployment.watch().await, &mut patients).await;
    patients.remove(&web()).expect("it is still ill")
}

#[test]
fn nothing_is_created_beside_a_container_that_was_renamed_or_of_another_version() {
    let (deployment, _) = deployment();
    let web = deployment.desired.service("web").expect("web");
    let found = |id: &str, state| {
        let labels = [(label::DIGEST, web.digest.clone())].into();
        Found { id: id.to_owned(), state, labels, ..Found::default() }
    };
    let (running, exited) = (ContainerStatus::Running, ContainerStatus::Exited);
    let missing = |there: Option<Found>| {
        let slot = Slot { superseded: there.into_iter().collect(), ..Slot::default() };
        super::missing(web, &slot, &found("seen", running.clone()))
    };
    assert_eq!(missing(Some(found("seen", running.clone()))).as_deref(), Some("it was renamed"));
    assert_eq!(missing(Some(found("seen", exited.clone()))).as_deref(), Some("it was renamed"));
    assert_eq!(missing(Some(found("older", running.clone()))), None);
    assert_eq!(missing(Some(found("older", exited))).as_deref(), Some("it was removed"));
    assert_eq!(missing(None).as_deref(), Some("it was removed"));
}

#[tokio::test]
async fn a_failure_is_told_and_without_the_lock_it_is_no_attempt() {
    let (deployment, told) = deployment();
    let patient = look_after(&deployment, (ContainerStatus::Exited, "Exited (1)"), 3).await;
    assert_eq!(patient.attempts, 3);
    assert!(patient.at > Instant::now(), "there is a pause nevertheless");
    assert_eq!(*told.lock().expect("events"), ["failed before anything was done, while taking the lock"]);
}

#[tokio::test]
async fn what_was_healed_too_often_is_given_up() {
    let (deployment, told) = deployment();
    look_after(&deployment, (ContainerStatus::Running, "Up 2 minutes (unhealthy)"), LIMIT).await;
    assert_eq!(*told.lock().expect("events"), ["given up: it is unhealthy"]);
}
