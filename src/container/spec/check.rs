//! Checks a [`ContainerSpec`] before it is sent to an engine.

use super::{ContainerConfig, ContainerSpec, Healthcheck};
use std::time::Duration;

impl ContainerSpec {
    /// Returns what is wrong with the spec, and how to fix it.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(why) = self.invalid.first() {
            return Err(why.clone());
        }
        let endpoints = self.networking_config.endpoints_config.values().flat_map(|endpoint| &endpoint.invalid);
        let mounts = self.host_config.mounts.iter().flat_map(|mount| &mount.invalid);
        if let Some(why) = endpoints.chain(mounts).next() {
            return Err(why.clone());
        }
        if self.config.image.trim().is_empty() {
            return Err("an image is needed: use a name such as nginx:1.27, or an ID".to_owned());
        }
        if self.host_config.nano_cpus < 0 {
            return Err("invalid HostConfig.NanoCpus: use a number of CPUs above 0, such as cpus(1.5)".to_owned());
        }
        let sizes = [
            ("Memory", self.host_config.memory),
            ("MemoryReservation", self.host_config.memory_reservation),
            ("ShmSize", self.host_config.shm_size),
        ];
        if let Some((name, size)) = sizes.into_iter().find(|(_, size)| *size < 0) {
            return Err(format!("HostConfig.{name} is {size}: use a number of bytes, such as 512 * MIB"));
        }
        self.config.check()
    }
}

impl ContainerConfig {
    /// Returns what is wrong with the configuration, image aside, and how to fix it.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.env.check()?;
        self.healthcheck.as_ref().map_or(Ok(()), Healthcheck::check)
    }
}

impl Healthcheck {
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(why) = self.invalid.first() {
            return Err(why.clone());
        }
        let times = [
            ("Interval", self.interval),
            ("Timeout", self.timeout),
            ("StartPeriod", self.start_period),
            ("StartInterval", self.start_interval),
        ];
        // 0 means the image's value.
        let short = |time: Duration| !time.is_zero() && time < Duration::from_millis(1);
        match times.into_iter().find(|(_, time)| time.is_some_and(short)) {
            Some((name, _)) => Err(format!("Healthcheck.{name} is shorter than 1 ms: use 1 ms or more")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ContainerSpec, Healthcheck};
    use crate::container::Mount;
    use crate::network::EndpointSettings;
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
        let nul = wrong(&good().env("KEY", "hunter2\0"));
        assert_eq!(nul, "the environment variable \"KEY\" contains a NUL character");
        for cpus in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(wrong(&good().cpus(cpus)).contains("NanoCpus"), "{cpus}");
        }
        assert!(wrong(&good().memory(-1)).contains("HostConfig.Memory is -1"));
        let check = Healthcheck::exec(["true"]).interval(Duration::ZERO).timeout(Duration::from_micros(1));
        assert!(wrong(&good().health(check)).contains("Healthcheck.Timeout"));
        let check = Healthcheck::exec(["true"]).interval("5s").timeout("soon");
        assert!(wrong(&good().health(check)).starts_with("invalid duration \"soon\""));
        assert!(wrong(&good().stop_timeout("10")).starts_with("invalid duration \"10\""));
        assert!(
            wrong(&good().network_with("a", EndpointSettings::new().ipv4("x"))).starts_with("invalid address \"x\"")
        );
        for (spec, text) in [
            (good().dns("nine"), "invalid address \"nine\""),
            (good().restart("often"), "invalid restart policy \"often\""),
            (good().device("fuse"), "invalid device \"fuse\""),
            (good().gpus("some"), "invalid GPUs \"some\""),
            (good().ulimit("nofile"), "invalid ulimit \"nofile\""),
            (good().expose("http"), "invalid port \"http\""),
            (good().memory_reservation("1x"), "invalid size \"1x\""),
        ] {
            assert!(wrong(&spec).starts_with(text), "{}", wrong(&spec));
        }
    }

    #[test]
    fn says_which_text_is_wrong() {
        let good = || ContainerSpec::new("nginx");
        for (spec, text) in [
            (good().mount(Mount::tmpfs("/run").size("big")), "invalid size \"big\""),
            (good().mount(Mount::tmpfs("/run").mode(0)), "invalid tmpfs mode 0"),
            (good().publish(53, "53/dns"), "invalid port \"53/dns\""),
            (good().publish_on([127, 0, 0, 1], 53, "dns"), "invalid port \"dns\""),
            (good().env_text("=x"), "invalid variable name \"\""),
            (good().extra_host("a:b", "10.0.0.9"), "invalid extra host \"a:b\""),
            (good().device_read_bps("/dev/sda", "fast"), "invalid size \"fast\""),
            (good().device_read_bps("/dev/sda", -1), "invalid rate -1"),
        ] {
            assert!(wrong(&spec).starts_with(text), "{}", wrong(&spec));
        }
    }
}
