//! Starting, stopping, killing, restarting and removing containers on a real engine.

use crate::support::real::{Real, image, shell, until};
use longshore::container::{Container, ContainerSpec, ContainerStatus, Signal, WaitCondition};
use longshore::{Timestamp, Version};
use std::time::{Duration, Instant};

/// Says "ready" once its traps are set, and then does nothing.
const FOREVER: &str = "echo ready; while :; do sleep 0.1; done";

/// A running container whose traps are set, and that goes on until a signal.
async fn ready(real: &Real, traps: &str) -> Container {
    let container = real.run(&format!("{traps} {FOREVER}")).await;
    heard(&container, "ready").await;
    container
}

/// Waits until the container has written a line.
async fn heard(container: &Container, text: &str) {
    let mut lines = container.logs().follow(true).await.expect("logs").lines();
    while let Some(line) = lines.next().await {
        if line.expect("a line").text == text {
            return;
        }
    }
    panic!("it ended without a word of {text}");
}

async fn status(container: &Container) -> ContainerStatus {
    container.inspect().await.expect("inspected").state.status
}

async fn exit_code(container: &Container) -> i64 {
    container.wait().await.expect("an end").code
}

async fn started_at(container: &Container) -> Timestamp {
    container.inspect().await.expect("inspected").state.started_at.expect("started")
}

// behaviour 18
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn starting_and_stopping_twice_is_fine() {
    let real = Real::with_image().await;
    let web = real.create(ContainerSpec::new(image())).await;
    web.stop().await.expect("stopped, as it was never started");
    web.start().await.expect("started");
    let since = started_at(&web).await;
    web.start().await.expect("it runs already");
    assert_eq!(started_at(&web).await, since);
    heard(&web, "listening on 80").await; // now it knows what to do at SIGTERM
    web.stop().timeout(Duration::from_secs(20)).await.expect("stopped");
    web.stop().await.expect("it is stopped already");
    assert_eq!(status(&web).await, ContainerStatus::Exited);
    web.start().await.expect("started again");
    assert_eq!(status(&web).await, ContainerStatus::Running);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_is_not_there_is_not_found() {
    let real = Real::engine();
    let nothing = real.docker.container(real.name());
    let words = format!("No such container: {}", nothing.id());
    for error in [
        nothing.start().await.expect_err("start"),
        nothing.stop().await.expect_err("stop"),
        nothing.restart().await.expect_err("restart"),
        nothing.kill().await.expect_err("kill"),
        nothing.remove().await.expect_err("remove"),
        nothing.remove().force(true).await.expect_err("remove by force"),
        nothing.inspect().await.expect_err("inspect"),
        nothing.wait().await.expect_err("wait"),
        nothing.logs().await.expect_err("logs"),
    ] {
        assert!(error.is_not_found() && error.message().contains(&words), "{error}");
        assert!(error.call().is_some_and(|call| call.contains(nothing.id())), "{error}");
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_cannot_be_started_says_why() {
    let real = Real::with_image().await;
    let start = async |spec: ContainerSpec| {
        let container = real.create(spec).await;
        let error = container.start().await.expect_err("not started");
        (error, container.inspect().await.expect("inspected").state)
    };
    let (error, state) = start(ContainerSpec::new(image()).cmd(["/bin/nothing"])).await;
    assert!(error.is_invalid() && error.message().contains("no such file or directory"), "{error}");
    assert_eq!(state.exit_code, 127);
    let (error, state) = start(ContainerSpec::new(image()).cmd(["/etc/passwd"])).await;
    assert!(error.is_invalid() && error.message().contains("permission denied"), "{error}");
    assert_eq!(state.exit_code, 126);
    assert!(state.error.is_some_and(|error| error.contains("permission denied")) && state.started_at.is_none());

    let web = real.create(ContainerSpec::new(image()).publish_on([127, 0, 0, 1], 0, 80)).await;
    web.start().await.expect("started");
    let settings = web.inspect().await.expect("inspected").network_settings;
    let taken = settings.published(80)[0].port().expect("a port");
    let (error, _) = start(ContainerSpec::new(image()).publish_on([127, 0, 0, 1], taken, 80)).await;
    assert_eq!(error.status(), Some(500));
    assert!(error.message().contains("port is already allocated"), "{error}");
    assert!(error.to_string().contains("; stop the container that publishes this port"), "{error}");

    let network = real.name();
    real.docker.networks().create(network.as_str()).await.expect("a network");
    let lonely = real.create(shell("true").network(&network)).await;
    real.docker.network(network.as_str()).remove().await.expect("removed");
    let error = lonely.start().await.expect_err("its network is gone");
    assert!(error.is_not_found() && error.message().contains(&network), "{error}");
}

// behaviour 19
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn stop_waits_as_long_as_it_is_told() {
    let real = Real::with_image().await;
    let stubborn = async |timeout| {
        let container = ready(&real, "trap '' TERM;").await;
        let begun = Instant::now();
        container.stop().timeout(timeout).await.expect("stopped");
        (exit_code(&container).await, begun.elapsed())
    };
    let polite = async |timeout| {
        let container = ready(&real, "trap 'exit 5' TERM;").await;
        container.stop().timeout(timeout).await.expect("stopped");
        exit_code(&container).await
    };
    let (at_once, a_second, large, for_ever) = tokio::join!(
        stubborn(Duration::ZERO),
        stubborn(Duration::from_millis(1)),
        polite(Duration::from_secs(60)),
        polite(Duration::MAX),
    );
    assert_eq!((at_once.0, a_second.0, large, for_ever), (137, 137, 5, 5));
    assert!(a_second.1 >= Duration::from_secs(1), "1 ms is rounded up to a second");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn stop_sends_the_signal_that_the_container_was_made_with() {
    let real = Real::with_image().await;
    let line = format!("trap 'exit 7' INT; {FOREVER}");
    let container = real.create(shell(&line).stop_signal(Signal::INT).stop_timeout(Duration::from_secs(60))).await;
    container.start().await.expect("started");
    heard(&container, "ready").await;
    container.stop().await.expect("stopped");
    assert_eq!(exit_code(&container).await, 7);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn stop_and_restart_send_another_signal_where_the_api_can() {
    let real = Real::with_image().await;
    let web = ready(&real, "trap 'exit 7' INT;").await;
    let stop = web.stop().signal(Signal::INT).await;
    if real.api_version().await >= Version::new(1, 42) {
        stop.expect("stopped");
        assert_eq!(exit_code(&web).await, 7);
        return;
    }
    for error in [stop.expect_err("too old"), web.restart().signal("int").await.expect_err("too old")] {
        assert!(error.is_version(), "{error}");
        assert!(
            error.message().starts_with("signal requires API 1.42 or later, and this engine speaks API 1.41"),
            "{error}"
        );
    }
    assert_eq!(status(&web).await, ContainerStatus::Running);
}

// behaviour 20
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn kill_sends_what_it_is_told() {
    let real = Real::with_image().await;
    let web = ready(&real, "trap 'echo hup' HUP; trap '' WINCH;").await;
    web.kill().signal("SIGWINCH").await.expect("sent");
    web.kill().signal(Signal::HUP).await.expect("sent");
    heard(&web, "hup").await;
    assert_eq!(status(&web).await, ContainerStatus::Running);
    for nonsense in ["0", "SIG42"] {
        let error = web.kill().signal(nonsense).await.expect_err(nonsense);
        assert!(error.is_invalid() && error.message().contains("nvalid signal"), "{error}");
    }
    // Docker 20.10 asks the kernel first.
    let status = if real.api_version().await >= Version::new(1, 42) { 400 } else { 500 };
    assert_eq!(web.kill().signal(99).await.expect_err("no such signal").status(), Some(status));
    web.kill().await.expect("killed");
    assert_eq!(exit_code(&web).await, 137);
    let error = web.kill().await.expect_err("it does not run");
    assert!(error.is_conflict() && error.message().contains("is not running"), "{error}");
    let numbered = ready(&real, "trap 'exit 3' USR1;").await;
    numbered.kill().signal(10).await.expect("sent");
    assert_eq!(exit_code(&numbered).await, 3);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn restart_starts_it_whether_it_runs_or_not() {
    let real = Real::with_image().await;
    let web = real.create(ContainerSpec::new(image())).await;
    web.restart().await.expect("started");
    heard(&web, "listening on 80").await;
    let first = started_at(&web).await;
    web.restart().timeout(Duration::from_secs(20)).await.expect("restarted");
    let second = started_at(&web).await;
    assert!(second > first);
    web.kill().await.expect("killed");
    web.wait().await.expect("ended");
    web.restart().await.expect("started");
    assert!(started_at(&web).await > second);
}

// behaviour 21
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_restart_goes_on_when_its_call_is_dropped() {
    let real = Real::with_image().await;
    let web = ready(&real, "trap 'echo ending; sleep 0.5; exit 5' TERM;").await;
    let first = started_at(&web).await;
    let call = tokio::spawn(web.restart().timeout(Duration::from_secs(20)).into_future());
    heard(&web, "ending").await;
    call.abort();
    assert!(call.await.expect_err("cancelled").is_cancelled());
    until("it is started again", async || started_at(&web).await > first).await;
}

// behaviour 22
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn auto_remove_spares_a_restart_and_nothing_else() {
    let real = Real::with_image().await;
    for kill in [true, false] {
        let web = real.create(ContainerSpec::new(image()).auto_remove(true)).await;
        web.start().await.expect("started");
        let first = started_at(&web).await;
        web.restart().timeout(Duration::ZERO).await.expect("restarted");
        assert!(started_at(&web).await > first);
        let removed = web.wait().condition(WaitCondition::Removed).registered().await.expect("registered");
        let ended = if kill { web.kill().await } else { web.stop().timeout(Duration::ZERO).await };
        ended.expect("ended");
        removed.exit().await.expect("removed");
        assert!(web.inspect().await.expect_err("gone").is_not_found());
        assert!(web.remove().await.expect_err("gone").is_not_found());
    }
}

// behaviour 23
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn remove_takes_force_for_what_runs_and_volumes_if_told() {
    let real = Real::with_image().await;
    let mut spec = shell("sleep 60").volume(real.name(), "/named");
    spec.config.volumes = vec!["/anonymous".to_owned()];
    let run = async || {
        let container = real.create(spec.clone()).await;
        container.start().await.expect("started");
        let mounts = container.inspect().await.expect("inspected").mounts;
        let volume =
            |at: &str| mounts.iter().find(|mount| mount.destination == at).expect(at).name.clone().expect("a name");
        (container, real.docker.volume(volume("/anonymous")), real.docker.volume(volume("/named")))
    };
    let (web, anonymous, named) = run().await;
    let error = web.remove().await.expect_err("it runs");
    assert!(error.is_conflict() && error.message().contains("force remove"), "{error}");
    web.remove().force(true).await.expect("removed");
    assert!(web.remove().force(true).await.expect_err("gone").is_not_found());
    anonymous.inspect().await.expect("without v it stays");
    anonymous.remove().await.expect("removed");

    let (web, anonymous, _) = run().await;
    web.stop().timeout(Duration::ZERO).await.expect("stopped");
    web.remove().volumes(true).await.expect("removed");
    assert!(anonymous.inspect().await.expect_err("gone with it").is_not_found());
    named.inspect().await.expect("a named one stays");
}

// behaviour 24
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_link_is_a_name_too() {
    let real = Real::with_image().await;
    let (db, app) = (real.name(), real.name());
    let db_id = real.docker.containers().create(shell("sleep 60")).name(&db).await.expect("a container");
    db_id.start().await.expect("started");
    let mut spec = shell("sleep 60");
    spec.host_config.links = vec![format!("{db}:mysql")];
    real.docker.containers().create(spec).name(&app).await.expect("a container");

    let linked = real.docker.container(format!("/{app}/mysql"));
    assert_eq!(linked.inspect().await.expect("inspected").id, db_id.id());
    let listed = real.docker.containers().list().id(db_id.id()).await.expect("a list");
    assert_eq!(listed[0].names.len(), 2, "{:?}", listed[0].names);
    linked.remove().link(true).await.expect("the link removed");
    assert!(linked.inspect().await.expect_err("gone").is_not_found());
    db_id.inspect().await.expect("the container stays");
}
