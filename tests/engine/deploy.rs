//! Deployments on a real engine: what is there afterwards, whichever way they end.

use crate::support::real::Real;
use crate::support::registry::publish;
use longshore::Docker;
use longshore::container::{ContainerSpec, ContainerStatus, Healthcheck, RestartPolicy};
use longshore::deploy::{Cause, Cleanup, Event, PullPolicy, Ready, Run, Step};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const LABEL: &str = "dev.longshore.run";

fn docker() -> Docker {
    Docker::from_env().expect("an engine")
}

fn image() -> String {
    std::env::var("LONGSHORE_TEST_IMAGE").expect("run under tests/engine.sh")
}

/// A shell of the test's image.
fn shell(script: &str) -> ContainerSpec {
    ContainerSpec::new(image()).cmd(["/bin/sh", "-c", script]).health(Healthcheck::none())
}

fn unique(what: &str) -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("longshore-deploy-{what}-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Tells events by their names, and the container's id when there is one.
fn watch(run: Run) -> (Run, Receiver<(String, Option<String>)>) {
    let (told, events) = channel();
    let run = run.observe(move |event| {
        let name = format!("{event:?}").split([' ', '(', '{']).next().unwrap_or_default().to_owned();
        let id = if let Event::Created { id, .. } = event { Some(id.clone()) } else { None };
        told.send((name, id)).ok();
    });
    (run, events)
}

fn names(events: Receiver<(String, Option<String>)>) -> Vec<String> {
    let mut names: Vec<_> = events.into_iter().map(|(name, _)| name).collect();
    names.retain(|name| name != "PullProgress" && name != "Output");
    names
}

async fn is_gone(docker: &Docker, id: &str) -> bool {
    docker.container(id).inspect().await.is_err_and(|error| error.is_not_found())
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_service_is_started_healthy_and_goes_when_it_is_told() {
    let docker = docker();
    let run = Run::new(ContainerSpec::new(image()).publish(0, 80)).pull(PullPolicy::Always).ready(Ready::healthy());
    let (run, events) = watch(run);
    let web = run.start(&docker).await.expect("deployed");
    assert_eq!(names(events), ["Pulling", "Pulled", "Created", "Started", "Ready"]);

    let inspected = web.container().inspect().await.expect("inspect");
    assert_eq!(inspected.state.status, ContainerStatus::Running);
    assert!(inspected.config.labels.contains_key(LABEL));
    let mut lines = web.logs().await.expect("logs").lines();
    assert!(lines.next().await.expect("a line").expect("output").text.contains("listening on 80"));

    web.stop().timeout(Duration::from_secs(5)).await.expect("stop");
    web.remove().await.expect("remove");
    let id = web.id().to_owned();
    assert!(is_gone(&docker, &id).await);
    assert_eq!(web.exited().await.expect("an exit that was long ago").code, 0);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_line_of_output_says_that_it_is_ready() {
    let docker = docker();
    let run = Run::new(shell("echo one; echo two >&2; echo three; exec sleep 1000")).ready(Ready::log_line("two"));
    let service = run.start(&docker).await.expect("deployed");
    service.remove().force(true).await.expect("remove");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn one_that_ends_before_it_is_ready_says_why_and_is_gone() {
    let docker = docker();
    let script = "for i in $(seq 1 30); do echo line $i; done; echo out of luck; exit 7";
    for ready in [Ready::log_line("never"), Ready::healthy()] {
        let spec = shell(script).health(Healthcheck::exec(["true"]));
        let (run, events) = watch(Run::new(spec).ready(ready));
        let failure = run.start(&docker).await.expect_err("it ends");
        assert_eq!(failure.step(), Step::Ready);
        assert!(matches!(failure.cause(), Cause::Exited(exit) if exit.code == 7), "{failure}");
        assert_eq!(failure.state().expect("its state").exit_code, 7);
        assert_eq!(failure.logs().len(), 20);
        assert!(failure.logs().iter().any(|line| line.text == "out of luck"));
        assert!(failure.left().is_empty());
        let text = failure.to_string();
        assert!(text.contains("ended too early: exit code 7") && text.contains("out of luck"), "{text}");
        let id = events.into_iter().find_map(|(_, id)| id).expect("it was made");
        assert!(is_gone(&docker, &id).await);
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn one_that_is_not_ready_in_time_or_ill_is_gone() {
    type Is = fn(&Cause) -> bool;
    let docker = docker();
    let ill = Healthcheck::shell("echo feeling bad; exit 1").interval(Duration::from_millis(100)).retries(1);
    let endless = || shell("exec sleep 1000");
    let short = Duration::from_millis(300);
    let cases: [(Run, Is); 3] = [
        (Run::new(endless()).ready(Ready::log_line("never")).deadline(short), |cause| {
            matches!(cause, Cause::NotReady { .. })
        }),
        (Run::new(endless()).ready(Ready::healthy()), |cause| matches!(cause, Cause::NoHealthCheck)),
        (
            Run::new(endless().health(ill)).ready(Ready::healthy()),
            |cause| matches!(cause, Cause::Unhealthy(words) if words == "feeling bad"),
        ),
    ];
    for (run, is_expected) in cases {
        let (run, events) = watch(run);
        let failure = run.start(&docker).await.expect_err("not ready");
        assert!(is_expected(failure.cause()), "{failure}");
        assert_eq!(failure.state().expect("its state").status, ContainerStatus::Running);
        let id = events.into_iter().find_map(|(_, id)| id).expect("it was made");
        assert!(is_gone(&docker, &id).await);
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn one_that_cannot_be_started_is_gone() {
    let docker = docker();
    let (run, events) = watch(Run::new(ContainerSpec::new(image()).cmd(["/no/such/program"])));
    let failure = run.start(&docker).await.expect_err("no such program");
    assert_eq!(failure.step(), Step::Start);
    assert!(failure.error().is_some_and(|error| error.message().contains("/no/such/program")), "{failure}");
    assert_eq!(failure.state().expect("its state").exit_code, 127);
    let id = events.into_iter().find_map(|(_, id)| id).expect("it was made");
    assert!(is_gone(&docker, &id).await);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_failed_one_is_kept_if_it_is_to_be_looked_at() {
    let docker = docker();
    let name = unique("kept");
    let run = Run::new(shell("exit 3")).name(&name).ready(Ready::log_line("never")).keep_failed(true);
    run.start(&docker).await.expect_err("it ends");
    let kept = docker.container(&name);
    assert_eq!(kept.inspect().await.expect("it is there").state.exit_code, 3);
    kept.remove().await.expect("remove");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn networks_and_volumes_are_made_once_and_only_ones_own_are_removed() {
    let docker = docker();
    let (there, fresh) = (unique("there"), unique("fresh"));
    docker.networks().create(there.as_str()).await.expect("a network");
    docker.volumes().create(there.as_str()).await.expect("a volume");
    let run = |script: &str| {
        let spec = shell(script).network(&fresh).volume(&fresh, "/fresh").volume(&there, "/there");
        Run::new(spec).network(there.as_str()).network(fresh.as_str()).volume(there.as_str()).volume(fresh.as_str())
    };

    run("exit 1").ready(Ready::log_line("never")).start(&docker).await.expect_err("it ends");
    assert!(docker.network(&there).inspect().await.is_ok() && docker.volume(&there).inspect().await.is_ok());
    assert!(docker.network(&fresh).inspect().await.expect_err("removed").is_not_found());
    assert!(docker.volume(&fresh).inspect().await.expect_err("removed").is_not_found());

    for made in [true, false] {
        let (told, events) = channel();
        let run = run("touch /fresh/x").observe(move |event| match event {
            Event::Network { name, made } | Event::Volume { name, made } => {
                told.send((name.clone(), *made)).expect("told");
            }
            _ => {}
        });
        assert!(run.to_completion(&docker).await.expect("done").status.success());
        let expected =
            [(&there, false), (&fresh, made), (&there, false), (&fresh, made)].map(|(name, made)| (name.clone(), made));
        assert_eq!(events.into_iter().collect::<Vec<_>>(), expected);
    }
    for name in [&there, &fresh] {
        docker.network(name).remove().await.expect("the network stays until it is removed");
        docker.volume(name).remove().await.expect("the volume stays until it is removed");
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn the_last_run_that_uses_a_network_removes_it() {
    let docker = docker();
    let network = unique("shared");
    let cleanup = Cleanup::new();
    let run = || Run::new(shell("exec sleep 1000").network(&network).stop_signal("SIGKILL")).network(network.as_str());
    let temporary = || run().remove_on_drop(true);
    let is_there = async || docker.network(&network).inspect().await.is_ok();

    let first = temporary().start(&docker).await.expect("started");
    let second = temporary().cleanup(&cleanup).start(&docker).await.expect("started");
    first.remove_all().await.expect("the network is left to the second");
    assert!(is_there().await);
    drop(second);
    cleanup.finished().await;
    assert!(!is_there().await);

    let lasting = run().start(&docker).await.expect("started");
    lasting.remove().force(true).await.expect("removed");
    temporary().start(&docker).await.expect("started").remove_all().await.expect("removed");
    assert!(is_there().await, "it belongs to a run that was not to remove it");
    docker.network(&network).remove().await.expect("removed");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn the_results_of_a_job_are_collected_before_its_removal() {
    let folder = tempfile::tempdir().expect("a folder");
    let local = folder.path().join("out");
    let job = Run::new(shell("mkdir -p /out/a && echo ok >/out/a/report; exit 3")).collect("/out", &local);
    let done = job.to_completion(&docker()).await.expect("done");
    assert_eq!(done.status.code, 3);
    assert_eq!(std::fs::read_to_string(local.join("a/report")).expect("the copy"), "ok\n");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn images_are_pulled_as_they_are_to_be() {
    let real = Real::with_image().await;
    let docker = &real.docker;
    let image = publish(&real.name(), "1");
    let run = |policy| Run::new(ContainerSpec::new(&image).cmd(["true"])).pull(policy);

    let failure = run(PullPolicy::Never).to_completion(docker).await.expect_err("it is not there");
    assert!(failure.step() == Step::Create && failure.error().is_some_and(longshore::Error::is_not_found), "{failure}");
    for (policy, first) in [
        (PullPolicy::Missing, "Pulling"),
        (PullPolicy::Missing, "ImagePresent"),
        (PullPolicy::Always, "Pulling"),
        (PullPolicy::Never, "ImagePresent"),
    ] {
        let (run, events) = watch(run(policy));
        assert!(run.to_completion(docker).await.expect("done").status.success());
        assert_eq!(names(events).first().map(String::as_str), Some(first), "{policy:?}");
    }
    docker.image(&image).remove().await.expect("remove");

    let absent = format!("{}-absent:1", image.rsplit_once(':').expect("a tag").0);
    let failure = Run::new(ContainerSpec::new(absent)).start(docker).await.expect_err("no such image");
    assert_eq!(failure.step(), Step::Pull, "{failure}");
    assert!(failure.state().is_none());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_image_is_there_for_its_platform_however_that_is_written() {
    let real = Real::with_image().await;
    // No registry has it: a pull would fail.
    let name = format!("127.0.0.1:1/{}:1", real.name());
    real.docker.image(image()).tag(name.as_str()).await.expect("tagged");
    let run = |platform: &str| Run::new(ContainerSpec::new(&name).cmd(["true"])).platform(platform);
    let architecture = real.docker.version().await.expect("a version").arch;
    let (own, other) = match architecture.as_str() {
        "amd64" => (&["linux/amd64", "linux/x86_64", "linux/amd64/v1"][..], "linux/arm64"),
        "arm64" => (&["linux/arm64", "linux/aarch64", "linux/arm64/v8"][..], "linux/amd64"),
        _ => return,
    };
    for platform in own {
        assert!(run(platform).to_completion(&real.docker).await.expect(platform).status.success());
    }
    let failure = run(other).to_completion(&real.docker).await.expect_err("not there");
    assert_eq!(failure.step(), Step::Pull, "{failure}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_job_gives_its_output_and_its_exit_code() {
    let docker = docker();
    let (run, events) = watch(Run::new(shell("echo out; echo err >&2; exit 42").auto_remove(true)));
    let done = run.to_completion(&docker).await.expect("done");
    assert_eq!(done.status.code, 42);
    assert_eq!(done.stdout_text(), "out\n");
    let mut lines: Vec<_> = done.output_text().lines().map(str::to_owned).collect();
    lines.sort_unstable();
    assert_eq!(lines, ["err", "out"]);
    let mut seen = Vec::new();
    let mut id = None;
    for (name, made) in events {
        seen.push(name);
        id = id.or(made);
    }
    seen.retain(|name| !["Pulling", "Pulled", "ImagePresent", "PullProgress", "Output"].contains(&name.as_str()));
    assert_eq!(seen, ["Created", "Started", "Exited", "Removed"]);
    assert!(is_gone(&docker, &id.expect("it was made")).await);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn the_exit_of_a_fast_job_is_not_lost() {
    let docker = docker();
    for code in 0..10 {
        let done = Run::new(shell(&format!("exit {code}"))).to_completion(&docker).await.expect("done");
        assert_eq!(done.status.code, code);
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_job_with_more_output_than_a_log_file_keeps_its_end() {
    let docker = docker();
    let done = Run::new(shell("seq 1 400000")).to_completion(&docker).await.expect("done");
    let output = done.output_text();
    assert!(output.ends_with("\n399999\n400000\n"), "{}", output.len());
    assert!(output.len() <= 1 << 20, "{}", output.len());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_job_that_would_start_again_is_refused() {
    let run = Run::new(shell("true").restart(RestartPolicy::always()));
    let failure = run.to_completion(&docker()).await.expect_err("it would never end");
    assert_eq!(failure.step(), Step::Check);
    assert!(failure.to_string().contains("\"always\""), "{failure}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn somebody_elses_container_of_the_same_name_is_left_alone() {
    let docker = docker();
    let name = unique("taken");
    let run = || Run::new(shell("exec sleep 1000")).name(&name);
    let first = run().start(&docker).await.expect("deployed");
    let failure = run().start(&docker).await.expect_err("the name is taken");
    assert!(failure.step() == Step::Create && failure.error().is_some_and(longshore::Error::is_conflict), "{failure}");
    let state = docker.container(&name).inspect().await.expect("the first one").state;
    assert_eq!(state.status, ContainerStatus::Running);
    first.remove().force(true).await.expect("remove");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_dropped_deployment_cleans_up_in_the_background() {
    let docker = docker();
    let (made, id) = tokio::sync::oneshot::channel();
    let mut made = Some(made);
    let mut last = None;
    let run = Run::new(shell("exec sleep 1000")).ready(Ready::log_line("never")).observe(move |event| match event {
        Event::Created { id, .. } => last = Some(id.clone()),
        Event::Started => {
            made.take().expect("once").send(last.take().expect("made")).expect("told");
        }
        _ => {}
    });
    let (engine, cleanup) = (docker.clone(), Cleanup::new());
    let run = run.cleanup(&cleanup);
    let deployment = tokio::spawn(async move { run.start(&engine).await.map(drop) });
    let id = id.await.expect("it was made");
    deployment.abort();
    cleanup.finished().await;
    assert!(is_gone(&docker, &id).await);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn whenever_a_deployment_is_dropped_nothing_is_left() {
    let (docker, name) = (docker(), unique("dropped"));
    let cleanup = Cleanup::new();
    for step in 0..40 {
        let spec = shell("exec sleep 1000").label("test", &name);
        let run = Run::new(spec).ready(Ready::log_line("never")).cleanup(&cleanup);
        // It does not matter where this ends, but that it ends in many places.
        let ended = tokio::time::timeout(Duration::from_millis(step * 3), run.start(&docker)).await;
        assert!(ended.is_err());
    }
    cleanup.finished().await;
    let left = docker.containers().list().all(true).label(format!("test={name}")).await.expect("containers");
    assert!(left.is_empty(), "{left:?}");
}
