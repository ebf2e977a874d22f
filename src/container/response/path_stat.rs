//! [`PathStat`]: what is at a path in a container.

use crate::Timestamp;
use crate::wire::{empty_is_none, go_time, null_to_default};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};

// The bits of Go's os.FileMode, which is not the st_mode of Unix.
const DIR: u32 = 1 << 31;
const SYMLINK: u32 = 1 << 27;
const DEVICE: u32 = 1 << 26;
const PIPE: u32 = 1 << 25;
const SOCKET: u32 = 1 << 24;
const SETUID: u32 = 1 << 23;
const SETGID: u32 = 1 << 22;
const CHAR_DEVICE: u32 = 1 << 21;
const STICKY: u32 = 1 << 20;
const IRREGULAR: u32 = 1 << 19;

/// What is at a path in a container: a file, a directory, or something else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct PathStat {
    /// The last part of the path.
    pub name: String,
    /// Bytes of a file; of anything else, what the filesystem says.
    #[serde(deserialize_with = "null_to_default")]
    pub size: i64,
    /// Kind and permissions, as Go's `os.FileMode` has them; the methods read it.
    #[serde(deserialize_with = "null_to_default")]
    pub mode: u32,
    /// When it was last changed.
    #[serde(deserialize_with = "go_time")]
    pub mtime: Option<Timestamp>,
    /// Where a symbolic link leads, in the container; `None` for anything else.
    #[serde(with = "empty_is_none")]
    pub link_target: Option<String>,
}

impl PathStat {
    /// Reads the header that engines send it in: base64 of JSON.
    pub(crate) fn of_header(value: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64_STANDARD.decode(value).ok()?).ok()
    }

    /// Whether it is a directory.
    #[must_use]
    pub fn is_dir(&self) -> bool {
        self.is(DIR)
    }

    /// Whether it is a plain file.
    #[must_use]
    pub fn is_file(&self) -> bool {
        !self.is(DIR | SYMLINK | DEVICE | PIPE | SOCKET | CHAR_DEVICE | IRREGULAR)
    }

    /// Whether it is a symbolic link.
    #[must_use]
    pub fn is_symlink(&self) -> bool {
        self.is(SYMLINK)
    }

    /// Whether it is a device, of blocks or of characters.
    #[must_use]
    pub fn is_device(&self) -> bool {
        self.is(DEVICE)
    }

    /// Whether it is a device of characters, such as a terminal.
    #[must_use]
    pub fn is_char_device(&self) -> bool {
        self.is(CHAR_DEVICE)
    }

    /// Whether it is a named pipe.
    #[must_use]
    pub fn is_pipe(&self) -> bool {
        self.is(PIPE)
    }

    /// Whether it is a Unix socket.
    #[must_use]
    pub fn is_socket(&self) -> bool {
        self.is(SOCKET)
    }

    /// Its permissions as `chmod` takes them, such as `0o755`; 4000, 2000 and 1000 are set-uid, set-gid and sticky.
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
