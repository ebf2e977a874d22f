//! [`Lock`]: one writer of `config.json` at a time, across all processes.

use crate::wire::random_bytes;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

/// Writers hold the lock for milliseconds. An older lock belongs to a process that was killed.
const STALE: Duration = Duration::from_secs(10);
/// How long to wait for other writers.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(2);

/// A lock that is held as long as the file `config.json.lock` exists. Dropping it removes the file.
///
/// std's file locks need Rust 1.89, and network file systems need not support them.
#[derive(Debug)]
pub(super) struct Lock(PathBuf);

impl Lock {
    /// Acquires the lock, after waiting for other writers of the file.
    pub(super) fn acquire(file: &Path) -> io::Result<Self> {
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(".lock");
        let path = file.with_file_name(name);
        let mut waited = Duration::ZERO;
        loop {
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(_) => return Ok(Self(path)),
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                Err(_) if waited >= PATIENCE => {
                    let message = format!("{} has been locked by other processes for {PATIENCE:?}", path.display());
                    return Err(io::Error::new(io::ErrorKind::TimedOut, message));
                }
                Err(_) => remove_stale(&path),
            }
            sleep(PAUSE);
            waited += PAUSE;
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // If this fails, the next writer removes the lock as stale.
        let _ = fs::remove_file(&self.0);
    }
}

/// Removes the lock of a process that is gone. Renaming it first lets only one process remove it.
fn remove_stale(path: &Path) {
    if !is_stale(path) {
        return;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{:032x}", u128::from_ne_bytes(random_bytes())));
    let taken = path.with_file_name(name);
    if fs::rename(path, &taken).is_err() {
        return;
    }
    if !is_stale(&taken) {
        // Another process has removed the stale lock meanwhile. This one is in use, so put it back.
        let _ = fs::hard_link(&taken, path);
    }
    let _ = fs::remove_file(&taken);
}

fn is_stale(path: &Path) -> bool {
    let modified = fs::metadata(path).and_then(|data| data.modified());
    modified.is_ok_and(|time| SystemTime::now().duration_since(time).is_ok_and(|age| age > STALE))
}

#[cfg(test)]
mod tests {
    use super::{Lock, STALE};
    use std::fs::File;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::SystemTime;

    #[test]
    fn one_thread_at_a_time_has_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("config.json");
        let (holders, turns) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let _lock = Lock::acquire(&file).expect("the lock");
                        assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
                        turns.fetch_add(1, Ordering::SeqCst);
                        holders.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(turns.into_inner(), 160);
        assert_eq!(folder.path().read_dir().expect("a folder").count(), 0, "nothing is left");
    }

    #[test]
    fn a_lock_that_a_killed_process_left_is_taken_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let left = File::create(folder.path().join("config.json.lock")).expect("a lock");
        left.set_modified(SystemTime::now() - 2 * STALE).expect("it is old");
        Lock::acquire(&folder.path().join("config.json")).expect("the lock");
    }
}
