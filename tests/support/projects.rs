//! What the tests of projects have in common.

use super::real::image;
use longshore::container::{ContainerSpec, Healthcheck};
use longshore::deploy::Deployment;
use longshore::{Docker, Observe, Observed};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the calls that change something, and does something when one of them begins.
#[derive(Clone)]
pub struct Writes {
    count: Arc<AtomicUsize>,
    at: Option<usize>,
    act: Arc<dyn Fn() + Send + Sync>,
}

impl Writes {
    pub fn counted() -> Self {
        Self { count: Arc::default(), at: None, act: Arc::new(|| {}) }
    }

    /// Does it when so many writing calls were made before.
    pub fn at(at: usize, act: impl Fn() + Send + Sync + 'static) -> Self {
        Self { at: Some(at), act: Arc::new(act), ..Self::counted() }
    }

    pub fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

impl Observe for Writes {
    fn begins(&self, call: &Observed<'_>) {
        let is_read = call.method == "GET" || call.method == "HEAD" || call.template.ends_with("/wait");
        if !is_read && Some(self.count.fetch_add(1, Ordering::SeqCst)) == self.at {
            (self.act)();
        }
    }
}

impl fmt::Debug for Writes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writes").field("count", &self.count).field("at", &self.at).finish_non_exhaustive()
    }
}

/// A container that ends at once when it is told to, and serves until then.
pub fn server(image: &str) -> ContainerSpec {
    ContainerSpec::new(image).stop_signal("SIGKILL").health(Healthcheck::none())
}

pub fn sleeper(line: &str) -> ContainerSpec {
    server(&image()).cmd(["sh", "-c", line])
}

/// The names of what is there of a project, without the prefix that the test has, and the states.
pub async fn names(docker: &Docker, project: &str) -> BTreeSet<String> {
    let containers = docker.containers().list().all(true).label(format!("dev.longshore.project={project}"));
    let mut names = BTreeSet::new();
    for container in containers.await.expect("containers") {
        // A list may still call one running that was stopped a moment ago.
        let state = docker.container(container.id).inspect().await.expect("it is there").state.status;
        let name = container.names.concat();
        let name = name.trim_start_matches('/').strip_prefix(project).expect("the project's").to_owned();
        // A release is random.
        let name = match name.rsplit_once('.') {
            Some((slot, release)) if release.len() == 8 => format!("{slot}.old"),
            _ => name,
        };
        names.insert(format!("{name} {state}"));
    }
    names
}

pub fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

pub async fn page(deployment: &Deployment, service: &str, replica: u32) -> String {
    let cmd = ["wget", "-qO-", "http://127.0.0.1:80/"];
    let container = deployment.container(service, replica).expect("a service");
    container.exec(cmd).output().await.expect("a page").stdout_text()
}
