//! Calls of any method and path.

use crate::support::peer::Peer;
use crate::support::produce::pieces;
use crate::support::{Engine, Response, on};
use longshore::raw::RawResponse;
use longshore::{Docker, ErrorKind, Limits, Upload};
use serde_json::{Value, json};
use std::sync::mpsc::channel;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn a_call_is_what_was_said() {
    let engine = Engine::unix([
        on("GET /v1.41/plugins"),
        on("POST /v1.41/plugins/vieux/sshfs:latest/enable?timeout=30").with_header("content-length", "0"),
        on("DELETE /v1.41/a%3Fb/c%23d?x%3Dy%26z=a%20b%26c&names=1&names=2"),
        on("PATCH /v1.41/things/1").with_json(json!({"Name": "x"})).with_header("x-registry-auth", "e30="),
        on("PUT /v1.41/things/1").with_header("content-type", "text/plain").with_body(*b"in memory"),
        on("POST /v1.41/things").with_header("transfer-encoding", "chunked").with_body([0, 0, 1, 1]),
        on("HEAD /_ping"),
        on("OPTIONS /anything?a=1"),
    ]);
    let docker = engine.docker(41);
    docker.raw("GET", ["plugins"]).await.expect("an answer").bytes().await.expect("nothing");
    let (name, path) = ("vieux/sshfs:latest".to_owned(), vec!["a?b".to_owned(), "c#d".to_owned()]);
    let enable = docker.raw("POST", ["plugins", &name, "enable"]).query("timeout", 30);
    assert_eq!(enable.await.expect("an answer").status(), 204);
    let delete = docker.raw("DELETE", &path).query("x=y&z", "a b&c").query("names", 1).query("names".to_owned(), "2");
    assert_eq!(delete.await.expect("an answer").status(), 204);
    let change = docker.raw("PATCH", ["things", "1"]).header("X-Registry-Auth", "e30=").json(&json!({"Name": "x"}));
    change.await.expect("an answer").bytes().await.expect("nothing");
    let put = docker.raw("PUT", ["things/1"]).upload("text/plain", &b"in memory"[..]);
    put.await.expect("an answer").bytes().await.expect("nothing");
    let post = docker.raw("POST", ["things"]).upload("application/octet-stream", Upload::stream(pieces(2, 2)));
    post.await.expect("an answer").bytes().await.expect("nothing");
    docker.raw("HEAD", ["_ping"]).versioned(false).await.expect("an answer").bytes().await.expect("nothing");
    docker
        .raw("OPTIONS", ["anything"])
        .query("a", 1)
        .versioned(false)
        .await
        .expect("an answer")
        .bytes()
        .await
        .expect("nothing");
}

#[tokio::test]
async fn the_version_is_agreed_upon_unless_there_is_none() {
    let engine =
        Engine::unix([on("GET /first"), on("HEAD /_ping").respond(Response::ping("1.43")), on("GET /v1.43/second")]);
    let docker = engine.negotiating();
    docker.raw("GET", ["first"]).versioned(false).await.expect("an answer").bytes().await.expect("nothing");
    docker.raw("GET", ["second"]).await.expect("an answer").bytes().await.expect("nothing");
}

struct NotJson;

impl serde::Serialize for NotJson {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no"))
    }
}

#[tokio::test]
async fn what_is_wrong_is_not_sent() {
    let engine = Engine::unix([]);
    let docker = engine.docker(41);
    for method in ["", "get", "G ET", "GET\r\n", "CONNECT", "GÉT"] {
        let error = docker.raw(method, ["x"]).await.expect_err(method);
        assert!(error.is_invalid() && error.message().contains("invalid HTTP method"), "{error}");
    }
    for path in [vec![], vec![""], vec!["a", ""], vec![".."], vec!["a/../b"], vec!["a\n"]] {
        assert!(docker.raw("GET", &path).await.expect_err("no path").is_invalid(), "{path:?}");
    }
    for (name, value) in [("a b", "x"), ("", "x"), ("é", "x"), ("x", "a\r\nHost: b"), ("x", "\0")] {
        let error = docker.raw("GET", ["x"]).header(name, value).await.expect_err(name);
        assert!(error.is_invalid() && !error.to_string().contains("Host"), "{error}");
    }
    for name in ["Content-Length", "transfer-encoding", "Connection", "UPGRADE"] {
        let error = docker.raw("GET", ["x"]).header(name, "1").await.expect_err(name);
        assert!(error.is_invalid() && error.message().contains("cannot be set"), "{error}");
    }
    assert!(docker.raw("POST", ["x"]).json(&NotJson).await.expect_err("no JSON").is_invalid());
    assert_eq!(engine.connections(), 0);
}

#[derive(Debug, serde::Deserialize)]
struct Numbers {
    #[allow(dead_code, reason = "only decoded")]
    a: u8,
}

async fn answered(docker: &Docker) -> longshore::Result<RawResponse> {
    docker.raw("GET", ["x"]).await
}

#[tokio::test]
async fn an_answer_is_read_as_one_likes() {
    let body = || {
        Response::raw("HTTP/1.1 200 OK\r\nX-Kind: a thing\r\nX-Bytes: \u{e9}\r\nContent-Length: 9\r\n\r\n{\"a\":[1]}")
    };
    let engine = Engine::unix((0..5).map(|_| on("GET /v1.41/x").respond(body())).chain([
        on("GET /v1.41/x").respond(Response::status(304)),
        on("GET /v1.41/x").respond(Response::body(200, "text/plain", "not JSON")),
        on("GET /v1.41/x").respond(Response::text(200, "{\"a\":\"x\"}")),
    ]));
    let docker = engine.docker(41);
    let answer = answered(&docker).await.expect("an answer");
    assert_eq!((answer.status(), answer.header("x-kind"), answer.header("X-None")), (200, Some("a thing"), None));
    assert_eq!(answer.header("x-bytes"), None);
    let shown = format!("{answer:?}");
    assert!(shown.contains("GET /x") && !shown.contains("a thing"), "{shown}");
    assert_eq!(answer.json::<Value>().await.expect("JSON"), json!({"a": [1]}));
    assert_eq!(answered(&docker).await.expect("an answer").bytes().await.expect("bytes"), "{\"a\":[1]}");
    assert_eq!(answered(&docker).await.expect("an answer").text().await.expect("text"), "{\"a\":[1]}");
    let mut stream = answered(&docker).await.expect("an answer").stream();
    assert_eq!(stream.next().await.expect("a piece").expect("a piece"), "{\"a\":[1]}");
    assert!(stream.next().await.is_none());
    let error = answered(&docker).await.expect("an answer").upgrade().expect_err("no upgrade");
    assert_eq!(error.to_string(), "GET /x: the engine did not switch protocols: it responded with 200 OK");
    let nothing = answered(&docker).await.expect("nothing to do");
    assert_eq!((nothing.status(), nothing.text().await.expect("nothing")), (304, String::new()));
    let error = answered(&docker).await.expect("an answer").json::<Value>().await.expect_err("no JSON");
    assert_eq!((error.kind(), error.call()), (ErrorKind::Decode, Some("GET /x")));
    let error = answered(&docker).await.expect("an answer").json::<Numbers>().await.expect_err("no number");
    assert!(error.to_string().ends_with("expected u8 at $.a"), "{error}");
}

#[tokio::test]
async fn errors_are_those_of_every_call() {
    let engine = Engine::unix([
        on("GET /v1.41/x").respond(Response::error(404, "page not found")),
        on("GET /v1.41/x").respond(Response::body(502, "text/html", "<title>Bad Gateway</title>")),
        on("GET /v1.41/x").respond(Response::raw("").stall()),
        on("GET /v1.41/x").respond(Response::raw("").close()),
    ]);
    let docker = engine.docker(41);
    let error = answered(&docker).await.expect_err("no such page");
    assert!(error.is_not_found());
    assert_eq!(error.to_string(), "GET /x: page not found (404 Not Found)");
    assert!(answered(&docker).await.expect_err("a proxy").message().ends_with("proxy: Bad Gateway"));
    let limits = Limits::new().head(Duration::from_millis(50));
    assert!(docker.raw("GET", ["x"]).limits(limits).await.expect_err("silence").is_timeout());
    assert_eq!(answered(&docker).await.expect_err("it hangs up").kind(), ErrorKind::Interrupted);
}

#[tokio::test]
async fn a_secret_is_not_shown() {
    let docker = Docker::connect("unix:///nowhere").expect("a client");
    let call = docker.raw("GET", ["x"]).header("x-registry-auth", "hunter2").query("password", "hunter2");
    assert_eq!(format!("{call:?}"), "Raw(GET /x)");
    assert!(!format!("{:?}", call.await.expect_err("no engine")).contains("hunter2"));
}

// behaviour 35: what comes along with the 101 is not lost
#[tokio::test]
async fn a_connection_that_switches_protocols_is_handed_over() {
    let serve = |mut connection: crate::support::peer::Connection| {
        let request = connection.head();
        assert!(request.starts_with("post /v1.41/session http/1.1\r\n"), "{request}");
        assert!(
            request.contains("\r\nconnection: upgrade\r\n") && request.contains("\r\nupgrade: h2c\r\n"),
            "{request}"
        );
        connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nfirst words, ");
        let words = connection.rest(); // to the end of the client's side
        connection.send(words);
    };
    for peer in Peer::both(serve) {
        let answer = peer.docker().raw("POST", ["session"]).upgrade("h2c").await.expect("an answer");
        assert_eq!((answer.status(), answer.header("upgrade")), (101, Some("h2c")));
        let mut connection = answer.upgrade().expect("a connection");
        connection.write_all(b"and what the client says").await.expect("written");
        connection.shutdown().await.expect("half-closed");
        let mut heard = String::new();
        connection.read_to_string(&mut heard).await.expect("read");
        assert_eq!(heard, "first words, and what the client says");
    }
}

#[tokio::test]
async fn a_session_says_what_it_serves() {
    let serve = |mut connection: crate::support::peer::Connection| {
        let request = connection.head();
        for line in [
            "post /v1.41/session http/1.1",
            "upgrade: h2c",
            "x-docker-expose-session-uuid: b5f1",
            "x-docker-expose-session-name: shop",
            "x-docker-expose-session-sharedkey: key",
            "x-docker-expose-session-grpc-method: /grpc.health.v1.health/check",
            "x-docker-expose-session-grpc-method: /moby.filesync.v1.filesync/diffcopy",
        ] {
            assert!(request.lines().any(|sent| sent == line), "{request}\nhas not {line}");
        }
        connection.send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nPRI * HTTP/2.0");
    };
    let peer = Peer::unix(serve);
    let session = peer.docker().session("b5f1").name("shop").shared_key("key").method("/grpc.health.v1.Health/Check");
    let mut connection = session.method("/moby.filesync.v1.FileSync/DiffCopy").await.expect("a connection");
    let mut heard = String::new();
    connection.read_to_string(&mut heard).await.expect("read");
    assert_eq!(heard, "PRI * HTTP/2.0");
    assert!(peer.docker().session(" ").await.expect_err("no id").is_invalid());
}

#[tokio::test]
async fn writing_to_a_peer_that_is_gone_fails() {
    for peer in Peer::both(|mut connection| {
        connection.head();
        connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
    }) {
        let answer = peer.docker().raw("POST", ["session"]).upgrade("tcp").await.expect("an answer");
        let mut connection = answer.upgrade().expect("a connection");
        assert_eq!(connection.read(&mut [0]).await.expect("the end"), 0);
        let write = async { while connection.write_all(&[0; 1024]).await.is_ok() {} };
        tokio::time::timeout(Duration::from_secs(10), write).await.expect("it does not wait for ever");
    }
}

#[tokio::test]
async fn dropping_what_was_not_read_closes() {
    let (closed, told) = channel();
    let answer = Response::chunked(200, "text/plain").chunk("more follows").stall().on_close(closed);
    let engine = Engine::unix([on("GET /v1.41/x").respond(answer)]);
    let docker = engine.docker(41);
    drop(answered(&docker).await.expect("an answer"));
    told.recv_timeout(Duration::from_secs(10)).expect("closed");
}
