//! `POST /containers/create`

use crate::support::{Engine, Response, on};
use longshore::ErrorKind;
use longshore::container::{BindOptions, ContainerSpec, Healthcheck, Mount, MountType, TmpfsOptions};
use longshore::network::EndpointSettings;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn the_made_container_is_at_hand() {
    let engine = Engine::unix([
        on("POST /v1.41/containers/create")
            .with_json(json!({"Image": "nginx"}))
            .respond(Response::text(201, r#"{"Id":"8dfafdbc3a40","Warnings":null}"#)),
        on("POST /v1.41/containers/8dfafdbc3a40/start"),
    ]);
    let web = engine.docker(41).containers().create(ContainerSpec::new("nginx")).await.expect("a container");
    web.start().await.expect("started");
}

#[tokio::test]
async fn a_container_without_an_id_is_none() {
    let engine = Engine::unix([on("POST /v1.41/containers/create")
        .with_json(json!({"Image": "nginx"}))
        .respond(Response::text(201, "{}"))]);
    let error = engine.docker(41).containers().create(ContainerSpec::new("nginx")).await.expect_err("no id");
    assert!(error.kind() == ErrorKind::Decode && error.to_string().contains("missing field `Id`"), "{error}");
}

#[tokio::test]
async fn what_the_engine_refuses() {
    let create = || on("POST /v1.41/containers/create?name=web").with_json(json!({"Image": "nginx:1.27"}));
    let taken = "Conflict. The container name \"/web\" is already in use by container \"8dfa\".";
    let engine = Engine::unix([
        create().respond(Response::error(404, "No such image: nginx:1.27")),
        create().respond(Response::error(404, "no such image: nginx:1.27: image not known")), // Podman
        create().respond(Response::error(404, "network shop not found")),
        create().respond(Response::error(409, taken)),
        create().respond(Response::error(400, "invalid restart policy 'sometimes'")),
    ]);
    let docker = engine.docker(41);
    let call = docker.containers().create(ContainerSpec::new("nginx:1.27")).name("web");
    let error = call.clone().await.expect_err("no image");
    assert!(error.is_not_found(), "{error}");
    assert_eq!(
        error.to_string(),
        "POST /containers/create: No such image: nginx:1.27 (404 Not Found); pull it first: `docker.images().pull(…)`"
    );
    assert!(
        call.clone().await.expect_err("no image").to_string().ends_with("; pull it first: `docker.images().pull(…)`")
    );
    let error = call.clone().await.expect_err("no network");
    assert!(error.to_string().ends_with("(404 Not Found)"), "{error}");
    let error = call.clone().await.expect_err("a name that is taken");
    assert!(error.is_conflict() && error.message() == taken, "{error}");
    assert!(call.await.expect_err("nonsense").is_invalid());
}

// behaviours 9, 14 and 15: nothing of this is sent
#[tokio::test]
async fn what_cannot_be_right_is_not_sent() {
    let engine = Engine::unix([]);
    let containers = engine.docker(41).containers();
    let good = || ContainerSpec::new("nginx");
    let short = Healthcheck::shell("true").interval(Duration::from_micros(999));
    for (call, words) in [
        (containers.create(ContainerSpec::new(" ")), "an image is needed"),
        (containers.create(good().env("", "x")), "has no name"),
        (containers.create(good().cpus(0.0)), "NanoCpus"),
        (containers.create(good().memory(-1)), "HostConfig.Memory is -1"),
        (containers.create(good().health(short)), "shorter than 1 ms"),
        (containers.create(good().security_opt("seccomp=/nowhere/p.json")), "cannot read the seccomp profile /nowhere"),
        (containers.create(good().network_with("a", EndpointSettings::new().ipv4("x"))), "invalid address \"x\""),
        (containers.create(good()).name("no name"), "invalid container name"),
        (containers.create(good()).name(""), "invalid container name"),
        (containers.create(good()).platform("linux arm"), "linux arm"),
    ] {
        let error = call.await.expect_err(words);
        assert!(error.is_invalid() && error.status().is_none() && error.message().contains(words), "{error}");
    }
    assert_eq!(engine.connections(), 0);
}

// behaviour 16, and all else that an engine of an older API would ignore without a word
#[tokio::test]
async fn what_the_api_is_too_old_for_is_not_sent() {
    let engine = Engine::unix([]);
    let spec = || ContainerSpec::new("nginx");
    let bind = |options| spec().mount(Mount { kind: MountType::Bind, bind_options: Some(options), ..Mount::default() });
    let mut console = spec();
    console.host_config.console_size = Some([24, 80]);
    let mut annotated = spec();
    annotated.host_config.annotations.insert("a", "b".to_owned());
    let cluster = Mount { kind: MountType::Cluster, ..Mount::default() };
    let exec = TmpfsOptions { options: vec![vec!["exec".to_owned()]], ..TmpfsOptions::default() };
    let exec = Mount { kind: MountType::Tmpfs, tmpfs_options: Some(exec), ..Mount::default() };
    let non_recursive = BindOptions { read_only_non_recursive: true, ..BindOptions::default() };
    let recursive = BindOptions { read_only_force_recursive: true, ..BindOptions::default() };
    let mac = EndpointSettings::new().mac_address("02:42:ac:11:00:04");
    let cases = vec![
        ("HostConfig.ConsoleSize", 42, console),
        ("Mount.BindOptions.CreateMountpoint", 42, spec().mount(Mount::bind("/a", "/b").create_source(true))),
        ("a mount of a cluster's volume", 42, spec().mount(cluster)),
        ("HostConfig.Annotations", 43, annotated),
        ("more than one network", 44, spec().network("a").network("b")),
        ("Healthcheck.StartInterval", 44, spec().health(Healthcheck::none().start_interval(Duration::from_secs(1)))),
        ("Mount.BindOptions.ReadOnlyNonRecursive", 44, bind(non_recursive)),
        ("Mount.BindOptions.ReadOnlyForceRecursive", 44, bind(recursive)),
        ("EndpointSettings.MacAddress", 44, spec().network_with("a", mac)),
        ("Mount.VolumeOptions.Subpath", 45, spec().mount(Mount::volume("v", "/v").subpath("x"))),
        ("Mount.TmpfsOptions.Options", 46, spec().mount(exec)),
        ("a mount of an image", 48, spec().mount(Mount::image("i", "/i"))),
        ("EndpointSettings.GwPriority", 48, spec().network_with("a", EndpointSettings::new().gateway_priority(1))),
    ];
    for (what, since, spec) in cases {
        let spoken = since - 1;
        let error = engine.docker(spoken).containers().create(spec).await.expect_err(what);
        assert!(error.is_version(), "{what}: {error}");
        let words = format!("{what} requires API 1.{since} or later, and this engine speaks API 1.{spoken}");
        assert_eq!(error.message(), words);
    }
    assert_eq!(engine.connections(), 0);
}

#[tokio::test]
async fn several_networks_where_the_api_knows_them() {
    let engine = Engine::unix([on("POST /v1.44/containers/create")
        .with_json(json!({
            "Image": "nginx", "HostConfig": {"NetworkMode": "back"},
            "NetworkingConfig": {"EndpointsConfig": {"back": {}, "front": {"Aliases": ["www"]}}},
        }))
        .respond(Response::text(201, r#"{"Id":"8dfafdbc3a40"}"#))]);
    let spec = ContainerSpec::new("nginx").network("back").network_alias("front", "www");
    engine.docker(44).containers().create(spec).await.expect("a container");
}

#[tokio::test]
async fn what_newer_engines_would_ignore_is_an_error_there() {
    let mut spec = ContainerSpec::new("x");
    spec.config.mac_address = "02:42:ac:11:00:02".into();
    let engine = Engine::unix([on("POST /v1.51/containers/create")
        .with_json(serde_json::json!({"Image": "x", "MacAddress": "02:42:ac:11:00:02"}))
        .respond(Response::json(201, serde_json::json!({"Id": "a"})))]);
    engine.docker(51).containers().create(&spec).await.expect("a container");
    let error = engine.docker(52).containers().create(&spec).await.expect_err("gone");
    assert!(error.is_version());
    assert_eq!(
        error.to_string(),
        "POST /containers/create: MacAddress (set EndpointSettings.MacAddress instead) was removed in API 1.52, \
         and this engine speaks API 1.52"
    );
}
