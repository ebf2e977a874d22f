//! Probes: TCP and HTTP from outside, commands in the container.

use super::repeat;
use crate::Docker;
use crate::container::{Container, ContainerInspect};
use crate::deploy::failure::Cause;
use bytes::Bytes;
use http_body_util::Empty;
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Limit of a single try.
const TRY: Duration = Duration::from_secs(3);

pub(super) async fn tcp(docker: &Docker, container: &Container, port: u16) -> Result<(), Cause> {
    repeat(|| async { Ok(connect(docker, container, port).await?.is_some()) }).await
}

pub(super) async fn http(docker: &Docker, container: &Container, port: u16, path: &str) -> Result<(), Cause> {
    repeat(|| async {
        let Some((stream, address)) = connect(docker, container, port).await? else { return Ok(false) };
        Ok(timeout(TRY, get(stream, &address, path)).await.ok().flatten().is_some_and(|status| status < 400))
    })
    .await
}

pub(super) async fn exec(container: &Container, cmd: &[String]) -> Result<(), Cause> {
    repeat(|| async { Ok(container.exec(cmd.iter().cloned()).output().await?.status.success()) }).await
}

/// Connects to the port at the first address that accepts.
async fn connect(docker: &Docker, container: &Container, port: u16) -> Result<Option<(TcpStream, String)>, Cause> {
    for address in addresses(docker, &container.inspect().await?, port) {
        if let Ok(Ok(stream)) = timeout(TRY, TcpStream::connect(&address)).await {
            return Ok(Some((stream, address)));
        }
    }
    Ok(None)
}

/// Returns the addresses of the port. The container's own addresses are usually reachable on the engine's machine only. A
/// published port may be accepted by a proxy of the engine before the container listens, so it comes second there.
fn addresses(docker: &Docker, container: &ContainerInspect, port: u16) -> Vec<String> {
    let networks = container.network_settings.networks.values();
    let own = networks.filter_map(|endpoint| Some(format!("{}:{port}", endpoint.ip_address.as_ref()?)));
    let bindings = container.network_settings.ports.get(&format!("{port}/tcp")).into_iter().flatten();
    let host = docker.endpoint().published_host();
    let published = bindings.map(|binding| format!("{host}:{}", binding.host_port));
    let is_local = docker.endpoint().host().starts_with("unix:");
    if is_local { own.chain(published).collect() } else { published.chain(own).collect() }
}

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
