//! [`Seed`]: what reads values from any of serde's deserializers.

use super::reader::{Failed, Object, Read, Reader, Shape, Wanted};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use std::fmt;

/// Reads a value, unless it is `null`, and tells whether it was not.
pub(crate) struct Seed<F>(pub(crate) F);

impl<'de, F: FnOnce(&mut dyn Reader) -> Read> DeserializeSeed<'de> for Seed<F> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, F: FnOnce(&mut dyn Reader) -> Read> Visitor<'de> for Seed<F> {
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
        let mut value = Coming { deserializer: Some(deserializer), error: None };
        match (self.0)(&mut value) {
            Ok(()) => Ok(true),
            Err(Failed) => Err(value.error.unwrap_or_else(|| D::Error::custom("nothing was read"))),
        }
    }
}

/// What any deserializer has.
struct Coming<D, E> {
    deserializer: Option<D>,
    error: Option<E>,
}

impl<'de, D: Deserializer<'de>> Reader for Coming<D, D::Error> {
    fn read(&mut self, wanted: Wanted<'_>) -> Read {
        let deserializer = self.deserializer.take().ok_or(Failed)?;
        wanted.read(deserializer).map_err(|error| {
            self.error = Some(error);
            Failed
        })
    }

    fn fail(&mut self, why: &str) -> Failed {
        self.error = Some(D::Error::custom(why));
        Failed
    }
}

impl Wanted<'_> {
    /// Says what is wanted to whoever cannot tell what comes.
    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self {
            Self::String(_) | Self::Text(_) => deserializer.deserialize_str(self),
            Self::Integer(kind, _) if kind.as_bytes().first() == Some(&b'u') => deserializer.deserialize_u64(self),
            Self::Integer(..) => deserializer.deserialize_i64(self),
            Self::Float(_) => deserializer.deserialize_f64(self),
            Self::Bool(_) => deserializer.deserialize_bool(self),
            Self::List(_) => deserializer.deserialize_seq(self),
            Self::Map(_) | Self::Object(_) => deserializer.deserialize_map(self),
            Self::Any(value) => {
                *value = serde::Deserialize::deserialize(deserializer)?;
                Ok(())
            }
            Self::Nothing => deserializer.deserialize_ignored_any(IgnoredAny).map(|IgnoredAny| ()),
        }
    }

    fn integer<E: Error>(self, number: i128, unexpected: Unexpected<'_>) -> Result<(), E> {
        match self {
            #[allow(clippy::cast_precision_loss, reason = "as any JSON parser does")]
            Self::Float(into) => *into = number as f64,
            Self::Integer(kind, take) => {
                if !take(number) {
                    return Err(E::invalid_value(unexpected, &kind));
                }
            }
            other => return Err(E::invalid_type(unexpected, &other)),
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String(_) | Self::Text(_) => "a string",
            Self::Integer(kind, _) => kind,
            Self::Float(_) => "a number",
            Self::Bool(_) => "a boolean",
            Self::List(_) => "a list",
            Self::Map(_) | Self::Object(_) => "an object",
            Self::Any(_) | Self::Nothing => "anything",
        })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self {
            Self::String(into) => {
                *into = text.into();
                Ok(())
            }
            Self::Text(take) => take(text).map_err(E::custom),
            other => Err(E::invalid_type(Unexpected::Str(text), &other)),
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.integer(number.into(), Unexpected::Signed(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.integer(number.into(), Unexpected::Unsigned(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        match self {
            Self::Float(into) => {
                *into = number;
                Ok(())
            }
            other => Err(E::invalid_type(Unexpected::Float(number), &other)),
        }
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        match self {
            Self::Bool(into) => {
                *into = value;
                Ok(())
            }
            other => Err(E::invalid_type(Unexpected::Bool(value), &other)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        match self {
            Self::List(list) => {
                let mut read = |element: &mut dyn Reader| {
                    list.add();
                    list.read(element)
                };
                while seq.next_element_seed(Seed(&mut read))?.is_some() {}
                Ok(())
            }
            other => Err(A::Error::invalid_type(Unexpected::Seq, &other)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        match self {
            Self::Object(object) => read_object(object, map),
            Self::Map(entries) => {
                while let Some(key) = map.next_key::<String>()? {
                    entries.add(key);
                    map.next_value_seed(Seed(|value: &mut dyn Reader| entries.read(value)))?;
                }
                Ok(())
            }
            other => Err(A::Error::invalid_type(Unexpected::Map, &other)),
        }
    }
}

/// Reads an object into its place.
fn read_object<'de, A: MapAccess<'de>>(object: &mut dyn Object, mut map: A) -> Result<(), A::Error> {
    let Shape { fields, is_closed, required } = object.shape();
    let (mut next, mut read) = (0, 0_u64);
    while let Some(field) = map.next_key_seed(Key { fields, next, is_closed })? {
        if field >= fields.len() {
            map.next_value::<IgnoredAny>()?;
            continue;
        }
        if map.next_value_seed(Seed(|value: &mut dyn Reader| object.read_field(field, value)))? {
            read |= u32::try_from(field).ok().and_then(|field| 1_u64.checked_shl(field)).unwrap_or(0);
        }
        next = field + 1;
    }
    missing(fields, required & !read).map_or(Ok(()), |field| Err(A::Error::missing_field(field)))
}

fn missing(fields: &[&'static str], required: u64) -> Option<&'static str> {
    if required == 0 { None } else { fields.get(required.trailing_zeros() as usize).copied() }
}

/// Reads which field comes.
struct Key {
    fields: &'static [&'static str],
    /// The one behind the last: engines send them in the table's order, mostly.
    next: usize,
    is_closed: bool,
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<usize, E> {
        let is_key = |field: &&str| *field == key;
        if self.fields.get(self.next).is_some_and(is_key) {
            return Ok(self.next);
        }
        match self.fields.iter().position(is_key) {
            Some(field) => Ok(field),
            None if self.is_closed => Err(E::unknown_field(key, self.fields)),
            None => Ok(usize::MAX),
        }
    }
}
