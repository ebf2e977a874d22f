//! `POST /containers/create`

mod support;

use longshore::ErrorKind;
use longshore::container::{
    BindOptions, ContainerSpec, GIB, Healthcheck, LogConfig, MIB, Mount, MountType, Port, Propagation, RestartPolicy,
    TmpfsOptions,
};
use longshore::network::EndpointSettings;
use serde_json::json;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;
use support::{Answer, Engine, fixture, on};

#[tokio::test]
async fn every_setter_of_the_process() {
    let spec = ContainerSpec::new("nginx:1.27")
        .cmd(["nginx", "-g", "daemon off;"])
        .entrypoint(["/init"])
        .env("MODE", "prod")
        .label("app", "web")
        .user("1000:1000")
        .working_dir("/srv")
        .hostname("box")
        .health(
            Healthcheck::shell("curl -f localhost")
                .interval(Duration::from_secs(5))
                .timeout(Duration::from_millis(1500))
                .start_period(Duration::from_secs(30))
                .retries(3),
        )
        .stop_signal("quit")
        .stop_timeout(Duration::MAX)
        .tty(true)
        .open_stdin(true)
        .expose(Port::sctp(9));
    let body = json!({
        "Image": "nginx:1.27", "Cmd": ["nginx", "-g", "daemon off;"], "Entrypoint": ["/init"], "Env": ["MODE=prod"],
        "Labels": {"app": "web"}, "User": "1000:1000", "WorkingDir": "/srv", "Hostname": "box", "StopSignal": "SIGQUIT",
        "StopTimeout": -1, "Tty": true, "OpenStdin": true, "ExposedPorts": {"9/sctp": {}},
        "Healthcheck": {
            "Test": ["CMD-SHELL", "curl -f localhost"], "Interval": 5_000_000_000_u64, "Timeout": 1_500_000_000_u64,
            "StartPeriod": 30_000_000_000_u64, "Retries": 3
        },
    });
    let create = on("POST /v1.41/containers/create?name=web&platform=linux%2Farm64%2Fv8")
        .with_json(body)
        .answer(Answer::text(201, &fixture("docker-20.10.24/container_create.json")));
    let engine = Engine::unix([create]);
    let call = engine.docker(41).containers().create(spec).name("/web").platform("linux/arm64/v8");
    let web = call.await.expect("a container");
    assert_eq!((web.id().len(), web.warnings().len()), (64, 0));
}

#[tokio::test]
async fn every_setter_of_the_host() {
    let spec = ContainerSpec::new("nginx")
        .publish(8080, 80)
        .publish_on(Ipv6Addr::LOCALHOST, 0, Port::udp(53))
        .bind("/src", "/dst")
        .bind_read_only("/etc/ssl", "/etc/ssl")
        .volume("data", "/data")
        .tmpfs("/run", 16 * MIB)
        .mount(Mount::bind("/a", "/b").propagation(Propagation::RSlave))
        .memory(GIB)
        .memory_swap(-1)
        .cpus(0.25)
        .pids_limit(100)
        .shm_size(MIB)
        .restart(RestartPolicy::unless_stopped())
        .auto_remove(true)
        .privileged(true)
        .read_only(true)
        .init(false)
        .cap_add("NET_ADMIN")
        .cap_drop("ALL")
        .security_opt("no-new-privileges")
        .sysctl("net.core.somaxconn", "256")
        .extra_host("db", "host-gateway")
        .dns(Ipv4Addr::new(9, 9, 9, 9))
        .ulimit("nofile", 1024, 2048)
        .device("/dev/fuse", "/dev/fuse")
        .gpus(2)
        .log(LogConfig::new("json-file").option("max-size", "10m"))
        .network_with("back", EndpointSettings::new().alias("web").ipv4(Ipv4Addr::new(172, 20, 0, 9)));
    let body = json!({
        "Image": "nginx", "ExposedPorts": {"80/tcp": {}, "53/udp": {}},
        "HostConfig": {
            "PortBindings": {"80/tcp": [{"HostPort": "8080"}], "53/udp": [{"HostIp": "::1"}]},
            "Mounts": [
                {"Type": "bind", "Source": "/src", "Target": "/dst"},
                {"Type": "bind", "Source": "/etc/ssl", "Target": "/etc/ssl", "ReadOnly": true},
                {"Type": "volume", "Source": "data", "Target": "/data"},
                {"Type": "tmpfs", "Target": "/run", "TmpfsOptions": {"SizeBytes": 16_777_216}},
                {"Type": "bind", "Source": "/a", "Target": "/b", "BindOptions": {"Propagation": "rslave"}},
            ],
            "Memory": 1_073_741_824, "MemorySwap": -1, "NanoCpus": 250_000_000, "PidsLimit": 100, "ShmSize": 1_048_576,
            "RestartPolicy": {"Name": "unless-stopped"}, "AutoRemove": true, "Privileged": true, "ReadonlyRootfs": true,
            "Init": false, "CapAdd": ["NET_ADMIN"], "CapDrop": ["ALL"], "SecurityOpt": ["no-new-privileges"],
            "Sysctls": {"net.core.somaxconn": "256"}, "ExtraHosts": ["db:host-gateway"], "Dns": ["9.9.9.9"],
            "Ulimits": [{"Name": "nofile", "Soft": 1024, "Hard": 2048}],
            "Devices": [{"PathOnHost": "/dev/fuse", "PathInContainer": "/dev/fuse", "CgroupPermissions": "rwm"}],
            "DeviceRequests": [{"Count": 2, "Capabilities": [["gpu"]]}],
            "LogConfig": {"Type": "json-file", "Config": {"max-size": "10m"}}, "NetworkMode": "back",
        },
        "NetworkingConfig": {"EndpointsConfig": {
            "back": {"Aliases": ["web"], "IPAMConfig": {"IPv4Address": "172.20.0.9"}},
        }},
    });
    let answer = json!({"Id": "8dfafdbc3a40", "Warnings": ["no swap", null]});
    let engine = Engine::unix([on("POST /v1.41/containers/create").with_json(body).answer(Answer::json(201, &answer))]);
    let web = engine.docker(41).containers().create(spec).await.expect("a container");
    assert_eq!((web.id(), web.warnings()), ("8dfafdbc3a40", ["no swap".to_owned()].as_slice()));
}

#[tokio::test]
async fn the_made_container_is_at_hand() {
    let engine = Engine::unix([
        on("POST /v1.41/containers/create")
            .with_json(json!({"Image": "nginx"}))
            .answer(Answer::text(201, r#"{"Id":"8dfafdbc3a40","Warnings":null}"#)),
        on("POST /v1.41/containers/8dfafdbc3a40/start"),
    ]);
    let web = engine.docker(41).containers().create(ContainerSpec::new("nginx")).await.expect("a container");
    web.start().await.expect("started");
}

#[tokio::test]
async fn a_container_without_an_id_is_none() {
    let engine = Engine::unix([on("POST /v1.41/containers/create")
        .with_json(json!({"Image": "nginx"}))
        .answer(Answer::text(201, "{}"))]);
    let error = engine.docker(41).containers().create(ContainerSpec::new("nginx")).await.expect_err("no id");
    assert!(error.kind() == ErrorKind::Decode && error.to_string().contains("missing field `Id`"), "{error}");
}

#[tokio::test]
async fn what_the_engine_refuses() {
    let create = || on("POST /v1.41/containers/create?name=web").with_json(json!({"Image": "nginx:1.27"}));
    let taken = "Conflict. The container name \"/web\" is already in use by container \"8dfa\".";
    let engine = Engine::unix([
        create().answer(Answer::error(404, "No such image: nginx:1.27")),
        create().answer(Answer::error(409, taken)),
        create().answer(Answer::error(400, "invalid restart policy 'sometimes'")),
    ]);
    let docker = engine.docker(41);
    let call = docker.containers().create(ContainerSpec::new("nginx:1.27")).name("web");
    let error = call.clone().await.expect_err("no image");
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.to_string(), "POST /containers/create: No such image: nginx:1.27 (404 Not Found)");
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
        (containers.create(good()).name("no name"), "is no name of a container"),
        (containers.create(good()).name(""), "is no name of a container"),
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
        .answer(Answer::text(201, r#"{"Id":"8dfafdbc3a40"}"#))]);
    let spec = ContainerSpec::new("nginx").network("back").network_alias("front", "www");
    engine.docker(44).containers().create(spec).await.expect("a container");
}

#[tokio::test]
async fn what_newer_engines_would_ignore_is_an_error_there() {
    let mut spec = ContainerSpec::new("x");
    spec.config.mac_address = "02:42:ac:11:00:02".into();
    let engine = Engine::unix([on("POST /v1.51/containers/create")
        .with_json(serde_json::json!({"Image": "x", "MacAddress": "02:42:ac:11:00:02"}))
        .answer(Answer::json(201, &serde_json::json!({"Id": "a"})))]);
    engine.docker(51).containers().create(&spec).await.expect("a container");
    let error = engine.docker(52).containers().create(&spec).await.expect_err("gone");
    assert!(error.is_version());
    assert_eq!(
        error.to_string(),
        "POST /containers/create: MacAddress (an endpoint's is not) was removed in API 1.52, \
         and this engine speaks API 1.52"
    );
}
