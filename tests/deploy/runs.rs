//! Runs on an engine that does not go on.

use crate::support::{Engine, Exchange, Response, on};
use longshore::container::ContainerSpec;
use longshore::deploy::{Cause, Failure, File, PullPolicy, Ready, Run, Step};
use longshore::{Docker, Version};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// An engine that makes and starts a container, and does nothing from then on. What it makes has random labels, so that it is
/// asked other things each time.
fn hanging_engine() -> Docker {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let host = format!("tcp://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || serve(stream.expect("a connection")));
        }
    });
    Docker::builder().host(host).api_version(Version::new(1, 44)).build().expect("a client")
}

fn serve(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    loop {
        let lines = reader.by_ref().lines().map_while(Result::ok);
        let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
        let Some(request) = head.first() else { return };
        let length = head.iter().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).expect("a body");
        let response = match request.as_str() {
            create if create.contains("/containers/create") => {
                "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"Id\":\"1\"}"
            }
            wait if wait.contains("/wait") => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            start if start.contains("/start") => "HTTP/1.1 204 No Content\r\n\r\n",
            _ => "", // it is silent, and the connection stays
        };
        stream.write_all(response.as_bytes()).expect("written");
    }
}

#[tokio::test]
async fn an_engine_that_hangs_is_waited_for_no_longer_than_is_said() {
    let limit = Duration::from_millis(100);
    let run = Run::new(ContainerSpec::new("web")).pull(PullPolicy::Never).ready(Ready::log_line("ready"));
    let failure = run.deadline(limit).cleanup_limit("100ms").start(&hanging_engine()).await.expect_err("it hangs");
    assert_eq!(failure.step(), Step::Ready);
    assert!(matches!(failure.cause(), Cause::NotReady(deadline) if *deadline == limit), "{failure}");
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
    ] {
        let failure = Run::new("web").ready(ready).start(&hanging_engine()).await.expect_err("it is refused");
        assert_eq!((failure.step(), failure.left().len()), (Step::Check, 0));
    }
}

/// The responses to a run of `web`, up to its start.
fn started(more: impl IntoIterator<Item = Exchange>) -> Vec<Exchange> {
    let created = on("POST /containers/create").with_any_body().respond(Response::text(201, r#"{"Id":"1"}"#));
    let exit =
        on("POST /containers/1/wait?condition=next-exit").respond(Response::chunked(200, "application/json").stall());
    let start = on("POST /containers/1/start").respond(Response::status(204));
    std::iter::once(created).chain(more).chain([exit, start]).collect()
}

#[cfg(feature = "tar")]
#[tokio::test]
async fn files_are_copied_before_the_start() {
    let archive = on("PUT /containers/1/archive?path=/").with_any_body().respond(Response::status(200));
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
    ] {
        let failure = Run::new("web").file(file).start(&engine.docker(44)).await.expect_err("it is refused");
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
