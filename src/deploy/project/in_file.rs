//! A project as JSON, which all formats are read and written through.
//!
//! JSON has one form of an enum. YAML would want tags, which an environment's overlay cannot have. Reading through JSON also
//! finds fields that do not exist.

use super::{Overlay, Project, Service, check};
use crate::Map;
use crate::network::NetworkSpec;
use crate::volume::VolumeSpec;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;
use serde_path_to_error::Track;
use std::fmt;

/// The fields of a project in a file.
#[derive(Default, serde::Serialize, serde::Deserialize)]
#[serde(remote = "Project", default, rename_all = "camelCase")]
pub(super) struct InFile {
    name: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    networks: Map<NetworkSpec>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    volumes: Map<VolumeSpec>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external: Vec<String>,
    services: Map<Service>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    environments: Map<Overlay>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    compose_labels: bool,
    #[serde(skip)]
    invalid: Vec<String>,
}

impl Project {
    /// Returns the project's JSON.
    #[inline] // generates code only in crates that deploy
    pub(super) fn to_value(&self) -> serde_json::Result<Value> {
        // Through text, so that the encoders are not compiled a second time for `Value`.
        let mut text = Vec::new();
        InFile::serialize(self, &mut serde_json::Serializer::new(&mut text))?;
        serde_json::from_slice(&text)
    }

    /// Reads a project from its JSON, whose fields have been checked.
    #[inline] // generates code only in crates that deploy
    pub(super) fn from_value(value: &Value) -> Result<Self, String> {
        // Parses text, as for responses, so that the decoders are not compiled a second time for `Value`.
        let (text, mut track) = (value.to_string(), Track::new());
        let mut json = serde_json::Deserializer::from_slice(text.as_bytes());
        InFile::deserialize(serde_path_to_error::Deserializer::new(&mut json, &mut track))
            // serde_json's message would quote the value, which may be a secret.
            .map_err(|_| format!("wrong type of value at {}", track.path()))
    }
}

impl Serialize for Project {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Project {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Once(value) = Once::deserialize(deserializer)?;
        check::fields(&value).and_then(|()| Self::from_value(&value)).map_err(D::Error::custom)
    }
}

/// A value with no field set twice. Of two services with the same name, `Value` would keep only the last.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceVisitor)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Once;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON can represent")
    }

    fn visit_unit<E: Error>(self) -> Result<Once, E> {
        Ok(Once(Value::Null))
    }

    fn visit_none<E: Error>(self) -> Result<Once, E> {
        Ok(Once(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Once, D::Error> {
        Once::deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Once, E> {
        Ok(Once(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Once, E> {
        Ok(Once(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Once, E> {
        Ok(Once(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Once, E> {
        Ok(Once(value.into()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Once, E> {
        Ok(Once(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Once, A::Error> {
        let mut list = Vec::new();
        while let Some(Once(element)) = elements.next_element()? {
            list.push(element);
        }
        Ok(Once(list.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Once, A::Error> {
        let mut fields = serde_json::Map::new();
        while let Some((field, Once(value))) = entries.next_entry::<String, Once>()? {
            if fields.contains_key(&field) {
                return Err(A::Error::custom(format_args!("the field {field:?} is set twice")));
            }
            fields.insert(field, value);
        }
        Ok(Once(fields.into()))
    }
}
