//! Enumerations of the API, which engines extend at any time.

use serde::de::{Deserializer, Visitor};
use std::fmt;

/// Defines an enum of words with an `Unknown` variant for those that a newer engine says, so that none fails a list.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )*
            /// A word that this version of the crate does not know, as the engine said it; empty if it said none.
            Unknown(String),
        }

        impl $name {
            /// The word that the API has for it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $word, )*
                    Self::Unknown(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $( $word => Self::$variant, )*
                    _ => Self::Unknown(word.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                Self::from(word.as_str())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::from("")
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::wire::Value for $name {
            fn read<'de, D: serde::Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
                $crate::wire::read_word(deserializer, &mut |word| *self = Self::from(word))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::or_default(deserializer)
            }
        }
    };
}

pub(crate) use open_enum;

/// Reads a word and hands it to `say`. It knows no enum, so that there is one of it for all.
pub(crate) fn read_word<'de, D: Deserializer<'de>>(deserializer: D, say: &mut dyn FnMut(&str)) -> Result<(), D::Error> {
    struct Word<'a>(&'a mut dyn FnMut(&str));

    impl Visitor<'_> for Word<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a word or null")
        }

        fn visit_str<E>(self, word: &str) -> Result<(), E> {
            (self.0)(word);
            Ok(())
        }
    }

    deserializer.deserialize_str(Word(say))
}
