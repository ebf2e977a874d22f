//! Pushing images, and asking registries: against the scripted engine.

use crate::support::{Engine, Exchange, Response, fixture, on};
use longshore::image::{Platform, PushResult, SearchResult};
use longshore::{Credentials, ErrorKind};
use serde_json::json;

const PUSH: &str = "POST /v1.41/images/registry.example.com:5000/team/web/push?tag=1.0";
const WEB: &str = "registry.example.com:5000/team/web:1.0";
const ARM: &str = "%7B%22architecture%22%3A%22arm64%22%2C%22os%22%3A%22linux%22%7D";

fn recorded(name: &str) -> Response {
    Response::text(200, &fixture(&format!("docker-20.10.24/{name}")))
}

fn pushing() -> Exchange {
    on(PUSH).with_header("x-registry-auth", "e30=")
}

async fn pushed(records: &str) -> longshore::Result<PushResult> {
    let engine = Engine::unix([pushing().respond(Response::text(200, records))]);
    engine.docker(41).image(WEB).push().await
}

#[tokio::test]
async fn push_tells_what_the_tag_stands_for_now() {
    let pushed = pushed(&fixture("docker-20.10.24/image_push.json")).await.expect("pushed");
    let digest = pushed.digest.expect("a digest");
    assert!(digest.starts_with("sha256:") && digest.len() == 71, "{digest}");
    assert_eq!((pushed.tag.as_deref(), pushed.size, pushed.instead_of_index), (Some("1"), Some(528), None));
}

#[tokio::test]
async fn push_reads_each_shape_of_its_outcome() {
    let summary = "{\"status\":\"1.0: digest: sha256:ab size: 9\"}\r\n";
    let instead = "{\"aux\":{\"manifestPushedInsteadOfIndex\":true,\"originalIndex\":{\"digest\":\"sha256:00\"},\
        \"selectedManifest\":{\"digest\":\"sha256:ab\",\"size\":9,\"mediaType\":\"m\"}}}\r\n";
    for records in [format!("{summary}{instead}"), format!("{instead}{summary}")] {
        let pushed = pushed(&records).await.expect("pushed");
        assert_eq!((pushed.tag.as_deref(), pushed.digest.as_deref()), (Some("1.0"), Some("sha256:ab")));
        assert_eq!((pushed.size, pushed.instead_of_index.expect("a manifest").digest.as_str()), (Some(9), "sha256:ab"));
    }
    for odd in
        ["{}", "{\"aux\":null}", "{\"aux\":[1]}", "{\"aux\":\"AA==\"}", "{\"status\":\"x: digest: y size: z\"}", ""]
    {
        assert_eq!(pushed(odd).await.expect(odd), PushResult::default(), "{odd}");
    }
    let missing =
        "{\"aux\":{\"contentMissing\":true,\"desc\":{}}}\r\n{\"errorDetail\":{\"code\":404,\"message\":\"gone\"}}";
    assert!(pushed(missing).await.expect_err("an error").is_not_found());
}

#[tokio::test]
async fn push_asks_for_what_was_said() {
    let done = || Response::text(200, "");
    let engine = Engine::unix([
        on("POST /v1.41/images/docker.io/library/web/push?tag=latest")
            .with_header("x-registry-auth", "e30=")
            .respond(done()),
        on(PUSH).with_header("x-registry-auth", "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InA_In0=").respond(done()),
        on(format!("{}?platform={ARM}", PUSH.replace("1.41", "1.46").trim_end_matches("?tag=1.0"))).respond(done()),
    ]);
    engine.docker(41).image("web").push().await.expect("pushed");
    engine.docker(41).image(WEB).push().credentials(Credentials::password("u", "p?")).await.expect("pushed");
    let arm = Platform::new("linux", "arm64");
    engine.docker(46).image(WEB).push().all_tags(true).platform(arm).await.expect("pushed");
}

#[tokio::test]
async fn push_fails_however_it_is_told() {
    let error = pushed(&fixture("docker-20.10.24/image_push_error.json")).await.expect_err("no such image");
    assert_eq!(error.kind(), ErrorKind::Stream);
    assert!(error.message().starts_with("An image does not exist locally with the tag"), "{error}");
    assert_eq!(error.call(), Some("POST /images/registry.example.com:5000/team/web/push"));

    let engine = Engine::unix([
        pushing().respond(Response::error(404, "no such image")),
        pushing().respond(Response::error(401, "who?")),
    ]);
    assert!(engine.docker(41).image(WEB).push().await.expect_err("an error").is_not_found());
    assert!(engine.docker(41).image(WEB).push().await.expect_err("an error").is_unauthorized());
}

#[tokio::test]
async fn what_cannot_be_pushed_is_not_sent() {
    let engine = Engine::unix([]);
    let docker = engine.docker(41);
    let by_digest = format!("web@sha256:{}", "ab".repeat(32));
    for (name, words) in
        [(by_digest.as_str(), "has a digest"), (&"ab".repeat(32), "invalid image reference"), ("", "nginx:1.27")]
    {
        let error = docker.image(name).push().await.expect_err(name);
        assert!(error.is_invalid() && error.to_string().contains(words), "{error}");
    }
    let error = engine.docker(45).image(WEB).push().platform("linux/arm64").await.expect_err("too old");
    assert!(
        error.is_version()
            && error.message().starts_with("platform requires API 1.46 or later, and this engine speaks API 1.45"),
        "{error}"
    );
    assert!(docker.image(WEB).push().platform("x y").await.expect_err("none").is_invalid());
    assert_eq!(engine.connections(), 0);
}

#[tokio::test]
async fn distribution_tells_digest_and_platforms() {
    let engine = Engine::unix([
        on("GET /v1.41/distribution/registry.example.com:5000/team/web:1.0/json")
            .respond(recorded("distribution_inspect.json")),
        on("GET /v1.41/distribution/nginx/json")
            .with_header("x-registry-auth", "eyJpZGVudGl0eXRva2VuIjoidCJ9")
            .respond(Response::text(200, r#"{"Descriptor":{"digest":"sha256:ab"},"Platforms":null}"#)),
        on("GET /v1.41/distribution/nginx/json").respond(Response::error(401, "no basic auth credentials")),
    ]);
    let docker = engine.docker(41);
    let found = docker.image(WEB).distribution().await.expect("a descriptor");
    assert_eq!(
        (found.descriptor.size, &*found.descriptor.media_type),
        (528, "application/vnd.docker.distribution.manifest.v2+json")
    );
    assert!(found.descriptor.digest.starts_with("sha256:"));
    assert_eq!(found.platforms, [Platform::new("linux", "amd64")]);

    let token = Credentials::identity_token("t");
    assert!(docker.image("nginx").distribution().credentials(&token).await.expect("a descriptor").platforms.is_empty());
    assert!(docker.image("nginx").distribution().await.expect_err("an error").is_unauthorized());
    assert!(docker.image("ab".repeat(32)).distribution().await.expect_err("an id").is_invalid());
    assert!(
        engine
            .received()
            .iter()
            .all(|request| request.target.contains("nginx") || request.header("x-registry-auth").is_none())
    );
}

#[tokio::test]
async fn search_asks_for_what_was_said() {
    let found = json!([
        null,
        {"name": "nginx", "description": "Official build", "is_official": true, "is_automated": false, "star_count": 9},
        {"name": "me/nginx", "description": null, "is_official": null, "star_count": 1, "new": 1},
        {"Index": "docker.io", "Name": "docker.io/library/nginx", "Description": "Of Podman", "Stars": 9, "Official": "[OK]",
            "Automated": "", "Tag": ""},
    ]);
    let filters = "%7B%22is-automated%22%3A%7B%22false%22%3Atrue%7D%2C%22is-official%22%3A%7B%22true%22%3Atrue%7D%2C%22stars%22%3A%7B%223%22%3Atrue%7D%7D";
    let engine = Engine::unix([
        on("GET /v1.41/images/search?term=nginx%20alpine").respond(Response::json(200, &found)),
        on(format!("GET /v1.41/images/search?term=nginx&limit=5&filters={filters}"))
            .with_header("x-registry-auth", "eyJyZWdpc3RyeXRva2VuIjoidCJ9")
            .respond(Response::text(200, "null")),
        on("GET /v1.41/images/search?term=x")
            .respond(Response::error(500, "dial tcp: lookup index.docker.io: no such host")),
    ]);
    let images = engine.docker(41).images();
    let results = images.search("nginx alpine").await.expect("results");
    assert_eq!(results.len(), 3);
    assert_eq!((&*results[0].name, results[0].is_official, results[0].star_count), ("nginx", true, 9));
    assert_eq!(
        results[0],
        SearchResult::clone(&serde_json::from_value(serde_json::to_value(&results[0]).expect("JSON")).expect("again"))
    );
    assert_eq!((&*results[1].description, results[1].is_official), ("", false));
    assert_eq!((&*results[2].name, &*results[2].description), ("docker.io/library/nginx", "Of Podman"));
    assert_eq!((results[2].star_count, results[2].is_official, results[2].is_automated), (9, true, false));

    let search = images.search("nginx").limit(5).official(true).stars(3).automated(false);
    assert!(search.credentials(Credentials::registry_token("t")).await.expect("none").is_empty());
    assert_eq!(images.search("x").await.expect_err("an error").status(), Some(500));
    assert!(images.search(" ").await.expect_err("no term").is_invalid());
}

#[tokio::test]
async fn login_tells_a_token_and_never_shows_it() {
    let auth = |answer| {
        on("POST /v1.41/auth")
            .with_json(json!({"username": "u", "password": "hunter2", "serveraddress": "r"}))
            .respond(answer)
    };
    // behaviour 10
    let refusal = "Get https://r/v2/: unauthorized: incorrect username or password";
    let engine = Engine::unix([
        auth(recorded("auth.json")),
        auth(Response::json(200, json!({"Status": "Login Succeeded", "IdentityToken": "t0ps3cret"}))),
        auth(Response::status(204)),
        auth(Response::error(401, refusal)),
        auth(Response::error(500, "login attempt to http://r/v2/ failed with status: 401 Unauthorized")),
        auth(Response::error(500, "Get \"http://r/v2/\": unauthorized: not you")),
        on("POST /v1.41/auth")
            .with_json(json!({"identitytoken": "t0ps3cret"}))
            .respond(Response::error(500, "no such host")),
    ]);
    let docker = engine.docker(41);
    let credentials = Credentials::password("u", "hunter2").server("r");
    let answer = docker.login(&credentials).await.expect("logged in");
    assert_eq!((&*answer.status, &answer.identity_token), ("Login Succeeded", &None));

    let answer = docker.login(&credentials).await.expect("logged in");
    assert!(!format!("{answer:?} {answer:#?}").contains("t0ps3cret"));
    assert_eq!(serde_json::to_value(&answer).expect("JSON")["IdentityToken"], "t0ps3cret");
    let token = answer.identity_token.expect("a token");
    assert_eq!(docker.login(&credentials).await.expect("logged in").status, "", "204");

    let call = docker.login(&credentials);
    assert!(!format!("{call:?}").contains("hunter2"));
    let error = call.await.expect_err("refused");
    assert!(error.is_unauthorized() && error.message() == refusal && error.call() == Some("POST /auth"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    for _ in 0..2 {
        assert!(docker.login(&credentials).await.expect_err("refused").is_unauthorized(), "in words alone");
    }
    assert_eq!(docker.login(Credentials::identity_token(token)).await.expect_err("an error").status(), Some(500));
}
