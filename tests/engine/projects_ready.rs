//! What a real engine's containers are waited for, and what ends the wait at once.

use crate::support::projects::{names, set, sleeper};
use crate::support::real::Real;
use longshore::container::Healthcheck;
use longshore::deploy::{Cause, Project, PullPolicy, Ready, Run, Service, Step};
use std::net::TcpListener;
use std::time::{Duration, Instant};

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").port()
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_port_on_the_hosts_network_is_reached() {
    let real = Real::with_image().await;
    for ready in [Ready::tcp, |port| Ready::http(port, "/")] {
        let port = free_port();
        let spec = sleeper(&format!("mkdir /www; echo hello > /www/index.html; exec httpd -f -p {port} -h /www"));
        let run = Run::new(spec.network("host")).pull(PullPolicy::Never).ready(ready(port));
        run.deadline(Duration::from_secs(20))
            .start(&real.docker)
            .await
            .expect("ready")
            .remove_all()
            .await
            .expect("gone");
    }
    let port = free_port();
    let first = Run::new(sleeper(&format!("exec httpd -f -p {port}"))).pull(PullPolicy::Never);
    let first = first.ready(Ready::tcp(port)).start(&real.docker).await.expect("ready");
    let shares = sleeper("exec sleep 600").network(format!("container:{}", first.id()));
    let second = Run::new(shares).pull(PullPolicy::Never).ready(Ready::tcp(port)).deadline(Duration::from_secs(20));
    second.start(&real.docker).await.expect("ready").remove_all().await.expect("gone");
    first.remove_all().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_published_port_at_which_nothing_listens_is_not_ready() {
    let real = Real::with_image().await;
    let run = Run::new(sleeper("exec sleep 600").publish(0, 80)).pull(PullPolicy::Never).ready(Ready::tcp(80));
    let failure = run.deadline("4s").start(&real.docker).await.expect_err("nothing listens");
    assert!(matches!(failure.cause(), Cause::NotReady { .. }), "{failure}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_child_that_is_killed_for_its_memory_ends_the_wait() {
    let real = Real::with_image().await;
    if real.is_podman().await {
        return; // it tells only when the main process is killed
    }
    let hungry = "x=aaaaaaaa; while :; do x=$x$x; done";
    let spec = sleeper(&format!("echo begins; while :; do sh -c '{hungry}'; sleep 0.2; done")).memory("16m");
    let begun = Instant::now();
    let run = Run::new(spec).pull(PullPolicy::Never).ready(Ready::log_line("never")).deadline(Duration::from_secs(60));
    let failure = run.start(&real.docker).await.expect_err("it is killed");
    assert!(matches!(failure.cause(), Cause::OutOfMemory), "{failure}");
    assert!(failure.step() == Step::Ready && failure.to_string().contains("raise its limit"), "{failure}");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn the_end_of_a_main_process_that_is_killed_for_its_memory_is_told() {
    let real = Real::with_image().await;
    let spec = sleeper("x=aaaaaaaa; while :; do x=$x$x; done").memory("16m");
    let run = Run::new(spec).pull(PullPolicy::Never).ready(Ready::running_for("50s"));
    let failure = run.start(&real.docker).await.expect_err("it is killed");
    assert!(matches!(failure.cause(), Cause::OutOfMemory | Cause::Exited(_)), "{failure}");
    let text = "the container is exited, its exit code 137, killed because it was out of memory";
    assert!(failure.to_string().contains(text), "{failure}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_health_check_that_fails_is_told_with_its_output() {
    let real = Real::with_image().await;
    let name = real.name();
    let check = Healthcheck::shell("echo no db; exit 1").interval(Duration::from_millis(200)).retries(100);
    let service = Service::new(sleeper("exec sleep 600").health(check)).ready(Ready::healthy());
    let project = Project::new(&name).service("web", service.deadline(Duration::from_secs(5)));
    let deployment = project.deployment("prod", &real.docker).expect("a project");
    let failure = deployment.apply().await.expect_err("never healthy");
    assert!(matches!(failure.cause(), Cause::NotReady { .. }), "{failure}");
    for words in
        ["its health check failed with exit code 1: no db", "its last failed health checks:\n  exit code 1: no db"]
    {
        assert!(failure.to_string().contains(words), "{failure}");
    }
    assert_eq!(names(&real.docker, &name).await, set(&[]));
    deployment.teardown().await.expect("gone");
}
