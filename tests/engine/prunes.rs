//! Prunes on a real engine: of what these tests made alone, by its labels.

use crate::support::real::{Real, shell, swarm_turn};
use longshore::container::PruneReport;
use longshore::network::NetworkSpec;
use longshore::volume::{ClusterVolumeSpec, VolumeSpec};
use longshore::{Timestamp, Version};
use std::time::Duration;
use tokio::sync::Mutex;

const LABEL: &str = "longshore.prune";
/// Engines prune one thing at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

fn an_hour_ago() -> Timestamp {
    Timestamp::now() - Duration::from_secs(3600)
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn containers_that_do_not_run_are_pruned() {
    let _one = ONE_AT_A_TIME.lock().await;
    let real = Real::with_image().await;
    let own = format!("{LABEL}={}", real.prefix());
    let labelled = |line: &str| shell(line).label(LABEL, real.prefix());
    let running = real.create(labelled("sleep 60")).await;
    let kept = real.create(labelled("true").label("longshore.keep", "")).await;
    let stopped = real.create(labelled("echo much >/file")).await;
    running.start().await.expect("started");
    stopped.start().await.expect("started");
    stopped.wait().await.expect("an exit");
    let prune = || real.docker.containers().prune().label(&own);
    assert_eq!(prune().until(an_hour_ago()).await.expect("pruned"), PruneReport::default());
    let pruned = prune().without_label("longshore.keep").until(Timestamp::now()).await.expect("pruned");
    assert_eq!((pruned.containers_deleted, pruned.space_reclaimed > 0), (vec![stopped.id().to_owned()], true));
    assert_eq!(prune().await.expect("pruned").containers_deleted, [kept.id()]);
    assert!(running.inspect().await.expect("it runs").state.running);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn networks_that_nobody_is_on_are_pruned() {
    let _one = ONE_AT_A_TIME.lock().await;
    let real = Real::with_image().await;
    let own = format!("{LABEL}={}", real.prefix());
    let (used, kept, unused) = (real.name(), real.name(), real.name());
    for name in [&used, &kept, &unused] {
        let spec = NetworkSpec::new(name).label(LABEL, real.prefix());
        let spec = if *name == kept { spec.label("longshore.keep", "") } else { spec };
        real.docker.networks().create(spec).await.expect("a network");
    }
    real.create(shell("sleep 60").network(&used)).await.start().await.expect("started");
    let prune = || real.docker.networks().prune().label(&own);
    assert!(prune().until(an_hour_ago()).await.expect("pruned").networks_deleted.is_empty());
    let pruned = prune().without_label("longshore.keep").until(Timestamp::now()).await.expect("pruned");
    assert_eq!(pruned.networks_deleted, [unused]);
    assert_eq!(prune().await.expect("pruned").networks_deleted, [kept]);
    real.docker.network(used).inspect().await.expect("it is used");
}

// behaviour 58
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn volumes_that_nobody_uses_are_pruned() {
    let _one = ONE_AT_A_TIME.lock().await;
    let real = Real::with_image().await;
    let own = format!("{LABEL}={}", real.prefix());
    let (used, named) = (real.name(), real.name());
    let labelled = |spec: VolumeSpec| spec.label(LABEL, real.prefix());
    let create = async |spec| real.docker.volumes().create(labelled(spec)).await.expect("a volume").name().to_owned();
    create(VolumeSpec::new(&used)).await;
    create(VolumeSpec::new(&named)).await;
    let kept = create(VolumeSpec::default().label("longshore.keep", "")).await;
    let anonymous = create(VolumeSpec::default()).await;
    real.create(shell("true").volume(&used, "/data")).await; // it need not run
    let prune = || real.docker.volumes().prune().label(&own);
    let mut pruned = prune().without_label("longshore.keep").await.expect("pruned").volumes_deleted;
    pruned.sort();
    if real.api_version().await >= Version::new(1, 42) {
        assert_eq!(pruned, [anonymous], "those with a name stay");
        assert_eq!(prune().all(true).without_label("longshore.keep").await.expect("pruned").volumes_deleted, [named]);
    } else {
        let mut all = [anonymous, named];
        all.sort();
        assert_eq!(pruned, all, "API 1.41 removes those with a name too");
        assert!(prune().all(true).await.expect_err("too old").is_version());
    }
    assert_eq!(prune().await.expect("pruned").volumes_deleted, [kept]);
    let error = real.docker.volume(&used).remove().await.expect_err("in use");
    assert!(error.is_conflict() && error.message().contains("volume is in use"), "{error}"); // behaviour 57
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn volumes_of_a_swarm_are_updated_by_its_managers_alone() {
    let real = Real::engine();
    let _turn = swarm_turn().await;
    let error = real.docker.volume(real.name()).update(1, ClusterVolumeSpec::default()).await.expect_err("no swarm");
    if real.api_version().await >= Version::new(1, 42) {
        assert!(error.is_not_found() || error.status() == Some(503), "{error}");
    } else {
        assert!(error.is_version(), "{error}");
    }
}
