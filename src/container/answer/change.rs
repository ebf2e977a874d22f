//! [`FilesystemChange`]: a file that differs from the image's.

use crate::wire::{self, Read, Reader, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A file or folder that differs from the image's.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct FilesystemChange {
    /// Its path in the container.
    pub path: String,
    /// What happened to it.
    pub kind: ChangeKind,
}

wire::object! {
    FilesystemChange {
        "Path" => path,
        "Kind" => kind,
    }
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChangeKind {
    /// It was changed; so is a folder with something changed in it.
    #[default]
    Modified,
    /// It is new.
    Added,
    /// It is gone.
    Deleted,
    /// A number that this version of the crate does not know.
    Unknown(u64),
}

impl From<u64> for ChangeKind {
    fn from(number: u64) -> Self {
        match number {
            0 => Self::Modified,
            1 => Self::Added,
            2 => Self::Deleted,
            _ => Self::Unknown(number),
        }
    }
}

impl From<ChangeKind> for u64 {
    /// The number that the API has for it.
    fn from(kind: ChangeKind) -> Self {
        match kind {
            ChangeKind::Modified => 0,
            ChangeKind::Added => 1,
            ChangeKind::Deleted => 2,
            ChangeKind::Unknown(number) => number,
        }
    }
}

impl Serialize for ChangeKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        u64::from(*self).serialize(serializer)
    }
}

impl Value for ChangeKind {
    fn read(&mut self, reader: &mut dyn Reader) -> Read {
        let mut number = 0_u64;
        number.read(reader)?;
        *self = number.into();
        Ok(())
    }
}

impl<'de> Deserialize<'de> for ChangeKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        wire::or_error(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::{ChangeKind, FilesystemChange};

    #[test]
    fn every_number_is_read_and_written() {
        for (number, kind) in
            [(0, ChangeKind::Modified), (1, ChangeKind::Added), (2, ChangeKind::Deleted), (9, ChangeKind::Unknown(9))]
        {
            let json = format!("{{\"Path\":\"/x\",\"Kind\":{number}}}");
            let change: FilesystemChange = serde_json::from_str(&json).expect(&json);
            assert_eq!(change.kind, kind);
            assert_eq!(serde_json::to_string(&change).expect("JSON"), json);
        }
    }
}
