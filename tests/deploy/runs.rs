//! Runs on an engine that does not go on.

use crate::hanging::hanging_engine;
use crate::logs::podman;
use crate::support::{Engine, Exchange, Response, on};
use longshore::Docker;
use longshore::container::ContainerSpec;
use longshore::deploy::{Cause, Event, Failure, File, PullPolicy, Ready, Run, Step};
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test]
async fn an_engine_that_hangs_is_waited_for_no_longer_than_is_said() {
    let limit = Duration::from_millis(100);
    let run = Run::new(ContainerSpec::new("web")).pull(PullPolicy::Never).ready(Ready::log_line("ready"));
    let failure = run.deadline(limit).cleanup_limit("100ms").start(&hanging_engine()).await.expect_err("it hangs");
    assert_eq!(failure.step(), Step::Ready);
    assert!(matches!(failure.cause(), Cause::NotReady { limit: deadline, .. } if *deadline == limit), "{failure}");
    assert_eq!(failure.left().len(), 3, "containers, networks and volumes could not be listed: {failure}");
    assert!(failure.left().iter().all(longshore::Error::is_timeout), "{failure}");
}

#[tokio::test]
async fn the_error_of_a_call_becomes_a_failure() {
    async fn both(docker: &Docker) -> Result<(), Failure> {
        docker.ping().await?;
        Ok(())
    }

    let failure = both(&Docker::connect("tcp://127.0.0.1:1").expect("a client")).await.expect_err("nothing listens");
    assert!(matches!(failure.cause(), Cause::Call(error) if error.is_connect()), "{failure}");
}

#[tokio::test]
async fn a_condition_that_cannot_be_met_is_refused() {
    let run = Run::new("web").cleanup_limit("soon").start(&hanging_engine()).await.expect_err("it is refused");
    assert!(run.to_string().contains("invalid duration \"soon\""), "{run}");
    let waited = Ready::healthy().wait_for(&hanging_engine(), "web", "soon").await.expect_err("it is refused");
    assert!(matches!(waited, Cause::Refused(why) if why.starts_with("invalid duration \"soon\"")));
    for ready in [
        Ready::any([]),
        Ready::all([Ready::running_for("soon")]),
        Ready::exited(),
        Ready::exec([""; 0]),
        Ready::http(80, "health"),
        Ready::http(80, "/the health"),
    ] {
        let failure = Run::new("web").ready(ready).start(&hanging_engine()).await.expect_err("it is refused");
        assert_eq!((failure.step(), failure.left().len()), (Step::Check, 0));
    }
}

/// The responses to a run of `web`, up to its start.
fn started(more: impl IntoIterator<Item = Exchange>) -> Vec<Exchange> {
    started_by("POST /containers/create", more)
}

fn started_by(create: &str, more: impl IntoIterator<Item = Exchange>) -> Vec<Exchange> {
    let created = on(create).with_any_body().respond(Response::text(201, r#"{"Id":"1"}"#));
    let exit =
        on("POST /containers/1/wait?condition=next-exit").respond(Response::chunked(200, "application/json").stall());
    let start = on("POST /containers/1/start").respond(Response::status(204));
    std::iter::once(created).chain(more).chain([exit, start]).collect()
}

#[tokio::test]
async fn an_image_that_is_there_for_the_platform_is_not_pulled() {
    let there = json!({"Os": "linux", "Architecture": "arm64", "Variant": "v8"});
    // From API 1.49, the engine looks for the platform itself.
    let of_arm = r#"GET /images/web/json?platform={"architecture":"aarch64","os":"linux"}"#;
    for (minor, platform, inspect) in [
        (48, "linux/aarch64", "GET /images/web/json"),
        (49, "linux/aarch64", of_arm),
        (49, "linux", "GET /images/web/json"), // without an architecture the engine would refuse it
    ] {
        let run = || Run::new("web").platform(platform);
        let inspected = on(inspect).respond(Response::json(200, there.clone()));
        let started = started_by(&format!("POST /containers/create?platform={platform}"), []);
        let engine = Engine::unix([inspected].into_iter().chain(started));
        run().start(&engine.docker(minor)).await.expect(inspect);

        let absent = match inspect {
            "GET /images/web/json" => Response::json(200, json!({"Os": "windows", "Architecture": "amd64"})),
            _ => Response::error(404, "found, but not for the platform"),
        };
        let pull = on(format!("POST /images/create?fromImage=docker.io/library/web&tag=latest&platform={platform}"));
        let pull = pull.respond(Response::error(404, "no such image"));
        let engine = Engine::unix([on(inspect).respond(absent), pull]);
        let failure = run().keep_failed(true).start(&engine.docker(minor)).await.expect_err("it is nowhere");
        assert_eq!(failure.step(), Step::Pull, "{failure}");
    }
}

#[cfg(feature = "tar")]
#[tokio::test]
async fn files_are_copied_before_the_start() {
    let archive =
        on("PUT /containers/1/archive?path=/&noOverwriteDirNonDir=true").with_any_body().respond(Response::status(200));
    let engine = Engine::unix(started([archive]));
    let run =
        Run::new("web").pull(PullPolicy::Never).file(File::new("/etc/web.conf", "hunter2").mode(0o600).owner(1, 2));
    run.start(&engine.docker(44)).await.expect("started");
    let received = engine.received();
    let put = received.iter().find(|request| request.line().starts_with("PUT")).expect("an archive");
    let mut archive = tar::Archive::new(put.body.as_slice());
    let mut entry = archive.entries().expect("entries").next().expect("a file").expect("a file");
    let header = entry.header();
    assert_eq!((header.mode().ok(), header.uid().ok(), header.gid().ok()), (Some(0o600), Some(1), Some(2)));
    assert_eq!(entry.path().expect("a path").as_ref(), std::path::Path::new("etc/web.conf"));
    assert_eq!(std::io::read_to_string(&mut entry).expect("text"), "hunter2");
}

#[tokio::test]
async fn a_file_that_cannot_be_copied_is_refused_before_any_request() {
    let engine = Engine::unix([]);
    for (file, words) in [
        (File::local("/etc/web.conf", "/nowhere/web.conf"), "the file /nowhere/web.conf"),
        (File::new("web.conf", ""), "the path \"web.conf\" must be absolute"),
        (File::new("/data/web.conf", ""), "files: /data/web.conf is on the mount at /data"),
    ] {
        let web = ContainerSpec::new("web").bind("/srv", "/data");
        let failure = Run::new(web).file(file).start(&engine.docker(44)).await.expect_err("it is refused");
        assert!(failure.step() == Step::Check && failure.to_string().contains(words), "{failure}");
    }
}

#[tokio::test]
async fn a_running_container_tells_where_it_is_reached() {
    let ports = r#"{"State":{"Running":true},"NetworkSettings":{"Ports":{"80/tcp":[{"HostPort":"32768"}]}}}"#;
    let inspected = on("GET /containers/1/json").respond(Response::text(200, ports));
    let engine = Engine::unix(started([]).into_iter().chain([inspected]));
    let web = Run::new("web").pull(PullPolicy::Never).start(&engine.docker(44)).await.expect("started");
    assert_eq!((web.host(), web.mapped_port(80).await.expect("a port")), ("127.0.0.1", 32768));
}

#[test]
fn published_ports_are_at_the_host_of_the_engine() {
    for (endpoint, host) in [
        ("unix:///var/run/docker.sock", "127.0.0.1"),
        ("tcp://engine.example.com:2376", "engine.example.com"),
        ("tcp://10.0.0.7:2375/base", "10.0.0.7"),
        ("tcp://[fe80::1]:2375", "[fe80::1]"),
        ("ssh://deploy@engine:2222/run/docker.sock", "engine"),
        ("ssh://[::1]", "[::1]"),
    ] {
        assert_eq!(Docker::connect(endpoint).expect(endpoint).endpoint().published_host(), host);
    }
}

#[tokio::test]
async fn a_line_of_a_job_that_is_cut_is_read_again() {
    let at = |second: u32, text: &str| format!("2026-11-24T08:30:0{second}Z {text}");
    let frame = |text: &str| {
        let length = u32::try_from(text.len()).expect("a length").to_be_bytes();
        [&[1, 0, 0, 0], &length[..], text.as_bytes()].concat()
    };
    let first = frame(&at(1, "one\n"));
    let second = frame(&at(2, "two and a half\n"));
    let output = || Response::chunked(200, "application/vnd.docker.multiplexed-stream");
    let cut = output().chunk(&first).chunk(&second[..second.len() - 6]).close();
    let engine = Engine::unix([
        on("POST /containers/create").with_any_body().respond(Response::text(201, r#"{"Id":"1"}"#)),
        on("POST /containers/1/wait?condition=next-exit").respond(Response::text(200, r#"{"StatusCode":0}"#)),
        on("POST /containers/1/start"),
        on("GET /containers/1/logs?stdout=true&stderr=true&follow=true&timestamps=true").respond(cut),
        on("GET /containers/1/logs?stdout=true&stderr=true&since=1795509000.999999000&timestamps=true")
            .respond(output().chunk(&first).chunk(&second).end()),
        on("GET /containers/1/json").respond(Response::text(200, r#"{"Id":"1","State":{"OOMKilled":true}}"#)),
        on("DELETE /containers/1?force=true&v=true"),
    ]);
    let job = Run::new(ContainerSpec::new("job")).pull(PullPolicy::Never);
    let done = job.to_completion(&engine.docker(44)).await.expect("done");
    assert_eq!(done.output_text(), "one\ntwo and a half\n");
    assert!(done.state.expect("its state").oom_killed);
}

/// The requests of a job without output that exits with this code, up to the copy of its results.
#[cfg(feature = "tar")]
fn collected(code: i32, copy: Response) -> Vec<Exchange> {
    let exited =
        on("POST /containers/1/wait?condition=next-exit").respond(Response::json(200, json!({"StatusCode": code})));
    let log = "GET /containers/1/logs?stdout=true&stderr=true&timestamps=true";
    vec![
        on("POST /containers/create").with_any_body().respond(Response::text(201, r#"{"Id":"1"}"#)),
        exited,
        on("POST /containers/1/start"),
        on(format!("{log}&follow=true")).respond(Response::output::<&str>([])),
        on(log).respond(Response::output::<&str>([])),
        on("GET /containers/1/archive?path=/report").respond(copy),
        on("GET /containers/1/json").respond(Response::text(200, r#"{"Id":"1","State":{"Status":"exited"}}"#)),
    ]
}

/// The response with the file `report`.
#[cfg(feature = "tar")]
fn report() -> Response {
    let stat = "eyJuYW1lIjoicmVwb3J0Iiwic2l6ZSI6Mn0="; // {"name":"report","size":2}
    let head = format!("HTTP/1.1 200 OK\r\nX-Docker-Container-Path-Stat: {stat}\r\nConnection: close\r\n\r\n");
    Response::raw([head.as_bytes(), &crate::support::tar::Tar::default().file("report", b"ok").end()].concat()).close()
}

#[cfg(feature = "tar")]
#[tokio::test]
async fn the_results_of_a_job_are_collected_however_it_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let local = folder.path().join("report");
    let job = || Run::new("job").pull(PullPolicy::Never).collect("/report", &local);
    let removed = || on("DELETE /containers/1?force=true&v=true");
    for code in [0, 3] {
        let engine = Engine::unix(collected(code, report()).into_iter().chain([removed()]));
        let done = job().to_completion(&engine.docker(44)).await.expect("done");
        assert_eq!(done.status.code, i64::from(code));
        assert_eq!(std::fs::read_to_string(&local).expect("the copy"), "ok");
        std::fs::remove_file(&local).expect("removed");
    }

    let none = || Response::error(404, "Could not find the file /report in container 1");
    let engine = Engine::unix(collected(3, none()).into_iter().chain([removed()]));
    let (sender, events) = std::sync::mpsc::channel();
    let observed = job().observe(move |event| sender.send(event.clone()).expect("the test is there"));
    observed.to_completion(&engine.docker(44)).await.expect("done, without results");
    let is_told = |event: &Event| matches!(event, Event::NotCollected(error) if error.is_not_found());
    assert_eq!(events.iter().filter(is_told).count(), 1);

    let log = on("GET /containers/1/logs?stdout=true&stderr=true&tail=20").respond(Response::output::<&str>([]));
    let engine = Engine::unix(collected(0, none()).into_iter().chain([log]));
    let failure = job().keep_failed(true).to_completion(&engine.docker(44)).await.expect_err("no results");
    assert_eq!(failure.step(), Step::Collect);
    assert!(failure.error().is_some_and(longshore::Error::is_not_found), "{failure}");

    let failure = job().start(&hanging_engine()).await.expect_err("a service has no end");
    assert!(failure.to_string().contains("`Run::collect` is for jobs"), "{failure}");
}

/// Podman leaves out lines of a log that it follows, but not of one that it has.
#[tokio::test]
async fn a_job_on_podman_has_all_its_lines_and_each_is_told_once() {
    let log = "GET /containers/1/logs?stdout=true&stderr=true";
    let whole =
        [(1, "ok\n"), (1, "ok\n"), (1, "ok\n"), (1, "gap\n"), (2, "par"), (3, "tial\n"), (3, "ok\n"), (3, "end")];
    let followed = [(1, "ok\n"), (1, "ok\n"), (2, "par"), (3, "tial\n")];
    let engine = Engine::unix([
        on("POST /containers/create").with_any_body().respond(Response::text(201, r#"{"Id":"1"}"#)),
        on("POST /containers/1/wait?condition=next-exit").respond(Response::text(200, r#"{"StatusCode":0}"#)),
        on("POST /containers/1/start"),
        on(format!("{log}&follow=true&timestamps=true")).respond(podman(&followed).end()),
        on(format!("{log}&timestamps=true")).respond(podman(&whole).end()),
        on("GET /containers/1/json").respond(Response::text(200, r#"{"Id":"1","State":{}}"#)),
        on("DELETE /containers/1?force=true&v=true"),
    ]);
    let told = Arc::new(Mutex::new(Vec::new()));
    let ears = told.clone();
    let job = Run::new(ContainerSpec::new("job")).pull(PullPolicy::Never).observe(move |event| {
        if let Event::Output(chunk) = event {
            ears.lock().expect("the test").push(chunk.to_string());
        }
    });
    let done = job.to_completion(&engine.docker(44)).await.expect("done");
    assert_eq!(done.output_text(), "ok\nok\nok\ngap\npartial\nok\nend");
    let told = told.lock().expect("the test");
    assert_eq!(*told, ["ok\n", "ok\n", "par", "tial\n", "ok\n", "gap\n", "ok\n", "end"]);
}

#[tokio::test]
async fn a_job_that_takes_too_long_is_stopped() {
    let output = |text: &str| Response::output([(longshore::stream::Source::Stdout, text)]);
    let stall = || Response::chunked(200, "application/vnd.docker.multiplexed-stream").stall();
    let log = "GET /containers/1/logs?stdout=true&stderr=true";
    let requests = started([]).into_iter().chain([
        on(format!("{log}&follow=true&timestamps=true")).respond(stall()),
        on("POST /containers/1/stop"),
        on(format!("{log}&timestamps=true")).respond(output("2026-11-24T08:30:01Z goodbye\n")),
        #[cfg(feature = "tar")]
        on("GET /containers/1/archive?path=/report").respond(report()),
        on("GET /containers/1/json").respond(Response::text(200, r#"{"State":{"Status":"exited","ExitCode":143}}"#)),
        on(format!("{log}&tail=20")).respond(output("goodbye\n")),
    ]);
    let engine = Engine::unix(requests);
    let job = Run::new("job").pull(PullPolicy::Never).deadline("100ms").keep_failed(true);
    #[cfg(feature = "tar")]
    let folder = tempfile::tempdir().expect("a folder");
    #[cfg(feature = "tar")]
    let job = job.collect("/report", folder.path());
    let failure = job.to_completion(&engine.docker(44)).await.expect_err("it takes too long");
    assert!(matches!(failure.cause(), Cause::TimedOut(limit) if *limit == Duration::from_millis(100)), "{failure}");
    #[cfg(feature = "tar")]
    assert_eq!(std::fs::read_to_string(folder.path().join("report")).expect("the copy"), "ok");
    let text = "while waiting for the container to exit: the job did not exit within 100ms, so it was stopped
the container is exited, its exit code 143
its last lines:
  goodbye";
    assert!(failure.to_string().ends_with(text), "{failure}");
}
