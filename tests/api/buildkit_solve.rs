//! Builds that only `BuildKit`'s own API knows: outputs, limits, and connections that end.

#![cfg(feature = "buildkit")]

use crate::support::buildkit::{BuildEngine, Session};
use longshore::image::{Build, BuildContext, BuildOutput, BuildResult};
use longshore::system::BuilderVersion;
use longshore::{Connect, Connecting, Docker, ErrorKind, Limits, Result, Version};
use prost::Message;
use std::collections::HashMap;
use std::fs;
use std::future::IntoFuture;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;

const SWITCHED: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

#[derive(Clone, PartialEq, Message)]
struct Solve {
    #[prost(map = "string, string", tag = "7")]
    attrs: HashMap<String, String>,
    #[prost(message, optional, tag = "8")]
    cache: Option<Cache>,
    #[prost(message, repeated, tag = "13")]
    exporters: Vec<Exporter>,
}

#[derive(Clone, PartialEq, Message)]
struct Cache {
    #[prost(message, repeated, tag = "4")]
    exports: Vec<Exporter>,
}

#[derive(Clone, PartialEq, Message)]
struct Exporter {
    #[prost(string, tag = "1")]
    kind: String,
    #[prost(map = "string, string", tag = "2")]
    attrs: HashMap<String, String>,
}

/// A message of the engine: a packet of files, or what it asks for.
#[derive(Clone, PartialEq, Message)]
struct Packet {
    #[prost(int32, tag = "1")]
    kind: i32,
    #[prost(message, optional, tag = "2")]
    stat: Option<Stat>,
    #[prost(uint32, tag = "3")]
    id: u32,
}

#[derive(Clone, PartialEq, Message)]
struct Stat {
    #[prost(string, tag = "1")]
    path: String,
    #[prost(uint32, tag = "2")]
    mode: u32,
}

fn build(engine: &BuildEngine, minor: u16) -> Build {
    let context = BuildContext::remote("https://example.com/web.git");
    engine.docker(minor).images().build(context).builder(BuilderVersion::BuildKit)
}

/// Begins a build, and waits for its session and its connection to `BuildKit`.
async fn begun(engine: &mut BuildEngine, call: Build) -> (JoinHandle<Result<BuildResult>>, Session, UnixStream) {
    let building = tokio::spawn(call.into_future());
    let session = engine.session().await;
    let (_, mut stream) = engine.request("POST /v1.51/grpc ").await;
    stream.write_all(SWITCHED).await.expect("sent");
    (building, session, stream)
}

/// What a build asks of `BuildKit`.
async fn asked(stream: UnixStream) -> Solve {
    let mut told = BuildEngine::serve_endlessly(stream);
    loop {
        let (path, message) = told.recv().await.expect("a call");
        if path.ends_with("/Solve") {
            return Solve::decode(message).expect("a request");
        }
    }
}

#[tokio::test]
async fn named_folders_are_apart_from_those_of_the_build() {
    let mut engine = BuildEngine::start();
    let folder = tempfile::tempdir().expect("a folder");
    let [main, docs, other] = ["main", "docs", "other"].map(|name| folder.path().join(name));
    for (path, file) in [(&main, "Dockerfile"), (&docs, "of-docs"), (&other, "of-other")] {
        fs::create_dir(path).expect("made");
        fs::write(path.join(file), "FROM scratch").expect("written");
    }
    let call = engine.docker(51).images().build(&main).named_context("context", docs.display().to_string());
    let call = call.named_context("dockerfile", &other).named_context("base", "docker-image://alpine");
    let (building, mut session, stream) = begun(&mut engine, call).await;
    let attrs = asked(stream).await.attrs;
    for (name, local) in
        [("context", "local:_context"), ("dockerfile", "local:_dockerfile"), ("base", "docker-image://alpine")]
    {
        assert_eq!(attrs[&format!("context:{name}")], local);
    }
    for (name, file) in
        [("context", "Dockerfile"), ("_context", "of-docs"), ("dockerfile", "Dockerfile"), ("_dockerfile", "of-other")]
    {
        let mut call = session.open("/moby.filesync.v1.FileSync/DiffCopy", &[("dir-name", name)]).await;
        let told = call.next::<Packet>().await.expect("a packet").stat.expect("a file");
        assert_eq!(told.path, file, "{name}");
    }
    building.abort();
}

#[tokio::test]
async fn an_inline_cache_is_exported_as_by_a_plain_request() {
    for (value, exports) in
        [("1", ["gha", "inline"].as_slice()), ("True", &["gha", "inline"]), ("0", &["gha"]), ("yes", &["gha"])]
    {
        let mut engine = BuildEngine::start();
        let call = build(&engine, 51).build_arg("BUILDKIT_INLINE_CACHE", value).cache_to("type=gha");
        let (building, _session, stream) = begun(&mut engine, call).await;
        let solve = asked(stream).await;
        assert_eq!(solve.attrs["build-arg:BUILDKIT_INLINE_CACHE"], value);
        let kinds = solve.cache.expect("caches").exports.into_iter().map(|export| export.kind);
        assert_eq!(kinds.collect::<Vec<_>>(), exports);
        building.abort();
    }
}

#[tokio::test]
async fn each_output_gets_its_own_files() {
    let mut engine = BuildEngine::start();
    let folder = tempfile::tempdir().expect("a folder");
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    let call = build(&engine, 51).tag("web:1").output(BuildOutput::folder(&first)).output(BuildOutput::nothing());
    let call = call.output(BuildOutput::folder(&second)).output(BuildOutput::oci(folder.path().join("oci")));
    let (building, mut session, stream) = begun(&mut engine, call).await;
    let solve = asked(stream).await;
    let exporters: Vec<_> = solve.exporters.iter().map(|exporter| (exporter.kind.as_str(), &exporter.attrs)).collect();
    let (none, name) = (HashMap::new(), HashMap::from([("name".to_owned(), "web:1".to_owned())]));
    assert_eq!(exporters, [("local", &none), ("local", &none), ("oci", &name)]);
    for (index, target) in [("0", &first), ("1", &second)] {
        let exporter = ("buildkit-attachable-exporter-id", index);
        let mut call = session.open("/moby.filesync.v1.FileSend/DiffCopy", &[exporter]).await;
        let stat = Some(Stat { path: index.to_owned(), mode: 1 << 31 | 0o755 });
        for packet in [Packet { stat, ..Packet::default() }, Packet::default()] {
            call.send(&packet).await;
        }
        assert_eq!(call.next::<Packet>().await.expect("a packet").kind, 3);
        call.send(&Packet { kind: 3, ..Packet::default() }).await;
        assert!(call.next::<Packet>().await.is_none());
        assert!(fs::metadata(target.join(index)).expect("a folder").is_dir());
    }
    // Which one is not said, or there is none.
    for exporter in [None, Some("x"), Some("7")] {
        let exporter: Vec<_> = exporter.map(|index| ("buildkit-attachable-exporter-id", index)).into_iter().collect();
        let mut call = session.open("/moby.filesync.v1.FileSend/DiffCopy", &exporter).await;
        assert!(call.next::<Packet>().await.is_none());
        assert_eq!(call.status().expect_err("none").0, 5, "{exporter:?}");
    }
    building.abort();
}

#[tokio::test]
async fn an_old_engine_would_lose_outputs_and_attestations() {
    for (minor, outputs) in
        [(44, ["/a", "/b"].map(BuildOutput::folder)), (44, [BuildOutput::folder("/a"), BuildOutput::image()])]
    {
        let mut engine = BuildEngine::start();
        let call = outputs.into_iter().fold(build(&engine, minor), Build::output);
        let building = tokio::spawn(call.into_future());
        let _session = engine.session().await;
        let error = building.await.expect("an end").expect_err("only one would be written");
        assert!(error.is_version() && error.message().contains("several outputs requires API 1.45"), "{error}");
    }
    let mut engine = BuildEngine::start();
    let building = tokio::spawn(build(&engine, 42).attestation("sbom", "").into_future());
    let _session = engine.session().await;
    let error = building.await.expect("an end").expect_err("it would be ignored");
    assert!(error.is_version() && error.message().contains("an attestation requires API 1.43"), "{error}");
    // One that exports nothing is none.
    let mut engine = BuildEngine::start();
    let call = build(&engine, 44).output(BuildOutput::folder("/a")).output(BuildOutput::nothing());
    let building = tokio::spawn(call.into_future());
    let _session = engine.session().await;
    engine.request("POST /v1.44/grpc ").await;
    building.abort();
}

#[tokio::test]
async fn limits_hold_while_buildkit_is_silent() {
    let short = Duration::from_secs(2);
    for (limits, why) in [
        (Limits::new().whole(short), "waiting for the end of the build"),
        (Limits::new().head(short).idle(Duration::MAX).whole(short * 2), "waiting for the end of the build"),
    ] {
        let mut engine = BuildEngine::start();
        let call = build(&engine, 51).output(BuildOutput::nothing()).limits(limits);
        let (building, _session, _silent) = begun(&mut engine, call).await;
        let ended = tokio::time::timeout(Duration::from_secs(20), building).await.expect("a limit").expect("an end");
        let error = ended.expect_err("silence");
        assert!(error.is_timeout() && error.message().contains(why), "{error}");
        assert_eq!(error.call(), Some("POST /grpc"));
    }
    // Nobody opens the session, or BuildKit's own API.
    for is_session in [true, false] {
        let mut engine = BuildEngine::start();
        let call = build(&engine, 51).output(BuildOutput::nothing()).limits(Limits::new().whole(short));
        let building = tokio::spawn(call.into_future());
        let _open =
            if is_session { (Some(engine.session().await), None) } else { (None, Some(engine.request("POST ").await)) };
        let ended = tokio::time::timeout(Duration::from_secs(20), building).await.expect("a limit").expect("an end");
        let error = ended.expect_err("silence");
        assert!(error.is_timeout(), "{error}");
        assert_eq!(error.call(), Some(if is_session { "POST /grpc" } else { "POST /session" }));
    }
}

#[tokio::test]
async fn progress_that_stops_reaches_the_idle_limit() {
    let mut engine = BuildEngine::start();
    let call = build(&engine, 51).output(BuildOutput::nothing()).limits(Limits::new().idle(Duration::from_secs(1)));
    let (building, _session, stream) = begun(&mut engine, call).await;
    let _told = BuildEngine::serve_endlessly(stream);
    let ended = tokio::time::timeout(Duration::from_secs(20), building).await.expect("a limit").expect("an end");
    let error = ended.expect_err("silence");
    assert!(error.is_timeout() && error.message().contains("more of the build's progress"), "{error}");
}

#[tokio::test]
async fn an_engine_that_dies_has_interrupted_the_build() {
    let mut engine = BuildEngine::start();
    let call = build(&engine, 51).output(BuildOutput::nothing());
    let (building, _session, mut stream) = begun(&mut engine, call).await;
    stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.expect("settings");
    let mut heard = Vec::new();
    while !heard.windows(13).any(|text| text == b"dockerfile.v0") {
        assert!(stream.read_buf(&mut heard).await.expect("read") > 0);
    }
    drop(stream);
    let error = building.await.expect("an end").expect_err("it died");
    assert_eq!((error.kind(), error.call()), (ErrorKind::Interrupted, Some("POST /grpc")), "{error}");
}

/// Connects twice, and then to nobody.
#[derive(Debug)]
struct Twice(PathBuf, AtomicUsize);

impl Connect for Twice {
    fn connect(&self) -> Connecting<'_> {
        Box::pin(async {
            if self.1.fetch_add(1, Ordering::SeqCst) >= 2 {
                std::future::pending::<()>().await;
            }
            Ok(Box::new(UnixStream::connect(&self.0).await?) as _)
        })
    }
}

#[tokio::test]
async fn connecting_without_the_engine_s_help_has_the_limit_of_the_call() {
    let mut engine = BuildEngine::start();
    let builder = Docker::builder().connector(Twice(engine.socket(), AtomicUsize::new(0))).registry_credentials(false);
    let docker = builder.api_version(Version::new(1, 51)).build().expect("a client");
    let context = BuildContext::remote("https://example.com/web.git");
    let call = docker.images().build(context).builder(BuilderVersion::BuildKit).output(BuildOutput::nothing());
    let building = tokio::spawn(call.limits(Limits::new().connect(Duration::from_millis(200))).into_future());
    let _session = engine.session().await;
    let (_, mut stream) = engine.request("POST /v1.51/grpc ").await;
    let begun = Instant::now();
    stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").await.expect("sent");
    let error = building.await.expect("an end").expect_err("no connection");
    assert!(error.is_timeout() && begun.elapsed() < Duration::from_secs(5), "{error} after {:?}", begun.elapsed());
}
