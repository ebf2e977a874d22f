//! Resolution of an image to its digest before a service is sent, as the docker CLI does. All nodes then run the same
//! image, and an update after a tag has moved replaces the tasks.

use super::ServiceSpec;
use crate::image::{DistributionInspect, ImageReference};
use crate::node::NodePlatform;
use crate::request::{Method, Request, json};
use crate::{Credentials, Result};

/// Adds the tag and the digest to the image's name and records its platforms, as a part of `call`. If the registry cannot be asked,
/// returns a warning.
pub(super) async fn resolve(
    call: &Request,
    mut spec: ServiceSpec,
    credentials: Option<&Credentials>,
) -> (ServiceSpec, Option<String>) {
    let image = spec.task_template.container_spec.as_ref().map(|container| container.image.clone()).unwrap_or_default();
    let Ok(name) = image.parse::<ImageReference>() else { return (spec, None) };
    let found = match ask(call, &name, credentials).await {
        Ok(found) => found,
        Err(error) => {
            let warning = format!("{image} could not be resolved to a digest, so each node resolves it: {error}");
            return (spec, Some(warning));
        }
    };
    if name.digest().is_none() {
        let tag = if name.tag().is_none() { ":latest" } else { "" };
        spec.container().image = format!("{image}{tag}@{}", found.descriptor.digest);
    }
    let mut platforms: Vec<NodePlatform> = Vec::new();
    for platform in found.platforms {
        // Nodes name the variants of arm differently.
        let architecture = if platform.architecture == "arm" { String::new() } else { platform.architecture };
        let platform = NodePlatform { architecture, os: platform.os };
        let is_known = !platform.os.is_empty() && platform.os != "unknown" && platform.architecture != "unknown";
        if is_known && !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    spec.task_template.placement.get_or_insert_default().platforms = platforms;
    (spec, None)
}

async fn ask(call: &Request, name: &ImageReference, credentials: Option<&Credentials>) -> Result<DistributionInspect> {
    let request = call.client().request(Method::GET, "/distribution/{name}/json", &[&name.to_string()]).part_of(call);
    json(match credentials {
        Some(credentials) => request.credentials(credentials),
        None => request.for_registry(name.registry()),
    })
    .await
}
