//! [`Known`]: checks a project's JSON against a type. A field that the type does not have would be ignored otherwise.

use serde::de::value::{BorrowedStrDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, MapAccess, Unexpected, VariantAccess,
    Visitor,
};
use serde_json::{Map, Value};
use std::fmt::{self, Display, Write};

/// A value and its path in the project, as a deserializer. It fails at the first field, word or value that the type which is
/// read from it does not know.
///
/// Fields that are `null` count as not set, so that they are checked too in an environment that unsets them.
pub(super) struct Known<'a> {
    value: &'a Value,
    at: String,
    /// The fields of an object that are checked elsewhere.
    elsewhere: &'static [&'static str],
}

impl<'a> Known<'a> {
    pub(super) fn new(value: &'a Value, at: impl Into<String>) -> Self {
        Self { value, at: at.into(), elsewhere: &[] }
    }

    pub(super) fn except(self, fields: &'static [&'static str]) -> Self {
        Self { elsewhere: fields, ..self }
    }

    fn wrong(&self, what: impl Display) -> Wrong {
        Wrong::Expected(what.to_string()).at(&self.at)
    }

    fn object(&self) -> Result<&'a Map<String, Value>, Wrong> {
        self.value.as_object().ok_or_else(|| self.wrong("an object"))
    }

    /// Returns an object's fields that are set. Fails if there is one that is not among these.
    fn fields(&self, known: &[&str]) -> Result<Vec<(&'a String, &'a Value)>, Wrong> {
        let known = || known.iter().chain(self.elsewhere).copied();
        let object = self.object()?;
        match object.keys().find(|key| !known().any(|known| known == *key)) {
            Some(wrong) => Err(Wrong::Said(unknown("field", &path(&self.at, wrong), known()))),
            None => Ok(object.iter().filter(|(_, value)| !value.is_null()).collect()),
        }
    }

    /// Reads an enum: a word, or an object with one field.
    fn variant(&self, variants: &'static [&'static str]) -> Result<Variant<'a>, Wrong> {
        if let Some(word) = self.value.as_str().filter(|word| variants.contains(word)) {
            return Ok(Variant { name: word, content: None, at: self.at.clone() });
        }
        let words = format!("one of {}", variants.join(", "));
        if !self.value.is_object() {
            // Without the word, which may be a secret at the wrong place.
            return Err(Wrong::Said(format!("wrong value at {}: expected {words}", self.at)));
        }
        match *self.fields(variants)? {
            [(name, content)] => Ok(Variant { name, content: Some(content), at: path(&self.at, name) }),
            [] => Err(self.wrong(words)),
            [(one, _), (other, _), ..] => {
                Err(Wrong::Said(format!("{one:?} and {other:?} cannot both be set at {}: remove one of them", self.at)))
            }
        }
    }
}

/// Returns the path of a field.
pub(super) fn path(at: &str, field: impl Display) -> String {
    if at.is_empty() { field.to_string() } else { format!("{at}.{field}") }
}

/// The greatest number of known names that a message lists.
const LISTED: usize = 12;

/// Returns the message for an unknown name, with the most similar known name, or else with all of them.
pub(in crate::deploy) fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<_> = known.collect();
    let last = name.rsplit('.').next().unwrap_or(name);
    let mut message = format!("unknown {what} {name:?}");
    if let Some(nearest) = nearest(last, known.iter().copied()) {
        let _ = write!(message, ": did you mean {nearest:?}?");
    } else if (1..=LISTED).contains(&known.len()) {
        let _ = write!(message, ": expected one of {}", known.join(", "));
    }
    message
}

/// Returns the name that is most similar to a wrong one.
pub(super) fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let like = |known: &str| strsim::jaro_winkler(&known.to_lowercase(), &wrong.to_lowercase());
    known.filter(|known| like(known) > 0.5).max_by(|a, b| like(a).total_cmp(&like(b)))
}

/// What is wrong. It never has a value in it, which may be a secret.
#[derive(Debug)]
pub(super) enum Wrong {
    /// The whole message.
    Said(String),
    /// What a visitor, which does not know its path, expects instead.
    Expected(String),
    /// The name of a field that is missing.
    Missing(&'static str),
}

impl Wrong {
    /// Adds the path, unless it is known already.
    fn at(self, at: &str) -> Self {
        match self {
            Self::Said(_) => self,
            Self::Expected(what) if at.is_empty() => Self::Said(format!("wrong type of value: expected {what}")),
            Self::Expected(what) if what.is_empty() => Self::Said(format!("wrong value at {at}")),
            Self::Expected(what) => Self::Said(format!("wrong type of value at {at}: expected {what}")),
            Self::Missing(field) => Self::Said(format!("missing field {:?}", path(at, field))),
        }
    }
}

impl Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(message) => f.write_str(message),
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::Missing(field) => write!(f, "missing field {field:?}"),
        }
    }
}

impl std::error::Error for Wrong {}

impl Error for Wrong {
    fn custom<T: Display>(_: T) -> Self {
        Self::Expected(String::new())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Expected(expected.to_string())
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Expected(expected.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
}

impl<'a> IntoDeserializer<'a, Wrong> for Known<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The fields of an object.
struct Entries<'a, I> {
    at: String,
    fields: I,
    /// The value of the field that was read last.
    value: &'a Value,
    value_at: String,
}

impl<I> Entries<'_, I> {
    fn new(at: &str, fields: I) -> Self {
        Self { at: at.to_owned(), fields, value: &Value::Null, value_at: String::new() }
    }
}

impl<'a, I: Iterator<Item = (&'a String, &'a Value)>> MapAccess<'a> for Entries<'a, I> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some((key, value)) = self.fields.find(|(_, value)| !value.is_null()) else { return Ok(None) };
        (self.value, self.value_at) = (value, path(&self.at, key));
        seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let value = Known::new(self.value, self.value_at.clone());
        seed.deserialize(value).map_err(|wrong| wrong.at(&self.value_at))
    }
}

impl<'de> Deserializer<'de> for Known<'de> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let at = self.at;
        let visited = match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::String(value) => visitor.visit_borrowed_str(value),
            Value::Number(value) => match (value.as_u64(), value.as_i64()) {
                (Some(value), _) => visitor.visit_u64(value),
                (_, Some(value)) => visitor.visit_i64(value),
                _ => visitor.visit_f64(value.as_f64().unwrap_or_default()),
            },
            Value::Array(list) => {
                let list = list.iter().enumerate();
                visitor.visit_seq(SeqDeserializer::new(list.map(|(index, value)| Known::new(value, path(&at, index)))))
            }
            Value::Object(fields) => visitor.visit_map(Entries::new(&at, fields.iter())),
        };
        visited.map_err(|wrong| wrong.at(&at))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        // YAML reads `1.10` as a number, from which the text cannot be told.
        if self.value.is_number() || self.value.is_boolean() {
            return Err(self.wrong("a string: put the value in quotes"));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let set = self.fields(fields)?.into_iter().filter(|(key, _)| !self.elsewhere.contains(&key.as_str()));
        visitor.visit_map(Entries::new(&self.at, set)).map_err(|wrong| wrong.at(&self.at))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_enum(self.variant(variants)?).map_err(|wrong| wrong.at(&self.at))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char bytes byte_buf unit unit_struct seq tuple tuple_struct map
        identifier
    }
}

/// A variant of an enum.
struct Variant<'a> {
    name: &'a str,
    /// What it holds. `None` for a word.
    content: Option<&'a Value>,
    at: String,
}

impl<'a> Variant<'a> {
    fn content(self) -> Result<Known<'a>, Wrong> {
        let value = self.content.ok_or_else(|| Wrong::Expected(format!("an object with the field {:?}", self.name)))?;
        Ok(Known::new(value, self.at))
    }
}

impl<'a> EnumAccess<'a> for Variant<'a> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'a>>(self, seed: V) -> Result<(V::Value, Self), Wrong> {
        Ok((seed.deserialize(BorrowedStrDeserializer::new(self.name))?, self))
    }
}

impl<'a> VariantAccess<'a> for Variant<'a> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(Wrong::Expected(format!("the word {:?}", self.name))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'a>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.content()?.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'a>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        self.content()?.deserialize_struct("", fields, visitor)
    }
}
