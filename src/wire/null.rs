//! `null`, which Go writes for empty lists and maps, and for absent objects.

use super::Map;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// Reads `null` as the default, for objects and numbers.
pub(crate) fn null_to_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads `null` as an empty list, and skips elements that are `null`.
pub(crate) fn null_to_empty<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<List<T>>::deserialize(deserializer)?.map_or_else(Vec::new, |list| list.0))
}

/// Skips elements that are `null`, and keeps an empty list distinct from an absent one.
pub(crate) fn null_elements<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<List<T>>::deserialize(deserializer)?.map(|list| list.0))
}

/// Reads a map of lists, each as [`null_to_empty`] does.
pub(crate) fn null_to_empty_in_map<'de, D, T>(deserializer: D) -> Result<Map<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let lists = Map::<List<T>>::deserialize(deserializer)?;
    Ok(lists.into_iter().map(|(key, list)| (key, list.0)).collect())
}

/// Reads a list of lists, each as [`null_to_empty`] does.
pub(crate) fn null_to_empty_in_list<'de, D, T>(deserializer: D) -> Result<Vec<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let lists: Vec<List<T>> = null_to_empty(deserializer)?;
    Ok(lists.into_iter().map(|list| list.0).collect())
}

/// A list that skips elements that are `null`.
struct List<T>(Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<T> {
            type Value = List<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<List<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(element) = elements.next_element::<Option<T>>()? {
                    list.extend(element);
                }
                list.shrink_to_fit(); // most lists have one element, but a Vec reserves room for four
                Ok(List(list))
            }
        }

        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::{null_elements, null_to_default, null_to_empty, null_to_empty_in_list, null_to_empty_in_map};
    use crate::Map;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Item {
        #[serde(deserialize_with = "null_to_default")]
        count: u64,
        #[serde(deserialize_with = "null_to_empty")]
        ports: Vec<u16>,
        #[serde(deserialize_with = "null_elements")]
        paths: Option<Vec<String>>,
        #[serde(deserialize_with = "null_to_empty_in_map")]
        lists: Map<Vec<u8>>,
        #[serde(deserialize_with = "null_to_empty_in_list")]
        rows: Vec<Vec<u8>>,
    }

    #[test]
    fn null_and_absent_fields_are_the_default() {
        let null = json!({"count": null, "ports": null, "paths": null, "lists": null, "rows": null});
        for json in [json!({}), null] {
            assert_eq!(serde_json::from_value::<Item>(json).expect("an item"), Item::default());
        }
    }

    #[test]
    fn null_elements_are_left_out() {
        let json = json!({"ports": [1, null, 2], "paths": [null], "lists": {"a": [null, 1], "b": null}, "rows": [[null, 1], null]});
        let item = Item {
            ports: vec![1, 2],
            paths: Some(Vec::new()),
            lists: [("a", vec![1]), ("b", vec![])].into(),
            rows: vec![vec![1]],
            ..Item::default()
        };
        assert_eq!(serde_json::from_value::<Item>(json).expect("an item"), item);
    }

    #[test]
    fn values_of_another_type_are_errors() {
        for json in [json!({"count": -1}), json!({"ports": {}}), json!({"paths": [1]}), json!({"lists": {"a": "x"}})] {
            assert!(serde_json::from_value::<Item>(json.clone()).is_err(), "{json}");
        }
    }
}
