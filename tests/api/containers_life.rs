//! Start, stop, kill, restart and remove.

use crate::support::{Engine, Response, on};
use longshore::container::Signal;
use longshore::{Docker, ErrorKind, Result};
use std::time::Duration;

const FOREVER: Duration = Duration::MAX;

#[tokio::test]
async fn requests_as_the_api_has_them() {
    let engine = Engine::unix([
        on("POST /v1.41/containers/web/start").with_header("content-length", "0"),
        on("POST /v1.41/containers/web/start?detachKeys=ctrl-p%2Cctrl-q"),
        on("POST /v1.41/containers/web/stop").with_header("content-length", "0"),
        on("POST /v1.41/containers/web/stop?t=2"),
        on("POST /v1.41/containers/web/stop?t=0"),
        on("POST /v1.41/containers/web/kill"),
        on("POST /v1.41/containers/web/kill?signal=SIGHUP"),
        on("POST /v1.41/containers/web/kill?signal=SIGRTMIN%2B3"),
        on("POST /v1.41/containers/web/kill?signal=9"),
        on("POST /v1.41/containers/web/restart"),
        on("POST /v1.41/containers/web/restart?t=-1"),
        on("DELETE /v1.41/containers/web"),
        on("DELETE /v1.41/containers/web?v=true&force=true"),
        on("DELETE /v1.41/containers/app/db?link=true"),
    ]);
    let docker = engine.docker(41);
    let web = docker.container("web");
    web.start().await.expect("started");
    web.start().detach_keys("ctrl-p,ctrl-q").await.expect("started");
    web.stop().await.expect("stopped");
    web.stop().timeout(Duration::from_millis(1001)).await.expect("stopped");
    web.stop().timeout(FOREVER).timeout(Duration::ZERO).await.expect("stopped");
    web.kill().await.expect("killed");
    web.kill().signal("hup").await.expect("told");
    web.kill().signal("rtmin+3").await.expect("told");
    web.kill().signal(9).await.expect("told");
    web.restart().await.expect("restarted");
    web.restart().timeout(FOREVER).await.expect("restarted");
    web.remove().await.expect("removed");
    web.remove().volumes(true).force(true).await.expect("removed");
    docker.container("/app/db").remove().link(true).await.expect("the link removed");
}

#[tokio::test]
async fn a_signal_goes_with_stop_and_restart_since_1_42() {
    let engine = Engine::unix([
        on("POST /v1.42/containers/web/stop?t=5&signal=SIGINT"),
        on("POST /v1.42/containers/web/restart?signal=SIGUSR1"),
    ]);
    let web = engine.docker(42).container("web");
    web.stop().timeout(Duration::from_secs(5)).signal(Signal::INT).await.expect("stopped");
    web.restart().signal("USR1").await.expect("restarted");

    let web = engine.docker(41).container("web");
    for error in [
        web.stop().signal(Signal::INT).await.expect_err("too old"),
        web.restart().signal(Signal::INT).await.expect_err("too old"),
    ] {
        assert!(error.is_version());
        assert_eq!(error.message(), "signal requires API 1.42 or later, and this engine speaks API 1.41");
    }
}

// behaviour 18
#[tokio::test]
async fn what_is_so_already_is_fine() {
    let engine = Engine::unix([
        on("POST /v1.41/containers/web/start").respond(Response::status(304)),
        on("POST /v1.41/containers/web/stop").respond(Response::status(304)),
        on("POST /v1.41/containers/web/start").respond(Response::status(204)),
    ]);
    let web = engine.docker(41).container("web");
    web.start().await.expect("it runs");
    web.stop().await.expect("it is stopped");
    web.start().await.expect("started");
    assert_eq!(engine.connections(), 1, "an answer without a body leaves the connection usable");
}

/// What an operation makes of an answer.
async fn answered(operation: &str, docker: &Docker) -> Result<()> {
    let web = docker.container("web");
    match operation {
        "POST start" => web.start().await,
        "POST stop" => web.stop().await,
        "POST kill" => web.kill().await,
        "POST restart" => web.restart().await,
        _ => web.remove().await,
    }
}

// behaviours 18, 20 and 23
#[tokio::test]
async fn errors_say_which_call_and_why() {
    for (operation, status, words) in [
        ("POST start", 404, "No such container: web"),
        ("POST start", 409, "cannot start a paused container, try unpause instead"),
        ("POST start", 400, "exec: \"/bin/nothing\": stat /bin/nothing: no such file or directory: unknown"),
        ("POST start", 500, "driver failed programming external connectivity: Bind for 0.0.0.0:80 failed"),
        ("POST stop", 404, "No such container: web"),
        ("POST kill", 404, "Cannot kill container: web: No such container: web"),
        ("POST kill", 409, "Cannot kill container: web: Container 8dfa is not running"),
        ("POST kill", 400, "Invalid signal: SIG42"),
        ("POST restart", 404, "No such container: web"),
        ("DELETE", 404, "No such container: web"),
        ("DELETE", 409, "You cannot remove a running container 8dfa. Stop the container before attempting removal"),
    ] {
        let call = match operation.split_once(' ') {
            Some((method, operation)) => format!("{method} /containers/web/{operation}"),
            None => format!("{operation} /containers/web"),
        };
        let request = call.replacen(" /", " /v1.41/", 1);
        let engine = Engine::unix([on(&request).respond(Response::error(status, words))]);
        let error = answered(operation, &engine.docker(41)).await.expect_err(words);
        let predicates = (error.is_not_found(), error.is_conflict(), error.is_invalid());
        assert_eq!(predicates, (status == 404, status == 409, status == 400), "{error}");
        assert_eq!((error.kind(), error.status(), error.message()), (ErrorKind::Status, Some(status), words));
        assert_eq!(error.call(), Some(call.as_str()));
    }
}

#[tokio::test]
async fn what_is_no_signal_is_not_sent() {
    let engine = Engine::unix([]);
    let web = engine.docker(42).container("web");
    for nothing in ["", " ", "-9", "?"] {
        for error in [
            web.kill().signal(nothing).await.expect_err(nothing),
            web.stop().signal(nothing).await.expect_err(nothing),
            web.restart().signal(nothing).await.expect_err(nothing),
        ] {
            assert!(error.is_invalid() && error.message().contains("invalid signal"), "{error}");
        }
    }
    assert_eq!(engine.connections(), 0);
}

/// Only where the engine's words say so: these are of Docker 20.10 to 28, and of Podman.
#[tokio::test]
async fn a_port_that_is_in_use_says_what_to_do() {
    let (container, program) = (
        "; stop the container that publishes this port, or publish another one",
        "; stop the program that listens on this port, or publish another one",
    );
    for (message, hint) in [
        (
            "driver failed programming external connectivity on endpoint web (ab): Bind for 0.0.0.0:80 failed: port is already allocated",
            container,
        ),
        (
            "driver failed programming external connectivity on endpoint web (ab): Error starting userland proxy: listen tcp4 127.0.0.1:80: bind: address already in use",
            program,
        ),
        (
            "failed to set up container networking: driver failed programming external connectivity on endpoint web (ab): failed to bind host port 0.0.0.0:80/tcp: address already in use",
            program,
        ),
        ("rootlessport listen tcp 0.0.0.0:80: bind: address already in use", program),
        ("Address already in use", "(500 Internal Server Error)"), // an IP address
    ] {
        for call in ["start", "restart"] {
            let engine =
                Engine::unix([on(format!("POST /v1.41/containers/web/{call}")).respond(Response::error(500, message))]);
            let web = engine.docker(41).container("web");
            let error = if call == "start" { web.start().await } else { web.restart().await }.expect_err(message);
            assert!(error.message() == message && error.to_string().ends_with(hint), "{error}");
        }
    }
}
