//! A swarm of three nodes: `tests/swarm.sh` runs this.

use crate::support::cluster::{Cluster, address};
use crate::support::real::{Real, image};
use longshore::container::Healthcheck;
use longshore::node::{NodeAvailability, NodeRole, NodeSpec, NodeState, Reachability};
use longshore::secret::SecretSpec;
use longshore::service::{FailureAction, ServiceSpec, UpdateConfig};
use longshore::task::{TaskInspect, TaskState};
use longshore::{Docker, ErrorKind};
use std::collections::BTreeSet;
use std::io::Write;
use std::time::{Duration, Instant};

fn service(name: &str, line: &str) -> ServiceSpec {
    let quick = UpdateConfig::new().monitor(Duration::from_secs(1)).failure_action(FailureAction::Rollback);
    let spec = ServiceSpec::new(name, image()).command(["sh", "-c", line]).update_config(quick);
    spec.rollback_config(UpdateConfig::new().monitor("1s")).health(Healthcheck::none()).stop_signal("KILL")
}

async fn running(docker: &Docker, service: &str) -> Vec<TaskInspect> {
    let tasks = docker.tasks().list().service(service).desired_state(TaskState::Running).await.unwrap_or_default();
    tasks.into_iter().filter(|task| task.status.state == TaskState::Running).collect()
}

async fn nodes_of(docker: &Docker, service: &str) -> BTreeSet<String> {
    running(docker, service).await.into_iter().filter_map(|task| task.node_id).collect()
}

/// Longer than a heartbeat takes to be missed.
async fn until<F: Future<Output = bool>>(what: &str, mut ask: impl FnMut() -> F) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !ask().await {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
#[ignore = "needs three Docker Engines: tests/swarm.sh"]
async fn three_nodes_are_one_engine() {
    if std::env::var("LONGSHORE_TEST_NODES").is_err() {
        let _ = writeln!(std::io::stderr(), "skipped three_nodes_are_one_engine: tests/swarm.sh runs it");
        return;
    }
    let real = Real::with_image().await;
    let Some(mut cluster) = Cluster::start("three_nodes_are_one_engine", &real.docker, &image(), 3).await else {
        return;
    };
    let docker = cluster.nodes.first().expect("a node").docker.clone();
    docker.swarm().init().advertise_addr(address(0)).await.expect("a swarm");
    let tokens = docker.swarm().inspect().await.expect("a swarm").join_tokens;
    for ((index, node), token) in cluster.nodes.iter().enumerate().skip(1).zip([&tokens.manager, &tokens.worker]) {
        let join = node.docker.swarm().join([format!("{}:2377", address(0))], token);
        join.advertise_addr(address(index)).availability(NodeAvailability::Pause).await.expect("joined");
    }
    until("all are ready", || async {
        let nodes = docker.nodes().list().await.unwrap_or_default();
        nodes.len() == 3 && nodes.iter().all(|node| node.status.state == NodeState::Ready)
    })
    .await;
    let id = |host: &longshore::system::SystemInfo| host.swarm.node_id.clone().expect("a node");
    let last = cluster.nodes.last().expect("a node").docker.clone();
    let last_id = id(&last.info().await.expect("info"));

    // The worker becomes a manager. All nodes get tasks from now on.
    assert!(last.services().list().await.expect_err("it is a worker").is_no_swarm_manager());
    for node in docker.nodes().list().await.expect("nodes") {
        let manager = |spec: NodeSpec| spec.role(NodeRole::Manager).availability(NodeAvailability::Active);
        docker.node(&node.id).update(manager).attempts(10).await.expect("a manager");
    }
    until("it is a manager", || async { last.services().list().await.is_ok() }).await;

    // A token that has become known is replaced.
    docker.swarm().update(|spec| spec).rotate_worker_token(true).attempts(10).await.expect("rotated");
    let new = docker.swarm().inspect().await.expect("a swarm").join_tokens;
    assert!(new.worker != tokens.worker && new.manager == tokens.manager, "only one has changed");

    // One on each, and three somewhere.
    let all =
        docker.services().create(service("all", "exec sleep 600").global()).resolve_image(false).await.expect("one");
    all.converge().await.expect("one on each");
    assert_eq!(nodes_of(&docker, "all").await.len(), 3);
    let web = service("web", "cat /run/secrets/token; echo; exec sleep 600").replicas(3);
    let token = docker.secrets().create(SecretSpec::new("token-1", "one")).await.expect("a secret");
    let web = web.secret(token.reference("token").await.expect("a reference"));
    let web = docker.services().create(web).resolve_image(false).await.expect("a service");
    web.converge().await.expect("three");
    assert_eq!(nodes_of(&docker, "web").await.len(), 3, "spread over all");

    // Drained: its task goes elsewhere.
    let node = docker.node(&last_id);
    node.update(|spec| spec.availability(NodeAvailability::Drain)).attempts(10).await.expect("drained");
    until("its tasks are elsewhere", || async {
        running(&docker, "web").await.len() == 3 && !nodes_of(&docker, "web").await.contains(&last_id)
    })
    .await;
    node.update(|spec| spec.availability(NodeAvailability::Active)).attempts(10).await.expect("active");

    // A secret is rotated.
    let new = docker.secrets().create(SecretSpec::new("token-2", "two")).await.expect("a secret");
    let reference = new.reference("token").await.expect("a reference");
    let update = web.update(move |mut spec| {
        spec.container().secrets = vec![reference.clone()];
        spec
    });
    update.resolve_image(false).attempts(10).await.expect("sent");
    web.converge().deadline(Duration::from_secs(120)).await.expect("rotated");
    for task in running(&docker, "web").await {
        let mut logs = docker.task(&task.id).logs().await.expect("logs");
        assert_eq!(logs.next().await.expect("a line").expect("a chunk").to_string(), "two\n");
    }
    token.remove().await.expect("nobody has it any more");

    // A version that fails is rolled back, and the reason is told.
    let update = web.update(|mut spec| {
        spec.container().command = vec!["sh".to_owned(), "-c".to_owned(), "exit 9".to_owned()];
        spec
    });
    update.resolve_image(false).attempts(10).await.expect("sent");
    let error = web.converge().deadline(Duration::from_secs(120)).await.expect_err("it ends at once");
    assert_eq!(error.kind(), ErrorKind::NotConverged, "{error}");
    assert!(error.to_string().contains("exit (9)"), "{error}");
    until("all are what they were", || async { running(&docker, "web").await.len() == 3 }).await;

    // A manager is lost, and found.
    cluster.connect(2, false);
    let reachability = || async {
        let found = docker.node(&last_id).inspect().await.ok()?;
        Some((found.status.state, found.manager_status?.reachability))
    };
    until("it is lost", || async {
        reachability().await.is_some_and(|(_, reached)| reached == Reachability::Unreachable)
    })
    .await;
    until("its task is elsewhere", || async {
        running(&docker, "web").await.iter().filter(|task| task.node_id.as_ref() != Some(&last_id)).count() == 3
    })
    .await;
    // Another change: what is told of the rollback is over.
    web.update(|spec| spec.label("a", "b")).resolve_image(false).attempts(10).await.expect("sent");
    web.converge().await.expect("what is on a node that is down does not count");
    let error = last.services().list().await.expect_err("it is alone");
    assert!(error.is_timeout() || error.status().is_some_and(|status| status >= 500), "{error}");
    cluster.connect(2, true);
    until("it is found", || async { reachability().await == Some((NodeState::Ready, Reachability::Reachable)) }).await;

    // A node is killed for good.
    drop(cluster.nodes.pop());
    until("it is down", || async { reachability().await.is_some_and(|(state, _)| state == NodeState::Down) }).await;
    web.converge().deadline(Duration::from_secs(120)).await.expect("elsewhere");
    assert!(!nodes_of(&docker, "web").await.is_empty());
    web.remove().await.expect("gone");
    all.remove().await.expect("gone");
}
