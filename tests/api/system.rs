//! Ping, version and info.

use crate::support::{Engine, Response, fixture, on};
use longshore::ErrorKind;
use longshore::system::{BuilderVersion, CgroupDriver, CgroupVersion, LocalNodeState, SwarmStatus};

// behaviours 1 and 5
#[tokio::test]
async fn ping_reads_the_headers() {
    let newer = "HTTP/1.1 200 OK\r\nApi-Version: 1.55\r\nBuilder-Version: 2\r\nDocker-Experimental: true\r\nOstype: linux\r\n\
                 Server: Docker/29.6.0 (linux)\r\nSwarm: active/manager\r\nContent-Length: 0\r\n\r\n";
    let engine = Engine::unix([
        on("HEAD /_ping").respond(Response::raw(fixture("docker-20.10.24/system_ping.txt"))),
        on("HEAD /_ping").respond(Response::raw(newer)),
        on("HEAD /_ping").respond(Response::status(200)),
    ]);
    let docker = engine.docker(41);
    let ping = docker.ping().await.expect("an engine");
    assert_eq!((ping.api_version.as_str(), ping.os_type.as_str(), ping.experimental), ("1.41", "linux", false));
    assert_eq!((ping.server.as_str(), ping.builder_version), ("Docker/20.10.24+dfsg1 (linux)", None));
    assert_eq!(ping.swarm, None);
    let ping = docker.ping().await.expect("an engine");
    assert_eq!(
        (ping.builder_version, ping.experimental, ping.swarm),
        (Some(BuilderVersion::BuildKit), true, Some(SwarmStatus::Manager))
    );
    assert_eq!(docker.ping().await.expect("a proxy's answer").api_version, "");
    assert_eq!(engine.connections(), 1);
}

// behaviour 2
#[tokio::test]
async fn ping_asks_again_where_head_is_not_answered() {
    let ok = "HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\nContent-Length: 2\r\n\r\nOK";
    for head in [Response::status(405), Response::status(500), Response::raw("").close()] {
        let engine = Engine::unix([on("HEAD /_ping").respond(head), on("GET /_ping").respond(Response::raw(ok))]);
        assert_eq!(engine.docker(41).ping().await.expect("an engine").api_version, "1.44");
    }
    let engine = Engine::unix([
        on("HEAD /_ping").respond(Response::status(500)),
        on("GET /_ping").respond(Response::error(500, "the daemon is not well")),
    ]);
    let error = engine.docker(41).ping().await.expect_err("it is not well");
    assert_eq!(error.to_string(), "GET /_ping: the daemon is not well (500 Internal Server Error)");
}

// behaviour 6
#[tokio::test]
async fn version_tells_the_parts() {
    let body = fixture("docker-20.10.24/system_version.json");
    let engine = Engine::unix([
        on("GET /v1.41/version").respond(Response::text(200, &body)),
        on("GET /v1.41/version").respond(Response::error(500, "out of memory")),
    ]);
    let docker = engine.docker(41);
    let version = docker.version().await.expect("versions");
    assert_eq!((version.version.as_str(), version.api_version.as_str()), ("20.10.24+dfsg1", "1.41"));
    assert_eq!(
        (version.min_api_version.as_str(), version.os.as_str(), version.arch.as_str()),
        ("1.12", "linux", "amd64")
    );
    let names: Vec<_> = version.components.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["Engine", "containerd", "runc", "docker-init"]);
    assert_eq!(version.components[0].details["MinAPIVersion"], version.min_api_version);
    assert_eq!(docker.version().await.expect_err("500").status(), Some(500));
}

#[tokio::test]
async fn info_tells_about_engine_and_host() {
    let body = fixture("docker-20.10.24/system_info.json");
    let engine = Engine::unix([on("GET /v1.41/info").respond(Response::text(200, &body))]);
    let info = engine.docker(41).info().await.expect("info");
    assert_eq!((info.name.as_str(), info.server_version.as_str()), ("engine-host", "20.10.24+dfsg1"));
    assert_eq!(
        (info.containers, info.containers_stopped),
        (info.containers_running + info.containers_stopped, info.containers_stopped)
    );
    assert!(info.n_cpu > 0 && info.mem_total > 0 && info.system_time.is_some());
    assert_eq!((info.cgroup_driver, info.cgroup_version), (CgroupDriver::Cgroupfs, CgroupVersion::V1));
    assert!(info.memory_limit && info.bridge_nf_iptables == Some(true) && info.kernel_memory == Some(true));
    assert!(info.plugins.log.contains(&"json-file".to_owned()) && info.plugins.authorization.is_empty());
    assert_eq!(info.runtimes["runc"].path, "runc");
    assert_eq!((info.swarm.local_node_state, info.swarm.remote_managers.len()), (LocalNodeState::Inactive, 0));
    let registries = info.registry_config.expect("registries");
    assert_eq!(registries.insecure_registry_cidrs, ["127.0.0.0/8"]);
    assert!(registries.index_configs["docker.io"].official);
    assert_eq!(info.security_options, ["name=seccomp,profile=default"]);
    assert!(info.warnings.is_empty() && info.driver_status.is_empty() && info.containerd.is_none());
}

#[tokio::test]
async fn info_that_is_null_is_a_failure_of_the_engine() {
    let engine = Engine::unix([on("GET /v1.41/info").respond(Response::text(200, "null\n"))]);
    let error = engine.docker(41).info().await.expect_err("nothing");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().starts_with("GET /info: the engine responded with null"), "{error}");
}
