//! Projects on a real engine: what waits for what, for how long, and what is told meanwhile.

use crate::support::projects::{names, server, set, sleeper};
use crate::support::real::{Real, image, until};
use longshore::Docker;
use longshore::container::{ContainerSpec, HealthStatus, Healthcheck};
use longshore::deploy::{After, Cause, Deployment, Project, Ready, Service, Step};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn up() -> ContainerSpec {
    sleeper("echo up; exec sleep 600")
}

fn project(name: &str, docker: &Docker, services: impl IntoIterator<Item = (&'static str, Service)>) -> Deployment {
    let project = services.into_iter().fold(Project::new(name), |project, (name, service)| {
        project.service(name, service.deadline(Duration::from_secs(20)))
    });
    project.deployment("prod", docker).expect("a project")
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_service_that_is_not_ready_any_longer_is_waited_for() {
    let real = Real::with_image().await;
    let name = real.name();
    let check = Healthcheck::shell("test ! -e /ill").interval(Duration::from_millis(100)).retries(1);
    let db = || Service::new(up().health(check.clone())).ready(Ready::all([Ready::healthy(), Ready::log_line("up")]));
    project(&name, &real.docker, [("db", db())]).apply().await.expect("applied");
    let container = real.docker.container(format!("{name}-prod-db-1"));
    let is = async |health: HealthStatus| {
        let state = container.inspect().await.expect("there").state;
        state.health.is_some_and(|found| found.status == health)
    };
    container.exec(["touch", "/ill"]).output().await.expect("run");
    until("it is unhealthy", || is(HealthStatus::Unhealthy)).await;
    let both = project(&name, &real.docker, [("db", db()), ("web", Service::new(up()).after("db"))]);
    let failure = both.apply().await.expect_err("db is unhealthy");
    assert!(matches!(failure.cause(), Cause::Unhealthy(_)), "{failure}");
    assert!(failure.to_string().starts_with("the deployment of db-1 failed while waiting for"), "{failure}");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-db-1 running"]));
    container.exec(["rm", "/ill"]).output().await.expect("run");
    until("it is healthy", || is(HealthStatus::Healthy)).await;
    both.apply().await.expect("applied");
    assert!(both.plan().await.expect("a plan").is_empty());
    both.teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_dependency_is_started_before_and_what_depends_on_a_failed_one_is_not() {
    let real = Real::with_image().await;
    let name = real.name();
    let told = Arc::<Mutex<Vec<String>>>::default();
    let tell = told.clone();
    let waits = sleeper("until wget -qO- http://early:80/; do sleep 0.1; done; echo up; exec sleep 600");
    let slow = Service::new(waits).ready(Ready::log_line("up"));
    let early = Service::new(server(&image())).after_with("slow", After::Started);
    let deployment = project(&name, &real.docker, [("slow", slow), ("early", early)]).observe(move |step| {
        let what = format!("{:?}", step.event);
        tell.lock().expect("events").extend(step.target.map(|target| format!("{target} {what}")));
    });
    deployment.apply().await.expect("applied");
    let at = |what: &str| told.lock().expect("events").iter().position(|told| told == what).expect("it was told");
    assert!(at("slow-1 Started") < at("early-1 Started"));
    deployment.teardown().await.expect("gone");

    let fails = Service::new(sleeper("exit 3")).ready(Ready::log_line("up"));
    let services = [("fails", fails), ("after", Service::new(up()).after("fails")), ("other", Service::new(up()))];
    let deployment = project(&name, &real.docker, services);
    let failure = deployment.apply().await.expect_err("one fails");
    assert_eq!(failure.target().map(ToString::to_string).as_deref(), Some("fails-1"), "{failure}");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-other-1 running"]));
    deployment.teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_hook_that_panics_stops_nobody_else() {
    let real = Real::with_image().await;
    let name = real.name();
    let slow = Service::new(sleeper("sleep 2; echo up; exec sleep 600")).ready(Ready::log_line("up"));
    let services = [("bad", Service::new(up())), ("after", Service::new(up()).after("bad")), ("slow", slow)];
    let plain = project(&name, &real.docker, services);
    let deployment = plain.clone().on_ready(|target, _| async move {
        assert!(target.service != "bad", "what a hook may do");
        Ok(())
    });
    let failure = deployment.apply().await.expect_err("a panic");
    assert!(matches!(failure.cause(), Cause::Hook(why) if why.contains("what a hook may do")), "{failure}");
    let there = names(&real.docker, &name).await;
    assert_eq!(there, set(&["-prod-slow-1 running"]), "{failure}");
    plain.apply().await.expect("recovered");
    let all = ["-prod-after-1 running", "-prod-bad-1 running", "-prod-slow-1 running"];
    assert_eq!(names(&real.docker, &name).await, set(&all));
    plain.teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn neither_a_migration_nor_a_hook_holds_a_deployment_up_for_ever() {
    let real = Real::with_image().await;
    let name = real.name();
    let told = Arc::<Mutex<Vec<String>>>::default();
    let tell = told.clone();
    let web = |line: &str| project(&name, &real.docker, [("web", Service::new(up()).before(sleeper(line)))]);
    let hangs = web("echo begun; exec sleep 600").lease(Duration::from_secs(3)).observe(move |step| {
        let what = format!("{:?}", step.event).split(['(', ' ', '{']).next().unwrap_or_default().to_owned();
        tell.lock().expect("events").extend(step.target.map(|target| format!("{target} {what}")));
    });
    let failure = tokio::time::timeout(Duration::from_secs(30), hangs.apply()).await.expect("it ends");
    let failure = failure.expect_err("its lease is over");
    assert!(matches!(failure.cause(), Cause::LeaseOver), "{failure}");
    for words in ["the deployment of web-1 failed before starting the service web: ", "begun"] {
        assert!(failure.to_string().contains(words), "{failure}\nhas not {words}");
    }
    assert_eq!(*told.lock().expect("events"), ["web-1 Before", "web-1 Output"]);
    assert_eq!(names(&real.docker, &name).await, set(&[]));
    web("true").apply().await.expect("applied");
    let before = real.docker.container(format!("{name}-prod-web-1")).inspect().await.expect("there").id;

    // What a failed migration leaves is the version before.
    let newer = |before: ContainerSpec| {
        let web = Service::new(up().env("VERSION", "2")).before(before).ready(Ready::log_line("up"));
        project(&name, &real.docker, [("web", web)])
    };
    let failure = newer(sleeper("exit 4")).apply().await.expect_err("the migration fails");
    assert!(failure.step() == Step::Before && failure.to_string().contains("exit code 4"), "{failure}");
    let failure = newer(ContainerSpec::new(image()).cmd(["/nothing"])).apply().await.expect_err("it does not start");
    assert!(failure.to_string().contains(&format!("{name}-prod-web.before")), "{failure}");
    assert_eq!(failure.target().map(ToString::to_string).as_deref(), Some("web-1"), "{failure}");
    let hanging = newer(sleeper("true")).on_ready(|_, _| std::future::pending());
    let failure = tokio::time::timeout(Duration::from_secs(60), hanging.apply()).await.expect("it ends");
    let failure = failure.expect_err("the hook does not end");
    assert!(failure.to_string().contains("the `on_ready` hook failed: it did not complete within 20s"), "{failure}");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-web-1 running"]));
    assert_eq!(real.docker.container(format!("{name}-prod-web-1")).inspect().await.expect("there").id, before);
    newer(sleeper("true")).teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_runs_before_in_another_environment_is_left_alone() {
    let real = Real::with_image().await;
    let name = real.name();
    let container = |environment: &str, service: &str| {
        let labels = [("project", &*name), ("environment", environment), ("service", service)];
        labels.into_iter().fold(up(), |spec, (key, value)| spec.label(format!("dev.longshore.{key}"), value))
    };
    let create = |environment, service| {
        let before = format!("{name}-prod-eu-web.before");
        real.docker.containers().create(container(environment, service)).name(before)
    };
    let service = Service::new(up()).before(sleeper("true"));
    let prod = project(&name, &real.docker, [("eu-web", service)]);
    let others = create("prod-eu", "web").await.expect("another environment's");
    others.start().await.expect("started");
    let failure = prod.apply().await.expect_err("its name is taken");
    assert!(failure.error().is_some_and(longshore::Error::is_conflict), "{failure}");
    assert!(others.inspect().await.expect("it is left alone").state.running);
    others.remove().force(true).await.expect("removed");
    prod.apply().await.expect("applied");
    let left = create("prod", "eu-web").await.expect("what a killed deployer has left");
    left.start().await.expect("started");
    let plan = prod.plan().await.expect("a plan");
    assert_eq!(plan.changes().len(), 1, "{plan}");
    plan.apply().await.expect("removed");
    assert!(left.inspect().await.expect_err("it is gone").is_not_found());
    assert!(prod.plan().await.expect("a plan").is_empty());
    prod.teardown().await.expect("gone");
}
