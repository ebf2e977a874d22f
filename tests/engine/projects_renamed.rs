//! Projects on a real engine whose services are renamed: what only one container can have goes over to the new one.

use crate::support::projects::{Writes, names, server, set, sleeper};
use crate::support::real::{Real, image, until};
use longshore::Docker;
use longshore::deploy::{Deployment, Project, Ready, Service, Step};
use std::sync::Arc;
use std::time::Duration;

/// A port of the host that nobody has.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its address").port()
}

fn one(name: &str, service: &str, spec: Service, docker: &Docker) -> Deployment {
    let project = Project::new(name).volume("data").service(service, spec.deadline(Duration::from_secs(20)));
    project.deployment("prod", docker).expect("a project")
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_renamed_service_takes_over_the_port() {
    let real = Real::with_image().await;
    let (name, port) = (real.name(), free_port());
    let web = || Service::new(server(&image()).publish(port, 80)).ready(Ready::http(80, "/"));
    one(&name, "web", web(), &real.docker).apply().await.expect("applied");
    let renamed = one(&name, "frontend", web(), &real.docker);
    let plan = renamed.plan().await.expect("a plan");
    assert!(plan.to_string().ends_with(&format!("- web-1  (stop first: port {port})")), "{plan}");
    plan.apply().await.expect("replaced");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-frontend-1 running"]));
    assert!(renamed.plan().await.expect("a plan").is_empty());
    renamed.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_new_service_takes_over_the_port_of_one_that_stays() {
    let real = Real::with_image().await;
    let (name, port) = (real.name(), free_port());
    let (plain, with_port) = (|| Service::new(server(&image())), || Service::new(server(&image()).publish(port, 80)));
    one(&name, "web", with_port(), &real.docker).apply().await.expect("applied");
    let project = Project::new(&name).volume("data").service("a-proxy", with_port()).service("web", plain());
    let moved = project.deployment("prod", &real.docker).expect("a project");
    moved.apply().await.expect("moved");
    assert!(moved.plan().await.expect("a plan").is_empty());
    moved.teardown().volumes(true).await.expect("gone");
}

/// Owns the volume, and fails if another one does.
fn owner(then: &str) -> Service {
    let line = format!("mkdir /data/owned || exit 9; trap 'rmdir /data/owned; exit' TERM; {then}");
    let spec = sleeper(&line).stop_signal("SIGTERM").volume("data", "/data");
    Service::new(spec).ready(Ready::log_line("up"))
}

const UP: &str = "echo up; while :; do sleep 0.1; done";

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn two_databases_never_share_a_volume() {
    let real = Real::with_image().await;
    let name = real.name();
    one(&name, "db", owner(UP), &real.docker).apply().await.expect("applied");
    let fails = one(&name, "postgres", owner("rmdir /data/owned; exit 7"), &real.docker);
    let failure = fails.apply().await.expect_err("it ends");
    assert!(failure.to_string().contains("exit code 7") && failure.rollback().is_none(), "{failure}");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-db-1 running"]), "it runs again");
    one(&name, "postgres", owner(UP), &real.docker).apply().await.expect("replaced");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-postgres-1 running"]));
    one(&name, "postgres", owner(UP), &real.docker).teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn whenever_the_renaming_is_interrupted_the_next_one_goes_on() {
    let real = Real::with_image().await;
    for at in 0.. {
        let name = real.name();
        one(&name, "db", owner(UP), &real.docker).apply().await.expect("applied");
        let now = Arc::new(tokio::sync::Notify::new());
        let told = now.clone();
        let writes = Writes::at(at, move || told.notify_one());
        let docker = Docker::builder().observe(writes.clone()).build().expect("a client");
        tokio::select! {
            biased;
            () = now.notified() => {}
            done = async { one(&name, "postgres", owner(UP), &docker).apply().await } => done.expect("applied"),
        }
        let after = one(&name, "postgres", owner(UP), &real.docker).wait_for_lock(Duration::from_secs(30));
        // A container that is killed does not give the volume back.
        let volume = one(&name, "free", Service::new(sleeper("").volume("data", "/data")), &real.docker);
        let recovered = after.apply().await;
        if recovered.is_err() {
            volume.run("free", ["rmdir", "/data/owned"]).await.expect("run");
            after.apply().await.unwrap_or_else(|failure| panic!("interrupted at {at}: {failure}"));
        }
        assert_eq!(names(&real.docker, &name).await, set(&["-prod-postgres-1 running"]), "interrupted at {at}");
        assert!(after.plan().await.expect("a plan").is_empty(), "interrupted at {at}");
        after.teardown().volumes(true).await.expect("gone");
        if writes.count() <= at {
            assert!(at > 5, "there are more calls than {at}");
            break;
        }
    }
}

/// Writes to the volume, and does not mind who else does.
fn writer(then: &str) -> Service {
    let ready = if then == ENDS { Ready::running_for("10s") } else { Ready::log_line("up") };
    Service::new(sleeper(then).volume("data", "/data")).ready(ready)
}

const RUNS: &str = "echo up; exec sleep 600";
const ENDS: &str = "exit 7";

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_service_that_is_split_does_not_come_back_beside_a_part_of_it() {
    let real = Real::with_image().await;
    let name = real.name();
    one(&name, "app", writer(RUNS), &real.docker).apply().await.expect("applied");
    let split = Project::new(&name).volume("data").service("api", writer(RUNS));
    let split = split.service("worker", writer(ENDS).after("api")).deployment("prod", &real.docker);
    let split = split.expect("a project");
    let failure = split.apply().await.expect_err("a part ends");
    assert!(failure.to_string().contains("exit code 7") && failure.rollback().is_none(), "{failure}");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-api-1 running", "-prod-app-1.old exited"]));
    assert!(split.apply().await.is_err(), "it ends again");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-api-1 running", "-prod-app-1.old exited"]));
    one(&name, "app", writer(RUNS), &real.docker).apply().await.expect("back");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-app-1 running", "-prod-app-1.old exited"]));
    split.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_failure_after_the_swap_starts_nothing_beside_the_new_container() {
    let real = Real::with_image().await;
    let Some(cutting) = crate::support::cut::Cutting::of(&real.docker.endpoint().host()) else { return };
    let merge = async |writes: &Writes| {
        let name = real.name();
        let web = Service::new(sleeper("exec sleep 600")).keep(0);
        let before = Project::new(&name).volume("data").service("web", web).service("app", writer(RUNS));
        let before = before.deployment("prod", &real.docker).expect("a project");
        before.apply().await.expect("applied");
        let docker = Docker::builder().connector(cutting.clone()).observe(writes.clone()).build().expect("a client");
        let merged = one(&name, "web", writer(RUNS).keep(0), &docker).apply().await;
        let there = names(&real.docker, &name).await;
        let running: Vec<_> = there.iter().filter(|name| name.ends_with(" running")).collect();
        assert_eq!(running, ["-prod-web-1 running"], "{there:?}");
        before.wait_for_lock(Duration::from_secs(30)).teardown().volumes(true).await.expect("gone");
        merged
    };
    let counted = Writes::counted();
    merge(&counted).await.expect("applied");
    // After the earlier container of `web` is removed, three calls stop and remove `app` and release the lock.
    let cut = cutting.clone();
    let failure = merge(&Writes::at(counted.count() - 4, move || cut.cut())).await.expect_err("cut");
    assert!(failure.step() == Step::Remove && failure.rollback().is_none(), "{failure}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn whenever_the_renaming_is_interrupted_one_that_fails_leaves_one_running() {
    let real = Real::with_image().await;
    for at in 0.. {
        let name = real.name();
        one(&name, "db", writer(RUNS), &real.docker).apply().await.expect("applied");
        let now = Arc::new(tokio::sync::Notify::new());
        let told = now.clone();
        let writes = Writes::at(at, move || told.notify_one());
        let docker = Docker::builder().observe(writes.clone()).build().expect("a client");
        tokio::select! {
            biased;
            () = now.notified() => {}
            done = async { one(&name, "postgres", writer(RUNS), &docker).apply().await } => done.expect("applied"),
        }
        let fails = one(&name, "postgres", writer(ENDS), &real.docker).wait_for_lock(Duration::from_secs(30));
        let failure = fails.apply().await.expect_err("it ends");
        assert!(failure.to_string().contains("exit code 7"), "interrupted at {at}: {failure}");
        let there = names(&real.docker, &name).await;
        let running: Vec<_> = there.iter().filter(|name| name.ends_with(" running")).collect();
        assert_eq!(running.len(), 1, "interrupted at {at}: {there:?}");
        fails.teardown().volumes(true).await.expect("gone");
        if writes.count() <= at {
            assert!(at > 5, "there are more calls than {at}");
            break;
        }
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_container_whose_network_was_removed_is_replaced() {
    let real = Real::with_image().await;
    let name = real.name();
    let web = one(&name, "web", Service::new(server(&image())).ready(Ready::http(80, "/")), &real.docker);
    web.apply().await.expect("applied");
    web.container("web", 1).expect("a service").stop().await.expect("stopped");
    let network = real.docker.network(format!("{name}-prod"));
    until("the network is removed", || async { network.remove().await.is_ok() }).await;
    web.apply().await.expect("replaced");
    assert!(web.plan().await.expect("a plan").is_empty());
    let page = web.exec("web", ["wget", "-qO-", "http://web:80/"]).expect("a service").output().await.expect("a page");
    assert!(page.status.success(), "{page:?}");
    web.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_lock_that_is_not_released_is_told_apart_from_one_that_is_not_taken() {
    let real = Real::with_image().await;
    let Some(cutting) = crate::support::cut::Cutting::of(&real.docker.endpoint().host()) else { return };
    let (name, counted) = (real.name(), Writes::counted());
    let apply = async |writes: &Writes, line: &str| {
        let docker = Docker::builder().connector(cutting.clone()).observe(writes.clone()).build().expect("a client");
        let service = Service::new(sleeper(line));
        one(&name, "job", service, &docker).wait_for_lock(Duration::from_secs(30)).apply().await
    };
    apply(&Writes::counted(), "exec sleep 600").await.expect("applied");
    apply(&counted, "exec sleep 601").await.expect("replaced");
    // The next one has one call more: it removes an earlier version.
    apply(&counted, "exec sleep 602").await.expect("replaced");
    let calls = Writes::counted();
    apply(&calls, "exec sleep 603").await.expect("replaced");
    let cut = cutting.clone();
    let failure = apply(&Writes::at(calls.count() - 1, move || cut.cut()), "exec sleep 604").await.expect_err("cut");
    assert_eq!(failure.step(), Step::Unlock, "{failure}");
    let words = "the deployment failed after everything was done, while releasing the lock: ";
    assert!(failure.to_string().starts_with(words), "{failure}");
    let job = one(&name, "job", Service::new(sleeper("exec sleep 604")), &real.docker);
    assert!(job.plan().await.expect("a plan").is_empty(), "everything was done");
    job.wait_for_lock(Duration::from_secs(30)).teardown().volumes(true).await.expect("gone");
}
