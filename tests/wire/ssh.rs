//! Engines behind an `ssh` that fails: what was sent by then, and what is told of it.

use crate::support::again::Setting;
use longshore::{Docker, ErrorKind, Version};

/// A program that reads the head of a request.
const READ: &str = "end=$(printf '\\r'); head() { while read -r line && [ \"$line\" != \"$end\" ]; do :; done; }";
const FAIL: &str = "echo 'Connection to engine closed by remote host.' >&2; exit 255";

fn docker(script: &str) -> (Docker, Setting) {
    let setting = Setting::new("{}").program("ssh", &format!("{READ}\n{script}"));
    let builder = Docker::builder().host("ssh://engine").ssh_program(setting.path().join("bin/ssh"));
    (builder.api_version(Version::new(1, 41)).build().expect("a client"), setting)
}

#[tokio::test]
async fn a_request_that_may_have_arrived_is_not_said_to_be_unsent() {
    let ping = r"printf 'HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 0\r\n\r\n'";
    let (docker, _setting) = docker(&format!("head; {ping}; head; {FAIL}"));
    docker.ping().await.expect("a ping");
    let error = docker.container("web").start().await.expect_err("the connection is lost");
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(
        error.to_string(),
        "POST /containers/web/start: ssh ended with exit status: 255: Connection to engine closed by remote host. before the \
         engine responded; the engine may or may not have processed the request"
    );
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let (docker, _setting) = docker(FAIL);
    let error = docker.container("web").start().await.expect_err("no connection");
    assert!(error.is_connect(), "{error}");
    assert_eq!(
        error.to_string(),
        "POST /containers/web/start: cannot connect to ssh://engine: ssh ended with exit status: 255: Connection to engine \
         closed by remote host."
    );
}

/// Whether its input or its output is found to be closed first.
#[tokio::test]
async fn the_words_of_ssh_are_told_also_of_an_upload() {
    let (docker, _setting) = docker(&format!("dd bs=1 count=1 >/dev/null 2>&1; {FAIL}"));
    let error = docker.images().load(vec![0; 64 << 20]).await.expect_err("no connection");
    assert!(error.is_connect(), "{error}");
    assert!(error.to_string().ends_with("closed by remote host."), "{error}");
}

#[tokio::test]
async fn a_remote_shell_that_is_not_silent() {
    let (docker, _setting) = docker("head; echo Welcome to the machine; cat");
    let error = docker.container("web").start().await.expect_err("no HTTP");
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(
        error.to_string(),
        "POST /containers/web/start: the peer does not speak HTTP/1.1: invalid HTTP version parsed; the start-up files of \
         the remote shell must print nothing without a terminal"
    );
}
