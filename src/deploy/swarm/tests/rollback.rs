//! Which services a rollback takes back.

use super::super::rollback::services;
use super::{docker, observed, service, shop_of};
use crate::deploy::plan::label;
use crate::deploy::swarm::SwarmDeployment;
use crate::deploy::{Ready, Service};
use crate::service::{ServiceInspect, ServiceSpec};
use serde_json::json;

const NOTHING: &str = "there is no earlier version to go back to";

fn shop() -> SwarmDeployment {
    let job = Service::new("job").ready(Ready::exited());
    shop_of(&docker(), [("db", Service::new("db")), ("job", job), ("web", Service::new("web"))])
}

/// A service by the releases and versions of its present and its previous specification.
fn found(shop: &SwarmDeployment, name: &str, now: (&str, &str), before: Option<(&str, &str)>) -> ServiceInspect {
    let spec = |(release, version): (&str, &str)| -> ServiceSpec {
        let spec = service(shop, name).spec.clone();
        spec.label(label::RELEASE, release).label(label::DIGEST, version)
    };
    let found = json!({"ID": name, "Spec": spec(now), "PreviousSpec": before.map(spec)});
    serde_json::from_value(found).expect("a service")
}

type Seen<'a> = (&'a str, (&'a str, &'a str), Option<(&'a str, &'a str)>);

/// The services that are rolled back, and to which release.
fn rolled_back<const N: usize>(seen: [Seen<'_>; N]) -> Result<Vec<String>, String> {
    let shop = shop();
    let seen = observed(seen.map(|(name, now, before)| found(&shop, name, now, before)));
    let services = services(&shop.stack, &seen).map_err(|failure| failure.cause().to_string())?;
    Ok(services
        .iter()
        .map(|(service, earlier)| {
            format!("{} {}", service.name, earlier.labels.get(label::RELEASE).map_or("none", String::as_str))
        })
        .collect())
}

#[test]
fn the_services_that_changed_last_are_rolled_back() {
    let back = |services: &[&str]| Ok(services.iter().map(|service| (*service).to_owned()).collect());
    let (db, web) = (("db", ("r2", "b"), Some(("r1", "a"))), ("web", ("r3", "b"), Some(("r1", "a"))));
    assert_eq!(rolled_back([db, web]), back(&["web r1"]));
    let with_db = ("web", ("r2", "b"), Some(("r1", "a")));
    assert_eq!(rolled_back([db, with_db]), back(&["db r1", "web r1"]));
    assert_eq!(rolled_back([db, ("web", ("r3", "a"), None)]), back(&["db r1"]), "a new service has no earlier version");
    let job = ("job", ("r3", "b"), Some(("r1", "a")));
    assert_eq!(rolled_back([db, job]), back(&["db r1"]), "a job would run again");
    let (cache, gone) = (("db", ("r2", "b"), Some(("r1", "a"))), ("web", ("r1", "a"), Some(("r3", "b"))));
    assert_eq!(rolled_back([cache, gone]), Err(NOTHING.to_owned()), "the last deployment is rolled back already");
    let interrupted = ("web", ("r1", "a"), Some(("r2", "b")));
    assert_eq!(rolled_back([db, interrupted]), back(&["db r1"]), "the other one is back already");
}

#[test]
fn a_second_rollback_does_not_go_forward() {
    let swapped = [("db", ("r1", "a"), Some(("r2", "b"))), ("web", ("r1", "a"), Some(("r2", "b")))];
    assert_eq!(rolled_back(swapped), Err(NOTHING.to_owned()));
    assert_eq!(rolled_back([("web", ("r1", "a"), None)]), Err(NOTHING.to_owned()), "the swarm went back by itself");
    assert_eq!(rolled_back([]), Err(NOTHING.to_owned()));
}

#[test]
fn a_version_that_the_swarm_has_forgotten_is_refused() {
    let scaled = ("web", ("r3", "b"), Some(("r3", "b")));
    let rewritten = ("web", ("r4", "b"), Some(("r3", "b")));
    let (db, with_web) = (("db", ("r2", "b"), Some(("r1", "a"))), ("db", ("r3", "b"), Some(("r1", "a"))));
    for seen in [[db, scaled], [with_web, scaled], [db, rewritten]] {
        let why = rolled_back(seen).expect_err("it would change nothing but a number");
        assert!(why.contains("web: the swarm no longer knows its earlier version"), "{why}");
    }
    // The number of tasks is not a part of the version.
    let shop = shop();
    let mut web = found(&shop, "web", ("r3", "b"), Some(("r3", "b")));
    web.spec = web.spec.replicas(5);
    assert!(services(&shop.stack, &observed([web])).is_err());
}
