//! What a person reads at 3 a.m.

use crate::support::{Engine, Response, on};
use longshore::{Docker, ErrorKind};
use std::error::Error as _;

async fn failure(answer: Response) -> longshore::Error {
    let engine = Engine::unix([on("GET /v1.41/containers/web/json").respond(answer)]);
    engine.docker(41).container("web").inspect().await.expect_err("an error")
}

#[tokio::test]
async fn no_socket() {
    let docker = Docker::connect("unix:///nowhere/docker.sock").expect("a client");
    let error = docker.container("web").start().await.expect_err("no engine");
    assert!(error.is_connect() && error.source().is_some());
    assert_eq!(
        error.to_string(),
        "POST /containers/web/start: cannot connect to unix:///nowhere/docker.sock: No such file or directory (os error 2); \
         no such socket: is an engine running? set DOCKER_HOST to use another one"
    );
}

#[tokio::test]
async fn nothing_listens() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("dead.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).expect("a socket"));
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").port();
    for host in [format!("unix://{}", path.display()), format!("tcp://127.0.0.1:{port}")] {
        let error = Docker::connect(&host).expect("a client").ping().await.expect_err("no engine");
        assert!(error.is_connect());
        assert_eq!(
            error.to_string(),
            format!("HEAD /_ping: cannot connect to {host}: Connection refused (os error 111); is the engine running?")
        );
    }
}

#[tokio::test]
async fn the_engines_own_words() {
    let error = failure(Response::error(404, "No such container: web")).await;
    assert!(error.is_not_found() && error.kind() == ErrorKind::Status);
    assert_eq!(error.message(), "No such container: web");
    assert_eq!(error.call(), Some("GET /containers/web/json"));
    assert_eq!(error.to_string(), "GET /containers/web/json: No such container: web (404 Not Found)");
    assert!(failure(Response::error(409, "x")).await.is_conflict());
    assert!(failure(Response::error(401, "x")).await.is_unauthorized());
    assert!(failure(Response::error(403, "x")).await.is_forbidden());
    assert!(failure(Response::error(400, "x")).await.is_invalid());
}

#[tokio::test]
async fn a_page_of_a_proxy() {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><hr>nginx</body>\r\n</html>";
    assert_eq!(
        failure(Response::body(502, "text/html", page)).await.to_string(),
        "GET /containers/web/json: the response is a page of a web server or proxy: 502 Bad Gateway (502 Bad Gateway)"
    );
    let error = failure(Response::body(200, "text/html", page)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(
        error.to_string().starts_with("GET /containers/web/json: the response is not JSON: <html> <head>"),
        "{error}"
    );
}

#[tokio::test]
async fn an_error_without_words() {
    assert_eq!(
        failure(Response::status(500)).await.to_string(),
        "GET /containers/web/json: the engine gave no reason: the response's body is empty (500 Internal Server Error)"
    );
    assert_eq!(
        failure(Response::text(400, "{}")).await.to_string(),
        "GET /containers/web/json: the engine gave no reason (400 Bad Request)"
    );
    assert!(failure(Response::status(599)).await.to_string().ends_with("(599)"));
}

#[tokio::test]
async fn an_error_longer_than_any() {
    let head = Response::chunked(500, "text/plain");
    let endless = (0..40).fold(head, |answer, _| answer.chunk(vec![b'x'; 64 << 10]));
    let error = failure(endless).await; // its end never comes, and need not
    assert!(error.to_string().len() < 400, "{} bytes", error.to_string().len());
}

#[tokio::test]
async fn a_redirection() {
    let moved = "HTTP/1.1 301 Moved Permanently\r\nLocation: /v1.41/volumes/web\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(
        failure(Response::raw(moved)).await.to_string(),
        "GET /containers/web/json: the response is a redirection, which no engine's API needs: \
         is there an engine at this address? (301 Moved Permanently)"
    );
}

#[tokio::test]
async fn a_port_that_speaks_tls() {
    let error = failure(Response::body(400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n")).await;
    assert!(error.to_string().ends_with("this port speaks TLS, and plain text was sent to it"), "{error}");
}

#[tokio::test]
async fn a_body_that_breaks_off() {
    for broken in [
        Response::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Id\":").close(),
        Response::chunked(200, "application/json").chunk("{\"Id\":").close(),
    ] {
        let error = failure(broken).await;
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        assert_eq!(
            error.to_string(),
            "GET /containers/web/json: the connection closed before the response was complete"
        );
    }
}

#[tokio::test]
async fn what_is_no_http() {
    let error = failure(Response::raw("SSH-2.0-OpenSSH_9.2\r\n")).await;
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert!(error.to_string().contains("invalid HTTP version"), "{error}");
}

#[tokio::test]
async fn json_that_is_wrong_at_a_place() {
    let error = failure(Response::text(200, "{\"Id\":\"a\",\"State\":{\"Pid\":\"hunter2\"}}")).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    let text = error.to_string();
    assert!(text.contains("the response is not what the API documents: invalid type: string, expected"), "{text}");
    assert!(text.ends_with(" at $.State.Pid"), "{text}");
    assert!(!format!("{text} {error:?}").contains("hunter2"), "no value is shown: {error:?}");

    assert!(
        failure(Response::text(200, "")).await.to_string().ends_with("the response is empty, where JSON was expected")
    );
    let cut = failure(Response::text(200, "{\"State\":{\"Pid\":1")).await.to_string();
    assert!(cut.ends_with("EOF while parsing an object at $.State"), "{cut}");
}

#[tokio::test]
async fn what_is_no_name_never_reaches_the_engine() {
    let engine = Engine::unix([]);
    let docker = engine.docker(41);
    for name in ["", " ", "..", "x/../../volumes/precious", "a\nb", "a//b", "web/"] {
        let error = docker.container(name).start().await.expect_err(name);
        assert_eq!(error.kind(), ErrorKind::Input, "{name:?}: {error}");
        let error = docker.container(name).remove().await.expect_err(name);
        assert!(error.is_invalid() && error.to_string().contains("invalid container name or ID"), "{name:?}: {error}");
        assert!(docker.volume(name).remove().await.expect_err(name).is_invalid(), "{name:?}");
        assert!(docker.network(name).remove().await.expect_err(name).is_invalid(), "{name:?}");
        assert!(docker.image(name).inspect().await.expect_err(name).is_invalid(), "{name:?}");
    }
    let error = docker.container("../x").start().await.expect_err("no name");
    assert_eq!(
        error.to_string(),
        "POST /containers/..%2Fx/start: invalid container name or ID \"../x\": it must not have a segment of dots, which would lead elsewhere"
    );
    assert_eq!(engine.connections(), 0);
}

#[tokio::test]
async fn what_looks_like_a_query_stays_a_name() {
    let engine = Engine::unix([
        on("DELETE /v1.41/containers/a%3Fforce%3Dtrue").respond(Response::error(404, "No such container")),
        on("DELETE /v1.41/containers/a%23b").respond(Response::error(404, "No such container")),
        on("DELETE /v1.41/containers/a%252F..%252Fb").respond(Response::error(404, "No such container")),
    ]);
    for name in ["a?force=true", "a#b", "a%2F..%2Fb"] {
        assert!(engine.docker(41).container(name).remove().await.expect_err(name).is_not_found());
    }
}
