//! Steps of a deployment, against a scripted engine.

mod place;
mod replace;

use super::progress::{Progress, State};
use super::slot::Work;
use super::{Applying, Room, all_done, report};
use crate::container::{ContainerSpec, ContainerStatus};
use crate::deploy::event::{Event, ProjectEvent};
use crate::deploy::failure::{Cause, Failure, Step};
use crate::deploy::plan::{Change, Desired, Found, Observed, Slot, changes, label};
use crate::deploy::target::Target;
use crate::deploy::{Order, Project, Ready, Service};
use crate::network::EndpointSettings;
use crate::testing::{Engine, Exchange, Response, on};
use crate::{Map, Version};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

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

/// The common network is there.
fn networks() -> BTreeMap<String, String> {
    [("shop-prod".to_owned(), "1".to_owned())].into()
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
    let observed = Observed { slots: [(target("db"), slot)].into(), networks: networks(), ..Observed::default() };
    let failure = applying.heal(&target("db"), &observed, None).await.expect_err("it is killed");
    assert!(matches!(failure.cause(), Cause::OutOfMemory), "{failure}");
}

#[tokio::test]
async fn a_container_that_was_renamed_gets_its_name_back_and_is_not_doubled() {
    for state in [ContainerStatus::Running, ContainerStatus::Exited] {
        let starts =
            [on("POST /containers/app/wait?condition=next-exit").respond(stalled()), on("POST /containers/app/start")];
        let back = [on("POST /containers/app/rename?name=shop-prod-app-1")];
        let is_exited = state == ContainerStatus::Exited;
        let engine = Engine::unix(back.into_iter().chain(starts.into_iter().filter(|_| is_exited)));
        let applying = applying(&engine, desired([("app", writer())]));
        let slot = Slot { superseded: vec![found("app", state)], ..Slot::default() };
        let observed = Observed { slots: [(target("app"), slot)].into(), networks: networks(), ..Observed::default() };
        let seen = found("app", ContainerStatus::Running);
        applying.heal(&target("app"), &observed, Some(&seen)).await.expect("it is in its place again");
    }
}

#[tokio::test]
async fn a_task_that_panics_is_told_as_such() {
    let mut tasks = JoinSet::new();
    tasks.spawn(async { panic!("the test's own panic") });
    let failure = all_done(tasks).await.expect_err("it panics");
    assert_eq!(failure.step(), Step::Task, "{failure}");
}

#[test]
fn an_observer_that_panics_is_called_again() {
    let calls = Arc::<Mutex<usize>>::default();
    let called = calls.clone();
    let observer: super::Observer = Arc::new(Mutex::new(move |_: &ProjectEvent<'_>| {
        *called.lock().expect("it is unlocked before the panic") += 1;
        panic!("the test's own panic");
    }));
    report(Some(&observer), None, &Event::Started);
    report(Some(&observer), None, &Event::Ready);
    assert_eq!(*calls.lock().expect("unlocked"), 2);
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
    let networks = [("shop-prod", EndpointSettings::new())].into();
    let image_id = "sha256:0".to_owned();
    Found { id: service.to_owned(), image_id, labels: labels(service), state, networks, ..Found::default() }
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
        let networks = json!({"Networks": {"shop-prod": {}}});
        json!({"Id": service, "Names": [name], "State": "running", "Labels": labels(service), "NetworkSettings": networks})
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

/// A container of the service `web`, with this ID and release.
fn of_release(release: &str) -> Found {
    let mut found = found("web", ContainerStatus::Exited);
    release.clone_into(&mut found.id);
    found.labels.insert(label::RELEASE, release);
    found
}

/// A replica by the releases of its current container, and of the others.
fn slot(current: &str, others: [&str; 2]) -> Slot {
    Slot { current: Some(of_release(current)), superseded: others.map(of_release).into(), ..Slot::default() }
}

fn image() -> Exchange {
    on("GET /images/shop:1/json").respond(Response::json(200, json!({"Id": "sha256:1"})))
}

const CREATE: &str = "POST /containers/create?name=shop-prod-web-1.next";

#[tokio::test]
async fn what_was_rolled_back_from_or_left_is_removed_before_it_could_be_gone_back_to() {
    for removed in ["r3", "r2"] {
        let refused = on(CREATE).with_any_body().respond(Response::error(400, "no"));
        let engine = Engine::unix([on(format!("DELETE /containers/{removed}?force=true&v=true")), image(), refused]);
        let applying = applying(&engine, desired([("web", writer().keep(2))]));
        let service = applying.desired.service("web").expect("a service");
        let slot = slot("r2", [removed, "r1"]);
        let mut work = Work { applying: &applying, service, target: &target("web"), slot };
        let (target, order) = (target("web"), Order::StopFirst);
        let change = Change::Replace { target, order, because: None, fields: Vec::new() };
        let failure = work.make(&change).await.expect_err("it is not created");
        assert_eq!((failure.step(), engine.received().len()), (Step::Create, 3), "{failure}");
    }
}

#[tokio::test]
async fn versions_beyond_the_number_to_keep_are_removed_whenever_there_are_some() {
    for (keep, slot, removed) in [
        (2, slot("r3", ["r2", "r1"]), &[][..]),
        (1, slot("r3", ["r2", "r1"]), &["r1"]),
        (0, slot("r3", ["r2", "r1"]), &["r2", "r1"]),
        (1, slot("r2", ["r3", "r1"]), &["r3"]),
        // An interrupted replacement for a lost network has left a container of the current version.
        (1, slot("r3", ["r3", "r1"]), &["r3"]),
    ] {
        let removals = removed.iter().map(|id| on(format!("DELETE /containers/{id}?force=true&v=true")));
        let engine = Engine::unix(removals);
        let applying = applying(&engine, desired([("web", writer().keep(keep))]));
        let observed = Observed { slots: [(target("web"), slot)].into(), networks: networks(), ..Observed::default() };
        let changes = changes(&applying.desired, &observed, &crate::deploy::plan::Sources::default());
        let changes: Vec<_> = changes.into_iter().filter(Change::is_removal).collect();
        assert_eq!(changes.is_empty(), removed.is_empty(), "{changes:?}");
        Arc::new(applying).run(&changes, &observed).await.expect("removed");
        assert_eq!(engine.received().len(), removed.len());
    }
}

#[tokio::test]
async fn a_container_that_was_created_without_a_response_is_removed_or_named() {
    let labels = || json!({"Config": {"Labels": labels("web")}});
    let next = "/containers/shop-prod-web-1.next";
    let removal = || on(format!("DELETE {next}?force=true&v=true"));
    for (found, more, is_left, is_named) in [
        (Response::json(200, labels()), vec![removal()], false, false),
        (Response::error(404, "no such container"), vec![], false, true),
        (Response::error(500, "it is starting"), vec![], true, true),
    ] {
        let lost = on(CREATE).with_any_body().respond(Response::raw("").close());
        let inspected = on(format!("GET {next}/json")).respond(found);
        let engine = Engine::unix([image(), lost, inspected].into_iter().chain(more));
        let applying = applying(&engine, desired([("web", writer())]));
        let service = applying.desired.service("web").expect("a service");
        let mut work = Work { applying: &applying, service, target: &target("web"), slot: Slot::default() };
        let failure = work.make(&Change::Create(target("web"))).await.expect_err("the response is lost");
        let is_told = failure.to_string().contains("shop-prod-web-1.next, which may exist now");
        assert_eq!((failure.left().len() == 1, is_told), (is_left, is_named), "{failure}");
    }
}

#[tokio::test]
async fn a_service_waits_until_another_one_is_replaced_that_has_its_port() {
    let with_port = || Service::new(ContainerSpec::new("shop:1").publish(8080, 80));
    let before = desired([("web", with_port())]);
    let labels = before.service("web").expect("a service").spec.config.labels.clone();
    let current = Found { id: "web".to_owned(), labels, state: ContainerStatus::Running, ..Found::default() };
    let slot = Slot { current: Some(current), ..Slot::default() };
    let observed = Observed { slots: [(target("web"), slot)].into(), ..Observed::default() };
    let engine = Engine::unix([]);
    let mut applying = applying(&engine, desired([("proxy", with_port()), ("web", Service::new("shop:1"))]));
    let changes = changes(&applying.desired, &observed, &crate::deploy::plan::Sources::default());
    let failed = Progress { to_start: 1, state: State::Failed };
    applying.progress.insert("web".to_owned(), tokio::sync::watch::Sender::new(failed));
    let proxy = applying.desired.service("proxy").expect("a service");
    let failure = applying.service(proxy, true, &changes, &observed).await.expect_err("web has it still");
    assert!(matches!(failure.cause(), Cause::Dependency(web) if web == "web"), "{failure}");
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
