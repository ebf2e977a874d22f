//! What three engines answered about a swarm: all of it is understood, and nothing is lost.

use crate::support::{Engine, Response, fixture, on};
use longshore::config::ConfigInspect;
use longshore::node::{NodeInspect, NodeRole, NodeState};
use longshore::secret::SecretInspect;
use longshore::service::{FailureAction, ServiceInspect};
use longshore::swarm::SwarmInspect;
use longshore::task::{TaskInspect, TaskState};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const ENGINES: [&str; 3] = ["docker-20.10.24", "docker-26.1.5", "docker-28.5.2"];

/// Decodes it, and sees that it is written again as it was, but for what says nothing.
fn whole<T: DeserializeOwned + Serialize>(engine: &str, name: &str) -> T {
    let text = fixture(&format!("{engine}/{name}.json"));
    let read: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{engine} {name}: {error}"));
    let (before, after) = (serde_json::from_str(&text).expect("JSON"), serde_json::to_value(&read).expect("JSON"));
    let mut lost = Vec::new();
    compare("", &before, Some(&after), &mut lost);
    assert!(lost.is_empty(), "{engine} {name}: {lost:?}");
    read
}

fn compare(place: &str, before: &Value, after: Option<&Value>, lost: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Some(Value::Object(after))) => {
            for (key, value) in before {
                compare(&format!("{place}/{key}"), value, after.get(key), lost);
            }
        }
        (Value::Array(before), Some(Value::Array(after))) => {
            for (index, value) in before.iter().enumerate() {
                compare(&format!("{place}/{index}"), value, after.get(index), lost);
            }
        }
        (before, Some(after)) if before == after || (before.is_number() && before.as_f64() == after.as_f64()) => {}
        (before, None) if is_nothing(before) => {}
        (Value::Null, Some(after)) if is_nothing(after) => {}
        (Value::String(empty), Some(Value::Null)) if empty.is_empty() => {}
        _ => lost.push(place.to_owned()),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Array(elements) => elements.is_empty(),
        Value::Object(fields) => fields.values().all(is_nothing),
        Value::Bool(true) => false,
    }
}

#[test]
fn all_of_it_is_understood() {
    for engine in ENGINES {
        let swarm: SwarmInspect = whole(engine, "swarm_inspect");
        assert_eq!((swarm.spec.name.as_str(), swarm.join_tokens.worker.expose()), ("default", "SWMTKN-1-x"));
        let [node] = &*whole::<Vec<NodeInspect>>(engine, "node_list") else { panic!("one node") };
        assert_eq!((&node.spec.role, &node.status.state), (&NodeRole::Manager, &NodeState::Ready));
        let secret: SecretInspect = whole(engine, "secret_inspect");
        assert_eq!((secret.spec.name.as_str(), secret.spec.data.expose()), ("token-1", ""));
        let config: ConfigInspect = whole(engine, "config_inspect");
        assert_eq!(config.spec.data, "server {}");
        let service: ServiceInspect = whole(engine, "service_inspect");
        let update = service.spec.update_config.clone().expect("as it was sent");
        assert_eq!((update.parallelism, update.failure_action), (1, FailureAction::Rollback));
        let [listed] = &*whole::<Vec<ServiceInspect>>(engine, "service_list") else { panic!("one service") };
        assert_eq!(
            (&listed.id, listed.service_status.as_ref().map(|status| status.running_tasks)),
            (&service.id, Some(2))
        );
        let tasks: Vec<TaskInspect> = whole(engine, "task_list");
        assert_eq!(tasks.iter().filter(|task| task.status.state == TaskState::Running).count(), 2);
        assert!(tasks.iter().all(|task| task.service_id == service.id && task.slot.is_some()));
    }
}

#[tokio::test]
async fn their_errors_are_told_apart() {
    for engine in ENGINES {
        let error = |status: u16, name: &str| {
            Response::body(status, "application/json", fixture(&format!("{engine}/{name}.json")))
        };
        let scripted = Engine::unix([
            on("GET /v1.41/services").respond(error(503, "no_manager")),
            on("GET /v1.41/services/web")
                .respond(Response::text(200, r#"{"Version":{"Index":1},"Spec":{"Name":"web"}}"#)),
            on("POST /v1.41/services/web/update?version=1")
                .with_json(json!({"Name": "web", "Labels": {"a": "b"}}))
                .respond(error(500, "out_of_sequence")),
            on("POST /v1.41/services/create")
                .with_json(json!({"Name": "web", "TaskTemplate": {"ContainerSpec": {"Image": "web"}}}))
                .respond(Response::body(201, "application/json", fixture(&format!("{engine}/service_create.json")))),
            on("POST /v1.41/secrets/create")
                .with_json(json!({"Name": "token-1", "Data": "aHVudGVyMg=="}))
                .respond(Response::body(201, "application/json", fixture(&format!("{engine}/secret_create.json")))),
            on("GET /v1.41/plugins").respond(Response::body(
                200,
                "application/json",
                fixture(&format!("{engine}/plugin_list.json")),
            )),
        ]);
        let docker = scripted.docker(41);
        assert!(docker.services().list().await.expect_err(engine).is_no_swarm_manager());
        let error = docker.service("web").update(|spec| spec.label("a", "b")).await.expect_err(engine);
        assert!(error.is_out_of_sequence(), "{error}");
        let web =
            docker.services().create(longshore::service::ServiceSpec::new("web", "web")).resolve_image(false).await;
        assert_eq!(web.expect("a service").id().len(), 25);
        let secret = docker.secrets().create(longshore::secret::SecretSpec::new("token-1", "hunter2")).await;
        assert_eq!(secret.expect("a secret").id().len(), 25);
        assert!(docker.plugins().list().await.expect("a list").is_empty());
    }
}
