//! Making, listing, inspecting and removing networks, and the containers on them.

use crate::support::{Engine, Response, fixture, on};
use longshore::network::{EndpointSettings, Ipam, IpamConfig, NetworkScope, NetworkSpec, NetworkType};
use serde_json::json;
use std::net::Ipv6Addr;

fn recorded(name: &str) -> Response {
    Response::text(200, &fixture(&format!("docker-20.10.24/{name}")))
}

#[tokio::test]
async fn create_sends_all_that_was_said() {
    let everything = json!({
        "CheckDuplicate": true, "Name": "back", "Driver": "bridge", "Scope": "local", "Internal": true, "Attachable": true,
        "Ingress": true, "ConfigOnly": true, "ConfigFrom": {"Network": "base"}, "EnableIPv4": true, "EnableIPv6": true,
        "IPAM": {"Driver": "default", "Options": {"foo": "bar"}, "Config": [
            {
                "Subnet": "172.20.0.0/16", "IPRange": "172.20.10.0/24", "Gateway": "172.20.0.1",
                "AuxiliaryAddresses": {"router": "172.20.0.2"},
            },
            {"Subnet": "2001:db8::/64"},
        ]},
        "Options": {"com.docker.network.driver.mtu": "1400"}, "Labels": {"app": "web"},
    });
    let engine = Engine::unix([
        on("POST /v1.41/networks/create")
            .with_json(json!({ "CheckDuplicate": true, "Name": "back" }))
            .respond(recorded("network_create.json")),
        on("POST /v1.48/networks/create").with_json(everything).respond(recorded("network_create.json")),
        on("POST /v1.41/networks/create")
            .with_json(
                json!({ "CheckDuplicate": true, "Name": "back", "IPAM": {"Config": [{"Subnet": "10.0.0.0/24"}]} }),
            )
            .respond(Response::text(201, r#"{"Id":"7d86","Warning":"it is small"}"#)),
    ]);
    let back = engine.docker(41).networks().create("back").await.expect("a network");
    assert_eq!((back.id().len(), back.warnings()), (64, &[] as &[String]));

    let subnet = IpamConfig::new("172.20.0.0/16").ip_range("172.20.10.0/24").gateway("172.20.0.1");
    let subnet = subnet.auxiliary_address("router", "172.20.0.2");
    let options = [("foo", "bar")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    let ipam = Ipam { driver: "default".into(), config: vec![subnet], options: options.into_iter().collect() };
    let spec = NetworkSpec::new("back").driver("bridge").scope(NetworkScope::Local).ipam(ipam).subnet("2001:db8::/64");
    let spec = spec.internal(true).attachable(true).ingress(true).config_only(true).config_from("base");
    let spec =
        spec.enable_ipv4(true).enable_ipv6(true).label("app", "web").option("com.docker.network.driver.mtu", "1400");
    engine.docker(48).networks().create(spec).await.expect("a network");

    let warned =
        engine.docker(41).networks().create(NetworkSpec::new("back").subnet("10.0.0.0/24")).await.expect("a network");
    assert_eq!((warned.id(), warned.warnings()), ("7d86", &["it is small".to_owned()] as &[String]));
}

#[tokio::test]
async fn create_says_why_not() {
    let refused = [
        (409, "network with name back already exists"),
        (403, "operation is not permitted on predefined back network "),
        (404, "plugin \"x\" not found"),
    ];
    let create = |(status, words)| {
        on("POST /v1.41/networks/create")
            .with_json(json!({ "CheckDuplicate": true, "Name": "back" }))
            .respond(Response::error(status, words))
    };
    let engine = Engine::unix(refused.map(create));
    let networks = engine.docker(41).networks();
    assert!(networks.create("back").await.expect_err("the name").is_conflict());
    assert!(networks.create("back").await.expect_err("the name").is_forbidden());
    assert!(networks.create("back").await.expect_err("the driver").is_not_found());

    for (spec, words) in [
        (NetworkSpec::default(), "invalid network name"),
        (NetworkSpec::new("a\nb"), "a control character"),
        (NetworkSpec::new("back").subnet("172.20.0.0"), "the subnet \"172.20.0.0\" is not in CIDR notation"),
    ] {
        let error = networks.create(spec).await.expect_err(words);
        assert!(error.is_invalid() && error.message().contains(words), "{error}");
    }
}

#[tokio::test]
async fn list_tells_of_each_network() {
    let engine = Engine::unix([on("GET /v1.41/networks").respond(recorded("network_list.json"))]);
    let networks = engine.docker(41).networks().list().await.expect("networks");
    let named = |name: &str| networks.iter().find(|network| network.name == name).expect("a network");
    assert_eq!((&*named("none").driver, &*named("host").driver, &*named("bridge").driver), ("null", "host", "bridge"));
    assert_eq!(named("bridge").options["com.docker.network.bridge.default_bridge"], "true");
    let back = named("longshore-record-back");
    assert_eq!((&*back.labels["app"], &*back.labels["tier"]), ("longshore-record", ""));
    assert!(back.internal && back.attachable && back.enable_ipv6 && !back.ingress && !back.config_only);
    assert_eq!((&back.scope, back.created.is_some()), (&NetworkScope::Local, true));
    assert!(back.ipam.options.is_empty(), "null");
}

#[tokio::test]
async fn list_asks_for_what_was_said() {
    let engine = Engine::unix([
        on("GET /v1.41/networks?filters=%7B%22dangling%22%3A%7B%22true%22%3Atrue%7D%2C%22driver%22%3A%7B%22bridge%22%3Atrue%2C%22overlay%22%3Atrue%7D%2C\
            %22id%22%3A%7B%227d86%22%3Atrue%7D%2C%22label%22%3A%7B%22app%3Dweb%22%3Atrue%7D%2C%22name%22%3A%7B%22%5Eback%24%22%3Atrue%7D%2C\
            %22scope%22%3A%7B%22local%22%3Atrue%7D%2C%22type%22%3A%7B%22custom%22%3Atrue%7D%7D").respond(Response::text(200, "null")),
        on("GET /v1.41/networks?filters=%7B%22type%22%3A%7B%22builtin%22%3Atrue%7D%7D").respond(Response::text(200, "[null,{\"Name\":\"host\",\"Peers\":null}]")),
    ]);
    let networks = engine.docker(41).networks();
    let list = networks.list().kind(NetworkType::Custom).scope("local").name("^back$").label("app=web").id("7d86");
    assert!(list.driver("overlay").driver("bridge").dangling(false).dangling(true).await.expect("none").is_empty());
    let builtin = networks.list().kind("builtin").await.expect("a list with null in it");
    assert_eq!(builtin.iter().map(|network| &*network.name).collect::<Vec<_>>(), ["host"]);
    let error = networks.list().name(" ").await.expect_err("no pattern");
    assert!(error.is_invalid() && error.message().contains("needs a value"), "{error}");
}

#[tokio::test]
async fn inspect_tells_all() {
    let engine = Engine::unix([
        on("GET /v1.41/networks/back?verbose=true&scope=local").respond(recorded("network_inspect.json")),
        on("GET /v1.41/networks/back?scope=swarm").respond(Response::error(404, "network back not found")),
        on("GET /v1.41/networks/7")
            .respond(Response::error(400, "network 7 is ambiguous (2 matches found based on ID prefix)")),
    ]);
    let docker = engine.docker(41);
    let back = docker.network("back").inspect().verbose(true).scope(NetworkScope::Local).await.expect("a network");
    let [subnet, other] = back.ipam.config.as_slice() else { panic!("{:?}", back.ipam) };
    assert_eq!(
        (&*subnet.subnet, &*subnet.ip_range, &*subnet.gateway),
        ("10.213.7.0/24", "10.213.7.128/25", "10.213.7.1")
    );
    assert_eq!((&*subnet.auxiliary_addresses["router"], &*other.subnet), ("10.213.7.2", "fd00:213:7::/64"));
    // behaviour 56
    let (id, web) = back.containers.iter().next().expect("a container");
    assert_eq!((id.len(), &*web.name), (64, "longshore-record-web"));
    assert_eq!(
        (web.ipv4_address.as_deref(), web.ipv6_address.as_deref()),
        (Some("10.213.7.128/24"), Some("fd00:213:7::2/64"))
    );
    assert_eq!((web.mac_address.as_ref().map(String::len), web.endpoint_id.len()), (Some(17), 64));
    assert!(back.services.is_empty() && back.peers.is_empty() && back.status.is_none());
    assert_eq!(back.options["com.docker.network.driver.mtu"], "1400");

    assert!(docker.network("back").inspect().scope("swarm").await.expect_err("not so far").is_not_found());
    assert!(docker.network("7").inspect().await.expect_err("two").is_invalid()); // behaviour 55
}

#[tokio::test]
async fn connect_sends_all_that_was_said() {
    let nothing = json!({ "Container": "web", "EndpointConfig": {} });
    let everything = json!({ "Container": "web", "EndpointConfig": {
        "Aliases": ["db", "store"], "IPAMConfig": {"IPv4Address": "172.20.0.9", "IPv6Address": "2001:db8::9"},
        "MacAddress": "02:42:ac:14:00:09", "DriverOpts": {"com.docker.network.endpoint.ifname": "back0"}, "GwPriority": -1,
    }});
    let instead = json!({ "Container": "web", "EndpointConfig": {
        "Links": ["store:db"], "IPAMConfig": {"LinkLocalIPs": ["169.254.34.68"]},
    }});
    let engine = Engine::unix([
        on("POST /v1.41/networks/back/connect").with_json(nothing).respond(Response::status(200)),
        on("POST /v1.54/networks/back/connect").with_json(everything).respond(Response::status(200)),
        on("POST /v1.41/networks/back/connect").with_json(instead.clone()).respond(Response::status(200)),
        on("POST /v1.41/networks/back/connect").with_json(instead).respond(Response::status(200)),
    ]);
    let back = |minor| engine.docker(minor).network("back");
    back(41).connect("/web").await.expect("connected"); // as inspecting names it
    let connect = back(54).connect("web").alias("db").alias("store").ipv4("172.20.0.9");
    let connect = connect.ipv6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 9)).mac_address("02:42:ac:14:00:09");
    connect.driver_opt("com.docker.network.endpoint.ifname", "back0").gateway_priority(-1).await.expect("connected");
    let endpoint = EndpointSettings::new().link("store:db").link_local_ip("169.254.34.68");
    back(41).connect("web").alias("gone").endpoint(endpoint).await.expect("connected");
    back(41).connect("web").link("store:db").link_local_ip("169.254.34.68").await.expect("connected");
    let error = back(41).connect("web").ipv4("172.20.0").await.expect_err("no address");
    assert_eq!(error.message(), "invalid address \"172.20.0\": use an IPv4 address such as 172.20.0.9");
}

#[tokio::test]
async fn disconnect_sends_all_that_was_said() {
    let body = |force: bool| json!({ "Container": "web", "Force": force });
    let engine = Engine::unix([
        on("POST /v1.41/networks/back/disconnect").with_json(body(false)).respond(Response::status(200)),
        on("POST /v1.41/networks/back/disconnect").with_json(body(true)).respond(Response::status(200)),
    ]);
    let back = engine.docker(41).network("back");
    back.disconnect("/web").await.expect("disconnected");
    back.disconnect("web").force(true).await.expect("disconnected");
}

#[tokio::test]
async fn connect_and_disconnect_say_why_not() {
    let body = json!({ "Container": "web", "EndpointConfig": {} });
    let engine = Engine::unix([
        on("POST /v1.41/networks/back/connect")
            .with_json(body.clone())
            .respond(Response::error(403, "endpoint with name web already exists in network back")),
        on("POST /v1.41/networks/back/connect").with_json(body).respond(Response::error(404, "network back not found")),
        on("POST /v1.41/networks/back/disconnect")
            .with_json(json!({ "Container": "web", "Force": false }))
            .respond(Response::error(404, "No such container: web")),
    ]);
    let back = engine.docker(41).network("back");
    assert!(back.connect("web").await.expect_err("there already").is_forbidden());
    assert!(back.connect("web").await.expect_err("no network").is_not_found());
    assert!(back.disconnect("web").await.expect_err("no container").is_not_found());
    for container in ["", " ", "/"] {
        let errors = [back.connect(container).await, back.disconnect(container).await];
        for error in errors.map(|result| result.expect_err("no container")) {
            assert!(error.is_invalid() && error.message().contains("invalid container name"), "{error}");
        }
    }
}

#[tokio::test]
async fn remove_says_why_not() {
    let active = "error while removing network: network back id 7d86 has active endpoints";
    let engine = Engine::unix([
        on("DELETE /v1.41/networks/back"),
        on("DELETE /v1.41/networks/back").respond(Response::error(404, "network back not found")),
        on("DELETE /v1.41/networks/back").respond(Response::error(403, active)),
    ]);
    let back = engine.docker(41).network("back");
    back.remove().await.expect("removed");
    assert!(back.remove().await.expect_err("gone").is_not_found());
    let error = back.remove().await.expect_err("in use");
    assert!(error.is_forbidden());
    let hint = "containers or services are still attached to it, perhaps on another node: disconnect or remove them";
    assert_eq!(error.to_string(), format!("DELETE /networks/back: {active} (403 Forbidden); {hint}"));
}

#[tokio::test]
async fn what_the_engine_is_too_old_for_is_not_sent() {
    let engine = Engine::unix([]);
    let create = engine.docker(47).networks().create(NetworkSpec::new("back").enable_ipv4(false));
    let priority = engine.docker(47).network("back").connect("web").gateway_priority(1);
    let mac = engine.docker(53).network("back").connect("web").mac_address("02:42:ac:14:00:09");
    for (error, words) in [
        (create.await.expect_err("too old"), "EnableIPv4 requires API 1.48 or later, and this engine speaks API 1.47"),
        (
            priority.await.expect_err("too old"),
            "GwPriority requires API 1.48 or later, and this engine speaks API 1.47",
        ),
        (
            mac.await.expect_err("too old"),
            "MacAddress of a container that is connected requires API 1.54 or later, and this engine speaks API 1.53",
        ),
    ] {
        assert!(error.is_version() && error.message().starts_with(words), "{error}");
    }
    assert_eq!(engine.connections(), 0);
}

#[tokio::test]
async fn a_prune_tells_what_it_removed() {
    let filtered = "POST /v1.41/networks/prune?filters=%7B%22label%22%3A%7B%22app%3Dweb%22%3Atrue%7D%2C\
        %22label%21%22%3A%7B%22keep%22%3Atrue%7D%2C%22until%22%3A%7B%222026-11-24T03%3A19%3A56.5Z%22%3Atrue%7D%7D";
    let engine = Engine::unix([
        on("POST /v1.41/networks/prune").with_header("content-length", "0").respond(recorded("network_prune.json")),
        on(filtered).respond(recorded("network_prune_nothing.json")),
        on("POST /v1.41/networks/prune").respond(Response::error(409, "a prune operation is already running")),
    ]);
    let networks = engine.docker(41).networks();
    assert_eq!(networks.prune().await.expect("pruned").networks_deleted, ["longshore-record-pruned"]);
    let until = longshore::Timestamp::new(1_795_490_396, 500_000_000).expect("a time");
    let prune = networks.prune().label("app=web").without_label("keep").until(until);
    assert!(prune.await.expect("pruned").networks_deleted.is_empty());
    assert!(networks.prune().await.expect_err("two at once").is_conflict());
}
