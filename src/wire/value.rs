//! [`Value`]: what the fields of an [`object!`](super::object) are on the wire.

use super::decoder::Seed;
use super::reader::{Entries, Failed, List, Read, Reader, Wanted};
use super::{Map, Timestamp};
use serde::de::value::UnitDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Visitor as _};
use serde::ser::{Serialize, Serializer};
use std::marker::PhantomData;

/// What a field can be. Go encodes what is empty as `null`: that is the default of a field, and no element of a list.
pub(crate) trait Value: Default {
    /// Reads a value into its place: large ones are not moved, and have less code for it.
    fn read(&mut self, reader: &mut dyn Reader) -> Read;
}

/// How a field looks on the wire whose type says it not: times in Unix seconds, sets as objects.
pub(crate) trait Way<T> {
    fn read(reader: &mut dyn Reader) -> Result<T, Failed>;
    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>;
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

/// Reads a [`Value`], `null` as its default.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Value>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::default();
    let read: &mut dyn FnMut(&mut dyn Reader) -> Read = &mut |reader| value.read(reader);
    Seed(read).deserialize(deserializer)?;
    Ok(value)
}

/// Reads a [`Value`] that is not `null`.
pub(crate) fn or_error<'de, D: Deserializer<'de>, T: Value>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::default();
    read_into(deserializer, &mut |reader| value.read(reader))?;
    Ok(value)
}

/// Reads what is not `null`.
pub(crate) fn read_into<'de, D: Deserializer<'de>>(
    deserializer: D,
    read: &mut dyn FnMut(&mut dyn Reader) -> Read,
) -> Result<(), D::Error> {
    if !Seed(&mut *read).deserialize(deserializer)? {
        // What is wanted knows who reads it.
        Seed(read).visit_some(UnitDeserializer::new())?;
    }
    Ok(())
}

impl Value for String {
    fn read(&mut self, reader: &mut dyn Reader) -> Read {
        reader.read(Wanted::String(self))
    }
}

macro_rules! integers {
    ($($integer:ident)*) => {
        $(
            impl Value for $integer {
                fn read(&mut self, reader: &mut dyn Reader) -> Read {
                    let mut take = |number| Self::try_from(number).map(|number| *self = number).is_ok();
                    reader.read(Wanted::Integer(stringify!($integer), &mut take))
                }
            }
        )*
    };
}

integers!(i32 i64 u8 u16 u32 u64);

impl Value for f64 {
    fn read(&mut self, reader: &mut dyn Reader) -> Read {
        reader.read(Wanted::Float(self))
    }
}

impl Value for bool {
    fn read(&mut self, reader: &mut dyn Reader) -> Read {
        reader.read(Wanted::Bool(self))
    }
}

impl Value for serde_json::Value {
    fn read(&mut self, reader: &mut dyn Reader) -> Read {
        reader.read(Wanted::Any(self))
    }
}

impl<T: Value> Value for Box<T> {
    fn read(&mut self, reader: &mut dyn Reader) -> Read {
        T::read(self, reader)
    }
}

impl<T: Value> Value for Option<T> {
    fn read(&mut self, reader: &mut dyn Reader) -> Read {
        self.get_or_insert_default().read(reader)
    }
}

impl<T: Value> Value for Vec<T> {
    fn read(&mut self, reader: &mut dyn Reader) -> Read {
        self.clear();
        reader.read(Wanted::List(&mut { self }))
    }
}

/// As a pointer, of which no code to drop it is needed.
impl<T: Value> List for &mut Vec<T> {
    fn add(&mut self) {
        // Most lists have one, for which a `Vec` by itself would make room for four.
        if self.capacity() == 0 {
            self.reserve_exact(1);
        }
        self.push(T::default());
    }

    fn read(&mut self, element: &mut dyn Reader) -> Read {
        self.last_mut().map_or(Ok(()), |last| last.read(element))
    }
}

impl<T: Value, const N: usize> Value for [T; N]
where
    Self: Default,
{
    fn read(&mut self, reader: &mut dyn Reader) -> Read {
        let mut list = Vec::new();
        list.read(reader)?;
        let length = list.len();
        *self =
            list.try_into().map_err(|_| reader.fail(&format!("{N} elements were expected, and there are {length}")))?;
        Ok(())
    }
}

impl<V: Value> Value for Map<V> {
    fn read(&mut self, reader: &mut dyn Reader) -> Read {
        let mut entries = Vec::new();
        reader.read(Wanted::Map(&mut &mut entries))?;
        *self = Self::from_entries(entries);
        Ok(())
    }
}

impl<V: Value> Entries for &mut Vec<(String, V)> {
    fn add(&mut self, key: String) {
        // Large ones, such as the networks of a container, are one; small ones, such as its labels, many or none.
        if size_of::<V>() > 64 && self.is_empty() {
            self.reserve_exact(1);
        }
        self.push((key, V::default()));
    }

    fn read(&mut self, value: &mut dyn Reader) -> Read {
        self.last_mut().map_or(Ok(()), |(_, last)| last.read(value))
    }
}

impl Value for Option<Timestamp> {
    /// RFC 3339; `""` and Go's zero time (year 1) are none.
    fn read(&mut self, reader: &mut dyn Reader) -> Read {
        reader.read(Wanted::Text(&mut |text| {
            *self = None;
            if !text.is_empty() {
                let time: Timestamp = text.parse().map_err(|error| format!("{error}"))?;
                *self = (!time.is_go_zero()).then_some(time);
            }
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, or_error};
    use crate::{Map, Timestamp};
    use serde_json::json;
    use std::fmt::Debug;

    /// A value as it is read from text, which is the same from any other deserializer.
    fn read<T: Value + Debug + PartialEq>(json: &serde_json::Value) -> Result<T, String> {
        let text = json.to_string();
        let read = or_error(&mut serde_json::Deserializer::from_str(&text)).map_err(|error| error.to_string());
        let again = or_error(json).map_err(|error| error.to_string());
        match (&read, &again) {
            (Err(read), Err(again)) => assert!(read.starts_with(again), "{read}, and {again}"),
            _ => assert_eq!(read, again),
        }
        read.map_err(|error: String| error.split(" at line ").next().unwrap_or_default().to_owned())
    }

    #[test]
    fn values_are_read_and_null_is_their_default() {
        assert_eq!(read(&json!("\u{e9}\n")), Ok("\u{e9}\n".to_owned()));
        assert_eq!(read(&json!(u64::MAX)), Ok(u64::MAX));
        assert_eq!((read(&json!(i64::MIN)), read(&json!(-128))), (Ok(i64::MIN), Ok(-128_i32)));
        assert_eq!((read(&json!(1)), read(&json!(1.5))), (Ok(1.0), Ok(1.5)));
        assert_eq!(read(&json!(["a", null, "b"])), Ok(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(read(&json!([1, 2])), Ok([1_u32, 2]));
        assert_eq!(read(&json!({"b": [1], "a": null})), Ok(Map::<Vec<u8>>::from([("a", vec![]), ("b", vec![1])])));
        assert_eq!(read(&json!({"a": [1, "x", null]})), Ok(json!({"a": [1, "x", null]})));
        assert_eq!(read(&json!("0001-01-01T00:00:00Z")), Ok(None::<Timestamp>));
        assert_eq!(read(&json!(true)), Ok(Some(Box::new(true))));
    }

    #[test]
    fn what_is_wrong_is_said() {
        fn why<T: Value + Debug + PartialEq>(json: &serde_json::Value) -> String {
            read::<T>(json).expect_err("it is wrong")
        }

        for (why, expected) in [
            (why::<String>(&json!(1)), "invalid type: integer `1`, expected a string"),
            (why::<u16>(&json!(65_536)), "invalid value: integer `65536`, expected u16"),
            (why::<u64>(&json!(-1)), "invalid value: integer `-1`, expected u64"),
            (why::<i64>(&json!(1.5)), "invalid type: floating point `1.5`, expected i64"),
            (why::<f64>(&json!("1")), "invalid type: string \"1\", expected a number"),
            (why::<bool>(&json!(1)), "invalid type: integer `1`, expected a boolean"),
            (why::<Vec<u8>>(&json!({})), "invalid type: map, expected a list"),
            (why::<Vec<u8>>(&json!([1, 256])), "invalid value: integer `256`, expected u8"),
            (why::<Map<u8>>(&json!([])), "invalid type: sequence, expected an object"),
            (why::<Map<u8>>(&json!({"a": "b"})), "invalid type: string \"b\", expected u8"),
            (why::<[u32; 2]>(&json!([1])), "2 elements were expected, and there are 1"),
            (why::<Option<Timestamp>>(&json!("x")), "\"x\" is not an RFC 3339 time, such as 2026-11-24T09:30:00.5Z"),
            (why::<u8>(&json!(null)), "invalid type: null, expected u8"),
        ] {
            assert_eq!(why, expected);
        }
    }
}
