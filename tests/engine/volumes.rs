//! Volumes on a real engine.

use crate::support::real::{Real, shell, swarm_turn};
use longshore::volume::{ClusterVolumeSpec, VolumeScope, VolumeSpec};

/// behaviour 57
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn makes_what_was_said_and_lists_it_once() {
    let real = Real::engine();
    let name = real.name();
    let spec = VolumeSpec::new(&name).driver("local").label("app", &name).label("tier", "");
    let spec = spec.option("type", "tmpfs").option("device", "tmpfs").option("o", "size=1m");
    let handle = real.docker.volumes().create(spec).await.expect("a volume");
    assert_eq!(handle.name(), name);
    let volume = handle.inspect().await.expect("inspected");
    assert_eq!((&volume.name, volume.driver.as_str(), &volume.scope), (&name, "local", &VolumeScope::Local));
    assert!(volume.mountpoint.contains(&name) && volume.created_at.is_some(), "{volume:?}");
    assert_eq!((&volume.labels["app"], &*volume.labels["tier"], volume.labels.len()), (&name, "", 2));
    assert_eq!((&*volume.options["device"], &*volume.options["o"]), ("tmpfs", "size=1m"));
    let again = real.docker.volumes().create(name.as_str()).await.expect("the same volume");
    assert_eq!(again.inspect().await.expect("inspected"), volume, "it is left as it is");

    let list = || real.docker.volumes().list();
    assert_eq!(list().await.expect("volumes").iter().filter(|listed| listed.name == name).count(), 1);
    let filters = list().name(format!("^{name}$")).label(format!("app={name}")).label("tier").driver("local");
    assert_eq!(*filters.dangling(true).await.expect("volumes"), [volume]);
    assert!(list().name(&name).dangling(false).await.expect("volumes").is_empty());
    assert!(list().name(&name).driver("nope").await.expect("volumes").is_empty());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn the_engine_makes_a_name_up() {
    let real = Real::engine();
    let volume = real.docker.volumes().create(VolumeSpec::default()).await.expect("a volume");
    volume.remove().await.expect("removed");
    assert_eq!(volume.name().len(), 64, "{volume:?}");
}

/// behaviour 57
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_a_container_uses_stays() {
    let real = Real::with_image().await;
    let volume = real.docker.volume(real.name());
    real.docker.volumes().create(volume.name()).await.expect("a volume");
    let container = real.create(shell("sleep 60").volume(volume.name(), "/data")).await;
    for force in [false, true] {
        let error = volume.remove().force(force).await.expect_err("a container uses it");
        assert!(error.is_conflict() && error.message().contains("volume is in use"), "{error}");
    }
    let used = real.docker.volumes().list().name(volume.name()).dangling(false).await.expect("volumes");
    assert_eq!(used.len(), 1);
    container.remove().await.expect("removed");
    volume.remove().await.expect("removed");
    assert!(volume.inspect().await.expect_err("gone").is_not_found());
    assert!(volume.remove().await.expect_err("gone").is_not_found());
    volume.remove().force(true).await.expect("that it is gone is fine");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn making_says_why_not() {
    let real = Real::engine();
    let volumes = real.docker.volumes();
    let error = volumes.create(VolumeSpec::new(real.name()).driver("longshore-nope")).await.expect_err("no driver");
    assert!(error.is_not_found(), "{error}");
    let error = volumes.create(VolumeSpec::new(real.name()).option("nope", "x")).await.expect_err("no such option");
    assert!(error.is_invalid() && error.status() == Some(400), "{error}");
    let version = real.api_version().await;
    let cluster = VolumeSpec::new(real.name()).cluster(ClusterVolumeSpec::default());
    let _turn = swarm_turn().await;
    let error = volumes.create(cluster).await.expect_err("no swarm");
    assert_eq!(error.is_version(), version < longshore::Version::new(1, 42), "{error}");
}
