//! [`Value`]: what the fields of an [`object!`](super::object) are on the wire.

use super::{Map, Timestamp};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// What a field can be. Go encodes what is empty as `null`: that is the default of a field, and no element of a list.
pub(crate) trait Value: Default {
    /// Reads a value that is not `null` into its place: large ones are not moved, and have less code for it.
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error>;
}

/// How a field looks on the wire whose type says it not: times in Unix seconds, sets as objects.
pub(crate) trait Way<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;
    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Puts what comes into a field, and tells whether anything did; `null` leaves it as it is.
#[inline(never)] // one for each type, not one for each field
pub(crate) fn fill<'de, T: Value, A: MapAccess<'de>>(map: &mut A, field: &mut T) -> Result<bool, A::Error> {
    map.next_value_seed(Nullable(field))
}

/// Puts what comes into a field, as its [`Way`] reads it.
#[inline(never)]
pub(crate) fn fill_as<'de, W: Way<T>, T, A: MapAccess<'de>>(map: &mut A, field: &mut T) -> Result<bool, A::Error> {
    struct Seed<W, T>(PhantomData<(W, T)>);

    impl<'de, W: Way<T>, T> DeserializeSeed<'de> for Seed<W, T> {
        type Value = T;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
            W::read(deserializer)
        }
    }

    *field = map.next_value_seed(Seed::<W, T>(PhantomData))?;
    Ok(true)
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

/// Reads a value that may be `null`, and tells whether it was none.
struct Nullable<'a, T>(&'a mut T);

impl<'de, T: Value> DeserializeSeed<'de> for Nullable<'_, T> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Value> Visitor<'de> for Nullable<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        self.0.read(deserializer).map(|()| true)
    }
}

/// Types that are read as serde reads them.
macro_rules! values {
    ($($type:ty),* $(,)?) => {
        $(
            impl $crate::wire::Value for $type {
                fn read<'de, D: serde::Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
                    *self = serde::Deserialize::deserialize(deserializer)?;
                    Ok(())
                }
            }
        )*
    };
}

pub(crate) use values;

values!(bool, f64, i32, i64, u8, u16, u32, u64, String, [u32; 2], [String; 2], serde_json::Value);

impl<T: Value> Value for Box<T> {
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        T::read(self, deserializer)
    }
}

impl<T: Value> Value for Option<T> {
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        self.get_or_insert_default().read(deserializer)
    }
}

impl<T: Value> Value for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        struct Elements<'a, T>(&'a mut Vec<T>);

        impl<'de, T: Value> Visitor<'de> for Elements<'_, T> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list or null")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
                self.0.clear();
                while let Some(is_some) = seq.next_element_seed(Next(self.0))? {
                    if !is_some {
                        self.0.pop();
                    }
                }
                Ok(())
            }
        }

        deserializer.deserialize_seq(Elements(self))
    }
}

/// Reads an element into a place at the end of the list.
struct Next<'a, T>(&'a mut Vec<T>);

impl<'de, T: Value> DeserializeSeed<'de> for Next<'_, T> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        // Most lists have one, for which a `Vec` by itself would make room for four.
        if self.0.capacity() == 0 {
            self.0.reserve_exact(1);
        }
        self.0.push(T::default());
        match self.0.last_mut() {
            Some(element) => Nullable(element).deserialize(deserializer),
            None => Ok(false),
        }
    }
}

impl<V: Value> Value for Map<V> {
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        struct Entries<'a, V>(&'a mut Map<V>);

        impl<'de, V: Value> Visitor<'de> for Entries<'_, V> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or null")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
                let mut entries = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    // Large ones, such as the networks of a container, are one; small ones, such as its labels, many or none.
                    if size_of::<V>() > 64 && entries.is_empty() {
                        entries.reserve_exact(1);
                    }
                    entries.push((key, V::default()));
                    if let Some((_, value)) = entries.last_mut() {
                        fill(&mut map, value)?;
                    }
                }
                *self.0 = Map::from_entries(entries);
                Ok(())
            }
        }

        deserializer.deserialize_map(Entries(self))
    }
}

impl Value for Option<Timestamp> {
    /// RFC 3339; `""` and Go's zero time (year 1) are none.
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
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

        *self = deserializer.deserialize_str(Time)?;
        Ok(())
    }
}

/// Reads a [`Value`], `null` as its default: for what is no field of an object.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Value>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::default();
    Nullable(&mut value).deserialize(deserializer)?;
    Ok(value)
}
