//! Projects on a real engine, and what goes wrong there: ports, images, registries, disks, volumes, health checks, logs.

use crate::support::cut::Cutting;
use crate::support::dockerd::Dockerd;
use crate::support::guarded::Guarded;
use crate::support::projects::{names, server, set, sleeper};
use crate::support::real::{Real, image};
use longshore::Docker;
use longshore::container::{ContainerSpec, Healthcheck, LogConfig};
use longshore::deploy::{Cause, Deployment, Failure, Project, Ready, Service, Step};
use std::time::Duration;

fn one(name: &str, service: Service, docker: &Docker) -> Deployment {
    Project::new(name).service("web", service).deployment("prod", docker).expect("a project")
}

fn up() -> ContainerSpec {
    sleeper("echo up; exec sleep 600")
}

/// Fails, with these words for whoever has to mend it.
async fn fails(deployment: &Deployment, step: Step, words: &[&str]) -> Failure {
    let failure = tokio::time::timeout(Duration::from_secs(60), deployment.apply()).await.expect("it ends");
    let failure = failure.expect_err("it cannot be");
    assert_eq!(failure.step(), step, "{failure}");
    assert!(failure.left().is_empty() && failure.rollback().is_none(), "{failure}");
    for words in words {
        assert!(failure.to_string().contains(words), "{failure}\nhas not {words:?}");
    }
    failure
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_port_that_is_taken_leaves_the_version_before() {
    let real = Real::with_image().await;
    let stranger = real.create(server(&image()).publish(0, 80)).await;
    stranger.start().await.expect("started");
    let ports = stranger.inspect().await.expect("there").network_settings.ports;
    let bindings = ports.get("80/tcp").expect("published");
    let taken: u16 = bindings.first().and_then(|binding| binding.host_port.parse().ok()).expect("a port");
    let name = real.name();
    let web = |port: u16| one(&name, Service::new(server(&image()).publish(port, 80)), &real.docker);
    let port = taken.to_string();
    fails(&web(taken), Step::Start, &["web-1", &port]).await;
    assert_eq!(names(&real.docker, &name).await, set(&[]));
    web(0).apply().await.expect("applied");
    fails(&web(taken), Step::Start, &["web-1", &port]).await;
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-web-1 running"]));
    assert!(web(0).plan().await.expect("a plan").is_empty(), "it is what it was");
    web(0).teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_image_that_cannot_be_had_changes_nothing() {
    let real = Real::with_image().await;
    let registry = crate::support::real::variable("LONGSHORE_TEST_REGISTRY");
    let guarded = Guarded::start();
    let name = real.name();
    let web = |image: &str| one(&name, Service::new(server(image)), &real.docker);
    web(&image()).apply().await.expect("applied");
    let absent = format!("{registry}/not-there:1");
    fails(&web(&absent), Step::Pull, &[&absent, "not found"]).await;
    let refused = format!("{}/private:1", guarded.address);
    fails(&web(&refused), Step::Pull, &[&refused, "no basic auth credentials"]).await;
    let nobody = "127.0.0.1:1/nobody:1";
    fails(&web(nobody), Step::Pull, &[nobody, "connection refused"]).await;
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-web-1 running"]));
    assert!(web(&image()).plan().await.expect("a plan").is_empty(), "it is what it was");
    web(&image()).teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_network_that_was_lost_before_a_failed_deployment_is_still_lost() {
    let real = Real::with_image().await;
    let name = real.name();
    let web = |image: &str| one(&name, Service::new(server(image)), &real.docker);
    web(&image()).apply().await.expect("applied");
    web(&image()).container("web", 1).expect("a service").stop().await.expect("stopped");
    real.docker.network(format!("{name}-prod")).remove().await.expect("removed");
    // It creates the network, and no container.
    fails(&web("127.0.0.1:1/nobody:1"), Step::Pull, &["connection refused"]).await;
    web(&image()).apply().await.expect("it has a network again");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-web-1 running"]));
    assert!(web(&image()).plan().await.expect("a plan").is_empty(), "once is enough");
    web(&image()).teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_was_disconnected_or_paused_serves_again() {
    let real = Real::with_image().await;
    let (name, external) = (real.name(), real.name());
    let network = || real.docker.networks().create(external.as_str()).into_future();
    network().await.expect("a network");
    let service = Service::new(up().network("front").network(&external)).keep(1);
    let project = Project::new(&name).network("front").external(&external).service("web", service);
    let web = project.deployment("prod", &real.docker).expect("a project");
    web.apply().await.expect("applied");
    let container = web.container("web", 1).expect("a service");
    let own = [format!("{name}-prod"), format!("{name}-prod-front")];
    let serves = async || {
        web.apply().await.expect("applied");
        let found = container.inspect().await.expect("there");
        assert!(found.state.status.as_str() == "running", "{:?}", found.state);
        let networks = &found.network_settings.networks;
        assert!(own.iter().chain([&external]).all(|network| networks.get(network).is_some()), "{networks:?}");
        assert_eq!(names(&real.docker, &name).await, set(&["-prod-web-1 running"]));
        assert!(web.plan().await.expect("a plan").is_empty(), "once is enough");
    };
    for networks in [&own[..1], &own[1..], &own] {
        for network in networks {
            real.docker.network(network).disconnect(container.id()).force(true).await.expect("disconnected");
        }
        serves().await;
    }
    container.stop().await.expect("stopped");
    real.docker.network(&own[1]).disconnect(container.id()).force(true).await.expect("disconnected");
    serves().await;
    container.stop().await.expect("stopped");
    real.docker.network(&external).remove().await.expect("removed");
    network().await.expect("another one of its name");
    serves().await;
    container.pause().await.expect("paused");
    serves().await;
    web.teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_full_disk_leaves_the_version_before() {
    let real = Real::with_image().await;
    let test = "a_full_disk_leaves_the_version_before";
    let Some(engine) = Dockerd::start(test, &real.docker, &image(), Some("64m")).await else { return };
    let web = |version: u32| {
        let spec = sleeper(&format!("echo version {version}; exec sleep 600"));
        one("shop", Service::new(spec).ready(Ready::log_line("version")), &engine.docker)
    };
    web(1).apply().await.expect("applied");
    let filler = engine.disk().join("filler");
    let mut zeros = std::io::repeat(0);
    let mut file = std::fs::File::create(&filler).expect("a file");
    let full = std::io::copy(&mut zeros, &mut file).expect_err("it is full");
    assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    drop(file);
    let failure = tokio::time::timeout(Duration::from_secs(60), web(2).apply()).await.expect("it ends");
    let failure = failure.expect_err("the disk is full");
    assert!(failure.to_string().contains("no space left on device"), "{failure}");
    assert!(names(&engine.docker, "shop").await.contains("-prod-web-1 running"));
    std::fs::remove_file(filler).expect("removed");
    web(2).wait_for_lock(Duration::from_secs(30)).apply().await.expect("there is space again");
    assert_eq!(names(&engine.docker, "shop").await, set(&["-prod-web-1 running", "-prod-web-1.old exited"]));
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_volume_in_use_is_not_removed() {
    let real = Real::with_image().await;
    let name = real.name();
    let project = Project::new(&name).volume("data").service("web", Service::new(up().volume("data", "/data")));
    let deployment = project.deployment("prod", &real.docker).expect("a project");
    deployment.apply().await.expect("applied");
    let stranger = real.create(up().volume(format!("{name}-prod-data"), "/data")).await;
    stranger.start().await.expect("started");
    let failure = deployment.teardown().volumes(true).await.expect_err("it is in use");
    let is_conflict = failure.error().is_some_and(longshore::Error::is_conflict);
    assert!(failure.step() == Step::Remove && is_conflict, "{failure}");
    assert!(failure.to_string().contains(&format!("{name}-prod-data")), "{failure}");
    stranger.inspect().await.expect("it is left alone");
    stranger.remove().force(true).await.expect("removed");
    deployment.teardown().volumes(true).await.expect("gone");
    let volumes = real.docker.volumes().list().name(&name).await.expect("a list");
    assert!(volumes.is_empty(), "{volumes:?}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_health_check_that_never_answers_ends_within_the_deadline() {
    let real = Real::with_image().await;
    let name = real.name();
    let web = |check: Healthcheck, deadline: u64| {
        let service = Service::new(up().health(check)).ready(Ready::healthy());
        one(&name, service.deadline(Duration::from_secs(deadline)), &real.docker)
    };
    let hangs = Healthcheck::shell("sleep 600").interval(Duration::from_millis(100)).retries(1);
    fails(&web(hangs.clone(), 2), Step::Ready, &["web-1", "not ready within 2s", "its last lines:", "up"]).await;
    let failure = fails(&web(hangs.timeout(Duration::from_secs(1)), 50), Step::Ready, &["unhealthy", "exceeded"]).await;
    assert!(matches!(failure.cause(), Cause::Unhealthy(_)), "{failure}");
    assert_eq!(names(&real.docker, &name).await, set(&[]));
    real.docker.network(format!("{name}-prod")).remove().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_runs_before_runs_once_for_a_version_and_says_little_when_it_fails() {
    let real = Real::with_image().await;
    let name = real.name();
    let project = |before: &str, replicas: u32| {
        let before = sleeper(before).volume("data", "/data");
        let project = Project::new(&name).volume("data");
        project.service("web", Service::new(up()).before(before).replicas(replicas))
    };
    let deployment =
        |before: &str, replicas: u32| project(before, replicas).deployment("prod", &real.docker).expect("a project");
    let failure = fails(&deployment("seq 1 300000 | tr -d '\\n'; exit 7", 1), Step::Before, &["exit code 7"]).await;
    assert!(failure.to_string().len() < 5000, "{} bytes", failure.to_string().len());
    // A second time it would fail.
    deployment("mkdir /data/migrated", 2).apply().await.expect("applied");
    deployment("mkdir /data/migrated", 3).apply().await.expect("it is not run again");
    let running = set(&["-prod-web-1 running", "-prod-web-2 running", "-prod-web-3 running"]);
    assert_eq!(names(&real.docker, &name).await, running);
    deployment("true", 1).teardown().volumes(true).await.expect("gone");
}

/// Reads as many numbered lines as there are to be, each once and in order.
async fn read(deployment: &Deployment, count: usize, mut each: impl FnMut(usize)) {
    let mut lines = deployment.logs().follow(true).await.expect("logs");
    for number in 0..count {
        let line = tokio::time::timeout(Duration::from_secs(60), lines.next()).await;
        let line = line.unwrap_or_else(|_| panic!("line {number} does not come"));
        let line = line.expect("more").expect("a line").line.text;
        assert_eq!(line.trim_end(), format!("line {number}"));
        each(number);
    }
}

fn counter(count: usize, pause: &str) -> ContainerSpec {
    sleeper(&format!("i=0; while [ $i -lt {count} ]; do echo line $i; i=$((i + 1)); {pause}; done; exec sleep 600"))
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn logs_go_on_where_their_file_is_rotated() {
    let real = Real::with_image().await;
    let name = real.name();
    let log = LogConfig::new("json-file").option("max-size", "4k").option("max-file", "50");
    let deployment = one(&name, Service::new(counter(1000, "sleep 0.002").log(log)), &real.docker);
    deployment.apply().await.expect("applied");
    read(&deployment, 1000, |_| {}).await;
    deployment.teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn logs_go_on_where_the_connection_breaks() {
    let real = Real::with_image().await;
    let Some(cutting) = Cutting::of(&real.docker.endpoint().host()) else { return };
    let docker = Docker::builder().connector(cutting.clone()).build().expect("a client");
    let name = real.name();
    let deployment = one(&name, Service::new(counter(300, "sleep 0.01")), &docker);
    deployment.apply().await.expect("applied");
    read(&deployment, 300, |number| {
        if number % 50 == 10 {
            cutting.cut();
        }
    })
    .await;
    deployment.teardown().await.expect("gone");
}
