//! What a container is waited for, and what is told if it does not come.

use crate::hanging::engine_with;
use crate::support::{Engine, Exchange, Response, on};
use longshore::container::ContainerSpec;
use longshore::deploy::{Cause, Failure, Project, PullPolicy, Ready, Run, Service, Step};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

/// A program on the host's network that responds with this status code.
fn program(status: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 1024]);
            let _ = write!(stream, "HTTP/1.1 {status} Scripted\r\nContent-Length: 0\r\n\r\n");
        }
    });
    port
}

/// A proxy of a port at which nothing listens.
fn proxy() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    std::thread::spawn(move || listener.incoming().for_each(drop));
    port
}

fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").port()
}

/// Deploys a container that is as it is.
async fn failure(ready: Ready, container: Value) -> Failure {
    let short = Duration::from_millis(300);
    let run = Run::new(ContainerSpec::new("web")).pull(PullPolicy::Never).ready(ready).deadline(short);
    run.cleanup_limit(Duration::from_millis(100)).start(&engine_with(Some(container))).await.expect_err("not ready")
}

fn on_host() -> Value {
    json!({"Id": "1", "HostConfig": {"NetworkMode": "host"},
        "State": {"Status": "running", "Running": true, "StartedAt": "2026-01-01T00:00:00Z"}})
}

#[tokio::test]
async fn what_a_probe_has_met_is_told() {
    let (port, closed) = (program(404), closed_port());
    for (ready, words) in [
        (Ready::http(port, "/health"), format!("GET http://127.0.0.1:{port}/health responded 404")),
        (Ready::http(closed, "/"), format!("connecting to 127.0.0.1:{closed}: ")),
        (Ready::tcp(closed), format!("connecting to 127.0.0.1:{closed}: ")),
        (Ready::log_line("it listens"), "no line of its output contains \"it listens\"".to_owned()),
        (Ready::all([Ready::tcp(port), Ready::exec(["true"])]), "the command [\"true\"] has not succeeded".to_owned()),
    ] {
        let failure = failure(ready, on_host()).await;
        assert_eq!(failure.step(), Step::Ready, "{failure}");
        let text = format!("was not ready within 300ms: {words}");
        assert!(failure.to_string().contains(&text), "{failure}\nhas not {text}");
    }
}

#[tokio::test]
async fn a_proxy_that_accepts_before_the_container_is_not_the_container() {
    let (proxy, program, closed) = (proxy(), program(200), closed_port());
    let published = |own: &str, port: u16| {
        let mut container = on_host();
        container["HostConfig"]["NetworkMode"] = json!("bridge");
        let ports = json!({format!("{closed}/tcp"): [{"HostIp": "127.0.0.1", "HostPort": port.to_string()}]});
        container["NetworkSettings"] = json!({"Networks": {"bridge": {"IPAddress": own}}, "Ports": ports});
        container
    };
    for own in ["127.0.0.1", ""] {
        let failure = failure(Ready::tcp(closed), published(own, proxy)).await;
        assert!(failure.to_string().contains(&format!("127.0.0.1:{proxy}: closed at once")), "{failure}");
        let run = Run::new("web").pull(PullPolicy::Never).ready(Ready::tcp(closed));
        run.start(&engine_with(Some(published(own, program)))).await.expect("it listens");
    }
}

#[tokio::test]
async fn the_log_of_the_health_check_is_told() {
    let check = |output: &str| json!({"ExitCode": 1, "Output": output});
    let health = json!({"Status": "starting", "FailingStreak": 0,
        "Log": [{"ExitCode": 0, "Output": "fine"}, check("one"), check("two"), check("three"), check("no db\nat all\n")]});
    let container = json!({"Id": "1", "State": {"Status": "running", "Running": true, "Health": health}});
    let failure = failure(Ready::healthy(), container).await;
    assert!(matches!(failure.cause(), Cause::NotReady { .. }), "{failure}");
    for words in [
        "within 300ms: its health check failed with exit code 1: no db",
        "its last failed health checks:\n  exit code 1: two\n  exit code 1: three\n  exit code 1: no db\n    at all",
    ] {
        assert!(failure.to_string().contains(words), "{failure}\nhas not {words}");
    }
}

/// The requests of a wait until the conditions are looked at. Events before the wait do not count, nor those of containers whose
/// names begin with this one's name.
fn begun(container: &Value, events: Response) -> [Exchange; 3] {
    let wait = Response::chunked(200, "application/json").stall();
    [
        on("POST /containers/web/wait").respond(wait),
        on("GET /containers/web/json").respond(Response::json(200, container)),
        on(r#"GET /events?filters={"container":{"1":true},"event":{"oom":true}}"#).respond(events),
    ]
}

#[tokio::test]
async fn out_of_memory_is_a_failure_at_once() {
    let oom = json!({"Type": "container", "Action": "oom", "Actor": {"ID": "1", "Attributes": {}}});
    let engine = Engine::unix(begun(&on_host(), Response::records([oom])));
    let ready = Ready::running_for(Duration::from_secs(60));
    let ended = ready.wait_for(&engine.docker(44), "web", Duration::from_secs(30)).await;
    assert!(matches!(ended, Err(Cause::OutOfMemory)), "{ended:?}");
}

#[tokio::test]
async fn out_of_memory_is_a_failure_even_if_its_event_is_lost() {
    let mut killed = on_host();
    killed["State"]["OOMKilled"] = json!(true);
    let script = begun(&on_host(), Response::error(500, "no events today")).into_iter();
    let engine = Engine::unix(script.chain([on("GET /containers/1/json").respond(Response::json(200, &killed))]));
    let ready = Ready::running_for(Duration::from_secs(60));
    let ended = ready.wait_for(&engine.docker(44), "web", Duration::from_secs(30)).await;
    assert!(matches!(ended, Err(Cause::OutOfMemory)), "{ended:?}");
}

#[tokio::test]
async fn the_network_of_another_container_is_that_containers() {
    let port = program(200);
    let shares = json!({"Id": "1", "State": {"Status": "running"}, "HostConfig": {"NetworkMode": "container:db"}});
    let events = Response::chunked(200, "application/json").stall();
    let inspects = [("1", &shares), ("db", &on_host())];
    let inspects = inspects
        .map(|(name, container)| on(format!("GET /containers/{name}/json")).respond(Response::json(200, container)));
    let engine = Engine::unix(begun(&shares, events).into_iter().chain(inspects));
    Ready::tcp(port).wait_for(&engine.docker(44), "web", Duration::from_secs(30)).await.expect("ready");
}

#[tokio::test]
async fn no_port_is_probed_without_a_network() {
    let spec = || ContainerSpec::new("web").network("none");
    let ready = || Ready::any([Ready::log_line("up"), Ready::tcp(80)]);
    let words = "tcp and http need a network, but the network mode is none";
    let engine = Engine::unix([]);
    let failure = Run::new(spec()).ready(ready()).start(&engine.docker(44)).await.expect_err("refused");
    assert!(failure.step() == Step::Check && failure.to_string().contains(words), "{failure}");
    let project = Project::new("shop").service("web", Service::new(spec()).ready(ready()));
    let failure = project.deployment("prod", &engine.docker(44)).expect_err("refused");
    assert!(failure.step() == Step::Check && failure.to_string().contains(words), "{failure}");

    let none = json!({"Id": "1", "State": {"Status": "running"}, "HostConfig": {"NetworkMode": "none"}});
    let [wait, inspect, _] = begun(&none, Response::status(200));
    let engine = Engine::unix([wait, inspect]);
    let refused = ready().wait_for(&engine.docker(44), "web", Duration::from_secs(30)).await;
    assert!(matches!(&refused, Err(Cause::Refused(why)) if why.contains(words)), "{refused:?}");
}

#[tokio::test]
async fn a_log_that_ends_before_the_container_is_read_on() {
    let logs = || on("GET /containers/1/logs?stdout=true&stderr=true&follow=true&since=1795509001.000000000");
    let output = |text: &str| Response::output([(longshore::stream::Source::Stdout, text)]);
    let mut container = on_host();
    container["State"]["FinishedAt"] = json!("2026-11-24T08:30:01Z");
    let script = begun(&container, Response::chunked(200, "application/json").stall()).into_iter();
    let engine = Engine::unix(script.chain([logs().respond(output("one\n")), logs().respond(output("one\nup\n"))]));
    let ready = Ready::log_line("up");
    ready.wait_for(&engine.docker(44), "web", Duration::from_secs(30)).await.expect("ready");
}
