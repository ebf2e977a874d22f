//! Opens files of folders that others may change meanwhile.

use std::fs::File;
use std::io;
use std::path::Path;

/// Opens a file that was a regular one when it was looked at. If it has become a pipe since, opening it would wait for a writer.
/// If it has become a link, what it leads to is not to be read.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    let replaced = || io::Error::other("it is not a regular file any longer");
    let file = open(path).map_err(|error| if is_link(&error) { replaced() } else { error })?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(replaced()) }
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path)
}

#[cfg(unix)]
fn is_link(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::ELOOP)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(not(unix))]
fn is_link(_: &io::Error) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::open_regular;
    use std::io::Read;

    #[test]
    fn neither_waits_for_a_pipe_nor_follows_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("file"), "content").expect("a file");
        let mut content = String::new();
        open_regular(&at("file")).expect("a file").read_to_string(&mut content).expect("read");
        assert_eq!(content, "content");
        std::os::unix::fs::symlink(at("file"), at("link")).expect("a link");
        assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().expect("mkfifo").success());
        for name in ["link", "pipe"] {
            let error = open_regular(&at(name)).expect_err(name);
            assert_eq!(error.to_string(), "it is not a regular file any longer", "{name}");
        }
        assert_eq!(open_regular(&at("none")).expect_err("nothing").kind(), std::io::ErrorKind::NotFound);
    }
}
