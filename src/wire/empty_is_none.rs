//! Text that engines leave empty if absent: `""` and `null` become `None`, and `None` is written as `""`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) fn deserialize<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default + PartialEq,
{
    Ok(Option::deserialize(deserializer)?.filter(|text| *text != T::default()))
}

#[allow(clippy::ref_option, reason = "serde gives a reference to the field")]
pub(crate) fn serialize<S, T>(text: &Option<T>, serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    T: Serialize + Default,
{
    match text {
        Some(text) => text.serialize(serializer),
        None => T::default().serialize(serializer),
    }
}
