//! `POST /containers/{id}/wait`

use crate::support::{Engine, Response, fixture, on};
use longshore::ErrorKind;
use longshore::container::WaitCondition;
use std::sync::mpsc::channel;

// behaviour 27
#[tokio::test]
async fn an_exit_code_is_data() {
    let engine = Engine::unix([
        on("POST /v1.41/containers/job/wait")
            .respond(Response::text(200, &fixture("docker-20.10.24/container_wait.json"))),
        on("POST /v1.41/containers/job/wait?condition=not-running").respond(Response::text(200, r#"{"StatusCode":0}"#)),
        on("POST /v1.41/containers/job/wait?condition=next-exit").respond(Response::text(200, r#"{"StatusCode":137}"#)),
        on("POST /v1.41/containers/job/wait?condition=removed")
            .respond(Response::text(200, r#"{"StatusCode":-1,"Error":{"Message":"the engine shuts down"}}"#)),
    ]);
    let job = engine.docker(41).container("job");
    let exit = job.wait().await.expect("an end");
    assert_eq!((exit.code, exit.success(), exit.to_string().as_str()), (3, false, "exit code 3"));
    assert!(job.wait().condition(WaitCondition::NotRunning).await.expect("an end").success());
    assert_eq!(job.wait().condition(WaitCondition::NextExit).await.expect("an end").code, 137);
    let exit = job.wait().condition("removed").await.expect("an end");
    assert_eq!((exit.code, exit.error.as_deref()), (-1, Some("the engine shuts down")));
    assert!(!exit.success());
}

// behaviour 28
#[tokio::test]
async fn registered_before_the_start() {
    let (end, ends) = channel();
    let engine = Engine::unix([
        on("POST /v1.41/containers/job/wait?condition=next-exit")
            .respond(Response::chunked(200, "application/json").wait(ends).chunk("{\"StatusCode\":99}\n").end()),
        on("POST /v1.41/containers/job/start"),
    ]);
    let job = engine.docker(41).container("job");
    let exit = job.wait().condition(WaitCondition::NextExit).registered().await.expect("the head of the answer");
    job.start().await.expect("started, on a connection of its own");
    let exit = tokio::spawn(exit.exit());
    tokio::task::yield_now().await;
    assert!(!exit.is_finished());
    end.send(()).expect("the container ends");
    assert_eq!(exit.await.expect("a task").expect("an end").code, 99);
    assert_eq!(engine.connections(), 2);
}

#[tokio::test]
async fn a_dropped_wait_closes_its_connection() {
    let (closed, end) = channel();
    let waiting = Response::chunked(200, "application/json").stall().on_close(closed);
    let engine = Engine::unix([on("POST /v1.41/containers/job/wait").respond(waiting)]);
    drop(engine.docker(41).container("job").wait().registered().await.expect("registered"));
    let closed = tokio::task::spawn_blocking(move || end.recv_timeout(std::time::Duration::from_secs(10)));
    closed.await.expect("a task").expect("closed");
}

#[tokio::test]
async fn what_is_not_there() {
    let request = "POST /v1.41/containers/job/wait?condition=removed";
    let engine = Engine::unix([on(request).respond(Response::error(404, "No such container: job"))]);
    let call = engine.docker(41).container("job").wait().condition(WaitCondition::Removed);
    let error = call.registered().await.expect_err("nothing");
    assert!(error.is_not_found());
    assert_eq!(error.to_string(), "POST /containers/job/wait: No such container: job (404 Not Found)");
}

// behaviour 30
#[tokio::test]
async fn what_is_put_in_place_of_the_exit() {
    let wait = || on("POST /v1.41/containers/job/wait");
    let json = "application/json";
    let engine = Engine::unix([
        wait().respond(Response::chunked(200, json).chunk("upstream timed out").end()),
        wait().respond(Response::chunked(200, json).chunk("{\"StatusCode\":").end()),
        wait().respond(Response::chunked(200, json).end()),
        wait().respond(Response::chunked(200, json).chunk("{}").end()),
        wait().respond(Response::chunked(200, json).chunk("{\"StatusCode\":").close()),
    ]);
    let job = engine.docker(41).container("job");
    for (kind, words) in [
        (ErrorKind::Decode, "the response is not JSON: upstream timed out"),
        (ErrorKind::Decode, "the response is not what the API documents: EOF while parsing a value"),
        (ErrorKind::Decode, "the response is empty, where JSON was expected"),
        (ErrorKind::Decode, "missing field `StatusCode`"),
        (ErrorKind::Interrupted, "the connection closed before the response was complete"),
    ] {
        let error = job.wait().await.expect_err(words);
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().starts_with("POST /containers/job/wait: "), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}
