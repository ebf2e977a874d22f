//! Listing containers on a real engine.

use crate::support::real::{Real, image, shell, until};
use longshore::container::{ContainerSpec, List};
use longshore::container::{ContainerStatus, ContainerSummary, HealthStatus, MountType, Port, Protocol};

async fn ids(list: List) -> Vec<String> {
    list.await.expect("a list").into_iter().map(|container| container.id).collect()
}

// behaviour 48
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn the_newest_comes_first_and_filters_filter() {
    let real = Real::with_image().await;
    let (network, volume) = (real.name(), real.name());
    real.docker.networks().create(network.as_str()).await.expect("a network");
    let first = real.create(shell("exit 3").label("longshore.a", "1").label("longshore.b", "1")).await;
    let second = real.create(shell("sleep 60").label("longshore.a", "2").volume(&volume, "/data")).await;
    let third = real.create(shell("sleep 60").network(&network).publish(0, 80).expose(Port::udp(53))).await;
    first.start().await.expect("started");
    third.start().await.expect("started");
    first.wait().await.expect("an end");
    let (one, two, three) = (first.id(), second.id(), third.id());

    let ours = || real.docker.containers().list().name(real.prefix());
    assert_eq!(ids(ours()).await, [three]);
    assert_eq!(ids(ours().all(true)).await, [three, two, one]);
    assert_eq!(ids(ours().limit(2)).await, [three, two]);
    assert_eq!(ids(ours().all(true).since(one)).await, [three, two]);
    assert_eq!(ids(ours().all(true).before(two)).await, [one]);
    assert_eq!(ids(ours().all(true).id(&two[..12])).await, [two]);
    assert_eq!(ids(ours().all(true).id(one).id(two)).await, [two, one]);
    assert_eq!(ids(ours().all(true).label("longshore.a")).await, [two, one]);
    assert_eq!(ids(ours().all(true).label("longshore.a=1")).await, [one]);
    assert_eq!(ids(ours().all(true).label("longshore.a").label("longshore.b=1")).await, [one]);
    assert_eq!(ids(ours().status(ContainerStatus::Created)).await, [two]);
    assert_eq!(ids(ours().status("exited").status(ContainerStatus::Running)).await, [three, one]);
    assert_eq!(ids(ours().all(true).exited(3)).await, [one]);
    assert_eq!(ids(ours().network(&network)).await, [three]);
    assert_eq!(ids(ours().all(true).volume(&volume)).await, [two]);
    assert_eq!(ids(ours().all(true).volume("/data")).await, [two]);
    let host_port = third.inspect().await.expect("inspected").network_settings.published(80)[0].port().expect("a port");
    assert_eq!(ids(ours().publish(host_port)).await, [three]);
    assert_eq!(ids(ours().expose(80)).await, [three]);
    assert_eq!(ids(ours().expose("53/udp")).await, [three]);
    assert_eq!(ids(ours().ancestor(image()).health(HealthStatus::Unhealthy)).await, [""; 0]);
    assert_eq!(ids(ours().all(true).is_task(true)).await, [""; 0]);
    assert_eq!(ids(ours().all(true).ancestor("longshore-nothing")).await, [""; 0]);

    let exact = format!("^/{}$", first.inspect().await.expect("inspected").name.trim_start_matches('/'));
    assert_eq!(ids(real.docker.containers().list().all(true).name(exact)).await, [one]);
    let error = ours().since("longshore-nothing").await.expect_err("there is none");
    assert!(error.is_not_found() || error.status() == Some(500), "{error}");
    assert!(ours().status("sleeping").await.expect_err("no status").is_invalid());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_list_tells_what_inspecting_does() {
    let real = Real::with_image().await;
    let name = real.name();
    let spec = ContainerSpec::new(image()).publish_on([127, 0, 0, 1], 0, 80).expose(9000).volume(real.name(), "/data");
    let web = real.docker.containers().create(spec).name(&name).await.expect("a container");
    web.start().await.expect("started");
    let find = async || -> ContainerSummary {
        let list = real.docker.containers().list().id(web.id()).size(true).await;
        list.expect("a list").into_iter().next().expect("the container")
    };
    until("it is healthy", async || find().await.status.contains("(healthy)")).await;
    let (listed, inspected) = (find().await, web.inspect().size(true).await.expect("inspected"));
    assert_eq!((listed.id, listed.names), (inspected.id, vec![format!("/{name}")]));
    assert_eq!((listed.image, listed.image_id), (inspected.config.image, inspected.image));
    assert_eq!((listed.command.as_str(), &listed.state), ("/bin/serve", &inspected.state.status));
    assert_eq!(inspected.state.health.expect("health").status, HealthStatus::Healthy);
    let created = inspected.created.expect("a time").as_second();
    assert_eq!(listed.created.expect("a time").as_second(), created);
    assert_eq!((listed.size_root_fs.is_some(), inspected.size_root_fs.is_some()), (true, true));
    assert_eq!(listed.network_settings.networks.keys().collect::<Vec<_>>(), ["bridge"]);
    assert!(listed.labels.is_empty());

    let mut ports: Vec<_> = listed.ports.iter().map(|port| (port.private_port, port.public_port)).collect();
    ports.sort_unstable();
    let published = inspected.network_settings.published(80)[0].port();
    assert_eq!(ports, [(80, published), (9000, None)]);
    assert!(listed.ports.iter().all(|port| port.protocol == Protocol::Tcp));
    assert_eq!((listed.mounts.len(), &listed.mounts[0].kind), (1, &MountType::Volume));
}

// behaviour 48: no field is absent where there is nothing
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_container_of_nothing_in_particular_is_listed_whole() {
    let real = Real::with_image().await;
    let plain = real.create(shell("true").network("none")).await;
    let list = real.docker.containers().list().all(true).id(plain.id()).await.expect("a list");
    let listed = &list[0];
    assert_eq!((listed.state.clone(), listed.status.as_str()), (ContainerStatus::Created, "Created"));
    assert!(listed.labels.is_empty() && listed.ports.is_empty() && listed.mounts.is_empty());
    assert!(listed.health.is_none() || listed.health.as_ref().is_some_and(|health| health.failing_streak == 0));
    assert_eq!((listed.size_rw, listed.size_root_fs), (None, None), "sizes were not asked for");
    assert_eq!(listed.host_config.network_mode, "none");
}
