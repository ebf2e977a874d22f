//! What people type: versions, platforms, ports, mounts, sizes, CPUs, times, hosts.

#![no_main]

use longshore::container::{
    ByteSize, ContainerSpec, Cpus, Device, Gpus, Mount, Port, PortRange, RestartPolicy, Ulimit,
};
use longshore::{Docker, GoDuration, Moment, Platform, Version};
use std::fmt::{Debug, Display};
use std::str::FromStr;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let spec = ContainerSpec::new("web").ports(text).mount(text).memory(text).cpus(text).env(text, text).publish(1, 1);
    let _ = serde_json::to_string(&spec).expect("JSON");
    same::<Version>(text);
    same::<Platform>(text);
    same::<Port>(text);
    same::<PortRange>(text);
    same::<Device>(text);
    same::<Ulimit>(text);
    same::<RestartPolicy>(text);
    same::<ByteSize>(text);
    same::<Cpus>(text);
    same::<GoDuration>(text);
    same::<Moment>(text);
    let _ = text.parse::<Mount>();
    let _ = text.parse::<Gpus>();
    let _ = Docker::connect(text);
});

/// What is read is written so that it is read again.
fn same<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    if let Ok(value) = text.parse::<T>() {
        let again = value.to_string().parse::<T>().ok();
        assert_eq!(again.as_ref(), Some(&value), "{text:?}");
    }
}
