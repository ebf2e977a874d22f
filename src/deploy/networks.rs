//! Several networks of a container. Engines before API 1.44 accept only one when they create it, so the others follow.

use crate::container::{Container, ContainerSpec};
use crate::network::EndpointSettings;
use crate::{Docker, Map, Result, Version};

/// Leaves only the networks in the spec that an engine accepts when it creates the container. Returns the others.
pub(super) fn split_off(spec: &mut ContainerSpec, api_version: Version) -> Map<EndpointSettings> {
    let endpoints = &mut spec.networking_config.endpoints_config;
    if api_version >= Version::new(1, 44) || endpoints.len() < 2 {
        return Map::new();
    }
    let first = &mut spec.host_config.network_mode;
    let endpoints = std::mem::take(endpoints);
    if let (Some(name), "" | "default") = (endpoints.keys().next(), first.as_str()) {
        *first = name.to_owned(); // not the default bridge, which nobody has asked for
    }
    let (own, later): (Vec<_>, Vec<_>) = endpoints.into_iter().partition(|(name, _)| *name == *first);
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

#[cfg(test)]
mod tests {
    use super::split_off;
    use crate::Version;
    use crate::container::ContainerSpec;

    #[test]
    fn an_older_engine_gets_one_network_and_no_other() {
        let spec = || ContainerSpec::new("web").network("a").network("b");
        let split = |mut spec: ContainerSpec, minor| {
            let later = split_off(&mut spec, Version::new(1, minor));
            let at_once = spec.networking_config.endpoints_config.keys().collect::<Vec<_>>().join(" ");
            (spec.host_config.network_mode, at_once, later.keys().collect::<Vec<_>>().join(" "))
        };
        let expected = |mode: &str, at_once: &str, later: &str| (mode.to_owned(), at_once.to_owned(), later.to_owned());
        assert_eq!(split(spec(), 43), expected("a", "a", "b"));
        assert_eq!(split(spec(), 44), expected("a", "a b", ""));
        let mut no_mode = spec();
        no_mode.host_config.network_mode.clear();
        assert_eq!(split(no_mode, 41), expected("a", "a", "b"));
        let mut one = ContainerSpec::new("web").network_alias("a", "x");
        one.host_config.network_mode.clear();
        assert_eq!(split(one, 41), expected("", "a", ""));
    }
}
