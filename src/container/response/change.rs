//! [`FilesystemChange`]: a file that differs from the container's image.

use crate::wire::null_to_default;
use serde::{Deserialize, Serialize};

/// A file or directory that differs from the container's image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FilesystemChange {
    /// The path in the container.
    pub path: String,
    /// The kind of change.
    #[serde(deserialize_with = "null_to_default")]
    pub kind: ChangeKind,
}

/// The kind of change to a file or directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "u64", into = "u64")]
#[non_exhaustive]
pub enum ChangeKind {
    /// It was modified. A directory also counts as modified if something in it changed.
    #[default]
    Modified,
    /// It was added.
    Added,
    /// It was deleted.
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
    /// Returns the API's number of the kind.
    fn from(kind: ChangeKind) -> Self {
        match kind {
            ChangeKind::Modified => 0,
            ChangeKind::Added => 1,
            ChangeKind::Deleted => 2,
            ChangeKind::Unknown(number) => number,
        }
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
