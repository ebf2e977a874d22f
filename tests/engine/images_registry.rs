//! Pushing images and asking registries, on a real engine.

use crate::support::real::{Real, variable};
use crate::support::{registry, tar};
use longshore::image::Image;
use longshore::{Credentials, ErrorKind};
use std::io::{BufRead, Write};
use std::net::TcpStream;

/// An image of the test's own, with a name on this registry.
async fn made(real: &Real, registry: &str) -> Image {
    let name = real.name();
    let image = format!("{registry}/{name}:1");
    let import = real.docker.images().import(tar::file("about", name.as_bytes())).tag(image.as_str());
    import.change(format!("LABEL test={name}")).await.expect("an image");
    real.docker.image(image)
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_is_pushed_can_be_pulled() {
    let real = Real::engine();
    let image = made(&real, &variable("LONGSHORE_TEST_REGISTRY")).await;
    let id = image.inspect().await.expect("an image").id;
    let pushed = image.push().await.expect("pushed");
    let digest = pushed.digest.expect("a digest");
    assert_eq!(pushed.tag.as_deref(), Some("1"));
    assert!(digest.starts_with("sha256:") && pushed.size > Some(100));

    let found = image.distribution().await.expect("it is there");
    assert_eq!((&found.descriptor.digest, u64::try_from(found.descriptor.size).ok()), (&digest, pushed.size));
    // An imported image names none in containerd's store.
    if let Some(platform) = found.platforms.first() {
        assert_eq!((&*platform.os, platform.architecture.is_empty()), ("linux", false));
    }

    image.remove().await.expect("removed");
    let pulled = real.docker.images().pull(image.name()).await.expect("pulled");
    assert_eq!((pulled.newer, pulled.digest), (true, Some(digest)));
    assert_eq!(image.inspect().await.expect("an image").id, id);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn push_shows_each_step_of_each_tag() {
    let real = Real::engine();
    let image = made(&real, &variable("LONGSHORE_TEST_REGISTRY")).await;
    let other = format!("{}:2", image.name().strip_suffix(":1").expect("a tag"));
    image.tag(other.as_str()).await.expect("tagged");
    let mut steps = image.push().all_tags(true).stream().await.expect("a stream");
    let by_words = real.has_containerd_store().await;
    let (mut statuses, mut tags) = (Vec::new(), Vec::new());
    while let Some(step) = steps.next().await {
        let step = step.expect("a step");
        let mut pushed = longshore::image::PushResult::default();
        pushed.note(&step);
        tags.extend(pushed.tag.filter(|_| step.aux.is_some() || by_words));
        statuses.extend(step.status);
    }
    tags.sort();
    assert_eq!(tags, ["1", "2"]);
    assert!(statuses[0].starts_with("The push refers to repository ["), "{statuses:?}");
    assert!(by_words || statuses.iter().any(|status| status == "Pushed"), "{statuses:?}");
    assert!(real.docker.image(other).distribution().await.is_ok());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_push_that_fails_is_an_error() {
    let real = Real::engine();
    let image = made(&real, "127.0.0.1:1").await;
    let error = image.push().await.expect_err("nothing listens");
    assert!(error.kind() == ErrorKind::Stream || error.status() >= Some(500), "{error}");
    assert!(error.message().contains("connection refused"), "{error}");

    let absent = format!("127.0.0.1:1/{}:absent", real.name());
    let error = real.docker.image(absent).push().await.expect_err("there is none");
    assert!(error.kind() == ErrorKind::Stream || error.is_not_found(), "{error}");
    assert!(error.message().contains("does not exist") || error.is_not_found(), "{error}");

    let guarded = made(&real, &refusing_registry()).await;
    let error = guarded.push().await.expect_err("nobody may");
    assert!(error.message().contains("no basic auth credentials"), "{error}");
    let credentials = Credentials::password("u", "hunter2");
    let error = guarded.push().credentials(&credentials).await.expect_err("nobody may");
    assert!(error.is_unauthorized() && !error.to_string().contains("hunter2"), "{error}");

    let platform = guarded.push().platform("linux/amd64").await.expect_err("an error");
    assert!(platform.is_version() || !platform.is_invalid(), "{platform}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn distribution_says_what_is_not_there() {
    let real = Real::engine();
    let absent = format!("{}/{}:1", variable("LONGSHORE_TEST_REGISTRY"), real.name());
    let error = real.docker.image(absent).distribution().await.expect_err("there is none");
    assert!(error.is_not_found(), "{error}");

    let guarded = format!("{}/{}:1", refusing_registry(), real.name());
    let error = real.docker.image(&guarded).distribution().await.expect_err("nobody may");
    assert!(error.message().contains("no basic auth credentials"), "{error}");
    let credentials = Credentials::password("u", "p");
    let error = real.docker.image(guarded).distribution().credentials(&credentials).await.expect_err("nobody may");
    assert!(error.is_unauthorized(), "{error}");
    assert!(
        real.docker.image("127.0.0.1:1/web").distribution().await.expect_err("nothing listens").status() >= Some(500)
    );
}

/// behaviour 10
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn login_with_wrong_credentials_is_unauthorized() {
    let real = Real::engine();
    for registry in [refusing_registry(), registry_without_tokens()] {
        let credentials = Credentials::password("u", "hunter2").server(&registry);
        let error = real.docker.login(&credentials).await.expect_err("refused");
        assert!(error.is_unauthorized() && error.message().contains(&registry), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    let nowhere = Credentials::password("u", "hunter2").server("127.0.0.1:1");
    let error = real.docker.login(&nowhere).await.expect_err("nothing listens");
    assert!(error.status() >= Some(500) && error.message().contains("connection refused"), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn login_with_a_registry_that_takes_anybody() {
    let real = Real::engine();
    let open = Credentials::password("u", "p").server(variable("LONGSHORE_TEST_REGISTRY"));
    let answer = real.docker.login(&open).await.expect("it takes anybody");
    assert_eq!((&*answer.status, answer.identity_token), ("Login Succeeded", None));
}

/// No network is needed for it: the registry of the test cannot be searched, and says so.
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_search_that_fails_is_an_error() {
    let real = Real::engine();
    let registry = variable("LONGSHORE_TEST_REGISTRY");
    let error = real.docker.images().search(format!("{registry}/web")).limit(5).stars(1).await.expect_err("no search");
    assert!(error.status().is_some() && error.to_string().starts_with("GET /images/search: "), "{error}");
    let error = real.docker.images().search("127.0.0.1:1/web").await.expect_err("nothing listens");
    assert!(error.message().contains("connection refused"), "{error}");
    let error = real.docker.images().search("nginx").limit(101).await.expect_err("too many");
    assert!(error.message().contains("range of [1, 100]"), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn attestations_need_a_new_engine() {
    let real = Real::engine();
    let image = made(&real, &variable("LONGSHORE_TEST_REGISTRY")).await;
    match image.attestations().await {
        Ok(statements) => assert!(statements.is_empty(), "{statements:?}"),
        Err(error) => assert!(error.is_version() || error.status() == Some(501), "{error}"),
    }
}

/// A registry that wants a password, and takes none.
fn refusing_registry() -> String {
    registry::serve(|reader, writer| {
        reader.lines().map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
        refuse(writer, "Basic realm=\"test\"");
    })
}

/// A registry that wants a token, and has none for anybody.
fn registry_without_tokens() -> String {
    registry::serve(|reader, writer| {
        let head: Vec<_> = reader.lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        let host = head.iter().find_map(|line| line.strip_prefix("Host: ")).expect("a host");
        refuse(writer, &format!("Bearer realm=\"http://{host}/token\",service=\"test\""));
    })
}

fn refuse(mut writer: TcpStream, challenge: &str) {
    let body = r#"{"errors":[{"code":"UNAUTHORIZED","message":"unauthorized: not you"}]}"#;
    let length = body.len();
    let _ = write!(
        writer,
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {challenge}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
}
