//! Calls and streams from code that is not async.

use crate::support::again::is_alone;
use crate::support::{Engine, Response, on};
use longshore::blocking::{Io, Wait};
use longshore::deploy::{Cleanup, Run};
use longshore::stream::Source;
use longshore::{Docker, Version};
use std::io::{Read, Write};
use std::sync::mpsc::channel;

const LIST: &str = "GET /v1.55/containers/json";

fn output() -> Response {
    Response::output([(Source::Stdout, "one\n"), (Source::Stderr, "two\n")])
}

#[test]
fn many_waits_share_one_connection() {
    let script = (0..200).map(|_| on(LIST).respond(Response::text(200, "[]")));
    let engine = Engine::unix(script);
    let docker = engine.docker(55);
    for _ in 0..200 {
        assert!(docker.containers().list().wait().expect("a list").is_empty());
    }
    assert_eq!(engine.connections(), 1);
}

#[test]
fn threads_wait_at_the_same_time() {
    let engine = Engine::unix((0..8).map(|_| on(LIST).respond(Response::text(200, "[]"))));
    let docker = engine.docker(55);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| docker.containers().list().wait().expect("a list"));
        }
    });
}

#[test]
fn a_stream_is_an_iterator_of_its_items_and_its_error() {
    let logs = "GET /v1.55/containers/web/logs?stdout=true&stderr=true";
    let cut =
        Response::chunked(200, "application/vnd.docker.multiplexed-stream").chunk(b"\x01\0\0\0\0\0\0\x04one\n").close();
    let engine = Engine::unix([on(logs).respond(output()), on(logs).respond(output()), on(logs).respond(cut)]);
    let web = engine.docker(55).container("web");

    let chunks: Vec<_> = web.logs().wait().expect("logs").into_iter().collect::<Result<_, _>>().expect("chunks");
    assert_eq!(chunks.iter().map(|chunk| &chunk.bytes[..]).collect::<Vec<_>>(), [b"one\n", b"two\n"]);

    let mut texts = Vec::new();
    for line in web.logs().wait().expect("logs").lines() {
        texts.push(line.expect("a line").text);
    }
    assert_eq!(texts, ["one", "two"]);

    let mut cut = web.logs().wait().expect("logs").into_iter();
    assert!(cut.next().expect("a chunk").is_ok());
    assert!(cut.next().expect("an error").is_err());
    assert!(cut.next().is_none());
}

#[test]
fn what_is_an_async_fn_waits_by_the_trait() {
    let logs = "GET /v1.55/containers/web/logs?stdout=true&stderr=true";
    let engine = Engine::unix([on(logs).respond(output())]);
    assert_eq!(engine.docker(55).container("web").logs().output().wait().expect("a log").stdout_text(), "one\n");
}

#[test]
fn bytes_are_read_and_written_as_std_does() {
    let (test, input) = channel();
    let sorted =
        Response::attached().receive_all(test).frame(Source::Stdout, "a\n").frame(Source::Stderr, "b\n").close();
    let engine = Engine::unix([
        on("GET /containers/web/export").respond(Response::body(200, "application/x-tar", vec![7; 100_000])),
        on("POST /containers/web/exec").with_any_body().respond(Response::text(201, r#"{"Id":"e1"}"#)),
        on("POST /exec/e1/start").with_any_body().respond(sorted),
    ]);
    let web = engine.docker(55).container("web");
    let mut exported = Vec::new();
    let read = std::io::copy(&mut Io::new(web.export().wait().expect("bytes")), &mut exported);
    // It is no archive: all that it has is read, and then the error.
    assert!(read.is_err() && exported == vec![7; 100_000]);

    let sort = web.exec(["sort"]).stdin(true).wait().expect("an exec");
    let (stdin, output) = sort.start().wait().expect("started").split();
    Io::new(stdin).write_all(b"b\na\n").expect("written");
    let lines: Vec<_> = output.lines().into_iter().map(|line| line.expect("a line").text).collect();
    assert_eq!(lines, ["a", "b"]);
    assert_eq!(input.recv().expect("the input"), b"b\na\n");
}

#[test]
fn a_cleanup_is_waited_for() {
    let cleanup = Cleanup::new();
    let run = Run::new("web").cleanup(&cleanup);
    let (test, ended) = channel();
    let waiting = std::thread::spawn(move || {
        let finished = cleanup.finished().wait();
        test.send(()).expect("the test is there");
        finished
    });
    assert!(ended.recv_timeout(std::time::Duration::from_millis(50)).is_err(), "the run has not ended");
    drop(run);
    waiting.join().expect("no panic").expect("it has ended");
}

fn is_refused(docker: &Docker) {
    let error = docker.containers().list().wait().expect_err("it would block other tasks");
    assert!(error.is_invalid(), "{error}");
    assert_eq!(
        error.to_string(),
        "`wait` was called in an async context, where it would block other tasks: use `.await`, or \
         `tokio::task::spawn_blocking`"
    );
    let failure = Run::new("x").start(docker).wait().expect_err("the same");
    assert!(failure.to_string().contains("async context"), "{failure}");
    let error = Cleanup::new().finished().wait().expect_err("the same");
    assert!(error.to_string().contains("async context"), "{error}");
    let error = Io::new(tokio::io::empty()).read(&mut [0]).expect_err("the same");
    assert!(error.to_string().contains("async context"), "{error}");
}

#[test]
fn in_async_code_it_is_refused_and_nothing_is_sent() {
    let engine = Engine::unix([]);
    let docker = engine.docker(55);
    let [current, multi] = [tokio::runtime::Builder::new_current_thread(), tokio::runtime::Builder::new_multi_thread()]
        .map(|mut builder| builder.enable_all().build().expect("a runtime"));
    for runtime in [current, multi] {
        runtime.block_on(async { is_refused(&docker) });
        let docker = docker.clone();
        runtime.block_on(runtime.spawn(async move { is_refused(&docker) })).expect("the task ends");
    }
}

/// tokio's own panic would be printed, and would end a program whose panics abort.
#[test]
fn it_is_refused_without_a_panic() {
    if !is_alone("blocking::it_is_refused_without_a_panic") {
        return;
    }
    let panics = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = panics.clone();
    std::panic::set_hook(Box::new(move |_| {
        counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    }));
    let engine = Engine::unix([on(LIST).respond(Response::text(200, "[]"))]);
    let docker = engine.docker(55);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async { is_refused(&docker) });
    let (task, blocking) = (docker.clone(), docker.clone());
    runtime.block_on(runtime.spawn(async move { is_refused(&task) })).expect("the task ends");
    let waiting = runtime.spawn_blocking(move || blocking.containers().list().wait());
    runtime.block_on(waiting).expect("the thread ends").expect("a list");
    assert_eq!(panics.load(std::sync::atomic::Ordering::SeqCst), 0);
}

#[test]
fn in_async_code_a_stream_gives_the_refusal_once() {
    let logs = "GET /v1.55/containers/web/logs?stdout=true&stderr=true";
    let engine = Engine::unix([on(logs).respond(output())]);
    let logs = engine.docker(55).container("web").logs().wait().expect("logs");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let mut logs = logs.into_iter();
        assert!(logs.next().expect("an error").is_err_and(|error| error.is_invalid()));
        assert!(logs.next().is_none());
    });
}

#[test]
fn a_stream_of_a_runtime_that_nothing_drives_reaches_its_limits() {
    let logs = "GET /v1.55/containers/web/logs?stdout=true&stderr=true";
    let head = "application/vnd.docker.multiplexed-stream";
    let engine = Engine::unix([on(logs).respond(Response::chunked(200, head).stall())]);
    let idle = longshore::Limits::new().idle(std::time::Duration::from_millis(100));
    let web = engine.docker(55).container("web");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut logs = runtime.block_on(web.logs().limits(idle).into_future()).expect("logs");
    let nothing = async { tokio::time::timeout(std::time::Duration::from_millis(1), logs.next()).await };
    assert!(runtime.block_on(nothing).is_err(), "nothing yet: its limit runs");
    let error = logs.into_iter().next().expect("an error").expect_err("nothing arrives");
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn threads_for_blocking_code_may_wait_and_share_the_client() {
    let list = || on(LIST).respond(Response::text(200, "[]"));
    let engine = Engine::unix([list(), list(), list()]);
    let docker = engine.docker(55);
    docker.containers().list().await.expect("a list");
    let blocking = docker.clone();
    tokio::task::spawn_blocking(move || blocking.containers().list().wait()).await.expect("no panic").expect("a list");
    docker.containers().list().await.expect("a list");
}

#[test]
fn the_api_version_is_negotiated_once() {
    let engine = Engine::unix([
        on("HEAD /_ping").respond(Response::ping("1.41")),
        on("GET /v1.41/containers/json").respond(Response::text(200, "[]")),
    ]);
    let docker = engine.negotiating();
    docker.containers().list().wait().expect("a list");
    assert_eq!(docker.api_version().wait().expect("a version"), Version::new(1, 41));
}
