//! Probes: TCP and HTTP from outside, commands in the container.

use super::gate::Looks;
use crate::Docker;
use crate::container::{Container, ContainerInspect, PortBinding};
use crate::deploy::failure::Cause;
use bytes::Bytes;
use http_body_util::Empty;
use hyper_util::rt::TokioIo;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Limit of a single try.
const TRY: Duration = Duration::from_secs(3);
/// How long a connection to a published port must stay open. A proxy accepts it, and closes it if the container does not listen.
const HELD: Duration = Duration::from_millis(100);
/// The same if one of the container's own addresses refuses: most likely nothing listens.
const HELD_IN_DOUBT: Duration = Duration::from_secs(1);

/// What came of a try: success, or why it failed. Another try may succeed.
type Try = Result<(), String>;

pub(super) async fn tcp(looks: &Looks<'_>, port: u16) -> Result<Try, Cause> {
    let Connected { stream, address, held } = match connect(looks, port).await? {
        Ok(connected) => connected,
        Err(why) => return Ok(Err(why)),
    };
    Ok(match timeout(held, stream.peek(&mut [0])).await {
        Ok(Ok(0) | Err(_)) if !held.is_zero() => Err(format!("connecting to {address}: closed at once")),
        _ => Ok(()),
    })
}

pub(super) async fn http(looks: &Looks<'_>, port: u16, path: &str) -> Result<Try, Cause> {
    let Connected { stream, address, .. } = match connect(looks, port).await? {
        Ok(connected) => connected,
        Err(why) => return Ok(Err(why)),
    };
    Ok(match timeout(TRY, get(stream, &address, path)).await.ok().flatten() {
        Some(status) if status < 400 => Ok(()),
        Some(status) => Err(format!("GET http://{address}{path} responded {status}")),
        None => Err(format!("GET http://{address}{path} had no response")),
    })
}

pub(super) async fn exec(container: &Container, cmd: &[String]) -> Result<Try, Cause> {
    let output = container.exec(cmd.iter().cloned()).output().await?;
    if output.status.success() {
        return Ok(Ok(()));
    }
    let (stdout, stderr) = (output.stdout_text(), output.stderr_text());
    let last = [stderr, stdout].iter().find_map(|text| Some(format!(": {}", text.trim().lines().last()?)));
    Ok(Err(format!("the command {cmd:?} failed with {}{}", output.status, last.unwrap_or_default())))
}

/// A connection, which counts if it stays open for a while.
struct Connected {
    stream: TcpStream,
    address: String,
    held: Duration,
}

/// Connects to the port at the first address that accepts.
async fn connect(looks: &Looks<'_>, port: u16) -> Result<Result<Connected, String>, Cause> {
    let mut found = looks.container.inspect().await?;
    if let Some(other) = found.host_config.network_mode.strip_prefix("container:") {
        found = looks.docker.container(other).inspect().await?;
    }
    let mut failures = Vec::new();
    let mut held = HELD;
    for (address, is_published) in addresses(looks.docker, &found, port) {
        match timeout(TRY, TcpStream::connect(&address)).await {
            Ok(Ok(stream)) => {
                let held = if is_published { held } else { Duration::ZERO };
                return Ok(Ok(Connected { stream, address, held }));
            }
            Ok(Err(error)) => {
                if error.kind() == ErrorKind::ConnectionRefused {
                    held = HELD_IN_DOUBT;
                }
                failures.push(format!("connecting to {address}: {error}"));
            }
            Err(_) => failures.push(format!("connecting to {address}: no response within {TRY:?}")),
        }
    }
    if failures.is_empty() {
        failures.push(format!("the container has no address, and does not publish port {port}"));
    }
    Ok(Err(failures.join(", ")))
}

/// Returns the addresses of the port, and whether the engine publishes the port there. The container's own addresses are usually
/// reachable on the engine's machine only. A published port may be accepted by a proxy of the engine before the container
/// listens, so it comes second there.
fn addresses(docker: &Docker, container: &ContainerInspect, port: u16) -> Vec<(String, bool)> {
    let host = docker.endpoint().published_host();
    if container.host_config.network_mode == "host" {
        return vec![(format!("{host}:{port}"), false)];
    }
    let own = container.network_settings.networks.values().flat_map(|endpoint| {
        let addresses = [&endpoint.ip_address, &endpoint.global_ipv6_address];
        addresses.into_iter().flatten().map(|address| (format!("{}:{port}", in_brackets(address)), false))
    });
    let bindings = container.network_settings.ports.get(&format!("{port}/tcp")).into_iter().flatten();
    let published = bindings.map(|PortBinding { host_ip, host_port, .. }| {
        let is_of_one = host_ip.parse().is_ok_and(|ip: IpAddr| !ip.is_unspecified() && !ip.is_loopback());
        let host = if is_of_one { in_brackets(host_ip) } else { host.clone() };
        (format!("{host}:{host_port}"), true)
    });
    let mut addresses: Vec<_> =
        if host == LOCAL { own.chain(published).collect() } else { published.chain(own).collect() };
    addresses.dedup(); // engines bind the same port for IPv4 and IPv6
    addresses
}

/// Puts an IPv6 address in brackets.
fn in_brackets(address: &str) -> String {
    if address.contains(':') { format!("[{address}]") } else { address.to_owned() }
}

/// The host of an engine that is not reached over the network.
const LOCAL: &str = "127.0.0.1";

/// Sends a `GET` and returns the status code.
async fn get(stream: TcpStream, address: &str, path: &str) -> Option<u16> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    let request = hyper::Request::get(path).header(hyper::header::HOST, address).body(Empty::<Bytes>::new()).ok()?;
    let mut response = std::pin::pin!(sender.send_request(request));
    let mut connection = std::pin::pin!(connection);
    std::future::poll_fn(|cx| {
        let ended = connection.as_mut().poll(cx).is_ready();
        match response.as_mut().poll(cx) {
            std::task::Poll::Ready(response) => std::task::Poll::Ready(response.ok()),
            std::task::Poll::Pending if ended => std::task::Poll::Ready(None),
            std::task::Poll::Pending => std::task::Poll::Pending,
        }
    })
    .await
    .map(|response| response.status().as_u16())
}

#[cfg(test)]
mod tests {
    use super::addresses;
    use crate::Docker;
    use crate::container::ContainerInspect;
    use serde_json::json;

    /// The addresses of port 80 of a container, for a client of this host.
    fn of(host: &str, container: serde_json::Value) -> Vec<String> {
        let docker = Docker::connect(host).expect("a client");
        let container: ContainerInspect = serde_json::from_value(container).expect("a container");
        addresses(&docker, &container, 80).into_iter().map(|(address, _)| address).collect()
    }

    #[test]
    fn published_addresses_are_those_that_were_bound() {
        let bound = |bindings: &[&str]| {
            let bindings: Vec<_> = bindings.iter().map(|ip| json!({"HostIp": ip, "HostPort": "8080"})).collect();
            of(
                "unix:///nowhere",
                json!({"NetworkSettings": {
                "Networks": {"six": {"GlobalIPv6Address": "2001:db8::2"}}, "Ports": {"80/tcp": bindings}}}),
            )
        };
        assert_eq!(bound(&["0.0.0.0", "::"]), ["[2001:db8::2]:80", "127.0.0.1:8080"]);
        assert_eq!(bound(&["10.0.0.7", "2001:db8::7"]), ["[2001:db8::2]:80", "10.0.0.7:8080", "[2001:db8::7]:8080"]);
        assert_eq!(bound(&["127.0.0.1"]), ["[2001:db8::2]:80", "127.0.0.1:8080"]);
    }

    #[test]
    fn a_container_on_the_hosts_network_is_reached_at_the_host() {
        let on_host = json!({"HostConfig": {"NetworkMode": "host"}, "NetworkSettings": {"Networks": {"host": {"IPAddress": ""}}}});
        assert_eq!(of("unix:///nowhere", on_host.clone()), ["127.0.0.1:80"]);
        assert_eq!(of("tcp://10.0.0.7:2375", on_host), ["10.0.0.7:80"]);
        let on_bridge = json!({"HostConfig": {"NetworkMode": "bridge"}, "NetworkSettings": {
            "Networks": {"bridge": {"IPAddress": "172.17.0.2"}}, "Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}}});
        assert_eq!(of("unix:///nowhere", on_bridge.clone()), ["172.17.0.2:80", "127.0.0.1:8080"]);
        assert_eq!(of("tcp://10.0.0.7:2375", on_bridge), ["10.0.0.7:8080", "172.17.0.2:80"]);
    }
}
