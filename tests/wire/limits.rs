//! The four limits: each is reached where it should be, and nowhere else.

use crate::support::{Engine, Response, on};
use longshore::{Connect, Connecting, Docker, Limits};
use std::sync::mpsc::channel;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(60);
/// For a client that is impatient: only what follows a head has to arrive soon.
const IDLE_ALONE: Limits = Limits::new().connect(LONG).head(LONG);

#[derive(Debug)]
struct Nowhere;

impl Connect for Nowhere {
    fn connect(&self) -> Connecting<'_> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn connecting_is_bounded() {
    let docker = Docker::builder().connector(Nowhere).limits(Limits::new().connect(SHORT)).build().expect("a client");
    let error = docker.container("web").start().await.expect_err("no connection");
    assert!(error.is_timeout());
    assert_eq!(error.to_string(), "POST /containers/web/start: timed out after 50ms connecting to the engine");
}

#[tokio::test]
async fn the_head_is_bounded() {
    let engine = Engine::unix([on("GET /v1.41/info").respond(Response::raw("").stall())]);
    let error = engine.impatient(41).info().await.expect_err("no answer");
    assert!(error.is_timeout());
    assert_eq!(error.to_string(), "GET /info: timed out after 50ms waiting for the response headers");
}

#[tokio::test]
async fn a_body_that_stalls_is_bounded() {
    let stalling = Response::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{").stall();
    let engine = Engine::unix([on("GET /v1.41/info").respond(stalling)]);
    let error = engine.impatient(41).info().limits(IDLE_ALONE).await.expect_err("half an answer");
    assert!(error.is_timeout());
    assert_eq!(error.to_string(), "GET /info: timed out after 50ms waiting for more of the response");
}

#[tokio::test]
async fn a_stream_that_stalls_is_bounded() {
    // In one write: the time limit is for what follows.
    let begun = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"status\":\"a\"}\r\n\r\n";
    let stalling = Response::raw(begun).stall();
    let engine =
        Engine::unix([on("POST /v1.41/images/create?fromImage=docker.io%2Flibrary%2Fx&tag=latest").respond(stalling)]);
    let mut steps = engine.impatient(41).images().pull("x").limits(IDLE_ALONE).stream().await.expect("a stream");
    assert!(steps.next().await.expect("a step").is_ok());
    assert!(steps.next().await.expect("an error").expect_err("nothing more").is_timeout());
    assert!(steps.next().await.is_none(), "and that is the end");
}

#[tokio::test]
async fn the_whole_call_is_bounded_with_its_negotiation() {
    let engine = Engine::unix([on("HEAD /_ping").respond(Response::raw("").stall())]);
    let call = engine.negotiating().info().limits(Limits::new().whole(SHORT));
    assert!(call.await.expect_err("no answer").is_timeout());
}

#[tokio::test]
async fn a_call_overrides_its_client() {
    let (go, wait) = channel();
    let engine = Engine::unix([on("GET /v1.41/version")
        .respond(Response::raw("").wait(wait).then("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))]);
    let docker = engine.impatient(41);
    let call = tokio::spawn(docker.version().limits(Limits::new().head(LONG)).into_future());
    tokio::time::sleep(SHORT * 2).await; // longer than the client's own limit
    go.send(()).expect("the engine goes on");
    call.await.expect("a task").expect("an answer");
}

#[tokio::test]
async fn waiting_and_following_are_not_bounded_by_the_client() {
    let (exit, waits) = channel();
    let (line, writes) = channel();
    let engine = Engine::unix([
        on("POST /v1.44/containers/web/wait")
            .respond(Response::chunked(200, "application/json").wait(waits).chunk("{\"StatusCode\":3}").end()),
        on("GET /v1.44/containers/web/logs?stdout=true&stderr=true&follow=true")
            .respond(Response::chunked(200, "application/vnd.docker.raw-stream").wait(writes).chunk("late").end()),
    ]);
    let web = engine.impatient(44).container("web");
    let exited = web.wait().registered().await.expect("registered");
    let mut logs = web.logs().follow(true).await.expect("logs");
    let late = tokio::spawn(async move { (exited.exit().await, logs.next().await) });
    tokio::time::sleep(SHORT * 2).await; // longer than the client's own limits
    exit.send(()).expect("the engine goes on");
    line.send(()).expect("the engine goes on");
    let (exit, line) = late.await.expect("a task");
    assert_eq!(exit.expect("an exit").code, 3);
    assert_eq!(line.expect("a chunk").expect("output").to_string(), "late");
}

#[tokio::test]
async fn waiting_is_bounded_by_its_own_limit() {
    let engine = Engine::unix([on("POST /v1.41/containers/web/wait").respond(Response::raw("").stall())]);
    let wait = engine.docker(41).container("web").wait().limits(Limits::new().whole(SHORT));
    assert!(wait.await.expect_err("no exit").is_timeout());
}

#[tokio::test]
async fn stop_lets_the_engine_take_its_time() {
    let (go, wait) = channel();
    let engine = Engine::unix([on("POST /v1.41/containers/web/stop?t=60")
        .respond(Response::raw("").wait(wait).then("HTTP/1.1 204 No Content\r\n\r\n"))]);
    let stop = engine.impatient(41).container("web").stop().timeout(LONG);
    let call = tokio::spawn(stop.into_future());
    tokio::time::sleep(SHORT * 2).await; // longer than the client's own limit
    go.send(()).expect("the engine goes on");
    call.await.expect("a task").expect("stopped");
}

#[tokio::test]
async fn no_limit_is_a_limit_too() {
    let engine = Engine::unix([on("GET /v1.41/version").respond(Response::text(200, "{}"))]);
    let none = Limits::new().connect(Duration::MAX).head(Duration::MAX).idle(Duration::MAX).whole(Duration::MAX);
    engine.docker(41).version().limits(none).await.expect("an answer");
}

#[tokio::test]
async fn each_call_on_a_kept_connection_has_its_own_limit() {
    let (go, wait) = channel();
    let engine = Engine::unix([
        on("GET /v1.41/version").respond(Response::text(200, "{}")),
        on("GET /v1.41/version")
            .respond(Response::raw("").wait(wait).then("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")),
        on("GET /v1.41/version").respond(Response::raw("").stall()),
    ]);
    let docker = engine.docker(41);
    let version = |limit| docker.version().limits(Limits::new().head(limit)).into_future();
    version(SHORT).await.expect("an answer");
    let later = tokio::spawn(version(LONG));
    tokio::time::sleep(SHORT * 2).await; // longer than the limit of the call before
    go.send(()).expect("the engine goes on");
    later.await.expect("a task").expect("an answer");
    let begun = std::time::Instant::now();
    assert!(version(SHORT).await.expect_err("no answer").is_timeout());
    assert!(begun.elapsed() < LONG / 2);
    assert_eq!(engine.connections(), 1);
}
