//! What has the name of something of the project, and is not of the project.

use super::{created, docker, observed, rollout, service, shop_of};
use crate::deploy::swarm::SwarmChange;
use crate::deploy::swarm::rollout::remove;
use crate::deploy::{Cause, Project, Service, Step};
use crate::testing::{Engine, Exchange, Response, on};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

#[test]
fn a_before_job_with_the_name_of_a_service_is_refused() {
    let project = Project::new("shop").service("web-before", Service::new("shop:1"));
    let project = project.service("web", Service::new("shop:1").before("shop:1"));
    let refused = project.deployment("prod", &docker()).expect("a project").on_swarm().expect_err("a clash");
    assert!(
        refused.to_string().contains(
            "the `before` job of services.web and services.web-before would both be named shop-prod-web-before"
        ),
        "{refused}"
    );
}

/// Another environment may have a service of this name: that of `before` in `prod-web`.
#[tokio::test]
async fn a_service_of_another_project_is_left_alone() {
    let taken = "rpc error: code = AlreadyExists desc = name conflicts with an existing object: service already exists";
    for (web, step, name) in [
        (Service::new("r.example.com/shop:1"), Step::Service, "shop-prod-web"),
        (Service::new("shop:1").before("r.example.com/shop:1"), Step::Before, "shop-prod-web-before"),
    ] {
        let [asked, create] = created("x");
        let engine = Engine::start([asked, create.respond(Response::error(409, taken))]);
        let shop = shop_of(&engine.client(), [("web", web)]);
        let change = SwarmChange::Create { service: "web".to_owned() };
        let rollout = rollout(&shop, observed([]));
        let failure = rollout.service(service(&shop, "web"), &change).await.expect_err("the name is taken");
        assert_eq!(failure.step(), step, "{failure}");
        let is_named = |what: &str| what == format!("the service {name}");
        assert!(matches!(failure.cause(), Cause::Stranger(what) if is_named(what)), "{failure}");
    }
}

/// The lists of an environment with these networks and secrets.
fn lists(networks: Value, secrets: Value) -> [Exchange; 4] {
    let filters = r#"filters={"label":{"dev.longshore.environment=prod":true,"dev.longshore.project=shop":true}}"#;
    let list = |list: &str, body| on(format!("GET /{list}{filters}")).respond(Response::json(200, body));
    let services = list("services?status=true&", json!([]));
    [services, list("networks?", networks), list("secrets?", secrets), list("configs?", json!([]))]
}

fn network() -> Value {
    json!([{"Name": "shop-prod", "Scope": "swarm"}])
}

#[tokio::test]
async fn a_teardown_names_the_network_that_it_cannot_remove() {
    let removal = on("DELETE /networks/shop-prod").respond(Response::error(500, "out of order"));
    let engine = Engine::start(lists(network(), json!([])).into_iter().chain([removal]));
    let failure = shop_of(&engine.client(), []).remove_all(false, None).await.expect_err("it is not removed");
    assert!(failure.to_string().contains("failed while removing shop-prod: DELETE"), "{failure}");
}

/// Otherwise deployers on other machines would wait for the end of its lease.
#[tokio::test]
async fn a_lock_that_a_killed_deployer_has_left_is_seen_even_if_nothing_has_to_change() {
    for (name, lease, is_left) in
        [("shop-prod.lock", "0", true), ("shop-prod.lock", "99999999999", false), ("shop-prod.lock.over", "0", false)]
    {
        let lock = json!([{"ID": "1", "Spec": {"Name": name, "Labels": {"dev.longshore.lease": lease}}}]);
        let [services, networks, secrets, configs] = lists(network(), json!([]));
        let engine = Engine::start([services, networks, secrets, configs.respond(Response::json(200, lock))]);
        let plan = shop_of(&engine.client(), []).plan().await.expect("a plan");
        assert_eq!((plan.is_empty(), plan.has_left_lock), (true, is_left), "{name} {lease}");
    }
}

/// Another deployer may have created what has the same name now.
#[tokio::test]
async fn a_teardown_removes_nothing_once_its_lease_is_over() {
    let secret = || json!([{"ID": "5e", "Spec": {"Name": "token"}}]);
    for (networks, secrets, read_again) in
        [(network(), json!([]), vec![]), (json!([]), secret(), lists(json!([]), secret()).into())]
    {
        let engine = Engine::start(lists(networks, secrets).into_iter().chain(read_again));
        let shop = shop_of(&engine.client(), []);
        let failure = shop.remove_all(false, Some(Instant::now())).await.expect_err("it is another's");
        assert!(matches!(failure.cause(), Cause::LeaseOver), "{failure}");
    }
}

#[tokio::test]
async fn a_service_that_is_slow_to_go_is_no_stranger() {
    let there = Response::json(200, json!({"ID": "1f2e", "Spec": {"Name": "shop-prod_web"}}));
    let engine = Engine::start([on("DELETE /services/web"), on("GET /services/web").respond(there)]);
    let error = remove(&engine.client().service("web"), Duration::ZERO).await.expect_err("it is there");
    let expected = "the service web was removed, but its name is still taken after 0ns: apply again later";
    assert!(error.is_timeout() && error.to_string() == expected, "{error}");
}
