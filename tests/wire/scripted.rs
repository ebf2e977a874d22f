//! The scripted engine itself: what it says of a client that does not follow the script.

use longshore::Version;
use longshore::container::ContainerSpec;
use longshore::testing::{Engine, Response, on};
use serde_json::json;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Ends the engine, and returns what its drop says.
fn complaint(engine: Engine) -> String {
    let panicked = catch_unwind(AssertUnwindSafe(|| drop(engine))).expect_err("it complains");
    *panicked.downcast::<String>().expect("a text")
}

#[tokio::test]
async fn a_request_that_does_not_match_leaves_the_script_as_it_is() {
    let engine = Engine::start([on("POST /containers/web/start"), on("POST /containers/web/stop")]);
    let web = engine.client().container("web");
    let error = web.stop().await.expect_err("it is too early");
    assert_eq!(error.status(), Some(599));
    web.start().await.expect("expected as before");
    web.stop().await.expect("expected now");
    let complaint = complaint(engine);
    let expected =
        format!("expected POST /containers/web/start\n but got POST /v{}/containers/web/stop", Version::NEWEST);
    assert_eq!(complaint, format!("the client sent what the script does not have:\n{expected}"));
}

#[tokio::test]
async fn in_any_order_a_request_is_compared_with_those_of_its_target() {
    let create = |name: &str, image: &str| {
        let exchange = on(format!("POST /containers/create?name={name}")).with_json(json!({"Image": image}));
        exchange.respond(Response::text(201, r#"{"Id":"1"}"#))
    };
    let engine =
        Engine::start([create("db", "postgres"), create("web", "nginx"), create("web", "httpd")]).in_any_order();
    let containers = engine.client().containers();
    let create = |name: &str, image: &str| containers.create(ContainerSpec::new(image)).name(name);
    create("web", "apache").await.expect_err("another image");
    create("cache", "redis").await.expect_err("no such exchange");
    create("web", "httpd").await.expect("expected as before");
    create("web", "nginx").await.expect("expected as before");
    create("db", "postgres").await.expect("expected as before");
    let complaint = complaint(engine);
    let version = Version::NEWEST;
    for part in [
        "create?name=web: expected the JSON\n{\"Image\":\"nginx\"}\n but got\n{\"Image\":\"apache\"}",
        "create?name=web: expected the JSON\n{\"Image\":\"httpd\"}\n but got\n{\"Image\":\"apache\"}",
        &format!(
            "expected POST /containers/create?name=db\n      or POST /containers/create?name=web\n      or POST /containers/create?name=web\n but got POST \
             /v{version}/containers/create?name=cache"
        ),
    ] {
        assert!(complaint.contains(part), "{complaint}");
    }
}

#[tokio::test]
async fn an_unexpected_ping_has_a_hint() {
    let engine = Engine::start([]);
    let docker = engine.builder().build().expect("a client");
    docker.containers().list().await.expect_err("no version is agreed on");
    let complaint = complaint(engine);
    assert!(complaint.contains("nothing more was expected, but got HEAD /_ping\nThe client negotiates"), "{complaint}");
}

#[tokio::test]
async fn a_test_that_panics_is_not_ended_by_a_second_panic() {
    let test = tokio::spawn(async {
        let engine = Engine::start([]);
        engine.client().container("web").stop().await.expect("the script has no stop");
    });
    let panicked = test.await.expect_err("it panics").into_panic();
    assert!(panicked.downcast::<String>().expect("a text").starts_with("the script has no stop"));
}

#[tokio::test]
async fn a_request_that_may_come_any_number_of_times_gives_way_to_the_script() {
    let inspect = |status: &str| {
        on("GET /containers/web/json").respond(Response::json(200, json!({"State": {"Status": status}})))
    };
    let engine = Engine::start([
        inspect("created"),
        inspect("running").any_times(),
        on("POST /containers/web/stop"),
        inspect("exited").any_times(),
        on("GET /info").respond(Response::text(200, "{}")).any_times(),
    ]);
    let web = engine.client().container("web");
    let status = async || web.inspect().await.expect("a container").state.status.to_string();
    assert_eq!([status().await, status().await, status().await], ["created", "running", "running"]);
    web.stop().await.expect("stopped");
    assert_eq!([status().await, status().await], ["exited", "exited"]);
}

#[tokio::test]
async fn fields_of_a_body_are_found_at_any_depth() {
    let create = |cmd: serde_json::Value| {
        let fields = json!({"Cmd": cmd, "HostConfig": {"Memory": 1 << 20}});
        on("POST /containers/create").with_json_fields(fields).respond(Response::text(201, r#"{"Id":"1"}"#))
    };
    let engine = Engine::start([create(json!(["sleep", "1"])), create(json!(["sleep"]))]);
    let containers = engine.client().containers();
    let spec = ContainerSpec::new("busybox").cmd(["sleep", "1"]).memory("1m").cpus(2);
    containers.create(spec.clone()).await.expect("created");
    containers.create(spec.clone()).await.expect_err("a list of another length");
    containers.create(spec.clone().cmd(["sleep"]).memory("2m")).await.expect_err("another memory");
    containers.create(spec.cmd(["sleep"])).await.expect("created");
    let complaint = complaint(engine);
    assert_eq!(complaint.matches("expected JSON with the fields").count(), 2, "{complaint}");
}

#[tokio::test]
async fn parameters_may_come_in_any_order_and_none_may_be_left_out() {
    let logs = |query: &str| {
        let output = Response::output([(longshore::stream::Source::Stdout, "x")]);
        on(format!("GET /containers/web/logs?{query}")).respond(output)
    };
    let engine = Engine::start([logs("tail=1&stderr=true&stdout=true"), logs("tail=1&stderr=true")]);
    let web = engine.client().container("web");
    drop(web.logs().tail(1).await.expect("a log"));
    web.logs().tail(1).await.expect_err("one parameter more");
    assert!(complaint(engine).contains("expected GET /containers/web/logs?tail=1&stderr=true\n but got"));
}
