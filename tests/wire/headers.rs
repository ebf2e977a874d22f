//! Headers of the caller's that go with every request.

use crate::support::{Engine, Response, on};
use longshore::stream::Source;
use longshore::{Docker, ErrorKind};
use serde_json::json;

#[tokio::test]
async fn a_builders_headers_go_with_every_request_and_are_never_shown() {
    let with = |exchange: longshore::testing::Exchange| {
        exchange.with_header("authorization", "Bearer hunter2").with_header("x-team", "b")
    };
    let engine = Engine::unix([
        with(on("HEAD /_ping").respond(Response::ping("1.41"))),
        with(on("POST /v1.41/containers/web/start").respond(Response::error(404, "No such container: web"))),
    ]);
    let builder =
        engine.builder().header("Authorization", "Bearer hunter2").header("X-Team", "a").header("x-team", "b");
    let shown = format!("{builder:?}");
    let docker = builder.build().expect("a client");
    let error = docker.container("web").start().await.expect_err("absent");
    for text in [shown, format!("{docker:?} {error:?} {error}")] {
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[tokio::test]
async fn a_builders_headers_replace_those_of_the_client() {
    let request = on("HEAD /_ping").with_header("user-agent", "ci/2").with_header("host", "engine.internal");
    let engine = Engine::unix([request.respond(Response::ping("1.41"))]);
    let builder = engine.builder().header("User-Agent", "ci/2").header("Host", "engine.internal");
    builder.build().expect("a client").api_version().await.expect("a version");
}

#[tokio::test]
async fn what_no_header_can_be_is_an_error_without_its_value() {
    let engine = Engine::unix([]);
    for (name, value, why) in [
        ("", "hunter2", "this is not the name of a header"),
        ("a b", "hunter2", "this is not the name of a header"),
        ("X-A", "hunter2\r\nX-B: c", "its value has characters that no header may have"),
        ("Content-Length", "hunter2", "the client sets it itself"),
        ("transfer-encoding", "hunter2", "the client sets it itself"),
    ] {
        let error = engine.builder().header(name, value).build().expect_err(why);
        assert!(error.kind() == ErrorKind::Config && error.to_string().contains(why), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn the_path_of_a_host_goes_before_every_path() {
    let engine = Engine::tcp([
        on("HEAD /behind/a%20proxy/_ping").respond(Response::ping("1.41")),
        on("POST /behind/a%20proxy/v1.41/containers/web/start").respond(Response::status(204)),
        on("GET /behind/a%20proxy/v1.41/exec/fa51/json")
            .respond(Response::json(200, json!({"ID": "fa51", "ProcessConfig": {"tty": false}}))),
        on("POST /behind/a%20proxy/v1.41/exec/fa51/start")
            .with_json(json!({"Detach": false, "Tty": false}))
            .respond(Response::switching("Upgrade: tcp\r\n").close()),
    ]);
    let builder = Docker::builder().host(format!("{}/behind/a%20proxy/", engine.host())).registry_credentials(false);
    let docker = builder.build().expect("a client");
    docker.container("web").start().await.expect("started");
    drop(docker.exec("fa51").start().await.expect("started"));
}

/// Engines from 29.6 on choose the format of a log by it.
#[tokio::test]
async fn a_log_says_nothing_of_the_format_that_it_accepts() {
    let log = on("GET /v1.42/containers/web/logs?stdout=true&stderr=true");
    let engine = Engine::unix([log.respond(Response::output([(Source::Stdout, "up\n")]))]);
    drop(engine.docker(42).container("web").logs().await.expect("a log"));
    assert!(engine.received().iter().all(|request| request.header("accept").is_none()));
}
