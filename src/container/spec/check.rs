//! What is wrong with a [`ContainerSpec`], before it goes to an engine.

use super::{ContainerConfig, ContainerSpec, Healthcheck};
use std::time::Duration;

impl ContainerSpec {
    /// What is wrong, and what is right.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.config.image.trim().is_empty() {
            return Err("an image is needed: a name such as nginx:1.27, or an id".to_owned());
        }
        if self.host_config.nano_cpus < 0 {
            return Err("HostConfig.NanoCpus is no number of CPUs: cpus takes one above 0, such as 1.5".to_owned());
        }
        let sizes = [
            ("Memory", self.host_config.memory),
            ("MemoryReservation", self.host_config.memory_reservation),
            ("ShmSize", self.host_config.shm_size),
        ];
        if let Some((name, size)) = sizes.into_iter().find(|(_, size)| *size < 0) {
            return Err(format!("HostConfig.{name} is {size}: a number of bytes is needed, such as 512 * MIB"));
        }
        self.config.check()
    }
}

impl ContainerConfig {
    /// What is wrong, and what is right, of all but the image.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.env.iter().any(|(name, _)| name.is_empty()) {
            return Err("an environment variable has no name".to_owned());
        }
        self.healthcheck.as_ref().map_or(Ok(()), Healthcheck::check)
    }
}

impl Healthcheck {
    fn check(&self) -> Result<(), String> {
        let times = [
            ("Interval", self.interval),
            ("Timeout", self.timeout),
            ("StartPeriod", self.start_period),
            ("StartInterval", self.start_interval),
        ];
        // 0 stands for the image's.
        let short = |time: Duration| !time.is_zero() && time < Duration::from_millis(1);
        match times.into_iter().find(|(_, time)| time.is_some_and(short)) {
            Some((name, _)) => Err(format!("Healthcheck.{name} is shorter than 1 ms, which is the least")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ContainerSpec, Healthcheck};
    use std::time::Duration;

    fn wrong(spec: &ContainerSpec) -> String {
        spec.check().expect_err("wrong")
    }

    #[test]
    fn says_what_is_wrong() {
        let good = || ContainerSpec::new("nginx");
        assert_eq!(good().cpus(0.5).memory(1).check(), Ok(()));
        assert!(wrong(&ContainerSpec::new(" ")).starts_with("an image is needed"));
        assert!(wrong(&good().env("", "x")).contains("no name"));
        for cpus in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(wrong(&good().cpus(cpus)).contains("NanoCpus"), "{cpus}");
        }
        assert!(wrong(&good().memory(-1)).contains("HostConfig.Memory is -1"));
        let check = Healthcheck::exec(["true"]).interval(Duration::ZERO).timeout(Duration::from_micros(1));
        assert!(wrong(&good().health(check)).contains("Healthcheck.Timeout"));
    }
}
