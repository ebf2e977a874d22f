//! From a spec to a started container.

use super::attempt::Attempt;
use super::event::Event;
use super::failure::{Cause, Step};
use super::label::TEMPORARY;
use super::networks::{connect, split_off};
use super::prepare::prepare;
use super::run::Run;
use crate::Docker;
use crate::container::{Container, ExitStatus, WaitCondition};
use std::pin::Pin;

/// A started container, and the future of its exit.
pub(super) struct Started {
    pub(super) container: Container,
    pub(super) exit: Exit,
}

/// The future of a container's exit.
pub(super) type Exit = Pin<Box<dyn Future<Output = crate::Result<ExitStatus>> + Send>>;

impl Run {
    #[inline]
    pub(super) fn attempt(&mut self, docker: &Docker) -> Attempt {
        let observer = std::mem::take(&mut self.observer);
        Attempt::new(docker, observer, self.keep_failed, (self.cleanup.take(), self.cleanup_limit))
    }
}

/// The step at which a launch failed, and the container if it was created.
pub(super) struct Launch {
    pub(super) step: Step,
    pub(super) cause: Cause,
    pub(super) container: Option<Container>,
}

/// Prepares, creates and starts the container, with its files. The wait for its exit begins before the start, so a quick exit is
/// not missed.
pub(super) async fn launch(attempt: &mut Attempt, run: &mut Run) -> Result<Started, Launch> {
    let nothing_made = |(step, cause)| Launch { step, cause, container: None };
    let files = prepare(attempt, run).await.map_err(nothing_made)?;

    let (key, id) = attempt.label();
    let spec = run.spec.clone();
    let mut spec = if run.remove_on_drop { spec.label(TEMPORARY, "true") } else { spec }.label(key, id);
    let api_version = attempt.docker().api_version().await;
    let later = split_off(&mut spec, api_version.map_err(|error| nothing_made((Step::Create, error.into())))?);
    let mut create = attempt.docker().containers().create(spec);
    if let Some(name) = &run.name {
        create = create.name(name);
    }
    if let Ok(Some(platform)) = run.checked_platform() {
        create = create.platform(platform);
    }
    let container = create.await.map_err(|error| nothing_made((Step::Create, error.into())))?;
    let warnings = container.warnings().to_vec();
    attempt.tell(&Event::Created { id: container.id().to_owned(), warnings });

    let started = async {
        connect(attempt.docker(), &container, later).await?;
        if let Some(files) = files {
            container.put_archive("/", files).await?;
        }
        let exit = container.wait().condition(WaitCondition::NextExit).registered().await?;
        container.start().await?;
        Ok::<Exit, crate::Error>(Box::pin(exit.exit()))
    };
    match started.await {
        Ok(exit) => {
            attempt.tell(&Event::Started);
            Ok(Started { container, exit })
        }
        Err(error) => Err(Launch { step: Step::Start, cause: error.into(), container: Some(container) }),
    }
}
