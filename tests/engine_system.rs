//! The system's operations on a real engine.

mod support;

use support::real::{Real, variable};

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn smoke() {
    let real = Real::with_image().await;
    let c = real.run("sleep 60").await;
    println!("{} {}", c.id(), variable("DOCKER_HOST"));
}
