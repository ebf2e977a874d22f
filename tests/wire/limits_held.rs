//! Limits that hold where others are slow: in line for a negotiation, after an upgrade, while the engine floods.

use crate::support::peer::{Connection, Peer};
use crate::support::{Engine, Response, on};
use longshore::{Docker, ErrorKind, Limits, Version};
use std::future::IntoFuture;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

const SHORT: Duration = Duration::from_millis(100);

fn client(peer: &Peer, limits: Limits) -> Docker {
    Docker::builder().host(peer.host()).api_version(Version::new(1, 42)).limits(limits).build().expect("a client")
}

/// Answers with this head, and then sends this for as long as the client takes it.
fn flood(head: &'static str, with: Vec<u8>) -> impl Fn(Connection) + Send + Sync {
    move |mut connection| {
        connection.head();
        let _ = connection.send(head);
        while connection.send(&with) {}
    }
}

/// The clock is the test's own: it goes on only while everything waits.
#[tokio::test(start_paused = true)]
async fn calls_that_wait_for_one_negotiation_end_within_their_own_limits() {
    let peer = Peer::unix(|mut connection| drop(connection.rest()));
    let limits = Limits::new().connect(Duration::from_secs(60)).head(Duration::from_secs(1));
    let docker = Docker::builder().host(peer.host()).limits(limits).build().expect("a client");
    let begun = tokio::time::Instant::now();
    let calls: Vec<_> = (0..8).map(|_| tokio::spawn(docker.info().into_future())).collect();
    for call in calls {
        assert!(call.await.expect("a task").expect_err("no answer").is_timeout());
    }
    assert!(begun.elapsed() < Duration::from_secs(2), "one after the other: {:?}", begun.elapsed());
}

#[tokio::test]
async fn an_error_whose_body_stalls_ends_calls_that_have_no_limit() {
    let stalled = || Response::chunked(404, "text/plain").chunk("No such container").stall();
    let engine = Engine::unix([
        on("POST /v1.41/containers/web/wait").respond(stalled()),
        on("GET /v1.41/events").respond(stalled()),
    ]);
    let docker = engine.impatient(41);
    for error in [docker.container("web").wait().await.expect_err("absent"), docker.events().await.expect_err("absent")]
    {
        assert!(error.is_not_found() && error.message() == "No such container", "{error}");
    }
}

#[tokio::test]
async fn the_idle_limit_holds_after_an_upgrade() {
    let head = "Content-Type: application/vnd.docker.raw-stream\r\n";
    let engine = Engine::unix([on("POST /v1.42/containers/web/attach?stream=true&stdout=true&stderr=true")
        .respond(Response::switching(head).stall())]);
    let call = engine.docker(42).container("web").attach().limits(Limits::new().idle(SHORT));
    let mut attached = call.await.expect("attached");
    let error = attached.next().await.expect("an error").expect_err("silence");
    assert!(error.is_timeout(), "{error}");
}

/// An HTTP/2 connection flushes whenever it has read nothing.
#[tokio::test]
async fn a_flush_that_has_nothing_to_do_does_not_extend_the_idle_limit() {
    let head = "Content-Type: application/vnd.docker.raw-stream\r\n";
    let engine = Engine::unix([on("POST /v1.42/containers/web/attach?stream=true&stdout=true&stderr=true&stdin=true")
        .respond(Response::switching(head).stall())]);
    let call = engine.docker(42).container("web").attach().stdin(true).limits(Limits::new().idle(SHORT));
    let (mut input, mut output) = call.await.expect("attached").split();
    let flushes = async {
        while input.flush().await.is_ok() {
            tokio::time::sleep(SHORT / 4).await;
        }
    };
    let item = tokio::select! {
        item = output.next() => item,
        () = flushes => None,
    };
    assert!(item.expect("an error").expect_err("silence").is_timeout());
}

#[tokio::test]
async fn the_whole_limit_holds_after_an_upgrade_that_floods() {
    let head = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\
                Content-Type: application/vnd.docker.raw-stream\r\n\r\n";
    let peer = Peer::unix(flood(head, vec![b'x'; 4096]));
    let docker = client(&peer, Limits::new());
    let call = docker.container("web").attach().limits(Limits::new().whole(SHORT));
    let mut attached = call.await.expect("attached");
    let error = loop {
        if let Err(error) = attached.next().await.expect("no end but the limit") {
            break error;
        }
    };
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn the_whole_limit_holds_for_who_reads_slower_than_the_engine_writes() {
    let chunk = [b"1000\r\n".as_slice(), &[b'x'; 4096], b"\r\n"].concat();
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-tar\r\n\r\n";
    let peer = Peer::unix(flood(head, chunk));
    let docker = client(&peer, Limits::new());
    let call = docker.container("web").export().limits(Limits::new().whole(SHORT));
    let mut tar = call.await.expect("an archive");
    let error = loop {
        tokio::time::sleep(Duration::from_millis(1)).await;
        if let Err(error) = tar.next().await.expect("no end but the limit") {
            break error;
        }
    };
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn connections_are_no_more_than_allowed() {
    let engine = Engine::unix((0..16).map(|_| on("HEAD /_ping").respond(Response::ping("1.42"))));
    let docker = engine.builder().api_version(Version::new(1, 42)).max_connections(2).build().expect("a client");
    let calls: Vec<_> = (0..16).map(|_| tokio::spawn(docker.ping().into_future())).collect();
    for call in calls {
        call.await.expect("a task").expect("a ping");
    }
    assert!(engine.connections() <= 2, "{}", engine.connections());
}

#[tokio::test]
async fn a_version_that_a_replaced_engine_lacks_is_negotiated_again() {
    let refusal = "client version 1.45 is too new. Maximum supported API version is 1.41";
    let engine = Engine::unix([
        on("HEAD /_ping").respond(Response::ping("1.45")),
        on("POST /v1.45/containers/web/start"),
        on("POST /v1.45/containers/web/start").respond(Response::error(400, refusal)),
        on("HEAD /_ping").respond(Response::ping("1.41")),
        on("POST /v1.41/containers/web/start"),
    ]);
    let web = engine.negotiating().container("web");
    web.start().await.expect("started");
    web.start().await.expect("started, in the older version");
}

#[tokio::test]
async fn output_is_read_as_the_engine_frames_it_that_an_engine_was_replaced_by() {
    let refusal = "client version 1.45 is too new. Maximum supported API version is 1.41";
    let logs = |minor| format!("GET /v1.{minor}/containers/web/logs?stdout=true&stderr=true");
    let old = || Response::body(200, "application/vnd.docker.raw-stream", b"\x01\0\0\0\0\0\0\x04one\n");
    let engine = Engine::unix([
        on("HEAD /_ping").respond(Response::ping("1.45")),
        on(logs(45)).respond(Response::error(400, refusal)),
        on("HEAD /_ping").respond(Response::ping("1.41")),
        on(logs(41)).respond(old()),
        on("GET /v1.41/containers/web/json").respond(Response::text(200, r#"{"Config":{"Tty":false}}"#)),
        on(logs(41)).respond(old()),
    ]);
    let mut logs = engine.negotiating().container("web").logs().await.expect("logs");
    let chunk = logs.next().await.expect("a chunk").expect("output");
    assert_eq!(chunk.bytes, "one\n");
    assert!(logs.next().await.is_none());
}

#[tokio::test]
async fn a_switch_of_protocols_that_nobody_asked_for_is_an_error() {
    let engine =
        Engine::unix([on("GET /v1.42/containers/web/json").respond(Response::switching("Upgrade: tcp\r\n").close())]);
    let error = engine.docker(42).container("web").inspect().await.expect_err("no value");
    assert_ne!(error.kind(), ErrorKind::Status, "{error}");
    assert!(!error.is_timeout(), "{error}");
}
