//! Registries that want credentials, on a real engine: a `docker-registry` with users, and one that wants tokens.

use crate::support::again::{Setting, again, is_again};
use crate::support::guarded::{Guarded, OTHER, PASSWORD, USER};
use crate::support::real::Real;
use crate::support::{registry, tar};
use longshore::image::Image;
use longshore::{Credentials, Docker, Error, ErrorKind, Observe, Observed};
use std::io::{BufRead, Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Counts calls.
#[derive(Clone, Debug, Default)]
struct Count(Arc<AtomicUsize>);

impl Observe for Count {
    fn begins(&self, _: &Observed<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Count {
    /// How many calls there were since the last time that it was asked.
    fn take(&self) -> usize {
        self.0.swap(0, Ordering::SeqCst)
    }
}

/// A client with these settings, that counts.
async fn client(setting: &Setting) -> (Docker, Count) {
    let count = Count::default();
    let docker = Docker::builder().config_folder(setting.path()).observe(count.clone()).build().expect("a client");
    docker.api_version().await.expect("an engine");
    count.take();
    (docker, count)
}

/// An image of the test's own, with a name on this registry.
async fn made(real: &Real, docker: &Docker, registry: &str) -> Image {
    let name = real.name();
    let image = format!("{registry}/{name}:1");
    let import = docker.images().import(tar::file("about", name.as_bytes())).tag(image.as_str());
    import.change(format!("LABEL test={name}")).await.expect("an image");
    docker.image(image)
}

/// `config.json` with one user of a registry.
fn config(registry: &str, auth: &str) -> String {
    serde_json::json!({ "auths": { registry: { "auth": auth } } }).to_string()
}

/// Whether the registry wants other credentials, in whatever words the engine says so.
fn is_refused(error: &Error) -> bool {
    let text = error.to_string();
    assert!(!text.contains(PASSWORD) && !text.contains(OTHER.1), "{text}");
    matches!(error.kind(), ErrorKind::Status | ErrorKind::Stream) && error.is_unauthorized()
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn those_of_the_settings_push_and_pull() {
    let (real, guarded) = (Real::engine(), Guarded::start());
    for (user, auth) in [(USER, "dTpwP2E/cz9zPw=="), (OTHER.0, "djphYmM+fj8=")] {
        let setting = Setting::new(&config(&format!("http://{}/v1/", guarded.address), auth));
        let (docker, count) = client(&setting).await;
        let image = made(&real, &docker, &guarded.address).await;
        count.take();
        let digest = image.push().await.expect(user).digest.expect("a digest");
        assert_eq!(image.distribution().await.expect(user).descriptor.digest, digest);
        image.remove().await.expect("removed");
        assert_eq!(docker.images().pull(image.name()).await.expect(user).digest, Some(digest));
        assert_eq!(count.take(), 4, "each of them once");
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_build_begins_from_an_image_behind_a_password() {
    let (real, guarded) = (Real::engine(), Guarded::start());
    let setting = Setting::new(&config(&guarded.address, "dTpwP2E/cz9zPw=="));
    let (docker, _) = client(&setting).await;
    let image = made(&real, &docker, &guarded.address).await;
    image.push().await.expect("pushed");
    image.remove().await.expect("removed");
    let tag = format!("{}:1", real.name());
    let build = || {
        let dockerfile = format!("FROM {}\nLABEL built=1\n", image.name());
        docker.images().build(tar::file("Dockerfile", dockerfile.as_bytes())).tag(&tag)
    };
    setting.write("{}");
    let error = build().await.expect_err("by nobody");
    assert!(error.message().contains("no basic auth credentials"), "{error}");
    let wrong = Credentials::password(USER, OTHER.1);
    assert!(is_refused(&build().credentials(&guarded.address, &wrong).await.expect_err("by a stranger")));
    setting.write(&config(&guarded.address, "dTpwP2E/cz9zPw=="));
    build().await.expect("built");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_wrong_password_is_tried_once_more_and_none_is_not() {
    let (real, guarded) = (Real::engine(), Guarded::start());
    let setting = Setting::new(&config(&guarded.address, "dTphYmM+fj8="));
    let (docker, count) = client(&setting).await;
    let image = made(&real, &docker, &guarded.address).await;
    for wrong in [true, false] {
        if !wrong {
            setting.write("{}");
        }
        count.take();
        let push = image.push().await.expect_err("refused");
        let pull = docker.images().pull(image.name()).await.expect_err("refused");
        let distribution = image.distribution().await.expect_err("refused");
        assert_eq!(count.take(), if wrong { 6 } else { 3 });
        for error in [push, pull, distribution] {
            if wrong {
                assert!(is_refused(&error), "{error}");
            } else {
                let hint = format!("no credentials for {} were found", guarded.address);
                assert!(error.to_string().contains("no basic auth credentials"), "{error}");
                assert!(error.to_string().contains(&hint), "{error}");
            }
        }
    }
    let given = Credentials::password(OTHER.0, OTHER.1);
    image.push().credentials(&given).await.expect("pushed");
    let given = Credentials::password(USER, "wrong");
    assert!(is_refused(&image.push().credentials(&given).await.expect_err("refused")));
    assert_eq!(count.take(), 2, "what is given is all that there is");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_login_is_kept_until_logout() {
    let (real, guarded) = (Real::engine(), Guarded::start());
    let setting = Setting::new(r#"{"psFormat":"x"}"#);
    let (docker, _) = client(&setting).await;
    let wrong = Credentials::password(USER, OTHER.1).server(&guarded.address);
    let error = docker.login(&wrong).store(true).await.expect_err("refused");
    assert!(error.is_unauthorized(), "{error}");
    assert_eq!(setting.read(), serde_json::json!({"psFormat": "x"}));

    let right = Credentials::password(USER, PASSWORD).server(&guarded.address);
    docker.login(&right).store(true).await.expect("logged in");
    let auths = serde_json::json!({ &guarded.address: { "auth": "dTpwP2E/cz9zPw==" } });
    assert_eq!(setting.read(), serde_json::json!({"psFormat": "x", "auths": auths}));
    let image = made(&real, &docker, &guarded.address).await;
    image.push().await.expect("pushed");
    docker.logout(&guarded.address).await.expect("forgotten");
    let error = image.push().await.expect_err("nobody");
    assert!(error.message().contains("no basic auth credentials"), "{error}");
}

/// A helper whose first password has expired.
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_expired_password_is_replaced_by_its_helper() {
    const TEST: &str = "registries::an_expired_password_is_replaced_by_its_helper";
    let Some(folder) = is_again() else {
        let guarded = Guarded::start();
        let helper = format!(
            "read -r server; [ \"$1 $server\" = \"get {}\" ] || exit 1\n\
             if [ -e $(dirname $0)/fresh ]; then secret='{PASSWORD}'; else secret=old; fi; touch $(dirname $0)/fresh\n\
             echo '{{\"ServerURL\":\"'$server'\",\"Username\":\"{USER}\",\"Secret\":\"'$secret'\"}}'",
            guarded.address
        );
        let config = serde_json::json!({"credHelpers": { &guarded.address: "test" }});
        let setting = Setting::new(&config.to_string()).program("docker-credential-test", &helper);
        return again(TEST, &setting, &[("LONGSHORE_TEST_GUARDED", &guarded.address)]);
    };
    let (real, registry) = (Real::engine(), crate::support::real::variable("LONGSHORE_TEST_GUARDED"));
    let image = made(&real, &real.docker, &registry).await;
    let expire = || std::fs::remove_file(folder.join("bin/fresh")).expect("it was asked");
    let digest = image.push().await.expect("pushed").digest;
    image.remove().await.expect("removed");
    expire();
    assert_eq!(real.docker.images().pull(image.name()).await.expect("pulled").digest, digest);
    expire();
    image.distribution().await.expect("told");
    expire();
    let mut steps = real.docker.images().pull(image.name()).stream().await.expect("a stream");
    while let Some(step) = steps.next().await {
        step.expect("a step");
    }
}

/// An identity token goes to where the registry says that tokens are; the one that is given for it, to the registry.
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_expired_identity_token_is_replaced_by_its_helper() {
    const TEST: &str = "registries::an_expired_identity_token_is_replaced_by_its_helper";
    let Some(folder) = is_again() else {
        let helper = "if [ -e $(dirname $0)/fresh ]; then token=fresh; else token=old; fi; touch $(dirname $0)/fresh\n\
                      echo '{\"Username\":\"<token>\",\"Secret\":\"'$token'\"}'";
        let setting = Setting::new(r#"{"credsStore":"test"}"#).program("docker-credential-test", helper);
        return again(TEST, &setting, &[]);
    };
    let (real, (registry, seen)) = (Real::engine(), registry_with_tokens());
    let image = format!("{registry}/{}:1", real.name());
    let error = real.docker.images().pull(image).await.expect_err("it has none");
    assert!(error.message().contains("manifest unknown") || error.is_not_found(), "{error}");
    assert!(folder.join("bin/fresh").exists());
    let seen = seen.lock().expect("what it saw").clone();
    let first = |what: &str| seen.iter().position(|word| word == what);
    assert!(first("old") < first("fresh") && first("fresh") < first("access"), "{seen:?}");
}

/// A registry that wants a token, and gives one for the identity token `fresh`; it has no image. It tells what it was shown.
fn registry_with_tokens() -> (String, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let tell = seen.clone();
    let address = registry::serve(move |mut reader, mut writer| {
        let lines = reader.by_ref().lines().map_while(Result::ok);
        let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
        let header = |name: &str| head.iter().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        let mut body = vec![0; header("Content-Length: ").parse().unwrap_or(0)];
        let _ = reader.read_exact(&mut body);
        let body = String::from_utf8_lossy(&body);
        let see = |what: &str| tell.lock().expect("what it saw").push(what.to_owned());
        let (status, answer) = if header("POST ").starts_with("/token") {
            let token = body.split('&').find_map(|pair| pair.strip_prefix("refresh_token=")).unwrap_or_default();
            see(token);
            match token {
                "fresh" => ("200 OK", r#"{"access_token":"access","expires_in":300}"#),
                _ => ("401 Unauthorized", r#"{"errors":[{"code":"UNAUTHORIZED","message":"it has expired"}]}"#),
            }
        } else if let Some(token) = header("Authorization: ").strip_prefix("Bearer ") {
            see(token);
            ("404 Not Found", r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#)
        } else {
            ("401 Unauthorized", r#"{"errors":[{"code":"UNAUTHORIZED","message":"who?"}]}"#)
        };
        let (host, length) = (header("Host: "), answer.len());
        let _ = write!(
            writer,
            "HTTP/1.1 {status}\r\nWWW-Authenticate: Bearer realm=\"http://{host}/token\",service=\"test\"\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{answer}"
        );
    });
    (address, seen)
}
