//! Pulling, on a real engine from a real registry.

use crate::support::real::{Real, until, variable};
use crate::support::registry::{publish, publish_as, serve, sha256};
use longshore::{Credentials, ErrorKind, Version};
use std::io::{BufRead, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn pulls_by_tag_and_is_up_to_date_then() {
    let real = Real::engine();
    let image = publish(&real.name(), "1");
    let mut steps = real.docker.images().pull(image.as_str()).stream().await.expect("a stream");
    let mut statuses = Vec::new();
    while let Some(step) = steps.next().await {
        statuses.extend(step.expect("a step").status);
    }
    assert!(statuses[0].starts_with("Pulling from "), "{statuses:?}");
    assert_eq!(statuses.last(), Some(&format!("Status: Downloaded newer image for {image}")));

    let again = real.docker.images().pull(image.as_str()).await.expect("up to date");
    assert!(!again.newer);
    let digest = again.digest.expect("a digest");
    let inspected = real.docker.image(&image).inspect().await.expect("an image");
    assert_eq!(inspected.repo_tags, [image.as_str()]);
    assert!(inspected.repo_digests[0].ends_with(&format!("@{digest}")), "{:?}", inspected.repo_digests);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn without_a_tag_it_is_latest_and_never_all_tags() {
    let real = Real::engine();
    let tagged = publish(&real.name(), "1");
    let bare = tagged.strip_suffix(":1").expect("a tag");
    let error = real.docker.images().pull(bare).await.expect_err("there is no latest");
    assert!(error.is_not_found(), "{error}");
    assert!(error.message().contains(&format!("{bare}:latest")), "{error}");
    assert!(real.docker.image(&tagged).inspect().await.expect_err("not pulled").is_not_found());

    let repository = bare.split_once('/').expect("a registry").1;
    let latest = publish(repository, "latest");
    assert!(real.docker.images().pull(bare).await.expect("pulled").newer);
    assert_eq!(real.docker.image(bare).inspect().await.expect("an image").repo_tags, [latest]);
    assert!(real.docker.image(&tagged).inspect().await.expect_err("not pulled").is_not_found());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn pulls_by_digest() {
    let real = Real::engine();
    let image = publish(&real.name(), "1");
    let digest = real.docker.images().pull(image.as_str()).await.expect("pulled").digest.expect("a digest");
    real.docker.image(&image).remove().await.expect("removed");

    let by_digest = format!("{}@{digest}", image.strip_suffix(":1").expect("a tag"));
    let pulled = real.docker.images().pull(by_digest.as_str()).await.expect("pulled");
    assert_eq!((pulled.newer, pulled.digest), (true, Some(digest)));
    let inspected = real.docker.image(&by_digest).inspect().await.expect("an image");
    assert_eq!(inspected.repo_digests, [by_digest]);
    // containerd's store lists the digest among the tags.
    assert!(inspected.repo_tags.is_empty() || real.has_containerd_store().await, "it has no tag");

    let absent = format!("{}@sha256:{}", image.strip_suffix(":1").expect("a tag"), "ab".repeat(32));
    let error = real.docker.images().pull(absent).await.expect_err("there is none");
    assert!(error.is_not_found(), "{error}");
}

/// behaviour 49
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_is_not_there_is_not_found() {
    let real = Real::engine();
    let image = format!("{}/{}:1", variable("LONGSHORE_TEST_REGISTRY"), real.name());
    let error = real.docker.images().pull(image).await.expect_err("there is none");
    assert!(error.is_not_found() && error.kind() == ErrorKind::Status, "{error}");
    assert_eq!(error.call(), Some("POST /images/create"));

    let error = real.docker.images().pull("127.0.0.1:1/web:1").await.expect_err("nothing listens");
    assert!(error.status() >= Some(500) && error.message().contains("connection refused"), "{error}");
}

/// behaviour 49
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn another_operating_system_is_an_error() {
    let real = Real::engine();
    let image = publish(&real.name(), "1");
    // containerd's store does not compare the platform of an image that has only one.
    if !real.has_containerd_store().await {
        let windows = real.docker.images().pull(image.as_str()).platform("windows/amd64");
        let error = windows.await.expect_err("no such image");
        assert!(error.kind() == ErrorKind::Stream || error.is_invalid() || error.is_not_found(), "{error}");
        assert!(real.docker.image(&image).inspect().await.expect_err("not pulled").is_not_found());
    } else if real.api_version().await >= Version::new(1, 49) {
        let mut steps =
            real.docker.images().pull(image.as_str()).platform("windows/amd64").stream().await.expect("steps");
        while let Some(step) = steps.next().await {
            let status = step.expect("pulled").status.unwrap_or_default();
            assert!(!status.starts_with("WARNING"), "{status}");
        }
        let error = real.docker.image(&image).inspect().platform("windows/amd64").await.expect_err("another platform");
        assert!(error.is_not_found(), "{error}");
    }
    let platform = format!("linux/{}", real.docker.version().await.expect("a version").arch);
    real.docker.images().pull(image).platform(platform).await.expect("pulled");
}

/// behaviours 49 and 51
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_tag_that_has_moved_leaves_the_old_image_dangling() {
    let real = Real::engine();
    let repository = real.name();
    let image = publish(&repository, "1");
    let first = real.docker.images().pull(image.as_str()).await.expect("pulled");
    let old = real.docker.image(&image).inspect().await.expect("an image");

    publish_as(&repository, "1", "moved");
    let second = real.docker.images().pull(image.as_str()).await.expect("pulled");
    assert!(first.newer && second.newer && first.digest != second.digest);
    assert_ne!(real.docker.image(&image).inspect().await.expect("an image").id, old.id);

    let dangling = real.docker.image(&old.id).inspect().await.expect("an image");
    assert!(dangling.repo_tags.is_empty(), "{dangling:?}");
    let label = format!("test={repository}:1");
    let listed = real.docker.images().list().label(&label).await.expect("images");
    assert_eq!(listed.iter().map(|image| &image.id).collect::<Vec<_>>(), [&old.id]);
    assert!(listed[0].repo_tags.iter().all(|tag| tag == "<none>:<none>"), "{listed:?}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn credentials_reach_the_registry() {
    for (password, basic) in [("p?a?s?s?", "Basic dTpwP2E/cz9zPw=="), ("abc>~?", "Basic dTphYmM+fj8=")] {
        let real = Real::engine();
        let (registry, seen) = guarded_registry();
        let image = format!("{registry}/{}:1", real.name());
        let credentials = Credentials::password("u", password).server(&registry);
        let error = real.docker.images().pull(image.as_str()).credentials(&credentials).await.expect_err("it has none");
        assert!(error.message().contains("manifest unknown") || error.is_not_found(), "{error}");
        assert!(!format!("{error} {error:?}").contains(password));
        assert!(seen.try_iter().any(|header| header == basic), "{password} did not arrive");

        let error = real.docker.images().pull(image).await.expect_err("it is guarded");
        assert!(error.message().contains("no basic auth credentials"), "{error}");
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_dropped_pull_ends_in_the_engine_too() {
    let real = Real::engine();
    let (registry, asked, given_up) = trickling_registry();
    let mut steps = real.docker.images().pull(format!("{registry}/web:1")).stream().await.expect("a stream");
    assert!(steps.next().await.expect("a step").is_ok());
    until("the engine downloads a layer", async || asked.try_recv().is_ok()).await;
    drop(steps);
    until("the engine gives the download up", async || given_up.try_recv().is_ok()).await;
}

/// A registry that wants a password, any, and then has nothing. It tells the passwords that it gets.
fn guarded_registry() -> (String, Receiver<String>) {
    let (tell, seen) = channel();
    let address = serve(move |reader, mut writer| {
        let head: Vec<_> = reader.lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        let password = head.iter().find_map(|line| line.strip_prefix("Authorization: "));
        let status = if password.is_some() { "404 Not Found" } else { "401 Unauthorized" };
        if let Some(password) = password {
            let _ = tell.send(password.to_owned());
        }
        let body = r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#;
        let length = body.len();
        let _ = write!(
            writer,
            "HTTP/1.1 {status}\r\nWWW-Authenticate: Basic realm=\"test\"\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
    });
    (address, seen)
}

/// A registry whose layers trickle. It tells when one is asked for, and when that is given up.
fn trickling_registry() -> (String, Receiver<()>, Receiver<()>) {
    let ((tell, asked), (end, given_up)) = (channel(), channel());
    let layer = format!("sha256:{}", "cd".repeat(32));
    // containerd's store asks for layers once it has read this.
    let config = serde_json::json!({
        "architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [&layer]},
    });
    let config = config.to_string();
    let config_digest = format!("sha256:{}", sha256(config.as_bytes()));
    let manifest = serde_json::json!({
        "schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": config.len(), "digest": &config_digest},
        "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": 99_999, "digest": &layer}],
    });
    let address = serve(move |mut reader, mut writer| {
        let mut line = String::new();
        let _ = reader.read_line(&mut line);
        let body = match () {
            () if line.contains(&layer) => String::new(),
            () if line.contains("/blobs/") => config.clone(),
            () => manifest.to_string(),
        };
        let length = if body.is_empty() { 99_999 } else { body.len() };
        let _ = write!(
            writer,
            "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.distribution.manifest.v2+json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        if line.contains(&layer) {
            let _ = tell.send(());
            while writer.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(20)); // the engine closes once something comes
            }
            let _ = end.send(());
        }
    });
    (address, asked, given_up)
}
