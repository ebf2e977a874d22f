//! [`Map`]: the small maps of the API.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::BuildHasher;
use std::marker::PhantomData;
use std::ops::Index;

/// A map of labels, options or ports, from text to `V`, sorted by key.
///
/// It is one allocation instead of one per node. Engines send thousands of maps with a few entries, and allocation
/// dominates the cost of decoding them. Lookup is a binary search.
///
/// ```
/// use longshore::Map;
///
/// let mut labels: Map<String> = [("app", "web"), ("tier", "front")].into();
/// labels.insert("app", "api");
/// assert_eq!(labels["app"], "api");
/// assert_eq!(labels.get("nothing"), None);
/// assert_eq!(labels.iter().count(), 2);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Map<V>(Vec<(String, V)>);

impl<V> Map<V> {
    /// Creates an empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Returns the number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether the map is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&V> {
        let index = self.position(key).ok()?;
        self.0.get(index).map(|(_, value)| value)
    }

    /// Returns the value of a key, for changing it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        let index = self.position(key).ok()?;
        self.0.get_mut(index).map(|(_, value)| value)
    }

    /// Returns whether the map contains the key.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_ok()
    }

    /// Sets the value of a key and returns the previous one.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<V>) -> Option<V> {
        let (key, value) = (key.into(), value.into());
        match self.position(&key) {
            Ok(index) => self.0.get_mut(index).map(|(_, old)| std::mem::replace(old, value)),
            Err(index) => {
                self.0.insert(index, (key, value));
                None
            }
        }
    }

    /// Removes a key and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<V> {
        let index = self.position(key).ok()?;
        Some(self.0.remove(index).1)
    }

    /// Returns the entry of a key, to look it up and fill it in one step.
    pub fn entry(&mut self, key: impl Into<String>) -> MapEntry<'_, V> {
        let key = key.into();
        let position = self.position(&key);
        MapEntry { map: self, key, position }
    }

    /// Keeps only the entries for which the function returns `true`.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &mut V) -> bool) {
        self.0.retain_mut(|(key, value)| keep(key, value));
    }

    /// Iterates over the entries, sorted by key.
    #[must_use]
    pub fn iter(&self) -> MapIter<'_, V> {
        MapIter(self.0.iter())
    }

    /// Iterates over the entries, sorted by key, with mutable values.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&str, &mut V)> + ExactSizeIterator {
        self.0.iter_mut().map(|(key, value)| (key.as_str(), value))
    }

    /// Iterates over the keys in sorted order.
    #[must_use]
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.0.iter().map(|(key, _)| key.as_str())
    }

    /// Iterates over the values, sorted by key.
    #[must_use]
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator {
        self.0.iter().map(|(_, value)| value)
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(candidate, _)| candidate.as_str().cmp(key))
    }

    /// Sorts entries that are in any order. Of equal keys the last wins, as in most JSON parsers.
    pub(super) fn from_entries(entries: Vec<(String, V)>) -> Self {
        if entries.is_sorted_by(|(a, _), (b, _)| a < b) {
            return Self(entries);
        }
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.as_str()).collect();
        let order = sorted(&keys);
        let mut entries: Vec<_> = entries.into_iter().map(Some).collect();
        Self(order.into_iter().filter_map(|index| entries.get_mut(index)?.take()).collect())
    }
}

/// Returns the indexes of the keys in sorted order, the last one of equal keys. Not generic, so that all maps share it.
fn sorted(keys: &[&str]) -> Vec<usize> {
    let mut order: Vec<_> = keys.iter().copied().zip(0..).collect();
    order.sort_unstable();
    let mut last = order.iter().skip(1).map(|(key, _)| Some(*key)).chain([None]);
    order.iter().filter(|(key, _)| last.next() != Some(Some(*key))).map(|(_, index)| *index).collect()
}

impl<V> Default for Map<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V: fmt::Debug> fmt::Debug for Map<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<V> Index<&str> for Map<V> {
    type Output = V;

    /// # Panics
    /// Panics if the key is absent, as the maps of the standard library do. [`Map::get`] does not panic.
    fn index(&self, key: &str) -> &V {
        self.get(key).unwrap_or_else(|| panic!("no entry {key:?} in the map"))
    }
}

impl<K: Into<String>, V> FromIterator<(K, V)> for Map<V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self::from_entries(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

impl<K: Into<String>, V> Extend<(K, V)> for Map<V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        let mut all = std::mem::take(&mut self.0);
        all.extend(entries.into_iter().map(|(key, value)| (key.into(), value)));
        *self = Self::from_entries(all);
    }
}

impl<K: Into<String>, T: Into<V>, V, const N: usize> From<[(K, T); N]> for Map<V> {
    fn from(entries: [(K, T); N]) -> Self {
        entries.into_iter().map(|(key, value)| (key, value.into())).collect()
    }
}

impl<V> IntoIterator for Map<V> {
    type Item = (String, V);
    type IntoIter = std::vec::IntoIter<(String, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a Map<V> {
    type Item = (&'a str, &'a V);
    type IntoIter = MapIter<'a, V>;

    fn into_iter(self) -> Self::IntoIter {
        MapIter(self.0.iter())
    }
}

/// Iterates over the entries of a [`Map`], sorted by key.
#[derive(Clone, Debug)]
pub struct MapIter<'a, V>(std::slice::Iter<'a, (String, V)>);

impl<'a, V> Iterator for MapIter<'a, V> {
    type Item = (&'a str, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key.as_str(), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<V> DoubleEndedIterator for MapIter<'_, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, value)| (key.as_str(), value))
    }
}

impl<V> ExactSizeIterator for MapIter<'_, V> {}

/// An entry of a [`Map`], occupied or vacant, from [`Map::entry`].
#[derive(Debug)]
#[must_use = "nothing is changed until one of its methods is called"]
pub struct MapEntry<'a, V> {
    map: &'a mut Map<V>,
    key: String,
    position: Result<usize, usize>,
}

impl<'a, V> MapEntry<'a, V> {
    /// Returns the value, for changing it. Inserts the given one first if the entry is vacant.
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// Returns the value, for changing it. Inserts the function's result first if the entry is vacant.
    pub fn or_insert_with(self, value: impl FnOnce() -> V) -> &'a mut V {
        let Self { map, key, position } = self;
        let index = position.unwrap_or_else(|index| {
            map.0.insert(index, (key, value()));
            index
        });
        #[allow(clippy::indexing_slicing, reason = "it was found or inserted a line above")]
        &mut map.0[index].1
    }

    /// Returns the value, for changing it. Inserts the default first if the entry is vacant.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }

    /// Changes the value, if there is one.
    pub fn and_modify(self, change: impl FnOnce(&mut V)) -> Self {
        if let Some((_, value)) = self.position.ok().and_then(|index| self.map.0.get_mut(index)) {
            change(value);
        }
        self
    }

    /// Returns the key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl<K: Into<String>, T: Into<V>, V, S> From<HashMap<K, T, S>> for Map<V> {
    fn from(entries: HashMap<K, T, S>) -> Self {
        entries.into_iter().map(|(key, value)| (key, value.into())).collect()
    }
}

impl<K: Into<String>, T: Into<V>, V> From<BTreeMap<K, T>> for Map<V> {
    fn from(entries: BTreeMap<K, T>) -> Self {
        entries.into_iter().map(|(key, value)| (key, value.into())).collect()
    }
}

impl<V, S: BuildHasher + Default> From<Map<V>> for HashMap<String, V, S> {
    fn from(map: Map<V>) -> Self {
        map.into_iter().collect()
    }
}

impl<V> From<Map<V>> for BTreeMap<String, V> {
    fn from(map: Map<V>) -> Self {
        map.into_iter().collect()
    }
}

impl<V: Serialize> Serialize for Map<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, V: Deserialize<'de> + Default> Deserialize<'de> for Map<V> {
    /// `null` becomes the empty map, and a `null` value the default. Exposed ports that are not published are `null`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<V>(PhantomData<V>);

        impl<'de, V: Deserialize<'de> + Default> Visitor<'de> for Entries<V> {
            type Value = Map<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or null")
            }

            fn visit_none<E>(self) -> Result<Map<V>, E> {
                Ok(Map::new())
            }

            fn visit_unit<E>(self) -> Result<Map<V>, E> {
                Ok(Map::new())
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Map<V>, D::Error> {
                deserializer.deserialize_map(self)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Map<V>, A::Error> {
                let mut entries = Vec::new();
                while let Some((key, value)) = map.next_entry::<_, Option<V>>()? {
                    entries.push((key, value.unwrap_or_default()));
                }
                entries.shrink_to_fit(); // most maps have one entry, but a Vec reserves room for four
                Ok(Map::from_entries(entries))
            }
        }

        deserializer.deserialize_option(Entries(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::Map;
    use std::collections::{BTreeMap, HashMap};

    #[test]
    fn null_is_empty_and_a_null_value_is_the_default() {
        let map: Map<Vec<u8>> = serde_json::from_str("null").expect("null");
        assert!(map.is_empty());
        let map: Map<Vec<u8>> = serde_json::from_str(r#"{"80/tcp":null}"#).expect("null value");
        assert_eq!(map.get("80/tcp"), Some(&Vec::new()));
    }

    #[test]
    fn sorts_and_keeps_the_last_of_equal_keys() {
        let map: Map<u8> = serde_json::from_str(r#"{"b":1,"a":2,"b":3,"b":4}"#).expect("map");
        assert_eq!(map.iter().collect::<Vec<_>>(), [("a", &2), ("b", &4)]);
    }

    #[test]
    fn converts_from_and_to_the_maps_of_the_standard_library() {
        let map = Map::from(HashMap::from([("b", "2"), ("a", "1")]));
        let same: Map<String> = BTreeMap::from([("a", "1"), ("b", "2")]).into();
        assert_eq!(map, same);
        assert_eq!(BTreeMap::from(map.clone()).into_iter().collect::<Vec<_>>(), Vec::from_iter(map.clone()));
        assert_eq!(HashMap::<_, _>::from(map)["b"], "2");
        assert_eq!((&same).into_iter().rev().collect::<Vec<_>>(), same.iter().rev().collect::<Vec<_>>());
    }

    #[test]
    fn inserts_and_removes_in_order() {
        let mut map: Map<i32> = Map::new();
        for key in ["m", "c", "x", "a"] {
            assert_eq!(map.insert(key, 1), None);
        }
        assert_eq!(map.insert("c", 2), Some(1));
        assert_eq!(map.remove("m"), Some(1));
        assert_eq!(map.remove("m"), None);
        *map.entry("k").or_default() += 5;
        assert_eq!(*map.entry("k").and_modify(|value| *value += 1).or_insert(9), 6);
        *map.entry("k").or_insert(9) -= 1;
        assert_eq!(map.keys().collect::<Vec<_>>(), ["a", "c", "k", "x"]);
        assert_eq!(map["k"], 5);
    }
}
