//! When a service has converged, and what is told if it does not: against the scripted engine.

use crate::support::{Engine, Exchange, Response, on};
use serde_json::{Value, json};

/// One look at the service, at all its tasks and at those of its current specification.
fn look(service: &Value, tasks: &Value, current: &Value) -> [Exchange; 4] {
    let service = json!({"ID": "cxze", "Spec": service["Spec"]});
    let nodes = json!(["a", "b", "c"].map(|id| json!({"ID": id, "Status": {"State": "ready"}})));
    [
        on("GET /services/web").respond(Response::json(200, service)),
        on(r#"GET /tasks?filters={"service":{"web":true}}"#).respond(Response::json(200, tasks)),
        on(r#"GET /tasks?filters={"_up-to-date":{"true":true},"service":{"web":true}}"#)
            .respond(Response::json(200, current)),
        on("GET /nodes").respond(Response::text(200, &nodes.to_string())),
    ]
}

fn task(id: &str, state: &str, desired: &str) -> Value {
    json!({"ID": id, "NodeID": id, "Status": {"State": state}, "DesiredState": desired})
}

fn failed(id: &str, second: u8, error: &str) -> Value {
    let status = json!({"State": "failed", "Timestamp": format!("2026-11-29T08:00:0{second}Z"), "Err": error});
    json!({"ID": id, "Slot": 1, "Status": status, "DesiredState": "shutdown"})
}

#[tokio::test]
async fn a_drained_node_needs_no_task_of_a_global_service() {
    let service = json!({"Spec": {"Name": "web", "Mode": {"Global": {}}, "UpdateConfig": {"Monitor": 1}}});
    let tasks = [task("a", "running", "running"), task("b", "running", "running"), task("c", "shutdown", "shutdown")];
    let tasks = json!(tasks);
    let engine = Engine::unix(look(&service, &tasks, &tasks));
    engine.docker(44).service("web").converge().await.expect("converged on two nodes");
}

#[tokio::test]
async fn a_node_whose_process_has_ended_is_missing() {
    let service = json!({"Spec": {"Name": "web", "Mode": {"Global": {}}, "UpdateConfig": {"Monitor": 1}}});
    let tasks = json!([task("a", "running", "running"), task("c", "complete", "shutdown")]);
    let engine = Engine::unix(look(&service, &tasks, &tasks));
    let error = engine.docker(44).service("web").converge().deadline("0s").await.expect_err("one is missing");
    assert!(error.is_timeout() && error.to_string().contains("1 of 2"), "{error}");
}

#[tokio::test]
async fn the_error_is_that_of_the_current_specification() {
    let service = json!({"Spec": {"Name": "web", "Mode": {"Replicated": {"Replicas": 1}}}});
    let current = failed("new", 1, "the present reason");
    let tasks = json!([current, failed("old", 9, "an earlier reason")]);
    let engine = Engine::unix(look(&service, &tasks, &json!([current])));
    let web = engine.docker(44).service("web");
    let error = web.converge().deadline("0s").await.expect_err("it does not run").to_string();
    assert!(error.contains("the present reason") && !error.contains("an earlier reason"), "{error}");
}

#[tokio::test]
async fn a_rollback_by_the_swarm_is_an_error_unless_it_is_allowed() {
    let spec = json!({"Name": "web", "Mode": {"Replicated": {"Replicas": 1}}, "UpdateConfig": {"Monitor": 1}});
    let service =
        json!({"ID": "cxze", "Spec": spec, "UpdateStatus": {"State": "rollback_completed", "Message": "why"}});
    let tasks = json!([{"ID": "t", "Slot": 1, "Status": {"State": "running"}, "DesiredState": "running"}]);
    let look = || {
        let mut look = look(&service, &tasks, &tasks);
        look[0] = on("GET /services/web").respond(Response::json(200, &service));
        look
    };
    let engine = Engine::unix(look());
    let error = engine.docker(44).service("web").converge().deadline("0s").await.expect_err("rolled back");
    assert!(error.is_timeout(), "{error}");
    let engine = Engine::unix(look());
    engine.docker(44).service("web").converge().allow_rollback(true).await.expect("the earlier version runs");
}

/// A program that ends at once, again and again, is told at the deadline. A pull is waited for beyond it.
#[tokio::test]
async fn the_deadline_is_extended_while_nodes_prepare() {
    let service =
        json!({"Spec": {"Name": "web", "Mode": {"Replicated": {"Replicas": 1}}, "UpdateConfig": {"Monitor": 1}}});
    let at = |state: &str| json!([{"ID": "t", "Slot": 1, "Status": {"State": state}, "DesiredState": "running"}]);
    let looks = |state: &str| look(&service, &at(state), &at(state));
    let pulls: Vec<_> = (0..15).flat_map(|_| looks("preparing")).chain(looks("running")).collect();
    let engine = Engine::unix(pulls); // 15 looks take 3 seconds
    let converge = engine.docker(44).service("web").converge().deadline("2s").extend_by("1h");
    converge.await.expect("it runs after the pull");

    let tasks = json!([failed("again", 1, "task: non-zero exit (3)"), at("starting")[0]]);
    let engine = Engine::unix(look(&service, &tasks, &tasks));
    let converge = engine.docker(44).service("web").converge().deadline("0s").extend_by("1h");
    let error = converge.await.expect_err("it ends at once").to_string();
    assert!(error.contains("the deadline of 0ns has passed: 0 of 1: 1 starting"), "{error}");
    assert!(error.ends_with("task again is failed: task: non-zero exit (3)"), "{error}");
}

#[tokio::test]
async fn tasks_are_told_by_their_slot_or_their_node() {
    let service = |mode: Value| json!({"Spec": {"Name": "web", "Mode": mode}});
    let job = json!([{"ID": "t", "NodeID": "a", "Status": {"State": "running"}, "DesiredState": "complete"}]);
    for (mode, tasks, words) in [
        (json!({"ReplicatedJob": {"TotalCompletions": 1}}), &job, "0 of 1: 0 running"),
        (json!({"Global": {}}), &json!([task("a", "starting", "running")]), "0 of 1: a starting"),
        (json!({"Global": {}}), &json!([]), "0 of 1; no task exists yet: check that a node matches its constraints"),
    ] {
        let engine = Engine::unix(look(&service(mode), tasks, tasks));
        let error = engine.docker(44).service("web").converge().deadline("0s").await.expect_err("not yet");
        assert!(error.to_string().ends_with(words), "{error}");
    }
}
