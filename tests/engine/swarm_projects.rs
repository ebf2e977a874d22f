//! A project on a swarm of one node, on a real engine of the test's own.

#![cfg(feature = "tar")]

use crate::support::dockerd::Dockerd;
use crate::support::real::{Real, image};
use crate::swarm::manager;
use longshore::Docker;
use longshore::container::{ContainerSpec, Healthcheck, Mount};
use longshore::deploy::{
    After, Event, File, Project, Ready, SecretSource, Service, Step, SwarmChange, SwarmDeployment,
};
use longshore::service::UpdateState;
use longshore::task::TaskState;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn line(line: &str) -> ContainerSpec {
    let spec = ContainerSpec::new(image()).entrypoint(["sh", "-c"]).cmd([line]);
    spec.stop_signal("SIGKILL").health(Healthcheck::none())
}

fn shop(version: u32, secret: &str) -> Project {
    let web = line("cat /run/secrets/TOKEN /etc/site; echo; env | grep TOKEN_FILE; exec sleep 600");
    let web = Service::new(web.env("VERSION", version.to_string()).network("back"));
    let web = web.secret("TOKEN", SecretSource::value(secret)).file(File::new("/etc/site", "server {}\n"));
    let web = web.constraint("node.role==manager");
    Project::new("shop")
        .compose_labels(true)
        .network("back")
        .service("migrate", Service::new(line("echo migrated")).ready(Ready::exited()))
        .service("web", web.replicas(2).after_with("migrate", After::Completed).deadline(Duration::from_secs(60)))
}

async fn text(deployment: &SwarmDeployment) -> Vec<String> {
    let mut lines = deployment.logs().await.expect("logs");
    let mut text = Vec::new();
    while let Some(line) = lines.next().await {
        text.push(line.expect("a line").to_string());
    }
    text.sort();
    text
}

async fn running(docker: &Docker, service: &str) -> usize {
    let tasks = docker.tasks().list().service(service).desired_state(TaskState::Running).await.expect("tasks");
    tasks.iter().filter(|task| task.status.state == TaskState::Running).count()
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_project_is_deployed_changed_broken_rolled_back_and_taken_down() {
    let real = Real::with_image().await;
    let test = "a_project_is_deployed_changed_broken_rolled_back_and_taken_down";
    let Some(engine) = Dockerd::start(test, &real.docker, &image(), None).await else { return };
    let docker = &engine.docker;
    let on_swarm =
        |project: Project| project.deployment("prod", docker).expect("a project").on_swarm().expect("possible");
    let error = on_swarm(shop(1, "hunter2")).plan().await.expect_err("no swarm");
    assert!(error.error().is_some_and(longshore::Error::is_no_swarm_manager), "{error}");
    docker.swarm().init().advertise_addr("127.0.0.1").await.expect("a swarm");

    let told = Arc::<Mutex<Vec<String>>>::default();
    let tell = told.clone();
    let first = shop(1, "hunter2").deployment("prod", docker).expect("a project").observe(move |event| {
        if let Event::Converged { service } = event.event {
            tell.lock().expect("told").push(service.clone());
        }
    });
    let first = first.on_swarm().expect("possible");
    let plan = first.plan().await.expect("a plan");
    let shown = plan.to_string();
    for words in
        ["+ network shop-prod-back", "+ secret shop-prod.", "+ config shop-prod.", "+ migrate", "+ web", "TOKEN_FILE"]
    {
        assert!(shown.contains(words), "{shown}\nhas not {words}");
    }
    assert!(!format!("{shown} {plan:?}").contains("hunter2"), "{shown}");
    plan.apply().await.expect("applied");
    assert_eq!(*told.lock().expect("told"), ["migrate", "web"]);
    let again = first.plan().await.expect("a plan");
    assert!(again.is_empty(), "{again}");
    let status = first.status().await.expect("a status");
    assert!(status.iter().all(|service| service.is_there && service.is_current), "{status:?}");
    assert_eq!(status.last().map(ToString::to_string).as_deref(), Some("web  2 of 2"));
    let lines = text(&first).await;
    for slot in [1, 2] {
        assert!(lines.contains(&format!("web-{slot}  hunter2server {{}}")), "{lines:?}");
        assert!(lines.contains(&format!("web-{slot}  TOKEN_FILE=/run/secrets/TOKEN")), "{lines:?}");
    }
    // With its labels, the docker CLI knows it as a stack.
    for (arguments, words) in [(&["ls"][..], "shop-prod"), (&["ps", "shop-prod"], "shop-prod-web.2")] {
        let host = docker.endpoint().host();
        let output = Command::new("docker").args(["-H", &host, "stack"]).args(arguments).output();
        let Ok(output) = output else { continue }; // it is not installed
        assert!(String::from_utf8_lossy(&output.stdout).contains(words), "{arguments:?}: {output:?}");
    }
    let spec = first.service("web").expect("there").inspect().await.expect("there");
    let placement = spec.spec.task_template.placement.clone().unwrap_or_default();
    assert_eq!(placement.constraints, ["node.role==manager"]);
    assert!(!format!("{spec:?}{}", serde_json::to_string(&spec).expect("JSON")).contains("hunter2"), "{spec:?}");

    // Another version, with another secret.
    let second = on_swarm(shop(2, "hunter3"));
    let plan = second.plan().await.expect("a plan");
    let is_update = |change: &SwarmChange| matches!(change, SwarmChange::Update { service, .. } if service == "web");
    assert!(plan.changes().iter().any(is_update), "{plan}");
    assert!(plan.changes().iter().all(|change| !matches!(change, SwarmChange::RemoveSecret { .. })), "{plan}");
    plan.apply().await.expect("updated");
    assert!(second.plan().await.expect("a plan").is_empty());
    assert!(text(&second).await.contains(&"web-1  hunter3server {}".to_owned()));
    second.rollback().await.expect("rolled back");
    assert_eq!(running(docker, "shop-prod-web").await, 2);
    let status = second.status().await.expect("a status");
    let web = status.last().expect("web");
    assert!(!web.is_current && web.update == Some(UpdateState::RollbackCompleted), "{web:?}");
    let refused = second.rollback().await.expect_err("it would go forward again");
    assert!(refused.to_string().contains("there is no earlier version to go back to"), "{refused}");
    second.apply().await.expect("updated");
    second.scale("web", 3).await.expect("scaled");
    assert_eq!(running(docker, "shop-prod-web").await, 3);
    assert_eq!(second.plan().await.expect("a plan").to_string().lines().next(), Some("~ web  3 → 2 tasks"));
    let refused = second.rollback().await.expect_err("the swarm keeps one specification");
    assert!(refused.to_string().contains("web: the swarm no longer knows its earlier version"), "{refused}");

    // One that fails is rolled back by the swarm.
    let mut broken = shop(2, "hunter3");
    broken.service_mut("web").spec = line("echo going down; exit 3");
    let failure = on_swarm(broken).apply().await.expect_err("it ends at once");
    assert!(failure.step() == Step::Converge && failure.to_string().contains("non-zero exit (3)"), "{failure}");
    assert_eq!(running(docker, "shop-prod-web").await, 3, "as it was scaled");
    second.apply().await.expect("the version that the swarm went back to");

    // What only one engine gives is refused.
    let mut refused = shop(2, "hunter3");
    refused.service_mut("web").spec = line("true").privileged(true);
    let failure = refused.deployment("prod", docker).expect("a project").on_swarm().expect_err("privileged");
    assert!(failure.to_string().contains("services.web: a swarm does not support privileged containers"), "{failure}");

    second.teardown().volumes(true).await.expect("gone");
    assert!(docker.services().list().await.expect("a list").is_empty());
    assert!(docker.secrets().list().await.expect("a list").is_empty());
    assert!(docker.configs().list().await.expect("a list").is_empty());
    let networks = docker.networks().list().label("dev.longshore.project=shop").await.expect("a list");
    assert!(networks.is_empty(), "{networks:?}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_job_that_failed_runs_again_and_may_become_a_service() {
    let real = Real::with_image().await;
    let test = "a_job_that_failed_runs_again_and_may_become_a_service";
    let Some(engine) = Dockerd::start(test, &real.docker, &image(), None).await else { return };
    let docker = &engine.docker;
    docker.swarm().init().advertise_addr("127.0.0.1").await.expect("a swarm");
    let web = Service::new(line("exec sleep 600")).ready(Ready::running_for(Duration::from_secs(1)));
    let web = web.before(line("test -s /run/secrets/TOKEN")).secret("TOKEN", SecretSource::value("hunter2"));
    let shop = |migrate: Service| {
        let shop = Project::new("shop").service("migrate", migrate).service("web", web.clone().after("migrate"));
        shop.deployment("prod", docker).expect("a project").on_swarm().expect("possible")
    };
    let broken = shop(Service::new(line("echo {{no}} luck; exit 3").env("A", "{{b}}")).ready(Ready::exited()));
    for _ in 0..2 {
        let failure = broken.apply().await.expect_err("the job fails");
        assert!(failure.step() == Step::Converge && failure.to_string().contains("non-zero exit (3)"), "{failure}");
        assert_eq!(failure.logs().iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["{{no}} luck"]);
        let plan = broken.plan().await.expect("a plan").to_string();
        assert!(plan.contains("~ migrate  CompletedTasks: 0 → 1") && plan.contains("+ web"), "{plan}");
    }
    let value = "{{.Service.Name}} {{{x}}}";
    let check = format!("test \"$A\" = '{value}' && ! env | grep '^HOSTNAME='");
    let mut literal = line(&check).env("A", value);
    literal.config.env.unset("HOSTNAME");
    let job = shop(Service::new(literal).ready(Ready::exited()));
    job.apply().await.expect("it completes");
    let status = job.status().await.expect("a status");
    assert_eq!(status.first().map(ToString::to_string).as_deref(), Some("migrate  1 of 1 completed"));
    assert!(job.plan().await.expect("a plan").is_empty());
    let service = shop(Service::new(line("exec sleep 600")).ready(Ready::running_for(Duration::from_secs(1))));
    service.apply().await.expect("created anew");
    let plan = service.plan().await.expect("a plan");
    assert!(plan.is_empty(), "{plan}");
    assert_eq!(running(docker, "shop-prod-migrate").await, 1);
}

/// Engines fill in what was not sent. All of it is sent here, and nothing of it is planned again.
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_others_change_is_set_back_and_nothing_else() {
    let Some(manager) = manager("what_others_change_is_set_back_and_nothing_else").await else { return };
    let docker = &manager.docker;
    let mut spec =
        line("exec sleep 600").env("B", "2").env("A", "hunter2").user("1:1").working_dir("/tmp").hostname("web");
    spec = spec.memory("64m").cpus(0.5).memory_reservation("8m").pids_limit(50).read_only(true).group_add("7");
    spec = spec.volume("data", "/data").bind("/tmp", "/host").mount(Mount::tmpfs("/run")).extra_host("db", "10.0.0.1");
    spec = spec.publish(18_080, 80).publish(0, 81).health(Healthcheck::shell("true")).restart("on-failure");
    spec.config.env.unset("PATH");
    let web = Service::new(spec).secret("TOKEN", SecretSource::value("hunter2"));
    let web = web.file(File::new("/etc/site", "server {}\n")).constraint("node.role==manager");
    let web = web.replicas(0).ready(Ready::running_for(Duration::from_secs(1))); // what the engine stores is all that matters
    let bare = Service::new(ContainerSpec::new(image())).replicas(0).ready(Ready::running_for(Duration::from_secs(1)));
    let shop = Project::new("drift").volume("data").service("web", web).service("bare", bare);
    let shop = shop.deployment("prod", docker).expect("a project").on_swarm().expect("possible");
    shop.apply().await.expect("applied");
    let plan = shop.plan().await.expect("a plan");
    assert!(plan.is_empty(), "{plan}");

    let web = shop.service("web").expect("a service");
    web.update(|spec| spec.image("other:1").env("A", "hunter3").constraint("node.role!=worker").memory("32m"))
        .resolve_image(false)
        .attempts(5)
        .await
        .expect("changed by hand");
    let status = shop.status().await.expect("a status");
    assert!(status.iter().all(|service| service.is_current != (service.service == "web")), "{status:?}");
    let plan = shop.plan().await.expect("a plan");
    let shown = plan.to_string();
    for words in [
        "~ web  ",
        ".Image: other:1 → ",
        ".Env: [A B PATH TOKEN TOKEN_FILE], with other values",
        ".Constraints",
        ".MemoryBytes",
    ] {
        assert!(shown.contains(words), "{shown}\nhas not {words}");
    }
    assert!(plan.changes().len() == 1 && !format!("{shown} {plan:?}").contains("hunter"), "{shown}");
    plan.apply().await.expect("set back");
    let found = web.inspect().await.expect("a service").spec.task_template.container_spec.expect("a container");
    assert!(found.image.starts_with(&image()) && found.env.get("A") == Some("hunter2"), "{:?}", found.image);
    let plan = shop.plan().await.expect("a plan");
    assert!(plan.is_empty(), "{plan}");
    shop.teardown().volumes(true).await.expect("gone");
    manager.end().await;
}
