//! The logs of all services on a swarm in one stream.

use super::SwarmDeployment;
use crate::deploy::failure::{Failure, Step};
use crate::deploy::logs::{ServiceLine, ServiceLines};
use crate::deploy::target::Target;
use crate::stream::Line;
use crate::{Docker, Result};
use std::collections::BTreeMap;
use std::future::IntoFuture;
use std::pin::Pin;
use tokio::sync::mpsc::{Sender, channel};
use tokio::task::JoinSet;

/// Number of lines that are buffered. When the buffer is full, the swarm is not read either.
const WAITING: usize = 256;
/// The detail of a line that names the task.
const TASK: &str = "com.docker.swarm.task.id=";

/// A call of [`SwarmDeployment::logs`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct SwarmLogs {
    deployment: SwarmDeployment,
    follow: bool,
    tail: Option<usize>,
}

impl SwarmDeployment {
    /// Reads the logs of all services in one stream, each line with its service and the number of the task.
    ///
    /// The number is 0 for tasks without one, which run once on each node.
    pub fn logs(&self) -> SwarmLogs {
        SwarmLogs { deployment: self.clone(), follow: false, tail: None }
    }
}

impl SwarmLogs {
    /// Keeps the stream open and yields new lines as they are written. Defaults to `false`: ends with the existing logs.
    pub fn follow(mut self, follow: bool) -> Self {
        self.follow = follow;
        self
    }

    /// Limits the existing log of each service to its last lines. Default: all lines.
    pub fn tail(mut self, lines: usize) -> Self {
        self.tail = Some(lines);
        self
    }
}

impl IntoFuture for SwarmLogs {
    type Output = Result<ServiceLines, Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    #[inline] // generates code only in crates that deploy
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { deployment, follow, tail } = self;
            let observed = deployment.observed().await?;
            let (sender, lines) = channel(WAITING);
            let mut readers = JoinSet::new();
            let services = deployment.stack.services.iter();
            for service in services.filter(|service| observed.services.contains_key(&service.spec.name)) {
                let docker = deployment.deployment.docker.clone();
                let (name, full_name, sender) = (service.name.clone(), service.spec.name.clone(), sender.clone());
                readers.spawn(async move {
                    if let Err(error) = read(&docker, &name, &full_name, (follow, tail), &sender).await {
                        let _ = sender.send(Err(Failure::new(Step::Observe, error.into()).at(&name))).await;
                    }
                });
            }
            Ok(ServiceLines::new(lines, readers))
        })
    }
}

async fn read(
    docker: &Docker,
    service: &str,
    full_name: &str,
    (follow, tail): (bool, Option<usize>),
    sender: &Sender<Result<ServiceLine, Failure>>,
) -> Result<()> {
    let logs = docker.service(full_name).logs().follow(follow).timestamps(true).details(true);
    let logs = if let Some(tail) = tail { logs.tail(tail) } else { logs };
    let mut lines = logs.await?.lines();
    let mut slots = BTreeMap::new();
    while let Some(line) = lines.next().await {
        let line = line?;
        let (details, text) = line.text.split_once(' ').unwrap_or_default();
        let task = details.split(',').find_map(|detail| detail.strip_prefix(TASK)).unwrap_or_default();
        if !slots.contains_key(task) {
            for task in docker.tasks().list().service(full_name).await? {
                slots.insert(task.id, task.slot.unwrap_or_default());
            }
        }
        let slot = slots.entry(task.to_owned()).or_default();
        let target = Target { service: service.to_owned(), replica: u32::try_from(*slot).unwrap_or_default() };
        let line = ServiceLine { target, line: Line { text: text.to_owned(), ..line } };
        if sender.send(Ok(line)).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}
