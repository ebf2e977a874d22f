//! Checks a [`ServiceSpec`] before it is sent to an engine, by itself and against the API version.

use super::ServiceSpec;
use crate::Version;
use crate::container::{ContainerSpec, Healthcheck};

impl ServiceSpec {
    /// Returns what is wrong with the specification, and how to fix it.
    pub(super) fn check(&self) -> Result<(), String> {
        let template = &self.task_template;
        let restart = template.restart_policy.iter().flat_map(|policy| &policy.invalid);
        let updates = self.update_config.iter().chain(&self.rollback_config).flat_map(|config| &config.invalid);
        let mounts = template.container_spec.iter().flat_map(|container| &container.mounts);
        let mounts = mounts.flat_map(|mount| &mount.invalid);
        if let Some(why) = self.invalid.iter().chain(restart).chain(updates).chain(mounts).next() {
            return Err(why.clone());
        }
        let resources = template.resources.clone().unwrap_or_default();
        let (limits, reservations) = (resources.limits.unwrap_or_default(), resources.reservations.unwrap_or_default());
        for (what, nano_cpus) in [("Limits", limits.nano_cpus), ("Reservations", reservations.nano_cpus)] {
            if nano_cpus < 0 {
                return Err(format!("invalid {what}.NanoCPUs: use a number of CPUs above 0, such as 1.5"));
            }
        }
        for (what, size) in [("Limits", limits.memory_bytes), ("Reservations", reservations.memory_bytes)] {
            if size < 0 {
                return Err(format!("{what}.MemoryBytes is {size}: use a number of bytes, such as 512 * MIB"));
            }
        }
        let Some(container) = &template.container_spec else { return Ok(()) };
        container.env.check()?;
        container.health_check.as_ref().map_or(Ok(()), Healthcheck::check)
    }

    /// The settings in use that older APIs silently ignore, with the version that each requires.
    pub(super) fn gates(&self) -> Vec<(Version, &'static str)> {
        let container = self.task_template.container_spec.as_ref();
        let privileges = container.and_then(|container| container.privileges.as_ref());
        let resources = self.task_template.resources.as_ref();
        let gates = [
            (privileges.is_some_and(|has| has.seccomp.is_some()), Version::V1_45, "Privileges.Seccomp"),
            (privileges.is_some_and(|has| has.app_armor.is_some()), Version::V1_45, "Privileges.AppArmor"),
            (privileges.is_some_and(|has| has.no_new_privileges), Version::V1_45, "Privileges.NoNewPrivileges"),
            (container.is_some_and(|has| has.oom_score_adj != 0), Version::V1_46, "OomScoreAdj"),
            (resources.is_some_and(|has| has.swap_bytes.is_some()), Version::V1_52, "Resources.SwapBytes"),
            (
                resources.is_some_and(|has| has.memory_swappiness.is_some()),
                Version::V1_52,
                "Resources.MemorySwappiness",
            ),
        ];
        let mut gates: Vec<_> =
            gates.into_iter().filter(|(is_set, ..)| *is_set).map(|(_, since, what)| (since, what)).collect();
        if let Some(container) = container {
            // The health check and the mounts have the same types, and so the same gates, as those of a container.
            let mut alike = ContainerSpec::default();
            alike.config.healthcheck.clone_from(&container.health_check);
            alike.host_config.mounts.clone_from(&container.mounts);
            gates.extend(alike.gates());
        }
        gates
    }
}
