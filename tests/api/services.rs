//! Services of a swarm, their tasks and logs: what is sent, and what is understood.

use crate::support::again::Setting;
use crate::support::{Engine, Exchange, Response, on};
use longshore::container::{Healthcheck, MIB, Mount, Port, Ulimit};
use longshore::service::{
    FailureAction, RegistryAuthFrom, ResolutionMode, ServiceModeKind, ServiceSpec, UpdateConfig, UpdateOrder,
};
use longshore::system::TaskLogDriver;
use longshore::task::{NetworkAttachmentConfig, TaskRestartPolicy, TaskState};
use longshore::{Credentials, Docker};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::time::Duration;

fn created() -> Response {
    Response::text(201, r#"{"ID":"cxze","Warnings":null}"#)
}

#[tokio::test]
async fn create_sends_all_that_was_said() {
    let everything = json!({
        "Name": "web", "Labels": {"a": "b", "e": "f"},
        "TaskTemplate": {
            "ContainerSpec": {
                "Image": "nginx:1.27", "Labels": {"c": "d", "g": "h"}, "Command": ["serve"], "Args": ["--fast"],
                "Env": ["MODE=prod", "A=1", "B=2", "LONGSHORE_NOT_SET"],
                "Mounts": [
                    {"Type": "volume", "Source": "data", "Target": "/data"},
                    {"Type": "volume", "Source": "logs", "Target": "/logs", "ReadOnly": true},
                ],
                "Healthcheck": {"Test": ["CMD-SHELL", "true"]}, "StopGracePeriod": 30_000_000_000_u64,
                "User": "app", "Groups": ["audio"], "Dir": "/srv", "Hostname": "{{.Node.Hostname}}", "TTY": true,
                "OpenStdin": true, "StopSignal": "SIGQUIT", "ReadOnly": true, "Init": true, "CapabilityAdd": ["NET_ADMIN"],
                "CapabilityDrop": ["CHOWN"], "Sysctls": {"net.core.somaxconn": "1024"}, "Hosts": ["10.0.0.7 db"],
                "Ulimits": [{"Name": "nofile", "Soft": 1024, "Hard": 2048}], "Isolation": "process",
                "DNSConfig": {"Nameservers": ["10.0.0.1", "127.0.0.1"], "Search": ["example.com"], "Options": ["ndots:3"]},
                "Privileges": {"CredentialSpec": {"File": "spec.json"}},
            },
            "Resources": {
                "Limits": {"NanoCPUs": 1_500_000_000, "MemoryBytes": 536_870_912, "Pids": 64},
                "Reservations": {
                    "NanoCPUs": 500_000_000, "MemoryBytes": 1_048_576,
                    "GenericResources": [{"NamedResourceSpec": null, "DiscreteResourceSpec": {"Kind": "SSD", "Value": 3}}],
                },
            },
            "RestartPolicy": {
                "Condition": "on-failure", "Delay": 1_000_000_000, "MaxAttempts": 3, "Window": 60_000_000_000_u64,
            },
            "Placement": {
                "Constraints": ["node.role==worker", "node.labels.disk!=hdd"], "MaxReplicas": 2,
                "Preferences": [{"Spread": {"SpreadDescriptor": "node.labels.zone"}}],
            },
            "LogDriver": {"Name": "local", "Options": {"max-size": "10m"}},
            "ForceUpdate": 1,
            "Networks": [{"Target": "back", "Aliases": ["shop"], "DriverOpts": {"o": "p"}}, {"Target": "front"}],
        },
        "Mode": {"Replicated": {"Replicas": 3}},
        "UpdateConfig": {
            "Parallelism": 2, "Delay": 1_000_000_000, "FailureAction": "rollback", "Monitor": 10_000_000_000_u64,
            "MaxFailureRatio": 0.25, "Order": "start-first",
        },
        "RollbackConfig": {"Parallelism": 1, "FailureAction": "pause", "MaxFailureRatio": 0.0, "Order": "stop-first"},
        "EndpointSpec": {
            "Mode": "dnsrr",
            "Ports": [
                {"TargetPort": 80, "PublishedPort": 8080}, {"Protocol": "udp", "TargetPort": 53, "PublishMode": "host"},
                {"TargetPort": 443, "PublishedPort": 8443},
                {"TargetPort": 81, "PublishedPort": 8081, "PublishMode": "host"},
            ],
        },
    });
    let engine = Engine::unix([on("POST /v1.41/services/create").with_json(everything).respond(created())]);
    let services = engine.docker(41).services();
    let update = UpdateConfig::new().parallelism(2).delay(Duration::from_secs(1)).monitor("10s");
    let update = update.failure_action(FailureAction::Rollback).max_failure_ratio(0.25).order(UpdateOrder::StartFirst);
    let back = NetworkAttachmentConfig::new("back").alias("shop").driver_opt("o", "p");
    let policy = TaskRestartPolicy::on_failure().delay(Duration::from_secs(1)).max_attempts(3).window("1m");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "A=1\n").expect("written");
    let spec = ServiceSpec::new("web", "nginx:1.27").label("a", "b").labels([("e", "f")]).container_label("c", "d");
    let spec = spec.container_labels([("g", "h")]).command(["serve"]).args(["--fast"]).env("MODE", "prod");
    let spec = spec
        .env_file(file.path())
        .envs([("B", "2")])
        .env_from_process("LONGSHORE_NOT_SET")
        .mount(Mount::volume("data", "/data"))
        .replicas(3);
    let spec = spec.mount("type=volume,source=logs,target=/logs,readonly").user("app").group_add("audio");
    let spec = spec.working_dir("/srv").hostname("{{.Node.Hostname}}").tty(true).open_stdin(true).stop_signal("quit");
    let spec =
        spec.read_only(true).init(true).cap_add("NET_ADMIN").cap_drop("CHOWN").sysctl("net.core.somaxconn", "1024");
    let spec = spec
        .extra_host("db", "[10.0.0.7]")
        .ulimit("nofile=1:2")
        .ulimit(Ulimit { name: "nofile".to_owned(), soft: 1024, hard: 2048 })
        .isolation("process");
    let spec = spec.dns("10.0.0.1").dns(Ipv4Addr::LOCALHOST).dns_search("example.com").dns_option("ndots:3");
    let spec = spec.credential_spec("file://spec.json").log(TaskLogDriver::new("local").option("max-size", "10m"));
    let spec = spec.health(Healthcheck::shell("true")).stop_grace_period("30s").cpus("1.5").pids_limit(64);
    let spec = spec.memory("512m").reserve_memory(MIB).reserve_cpus(0.5).generic_resource("SSD", 3).restart(policy);
    let spec = spec.constraint("node.role==worker").constraint("node.labels.disk!=hdd").spread_over("node.labels.zone");
    let spec = spec.max_replicas_per_node(2).network(back).network("front");
    let spec = spec.update_config(update).rollback_config(UpdateConfig::new()).force_update();
    let spec = spec.publish(8080, 80).publish_host_mode(0, Port::udp(53)).ports("8443:443");
    let spec = spec.ports("published=8081,target=81,mode=host").endpoint_mode(ResolutionMode::DnsRoundRobin);
    let web = services.create(spec).resolve_image(false).await.expect("a service");
    assert_eq!((web.id(), web.warnings()), ("cxze", &[] as &[String]));
}

#[tokio::test]
async fn create_sends_the_mode() {
    let minimal =
        |mode: Value| json!({"Name": "web", "TaskTemplate": {"ContainerSpec": {"Image": "web"}}, "Mode": mode});
    let engine = Engine::unix([
        on("POST /v1.41/services/create").with_json(minimal(json!({"Global": {}}))).respond(created()),
        on("POST /v1.41/services/create")
            .with_json(minimal(json!({"ReplicatedJob": {"MaxConcurrent": 2, "TotalCompletions": 5}})))
            .respond(created()),
        on("POST /v1.41/services/create")
            .with_json(minimal(json!({"GlobalJob": {}})))
            .respond(Response::text(201, r#"{"ID":"cxze","Warnings":["it is slow"]}"#)),
    ]);
    let services = engine.docker(41).services();
    let web = || ServiceSpec::new("web", "web");
    services.create(web().global()).resolve_image(false).await.expect("a service");
    services.create(web().job(5, 2)).resolve_image(false).await.expect("a service");
    let warned = services.create(web().global_job()).resolve_image(false).await.expect("a service");
    assert_eq!(warned.warnings(), ["it is slow"]);
}

#[tokio::test]
async fn an_image_is_resolved_as_the_docker_cli_does_it() {
    const FOUND: &str = r#"{"Descriptor":{"mediaType":"m","digest":"sha256:6af79ae5de407283dcea8b00d5c37ace95441fd58a8b1d2aa1ed93f5511bb18c","size":527},
        "Platforms":[{"architecture":"amd64","os":"linux"},{"architecture":"amd64","os":"linux"},
        {"architecture":"unknown","os":"unknown"},{"architecture":"arm","variant":"v7","os":"linux"}]}"#;
    let pinned = "example.com/web:1@sha256:6af79ae5de407283dcea8b00d5c37ace95441fd58a8b1d2aa1ed93f5511bb18c";
    let platforms = json!([{"Architecture": "amd64", "OS": "linux"}, {"OS": "linux"}]);
    let me = Credentials::password("me", "hunter2");
    let header = "eyJ1c2VybmFtZSI6Im1lIiwicGFzc3dvcmQiOiJodW50ZXIyIn0=";
    let template = |image: &str, placement: Value| json!({"Name": "web", "TaskTemplate": {"ContainerSpec": {"Image": image}, "Placement": {"Platforms": placement}}});
    let engine = Engine::unix([
        on("GET /v1.41/distribution/example.com/web:1/json")
            .with_header("x-registry-auth", header)
            .respond(Response::text(200, FOUND)),
        on("POST /v1.41/services/create")
            .with_header("x-registry-auth", header)
            .with_json(template(pinned, platforms.clone()))
            .respond(created()),
        on("GET /v1.41/distribution/example.com/web/json").respond(Response::text(200, FOUND)),
        on("POST /v1.41/services/create")
            .with_json(template(&pinned.replace("web:1", "web:latest"), platforms.clone()))
            .respond(created()),
        on("GET /v1.41/distribution/example.com/web:1/json").respond(Response::error(500, "no such host")),
        on("POST /v1.41/services/create")
            .with_json(json!({"Name": "web", "TaskTemplate": {"ContainerSpec": {"Image": "example.com/web:1"}}}))
            .respond(created()),
        // An update asks only if the image has changed.
        on("GET /v1.41/services/web").respond(Response::text(
            200,
            r#"{"ID":"cxze","Version":{"Index":7},"Spec":{"Name":"web","New":1,"TaskTemplate":{"ContainerSpec":{"Image":"example.com/web:0@sha256:00"}}}}"#,
        )),
        on("GET /v1.41/distribution/example.com/web:1/json").respond(Response::text(200, FOUND)),
        on("POST /v1.41/services/web/update?registryAuthFrom=previous-spec&version=7")
            .with_json(json!({
                "Name": "web", "New": 1,
                "TaskTemplate": {"ContainerSpec": {"Image": pinned}, "Placement": {"Platforms": platforms}},
            }))
            .respond(Response::text(200, r#"{"Warnings":["it is slow"]}"#)),
        on("GET /v1.41/services/web")
            .respond(Response::text(200, r#"{"Version":{"Index":8},"Spec":{"Name":"web","TaskTemplate":{"New":[1]}}}"#)),
        on("POST /v1.41/services/web/update?rollback=previous&version=8")
            .with_json(json!({"Name": "web", "TaskTemplate": {"New": [1]}}))
            .respond(Response::text(200, "{}")),
    ]);
    let services = engine.docker(41).services();
    let spec = ServiceSpec::new("web", "example.com/web:1");
    let web = services.create(&spec).credentials(&me).await.expect("a service");
    assert!(web.warnings().is_empty());
    services.create(ServiceSpec::new("web", "example.com/web")).await.expect("a service of the latest version");
    let web = services.create(&spec).await.expect("a service all the same");
    assert!(web.warnings().iter().any(|warning| warning.contains("no such host")), "{:?}", web.warnings());
    let web = engine.docker(41).service("web");
    let update = web.update(|spec| spec.image("example.com/web:1")).registry_auth_from(RegistryAuthFrom::PreviousSpec);
    assert_eq!(update.await.expect("sent").warnings(), ["it is slow"]);
    web.rollback().await.expect("sent");
}

#[tokio::test]
async fn what_an_older_api_lacks_is_an_error() {
    let engine = Engine::unix([on("GET /v1.41/services/web").respond(Response::text(
        200,
        r#"{"Version":{"Index":7},"Spec":{"TaskTemplate":{"ContainerSpec":{"Image":"web"}}}}"#,
    ))]);
    let docker = engine.docker(41);
    let web = || ServiceSpec::new("web", "web");
    for (spec, why) in [
        (web().oom_score_adj(100), "OomScoreAdj requires API 1.46"),
        (web().memory_swappiness(10), "MemorySwappiness requires API 1.52"),
        (web().health(Healthcheck::shell("true").start_interval("1s")), "StartInterval requires API 1.44"),
        (web().mount("type=volume,source=a,target=/a,volume-subpath=b"), "Subpath requires API 1.45"),
    ] {
        let error = docker.services().create(spec).resolve_image(false).await.expect_err(why);
        assert!(error.is_version() && error.message().contains(why), "{error}");
    }
    let update = docker.service("web").update(|spec| spec.memory_swap("1g"));
    let error = update.await.expect_err("too old");
    assert!(error.is_version() && error.message().contains("SwapBytes requires API 1.52"), "{error}");
}

#[tokio::test]
async fn what_cannot_be_parsed_is_not_sent() {
    let engine = Engine::unix([on("GET /v1.41/services/web").respond(Response::text(
        200,
        r#"{"Version":{"Index":7},"Spec":{"TaskTemplate":{"ContainerSpec":{"Image":"web"}}}}"#,
    ))]);
    let docker = engine.docker(41);
    let web = || ServiceSpec::new("web", "web");
    for (spec, why) in vec![
        (web().memory("512q").cpus("x"), "invalid size \"512q\": use bytes such as 1048576"),
        (web().reserve_memory("x"), "such as 512m or 1.5g"),
        (web().memory_swap("x"), "such as 512m or 1.5g"),
        (web().cpus("0"), "invalid number of CPUs \"0\": use a number above 0"),
        (web().cpus(-1.0), "invalid Limits.NanoCPUs"),
        (web().reserve_cpus(f64::NAN), "invalid Reservations.NanoCPUs"),
        (web().memory(-1), "Limits.MemoryBytes is -1"),
        (web().stop_grace_period("10"), "invalid duration \"10\": use numbers with h, m, s"),
        (web().ports("127.0.0.1:8080:80"), "a service has no address to publish on: use [published:]port"),
        (web().mount("data"), "use source:/target"),
        (web().env_file("/nowhere/env"), "/nowhere/env"),
        (web().credential_spec("spec.json"), "use config://ID, file://NAME or registry://NAME"),
        (web().mount(Mount::tmpfs("/run").size("big")), "invalid size \"big\""),
        (web().publish(53, "dns"), "invalid port \"dns\""),
        (web().publish_host_mode(53, "dns"), "invalid port \"dns\""),
        (web().extra_host("a:b", "10.0.0.9"), "invalid extra host \"a:b\""),
        (web().env_text("=x"), "invalid variable name \"\""),
        (web().dns("nine"), "invalid address \"nine\": use an IP address such as"),
        (web().health(Healthcheck::shell("true").interval("soon")), "invalid duration \"soon\""),
        (web().restart(TaskRestartPolicy::any().delay("soon")), "invalid duration \"soon\""),
        (web().update_config(UpdateConfig::new().delay("soon")), "invalid duration \"soon\""),
        (web().rollback_config(UpdateConfig::new().monitor("soon")), "invalid duration \"soon\""),
    ] {
        let error = docker.services().create(spec).await.expect_err(why);
        assert!(error.is_invalid() && error.message().contains(why), "{error}");
        assert_eq!(error.call(), Some("POST /services/create"));
    }
    let error = docker.service("web").converge().deadline("soon").await.expect_err("no duration");
    assert!(error.is_invalid() && error.message().contains("such as 30s or 1m30s"), "{error}");
    let update = docker.service("web").update(|spec| spec.image("web:2").memory("512q"));
    let error = update.await.expect_err("no size");
    assert!(error.is_invalid() && error.message().contains("invalid size"), "{error}");
    assert_eq!(error.call(), Some("POST /services/web/update"));
}

#[tokio::test]
async fn services_and_tasks_are_listed_and_inspected() {
    let service = r#"{"ID":"cxze","Version":{"Index":27},"CreatedAt":"2026-11-29T08:00:00.5Z","Spec":{"Name":"web"},
        "Endpoint":{"Spec":{},"Ports":[{"Protocol":"tcp","TargetPort":80,"PublishedPort":30000,"PublishMode":"ingress"}],
        "VirtualIPs":[{"NetworkID":"8jnc","Addr":"10.0.0.5/24"}]},
        "UpdateStatus":{"State":"paused","StartedAt":"2026-11-29T08:00:01Z","Message":"update paused"},
        "ServiceStatus":{"RunningTasks":2,"DesiredTasks":3,"CompletedTasks":0}}"#;
    let task = r#"{"ID":"9ld7","Version":{"Index":27},"Labels":{},"Spec":{"ContainerSpec":{"Image":"web"},"ForceUpdate":0},
        "ServiceID":"cxze","Slot":1,"NodeID":"peii","Status":{"Timestamp":"2026-11-29T08:00:02Z","State":"failed",
        "Message":"started","Err":"task: non-zero exit (3)","ContainerStatus":{"ContainerID":"2204","PID":0,"ExitCode":3},
        "PortStatus":{}},"DesiredState":"shutdown","Volumes":null,
        "GenericResources":[{"DiscreteResourceSpec":{"Kind":"SSD","Value":3}}]}"#;
    let engine = Engine::unix([
        on("GET /v1.41/services?status=true&filters=%7B%22id%22%3A%7B%22cx%22%3Atrue%7D%2C%22label%22%3A%7B%22a%3Db%22%3Atrue%7D%2C%22mode%22%3A%7B%22replicated-job%22%3Atrue%7D%2C%22name%22%3A%7B%22we%22%3Atrue%7D%7D")
            .respond(Response::text(200, &format!("[{service}]"))),
        on("GET /v1.41/services/web?insertDefaults=true").respond(Response::text(200, service)),
        on("DELETE /v1.41/services/web").respond(Response::status(200)),
        on("GET /v1.41/tasks?filters=%7B%22_up-to-date%22%3A%7B%22true%22%3Atrue%7D%2C%22desired-state%22%3A%7B%22shutdown%22%3Atrue%7D%2C%22id%22%3A%7B%229l%22%3Atrue%7D%2C%22label%22%3A%7B%22a%22%3Atrue%7D%2C%22name%22%3A%7B%22web.%22%3Atrue%7D%2C%22node%22%3A%7B%22peii%22%3Atrue%7D%2C%22service%22%3A%7B%22web%22%3Atrue%7D%7D")
            .respond(Response::text(200, &format!("[{task},null]"))),
        on("GET /v1.41/tasks/9ld7").respond(Response::text(200, task)),
    ]);
    let docker = engine.docker(41);
    let list =
        docker.services().list().status(true).id("cx").label("a=b").mode(ServiceModeKind::ReplicatedJob).name("we");
    let [found] = &*list.await.expect("services") else { panic!("one service") };
    let web = docker.service("web");
    assert_eq!(web.inspect().insert_defaults(true).await.expect("there"), *found);
    assert_eq!(found.endpoint.ports.first().map(|port| port.published_port), Some(30000));
    assert_eq!(found.service_status.as_ref().map(|status| status.desired_tasks), Some(3));
    web.remove().await.expect("removed");
    let list = docker.tasks().list().desired_state(TaskState::Shutdown).id("9l").label("a").name("web.").node("peii");
    let [found] = &*list.service("web").up_to_date().await.expect("tasks") else { panic!("one task") };
    assert_eq!(docker.task("9ld7").inspect().await.expect("there"), *found);
    assert!(found.status.state.is_over() && !TaskState::Running.is_over());
    assert_eq!(found.assigned_generic_resources.len(), 1, "engines have another name for it than the reference");
    assert_eq!(found.status.error.as_deref(), Some("task: non-zero exit (3)"));
}

#[tokio::test]
async fn an_update_sends_a_login_if_it_is_told_to() {
    let setting = Setting::new(r#"{"auths":{"r.example.com":{"auth":"dTpw"}}}"#);
    // {"username":"u","password":"p","serveraddress":"r.example.com"}
    let login = "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InAiLCJzZXJ2ZXJhZGRyZXNzIjoici5leGFtcGxlLmNvbSJ9";
    let found = |image: &str| {
        let spec = json!({"Name": "web", "TaskTemplate": {"ContainerSpec": {"Image": image}}});
        on("GET /v1.41/services/web").respond(Response::json(200, json!({"Version": {"Index": 7}, "Spec": spec})))
    };
    let update = || on("POST /v1.41/services/web/update?version=7").with_any_body().respond(Response::text(200, "{}"));
    let engine = Engine::unix([
        found("r.example.com/web:1"),
        update().with_header("x-registry-auth", login),
        found("r.example.com/web:1"),
        update(),
        found("other.example.com/web:1"),
        update(),
        found("r.example.com/web:1"),
        update().with_header("x-registry-auth", "eyJ1c2VybmFtZSI6Im1lIiwicGFzc3dvcmQiOiJodW50ZXIyIn0="),
    ]);
    let docker = engine.with_settings(41, setting.path());
    let update = || docker.service("web").update(|spec| spec.label("a", "b")).registry_auth(true);
    update().await.expect("sent");
    update().registry_auth(false).await.expect("sent");
    update().await.expect("sent, without a login there");
    update().credentials(Credentials::password("me", "hunter2")).await.expect("sent");
    let received = engine.received();
    assert!([3, 5].iter().all(|call| received[*call].header("x-registry-auth").is_none()));
}

async fn text(docker: &Docker) -> String {
    let mut logs = docker.service("web").logs().await.expect("logs");
    let mut chunks = Vec::new();
    while let Some(chunk) = logs.next().await {
        let chunk = chunk.expect("a chunk");
        chunks.push(format!("{:?}: {chunk}", chunk.source));
    }
    chunks.concat()
}

/// Logs in an answer of this type, and the service that wrote them.
fn logs(version: u16, kind: &str, body: &[u8]) -> Exchange {
    let answer = Response::chunked(200, &format!("application/{kind}")).chunk(body).end();
    on(format!("GET /v1.{version}/services/web/logs?stdout=true&stderr=true")).respond(answer)
}

fn inspect(version: u16, tty: bool) -> Exchange {
    let spec = json!({"Spec": {"TaskTemplate": {"ContainerSpec": {"TTY": tty}}}});
    on(format!("GET /v1.{version}/services/web")).respond(Response::json(200, &spec))
}

#[tokio::test]
async fn a_log_is_collected() {
    let frames = b"\x01\0\0\0\0\0\0\x03in\n\x02\0\0\0\0\0\0\x04err\n";
    let engine = Engine::unix([
        logs(42, "vnd.docker.multiplexed-stream", frames),
        on("GET /v1.42/tasks/9ld7/logs?stdout=true&stderr=true")
            .respond(Response::chunked(200, "application/vnd.docker.raw-stream").chunk("raw\n").end()),
    ]);
    let docker = engine.docker(42);
    let log = docker.service("web").logs().output().await.expect("a log");
    assert_eq!((log.stdout_text().as_str(), log.stderr_text().as_str()), ("in\n", "err\n"));
    let log = docker.task("9ld7").logs().output().await.expect("a log");
    assert_eq!((log.stdout, log.stderr), (b"raw\n".to_vec(), Vec::new()));
}

// Before API 1.42, engines announce raw bytes whatever they send, or nothing.
#[tokio::test]
async fn logs_are_framed_as_the_engine_says_or_as_the_service_is() {
    let frames = b"\x01\0\0\0\0\0\0\x03in\n\x02\0\0\0\0\0\0\x04err\n";
    let engine = Engine::unix([
        logs(42, "vnd.docker.multiplexed-stream", frames),
        logs(42, "vnd.docker.raw-stream", b"raw\n"),
        logs(43, "octet-stream", b"..."),
        inspect(43, true),
        logs(43, "octet-stream", b"raw\n"),
        inspect(41, false),
        logs(41, "vnd.docker.raw-stream", frames),
        inspect(41, true),
        logs(41, "vnd.docker.raw-stream", b"raw\n"),
    ]);
    for (version, expected) in [
        (42, "Stdout: in\nStderr: err\n"),
        (42, "Console: raw\n"),
        (43, "Console: raw\n"),
        (41, "Stdout: in\nStderr: err\n"),
        (41, "Console: raw\n"),
    ] {
        assert_eq!(text(&engine.docker(version)).await, expected, "API 1.{version}");
    }
}

#[tokio::test]
async fn every_setter_of_logs() {
    let line = b"\x02\0\0\0\0\0\0\x302026-11-24T08:30:00.000000000Z com.docker.x=1 hi";
    let engine = Engine::unix([
        on("GET /v1.42/tasks/9ld7/logs?stdout=false&stderr=true&follow=true&since=1795509000.000000000&timestamps=true&tail=5&details=true")
            .respond(Response::chunked(200, "application/vnd.docker.multiplexed-stream").chunk(line).end()),
    ]);
    let docker = engine.docker(42);
    let logs = docker
        .task("9ld7")
        .logs()
        .stdout(false)
        .follow(true)
        .since(longshore::Timestamp::from_second(1_795_509_000).expect("a time"));
    let mut logs = logs.timestamps(true).tail(5).details(true).await.expect("logs");
    let chunk = logs.next().await.expect("a chunk").expect("whole");
    assert_eq!(
        (chunk.to_string().as_str(), chunk.time.map(longshore::Timestamp::as_second)),
        ("com.docker.x=1 hi", Some(1_795_509_000))
    );
    let neither = docker.task("9ld7").logs().stdout(false).stderr(false).await;
    assert!(neither.expect_err("nothing to read").is_invalid());
}
