//! [`AnyCase`]: objects whose keys match in any case, as in Go.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// Decodes an object with keys in any case, as Go does. The fields of `T` must be in lower case.
#[derive(Default)]
pub(crate) struct AnyCase<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for AnyCase<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
            type Value = AnyCase<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<AnyCase<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(LowerCase(map))).map(AnyCase)
            }
        }

        deserializer.deserialize_map(Object(PhantomData))
    }
}

struct LowerCase<A>(A);

impl<'de, A: MapAccess<'de>> MapAccess<'de> for LowerCase<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(key) = self.0.next_key::<String>()? else { return Ok(None) };
        seed.deserialize(key.to_lowercase().into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(seed)
    }
}

#[cfg(test)]
mod tests {
    use super::AnyCase;
    use serde::Deserialize;

    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Item {
        secret: String,
    }

    #[test]
    fn keys_are_read_whatever_their_case() {
        for text in [r#"{"Secret":"p"}"#, r#"{"secret":"p","New":1}"#, r#"{"SECRET":"p"}"#] {
            let AnyCase(item) = serde_json::from_str::<AnyCase<Item>>(text).expect(text);
            assert_eq!(item.secret, "p");
        }
    }
}
