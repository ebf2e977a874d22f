//! Projects on a real engine: scaled, restarted, stopped slowly, and with images that others change.

use crate::support::guarded::{Guarded, PASSWORD, USER};
use crate::support::projects::{names, server, set, sleeper};
use crate::support::real::{Real, image, image_2, variable};
use longshore::container::ContainerSpec;
use longshore::deploy::{Cause, Deployment, Order, Project, PullPolicy, Ready, Run, Service, Step};
use longshore::network::{EndpointSettings, NetworkSpec};
use longshore::{Credentials, Docker, Limits};
use std::time::Duration;

fn one(name: &str, service: Service, docker: &Docker) -> Deployment {
    Project::new(name).volume("data").service("web", service).deployment("prod", docker).expect("a project")
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn credentials_of_a_service_pull_its_image() {
    let (real, guarded) = (Real::with_image().await, Guarded::start());
    let folder = tempfile::tempdir().expect("a folder");
    let docker = Docker::builder().config_folder(folder.path()).build().expect("a client without logins");
    let (name, credentials) = (real.name(), Credentials::password(USER, PASSWORD));
    let private = format!("{}/{name}:1", guarded.address);
    let copy = docker.image(&private);
    docker.image(image()).tag(private.as_str()).await.expect("a tag");
    copy.push().credentials(&credentials).await.expect("pushed");
    let unknown = one(&name, Service::new(server(&private)), &docker);
    let project = Project::new(&name).service("web", Service::new(server(&private)).credentials(&credentials));
    let known = project.deployment("prod", &docker).expect("a project");
    copy.remove().await.expect("removed");
    let failure = unknown.apply().await.expect_err("nobody's");
    assert_eq!(failure.step(), Step::Pull, "{failure}");
    known.apply().await.expect("pulled");
    known.teardown().await.expect("gone");
    copy.remove().await.expect("removed");
    unknown.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_runs_before_runs_again_for_another_image_of_the_same_name() {
    let real = Real::with_image().await;
    real.pull(&image_2()).await;
    let name = real.name();
    let tagged = format!("{name}:latest");
    let tag = async |image: String| real.docker.image(image).tag(tagged.as_str()).await.expect("a tag");
    // A second time it fails.
    let before = sleeper("mkdir /data/migrated").volume("data", "/data");
    let deployment = one(&name, Service::new(server(&tagged)).before(before).replicas(2), &real.docker);
    tag(image()).await;
    deployment.apply().await.expect("applied");
    deployment.container("web", 2).expect("two").remove().force(true).await.expect("removed");
    deployment.apply().await.expect("it is not run again for the same image");
    tag(image_2()).await;
    let failure = deployment.apply().await.expect_err("it is run again");
    assert!(failure.step() == Step::Before && failure.to_string().contains("File exists"), "{failure}");
    deployment.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_restart_creates_no_replica_whose_before_was_interrupted() {
    let real = Real::with_image().await;
    let name = real.name();
    let service =
        Service::new(sleeper("exec sleep 600")).before(sleeper("mkdir /data/migrated").volume("data", "/data"));
    let deployment = one(&name, service, &real.docker);
    let left = sleeper("exec sleep 600")
        .label("dev.longshore.project", name.as_str())
        .label("dev.longshore.environment", "prod")
        .label("dev.longshore.service", "web");
    real.docker.containers().create(left).name(format!("{name}-prod-web.before")).await.expect("created");
    deployment.restart("web").await.expect("there is nothing to restart");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-web.before created"]));
    deployment.apply().await.expect("applied");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-web-1 running"]));
    deployment.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_line_of_an_earlier_run_does_not_count() {
    let real = Real::with_image().await;
    let name = real.name();
    let line = "[ -e /ran ] || echo up; touch /ran; exec sleep 600";
    let within = |seconds| {
        let service = Service::new(sleeper(line)).ready(Ready::log_line("up")).deadline(Duration::from_secs(seconds));
        one(&name, service, &real.docker)
    };
    within(30).apply().await.expect("applied");
    let failure = within(3).restart("web").await.expect_err("it says nothing");
    assert!(matches!(failure.cause(), Cause::NotReady { .. }), "{failure}");
    let again = Service::new(sleeper("echo up; exec sleep 600")).ready(Ready::log_line("up"));
    let deployment = one(&name, again.deadline(Duration::from_secs(20)), &real.docker);
    deployment.apply().await.expect("applied");
    deployment.restart("web").await.expect("it says so again");
    deployment.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_container_may_take_longer_to_stop_than_a_call_may_take() {
    let real = Real::with_image().await;
    let limits = Limits::new().head(Duration::from_secs(10)); // a busy engine starts a container within this
    let docker = Docker::builder().limits(limits).build().expect("a client");
    let name = real.name();
    let web = |version: u32| {
        let line = format!("trap 'sleep 12; exit' TERM; echo version {version}; while :; do sleep 0.1; done");
        let spec = ContainerSpec::new(image()).cmd(["sh", "-c", &line]).stop_timeout(Duration::from_secs(60));
        one(&name, Service::new(spec).order(Order::StopFirst).ready(Ready::log_line("version")), &docker)
    };
    web(1).apply().await.expect("applied");
    web(2).apply().await.expect("replaced");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-web-1 running", "-prod-web-1.old exited"]));
    web(2).teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn scaling_changes_only_the_number() {
    let real = Real::with_image().await;
    real.pull(&image_2()).await;
    let name = real.name();
    let pulled = format!("{}/{name}:1", variable("LONGSHORE_TEST_REGISTRY"));
    let copy = real.docker.image(&pulled);
    real.docker.image(image_2()).tag(pulled.as_str()).await.expect("a tag");
    copy.push().await.expect("pushed");
    copy.remove().await.expect("removed");
    let web = |image: &str| {
        let project = Project::new(&name).service("web", Service::new(server(image)));
        project.service("other", Service::new("not-there:1")).deployment("prod", &real.docker).expect("a project")
    };
    let first = Project::new(&name).service("web", Service::new(server(&image())));
    first.deployment("prod", &real.docker).expect("a project").apply().await.expect("applied");
    let container = real.docker.container(format!("{name}-prod-web-1"));
    let before = container.inspect().await.expect("there").id;
    let edited = web(&pulled);
    edited.scale("web", 2).await.expect("scaled");
    assert_eq!(container.inspect().await.expect("there").id, before);
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-web-1 running", "-prod-web-2 running"]));
    let new = edited.container("web", 2).expect("two").inspect().await.expect("there");
    assert_eq!(new.image, real.docker.image(image_2()).inspect().await.expect("there").id);
    edited.scale("web", 1).await.expect("scaled");
    assert_eq!(container.inspect().await.expect("there").id, before);
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-web-1 running"]));
    edited.teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_service_may_have_no_replica_and_may_become_a_job() {
    let real = Real::with_image().await;
    let name = real.name();
    let service = one(&name, Service::new(sleeper("exec sleep 600")).replicas(2), &real.docker);
    service.apply().await.expect("applied");
    service.scale("web", 0).await.expect("scaled");
    assert_eq!(names(&real.docker, &name).await, set(&[]));
    service.apply().await.expect("applied");
    let job = one(&name, Service::new(sleeper("echo done")).ready(Ready::exited()), &real.docker);
    job.apply().await.expect("it has run");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-web-1 exited", "-prod-web-1.old exited"]));
    assert!(job.plan().await.expect("a plan").is_empty(), "it does not run again");
    job.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn logs_go_on_over_a_replacement() {
    let real = Real::with_image().await;
    let name = real.name();
    let version = |version: u32| {
        let line = format!("echo begins {version}; trap 'echo ends {version}; exit' TERM; while :; do sleep 0.1; done");
        let spec = ContainerSpec::new(image()).cmd(["sh", "-c", &line]);
        one(&name, Service::new(spec).ready(Ready::log_line("begins")), &real.docker)
    };
    version(1).apply().await.expect("applied");
    let mut lines = version(1).logs().follow(true).await.expect("logs");
    let mut seen = Vec::new();
    seen.push(lines.next().await.expect("more").expect("a line").to_string());
    version(2).apply().await.expect("replaced");
    while seen.len() < 3 {
        seen.push(lines.next().await.expect("more").expect("a line").to_string());
    }
    seen.sort();
    assert_eq!(seen, ["web-1  begins 1", "web-1  begins 2", "web-1  ends 1"]);
    drop(lines);
    version(2).teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn each_run_of_a_short_container_is_in_the_logs() {
    let real = Real::with_image().await;
    let name = real.name();
    let deployment = one(&name, Service::new(sleeper("echo tick")).ready(Ready::exited()), &real.docker);
    deployment.apply().await.expect("it has run");
    let mut lines = deployment.logs().follow(true).await.expect("logs");
    let web = deployment.container("web", 1).expect("a service");
    for _ in 0..3 {
        assert_eq!(lines.next().await.expect("more").expect("a line").to_string(), "web-1  tick");
        web.wait().await.expect("its exit"); // one that still runs would not be started again
        web.start().await.expect("started");
    }
    drop(lines);
    deployment.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn no_line_of_a_later_run_is_lost() {
    let real = Real::with_image().await;
    let name = real.name();
    let line = "echo first; printf prompt; exec sleep 600";
    let web = ContainerSpec::new(image()).cmd(["sh", "-c", line]).stop_timeout(Duration::ZERO);
    let deployment = one(&name, Service::new(web), &real.docker);
    deployment.apply().await.expect("it runs");
    let mut lines = deployment.logs().follow(true).await.expect("logs");
    let container = deployment.container("web", 1).expect("a service");
    for _ in 0..3 {
        while lines.next().await.expect("more").expect("a line").line.text != "first" {}
        container.restart().await.expect("restarted");
    }
    assert_eq!(lines.next().await.expect("more").expect("a line").line.text, "prompt");
    assert_eq!(lines.next().await.expect("more").expect("a line").line.text, "first");
    drop(lines);
    deployment.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_one_off_container_runs_beside_a_fixed_address() {
    let real = Real::with_image().await;
    let (name, network) = (real.name(), real.name());
    let subnet = format!("10.{}.77.0/24", 100 + std::process::id() % 100);
    let ipam = NetworkSpec::new(&network).subnet(&*subnet);
    real.docker.networks().create(ipam).await.expect("a network");
    let address = EndpointSettings::new().ipv4(subnet.replace("0/24", "9"));
    let web = sleeper("exec sleep 600").network_with(&network, address);
    let project = Project::new(&name).external(&network).service("web", Service::new(web).pull(PullPolicy::Never));
    let deployment = project.deployment("prod", &real.docker).expect("a project");
    deployment.apply().await.expect("applied");
    let done = deployment.run("web", ["hostname", "-i"]).await.expect("run");
    assert!(done.status.success(), "{}", done.output_text());
    deployment.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_service_is_on_its_own_networks_and_on_the_common_one() {
    let real = Real::with_image().await;
    let (name, external) = (real.name(), real.name());
    real.docker.networks().create(external.as_str()).await.expect("a network");
    let web = Service::new(server(&image()).network(&external)).ready(Ready::http(80, "/"));
    let project = Project::new(&name).external(&external).service("web", web);
    let project = project.service("job", Service::new(sleeper("exec sleep 600")));
    let prod = project.deployment("prod", &real.docker).expect("a project");
    prod.apply().await.expect("applied");
    let common = format!("{name}-prod");
    let found = prod.container("web", 1).expect("a service").inspect().await.expect("there").network_settings.networks;
    assert!(found.len() == 2 && found.contains_key(&common) && found.contains_key(&external), "{found:?}");
    let page = prod.exec("job", ["wget", "-qO-", "http://web:80/"]).expect("a service").output().await.expect("a page");
    assert!(page.status.success(), "{page:?}");
    assert!(prod.plan().await.expect("a plan").is_empty());
    prod.teardown().await.expect("gone");

    let other = real.name();
    real.docker.networks().create(other.as_str()).await.expect("a network");
    let spec = sleeper("exec sleep 600").network(&external).network(&other);
    let run = Run::new(spec).start(&real.docker).await.expect("started");
    let found = run.container().inspect().await.expect("there").network_settings.networks;
    assert!(found.len() == 2 && found.contains_key(&other), "{found:?}");
    run.remove_all().await.expect("removed");
}
