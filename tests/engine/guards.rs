//! What `deploy::Run` removes by itself: services whose value is dropped, on whatever way.

use crate::support::real::{Real, shell, until};
use longshore::Docker;
use longshore::deploy::{Cleanup, Run};
use longshore::network::NetworkSpec;
use longshore::volume::VolumeSpec;

const LABEL: &str = "dev.longshore.tests.guard";

/// A service with a network and a volume of its own, all by the test's name.
fn run(name: &str) -> Run {
    let spec = shell("sleep 600").label(LABEL, name).stop_signal("SIGKILL");
    let spec = spec.network(name).volume(name, "/data");
    Run::new(spec).name(name).network(NetworkSpec::new(name)).volume(VolumeSpec::new(name)).remove_on_drop(true)
}

async fn is_gone(docker: &Docker, name: &str) -> bool {
    let container = docker.container(name).inspect().await.is_err_and(|error| error.is_not_found());
    let network = docker.network(name).inspect().await.is_err_and(|error| error.is_not_found());
    let volume = docker.volume(name).inspect().await.is_err_and(|error| error.is_not_found());
    container && network && volume
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn dropped_it_is_removed_with_all_that_its_run_made() {
    let real = Real::with_image().await;
    let name = real.name();
    let cleanup = Cleanup::new();
    let service = run(&name).cleanup(&cleanup).start(&real.docker).await.expect("a service");
    assert!(!is_gone(&real.docker, &name).await);
    drop(service);
    cleanup.finished().await;
    assert!(is_gone(&real.docker, &name).await);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn it_is_removed_when_asked_and_stays_if_not_guarded() {
    let real = Real::with_image().await;
    let name = real.name();
    let service = run(&name).start(&real.docker).await.expect("a service");
    service.remove_all().await.expect("removed");
    assert!(is_gone(&real.docker, &name).await);

    let cleanup = Cleanup::new();
    let service = run(&name).remove_on_drop(false).cleanup(&cleanup).start(&real.docker).await.expect("a service");
    let id = service.id().to_owned();
    drop(service);
    cleanup.finished().await; // there is nothing to wait for
    assert!(real.docker.container(&id).inspect().await.expect("it is there").state.running);
    real.docker.container(id).remove().force(true).await.expect("removed");
    real.docker.network(&name).remove().await.expect("removed");
    real.docker.volume(&name).remove().await.expect("removed");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_panic_removes_it() {
    let real = Real::with_image().await;
    let (name, docker) = (real.name(), real.docker.clone());
    let task = tokio::spawn({
        let name = name.clone();
        async move {
            let _service = run(&name).start(&docker).await.expect("a service");
            panic!("as a failed assertion does");
        }
    });
    assert!(task.await.expect_err("it panics").is_panic());
    until("it is gone", || is_gone(&real.docker, &name)).await;
}

/// Waits for the removal, as the page of `blocking` shows it.
#[cfg(feature = "blocking")]
#[test]
#[ignore = "needs a Docker Engine: see README"]
fn the_end_of_a_test_that_panics_waits_for_the_removal() {
    use longshore::blocking::Wait;

    #[derive(Default)]
    struct Removed(Cleanup);

    impl Drop for Removed {
        fn drop(&mut self) {
            std::mem::take(&mut self.0).finished().wait().expect("no async context");
        }
    }

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let real = runtime.block_on(Real::with_image());
    let (docker, name) = (real.docker.clone(), real.name());
    let run = run(&name);
    let test = std::thread::spawn(move || {
        let removed = Removed::default();
        let _service = run.cleanup(&removed.0).start(&docker).wait().expect("a service");
        panic!("as a failed assertion does");
    });
    test.join().expect_err("it panics");
    assert!(runtime.block_on(is_gone(&real.docker, &name)));
}

#[test]
#[ignore = "needs a Docker Engine: see README"]
fn the_end_of_the_runtime_removes_it() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let first = runtime();
    let (real, name) = first.block_on(async {
        let real = Real::with_image().await;
        let name = real.name();
        let (docker, named) = (real.docker.clone(), name.clone());
        let (tell, started) = tokio::sync::oneshot::channel::<()>();
        tokio::spawn(async move {
            let service = run(&named).start(&docker).await.expect("a service");
            let _ = tell.send(());
            service.exited().await
        });
        started.await.expect("a service");
        (real, name)
    });
    drop(first); // and with it the task, and the service
    runtime().block_on(until("it is gone", || is_gone(&real.docker, &name)));
}
