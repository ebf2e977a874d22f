//! Deployments that were interrupted, on an engine that keeps a lock.

use crate::hanging::{NO_CONTENT, SILENCE, json, serving};
use longshore::Docker;
use longshore::deploy::{Deployment, Project, Service};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

/// An engine that has the volumes, and lists nothing. It does not respond to the first list of containers.
fn engine(listing: Arc<Notify>) -> Docker {
    let (lock, hangs) = (Mutex::new(None), Mutex::new(true));
    serving(move |request, body| {
        let mut lock = lock.lock().expect("the lock");
        let there = |lock: &Option<Value>| match lock {
            Some(lock) => json(200, lock),
            None => json(404, &json!({"message": "no such volume"})),
        };
        match request.split_once(' ').expect("a method") {
            ("POST", path) if path.contains("/volumes/create") => {
                lock.get_or_insert_with(|| serde_json::from_slice(body).expect("JSON"));
                there(&lock)
            }
            ("GET", path) if path.contains("/volumes/shop-prod.lock ") => there(&lock),
            ("DELETE", _) => lock.take().map_or_else(|| there(&None), |_| NO_CONTENT.to_owned()),
            ("GET", path) if path.contains("/containers/json") && std::mem::take(&mut *hangs.lock().expect("it")) => {
                listing.notify_one();
                SILENCE.to_owned()
            }
            _ => json(200, &json!([])),
        }
    })
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn shop(docker: &Docker) -> Deployment {
    Project::new("shop").service("web", Service::new("shop:1")).deployment("prod", docker).expect("a project")
}

#[test]
fn a_deployment_that_is_dropped_with_its_runtime_does_not_lock_out_the_next_one() {
    let listing = Arc::new(Notify::new());
    let docker = engine(listing.clone());
    runtime().block_on(async {
        tokio::select! {
            () = listing.notified() => {}
            done = shop(&docker).teardown() => panic!("it hangs: {done:?}"),
        }
    });
    runtime().block_on(shop(&docker).teardown().into_future()).expect("the lock is released");
}
