//! Errors that do not look like ones: with status 200, with status 500 for everything, in a stream, without end.

use crate::support::{Engine, Response, on};
use longshore::ErrorKind;

const STOPPED: &str = r#"{"cause":"container is stopped","message":"container is stopped","response":500}"#;

#[tokio::test]
async fn an_error_with_status_200_is_an_error_on_any_call() {
    let engine = Engine::unix([
        on("GET /v1.41/containers/web/stats?stream=false").respond(Response::text(200, STOPPED)),
        on("GET /v1.41/containers/web/stats?stream=true").respond(Response::text(200, STOPPED)),
        on("GET /v1.41/containers/web/json").respond(Response::text(200, STOPPED)),
        on("GET /v1.41/containers/json").respond(Response::text(200, STOPPED)),
        on("GET /v1.41/events").respond(Response::text(200, STOPPED)),
        on("GET /v1.41/info").respond(Response::text(200, r#"{"message":"not now"}"#)),
    ]);
    let docker = engine.docker(41);
    let web = docker.container("web");
    let errors = [
        web.stats().once().await.expect_err("it is stopped"),
        web.stats().await.expect("a stream").next().await.expect("a record").expect_err("it is stopped"),
        web.inspect().await.expect_err("an error"),
        docker.containers().list().await.expect_err("an error"),
        docker.events().await.expect("a stream").next().await.expect("a record").expect_err("an error"),
    ];
    for error in &errors {
        assert_eq!(error.message(), "container is stopped");
        assert!(error.is_conflict(), "{error}");
    }
    assert_eq!(docker.info().await.expect_err("an error").message(), "not now");
}

#[tokio::test]
async fn a_list_in_place_of_an_object_is_an_error() {
    let engine = Engine::unix([
        on("POST /v1.41/containers/web/wait").respond(Response::text(200, "[5]")),
        on("GET /v1.41/containers/web/json").respond(Response::text(200, " []")),
        on("GET /v1.41/events").respond(Response::text(200, "[]")),
    ]);
    let docker = engine.docker(41);
    let web = docker.container("web");
    let errors = [
        web.wait().await.expect_err("no exit status"),
        web.inspect().await.expect_err("no container"),
        docker.events().await.expect("a stream").next().await.expect("a record").expect_err("no event"),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.message().ends_with("invalid type: sequence, expected an object at $"), "{error}");
    }
}

/// The author of an image chooses its time.
#[tokio::test]
async fn odd_times_are_none_and_wrong_ones_are_not_quoted() {
    let inspect = |time: &str| {
        let body = serde_json::json!({"Id": "sha256:1", "Created": time}).to_string();
        on("GET /v1.41/images/web/json").respond(Response::text(200, &body))
    };
    let odd = ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+05:00", ""];
    let wrong = ["2026-01-01T00:00:00Z token=hunter2", "hunter2", "2026-13-01T00:00:00Z hunter2"];
    let engine = Engine::unix(odd.into_iter().chain(wrong).map(inspect));
    let docker = engine.docker(41);
    for time in odd {
        assert_eq!(docker.image("web").inspect().await.expect(time).created, None, "{time}");
    }
    for time in wrong {
        let error = docker.image("web").inspect().await.expect_err(time).to_string();
        assert!(error.contains("expected an RFC 3339 time at $.Created") && !error.contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn a_refusal_of_a_registry_is_one_whatever_the_status() {
    let denied = "Head \"https://r.example.com/v2/web/manifests/1\": unauthorized: incorrect username or password";
    let unexpected = "unexpected status from HEAD request to http://r.example.com/v2/web/manifests/1: 401 Unauthorized";
    let record = |words: &str| format!("{}\n", serde_json::json!({"errorDetail": {"message": words}, "error": words}));
    let pull = || on("POST /v1.41/images/create?fromImage=r.example.com%2Fweb&tag=1");
    let push = || on("POST /v1.41/images/r.example.com/web/push?tag=1");
    let engine = Engine::unix([
        pull().respond(Response::error(500, denied)),
        pull().respond(Response::text(200, &record(unexpected))),
        push().respond(Response::error(500, unexpected)),
        push().respond(Response::text(200, &record(denied))),
        push().respond(Response::text(200, &record("no basic auth credentials"))),
    ]);
    let docker = engine.docker(41);
    for _ in 0..2 {
        let error = docker.images().pull("r.example.com/web:1").await.expect_err("refused");
        assert!(error.is_unauthorized() && !error.is_not_found(), "{error}");
    }
    for _ in 0..3 {
        let error = docker.image("r.example.com/web:1").push().await.expect_err("refused");
        assert!(error.is_unauthorized(), "{error}");
    }
}

#[tokio::test]
async fn podmans_causes_tell_what_500_does_not() {
    let start = || on("POST /v1.41/containers/web/start");
    let body = |cause: &str| serde_json::json!({"cause": cause, "message": format!("web: {cause}"), "response": 500});
    let engine = Engine::unix([
        start().respond(Response::body(500, "application/json", body("container state improper").to_string())),
        start().respond(Response::body(500, "application/json", body("that name is already in use").to_string())),
        start().respond(Response::body(500, "application/json", body("no space left on device").to_string())),
    ]);
    let web = engine.docker(41).container("web");
    assert!(web.start().await.expect_err("an error").is_conflict());
    assert!(web.start().await.expect_err("an error").is_conflict());
    assert_eq!(web.start().await.expect_err("an error").status(), Some(500));
}

#[tokio::test]
async fn an_error_without_end_is_kept_short() {
    let huge = "x".repeat(10 << 20);
    let record = serde_json::json!({"errorDetail": {"message": huge}}).to_string();
    let deep = "[".repeat(20 << 20);
    let inspect = || on("GET /v1.41/containers/web/json");
    let engine = Engine::unix([
        on("POST /v1.41/images/create?fromImage=r.example.com%2Fweb&tag=1").respond(Response::text(200, &record)),
        inspect().respond(Response::error(500, &huge)),
        inspect().respond(Response::text(200, &deep)),
        inspect().respond(Response::text(200, &format!("{{\"Unknown\":{deep}"))),
        on("GET /v1.41/containers/json").respond(Response::text(200, &deep)),
    ]);
    let docker = engine.docker(41);
    let web = docker.container("web");
    let errors = [
        docker.images().pull("r.example.com/web:1").await.expect_err("an error"),
        web.inspect().await.expect_err("an error"),
        web.inspect().await.expect_err("too deep"),
        web.inspect().await.expect_err("no end"),
        docker.containers().list().await.expect_err("too deep"),
    ];
    for error in &errors {
        assert!(error.to_string().len() < 8 << 10, "{}", error.to_string().len());
        assert!(format!("{error:?}").len() < 16 << 10);
    }
    assert_eq!(errors[4].kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn podmans_line_of_loaded_images_is_one_name_each() {
    let line = r#"{"stream":"Loaded image: localhost/a:1,localhost/b:1\n"}"#;
    let engine = Engine::unix([on("POST /v1.41/images/load?quiet=false").respond(Response::text(200, line))]);
    let loaded = engine.docker(41).images().load(Vec::new()).await.expect("loaded");
    assert_eq!(loaded.images, ["localhost/a:1", "localhost/b:1"]);
}

#[tokio::test]
async fn an_exit_code_that_podman_does_not_tell_is_looked_up() {
    let engine = Engine::unix([
        on("POST /v1.41/containers/job/wait").respond(Response::text(200, r#"{"StatusCode":-1,"Error":null}"#)),
        on("GET /v1.41/containers/job/json")
            .respond(Response::text(200, r#"{"State":{"Status":"created","ExitCode":0}}"#)),
        on("POST /v1.41/containers/job/wait").respond(Response::text(200, r#"{"StatusCode":-1}"#)),
        on("GET /v1.41/containers/job/json").respond(Response::error(404, "no such container")),
    ]);
    let job = engine.docker(41).container("job");
    assert!(job.wait().await.expect("an end").success());
    assert_eq!(job.wait().await.expect("an end").code, -1);
}
