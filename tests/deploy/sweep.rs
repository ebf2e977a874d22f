//! What killed runs have left, and what of it is removed.

use crate::support::{Engine, Response, on};
use longshore::deploy::{Step, sweep};
use serde_json::{Value, json};
use std::time::Duration;

const LIST: &str =
    "GET /v1.41/containers/json?all=true&filters=%7B%22label%22%3A%7B%22dev.longshore.run%22%3Atrue%7D%7D";
const NETWORKS: &str = "GET /v1.41/networks?filters=%7B%22dangling%22%3A%7B%22true%22%3Atrue%7D%2C%22label%22%3A%7B%22dev.longshore.run%22%3Atrue%7D%7D";

fn container(name: &str, state: &str, is_temporary: bool, age: Duration) -> Value {
    let created = std::time::SystemTime::now() - age;
    let created = created.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let labels = if is_temporary {
        json!({"dev.longshore.run": "6e90", "dev.longshore.run.temporary": "true"})
    } else {
        json!({"dev.longshore.run": "6e90"})
    };
    json!({"Id": name, "Names": [format!("/{name}")], "State": state, "Labels": labels, "Created": created})
}

#[tokio::test]
async fn the_running_stay_unless_they_were_to_be_removed_on_drop() {
    let (old, young) = (Duration::from_secs(7200), Duration::from_secs(60));
    let found = json!([
        container("service", "running", false, old),
        container("fixture", "running", true, old),
        container("new-fixture", "running", true, young),
        container("ended", "exited", false, old),
    ]);
    let engine = Engine::unix([
        on(LIST).respond(Response::json(200, found)),
        on("DELETE /v1.41/containers/fixture?force=true&v=true"),
        on("DELETE /v1.41/containers/ended?force=true&v=true"),
        on(NETWORKS).respond(Response::text(200, "[]")),
    ]);
    let removed = sweep(&engine.docker(41), "1h").await.expect("swept");
    assert_eq!(removed, ["fixture", "ended"]);
    let failure = sweep(&engine.docker(41), "old").await.expect_err("no duration");
    assert_eq!(failure.step(), Step::Check);
    assert!(failure.to_string().contains("invalid duration \"old\": use "), "{failure}");
}
