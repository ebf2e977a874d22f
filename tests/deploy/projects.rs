//! Projects as data: overlays, what is wrong with them, and what a plan asks of an engine.

use crate::support::{Engine, Response, on};
use longshore::container::{ContainerSpec, Healthcheck, MIB, Mount, RestartPolicy};
use longshore::deploy::{After, Failure, File, Order, Project, PullPolicy, Ready, Run, SecretSource, Service, Step};
use longshore::{Credentials, Docker};
use serde_json::json;
use std::time::Duration;

pub(crate) fn docker() -> Docker {
    Docker::connect("tcp://127.0.0.1:1").expect("a client")
}

fn shop() -> Project {
    Project::new("shop")
        .volume("db")
        .service(
            "db",
            Service::new(ContainerSpec::new("postgres:16").volume("db", "/data"))
                .ready(Ready::healthy())
                .secret("PASSWORD", SecretSource::value("hunter2")),
        )
        .service("web", Service::new(ContainerSpec::new("shop:1.4").publish(8080, 80).env("MODE", "base")).after("db"))
        .environment("dev", |shop| {
            shop.service_mut("web").spec = ContainerSpec::new("shop:dev").publish(18080, 80).env("MODE", "dev");
        })
        .environment("prod", |shop| shop.service_mut("db").spec.host_config.memory = 512 * MIB)
}

#[test]
fn an_environment_changes_what_it_says_and_nothing_else() {
    let dev = shop().in_environment("dev").expect("dev");
    assert_eq!(dev.services["web"].spec, ContainerSpec::new("shop:dev").publish(18080, 80).env("MODE", "dev"));
    assert_eq!(dev.services["db"], shop().services["db"]);
    let prod = shop().in_environment("prod").expect("prod");
    assert_eq!(prod.services["db"].spec.host_config.memory, 512 * MIB);
    assert_eq!(prod.services["web"], shop().services["web"]);
}

#[test]
fn all_of_it_is_read_as_it_is_written() {
    let full = Service::new(ContainerSpec::new("a").restart(RestartPolicy::always()))
        .replicas(3)
        .after_with("db", After::Started)
        .ready(Ready::all([
            Ready::running_for("1s500ms"),
            Ready::any([Ready::tcp(80), Ready::exec(["true"]), Ready::log_line("x")]),
        ]))
        .deadline(Duration::from_secs(5))
        .order(Order::StopFirst)
        .pull(PullPolicy::OlderThan(Duration::from_secs(3600)))
        .secret("A", SecretSource::variable("A"))
        .file(File::new("/etc/a", "text").mode(0o600).owner(1, 2))
        .file(File::local("/etc/b", "b"))
        .before(ContainerSpec::new("migrate"))
        .keep(2);
    let project = shop().network("back").service("full", full).compose_labels(true);
    let text = serde_json::to_string(&project).expect("JSON");
    assert_eq!(serde_json::from_str::<Project>(&text).expect("a project"), project);
    assert!(text.contains(r#""runningFor":1.5"#) && text.contains(r#""olderThan":3600"#), "{text}");
}

#[test]
fn what_is_wrong_is_named_by_its_path_with_the_nearest_right_name() {
    let patched = |patch: serde_json::Value| {
        let mut project = serde_json::to_value(shop()).expect("JSON");
        project["environments"]["test"] = patch;
        let project: Project = serde_json::from_value(project).expect("a project");
        project.in_environment("test").expect_err("it is wrong").to_string()
    };
    for (patch, words) in [
        (json!({"services": {"web": {"after": {"dv": "ready"}}}}), r#"unknown service "dv": did you mean "db"?"#),
        (json!({"services": {"db": {"after": {"web": "ready"}}}}), "services wait for each other: db → web → db"),
        (json!({"services": {"web": {"after": {"db": "completed"}}}}), "db does not run to its end"),
        (json!({"services": {"we b": {"spec": {"Image": "x"}}}}), r#"invalid service name "we b""#),
        (json!({"services": {"web": {"ready": {"any": []}}}}), "all and any need at least one condition"),
        (
            json!({"services": {"web": {"files": [{"path": "a", "content": {"text": ""}}]}}}),
            r#"the path "a" must be absolute"#,
        ),
        (
            json!({"services": {"web": {"files": [{"path": "/etc/../a", "content": {"text": ""}}]}}}),
            r#"the path "/etc/../a" must be absolute, without `..`"#,
        ),
        (
            json!({"services": {"web": {"files": [{"path": "/etc/", "content": {"text": ""}}]}}}),
            r#"the path "/etc/" must be absolute, without `..`, and name a file"#,
        ),
    ] {
        let error = patched(patch);
        assert!(error.contains(words), "{error}\nhas not {words}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let error = shop().deployment("prd", &docker()).expect_err("no such environment");
    assert_eq!(error.step(), Step::Check);
    assert!(error.to_string().contains(r#"unknown environment "prd": did you mean "prod"?"#), "{error}");
    let missing =
        Project::new("x").service("a", Service::new("b").secret("S", SecretSource::variable("LONGSHORE_NOT_SET")));
    let error = missing.deployment("dev", &docker()).expect_err("no secret").to_string();
    assert!(error.contains("services.a: secrets.S: the variable LONGSHORE_NOT_SET"), "{error}");
}

#[tokio::test]
async fn what_only_a_swarm_can_do_is_refused_on_one_engine_before_any_request() {
    let web = || Service::new(ContainerSpec::new("shop:1.4").publish(8080, 80));
    let engine = Engine::unix([]);
    let docker = engine.docker(44);
    let deployment =
        |web: Service| Project::new("shop").service("web", web).deployment("prod", &docker).expect("valid");
    let refused = |failure: Failure, words: &str| {
        assert!(failure.step() == Step::Check && failure.to_string().contains(words), "{failure}");
    };
    let order = deployment(web().order(Order::StartFirst));
    assert!(order.on_swarm().is_ok(), "a swarm can");
    refused(order.plan().await.expect_err("a plan"), "services.web: start first is not possible: port 8080");

    let three = deployment(web().replicas(3));
    assert!(three.on_swarm().is_ok(), "a swarm can");
    let words = "services.web: port 8080 can be used by only one replica, not by 3";
    refused(three.plan().await.expect_err("a plan"), words);
    refused(three.apply().await.expect_err("applied"), words);
    refused(three.status().await.expect_err("a status"), words);
    refused(three.restart("web").await.expect_err("restarted"), words);
    refused(three.rollback().await.expect_err("rolled back"), words);
    refused(three.supervise().await.expect_err("supervised"), words);
    refused(deployment(web()).scale("web", 3).await.expect_err("scaled"), words);
}

/// A container as a list has it, that was deployed with another configuration.
pub(crate) fn deployed(service: &str) -> serde_json::Value {
    json!({
        "Id": service, "Names": [format!("/shop-prod-{service}-1")], "State": "running", "ImageID": "sha256:1",
        "Labels": {
            "dev.longshore.project": "shop", "dev.longshore.environment": "prod", "dev.longshore.service": service,
            "dev.longshore.replica": "1", "dev.longshore.release": "0123456789abcdef", "dev.longshore.digest": "v0:other",
            "dev.longshore.configuration": json!({"spec": {"Image": "older"}, "files": []}).to_string(),
        },
    })
}

#[tokio::test]
async fn what_only_one_can_have_or_write_to_is_stopped_first() {
    let [networks, volumes, images, containers] = lists("shop");
    let there = json!([deployed("db"), deployed("web"), deployed("worker"), deployed("gone")]);
    let engine = Engine::unix([networks, volumes, images, containers.respond(Response::json(200, &there))]);
    let shop = shop().service("worker", Service::new("shop:1.4"));
    let plan =
        shop.deployment("prod", &engine.docker(44)).expect("a deployment").plan().await.expect("a plan").to_string();
    let line = |start: &str| plan.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{plan}"));
    assert!(line("~ db-1").ends_with("(replace, stop first: volume db)"), "{plan}");
    assert!(
        line("~ web-1").contains("Image: older → shop:1.4")
            && line("~ web-1").ends_with("(replace, stop first: port 8080)")
    );
    assert!(line("~ worker-1").ends_with("(replace, start first)"), "{plan}");
    assert_eq!(line("- gone-1"), "- gone-1");
}

pub(crate) fn lists(project: &str) -> [crate::support::Exchange; 4] {
    let filters = format!(
        "%7B%22label%22%3A%7B%22dev.longshore.environment%3Dprod%22%3Atrue%2C%22dev.longshore.project%3D{project}%22%3Atrue%7D%7D"
    );
    [
        on(format!("GET /v1.44/networks?filters={filters}")).respond(Response::text(200, "[]")),
        on(format!("GET /v1.44/volumes?filters={filters}")).respond(Response::text(200, "{}")),
        on("GET /v1.44/images/json").respond(Response::text(200, "[]")),
        on(format!("GET /v1.44/containers/json?all=true&filters={filters}")).respond(Response::text(200, "[]")),
    ]
}

#[tokio::test]
async fn a_change_is_a_line_whatever_its_values_and_files_are_compared_one_by_one() {
    let plan = async |image: &str| {
        let web = Service::new(ContainerSpec::new(image).cmd(["set -e\n- db-1"]));
        let web = web.file(File::new("/etc/a", "x").mode(0o640)).file(File::new("/etc/new", "x"));
        let mut old = deployed("web");
        let file = json!({"path": "/etc/a", "mode": 0o600, "user": 0, "group": 0, "digest": "hmac:1"});
        let gone = json!({"path": "/etc/gone", "mode": 0o644, "user": 0, "group": 0, "digest": "hmac:2"});
        let configuration = json!({"spec": {}, "files": [file, gone]}).to_string();
        old["Labels"]["dev.longshore.configuration"] = configuration.into();
        let [networks, volumes, images, containers] = lists("shop");
        let engine = Engine::unix([networks, volumes, images, containers.respond(Response::json(200, json!([old])))]);
        let prod = Project::new("shop").service("web", web).deployment("prod", &engine.docker(44)).expect("valid");
        prod.plan().await.expect("a plan").to_string()
    };
    let changed = plan("shop:1.4\n- db-1").await;
    assert_eq!(changed.lines().filter(|line| line.starts_with('-')).count(), 0, "{changed}");
    for words in [
        r"↓ image shop:1.4\n- db-1",
        r"Cmd: none → [set -e\n- db-1]",
        "files./etc/a.mode: 0600 → 0640",
        "files./etc/a.digest: hmac:1 → hmac:",
        "files./etc/gone: {",
        "files./etc/new: none → {",
    ] {
        assert!(changed.contains(words), "{changed}\nhas not {words}");
    }
    assert!(!changed.contains("files./etc/a.user"), "{changed}");
}

#[tokio::test]
async fn a_plan_reads_four_lists_and_shows_no_secret() {
    let engine = Engine::unix(lists("shop"));
    let prod = shop().deployment("prod", &engine.docker(44)).expect("a deployment");
    let plan = prod.plan().await.expect("a plan");
    assert_eq!(
        plan.to_string(),
        "+ network shop-prod\n+ volume shop-prod-db\n↓ image postgres:16\n↓ image shop:1.4\n+ db-1\n+ web-1"
    );
    assert!(!format!("{prod:?} {plan:?} {:?}", shop()).contains("hunter2"));
    assert_eq!(
        serde_json::to_value(&plan).expect("JSON")[5],
        json!({"change": "create", "service": "web", "replica": 1})
    );
}

#[tokio::test]
async fn images_that_are_removed_meanwhile_do_not_fail_a_plan() {
    let gone = || {
        let why = "NotFound: content digest sha256:2e15: not found";
        on("GET /v1.44/images/json").respond(Response::error(404, why))
    };
    let [networks, volumes, images, containers] = lists("shop");
    let engine = Engine::unix([networks, volumes, gone(), gone(), images, containers]);
    let prod = shop().deployment("prod", &engine.docker(44)).expect("a deployment");
    assert!(!prod.plan().await.expect("a plan").is_empty());
}

#[tokio::test]
async fn credentials_reach_the_deployment_of_an_environment() {
    let user = |name: &str| Some(Credentials::password(name, "hunter2"));
    let web = Service::new("registry.example.com/web:1").pull(PullPolicy::Always);
    let project = Project::new("shop").service("web", web.credentials(Credentials::password("u", "p?")));
    let project = project
        .environment("prod", |_| {})
        .environment("dev", |shop| shop.service_mut("web").credentials = user("dev"))
        .environment("ci", |shop| shop.service_mut("web").credentials = None)
        .environment("more", |shop| {
            shop.service_mut("more").spec = ContainerSpec::new("more");
            shop.service_mut("more").credentials = user("more");
        });
    let of = |environment: &str, service: &str| {
        project.in_environment(environment).expect("a project").services[service].credentials.clone()
    };
    assert_eq!((of("dev", "web"), of("ci", "web"), of("more", "more")), (user("dev"), None, user("more")));
    assert!(!format!("{project:?} {}", serde_json::to_string(&project).expect("JSON")).contains("hunter2"));

    let [networks, volumes, images, containers] = lists("shop");
    let images = images.respond(Response::json(200, json!([{"Id": "1", "RepoTags": ["registry.example.com/web:1"]}])));
    let digest = on("GET /v1.44/distribution/registry.example.com/web:1/json")
        .with_header("x-registry-auth", "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InA_In0=")
        .respond(Response::json(200, json!({"Descriptor": {"digest": "sha256:2"}})));
    let engine = Engine::unix([networks, volumes, images, containers, digest]);
    let plan = project.deployment("prod", &engine.docker(44)).expect("a deployment").plan().await.expect("a plan");
    assert!(plan.to_string().contains("↓ image registry.example.com/web:1"), "{plan}");
}

#[tokio::test]
async fn a_recovery_frees_what_the_restored_container_needs() {
    let [networks, volumes, images, containers] = lists("shop");
    let (mut next, mut old) = (deployed("web"), deployed("web"));
    next["Names"] = json!(["/shop-prod-web-1.next"]);
    next["Labels"]["dev.longshore.replaces"] = json!("web");
    old["Names"] = json!(["/shop-prod-web-1.01234567"]);
    old["State"] = json!("exited");
    let networks = networks.respond(Response::json(200, json!([{"Name": "shop-prod"}])));
    let engine = Engine::unix([networks, volumes, images, containers.respond(Response::json(200, json!([next, old])))]);
    let plan = shop().deployment("prod", &engine.docker(44)).expect("a deployment").plan().await.expect("a plan");
    let plan = plan.to_string();
    let line = |start: &str| plan.lines().position(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{plan}"));
    assert!(line("! web-1  remove") < line("! web-1  restore") && line("! web-1  restore") < line("~ web-1"), "{plan}");
}

#[test]
fn durations_of_files_are_seconds_or_texts() {
    let service = |deadline: serde_json::Value| {
        serde_json::from_value::<Service>(json!({"spec": {"Image": "a"}, "deadline": deadline}))
    };
    assert_eq!(service(json!(90)).expect("a service").deadline, Duration::from_secs(90));
    assert_eq!(service(json!("1m30s")).expect("a service").deadline, Duration::from_secs(90));
    let error = service(json!("soon")).expect_err("no duration").to_string();
    assert!(error.contains("invalid duration \"soon\": use numbers with h, m, s"), "{error}");
}

#[tokio::test]
async fn what_a_setter_cannot_parse_is_refused_before_any_request() {
    let wrong = |project: Project| project.deployment("prod", &docker()).expect_err("it is wrong").to_string();
    let service = |spec| Project::new("p").service("a", Service::new(spec));
    let plain = || ContainerSpec::new("a");
    let check = || Healthcheck::shell("true");
    for (project, why) in [
        (service(plain().memory("512q")), "services.a.spec: invalid size \"512q\""),
        (service(plain().health(check().interval("soon"))), "services.a.spec: invalid duration \"soon\""),
        (
            service(plain()).service("a", Service::new("a").deadline("soon")),
            "services.a.spec: invalid duration \"soon\"",
        ),
        (
            service(plain()).service("a", Service::new("a").before(plain().cpus("x"))),
            "services.a.before: invalid number of CPUs",
        ),
        (service(plain().mount(Mount::tmpfs("/run").size("big"))), "services.a.spec: invalid size \"big\""),
        (
            service(plain()).service("a", Service::new("a").ready(Ready::running_for("soon"))),
            "services.a.ready: invalid duration \"soon\"",
        ),
        (
            service(plain())
                .environment("prod", |project| project.service_mut("a").spec = ContainerSpec::new("a").memory("1x")),
            "environments.prod.services.a.spec: invalid size \"1x\"",
        ),
    ] {
        let error = wrong(project);
        assert!(error.contains(why), "{error}");
    }
    let engine = Engine::unix([]);
    let shop = service(plain()).deployment("prod", &engine.docker(44)).expect("a project");
    for shop in [shop.clone().lease("soon"), shop.wait_for_lock("soon")] {
        for done in [shop.plan().await.map(drop), shop.apply().await, shop.teardown().await] {
            let failure = done.expect_err("it is wrong");
            assert!(failure.to_string().contains("invalid duration \"soon\": use "), "{failure}");
        }
    }
    let failure = Run::new(plain().memory("512q")).start(&engine.docker(44)).await.expect_err("it is wrong");
    assert!(failure.step() == Step::Check && failure.to_string().contains("invalid size \"512q\""), "{failure}");
}

#[tokio::test]
async fn a_supervisor_listens_for_few_events() {
    let [networks, volumes, images, containers] = lists("shop");
    let actions = ["create", "destroy", "die", "health_status", "remove", "rename"];
    let actions = actions.map(|action| format!("\"{action}\":true")).join(",");
    let filters = format!(r#"{{"event":{{{actions}}},"type":{{"container":true,"volume":true}}}}"#);
    let (end, ended) = std::sync::mpsc::channel();
    let events = Response::chunked(200, "application/json").wait(ended);
    let engine = Engine::unix([
        on(format!("GET /events?filters={filters}")).respond(events),
        on("GET /volumes/shop-prod.lock").respond(Response::error(404, "no such volume")),
        networks,
        volumes,
        images,
        containers,
    ]);
    let prod = shop().deployment("prod", &engine.docker(44)).expect("a deployment");
    let supervised = tokio::time::timeout(Duration::from_secs(30), async {
        tokio::select! {
            failure = prod.supervise() => panic!("{failure:?}"),
            () = async { while engine.received().len() < 6 { tokio::task::yield_now().await } } => {}
        }
    });
    supervised.await.expect("it listens");
    drop(end);
}
