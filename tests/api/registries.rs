//! Credentials of registries: which calls carry which, and what becomes of those that are not taken.

use crate::support::again::{Setting, again, is_again};
use crate::support::{Engine, Exchange, Response, on};
use longshore::container::ContainerSpec;
use longshore::deploy::{PullPolicy, Run};
use longshore::image::BuildContext;
use longshore::{Credentials, Docker, ErrorKind, Limits, Upload, Version};
use serde_json::json;
use std::time::Duration;

const PULL: &str = "POST /v1.41/images/create?fromImage=r.example.com%2Fweb&tag=1";
const PUSH: &str = "POST /v1.41/images/r.example.com/web/push?tag=1";
const WEB: &str = "r.example.com/web:1";
/// `{"username":"u","password":"p?a?s?s?","serveraddress":"r.example.com"}`
const HEADER: &str = "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InA_YT9zP3M_Iiwic2VydmVyYWRkcmVzcyI6InIuZXhhbXBsZS5jb20ifQ==";
/// `p?a?s?s?` is the password.
const CONFIG: &str = r#"{"auths":{"r.example.com":{"auth":"dTpwP2E/cz9zPw=="}}}"#;

fn done() -> Response {
    Response::text(200, "{\"status\":\"done\"}\r\n")
}

fn asked(request: &str) -> Exchange {
    on(request).with_header("x-registry-auth", HEADER).respond(done())
}

fn refused() -> Response {
    Response::error(401, "unauthorized: authentication required")
}

#[tokio::test]
async fn each_call_carries_those_of_its_registry() {
    let setting = Setting::new(CONFIG);
    let found = || Response::text(200, "{}");
    let engine = Engine::unix([
        asked(PULL),
        asked(PUSH),
        asked("GET /v1.41/distribution/r.example.com/web:1/json").respond(found()),
        asked("GET /v1.41/images/search?term=r.example.com%2Fweb").respond(Response::text(200, "[]")),
        on("POST /v1.41/images/create?fromImage=docker.io%2Flibrary%2Fweb&tag=latest").respond(done()),
        on("POST /v1.41/images/docker.io/library/web/push?tag=latest")
            .with_header("x-registry-auth", "e30=")
            .respond(done()),
        on("GET /v1.41/images/search?term=web").respond(Response::text(200, "[]")),
    ]);
    let docker = engine.with_settings(41, setting.path());
    docker.images().pull(WEB).await.expect("pulled");
    docker.image(WEB).push().await.expect("pushed");
    docker.image(WEB).distribution().await.expect("told");
    docker.images().search("r.example.com/web").await.expect("found");
    docker.images().pull("web").await.expect("pulled");
    docker.image("web").push().await.expect("pushed");
    docker.images().search("web").await.expect("found");
    let received = engine.received();
    assert!([4, 6].iter().all(|call| received[*call].header("x-registry-auth").is_none()), "of another registry");
}

#[tokio::test]
async fn docker_hub_has_its_own_name() {
    let setting = Setting::new(r#"{"auths":{"https://index.docker.io/v1/":{"auth":"dTpw"}}}"#);
    // {"username":"u","password":"p","serveraddress":"https://index.docker.io/v1/"}
    let header =
        "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InAiLCJzZXJ2ZXJhZGRyZXNzIjoiaHR0cHM6Ly9pbmRleC5kb2NrZXIuaW8vdjEvIn0=";
    let pull = "POST /v1.41/images/create?fromImage=docker.io%2Flibrary%2Fweb&tag=1";
    let engine = Engine::unix([
        on(pull).with_header("x-registry-auth", header).respond(done()),
        on("GET /v1.41/images/search?term=web")
            .with_header("x-registry-auth", header)
            .respond(Response::text(200, "[]")),
    ]);
    let docker = engine.with_settings(41, setting.path());
    docker.images().pull("web:1").await.expect("pulled");
    docker.images().search("web").await.expect("found");
}

#[tokio::test]
async fn they_are_looked_up_anew_for_each_call_and_may_be_given_or_left_out() {
    let setting = Setting::new("{}");
    let engine = Engine::unix([on(PULL).respond(done()), asked(PULL), asked(PULL), on(PULL).respond(done())]);
    let docker = engine.with_settings(41, setting.path());
    docker.images().pull(WEB).await.expect("by nobody");
    setting.write(CONFIG);
    docker.images().pull(WEB).await.expect("by somebody");
    setting.write("broken");
    let given = Credentials::password("u", "p?a?s?s?").server("r.example.com");
    docker.images().pull(WEB).credentials(&given).await.expect("by somebody else");
    engine.docker(41).images().pull(WEB).await.expect("by nobody");
    let received = engine.received();
    assert!([0, 3].iter().all(|call| received[*call].header("x-registry-auth").is_none()));
}

#[tokio::test]
async fn a_wrong_setting_is_found_out_before_anything_is_sent() {
    let setting = Setting::new("{\n \"auths\": {\"r.example.com\": {\"auth\": \"hunter2\"}}}");
    let engine = Engine::unix([]);
    let docker = Docker::builder().host(engine.host()).config_folder(setting.path()).build().expect("a client");
    let credentials = Credentials::password("u", "hunter2").server("r.example.com");
    let told = |error: longshore::Error, why: &str| {
        assert_eq!(error.kind(), ErrorKind::Config);
        let text = format!("{error} {error:?}");
        assert!(text.contains("config.json") && text.contains(why) && !text.contains("hunter2"), "{text}");
    };
    let field = "$.auths.r.example.com.auth is not base64 of user:password";
    let error = docker.images().pull(WEB).await.expect_err("broken");
    assert_eq!(error.call(), Some("POST /images/create"));
    told(error, field);
    told(docker.image(WEB).push().stream().await.expect_err("broken"), field);
    told(docker.image(WEB).distribution().await.expect_err("broken"), field);
    setting.write("{\n\"credsStore\": 7}");
    told(docker.images().search("r.example.com/web").await.expect_err("broken"), "$.credsStore, in line 2");
    told(docker.login(&credentials).store(true).await.expect_err("broken"), "$.credsStore, in line 2");
    setting.write(r#"{"credsStore":"not-there-at-all"}"#);
    told(docker.login(&credentials).store(true).await.expect_err("absent"), "docker-credential-not-there-at-all");
    assert!(docker.images().pull("not a name").await.expect_err("no name").is_invalid(), "that goes first");
    assert_eq!(engine.connections(), 0);
}

#[tokio::test]
async fn what_is_not_taken_is_looked_up_once_more() {
    let setting = Setting::new(CONFIG);
    let fails =
        |words: &str| Response::text(200, &json!({"errorDetail": {"message": words}, "error": words}).to_string());
    let engine = Engine::unix([
        asked(PULL).respond(refused()),
        asked(PULL),
        asked(PULL).respond(Response::error(500, "Get \"https://r.example.com/v2/\": unauthorized: expired")),
        asked(PULL),
        asked("GET /v1.41/distribution/r.example.com/web:1/json").respond(refused()),
        asked("GET /v1.41/distribution/r.example.com/web:1/json").respond(Response::text(200, "{}")),
        // A push fails in the midst of its answer.
        asked(PUSH).respond(fails("unauthorized: authentication required")),
        asked(PUSH),
    ]);
    let docker = engine.with_settings(41, setting.path());
    docker.images().pull(WEB).await.expect("pulled");
    let mut steps = docker.images().pull(WEB).stream().await.expect("a stream");
    assert_eq!(steps.next().await.expect("a step").expect("a step").status.as_deref(), Some("done"));
    docker.image(WEB).distribution().await.expect("told");
    docker.image(WEB).push().await.expect("pushed");
}

#[tokio::test]
async fn it_is_once_and_only_for_what_was_found() {
    let setting = Setting::new(CONFIG);
    let other = "POST /v1.41/images/create?fromImage=other.example.com%2Fweb&tag=1";
    let engine = Engine::unix([
        asked(PULL).respond(refused()),
        asked(PULL).respond(refused()),
        asked(PULL).respond(Response::error(404, "manifest unknown")),
        asked(PULL).respond(refused()), // given
        on(other).respond(refused()),   // nobody
        on(other).respond(Response::error(500, "no basic auth credentials")),
        on(other).respond(refused()), // not asked for
    ]);
    let docker = engine.with_settings(41, setting.path());
    let pull = || docker.images().pull(WEB);
    assert!(pull().await.expect_err("twice").is_unauthorized());
    assert!(pull().await.expect_err("another reason").is_not_found());
    let given = Credentials::password("u", "p?a?s?s?").server("r.example.com");
    assert!(pull().credentials(&given).await.expect_err("given").is_unauthorized());
    for _ in 0..2 {
        let error = docker.images().pull("other.example.com/web:1").await.expect_err("nobody");
        assert!(
            error.to_string().contains("no credentials for other.example.com were found: `docker login`"),
            "{error}"
        );
    }
    let error = engine.docker(41).images().pull("other.example.com/web:1").await.expect_err("nobody");
    assert!(!error.to_string().contains("docker login"), "{error}");
}

#[tokio::test]
async fn a_registry_that_denies_access_lacks_credentials_if_none_were_found() {
    let denied = "denied: requested access to the resource is denied";
    let stream = || Response::json(200, json!({"errorDetail": {"message": denied}, "error": denied}));
    let hidden = "pull access denied for r.example.com/web, repository does not exist or may require 'docker login'";
    let engine = Engine::unix([
        on(PUSH).with_header("x-registry-auth", "e30=").respond(stream()),
        on(PULL).respond(Response::error(404, hidden)),
        asked(PUSH).respond(stream()), // once: other credentials of the same user change nothing
        asked(PULL).respond(Response::error(404, hidden)),
    ]);
    let setting = Setting::new("{}");
    let docker = engine.with_settings(41, setting.path());
    let hint = "no credentials for r.example.com were found: `docker login`";
    let error = docker.image(WEB).push().await.expect_err("denied");
    assert!(error.is_unauthorized() && error.to_string().contains(hint), "{error}");
    let error = docker.images().pull(WEB).await.expect_err("hidden");
    assert!(error.is_not_found() && error.to_string().contains(hint), "{error}");
    setting.write(CONFIG);
    let error = docker.image(WEB).push().await.expect_err("denied");
    assert!(error.is_forbidden() && !error.to_string().contains(hint), "{error}");
    let error = docker.images().pull(WEB).await.expect_err("hidden");
    assert!(error.is_not_found() && !error.to_string().contains(hint), "{error}");
}

#[tokio::test]
async fn a_build_carries_those_of_all_registries() {
    let setting = Setting::new(r#"{"auths":{"a":{"auth":"dTpw"},"b":{"auth":"dTpw"},"c":{}}}"#);
    // {"a":{"username":"u","password":"p","serveraddress":"a"},"b":{"registrytoken":"t"}}
    let header = "eyJhIjp7InVzZXJuYW1lIjoidSIsInBhc3N3b3JkIjoicCIsInNlcnZlcmFkZHJlc3MiOiJhIn0sImIiOnsicmVnaXN0cnl0b2tlbiI6InQifX0=";
    let done = || Response::text(200, "{\"aux\":{\"ID\":\"sha256:ab\"}}\r\n");
    let remote = "POST /v1.41/build?version=1&remote=https%3A%2F%2Fexample.com%2Fx.git";
    let asked = || on(remote).with_header("x-registry-config", header);
    let archive = on("POST /v1.41/build?version=1").with_body("archive").with_header("x-registry-config", header);
    let engine = Engine::unix([
        asked().respond(refused()),
        asked().respond(done()),
        archive.respond(refused()), // it is sent but once
        on(remote).respond(done()),
    ]);
    let docker = engine.with_settings(41, setting.path());
    let given = Credentials::registry_token("t");
    let build = |docker: &Docker, context: BuildContext| docker.images().build(context).credentials("b", &given);
    let git = || BuildContext::remote("https://example.com/x.git");
    build(&docker, git()).await.expect("built");
    let error = build(&docker, Upload::from(b"archive".as_slice()).into()).await.expect_err("refused");
    assert!(error.is_unauthorized(), "{error}");
    engine.docker(41).images().build(git()).await.expect("built");
    assert!(engine.received()[3].header("x-registry-config").is_none());
    setting.write("broken");
    assert_eq!(docker.images().build(git()).await.expect_err("broken").kind(), ErrorKind::Config);
}

#[tokio::test]
async fn those_of_a_build_s_caller_replace_all_of_their_registry() {
    let setting = Setting::new(
        r#"{"auths":{"http://r:5000":{"auth":"dTpw"},"r:5000/v2/":{"auth":"dTpw"},"docker.io":{"auth":"dTpw"}}}"#,
    );
    // {"https://index.docker.io/v1/":{"registrytoken":"h"},"r:5000":{"registrytoken":"t"}}
    let header = "eyJodHRwczovL2luZGV4LmRvY2tlci5pby92MS8iOnsicmVnaXN0cnl0b2tlbiI6ImgifSwicjo1MDAwIjp7InJlZ2lzdHJ5dG9rZW4iOiJ0In19";
    for (registry, hub) in [
        ("r:5000", "docker.io"),
        ("http://r:5000", "https://registry-1.docker.io/v2/"),
        ("https://r:5000/v2/", "https://index.docker.io/v1/"),
        ("r:5000/", "index.docker.io"),
    ] {
        let asked = on("POST /v1.41/build?version=1&remote=https%3A%2F%2Fexample.com%2Fx.git");
        let engine = Engine::unix([asked
            .with_header("x-registry-config", header)
            .respond(Response::text(200, "{\"aux\":{\"ID\":\"sha256:ab\"}}\r\n"))]);
        let build = engine.with_settings(41, setting.path()).images().build("https://example.com/x.git");
        let build = build.credentials(registry, Credentials::registry_token("t"));
        build.credentials(hub, Credentials::registry_token("h")).await.expect("built");
    }
}

#[tokio::test]
async fn deploying_takes_them_too() {
    let setting = Setting::new(CONFIG);
    let engine = Engine::unix([asked(PULL).respond(Response::error(404, "manifest unknown"))]);
    let docker = engine.with_settings(41, setting.path());
    let run = Run::new(ContainerSpec::new(WEB)).pull(PullPolicy::Always).keep_failed(true);
    Box::pin(run.start(&docker)).await.expect_err("there is none");
}

#[tokio::test]
async fn a_login_is_stored_and_forgotten() {
    let setting = Setting::new(r#"{"psFormat":"x"}"#);
    let login = |answer| {
        let body = json!({"username": "u", "password": "p?a?s?s?", "serveraddress": "r.example.com"});
        on("POST /v1.41/auth").with_json(body).respond(answer)
    };
    let succeeded = |token| Response::json(200, json!({"Status": "Login Succeeded", "IdentityToken": token}));
    let engine = Engine::unix([
        login(refused()),
        login(succeeded("")),
        login(succeeded("")),
        asked(PULL),
        on(PULL).respond(done()),
        login(succeeded("t")),
    ]);
    let docker = engine.with_settings(41, setting.path());
    let credentials = Credentials::password("u", "p?a?s?s?").server("r.example.com");
    assert!(docker.login(&credentials).store(true).await.expect_err("refused").is_unauthorized());
    docker.login(&credentials).await.expect("logged in");
    assert_eq!(setting.read(), json!({"psFormat": "x"}), "not asked for, or refused");

    docker.login(&credentials).store(true).await.expect("logged in");
    let expected = json!({"psFormat": "x", "auths": {"r.example.com": {"auth": "dTpwP2E/cz9zPw=="}}});
    assert_eq!(setting.read(), expected);
    docker.images().pull(WEB).await.expect("pulled");
    docker.logout("r.example.com").await.expect("forgotten");
    assert_eq!(setting.read(), json!({"psFormat": "x", "auths": {}}));
    docker.images().pull(WEB).await.expect("pulled");

    docker.login(&credentials).store(true).await.expect("logged in");
    let expected = json!({"r.example.com": {"auth": "dTo=", "identitytoken": "t"}});
    assert_eq!(setting.read()["auths"], expected, "the token is in the password's place");
}

#[tokio::test]
async fn a_helper_is_asked_again_and_its_new_token_is_taken() {
    const CALL: &str = "registries::a_helper_is_asked_again_and_its_new_token_is_taken";
    let Some(folder) = is_again() else {
        let helper = "read -r server; echo \"$1 $server\" >> $(dirname $0)/said\n\
                      n=$(wc -l < $(dirname $0)/said); echo '{\"Username\":\"<token>\",\"Secret\":\"t'$n'\"}'";
        let setting = Setting::new(r#"{"credsStore":"x"}"#).program("docker-credential-x", helper);
        return again(CALL, &setting, &[]);
    };
    // {"serveraddress":"r.example.com","identitytoken":"t1"}
    let header = |last| format!("eyJzZXJ2ZXJhZGRyZXNzIjoici5leGFtcGxlLmNvbSIsImlkZW50aXR5dG9rZW4iOiJ0{last}J9");
    let engine = Engine::unix([
        on(PULL).with_header("x-registry-auth", header("MS")).respond(refused()),
        on(PULL).with_header("x-registry-auth", header("Mi")).respond(done()),
    ]);
    let builder = Docker::builder().host(engine.host()).api_version(Version::new(1, 41));
    builder.build().expect("a client").images().pull(WEB).await.expect("pulled");
    let said = std::fs::read_to_string(folder.join("bin/said")).expect("what the helper was told");
    assert_eq!(said, "get r.example.com\nget r.example.com\n");
}

#[tokio::test]
async fn a_helper_has_no_more_time_than_the_call() {
    const CALL: &str = "registries::a_helper_has_no_more_time_than_the_call";
    if is_again().is_none() {
        let setting = Setting::new(r#"{"credsStore":"x"}"#).program("docker-credential-x", "exec sleep 2");
        return again(CALL, &setting, &[]);
    }
    let engine = Engine::unix([]);
    let docker = Docker::connect(engine.host()).expect("a client");
    let limits = Limits::new().whole(Duration::from_millis(100));
    let error = docker.images().pull(WEB).limits(limits).await.expect_err("it takes too long");
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.to_string(), "POST /images/create: timed out after 100ms waiting for the credential helper");
    let error = docker.logout("r.example.com").limits(limits).await.expect_err("it takes too long");
    assert_eq!(error.to_string(), "timed out after 100ms waiting for the credential helper");
    assert_eq!(engine.connections(), 0);
}

#[tokio::test]
async fn storing_credentials_has_no_more_time_than_the_call() {
    const CALL: &str = "registries::storing_credentials_has_no_more_time_than_the_call";
    if is_again().is_none() {
        let setting = Setting::new(r#"{"credsStore":"x"}"#).program("docker-credential-x", "exec sleep 2");
        return again(CALL, &setting, &[]);
    }
    let engine = Engine::unix([on("POST /v1.41/auth").with_any_body().respond(Response::status(204))]);
    let docker = Docker::builder().host(engine.host()).api_version(Version::new(1, 41)).build().expect("a client");
    let login = docker.login(Credentials::password("u", "p").server("r.example.com")).store(true);
    let error = login.limits(Limits::new().whole(Duration::from_millis(500))).await.expect_err("it takes too long");
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.to_string(), "POST /auth: timed out after 500ms storing the credentials");
}

#[tokio::test]
async fn the_variable_goes_first() {
    let Some(_) = is_again() else {
        let setting = Setting::new(r#"{"auths":{"r.example.com":{"auth":"b2xkOnA="}}}"#);
        return again("registries::the_variable_goes_first", &setting, &[("DOCKER_AUTH_CONFIG", CONFIG)]);
    };
    let engine = Engine::unix([asked(PULL)]);
    let builder = Docker::builder().host(engine.host()).api_version(Version::new(1, 41));
    builder.build().expect("a client").images().pull(WEB).await.expect("pulled");
}
