//! What is taken as a number or as a text: ports, sizes, times, versions. And what is said of a text that is none.

use crate::support::{Engine, Response, on};
use longshore::config::ConfigSpec;
use longshore::container::{
    ByteSize, ContainerSpec, Cpus, Device, GIB, Gpus, Mount, NetworkSettings, Port, PortRange, RestartPolicy, Ulimit,
    UpdateSpec,
};
use longshore::image::{BuildContext, ImageReference};
use longshore::secret::SecretSpec;
use longshore::service::ServiceSpec;
use longshore::stream::Source;
use longshore::task::CredentialSpec;
use longshore::{Docker, ErrorKind, GoDuration, Moment, Platform, Version};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::fmt::{Debug, Display};
use std::str::FromStr;

#[tokio::test]
async fn a_literal_number_of_bytes_has_64_bits() {
    let host = ContainerSpec::new("x").memory(4 << 30).memory_swap(2 << 30).shm_size(4 << 30).host_config;
    assert_eq!((host.memory, host.memory_swap, host.shm_size), (4 * GIB, 2 * GIB, 4 * GIB));
    assert_eq!(UpdateSpec::new().memory(4 << 30).memory, 4 * GIB);
    let service = serde_json::to_value(ServiceSpec::new("x", "x").memory(4 << 30).reserve_memory(2 << 30));
    let resources = json!({"Limits": {"MemoryBytes": 4 * GIB}, "Reservations": {"MemoryBytes": 2 * GIB}});
    assert_eq!(service.expect("JSON")["TaskTemplate"]["Resources"], resources);
    assert_eq!(Mount::tmpfs("/run").size(4 << 30).tmpfs_options.expect("options").size_bytes, 4 * GIB);
    assert_eq!(Gpus::from(1 << 40).0.count, 1 << 40);

    let engine = Engine::unix([
        on("POST /build?version=1&memory=4294967296&shmsize=2147483648&remote=https://example.com/web.git")
            .respond(Response::text(200, r#"{"aux":{"ID":"sha256:aa"}}"#)),
        on("POST /build/prune?reserved-space=4294967296&max-used-space=10737418240&min-free-space=1073741824")
            .respond(Response::text(200, "{}")),
    ]);
    let images = engine.docker(48).images();
    let build = images.build(BuildContext::remote("https://example.com/web.git"));
    build.memory(4 << 30).shm_size(2 << 30).await.expect("built");
    let prune = images.prune_build_cache();
    prune.reserved_space(4 << 30).max_used_space("10g").min_free_space(GIB).await.expect("pruned");
    let error = images.prune_build_cache().reserved_space("much").await.expect_err("no size");
    assert!(error.is_invalid() && error.message().starts_with("invalid size \"much\": use "), "{error}");
}

/// As in the settings file of a program.
#[test]
fn serde_writes_and_reads_them_as_texts() {
    fn again<T>(text: &str)
    where
        T: FromStr<Err: Debug> + PartialEq + Debug + Serialize + DeserializeOwned,
    {
        let value: T = text.parse().expect(text);
        assert_eq!(serde_json::to_value(&value).expect("JSON"), json!(text));
        assert_eq!(serde_json::from_value::<T>(json!(text)).expect(text), value);
        assert!(serde_json::from_value::<T>(json!("no such thing")).is_err());
    }
    again::<ByteSize>("512m");
    again::<Cpus>("1.5");
    again::<GoDuration>("1m30s");
    again::<ImageReference>("nginx:1.27");
    again::<Moment>("2026-08-01T12:00:00Z");
    again::<Port>("53/udp");
    again::<PortRange>("8000-8009/tcp");
    again::<Version>("1.43");
}

#[tokio::test]
async fn times_are_taken_as_texts() {
    let empty = || Response::text(200, "{}");
    let engine = Engine::unix([
        on("GET /containers/web/logs?stdout=true&stderr=true&since=1785585600.000000000&until=1785585600.500000000")
            .respond(Response::output([(Source::Stdout, "x")])),
        on("GET /tasks/9ld7/logs?stdout=true&stderr=true&since=0.000000000")
            .respond(Response::output([(Source::Stdout, "x")])),
        on("GET /events?since=1785585600.000000000&until=1785585601.000000000").respond(Response::text(200, "")),
        on(r#"POST /containers/prune?filters={"until":{"2026-08-01T12:00:00Z":true}}"#).respond(empty()),
        on(r#"POST /images/prune?filters={"until":{"2026-08-01T10:00:00Z":true}}"#).respond(empty()),
        on(r#"GET /images/json?filters={"until":{"1970-01-01T00:00:00Z":true}}"#).respond(Response::text(200, "[]")),
        on(r#"POST /networks/prune?filters={"until":{"2026-08-01T12:00:00Z":true}}"#).respond(empty()),
        on(r#"POST /build/prune?filters={"until":{"2026-08-01T12:00:00Z":true}}"#).respond(empty()),
    ]);
    let docker = engine.docker(48);
    let ages = "900000h"; // longer ago than 1970
    let (web, task) = (docker.container("web"), docker.task("9ld7"));
    drop(web.logs().since("2026-08-01T12:00:00Z").until("1785585600.5").await.expect("logs"));
    drop(task.logs().since(ages).await.expect("logs"));
    drop(docker.events().since("1785585600").until("2026-08-01T12:00:01Z").await.expect("events"));
    docker.containers().prune().until("2026-08-01T12:00:00Z").await.expect("pruned");
    docker.images().prune().until("2026-08-01T12:00:00+02:00").await.expect("pruned");
    docker.images().list().until(ages).await.expect("a list");
    docker.networks().prune().until("1785585600").await.expect("pruned");
    docker.images().prune_build_cache().until("2026-08-01T12:00:00Z").await.expect("pruned");

    for error in [
        web.logs().since("soon").await.map(drop),
        web.logs().until("soon").await.map(drop),
        task.logs().since("soon").await.map(drop),
        docker.events().since("soon").await.map(drop),
        docker.events().until("soon").await.map(drop),
        docker.containers().prune().until("soon").await.map(drop),
        docker.images().prune().until("soon").await.map(drop),
        docker.images().list().until("soon").await.map(drop),
        docker.networks().prune().until("soon").await.map(drop),
        docker.images().prune_build_cache().until("soon").await.map(drop),
    ] {
        let error = error.expect_err("no time");
        let words = "invalid time \"soon\": use a duration before now such as 10m";
        assert!(error.is_invalid() && error.message().starts_with(words), "{error}");
    }
}

#[tokio::test]
async fn ports_are_taken_as_texts() {
    let port = || Port::udp(53);
    let new = || ContainerSpec::new("x");
    assert_eq!(new().publish(53, "53/udp"), new().publish(53, port()));
    assert_eq!(new().publish_on([127, 0, 0, 1], 53, "53/udp"), new().publish_on([127, 0, 0, 1], 53, port()));
    assert_eq!(new().ports("published=53,target=53,protocol=udp"), new().publish(53, port()));
    let new = || ServiceSpec::new("x", "x");
    assert_eq!(new().publish(53, "53/udp"), new().publish(53, port()));
    assert_eq!(new().publish_host_mode(53, "53/udp"), new().publish_host_mode(53, port()));

    let settings = json!({"Ports": {"53/udp": [{"HostIp": "0.0.0.0", "HostPort": "49153"}]}});
    let network: NetworkSettings = serde_json::from_value(settings.clone()).expect("settings");
    assert_eq!((network.published("53/udp").len(), network.published("dns").len()), (1, 0));
    let inspected = json!({"State": {"Running": true}, "NetworkSettings": settings});
    let engine = Engine::unix([on("GET /containers/web/json").respond(Response::json(200, inspected))]);
    let web = engine.docker(41).container("web");
    assert_eq!(web.mapped_port("53/udp").await.expect("a port"), 49153);
    let error = web.mapped_port("dns").await.expect_err("no port");
    assert!(error.is_invalid() && error.message().starts_with("invalid port \"dns\": use "), "{error}");
}

#[test]
fn hosts_contexts_and_versions_are_taken_as_texts() {
    let host = String::from("unix:///run/other.sock");
    assert!(Docker::connect(host).is_ok() && Docker::connect("unix:///run/other.sock").is_ok());
    let error = Docker::connect("/run/other.sock").expect_err("a path");
    assert!(error.message().ends_with("a socket is unix:///var/run/docker.sock, with an absolute path"), "{error}");
    let build = |version: &str| Docker::builder().host("tcp://engine").api_version(version).build();
    assert!(build("1.43").is_ok());
    let error = build("new").expect_err("no version");
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Config, "invalid API version \"new\": use two numbers such as 1.41")
    );
}

#[test]
fn contents_are_texts_or_bytes() {
    let text = String::from("server {}");
    let config = ConfigSpec::new("site", &text);
    assert_eq!(config, ConfigSpec::new("site", text.as_bytes()));
    assert_eq!(config.data, text);
    assert_eq!(SecretSpec::new("site", &text), SecretSpec::new("site", text.into_bytes()));
    let labels = [("a", "b"), ("c", "d")];
    assert_eq!(config.clone().labels(labels), config.label("a", "b").label("c", "d"));
    let secret = SecretSpec::new("token", "x");
    assert_eq!(secret.clone().labels(labels), secret.label("a", "b").label("c", "d"));
}

fn error<T: FromStr<Err: Display>>(text: &str) -> String {
    text.parse::<T>().map(drop).expect_err(text).to_string()
}

#[test]
fn every_error_says_what_is_invalid_and_what_to_use() {
    for (error, what) in [
        (error::<ByteSize>("?"), "size"),
        (error::<Cpus>("?"), "number of CPUs"),
        (error::<Port>("?"), "port"),
        (error::<PortRange>("?"), "port"),
        (error::<Device>("?"), "device"),
        (error::<Gpus>("?"), "GPUs"),
        (error::<Ulimit>("?"), "ulimit"),
        (error::<RestartPolicy>("?"), "restart policy"),
        (error::<CredentialSpec>("?"), "credential spec"),
        (error::<GoDuration>("?"), "duration"),
        (error::<Moment>("?"), "time"),
        (error::<Version>("?"), "API version"),
        (error::<Platform>("?"), "platform"),
        (error::<ImageReference>("?"), "image reference"),
    ] {
        assert!(error.starts_with(&format!("invalid {what} \"?\": use ")), "{error}");
    }
    for (error, what) in [(error::<Mount>("?"), "mount"), (error::<longshore::container::MountOrBind>("?"), "mount")] {
        assert!(error.starts_with(&format!("invalid {what} \"?\": ")) && error.contains("use "), "{error}");
    }
}
