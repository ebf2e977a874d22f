//! What engines said, and what others might say: every fixture is read, and so is each that differs from it in one place.

use longshore::Timestamp;
use longshore::config::ConfigInspect;
use longshore::container::{
    ContainerInspect, ContainerStats, ContainerSummary, FilesystemChange, Processes, UpdateResult,
};
use longshore::exec::ExecInspect;
use longshore::image::{
    BuildCachePruneReport, DistributionInspect, ImageDeleted, ImageHistoryItem, ImageInspect, ImageSummary,
};
use longshore::network::{NetworkInspect, NetworkSummary};
use longshore::node::NodeInspect;
use longshore::plugin::PluginInspect;
use longshore::secret::SecretInspect;
use longshore::service::ServiceInspect;
use longshore::stream::Progress;
use longshore::swarm::SwarmInspect;
use longshore::system::{AuthResponse, EngineVersion, SystemInfo};
use longshore::task::TaskInspect;
use longshore::volume::{VolumeInspect, VolumeList};
use longshore::{container, image, network, volume};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::fmt::Debug;
use std::path::Path;

/// What reads the fixtures of a name.
const READERS: &[(&str, Reader)] = &[
    ("auth", reread::<AuthResponse>),
    ("build", reread::<Progress>),
    ("build_prune", reread::<BuildCachePruneReport>),
    ("build_quiet", reread::<Progress>),
    ("config_inspect", reread::<ConfigInspect>),
    ("container_changes", reread::<Vec<Option<FilesystemChange>>>),
    ("container_inspect", reread::<ContainerInspect>),
    ("container_inspect_created", reread::<ContainerInspect>),
    ("container_inspect_exited", reread::<ContainerInspect>),
    ("container_list", reread::<Vec<Option<ContainerSummary>>>),
    ("container_prune", reread::<container::PruneReport>),
    ("container_prune_nothing", reread::<container::PruneReport>),
    ("container_stats", reread::<ContainerStats>),
    ("container_stats_one_shot", reread::<ContainerStats>),
    ("container_stats_stopped", reread::<ContainerStats>),
    ("container_stats_stream", reread::<ContainerStats>),
    ("container_top", reread::<Processes>),
    ("container_update", reread::<UpdateResult>),
    ("distribution_inspect", reread::<DistributionInspect>),
    ("exec_inspect", reread::<ExecInspect>),
    ("exec_inspect_created", reread::<ExecInspect>),
    ("image_history", reread::<Vec<Option<ImageHistoryItem>>>),
    ("image_import", reread::<Progress>),
    ("image_inspect", reread::<ImageInspect>),
    ("image_inspect_pulled", reread::<ImageInspect>),
    ("image_list", reread::<Vec<Option<ImageSummary>>>),
    ("image_list_dangling", reread::<Vec<Option<ImageSummary>>>),
    ("image_load", reread::<Progress>),
    ("image_prune", reread::<image::PruneReport>),
    ("image_prune_nothing", reread::<image::PruneReport>),
    ("image_pull", reread::<Progress>),
    ("image_pull_again", reread::<Progress>),
    ("image_push", reread::<Progress>),
    ("image_remove", reread::<Vec<Option<ImageDeleted>>>),
    ("network_inspect", reread::<NetworkInspect>),
    ("network_list", reread::<Vec<Option<NetworkSummary>>>),
    ("network_prune", reread::<network::PruneReport>),
    ("network_prune_nothing", reread::<network::PruneReport>),
    ("node_list", reread::<Vec<Option<NodeInspect>>>),
    ("plugin_list", reread::<Vec<Option<PluginInspect>>>),
    ("secret_inspect", reread::<SecretInspect>),
    ("service_inspect", reread::<ServiceInspect>),
    ("service_list", reread::<Vec<Option<ServiceInspect>>>),
    ("swarm_inspect", reread::<SwarmInspect>),
    ("system_info", reread::<SystemInfo>),
    ("system_version", reread::<EngineVersion>),
    ("task_list", reread::<Vec<Option<TaskInspect>>>),
    ("volume_create", reread::<VolumeInspect>),
    ("volume_inspect", reread::<VolumeInspect>),
    ("volume_list", reread::<VolumeList>),
    ("volume_prune", reread::<volume::PruneReport>),
    ("volume_prune_nothing", reread::<volume::PruneReport>),
];
/// What nobody but its call reads, whose tests have it.
const PRIVATE: &[&str] = &[
    "build_error",
    "config_create",
    "container_changes_none",
    "container_create",
    "container_wait",
    "exec_create",
    "image_commit",
    "image_load_error",
    "image_pull_error",
    "image_push_error",
    "network_create",
    "no_manager",
    "out_of_sequence",
    "secret_create",
    "service_create",
];

type Reader = fn(&Value) -> Result<Value, String>;

/// Decodes it, encodes that, and decodes it again, which has to give the same.
fn reread<T: DeserializeOwned + Serialize + PartialEq + Debug>(value: &Value) -> Result<Value, String> {
    let read: T = serde_json::from_str(&value.to_string()).map_err(|error| error.to_string())?;
    let written = serde_json::to_value(&read).map_err(|error| error.to_string())?;
    let again: T = serde_json::from_value(written.clone()).map_err(|error| format!("read again: {error}"))?;
    if again == read { Ok(written) } else { Err(format!("{again:?} is not {read:?}")) }
}

/// Goes through the fixtures of all engines: a name, what is in it, and what reads it.
fn for_each_fixture(check: impl Fn(&str, &Value, Reader)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let list = |folder: &Path| -> Vec<_> {
        folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
    };
    let files = list(&folder).into_iter().flat_map(|engine| list(&engine));
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let name = file.file_stem().and_then(|name| name.to_str()).expect("a name");
        let text = std::fs::read_to_string(&file).expect(name);
        let Some((_, reader)) = READERS.iter().find(|(known, _)| *known == name) else {
            assert!(PRIVATE.contains(&name), "{name} is not in READERS");
            continue;
        };
        // What arrives as a stream has a record in each line.
        for value in serde_json::Deserializer::from_str(&text).into_iter() {
            let value = value.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            check(&file.display().to_string(), &value, *reader);
        }
    }
}

/// The places of all values, as JSON pointers, the outermost left out.
fn places(value: &Value) -> Vec<String> {
    let inner: Vec<_> = match value {
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        Value::Array(elements) => {
            elements.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    let below = |(key, value): (String, &Value)| {
        let deeper = places(value).into_iter().map(|place| format!("/{key}{place}")).collect::<Vec<_>>();
        std::iter::once(format!("/{key}")).chain(deeper)
    };
    inner.into_iter().flat_map(below).collect()
}

/// Changes each value for which `change` has another, one at a time, and expects it to be read all the same.
fn change_each(change: impl Fn(&Value) -> Option<Value>, check: impl Fn(&str, &Value)) {
    let failures = RefCell::new(Vec::new());
    let changes = Cell::new(0);
    for_each_fixture(|name, value, reader| {
        for place in places(value) {
            let Some(new) = value.pointer(&place).and_then(&change) else { continue };
            let mut mutant = value.clone();
            *mutant.pointer_mut(&place).expect("a place") = new.clone();
            match reader(&mutant) {
                Ok(written) => check(&place, &written),
                Err(error) => failures.borrow_mut().push(format!("{name}: {place} is {new}: {error}")),
            }
            changes.set(changes.get() + 1);
        }
    });
    assert!(changes.get() > 10, "{} changes are none", changes.get());
    assert!(failures.borrow().is_empty(), "{}", failures.borrow().join("\n"));
}

/// Whether it is a terminal's height and width, which only look like a list.
fn is_size(value: &Value) -> bool {
    value.as_array().is_some_and(|elements| elements.len() == 2 && elements.iter().all(Value::is_number))
}

fn is_time(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.parse::<Timestamp>().is_ok())
}

/// What says nothing is left out: null, `""`, 0, false, year 1, and what is empty without those.
fn essence(value: &Value) -> Option<Value> {
    match value {
        Value::Object(fields) => {
            let kept: serde_json::Map<_, _> =
                fields.iter().filter_map(|(key, value)| Some((key.clone(), essence(value)?))).collect();
            (!kept.is_empty()).then(|| kept.into())
        }
        Value::Array(elements) => {
            let kept: Vec<_> = elements.iter().filter_map(essence).collect();
            (!kept.is_empty()).then(|| kept.into())
        }
        Value::String(text) if text.is_empty() || text == "0001-01-01T00:00:00Z" => None,
        Value::Null | Value::Bool(false) => None,
        Value::Number(number) if number.as_f64() == Some(0.0) => None,
        other => Some(other.clone()),
    }
}

#[test]
fn what_was_read_is_written_whole() {
    for_each_fixture(|name, value, reader| {
        let written = reader(value).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (read, written) = (essence(value).unwrap_or_default(), essence(&written).unwrap_or_default());
        for place in places(&read) {
            assert!(written.pointer(&place).is_some(), "{name}: {place} was lost");
        }
        assert_eq!(read, written, "{name}");
    });
}

#[test]
fn lists_and_objects_that_are_null_or_empty() {
    change_each(|value| (value.is_array() || value.is_object()).then_some(Value::Null), |_, _| ());
    change_each(|value| (value.is_array() && !is_size(value)).then(|| json!([])), |_, _| ());
    change_each(|value| value.is_object().then(|| json!({})), |_, _| ());
}

#[test]
fn lists_with_an_element_that_is_null() {
    let with_null = |value: &Value| {
        let elements = value.as_array()?;
        (!is_size(value)).then(|| elements.iter().cloned().chain([Value::Null]).collect())
    };
    change_each(with_null, |_, _| ());
}

#[test]
fn words_that_are_new() {
    let new = |value: &Value| (value.is_string() && !is_time(value)).then(|| json!("brand-new"));
    change_each(new, |place, written| {
        let is_base64 = place.ends_with("/Data");
        assert!(is_base64 || written.pointer(place) == Some(&json!("brand-new")), "{place} is not kept");
    });
}

#[test]
fn times_that_are_none() {
    for none in ["", "0001-01-01T00:00:00Z"] {
        change_each(|value| is_time(value).then(|| json!(none)), |_, _| ());
    }
}

#[test]
fn fields_that_are_missing() {
    for_each_fixture(|name, value, reader| {
        for place in places(value) {
            let (parent, key) = place.rsplit_once('/').expect("a parent");
            let mut mutant = value.clone();
            let parent = mutant.pointer_mut(parent).expect("a parent");
            let Some(fields) = parent.as_object_mut() else { continue };
            fields.remove(&key.replace("~1", "/").replace("~0", "~"));
            reader(&mutant).unwrap_or_else(|error| panic!("{name}: without {place}: {error}"));
        }
    });
}

#[test]
fn fields_that_are_new() {
    for_each_fixture(|name, value, reader| {
        for place in std::iter::once(String::new()).chain(places(value)) {
            let Some(fields) = value.pointer(&place).and_then(Value::as_object) else { continue };
            let Some(like_others) = fields.values().next() else { continue };
            let read_with = |new: &Value| {
                let mut mutant = value.clone();
                mutant.pointer_mut(&place).expect("a place")["BrandNew"] = new.clone();
                reader(&mutant).unwrap_or_else(|error| panic!("{name}: {new} in {place}: {error}"))
            };
            // A map keeps a new key; whatever a new field of the API is, it is passed over.
            let is_map = read_with(like_others).pointer(&format!("{place}/BrandNew")).is_some();
            if !is_map {
                read_with(&json!({"deep": [1, null, {"deeper": "x"}]}));
            }
        }
    });
}

/// The numbers that Go has as unsigned, by what their place contains. In all others -1 is a value: "not measured", "no limit".
const UNSIGNED: &[&str] = &[
    "/ConsoleSize/",
    "/DataPathPort",
    "/ForceUpdate",
    "/IOMaximum",
    "/Kind",
    "/MaxAttempts",
    "/Parallelism",
    "/PrivatePort",
    "/PublicPort",
    "/Raft/",
    "/Replicated/",
    "/ServiceStatus/",
    "/Slot",
    "/SpaceReclaimed",
    "/SubnetSize",
    "/TmpfsOptions/Mode",
    "/Version/Index",
    "/cpu_stats/",
    "/memory_stats/",
    "/networks/",
    "/num_procs",
    "/pids_stats/",
    "/precpu_stats/",
];

#[test]
fn numbers_that_are_minus_one() {
    for_each_fixture(|name, value, reader| {
        let is_number = |place: &String| value.pointer(place).is_some_and(Value::is_i64);
        let is_signed = |place: &String| UNSIGNED.iter().all(|unsigned| !place.contains(unsigned));
        for place in places(value).into_iter().filter(|place| is_number(place) && is_signed(place)) {
            let mut mutant = value.clone();
            *mutant.pointer_mut(&place).expect("a place") = json!(-1);
            reader(&mutant).unwrap_or_else(|error| panic!("{name}: {place} is -1: {error}"));
        }
    });
}
