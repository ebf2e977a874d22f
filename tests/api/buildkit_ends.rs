//! Builds by `BuildKit` that end: early, late, or by a limit.

#![cfg(feature = "buildkit")]

use crate::support::buildkit::{BuildEngine, finish};
use longshore::image::{Build, BuildOutput, BuildSecret};
use longshore::system::BuilderVersion;
use longshore::{Limits, Upload};
use std::future::IntoFuture;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::sync::oneshot::{Sender, channel};

const CANCEL: &str = "POST /v1.51/build/cancel?id=nightly ";
const SWITCHED: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

fn build(engine: &BuildEngine) -> Build {
    engine.docker(51).images().build("https://example.com/web.git").builder(BuilderVersion::BuildKit)
}

#[tokio::test]
async fn a_build_that_reaches_a_limit_is_cancelled() {
    let short = Duration::from_millis(300);
    for (limits, begins) in
        [(Limits::new().idle(short), true), (Limits::new().whole(short), true), (Limits::new().head(short), false)]
    {
        let mut engine = BuildEngine::start();
        let building = tokio::spawn(build(&engine).id("nightly").limits(limits).into_future());
        let _session = engine.session().await;
        let (_, mut stream) = engine.request("POST /v1.51/build?").await;
        if begins {
            stream.write_all(HEAD).await.expect("sent");
        }
        let error = building.await.expect("an end").expect_err("silence");
        assert!(error.is_timeout(), "{error}");
        engine.request(CANCEL).await;
    }
}

#[tokio::test]
async fn a_build_whose_connection_closes_is_cancelled() {
    let mut engine = BuildEngine::start();
    let building = tokio::spawn(build(&engine).id("nightly").into_future());
    let _session = engine.session().await;
    let (_, mut stream) = engine.request("POST /v1.51/build?").await;
    stream.write_all(HEAD).await.expect("sent");
    drop(stream); // such as by a proxy
    building.await.expect("an end").expect_err("it closed");
    engine.request(CANCEL).await;
}

#[tokio::test]
async fn an_engine_that_closes_the_session_and_is_silent_reaches_a_limit() {
    let mut engine = BuildEngine::start();
    let limits = Limits::new().idle(Duration::from_millis(300));
    let building = tokio::spawn(build(&engine).id("nightly").limits(limits).into_future());
    let session = engine.session().await;
    let (_, mut stream) = engine.request("POST /v1.51/build?").await;
    stream.write_all(HEAD).await.expect("sent");
    session.close();
    assert!(building.await.expect("an end").expect_err("silence").is_timeout());
    engine.request(CANCEL).await;
}

#[tokio::test]
async fn a_build_that_the_engine_ended_is_not_cancelled() {
    let mut engine = BuildEngine::start();
    let building = tokio::spawn(build(&engine).id("nightly").into_future());
    let _session = engine.session().await;
    let (_, stream) = engine.request("POST /v1.51/build?").await;
    finish(stream, "{\"error\":\"it failed\"}\r\n").await;
    building.await.expect("an end").expect_err("it failed");
    let docker = engine.docker(51);
    let next = tokio::spawn(async move { docker.ping().await });
    engine.request("HEAD /_ping ").await; // and no POST /build/cancel
    next.abort();
}

#[tokio::test]
async fn a_stream_dropped_outside_of_a_runtime_cancels_its_build() {
    let mut engine = BuildEngine::start();
    let building = tokio::spawn(build(&engine).id("nightly").stream());
    let _session = engine.session().await;
    let (_, mut stream) = engine.request("POST /v1.51/build?").await;
    stream.write_all(HEAD).await.expect("sent");
    let steps = building.await.expect("an end").expect("a stream");
    std::thread::spawn(move || drop(steps)).join().expect("dropped"); // as a blocking `for` loop does
    engine.request(CANCEL).await;
}

/// Forty records, each an empty message.
fn records(path: &str) -> Vec<Vec<u8>> {
    if path.ends_with("/Status") { vec![Vec::new(); 40] } else { vec![b"\x0a\x06\x0a\x01a\x12\x01b".to_vec()] }
}

#[tokio::test]
async fn a_slow_reader_gets_all_of_the_progress() {
    let mut engine = BuildEngine::start();
    let building = tokio::spawn(build(&engine).output(BuildOutput::nothing()).stream());
    let _session = engine.session().await;
    let (_, mut stream) = engine.request("POST /v1.51/grpc ").await;
    stream.write_all(SWITCHED).await.expect("sent");
    let mut told = BuildEngine::serve(stream, b"", records);
    let mut steps = building.await.expect("an end").expect("a stream");
    while !told.recv().await.expect("a call").0.ends_with("/Solve") {}
    steps.next().await.expect("a record").expect("a step");
    tokio::time::pause();
    tokio::time::sleep(Duration::from_secs(10)).await;
    let (mut records, mut results) = (1, 0);
    while let Some(step) = steps.next().await {
        let step = step.expect("a step");
        records += usize::from(step.build_status.is_some());
        results += usize::from(step.aux.is_some());
    }
    assert_eq!((records, results), (40, 1));
}

/// Reads nothing, and tells when it is dropped.
struct Pending(Option<Sender<()>>);

impl AsyncRead for Pending {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        Poll::Pending
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        let _ = self.0.take().expect("dropped once").send(());
    }
}

#[tokio::test]
async fn nothing_of_a_dropped_build_is_left() {
    let mut engine = BuildEngine::start();
    let (tell, dropped) = channel();
    let call = engine.docker(51).images().build(Upload::reader(Pending(Some(tell)))).output(BuildOutput::nothing());
    let building = tokio::spawn(call.into_future());
    let mut session = engine.session().await;
    let (_, _stream) = engine.request("POST /v1.51/grpc ").await;
    let _call = session.open("/moby.upload.v1.Upload/Pull", &[("urlpath", "/context")]).await;
    building.abort();
    tokio::time::timeout(Duration::from_secs(20), dropped).await.expect("it is dropped").expect("told");
}

#[tokio::test]
async fn the_limit_of_the_whole_call_begins_with_it() {
    let mut engine = BuildEngine::start();
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let limits = Limits::new().whole(Duration::from_millis(300));
    let call = build(&engine).secret(BuildSecret::file("token", &pipe)).limits(limits);
    let error = call.await.expect_err("nobody writes into the pipe");
    assert!(error.is_timeout() && error.message().contains("preparing the build"), "{error}");
    assert_eq!(error.call(), Some("POST /build"));
    drop(std::fs::OpenOptions::new().write(true).open(&pipe)); // ends the thread that reads it
    let docker = engine.docker(51);
    let next = tokio::spawn(async move { docker.ping().await });
    engine.request("HEAD /_ping ").await; // and nothing before
    next.abort();
}
