//! The API version is agreed upon once, by `/_ping`, and every call is made in it.

use crate::support::{Engine, Response, on};
use longshore::{Docker, ErrorKind, Limits, Version};
use std::time::Duration;

#[tokio::test]
async fn the_first_call_asks_and_the_others_know() {
    let engine = Engine::unix([
        on("HEAD /_ping").respond(Response::ping("1.43")),
        on("POST /v1.43/containers/a/start"),
        on("POST /v1.43/containers/b/start"),
    ]);
    let docker = engine.negotiating();
    docker.container("a").start().await.expect("start");
    docker.clone().container("b").start().await.expect("start");
    assert_eq!(docker.api_version().await.expect("version").to_string(), "1.43");
}

#[tokio::test]
async fn concurrent_first_calls_ask_once() {
    let starts = (0..20).map(|_| on("POST /v1.44/containers/web/start"));
    let engine = Engine::unix(std::iter::once(on("HEAD /_ping").respond(Response::ping("1.44"))).chain(starts));
    let docker = engine.negotiating();
    let calls: Vec<_> = (0..20).map(|_| tokio::spawn(docker.container("web").start().into_future())).collect();
    for call in calls {
        call.await.expect("a task").expect("start");
    }
}

#[tokio::test]
async fn a_newer_engine_is_spoken_to_in_the_newest_version_that_is_known() {
    let engine =
        Engine::unix([on("HEAD /_ping").respond(Response::ping("1.77")), on("POST /v1.56/containers/web/start")]);
    engine.negotiating().container("web").start().await.expect("start");
}

#[tokio::test]
async fn what_does_not_answer_head_is_asked_by_get() {
    for head in [Response::status(404), Response::status(405), Response::status(500), Response::raw("").close()] {
        let engine = Engine::unix([
            on("HEAD /_ping").respond(head),
            on("GET /_ping")
                .respond(Response::raw("HTTP/1.1 200 OK\r\nApi-Version: 1.42\r\nContent-Length: 2\r\n\r\nOK")),
            on("POST /v1.42/containers/web/start"),
        ]);
        engine.negotiating().container("web").start().await.expect("start");
    }
}

/// One that may have a single connection, and does not wait long for it.
fn with_one_connection(engine: &Engine) -> longshore::Builder {
    engine.builder().max_connections(1).limits(Limits::new().connect(Duration::from_millis(200)))
}

#[tokio::test]
async fn one_connection_is_enough_for_the_second_question() {
    let engine = Engine::unix([
        on("HEAD /_ping").respond(Response::status(404)),
        on("GET /_ping").respond(Response::ping("1.42")),
        on("POST /v1.42/containers/web/start"),
        on("HEAD /_ping").respond(Response::status(204)),
        on("GET /_ping").respond(Response::ping("1.42")),
    ]);
    let docker = with_one_connection(&engine).build().expect("a client");
    docker.container("web").start().await.expect("start");
    assert_eq!(docker.ping().await.expect("a ping").api_version, "1.42");
}

#[tokio::test]
async fn a_failing_ping_still_tells_the_version() {
    let failing = "HTTP/1.1 500 Internal Server Error\r\nApi-Version: 1.42\r\nContent-Length: 0\r\n\r\n";
    let engine = Engine::unix([
        on("HEAD /_ping").respond(Response::raw(failing)),
        on("GET /_ping").respond(Response::raw(failing)),
        on("POST /v1.42/containers/web/start"),
    ]);
    engine.negotiating().container("web").start().await.expect("start");
}

#[tokio::test]
async fn a_failed_negotiation_is_tried_again_by_the_next_call() {
    let engine = Engine::unix([
        on("HEAD /_ping").respond(Response::status(503)),
        on("GET /_ping").respond(Response::error(503, "starting")),
        on("HEAD /_ping").respond(Response::ping("1.41")),
        on("POST /v1.41/containers/web/start"),
    ]);
    let web = engine.negotiating().container("web");
    let error = web.start().await.expect_err("not yet");
    assert_eq!(error.to_string(), "GET /_ping: starting (503 Service Unavailable)");
    web.start().await.expect("now");
}

#[tokio::test]
async fn without_a_version_the_oldest_is_spoken() {
    let engine =
        Engine::unix([on("HEAD /_ping").respond(Response::status(200)), on("POST /v1.41/containers/web/start")]);
    engine.negotiating().container("web").start().await.expect("start");
}

#[tokio::test]
async fn an_engine_that_is_too_old_is_an_error_that_names_both_ranges() {
    let engine = Engine::unix([
        on("HEAD /_ping").respond(Response::ping("1.40")),
        on("GET /version").respond(Response::text(200, r#"{"ApiVersion":"1.40","MinAPIVersion":"1.12"}"#)),
    ]);
    let error = engine.negotiating().container("web").start().await.expect_err("too old");
    assert!(error.is_version());
    assert_eq!(
        error.to_string(),
        "POST /containers/web/start: the engine speaks API 1.12 to 1.40, and longshore 1.41 to 1.56; \
         Docker 20.10 is the oldest supported engine"
    );
}

#[tokio::test]
async fn an_engine_that_is_too_new_is_an_error_that_names_both_ranges() {
    let refusal = "client version 1.56 is too old. Minimum supported API version is 1.60, please upgrade your client to a newer version";
    let engine = Engine::unix([
        on("HEAD /_ping").respond(Response::ping("1.77")),
        on("POST /v1.56/containers/web/start").respond(Response::error(400, refusal)),
    ]);
    let error = engine.negotiating().container("web").start().await.expect_err("too new");
    assert!(error.is_version() && error.status() == Some(400));
    assert!(
        error.to_string().contains("1.60") && error.to_string().contains("longshore speaks API 1.41 to 1.56"),
        "{error}"
    );
}

#[tokio::test]
async fn a_pinned_version_is_not_negotiated() {
    let engine = Engine::unix([on("POST /v1.47/containers/web/start")]);
    engine.docker(47).container("web").start().await.expect("start");

    for version in [Version::new(1, 40), Version::new(1, 57), Version::new(2, 0)] {
        let error = Docker::builder().host("unix:///x").api_version(version).build().expect_err("not spoken");
        assert_eq!(error.kind(), ErrorKind::Version);
        assert!(error.to_string().contains("1.41 to 1.56"), "{error}");
    }
}

#[tokio::test]
async fn what_the_engine_lacks_is_an_error_that_names_both_versions() {
    let engine = Engine::unix([on("HEAD /_ping").respond(Response::ping("1.41"))]);
    let error = engine.negotiating().container("web").stop().signal("SIGINT").await.expect_err("since 1.42");
    assert!(error.is_version());
    assert_eq!(
        error.to_string(),
        "POST /containers/web/stop: signal requires API 1.42 or later, and this engine speaks API 1.41"
    );
}

#[tokio::test]
async fn a_version_that_is_none_is_an_error() {
    let engine = Engine::unix([on("HEAD /_ping").respond(Response::ping("latest"))]);
    let error = engine.negotiating().container("web").start().await.expect_err("no version");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("\"latest\""), "{error}");
}
