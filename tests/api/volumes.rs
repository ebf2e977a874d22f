//! Making, listing, inspecting and removing volumes.

use crate::support::{Engine, Response, fixture, on};
use longshore::volume::{AccessMode, ClusterVolumeSpec, VolumeInspect, VolumeScope, VolumeSpec};
use serde_json::json;

fn recorded(name: &str) -> Response {
    Response::text(200, &fixture(&format!("docker-20.10.24/{name}")))
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
        on("POST /v1.41/volumes/create").with_json(json!({})).respond(recorded("volume_create.json")),
        on("POST /v1.41/volumes/create").with_json(json!({ "Name": "cache" })).respond(recorded("volume_create.json")),
        on("POST /v1.41/volumes/create").with_json(all).respond(recorded("volume_create.json")),
        on("POST /v1.42/volumes/create").with_json(cluster).respond(recorded("volume_create.json")),
    ]);
    let volumes = engine.docker(41).volumes();
    assert_eq!(volumes.create(VolumeSpec::default()).await.expect("a volume").name(), "longshore-record-cache");
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
        on("POST /v1.41/volumes/create").with_json(json!({ "Name": "cache" })).respond(Response::error(status, words))
    };
    let engine = Engine::unix(refused.map(create));
    let volumes = engine.docker(41).volumes();
    assert!(volumes.create("cache").await.expect_err("the driver").is_not_found());
    assert!(volumes.create("cache").await.expect_err("another driver").is_conflict());
    assert!(volumes.create("cache").await.expect_err("an option").is_invalid());

    for name in [".cache", "a/b", "a b"] {
        for spec in [VolumeSpec::new(name), VolumeSpec::new(name).driver("local")] {
            let error = volumes.create(spec).await.expect_err(name);
            assert!(error.is_invalid() && error.message().contains("invalid volume name"), "{error}");
        }
    }
    let error =
        volumes.create(VolumeSpec::new("shared").cluster(ClusterVolumeSpec::default())).await.expect_err("too old");
    assert!(error.is_version(), "{error}");
    assert_eq!(error.message(), "ClusterVolumeSpec requires API 1.42 or later, and this engine speaks API 1.41");
}

/// Each driver has rules of its own for names, and each engine a shortest length.
#[tokio::test]
async fn names_of_other_drivers_and_short_ones_are_sent() {
    let of_nfs = json!({ "Name": "nas/share", "Driver": "nfs" });
    let engine = Engine::unix([
        on("POST /v1.41/volumes/create").with_json(of_nfs).respond(recorded("volume_create.json")),
        on("POST /v1.41/volumes/create").with_json(json!({ "Name": "a" })).respond(recorded("volume_create.json")),
        on("GET /v1.41/volumes/nas/share").respond(recorded("volume_inspect.json")),
        on("DELETE /v1.41/volumes/nas/share"),
        on("DELETE /v1.41/volumes/a%20b"),
        on("DELETE /v1.41/volumes/a"),
    ]);
    let docker = engine.docker(41);
    docker.volumes().create(VolumeSpec::new("nas/share").driver("nfs")).await.expect("a volume");
    docker.volumes().create("a").await.expect("a volume");
    docker.volume("nas/share").inspect().await.expect("a volume");
    for name in ["nas/share", "a b", "a"] {
        docker.volume(name).remove().await.expect(name);
    }
    for name in ["", ".", "nas/../share", "nas//share"] {
        let error = docker.volume(name).remove().await.expect_err(name);
        assert!(error.is_invalid() && error.message().contains("invalid volume name"), "{error}");
    }
}

#[tokio::test]
async fn list_tells_of_each_volume() {
    let engine = Engine::unix([
        on("GET /v1.41/volumes").respond(recorded("volume_list.json")),
        on("GET /v1.41/volumes")
            .respond(Response::text(200, r#"{"Volumes":[null],"Warnings":["nfs does not answer"]}"#)),
        on("GET /v1.41/volumes").respond(Response::text(200, r#"{"Volumes":null,"Warnings":null}"#)),
    ]);
    let volumes = engine.docker(41).volumes();
    let list = volumes.list().await.expect("volumes");
    let [plain, cache] = &*list else { panic!("{list:?}") };
    is_the_recorded_one(cache);
    assert_eq!(plain.name, "longshore-record-cache-2");
    assert!(plain.labels.is_empty() && plain.options.is_empty() && list.warnings().is_empty(), "nulls");
    let list = volumes.list().await.expect("volumes");
    assert!(list.is_empty() && list.warnings() == ["nfs does not answer"]);
    assert_eq!(volumes.list().await.expect("none"), longshore::volume::VolumeList::default());
}

#[tokio::test]
async fn list_asks_for_what_was_said() {
    let engine = Engine::unix([on("GET /v1.41/volumes?filters=%7B%22dangling%22%3A%7B%22true%22%3Atrue%7D%2C%22driver%22%3A%7B%22local%22%3Atrue%2C%22nfs%22%3Atrue%7D%2C\
        %22label%22%3A%7B%22app%3Dweb%22%3Atrue%2C%22tier%22%3Atrue%7D%2C%22name%22%3A%7B%22%5Ecache%24%22%3Atrue%7D%7D")
        .respond(Response::text(200, "{}"))]);
    let list = engine.docker(41).volumes().list().name("^cache$").label("tier").label("app=web").driver("nfs");
    list.driver("local").dangling(true).await.expect("volumes");
}

#[tokio::test]
async fn inspect_tells_all() {
    let engine = Engine::unix([
        on("GET /v1.41/volumes/longshore-record-cache").respond(recorded("volume_inspect.json")),
        on("GET /v1.41/volumes/nope").respond(Response::error(404, "get nope: no such volume")),
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
        on("DELETE /v1.41/volumes/cache").respond(Response::error(404, "get cache: no such volume")),
        on("DELETE /v1.41/volumes/cache").respond(Response::error(409, "remove cache: volume is in use - [13ae]")),
    ]);
    let cache = engine.docker(41).volume("cache");
    cache.remove().await.expect("removed");
    cache.remove().force(true).await.expect("removed");
    assert!(cache.remove().await.expect_err("gone").is_not_found());
    assert!(cache.remove().await.expect_err("in use").is_conflict());
}

// behaviour 58: since 1.42 those with a name stay, unless they are asked for
#[tokio::test]
async fn a_prune_tells_what_it_freed() {
    let prune = |minor: u32, filters: &str| on(format!("POST /v1.{minor}/volumes/prune{filters}"));
    let labels = "?filters=%7B%22label%22%3A%7B%22app%3Dweb%22%3Atrue%7D%2C%22label%21%22%3A%7B%22keep%22%3Atrue%7D%7D";
    let all = |all: bool| format!("?filters=%7B%22all%22%3A%7B%22{all}%22%3Atrue%7D%7D");
    let engine = Engine::unix([
        prune(41, "").with_header("content-length", "0").respond(recorded("volume_prune.json")),
        prune(41, labels).respond(recorded("volume_prune_nothing.json")),
        prune(42, &all(true)).respond(Response::text(200, r#"{"VolumesDeleted":null,"SpaceReclaimed":7}"#)),
        prune(42, &all(false)).respond(Response::text(200, "{}")),
        prune(41, "").respond(Response::error(409, "a prune operation is already running")),
    ]);
    let (old, new) = (engine.docker(41).volumes(), engine.docker(42).volumes());
    let pruned = old.prune().await.expect("pruned");
    let anonymous = "01381ddf81d923d710d6aa1d3c63a7978fa0c7952d128cea7e50564535ddf6c8";
    assert_eq!((pruned.volumes_deleted, pruned.space_reclaimed), (vec![anonymous.to_owned()], 0));
    let pruned = old.prune().label("app=web").without_label("keep").await.expect("pruned");
    assert!(pruned.volumes_deleted.is_empty());
    assert_eq!(new.prune().all(false).all(true).await.expect("pruned").space_reclaimed, 7);
    new.prune().all(false).await.expect("pruned");
    assert!(old.prune().await.expect_err("two at once").is_conflict());
    let error = old.prune().all(true).await.expect_err("too old");
    assert!(error.is_version());
    assert_eq!(error.message(), "the filter all requires API 1.42 or later, and this engine speaks API 1.41");
}

#[tokio::test]
async fn an_update_changes_a_volume_of_a_swarm() {
    let body = json!({ "Spec": {"Group": "g", "AccessMode": {"Scope": "multi"}, "Availability": "drain"} });
    let put = |version: u64| on(format!("PUT /v1.42/volumes/shared?version={version}")).with_json(body.clone());
    let engine = Engine::unix([
        put(u64::MAX).respond(Response::raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")),
        put(7).respond(Response::error(500, "rpc error: code = Unknown desc = update out of sequence")),
        put(8).respond(Response::error(503, "This node is not a swarm manager.")),
        put(9).respond(Response::error(404, "no such volume")),
    ]);
    let access_mode = Some(AccessMode { scope: "multi".into(), ..AccessMode::default() });
    let availability = "drain".into();
    let spec = ClusterVolumeSpec { group: "g".into(), access_mode, availability, ..ClusterVolumeSpec::default() };
    let shared = engine.docker(42).volume("shared");
    shared.update(u64::MAX, &spec).await.expect("updated");
    assert!(shared.update(7, &spec).await.expect_err("changed meanwhile").message().ends_with("out of sequence"));
    assert_eq!(shared.update(8, &spec).await.expect_err("no swarm").status(), Some(503));
    assert!(shared.update(9, spec.clone()).await.expect_err("none").is_not_found());
    let error = engine.docker(41).volume("shared").update(1, &spec).await.expect_err("too old");
    assert!(error.is_version());
    assert_eq!(error.message(), "updating a volume requires API 1.42 or later, and this engine speaks API 1.41");
    assert!(engine.docker(42).volume("a/../b").update(1, &spec).await.expect_err("no name").is_invalid());
}
