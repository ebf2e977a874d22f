//! Stats as engines send them for cgroup v1, cgroup v2, Windows, and a stopped container.

use super::ContainerStats;
use serde_json::{Value, json};

fn decoded(document: &Value) -> ContainerStats {
    serde_json::from_value(document.clone()).expect("stats")
}

/// Every field of API 1.55: those of cgroup v1 and those of Windows.
fn whole() -> Value {
    let entries = |value: u64| {
        json!([
            {"major": 254, "minor": 0, "op": "Read", "value": value},
            {"major": 254, "minor": 0, "op": "Write", "value": u64::MAX}
        ])
    };
    let cpu = |total: u64, system: u64| {
        json!({
            "cpu_usage": {
                "total_usage": total, "percpu_usage": [total - 1, 1], "usage_in_kernelmode": 30, "usage_in_usermode": 40
            },
            "system_cpu_usage": system, "online_cpus": 4,
            "throttling_data": {"periods": 9, "throttled_periods": 2, "throttled_time": 1_000_000}
        })
    };
    json!({
        "id": "ede54ee1afda", "name": "/web", "os_type": "linux",
        "read": "2026-11-24T04:00:01.000000001Z", "preread": "2026-11-24T04:00:00Z",
        "cpu_stats": cpu(3_000, 20_000), "precpu_stats": cpu(1_000, 12_000),
        "memory_stats": {
            "usage": 1_000, "max_usage": 2_000, "failcnt": 3, "limit": 4_000,
            "stats": {"cache": 500, "inactive_file": 10, "total_inactive_file": 200, "hierarchical_memsw_limit": u64::MAX},
            "commitbytes": 1, "commitpeakbytes": 2, "privateworkingset": 3
        },
        "networks": {
            "eth0": {
                "rx_bytes": 1, "rx_packets": 2, "rx_errors": 3, "rx_dropped": 4, "tx_bytes": 5, "tx_packets": 6,
                "tx_errors": 7, "tx_dropped": u64::MAX, "endpoint_id": "e", "instance_id": "i"
            }
        },
        "pids_stats": {"current": 3, "limit": u64::MAX},
        "blkio_stats": {
            "io_service_bytes_recursive": entries(1), "io_serviced_recursive": entries(2),
            "io_queue_recursive": entries(3), "io_service_time_recursive": entries(4),
            "io_wait_time_recursive": entries(5), "io_merged_recursive": entries(6), "io_time_recursive": entries(7),
            "sectors_recursive": entries(8)
        },
        "num_procs": 0,
        "storage_stats": {
            "read_count_normalized": 1, "read_size_bytes": 2, "write_count_normalized": 3, "write_size_bytes": 4
        }
    })
}

#[test]
fn keeps_every_field_of_api_1_55() {
    let document = whole();
    assert_eq!(serde_json::to_value(decoded(&document)).expect("JSON"), document);
}

fn near(value: f64, expected: f64) -> bool {
    (value - expected).abs() < 1e-9
}

#[test]
fn a_sum_that_is_too_large_is_the_largest_number() {
    let entry = json!({"op": "read", "value": u64::MAX});
    let network = json!({"rx_bytes": u64::MAX, "tx_bytes": u64::MAX});
    let stats = decoded(&json!({
        "blkio_stats": {"io_service_bytes_recursive": [entry, entry]}, "networks": {"eth0": network, "eth1": network}
    }));
    let summary = stats.summary();
    assert_eq!((summary.block_read, summary.block_written), (u64::MAX, 0));
    assert_eq!((summary.network_received, summary.network_sent), (u64::MAX, u64::MAX));
}

#[test]
fn counts_as_the_docker_cli_does_with_cgroup_v1() {
    let stats = decoded(&whole());
    assert!(near(stats.cpu_percent(), 2_000.0 / 8_000.0 * 4.0 * 100.0));
    assert_eq!(stats.memory_usage(), 800);
    assert!(near(stats.memory_percent(), 20.0));

    let mut document = whole();
    document["cpu_stats"]["online_cpus"] = json!(0); // falls back to the number of CPUs with a time of their own
    assert!(near(decoded(&document).cpu_percent(), 50.0));
    document["cpu_stats"]["system_cpu_usage"] = json!(11_000); // the clock went backwards
    assert!(near(decoded(&document).cpu_percent(), 0.0));
    document["memory_stats"]["stats"]["total_inactive_file"] = json!(1_000); // implausible: not below the usage
    assert_eq!(decoded(&document).memory_usage(), 990);
}

#[test]
fn counts_as_the_docker_cli_does_with_cgroup_v2() {
    let stats = decoded(&json!({
        "cpu_stats": {"cpu_usage": {"total_usage": 500, "percpu_usage": null}, "system_cpu_usage": 2_000, "online_cpus": 2},
        "precpu_stats": {"cpu_usage": {"total_usage": 0}, "throttling_data": null},
        "memory_stats": {"usage": 100, "limit": 200, "stats": {"anon": 60, "inactive_file": 30}},
        "blkio_stats": {"io_service_bytes_recursive": null, "io_serviced_recursive": null}, "networks": null
    }));
    assert!(near(stats.cpu_percent(), 50.0));
    assert_eq!(stats.memory_usage(), 70);
    assert!(near(stats.memory_percent(), 35.0));
}

#[test]
fn counts_as_the_docker_cli_does_on_windows() {
    for os in [json!(null), json!("windows")] {
        let stats = decoded(&json!({
            "os_type": os, "num_procs": 2, "read": "2026-11-24T04:00:01Z", "preread": "2026-11-24T04:00:00Z",
            "cpu_stats": {"cpu_usage": {"total_usage": 15_000_000}},
            "precpu_stats": {"cpu_usage": {"total_usage": 10_000_000}},
            "memory_stats": {"commitbytes": 9, "privateworkingset": 7}
        }));
        assert!(near(stats.cpu_percent(), 25.0));
        assert_eq!(stats.memory_usage(), 7);
        assert!(near(stats.memory_percent(), 0.0));
    }
}

#[test]
fn of_what_does_not_run_there_is_nothing() {
    let stub = json!({
        "read": "0001-01-01T00:00:00Z", "preread": "0001-01-01T00:00:00Z", "pids_stats": {},
        "blkio_stats": {"io_service_bytes_recursive": null}, "num_procs": 0, "storage_stats": {},
        "cpu_stats": {"cpu_usage": {"total_usage": 0}, "throttling_data": {"periods": 0}}, "precpu_stats": null,
        "memory_stats": {}, "name": "/web", "id": "ede54ee1afda"
    });
    let stats = decoded(&stub);
    assert_eq!((stats.read, stats.preread, stats.name.as_deref()), (None, None, Some("/web")));
    assert_eq!((stats.memory_usage(), stats.networks.len()), (0, 0));
    assert!(near(stats.cpu_percent(), 0.0) && near(stats.memory_percent(), 0.0));
    let nothing = ContainerStats { id: stats.id.clone(), name: stats.name.clone(), ..ContainerStats::default() };
    assert_eq!(stats, nothing);
}
