//! [`PathStat`]: the metadata of a path in a container.

use crate::Timestamp;
use crate::wire::file_mode::{CHAR_DEVICE, DEVICE, DIR, KINDS, PIPE, SETGID, SETUID, SOCKET, STICKY, SYMLINK};
use crate::wire::{empty_is_none, go_time, null_to_default};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};

/// The metadata of a path in a container: a file, a directory, or something else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct PathStat {
    /// The last component of the path.
    pub name: String,
    /// The size of a file in bytes. For anything else, the number that the filesystem reports.
    #[serde(deserialize_with = "null_to_default")]
    pub size: i64,
    /// The type and permissions, in the bits of Go's `os.FileMode`. The methods decode it.
    #[serde(deserialize_with = "null_to_default")]
    pub mode: u32,
    /// The time of the last modification.
    #[serde(deserialize_with = "go_time")]
    pub mtime: Option<Timestamp>,
    /// The target of a symbolic link, as a path in the container; `None` for anything else.
    #[serde(with = "empty_is_none")]
    pub link_target: Option<String>,
}

impl PathStat {
    /// Decodes the header that engines send it in: base64 of JSON.
    pub(crate) fn of_header(value: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64_STANDARD.decode(value).ok()?).ok()
    }

    /// Returns whether it is a directory.
    #[must_use]
    pub fn is_dir(&self) -> bool {
        self.is(DIR)
    }

    /// Returns whether it is a regular file.
    #[must_use]
    pub fn is_file(&self) -> bool {
        !self.is(KINDS)
    }

    /// Returns whether it is a symbolic link.
    #[must_use]
    pub fn is_symlink(&self) -> bool {
        self.is(SYMLINK)
    }

    /// Returns whether it is a device: a block device or a character device.
    #[must_use]
    pub fn is_device(&self) -> bool {
        self.is(DEVICE)
    }

    /// Returns whether it is a character device, such as a terminal.
    #[must_use]
    pub fn is_char_device(&self) -> bool {
        self.is(CHAR_DEVICE)
    }

    /// Returns whether it is a named pipe.
    #[must_use]
    pub fn is_pipe(&self) -> bool {
        self.is(PIPE)
    }

    /// Returns whether it is a Unix socket.
    #[must_use]
    pub fn is_socket(&self) -> bool {
        self.is(SOCKET)
    }

    /// Returns the permissions as `chmod` takes them, such as `0o755`. `0o4000`, `0o2000` and `0o1000` are set-uid,
    /// set-gid and sticky.
    #[must_use]
    pub fn permissions(&self) -> u32 {
        let special = [(SETUID, 0o4000), (SETGID, 0o2000), (STICKY, 0o1000)];
        special.into_iter().filter(|(bit, _)| self.is(*bit)).fold(self.mode & 0o777, |mode, (_, bit)| mode | bit)
    }

    fn is(&self, any: u32) -> bool {
        self.mode & any != 0
    }
}

#[cfg(test)]
mod tests {
    use super::PathStat;

    fn mode(mode: u32) -> PathStat {
        PathStat { mode, ..PathStat::default() }
    }

    #[test]
    fn reads_the_bits_of_go() {
        let kinds = |stat: &PathStat| {
            [stat.is_file(), stat.is_dir(), stat.is_symlink(), stat.is_device(), stat.is_pipe(), stat.is_socket()]
                .map(u8::from)
        };
        for (bits, kind, permissions) in [
            (0o644, [1, 0, 0, 0, 0, 0], 0o644),
            (2_147_484_141, [0, 1, 0, 0, 0, 0], 0o755),
            (134_218_239, [0, 0, 1, 0, 0, 0], 0o777),
            (1 << 26 | 0o660, [0, 0, 0, 1, 0, 0], 0o660),
            (1 << 26 | 1 << 21 | 0o666, [0, 0, 0, 1, 0, 0], 0o666),
            (1 << 25 | 0o600, [0, 0, 0, 0, 1, 0], 0o600),
            (1 << 24 | 0o700, [0, 0, 0, 0, 0, 1], 0o700),
            (1 << 23 | 0o755, [1, 0, 0, 0, 0, 0], 0o4755),
            (1 << 22 | 0o755, [1, 0, 0, 0, 0, 0], 0o2755),
            (1 << 31 | 1 << 20 | 0o777, [0, 1, 0, 0, 0, 0], 0o1777),
            (1 << 19, [0, 0, 0, 0, 0, 0], 0),
        ] {
            let stat = mode(bits);
            assert_eq!((kinds(&stat), stat.permissions()), (kind, permissions), "{bits:o}");
        }
        assert!(mode(1 << 26 | 1 << 21).is_char_device() && !mode(1 << 26).is_char_device());
    }

    #[test]
    fn keeps_all_that_is_said() {
        let json =
            r#"{"name":"sh","size":-1,"mode":134218239,"mtime":"2026-11-24T03:19:56.5Z","linkTarget":"/bin/busybox"}"#;
        let stat: PathStat = serde_json::from_str(json).expect("a stat");
        assert_eq!(serde_json::to_string(&stat).expect("JSON"), json);
        let nothing = r#"{"name":"","size":null,"mode":null,"mtime":"0001-01-01T00:00:00Z","new":1}"#;
        assert_eq!(serde_json::from_str::<PathStat>(nothing).expect("a stat"), PathStat::default());
    }
}
