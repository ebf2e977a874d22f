//! What is there: read with one list for each kind of thing.

use super::desired::{Desired, DesiredService, label};
use crate::container::{ContainerStatus, ContainerSummary};
use crate::image::ImageSummary;
use crate::{Docker, Result, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What is there of a project in an environment.
#[derive(Clone, Default)]
pub(in crate::deploy) struct Observed {
    pub(in crate::deploy) networks: BTreeSet<String>,
    pub(in crate::deploy) volumes: BTreeSet<String>,
    pub(in crate::deploy) slots: BTreeMap<(String, u32), Slot>,
    pub(in crate::deploy) images: Vec<ImageSummary>,
}

/// The place of a replica: one container at a time has its name.
#[derive(Clone, Default)]
pub(in crate::deploy) struct Slot {
    pub(in crate::deploy) current: Option<Found>,
    /// One that a deployment is about to put in its place, or was when it was killed.
    pub(in crate::deploy) next: Option<Found>,
    /// Those that were in its place before, the newest first.
    pub(in crate::deploy) superseded: Vec<Found>,
}

/// A container that is there.
#[derive(Clone, Debug)]
pub(in crate::deploy) struct Found {
    pub(in crate::deploy) id: String,
    pub(in crate::deploy) name: String,
    pub(in crate::deploy) created: Option<Timestamp>,
    pub(in crate::deploy) state: ContainerStatus,
    /// The engine's words for people, such as `Up 2 minutes (healthy)`.
    pub(in crate::deploy) status: String,
    pub(in crate::deploy) image_id: String,
    pub(in crate::deploy) labels: crate::Map<String>,
    /// Whether it has run to its end with exit code 0; asked only where it matters.
    pub(in crate::deploy) has_succeeded: bool,
}

impl Found {
    pub(in crate::deploy) fn is_running(&self) -> bool {
        matches!(self.state, ContainerStatus::Running | ContainerStatus::Restarting | ContainerStatus::Paused)
    }

    /// What orders the containers of a replica, the oldest first.
    pub(in crate::deploy) fn age(&self) -> (Option<Timestamp>, &str) {
        (self.created, self.label(label::RELEASE))
    }

    pub(in crate::deploy) fn label(&self, key: &str) -> &str {
        self.labels.get(key).map(String::as_str).unwrap_or_default()
    }

    fn new(summary: ContainerSummary) -> Self {
        let name = summary.names.first().map(|name| name.trim_start_matches('/').to_owned()).unwrap_or_default();
        Self {
            id: summary.id,
            name,
            created: summary.created,
            state: summary.state,
            status: summary.status,
            image_id: summary.image_id,
            labels: summary.labels,
            has_succeeded: false,
        }
    }
}

impl Observed {
    /// Reads it: a list of containers, networks, volumes and images each, and an inspection of each job that has ended.
    pub(in crate::deploy) async fn read(docker: &Docker, desired: &Desired) -> Result<Self> {
        let project = format!("{}={}", label::PROJECT, desired.project);
        let environment = format!("{}={}", label::ENVIRONMENT, desired.environment);
        let networks = docker.networks().list().label(&project).label(&environment).await?;
        let volumes = docker.volumes().list().label(&project).label(&environment).await?;
        let images = docker.images().list().await?;
        let mut observed = Self {
            networks: networks.into_iter().map(|network| network.name).collect(),
            volumes: volumes.into_iter().map(|volume| volume.name).collect(),
            slots: BTreeMap::new(),
            images,
        };
        let containers = docker.containers().list().all(true).label(&project).label(&environment).await?;
        for mut found in containers.into_iter().map(Found::new) {
            let (service, replica) = (found.label(label::SERVICE).to_owned(), found.label(label::REPLICA).parse());
            let Ok(replica) = replica else { continue };
            let runs_once = desired.service(&service).is_some_and(|service| service.service.ready.is_exited());
            if runs_once && found.state == ContainerStatus::Exited {
                found.has_succeeded = docker.container(&found.id).inspect().await?.state.exit_code == 0;
            }
            let name = desired.container_name(&service, replica);
            let slot = observed.slots.entry((service, replica)).or_default();
            match found.name.strip_prefix(name.as_str()) {
                Some("") => slot.current = Some(found),
                Some(".next") => slot.next = Some(found),
                _ => slot.superseded.push(found),
            }
        }
        for slot in observed.slots.values_mut() {
            slot.superseded.sort_by(|one, other| other.age().cmp(&one.age()));
            // A list may still call one running that was stopped a moment ago.
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

    /// Whether a container of this version of a service is in its place already.
    pub(in crate::deploy) fn has(&self, service: &DesiredService) -> bool {
        let its = self.slots.iter().filter(|((name, _), _)| *name == service.name);
        its.filter_map(|(_, slot)| slot.current.as_ref()).any(|found| found.label(label::DIGEST) == service.digest)
    }

    /// The image that goes by this name here.
    pub(in crate::deploy) fn image(&self, name: &str) -> Option<&ImageSummary> {
        use crate::image::ImageReference;
        let full = |name: &str| name.parse::<ImageReference>().ok();
        let asked = full(name);
        self.images.iter().find(|image| {
            let names = image.repo_tags.iter().chain(&image.repo_digests);
            image.id == name
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
