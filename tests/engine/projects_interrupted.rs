//! Projects on a real engine, interrupted: the deployer is killed or dropped, responses are lost, the engine is killed.

use crate::support::cut::Cutting;
use crate::support::dockerd::{Dockerd, is_suite};
use crate::support::projects::{Writes, names, page, server, set, sleeper};
use crate::support::real::{Real, image, image_2, until};
use longshore::Docker;
use longshore::container::{ContainerSpec, RestartPolicy};
use longshore::deploy::{Cause, Order, Project, Ready, Service};
use longshore::system::ActionKind;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn whichever_response_is_lost_the_next_one_goes_on() {
    let real = Real::with_image().await;
    let Some(cutting) = Cutting::of(&real.docker.endpoint().host()) else { return };
    let (mut lost, mut at) = (0, 0);
    loop {
        let name = real.name();
        stage(&name, "one").deployment("prod", &real.docker).expect("a project").apply().await.expect("applied");
        let cut = cutting.clone();
        let writes = Writes::at(at, move || cut.cut());
        let docker = Docker::builder().connector(cutting.clone()).observe(writes.clone()).build().expect("a client");
        let cut = stage(&name, "two").deployment("prod", &docker).expect("a project").apply().await;
        lost += usize::from(cut.is_err());
        let after = stage(&name, "two").deployment("prod", &real.docker).expect("a project");
        after.clone().apply().await.unwrap_or_else(|failure| panic!("lost at {at}: {failure}"));
        let there = names(&real.docker, &name).await;
        let running: BTreeSet<_> = there.iter().filter(|name| name.ends_with(" running")).cloned().collect();
        assert_eq!(running, set(&["-prod-web-1 running", "-prod-web-2 running"]), "lost at {at}: {cut:?}");
        assert!(there.iter().all(|name| !name.contains(".next")), "lost at {at}: {there:?}");
        assert!(page(&after, "web", 2).await.contains("version 2"), "lost at {at}");
        after.teardown().volumes(true).await.expect("gone");
        if writes.count() <= at {
            break;
        }
        at += step();
    }
    assert!(lost > 8 / step(), "{lost} of {at}");
}

/// Every call, or in suites, where time is short, every third one.
fn step() -> usize {
    if is_suite() { 3 } else { 1 }
}

/// One container, of one version or another.
fn versions(name: &str, version: u32, order: Order) -> Project {
    let service = Service::new(sleeper(&format!("echo version {version}; exec sleep 600"))).order(order);
    Project::new(name).volume("data").service("web", service.ready(Ready::log_line("version")))
}

/// Whether there is a container that runs, and none that is to be the next one.
async fn is_whole(docker: &Docker, name: &str, version: u32) {
    let there = names(docker, name).await;
    let running: BTreeSet<_> = there.iter().filter(|name| name.ends_with(" running")).cloned().collect();
    assert_eq!(running, set(&["-prod-web-1 running"]), "{there:?}");
    assert!(there.iter().all(|name| !name.contains(".next")), "{there:?}");
    let cmd = docker.container(format!("{name}-prod-web-1")).inspect().await.expect("there").config.cmd.concat();
    assert!(cmd.contains(&format!("version {version}")), "{cmd}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn whenever_the_future_is_dropped_the_next_one_goes_on() {
    let real = Real::with_image().await;
    for order in [Order::StartFirst, Order::StopFirst] {
        for at in (0..).step_by(step()) {
            let name = real.name();
            let old = versions(&name, 1, order).deployment("prod", &real.docker).expect("a project");
            old.apply().await.expect("applied");
            let now = Arc::new(tokio::sync::Notify::new());
            let told = now.clone();
            let writes = Writes::at(at, move || told.notify_one());
            let docker = Docker::builder().observe(writes.clone()).build().expect("a client");
            let new = versions(&name, 2, order).deployment("prod", &docker).expect("a project");
            tokio::select! {
                biased;
                () = now.notified() => {}
                done = new.apply() => done.expect("applied"),
            }
            let after = versions(&name, 2, order).deployment("prod", &real.docker).expect("a project");
            let after = after.wait_for_lock(Duration::from_secs(30));
            after.apply().await.unwrap_or_else(|failure| panic!("dropped at {at}: {failure}"));
            is_whole(&real.docker, &name, 2).await;
            after.teardown().volumes(true).await.expect("gone");
            if writes.count() <= at {
                assert!(at > 3, "there are more calls than {at}");
                break;
            }
        }
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn whenever_a_rollback_is_dropped_the_next_one_completes_it() {
    let real = Real::with_image().await;
    for at in (0..).step_by(step()) {
        let name = real.name();
        let jobs = |version: u32, docker: &Docker| {
            let spec = sleeper(&format!("echo version {version}; exec sleep 600")).restart(RestartPolicy::always());
            let project = Project::new(&name).service("job", Service::new(spec).replicas(2).keep(2));
            project.deployment("prod", docker).expect("a project").wait_for_lock(Duration::from_secs(30))
        };
        for version in 1..=3 {
            jobs(version, &real.docker).apply().await.expect("applied");
        }
        let now = Arc::new(tokio::sync::Notify::new());
        let told = now.clone();
        let writes = Writes::at(at, move || told.notify_one());
        let docker = Docker::builder().observe(writes.clone()).build().expect("a client");
        let dropped = jobs(3, &docker);
        tokio::select! {
            biased;
            () = now.notified() => {}
            done = dropped.rollback() => done.expect("rolled back"),
        }
        let is_done = jobs(2, &real.docker).plan().await.expect("a plan").is_empty();
        jobs(3, &real.docker).rollback().await.unwrap_or_else(|failure| panic!("dropped at {at}: {failure}"));
        let plan = jobs(if is_done { 1 } else { 2 }, &real.docker).plan().await.expect("a plan");
        assert!(plan.is_empty(), "dropped at {at}: {plan}");
        for replica in [1, 2] {
            let job = jobs(3, &real.docker).container("job", replica).expect("a service");
            let policy = job.inspect().await.expect("there").host_config.restart_policy;
            assert_eq!(policy, RestartPolicy::always(), "dropped at {at}");
        }
        jobs(3, &real.docker).teardown().await.expect("gone");
        if writes.count() <= at {
            assert!(at > 10, "there are more calls than {at}");
            break;
        }
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn whenever_the_engine_is_killed_the_next_one_goes_on() {
    let real = Real::with_image().await;
    let test = "whenever_the_engine_is_killed_the_next_one_goes_on";
    let Some(engine) = Dockerd::start(test, &real.docker, &image(), None).await else { return };
    let engine = Arc::new(engine);
    let mut failed = 0;
    for order in [None, Some(Order::StartFirst), Some(Order::StopFirst)] {
        for at in (0..).step_by(step()) {
            let name = format!("shop{at}");
            if let Some(order) = order {
                let old = versions(&name, 1, order).deployment("prod", &engine.docker).expect("a project");
                old.apply().await.expect("applied");
            }
            let killed = engine.clone();
            let writes = Writes::at(at, move || killed.kill());
            let docker = Docker::builder().host(engine.host()).observe(writes.clone()).build().expect("a client");
            let new = versions(&name, 2, order.unwrap_or_default()).deployment("prod", &docker).expect("a project");
            failed += usize::from(new.apply().await.is_err());
            engine.until_up().await;
            let after = versions(&name, 2, order.unwrap_or_default()).deployment("prod", &engine.docker);
            let after = after.expect("a project").wait_for_lock(Duration::from_secs(30));
            after.apply().await.unwrap_or_else(|failure| panic!("{order:?}, killed at {at}: {failure}"));
            is_whole(&engine.docker, &name, 2).await;
            after.teardown().volumes(true).await.expect("gone");
            if writes.count() <= at {
                assert!(at > 3, "there are more calls than {at}");
                break;
            }
        }
    }
    assert!(failed > 10, "{failed}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_supervisor_outlives_the_engine() {
    let real = Real::with_image().await;
    let test = "a_supervisor_outlives_the_engine";
    let Some(engine) = Dockerd::start(test, &real.docker, &image(), None).await else { return };
    let service = Service::new(sleeper("exec sleep 600")).replicas(2);
    let deployment = Project::new("shop").service("job", service).deployment("prod", &engine.docker);
    let deployment = deployment.expect("a project");
    deployment.apply().await.expect("applied");
    let supervisor = tokio::spawn({
        let deployment = deployment.clone();
        async move { deployment.supervise().await }
    });
    deployment.container("job", 1).expect("a service").kill().await.expect("killed");
    let expected = set(&["-prod-job-1 running", "-prod-job-2 running"]);
    until("it is at work", || async { names(&engine.docker, "shop").await == expected }).await;
    for _ in 0..2 {
        engine.kill();
        engine.until_up().await;
        until("both are back", || async { names(&engine.docker, "shop").await == expected }).await;
    }
    supervisor.abort();
    let failure = supervisor.await.expect_err("it never ends by itself");
    assert!(failure.is_cancelled(), "{failure}");
}

/// Docker goes on stopping a container whose caller is gone, and lists it as running meanwhile.
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_stop_that_a_killed_deployer_has_begun_is_completed_first() {
    let real = Real::with_image().await;
    let name = real.name();
    let stubborn = ContainerSpec::new(image()).cmd(["sh", "-c", "trap '' TERM; while :; do sleep 1; done"]);
    let web = Service::new(stubborn.stop_timeout(Duration::from_secs(3)));
    let deployment = Project::new(&name).service("web", web).deployment("prod", &real.docker).expect("a project");
    deployment.apply().await.expect("it runs");
    let container = deployment.container("web", 1).expect("a service");
    let before = container.inspect().await.expect("there").state.started_at;
    let id = container.inspect().await.expect("there").id;
    let lock = longshore::volume::VolumeSpec::new(format!("{name}-prod.lock")).label("dev.longshore.lease", "0");
    let lock = lock.label("dev.longshore.project", &name).label("dev.longshore.environment", "prod");
    real.docker.volumes().create(lock).await.expect("a lock");
    let mut kills = real.docker.events().container(&id).action(ActionKind::Kill).await.expect("events");
    let stopping = tokio::spawn(async move { container.stop().await });
    kills.next().await.expect("an event").expect("an event");
    stopping.abort();
    deployment.apply().await.expect("it is started again");
    let container = deployment.container("web", 1).expect("a service").inspect().await.expect("there");
    assert!(container.state.running && container.state.started_at > before, "{:?}", container.state);
    deployment.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn of_many_deployers_one_is_at_work_at_a_time() {
    let real = Real::with_image().await;
    let name = real.name();
    let (at_work, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    // All find a lock whose holder's lease is over, and want to take it over.
    let lease = (longshore::Timestamp::now().as_second() - 1).to_string();
    let abandoned = longshore::volume::VolumeSpec::new(format!("{name}-prod.lock")).label("dev.longshore.lease", lease);
    real.docker.volumes().create(abandoned).await.expect("a lock");
    let mut deployers = tokio::task::JoinSet::new();
    for version in 0..5 {
        let (at_work, most) = (at_work.clone(), most.clone());
        let deployment = versions(&name, version, Order::StopFirst).deployment("prod", &real.docker);
        let deployment =
            deployment.expect("a project").wait_for_lock(Duration::from_secs(120)).on_ready(move |_, _| {
                let (at_work, most) = (at_work.clone(), most.clone());
                async move {
                    most.fetch_max(at_work.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(200)).await; // the work
                    at_work.fetch_sub(1, Ordering::SeqCst);
                    Ok(())
                }
            });
        deployers.spawn(async move {
            deployment.apply().await.expect("applied");
        });
    }
    while let Some(done) = deployers.join_next().await {
        done.expect("applied");
    }
    assert_eq!(most.load(Ordering::SeqCst), 1);
    let there = names(&real.docker, &name).await;
    assert_eq!(there, set(&["-prod-web-1 running", "-prod-web-1.old exited"]));
    let deployment = versions(&name, 0, Order::Auto).deployment("prod", &real.docker).expect("a project");
    deployment.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn nothing_is_begun_once_the_lease_is_over() {
    let real = Real::with_image().await;
    let name = real.name();
    let service = |line: &str| Project::new(&name).service("job", Service::new(sleeper(line)));
    let deployment = |line: &str| service(line).deployment("prod", &real.docker).expect("a project");
    let late = |line: &str| deployment(line).lease(Duration::ZERO);
    let failure = late("exec sleep 600").apply().await.expect_err("its lock has expired");
    assert!(matches!(failure.cause(), Cause::LeaseOver), "{failure}");
    assert!(
        failure.to_string().starts_with("the deployment of job-1 failed before starting the service: "),
        "{failure}"
    );
    assert_eq!(names(&real.docker, &name).await, set(&[]));
    deployment("exec sleep 600").apply().await.expect("applied, and nobody holds the lock");
    deployment("exec sleep 601").apply().await.expect("applied");
    let before = names(&real.docker, &name).await;
    for failure in [late("").rollback().await, late("").restart("job").await, late("").apply().await] {
        let failure = failure.expect_err("its lock has expired");
        assert!(matches!(failure.cause(), Cause::LeaseOver), "{failure}");
    }
    let empty = Project::new(&name).deployment("prod", &real.docker).expect("a project").lease(Duration::ZERO);
    assert!(matches!(empty.apply().await.expect_err("nor removed").cause(), Cause::LeaseOver));
    assert_eq!(names(&real.docker, &name).await, before);
    deployment("").teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_lock_that_somebody_else_has_taken_over_is_left_to_them() {
    let real = Real::with_image().await;
    let (name, docker) = (real.name(), real.docker.clone());
    let lock = format!("{name}-prod.lock");
    let theirs = lock.clone();
    let deployment = versions(&name, 1, Order::Auto).deployment("prod", &real.docker).expect("a project");
    let deployment = deployment.on_ready(move |_, _| {
        let (docker, theirs) = (docker.clone(), theirs.clone());
        async move {
            docker.volume(&theirs).remove().await?; // its lease was over, to them
            let spec = longshore::volume::VolumeSpec::new(&theirs).label("dev.longshore.holder", "ci@elsewhere");
            docker.volumes().create(spec).await?;
            Ok(())
        }
    });
    deployment.apply().await.expect("applied");
    let held = real.docker.volume(&lock).inspect().await.expect("it is theirs");
    assert_eq!(held.labels.get("dev.longshore.holder").map(String::as_str), Some("ci@elsewhere"));
    real.docker.volume(&lock).remove().await.expect("removed");
    deployment.teardown().volumes(true).await.expect("gone");
}

/// Says to a child at which of its calls it is killed.
const KILL_AT: &str = "LONGSHORE_TEST_KILL_AT";

/// What a deployer does until it is killed, from what to what, and what is applied then.
const ACTS: [(&str, &str, &str); 6] = [
    ("nothing", "one", "one"),
    ("one", "two", "two"),
    ("one", "stop-first", "stop-first"),
    ("one", "fewer", "fewer"),
    ("two", "back", "back"),
    ("two", "back", "two"),
];

fn stage(name: &str, stage: &str) -> Project {
    let spec = |image: &str| server(image).restart(RestartPolicy::unless_stopped());
    let service = |image: &str| Service::new(spec(image)).ready(Ready::http(80, "/"));
    let project = Project::new(name).volume("data");
    match stage {
        "one" | "back" => project.service("web", service(&image()).replicas(2)),
        "two" => project.service("web", service(&image_2()).replicas(2)),
        "stop-first" => project.service("web", service(&image_2()).replicas(2).order(Order::StopFirst)),
        "fewer" => project.service("web", service(&image())),
        other => panic!("{other}"),
    }
}

/// As the kernel does it to a process that is out of memory: nothing is cleaned up.
fn kill() {
    let killed = std::process::Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
    unreachable!("{killed:?}");
}

/// Applies, and is killed at a writing call.
async fn act(name: &str, to: &str, kill_at: usize) {
    let writes = Writes::at(kill_at, kill);
    let docker = Docker::builder().observe(writes).build().expect("a client");
    let deployment = stage(name, to).deployment("prod", &docker).expect("a project");
    if to == "back" { deployment.rollback().await } else { deployment.apply().await }.expect("it goes on");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn whenever_the_deployer_is_killed_the_next_one_goes_on() {
    const TEST: &str = "whenever_the_deployer_is_killed_the_next_one_goes_on";
    if let Ok(kill_at) = std::env::var(KILL_AT) {
        let variable = |name: &str| std::env::var(name).expect("set below");
        return act(&variable("TEST_NAME"), &variable("TEST_TO"), kill_at.parse().expect("a number")).await;
    }
    let real = Real::with_image().await;
    real.pull(&image_2()).await;
    let mut killed = 0;
    for (from, to, then) in ACTS {
        for kill_at in (0..).step_by(step()) {
            let name = real.name();
            if from != "nothing" {
                stage(&name, "one")
                    .deployment("prod", &real.docker)
                    .expect("a project")
                    .apply()
                    .await
                    .expect("applied");
            }
            if from == "two" {
                stage(&name, "two")
                    .deployment("prod", &real.docker)
                    .expect("a project")
                    .apply()
                    .await
                    .expect("applied");
            }
            let status = child(TEST, &name, to, kill_at);
            let after = stage(&name, then).deployment("prod", &real.docker).expect("a project");
            after.apply().await.unwrap_or_else(|failure| panic!("{from} → {to}, killed at {kill_at}: {failure}"));
            let plan = after.plan().await.expect("a plan");
            assert!(plan.is_empty(), "{from} → {to}, killed at {kill_at}: {plan}");
            let there = names(&real.docker, &name).await;
            let running = there.iter().filter(|name| name.ends_with(" running")).cloned().collect::<BTreeSet<_>>();
            let expected: &[&str] =
                if to == "fewer" { &["-prod-web-1 running"] } else { &["-prod-web-1 running", "-prod-web-2 running"] };
            assert_eq!(running, set(expected), "{from} → {to}, killed at {kill_at}");
            assert!(there.iter().all(|name| !name.contains(".next")), "{from} → {to}, killed at {kill_at}: {there:?}");
            let is_two = matches!(then, "two" | "stop-first");
            for replica in running.iter().filter_map(|name| name.strip_suffix(" running")) {
                let container = real.docker.container(format!("{name}{replica}")).inspect().await.expect("there");
                let policy = container.host_config.restart_policy;
                let context = format!("{from} → {to} → {then}, killed at {kill_at}: {replica}");
                assert_eq!(policy, RestartPolicy::unless_stopped(), "{context}");
            }
            assert_eq!(
                page(&after, "web", 1).await.contains("version 2"),
                is_two,
                "{from} → {to}, killed at {kill_at}"
            );
            after.teardown().volumes(true).await.expect("gone");
            if status.success() {
                assert!(kill_at > 3, "{from} → {to} has more calls than {kill_at}");
                break;
            }
            killed += 1;
        }
    }
    assert!(killed > 30 / step(), "{killed}");
}

fn child(test: &str, name: &str, to: &str, kill_at: usize) -> std::process::ExitStatus {
    std::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "--include-ignored", &format!("projects_interrupted::{test}")])
        .envs([("TEST_NAME", name), ("TEST_TO", to), (KILL_AT, &kill_at.to_string())])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .expect("a child")
}
