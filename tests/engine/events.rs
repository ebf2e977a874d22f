//! Events and disk usage of a real engine.

use crate::support::real::beside_removals;
use longshore::container::ContainerSpec;
use longshore::system::{ActionKind, EventType};
use longshore::{Docker, Timestamp};

fn docker() -> Docker {
    Docker::from_env().expect("an engine")
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_containers_life_is_told_as_it_happens_and_again_afterwards() {
    let docker = docker();
    let image = std::env::var("LONGSHORE_TEST_IMAGE").expect("run under tests/engine.sh");
    docker.images().pull(image.as_str()).await.expect("a pull");
    let begun = docker.info().await.expect("its clock").system_time.expect("its clock");
    let label = format!("longshore-events={}", std::process::id());
    let (key, value) = label.split_once('=').expect("a label");
    let job =
        docker.containers().create(ContainerSpec::new(&image).cmd(["sh", "-c", "exit 3"]).label(key, value)).await;
    let job = job.expect("a container");
    // Behaviour 59: the answer begins before there is an event.
    let call = || docker.events().kind(EventType::Container).container(job.id());
    let mut live = call().action(ActionKind::Start).action(ActionKind::Die).await.expect("events");
    job.start().await.expect("started");
    let start = live.next().await.expect("an event").expect("whole");
    assert_eq!((&start.action.kind, start.actor.id.as_str()), (&ActionKind::Start, job.id()));
    let die = live.next().await.expect("an event").expect("whole");
    assert_eq!(&die.action.kind, &ActionKind::Die);
    assert_eq!(die.actor.attributes.get("exitCode").map(String::as_str), Some("3"));
    assert!(die.time() >= start.time());
    job.remove().await.expect("removed");

    let now = docker.info().await.expect("its clock").system_time.expect("its clock");
    let until = Timestamp::new(now.as_second() + 1, 0).expect("a time");
    let mut replay = call().since(begun).until(until).await.expect("events");
    let mut actions = Vec::new();
    while let Some(event) = replay.next().await {
        actions.push(event.expect("whole").action.kind);
    }
    assert_eq!(actions, [ActionKind::Create, ActionKind::Start, ActionKind::Die, ActionKind::Destroy]);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn disk_usage_counts_what_is_there() {
    let docker = docker();
    let image = std::env::var("LONGSHORE_TEST_IMAGE").expect("run under tests/engine.sh");
    docker.images().pull(image.as_str()).await.expect("a pull");
    let job = docker.containers().create(ContainerSpec::new(&image)).await.expect("a container");
    let usage = beside_removals(|| async { docker.disk_usage().verbose(true).await }).await.expect("usage");
    // Behaviour 60.
    assert!(usage.images.total_count >= 1 && usage.images.total_size > 0);
    assert!(usage.containers.items.iter().any(|container| container.id == job.id()));
    assert_eq!(i64::try_from(usage.containers.items.len()).ok(), Some(usage.containers.total_count));
    job.remove().await.expect("removed");
}
