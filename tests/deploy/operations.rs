//! Operations on what is deployed, on an engine that is scripted.

use crate::projects::{deployed, lists};
use crate::support::{Engine, Response, on};
use longshore::container::ContainerSpec;
use longshore::deploy::{Cause, Project, PullPolicy, Service};
use longshore::network::EndpointSettings;
use serde_json::{Value, json};

#[tokio::test]
async fn a_status_has_the_image_of_the_container() {
    let [networks, volumes, images, containers] = lists("shop");
    let containers = containers.respond(Response::json(200, json!([deployed("web"), deployed("gone")])));
    let engine = Engine::unix([networks, volumes, images, containers]);
    let shop = Project::new("shop").service("web", Service::new("shop:1.4").replicas(2));
    let status = shop.deployment("prod", &engine.docker(44)).expect("a deployment").status().await.expect("a status");
    let images: Vec<_> = status.iter().map(|replica| (&*replica.service, replica.replica, &*replica.image)).collect();
    assert_eq!(images, [("gone", 1, "older"), ("web", 1, "older"), ("web", 2, "shop:1.4")]);
}

fn no_output() -> Response {
    Response::output::<&str>([])
}

#[tokio::test]
async fn a_one_off_container_takes_no_address_of_the_service_and_is_pulled_as_the_service_is() {
    let logs = "GET /containers/1/logs?stdout=true&stderr=true";
    let engine = Engine::unix([
        on("POST /containers/create").with_any_body().respond(Response::text(201, r#"{"Id":"1"}"#)),
        on("POST /containers/1/wait?condition=next-exit").respond(Response::text(200, r#"{"StatusCode":0}"#)),
        on("POST /containers/1/start"),
        on(format!("{logs}&follow=true&timestamps=true")).respond(no_output()),
        on(format!("{logs}&timestamps=true")).respond(no_output()),
        on("GET /containers/1/json").respond(Response::text(200, "{}")),
        on("DELETE /containers/1?force=true&v=true"),
    ]);
    let fixed = EndpointSettings::new().ipv4("10.1.2.3").mac_address("02:42:ac:11:00:04").alias("www");
    let web = ContainerSpec::new("shop:1.4").network_with("front", fixed).publish(8080, 80);
    let shop = Project::new("shop").network("front").service("web", Service::new(web).pull(PullPolicy::Never));
    let prod = shop.deployment("prod", &engine.docker(44)).expect("a deployment");
    prod.run("web", ["migrate"]).await.expect("run");
    let created: Value = serde_json::from_slice(&engine.received()[0].body).expect("JSON");
    assert_eq!(
        created["NetworkingConfig"]["EndpointsConfig"],
        json!({"shop-prod": {}, "shop-prod-front": {"Aliases": ["www"]}})
    );
}

#[tokio::test]
async fn an_environment_that_is_being_deployed_is_not_swept() {
    let filters = "filters=%7B%22label%22%3A%7B%22dev.longshore.project%3Dshop%22%3Atrue%7D%7D";
    let left = json!([{"Id": "1", "Name": "shop-dev", "Labels":
        {"dev.longshore.project": "shop", "dev.longshore.environment": "dev"}}]);
    let lock = json!({"Name": "shop-dev.lock", "Labels": {"dev.longshore.release": "theirs", "dev.longshore.holder": "ci",
        "dev.longshore.lease": "99999999999"}});
    let engine = Engine::unix([
        on(format!("GET /v1.44/containers/json?all=true&{filters}")).respond(Response::text(200, "[]")),
        on(format!("GET /v1.44/networks?{filters}")).respond(Response::json(200, left)),
        on("POST /volumes/create").with_any_body().respond(Response::json(201, &lock)),
        on("GET /volumes/shop-dev.lock").respond(Response::json(200, &lock)),
    ]);
    let shop = Project::new("shop").service("web", Service::new("shop:1.4")).environment("prod", |_| {});
    let failure = shop.sweep(&engine.docker(44)).await.expect_err("it is locked");
    assert!(matches!(failure.cause(), Cause::Locked(who) if who == "ci"), "{failure}");
}
