//! What is done to the containers of one replica, in an order that leaves the way back open at each step.
//!
//! A new container is called `NAME.next` until it is ready, and the one before it `NAME.RELEASE` from then on: whenever the
//! deployer is killed, the names say how far it was.

use super::Applying;
use crate::container::{Container, ContainerSpec, ExitStatus, Healthcheck, RestartPolicy, UpdateSpec, WaitCondition};
use crate::deploy::attempt::{evidence, is_gone, remove};
use crate::deploy::event::Event;
use crate::deploy::failure::{Cause, Failure, Step};
use crate::deploy::plan::{DesiredService, Found, Slot, label};
use crate::deploy::ready::gate;
use crate::deploy::target::{Recovery, Target};
use crate::deploy::{File, Order};
use crate::{Limits, Result, Upload, Version};
use std::pin::Pin;
use std::time::Duration;

type Exit = Pin<Box<dyn Future<Output = Result<ExitStatus>> + Send>>;

/// How long it may take to put back what was there.
const RESTORE_LIMIT: Duration = Duration::from_secs(120);

/// One replica, with what is there of it.
pub(super) struct Work<'a> {
    pub(super) applying: &'a Applying,
    pub(super) service: &'a DesiredService,
    pub(super) target: &'a Target,
    pub(super) slot: Slot,
}

impl Work<'_> {
    fn name(&self) -> String {
        self.applying.desired.container_name(&self.target.service, self.target.replica)
    }

    fn next_name(&self) -> String {
        format!("{}.next", self.name())
    }

    fn container(&self, found: &Found) -> Container {
        self.applying.docker.container(&found.id)
    }

    fn tell(&self, event: &Event) {
        self.applying.tell(Some(self.target), event);
    }

    /// Creates the first container.
    pub(super) async fn create(&self) -> Result<(), Failure> {
        let (next, mut exit) = self.create_next().await?;
        if let Err((step, cause)) = self.start_and_wait(&next, &mut exit).await {
            return Err(self.give_up(&next, step, cause).await);
        }
        self.call(Step::Rename, next.rename(self.name())).await?;
        self.tell(&Event::Ready);
        Ok(())
    }

    /// Starts the container that is there.
    pub(super) async fn start(&self) -> Result<(), Failure> {
        let Some(current) = &self.slot.current else { return self.create().await };
        let container = self.container(current);
        let mut exit = self.registered(&container).await.map_err(|error| Failure::new(Step::Start, error.into()))?;
        if let Err((step, cause)) = self.start_and_wait(&container, &mut exit).await {
            return Err(Failure::new(step, cause).with_evidence(evidence(&container).await));
        }
        self.tell(&Event::Ready);
        Ok(())
    }

    /// Stops the container and starts it again.
    pub(super) async fn restart(&self) -> Result<(), Failure> {
        if let Some(current) = &self.slot.current {
            self.call(Step::Stop, self.container(current).stop()).await?;
        }
        self.start().await
    }

    /// Creates the container if it is gone, starts it if it has ended, and else starts it anew.
    pub(super) async fn heal(&self) -> Result<(), Failure> {
        match &self.slot.current {
            Some(current) if current.is_running() => self.restart().await,
            Some(_) => self.start().await,
            None => self.create().await,
        }
    }

    /// Puts a new container in the place of the one that is there, or leaves that as it was.
    pub(super) async fn replace(&self, order: Order) -> Result<(), Failure> {
        let Some(old) = &self.slot.current else { return self.create().await };
        let (next, mut exit) = self.create_next().await?;
        match order {
            Order::StopFirst => self.stop_first(old, &next, &mut exit).await?,
            Order::StartFirst | Order::Auto => self.start_first(old, &next, &mut exit).await?,
        }
        self.tell(&Event::Replaced);
        self.prune().await
    }

    async fn start_first(&self, old: &Found, next: &Container, exit: &mut Exit) -> Result<(), Failure> {
        if let Err((step, cause)) = self.start_and_wait(next, exit).await {
            return Err(self.give_up(next, step, cause).await);
        }
        self.tell(&Event::Ready);
        let swap = async {
            self.keep_stopped(old).await?;
            self.container(old).rename(self.superseded_name(old)).await?;
            next.rename(self.name()).await?;
            self.stop(old).await
        };
        swap.await.map_err(|error| Failure::new(Step::Rename, error.into()))
    }

    async fn stop_first(&self, old: &Found, next: &Container, exit: &mut Exit) -> Result<(), Failure> {
        let swap = async {
            self.keep_stopped(old).await?;
            self.stop(old).await?;
            self.container(old).rename(self.superseded_name(old)).await
        };
        let started = match swap.await {
            Ok(()) => self.start_and_wait(next, exit).await,
            Err(error) => Err((Step::Stop, error.into())),
        };
        if let Err((step, cause)) = started {
            let failure = self.give_up(next, step, cause).await;
            self.tell(&Event::RollingBack);
            return Err(match self.restore(old).await {
                Ok(()) => {
                    self.tell(&Event::RolledBack);
                    failure
                }
                Err(error) => failure.with_rollback(error),
            });
        }
        self.tell(&Event::Ready);
        self.call(Step::Rename, next.rename(self.name())).await
    }

    /// Puts right what a killed deployment has left.
    pub(super) async fn recover(&mut self, recovery: Recovery) -> Result<(), Failure> {
        self.tell(&Event::Recovering(recovery));
        let done = match recovery {
            Recovery::RemoveNext => {
                if let Some(current) = self.slot.current.clone() {
                    self.restart_again(&current).await.map_err(|error| Failure::new(Step::Recover, error.into()))?;
                    if !current.is_running() && !current.has_succeeded {
                        let _ = self.container(&current).start().await; // it may be what is to be replaced because it fails
                    }
                }
                match self.slot.next.take() {
                    Some(next) => remove(&self.container(&next)).await,
                    None => Ok(()),
                }
            }
            Recovery::Restore => match self.slot.superseded.first().cloned() {
                Some(old) => {
                    self.slot.superseded.remove(0);
                    let restored = self.restore(&old).await;
                    self.slot.current = Some(Found { name: self.name(), ..old });
                    restored
                }
                None => Ok(()),
            },
            Recovery::StopSuperseded => self.stop_superseded().await,
        };
        done.map_err(|error| Failure::new(Step::Recover, error.into()))
    }

    /// Goes back to the newest version before the one that is there.
    pub(super) async fn roll_back(&self, generation: usize) -> Result<(), Failure> {
        let current = self.slot.current.as_ref();
        let is_older = |found: &&Found| current.is_none_or(|current| found.age() < current.age());
        let Some(old) = self.slot.superseded.iter().filter(is_older).nth(generation.saturating_sub(1)) else {
            let why = format!("{}: there is no container of a version before to go back to", self.target);
            return Err(Failure::refused(why));
        };
        self.tell(&Event::RollingBack);
        let swapped = async {
            if let Some(current) = current {
                self.keep_stopped(current).await?;
                self.stop(current).await?;
                self.container(current).rename(self.superseded_name(current)).await?;
            }
            self.restore(old).await
        };
        let container = self.container(old);
        swapped.await.map_err(|error| Failure::new(Step::Recover, error.into()))?;
        let mut exit = self.registered(&container).await.map_err(|error| Failure::new(Step::Ready, error.into()))?;
        let (ready, deadline) = (&self.service.service.ready, self.service.service.deadline);
        if let Err(cause) = gate(ready, deadline, &self.applying.docker, &container, &mut exit).await {
            return Err(Failure::new(Step::Ready, cause).with_evidence(evidence(&container).await));
        }
        self.tell(&Event::RolledBack);
        Ok(())
    }

    /// Creates the container that is to be the next one, with its files in it.
    async fn create_next(&self) -> Result<(Container, Exit), Failure> {
        let image = self.applying.resolve(&self.service.spec.config.image).await;
        let (image, image_check) = image.map_err(|error| Failure::new(Step::Pull, error.into()))?;
        let mut spec = self.service.spec.clone();
        spec.config.image = image;
        spec.config.labels.insert(label::REPLICA, self.target.replica.to_string());
        spec.config.labels.insert(label::RELEASE, self.applying.release.as_str());
        if self.applying.desired.compose_labels {
            spec.config.labels.insert("com.docker.compose.container-number", self.target.replica.to_string());
            spec.config.labels.insert("com.docker.compose.oneoff", "False");
        }
        if self.service.service.ready.asks_for_health() && self.applying.api_version >= Version::new(1, 44) {
            check_each_second(&mut spec, image_check, self.service.service.deadline);
        }
        let next =
            self.call(Step::Create, self.applying.docker.containers().create(spec).name(self.next_name())).await?;
        self.tell(&Event::Created { id: next.id().to_owned(), warnings: next.warnings().to_vec() });
        let prepared = async {
            if let Some(archive) = archive(&self.service.files) {
                next.put_archive("/", archive).await?;
            }
            self.registered(&next).await
        };
        match prepared.await {
            Ok(exit) => Ok((next, exit)),
            Err(error) => Err(self.give_up(&next, Step::Create, error.into()).await),
        }
    }

    /// The exit of the run that is about to begin, or of the one that goes on.
    async fn registered(&self, container: &Container) -> Result<Exit> {
        let exit = container.wait().condition(WaitCondition::NextExit).registered().await?;
        Ok(Box::pin(exit.exit()))
    }

    async fn start_and_wait(&self, container: &Container, exit: &mut Exit) -> Result<(), (Step, Cause)> {
        container.start().await.map_err(|error| (Step::Start, error.into()))?;
        self.tell(&Event::Started);
        let (ready, deadline) = (&self.service.service.ready, self.service.service.deadline);
        let gated = gate(ready, deadline, &self.applying.docker, container, exit).await;
        gated.map_err(|cause| (Step::Ready, cause))?;
        if let Some(hook) = &self.applying.on_ready {
            let done = hook(self.target.clone(), container.clone()).await;
            done.map_err(|error| (Step::Ready, Cause::Hook(error.to_string())))?;
        }
        Ok(())
    }

    /// Removes the container that was to be the next one, and tells why it is not.
    async fn give_up(&self, next: &Container, step: Step, cause: Cause) -> Failure {
        let failure = Failure::new(step, cause).of(self.target).with_evidence(evidence(next).await);
        self.tell(&Event::CleaningUp);
        match remove(next).await {
            Ok(()) => failure,
            Err(error) => failure.with_left(vec![error]),
        }
    }

    /// Gives a container its name back, and starts it.
    async fn restore(&self, old: &Found) -> Result<()> {
        let container = self.container(old);
        let restored = async {
            if let Err(error) = container.rename(self.name()).await {
                let has_it_already = container.inspect().await?.name.trim_start_matches('/') == self.name();
                if !has_it_already {
                    return Err(error);
                }
            }
            self.restart_again(old).await?;
            container.start().limits(Limits::new().whole(RESTORE_LIMIT)).await
        };
        restored.await
    }

    /// Takes the restart policy off: the engine is not to start it beside the one that takes its place.
    async fn keep_stopped(&self, found: &Found) -> Result<()> {
        self.container(found).update(UpdateSpec::new().restart(RestartPolicy::no())).await.map(drop)
    }

    /// Gives it the restart policy of its configuration again.
    async fn restart_again(&self, found: &Found) -> Result<()> {
        let configuration: serde_json::Value =
            serde_json::from_str(found.label(label::CONFIGURATION)).unwrap_or_default();
        let Some(policy) = configuration.pointer("/spec/HostConfig/RestartPolicy") else { return Ok(()) };
        let Ok(policy) = serde_json::from_str::<RestartPolicy>(&policy.to_string()) else { return Ok(()) };
        self.container(found).update(UpdateSpec::new().restart(policy)).await.map(drop)
    }

    async fn stop(&self, found: &Found) -> Result<()> {
        match self.container(found).stop().await {
            Err(error) if !is_gone(&error) => Err(error),
            _ => Ok(()),
        }
    }

    async fn stop_superseded(&self) -> Result<()> {
        for old in self.slot.superseded.iter().filter(|found| found.is_running()) {
            self.keep_stopped(old).await?;
            self.stop(old).await?;
        }
        Ok(())
    }

    /// Removes what was superseded longest ago, beyond what is to be kept.
    async fn prune(&self) -> Result<(), Failure> {
        let keep = usize::try_from(self.service.service.keep).unwrap_or(usize::MAX);
        // The one that was there until now is the newest.
        for old in self.slot.superseded.iter().skip(keep.saturating_sub(1)) {
            self.call(Step::Remove, remove(&self.container(old))).await?;
        }
        match &self.slot.current {
            Some(current) if keep == 0 => self.call(Step::Remove, remove(&self.container(current))).await,
            _ => Ok(()),
        }
    }

    /// What a container is called once another has taken its place.
    fn superseded_name(&self, old: &Found) -> String {
        let release = old.label(label::RELEASE);
        let short = release.len().checked_sub(8).and_then(|start| release.get(start..));
        format!("{}.{}", self.name(), short.unwrap_or("old"))
    }

    async fn call<T>(&self, step: Step, call: impl IntoFuture<Output = Result<T>>) -> Result<T, Failure> {
        call.await.map_err(|error| Failure::new(step, error.into()).of(self.target))
    }
}

/// Has health checks made each second until the container is healthy: the first one comes after a whole interval otherwise,
/// which is 30 s if nothing is said. An image's own check is taken where none is given.
fn check_each_second(spec: &mut ContainerSpec, image: Option<Healthcheck>, deadline: Duration) {
    let own = spec.config.healthcheck.take();
    let Some(check) = own.or(image) else { return };
    let check = spec.config.healthcheck.insert(check);
    if check.start_period.is_none() && check.start_interval.is_none() {
        check.start_period = Some(deadline);
        check.start_interval = Some(Duration::from_secs(1));
    }
}

/// The files of a service, as an archive.
#[cfg(feature = "tar")]
fn archive(files: &[(File, Vec<u8>)]) -> Option<Upload> {
    let mut archive = tar::Builder::new(Vec::new());
    for (file, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(file.mode);
        header.set_uid(file.user);
        header.set_gid(file.group);
        archive.append_data(&mut header, file.path.trim_start_matches('/'), content.as_slice()).ok()?;
    }
    (!files.is_empty()).then(|| archive.into_inner().ok().map(Upload::from)).flatten()
}

#[cfg(not(feature = "tar"))]
fn archive(_: &[(File, Vec<u8>)]) -> Option<Upload> {
    None
}
