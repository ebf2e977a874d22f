//! Making containers on a real engine: what it takes, what it refuses, and what it makes of it.

use crate::support::real::{Real, image, shell};
use longshore::container::{
    ContainerSpec, ContainerStatus, Env, Healthcheck, MIB, Mount, MountType, Port, PortBinding, RestartMode,
    RestartPolicy,
};
use longshore::network::EndpointSettings;
use longshore::{Error, Version};
use std::net::Ipv4Addr;
use std::time::Duration;

/// The error of a container that the engine, or longshore before it, does not make.
async fn refused(real: &Real, spec: ContainerSpec) -> Error {
    real.docker.containers().create(spec).name(real.name()).await.expect_err("no container")
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_was_asked_for_is_inspected() {
    let real = Real::with_image().await;
    let (network, volume, name) = (real.name(), real.name(), real.name());
    real.docker.networks().create(network.as_str()).await.expect("a network");
    let spec = ContainerSpec::new(image())
        .env("MODE", "prod=1 ä")
        .label("app", "web")
        .publish_on(Ipv4Addr::LOCALHOST, 0, 80)
        .publish(0, Port::udp(53))
        .expose(9000)
        .volume(&volume, "/data")
        .mount(Mount::volume("", "/cache"))
        .bind_read_only("/tmp", "/host")
        .tmpfs("/run:size=16m")
        .memory(64 * MIB)
        .cpus(0.5)
        .pids_limit(64)
        .restart(RestartPolicy::on_failure(3))
        .network_alias(&network, "www")
        .stop_signal("int")
        .stop_timeout(Duration::from_secs(5))
        .hostname("box")
        .working_dir("/www")
        .extra_host("db", "10.0.0.7")
        .ulimit("nofile=1024:2048")
        .sysctl("net.core.somaxconn", "256")
        .init(true);
    let web = real.docker.containers().create(&spec).name(&name).await.expect("a container");
    assert_eq!(web.id().len(), 64);
    web.start().await.expect("started");

    let made = web.inspect().size(true).await.expect("inspected");
    assert_eq!((made.id.as_str(), made.name), (web.id(), format!("/{name}")));
    assert_eq!(made.state.status, ContainerStatus::Running);
    assert!(made.state.pid > 0 && made.state.started_at > made.created && made.state.finished_at.is_none());
    assert!(made.size_root_fs.is_some());
    assert_eq!((made.config.env.get("MODE"), made.config.labels["app"].as_str()), (Some("prod=1 ä"), "web"));
    assert_eq!((made.config.hostname.as_str(), made.config.stop_timeout), ("box", Some(5)));
    assert_eq!(made.config.stop_signal, spec.config.stop_signal);
    assert_eq!(made.config.exposed_ports, ["53/udp", "80/tcp", "9000/tcp"]);
    assert_eq!(made.host_config.restart_policy, RestartPolicy::on_failure(3));
    assert_eq!((made.host_config.memory, made.host_config.nano_cpus), (64 * MIB, 500_000_000));
    assert_eq!(made.host_config.mounts, spec.host_config.mounts);
    assert_eq!(made.host_config.ulimits, spec.host_config.ulimits);

    let published = made.network_settings.published(80);
    assert_eq!((published.len(), published[0].host_ip.as_str()), (1, "127.0.0.1"));
    assert!(published[0].port().is_some_and(|port| port > 0));
    assert!(!made.network_settings.published(Port::udp(53)).is_empty());
    assert!(made.network_settings.published(9000).is_empty());
    let endpoint = &made.network_settings.networks[network.as_str()];
    assert!(endpoint.aliases.iter().any(|alias| alias == "www") && endpoint.ip_address.is_some());

    let mut kinds: Vec<_> =
        made.mounts.iter().map(|mount| (mount.destination.as_str(), &mount.kind, mount.rw)).collect();
    kinds.sort_unstable();
    let expected =
        [("/cache", &MountType::Volume, true), ("/data", &MountType::Volume, true), ("/host", &MountType::Bind, false)];
    assert_eq!(kinds, expected, "a tmpfs of `docker run --tmpfs` is none of these");
    assert_eq!(made.host_config.tmpfs["/run"], "size=16777216");
}

/// As with `docker run`: the last tmpfs of a path counts, also with mode 0, and an anonymous volume hides no other.
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_tmpfs_keeps_its_mode_and_an_anonymous_volume_gives_way() {
    let real = Real::with_image().await;
    let first = real.create(shell("echo here >/data/file").mount("/data")).await;
    first.start().await.expect("started");
    first.wait().await.expect("an end");
    let spec = shell("cat /data/file; ls -ld /scratch").volumes_from(first.id()).mount("/data").mount("/data");
    let second = real.create(spec.tmpfs("/scratch").tmpfs("/scratch:size=1m,mode=0")).await;
    second.start().await.expect("started");
    second.wait().await.expect("an end");
    let output = second.logs().output().await.expect("logs").stdout_text();
    assert!(output.starts_with("here\nd---------"), "{output}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_was_inspected_makes_the_same_again() {
    let real = Real::with_image().await;
    let first = real.create(shell("true").env("A", "1").publish(0, 80).memory(32 * MIB)).await;
    let mut first = first.inspect().await.expect("inspected");
    let spec = ContainerSpec { config: first.config, host_config: first.host_config, ..ContainerSpec::default() };
    let second = real.create(spec.clone()).await.inspect().await.expect("inspected");
    assert_eq!(second.host_config, spec.host_config);
    first.config = spec.config;
    assert_eq!(second.config, first.config);
}

// behaviour 11
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_image_that_is_missing_is_not_found() {
    let real = Real::engine();
    let digest = format!("longshore-nothing@sha256:{}", "a".repeat(64));
    for name in ["longshore-nothing", "longshore-nothing:1", &digest] {
        let error = refused(&real, ContainerSpec::new(name)).await;
        assert!(error.is_not_found() && error.message().contains("No such image: longshore-nothing"), "{error}");
    }
}

// behaviour 12
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_image_can_be_named_by_its_id() {
    let real = Real::with_image().await;
    let id = real.docker.image(image()).inspect().await.expect("the image").id;
    let hex = id.strip_prefix("sha256:").expect("an algorithm");
    for name in [id.as_str(), hex, &hex[..12]] {
        let made = real.create(ContainerSpec::new(name)).await.inspect().await.expect("inspected");
        assert_eq!((made.image.as_str(), made.config.image.as_str()), (id.as_str(), name));
    }
    let name = image();
    let name = name.rsplit_once(':').expect("a tag").0;
    assert!(refused(&real, ContainerSpec::new(format!("{name}:{id}"))).await.is_invalid());
    assert!(refused(&real, ContainerSpec::new(format!("{name}:{hex}"))).await.is_not_found());
}

// behaviour 13
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_image_of_another_platform_is_not_found() {
    let real = Real::with_image().await;
    let create = |platform: &str| real.docker.containers().create(ContainerSpec::new(image())).platform(platform);
    for platform in ["windows/amd64", "linux/s390x"] {
        let error = create(platform).await.expect_err("another platform");
        assert!(error.is_not_found(), "{error}");
        let words = ["does not match", "does not provide the specified platform"];
        assert!(words.iter().any(|words| error.message().contains(words)), "{error}");
    }
    let platform = real.docker.image(image()).inspect().await.expect("the image");
    let own = format!("{}/{}", platform.os, platform.architecture);
    create(&own).name(real.name()).await.expect("its own platform");
}

// behaviours 14 and 15
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn nonsense_is_refused() {
    let real = Real::with_image().await;
    let spec = || shell("true");
    let host = |change: fn(&mut longshore::container::HostConfig)| {
        let mut spec = spec();
        change(&mut spec.host_config);
        spec
    };
    let retries = |name: RestartMode, maximum_retry_count| RestartPolicy { name, maximum_retry_count };
    let cases = vec![
        ("no image", ContainerSpec::default()),
        ("a variable without a name", spec().env("", "x")),
        ("a port that is none", host(|host| host.port_bindings = [("x/tcp", vec![])].into())),
        ("less memory than 6 MiB", spec().memory(MIB)),
        ("an unknown restart policy", spec().restart(retries("sometimes".into(), 0))),
        ("retries with always", spec().restart(retries(RestartMode::Always, 1))),
        ("negative retries", spec().restart(retries(RestartMode::OnFailure, -1))),
        ("a check that is too short", spec().health(Healthcheck::none().interval(Duration::from_micros(1)))),
        ("negative retries of a check", spec().health(Healthcheck { retries: -1, ..Healthcheck::shell("true") })),
        ("a bind mount of nothing", spec().bind("/longshore/nothing", "/x")),
        ("a relative target", spec().bind("/tmp", "x")),
        ("a bad capability", spec().cap_add("CAN_FLY")),
        ("a bad signal", spec().stop_signal("SIGNOTHING")),
    ];
    for (what, spec) in cases {
        let error = refused(&real, spec).await;
        assert!(error.is_invalid(), "{what}: {error}");
    }
    // The engine looks these up.
    for spec in [
        host(|host| host.links = vec!["longshore-nothing:db".into()]),
        host(|host| host.volumes_from = vec!["longshore-nothing".into()]),
    ] {
        let error = refused(&real, spec).await;
        assert!(error.is_invalid() || error.is_not_found(), "{error}");
    }
}

// behaviour 16, and the other things that only newer engines know
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_the_engine_is_too_old_for_is_said() {
    let real = Real::with_image().await;
    let spoken = real.api_version().await;
    let (one, two) = (real.name(), real.name());
    for network in [&one, &two] {
        real.docker.networks().create(network.as_str()).await.expect("a network");
    }
    let gateway = EndpointSettings::new().gateway_priority(1);
    for (spec, since) in [
        (shell("true").network(&one).network(&two), Version::new(1, 44)),
        (shell("true").network_with("bridge", gateway), Version::new(1, 48)),
        (shell("true").mount(Mount::image(image(), "/i")), Version::new(1, 48)),
        (shell("true").health(Healthcheck::none().start_interval(Duration::from_secs(1))), Version::new(1, 44)),
    ] {
        if spoken >= since {
            real.create(spec).await;
            continue;
        }
        let error = refused(&real, spec).await;
        assert!(error.is_version() && error.to_string().contains(&format!("requires API {since} or later")), "{error}");
    }
}

// behaviour 17
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_empty_list_of_bindings_is_read_as_the_engine_has_it() {
    let real = Real::with_image().await;
    let mut spec = ContainerSpec::new(image());
    spec.host_config.port_bindings.insert("80/tcp", vec![]);
    let web = real.create(spec).await;
    web.start().await.expect("started");
    let inspected = web.inspect().await.expect("inspected");
    // Docker 20.10 leaves it as it is, and publishes nothing; newer ones make one binding of it, with a warning.
    let bindings = &inspected.host_config.port_bindings["80/tcp"];
    assert_eq!(bindings.is_empty(), inspected.network_settings.published(80).is_empty());
    assert!(bindings.is_empty() || *bindings == [PortBinding::default()], "{bindings:?}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_name_is_given_once() {
    let real = Real::with_image().await;
    let name = real.name();
    let create = |name: &str| real.docker.containers().create(shell("true")).name(name);
    let web = create(&name).await.expect("a container");
    let error = create(&name).await.expect_err("the name is taken");
    assert!(error.is_conflict() && error.message().contains("already in use"), "{error}");
    web.remove().await.expect("removed");
    create(&format!("/{name}")).await.expect("the name is free again, and a slash does not matter");
    assert!(create("no name").await.expect_err("no name").is_invalid());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn variables_are_set_and_taken_out() {
    let real = Real::with_image().await;
    let mut spec = shell("env").env("EMPTY", "");
    spec.config.env.unset("HOSTNAME"); // the engine itself sets it
    let container = real.create(spec).await;
    container.start().await.expect("started");
    container.wait().await.expect("ended");
    let mut lines = container.logs().await.expect("logs").lines();
    let mut variables = Env::default();
    while let Some(line) = lines.next().await {
        let line = line.expect("a line").text;
        let (name, value) = line.split_once('=').expect("a variable");
        variables.set(name, value);
    }
    assert_eq!(variables.get("EMPTY"), Some(""));
    assert_eq!((variables.get("PATH").is_some(), variables.get("HOSTNAME")), (true, None));
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn warnings_are_handed_on() {
    let real = Real::with_image().await;
    let mut spec = shell("true");
    spec.host_config.oom_kill_disable = Some(true); // without a limit of memory, or with cgroups that cannot
    let made = real.create(spec).await;
    assert!(!made.warnings().is_empty());
}
