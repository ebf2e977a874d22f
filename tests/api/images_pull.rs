//! Pulling: what is asked for, what is shown, and every way for it to fail.

use crate::support::{Engine, Exchange, Response, fixture, on};
use longshore::{Credentials, ErrorKind};
use std::sync::mpsc::channel;
use std::time::Duration;

const DIGEST: &str = "sha256:afcc7f1ac1b49db317a7196c902e61c6c3c4607d63599ee1a82d702d249a0ccb";
const ASKED: &str = "POST /v1.41/images/create?fromImage=docker.io%2Flibrary%2Fnginx&tag=1.27";

fn pulling() -> Exchange {
    on(ASKED)
}

fn chunked() -> Response {
    Response::chunked(200, "application/json")
}

fn done() -> Response {
    chunked().chunk("{\"status\":\"Pulling from library/nginx\",\"id\":\"1.27\"}\r\n").end()
}

/// How `pull("nginx:1.27")` fails if this is answered.
async fn failure(answer: Response) -> longshore::Error {
    let engine = Engine::unix([pulling().respond(answer)]);
    engine.docker(41).images().pull("nginx:1.27").await.expect_err("an error")
}

#[tokio::test]
async fn asks_for_one_image_and_never_for_all_tags() {
    let by_digest = format!("nginx@{DIGEST}");
    let by_both = format!("registry.example.com:5000/team/web:1.0@{DIGEST}");
    let digest = DIGEST.replace(':', "%3A");
    for (reference, from_image, tag) in [
        ("nginx", "docker.io%2Flibrary%2Fnginx", "latest"),
        ("nginx:1.27", "docker.io%2Flibrary%2Fnginx", "1.27"),
        ("team/web", "docker.io%2Fteam%2Fweb", "latest"),
        ("localhost:5000/web", "localhost%3A5000%2Fweb", "latest"),
        (&by_digest, "docker.io%2Flibrary%2Fnginx", &digest),
        (&by_both, "registry.example.com%3A5000%2Fteam%2Fweb", &digest),
    ] {
        let asked = format!("POST /v1.41/images/create?fromImage={from_image}&tag={tag}");
        let engine = Engine::unix([on(&asked).respond(done())]);
        engine.docker(41).images().pull(reference).await.expect(reference);
        assert_eq!(engine.received()[0].header("x-registry-auth"), None, "nobody in particular");
    }
}

#[tokio::test]
async fn all_tags_are_pulled_if_they_are_asked_for() {
    let asked = "POST /v1.41/images/create?fromImage=docker.io%2Flibrary%2Fnginx";
    let engine = Engine::unix([on(asked).respond(done()), on(ASKED).respond(done())]);
    let images = engine.docker(41).images();
    images.pull("nginx").all_tags(true).await.expect("pulled");
    images.pull("nginx:1.27").all_tags(true).all_tags(false).await.expect("pulled");
    for one in ["nginx:1.27".to_owned(), format!("nginx@{DIGEST}")] {
        let error = images.pull(one.as_str()).all_tags(true).await.expect_err("it names one");
        assert!(error.is_invalid() && error.message().contains("neither tag nor digest"), "{error}");
    }
}

#[tokio::test]
async fn asks_for_a_platform() {
    for (platform, sent) in [("linux/arm64", "linux%2Farm64"), ("linux/arm/v7", "linux%2Farm%2Fv7")] {
        let asked = format!("{ASKED}&platform={sent}");
        let engine = Engine::unix([on(&asked).respond(done())]);
        engine.docker(41).images().pull("nginx:1.27").platform(platform).await.expect(platform);
    }
}

#[tokio::test]
async fn what_is_no_image_or_platform_is_not_sent() {
    let engine = Engine::unix([]);
    let images = engine.docker(41).images();
    for reference in ["", "Nginx", "nginx:", "nginx@sha256:12", "https://example.com/web", &DIGEST[7..]] {
        let error = images.pull(reference).await.expect_err(reference);
        assert!(error.is_invalid() && error.to_string().contains("invalid image reference"), "{error}");
    }
    let error = images.pull("nginx").platform("linux/").await.expect_err("no platform");
    assert!(error.is_invalid() && error.to_string().contains("invalid platform \"linux/\""), "{error}");
}

#[tokio::test]
async fn credentials_are_written_in_the_alphabet_that_engines_read() {
    for (credentials, header) in [
        (Credentials::password("u", "p?a?s?s?"), "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InA_YT9zP3M_In0="),
        (
            Credentials::password("u", "abc>~?").server("r"),
            "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6ImFiYz5-PyIsInNlcnZlcmFkZHJlc3MiOiJyIn0=",
        ),
        (Credentials::identity_token("t"), "eyJpZGVudGl0eXRva2VuIjoidCJ9"),
        (Credentials::registry_token("t"), "eyJyZWdpc3RyeXRva2VuIjoidCJ9"),
    ] {
        let engine = Engine::unix([pulling().with_header("x-registry-auth", header).respond(done())]);
        engine.docker(41).images().pull("nginx:1.27").credentials(&credentials).await.expect("pulled");
    }
}

#[tokio::test]
async fn tells_how_it_ended() {
    let engine = Engine::unix([
        pulling().respond(Response::text(200, &fixture("docker-20.10.24/image_pull.json"))),
        pulling().respond(Response::text(200, &fixture("docker-20.10.24/image_pull_again.json"))),
        pulling().respond(done()),
    ]);
    let images = engine.docker(41).images();
    let first = images.pull("nginx:1.27").await.expect("pulled");
    let again = images.pull("nginx:1.27").await.expect("up to date");
    assert!(first.newer && !again.newer);
    let digest = first.digest.as_deref().expect("a digest");
    assert!(digest.starts_with("sha256:") && digest.len() == 71, "{digest}");
    assert_eq!(again.digest, first.digest);
    assert_eq!(images.pull("nginx:1.27").await.expect("pulled").digest, None, "if the engine does not say");
}

#[tokio::test]
async fn shows_each_step_at_whatever_places_the_stream_is_cut() {
    let recorded = fixture("docker-20.10.24/image_pull.json");
    for size in [1, 7, 100, recorded.len()] {
        let answer = recorded.as_bytes().chunks(size).fold(chunked(), Response::chunk).end();
        let engine = Engine::unix([pulling().respond(answer)]);
        let mut stream = engine.docker(41).images().pull("nginx:1.27").stream().await.expect("a stream");
        let mut steps = Vec::new();
        while let Some(step) = stream.next().await {
            steps.push(step.expect("a step"));
        }
        assert_eq!(steps.len(), recorded.lines().count());
        assert_eq!(
            (steps[0].id.as_deref(), steps[0].status.as_deref()),
            (Some("2"), Some("Pulling from longshore/web"))
        );
        let of_status = |status: &str| steps.iter().find(|step| step.status.as_deref() == Some(status));
        let downloading = of_status("Downloading").expect("a download").clone();
        let (current, total) = (downloading.progress_detail.current, downloading.progress_detail.total);
        assert!(current > Some(0) && current < total && total > Some(1_000_000), "{downloading:?}");
        assert!(downloading.progress.expect("a bar").starts_with("[=>"));
        assert_eq!(of_status("Pull complete").expect("its end").progress_detail.total, None);
    }
}

#[tokio::test]
async fn an_error_inside_the_stream_is_one_however_it_is_told() {
    let begun = || chunked().chunk("{\"status\":\"Pulling from library/nginx\"}\r\n");
    for record in [
        r#"{"errorDetail":{"message":"denied"},"error":"denied"}"#,
        r#"{"errorDetail":{"message":"denied"}}"#,
        r#"{"error":"denied"}"#,
    ] {
        let error = failure(begun().chunk(record).chunk("\r\n").end()).await;
        assert_eq!((error.kind(), error.status()), (ErrorKind::Stream, None), "{record}");
        assert_eq!(error.to_string(), "POST /images/create: denied", "{record}");
    }
    let record = r#"{"errorDetail":{"code":404,"message":"manifest unknown"},"error":"manifest unknown"}"#;
    let error = failure(begun().chunk(record).end()).await;
    assert!(error.is_not_found() && error.kind() == ErrorKind::Stream);
    assert_eq!(error.to_string(), "POST /images/create: manifest unknown (404 Not Found)");

    let error = failure(Response::text(200, &fixture("docker-20.10.24/image_pull_error.json"))).await;
    assert_eq!((error.kind(), error.message()), (ErrorKind::Stream, "operating system is not supported"));
}

#[tokio::test]
async fn an_error_is_the_end_of_the_stream() {
    let more = "{\"error\":\"denied\"}\r\n{\"status\":\"Digest: sha256:00\"}\r\n";
    let engine = Engine::unix([pulling().respond(chunked().chunk("{\"status\":\"a\"}\r\n").chunk(more).end())]);
    let mut steps = engine.docker(41).images().pull("nginx:1.27").stream().await.expect("a stream");
    assert!(steps.next().await.expect("a step").is_ok());
    assert_eq!(steps.next().await.expect("an error").expect_err("an error").message(), "denied");
    assert!(steps.next().await.is_none() && steps.next().await.is_none());
}

#[tokio::test]
async fn a_stream_that_is_cut_off_is_an_error() {
    let step = "{\"status\":\"Status: Downloaded newer image for nginx:1.27\"}\r\n";
    for (cut, words) in [
        (chunked().close(), "the connection closed before the response was complete"),
        (chunked().chunk(step).close(), "the connection closed before the response was complete"),
        (
            chunked().chunk(step).then("fff\r\n{\"stat").close(),
            "the connection closed before the response was complete",
        ),
        (chunked().chunk(step).chunk("{\"stat").end(), "the connection closed in the middle of a record"),
    ] {
        let error = failure(cut).await;
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        assert_eq!(error.to_string(), format!("POST /images/create: {words}"));
    }
    let error = failure(chunked().chunk(step).chunk("<html>").end()).await;
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
}

#[tokio::test]
async fn an_error_before_the_stream_has_its_status() {
    let denied = "pull access denied for nginx, repository does not exist or may require 'docker login'";
    let error = failure(Response::error(404, denied)).await;
    assert!(error.is_not_found() && error.kind() == ErrorKind::Status);
    assert_eq!(error.to_string(), format!("POST /images/create: {denied} (404 Not Found)"));
    assert!(failure(Response::error(401, "unauthorized")).await.is_unauthorized());
    assert!(failure(Response::error(400, "invalid reference format")).await.is_invalid());
}

#[tokio::test]
async fn dropping_the_stream_closes_its_connection() {
    let (tell, closed) = channel();
    let answer = chunked().chunk("{\"status\":\"a\"}\r\n").stall().on_close(tell);
    let engine = Engine::unix([pulling().respond(answer)]);
    let mut steps = engine.docker(41).images().pull("nginx:1.27").stream().await.expect("a stream");
    assert!(steps.next().await.expect("a step").is_ok());
    drop(steps);
    closed.recv_timeout(Duration::from_secs(10)).expect("closed");
}
