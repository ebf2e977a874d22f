//! [`object!`]: how the structs of the API look as JSON.

use serde::ser::{SerializeMap, Serializer};

/// Decodes a struct from an object, and encodes it as one, by a table of its fields.
///
/// What is absent, `null` or unknown is no error. `required`: it has to be there, and not `null`; `omit`: it is left out
/// where it is its default; `received`: it is never sent; `: Way`: it looks as that [`Way`](super::Way) says, and not as
/// its type does. `encode` and `decode`: only one of both; `closed`: a field that is not known is an error.
///
/// Derived code does the same; of hundreds of types it is most of what a program weighs, and takes long to compile.
macro_rules! object {
    (@read $self:ident $reader:ident $field:ident) => { $crate::wire::Value::read(&mut $self.$field, $reader) };
    (@read $self:ident $reader:ident $field:ident : $way:ident) => {
        <$way as $crate::wire::Way<_>>::read($reader).map(|value| $self.$field = value)
    };

    (@written $self:ident $field:ident) => { &$self.$field };
    (@written $self:ident $field:ident : $way:ident) => { &$crate::wire::Written::<$way, _>::new(&$self.$field) };

    (@write $self:ident $map:ident $key:literal $field:ident received) => {};
    (@write $self:ident $map:ident $key:literal $field:ident $(: $way:ident)? omit) => {
        if !$crate::wire::is_default(&$self.$field) {
            $crate::wire::object!(@write $self $map $key $field $(: $way)?);
        }
    };
    (@write $self:ident $map:ident $key:literal $field:ident $(: $way:ident)? $(required)?) => {
        serde::ser::SerializeMap::serialize_entry(
            $map, $key, $crate::wire::object!(@written $self $field $(: $way)?),
        )?
    };

    (@required required $key:literal) => { $crate::wire::bit(Self::FIELDS, $key) };
    (@required $other:ident $key:literal) => { 0 };

    (encode $name:ident $(<$parameter:ident>)? {
        $($key:literal => $field:ident $(: $way:ident)? $($mark:ident)?,)*
    }) => {
        impl $(<$parameter: serde::Serialize>)? $crate::wire::Write for $name $(<$parameter>)? {
            #[allow(unused_variables, reason = "there are structs of no fields")]
            fn write<M: serde::ser::SerializeMap>(&self, map: &mut M) -> ::core::result::Result<(), M::Error> {
                $($crate::wire::object!(@write self map $key $field $(: $way)? $($mark)?);)*
                Ok(())
            }
        }

        impl $(<$parameter: serde::Serialize>)? serde::Serialize for $name $(<$parameter>)? {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::wire::write_object(self, serializer)
            }
        }
    };

    (decode closed $name:ident { $($fields:tt)* }) => {
        $crate::wire::object!(decode true, $name { $($fields)* });
    };

    (decode $name:ident $(<$parameter:ident>)? { $($fields:tt)* }) => {
        $crate::wire::object!(decode false, $name $(<$parameter>)? { $($fields)* });
    };

    (decode $closed:literal, $name:ident $(<$parameter:ident>)? {
        $($key:literal => $field:ident $(: $way:ident)? $($mark:ident)?,)*
    }) => {
        impl $(<$parameter: $crate::wire::Value>)? $crate::wire::Fields for $name $(<$parameter>)? {
            const FIELDS: &'static [&'static str] = &[$($key),*];
        }

        impl $(<$parameter: $crate::wire::Value>)? $crate::wire::Object for $name $(<$parameter>)? {
            fn shape(&self) -> $crate::wire::Shape {
                use $crate::wire::Fields;
                $crate::wire::Shape {
                    fields: Self::FIELDS,
                    is_closed: $closed,
                    required: const { 0 $($(| $crate::wire::object!(@required $mark $key))?)* },
                }
            }

            #[allow(dead_code, unused_variables, non_camel_case_types, non_upper_case_globals, reason = "the fields' names")]
            fn read_field(&mut self, field: usize, reader: &mut dyn $crate::wire::Reader) -> $crate::wire::Read {
                enum Field { $($field),* }
                $(const $field: usize = Field::$field as usize;)*
                match field {
                    $($field => $crate::wire::object!(@read self reader $field $(: $way)?),)*
                    _ => Ok(()),
                }
            }
        }

        impl $(<$parameter: $crate::wire::Value>)? $crate::wire::Value for $name $(<$parameter>)? {
            fn read(&mut self, reader: &mut dyn $crate::wire::Reader) -> $crate::wire::Read {
                reader.read($crate::wire::Wanted::Object(&mut { self }))
            }
        }

        impl<'de $(, $parameter: $crate::wire::Value)?> serde::Deserialize<'de> for $name $(<$parameter>)? {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                $crate::wire::or_error(deserializer)
            }
        }
    };

    ($name:ident $(<$parameter:ident>)? { $($fields:tt)* }) => {
        $crate::wire::object!(decode $name $(<$parameter>)? { $($fields)* });
        $crate::wire::object!(encode $name $(<$parameter>)? { $($fields)* });
    };
}

pub(crate) use object;

/// The names of a struct's fields on the wire.
pub(crate) trait Fields {
    const FIELDS: &'static [&'static str];
}

/// A struct that is written as an object, or as a part of one.
pub(crate) trait Write {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// Encodes an object.
pub(crate) fn write_object<S: Serializer>(value: &impl Write, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    value.write(&mut map)?;
    map.end()
}

/// The bit of a field; one of those behind the 64th cannot be required.
pub(crate) const fn bit(fields: &[&str], key: &str) -> u64 {
    let mut field = 0;
    #[allow(clippy::indexing_slicing, reason = "while compiling")]
    while !is_same(fields[field].as_bytes(), key.as_bytes()) {
        field += 1;
    }
    assert!(field < 64, "too far behind to be required");
    1 << field
}

#[allow(clippy::indexing_slicing, reason = "while compiling")]
const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// The names of two structs that are one object.
pub(crate) const fn joined<const N: usize>(names: &[&'static str], further: [&'static str; 2]) -> [&'static str; N] {
    let mut all = [""; N];
    let mut at = 0;
    #[allow(clippy::indexing_slicing, reason = "while compiling")]
    while at < N {
        all[at] = if at < names.len() { names[at] } else { further[at - names.len()] };
        at += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[derive(Debug, Default, PartialEq)]
    struct Item {
        id: String,
        ports: Vec<u16>,
        error: Option<String>,
    }

    crate::wire::object! {
        Item {
            "Id" => id required,
            "Ports" => ports omit,
            "Error" => error received,
        }
    }

    fn item(json: serde_json::Value) -> Result<Item, String> {
        serde_json::from_value(json).map_err(|error| error.to_string())
    }

    #[test]
    fn fields_come_in_any_order_with_others_and_twice() {
        let whole = Item { id: "a".into(), ports: vec![1, 2], error: Some("no".into()) };
        for text in [
            r#"{"Id":"a","Ports":[1,2],"Error":"no"}"#,
            r#"{"Error":"no","new":{"Id":"x"},"Ports":[1,2],"Id":"a","id":"x","newer":[null]}"#,
            r#"{"Id":"b","Ports":[3],"Id":"a","Ports":[1,null,2],"Error":"no","Error":null}"#,
        ] {
            assert_eq!(serde_json::from_str::<Item>(text).expect(text), whole);
        }
    }

    #[test]
    fn what_is_absent_or_null_is_its_default_unless_it_is_required() {
        let bare = Item { id: "a".into(), ..Item::default() };
        assert_eq!(item(json!({"Id": "a"})), Ok(bare));
        assert_eq!(item(json!({"Id": "a", "Ports": null, "Error": null})), item(json!({"Id": "a"})));
        for json in [json!({}), json!({"Id": null}), json!({"Ports": [1]})] {
            assert_eq!(item(json), Err("missing field `Id`".into()));
        }
        assert!(item(json!({"Id": 1})).is_err() && item(json!(["a"])).is_err() && item(json!(null)).is_err());
    }

    #[test]
    fn what_is_default_or_only_received_is_not_sent() {
        let sent = |item: &Item| serde_json::to_string(item).expect("JSON");
        assert_eq!(sent(&Item::default()), r#"{"Id":""}"#);
        let whole = Item { id: "a".into(), ports: vec![1], error: Some("no".into()) };
        assert_eq!(sent(&whole), r#"{"Id":"a","Ports":[1]}"#);
    }
}
