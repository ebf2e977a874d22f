//! What a project cannot have, and what stops before its replacement starts.

use crate::projects::{deployed, docker, lists};
use crate::support::{Engine, Response};
use longshore::container::{ContainerSpec, Mount, Port, PortBinding, RestartPolicy};
use longshore::deploy::{File, Order, Project, Ready, Run, SecretSource, Service, Step};
use longshore::network::{EndpointSettings, NetworkSpec};
use serde_json::json;
use std::time::Duration;

fn web() -> ContainerSpec {
    ContainerSpec::new("shop:1.4")
}

fn project(service: Service) -> Project {
    Project::new("shop").network("front").volume("db").service("web", service)
}

/// Expects that the project is refused before any request.
fn refused(project: &Project, words: &str) {
    let failure = project.deployment("prod", &docker()).expect_err("it is refused");
    assert_eq!(failure.step(), Step::Check);
    assert!(failure.to_string().contains(words), "{failure}\nhas not {words}");
}

#[test]
fn the_engine_must_not_remove_what_a_rollback_needs() {
    let words = "services.web: spec.HostConfig.AutoRemove cannot be set";
    refused(&project(Service::new(web().auto_remove(true))), words);
    let before = Service::new(web()).before(web().auto_remove(true));
    assert!(project(before).deployment("prod", &docker()).is_ok(), "it is removed anyway");
}

#[test]
fn what_can_never_become_ready_is_refused() {
    let seconds = Duration::from_secs;
    let hour = Ready::all([Ready::healthy(), Ready::running_for(seconds(3600))]);
    refused(&project(Service::new(web()).ready(hour)), "running for 3600s does not fit into the deadline of 60s");
    let minute = || Service::new(web()).ready(Ready::running_for(seconds(60)));
    refused(&project(minute()), "ready: running for 60s");
    assert!(project(minute().deadline(seconds(61))).deployment("prod", &docker()).is_ok());
    for policy in [RestartPolicy::always(), RestartPolicy::unless_stopped()] {
        let job = Service::new(web().restart(policy)).ready(Ready::exited());
        refused(&project(job), "a service that runs once cannot have a restart policy that starts");
    }
    let job = Service::new(web().restart(RestartPolicy::on_failure(3))).ready(Ready::exited());
    assert!(project(job).deployment("prod", &docker()).is_ok());
}

#[tokio::test]
async fn a_run_that_can_never_become_ready_is_refused() {
    let engine = Engine::unix([]);
    let run = Run::new("web").ready(Ready::running_for(Duration::from_secs(60)));
    let failure = run.start(&engine.docker(44)).await.expect_err("it is refused");
    assert!(failure.step() == Step::Check && failure.to_string().contains("the deadline of 60s"), "{failure}");
}

#[test]
fn networks_and_volumes_are_the_projects_or_declared_as_external() {
    let cases = [
        (web().volume("dbb", "/data"), r#"services.web: spec: unknown volume "dbb": did you mean "db"?"#),
        (web().network("fornt"), r#"services.web: spec: unknown network "fornt": did you mean "front"?"#),
        (web().network("bridge").network("fornt"), r#"unknown network "fornt""#),
    ];
    for (spec, words) in cases {
        refused(&project(Service::new(spec.clone())), words);
        refused(&project(Service::new(web()).before(spec)), &words.replace("spec: ", "before: "));
    }
    let mut bind = web();
    bind.host_config.binds = vec!["dbb:/data:ro".to_owned()];
    refused(&project(Service::new(bind)), r#"unknown volume "dbb""#);

    let mut spec = web().volume("db", "/a").volume("backups", "/b").network("front").network("traefik");
    spec.host_config.binds = ["/srv:/srv", r"C:\data:/data", "db:/c:ro", "backups:/d"].map(str::to_owned).to_vec();
    let external = project(Service::new(spec)).external("backups").external("traefik");
    assert!(external.deployment("prod", &docker()).is_ok());
    for mode in ["host", "none", "bridge", "default", "container:db"] {
        assert!(project(Service::new(web().network(mode))).deployment("prod", &docker()).is_ok(), "{mode}");
    }
}

#[test]
fn a_spec_may_name_the_common_network_of_its_own_environment() {
    let project = project(Service::new(web().network_alias("shop-prod", "www")).before(web().network("shop-prod")));
    assert!(project.deployment("prod", &docker()).is_ok());
    let failure = project.deployment("dev", &docker()).expect_err("another environment's");
    assert!(failure.to_string().contains(r#"unknown network "shop-prod""#), "{failure}");
}

#[test]
fn names_come_from_the_keys() {
    let mut named = project(Service::new(web()));
    named.networks.insert("back", NetworkSpec::new("backend"));
    refused(&named, "networks.back.Name cannot be set");
}

#[cfg(feature = "tar")]
#[test]
fn an_image_is_built_in_one_way() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("Dockerfile"), "FROM scratch").expect("written");
    let build = || longshore::deploy::BuildFrom::folder(folder.path());
    let both = |image: &str, other| {
        let worker = Service::new(image).build(other);
        project(Service::new("shop:latest").build(build())).service("worker", worker)
    };
    let words = "services.web and services.worker build shop from different folders or settings";
    refused(&both("shop", build().target("worker")), words);
    refused(&both("shop", build().push(true)), words);
    assert!(both("shop", build()).deployment("prod", &docker()).is_ok());
    assert!(both("shop:worker", build().target("worker")).deployment("prod", &docker()).is_ok());
}

fn range(ports: &str) -> ContainerSpec {
    let mut spec = web();
    let binding = PortBinding { host_port: ports.to_owned(), ..PortBinding::default() };
    spec.host_config.port_bindings.insert(Port::tcp(80).to_string(), vec![binding]);
    spec
}

#[tokio::test]
async fn a_range_of_ports_is_enough_for_as_many_replicas() {
    let plan = async |service: Service| {
        let [networks, volumes, images, containers] = lists("shop");
        let there = containers.respond(Response::json(200, json!([deployed("web")])));
        let engine = Engine::unix([networks, volumes, images, there]);
        let prod = project(service).deployment("prod", &engine.docker(44)).expect("valid");
        prod.plan().await.expect("a plan").to_string()
    };
    let of = |ports: &str, replicas| Service::new(range(ports)).replicas(replicas);
    let (enough, just) = (plan(of("8000-8009", 3)).await, plan(of("8000-8002", 3)).await);
    assert!(enough.contains("(replace, start first)"), "{enough}");
    assert!(just.contains("(replace, stop first: port 8000-8002)"), "{just}");

    let too_few = async |service: Service, words: &str| {
        let prod = project(service).deployment("prod", &docker()).expect("valid");
        let failure = prod.plan().await.expect_err("too few");
        assert!(failure.step() == Step::Check && failure.to_string().contains(words), "{failure}");
    };
    let words = "services.web: port 8000-8002 can be used by only 3 replicas, not by 4";
    too_few(of("8000-8002", 4), words).await;
    let words = "port 8000-8002 can be used by only 3 containers at a time";
    too_few(of("8000-8002", 3).order(Order::StartFirst), words).await;

    let fixed = |spec: ContainerSpec| spec.network_with("front", EndpointSettings::new().ipv4("10.0.0.5"));
    let address = plan(Service::new(fixed(range("8000-8009")))).await;
    assert!(address.contains("(replace, stop first: a fixed address)"), "{address}");
    too_few(Service::new(fixed(range("8000-8009"))).replicas(3), "a fixed address can be used by only one replica")
        .await;
    let on_host = plan(Service::new(range("8000-8009").network("host"))).await;
    assert!(on_host.contains("(replace, stop first: the host's network)"), "{on_host}");

    let guest = || Service::new(web().network("container:db"));
    let shared = plan(guest()).await;
    assert!(shared.contains("(replace, stop first: another container's network)"), "{shared}");
    let several = plan(guest().replicas(3).order(Order::StartFirst)).await;
    assert!(several.contains("(replace, start first)"), "{several}");
}

#[tokio::test]
async fn a_rollback_goes_back_by_a_version() {
    let engine = Engine::unix([]);
    let prod = project(Service::new(web())).deployment("prod", &engine.docker(44)).expect("valid");
    let failure = prod.rollback_to(0).await.expect_err("it is refused");
    assert!(failure.step() == Step::Check && failure.to_string().contains("at least one version"), "{failure}");
}

#[tokio::test]
async fn a_file_is_not_copied_onto_what_several_containers_share_or_what_vanishes_at_the_start() {
    let plan = async |spec: ContainerSpec, path: &str| {
        let service = Service::new(spec).file(File::new(path, "x"));
        let prod = project(service).deployment("prod", &docker()).expect("a swarm can");
        let failure = prod.plan().await.expect_err("there is no engine");
        (failure.step() == Step::Check).then(|| failure.to_string())
    };
    let mut bind = web();
    bind.host_config.binds = ["/srv:/data/:ro", "/anonymous"].map(str::to_owned).to_vec();
    let mut tmpfs = web();
    tmpfs.host_config.tmpfs.insert("/data", "");
    let mounted =
        [web().volume("db", "/data"), web().bind("/srv", "/data"), web().mount(Mount::tmpfs("/data")), bind, tmpfs];
    for spec in mounted {
        for path in ["/data", "/data/conf", "//data/./a/b"] {
            let why = plan(spec.clone(), path).await.expect("it is refused");
            assert!(why.contains(&format!("services.web: files: {path} is on the mount at /data,")), "{why}");
        }
        assert_eq!(plan(spec, "/database").await, None);
    }
    for own in [web().mount(Mount::volume("", "/data")), web().mount("/data")] {
        assert_eq!(plan(own, "/data/conf").await, None, "its own volume");
    }
}

#[test]
fn files_have_a_path_of_their_own_and_permissions() {
    let web = |files: [File; 2]| project(files.into_iter().fold(Service::new(web()), Service::file));
    let file = |path: &str| File::new(path, "");
    refused(&web([file("/a/b"), file("/a//./b")]), r#"files: there are two files with the path "/a//./b""#);
    refused(&web([file("/a"), file("/b\0")]), r#"the path "/b\0" must be absolute"#);
    refused(&web([file("/a"), file("/b").mode(0o100_644)]), "files: /b: invalid mode 0o100644");
}

#[test]
fn a_secret_that_no_environment_variable_can_have_is_refused_and_not_shown() {
    let secret = |name: &str, value: &str| Service::new(web()).secret(name, SecretSource::value(value));
    let nul = project(secret("KEY", "hunter2\0x"));
    let failure = nul.deployment("prod", &docker()).expect_err("no such value");
    assert!(failure.to_string().contains("services.web: secrets.KEY: it contains a NUL character"), "{failure}");
    assert!(!format!("{failure} {failure:?}").contains("hunter2"), "{failure:?}");
    for (name, words) in [("", "\"\""), ("A=B", "\"A\""), ("A\0", r#""A\0""#)] {
        refused(&project(secret(name, "x")), &format!("services.web: secrets: invalid variable name {words}"));
    }
}

#[test]
fn what_no_engine_creates_is_refused_before_anything_stops() {
    let words = "the environment variable \"KEY\" contains a NUL character";
    refused(&project(Service::new(web().env("KEY", "a\0"))), &format!("services.web: spec: {words}"));
    refused(&project(Service::new(web()).before(web().env("KEY", "a\0"))), &format!("services.web: before: {words}"));
    refused(&project(Service::new(web()).before("")), "services.web: before: an image is needed");
    refused(&project(Service::new(web().memory(-1))), "services.web: spec: HostConfig.Memory is -1");
}

#[test]
fn what_no_engine_knows_or_can_have_is_refused() {
    let restart = |name: &str| RestartPolicy { name: name.into(), ..RestartPolicy::no() };
    let words = r#"RestartPolicy.Name: unknown restart policy "allways": did you mean "always"?"#;
    refused(&project(Service::new(web().restart(restart("allways")))), words);
    refused(&project(Service::new(web()).ready(Ready::tcp(0))), "ready: no server listens on port 0");
    refused(&project(Service::new(web()).ready(Ready::any([Ready::http(0, "/")]))), "no server listens on port 0");
}

#[tokio::test]
async fn an_unknown_name_is_told_with_those_that_there_are() {
    let shop = project(Service::new(web())).environment("live", |_| {}).environment("dev", |_| {});
    let failure = shop.deployment("qx", &docker()).expect_err("no such environment");
    assert!(failure.to_string().contains(r#"unknown environment "qx": expected one of dev, live"#), "{failure}");
    let prod = project(Service::new(web())).deployment("prod", &docker()).expect("valid");
    for (name, words) in [("wbe", "did you mean \"web\"?"), ("kiosk", "expected one of web")] {
        let failure = prod.restart(name).await.expect_err("no such service");
        assert!(failure.to_string().contains(&format!("unknown service {name:?}: {words}")), "{failure}");
    }
}
