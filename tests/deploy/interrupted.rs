//! Deployments that were interrupted, and removals, on an engine that has a lock and containers.

use crate::hanging::{NO_CONTENT, SILENCE, json, serving};
use crate::projects::deployed;
use longshore::Docker;
use longshore::deploy::{Cause, Deployment, Project, Service};
use serde_json::{Value, json};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::time::timeout;

#[derive(Clone, Default)]
struct Engine {
    lock: Arc<Mutex<Option<Value>>>,
    containers: Vec<Value>,
    /// Told of the first list of containers, to which there is no response.
    listing: Option<Arc<Notify>>,
    /// What each stop of a container waits for.
    stops: Option<Arc<Barrier>>,
}

impl Engine {
    fn docker(&self) -> Docker {
        let (this, listing) = (self.clone(), Mutex::new(self.listing.clone()));
        serving(move |request, body| match request.split_once(' ').expect("a method") {
            ("POST", path) if path.contains("/volumes/create") => {
                let body = || serde_json::from_slice(body).expect("JSON");
                json(201, this.lock.lock().expect("the lock").get_or_insert_with(body))
            }
            ("POST", path) if path.contains("/stop") => {
                if let Some(stops) = &this.stops {
                    stops.wait();
                }
                NO_CONTENT.to_owned()
            }
            ("DELETE", path) if path.contains("/volumes/") => {
                *this.lock.lock().expect("the lock") = None;
                NO_CONTENT.to_owned()
            }
            ("DELETE", _) => NO_CONTENT.to_owned(),
            ("GET", path) if path.contains("/volumes/") => match &*this.lock.lock().expect("the lock") {
                Some(lock) => json(200, lock),
                None => json(404, &json!({"message": "no such volume"})),
            },
            ("GET", path) if path.contains("/containers/json") => match listing.lock().expect("it").take() {
                Some(listing) => {
                    listing.notify_one();
                    SILENCE.to_owned()
                }
                None => json(200, &json!(this.containers)),
            },
            (_, path) if path.contains("/volumes?") => {
                json(200, &json!({"Volumes": this.lock.lock().expect("the lock").iter().collect::<Vec<_>>()}))
            }
            (_, path) if path.contains("/networks?") => json(200, &json!([{"Name": "shop-prod", "Id": "1"}])),
            _ => json(200, &json!([])),
        })
    }

    fn shop(&self, replicas: u32) -> Deployment {
        let shop = Project::new("shop").service("web", Service::new("shop:1").replicas(replicas));
        shop.deployment("prod", &self.docker()).expect("a project")
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

#[test]
fn a_deployment_that_is_dropped_with_its_runtime_does_not_lock_out_the_next_one() {
    let listing = Arc::new(Notify::new());
    let engine = Engine { listing: Some(listing.clone()), ..Engine::default() };
    let shop = engine.shop(0);
    runtime().block_on(async {
        tokio::select! {
            () = listing.notified() => {}
            done = shop.teardown() => panic!("it hangs: {done:?}"),
        }
    });
    runtime().block_on(shop.teardown().into_future()).expect("the lock is released");
}

#[tokio::test]
async fn a_lock_that_a_killed_deployer_has_left_is_removed_even_if_nothing_has_to_change() {
    let lock = |lease: &str| json!({"Name": "shop-prod.lock", "Labels": {"dev.longshore.lease": lease}});
    for (lease, stays) in [("0", false), ("99999999999", true)] {
        let engine = Engine { lock: Arc::new(Mutex::new(Some(lock(lease)))), ..Engine::default() };
        let plan = engine.shop(0).plan().await.expect("a plan");
        assert!(plan.is_empty(), "{plan}");
        plan.apply().await.expect("nothing to do");
        assert_eq!(engine.lock.lock().expect("the lock").is_some(), stays, "{lease}");
        *engine.lock.lock().expect("the lock") = Some(lock(lease));
        engine.shop(0).apply().await.expect("nothing to do");
        assert_eq!(engine.lock.lock().expect("the lock").is_some(), stays, "{lease}");
    }
}

#[tokio::test]
async fn several_containers_are_stopped_at_the_same_time() {
    let containers = ["1", "2", "3"].map(|replica| {
        let mut found = deployed("web");
        (found["Id"], found["Names"]) = (json!(replica), json!([format!("/shop-prod-web-{replica}")]));
        found["Labels"]["dev.longshore.replica"] = json!(replica);
        found
    });
    let stops = Some(Arc::new(Barrier::new(containers.len())));
    let engine = Engine { containers: containers.into(), stops, ..Engine::default() };
    let limit = Duration::from_secs(20);
    timeout(limit, engine.shop(3).scale("web", 0)).await.expect("at the same time").expect("removed");
    timeout(limit, engine.shop(3).teardown().into_future()).await.expect("at the same time").expect("removed");
}

/// Another deployer may have created them anew.
#[tokio::test]
async fn a_teardown_leaves_the_networks_once_its_lease_is_over() {
    let shop = Engine::default().shop(0).lease(Duration::from_nanos(1));
    let failure = shop.teardown().await.expect_err("it is another's");
    assert!(matches!(failure.cause(), Cause::LeaseOver), "{failure}");
}
