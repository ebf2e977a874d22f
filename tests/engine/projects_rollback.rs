//! Rollbacks of projects on a real engine.

use crate::support::projects::{names, set, sleeper};
use crate::support::real::{Real, until};
use longshore::Docker;
use longshore::container::ContainerSpec;
use longshore::deploy::{Cause, Deployment, Order, Project, Ready, Service, Step};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

async fn id(docker: &Docker, name: &str) -> String {
    docker.container(name).inspect().await.expect("it is there").id
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_an_earlier_deployment_changed_is_not_rolled_back() {
    let real = Real::with_image().await;
    let name = real.name();
    let service = |version: u32| Service::new(sleeper(&format!("echo version {version}; exec sleep 600"))).replicas(2);
    let shop = |db: u32, web: u32| {
        let project = Project::new(&name).service("db", service(db)).service("web", service(web));
        project.deployment("prod", &real.docker).expect("a project")
    };
    for (db, web) in [(1, 1), (2, 1), (2, 2)] {
        shop(db, web).apply().await.expect("applied");
    }
    let containers = ["db-1", "db-2", "web-1", "web-2"].map(|replica| format!("{name}-prod-{replica}"));
    let [db, _, web, _] = &containers;
    // A supervisor puts another container in the place of one that somebody removes.
    let lost = real.docker.container(&containers[1]);
    let supervised = shop(2, 2);
    let supervisor = tokio::spawn(async move { supervised.supervise().await });
    let is_back = || async { lost.inspect().await.is_ok_and(|it| it.state.running) };
    lost.kill().await.expect("killed");
    until("it is started again", is_back).await; // so the supervisor has seen it
    lost.remove().force(true).await.expect("removed");
    until("it is back", is_back).await;
    supervisor.abort();
    let (db_before, web_before) = (id(&real.docker, db).await, id(&real.docker, web).await);
    shop(2, 2).wait_for_lock(Duration::from_secs(30)).rollback().await.expect("rolled back");
    assert_eq!(id(&real.docker, db).await, db_before);
    assert_ne!(id(&real.docker, web).await, web_before);
    let plan = shop(2, 1).plan().await.expect("a plan");
    assert!(plan.is_empty(), "{plan}");
    shop(1, 1).teardown().await.expect("gone");
}

/// Runs for as long as it is left alone the first time, and ends at once the next time.
const ONCE: &str = "[ -e /ran ] && exit 3; touch /ran; exec sleep 600";

fn one(name: &str, line: &str, docker: &Docker) -> Deployment {
    let ready = Ready::running_for(Duration::from_secs(1));
    let service = Service::new(sleeper(line)).ready(ready).deadline(Duration::from_secs(10));
    Project::new(name).service("job", service).deployment("prod", docker).expect("a project")
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_rollback_that_fails_leaves_the_newer_version() {
    let real = Real::with_image().await;
    let name = real.name();
    one(&name, ONCE, &real.docker).apply().await.expect("applied");
    let called = Arc::new(AtomicUsize::new(0));
    let calls = called.clone();
    let newer = one(&name, "exec sleep 600", &real.docker).on_ready(move |_, _| {
        calls.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    });
    newer.apply().await.expect("applied");
    let container = format!("{name}-prod-job-1");
    let before = id(&real.docker, &container).await;
    let failure = newer.rollback().await.expect_err("it ends at once");
    assert!(failure.step() == Step::Ready && matches!(failure.cause(), Cause::Exited(_)), "{failure}");
    assert!(failure.rollback().is_none(), "{failure}");
    assert_eq!(id(&real.docker, &container).await, before);
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-job-1 running", "-prod-job-1.old exited"]));
    let plan = newer.plan().await.expect("a plan");
    assert!(plan.is_empty(), "{plan}");
    assert_eq!(called.load(Ordering::SeqCst), 1);

    newer.clone().apply().await.expect("it is as it was");
    let newest = one(&name, "exec sleep 601", &real.docker);
    newest.apply().await.expect("applied");
    let calls = called.clone();
    let newest = newest.on_ready(move |_, container| {
        calls.fetch_add(1, Ordering::SeqCst);
        async move { if container.inspect().await?.state.running { Ok(()) } else { Err("it does not run".into()) } }
    });
    newest.rollback().await.expect("rolled back");
    assert_eq!(id(&real.docker, &container).await, before);
    assert_eq!(called.load(Ordering::SeqCst), 2, "a proxy is switched back");
    newest.teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_has_completed_is_not_run_again() {
    let real = Real::with_image().await;
    let name = real.name();
    let job = |line: &str| {
        let service = Service::new(sleeper(line)).ready(Ready::exited()).order(Order::StopFirst);
        Project::new(&name).service("job", service).deployment("prod", &real.docker).expect("a project")
    };
    let container = format!("{name}-prod-job-1");
    let run = || async {
        let inspected = real.docker.container(&container).inspect().await.expect("it is there");
        (inspected.id, inspected.state.started_at)
    };
    job("true").apply().await.expect("applied");
    let first = run().await;
    let failure = job("exit 3").apply().await.expect_err("it fails");
    assert!(failure.rollback().is_none(), "{failure}");
    assert_eq!(run().await, first, "the job that has completed is in its place again");
    job("true; true").apply().await.expect("applied");
    assert_ne!(run().await, first);
    job("true; true").rollback().await.expect("rolled back");
    assert_eq!(run().await, first);
    job("true").teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn each_version_that_is_kept_comes_back() {
    let real = Real::with_image().await;
    let name = real.name();
    let job = |version: u32| {
        let service = Service::new(sleeper(&format!("echo version {version}; exec sleep 600"))).keep(2);
        Project::new(&name).service("job", service).deployment("prod", &real.docker).expect("a project")
    };
    for version in 1..=4 {
        job(version).apply().await.expect("applied");
    }
    let kept = ["-prod-job-1 running", "-prod-job-1.old exited"];
    assert_eq!(names(&real.docker, &name).await, set(&kept), "both earlier ones have the same name here");
    let failure = job(4).rollback_to(3).await.expect_err("it is not kept");
    assert_eq!(failure.step(), Step::Check, "{failure}");
    job(4).rollback_to(2).await.expect("rolled back");
    let plan = job(2).plan().await.expect("a plan");
    assert!(plan.is_empty(), "{plan}");
    job(4).apply().await.expect("applied");
    job(4).rollback().await.expect("rolled back");
    let plan = job(2).plan().await.expect("a plan");
    assert!(plan.is_empty(), "neither of those that were rolled back from is back: {plan}");
    job(4).teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_rollback_that_cannot_be_undone_says_what_does_not_run() {
    let real = Real::with_image().await;
    let name = real.name();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    drop(listener);
    let job = |spec: ContainerSpec| {
        let project = Project::new(&name).service("job", Service::new(spec));
        project.deployment("prod", &real.docker).expect("a project")
    };
    let spec = || sleeper("exec sleep 600");
    let newer = || spec().publish(port, 80);
    job(spec()).apply().await.expect("applied");
    job(newer()).apply().await.expect("applied");
    let (docker, stranger) = (real.docker.clone(), real.name());
    let others = real.docker.container(&stranger);
    let taken = job(newer()).on_ready(move |_, _| {
        let (docker, stranger) = (docker.clone(), stranger.clone());
        async move {
            docker
                .containers()
                .create(sleeper("exec sleep 600").publish(port, 80))
                .name(stranger)
                .await?
                .start()
                .await?;
            Err("the proxy is down".into())
        }
    });
    let failure = taken.rollback().await.expect_err("the hook fails");
    let rollback = failure.rollback().expect("the newer one does not start").to_string();
    assert!(rollback.contains(&port.to_string()), "{rollback}");
    assert!(failure.to_string().contains("the previous container could not be restored"), "{failure}");
    others.remove().force(true).await.expect("removed");
    job(newer()).apply().await.expect("it runs again");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-job-1 running", "-prod-job-1.old exited"]));
    job(newer()).teardown().await.expect("gone");
}
