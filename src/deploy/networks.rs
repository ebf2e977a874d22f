//! Several networks of a container. Engines before API 1.44 accept only one when they create it, so the others follow.

use crate::container::{Container, ContainerSpec};
use crate::network::EndpointSettings;
use crate::{Docker, Map, Result, Version};

/// Leaves only the networks in the spec that an engine accepts when it creates the container. Returns the others.
pub(super) fn split_off(spec: &mut ContainerSpec, api_version: Version) -> Map<EndpointSettings> {
    if api_version >= Version::new(1, 44) {
        return Map::new();
    }
    let first = &spec.host_config.network_mode;
    let endpoints = std::mem::take(&mut spec.networking_config.endpoints_config);
    let (own, later): (Vec<_>, Vec<_>) = endpoints.into_iter().partition(|(name, _)| name == first);
    spec.networking_config.endpoints_config = own.into_iter().collect();
    later.into_iter().collect()
}

/// Connects a container that does not run yet. It joins the networks when it starts.
pub(super) async fn connect(docker: &Docker, container: &Container, networks: Map<EndpointSettings>) -> Result<()> {
    for (name, endpoint) in networks {
        docker.network(name).connect(container.id()).endpoint(endpoint).await?;
    }
    Ok(())
}
