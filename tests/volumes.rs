//! Making, listing, inspecting and removing volumes.

mod support;

use longshore::volume::{AccessMode, ClusterVolumeSpec, VolumeInspect, VolumeScope, VolumeSpec};
use serde_json::json;
use support::{Answer, Engine, fixture, on};

fn recorded(name: &str) -> Answer {
    Answer::text(200, &fixture(&format!("docker-20.10.24/{name}")))
}

fn is_the_recorded_one(volume: &VolumeInspect) {
    assert_eq!((&*volume.name, &*volume.driver), ("longshore-record-cache", "local"));
    assert_eq!((&volume.scope, volume.created_at.is_some()), (&VolumeScope::Local, true));
    assert!(volume.mountpoint.ends_with("/volumes/longshore-record-cache/_data"));
    let labels: Vec<_> = volume.labels.iter().map(|(key, value)| (key, value.as_str())).collect();
    assert_eq!(labels, [("app", "longshore-record"), ("tier", "")]);
    assert_eq!(volume.options.values().collect::<Vec<_>>(), ["tmpfs", "size=1m", "tmpfs"]);
    assert!(volume.status.is_empty() && volume.usage_data.is_none() && volume.cluster_volume.is_none());
}

#[tokio::test]
async fn create_sends_all_that_was_said() {
    let all = json!({
        "Name": "cache", "Driver": "local", "Labels": {"app": "web", "tier": ""},
        "DriverOpts": {"type": "tmpfs", "device": "tmpfs", "o": "size=1m"},
    });
    let cluster = json!({ "Name": "shared", "ClusterVolumeSpec": {"Group": "g", "AccessMode": {"Scope": "multi"}} });
    let engine = Engine::unix([
        on("POST /v1.41/volumes/create").with_json(json!({})).answer(recorded("volume_create.json")),
        on("POST /v1.41/volumes/create").with_json(json!({ "Name": "cache" })).answer(recorded("volume_create.json")),
        on("POST /v1.41/volumes/create").with_json(all).answer(recorded("volume_create.json")),
        on("POST /v1.42/volumes/create").with_json(cluster).answer(recorded("volume_create.json")),
    ]);
    let volumes = engine.docker(41).volumes();
    is_the_recorded_one(&volumes.create(VolumeSpec::default()).await.expect("a volume"));
    volumes.create("cache").await.expect("a volume");
    let spec = VolumeSpec::new("cache").driver("local").label("app", "web").label("tier", "");
    volumes
        .create(spec.option("type", "tmpfs").option("device", "tmpfs").option("o", "size=1m"))
        .await
        .expect("a volume");
    let access_mode = Some(AccessMode { scope: "multi".into(), ..AccessMode::default() });
    let cluster = ClusterVolumeSpec { group: "g".into(), access_mode, ..ClusterVolumeSpec::default() };
    engine.docker(42).volumes().create(VolumeSpec::new("shared").cluster(cluster)).await.expect("a volume");
}

#[tokio::test]
async fn create_says_why_not() {
    let refused =
        [(404, "plugin \"x\" not found"), (409, "a volume named cache already exists"), (400, "invalid option: \"x\"")];
    let create = |(status, words)| {
        on("POST /v1.41/volumes/create").with_json(json!({ "Name": "cache" })).answer(Answer::error(status, words))
    };
    let engine = Engine::unix(refused.map(create));
    let volumes = engine.docker(41).volumes();
    assert!(volumes.create("cache").await.expect_err("the driver").is_not_found());
    assert!(volumes.create("cache").await.expect_err("another driver").is_conflict());
    assert!(volumes.create("cache").await.expect_err("an option").is_invalid());

    for name in ["a", ".cache", "a/b", "a b"] {
        let error = volumes.create(name).await.expect_err(name);
        assert!(error.is_invalid() && error.message().contains("is not the name of a volume"), "{error}");
    }
    let error =
        volumes.create(VolumeSpec::new("shared").cluster(ClusterVolumeSpec::default())).await.expect_err("too old");
    assert!(error.is_version(), "{error}");
    assert_eq!(error.message(), "ClusterVolumeSpec needs API 1.42 or newer, and API 1.41 is spoken with this engine");
}

#[tokio::test]
async fn list_tells_of_each_volume() {
    let engine = Engine::unix([
        on("GET /v1.41/volumes").answer(recorded("volume_list.json")),
        on("GET /v1.41/volumes").answer(Answer::text(200, r#"{"Volumes":[null],"Warnings":["nfs does not answer"]}"#)),
        on("GET /v1.41/volumes").answer(Answer::text(200, r#"{"Volumes":null,"Warnings":null}"#)),
    ]);
    let volumes = engine.docker(41).volumes();
    let list = volumes.list().await.expect("volumes");
    let [plain, cache] = list.volumes.as_slice() else { panic!("{list:?}") };
    is_the_recorded_one(cache);
    assert_eq!(plain.name, "longshore-record-cache-2");
    assert!(plain.labels.is_empty() && plain.options.is_empty() && list.warnings.is_empty(), "nulls");
    let list = volumes.list().await.expect("volumes");
    assert!(list.volumes.is_empty() && list.warnings == ["nfs does not answer"]);
    assert_eq!(volumes.list().await.expect("none"), longshore::volume::VolumeList::default());
}

#[tokio::test]
async fn list_asks_for_what_was_said() {
    let engine = Engine::unix([on("GET /v1.41/volumes?filters=%7B%22dangling%22%3A%7B%22true%22%3Atrue%7D%2C%22driver%22%3A%7B%22local%22%3Atrue%2C%22nfs%22%3Atrue%7D%2C\
        %22label%22%3A%7B%22app%3Dweb%22%3Atrue%2C%22tier%22%3Atrue%7D%2C%22name%22%3A%7B%22%5Ecache%24%22%3Atrue%7D%7D")
        .answer(Answer::text(200, "{}"))]);
    let list = engine.docker(41).volumes().list().name("^cache$").label("tier").label("app=web").driver("nfs");
    list.driver("local").dangling(true).await.expect("volumes");
}

#[tokio::test]
async fn inspect_tells_all() {
    let engine = Engine::unix([
        on("GET /v1.41/volumes/longshore-record-cache").answer(recorded("volume_inspect.json")),
        on("GET /v1.41/volumes/nope").answer(Answer::error(404, "get nope: no such volume")),
    ]);
    let docker = engine.docker(41);
    is_the_recorded_one(&docker.volume("longshore-record-cache").inspect().await.expect("a volume"));
    let error = docker.volume("nope").inspect().await.expect_err("nothing");
    assert!(error.is_not_found());
    assert_eq!(error.to_string(), "GET /volumes/nope: get nope: no such volume (404 Not Found)");
}

#[tokio::test]
async fn remove_says_why_not() {
    let engine = Engine::unix([
        on("DELETE /v1.41/volumes/cache"),
        on("DELETE /v1.41/volumes/cache?force=true"),
        on("DELETE /v1.41/volumes/cache").answer(Answer::error(404, "get cache: no such volume")),
        on("DELETE /v1.41/volumes/cache").answer(Answer::error(409, "remove cache: volume is in use - [13ae]")),
    ]);
    let cache = engine.docker(41).volume("cache");
    cache.remove().await.expect("removed");
    cache.remove().force(true).await.expect("removed");
    assert!(cache.remove().await.expect_err("gone").is_not_found());
    assert!(cache.remove().await.expect_err("in use").is_conflict());
}
