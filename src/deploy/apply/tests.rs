//! Steps of a deployment, against a scripted engine.

use super::{Applying, Room};
use crate::container::{ContainerSpec, ContainerStatus};
use crate::deploy::failure::{Cause, Failure, Step};
use crate::deploy::plan::{Change, Desired, Found, Observed, Slot, changes, label};
use crate::deploy::target::Target;
use crate::deploy::{Project, Ready, Service};
use crate::testing::{Engine, Exchange, Response, on};
use crate::{Map, Version};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Semaphore;

fn desired<'a>(services: impl IntoIterator<Item = (&'a str, Service)>) -> Desired {
    let shop = services.into_iter().fold(Project::new("shop"), |shop, (name, service)| shop.service(name, service));
    Desired::new(&shop, "prod").expect("a project")
}

fn applying(engine: &Engine, desired: Desired) -> Applying {
    let version = Version::new(1, 44);
    Applying {
        docker: engine.builder().api_version(version).build().expect("a client"),
        desired: Arc::new(desired),
        release: "fedcba9876543210".to_owned(),
        lease_end: None,
        api_version: version,
        observer: None,
        on_ready: None,
        progress: BTreeMap::new(),
        resolved: tokio::sync::Mutex::default(),
        permits: Semaphore::new(1),
        room: Room::default(),
    }
}

fn target(service: &str) -> Target {
    Target { service: service.to_owned(), replica: 1 }
}

fn running(health: &Value) -> Response {
    let state = json!({"Status": "running", "Running": true, "StartedAt": "2026-01-01T00:00:00Z", "Health": health});
    Response::json(200, json!({"Id": "1f2e", "State": state}))
}

fn events(container: &str, event: &str, since: &str) -> Exchange {
    let filters = format!(r#"{{"container":{{"{container}":true}},"event":{{"{event}":true}}}}"#);
    on(format!("GET /events?{since}filters={filters}"))
}

fn stalled() -> Response {
    Response::chunked(200, "application/json").stall()
}

#[tokio::test]
async fn an_event_before_the_wait_does_not_fail_a_container_that_runs_already() {
    let healthy = json!({"Status": "healthy"});
    let engine = Engine::unix([
        on("POST /containers/shop-prod-db-1/wait").respond(stalled()),
        on("GET /containers/shop-prod-db-1/json").respond(running(&healthy)),
        events("1f2e", "oom", "").respond(stalled()),
        events("1f2e", "health_status", "").respond(stalled()),
        on("GET /containers/1f2e/json").respond(running(&healthy)),
    ])
    .in_any_order();
    let applying = applying(&engine, desired([("db", Service::new("db").ready(Ready::healthy()))]));
    let db = applying.desired.service("db").expect("a service");
    applying.wait_for_unchanged(db, &[]).await.expect("it is ready");
}

#[tokio::test]
async fn every_event_of_a_container_that_was_just_started_counts() {
    let since = "since=1767225600.000000000&";
    let oom = json!({"Type": "container", "Action": "oom", "Actor": {"ID": "1f2e", "Attributes": {}}});
    let engine = Engine::unix([
        on("POST /containers/1f2e/wait?condition=next-exit").respond(stalled()),
        on("POST /containers/1f2e/start"),
        on("GET /containers/1f2e/json").respond(running(&json!(null))),
        events("1f2e", "oom", since).respond(Response::records([oom])),
        on("GET /containers/1f2e/json").respond(running(&json!(null))),
        on("GET /containers/1f2e/logs?stdout=true&stderr=true&tail=20").respond(Response::output::<&str>([])),
    ])
    .in_any_order();
    let applying = applying(&engine, desired([("db", Service::new("db").ready(Ready::running_for("1m")))]));
    let current = Found { id: "1f2e".to_owned(), state: ContainerStatus::Exited, ..Found::default() };
    let slot = Slot { current: Some(current), ..Slot::default() };
    let observed = Observed { slots: [(target("db"), slot)].into(), ..Observed::default() };
    let failure = applying.heal(&target("db"), &observed, None).await.expect_err("it is killed");
    assert!(matches!(failure.cause(), Cause::OutOfMemory), "{failure}");
}

/// A service that writes to the folder.
fn writer() -> Service {
    Service::new(ContainerSpec::new("shop:1").bind("/srv", "/srv"))
}

/// The labels of the service's container.
fn labels(service: &str) -> Map<String> {
    let desired = desired([(service, writer())]);
    let mut labels = desired.service(service).expect("a service").spec.config.labels.clone();
    labels.insert(label::REPLICA, "1");
    labels.insert(label::RELEASE, "0123456789abcdef");
    labels
}

fn found(service: &str, state: ContainerStatus) -> Found {
    Found { id: service.to_owned(), labels: labels(service), state, ..Found::default() }
}

/// Makes room for `api` and `worker`, in this order, in place of `app`.
struct Split {
    engine: Engine,
    applying: Applying,
    changes: Vec<Change>,
    observed: Observed,
}

impl Split {
    fn new(app: Slot, script: impl IntoIterator<Item = Exchange>) -> Self {
        let engine = Engine::unix(script);
        let applying = applying(&engine, desired([("api", writer()), ("worker", writer())]));
        let observed = Observed { slots: [(target("app"), app)].into(), ..Observed::default() };
        let changes = changes(&applying.desired, &observed, &crate::deploy::plan::Sources::default());
        Self { engine, applying, changes, observed }
    }

    fn of_running(script: impl IntoIterator<Item = Exchange>) -> Self {
        let current = Some(found("app", ContainerStatus::Running));
        Self::new(Slot { current, ..Slot::default() }, stops().into_iter().chain(script))
    }

    async fn make_room(&self, service: &str) {
        let service = self.applying.desired.service(service).expect("a service");
        self.applying.make_room(service, &self.changes, &self.observed).await.expect("there is room");
    }

    /// Lets a service fail. Returns how many requests follow.
    async fn fail(&self, service: &str) -> usize {
        let before = self.engine.received().len();
        let failure = Failure::new(Step::Remove, Cause::Refused("it is stuck".to_owned()));
        let failure = self.applying.give_back(service, &self.observed, failure).await;
        assert!(failure.rollback().is_none(), "{failure}");
        self.engine.received().len() - before
    }
}

fn stops() -> [Exchange; 3] {
    [
        on("POST /containers/app/rename?name=shop-prod-app-1.89abcdef"),
        on("POST /containers/app/update").with_any_body().respond(Response::json(200, json!({"Warnings": null}))),
        on("POST /containers/app/stop"),
    ]
}

fn starts() -> [Exchange; 2] {
    [on("POST /containers/app/rename?name=shop-prod-app-1"), on("POST /containers/app/start")]
}

/// The lists, with these running containers.
fn lists(running: &[&str]) -> [Exchange; 4] {
    let labels_of = r#"{"label":{"dev.longshore.environment=prod":true,"dev.longshore.project=shop":true}}"#;
    let containers = running.iter().map(|service| {
        let name = format!("/shop-prod-{service}-1");
        json!({"Id": service, "Names": [name], "State": "running", "Labels": labels(service)})
    });
    let list = |target: String, body: Value| on(target).respond(Response::json(200, body));
    [
        list(format!("GET /networks?filters={labels_of}"), json!([])),
        list(format!("GET /volumes?filters={labels_of}"), json!({})),
        list("GET /images/json".to_owned(), json!([])),
        list(format!("GET /containers/json?all=true&filters={labels_of}"), json!(containers.collect::<Vec<_>>())),
    ]
}

#[tokio::test]
async fn a_replica_that_two_services_replace_is_stopped_once_and_started_when_both_have_failed() {
    let again = stops().into_iter().chain(lists(&[])).chain(starts());
    let split = Split::of_running(lists(&[]).into_iter().chain(starts()).chain(again));
    split.make_room("api").await;
    split.make_room("worker").await;
    assert_eq!(split.fail("worker").await, 0, "api has it still");
    assert_eq!(split.fail("api").await, 6);
    assert_eq!(split.fail("api").await, 0, "it has been given back");
    split.make_room("worker").await;
    assert_eq!(split.fail("worker").await, 6);
}

#[tokio::test]
async fn a_replica_is_not_started_beside_its_replacement() {
    let split = Split::of_running(lists(&["api"]));
    split.make_room("api").await;
    assert_eq!(split.fail("api").await, 4, "it is in place, although a later step failed");
}

#[tokio::test]
async fn a_replica_that_an_interrupted_deployment_has_stopped_is_started_unless_it_was_replaced() {
    let slot = || Slot { superseded: vec![found("app", ContainerStatus::Exited)], ..Slot::default() };
    for in_place in [&[][..], &["api"]] {
        let starts = starts().into_iter().filter(|_| in_place.is_empty());
        let mut split = Split::new(slot(), stops().into_iter().chain(lists(in_place)).chain(starts));
        if !in_place.is_empty() {
            let current = Some(found("api", ContainerStatus::Running));
            split.observed.slots.insert(target("api"), Slot { current, ..Slot::default() });
        }
        split.make_room("worker").await;
        split.fail("worker").await;
    }
}

#[tokio::test]
async fn a_tag_that_moves_meanwhile_does_not_change_the_image_of_a_deployment() {
    let image = json!({"Id": "sha256:1", "RepoDigests": [], "Config": {"Healthcheck": {"Test": ["CMD", "true"]}}});
    let engine = Engine::unix([on("GET /images/shop/json").respond(Response::json(200, image))]);
    let applying = applying(&engine, desired([("web", Service::new("shop"))]));
    for name in ["shop", "shop:latest", "docker.io/library/shop"] {
        let (image, check) = applying.resolve(name).await.expect("an image");
        assert_eq!((image.as_str(), check.is_some()), ("sha256:1", true), "{name}");
    }
}

#[cfg(feature = "tar")]
#[tokio::test]
async fn a_failed_build_leaves_no_container_and_tells_its_last_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("Dockerfile"), "FROM shop\nRUN false").expect("written");
    let lines = (1..=200).map(|number| json!({"stream": format!("line {number}\n")}));
    let error = json!({"errorDetail": {"message": "it returned 1"}, "error": "it returned 1"});
    let web = Service::new("shop:1").build(crate::deploy::BuildFrom::folder(folder.path()));
    let desired = desired([("web", web)]);
    let (_, digest) = desired.built("shop:1").and_then(|web| web.build.clone()).expect("a folder");
    let labels = json!({ label::BUILT_FROM: digest });
    let build = on(format!("POST /build?version=1&t=shop:1&forcerm=true&dockerfile=Dockerfile&labels={labels}"))
        .with_any_body();
    let build = build.respond(Response::records(lines.chain([error])));
    let ping = cfg!(feature = "buildkit").then(|| on("HEAD /_ping").respond(Response::ping("1.44")));
    let engine = Engine::unix(ping.into_iter().chain([build]));
    let applying = Arc::new(applying(&engine, desired));
    let failure = applying.images(&[Change::Build { image: "shop:1".to_owned() }]).await.expect_err("it failed");
    let logs: Vec<_> = failure.logs().iter().map(|line| line.text.as_str()).collect();
    assert_eq!((failure.step(), logs.len()), (Step::Build, 20), "{failure}");
    assert_eq!((logs.first(), logs.last()), (Some(&"line 181"), Some(&"line 200")));
    assert!(failure.to_string().contains("while building the image shop:1"), "{failure}");
}
