//! Several engines on a network of their own, to be joined to a swarm, cut off and killed. They need root.

use super::dockerd::Dockerd;
use longshore::Docker;
use std::process::{Child, Command, Stdio};

/// Engines that reach each other at `10.214.0.1`, `10.214.0.2`, ….
pub struct Cluster {
    pub nodes: Vec<Dockerd>,
    /// Has the bridge between them.
    switch: Child,
}

impl Cluster {
    /// So many, each with an image of the engine of `tests/engine.sh`.
    pub async fn start(test: &str, other: &Docker, image: &str, count: usize) -> Option<Self> {
        let mut nodes = Vec::new();
        for _ in 0..count {
            nodes.push(Dockerd::start(test, other, image, None).await?);
        }
        let switch = Command::new("unshare").args(["--net", "sleep", "infinity"]).stdin(Stdio::null()).spawn();
        let cluster = Self { nodes, switch: switch.expect("unshare") };
        while !comm(cluster.switch.id()).starts_with("sleep") {
            std::thread::yield_now();
        }
        cluster.in_switch(&["link", "add", "lan", "type", "bridge"]);
        cluster.in_switch(&["link", "set", "lan", "up"]);
        for (index, node) in cluster.nodes.iter().enumerate() {
            let (port, namespace) = (format!("port{index}"), node.process().to_string());
            cluster.in_switch(&["link", "add", &port, "type", "veth", "peer", "name", "lan0", "netns", &namespace]);
            cluster.in_switch(&["link", "set", &port, "master", "lan", "up"]);
            ip(node.process(), &["addr", "add", &format!("{}/24", address(index)), "dev", "lan0"]);
            ip(node.process(), &["link", "set", "lan0", "up"]);
        }
        Some(cluster)
    }

    /// Cuts a node off from the others, or connects it again.
    pub fn connect(&self, index: usize, is_connected: bool) {
        self.in_switch(&["link", "set", &format!("port{index}"), if is_connected { "up" } else { "down" }]);
    }

    fn in_switch(&self, arguments: &[&str]) {
        ip(self.switch.id(), arguments);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.switch.kill();
        let _ = self.switch.wait();
    }
}

/// Where a node is reached by the others.
pub fn address(index: usize) -> String {
    format!("10.214.0.{}", index + 1)
}

/// Runs `ip` in the network of a process.
fn ip(process: u32, arguments: &[&str]) {
    let target = process.to_string();
    let status = Command::new("nsenter").args(["--target", &target, "--net", "ip"]).args(arguments).status();
    assert!(status.expect("nsenter").success(), "ip {arguments:?} in {process}");
}

fn comm(process: u32) -> String {
    std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default()
}
