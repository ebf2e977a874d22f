//! The bits of Go's `os.FileMode`, which is not the `st_mode` of Unix.

pub(crate) const DIR: u32 = 1 << 31;
pub(crate) const SYMLINK: u32 = 1 << 27;
pub(crate) const DEVICE: u32 = 1 << 26;
pub(crate) const PIPE: u32 = 1 << 25;
pub(crate) const SOCKET: u32 = 1 << 24;
pub(crate) const SETUID: u32 = 1 << 23;
pub(crate) const SETGID: u32 = 1 << 22;
pub(crate) const CHAR_DEVICE: u32 = 1 << 21;
pub(crate) const STICKY: u32 = 1 << 20;
pub(crate) const IRREGULAR: u32 = 1 << 19;
/// A file with one of these bits is not a regular file.
pub(crate) const KINDS: u32 = DIR | SYMLINK | DEVICE | PIPE | SOCKET | CHAR_DEVICE | IRREGULAR;
