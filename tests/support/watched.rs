//! Calls with a secret in every place that observers and traces must not show.

use super::{Engine, Response, on};
use longshore::container::ContainerSpec;
use longshore::{Credentials, Docker};

pub fn engine() -> Engine {
    Engine::unix([
        on("HEAD /_ping").respond(Response::ping("1.44")),
        on("GET /v1.44/containers/json?filters=%7B%22label%22%3A%7B%22hunter2%22%3Atrue%7D%7D")
            .respond(Response::text(200, "[]")),
        on("POST /v1.44/containers/hunter2/start").respond(Response::error(404, "No such container: hunter2")),
        on("POST /v1.44/images/create?fromImage=docker.io%2Flibrary%2Fx&tag=latest")
            .respond(Response::error(401, "no")),
        on("POST /v1.44/containers/create")
            .with_json(serde_json::json!({"Image": "x", "Env": ["P=hunter2"]}))
            .respond(Response::json(201, serde_json::json!({"Id": "hunter2", "Warnings": ["hunter2"]}))),
    ])
}

pub async fn calls(docker: &Docker) {
    docker.containers().list().label("hunter2").await.expect("a list");
    docker.container("hunter2").start().await.expect_err("absent");
    let credentials = Credentials::password("me", "hunter2");
    docker.images().pull("x").credentials(&credentials).await.expect_err("unauthorized");
    docker.containers().create(ContainerSpec::new("x").env("P", "hunter2")).await.expect("a container");
}
