//! Listing, inspecting, tagging and removing images.

use crate::support::{Engine, Response, fixture, on};
use longshore::Timestamp;
use longshore::image::{ImageInspect, ImageReference, Platform};

const LIST: &str = "GET /v1.41/images/json";
const WEB: &str = "registry.example.com:5000/team/web:1.0";

fn recorded(name: &str) -> Response {
    Response::text(200, &fixture(&format!("docker-20.10.24/{name}")))
}

async fn inspected(name: &str) -> ImageInspect {
    let engine = Engine::unix([on("GET /v1.41/images/web/json").respond(recorded(name))]);
    engine.docker(41).image("web").inspect().await.expect("an image")
}

#[tokio::test]
async fn list_tells_of_each_image() {
    let engine = Engine::unix([on(LIST).respond(recorded("image_list.json"))]);
    let images = engine.docker(41).images().list().await.expect("images");
    let [committed, pulled] = images.as_slice() else { panic!("{images:?}") };
    assert_eq!(committed.repo_tags, ["longshore-record:1"]);
    assert_eq!((&committed.parent_id, &*committed.labels["app"]), (&Some(pulled.id.clone()), "longshore-record"));
    assert!(committed.repo_digests.is_empty(), "null");
    assert!(pulled.repo_tags[0].ends_with("/longshore/web:1") && pulled.repo_digests[0].contains("@sha256:"));
    assert!(pulled.labels.is_empty() && pulled.parent_id.is_none());
    assert!(pulled.size > 1_000_000 && pulled.virtual_size == Some(pulled.size));
    assert_eq!((pulled.shared_size, pulled.containers, &pulled.descriptor), (-1, -1, &None), "not computed");
    assert!(committed.created > pulled.created && pulled.created.map(Timestamp::as_second) > Some(1_700_000_000));
}

#[tokio::test]
async fn list_tells_of_what_has_lost_its_name() {
    // behaviour 51: `<none>` stands for no tag until API 1.42, an empty list since.
    let newer = r#"[null,{"Id":"sha256:ab","RepoTags":[],"RepoDigests":[],"Manifests":null}]"#;
    let engine = Engine::unix([
        on(LIST).respond(recorded("image_list_dangling.json")),
        on(LIST).respond(Response::text(200, newer)),
        on(LIST).respond(Response::text(200, "null")),
    ]);
    let images = engine.docker(41).images();
    let older = images.list().await.expect("images");
    assert_eq!(older[0].repo_tags, ["<none>:<none>"]);
    assert_eq!(older[0].repo_digests, ["<none>@<none>"]);
    let newer = images.list().await.expect("a list with null in it");
    assert!(newer.len() == 1 && newer[0].repo_tags.is_empty() && newer[0].repo_digests.is_empty());
    assert!(images.list().await.expect("null").is_empty());
}

#[tokio::test]
async fn list_asks_for_what_was_said() {
    let engine = Engine::unix([
        on("GET /v1.54/images/json?all=true&shared-size=true&digests=true&manifests=true&identity=true")
            .respond(Response::text(200, "[]")),
        on("GET /v1.44/images/json?filters=%7B%22before%22%3A%7B%22nginx%3A1.27%22%3Atrue%7D%2C%22dangling%22%3A%7B%22false%22%3Atrue%7D%2C\
            %22label%22%3A%7B%22app%3Dweb%22%3Atrue%2C%22tier%22%3Atrue%7D%2C%22reference%22%3A%7B%22%2A%2Fweb%3A%2A%22%3Atrue%2C%22nginx%22%3Atrue%7D%2C\
            %22since%22%3A%7B%22ec3f0931a6e6%22%3Atrue%7D%2C%22until%22%3A%7B%222026-02-04T21%3A20%3A12.5Z%22%3Atrue%7D%7D")
            .respond(Response::text(200, "[]")),
        on(LIST).respond(Response::error(404, "No such image: nope:latest")),
    ]);
    let all = engine.docker(54).images().list().all(true).shared_size(true).digests(true);
    all.manifests(true).identity(true).await.expect("images");
    let until: Timestamp = "2026-02-04T21:20:12.5Z".parse().expect("a time");
    let some = engine
        .docker(44)
        .images()
        .list()
        .until(until)
        .since("ec3f0931a6e6")
        .before("nginx:1.27")
        .dangling(true)
        .dangling(false);
    some.label("tier").label("app=web").reference("nginx").reference("*/web:*").await.expect("images");
    assert!(engine.docker(41).images().list().await.expect_err("an error").is_not_found());
}

#[tokio::test]
async fn inspect_tells_all() {
    let image = inspected("image_inspect.json").await;
    assert_eq!((&*image.repo_tags[0], &*image.comment, &*image.author), ("longshore-record:1", "by hand", "somebody"));
    assert!(image.parent.expect("a parent").starts_with("sha256:") && image.repo_digests.is_empty());
    assert_eq!((&*image.os, &*image.architecture, image.variant.as_deref()), ("linux", "amd64", None));
    assert!(image.created < image.metadata.last_tag_time && image.created.is_some());
    assert_eq!((&*image.root_fs.kind, image.root_fs.layers.len()), ("layers", 1));
    assert!(image.graph_driver.expect("a driver").data["MergedDir"].starts_with("/var/lib/docker/"));
    assert!(image.container_config.is_some() && image.descriptor.is_none() && image.manifests.is_empty());

    let config = image.config.expect("a configuration");
    assert_eq!(config.exposed_ports, ["53/udp", "80/tcp"]);
    assert_eq!(config.volumes, ["/data"]);
    assert_eq!((config.cmd[0].as_str(), config.shell[0].as_str()), ("serve", "/bin/sh"));
    assert_eq!(config.entrypoint, ["/bin/sh", "-c"]);
    assert_eq!((config.env.get("MODE"), config.on_build.len()), (Some("prod"), 1));
    assert_eq!((&*config.user, &*config.working_dir, config.stop_signal.as_deref()), ("root", "/www", Some("SIGINT")));
    let health = config.healthcheck.expect("a health check");
    assert_eq!(health.test, ["CMD", "true"]);
    assert_eq!(health.retries, 3);
    assert_eq!(health.interval, Some(std::time::Duration::from_secs(1)));
}

#[tokio::test]
async fn inspect_tells_of_what_was_pulled() {
    let image = inspected("image_inspect_pulled.json").await;
    assert!(image.repo_tags[0].ends_with("/longshore/web:2"));
    assert!(image.repo_digests[0].contains("/longshore/web@sha256:"));
    assert_eq!(image.parent.as_deref(), Some(""));
    assert_eq!(image.metadata.last_tag_time, None, "year 1 is no time");
    let config = image.config.expect("a configuration");
    assert!(config.env.iter().next().is_none() && config.labels.is_empty() && config.volumes.is_empty(), "nulls");
}

#[tokio::test]
async fn inspect_asks_for_what_was_said() {
    let arm = "%7B%22architecture%22%3A%22arm64%22%2C%22os%22%3A%22linux%22%2C%22variant%22%3A%22v8%22%7D";
    let engine = Engine::unix([
        on("GET /v1.48/images/nginx:1.27/json?manifests=true").respond(Response::text(200, "{}")),
        on(format!("GET /v1.49/images/{WEB}/json?platform={arm}")).respond(Response::text(200, "{}")),
        on("GET /v1.41/images/sha256:ec3f0931a6e6/json")
            .respond(Response::error(404, "No such image: sha256:ec3f0931a6e6")),
    ]);
    engine.docker(48).image("nginx:1.27").inspect().manifests(true).await.expect("an image");
    engine.docker(49).image(WEB).inspect().platform("linux/arm64/v8").await.expect("an image");
    let error = engine.docker(41).image("sha256:ec3f0931a6e6").inspect().await.expect_err("nothing");
    assert!(error.is_not_found());
    assert_eq!(error.call(), Some("GET /images/sha256:ec3f0931a6e6/json"));
}

#[tokio::test]
async fn tag_gives_one_more_name() {
    let engine = Engine::unix([
        on("POST /v1.41/images/ec3f0931a6e6/tag?repo=registry.example.com%3A5000%2Fteam%2Fweb&tag=1.0")
            .respond(Response::status(201)),
        on("POST /v1.41/images/nginx:1.27/tag?repo=docker.io%2Flibrary%2Fweb&tag=latest")
            .respond(Response::status(201)),
        on("POST /v1.41/images/nope/tag?repo=docker.io%2Flibrary%2Fweb&tag=x")
            .respond(Response::error(404, "No such image: nope:latest")),
    ]);
    let docker = engine.docker(41);
    let name: ImageReference = WEB.parse().expect("a name");
    docker.image("ec3f0931a6e6").tag(name).await.expect("tagged");
    docker.image("nginx:1.27").tag("web").await.expect("tagged");
    assert!(docker.image("nope").tag("web:x").await.expect_err("nothing").is_not_found());

    // behaviour 52
    let by_digest = format!("web@sha256:{}", "ab".repeat(32));
    for (name, words) in [(by_digest.as_str(), "has a digest"), ("Web", "lower case"), ("web:", "use a tag")] {
        let error = docker.image("nginx").tag(name).await.expect_err(name);
        assert!(error.is_invalid() && error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn remove_tells_what_it_removed() {
    let engine = Engine::unix([
        on("DELETE /v1.41/images/longshore-record:1").respond(recorded("image_remove.json")),
        on("DELETE /v1.41/images/a?force=true&noprune=true").respond(Response::text(200, "[null,{\"Deleted\":null}]")),
        on("DELETE /v1.41/images/b").respond(Response::text(200, "null")),
    ]);
    let docker = engine.docker(41);
    let removed = docker.image("longshore-record:1").remove().await.expect("removed");
    assert_eq!((removed[0].untagged.as_deref(), &removed[0].deleted), (Some("longshore-record:1"), &None));
    assert!(removed[1].deleted.as_deref().expect("an id").starts_with("sha256:"));
    let removed = docker.image("a").remove().force(true).noprune(true).await.expect("removed");
    assert_eq!(removed, [longshore::image::ImageDeleted::default()]);
    assert!(docker.image("b").remove().await.expect("removed").is_empty());
}

#[tokio::test]
async fn remove_says_why_not() {
    // behaviour 50
    let conflict =
        "conflict: unable to delete ec3f0931a6e6 (must be forced) - image is referenced in multiple repositories";
    let engine = Engine::unix([
        on("DELETE /v1.41/images/ec3f0931a6e6").respond(Response::error(409, conflict)),
        on("DELETE /v1.41/images/nope").respond(Response::error(404, "No such image: nope:latest")),
        on("DELETE /v1.50/images/web?platforms=%7B%22architecture%22%3A%22amd64%22%2C%22os%22%3A%22linux%22%7D\
            &platforms=%7B%22architecture%22%3A%22arm%22%2C%22os%22%3A%22linux%22%2C%22variant%22%3A%22v7%22%7D")
        .respond(Response::error(404, "no such platform")),
    ]);
    let docker = engine.docker(41);
    let error = docker.image("ec3f0931a6e6").remove().await.expect_err("a conflict");
    assert!(error.is_conflict());
    assert_eq!(error.message(), conflict);
    assert!(docker.image("nope").remove().await.expect_err("nothing").is_not_found());
    let variants =
        engine.docker(50).image("web").remove().platform(Platform::new("linux", "amd64")).platform("linux/arm/v7");
    assert!(variants.await.expect_err("nothing").is_not_found());
}

#[tokio::test]
async fn what_the_engine_is_too_old_for_is_not_sent() {
    let engine = Engine::unix([]);
    let at = |minor: u16| (engine.docker(minor).images(), engine.docker(minor).image("web"));
    let refusals = [
        (
            at(41).0.list().shared_size(true).await.map(drop),
            "shared-size requires API 1.42 or later, and this engine speaks API 1.41",
        ),
        (
            at(43).0.list().until(Timestamp::now()).await.map(drop),
            "the filter until requires API 1.44 or later, and this engine speaks API 1.43",
        ),
        (
            at(46).0.list().manifests(true).await.map(drop),
            "manifests requires API 1.47 or later, and this engine speaks API 1.46",
        ),
        (
            at(53).0.list().identity(true).await.map(drop),
            "identity requires API 1.54 or later, and this engine speaks API 1.53",
        ),
        (
            at(47).1.inspect().manifests(true).await.map(drop),
            "manifests requires API 1.48 or later, and this engine speaks API 1.47",
        ),
        (
            at(48).1.inspect().platform("linux/arm64").await.map(drop),
            "platform requires API 1.49 or later, and this engine speaks API 1.48",
        ),
        (
            at(49).1.remove().platform("linux/arm64").await.map(drop),
            "platforms requires API 1.50 or later, and this engine speaks API 1.49",
        ),
    ];
    for (refusal, words) in refusals {
        let error = refusal.expect_err(words);
        assert!(error.is_version() && error.message().starts_with(words), "{error}");
    }
    let error = at(49).1.inspect().platform("linux").await.expect_err("half a platform");
    assert!(error.is_invalid() && error.message().contains("must have an architecture"), "{error}");
    assert_eq!(engine.connections(), 0);
}

#[tokio::test]
async fn whether_an_image_exists_is_not_asked_by_a_name_that_is_none() {
    let engine = Engine::unix([]);
    for name in ["We b", "", "web:la test", "https://web"] {
        let error = engine.docker(41).images().exists(name).await.expect_err(name);
        assert!(error.is_invalid(), "{error}");
    }
    assert_eq!(engine.connections(), 0);
}
