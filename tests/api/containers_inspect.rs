//! `GET /containers/{id}/json` and `GET /containers/json`

use crate::support::{Engine, Response, fixture, on};
use longshore::container::{
    ContainerInspect, ContainerStatus, HealthStatus, Isolation, MIB, MountType, Port, Protocol, RestartPolicy, Signal,
};
use longshore::{ErrorKind, Timestamp};
use std::time::Duration;

async fn inspected(name: &str) -> ContainerInspect {
    let answer = Response::text(200, &fixture(&format!("docker-20.10.24/{name}.json")));
    let engine = Engine::unix([on("GET /v1.41/containers/web/json").respond(answer)]);
    engine.docker(41).container("/web").inspect().await.expect("inspected")
}

#[tokio::test]
async fn one_that_runs() {
    let web = inspected("container_inspect").await;
    assert_eq!((web.id.len(), web.name.as_str(), web.path.as_str()), (64, "/longshore-record-web", "/bin/serve"));
    assert!(web.image.starts_with("sha256:") && web.args.is_empty() && web.exec_ids.is_empty());
    assert_eq!((web.restart_count, web.platform.as_str(), web.size_rw), (0, "linux", Some(0)));
    assert!(web.size_root_fs.is_some_and(|size| size > MIB));
    assert!(web.graph_driver.expect("a driver").data.contains_key("MergedDir") && web.storage.is_none());

    assert_eq!(web.state.status, ContainerStatus::Running);
    assert!(web.state.running && !web.state.paused && web.state.pid > 1);
    assert!(
        web.state.started_at > web.created && web.created > Some(Timestamp::new(1_700_000_000, 0).expect("a time"))
    );
    assert_eq!(web.state.finished_at, None);
    let health = web.state.health.expect("health");
    assert_eq!((health.status, health.failing_streak, health.log.len()), (HealthStatus::Healthy, 0, 1));
    assert_eq!(health.log[0].exit_code, 0);
    assert!(health.log[0].end > health.log[0].start);

    assert_eq!(web.config.exposed_ports, ["53/udp", "80/tcp", "9000/tcp"]);
    assert_eq!((web.config.env.get("MODE"), web.config.labels["tier"].as_str()), (Some("prod"), ""));
    assert_eq!((web.config.cmd, web.config.entrypoint.len()), (vec!["/bin/serve".to_owned()], 0));
    assert_eq!((web.config.stop_signal, web.config.stop_timeout), (Some(Signal::INT), Some(5)));
    let check = web.config.healthcheck.expect("the image's");
    assert_eq!((check.interval, check.timeout), (Some(Duration::from_secs(1)), Some(Duration::from_secs(3))));
    assert_eq!((check.test[0].as_str(), check.retries, check.start_period), ("CMD-SHELL", 0, None));

    let host = web.host_config;
    assert_eq!(host.restart_policy, RestartPolicy::on_failure(3));
    assert_eq!(
        (host.memory, host.nano_cpus, host.pids_limit, host.init),
        (64 * MIB, 500_000_000, Some(64), Some(true))
    );
    assert_eq!((host.binds, host.cap_add), (vec!["/tmp:/host:ro".to_owned()], vec!["NET_ADMIN".to_owned()]));
    assert_eq!((host.log_config.driver.as_str(), host.log_config.config["max-size"].as_str()), ("json-file", "10m"));
    assert_eq!(host.mounts[1].tmpfs_options.as_ref().expect("options").mode, 0o700);
    assert_eq!(host.isolation, Isolation::Unknown(String::new()));
    assert!(host.dns.is_empty() && host.devices.is_empty() && host.memory_swappiness.is_none());
    assert!(host.masked_paths.is_some_and(|paths| !paths.is_empty()));
}

#[tokio::test]
async fn its_ports_networks_and_mounts() {
    let web = inspected("container_inspect").await;
    let published = web.network_settings.published(80);
    assert_eq!((published.len(), published[0].host_ip.as_str()), (1, "127.0.0.1"));
    assert!(published[0].port().is_some_and(|port| port >= 32768));
    assert_eq!(web.network_settings.published(Port::udp(53)).len(), 2, "IPv4 and IPv6");
    assert!(web.network_settings.published(9000).is_empty(), "exposed, not published: null on the wire");
    assert!(web.network_settings.published(1).is_empty());
    let endpoint = &web.network_settings.networks["longshore-record-net"];
    assert_eq!(endpoint.aliases[0], "www");
    assert_eq!((endpoint.ip_address.as_deref(), endpoint.gateway.as_deref()), (Some("10.213.8.2"), Some("10.213.8.1")));
    assert!(endpoint.mac_address.as_ref().is_some_and(|address| address.starts_with("02:42:")));
    assert_eq!(
        (endpoint.ip_prefix_len, endpoint.network_id.as_ref().map(String::len), endpoint.ipam_config.is_none()),
        (24, Some(64), true)
    );

    let find = |at: &str| web.mounts.iter().find(|mount| mount.destination == at).expect(at);
    assert_eq!(
        (&find("/data").kind, find("/data").name.as_deref()),
        (&MountType::Volume, Some("longshore-record-data"))
    );
    assert_eq!(
        (find("/cache").name.as_ref().map(String::len), find("/cache").driver.as_deref()),
        (Some(64), Some("local"))
    );
    assert_eq!(
        (&find("/host").kind, find("/host").rw, find("/host").propagation.as_str()),
        (&MountType::Bind, false, "rprivate")
    );
    assert_eq!((&find("/run").kind, find("/run").source.as_deref()), (&MountType::Tmpfs, None));
}

#[tokio::test]
async fn one_that_was_never_started_and_one_that_ended() {
    let created = inspected("container_inspect_created").await;
    assert_eq!(created.state.status, ContainerStatus::Created);
    assert_eq!((created.state.started_at, created.state.finished_at, created.state.pid), (None, None, 0));
    assert!(created.state.health.is_none() && created.network_settings.ports.is_empty());
    assert_eq!((created.size_rw, created.log_path.as_deref()), (None, None));

    let exited = inspected("container_inspect_exited").await;
    assert_eq!(
        (exited.state.status, exited.state.exit_code, exited.state.running),
        (ContainerStatus::Exited, 3, false)
    );
    assert!(exited.state.finished_at > exited.state.started_at);
    assert_eq!((exited.path.as_str(), exited.args.len()), ("sh", 2));
    assert!(exited.config.env.is_empty() && exited.host_config.port_bindings.is_empty());
}

#[tokio::test]
async fn with_its_size_and_one_that_is_not_there() {
    let engine = Engine::unix([
        on("GET /v1.41/containers/web/json?size=true").respond(Response::text(200, "{}")),
        on("GET /v1.41/containers/web/json?size=false").respond(Response::error(404, "No such container: web")),
    ]);
    let web = engine.docker(41).container("web");
    assert_eq!(web.inspect().size(true).await.expect("inspected"), ContainerInspect::default());
    let error = web.inspect().size(false).await.expect_err("nothing");
    assert!(error.is_not_found());
    assert_eq!(error.to_string(), "GET /containers/web/json: No such container: web (404 Not Found)");
}

// behaviour 48
#[tokio::test]
async fn a_list() {
    let body = fixture("docker-20.10.24/container_list.json");
    let request = "GET /v1.41/containers/json?all=true&limit=10&size=true";
    let engine = Engine::unix([on(request).respond(Response::text(200, &body))]);
    let list = engine.docker(41).containers().list().all(true).limit(10).size(true).await.expect("a list");
    let [job, web] = list.as_slice() else { panic!("two containers, not {}", list.len()) };
    assert_eq!((job.names[0].as_str(), web.names[0].as_str()), ("/longshore-record-job", "/longshore-record-web"));
    assert!(job.created > web.created, "the newest first");
    assert_eq!((&job.state, &web.state), (&ContainerStatus::Exited, &ContainerStatus::Running));
    assert!(web.status.starts_with("Up ") && web.status.ends_with(" (healthy)"), "{}", web.status);
    assert_eq!((job.command.as_str(), job.ports.len()), ("sh -c 'echo out; sleep 0.1; echo err >&2; exit 3'", 0));
    assert!(web.size_root_fs.is_some_and(|size| size > 0) && web.size_rw.is_none());
    assert_eq!((web.labels["app"].as_str(), web.host_config.network_mode.as_str()), ("web", "longshore-record-net"));
    assert_eq!(web.network_settings.networks["longshore-record-net"].ip_address.as_deref(), Some("10.213.8.2"));
    let ports = |number| web.ports.iter().filter(move |port| port.private_port == number);
    assert_eq!(ports(53).map(|port| &port.protocol).collect::<Vec<_>>(), [&Protocol::Udp; 2]);
    assert!(ports(53).any(|port| port.ip.as_deref() == Some("::")) && ports(80).all(|port| port.public_port.is_some()));
    assert!(ports(9000).all(|port| port.public_port.is_none() && port.ip.is_none()));
    let mut kinds: Vec<_> = web.mounts.iter().map(|mount| mount.kind.as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["bind", "tmpfs", "volume", "volume"]);
}

#[tokio::test]
async fn every_filter_of_a_list() {
    let filters = concat!(
        r#"{"ancestor":{"nginx:1.27":true},"before":{"db":true},"exited":{"-1":true,"137":true},"expose":{"53/udp":true},"#,
        r#""health":{"unhealthy":true},"id":{"8dfa":true},"is-task":{"false":true},"isolation":{"hyperv":true},"#,
        r#""label":{"app=a&b":true,"tier":true},"name":{"^/web$":true},"network":{"back":true},"publish":{"8080":true},"#,
        r#""since":{"cache":true},"status":{"exited":true,"newly":true},"volume":{"/data":true}}"#
    );
    let escape = |byte: u8| match char::from(byte) {
        kept if kept.is_ascii_alphanumeric() || "-._~".contains(kept) => kept.to_string(),
        _ => format!("%{byte:02X}"),
    };
    let escaped: String = filters.bytes().map(escape).collect();
    let request = format!("GET /v1.41/containers/json?filters={escaped}");
    let engine = Engine::unix([on(&request).respond(Response::text(200, "[]"))]);
    let list = engine.docker(41).containers().list();
    let list = list.ancestor("nginx:1.27").before("db").exited(137).exited(-1).expose(Port::udp(53));
    let list =
        list.health(HealthStatus::Unhealthy).id("8dfa").is_task(true).is_task(false).isolation(Isolation::HyperV);
    let list = list.label("app=a&b").label("tier").name("^/web$").network("back").publish(8080).since("cache");
    let list = list.status(ContainerStatus::Exited).status("newly").volume("/data");
    assert!(list.await.expect("a list").is_empty());
}

#[tokio::test]
async fn what_is_wrong_with_a_list() {
    let filter = |key: &str| format!("GET /v1.41/containers/json?filters=%7B%22{key}%22%3A%7B%22x%22%3Atrue%7D%7D");
    let engine = Engine::unix([
        on(filter("since")).respond(Response::error(404, "no such container x")),
        on(filter("status")).respond(Response::error(400, "Invalid filter 'status=x'")),
        on("GET /v1.41/containers/json").respond(Response::text(200, r#"[{"Id":"a"},{"Id":7}]"#)),
        on("GET /v1.41/containers/json").respond(Response::text(200, "null")),
    ]);
    let containers = engine.docker(41).containers();
    assert!(containers.list().since("x").await.expect_err("nothing").is_not_found());
    assert!(containers.list().status("x").await.expect_err("no status").is_invalid());
    let error = containers.list().await.expect_err("no id");
    assert!(error.kind() == ErrorKind::Decode && error.to_string().ends_with("at $[1].Id"), "{error}");
    assert!(containers.list().await.expect("none").is_empty());
    let error = containers.list().label(" ").await.expect_err("no label");
    assert!(error.is_invalid() && error.status().is_none(), "{error}");
}
