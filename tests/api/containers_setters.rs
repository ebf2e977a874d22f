//! What the setters of a container's specification send.

use crate::support::{Engine, Response, fixture, on};
use longshore::container::{
    ContainerSpec, DeviceMapping, DeviceRequest, GIB, Healthcheck, LogConfig, MIB, Mount, Port, Propagation,
    RestartPolicy, Ulimit,
};
use longshore::network::EndpointSettings;
use serde_json::json;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

#[tokio::test]
async fn every_setter_of_the_process() {
    let spec = ContainerSpec::new("nginx:1.27")
        .cmd(["nginx", "-g", "daemon off;"])
        .entrypoint(["/init"])
        .env("MODE", "prod")
        .label("app", "web")
        .user("1000:1000")
        .working_dir("/srv")
        .hostname("box")
        .domainname("example.com")
        .health(
            Healthcheck::shell("curl -f localhost")
                .interval(Duration::from_secs(5))
                .timeout(Duration::from_millis(1500))
                .start_period(Duration::from_secs(30))
                .retries(3),
        )
        .stop_signal("quit")
        .stop_timeout(Duration::MAX)
        .tty(true)
        .open_stdin(true)
        .expose(Port::sctp(9))
        .expose("7000-7001/udp")
        .expose(80);
    let body = json!({
        "Image": "nginx:1.27", "Cmd": ["nginx", "-g", "daemon off;"], "Entrypoint": ["/init"], "Env": ["MODE=prod"],
        "Labels": {"app": "web"}, "User": "1000:1000", "WorkingDir": "/srv", "Hostname": "box", "Domainname": "example.com", "StopSignal": "SIGQUIT",
        "StopTimeout": -1, "Tty": true, "OpenStdin": true, "ExposedPorts": {"9/sctp": {}, "7000/udp": {}, "7001/udp": {}, "80/tcp": {}},
        "Healthcheck": {
            "Test": ["CMD-SHELL", "curl -f localhost"], "Interval": 5_000_000_000_u64, "Timeout": 1_500_000_000_u64,
            "StartPeriod": 30_000_000_000_u64, "Retries": 3
        },
    });
    let create = on("POST /v1.41/containers/create?name=web&platform=linux%2Farm64%2Fv8")
        .with_json(body)
        .respond(Response::text(201, &fixture("docker-20.10.24/container_create.json")));
    let engine = Engine::unix([create]);
    let call = engine.docker(41).containers().create(spec).name("/web").platform("linux/arm64/v8");
    let web = call.await.expect("a container");
    assert_eq!((web.id().len(), web.warnings().len()), (64, 0));
}

#[tokio::test]
async fn every_setter_of_the_host() {
    let spec = ContainerSpec::new("nginx")
        .publish(8080, 80)
        .publish_on(Ipv6Addr::LOCALHOST, 0, Port::udp(53))
        .bind("/src", "/dst")
        .bind_read_only("/etc/ssl", "/etc/ssl")
        .volume("data", "/data")
        .tmpfs("/run:size=16m")
        .mount(Mount::bind("/a", "/b").propagation(Propagation::RSlave))
        .memory(GIB)
        .memory_swap(-1)
        .cpus(0.25)
        .pids_limit(100)
        .shm_size(MIB)
        .restart(RestartPolicy::unless_stopped())
        .auto_remove(true)
        .privileged(true)
        .read_only(true)
        .init(false)
        .cap_add("NET_ADMIN")
        .cap_drop("ALL")
        .security_opt("no-new-privileges")
        .sysctl("net.core.somaxconn", "256")
        .extra_host("db", "host-gateway")
        .extra_host("six", "[2001:db8::1]")
        .dns(Ipv4Addr::new(9, 9, 9, 9))
        .ulimit("nofile=1:2")
        .ulimit("nofile=1024:2048")
        .device("/dev/fuse")
        .gpus(2)
        .log(LogConfig::new("json-file").option("max-size", "10m"))
        .network_with("back", EndpointSettings::new().alias("web").ipv4(Ipv4Addr::new(172, 20, 0, 9)));
    let body = json!({
        "Image": "nginx", "ExposedPorts": {"80/tcp": {}, "53/udp": {}},
        "HostConfig": {
            "PortBindings": {"80/tcp": [{"HostPort": "8080"}], "53/udp": [{"HostIp": "::1"}]},
            "Mounts": [
                {"Type": "bind", "Source": "/src", "Target": "/dst"},
                {"Type": "bind", "Source": "/etc/ssl", "Target": "/etc/ssl", "ReadOnly": true},
                {"Type": "volume", "Source": "data", "Target": "/data"},
                {"Type": "bind", "Source": "/a", "Target": "/b", "BindOptions": {"Propagation": "rslave"}},
            ],
            "Tmpfs": {"/run": "size=16777216"}, "Memory": 1_073_741_824, "MemorySwap": -1, "NanoCpus": 250_000_000, "PidsLimit": 100, "ShmSize": 1_048_576,
            "RestartPolicy": {"Name": "unless-stopped"}, "AutoRemove": true, "Privileged": true, "ReadonlyRootfs": true,
            "Init": false, "CapAdd": ["NET_ADMIN"], "CapDrop": ["ALL"], "SecurityOpt": ["no-new-privileges"],
            "Sysctls": {"net.core.somaxconn": "256"}, "ExtraHosts": ["db:host-gateway", "six:2001:db8::1"], "Dns": ["9.9.9.9"],
            "Ulimits": [{"Name": "nofile", "Soft": 1024, "Hard": 2048}],
            "Devices": [{"PathOnHost": "/dev/fuse", "PathInContainer": "/dev/fuse", "CgroupPermissions": "rwm"}],
            "DeviceRequests": [{"Count": 2, "Capabilities": [["gpu"]]}],
            "LogConfig": {"Type": "json-file", "Config": {"max-size": "10m"}}, "NetworkMode": "back",
        },
        "NetworkingConfig": {"EndpointsConfig": {
            "back": {"Aliases": ["web"], "IPAMConfig": {"IPv4Address": "172.20.0.9"}},
        }},
    });
    let answer = json!({"Id": "8dfafdbc3a40", "Warnings": ["no swap", null]});
    let engine =
        Engine::unix([on("POST /v1.41/containers/create").with_json(body).respond(Response::json(201, &answer))]);
    let web = engine.docker(41).containers().create(spec).await.expect("a container");
    assert_eq!((web.id(), web.warnings()), ("8dfafdbc3a40", ["no swap".to_owned()].as_slice()));
}

#[tokio::test]
async fn every_setter_of_limits_and_devices() {
    let spec = ContainerSpec::new("nginx")
        .memory_reservation("64m")
        .memory_swappiness(10)
        .oom_kill_disable(true)
        .oom_score_adj(-500)
        .cpu_shares(512)
        .cpu_period(50_000)
        .cpu_quota(25_000)
        .cpuset_cpus("0-3")
        .cpuset_mems("0,1")
        .pids_limit(-1)
        .ulimit(Ulimit::new("core", 0, -1))
        .blkio_weight(300)
        .blkio_weight_device("/dev/sda", 200)
        .device_read_bps("/dev/sda", "1m")
        .device_write_bps("/dev/sda", 1024)
        .device_read_iops("/dev/sda", 10)
        .device_write_iops("/dev/sda", 20)
        .cgroup_parent("/jobs")
        .device("/dev/sda:/dev/xvda:r")
        .device(DeviceMapping::new("/dev/a", "/dev/b").permissions("rw"))
        .device("vendor.com/gpu=0")
        .device("vendor.com/gpu=1")
        .device_cgroup_rule("c 13:* rwm")
        .gpus("device=0,2")
        .gpus(DeviceRequest::gpus(-1));
    let body = json!({
        "Image": "nginx",
        "HostConfig": {
            "MemoryReservation": 67_108_864, "MemorySwappiness": 10, "OomKillDisable": true, "OomScoreAdj": -500,
            "CpuShares": 512, "CpuPeriod": 50_000, "CpuQuota": 25_000, "CpusetCpus": "0-3", "CpusetMems": "0,1",
            "PidsLimit": -1, "Ulimits": [{"Name": "core", "Hard": -1}], "BlkioWeight": 300,
            "BlkioWeightDevice": [{"Path": "/dev/sda", "Weight": 200}],
            "BlkioDeviceReadBps": [{"Path": "/dev/sda", "Rate": 1_048_576}],
            "BlkioDeviceWriteBps": [{"Path": "/dev/sda", "Rate": 1024}],
            "BlkioDeviceReadIOps": [{"Path": "/dev/sda", "Rate": 10}],
            "BlkioDeviceWriteIOps": [{"Path": "/dev/sda", "Rate": 20}], "CgroupParent": "/jobs",
            "Devices": [
                {"PathOnHost": "/dev/sda", "PathInContainer": "/dev/xvda", "CgroupPermissions": "r"},
                {"PathOnHost": "/dev/a", "PathInContainer": "/dev/b", "CgroupPermissions": "rw"},
            ],
            "DeviceCgroupRules": ["c 13:* rwm"],
            "DeviceRequests": [
                {"Driver": "cdi", "DeviceIDs": ["vendor.com/gpu=0", "vendor.com/gpu=1"]},
                {"DeviceIDs": ["0", "2"], "Capabilities": [["gpu"]]},
                {"Count": -1, "Capabilities": [["gpu"]]},
            ],
        },
    });
    created(body, spec).await;
}

#[tokio::test]
async fn every_setter_of_namespaces_and_mounts() {
    let spec = ContainerSpec::new("nginx")
        .group_add("audio")
        .ipc_mode("shareable")
        .pid_mode("host")
        .userns_mode("host")
        .uts_mode("host")
        .cgroupns_mode("private")
        .security_opt("seccomp=unconfined")
        .runtime("runc")
        .annotation("org.example", "a")
        .storage_opt("size", "120G")
        .restart("on-failure:3")
        .publish_all_ports(true)
        .dns("2001:db8::1")
        .dns_search("example.com")
        .dns_option("ndots:2")
        .volumes_from("db:ro")
        .mount("/srv:/srv:ro,z")
        .mount("data:/data:ro")
        .mount("/cache")
        .mount("type=bind,source=/a,target=/b,bind-recursive=disabled")
        .tmpfs("/tmp:size=50%,noexec")
        .network_with("back", EndpointSettings::new().link("db:database").link_local_ip("169.254.0.9"));
    let body = json!({
        "Image": "nginx", "Volumes": {"/cache": {}},
        "HostConfig": {
            "GroupAdd": ["audio"], "IpcMode": "shareable", "PidMode": "host", "UsernsMode": "host", "UTSMode": "host",
            "CgroupnsMode": "private", "SecurityOpt": ["seccomp=unconfined"], "Runtime": "runc",
            "Annotations": {"org.example": "a"}, "StorageOpt": {"size": "120G"},
            "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}, "PublishAllPorts": true,
            "Dns": ["2001:db8::1"], "DnsSearch": ["example.com"], "DnsOptions": ["ndots:2"], "VolumesFrom": ["db:ro"],
            "Binds": ["/srv:/srv:ro,z"],
            "Mounts": [
                {"Type": "volume", "Source": "data", "Target": "/data", "ReadOnly": true},
                {"Type": "bind", "Source": "/a", "Target": "/b", "BindOptions": {"NonRecursive": true}},
            ],
            "Tmpfs": {"/tmp": "size=50%,noexec"}, "NetworkMode": "back",
        },
        "NetworkingConfig": {"EndpointsConfig": {
            "back": {"Links": ["db:database"], "IPAMConfig": {"LinkLocalIPs": ["169.254.0.9"]}},
        }},
    });
    created(body, spec).await;
}

/// Creates a container, whose body must be this.
async fn created(body: serde_json::Value, spec: ContainerSpec) {
    let create = on("POST /v1.43/containers/create").with_json(body);
    let engine = Engine::unix([create.respond(Response::text(201, r#"{"Id":"8dfafdbc3a40"}"#))]);
    engine.docker(43).containers().create(spec).await.expect("a container");
}
