//! Gives containers their names: the replica's to the new one, and another to the old one.

use super::aside::rename;
use super::slot::Work;
use crate::container::Container;
use crate::deploy::failure::{AtStep, Cause, Failure, Step};
use crate::deploy::plan::Found;
use crate::deploy::ready::{Exit, just_exited};

impl Work<'_> {
    /// Gives the old container the name of one that has been replaced.
    pub(super) async fn rename_aside(&self, old: &Found) -> Result<(), Failure> {
        self.check_lease()?;
        self.container(old).rename(self.applying.superseded_name(self.target, old)).await.at_step(Step::Rename)
    }

    /// Gives the new container the replica's name.
    pub(super) async fn place(&self, next: &Container, exit: &mut Exit) -> Result<(), Failure> {
        self.check_lease()?;
        let Err(error) = rename(next, &self.name()).await else { return Ok(()) };
        // Docker cannot rename a container that has just exited and is about to be started again. It says that a sandbox is missing.
        let may_have_exited = !error.is_conflict() && !self.service.service.ready.is_exited();
        let exited = if may_have_exited { just_exited(exit).await } else { None };
        Err(Failure::new(Step::Rename, exited.map_or_else(|| error.into(), Cause::Exited)))
    }
}
