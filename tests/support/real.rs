//! The real engine that `tests/engine.sh` provides, and the cleaning up after a test.

use longshore::container::{Container, ContainerSpec};
use longshore::image::ImageSummary;
use longshore::{Docker, Version};
use std::io::{Write, stderr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{Mutex, MutexGuard};

/// The engine for one test. Dropping it, by a panic too, removes everything whose name begins with [`prefix`](Real::prefix):
/// containers with their anonymous volumes, networks, volumes and tags of images.
pub struct Real {
    pub docker: Docker,
    prefix: String,
    count: AtomicUsize,
    _limit: Limit,
}

/// Ends the tests, with the name of the one that hangs, unless it is dropped in time: CI's own limit names none.
struct Limit(#[expect(dead_code, reason = "the thread waits for its end")] Sender<()>);

impl Limit {
    const MINUTES: u64 = 10;

    fn of_this_test() -> Self {
        let test = std::thread::current().name().unwrap_or("without a name").to_owned();
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            if receiver.recv_timeout(Duration::from_secs(60 * Self::MINUTES)) == Err(RecvTimeoutError::Timeout) {
                // `eprintln!` would be kept for the test's own output, which is never shown.
                drop(writeln!(stderr(), "\ntest {test} has not ended within {} minutes", Self::MINUTES));
                std::process::exit(1);
            }
        });
        Self(sender)
    }
}

impl Real {
    /// The engine, without any image.
    pub fn engine() -> Self {
        static TESTS: AtomicUsize = AtomicUsize::new(0);
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").subsec_nanos();
        let (process, test) = (std::process::id(), TESTS.fetch_add(1, Ordering::Relaxed));
        let docker = Docker::from_env().expect("the engine of tests/engine.sh");
        let prefix = format!("longshore-test-{process}-{since}-{test}-");
        Self { docker, prefix, count: AtomicUsize::new(0), _limit: Limit::of_this_test() }
    }

    /// The engine, and `LONGSHORE_TEST_IMAGE` is there.
    pub async fn with_image() -> Self {
        let real = Self::engine();
        real.pull(&image()).await;
        real
    }

    /// The version that is spoken with the engine, by which a test knows what to expect.
    pub async fn api_version(&self) -> Version {
        self.docker.api_version().await.expect("a version")
    }

    /// Whether it is Podman, which does some things its own way.
    pub async fn is_podman(&self) -> bool {
        self.docker.ping().await.expect("an engine").server.starts_with("Libpod/")
    }

    /// Whether its images are in containerd's store, which is Docker's own from 29 on.
    pub async fn has_containerd_store(&self) -> bool {
        let info = self.docker.info().await.expect("the engine's settings");
        info.driver_status.iter().flatten().any(|text| text.starts_with("io.containerd.snapshotter"))
    }

    /// Pulls an image unless it is there.
    pub async fn pull(&self, image: &str) {
        if self.docker.image(image).inspect().await.is_err() {
            self.docker.images().pull(image).await.expect("the test's image");
        }
    }

    /// What names of this test begin with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// A name that nobody else has.
    pub fn name(&self) -> String {
        format!("{}{}", self.prefix, self.count.fetch_add(1, Ordering::Relaxed))
    }

    /// Makes a container, with a name of its own.
    pub async fn create(&self, spec: ContainerSpec) -> Container {
        self.docker.containers().create(spec).name(self.name()).await.expect("a container")
    }

    /// Makes a container that runs a line of its shell, and starts it.
    pub async fn run(&self, line: &str) -> Container {
        let container = self.create(shell(line)).await;
        container.start().await.expect("started");
        container
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        let (prefix, failed) = (std::mem::take(&mut self.prefix), std::thread::panicking());
        // The test's runtime cannot be blocked on, and its connections may be in any state.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(sweep(&prefix));
            if failed {
                std::thread::sleep(Duration::from_secs(1)); // the engine may be at what the test did not wait for
                runtime.block_on(sweep(&prefix));
            }
        });
        assert!(thread.join().is_ok() || failed, "the test left something behind");
    }
}

async fn sweep(prefix: &str) {
    let docker = Docker::from_env().expect("the engine of tests/engine.sh");
    let containers = docker.containers().list().all(true).name(format!("^/{prefix}"));
    for container in containers.await.expect("the containers to remove") {
        let removed = docker.container(container.id).remove().force(true).volumes(true).await;
        removed.or_else(accept_gone).expect("the container removed");
    }
    for network in docker.networks().list().name(prefix).await.expect("the networks to remove") {
        docker.network(network.id).remove().await.or_else(accept_gone).expect("the network removed");
    }
    for volume in docker.volumes().list().name(prefix).await.expect("the volumes to remove") {
        docker.volume(volume.name).remove().await.or_else(accept_gone).expect("the volume removed");
    }
    for image in images(&docker).await {
        // One that a test published is all its own; of another the names are.
        let own = image.labels.get("test").is_some_and(|test| test.starts_with(prefix));
        let names = image.repo_tags.into_iter().filter(|tag| tag.contains(prefix));
        for name in if own { vec![image.id] } else { names.collect() } {
            docker.image(name).remove().force(own).await.map(drop).or_else(accept_gone).expect("the image removed");
        }
    }
}

/// All images. containerd's store answers 404 if one is removed while it makes the list.
async fn images(docker: &Docker) -> Vec<ImageSummary> {
    loop {
        match docker.images().list().await {
            Err(error) if error.is_not_found() => {}
            images => return images.expect("the images to remove"),
        }
    }
}

/// Calls again where containerd's store fails because another test removes an image at the same time.
pub async fn beside_removals<T, F: Future<Output = longshore::Result<T>>>(
    call: impl Fn() -> F,
) -> longshore::Result<T> {
    for _ in 0..4 {
        match call().await {
            Err(error) if error.is_not_found() || error.message().starts_with("NotFound: ") => {}
            done => return done,
        }
    }
    call().await
}

/// What is gone or going already need not be removed.
fn accept_gone(error: longshore::Error) -> longshore::Result<()> {
    if error.is_not_found() || error.is_conflict() { Ok(()) } else { Err(error) }
}

/// The test's image: a web server on port 80 with a health check, and a shell.
pub fn image() -> String {
    variable("LONGSHORE_TEST_IMAGE")
}

/// A later version of it.
pub fn image_2() -> String {
    variable("LONGSHORE_TEST_IMAGE_2")
}

pub fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run me through tests/engine.sh"))
}

/// A container of the test's image that runs a line of its shell.
pub fn shell(line: &str) -> ContainerSpec {
    ContainerSpec::new(image()).cmd(["sh", "-c", line])
}

/// An engine is in one swarm or none: a test that makes one, or needs that there is none, holds this meanwhile.
pub async fn swarm_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::const_new(());
    TURN.lock().await
}

/// Asks again and again until it is so; fails the test after 30 s.
pub async fn until<F: Future<Output = bool>>(what: &str, mut ask: impl FnMut() -> F) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !ask().await {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
