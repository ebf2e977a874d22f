//! What a new container needs that a container to be removed or replaced still has.

use super::change::Change;
use super::desired::{Desired, DesiredService};
use super::observed::{Found, Observed, Slot};
use crate::container::ContainerSpec;
use crate::deploy::project::written;
use crate::deploy::target::Target;
use std::collections::BTreeSet;

/// Returns what a service has or writes to that the containers of a replica to be removed have too: what only one of them can
/// use. Containers that do not run have nothing, except one that an interrupted deployment has stopped.
#[inline] // generates code only in crates that deploy
pub(in crate::deploy) fn shared(service: &DesiredService, target: &Target, other: &Slot) -> Option<String> {
    let mut own = exclusive(&service.spec);
    // Replicas of one service write to the same volumes anyway.
    if target.service != service.name {
        own.extend(volumes(&service.spec));
    }
    let running = other.containers().filter(|found| found.is_running());
    let mut specs = running.chain(other.to_give_back()).filter_map(spec);
    specs.find_map(|spec| own.intersection(&resources(&spec)).next().cloned())
}

/// Returns the services whose containers have until they are replaced what only one can have and the new ones of this service need,
/// and what that is.
#[inline] // generates code only in crates that deploy
pub(in crate::deploy) fn givers<'a>(
    taker: &DesiredService,
    desired: &'a Desired,
    (changes, observed): (&[Change], &Observed),
) -> Vec<(&'a str, String)> {
    let is_starting = changes.iter().any(|change| change.is_of(&taker.name) && change.needs_room());
    let its = observed.slots.iter().filter(|(target, _)| target.service == taker.name);
    let owned: BTreeSet<_> =
        its.filter_map(|(_, slot)| spec(slot.to_give_back()?)).flat_map(|spec| exclusive(&spec)).collect();
    let given = |change: &Change| {
        let Change::Replace { target, .. } = change else { return None };
        let giver = desired.service(&target.service).filter(|giver| is_starting && giver.name != taker.name)?;
        let slot = observed.slots.get(target)?;
        // One that does not run is started again first, if its replacement was interrupted.
        let has = exclusive(&spec(slot.current.as_ref().or(slot.to_give_back())?)?);
        let (needs, keeps) = (exclusive(&taker.spec), exclusive(&giver.spec));
        // What the service has itself, such as the host's network, others may have too.
        let is_given = |what: &String| has.contains(what) && !keeps.contains(what) && !owned.contains(what);
        let what = needs.into_iter().find(is_given)?;
        Some((giver.name.as_str(), what))
    };
    changes.iter().filter_map(given).collect()
}

/// Fails if a service waits for another one that needs first what it has.
#[inline] // generates code only in crates that deploy
pub(in crate::deploy) fn check_givers(
    desired: &Desired,
    changes: &[Change],
    observed: &Observed,
) -> Result<(), String> {
    for service in &desired.services {
        let taker = &service.name;
        for (giver, what) in givers(service, desired, (changes, observed)) {
            if waits(giver, taker, desired, (changes, observed), &mut BTreeSet::new()) {
                return Err(format!(
                    "services.{taker} needs {what} before services.{giver} gives it up, which waits for services.{taker}: apply \
                     the project without services.{taker} first"
                ));
            }
        }
    }
    Ok(())
}

/// Returns whether a service that changes waits for another one, directly or not.
fn waits<'a>(
    name: &'a str,
    other: &str,
    desired: &'a Desired,
    at: (&[Change], &Observed),
    seen: &mut BTreeSet<&'a str>,
) -> bool {
    let is_changed = at.0.iter().any(|change| change.is_of(name) && !change.is_removal());
    let Some(service) = desired.service(name).filter(|_| is_changed && seen.insert(name)) else { return false };
    let givers = givers(service, desired, at).into_iter().map(|(giver, _)| giver);
    let mut awaited = service.service.after.keys().chain(givers);
    awaited.any(|next| next == other || waits(next, other, desired, at, seen))
}

/// Returns whether two containers have or write to the same, which only one of them can use.
#[inline] // generates code only in crates that deploy
pub(in crate::deploy) fn are_rivals(one: &Found, other: &Found) -> bool {
    let specs = spec(one).zip(spec(other));
    specs.is_some_and(|(one, other)| !resources(&one).is_disjoint(&resources(&other)))
}

/// Returns the spec in the configuration that a container was created from.
#[inline] // generates code only in crates that deploy
fn spec(found: &Found) -> Option<ContainerSpec> {
    serde_json::from_str(&found.configuration().get("spec")?.to_string()).ok()
}

/// Returns what only one container can have, or should write to.
fn resources(spec: &ContainerSpec) -> BTreeSet<String> {
    let mut all = exclusive(spec);
    all.extend(volumes(spec));
    all
}

/// Returns the volumes and host folders that only one container should write to.
fn volumes(spec: &ContainerSpec) -> impl Iterator<Item = String> {
    written(&spec.host_config).map(|source| format!("volume {source}"))
}

/// Returns what only one container can have.
fn exclusive(spec: &ContainerSpec) -> BTreeSet<String> {
    let host = &spec.host_config;
    let mut all = BTreeSet::new();
    for (port, bindings) in &host.port_bindings {
        let protocol = port.split_once('/').map(|(_, protocol)| protocol).filter(|protocol| *protocol != "tcp");
        let suffix = protocol.map(|protocol| format!("/{protocol}")).unwrap_or_default();
        let fixed = bindings.iter().filter(|binding| !matches!(binding.host_port.as_str(), "" | "0"));
        all.extend(fixed.map(|binding| format!("port {}{suffix}", binding.host_port)));
    }
    if host.network_mode == "host" {
        all.insert("the host's network".to_owned());
    }
    for (network, endpoint) in &spec.networking_config.endpoints_config {
        let configured = endpoint.ipam_config.iter().flat_map(|ipam| [&ipam.ipv4_address, &ipam.ipv6_address]);
        let addresses = configured.chain(&endpoint.mac_address).filter(|address| !address.is_empty());
        all.extend(addresses.map(|address| format!("address {address} on {network}")));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{Slot, shared};
    use crate::container::{ContainerSpec, ContainerStatus, Port};
    use crate::deploy::plan::{Desired, Found, label};
    use crate::deploy::target::Target;
    use crate::deploy::{Project, Service};
    use crate::network::EndpointSettings;

    /// What two services share, one of which is deployed.
    fn of(one: ContainerSpec, other: ContainerSpec) -> Option<String> {
        let project = Project::new("shop").volume("data").network("front");
        let project = project.service("one", Service::new(one)).service("other", Service::new(other));
        let desired = Desired::new(&project, "prod").expect("a project");
        let (one, other) = (desired.service("one").expect("one"), desired.service("other").expect("other"));
        let configuration = other.spec.config.labels.get(label::CONFIGURATION).expect("a label").clone();
        let labels = [(label::CONFIGURATION, configuration)].into_iter().collect();
        let running = Found { labels, state: ContainerStatus::Running, ..Found::default() };
        let target = Target { service: "other".to_owned(), replica: 1 };
        shared(one, &target, &Slot { current: Some(running), ..Slot::default() })
    }

    #[test]
    fn only_what_both_have_is_shared() {
        let plain = || ContainerSpec::new("a").env("SECRET", "x");
        let shared = |spec: ContainerSpec| of(spec.clone(), spec);
        assert_eq!(shared(plain().publish(0, 80)), None);
        assert_eq!(shared(plain().publish(8080, 80)).as_deref(), Some("port 8080"));
        assert_eq!(of(plain().publish(8080, 80), plain().publish(8081, 80)), None);
        let two = of(plain().publish(443, 443), plain().publish(80, 80).publish(443, 443));
        assert_eq!(two.as_deref(), Some("port 443"), "not only the first one counts");
        let udp = plain().publish(53, Port::udp(53));
        assert_eq!(of(udp.clone(), plain().publish(53, 53)), None);
        assert_eq!(shared(udp).as_deref(), Some("port 53/udp"));
        assert_eq!(shared(plain().network("host")).as_deref(), Some("the host's network"));
        assert_eq!(shared(plain().volume("data", "/data")).as_deref(), Some("volume shop-prod-data"));
        assert_eq!(of(plain().bind("/srv", "/srv"), plain().bind_read_only("/srv", "/srv")), None);
        let fixed = plain().network_with("front", EndpointSettings::new().ipv4("10.0.0.5"));
        assert_eq!(shared(fixed).as_deref(), Some("address 10.0.0.5 on shop-prod-front"));
    }
}
