//! Builds by BuildKit: the exact requests, what the session serves, and what engines say of a build.

#![cfg(feature = "buildkit")]

use crate::support::buildkit::{BuildEngine, Call, Session, finish};
use longshore::container::Ulimit;
use longshore::image::{Build, BuildCache, BuildContext, BuildOutput, BuildResult, BuildSecret};
use longshore::system::BuilderVersion;
use longshore::{Credentials, Docker, ErrorKind, Limits, Result};
use prost::Message;
use std::collections::HashMap;
use std::fs;
use std::future::IntoFuture;
use std::os::unix::fs::symlink;
use std::time::Duration;
use tokio::net::UnixStream;
use tokio::task::JoinHandle;

const DONE: &str = "{\"id\":\"moby.image.id\",\"aux\":{\"ID\":\"sha256:aa\"}}\r\n";
const SYNC: &str = "/moby.filesync.v1.FileSync/DiffCopy";
const SEND: &str = "/moby.filesync.v1.FileSend/DiffCopy";

#[derive(Clone, PartialEq, Message)]
struct Packet {
    #[prost(int32, tag = "1")]
    kind: i32,
    #[prost(message, optional, tag = "2")]
    stat: Option<Stat>,
    #[prost(uint32, tag = "3")]
    id: u32,
    #[prost(bytes = "vec", tag = "4")]
    data: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct Stat {
    #[prost(string, tag = "1")]
    path: String,
    #[prost(uint32, tag = "2")]
    mode: u32,
    #[prost(int64, tag = "5")]
    size: i64,
    #[prost(string, tag = "7")]
    link_name: String,
    /// One that a newer engine may have.
    #[prost(string, tag = "99")]
    unknown: String,
}

#[derive(Clone, PartialEq, Message)]
struct Text {
    #[prost(string, tag = "1")]
    one: String,
    #[prost(string, tag = "2")]
    two: String,
}

fn text(one: &str) -> Vec<u8> {
    Text { one: one.to_owned(), two: String::new() }.encode_to_vec()
}

/// Each has a session besides: builds that wait for each other's connections would never end.
#[tokio::test]
async fn one_connection_is_enough_for_a_build() {
    let mut engine = BuildEngine::start();
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("Dockerfile"), "FROM scratch").expect("written");
    let builder = Docker::builder().host(format!("unix://{}", engine.socket().display())).registry_credentials(false);
    let docker = builder.api_version("1.51").max_connections(1).build().expect("a client");
    let call = docker.images().build(folder.path()).builder(BuilderVersion::BuildKit);
    let (building, _session, _, stream) = begun(&mut engine, call).await;
    let error = docker.ping().limits(Limits::new().connect(Duration::from_millis(20))).await.expect_err("it is in use");
    assert!(
        error.to_string().contains("a free connection") && error.to_string().contains("max_connections"),
        "{error}"
    );
    finish(stream, DONE).await;
    assert_eq!(building.await.expect("an end").expect("built").id, "sha256:aa");
}

fn build(engine: &BuildEngine, context: impl Into<BuildContext>) -> Build {
    engine.docker(51).images().build(context).builder(BuilderVersion::BuildKit)
}

/// Begins a build, and waits for its session and its request.
async fn begun(
    engine: &mut BuildEngine,
    call: Build,
) -> (JoinHandle<Result<BuildResult>>, Session, String, UnixStream) {
    let building = tokio::spawn(call.into_future());
    let session = engine.session().await;
    let (head, stream) = engine.request("POST /v1.51/build?").await;
    (building, session, head, stream)
}

#[tokio::test]
async fn a_session_and_a_build_are_opened_that_know_each_other() {
    let mut engine = BuildEngine::start();
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("Dockerfile"), "FROM scratch").expect("written");
    let call =
        build(&engine, folder.path()).tag("web:1").id("nightly").output(BuildOutput::image().attribute("a", "b"));
    let (building, session, head, stream) = begun(&mut engine, call).await;
    let header = |name: &str| {
        let line = session.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("{name}: {}", session.head)).to_owned()
    };
    let id = header("x-docker-expose-session-uuid");
    assert!(id.len() == 32 && header("x-docker-expose-session-sharedkey").len() == 64);
    assert!(session.head.contains("upgrade: h2c\r\n") && session.head.contains(&format!("-grpc-method: {SYNC}\r\n")));
    let asked = format!(
        "POST /v1.51/build?version=2&t=web%3A1&remote=client-session&dockerfile=Dockerfile&outputs=\
         %5B%7B%22Attrs%22%3A%7B%22a%22%3A%22b%22%7D%2C%22Type%22%3A%22moby%22%7D%5D&session={id}&buildid=nightly HTTP/1.1\r\n"
    );
    assert!(head.starts_with(&asked), "{head}");
    assert!(!head.contains("x-registry-config"), "{head}");
    finish(stream, DONE).await;
    assert_eq!(building.await.expect("an end").expect("built").id, "sha256:aa");
}

#[tokio::test]
async fn every_call_is_answered() {
    let mut engine = BuildEngine::start();
    let call = build(&engine, BuildContext::remote("https://example.com/web.git"))
        .secret(BuildSecret::value("token", "hunter2"))
        .credentials("r:5000", Credentials::password("u", "p"))
        .credentials("https://registry.example.com", Credentials::password("v", "q"))
        .credentials("tokens", Credentials::registry_token("hunter2"))
        .credentials("docker.io", Credentials::identity_token("t"));
    let (building, mut session, head, stream) = begun(&mut engine, call).await;
    assert!(head.contains("remote=https%3A%2F%2Fexample.com%2Fweb.git"), "{head}");
    assert_eq!(*session.call("/grpc.health.v1.Health/Check", b"").await.expect("health"), [8, 1]);
    let secret = "/moby.buildkit.secrets.v1.Secrets/GetSecret";
    assert_eq!(session.call(secret, &text("token")).await.expect("a secret"), text("hunter2"));
    assert_eq!(session.call(secret, &text("HTTP_AUTH_HEADER_example.com")).await.expect_err("none").0, 5);
    let credentials = async |session: &mut Session, host: &str| {
        let answer = session.call("/moby.filesync.v1.Auth/Credentials", &text(host)).await.expect("an answer");
        let answer = Text::decode(answer).expect("credentials");
        (answer.one, answer.two)
    };
    let pair = |one: &str, two: &str| (one.to_owned(), two.to_owned());
    assert_eq!(credentials(&mut session, "r:5000").await, pair("u", "p"));
    assert_eq!(credentials(&mut session, "registry-1.docker.io").await, pair("", "t"));
    assert_eq!(credentials(&mut session, "registry.example.com").await, pair("v", "q"));
    assert_eq!(credentials(&mut session, "other").await, pair("", ""));
    let (_, refused) = session.call("/moby.filesync.v1.Auth/Credentials", &text("tokens")).await.expect_err("a token");
    assert!(refused.contains("registry token") && !refused.contains("hunter2"), "{refused}");
    for unknown in
        ["/moby.filesync.v1.Auth/GetTokenAuthority", "/moby.sshforward.v1.SSH/CheckAgent", "/new.Service/Call"]
    {
        assert_eq!(session.call(unknown, b"").await.expect_err("it is not served").0, 12, "{unknown}");
    }
    for (path, name) in [(SYNC, "context"), (SEND, "")] {
        let mut call = session.open(path, &[("dir-name", name)]).await;
        assert!(call.next::<Packet>().await.is_none());
        assert_eq!(call.status().expect_err("there is none").0, 5);
    }
    finish(stream, DONE).await;
    building.await.expect("an end").expect("built");
}

#[tokio::test]
async fn files_are_told_of_in_order_and_sent_when_asked_for() {
    let mut engine = BuildEngine::start();
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::create_dir_all(path("a/x y")).expect("made");
    for (name, content) in [
        ("Dockerfile", "FROM scratch".to_owned()),
        ("a/x y/z", "z".repeat(70_000)),
        ("a-b", String::new()),
        ("no", String::new()),
    ] {
        fs::write(path(name), content).expect("written");
    }
    symlink("a-b", path("link")).expect("a link");
    fs::hard_link(path("a/x y/z"), path("z")).expect("a hard link");
    let call = build(&engine, folder.path());
    let (building, mut session, _, stream) = begun(&mut engine, call).await;
    let excluded = [
        ("dir-name", "context"),
        ("exclude-patterns", "n%6F"),
        ("exclude-patterns", "Docker%2A"),
        ("exclude-patterns-encoded", "1"),
    ];
    let mut call = session.open(SYNC, &excluded).await;
    let mut told = Vec::new();
    while let Some(stat) = call.next::<Packet>().await.expect("a packet").stat {
        told.push((stat.path, stat.mode >> 20, stat.size, stat.link_name));
    }
    let entry = |path: &str, kind: u32, size: i64, link: &str| (path.to_owned(), kind, size, link.to_owned());
    let (directory, link) = (1 << 11, 1 << 7);
    assert_eq!(
        told,
        [
            entry("a", directory, told[0].2, ""),
            entry("a/x y", directory, told[1].2, ""),
            entry("a/x y/z", 0, 70_000, ""),
            entry("a-b", 0, 0, ""),
            entry("link", link, 3, "a-b"),
            entry("z", 0, 0, "a/x y/z"),
        ]
    );
    call.send(&Packet { kind: 1, id: 2, ..Packet::default() }).await;
    let mut lengths = Vec::new();
    loop {
        let packet = call.next::<Packet>().await.expect("a packet");
        assert_eq!((packet.kind, packet.id), (2, 2));
        lengths.push(packet.data.len());
        if packet.data.is_empty() {
            break;
        }
    }
    assert_eq!(lengths, [32 << 10, 32 << 10, 70_000 - (64 << 10), 0]);
    call.send(&Packet { kind: 3, ..Packet::default() }).await;
    assert_eq!(call.next::<Packet>().await.expect("a packet").kind, 3);
    assert!(call.next::<Packet>().await.is_none());
    call.status().expect("sent");

    // Files whose length has changed since it was told.
    let mut call = session.open(SYNC, &excluded).await;
    while call.next::<Packet>().await.expect("a packet").stat.is_some() {}
    fs::write(path("a-b"), "grown").expect("written");
    fs::write(path("a/x y/z"), "shrunk").expect("written");
    for (id, content) in [(3, "grown"), (2, "shrunk")] {
        call.send(&Packet { kind: 1, id, ..Packet::default() }).await;
        for expected in [content, ""] {
            let packet = call.next::<Packet>().await.expect("a packet");
            assert_eq!((packet.kind, packet.id, packet.data.as_slice()), (2, id, expected.as_bytes()));
        }
    }
    drop(call);

    // What there is not, and what is no longer.
    let mut call = session.open(SYNC, &excluded).await;
    while call.next::<Packet>().await.expect("a packet").stat.is_some() {}
    fs::remove_file(path("a-b")).expect("removed");
    call.send(&Packet { kind: 1, id: 3, ..Packet::default() }).await;
    let packet = call.next::<Packet>().await.expect("a packet");
    assert!(packet.kind == 4 && String::from_utf8_lossy(&packet.data).contains("cannot read"), "{packet:?}");
    let mut call = session.open(SYNC, &excluded).await;
    while call.next::<Packet>().await.expect("a packet").stat.is_some() {}
    call.send(&Packet { kind: 1, id: 99, ..Packet::default() }).await;
    assert!(call.next::<Packet>().await.is_none() && call.status().expect_err("no such file").1.contains("file 99"));
    finish(stream, DONE).await;
    building.await.expect("an end").expect("built");
}

#[tokio::test]
async fn a_pipe_is_told_of_and_a_socket_is_left_out() {
    let mut engine = BuildEngine::start();
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("Dockerfile"), "FROM scratch").expect("written");
    let pipe = std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status().expect("mkfifo");
    assert!(pipe.success());
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).expect("a socket");
    let call = build(&engine, folder.path());
    let (building, mut session, _, stream) = begun(&mut engine, call).await;
    let mut call = session.open(SYNC, &[("dir-name", "context"), ("followpaths", "pipe")]).await;
    let told = call.next::<Packet>().await.expect("a packet").stat.expect("a pipe");
    assert_eq!((told.path.as_str(), told.mode >> 20), ("pipe", 1 << 5));
    call.send(&Packet { kind: 1, id: 0, ..Packet::default() }).await; // would wait for a writer
    while call.next::<Packet>().await.is_some() {}
    assert!(call.status().expect_err("it has no content").1.contains("file 0"));

    let mut call = session.open(SYNC, &[("dir-name", "context")]).await;
    let mut told = Vec::new();
    while let Some(stat) = call.next::<Packet>().await.expect("a packet").stat {
        told.push(stat.path);
    }
    assert!(told.iter().any(|path| path == "pipe") && !told.iter().any(|path| path == "socket"), "{told:?}");
    call.send(&Packet { kind: 3, ..Packet::default() }).await;
    while call.next::<Packet>().await.is_some() {}
    finish(stream, DONE).await;
    building.await.expect("an end").expect("built");
}

fn stat(path: &str, mode: u32, link: &str) -> Packet {
    let (path, link_name) = (path.to_owned(), link.to_owned());
    Packet { stat: Some(Stat { path, mode, link_name, ..Stat::default() }), ..Packet::default() }
}

const DIRECTORY: u32 = 1 << 31 | 0o755;
const SYMLINK: u32 = 1 << 27 | 0o777;

/// Tells of files, and gives the first error that is said of them.
async fn refused(mut call: Call, packets: &[Packet]) -> String {
    for packet in packets {
        call.send(packet).await;
    }
    call.send(&Packet::default()).await;
    loop {
        match call.next::<Packet>().await {
            Some(packet) if packet.kind == 4 => return String::from_utf8(packet.data).expect("text"),
            Some(packet) if packet.kind == 1 => {
                call.send(&Packet { kind: 2, id: packet.id, data: b"written".to_vec(), ..Packet::default() }).await;
                call.send(&Packet { kind: 2, id: packet.id, ..Packet::default() }).await;
            }
            Some(_) => call.send(&Packet { kind: 3, ..Packet::default() }).await,
            None => return call.status().map_or_else(|(_, why)| why, |()| "taken".to_owned()),
        }
    }
}

#[tokio::test]
async fn nothing_is_exported_outside_of_the_folder() {
    let mut engine = BuildEngine::start();
    let outside = tempfile::tempdir().expect("a folder");
    let target = outside.path().join("target");
    let call = build(&engine, BuildContext::remote("https://example.com/web.git")).output(BuildOutput::folder(&target));
    let (building, mut session, _, stream) = begun(&mut engine, call).await;
    for (packets, why) in [
        (vec![stat("../x", 0o644, "")], "outside of the folder"),
        (vec![stat("/x", 0o644, "")], "outside of the folder"),
        (vec![stat("", DIRECTORY, "")], "outside of the folder"),
        (vec![stat("a", DIRECTORY, ""), stat("a/../../x", 0o644, "")], "outside of the folder"),
        (vec![stat("a/b", 0o644, "")], "outside of the folder"),
        (vec![stat("out", SYMLINK, ".."), stat("out/x", 0o644, "")], "outside of the folder"),
        (vec![stat("x", 0o644, ""), stat("x", SYMLINK, "../x")], "twice"),
        (vec![stat("x", 0o644, "../Dockerfile")], "outside of the folder"),
        (vec![stat("x", 0o644, "not-there")], "a link to not-there"),
        (vec![stat("x", 1 << 26 | 0o644, "")], "a device"),
    ] {
        let call = session.open(SEND, &[]).await;
        let said = refused(call, &packets).await;
        assert!(said.contains(why), "{said}: {packets:?}");
        let left: Vec<_> =
            fs::read_dir(outside.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
        assert_eq!(left, ["target"], "{packets:?}");
    }
    let call = session.open(SEND, &[]).await;
    let early = Packet { kind: 3, ..Packet::default() };
    assert!(refused(call, &[stat("y", 0o644, ""), early]).await.contains("ended the export early"));
    fs::remove_file(target.join("y")).expect("it was begun");
    // What was there leads nowhere.
    symlink(outside.path(), target.join("inside")).expect("a link");
    let call = session.open(SEND, &[]).await;
    let packets = [stat("inside", DIRECTORY, ""), stat("inside/x", 0o640, ""), stat("link", SYMLINK, "../anywhere")];
    assert_eq!(refused(call, &packets).await, "taken");
    assert_eq!(fs::read_to_string(target.join("inside/x")).expect("a file"), "written");
    assert!(!outside.path().join("x").exists());

    // One that ends early leaves no archive.
    finish(stream, DONE).await;
    building.await.expect("an end").expect("built");
    let archive = outside.path().join("archive.tar");
    let call = build(&engine, BuildContext::remote("https://example.com/web.git")).output(BuildOutput::tar(&archive));
    let (building, mut session, _, stream) = begun(&mut engine, call).await;
    let mut call = session.open(SEND, &[]).await;
    call.send(&Packet { kind: 0, ..Packet::default() }).await;
    session.close();
    drop(call);
    finish(stream, "{\"error\":\"it is over\"}\r\n").await;
    assert!(building.await.expect("an end").is_err());
    while fs::read_dir(outside.path()).expect("a folder").count() > 1 {
        tokio::task::yield_now().await;
    }
}

/// The next packet, which requests a file.
async fn asked(call: &mut Call) -> u32 {
    let packet = call.next::<Packet>().await.expect("a packet");
    assert_eq!(packet.kind, 1, "{packet:?}");
    packet.id
}

#[tokio::test]
async fn an_export_asks_for_few_files_at_the_same_time() {
    const COUNT: u32 = 200;
    let mut engine = BuildEngine::start();
    let target = tempfile::tempdir().expect("a folder");
    let call = build(&engine, BuildContext::remote("https://example.com/web.git"));
    let (building, mut session, _, stream) = begun(&mut engine, call.output(BuildOutput::folder(target.path()))).await;
    let mut call = session.open(SEND, &[]).await;
    // Engines stop reading while too many files are asked for, and say what they have first.
    for id in 0..COUNT {
        call.send(&stat(&format!("{id:03}"), 0o644, "")).await;
    }
    call.send(&Packet::default()).await;
    for id in 0..64 {
        assert_eq!(asked(&mut call).await, id);
    }
    tokio::time::timeout(Duration::from_millis(100), asked(&mut call)).await.expect_err("enough for now");
    for id in 0..COUNT {
        call.send(&Packet { kind: 2, id, data: vec![b'x'; 5], ..Packet::default() }).await;
        call.send(&Packet { kind: 2, id, ..Packet::default() }).await;
        if id + 64 < COUNT {
            assert_eq!(asked(&mut call).await, id + 64);
        }
    }
    assert_eq!(call.next::<Packet>().await.expect("a packet").kind, 3);
    call.send(&Packet { kind: 3, ..Packet::default() }).await;
    assert!(call.next::<Packet>().await.is_none());
    call.status().expect("taken");
    assert_eq!(fs::read_to_string(target.path().join("199")).expect("a file"), "xxxxx");
    finish(stream, DONE).await;
    building.await.expect("an end").expect("built");
}

#[tokio::test]
async fn an_archive_of_an_image_has_its_names() {
    for (output, attrs) in [
        (BuildOutput::docker("/x"), "%7B%22name%22%3A%22web%3A1%2Cweb%3A2%22%7D"),
        (BuildOutput::oci("/x"), "%7B%22name%22%3A%22web%3A1%2Cweb%3A2%22%7D"),
        (BuildOutput::oci("/x").attribute("name", "own"), "%7B%22name%22%3A%22own%22%7D"),
        (BuildOutput::tar("/x"), "%7B%7D"),
    ] {
        let mut engine = BuildEngine::start();
        let call = build(&engine, BuildContext::remote("https://example.com/web.git")).tag("web:1").tag("web:2");
        let (building, _session, head, stream) = begun(&mut engine, call.output(output)).await;
        assert!(head.contains(&format!("outputs=%5B%7B%22Attrs%22%3A{attrs}%2C%22Type%22")), "{head}");
        finish(stream, DONE).await;
        building.await.expect("an end").expect("built");
    }
}

#[tokio::test]
async fn the_password_of_a_url_is_in_no_error() {
    use tokio::io::AsyncWriteExt;
    let url = "https://me:hunter2@example.com/web.git";
    let mut engine = BuildEngine::start();
    let call = build(&engine, url);
    let (building, _session, _, stream) = begun(&mut engine, call).await;
    finish(stream, &format!("{{\"error\":\"cannot fetch {url}\"}}\r\n")).await;
    let error = building.await.expect("an end").expect_err("no such repository");
    assert_eq!(error.message(), "cannot fetch https://…@example.com/web.git");
    let call = build(&engine, "https://example.com/web.git").named_context("docs", url);
    let building = tokio::spawn(call.into_future());
    let _session = engine.session().await;
    let (_, mut stream) = engine.request("POST /v1.51/grpc ").await;
    let body = format!("{{\"message\":\"cannot fetch {url}\"}}");
    let head = format!("HTTP/1.1 500 Internal Server Error\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).await.expect("sent");
    let error = building.await.expect("an end").expect_err("no such repository");
    assert_eq!(error.message(), "cannot fetch https://…@example.com/web.git");
}

#[tokio::test]
async fn what_engines_say_of_a_build_is_read() {
    let say = async |body: &str| {
        let mut engine = BuildEngine::start();
        let secret = tempfile::NamedTempFile::new().expect("a file");
        fs::write(secret.path(), b"hunter2\xff").expect("written");
        let call = build(&engine, "https://example.com/web.git").secret(BuildSecret::file("token", secret.path()));
        let (building, _session, _, stream) = begun(&mut engine, call).await;
        finish(stream, body).await;
        building.await.expect("an end")
    };
    // A vertex with the digest "d", the name "n" and the error "cache not found".
    let vertex = r#"{"id":"moby.buildkit.trace","aux":"ChcKAWQaAW46D2NhY2hlIG5vdCBmb3VuZA=="}"#;
    assert_eq!(say(&format!("{vertex}\r\n{DONE}")).await.expect("it is no failure").id, "sha256:aa");
    let failed = say(&format!("{vertex}\r\n{{\"errorDetail\":{{\"message\":\"exit code: 9\"}}}}\r\n"))
        .await
        .expect_err("it failed");
    assert_eq!((failed.kind(), failed.message()), (ErrorKind::Stream, "the step \"n\" failed: exit code: 9"));
    assert_eq!(failed.call(), Some("POST /build"));
    // The vertex "import" with the error "cache not found", then "run" with "exit code: 9".
    let both = r#"{"id":"moby.buildkit.trace","aux":"ChwKAWQaBmltcG9ydDoPY2FjaGUgbm90IGZvdW5kChYKAWUaA3J1bjoMZXhpdCBjb2RlOiA5"}"#;
    let failed =
        say(&format!("{both}\r\n{{\"error\":\"failed to solve: exit code: 9\"}}\r\n")).await.expect_err("it failed");
    assert_eq!(failed.message(), "the step \"run\" failed: failed to solve: exit code: 9");
    let failed = say("{\"error\":\"it said hunter2\\ufffdhunter2\"}\r\n").await.expect_err("it failed");
    assert_eq!(failed.message(), "it said …\u{fffd}…", "no step has failed");
    for unreadable in ["!", "CgE=", "////////"] {
        let error = say(&format!("{{\"id\":\"moby.buildkit.trace\",\"aux\":{unreadable:?}}}\r\n{DONE}"))
            .await
            .expect_err(unreadable);
        assert_eq!(error.call(), Some("POST /build"));
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    }
    assert_eq!(say("").await.expect_err("no image").kind(), ErrorKind::Decode);

    // There is nothing after an error, and the build is cancelled that cannot be followed.
    let mut engine = BuildEngine::start();
    let call = build(&engine, BuildContext::remote("https://example.com/web.git")).id("nightly");
    let building = tokio::spawn(call.stream());
    let _session = engine.session().await;
    let (_, stream) = engine.request("POST /v1.51/build?").await;
    finish(stream, &format!("{{\"id\":\"moby.buildkit.trace\",\"aux\":\"!\"}}\r\n{DONE}")).await;
    let mut steps = building.await.expect("an end").expect("a stream");
    assert!(steps.next().await.expect("an error").is_err() && steps.next().await.is_none());
    engine.request("POST /v1.51/build/cancel?id=nightly ").await;
}

#[tokio::test]
async fn an_engine_without_sessions_has_no_buildkit() {
    use tokio::io::AsyncWriteExt;
    let mut engine = BuildEngine::start();
    let building = tokio::spawn(build(&engine, BuildContext::remote("https://example.com/web.git")).into_future());
    let (_, mut stream) = engine.request("POST /v1.51/session ").await;
    stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nNot Found").await.expect("sent");
    let error = building.await.expect("an end").expect_err("none");
    assert!(error.is_version(), "{error}");
    assert_eq!(error.to_string(), "POST /session: the engine does not support BuildKit: it has no POST /session");
}

#[tokio::test]
async fn a_session_that_ends_early_is_no_hang() {
    let mut engine = BuildEngine::start();
    let call = build(&engine, BuildContext::remote("https://example.com/web.git"));
    let (building, session, _, stream) = begun(&mut engine, call).await;
    session.close();
    finish(stream, "{\"error\":\"no active session for x: context deadline exceeded\"}\r\n").await;
    let error = building.await.expect("an end").expect_err("it failed");
    assert!(error.message().contains("no active session"), "{error}");
}

#[derive(Clone, PartialEq, Message)]
struct Solve {
    #[prost(string, tag = "3")]
    exporter: String,
    #[prost(map = "string, string", tag = "4")]
    exporter_attrs: HashMap<String, String>,
    #[prost(string, tag = "5")]
    session: String,
    #[prost(string, tag = "6")]
    frontend: String,
    #[prost(map = "string, string", tag = "7")]
    attrs: HashMap<String, String>,
    #[prost(string, repeated, tag = "9")]
    entitlements: Vec<String>,
    #[prost(message, repeated, tag = "13")]
    exporters: Vec<Exporter>,
}

#[derive(Clone, PartialEq, Message)]
struct Exporter {
    #[prost(string, tag = "1")]
    kind: String,
}

#[derive(Clone, PartialEq, Message)]
struct Solved {
    #[prost(map = "string, string", tag = "1")]
    response: HashMap<String, String>,
}

fn solved(path: &str) -> Vec<Vec<u8>> {
    match path {
        "/moby.buildkit.v1.Control/Solve" => {
            let response = [("containerimage.digest", "sha256:bb"), ("image.name", "web:1")];
            let response = response.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            vec![Solved { response }.encode_to_vec()]
        }
        _ => vec![Vec::new()],
    }
}

#[tokio::test]
async fn what_a_request_cannot_say_is_said_to_buildkit_itself() {
    use tokio::io::AsyncWriteExt;
    for is_gone in [false, true] {
        let mut engine = BuildEngine::start();
        let docs = tempfile::tempdir().expect("a folder");
        let archive = longshore::Upload::from(&b"an archive"[..]);
        let call =
            build(&engine, archive).tag("web:1").tag("web:2").label("a", "b").build_arg("X", "y").network("host");
        let call = call
            .platform("linux/amd64")
            .platform("linux/arm64")
            .no_cache_filter("t")
            .no_cache_filter("base")
            .cache_from("web:0")
            .allow("security.insecure")
            .quiet(false)
            .extra_host("db", "10.0.0.1")
            .target("t");
        let call = call
            .named_context("docs", docs.path())
            .attestation("sbom", "")
            .output(BuildOutput::tar("/x"))
            .output(BuildOutput::image());
        let building = tokio::spawn(call.into_future());
        let session = engine.session().await;
        let (_, mut stream) = engine.request("POST /v1.51/grpc ").await;
        let mut told = if is_gone {
            // A later engine, which speaks HTTP/2 on its socket.
            stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").await.expect("sent");
            let (_, stream) = engine.request("PRI * HTTP/2.0").await;
            BuildEngine::serve(stream, b"PRI * HTTP/2.0\r\n\r\n", solved)
        } else {
            let head = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
            stream.write_all(head).await.expect("sent");
            BuildEngine::serve(stream, b"", solved)
        };
        let solve = loop {
            let (path, message) = told.recv().await.expect("a call");
            if path.ends_with("/Solve") {
                break Solve::decode(message).expect("a request");
            }
        };
        assert_eq!((solve.frontend.as_str(), solve.exporter.as_str()), ("dockerfile.v0", "tar"));
        assert_eq!(solve.exporters.iter().map(|exporter| exporter.kind.as_str()).collect::<Vec<_>>(), ["tar", "moby"]);
        assert!(
            session.head.contains(&solve.session)
                && solve.entitlements == ["network.host", "security.insecure"]
                && solve.exporter_attrs.is_empty()
        );
        let mut attrs: Vec<_> = solve.attrs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        attrs.sort_unstable();
        let expected = [
            "add-hosts=db=10.0.0.1",
            "attest:sbom=",
            "build-arg:X=y",
            r#"cache-imports=[{"Attrs":{"ref":"web:0"},"Type":"registry"}]"#,
            "context:docs=local:_docs",
            "context=http://buildkit-session/context",
            "filename=Dockerfile",
            "force-network-mode=host",
            "frontend.caps=moby.buildkit.frontend.contexts+forward",
            "label:a=b",
            "no-cache=t,base",
            "platform=linux/amd64,linux/arm64",
            "target=t",
        ];
        assert_eq!(attrs, expected);
        let built = building.await.expect("an end").expect("built");
        assert_eq!((built.id.as_str(), built.digest()), ("sha256:bb", Some("sha256:bb")));
        assert_eq!(built.metadata["image.name"], "web:1");
    }
}

#[tokio::test]
async fn an_image_is_pushed_by_a_plain_request() {
    let mut engine = BuildEngine::start();
    let call = build(&engine, BuildContext::remote("https://example.com/web.git")).tag("r:5000/web:1");
    let call = call.output(BuildOutput::registry()).cache_from("web:0").quiet(false).squash(false);
    let (building, _session, head, stream) = begun(&mut engine, call).await;
    let outputs = "outputs=%5B%7B%22Attrs%22%3A%7B%22push%22%3A%22true%22%7D%2C%22Type%22%3A%22image%22%7D%5D";
    assert!(head.contains(outputs) && head.contains("cachefrom=%5B%22web%3A0%22%5D"), "{head}");
    finish(stream, DONE).await;
    let built = building.await.expect("an end").expect("built");
    assert_eq!((built.id.as_str(), built.digest()), ("sha256:aa", None));
}

#[tokio::test]
async fn an_archive_is_pulled_from_the_session() {
    let mut engine = BuildEngine::start();
    let docs = tempfile::tempdir().expect("a folder");
    let call = build(&engine, longshore::Upload::from(&b"an archive"[..])).named_context("docs", docs.path());
    let building = tokio::spawn(call.into_future());
    let mut session = engine.session().await;
    let (_, stream) = engine.request("POST /v1.51/grpc ").await;
    let mut call = session.open("/moby.upload.v1.Upload/Pull", &[("urlpath", "/context")]).await;
    assert_eq!(call.next::<Text>().await.expect("a piece").one, "an archive");
    assert!(call.next::<Text>().await.is_none());
    call.status().expect("sent");
    let mut call = session.open("/moby.upload.v1.Upload/Pull", &[("urlpath", "/context")]).await;
    assert!(call.next::<Text>().await.is_none() && call.status().expect_err("once").0 == 5);
    drop(stream);
    assert_eq!(building.await.expect("an end").expect_err("it closed").kind(), ErrorKind::Interrupted);
}

#[tokio::test]
async fn what_is_not_for_the_builder_is_refused_before_anything_is_sent() {
    let engine = BuildEngine::start();
    let remote = || engine.docker(51).images().build(BuildContext::remote("https://example.com/web.git"));
    let buildkit = || remote().builder(BuilderVersion::BuildKit);
    for (call, why) in [
        (buildkit().memory(1 << 20), "memory requires the classic builder"),
        (buildkit().rm(false), "rm requires the classic builder"),
        (buildkit().quiet(true), "quiet requires the classic builder"),
        (buildkit().squash(true), "squash requires the classic builder"),
        (buildkit().security_opt("a"), "security_opt requires the classic builder"),
        (remote().squash(true).attestation("sbom", ""), "squash requires the classic builder"),
        (remote().builder(BuilderVersion::V1).cache_from(BuildCache::registry("web:0")), "a cache requires BuildKit"),
        (remote().no_cache_filter(" "), "no_cache_filter needs the name of a stage"),
        (remote().force_rm(true).id("x"), "force_rm requires the classic builder"),
        (
            remote().id("x").platform("linux/amd64").platform("linux/arm64"),
            "an id is not supported in a build with several platforms",
        ),
        (remote().builder(BuilderVersion::V1).secret(BuildSecret::value("a", "b")), "a secret requires BuildKit"),
        (remote().builder(BuilderVersion::V1).output(BuildOutput::image()), "an output requires BuildKit"),
        (
            buildkit().secret(BuildSecret::variable("a", "LONGSHORE_NOT_SET")),
            "cannot read the secret \"a\" from the variable LONGSHORE_NOT_SET: it is not set",
        ),
        (buildkit().secret(BuildSecret::value("", "b")), "a build secret must have an id"),
        (buildkit().network("bridge"), "invalid network mode \"bridge\": BuildKit supports"),
        (buildkit().network("container:db"), "invalid network mode \"container:db\""),
        (buildkit().network("mynet"), "invalid network mode \"mynet\""),
        (remote().cache_from("a b"), "invalid image reference"),
        (remote().cache_to("type=registry"), "invalid build cache: a cache in a registry needs ref"),
        (remote().builder(BuilderVersion::V1).cache_from("type=inline"), "a cache requires BuildKit"),
        (remote().output("dest=out,mode=max"), "invalid output of a build: the type is missing"),
        (remote().output(BuildOutput::new("local")), "needs a path: use type=local,dest=PATH"),
        (remote().output("type=oci"), "needs a path: use type=oci,dest=PATH"),
    ] {
        let error = call.await.expect_err(why);
        assert!(error.is_invalid() && error.message().contains(why), "{error}");
    }
}

#[tokio::test]
async fn what_an_old_buildkit_would_ignore_is_refused() {
    fn limit() -> Ulimit {
        Ulimit { name: "nofile".to_owned(), soft: 1, hard: 2 }
    }
    for (set, what) in [
        ((|call| call.shm_size("1m")) as fn(Build) -> Build, "a size of /dev/shm"),
        (|call| call.ulimit(limit()), "a ulimit"),
        (|call| call.ulimit(limit()).allow("network.host"), "a ulimit"),
    ] {
        let mut engine = BuildEngine::start();
        let call = engine.docker(41).images().build(BuildContext::remote("https://example.com/web.git"));
        let building = tokio::spawn(set(call.builder(BuilderVersion::BuildKit)).into_future());
        let _session = engine.session().await;
        let error = building.await.expect("an end").expect_err("20.10 ignores it");
        let expected = format!("{what} with BuildKit requires API 1.42 or later, ");
        assert!(error.is_version() && error.message().starts_with(&expected), "{error}");
    }
}

#[tokio::test]
async fn what_has_failed_is_not_cancelled() {
    use tokio::io::AsyncWriteExt;
    let mut engine = BuildEngine::start();
    let call = build(&engine, BuildContext::remote("https://example.com/web.git"));
    let (building, _session, _, mut stream) = begun(&mut engine, call).await;
    stream.write_all(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n").await.expect("sent");
    assert_eq!(building.await.expect("an end").expect_err("it failed").status(), Some(500));
    let docker = engine.docker(51);
    let next = tokio::spawn(async move { docker.ping().await });
    let (_, stream) = engine.request("HEAD /_ping ").await; // and no POST /build/cancel
    drop(stream);
    next.abort();
}
