//! Uploads that do not go as they should: refused, failing, of another length, slow.

use crate::support::peer::{Connection, Peer};
use crate::support::produce::{End, Produce, pieces};
use crate::support::{Engine, Response, on};
use longshore::{ErrorKind, Upload};
use std::error::Error as _;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const PIECE: usize = 64 << 10;
const ENDLESS: u64 = u64::MAX;
/// Longer than anything takes here, and shorter than anybody waits.
const LONG: Duration = Duration::from_secs(10);
const SHORT: Duration = Duration::from_millis(300);
const REFUSED: &str = r#"{"message":"container rootfs is marked read-only"}"#;

/// The ways in which an engine ends an upload with an error.
fn refusals() -> [(String, bool); 4] {
    let head = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n";
    let whole = format!("{head}Content-Length: {}\r\n", REFUSED.len());
    [
        (format!("{whole}\r\n{REFUSED}"), true),
        (format!("{whole}Connection: close\r\n\r\n{REFUSED}"), true),
        (format!("{head}Connection: close\r\n\r\n{REFUSED}"), true), // its end is that of the connection
        (format!("{whole}\r\n{REFUSED}"), false),                    // it neither reads on nor closes
    ]
}

/// Nobody asks for more of an upload that is over.
fn is_dropped(counter: &Arc<AtomicU64>) -> bool {
    Arc::strong_count(counter) == 1
}

#[tokio::test]
async fn one_that_is_refused_in_the_middle_ends_with_the_engines_answer() {
    for (answer, close) in refusals() {
        let kept = Mutex::new(Vec::new()); // the connections that are not closed
        let refuse = move |mut connection: Connection| {
            assert!(connection.head().starts_with("put /v1.41/containers/web/archive"));
            assert!(connection.skip(1 << 20));
            connection.send(&answer);
            if !close {
                kept.lock().expect("kept").push(connection);
            }
        };
        for peer in Peer::both(refuse) {
            let web = peer.docker().container("web");
            for length in [None, Some(ENDLESS)] {
                for _ in 0..25 {
                    let endless = pieces(ENDLESS, PIECE);
                    let counter = endless.counter();
                    let upload = Upload::stream(endless);
                    let upload = length.into_iter().fold(upload, Upload::length);
                    let call = web.put_archive("/", upload).into_future();
                    let refused = tokio::time::timeout(LONG, call).await.expect("it ends");
                    let error = refused.expect_err("it is refused");
                    assert!(error.is_invalid(), "{} {length:?} {close}: {error}", peer.host());
                    assert_eq!(error.message(), "container rootfs is marked read-only");
                    assert!(is_dropped(&counter), "the rest is not produced");
                }
            }
        }
    }
}

#[tokio::test]
async fn one_that_is_slow_ends_with_the_engines_answer_too() {
    let refuse = |mut connection: Connection| {
        connection.head();
        connection.send(&refusals()[0].0);
    };
    for peer in Peer::both(refuse) {
        let upload = Upload::stream(pieces(1, 10).then(End::Never)); // more would never come
        let call = peer.docker().container("web").put_archive("/", upload).into_future();
        let refused = tokio::time::timeout(LONG, call).await.expect("it ends");
        assert!(refused.expect_err("it is refused").is_invalid());
    }
}

#[tokio::test]
async fn one_that_the_engine_hangs_up_on_is_interrupted() {
    let hang_up = |mut connection: Connection| {
        connection.head();
        connection.skip(1 << 20);
    };
    for peer in Peer::both(hang_up) {
        let call = peer.docker().container("web").put_archive("/", Upload::stream(pieces(ENDLESS, PIECE)));
        let error = tokio::time::timeout(LONG, call.into_future()).await.expect("it ends").expect_err("no answer");
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        assert_eq!(
            error.to_string(),
            "PUT /containers/web/archive: the connection closed before the engine responded; \
             the engine may or may not have processed the request"
        );
    }
}

/// An engine that tells whether what it got came to its end.
fn listener() -> (Peer, std::sync::mpsc::Receiver<bool>) {
    let (tell, told) = channel();
    let tell = Mutex::new(tell);
    let peer = Peer::unix(move |mut connection: Connection| {
        let head = connection.head();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let is_whole = match length.map(|length| length.parse().expect("a length")) {
            Some(length) => connection.skip(length),
            None => connection.count().is_some(),
        };
        let _ = tell.lock().expect("the test").send(is_whole);
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    (peer, told)
}

async fn upload(upload: impl Into<Upload>) -> (longshore::Result<()>, bool) {
    let (peer, told) = listener();
    let call = peer.docker().container("web").put_archive("/", upload).into_future();
    let outcome = tokio::time::timeout(LONG, call).await.expect("it ends");
    let is_whole = told.recv_timeout(LONG).expect("the engine has seen its end");
    (outcome, is_whole)
}

#[tokio::test]
async fn one_whose_source_fails_is_not_whole() {
    // Of any kind: it is not the engine's connection that was reset.
    for kind in [io::ErrorKind::PermissionDenied, io::ErrorKind::ConnectionReset] {
        let failing = || pieces(3, 10).then(End::Error(io::Error::new(kind, "the disk is on fire")));
        for source in [Upload::stream(failing()), Upload::stream(failing()).length(100)] {
            let (outcome, is_whole) = upload(source).await;
            let error = outcome.expect_err("it failed");
            assert_eq!(error.kind(), ErrorKind::Upload);
            assert_eq!(error.to_string(), "PUT /containers/web/archive: the upload failed: the disk is on fire");
            assert!(!is_whole, "the engine must not take it for the whole");
            let mut cause = error.source().expect("a cause");
            while let Some(deeper) = cause.source() {
                cause = deeper;
            }
            assert_eq!(cause.to_string(), "the disk is on fire");
        }
    }
}

#[tokio::test]
async fn one_that_fails_after_the_answer_began_ends_that_too() {
    let peer = Peer::unix(|mut connection| {
        connection.head();
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        connection.send_chunk(b"so far so good");
        connection.rest();
    });
    let failing = pieces(2, 10).every(SHORT).then(End::Error(io::Error::other("the disk is on fire")));
    let call = peer.docker().raw("POST", ["load"]).upload("application/x-tar", Upload::stream(failing));
    let mut answer = call.await.expect("an answer").stream();
    assert_eq!(answer.next().await.expect("a piece").expect("a piece"), "so far so good");
    let error = answer.next().await.expect("an error").expect_err("an error");
    assert_eq!((error.kind(), error.message()), (ErrorKind::Upload, "the upload failed: the disk is on fire"));
    assert!(answer.next().await.is_none());
}

#[tokio::test]
async fn one_of_another_length_than_announced_is_not_whole() {
    let stream = |count| Upload::stream(pieces(count, 10));
    for (source, how) in [
        (stream(4).length(50), "shorter than the announced 50"),
        (stream(4).length(41), "shorter than the announced 41"),
        (stream(0).length(1), "shorter than the announced 1"),
        (stream(6).length(50), "longer than the announced 50"), // also where a piece ends just there
        (stream(6).length(55), "longer than the announced 55"),
        (stream(1).length(0), "longer than the announced 0"),
        (Upload::reader(&b"too long"[..]).length(3), "longer than the announced 3"),
    ] {
        let (outcome, is_whole) = upload(source).await;
        let error = outcome.expect_err(how);
        assert_eq!(error.kind(), ErrorKind::Upload);
        assert_eq!(error.message(), format!("the upload failed: the upload is {how} bytes"));
        assert!(!is_whole, "{how}: the engine must not take it for the whole");
    }
    let engine = Engine::unix([]);
    let call = engine.docker(41).container("web").put_archive("/", Upload::from(vec![0; 5]).length(6));
    let error = call.await.expect_err("it is known before");
    assert!(error.is_invalid(), "{error}");
    assert_eq!(error.message(), "the upload has 5 bytes, but 6 were announced");
    assert_eq!(engine.connections(), 0);
}

#[tokio::test]
async fn one_of_the_announced_length_is_whole() {
    let stream = |count, length| Upload::stream(pieces(count, length));
    for source in [
        stream(4, 10).length(40),
        stream(4, 10),
        stream(0, 0).length(0),
        stream(3, 0).length(0),
        stream(3, 0),
        Upload::reader(tokio::io::empty()),
        Upload::from(vec![1; 5]).length(5),
        Upload::from(Vec::new()),
        b"abc".as_slice().into(),
    ] {
        let (outcome, is_whole) = upload(source).await;
        outcome.expect("an answer");
        assert!(is_whole);
    }
}

#[tokio::test]
async fn a_slow_one_has_its_time_as_long_as_it_goes_on() {
    let (peer, told) = listener();
    let web = peer.impatient(SHORT).container("web");
    let slow = pieces(20, 10).every(SHORT / 8);
    web.put_archive("/", Upload::stream(slow)).await.expect("it takes longer than the limit, and goes on");
    assert!(told.recv().expect("told"));

    let stalled = pieces(5, 10).every(SHORT / 8).then(End::Never);
    let call = web.put_archive("/", Upload::stream(stalled)).into_future();
    let error = tokio::time::timeout(LONG, call).await.expect("it ends").expect_err("it does not go on");
    assert!(error.is_timeout(), "{error}");
    assert!(!told.recv().expect("told"));
}

#[tokio::test]
async fn an_answer_may_be_silent_as_long_as_the_upload_goes_on() {
    let peer = Peer::unix(|mut connection| {
        connection.head();
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        if connection.count().is_some() {
            connection.send_chunk(b"done");
            connection.send("0\r\n\r\n");
        }
    });
    let docker = peer.impatient(SHORT);
    let load = |source: Produce| docker.raw("POST", ["load"]).upload("application/x-tar", Upload::stream(source));
    let answer = load(pieces(20, 10).every(SHORT / 8)).await.expect("an answer");
    assert_eq!(answer.text().await.expect("its body"), "done");

    let answer = load(pieces(5, 10).every(SHORT / 8).then(End::Never)).await.expect("an answer");
    let error = tokio::time::timeout(LONG, answer.text()).await.expect("it ends").expect_err("it does not go on");
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn the_whole_call_is_bounded_all_the_same() {
    let (peer, _told) = listener();
    let limits = longshore::Limits::new().whole(SHORT);
    let endless = Upload::stream(pieces(ENDLESS, 10).every(SHORT / 10));
    let call = peer.docker().container("web").put_archive("/", endless).limits(limits).into_future();
    assert!(tokio::time::timeout(LONG, call).await.expect("it ends").expect_err("too long").is_timeout());
}

#[tokio::test]
async fn one_takes_a_new_connection_and_leaves_it_for_others() {
    let put = "PUT /v1.41/containers/web/archive?path=%2F";
    let engine = Engine::unix([
        on("POST /v1.41/containers/web/pause"),
        on(put).with_body(vec![0; 10]).respond(Response::status(200)),
        on("POST /v1.41/containers/web/unpause"),
    ]);
    let web = engine.docker(41).container("web");
    web.pause().await.expect("paused");
    web.put_archive("/", Upload::stream(pieces(1, 10))).await.expect("unpacked");
    web.unpause().await.expect("unpaused");
    assert_eq!(engine.connections(), 2, "a kept connection may be dead, and a stream is there but once");
}

#[tokio::test]
async fn dropping_the_call_drops_its_source_and_closes() {
    let (peer, told) = listener();
    let endless = pieces(ENDLESS, 10).every(SHORT / 10);
    let counter = endless.counter();
    let call = peer.docker().container("web").put_archive("/", Upload::stream(endless)).into_future();
    assert!(tokio::time::timeout(SHORT, call).await.is_err(), "it goes on");
    assert!(is_dropped(&counter) && counter.load(Ordering::SeqCst) > 0);
    assert!(!told.recv_timeout(LONG).expect("the engine hears of it"));
}
