//! Updating, renaming and pausing containers on a real engine, and raw calls.

use crate::support::real::{Real, shell};
use longshore::ErrorKind;
use longshore::container::{Container, ContainerInspect, ContainerStatus, MIB, RestartMode, RestartPolicy, UpdateSpec};
use serde_json::{Value, json};
use std::time::Duration;

async fn inspect(container: &Container) -> ContainerInspect {
    container.inspect().await.expect("inspected")
}

// behaviour 24
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_renamed_container_is_found_by_its_new_name_alone() {
    let real = Real::with_image().await;
    let (old, new) = (real.name(), real.name());
    let first = real.docker.containers().create(shell("true")).name(&old).await.expect("a container");
    first.rename(&new).await.expect("renamed");
    assert_eq!(inspect(&first).await.name, format!("/{new}"));
    assert_eq!(inspect(&real.docker.container(format!("/{new}"))).await.id, first.id());
    assert!(real.docker.container(&old).inspect().await.expect_err("the old name").is_not_found());
    let second = real.docker.containers().create(shell("true")).name(&old).await.expect("the name is free at once");
    let error = second.rename(&new).await.expect_err("in use");
    assert!(error.is_conflict() && error.message().contains("already in use"), "{error}");
    let error = second.rename(&old).await.expect_err("the same");
    assert!(error.is_invalid(), "{error}");
    let error = real.docker.container(real.name()).rename(real.name()).await.expect_err("none");
    assert!(error.is_not_found(), "{error}");
    let call = real.docker.raw("POST", ["containers", first.id(), "rename"]).query("name", "no/name");
    let error = call.await.expect_err("what is refused here, engines refuse");
    assert!(error.is_invalid(), "{error}");
}

// behaviour 24
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn the_name_of_a_link_is_a_name_too() {
    let real = Real::with_image().await;
    let (db, app, renamed) = (real.name(), real.name(), real.name());
    let linked = real.docker.containers().create(shell("sleep 60")).name(&db).await.expect("a container");
    linked.start().await.expect("started");
    let mut spec = shell("sleep 60");
    spec.host_config.links = vec![format!("{db}:mysql")];
    let container = real.docker.containers().create(spec).name(&app).await.expect("a container");
    container.start().await.expect("started");
    container.rename(&renamed).await.expect("renamed");
    assert_eq!(inspect(&real.docker.container(format!("{renamed}/mysql"))).await.id, linked.id());
}

// behaviour 25
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_paused_container_stands_still_and_goes_on() {
    let real = Real::with_image().await;
    let container = real.run("sleep 60").await;
    container.pause().await.expect("paused");
    let state = inspect(&container).await.state;
    assert_eq!((state.paused, state.running, state.status), (true, true, ContainerStatus::Paused));
    let error = container.pause().await.expect_err("paused already");
    assert!(error.is_conflict(), "{error}");
    let exec = real.docker.raw("POST", ["containers", container.id(), "exec"]).json(&json!({"Cmd": ["true"]}));
    let error = exec.await.expect_err("it stands still");
    assert!(error.is_conflict() && error.message().contains("paused"), "{error}");
    container.unpause().await.expect("goes on");
    let state = inspect(&container).await.state;
    assert_eq!((state.paused, state.running, state.status), (false, true, ContainerStatus::Running));
    let error = container.unpause().await.expect_err("not paused");
    assert!(error.is_conflict() || error.status() == Some(500), "{error}");

    container.pause().await.expect("paused");
    container.stop().timeout(Duration::from_secs(1)).await.expect("stopped");
    assert!(!inspect(&container).await.state.running);
    let error = container.pause().await.expect_err("not running");
    assert!(error.is_conflict(), "{error}");
    let none = real.docker.container(real.name());
    assert!(none.pause().await.expect_err("none").is_not_found());
    assert!(none.unpause().await.expect_err("none").is_not_found());
}

// behaviour 26
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_was_updated_is_inspected() {
    let real = Real::with_image().await;
    let container = real.create(shell("sleep 60").memory(64 * MIB).memory_swap(64 * MIB)).await;
    let policy = RestartPolicy::on_failure(3);
    container.update(UpdateSpec::new().restart(policy.clone())).await.expect("updated");
    assert_eq!(inspect(&container).await.host_config.restart_policy, policy);
    let spec = UpdateSpec::new().memory(96 * MIB).memory_swap("128m").pids_limit(64).cpu_shares(512);
    let spec = spec.cpu_period(100_000).cpu_quota(50_000);
    let updated = container.update(spec).await.expect("updated");
    assert!(updated.warnings().is_empty(), "{updated:?}");
    let host = inspect(&container).await.host_config;
    assert_eq!((host.memory, host.memory_swap, host.pids_limit), (96 * MIB, 128 * MIB, Some(64)));
    assert_eq!((host.cpu_period, host.cpu_quota, host.cpu_shares), (100_000, 50_000, 512));
    assert_eq!(host.restart_policy, policy, "what is not set stays");
    container.update(UpdateSpec::new().pids_limit(0)).await.expect("updated");
    assert!(inspect(&container).await.host_config.pids_limit.is_none_or(|limit| limit <= 0));
    container.update(UpdateSpec::new().restart(RestartPolicy::no())).await.expect("updated");
    assert_eq!(inspect(&container).await.host_config.restart_policy.name, RestartMode::No);

    let error = container.update(UpdateSpec::new().memory(256 * MIB)).await.expect_err("above memory and swap");
    assert!(error.is_conflict() || error.is_invalid(), "{error}");
    assert!(error.message().contains("memoryswap"), "{error}");
    let error = container.update(UpdateSpec::new().memory(1)).await.expect_err("too little");
    assert!(error.is_invalid(), "{error}");
    let none = real.docker.container(real.name());
    assert!(none.update(UpdateSpec::new()).await.expect_err("none").is_not_found());
}

// behaviour 26
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_is_removed_when_it_ends_is_not_restarted() {
    let real = Real::with_image().await;
    let container = real.create(shell("sleep 60").auto_remove(true)).await;
    let error = container.update(UpdateSpec::new().restart(RestartPolicy::always())).await.expect_err("auto-removed");
    assert!(error.is_conflict(), "{error}");
}

// behaviour 26: a limit of a single device is kept, replaced and cleared; older engines would ignore it
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn limits_of_single_devices_need_a_new_engine() {
    let real = Real::with_image().await;
    let container = real.create(shell("true")).await;
    let clear = UpdateSpec { blkio_device_read_bps: Some(Vec::new()), ..UpdateSpec::default() };
    let outcome = container.update(clear).await;
    if real.api_version().await >= longshore::Version::new(1, 55) {
        outcome.expect("cleared");
    } else {
        assert!(outcome.expect_err("too old").is_version());
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn raw_calls_reach_what_has_no_method() {
    let real = Real::with_image().await;
    let plugins: Option<Vec<Value>> =
        real.docker.raw("GET", ["plugins"]).await.expect("plugins").json().await.expect("JSON");
    println!("{} plugins", plugins.unwrap_or_default().len());
    let ping = real.docker.raw("GET", ["_ping"]).versioned(false).await.expect("a ping");
    assert!(ping.header("api-version").is_some());
    assert_eq!(ping.text().await.expect("text"), "OK");
    // behaviour 4
    for (method, path) in [("GET", "no/such/page"), ("PATCH", "info")] {
        let error = real.docker.raw(method, [path]).await.expect_err("no such route");
        assert!(error.is_not_found(), "{error}");
        assert_eq!(error.message(), "page not found");
    }
    // behaviour 7
    let error =
        real.docker.raw("POST", ["volumes", "create"]).upload("text/plain", &b"{}"[..]).await.expect_err("no JSON");
    assert!(!error.message().is_empty() && error.kind() == ErrorKind::Status, "{error}");
    let filters = json!({"name": {real.prefix(): true}}).to_string();
    let container = real.create(shell("true")).await;
    let list = real.docker.raw("GET", ["containers", "json"]).query("all", true).query("filters", filters);
    let list: Vec<Value> = list.await.expect("a list").json().await.expect("JSON");
    assert_eq!(list[0]["Id"], container.id());
}
