//! [`Value`]: what the fields of an [`object!`](super::object) are on the wire.

use super::{Map, Timestamp};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// What a field can be. Go encodes what is empty as `null`: that is the default of a field, and no element of a list.
pub(crate) trait Value: Sized {
    /// Reads a value that is not `null`.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Reads a value that is not `null`, where it may be wanting in another way.
    fn read_optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Self::read(deserializer).map(Some)
    }
}

/// How a field looks on the wire whose type says it not: times in Unix seconds, sets as objects.
pub(crate) trait Way<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;
    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Puts what comes into a field; `null` leaves it as it is.
#[inline(never)] // one for each type, not one for each field
pub(crate) fn fill<'de, T: Value, A: MapAccess<'de>>(map: &mut A, field: &mut T) -> Result<(), A::Error> {
    if let Some(value) = map.next_value_seed(Nullable(PhantomData))? {
        *field = value;
    }
    Ok(())
}

/// Puts what comes into a field, as its [`Way`] reads it.
#[inline(never)]
pub(crate) fn fill_as<'de, W: Way<T>, T, A: MapAccess<'de>>(map: &mut A, field: &mut T) -> Result<(), A::Error> {
    struct Seed<W, T>(PhantomData<(W, T)>);

    impl<'de, W: Way<T>, T> DeserializeSeed<'de> for Seed<W, T> {
        type Value = T;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
            W::read(deserializer)
        }
    }

    *field = map.next_value_seed(Seed::<W, T>(PhantomData))?;
    Ok(())
}

/// A field as its [`Way`] writes it.
pub(crate) struct Written<'a, W, T>(&'a T, PhantomData<W>);

impl<'a, W: Way<T>, T> Written<'a, W, T> {
    pub(crate) fn new(value: &'a T) -> Self {
        Self(value, PhantomData)
    }
}

impl<W: Way<T>, T> Serialize for Written<'_, W, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        W::write(self.0, serializer)
    }
}

/// Reads a value that may be `null`.
pub(super) struct Nullable<T>(pub(super) PhantomData<T>);

impl<'de, T: Value> DeserializeSeed<'de> for Nullable<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Value> Visitor<'de> for Nullable<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::read(deserializer).map(Some)
    }
}

/// Types that are read as serde reads them.
macro_rules! values {
    ($($type:ty),* $(,)?) => {
        $(
            impl $crate::wire::Value for $type {
                fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    <Self as serde::Deserialize>::deserialize(deserializer)
                }
            }
        )*
    };
}

pub(crate) use values;

values!(bool, f64, i32, i64, u8, u16, u32, u64, String, [u32; 2], [String; 2], serde_json::Value);

impl<T: Value> Value for Box<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self::new)
    }
}

impl<T: Value> Value for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read_optional(deserializer)
    }
}

impl<T: Value> Value for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements<T>(PhantomData<T>);

        impl<'de, T: Value> Visitor<'de> for Elements<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list or null")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(element) = seq.next_element_seed(Nullable(PhantomData))? {
                    if let Some(element) = element {
                        push(&mut list, element);
                    }
                }
                Ok(list)
            }
        }

        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

/// Adds an element. Most lists have one, for which a `Vec` by itself would make room for four.
pub(super) fn push<T>(list: &mut Vec<T>, element: T) {
    if list.capacity() == 0 {
        list.reserve_exact(1);
    }
    list.push(element);
}

impl<V: Value + Default> Value for Map<V> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<V>(PhantomData<V>);

        impl<'de, V: Value + Default> Visitor<'de> for Entries<V> {
            type Value = Map<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or null")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Map<V>, A::Error> {
                let mut entries = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    let value: Option<V> = map.next_value_seed(Nullable(PhantomData))?;
                    let entry = (key, value.unwrap_or_default());
                    // Large ones, such as the networks of a container, are one; small ones, such as its labels, many or none.
                    if size_of::<V>() > 64 { push(&mut entries, entry) } else { entries.push(entry) }
                }
                Ok(Map::from_entries(entries))
            }
        }

        deserializer.deserialize_map(Entries(PhantomData))
    }
}

impl Value for Timestamp {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read_optional(deserializer)?.ok_or_else(|| D::Error::custom("no time"))
    }

    /// RFC 3339; `""` and Go's zero time (year 1) are none.
    fn read_optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        struct Time;

        impl Visitor<'_> for Time {
            type Value = Option<Timestamp>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 time, an empty string or null")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                if text.is_empty() {
                    return Ok(None);
                }
                let time: Timestamp = text.parse().map_err(E::custom)?;
                Ok((!time.is_go_zero()).then_some(time))
            }
        }

        deserializer.deserialize_str(Time)
    }
}

/// Reads a [`Value`], `null` as its default: for what is no field of an object.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Value + Default>(deserializer: D) -> Result<T, D::Error> {
    Nullable(PhantomData).deserialize(deserializer).map(Option::unwrap_or_default)
}
