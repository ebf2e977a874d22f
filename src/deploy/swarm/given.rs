//! The secrets and configs of a service.

use super::specs::stack_labels;
use crate::Map;
use crate::config::ConfigSpec;
use crate::deploy::plan::{Desired, DesiredService, digest, label};
use crate::secret::SecretSpec;
use crate::task::ReferenceFile;

/// A swarm stores fewer bytes than this of a secret.
const SECRET: usize = 500 * 1024;
/// A swarm stores fewer bytes than this of a config.
const CONFIG: usize = 1000 * 1024;

/// A secret or config, and its file in the container.
pub(super) struct Given<S> {
    pub(super) spec: S,
    pub(super) file: ReferenceFile,
}

pub(super) type GivenSecrets = Vec<Given<SecretSpec>>;
pub(super) type GivenConfigs = Vec<Given<ConfigSpec>>;

/// Returns the secrets and configs of a service. Their names depend on their content, since the content cannot be changed.
pub(super) fn given(
    desired: &Desired,
    service: &DesiredService,
    place: &str,
) -> Result<(GivenSecrets, GivenConfigs), String> {
    let named = |key: &str, content: &[u8]| {
        let digest = digest::keyed(&format!("{place}/{key}"), content);
        let name = format!("{}.{}", desired.prefix(), digest.trim_start_matches("hmac:").get(..16).unwrap_or_default());
        if name.len() > 64 {
            Err(format!("the name {name} is longer than the 64 characters that a swarm allows"))
        } else {
            Ok(name)
        }
    };
    let labels = stack_labels(desired, &Map::new());
    let labels: Map<String> = labels
        .into_iter()
        .chain([
            (label::PROJECT.to_owned(), desired.project.clone()),
            (label::ENVIRONMENT.to_owned(), desired.environment.clone()),
            (label::SERVICE.to_owned(), service.name.clone()),
        ])
        .collect();
    let mut secrets = Vec::new();
    for variable in service.service.secrets.keys() {
        let value = service.spec.config.env.get(variable).unwrap_or_default();
        fits(value.as_bytes(), SECRET).map_err(|why| format!("secrets.{variable}: {why}"))?;
        let name = named(variable, value.as_bytes())?;
        let spec = SecretSpec { labels: labels.clone(), ..SecretSpec::new(name, value) };
        secrets.push(Given { spec, file: ReferenceFile::new(variable).mode(0o444) });
    }
    let mut configs = Vec::new();
    for (file, content) in &service.files {
        fits(content, CONFIG).map_err(|why| format!("files: {}: {why}", file.path))?;
        let name = named(&file.path, content)?;
        let spec = ConfigSpec { labels: labels.clone(), ..ConfigSpec::new(name, content.clone()) };
        let number = |id: u64| u32::try_from(id).unwrap_or_default();
        let target = ReferenceFile::new(&file.path).mode(file.mode).owner(number(file.user), number(file.group));
        configs.push(Given { spec, file: target });
    }
    Ok((secrets, configs))
}

/// Checks whether a swarm can store the content.
fn fits(content: &[u8], limit: usize) -> Result<(), String> {
    match content.len() {
        0 => Err("it is empty, which a swarm cannot store".to_owned()),
        length if length >= limit => Err(format!("a swarm stores less than {limit} bytes, but it has {length}")),
        _ => Ok(()),
    }
}
