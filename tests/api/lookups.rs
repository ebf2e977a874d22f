//! Calls that look something up, or copy: their limits, and what they refuse.

use crate::support::{Engine, Response, on};
use longshore::{Docker, Limits};
use std::time::Duration;

const WHOLE: Duration = Duration::from_millis(50);

fn limits() -> Limits {
    Limits::new().whole(WHOLE)
}

/// An engine that says nothing to this request.
fn silent(request: &str) -> (Engine, Docker) {
    let engine = Engine::unix([on(request).respond(Response::raw("").stall())]);
    let docker = engine.docker(41);
    (engine, docker)
}

fn is_reached<T: std::fmt::Debug>(result: longshore::Result<T>) {
    let error = result.expect_err("nothing comes");
    assert!(error.is_timeout() && error.message().starts_with("timed out after 50ms"), "{error}");
}

#[tokio::test]
async fn each_has_limits_of_its_own() {
    let (_engine, docker) = silent("GET /v1.41/containers/web/json");
    is_reached(docker.container("web").mapped_port(80).limits(limits()).await);
    let (_engine, docker) = silent("GET /v1.41/images/web/json");
    is_reached(docker.images().exists("web").limits(limits()).await);
    let (_engine, docker) = silent("GET /v1.41/secrets/token");
    is_reached(docker.secret("token").reference("token").limits(limits()).await);
    let (_engine, docker) = silent("GET /v1.41/configs/site");
    is_reached(docker.config("site").reference("/etc/site").limits(limits()).await);
}

#[cfg(feature = "tar")]
#[tokio::test]
async fn copies_have_limits_of_their_own() {
    let (_engine, docker) = silent("HEAD /v1.41/containers/web/archive?path=%2Fx");
    is_reached(docker.container("web").read_file("/x").limits(limits()).await);
    let (_engine, docker) = silent("GET /v1.41/containers/web/archive?path=%2Fx");
    is_reached(docker.container("web").copy_from("/x", "/nowhere").limits(limits()).await);
    let (_engine, docker) = silent("HEAD /v1.41/containers/web/archive?path=%2Fx");
    is_reached(docker.container("web").copy_to(".", "/x").limits(limits()).await);
}

#[tokio::test]
async fn a_name_that_is_none_is_refused_before_anything_is_sent() {
    let engine = Engine::unix([]);
    for name in ["We b", "", "web:la test", "https://web"] {
        let error = engine.docker(41).images().exists(name).await.expect_err(name);
        assert!(error.is_invalid(), "{error}");
    }
    assert_eq!(engine.connections(), 0);
}
