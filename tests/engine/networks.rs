//! Networks on a real engine.

use crate::support::real::{Real, swarm_turn};
use longshore::container::Container;
use longshore::network::{EndpointSettings, IpamConfig, Network, NetworkSpec, NetworkType};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU8, Ordering};

/// The first three numbers of a subnet that nobody else has.
fn subnet() -> [u8; 3] {
    static COUNT: AtomicU8 = AtomicU8::new(0);
    let process = std::process::id().to_le_bytes();
    [10, 128 | (process[1] & 63), (process[0] << 3).wrapping_add(COUNT.fetch_add(1, Ordering::Relaxed))]
}

/// A network with a subnet of its own, and the address in it that ends in 9.
async fn network(real: &Real) -> (Network, Ipv4Addr) {
    let [a, b, c] = subnet();
    let config = IpamConfig::new(format!("{a}.{b}.{c}.0/24")).gateway(format!("{a}.{b}.{c}.1"));
    let network = real.docker.networks().create(NetworkSpec::new(real.name()).subnet(config)).await.expect("a network");
    (network, Ipv4Addr::new(a, b, c, 9))
}

/// Settings alone, which take no addresses.
async fn config_only(real: &Real, name: &str) -> Network {
    real.docker.networks().create(NetworkSpec::new(name).config_only(true)).await.expect("a network")
}

async fn endpoint(container: &Container, network: &Network) -> Option<EndpointSettings> {
    let networks = container.inspect().await.expect("a container").network_settings.networks;
    networks.values().find(|endpoint| endpoint.network_id.as_deref() == Some(network.id())).cloned()
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn makes_what_was_said_and_lists_it() {
    let real = Real::engine();
    let ([a, b, c], name) = (subnet(), real.name());
    let subnet = IpamConfig::new(format!("{a}.{b}.{c}.0/24")).gateway(format!("{a}.{b}.{c}.1"));
    let subnet = subnet.ip_range(format!("{a}.{b}.{c}.128/25")).auxiliary_address("router", format!("{a}.{b}.{c}.2"));
    let spec = NetworkSpec::new(&name).driver("bridge").subnet(subnet.clone()).internal(true).attachable(true);
    let spec = spec.label("app", &name).label("tier", "").option("com.docker.network.driver.mtu", "1400");
    let network = real.docker.networks().create(spec).await.expect("a network");
    assert_eq!((network.id().len(), network.warnings()), (64, &[] as &[String]));

    let inspected = network.inspect().verbose(true).scope("local").await.expect("a network");
    assert_eq!((&inspected.name, inspected.id.as_str()), (&name, network.id()));
    assert_eq!(inspected.ipam.config, [subnet]);
    assert!(inspected.internal && inspected.attachable && !inspected.enable_ipv6 && inspected.created.is_some());
    assert_eq!((&inspected.labels["app"], &*inspected.labels["tier"]), (&name, ""));
    assert_eq!(inspected.options["com.docker.network.driver.mtu"], "1400");
    assert_eq!(real.docker.network(&name).inspect().await.expect("by its name"), inspected);
    assert!(network.inspect().scope("swarm").await.expect_err("it is local").is_not_found()); // behaviour 55

    let list = || real.docker.networks().list();
    let filters = list().name(format!("^{name}$")).id(&network.id()[..12]).driver("bridge").scope("local");
    let found = filters.label(format!("app={name}")).kind(NetworkType::Custom).dangling(true).await.expect("networks");
    assert_eq!(found.iter().map(|network| &network.id).collect::<Vec<_>>(), [network.id()]);
    assert_eq!(found[0].ipam, inspected.ipam);
    assert!(list().name(&name).dangling(false).await.expect("none").is_empty());
    let builtin = list().kind(NetworkType::Builtin).await.expect("networks");
    assert!(["bridge", "host", "none"].iter().all(|name| builtin.iter().any(|network| network.name == *name)));

    network.remove().await.expect("removed");
    assert!(network.inspect().await.expect_err("gone").is_not_found());
    assert!(network.remove().await.expect_err("gone").is_not_found());
}

/// behaviour 55
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn names_are_taken_once_and_not_from_the_engine() {
    let real = Real::engine();
    let networks = real.docker.networks();
    let (network, address) = network(&real).await;
    let name = network.inspect().await.expect("a network").name;
    assert!(networks.create(name.as_str()).await.expect_err("the name is taken").is_conflict());
    for builtin in ["bridge", "host", "none"] {
        assert!(networks.create(builtin).await.expect_err(builtin).is_forbidden());
        assert!(real.docker.network(builtin).remove().await.expect_err(builtin).is_forbidden());
    }
    let error = networks.create(NetworkSpec::new(real.name()).driver("longshore-nope")).await.expect_err("no driver");
    assert!(error.is_not_found(), "{error}");
    let taken = NetworkSpec::new(real.name()).subnet(format!("{address}/24"));
    let error = networks.create(taken).await.expect_err("the subnet is taken");
    assert!(error.is_forbidden() || error.is_invalid(), "{error}");
    let _turn = swarm_turn().await;
    let error = networks.create(NetworkSpec::new(real.name()).driver("overlay")).await.expect_err("no swarm");
    assert!(error.message().contains("not a swarm manager"), "{error}");
}

/// behaviour 55
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn the_whole_id_goes_before_a_name_and_a_name_before_part_of_an_id() {
    let real = Real::engine();
    let first = config_only(&real, &real.name()).await;
    let found = async |name: &str| real.docker.network(name).inspect().await.map(|network| network.id);
    let part = &first.id()[..20];
    assert_eq!(found(part).await.expect("by part of its id"), first.id());

    let named_as_part = config_only(&real, part).await;
    let named_as_id = config_only(&real, first.id()).await;
    let (by_part, by_id) = (found(part).await, found(first.id()).await);
    named_as_part.remove().await.expect("removed"); // their names are not the test's
    named_as_id.remove().await.expect("removed");
    assert_eq!(by_part.expect("by its name"), named_as_part.id());
    assert_eq!(by_id.expect("by its id"), first.id());

    let mut starts = BTreeMap::from([(first.id()[..1].to_owned(), 1)]);
    while starts.values().all(|count| *count < 2) {
        let start = config_only(&real, &real.name()).await.id()[..1].to_owned();
        *starts.entry(start).or_default() += 1;
    }
    let (start, _) = starts.into_iter().find(|(_, count)| *count > 1).expect("two that start so");
    let error = found(&start).await.expect_err("two or more");
    assert!(error.is_invalid() && error.message().contains("ambiguous"), "{error}");
}

/// behaviour 56
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn connects_a_running_container_and_takes_it_off() {
    let real = Real::with_image().await;
    let (network, address) = network(&real).await;
    let container = real.run("sleep 60").await;
    network.connect(container.id()).alias("db").alias("store").ipv4(address).await.expect("connected");

    let on_it = network.inspect().await.expect("a network").containers;
    let seen = on_it.get(container.id()).expect("the container");
    assert_eq!(seen.ipv4_address, Some(format!("{address}/24")));
    let name = container.inspect().await.expect("a container").name;
    assert_eq!(format!("/{}", seen.name), name);
    let settings = endpoint(&container, &network).await.expect("the network");
    assert!(["db", "store"].iter().all(|alias| settings.aliases.iter().any(|has| has == alias)), "{settings:?}");
    assert_eq!((settings.ip_address, settings.ip_prefix_len), (Some(address.to_string()), 24));
    assert_eq!(settings.ipam_config.expect("the address that was asked for").ipv4_address, address.to_string());
    assert_eq!(
        (settings.endpoint_id, settings.mac_address),
        (Some(seen.endpoint_id.clone()), seen.mac_address.clone())
    );

    assert!(network.connect(container.id()).await.expect_err("it is on it").is_forbidden());
    assert!(network.remove().await.expect_err("it is in use").is_forbidden());
    network.disconnect(name).await.expect("taken off, by the name that inspecting gives");
    assert!(endpoint(&container, &network).await.is_none());
    let error = network.disconnect(container.id()).await.expect_err("it is not on it");
    assert!(error.message().contains("is not connected to"), "{error}");
    network.remove().await.expect("removed");
}

/// behaviour 56
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn connects_a_stopped_container_once_it_starts() {
    let real = Real::with_image().await;
    let (network, address) = network(&real).await;
    let container = real.create(crate::support::real::shell("sleep 60")).await;
    network.connect(container.id()).endpoint(EndpointSettings::new().ipv4(address)).await.expect("connected");
    assert!(network.inspect().await.expect("a network").containers.is_empty());
    container.start().await.expect("started");
    assert!(network.inspect().await.expect("a network").containers.contains_key(container.id()));

    container.kill().await.expect("killed");
    container.wait().await.expect("over");
    real.docker.network("longshore-nope").connect(container.id()).await.expect("the network is not looked for");
    assert!(container.start().await.expect_err("there is no such network").is_not_found());
    network.disconnect(container.id()).force(true).await.expect("taken off");
    network.remove().await.expect("removed");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn connecting_says_why_not() {
    let real = Real::with_image().await;
    let (network, address) = network(&real).await;
    let container = real.run("sleep 60").await;
    let nope = real.docker.network("longshore-nope");
    assert!(nope.connect(container.id()).await.expect_err("no network").is_not_found());
    assert!(nope.disconnect(container.id()).await.expect_err("no network").is_not_found());
    assert!(network.connect("longshore-nope").await.expect_err("no container").is_not_found());
    assert!(network.disconnect("longshore-nope").await.expect_err("no container").is_not_found());
    for builtin in ["host", "none"] {
        let error = real.docker.network(builtin).connect(container.id()).await.expect_err(builtin);
        assert!(error.is_invalid() || error.is_forbidden(), "{error}");
    }
    let chosen_by_the_engine = real.docker.networks().create(real.name()).await.expect("a network");
    let error = chosen_by_the_engine.connect(container.id()).ipv4(address).await.expect_err("not its own subnet");
    assert!(error.is_invalid(), "{error}");

    let version = real.api_version().await;
    let prioritized = network.connect(container.id()).gateway_priority(1).await;
    match prioritized {
        Ok(()) => assert_eq!(endpoint(&container, &network).await.expect("the network").gw_priority, 1),
        Err(error) => assert!(error.is_version() && version < longshore::Version::new(1, 48), "{error}"),
    }
}
