//! Plans of projects, against a scripted engine.

use super::{Change, label, up_to_images};
use crate::container::ContainerSpec;
use crate::deploy::failure::Cause;
use crate::deploy::target::Target;
use crate::deploy::{Deployment, Project, PullPolicy, Service};
use crate::testing::{Engine, Exchange, Response, on};
use crate::{Docker, Version};
use serde_json::{Value, json};
use std::time::Duration;

fn docker(engine: &Engine) -> Docker {
    engine.builder().api_version(Version::new(1, 44)).build().expect("a client")
}

fn shop<'a>(engine: &Engine, services: impl IntoIterator<Item = (&'a str, Service)>) -> Deployment {
    let shop = services.into_iter().fold(Project::new("shop"), |shop, (name, service)| shop.service(name, service));
    shop.deployment("prod", &docker(engine)).expect("a project")
}

/// What an engine has.
struct There {
    networks: Value,
    images: Value,
    containers: Vec<Value>,
}

impl Default for There {
    fn default() -> Self {
        let images = json!([{"Id": "sha256:1", "RepoTags": ["shop:1"], "RepoDigests": ["shop@sha256:1"]}]);
        Self { networks: json!([{"Name": "shop-prod"}]), images, containers: Vec::new() }
    }
}

impl There {
    /// The containers of these services, as they are deployed.
    fn deployed<'a>(services: impl IntoIterator<Item = (&'a str, Service)>) -> Self {
        let deployment = shop(&Engine::unix([]), services);
        let containers = deployment.desired.targets().map(|target| container(&deployment, &target));
        Self { containers: containers.collect(), ..Self::default() }
    }

    /// Adds the new container of a deployment that was interrupted while it replaced the first one.
    #[allow(clippy::indexing_slicing, reason = "a test may panic")]
    fn interrupted(mut self) -> Self {
        let mut next = self.containers.first().expect("one").clone();
        next["Labels"][label::REPLACES] = next["Id"].clone();
        (next["Id"], next["Names"]) = (json!("next"), json!(["/shop-prod-web-1.next"]));
        self.containers.push(next);
        self
    }

    /// The four lists, followed by other requests.
    fn and(self, more: impl IntoIterator<Item = Exchange>) -> Engine {
        self.and_first([], more)
    }

    /// The four lists with inspections of images after that of the images, followed by other requests.
    fn and_first(
        self,
        inspections: impl IntoIterator<Item = Exchange>,
        more: impl IntoIterator<Item = Exchange>,
    ) -> Engine {
        let labels = r#"{"label":{"dev.longshore.environment=prod":true,"dev.longshore.project=shop":true}}"#;
        let list = |target: String, body: Value| on(target).respond(Response::json(200, body));
        let lists = [
            list(format!("GET /networks?filters={labels}"), self.networks),
            list(format!("GET /volumes?filters={labels}"), json!({})),
            list("GET /images/json".to_owned(), self.images),
        ];
        let containers = format!("GET /containers/json?all=true&filters={labels}");
        let containers = [list(containers, json!(self.containers))];
        Engine::unix(lists.into_iter().chain(inspections).chain(containers).chain(more))
    }
}

/// A container as a list has it.
fn container(deployment: &Deployment, target: &Target) -> Value {
    let mut labels = deployment.desired.service(&target.service).expect("a service").spec.config.labels.clone();
    labels.insert(label::REPLICA, target.replica.to_string());
    labels.insert(label::RELEASE, "0123456789abcdef");
    let name = format!("/{}", deployment.desired.container_name(target));
    let networks = json!({"Networks": {"shop-prod": {}}});
    json!({"Id": name, "Names": [name], "State": "running", "ImageID": "sha256:1", "Labels": labels, "NetworkSettings": networks})
}

async fn plan<'a>(engine: &Engine, services: impl IntoIterator<Item = (&'a str, Service)>) -> String {
    shop(engine, services).plan().await.expect("a plan").to_string()
}

fn web() -> Service {
    Service::new("shop:1")
}

/// The registry's response for an image.
fn registry(name: &str, digest: &str) -> Exchange {
    on(format!("GET /distribution/{name}/json")).respond(Response::json(200, json!({"Descriptor": {"digest": digest}})))
}

/// Podman's response for any image.
fn podman(name: &str) -> Exchange {
    let path = format!("/distribution/{name}/json");
    on(format!("GET {path}")).respond(Response::error(404, &format!("Path /v1.44{path} is not supported")))
}

const NOTHING: &str = "nothing to change";
const REMOVED: &str = "! web-1  remove what an interrupted deployment was about to start";
const RESTORED: &str = "! web-1  restore the previous version, which an interrupted deployment was replacing";

/// The name of a container that another one has replaced, or is about to.
const SUPERSEDED: &str = "/shop-prod-web-1.89abcdef";

#[tokio::test]
async fn fifty_converged_services_take_four_calls_and_one_more_for_an_image_that_is_always_pulled() {
    let names: Vec<_> = (0..50).map(|number| format!("web{number}")).collect();
    for (policy, more) in [(PullPolicy::Missing, None), (PullPolicy::Always, Some(registry("shop:1", "sha256:1")))] {
        let services = || names.iter().map(|name| (name.as_str(), web().pull(policy)));
        let engine = There::deployed(services()).and(more);
        assert_eq!(plan(&engine, services()).await, NOTHING);
    }
}

#[tokio::test]
async fn an_image_is_pulled_once_as_its_policies_say() {
    let services = |one, other| [("one", web().pull(one)), ("other", web().pull(other))];
    let absent = || There { images: json!([]), ..There::default() };
    let (always, missing, never) = (PullPolicy::Always, PullPolicy::Missing, PullPolicy::Never);
    let both = services(missing, always);
    assert_eq!(plan(&absent().and([]), both).await, "↓ image shop:1\n+ one-1\n+ other-1");
    assert_eq!(plan(&absent().and([]), services(never, never)).await, "+ one-1\n+ other-1");
    let moved = There::deployed(services(always, always)).and([registry("shop:1", "sha256:2")]);
    let plan_of_moved = plan(&moved, services(always, always)).await;
    assert_eq!(plan_of_moved.matches("the image behind shop:1: sha256:1 → a newer one").count(), 2);
    assert_eq!(plan_of_moved.matches("↓ image").count(), 1, "{plan_of_moved}");

    let hour = PullPolicy::OlderThan(Duration::from_secs(3600));
    let tagged = |time: String| {
        on("GET /images/shop:1/json").respond(Response::json(200, json!({"Metadata": {"LastTagTime": time}})))
    };
    let fresh = There::deployed(services(hour, hour)).and([tagged(crate::Timestamp::now().to_string())]);
    assert_eq!(plan(&fresh, services(hour, hour)).await, NOTHING);
    let old = tagged("2026-01-01T00:00:00Z".to_owned());
    let old = There::deployed(services(hour, hour)).and([old, registry("shop:1", "sha256:1")]);
    assert_eq!(plan(&old, services(hour, hour)).await, NOTHING);
}

#[tokio::test]
async fn the_names_of_an_image_are_one_image() {
    let always = |image: &str| Service::new(image).pull(PullPolicy::Always);
    let absent = || There { images: json!([]), ..There::default() };
    let both = || [("one", always("ta/lat")), ("other", always("docker.io/ta/lat:latest"))];
    assert_eq!(plan(&absent().and([]), both()).await, "↓ image ta/lat\n+ one-1\n+ other-1");
    let images = json!([{"Id": "sha256:1", "RepoTags": ["ta/lat:latest"], "RepoDigests": ["ta/lat@sha256:1"]}]);
    let engine = There { images, ..There::deployed(both()) }.and([registry("ta/lat", "sha256:2")]);
    let moved = plan(&engine, both()).await;
    assert_eq!((moved.matches("a newer one").count(), moved.matches("↓ image").count()), (2, 1), "{moved}");
}

#[cfg(feature = "tar")]
#[tokio::test]
async fn an_image_that_one_service_builds_is_not_pulled_for_another_one() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("Dockerfile"), "FROM scratch").expect("written");
    let web = Service::new("shop").build(crate::deploy::BuildFrom::folder(folder.path()));
    let engine = There { images: json!([]), ..There::default() }.and([]);
    let plan = plan(&engine, [("web", web), ("worker", Service::new("shop:latest"))]).await;
    assert_eq!(plan, "+ image shop  build\n+ web-1\n+ worker-1");
}

#[tokio::test]
async fn an_image_is_found_by_its_id_as_the_engine_finds_it() {
    let id = "0123456789abcdef".repeat(4);
    for (image, is_there) in [(&*id, true), (&id[..12], true), (&format!("sha256:{id}"), true), (&id[1..13], false)] {
        let images = json!([{"Id": format!("sha256:{id}"), "RepoTags": null, "RepoDigests": null}]);
        let engine = There { images, ..There::default() }.and([]);
        let plan = plan(&engine, [("web", Service::new(image))]).await;
        assert_eq!(plan == "+ web-1", is_there, "{image}: {plan}");
    }
}

#[tokio::test]
async fn an_engine_that_cannot_ask_registries_pulls() {
    let services = || [("web", web().pull(PullPolicy::Always))];
    let engine = There::deployed(services()).and([podman("shop:1")]);
    assert_eq!(plan(&engine, services()).await, "↓ image shop:1");
    let refused = on("GET /distribution/shop:1/json").respond(Response::error(404, "no such image"));
    let engine = There::deployed(services()).and([refused]);
    let failure = shop(&engine, services()).plan().await.expect_err("the registry does not have it");
    assert!(failure.to_string().contains("no such image"), "{failure}");
}

#[tokio::test]
async fn the_image_that_runs_before_is_as_new_as_the_service_asks_for() {
    let services = || [("web", web().before("migrate:1").pull(PullPolicy::Always))];
    let images = json!([
        {"Id": "sha256:1", "RepoTags": ["shop:1"], "RepoDigests": ["shop@sha256:1"]},
        {"Id": "sha256:2", "RepoTags": ["migrate:1"], "RepoDigests": ["migrate@sha256:2"]},
    ]);
    let asked = || [registry("migrate:1", "sha256:3"), registry("shop:1", "sha256:1")];
    let engine = There { images: images.clone(), ..There::default() }.and(asked());
    assert_eq!(plan(&engine, services()).await, "↓ image migrate:1\n+ web-1");
    let engine = There { images, ..There::deployed(services()) }.and(asked());
    assert_eq!(plan(&engine, services()).await, NOTHING, "it does not run again for itself");
}

#[tokio::test]
async fn a_scaled_service_asks_for_its_own_image_and_only_if_it_grows() {
    let services =
        || [("api", Service::new("api:1").pull(PullPolicy::Always)), ("web", web().pull(PullPolicy::Always))];
    let images = json!([
        {"Id": "sha256:1", "RepoTags": ["shop:1"], "RepoDigests": ["shop@sha256:1"]},
        {"Id": "sha256:1", "RepoTags": ["api:1"], "RepoDigests": ["api@sha256:1"]},
    ]);
    for (replicas, more, expected) in [(0, None, "- web-1"), (2, Some(registry("shop:1", "sha256:1")), "+ web-2")] {
        let there = There { images: images.clone(), ..There::deployed(services()) };
        let engine = there.and(more);
        let scaled = shop(&engine, services()).with_replicas("web", replicas).expect("a service");
        let observed = scaled.observed().await.expect("a state");
        let changes = scaled.changes_of_scale(&observed, "web").await.expect("changes");
        assert_eq!(changes.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
    }
}

#[cfg(feature = "tar")]
#[tokio::test]
async fn a_built_image_is_pushed_until_its_registry_has_it() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("Dockerfile"), "FROM scratch").expect("written");
    let services = || [("web", web().build(crate::deploy::BuildFrom::folder(folder.path()).push(true)))];
    let absent = There { images: json!([]), ..There::default() }.and([]);
    assert_eq!(plan(&absent, services()).await, "+ image shop:1  build\n↑ image shop:1\n+ web-1");

    let from = shop(&Engine::unix([]), services()).desired.built("shop:1").and_then(|web| web.build.clone());
    let labels = json!({ label::BUILT_FROM: from.expect("a folder").1 });
    let there = |digests: &[&str]| {
        let images = json!([{"Id": "sha256:1", "RepoTags": ["shop:1"], "RepoDigests": digests, "Labels": labels}]);
        There { images, ..There::deployed(services()) }
    };
    let never_pushed = there(&[]).and([]);
    assert_eq!(plan(&never_pushed, services()).await, "↑ image shop:1", "an image without a push stays as it is");
    let digest = format!("sha256:{:064}", 1);
    let asked = format!("shop@{digest}");
    let lost = on(format!("GET /distribution/{asked}/json")).respond(Response::error(401, "access is denied"));
    let lost = there(&[&asked]).and([lost]);
    assert_eq!(plan(&lost, services()).await, "↑ image shop:1", "some registries do not tell");
    let elsewhere = format!("elsewhere/shop@sha256:{:064}", 2);
    let pushed = there(&[&elsewhere, &asked]).and([registry(&asked, &digest)]);
    assert_eq!(plan(&pushed, services()).await, NOTHING);
    let unknown = there(&[&asked]).and([podman(&asked)]);
    assert_eq!(plan(&unknown, services()).await, NOTHING);
}

/// The digest of an image, in two repositories.
const DIGEST: &str = "sha256:00000000000000000000000000000000000000000000000000000000000000aa";

/// The response to an inspection of the image that containerd's store lists with only one of these two digests.
fn inspected(name: &str) -> Exchange {
    let digests = [format!("other@{DIGEST}"), format!("shop@{DIGEST}")];
    on(format!("GET /images/{name}/json")).respond(Response::json(200, json!({"Id": DIGEST, "RepoDigests": digests})))
}

#[cfg(feature = "tar")]
#[tokio::test]
async fn an_image_with_another_name_is_still_pushed() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("Dockerfile"), "FROM scratch").expect("written");
    let services = || [("web", web().build(crate::deploy::BuildFrom::folder(folder.path()).push(true)))];
    let from = shop(&Engine::unix([]), services()).desired.built("shop:1").and_then(|web| web.build.clone());
    let labels = json!({ label::BUILT_FROM: from.expect("a folder").1 });
    let images = json!([{
        "Id": DIGEST, "RepoTags": ["other:1", "shop:1"], "RepoDigests": [format!("other@{DIGEST}")], "Labels": labels
    }]);
    let mut there = There { images, ..There::deployed(services()) };
    there.containers.first_mut().expect("one")["ImageID"] = json!(DIGEST);
    let pushed = there.and_first([inspected("shop:1")], [registry(&format!("shop@{DIGEST}"), DIGEST)]);
    assert_eq!(plan(&pushed, services()).await, NOTHING);
}

#[tokio::test]
async fn an_image_is_found_by_each_of_its_digests() {
    let images = |digest: &str| json!([{"Id": DIGEST, "RepoTags": [], "RepoDigests": [format!("other@{digest}")]}]);
    let asked = format!("shop@{DIGEST}");
    let absent = on(format!("GET /images/{asked}/json")).respond(Response::error(404, "no such image"));
    let another = DIGEST.replace('a', "b");
    for (listed, inspected, expected) in [
        (DIGEST, Some(inspected(&asked)), "+ web-1".to_owned()),
        (DIGEST, Some(absent), format!("↓ image {asked}\n+ web-1")), // only the other repository has it
        (&*another, None, format!("↓ image {asked}\n+ web-1")),
    ] {
        let there = There { images: images(listed), ..There::default() };
        let engine = there.and_first(inspected, []);
        assert_eq!(plan(&engine, [("web", Service::new(asked.as_str()))]).await, expected);
    }
}

#[tokio::test]
async fn a_renamed_service_gets_what_only_one_can_have() {
    let with_port = || Service::new(ContainerSpec::new("shop:1").publish(8080, 80));
    let engine = There::deployed([("web", with_port())]).and([]);
    let renamed = plan(&engine, [("frontend", with_port())]).await;
    assert_eq!(renamed, "+ frontend-1\n- web-1  (stop first: port 8080)");
    let removal = Change::Remove { target: Target { service: "web".to_owned(), replica: 1 }, because: None };
    assert_eq!(json!(removal), json!({"change": "remove", "service": "web", "replica": 1}));
    let engine = There::deployed([("web", with_port())]).and([]);
    assert_eq!(plan(&engine, [("frontend", web())]).await, "+ frontend-1\n- web-1");
    let mut stopped = There::deployed([("web", with_port())]);
    stopped.containers.first_mut().expect("one")["State"] = json!("exited");
    assert_eq!(plan(&stopped.and([]), [("frontend", with_port())]).await, "+ frontend-1\n- web-1");
}

#[tokio::test]
async fn a_port_goes_to_another_service_unless_that_one_must_be_ready_before_it_is_free() {
    let with_port = |port| Service::new(ContainerSpec::new("shop:1").publish(port, 80));
    let deployed = || There::deployed([("api", with_port(8081)), ("web", with_port(8080))]).and([]);
    let moved = plan(&deployed(), [("api", with_port(8081)), ("proxy", with_port(8080)), ("web", web())]).await;
    assert!(moved.starts_with("+ proxy-1\n~ web-1  "), "{moved}");
    let waiting = [("api", with_port(8081)), ("proxy", with_port(8080)), ("web", web().after("proxy"))];
    let refused = shop(&deployed(), waiting).plan().await.expect_err("it cannot be done");
    let words = "services.proxy needs port 8080 before services.web gives it up, which waits for services.proxy";
    assert!(refused.to_string().contains(words), "{refused}");
    let swapped = [("api", with_port(8080)), ("web", with_port(8081))];
    let refused = shop(&deployed(), swapped).plan().await.expect_err("it cannot be done");
    assert!(refused.to_string().contains("apply the project without services.api first"), "{refused}");
}

#[tokio::test]
async fn a_replica_that_an_interrupted_deployment_has_stopped_makes_room_again() {
    let with_port = || Service::new(ContainerSpec::new("shop:1").publish(8080, 80));
    let there = || {
        let mut there = There::deployed([("web", with_port())]);
        let found = there.containers.first_mut().expect("one");
        (found["State"], found["Names"]) = (json!("exited"), json!(["/shop-prod-web-1.89abcdef"]));
        there
    };
    let renamed = plan(&there().and([]), [("frontend", with_port())]).await;
    assert_eq!(renamed, "+ frontend-1\n- web-1  (stop first: port 8080)");
    let mut there = there();
    there.containers.extend(There::deployed([("frontend", with_port())]).containers);
    let back = plan(&there.and([]), [("web", with_port())]).await;
    assert_eq!(back, "+ web-1\n- frontend-1  (stop first: port 8080)");
}

#[tokio::test]
async fn an_earlier_version_is_restored_only_if_a_deployment_was_interrupted() {
    // The current container was removed by hand: its successor worked on the data.
    let finished = || attached("exited", SUPERSEDED, "1");
    assert_eq!(plan(&finished().and([]), [("web", web())]).await, "+ web-1");
    let interrupted = plan(&finished().interrupted().and([]), [("web", web())]).await;
    assert_eq!(interrupted, format!("{REMOVED}\n{RESTORED}"));
    // The creation of another one in its place was interrupted too.
    let mut created = finished().interrupted();
    created.containers.last_mut().expect("one")["Labels"].as_object_mut().expect("labels").remove(label::REPLACES);
    assert_eq!(plan(&created.and([]), [("web", web())]).await, format!("{REMOVED}\n+ web-1"));
}

#[tokio::test]
async fn a_replica_serves_while_another_one_of_its_service_is_replaced() {
    let web = |replicas: u32, mode: &str| {
        [("web", Service::new(ContainerSpec::new("shop:1").bind("/srv", "/srv").env("MODE", mode)).replicas(replicas))]
    };
    let plan = plan(&There::deployed(web(2, "a")).and([]), web(1, "b")).await;
    assert!(plan.starts_with("~ web-1  ") && plan.contains("(replace, stop first: volume /srv)"), "{plan}");
    assert!(plan.ends_with("\n- web-2"), "{plan}");
}

#[tokio::test]
async fn a_container_whose_network_is_gone_is_replaced() {
    for (state, name, expected) in [
        ("exited", "/shop-prod-web-1", "~ web-1  the network shop-prod: removed → a new one (replace, start first)"),
        ("running", "/shop-prod-web-1", "~ web-1  the network shop-prod: removed → a new one (replace, start first)"),
        ("exited", SUPERSEDED, "! web-1  remove what an interrupted deployment was about to start\n+ web-1"),
    ] {
        let mut there = There { networks: json!([]), ..There::deployed([("web", web())]) };
        let found = there.containers.first_mut().expect("one");
        (found["State"], found["Names"]) = (json!(state), json!([name]));
        let there = if name == SUPERSEDED { there.interrupted() } else { there };
        assert_eq!(plan(&there.and([]), [("web", web())]).await, format!("+ network shop-prod\n{expected}"));
    }
}

/// A pull would bring another version, and run what runs before it.
#[tokio::test]
async fn a_container_whose_network_is_gone_keeps_its_image_though_its_tag_is_gone_too() {
    let replaced = "~ web-1  the network shop-prod: removed → a new one (replace, start first)";
    for (images, pulled) in [(json!([{"Id": "sha256:1", "RepoTags": []}]), ""), (json!([]), "↓ image shop:1\n")] {
        let there = There { networks: json!([]), images, ..There::deployed([("web", web())]) };
        let expected = format!("+ network shop-prod\n{pulled}{replaced}");
        assert_eq!(plan(&there.and([]), [("web", web())]).await, expected);
    }
}

/// What is deployed, with a container in this state and with this name that is attached to the network of this ID.
fn attached(state: &str, name: &str, network: &str) -> There {
    let mut there = There::deployed([("web", web())]);
    there.networks = json!([{"Name": "shop-prod", "Id": "1"}]);
    let found = there.containers.first_mut().and_then(Value::as_object_mut).expect("one");
    let networks = json!({"Networks": {"shop-prod": {"NetworkID": network}}});
    let changed = [("State", json!(state)), ("Names", json!([name])), ("NetworkSettings", networks)];
    found.extend(changed.map(|(field, value)| (field.to_owned(), value)));
    there
}

#[tokio::test]
async fn a_container_whose_network_was_created_anew_is_replaced() {
    let replaced = "~ web-1  the network shop-prod: removed → a new one (replace, start first)";
    let current = "/shop-prod-web-1";
    for (name, network, expected) in [
        (current, "1", "+ web-1  start again".to_owned()),
        (current, "0", replaced.to_owned()),
        (current, "", "+ web-1  start again".to_owned()),
        (current, "shop-prod", "+ web-1  start again".to_owned()), // Podman
        (SUPERSEDED, "1", format!("{REMOVED}\n{RESTORED}")),
        (SUPERSEDED, "0", format!("{REMOVED}\n+ web-1")),
    ] {
        let there = attached("exited", name, network);
        let there = if name == SUPERSEDED { there.interrupted() } else { there };
        assert_eq!(plan(&there.and([]), [("web", web())]).await, expected, "{name} on {network:?}");
    }
}

#[tokio::test]
async fn a_container_that_was_disconnected_is_replaced() {
    let replaced = "~ web-1  the network shop-prod: disconnected → connected (replace, start first)".to_owned();
    let current = "/shop-prod-web-1";
    for (state, name, expected) in [
        ("running", current, replaced.clone()),
        ("paused", current, replaced.clone()),
        ("exited", current, replaced),
        ("exited", SUPERSEDED, format!("{REMOVED}\n+ web-1")),
    ] {
        let mut there = attached(state, name, "1");
        there.containers.first_mut().expect("one")["NetworkSettings"] = json!({"Networks": {"elsewhere": {}}});
        let there = if name == SUPERSEDED { there.interrupted() } else { there };
        assert_eq!(plan(&there.and([]), [("web", web())]).await, expected, "{state} {name}");
    }
    let mode = |mode: &str| [("web", Service::new(ContainerSpec::new("shop:1").network(mode)))];
    for other in ["host", "none", "container:db"] {
        let mut there = There::deployed(mode(other));
        there.containers.first_mut().expect("one")["NetworkSettings"] = json!({"Networks": {}});
        assert_eq!(plan(&there.and([]), mode(other)).await, NOTHING, "{other}");
    }
}

#[tokio::test]
async fn what_has_completed_needs_no_network() {
    let job = || [("web", web().ready(crate::deploy::Ready::exited()))];
    for (code, expected) in
        [(0, NOTHING), (1, "~ web-1  the network shop-prod: removed → a new one (replace, start first)")]
    {
        let inspected = Response::json(200, json!({"State": {"Status": "exited", "ExitCode": code}}));
        let mut there = attached("exited", "/shop-prod-web-1", "0");
        there.containers.first_mut().expect("one")["Id"] = json!("job");
        let engine = there.and([on("GET /containers/job/json").respond(inspected)]);
        assert_eq!(plan(&engine, job()).await, expected, "{code}");
    }
}

#[tokio::test]
async fn a_paused_container_is_resumed() {
    assert_eq!(
        plan(&attached("paused", "/shop-prod-web-1", "1").and([]), [("web", web())]).await,
        "+ web-1  start again"
    );
}

#[tokio::test]
async fn a_new_network_of_the_service_is_none_that_its_container_has_lost() {
    for state in ["exited", "running"] {
        let there = attached(state, SUPERSEDED, "1").interrupted();
        let inspected = Response::json(200, json!({"State": {"Status": state}}));
        let is_running = state == "running";
        let engine = there.and(is_running.then(|| on("GET /containers/shop-prod-web-1/json").respond(inspected)));
        let web = Service::new(ContainerSpec::new("shop:1").network("front"));
        let shop = Project::new("shop").network("front").service("web", web);
        let plan = shop.deployment("prod", &docker(&engine)).expect("a project").plan().await.expect("a plan");
        let changes: Vec<_> = plan.changes().iter().map(ToString::to_string).collect();
        let [network, _, restored, replaced] = &*changes else { panic!("{plan}") };
        assert_eq!(network, "+ network shop-prod-front");
        assert!(restored.starts_with("! web-1  restore the previous version"), "{plan}");
        assert!(replaced.starts_with("~ web-1  NetworkingConfig.EndpointsConfig.shop-prod-front: none"), "{plan}");
    }
}

#[tokio::test]
async fn what_a_killed_deployer_ran_before_is_removed() {
    let mut there = There::deployed([("web", web())]);
    let mut left = there.containers.first().expect("one").clone();
    left["Names"] = json!(["/shop-prod-web.before"]);
    left["Labels"].as_object_mut().expect("labels").remove(label::REPLICA);
    there.containers.push(left);
    let expected = "! web-1  remove what an interrupted deployment ran before the new version";
    assert_eq!(plan(&there.and([]), [("web", web())]).await, expected);
}

#[tokio::test]
async fn versions_that_are_no_longer_kept_are_removed() {
    let there = || {
        let mut there = There::deployed([("web", web())]);
        for release in ["0000000000000001", "0000000000000002"] {
            let mut older = there.containers.first().expect("one").clone();
            let name = format!("/shop-prod-web-1.{release}");
            (older["Names"], older["State"], older["Labels"][label::RELEASE]) =
                (json!([name]), json!("exited"), json!(release));
            there.containers.push(older);
        }
        there.and([])
    };
    assert_eq!(plan(&there(), [("web", web().keep(2))]).await, NOTHING);
    for keep in [0, 1] {
        let expected = "- web-1  versions that are no longer kept";
        assert_eq!(plan(&there(), [("web", web().keep(keep))]).await, expected);
    }
}

#[tokio::test]
async fn a_plan_is_not_outdated_by_another_image_of_a_tag() {
    let services = |image: &str| [("web", Service::new(image).pull(PullPolicy::Always))];
    let changes = async |images: Value, digest: Option<&str>| {
        let there = There { images, ..There::deployed(services("shop:1")) };
        let engine = there.and(digest.map(|digest| registry("shop:1", digest)));
        shop(&engine, services("shop:1")).plan().await.expect("a plan").changes().to_vec()
    };
    let image = |id: &str| json!([{"Id": id, "RepoTags": ["shop:1"], "RepoDigests": [format!("shop@{id}")]}]);
    let newer = changes(image("sha256:1"), Some("sha256:2")).await;
    let pulled = changes(image("sha256:2"), Some("sha256:2")).await;
    let untagged = changes(json!([]), None).await;
    let current = changes(image("sha256:1"), Some("sha256:1")).await;
    let is_stale = |planned: &[Change], now: &[Change]| {
        let (planned, now) = up_to_images(planned, now);
        Cause::if_stale(&planned, &now).err().map(|cause| cause.to_string())
    };
    assert_eq!(is_stale(&newer, &pulled), None);
    assert_eq!(is_stale(&newer, &untagged), None);
    let stale = is_stale(&current, &pulled).expect("nobody has agreed to a replacement");
    assert!(stale.contains("the plan lacks `~ web-1  the image behind shop:1"), "{stale}");
}
