//! Images on a real engine.

use crate::support::real::{Real, beside_removals};
use crate::support::registry::publish;
use longshore::container::ContainerSpec;
use longshore::image::Image;
use longshore::{Result, Version};

/// An image that this test alone has, and its name in the registry.
async fn image(real: &Real) -> (Image, String) {
    let name = publish(&real.name(), "1");
    real.docker.images().pull(name.as_str()).await.expect("pulled");
    (real.docker.image(&name), name)
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn lists_what_matches() {
    let real = Real::engine();
    let (web, name) = image(&real).await;
    let (first, second) = (real.name(), real.name());
    web.tag(format!("{first}:1.0")).await.expect("tagged");
    web.tag(format!("{second}:2.0")).await.expect("tagged");
    let id = web.inspect().await.expect("an image").id;
    let list = || real.docker.images().list();

    // behaviour 52: globs, and of several one must match (by full names, docker.io/library/…, 20.10 finds none)
    for (pattern, tags) in [
        (first.clone(), vec![format!("{first}:1.0")]),
        (format!("{first}:?.*"), vec![format!("{first}:1.0")]),
        (format!("{}*", real.prefix()), vec![format!("{first}:1.0"), format!("{second}:2.0")]),
        (format!("*/{}*:1", real.prefix()), vec![name.clone()]),
        (format!("{first}:3"), vec![]),
    ] {
        let found = list().reference(&pattern).await.expect(&pattern);
        assert_eq!(found.len(), usize::from(!tags.is_empty()), "{pattern}");
        assert_eq!(found.into_iter().flat_map(|image| image.repo_tags).collect::<Vec<_>>(), tags, "{pattern}");
    }
    let found = list().reference(&first).reference(&name).await.expect("one image");
    assert_eq!(found[0].repo_tags.len(), 2, "{found:?}");

    let label = format!("test={}:1", name.split(['/', ':']).nth(2).expect("a repository"));
    let found = list().all(true).digests(true).label(&label).label("test").dangling(false).await.expect("one image");
    assert_eq!((found.len(), &found[0].id, found[0].size > 0), (1, &id, true));
    assert_eq!(found[0].labels["test"], label["test=".len()..]);
    assert!(found[0].repo_digests[0].contains("@sha256:"), "{found:?}");
    assert!(list().label(&label).dangling(true).await.expect("none").is_empty());
    assert!(list().label(&label).since(&name).await.expect("none").is_empty(), "it is not made after itself");
    assert!(list().label(&label).before(&name).await.expect("none").is_empty(), "nor before");
    assert!(list().before("longshore-nope").await.expect_err("there is none").is_not_found());
    assert!(list().since("longshore-nope").await.expect_err("there is none").is_not_found());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn inspects_by_every_name() {
    let real = Real::engine();
    let (web, name) = image(&real).await;
    let image = web.inspect().await.expect("an image");
    let hex = image.id.strip_prefix("sha256:").expect("an id").to_owned();
    for name in [&image.id, &hex, &hex[..12].to_owned(), &image.repo_digests[0], &name] {
        assert_eq!(real.docker.image(name).inspect().await.expect(name), image, "{name}");
    }
    let config = image.config.expect("a configuration");
    assert_eq!((config.cmd, config.exposed_ports), (vec!["/bin/serve".to_owned()], vec!["80/tcp".to_owned()]));
    assert_eq!((&*image.os, image.root_fs.layers.len(), image.created.is_some()), ("linux", 1, true));
    assert!(config.healthcheck.expect("a health check").interval.is_some());
    assert!(real.docker.image("longshore-nope").inspect().await.expect_err("nothing").is_not_found());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn tags_take_names_over() {
    let real = Real::engine();
    let ((web, _), (other, _)) = (image(&real).await, image(&real).await);
    let (web_id, other_id) = (web.inspect().await.expect("an image").id, other.inspect().await.expect("an image").id);
    let name = real.name();
    web.tag(name.as_str()).await.expect("tagged");
    assert_eq!(real.docker.image(format!("{name}:latest")).inspect().await.expect("an image").id, web_id);
    real.docker.image(&other_id).tag(name.as_str()).await.expect("tagged, by its id");
    assert_eq!(real.docker.image(&name).inspect().await.expect("an image").id, other_id);
    assert!(!web.inspect().await.expect("an image").repo_tags.contains(&format!("{name}:latest")));

    // behaviour 52
    let error = web.tag("sha256:1").await.expect_err("an algorithm is no name");
    assert!(error.is_invalid() && error.status().is_none(), "nothing is sent: {error}");
    assert!(real.docker.image("longshore-nope").tag(name).await.expect_err("nothing").is_not_found());
}

/// behaviour 50
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn removing_takes_names_off_and_then_the_image() {
    let real = Real::engine();
    let (web, name) = image(&real).await;
    let image = web.inspect().await.expect("an image");
    let extra = format!("{}:1", real.name());
    web.tag(extra.as_str()).await.expect("tagged");

    let error = real.docker.image(&image.id).remove().await.expect_err("two names");
    assert!(error.is_conflict() && error.message().contains("unable to delete"), "{error}");
    let removed = real.docker.image(&extra).remove().await.expect("untagged");
    assert_eq!((removed.len(), removed[0].untagged.as_deref()), (1, Some(extra.as_str())));
    assert_eq!(web.inspect().await.expect("an image").repo_tags, [name.as_str()]);

    web.tag(extra.as_str()).await.expect("tagged");
    let removed = real.docker.image(&image.repo_digests[0]).remove().await.expect("the digest taken off");
    assert!(removed.iter().all(|removed| removed.deleted.is_none()), "{removed:?}");
    let left = real.docker.image(&extra).inspect().await.expect("an image");
    assert!(left.repo_tags.contains(&extra), "{left:?}");
    // In containerd's store the digest is the image's own.
    assert!(left.repo_digests.is_empty() || real.has_containerd_store().await, "{left:?}");

    let removed = real.docker.image(&image.id).remove().force(true).await.expect("removed");
    assert!(removed.iter().any(|removed| removed.deleted.as_ref() == Some(&image.id)), "{removed:?}");
    assert!(web.remove().await.expect_err("gone").is_not_found());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn removing_what_a_container_uses_is_a_conflict() {
    let real = Real::engine();
    let (web, name) = image(&real).await;
    let id = web.inspect().await.expect("an image").id;
    let container = real.create(ContainerSpec::new(&name).cmd(["sleep", "60"])).await;
    let error = web.remove().await.expect_err("a stopped container uses it");
    assert!(error.is_conflict() && error.message().contains("force"), "{error}");
    container.start().await.expect("started");
    let error = real.docker.image(&id).remove().force(true).await.expect_err("a running container uses it");
    assert!(error.is_conflict() && error.message().contains("cannot be forced"), "{error}");

    let removed = web.remove().force(true).await.expect("the name taken off");
    assert!(removed.iter().all(|removed| removed.deleted.is_none()), "{removed:?}");
    container.kill().await.expect("killed");
    container.wait().await.expect("over");
    let removed = real.docker.image(&id).remove().force(true).noprune(true).await.expect("removed");
    assert!(removed.iter().any(|removed| removed.deleted.as_ref() == Some(&id)), "{removed:?}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_the_engine_is_too_old_for_is_an_error() {
    let real = Real::engine();
    let (web, name) = image(&real).await;
    let version = real.api_version().await;
    let list = real.docker.images().list();
    for (minor, list) in [
        (42, list.clone().shared_size(true)),
        (44, list.clone().until(longshore::Timestamp::now())),
        (47, list.clone().manifests(true)),
        (54, list.manifests(true).identity(true)),
    ] {
        check(version, minor, beside_removals(|| async { list.clone().await }).await);
    }
    check(version, 48, web.inspect().manifests(true).await);
    let image = web.inspect().await.expect("an image");
    check(version, 49, web.inspect().platform(format!("{}/{}", image.os, image.architecture)).await);
    assert!(real.docker.image(name).inspect().await.is_ok());
}

/// An engine of that API does it, an older one cannot be asked to.
fn check<T: std::fmt::Debug>(version: Version, minor: u16, result: Result<T>) {
    match result {
        Ok(_) => assert!(version >= Version::new(1, minor)),
        Err(error) => assert!(error.is_version() && version < Version::new(1, minor), "{error}"),
    }
}
