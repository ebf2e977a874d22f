//! What killed runs leave on a real engine. It is the test's own: a sweep removes what other tests have there.

use crate::support::dockerd::Dockerd;
use crate::support::real::{Real, image, shell};
use longshore::container::{ContainerSpec, Healthcheck};
use longshore::deploy::{PullPolicy, Ready, Run, sweep};
use std::time::Duration;

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_killed_runs_have_left_is_removed() {
    let real = Real::with_image().await;
    let Some(own) = Dockerd::start("what_killed_runs_have_left_is_removed", &real.docker, &image(), None).await else {
        return;
    };
    let docker = &own.docker;
    let run = |name: &str, line: &str| {
        let spec: ContainerSpec = shell(line).health(Healthcheck::none()).stop_signal("SIGKILL").network("none");
        Run::new(spec).name(name).pull(PullPolicy::Never)
    };
    let service = run("service", "exec sleep 600").start(docker).await.expect("started");
    let fixture = run("fixture", "exec sleep 600").remove_on_drop(true).start(docker).await.expect("started");
    std::mem::forget(fixture); // as in a process that is killed
    let failed = run("failed", "exit 3").ready(Ready::log_line("never")).network("unused").keep_failed(true);
    failed.start(docker).await.expect_err("it ends");

    assert_eq!(sweep(docker, Duration::from_secs(3600)).await.expect("swept"), [""; 0], "they are too young");
    let mut removed = sweep(docker, Duration::ZERO).await.expect("swept");
    removed.sort();
    assert_eq!(removed, ["failed", "fixture", "unused"]);
    assert!(service.container().inspect().await.expect("it stays").state.running);
    assert!(sweep(docker, Duration::ZERO).await.expect("swept").is_empty());
}
