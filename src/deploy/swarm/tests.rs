//! Plans and what services of a swarm are sent, against a scripted engine.

use super::SwarmDeployment;
use super::observed::Observed;
use super::plan::{SwarmChange, changes, is_back};
use super::rollout::{Rollout, deadline};
use super::specs::StackService;
use crate::container::{ContainerSpec, Healthcheck};
use crate::deploy::{File, Order, Project, PullPolicy, Ready, SecretSource, Service, Step};
use crate::service::{ServiceInspect, UpdateOrder};
use crate::testing::{Engine, Exchange, Response, on};
use crate::{Credentials, Docker, Error, ErrorKind, Version};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

mod drift;
mod mapped;
mod rollback;
mod strangers;

fn docker() -> Docker {
    Docker::connect("tcp://127.0.0.1:1").expect("a client")
}

/// The shop of these services, on a swarm.
fn shop_of<const N: usize>(docker: &Docker, services: [(&str, Service); N]) -> SwarmDeployment {
    let shop = Project::new("shop").external("proxy").external("data").external("logs");
    let shop = services.into_iter().fold(shop, |shop, (name, service)| shop.service(name, service));
    shop.deployment("prod", docker).expect("a project").on_swarm().expect("possible")
}

fn web(spec: ContainerSpec) -> SwarmDeployment {
    shop_of(&docker(), [("web", Service::new(spec))])
}

fn service<'a>(shop: &'a SwarmDeployment, name: &str) -> &'a StackService {
    shop.stack.service(name).expect("a service")
}

/// A service as lists have it, with its current specification and further fields.
fn listed(service: &StackService, more: Value) -> ServiceInspect {
    let mut listed = json!({"ID": service.name, "Spec": service.spec});
    let Value::Object(more) = more else { panic!("{more} is no object") };
    listed.as_object_mut().expect("an object").extend(more);
    serde_json::from_value(listed).expect("a service")
}

fn observed(services: impl IntoIterator<Item = ServiceInspect>) -> Observed {
    let services = services.into_iter().map(|service| (service.spec.name.clone(), service)).collect();
    Observed { services, networks: ["shop-prod".to_owned()].into(), ..Observed::default() }
}

fn plan(shop: &SwarmDeployment, observed: &Observed) -> Vec<String> {
    changes(&shop.stack, observed).iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_stored_but_does_not_run_is_not_done() {
    let migrate = Service::new("shop:1").ready(Ready::exited());
    let shop = shop_of(&docker(), [("migrate", migrate), ("web", Service::new("shop:1").replicas(2))]);
    let (migrate, web) = (service(&shop, "migrate"), service(&shop, "web"));
    let counts = |running: u64, desired: u64, completed: u64| json!({"RunningTasks": running, "DesiredTasks": desired, "CompletedTasks": completed});
    let job = |completed: u64| listed(migrate, json!({"ServiceStatus": counts(0, 1, completed)}));
    let nothing: [&str; 0] = [];

    let mut seen = observed([job(0), listed(web, json!({}))]);
    assert_eq!(plan(&shop, &seen), ["~ migrate  CompletedTasks: 0 → 1"]);
    seen.at_work.insert(migrate.spec.name.clone());
    assert_eq!(plan(&shop, &seen), ["~ migrate  wait until it has converged"]);
    assert_eq!(plan(&shop, &observed([job(1), listed(web, json!({}))])), nothing);

    let short = "~ web  wait until it has converged";
    for (more, expected) in [
        (json!({"ServiceStatus": counts(2, 2, 0)}), None),
        (json!({"ServiceStatus": counts(1, 2, 0)}), Some(short)),
        (json!({"ServiceStatus": counts(2, 2, 0), "UpdateStatus": {"State": "updating"}}), Some(short)),
        (json!({"ServiceStatus": counts(2, 2, 0), "UpdateStatus": {"State": "completed"}}), None),
        (json!({"UpdateStatus": {"State": "paused"}}), Some("~ web  UpdateStatus: paused → completed")),
        (
            json!({"UpdateStatus": {"State": "rollback_paused"}}),
            Some("~ web  UpdateStatus: rollback_paused → completed"),
        ),
    ] {
        let plan = plan(&shop, &observed([job(1), listed(web, more.clone())]));
        assert_eq!(plan, expected.into_iter().collect::<Vec<_>>(), "{more}");
    }
}

#[tokio::test]
async fn observes_jobs_at_work_and_the_networks_of_the_swarm() {
    let filters = r#"{"label":{"dev.longshore.environment=prod":true,"dev.longshore.project=shop":true}}"#;
    let list = |what: &str, body: Value| on(format!("GET /{what}filters={filters}")).respond(Response::json(200, body));
    let job = |name: &str, completed: u64| {
        json!({
            "ID": name, "Spec": {"Name": name, "Mode": {"ReplicatedJob": {"TotalCompletions": 1}}},
            "ServiceStatus": {"RunningTasks": 0, "DesiredTasks": 1, "CompletedTasks": completed},
        })
    };
    let tasks = |job: &str, state: &str, desired: &str| {
        let tasks = json!([{"ID": "t", "Status": {"State": state}, "DesiredState": desired}]);
        on(format!(r#"GET /tasks?filters={{"service":{{"{job}":true}}}}"#)).respond(Response::json(200, tasks))
    };
    let engine = Engine::start([
        list("services?status=true&", json!([job("done", 1), job("failed", 0), job("pulling", 0)])),
        list("networks?", json!([{"Name": "a", "Scope": "local"}, {"Name": "b", "Scope": "swarm"}])),
        list("secrets?", json!([])),
        list("configs?", json!([])),
        tasks("failed", "failed", "shutdown"),
        tasks("pulling", "preparing", "complete"),
    ]);
    let shop = shop_of(&engine.client(), []);
    let observed = shop.observed().await.expect("observed");
    assert_eq!(observed.networks.into_iter().collect::<Vec<_>>(), ["b"], "only networks of the swarm");
    assert_eq!(observed.at_work.into_iter().collect::<Vec<_>>(), ["pulling"]);
}

#[test]
fn a_scale_leaves_no_secret_for_the_next_plan() {
    let with = |secret: &str| {
        let web = Service::new("shop:1").secret("TOKEN", SecretSource::value(secret));
        shop_of(&docker(), [("web", web.replicas(2))])
    };
    let (old, new) = (with("a"), with("b"));
    let name = |shop: &SwarmDeployment| service(shop, "web").secrets[0].spec.name.clone();
    let spec = |shop: &SwarmDeployment, replicas: u64| {
        let rollout = rollout(shop, observed([]));
        rollout.with_secrets(&service(shop, "web").spec.clone().replicas(replicas), service(shop, "web"))
    };
    let seen = |replicas: u64| {
        let more = json!({"Spec": spec(&new, replicas), "PreviousSpec": spec(&old, 2)});
        let secrets = [name(&old), name(&new)].map(|name| (name.clone(), name));
        Observed { secrets: secrets.into(), ..observed([listed(service(&new, "web"), more)]) }
    };
    assert_eq!(plan(&new, &seen(2)), [""; 0], "a rollback needs the old one");
    // The scale makes the present version the previous one.
    assert_eq!(plan(&new, &seen(3)), ["~ web  3 → 2 tasks".to_owned(), format!("- secret {}", name(&old))]);
    // An update keeps what it replaces, and no more.
    let more = json!({"Spec": spec(&old, 2), "PreviousSpec": spec(&new, 2)});
    let secrets = [name(&old), "older".to_owned()].map(|name| (name.clone(), name));
    let seen = Observed { secrets: secrets.into(), ..observed([listed(service(&old, "web"), more)]) };
    let removed = plan(&new, &seen).into_iter().filter(|change| change.starts_with("- ")).collect::<Vec<_>>();
    assert_eq!(removed, ["- secret older"]);
}

#[test]
fn what_would_be_lost_is_refused_or_noted() {
    let spec = || ContainerSpec::new("shop:1");
    let refused = |service: Service| {
        let shop = Project::new("shop").service("web", service).deployment("prod", &docker()).expect("a project");
        shop.on_swarm().expect_err("refused").to_string()
    };
    for (spec, words) in [
        (spec().network("none"), "containers without a network"),
        (spec().userns_mode("host"), "a user namespace mode"),
        (spec().security_opt("seccomp=unconfined"), "security options other than no-new-privileges"),
        (spec().security_opt("systempaths=unconfined"), "security options other than no-new-privileges"),
    ] {
        assert!(refused(Service::new(spec)).contains(&format!("a swarm does not support {words}")), "{words}");
    }
    let before = refused(Service::new("shop:1").before(spec().privileged(true)));
    assert!(before.contains("services.web: before: a swarm does not support privileged containers"), "{before}");
    let mut tmpfs = spec();
    tmpfs.host_config.tmpfs.insert("/run", "size=x".to_owned());
    let tmpfs = refused(Service::new(tmpfs));
    assert!(tmpfs.contains("invalid tmpfs \"/run\": invalid size \"x\""), "{tmpfs}");

    let with = Service::new(spec().shm_size("64m")).pull(PullPolicy::Always);
    let notes = shop_of(&docker(), [("web", with)]).stack.notes.join("\n");
    assert!(notes.contains("ignores its pull policy") && notes.contains("ignores its ShmSize"), "{notes}");
    assert!(web(spec()).stack.notes.is_empty());
}

#[test]
fn isolation_and_readiness_are_kept() {
    for option in ["no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"] {
        let shop = web(ContainerSpec::new("shop:1").security_opt(option));
        let container = service(&shop, "web").spec.clone().container().clone();
        assert!(container.privileges.is_some_and(|privileges| privileges.no_new_privileges), "{option}");
    }
    let shop = web(ContainerSpec::new("shop:1").tmpfs("/run:size=64m,mode=700,noexec,uid=1000,nr_inodes=5=6"));
    let mounts = serde_json::to_value(&service(&shop, "web").spec.clone().container().mounts).expect("JSON");
    let options = json!([["noexec"], ["uid", "1000"], ["nr_inodes", "5=6"]]);
    let options = json!({"SizeBytes": 64 << 20, "Mode": 0o700, "Options": options});
    assert_eq!(mounts, json!([{"Type": "tmpfs", "Target": "/run", "TmpfsOptions": options}]));

    let ready = Service::new("shop:1").ready(Ready::running_for(Duration::from_secs(30)));
    let shop = shop_of(&docker(), [("web", ready)]);
    let update = service(&shop, "web").spec.update_config.clone().expect("a configuration");
    assert_eq!((update.monitor, update.order), (Some(Duration::from_secs(30)), UpdateOrder::StartFirst));

    let host = web(ContainerSpec::new("shop:1").network("host"));
    let update = service(&host, "web").spec.update_config.clone().expect("a configuration");
    assert_eq!(update.order, UpdateOrder::StopFirst, "two tasks cannot share the ports of a node");
    let other = web(ContainerSpec::new("shop:1").network("proxy"));
    let networks = &service(&other, "web").spec.task_template.networks;
    assert_eq!(networks.iter().map(|network| network.target.as_str()).collect::<Vec<_>>(), ["proxy", "shop-prod"]);
}

#[cfg(feature = "tar")]
#[test]
fn the_owner_of_a_file_is_part_of_the_configuration() {
    let with = |user: u64| {
        let file = File::new("/etc/site", "server {}").owner(user, 1);
        shop_of(&docker(), [("web", Service::new("shop:1").file(file))])
    };
    let configs = |shop: &SwarmDeployment| {
        let config = &service(shop, "web").configs[0].spec.name;
        [(config.clone(), config.clone())].into()
    };
    let (root, user) = (with(0), with(1000));
    let spec = rollout(&root, observed([])).spec(service(&root, "web"));
    let seen = observed([listed(service(&root, "web"), json!({"Spec": spec}))]);
    let seen = Observed { configs: configs(&root), ..seen };
    assert!(plan(&root, &seen).is_empty());
    assert!(matches!(changes(&user.stack, &seen).as_slice(), [SwarmChange::Update { .. }]));
}

#[test]
fn deadlines_grow_with_the_tasks_and_never_overflow() {
    let with = |deadline: Duration| {
        let ready = Ready::running_for(Duration::from_secs(20));
        shop_of(&docker(), [("web", Service::new("shop:1").deadline(deadline).ready(ready))])
    };
    let minute = with(Duration::from_secs(60));
    let of = |tasks: u64| deadline(service(&minute, "web"), tasks).as_secs();
    assert_eq!((of(0), of(1), of(3)), (110, 110, 250));
    assert_eq!(deadline(service(&with(Duration::from_secs(1 << 62)), "web"), u64::MAX), Duration::MAX);
}

#[test]
fn health_checks_begin_each_second_where_the_api_knows_it() {
    let check = |check: Healthcheck, minor: u16| {
        let shop = web(ContainerSpec::new("shop:1").health(check));
        let rollout = Rollout { api_version: Version::new(1, minor), ..rollout(&shop, observed([])) };
        let sent = rollout.spec(service(&shop, "web")).container().health_check.clone();
        sent.expect("a health check").start_interval
    };
    assert_eq!(check(Healthcheck::shell("true"), 44), Some(Duration::from_secs(1)));
    assert_eq!(check(Healthcheck::shell("true"), 43), None);
    assert_eq!(check(Healthcheck::none(), 44), None);
}

fn rollout(shop: &SwarmDeployment, observed: Observed) -> Rollout {
    Rollout {
        deployment: shop.clone(),
        changes: Vec::new(),
        observed,
        release: "1".to_owned(),
        end: None,
        api_version: Version::new(1, 44),
    }
}

/// The registry is asked for the image, and the service is created.
fn created(id: &str) -> [Exchange; 2] {
    [
        on("GET /distribution/r.example.com/shop:1/json").respond(Response::error(500, "no such host")),
        on("POST /services/create").with_any_body().respond(Response::json(201, json!({"ID": id}))),
    ]
}

/// A look of `converge`.
fn look(name: &str, service: &Value, tasks: &Value) -> [Exchange; 4] {
    let filters = format!(r#""service":{{"{name}":true}}"#);
    [
        on(format!("GET /services/{name}")).respond(Response::json(200, service)),
        on(format!("GET /tasks?filters={{{filters}}}")).respond(Response::json(200, tasks)),
        on(format!(r#"GET /tasks?filters={{"_up-to-date":{{"true":true}},{filters}}}"#))
            .respond(Response::json(200, tasks)),
        on("GET /nodes").respond(Response::text(200, "[]")),
    ]
}

/// A look at the service that has converged.
fn running(name: &str) -> [Exchange; 4] {
    let spec = json!({"Spec": {"Name": name, "Mode": {"Replicated": {"Replicas": 1}}, "UpdateConfig": {"Monitor": 1}}});
    look(name, &spec, &json!([{"ID": "t", "Slot": 1, "Status": {"State": "running"}, "DesiredState": "running"}]))
}

/// A client with a login at `r.example.com`.
fn logged_in(engine: &Engine) -> (Docker, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let config = r#"{"auths":{"r.example.com":{"auth":"dTpw"}}}"#;
    std::fs::write(folder.path().join("config.json"), config).expect("written");
    let builder = Docker::builder().host(engine.host()).api_version(Version::new(1, 44));
    (builder.config_folder(folder.path()).build().expect("a client"), folder)
}

#[tokio::test]
async fn before_runs_with_secrets_and_credentials_for_as_long_as_it_takes() {
    let job = json!({"Spec": {"Name": "shop-prod-web-before", "Mode": {"ReplicatedJob": {"TotalCompletions": 1}}}});
    let at = |state: &str| json!([{"ID": "t", "Status": {"State": state}, "DesiredState": "complete"}]);
    let mut script = vec![
        on("DELETE /services/shop-prod-web-before"), // left by a deployment that was killed
        on("GET /services/shop-prod-web-before").respond(Response::error(404, "no such service")),
    ];
    script.extend(created("job1"));
    script.extend(look("job1", &job, &at("running"))); // longer than the deadline of a container
    script.extend(look("job1", &job, &at("complete")));
    script.push(on("DELETE /services/job1"));
    script.extend(created("web1"));
    script.extend(running("shop-prod-web"));
    let engine = Engine::start(script);
    let (docker, _folder) = logged_in(&engine);
    let web = Service::new("r.example.com/shop:1").secret("TOKEN", SecretSource::value("hunter2"));
    let web = web.before("r.example.com/shop:1").ready(Ready::exec(["ready"])).deadline(Duration::ZERO);
    let shop = shop_of(&docker, [("web", web)]);
    let left = json!({"Spec": {"Name": "shop-prod-web-before"}});
    let rollout = rollout(&shop, observed([serde_json::from_value(left).expect("a service")]));
    let change = SwarmChange::Create { service: "web".to_owned() };
    rollout.service(service(&shop, "web"), &change).await.expect("deployed");

    let received = engine.received();
    let sent: Vec<_> = received.iter().filter(|request| request.target.ends_with("/services/create")).collect();
    for (request, check) in sent.iter().zip([json!(["NONE"]), json!(["CMD", "ready"])]) {
        assert!(request.header("x-registry-auth").is_some(), "the nodes pull with the login");
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        let container = &body["TaskTemplate"]["ContainerSpec"];
        assert_eq!(container["Secrets"][0]["File"]["Name"], "TOKEN", "{container}");
        assert_eq!(container["Healthcheck"]["Test"], check, "{container}");
    }
    assert_eq!(sent.len(), 2);
}

/// A task, and the requests for its last log lines.
fn lines_of(service: &str, state: &str) -> (Value, [Exchange; 2]) {
    let at = |id: &str, state: &str, second: u8| {
        let status = json!({"State": state, "Timestamp": format!("2026-11-29T08:00:0{second}Z")});
        json!({"ID": id, "Status": status, "DesiredState": "shutdown"})
    };
    let tasks = json!([at("t", state, 2), at("older", "failed", 1), at("newer", "running", 3)]);
    let logs = Response::body(200, "application/vnd.docker.raw-stream", "one\ntwo\n");
    let requests = [
        on(format!(r#"GET /tasks?filters={{"service":{{"{service}":true}}}}"#)).respond(Response::json(200, &tasks)),
        on("GET /tasks/t/logs?stdout=true&stderr=true&tail=20").respond(logs),
    ];
    (tasks, requests)
}

#[tokio::test]
async fn a_failed_before_shows_its_last_lines_and_is_removed() {
    let job = json!({"Spec": {"Name": "shop-prod-web-before", "Mode": {"ReplicatedJob": {"TotalCompletions": 1}}}});
    let (tasks, lines) = lines_of("job1", "failed");
    let mut script = Vec::from(created("job1"));
    script.extend(look("job1", &job, &tasks));
    script.extend(lines);
    script.push(on("DELETE /services/job1").respond(Response::error(500, "out of order")));
    let engine = Engine::start(script);
    let (docker, _folder) = logged_in(&engine);
    let shop = shop_of(&docker, [("web", Service::new("shop:1").before("r.example.com/shop:1"))]);
    let rollout = Rollout { end: Some(Instant::now()), ..rollout(&shop, observed([])) };
    let change = SwarmChange::Create { service: "web".to_owned() };
    let failure = rollout.service(service(&shop, "web"), &change).await.expect_err("the job fails");
    assert_eq!(failure.step(), Step::Before);
    let text = failure.to_string();
    assert!(text.contains("task t is failed") && text.contains("its last lines:\n  one\n  two"), "{text}");
}

#[tokio::test]
async fn a_service_that_does_not_converge_shows_the_last_lines_of_its_last_task() {
    for (state, lines) in [("failed", &["one", "two"][..]), ("complete", &["one", "two"]), ("rejected", &[])] {
        let engine = Engine::start(lines_of("web", state).1.into_iter().take(if lines.is_empty() { 1 } else { 2 }));
        let shop = shop_of(&engine.client(), []);
        let failed = Err(Error::new(ErrorKind::NotConverged, "as it is"));
        let failure = shop.explained(failed, Step::Converge, "web").await.expect_err("it failed");
        assert_eq!(failure.logs().iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), lines, "{state}");
    }
    let failed = Err(Error::new(ErrorKind::NotConverged, "as it is"));
    let failure = shop_of(&docker(), []).explained(failed, Step::Converge, "web").await.expect_err("no engine");
    assert!(failure.to_string().contains("as it is") && failure.logs().is_empty(), "{failure}");
}

#[tokio::test]
async fn a_job_is_completed_and_is_not_scaled() {
    let shop = shop_of(&docker(), [("migrate", Service::new("shop:1").ready(Ready::exited()))]);
    let refused = shop.scale("migrate", 2).await.expect_err("it is a job");
    assert_eq!(refused.step(), Step::Check);
    assert!(refused.to_string().contains("migrate: it runs once"), "{refused}");

    let counts = json!({"RunningTasks": 0, "DesiredTasks": 1, "CompletedTasks": 1});
    let more = json!({"ServiceStatus": counts, "UpdateStatus": {"State": "updating"}});
    let job = listed(service(&shop, "migrate"), more);
    let filters = r#"filters={"label":{"dev.longshore.environment=prod":true,"dev.longshore.project=shop":true}}"#;
    let lists = [("services?status=true&", json!([job])), ("networks?", json!([])), ("secrets?", json!([]))];
    let lists = lists.into_iter().chain([("configs?", json!([]))]);
    let lists = lists.map(|(list, body)| on(format!("GET /{list}{filters}")).respond(Response::json(200, body)));
    let engine = Engine::start(lists);
    let shop = shop_of(&engine.client(), [("migrate", Service::new("shop:1").ready(Ready::exited()))]);
    let status = shop.status().await.expect("a status");
    assert_eq!(status.iter().map(ToString::to_string).collect::<Vec<_>>(), ["migrate  1 of 1 completed"]);
}

#[tokio::test]
async fn credentials_of_a_service_stay_with_its_registry() {
    let job = json!({"Spec": {"Name": "shop-prod-web-before", "Mode": {"ReplicatedJob": {"TotalCompletions": 1}}}});
    let done = json!([{"ID": "t", "Status": {"State": "complete"}, "DesiredState": "complete"}]);
    let [_, create] = created("job1");
    let asked = on("GET /distribution/other.example.com/migrate:1/json").respond(Response::error(500, "no such host"));
    let mut script = vec![asked, create];
    script.extend(look("job1", &job, &done));
    script.push(on("DELETE /services/job1"));
    script.extend(created("web1"));
    script.extend(running("shop-prod-web"));
    let engine = Engine::start(script);
    let (docker, _folder) = logged_in(&engine);
    let web = Service::new("r.example.com/shop:1").credentials(Credentials::password("me", "hunter2"));
    let shop = shop_of(&docker, [("web", web.before("other.example.com/migrate:1"))]);
    let rollout = rollout(&shop, observed([]));
    let change = SwarmChange::Create { service: "web".to_owned() };
    rollout.service(service(&shop, "web"), &change).await.expect("deployed");
    let received = engine.received();
    let with_login = received.iter().filter(|request| request.header("x-registry-auth").is_some());
    let with_login: Vec<_> = with_login.map(|request| request.target.as_str()).collect();
    assert_eq!(with_login, ["/v1.44/distribution/r.example.com/shop:1/json", "/v1.44/services/create"]);
}

#[tokio::test]
async fn an_update_sends_the_present_login() {
    let found = json!({
        "ID": "web1", "Version": {"Index": 7},
        "Spec": {"Name": "shop-prod-web", "TaskTemplate": {"ContainerSpec": {"Image": "r.example.com/shop:1"}}},
    });
    let mut script = vec![
        on("GET /services/shop-prod-web").respond(Response::json(200, &found)),
        on("POST /services/shop-prod-web/update?version=7").with_any_body().respond(Response::text(200, "{}")),
    ];
    script.extend(running("shop-prod-web"));
    let engine = Engine::start(script);
    let (docker, _folder) = logged_in(&engine);
    let shop = shop_of(&docker, [("web", Service::new("r.example.com/shop:1"))]);
    let rollout = rollout(&shop, observed([listed(service(&shop, "web"), json!({}))]));
    let change = SwarmChange::Update { service: "web".to_owned(), fields: Vec::new() };
    rollout.service(service(&shop, "web"), &change).await.expect("deployed");
    let received = engine.received();
    assert!(received[1].header("x-registry-auth").is_some(), "{}", received[1].line());
}

#[tokio::test]
async fn a_job_that_becomes_a_service_is_created_anew() {
    let mut script = vec![
        on("DELETE /services/shop-prod-web"),
        on("GET /services/shop-prod-web").respond(Response::json(200, json!({"ID": "web0"}))),
        on("GET /services/shop-prod-web").respond(Response::error(404, "service shop-prod-web not found")),
    ];
    script.extend(created("web1"));
    script.extend(running("shop-prod-web"));
    let engine = Engine::start(script);
    let web = || Service::new("r.example.com/shop:1").order(Order::StopFirst);
    let job = shop_of(&engine.client(), [("web", web().ready(Ready::exited()))]);
    let shop = shop_of(&engine.client(), [("web", web())]);
    let rollout = rollout(&shop, observed([listed(service(&job, "web"), json!({}))]));
    let changes = changes(&shop.stack, &rollout.observed);
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    assert!(change.to_string().contains("Mode.ReplicatedJob"), "{change}");
    rollout.service(service(&shop, "web"), change).await.expect("deployed");
}

#[tokio::test]
async fn what_only_has_to_converge_is_not_written() {
    let tasks = json!([{"ID": "t", "Slot": 1, "Status": {"State": "running"}, "DesiredState": "running"}]);
    let rolled_back = || {
        let spec = json!({"Name": "shop-prod-web", "UpdateConfig": {"Monitor": 1}});
        look("shop-prod-web", &json!({"Spec": spec, "UpdateStatus": {"State": "rollback_completed"}}), &tasks)
    };
    let short = json!({"RunningTasks": 0, "DesiredTasks": 1, "CompletedTasks": 0});
    for (state, looks) in [
        ("completed", running("shop-prod-web")),
        ("rollback_started", rolled_back()),
        ("rollback_completed", rolled_back()),
    ] {
        let engine = Engine::start(looks);
        let shop = shop_of(&engine.client(), [("web", Service::new("shop:1").before("shop:1"))]);
        let more = json!({"UpdateStatus": {"State": state}, "ServiceStatus": short});
        let rollout = rollout(&shop, observed([listed(service(&shop, "web"), more)]));
        let changes = changes(&shop.stack, &rollout.observed);
        let [change @ SwarmChange::Converge { .. }] = changes.as_slice() else { panic!("{state}: {changes:?}") };
        rollout.service(service(&shop, "web"), change).await.expect(state);
    }
    // The swarm would leave the desired version.
    let shop = shop_of(&docker(), [("web", Service::new("shop:1"))]);
    assert!(!is_back(&listed(service(&shop, "web"), json!({"UpdateStatus": {"State": "updating"}}))));
}
