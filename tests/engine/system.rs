//! The engine's own operations, on a real one.

use crate::support::real::{Real, swarm_turn};
use longshore::Version;
use longshore::system::SwarmStatus;

// behaviours 1 and 5
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn ping_tells_versions_and_swarm() {
    let real = Real::engine();
    let _turn = swarm_turn().await;
    let ping = real.docker.ping().await.expect("an engine");
    let newest: Version = ping.api_version.parse().expect("its API version");
    assert!(newest >= Version::OLDEST);
    assert_eq!(ping.os_type, "linux");
    assert!(ping.server.starts_with("Docker/"), "{}", ping.server);
    // Docker 20.10 says nothing of swarms; a swarm that this engine is in is a test's that failed.
    assert!([Some(SwarmStatus::Inactive), Some(SwarmStatus::Manager), None].contains(&ping.swarm), "{:?}", ping.swarm);
    assert_eq!(real.api_version().await, newest.min(Version::NEWEST));
}

// behaviour 6
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn version_has_the_engine_among_its_parts() {
    let real = Real::engine();
    let version = real.docker.version().await.expect("versions");
    let engine = version.components.iter().find(|part| part.name == "Engine").expect("the engine");
    assert_eq!(engine.version, version.version);
    assert_eq!(engine.details["ApiVersion"], version.api_version);
    assert_eq!(engine.details["MinAPIVersion"], version.min_api_version);
    assert_eq!((version.os.as_str(), version.go_version.starts_with("go1.")), ("linux", true));
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn info_counts_containers_and_names_the_host() {
    let real = Real::with_image().await;
    let web = real.run("sleep 60").await;
    let info = real.docker.info().await.expect("info");
    assert!(info.containers_running >= 1 && info.images >= 1, "{info:?}");
    assert!(info.n_cpu >= 1 && info.mem_total > 64 << 20);
    assert!(info.plugins.network.iter().any(|driver| driver == "bridge"));
    assert!(info.runtimes.iter().any(|(name, _)| *name == info.default_runtime), "{:?}", info.runtimes);
    assert_eq!(info.server_version, real.docker.version().await.expect("versions").version);
    let created = web.inspect().await.expect("a container").created.expect("a time");
    assert!(info.system_time.expect("a time") > created);
}

// behaviour 3
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_version_that_the_engine_lacks_names_both_sides() {
    let real = Real::engine();
    let newest: Version = real.docker.ping().await.expect("an engine").api_version.parse().expect("a version");
    if newest >= Version::NEWEST {
        return; // this engine speaks all that longshore does
    }
    let newer = longshore::Docker::builder().host(real.docker.endpoint().host()).api_version(Version::NEWEST).build();
    let error = newer.expect("a client").version().await.expect_err("too new");
    assert!(error.is_version() && error.to_string().contains("is too new"), "{error}");
    assert!(error.to_string().contains(&format!("Maximum supported API version is {newest}")), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_session_is_called_by_the_engine() {
    let real = Real::engine();
    let mut connection =
        real.docker.session(real.name()).method("/grpc.health.v1.Health/Check").await.expect("a session");
    let mut preface = [0; 14];
    tokio::io::AsyncReadExt::read_exact(&mut connection, &mut preface).await.expect("the engine speaks first");
    assert_eq!(&preface, b"PRI * HTTP/2.0");
}
