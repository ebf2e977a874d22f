//! Headers of the caller's that go with every request.

use crate::support::{Engine, Response, on};
use longshore::ErrorKind;

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
