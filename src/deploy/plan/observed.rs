//! The observed state, read with one list per kind of object. Some objects are inspected too, where the list is incomplete.

use super::change::{FieldChange, lost_network};
use super::desired::{Desired, DesiredService, label};
use super::images::repo_digest;
use crate::container::{ContainerStatus, ContainerSummary};
use crate::deploy::target::Target;
use crate::image::{ImageReference, ImageSummary};
use crate::network::{EndpointSettings, NetworkSpec};
use crate::{Docker, Map, Result, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;

/// How often a list is repeated if an object vanished while the engine made it.
const LISTS: usize = 4;

/// The observed state of a project in an environment.
#[derive(Clone, Default)]
pub(in crate::deploy) struct Observed {
    /// The networks' IDs, by name.
    pub(in crate::deploy) networks: BTreeMap<String, String>,
    /// The volumes' labels, by name.
    pub(in crate::deploy) volumes: BTreeMap<String, Map<String>>,
    pub(in crate::deploy) slots: BTreeMap<Target, Slot>,
    pub(in crate::deploy) images: Vec<ImageSummary>,
}

/// The containers of a replica. Only one at a time has the replica's name.
#[derive(Clone, Default)]
pub(in crate::deploy) struct Slot {
    pub(in crate::deploy) current: Option<Found>,
    /// The new container of a running or interrupted deployment.
    pub(in crate::deploy) next: Option<Found>,
    /// The containers of earlier versions, newest first.
    pub(in crate::deploy) superseded: Vec<Found>,
    /// The service's `before` container of a running or interrupted deployment. Only in the slot of the first replica.
    pub(in crate::deploy) before: Option<Found>,
}

impl Slot {
    /// Returns all containers of the replica, the current one last.
    pub(in crate::deploy) fn containers(&self) -> impl Iterator<Item = &Found> {
        self.before.iter().chain(&self.superseded).chain(&self.next).chain(&self.current)
    }

    /// Returns the container that an interrupted deployment has renamed without a successor: the one that still runs, or else the
    /// one that the new container was to replace. `None` if a container has the replica's name.
    ///
    /// Others stay as they are: their successor may be gone, but has worked on their data.
    pub(in crate::deploy) fn to_restore(&self) -> Option<&Found> {
        let mut superseded = self.superseded.iter().filter(|_| self.current.is_none());
        let is_replaced =
            |found: &&Found| self.next.as_ref().is_some_and(|next| next.label(label::REPLACES) == found.id);
        superseded.clone().find(|found| found.is_running()).or_else(|| superseded.find(is_replaced))
    }

    /// Returns the container that was in the replica's place last, if none is: the one to be restored, or else the newest.
    fn last(&self) -> Option<&Found> {
        self.to_restore().or_else(|| self.superseded.first().filter(|_| self.current.is_none()))
    }

    /// Returns the container that was seen in the replica's place, and that somebody has renamed since.
    pub(in crate::deploy) fn renamed(&self, seen: &Found) -> Option<&Found> {
        self.superseded.iter().find(|found| self.current.is_none() && found.id == seen.id)
    }

    /// Returns the container that is started again if the replica was stopped for a new container in vain: the current one if it
    /// runs, or the one that an interrupted deployment has stopped.
    pub(in crate::deploy) fn to_give_back(&self) -> Option<&Found> {
        let stopped = self.last().filter(|found| found.is_running() || found.state == ContainerStatus::Exited);
        self.current.as_ref().filter(|found| found.is_running()).or(stopped)
    }

    /// Returns the container of the newest version: the current one, or the one that an interrupted deployment has or had in its
    /// place.
    pub(in crate::deploy) fn latest(&self) -> Option<&Found> {
        self.current.as_ref().or(self.next.as_ref()).or_else(|| self.last())
    }

    /// Returns the containers of the versions before the newest one, newest first.
    pub(in crate::deploy) fn older(&self) -> impl Iterator<Item = &Found> {
        let latest = self.latest();
        let is_older = move |found: &Found| latest.is_some_and(|latest| found.age() < latest.age());
        self.superseded.iter().filter(move |found| is_older(found) && !self.is_copy(found))
    }

    /// Returns the former containers of the current version: those that an interrupted replacement for a lost network has left.
    pub(in crate::deploy) fn copies(&self) -> impl Iterator<Item = &Found> {
        self.superseded.iter().filter(|found| self.is_copy(found))
    }

    fn is_copy(&self, found: &Found) -> bool {
        let release = found.label(label::RELEASE);
        !release.is_empty() && self.current.as_ref().is_some_and(|current| current.label(label::RELEASE) == release)
    }

    /// Returns the containers of the versions that were rolled back from, newest first.
    pub(in crate::deploy) fn undone(&self) -> impl Iterator<Item = &Found> {
        let current = self.current.as_ref();
        let is_newer = move |found: &Found| current.is_some_and(|current| found.age() > current.age());
        self.superseded.iter().filter(move |found| is_newer(found) && !self.is_copy(found))
    }

    /// Returns the version that an interrupted rollback goes back from, if it has put an older one into the replica's place and not
    /// started it.
    pub(in crate::deploy) fn left_by_rollback(&self) -> Option<&Found> {
        let is_started = |found: &Found| found.is_running() || found.has_succeeded;
        self.undone().last().filter(|_| self.current.as_ref().is_some_and(|current| !is_started(current)))
    }

    /// Returns the containers of other versions beyond the number to keep. None while an interrupted deployment is to be recovered.
    pub(in crate::deploy) fn unkept(&self, keep: usize) -> impl Iterator<Item = &Found> {
        let others = self.older().filter(|_| self.current.is_some()).chain(self.undone());
        others.skip(keep).chain(self.copies())
    }
}

/// A container on the engine.
#[derive(Clone, Debug, Default)]
pub(in crate::deploy) struct Found {
    pub(in crate::deploy) id: String,
    pub(in crate::deploy) name: String,
    pub(in crate::deploy) created: Option<Timestamp>,
    pub(in crate::deploy) state: ContainerStatus,
    /// The engine's status text, such as `Up 2 minutes (healthy)`.
    pub(in crate::deploy) status: String,
    pub(in crate::deploy) image_id: String,
    pub(in crate::deploy) labels: Map<String>,
    /// The networks that it is attached to, by name.
    pub(in crate::deploy) networks: Map<EndpointSettings>,
    /// Whether a service that runs once has exited with code 0. `false` for other services.
    pub(in crate::deploy) has_succeeded: bool,
}

impl Found {
    pub(in crate::deploy) fn is_running(&self) -> bool {
        is_running(&self.state)
    }

    /// Returns the key that sorts the containers of a replica by the age of their versions. A supervisor creates containers of old
    /// versions anew.
    pub(in crate::deploy) fn age(&self) -> (&str, Option<Timestamp>) {
        (self.label(label::RELEASE), self.created)
    }

    pub(in crate::deploy) fn label(&self, key: &str) -> &str {
        self.labels.get(key).map(String::as_str).unwrap_or_default()
    }

    /// Returns the configuration that the container was created from. `Null` if it has none.
    pub(in crate::deploy) fn configuration(&self) -> Value {
        serde_json::from_str(self.label(label::CONFIGURATION)).unwrap_or_default()
    }

    fn new(summary: ContainerSummary) -> Self {
        let name = summary.name().to_owned();
        Self {
            id: summary.id,
            name,
            created: summary.created,
            state: summary.state,
            status: summary.status,
            image_id: summary.image_id,
            labels: summary.labels,
            networks: summary.network_settings.networks,
            has_succeeded: false,
        }
    }
}

/// Returns whether a container in this state has processes, which are to be stopped before it is removed.
pub(in crate::deploy) fn is_running(state: &ContainerStatus) -> bool {
    // Podman's lists call a container so that it is about to stop, and Docker's call it running.
    let is_stopping = state.as_str() == "stopping";
    is_stopping || matches!(state, ContainerStatus::Running | ContainerStatus::Restarting | ContainerStatus::Paused)
}

/// Lists objects, again if one of them vanished meanwhile: Docker with containerd's image store then responds to a list of images
/// with 404, and Podman to a list of networks with 500.
pub(in crate::deploy) async fn listed<T>(list: impl IntoFuture<Output = Result<Vec<T>>> + Clone) -> Result<Vec<T>> {
    for _ in 0..LISTS {
        match list.clone().await {
            Err(error) if error.is_not_found() || error.message().contains("no such container") => {}
            listed => return listed,
        }
    }
    list.await
}

impl Observed {
    /// Lists containers, networks, volumes and images. Inspects each exited job, and each image whose
    /// [digests](Self::add_digests) are not all listed.
    pub(in crate::deploy) async fn read(docker: &Docker, desired: &Desired) -> Result<Self> {
        let [project, environment] = desired.filters();
        let networks = listed(docker.networks().list().label(&project).label(&environment)).await?;
        let volumes = docker.volumes().list().label(&project).label(&environment).await?;
        let images = listed(docker.images().list()).await?;
        let mut observed = Self {
            networks: networks.into_iter().map(|network| (network.name, network.id)).collect(),
            volumes: volumes.into_iter().map(|volume| (volume.name, volume.labels)).collect(),
            slots: BTreeMap::new(),
            images,
        };
        observed.add_digests(docker, desired).await?;
        let containers = docker.containers().list().all(true).label(&project).label(&environment).await?;
        for mut found in containers.into_iter().map(Found::new) {
            let service = found.label(label::SERVICE).to_owned();
            let Ok(replica) = found.label(label::REPLICA).parse() else {
                if found.name == desired.before_name(&service) {
                    observed.slots.entry(Target { service, replica: 1 }).or_default().before = Some(found);
                }
                continue;
            };
            let target = Target { service, replica };
            let runs_once = desired.service(&target.service).is_some_and(|service| service.service.ready.is_exited());
            if runs_once && found.state == ContainerStatus::Exited {
                found.has_succeeded = docker.container(&found.id).inspect().await?.state.exit_code == 0;
            }
            let name = desired.container_name(&target);
            let slot = observed.slots.entry(target).or_default();
            match found.name.strip_prefix(name.as_str()) {
                Some("") => slot.current = Some(found),
                Some(".next") => slot.next = Some(found),
                _ => slot.superseded.push(found),
            }
        }
        for slot in observed.slots.values_mut() {
            slot.superseded.sort_by(|one, other| other.age().cmp(&one.age()));
            // A list may still show a container as running right after it was stopped.
            for found in slot.superseded.iter_mut().filter(|found| found.is_running()) {
                match docker.container(&found.id).inspect().await {
                    Ok(inspected) => found.state = inspected.state.status,
                    Err(error) if error.is_not_found() => found.state = ContainerStatus::Removing,
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(observed)
    }

    /// Adds the digests that the list of images may lack: of an image with names in several repositories, containerd's image store
    /// lists that of only one. Inspects the image only if the plan depends on the others.
    async fn add_digests(&mut self, docker: &Docker, desired: &Desired) -> Result<()> {
        let mut names: Vec<_> = desired.services.iter().flat_map(DesiredService::images).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let builder = desired.built(name).and_then(|builder| builder.build.as_ref());
            if !self.may_lack_digest(name, builder.is_some_and(|(from, _)| from.push)) {
                continue;
            }
            match docker.image(name).inspect().await {
                Ok(inspected) => {
                    if let Some(listed) = self.images.iter_mut().find(|image| image.id == inspected.id) {
                        listed.repo_digests.clone_from(&inspected.repo_digests);
                    }
                }
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Returns whether an image that is listed with a digest of another repository may be the one that is asked for by its digest, or
    /// may have been pushed.
    fn may_lack_digest(&self, name: &str, is_pushed: bool) -> bool {
        let Ok(reference) = name.parse::<ImageReference>() else { return false };
        match (reference.digest(), self.image(name)) {
            (Some(digest), None) => {
                self.images.iter().any(|image| image.repo_digests.iter().any(|known| known.ends_with(digest)))
            }
            (None, Some(image)) if is_pushed => {
                !image.repo_digests.is_empty() && repo_digest(name, &image.repo_digests).is_none()
            }
            _ => false,
        }
    }

    /// Returns a network of the project that the container was created for, and that it has lost: the network is gone, another one
    /// has its name now, or somebody has disconnected the container. Containers remember the IDs of their networks, and do not start
    /// without them. One that has completed what it runs once needs none.
    pub(in crate::deploy) fn lost_network(&self, found: &Found, own: &[NetworkSpec]) -> Option<FieldChange> {
        if found.has_succeeded {
            return None;
        }
        let configuration = found.configuration();
        let endpoints = configuration.pointer("/spec/NetworkingConfig/EndpointsConfig")?.as_object()?;
        let lost = |name: &String| {
            let is_new = match (self.networks.get(name), found.networks.get(name)) {
                (None, _) => true,
                (Some(_), None) => return Some(lost_network(name, "disconnected", "connected")),
                // Podman shows the name in place of the ID, and finds networks by their names.
                (Some(there), Some(endpoint)) => {
                    endpoint.network_id.as_ref().is_some_and(|id| id != there && id != name)
                }
            };
            is_new.then(|| lost_network(name, "removed", "a new one"))
        };
        let mut its = endpoints.keys().filter(|name| own.iter().any(|network| network.name == **name));
        its.find_map(lost)
    }

    /// Returns the containers of a replica.
    pub(in crate::deploy) fn slot(&self, target: &Target) -> Slot {
        self.slots.get(target).cloned().unwrap_or_default()
    }

    /// Returns the ID of a new release, made later than those that exist: the clock of another deployer may be ahead.
    pub(in crate::deploy) fn later(&self, release: &str) -> String {
        let containers = self.slots.values().flat_map(Slot::containers);
        let newest = containers.map(|found| found.label(label::RELEASE)).max().filter(|newest| *newest >= release);
        let time = newest.and_then(|newest| u64::from_str_radix(newest.get(..16)?, 16).ok());
        let later = time.and_then(|time| Some(format!("{:016x}{}", time.checked_add(1)?, release.get(16..)?)));
        later.unwrap_or_else(|| release.to_owned())
    }

    /// Returns the engine's image of this name, ID or digest.
    pub(in crate::deploy) fn image(&self, name: &str) -> Option<&ImageSummary> {
        let full = |name: &str| name.parse::<ImageReference>().ok();
        let asked = full(name);
        // The engine takes an ID without its algorithm and in part too.
        let digits = name.strip_prefix("sha256:").unwrap_or(name);
        let is_id = digits.len() >= 12 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        self.images.iter().find(|image| {
            let names = image.repo_tags.iter().chain(&image.repo_digests);
            image.id == name
                || (is_id && image.id.strip_prefix("sha256:").unwrap_or(&image.id).starts_with(digits))
                || names.into_iter().any(|known| {
                    known == name
                        || full(known).zip(asked.as_ref()).is_some_and(|(known, asked)| {
                            known.name() == asked.name()
                                && known.digest() == asked.digest()
                                && (asked.digest().is_some() || known.tag_or_latest() == asked.tag_or_latest())
                        })
                })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::is_running;

    #[test]
    fn what_has_processes_is_stopped() {
        for state in ["running", "restarting", "paused", "stopping"] {
            assert!(is_running(&state.into()), "{state}");
        }
        for state in ["created", "exited", "dead", "removing"] {
            assert!(!is_running(&state.into()), "{state}");
        }
    }
}
