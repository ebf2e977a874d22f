//! The setters of a [`ServiceSpec`] for its tasks: limits and reservations, placement, restarts, logs.

use super::ServiceSpec;
use crate::container::{ByteSize, Cpus};
use crate::node::Resources;
use crate::system::{DiscreteResource, GenericResource, TaskLogDriver};
use crate::task::{Placement, PlacementPreference, ResourceLimits, SpreadOver, TaskResources, TaskRestartPolicy};
use std::fmt::Display;

impl ServiceSpec {
    fn resources(&mut self) -> &mut TaskResources {
        self.task_template.resources.get_or_insert_default()
    }

    fn limits(&mut self) -> &mut ResourceLimits {
        self.resources().limits.get_or_insert_default()
    }

    fn reservations(&mut self) -> &mut Resources {
        self.resources().reservations.get_or_insert_default()
    }

    fn placement(&mut self) -> &mut Placement {
        self.task_template.placement.get_or_insert_default()
    }

    /// Limits the memory of each task, in bytes or as text: `512 * MIB` or `"512m"`. Default: no limit.
    pub fn memory(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.set(size.try_into(), |spec, size| spec.limits().memory_bytes = size.bytes())
    }

    /// Sets the amount of swap of each task, in bytes or as text. -1 means unlimited swap. Requires a
    /// [`memory`](Self::memory) limit, and defaults to twice that limit. Requires API 1.52 or later.
    ///
    /// The memory itself is not included, unlike in
    /// [`ContainerSpec::memory_swap`](crate::container::ContainerSpec::memory_swap).
    pub fn memory_swap(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.set(size.try_into(), |spec, size| spec.resources().swap_bytes = Some(size.bytes()))
    }

    /// Sets how readily the kernel swaps memory of the tasks, from 0 to 100. -1 unsets a previous value. Defaults to the
    /// node's setting. Requires API 1.52 or later.
    pub fn memory_swappiness(mut self, percent: i64) -> Self {
        self.resources().memory_swappiness = Some(percent);
        self
    }

    /// Limits the CPU usage of each task: `1.5` or `"1.5"` is one and a half CPUs. Default: no limit.
    pub fn cpus(self, cpus: impl TryInto<Cpus, Error: Display>) -> Self {
        self.set(cpus.try_into(), |spec, cpus| spec.limits().nano_cpus = cpus.nanos())
    }

    /// Limits the processes and threads of each task. -1 or 0 means no limit, which is the default.
    pub fn pids_limit(mut self, limit: i64) -> Self {
        self.limits().pids = limit.max(0);
        self
    }

    /// Reserves memory, in bytes or as text, that a node must have available for each task. Default: no reservation.
    pub fn reserve_memory(self, size: impl TryInto<ByteSize, Error: Display>) -> Self {
        self.set(size.try_into(), |spec, size| spec.reservations().memory_bytes = size.bytes())
    }

    /// Reserves CPUs that a node must have available for each task. Default: no reservation.
    pub fn reserve_cpus(self, cpus: impl TryInto<Cpus, Error: Display>) -> Self {
        self.set(cpus.try_into(), |spec, cpus| spec.reservations().nano_cpus = cpus.nanos())
    }

    /// Reserves a number of a resource that the operators of nodes declare, such as 3 of `SSD`. Default: no reservation.
    pub fn generic_resource(mut self, kind: impl Into<String>, number: u32) -> Self {
        let resource = DiscreteResource { kind: kind.into(), value: number.into() };
        let resource = GenericResource { discrete_resource_spec: Some(resource), ..GenericResource::default() };
        self.reservations().generic_resources.push(resource);
        self
    }

    /// Adds a placement constraint, which a node must meet to run tasks: `node.role==manager`, `node.labels.disk!=hdd`.
    /// If called more than once, a node must meet all constraints.
    pub fn constraint(mut self, constraint: impl Into<String>) -> Self {
        self.placement().constraints.push(constraint.into());
        self
    }

    /// Spreads the tasks evenly over the values of a label, such as `node.labels.zone`. If called more than once, the
    /// first label is the most important one.
    pub fn spread_over(mut self, label: impl Into<String>) -> Self {
        let spread = Some(SpreadOver { spread_descriptor: label.into() });
        self.placement().preferences.push(PlacementPreference { spread });
        self
    }

    /// Limits the number of tasks on one node. Default: no limit.
    pub fn max_replicas_per_node(mut self, tasks: u64) -> Self {
        self.placement().max_replicas = tasks;
        self
    }

    /// Sets whether a task that has ended is replaced: `TaskRestartPolicy::on_failure().max_attempts(3)`. Defaults to a
    /// new task 5 seconds after one ends.
    pub fn restart(mut self, policy: impl Into<TaskRestartPolicy>) -> Self {
        self.task_template.restart_policy = Some(policy.into());
        self
    }

    /// Sets where the output is logged: `TaskLogDriver::new("local").option("max-size", "10m")`. Defaults to that of the
    /// swarm, or else the node's engine.
    pub fn log(mut self, log: TaskLogDriver) -> Self {
        self.task_template.log_driver = Some(log);
        self
    }

    /// Sets the log driver, with its default options: `json-file`, `local`, `journald`, `none`, ….
    pub fn log_driver(self, driver: impl Into<String>) -> Self {
        self.log(TaskLogDriver::new(driver))
    }
}
