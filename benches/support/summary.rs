//! A copy of `ContainerSummary` whose maps and texts can be of several types.

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;

/// The types of texts and of maps.
pub trait Kind {
    const NAME: &str;
    type Text: DeserializeOwned + Default;
    type Map<V: DeserializeOwned + Default>: DeserializeOwned + Default;
}

macro_rules! kind {
    ($kind:ident, $name:literal, $text:ty, $map:ident $(, $key:ty)?) => {
        pub struct $kind;

        impl Kind for $kind {
            const NAME: &str = $name;
            type Text = $text;
            type Map<V: DeserializeOwned + Default> = $map<$($key,)? V>;
        }
    };
}

use longshore::Map;
kind!(Now, "Map (sorted Vec), String", String, Map);
kind!(Tree, "BTreeMap, String", String, BTreeMap, String);
kind!(Hash, "HashMap, String", String, HashMap, String);
kind!(Boxed, "sorted Vec, Box<str>", Box<str>, BoxedMap);

/// [`Map`] with boxed keys.
#[derive(Default)]
pub struct BoxedMap<V>(#[allow(dead_code, reason = "only decoded")] Vec<(Box<str>, V)>);

impl<'de, V: DeserializeOwned + Default> Deserialize<'de> for BoxedMap<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<V>(PhantomData<V>);

        impl<'de, V: DeserializeOwned> Visitor<'de> for Entries<V> {
            type Value = Vec<(Box<str>, V)>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                entries.sort_by(|(a, _), (b, _): &(Box<str>, V)| a.cmp(b));
                Ok(entries)
            }
        }

        deserializer.deserialize_map(Entries(PhantomData)).map(Self)
    }
}

fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Defines structs that are only decoded; each field may be `null`.
macro_rules! decoded {
    ($(struct $name:ident { $($(#[$meta:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            #[derive(serde::Deserialize)]
            #[serde(bound = "", default, rename_all = "PascalCase")]
            #[allow(dead_code, clippy::struct_field_names, reason = "only decoded, and named as in the API")]
            pub struct $name<K: Kind> { $($(#[$meta])* #[serde(deserialize_with = "or_default")] $field: $type,)* }

            impl<K: Kind> Default for $name<K> {
                fn default() -> Self {
                    Self { $($field: Default::default(),)* }
                }
            }
        )*
    };
}

decoded! {
    struct Summary {
        id: K::Text,
        names: Vec<K::Text>,
        image: K::Text,
        #[serde(rename = "ImageID")]
        image_id: K::Text,
        command: K::Text,
        created: i64,
        ports: Vec<Port<K>>,
        labels: K::Map<K::Text>,
        state: K::Text,
        status: K::Text,
        host_config: HostConfig<K>,
        network_settings: Networks<K>,
        mounts: Vec<Mount<K>>,
    }
    struct Port {
        #[serde(rename = "IP")]
        ip: K::Text,
        private_port: u16,
        public_port: Option<u16>,
        #[serde(rename = "Type")]
        protocol: K::Text,
    }
    struct HostConfig {
        network_mode: K::Text,
        annotations: K::Map<K::Text>,
    }
    struct Networks {
        networks: K::Map<Endpoint<K>>,
    }
    struct Endpoint {
        links: Vec<K::Text>,
        mac_address: K::Text,
        aliases: Vec<K::Text>,
        driver_opts: K::Map<K::Text>,
        #[serde(rename = "NetworkID")]
        network_id: K::Text,
        #[serde(rename = "EndpointID")]
        endpoint_id: K::Text,
        gateway: K::Text,
        #[serde(rename = "IPAddress")]
        ip_address: K::Text,
        #[serde(rename = "IPPrefixLen")]
        ip_prefix_len: i64,
        #[serde(rename = "IPv6Gateway")]
        ipv6_gateway: K::Text,
        #[serde(rename = "GlobalIPv6Address")]
        global_ipv6_address: K::Text,
        #[serde(rename = "GlobalIPv6PrefixLen")]
        global_ipv6_prefix_len: i64,
        #[serde(rename = "DNSNames")]
        dns_names: Vec<K::Text>,
    }
    struct Mount {
        #[serde(rename = "Type")]
        kind: K::Text,
        name: K::Text,
        source: K::Text,
        destination: K::Text,
        driver: K::Text,
        mode: K::Text,
        #[serde(rename = "RW")]
        rw: bool,
        propagation: K::Text,
    }
}
