//! Updating, renaming, pausing and pruning containers.

use crate::support::{Engine, Response, fixture, on};
use longshore::Timestamp;
use longshore::container::{DeviceMapping, DeviceRequest, Ulimit};
use longshore::container::{MIB, PruneReport, RestartPolicy, ThrottleDevice, UpdateResult, UpdateSpec, WeightDevice};
use serde_json::json;

fn recorded(name: &str) -> Response {
    Response::text(200, &fixture(&format!("docker-20.10.24/{name}")))
}

const UPDATE: &str = "POST /v1.41/containers/web/update";

#[tokio::test]
async fn an_update_sends_what_is_to_be_changed() {
    let set = json!({
        "Memory": 536_870_912, "MemorySwap": -1, "MemoryReservation": 1_048_576, "NanoCpus": 1_500_000_000,
        "CpuShares": 512, "CpuPeriod": 50_000, "CpuQuota": 25_000, "CpusetCpus": "0,1", "CpusetMems": "0", "PidsLimit": 64,
        "BlkioWeight": 300, "CpuRealtimePeriod": 3, "CpuRealtimeRuntime": 2,
        "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3},
    });
    let engine = Engine::unix([
        on(UPDATE).with_json(json!({})).respond(Response::text(200, "{}")),
        on(UPDATE).with_json(set).respond(recorded("container_update.json")),
        on(UPDATE).with_json(json!({"PidsLimit": 0})).respond(Response::text(200, r#"{"Warnings":["no limit",null]}"#)),
    ]);
    let web = engine.docker(41).container("web");
    assert_eq!(web.update(UpdateSpec::new()).await.expect("updated"), UpdateResult::default());
    let spec = UpdateSpec::new().memory("512m").memory_swap(-1).memory_reservation(MIB).cpus(1.5).cpu_shares(512);
    let spec = spec.cpu_period(50_000).cpu_quota(25_000).cpuset_cpus("0,1").cpuset_mems("0").pids_limit(64);
    let spec = spec.cpu_realtime_period(3).cpu_realtime_runtime(2);
    let spec = spec.blkio_weight(300).restart(RestartPolicy::on_failure(3));
    assert!(web.update(&spec).await.expect("updated").warnings().is_empty());
    assert_eq!(web.update(UpdateSpec::new().pids_limit(0)).await.expect("updated").warnings(), ["no limit"]);
}

// behaviour 26: since 1.55 null keeps what is set for single devices, and [] clears it
#[tokio::test]
async fn limits_of_single_devices_are_kept_replaced_or_cleared() {
    let body = json!({
        "BlkioWeightDevice": [{"Path": "/dev/sda", "Weight": 200}], "BlkioDeviceReadBps": [],
        "BlkioDeviceWriteIOps": [{"Path": "/dev/sda", "Rate": 1000}],
    });
    let engine =
        Engine::unix([on("POST /v1.55/containers/web/update").with_json(body).respond(Response::text(200, "{}"))]);
    let disk = || "/dev/sda".to_owned();
    let spec = UpdateSpec {
        blkio_weight_device: Some(vec![WeightDevice { path: disk(), weight: 200 }]),
        blkio_device_read_bps: Some(Vec::new()),
        blkio_device_write_iops: Some(vec![ThrottleDevice { path: disk(), rate: 1000 }]),
        ..UpdateSpec::default()
    };
    engine.docker(55).container("web").update(&spec).await.expect("updated");
    let error = engine.docker(54).container("web").update(&spec).await.expect_err("too old");
    assert!(error.is_version());
    assert_eq!(
        error.message(),
        "changing BlkioWeightDevice requires API 1.55 or later, and this engine speaks API 1.54"
    );
    for set in ["read_bps", "write_bps", "read_iops", "write_iops"] {
        let mut spec = UpdateSpec::new();
        *match set {
            "read_bps" => &mut spec.blkio_device_read_bps,
            "write_bps" => &mut spec.blkio_device_write_bps,
            "read_iops" => &mut spec.blkio_device_read_iops,
            _ => &mut spec.blkio_device_write_iops,
        } = Some(Vec::new());
        assert!(engine.docker(54).container("web").update(spec).await.expect_err("too old").is_version(), "{set}");
    }
}

#[tokio::test]
async fn an_update_of_what_the_api_no_longer_has_is_refused() {
    let engine = Engine::unix([]);
    for (minor, spec, named) in [
        (42, UpdateSpec { kernel_memory: 1 << 20, ..UpdateSpec::new() }, "KernelMemory was removed in API 1.42"),
        (52, UpdateSpec { kernel_memory_tcp: 1 << 20, ..UpdateSpec::new() }, "KernelMemoryTCP was removed in API 1.52"),
    ] {
        let error = engine.docker(minor).container("web").update(spec).await.expect_err("gone");
        assert!(error.is_version() && error.to_string().contains(named), "{error}");
    }
}

#[test]
fn an_update_keeps_every_field() {
    let disk = json!([{"Path": "/dev/sda", "Rate": 1}]);
    let all = json!({
        "CpuShares": 1, "Memory": 2, "CgroupParent": "c", "BlkioWeight": 3,
        "BlkioWeightDevice": [{"Path": "/dev/sda", "Weight": 4}], "BlkioDeviceReadBps": disk, "BlkioDeviceWriteBps": disk,
        "BlkioDeviceReadIOps": disk, "BlkioDeviceWriteIOps": disk, "CpuPeriod": 5, "CpuQuota": 6, "CpuRealtimePeriod": 7,
        "CpuRealtimeRuntime": 8, "CpusetCpus": "0", "CpusetMems": "1",
        "Devices": [{"PathOnHost": "/dev/a", "PathInContainer": "/dev/b", "CgroupPermissions": "r"}],
        "DeviceCgroupRules": ["c 13:* rwm"], "DeviceRequests": [{"Count": -1, "Capabilities": [["gpu"]]}],
        "KernelMemory": 9, "KernelMemoryTCP": 10, "MemoryReservation": 11, "MemorySwap": 12, "MemorySwappiness": 0,
        "NanoCpus": 13, "OomKillDisable": false, "Init": false, "PidsLimit": -1,
        "Ulimits": [{"Name": "nofile", "Soft": 14, "Hard": 15}], "CpuCount": 16, "CpuPercent": 17, "IOMaximumIOps": 18,
        "IOMaximumBandwidth": 19, "RestartPolicy": {"Name": "always", "MaximumRetryCount": 20},
    });
    let spec: UpdateSpec = serde_json::from_value(all.clone()).expect("a specification");
    assert_eq!(
        spec.devices,
        [DeviceMapping { cgroup_permissions: "r".into(), ..DeviceMapping::new("/dev/a", "/dev/b") }]
    );
    assert_eq!(spec.device_requests, [DeviceRequest::gpus(-1)]);
    assert_eq!(spec.ulimits, [Ulimit { name: "nofile".into(), soft: 14, hard: 15 }]);
    assert_eq!(serde_json::to_value(&spec).expect("JSON"), all);
}

#[tokio::test]
async fn an_update_says_why_not() {
    let refused = [
        (404, "No such container: web"),
        (409, "Restart policy cannot be updated because AutoRemove is enabled for the container"),
        (400, "Minimum memory limit allowed is 6MB"),
    ];
    let update = |(status, words)| on(UPDATE).with_json(json!({})).respond(Response::error(status, words));
    let engine = Engine::unix(refused.map(update));
    let web = engine.docker(41).container("web");
    assert!(web.update(UpdateSpec::new()).await.expect_err("none").is_not_found());
    assert!(web.update(UpdateSpec::new()).await.expect_err("removed when it ends").is_conflict());
    assert!(web.update(UpdateSpec::new()).await.expect_err("too little").is_invalid());
    let error = web.update(UpdateSpec::new().memory(-1)).await.expect_err("no size");
    assert!(error.is_invalid() && error.message().contains("512 * MIB"), "{error}");
    let error = web.update(UpdateSpec::new().memory("512q")).await.expect_err("no size");
    assert!(error.is_invalid() && error.message().contains("such as 512m or 1.5g"), "{error}");
}

// behaviour 24
#[tokio::test]
async fn a_rename_sends_the_name() {
    let engine = Engine::unix([
        on("POST /v1.41/containers/web/rename?name=web_2.x").with_header("content-length", "0"),
        on("POST /v1.41/containers/web/rename?name=db")
            .respond(Response::error(409, "The name \"/db\" is already in use")),
        on("POST /v1.41/containers/web/rename?name=web")
            .respond(Response::error(400, "Renaming a container with the same name")),
        on("POST /v1.41/containers/web/rename?name=db").respond(Response::error(404, "No such container: web")),
        on("POST /v1.41/containers/web/rename?name=a"),
    ]);
    let web = engine.docker(41).container("web");
    web.rename("/web_2.x").await.expect("renamed"); // as engines write names
    assert!(web.rename("db").await.expect_err("in use").is_conflict());
    assert!(web.rename("web").await.expect_err("the same").is_invalid());
    assert!(web.rename("db").await.expect_err("none").is_not_found());
    web.rename("a").await.expect("renamed"); // as Podman allows
    for name in ["", " ", "/", "-web", "we b", "a/b", "wéb"] {
        let error = web.rename(name).await.expect_err(name);
        assert!(error.is_invalid() && error.message().contains("invalid container name"), "{error}");
    }
}

// behaviour 25
#[tokio::test]
async fn pausing_and_going_on() {
    let engine = Engine::unix([
        on("POST /v1.41/containers/web/pause").with_header("content-length", "0"),
        on("POST /v1.41/containers/web/pause").respond(Response::error(409, "Container web is already paused")),
        on("POST /v1.41/containers/web/unpause").with_header("content-length", "0"),
        on("POST /v1.41/containers/web/unpause").respond(Response::error(500, "Container web is not paused")),
        on("POST /v1.41/containers/web/pause").respond(Response::error(404, "No such container: web")),
    ]);
    let web = engine.docker(41).container("web");
    web.pause().await.expect("paused");
    assert!(web.pause().await.expect_err("paused").is_conflict());
    web.unpause().await.expect("goes on");
    assert_eq!(web.unpause().await.expect_err("not paused").status(), Some(500));
    assert!(web.pause().await.expect_err("none").is_not_found());
}

#[tokio::test]
async fn a_prune_tells_what_it_freed() {
    let filtered = "POST /v1.41/containers/prune?filters=%7B%22label%22%3A%7B%22app%22%3Atrue%2C%22tier%3Dtest%22%3Atrue%7D%2C\
        %22label%21%22%3A%7B%22keep%22%3Atrue%7D%2C%22until%22%3A%7B%222026-11-24T03%3A19%3A56Z%22%3Atrue%7D%7D";
    let busy = Response::error(409, "a prune operation is already running");
    let engine = Engine::unix([
        on("POST /v1.41/containers/prune").with_header("content-length", "0").respond(recorded("container_prune.json")),
        on(filtered).respond(recorded("container_prune_nothing.json")),
        on("POST /v1.41/containers/prune").respond(Response::text(200, r#"{"SpaceReclaimed":18446744073709551615}"#)),
        on("POST /v1.41/containers/prune").respond(busy),
    ]);
    let containers = engine.docker(41).containers();
    let pruned = containers.prune().await.expect("pruned");
    assert_eq!(pruned.containers_deleted, ["d2c39385b0e1097fd03c6339d6cf8490636edef29bfb67daf9a60ae8321ca6c9"]);
    let until = Timestamp::new(1_795_490_396, 0).expect("a time");
    let prune = containers.prune().label("app").label("tier=test").without_label("keep").until(Timestamp::now());
    assert_eq!(prune.until(until).await.expect("pruned"), PruneReport::default());
    assert_eq!(containers.prune().await.expect("pruned").space_reclaimed, u64::MAX);
    assert!(containers.prune().await.expect_err("two at once").is_conflict());
    for empty in [containers.prune().label(""), containers.prune().without_label(" ")] {
        assert!(empty.await.expect_err("no label").is_invalid());
    }
}
