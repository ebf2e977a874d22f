//! Types keep everything: of each answer and body a document in which every field of API 1.55 is set is read and written
//! again, and nothing of it is lost. `tests/complete/build.py` makes the documents from the API's definition.

use longshore::config::ConfigInspect;
use longshore::container::{
    ContainerConfig, ContainerInspect, ContainerSpec, ContainerStats, ContainerSummary, FilesystemChange, Processes,
    UpdateSpec,
};
use longshore::exec::ExecInspect;
use longshore::image::{
    AttestationStatement, BuildCachePruneReport, DistributionInspect, ImageDeleted, ImageHistoryItem, ImageInspect,
    ImageSummary, SearchResult,
};
use longshore::network::{NetworkInspect, NetworkSpec, NetworkSummary};
use longshore::node::NodeInspect;
use longshore::plugin::{PluginInspect, PluginPrivilege};
use longshore::secret::SecretInspect;
use longshore::service::{ServiceInspect, UpdateResult};
use longshore::stream::Progress;
use longshore::swarm::SwarmInspect;
use longshore::system::{AuthResponse, DiskUsageReport, EngineVersion, Event, SystemInfo};
use longshore::task::TaskInspect;
use longshore::volume::{VolumeInspect, VolumeList, VolumeSpec};
use longshore::{container, image, network, volume};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::Debug;
use std::path::Path;

/// What reads the document of a name.
const READERS: &[(&str, Reader)] = &[
    ("auth", reread::<AuthResponse>),
    ("build_cache_prune", reread::<BuildCachePruneReport>),
    ("config_inspect", reread::<ConfigInspect>),
    ("container_changes", reread::<Vec<FilesystemChange>>),
    ("container_config", reread::<ContainerConfig>),
    ("container_inspect", reread::<ContainerInspect>),
    ("container_list", reread::<Vec<ContainerSummary>>),
    ("container_prune", reread::<container::PruneReport>),
    ("container_spec", reread::<ContainerSpec>),
    ("container_stats", reread::<ContainerStats>),
    ("container_top", reread::<Processes>),
    ("container_update", reread::<UpdateSpec>),
    ("disk_usage", reread::<DiskUsageReport>),
    ("distribution_inspect", reread::<DistributionInspect>),
    ("event", reread::<Event>),
    ("exec_inspect", reread::<ExecInspect>),
    ("image_attestations", reread::<Vec<AttestationStatement>>),
    ("image_history", reread::<Vec<ImageHistoryItem>>),
    ("image_inspect", reread::<ImageInspect>),
    ("image_list", reread::<Vec<ImageSummary>>),
    ("image_prune", reread::<image::PruneReport>),
    ("image_remove", reread::<Vec<ImageDeleted>>),
    ("image_search", reread::<Vec<SearchResult>>),
    ("network_inspect", reread::<NetworkInspect>),
    ("network_list", reread::<Vec<NetworkSummary>>),
    ("network_prune", reread::<network::PruneReport>),
    ("network_spec", reread::<NetworkSpec>),
    ("node_inspect", reread::<NodeInspect>),
    ("plugin_inspect", reread::<PluginInspect>),
    ("plugin_privileges", reread::<Vec<PluginPrivilege>>),
    ("progress_of_a_build", reread::<Progress>),
    ("progress_of_a_pull", reread::<Progress>),
    ("progress_of_a_push", reread::<Progress>),
    ("secret_inspect", reread::<SecretInspect>),
    ("service_inspect", reread::<ServiceInspect>),
    ("service_update", reread::<UpdateResult>),
    ("swarm_inspect", reread::<SwarmInspect>),
    ("system_info", reread::<SystemInfo>),
    ("system_version", reread::<EngineVersion>),
    ("task_inspect", reread::<TaskInspect>),
    ("volume_inspect", reread::<VolumeInspect>),
    ("volume_list", reread::<VolumeList>),
    ("volume_prune", reread::<volume::PruneReport>),
    ("volume_spec", reread::<VolumeSpec>),
];
/// What is lost on purpose: all below a place, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("progress_of_a_build", "/errorDetail", "it is the stream's error, and not a step"),
    ("progress_of_a_pull", "/errorDetail", "it is the stream's error, and not a step"),
    ("progress_of_a_push", "/errorDetail", "it is the stream's error, and not a step"),
    ("service_inspect", "/Spec/TaskTemplate/ContainerSpec/HealthCheck", "engines call it Healthcheck"),
    ("task_inspect", "/Spec/ContainerSpec/HealthCheck", "engines call it Healthcheck"),
    (
        "task_inspect",
        "/NetworksAttachments/0/Network",
        "engines send the swarm's own object there, which has other fields",
    ),
];

type Reader = fn(&str) -> Result<(Value, String), String>;

/// Decodes it and encodes that; with how it is shown.
fn reread<T: DeserializeOwned + Serialize + Debug>(text: &str) -> Result<(Value, String), String> {
    let read: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let written = serde_json::to_value(&read).map_err(|error| error.to_string())?;
    Ok((written, format!("{read:?}")))
}

fn document(name: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/complete/{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(&file).expect(name)).expect(name)
}

/// The places whose values were not written as they were read.
fn lost(place: &str, read: &Value, written: Option<&Value>) -> Vec<String> {
    match (read, written) {
        (Value::Object(fields), Some(Value::Object(written))) => fields
            .iter()
            .flat_map(|(key, value)| lost(&format!("{place}/{}", key.replace('/', "~1")), value, written.get(key)))
            .collect(),
        (Value::Array(elements), Some(Value::Array(written))) => elements
            .iter()
            .enumerate()
            .flat_map(|(index, value)| lost(&format!("{place}/{index}"), value, written.get(index)))
            .collect(),
        (read, Some(written)) if read == written => Vec::new(),
        _ => vec![place.to_owned()],
    }
}

#[test]
fn nothing_is_lost() {
    let mut all = Vec::new();
    for (name, reader) in READERS {
        let read = document(name);
        match reader(&read.to_string()) {
            Ok((written, _)) => all.extend(lost("", &read, Some(&written)).into_iter().map(|place| (*name, place))),
            Err(error) => all.push((name, error)),
        }
    }
    for (name, place, _) in EXCEPTIONS {
        let before = all.len();
        all.retain(|(lost, at)| lost != name || !at.starts_with(place));
        assert!(all.len() < before, "{name}: {place} is not lost");
    }
    assert!(all.is_empty(), "{all:#?}");
}

#[test]
fn each_document_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/complete");
    for entry in folder.read_dir().expect("a folder") {
        let file = entry.expect("an entry").path();
        let name = file.file_stem().and_then(|name| name.to_str()).expect("a name");
        let is_read = READERS.iter().any(|(known, _)| *known == name);
        assert!(is_read || ["build", "words"].contains(&name), "{name} is not in READERS");
    }
}

#[test]
fn each_word_of_an_enumeration_is_known() {
    let mut unknown = Vec::new();
    for (name, places) in document("words").as_object().expect("documents") {
        let (_, reader) = READERS.iter().find(|(known, _)| known == name).expect(name);
        for (place, words) in places.as_object().expect("places") {
            // To say "unknown" is to say nothing.
            for word in words.as_array().expect("words").iter().filter(|word| *word != "unknown") {
                let mut document = document(name);
                *document.pointer_mut(place).expect(place) = word.clone();
                let (written, shown) = reader(&document.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
                if lost("", &document, Some(&written)).iter().any(|lost| lost == place)
                    || shown.contains(&format!("Unknown({word})"))
                {
                    unknown.push(format!("{name}: {place} is {word}"));
                }
            }
        }
    }
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}
