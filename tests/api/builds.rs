//! Building: what is asked for, what is shown, and every way for it to fail.

use crate::support::peer::Peer;
use crate::support::produce::{End, pieces};
use crate::support::{Engine, Exchange, Response, fixture, on};
use bytes::Bytes;
use longshore::container::{Isolation, Ulimit};
use longshore::image::{Build, BuildContext, BuildResult};
use longshore::{Credentials, Docker, ErrorKind, Upload};
#[cfg(not(feature = "buildkit"))]
use longshore::{image::BuildOutput, system::BuilderVersion};
use std::io;
use std::sync::mpsc::channel;
use std::time::Duration;

const ASKED: &str = "POST /v1.41/build?version=1";
const ARCHIVE: &[u8] = b"an archive";

fn chunked() -> Response {
    Response::chunked(200, "application/json")
}

fn building() -> Exchange {
    on(ASKED).with_body(ARCHIVE).with_header("content-type", "application/x-tar")
}

fn build(docker: &Docker) -> Build {
    docker.images().build(Upload::from(ARCHIVE))
}

/// How a build fails if this is answered.
async fn failure(answer: Response) -> longshore::Error {
    let engine = Engine::unix([building().respond(answer)]);
    build(&engine.docker(41)).await.expect_err("an error")
}

#[tokio::test]
async fn sends_everything_that_can_be_set() {
    let asked = concat!(
        "POST /v1.41/build?version=1&t=web%3A1&t=registry.example.com%3A5000%2Fteam%2Fweb",
        "&extrahosts=db%3A10.0.0.7&extrahosts=gate%3Ahost-gateway&q=false&nocache=true&pull=true&rm=false&forcerm=true",
        "&memory=67108864&memswap=-1&cpushares=512&cpusetcpus=0-3&cpusetmems=0%2C1&cpuperiod=100000&cpuquota=50000",
        "&cgroupparent=%2Fci&shmsize=33554432&isolation=hyperv&securityopt=credentialspec%3Dfile%3A%2F%2Fa",
        "&securityopt=b&networkmode=container%3Adb&target=tests&squash=true&platform=linux%2Farm%2Fv7",
        "&dockerfile=docker%2FDockerfile",
        "&buildargs=%7B%22CARGO_PKG_NAME%22%3A%22longshore%22%2C%22EMPTY%22%3A%22%22%2C%22LONGSHORE_NOT_SET%22%3Anull%2C",
        "%22PROXY%22%3Anull%2C%22VERSION%22%3A%221%20%26%202%22%7D",
        "&labels=%7B%22app%22%3A%22web%22%2C%22tier%22%3A%22%22%7D",
        "&cachefrom=%5B%22web%3A0%22%2C%22web%3A00%22%5D",
        "&ulimits=%5B%7B%22Name%22%3A%22nofile%22%2C%22Soft%22%3A1024%2C%22Hard%22%3A2048%7D%5D",
    );
    let engine = Engine::unix([on(asked).with_body(ARCHIVE).respond(Response::text(200, &done("aa")))]);
    let call = build(&engine.docker(41))
        .tag("web:1")
        .tag("registry.example.com:5000/team/web")
        .extra_host("db", "[10.0.0.7]")
        .extra_host("gate", "host-gateway")
        .quiet(false)
        .no_cache(true)
        .pull(true)
        .rm(false)
        .force_rm(true)
        .memory("64m")
        .memory_swap(-1)
        .cpu_shares(512)
        .cpuset_cpus("0-3")
        .cpuset_mems("0,1")
        .cpu_period(100_000)
        .cpu_quota(50_000)
        .cgroup_parent("/ci")
        .shm_size("32m")
        .isolation(Isolation::HyperV)
        .security_opt("credentialspec=file://a")
        .security_opt("b")
        .network("container:db")
        .platform("linux/arm/v7")
        .target("tests")
        .squash(true)
        .dockerfile("docker/Dockerfile")
        .build_args([("VERSION", "1 & 2"), ("EMPTY", "")])
        .build_arg_unset("PROXY")
        .build_arg_from_process("CARGO_PKG_NAME")
        .build_arg_from_process("LONGSHORE_NOT_SET")
        .label("tier", "")
        .labels([("app", "web")])
        .cache_from("web:0")
        .cache_from("web:00")
        .ulimit("nofile=1:2")
        .ulimit(Ulimit { name: "nofile".to_owned(), soft: 1024, hard: 2048 });
    assert_eq!(call.await.expect("built").id, format!("sha256:{}", "aa".repeat(32)));
}

/// The end of a build.
fn done(digits: &str) -> String {
    let id = digits.repeat(32);
    format!("{{\"aux\":{{\"ID\":\"sha256:{id}\"}}}}\r\n{{\"stream\":\"Successfully built {}\\n\"}}\r\n", &id[..12])
}

#[tokio::test]
async fn each_registry_gets_its_credentials_and_nobody_sees_them() {
    // {"https://index.docker.io/v1/":{"identitytoken":"t"},"r:5000":{"username":"u","password":"p?a?s?s?"}}
    let header = "eyJodHRwczovL2luZGV4LmRvY2tlci5pby92MS8iOnsiaWRlbnRpdHl0b2tlbiI6InQifSwicjo1MDAwIjp7InVzZXJuYW1lIjoidSIs\
                  InBhc3N3b3JkIjoicD9hP3M_cz8ifX0=";
    let engine =
        Engine::unix([building().with_header("x-registry-config", header).respond(Response::text(200, &done("aa")))]);
    let call = build(&engine.docker(41))
        .credentials("r:5000", Credentials::password("u", "p?a?s?s?"))
        .credentials("docker.io", Credentials::identity_token("t"));
    assert_eq!(format!("{call:?}"), "Build(POST /build)");
    call.await.expect("built");

    let engine = Engine::unix([]);
    let images = engine.docker(41).images();
    let context = BuildContext::remote("https://me:hunter2@example.com/web.git");
    assert!(!format!("{context:?}").contains("hunter2"));
    let call = images.build(context).build_arg("PASSWORD", "hunter2").label("a", "hunter2").shm_size(-1);
    let shown = format!("{call:?}");
    let shown = format!("{shown} {:?}", call.await.expect_err("refused"));
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn the_password_of_a_url_is_in_no_error_and_no_progress() {
    let url = "http://me:hunter2@example.com/web.git";
    let asked = || on("POST /v1.41/build?version=1&remote=http%3A%2F%2Fme%3Ahunter2%40example.com%2Fweb.git");
    let steps = format!("{{\"stream\":\"Fetching {url}\\n\"}}\r\n{{\"error\":\"cannot fetch {url}: hunter2\"}}\r\n");
    let engine = Engine::unix([
        asked().respond(Response::error(500, &format!("cannot fetch {url}"))),
        asked().respond(Response::text(200, &steps)),
    ]);
    let images = engine.docker(41).images();
    let error = images.build(url).await.expect_err("at once");
    assert_eq!(error.message(), "cannot fetch http://…@example.com/web.git");
    assert!(error.status() == Some(500) && !format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    let mut progress = images.build(url).stream().await.expect("a stream");
    let step = progress.next().await.expect("a step").expect("a step");
    assert_eq!(step.stream.as_deref(), Some("Fetching http://…@example.com/web.git\n"));
    let error = progress.next().await.expect("an end").expect_err("later");
    assert_eq!(error.message(), "cannot fetch http://…@example.com/web.git: …");
}

#[cfg(not(feature = "buildkit"))]
#[tokio::test]
async fn without_its_feature_buildkit_builds_what_needs_no_session() {
    let steps = "{\"id\":\"moby.buildkit.trace\",\"aux\":\"ChcKAWQ=\"}\r\n{\"id\":\"moby.image.id\",\"aux\":{\"ID\":\"sha256:aa\"}}\r\n";
    let asked = "POST /v1.41/build?version=2&t=web%3A1&buildid=nightly";
    let pong =
        |server| Response::raw(format!("HTTP/1.1 200 OK\r\nServer: {server} (linux)\r\nContent-Length: 0\r\n\r\n"));
    let engine = Engine::unix([
        on("HEAD /_ping").respond(pong("Docker/28.5.2")),
        on(asked).with_body(ARCHIVE).respond(Response::text(200, steps)),
        on("HEAD /_ping").respond(pong("Libpod/5.8.6")),
    ]);
    let call = || build(&engine.docker(41)).tag("web:1").builder(BuilderVersion::BuildKit).id("nightly");
    assert_eq!(call().await.expect("built").id, "sha256:aa");
    let error = call().await.expect_err("Podman");
    assert!(error.is_version() && error.message().contains("does not support BuildKit"), "{error}");
    let error = call().credentials("r:5000", Credentials::password("u", "p")).await.expect_err("nobody would ask");
    assert!(error.is_invalid() && error.message().contains("the feature `buildkit`"), "{error}");
    for call in [
        call().platform("linux/amd64").platform("linux/arm64"),
        call().output(BuildOutput::image()).output(BuildOutput::registry()),
        call().output(BuildOutput::new("cacheonly")),
        call().output("type=local,dest=out"),
        call().output("out.tar"),
    ] {
        let error = call.await.expect_err("no session");
        assert!(error.is_invalid() && error.message().contains("the feature `buildkit`"), "{error}");
    }
    let error = call().network("bridge").await.expect_err("it has none");
    assert!(error.is_invalid() && error.message().contains("invalid network mode \"bridge\""), "{error}");
}

#[tokio::test]
async fn the_engine_fetches_a_url_by_itself() {
    let url = "https://example.com/web.git#main:docker";
    let asked = format!("{ASKED}&remote=https%3A%2F%2Fexample.com%2Fweb.git%23main%3Adocker&dockerfile=D");
    let engine =
        Engine::unix([on(&asked).with_header("content-length", "0").respond(Response::text(200, &done("aa")))]);
    engine.docker(41).images().build(url).dockerfile("D").await.expect("built");
    assert_eq!(engine.received()[0].header("content-type"), None);
}

#[tokio::test]
async fn an_archive_may_be_of_any_sort_and_is_sent_once() {
    let engine = Engine::unix((0..3).map(|_| building().respond(Response::text(200, &done("aa")))));
    let images = engine.docker(41).images();
    images.build(ARCHIVE.to_vec()).await.expect("built");
    images.build(Bytes::from_static(ARCHIVE)).await.expect("built");
    images.build(Upload::reader(ARCHIVE)).await.expect("built");
    let lengths: Vec<_> =
        engine.received().iter().map(|received| received.header("content-length").map(str::to_owned)).collect();
    assert_eq!(lengths, [Some("10".to_owned()), Some("10".to_owned()), None]);
}

#[tokio::test]
async fn what_is_wrong_is_not_sent() {
    let engine = Engine::unix([]);
    let docker = engine.docker(41);
    let images = docker.images();
    let digest = format!("web@sha256:{}", "ab".repeat(32));
    for (call, words) in [
        (build(&docker).tag("Web"), "invalid image reference \"Web\": use "),
        (build(&docker).tag(digest), "has a digest"),
        (build(&docker).platform("linux/"), "invalid platform \"linux/\": use "),
        (build(&docker).extra_host("", "1.2.3.4"), "use a name without ':', and an address"),
        (build(&docker).extra_host("a:b", "1.2.3.4"), "use a name without ':', and an address"),
        (build(&docker).shm_size(0), "must be more than 0"),
        (build(&docker).shm_size("64x"), "invalid size \"64x\": use bytes such as 1048576"),
        (build(&docker).memory("a lot"), "such as 512m or 1.5g"),
        (build(&docker).memory_swap("-2"), "invalid size \"-2\""),
        (images.build(BuildContext::remote(" ")), "the URL of the build context is empty"),
        (build(&docker).cache_from("a b"), "invalid image reference"),
        (build(&docker).build_arg_from_process("A=b"), "invalid variable name \"A\": use a name alone"),
        #[cfg(not(feature = "buildkit"))]
        (build(&docker).cache_from("type=registry,ref=x"), "requires the feature `buildkit`"),
        #[cfg(not(feature = "buildkit"))]
        (build(&docker).cache_from(longshore::image::BuildCache::inline()), "requires the feature `buildkit`"),
    ] {
        let error = call.await.expect_err(words);
        assert!(error.is_invalid() && error.kind() == ErrorKind::Input && error.message().contains(words), "{error}");
        assert_eq!(error.call(), Some("POST /build"));
    }
}

#[tokio::test]
async fn shows_each_step() {
    let answer = fixture("docker-20.10.24/build.json");
    let engine = Engine::unix([
        building().respond(Response::text(200, &answer)),
        building().respond(Response::text(200, &answer)),
    ]);
    let docker = engine.docker(41);
    let built = build(&docker).await.expect("built");
    let mut steps = build(&docker).stream().await.expect("a stream");
    let (mut output, mut noted, mut ids) = (String::new(), BuildResult::default(), Vec::new());
    while let Some(step) = steps.next().await {
        let step = step.expect("a step");
        noted.note(&step);
        ids.extend(step.aux.and_then(|aux| aux["ID"].as_str().map(str::to_owned)));
        output += step.stream.as_deref().unwrap_or_default();
    }
    assert_eq!(noted, built);
    assert_eq!(ids.len(), 2, "one for each stage");
    assert_eq!(ids.last(), Some(&built.id));
    assert!(output.starts_with("Step 1/5 : FROM 127.0.0.1:"), "{output}");
    assert!(output.contains("out\n") && output.contains("err\n"), "{output}");
    assert!(
        output.ends_with(&format!(
            "Successfully built {}\nSuccessfully tagged longshore-record:built\n",
            &built.id[7..19]
        ))
    );
}

#[tokio::test]
async fn a_quiet_build_ends_with_the_id() {
    let asked = format!("{ASKED}&q=true");
    let answer = Response::text(200, &fixture("docker-20.10.24/build_quiet.json"));
    let engine = Engine::unix([on(&asked).with_body(ARCHIVE).respond(answer)]);
    let built = build(&engine.docker(41)).quiet(true).await.expect("built");
    assert!(built.id.starts_with("sha256:") && built.id.len() == 71, "{built:?}");
}

// behaviour 54
#[tokio::test]
async fn an_instruction_that_fails_is_an_error() {
    let answer = fixture("docker-20.10.24/build_error.json");
    let error = failure(Response::text(200, &answer)).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Stream, None), "3 is no status");
    assert_eq!(error.to_string(), "POST /build: The command '/bin/sh -c exit 3' returned a non-zero code: 3");

    let engine = Engine::unix([building().respond(Response::text(200, &answer))]);
    let mut steps = build(&engine.docker(41)).stream().await.expect("a stream");
    let mut shown = 0;
    let error = loop {
        match steps.next().await.expect("an error") {
            Ok(_) => shown += 1,
            Err(error) => break error,
        }
    };
    assert!(shown > 3 && error.kind() == ErrorKind::Stream);
    assert!(steps.next().await.is_none());
}

#[tokio::test]
async fn every_other_way_to_fail_is_an_error() {
    let error = failure(Response::error(400, "squash is only supported with experimental mode")).await;
    assert!(error.is_invalid() && error.kind() == ErrorKind::Status);
    assert!(
        failure(Response::error(500, "Cannot locate specified Dockerfile: Dockerfile")).await.status() == Some(500)
    );

    let cut = chunked().chunk("{\"stream\":\"Step 1/2\"}\r\n").close();
    assert_eq!(failure(cut).await.kind(), ErrorKind::Interrupted);
    let silent = failure(chunked().chunk("{\"stream\":\"Step 1/2\"}\r\n").end()).await;
    assert_eq!(silent.kind(), ErrorKind::Decode);
    assert_eq!(silent.to_string(), "POST /build: the engine did not say which image it has built");
}

#[tokio::test]
async fn a_build_may_be_silent_for_any_time() {
    let (go_on, signal) = channel();
    let answer = chunked().chunk("{\"stream\":\"Step 1/1\"}\r\n").wait(signal).chunk(done("aa")).end();
    let engine = Engine::unix([building().respond(answer)]);
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        drop(go_on);
    });
    build(&engine.impatient(41)).await.expect("the client's limits do not hold for it");
}

#[tokio::test]
async fn dropping_a_build_closes_its_connection() {
    let (tell, closed) = channel();
    let answer = chunked().chunk("{\"stream\":\"Step 1/1\"}\r\n").stall().on_close(tell);
    let engine = Engine::unix([building().respond(answer)]);
    let mut steps = build(&engine.docker(41)).stream().await.expect("a stream");
    assert!(steps.next().await.expect("a step").is_ok());
    drop(steps);
    closed.recv_timeout(Duration::from_secs(10)).expect("closed");
}

#[tokio::test]
async fn an_upload_that_fails_says_why() {
    let peer = Peer::unix(|mut connection| drop(connection.rest()));
    let archive = pieces(1, 512).then(End::Error(io::Error::other("cannot read secret.txt")));
    let error = peer.docker().images().build(Upload::stream(archive)).await.expect_err("it fails");
    assert_eq!(error.kind(), ErrorKind::Upload);
    assert_eq!(error.to_string(), "POST /build: the upload failed: cannot read secret.txt");
}
