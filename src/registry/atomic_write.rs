//! Rewrites `config.json`: unrelated settings stay, and the old file stays in place until the new one is complete.

use super::lock::Lock;
use crate::endpoint::{read_json, unreadable};
use crate::wire::SecretBytes;
use crate::{Error, Result};
use serde::Serialize;
use serde_json::{Map, Value};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Changes the object in a file, which may be absent. `change` returns whether there is something to write.
pub(super) fn atomic_write(file: &Path, change: impl FnOnce(&mut Map<String, Value>) -> Result<bool>) -> Result<()> {
    let locked = make_folder(file.parent().unwrap_or(Path::new("/"))).and_then(|()| Lock::acquire(&target(file)));
    let _lock = locked.map_err(|error| unwritable(file, error))?;
    let mut all: Map<String, Value> = read_json(file)?.unwrap_or_default();
    if !change(&mut all)? {
        return Ok(());
    }
    let text = SecretBytes(pretty(&all).map_err(|error| unwritable(file, error.into()))?);
    replace(file, |new| new.write_all(&text.0)).map_err(|error| unwritable(file, error))
}

/// Returns the object at a key. Fails if another type of value is there.
pub(super) fn object<'a>(
    file: &Path,
    all: &'a mut Map<String, Value>,
    key: &str,
) -> Result<&'a mut Map<String, Value>> {
    let value = all.entry(key).or_insert(Value::Null);
    if value.is_null() {
        *value = Value::Object(Map::new());
    }
    value.as_object_mut().ok_or_else(|| unreadable(file, &format!("$.{key} is not an object")))
}

/// Returns how a setting is spelled in the file: Go's decoder matches the names of settings in any case.
pub(super) fn as_spelled(all: &Map<String, Value>, setting: &str) -> String {
    all.keys().find(|known| known.eq_ignore_ascii_case(setting)).map_or(setting, String::as_str).to_owned()
}

/// Formats with tabs, as the docker CLI does.
fn pretty(all: &Map<String, Value>) -> serde_json::Result<Vec<u8>> {
    let mut text = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"\t");
    all.serialize(&mut serde_json::Serializer::with_formatter(&mut text, formatter))?;
    Ok(text)
}

fn unwritable(file: &Path, error: io::Error) -> Error {
    Error::config(format!("cannot write {}: {error}; the file is unchanged", file.display())).with_source(error)
}

/// Replaces a file once the new one is complete and synced to disk.
fn replace(file: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let file = target(file);
    let folder = file.parent().unwrap_or(Path::new("/"));
    make_folder(folder)?;
    let (path, mut new) = create_beside(&file)?;
    let written = write(&mut new).and_then(|()| new.sync_all()).and_then(|()| {
        keep_owner(&file, &new);
        std::fs::rename(&path, &file)
    });
    if written.is_err() {
        // The write error matters more than a leftover file.
        let _ = std::fs::remove_file(&path);
        return written;
    }
    // The rename has succeeded. Not every file system can sync a folder.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Resolves a symbolic link, even a dangling one: users keep their settings elsewhere.
fn target(file: &Path) -> PathBuf {
    std::fs::canonicalize(file).unwrap_or_else(|_| match std::fs::read_link(file) {
        Ok(link) => file.parent().unwrap_or(Path::new("/")).join(link),
        Err(_) => file.to_owned(),
    })
}

/// Creates a new file that only its owner may read.
fn create_beside(file: &Path) -> io::Result<(PathBuf, File)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut number = 0;
    loop {
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}-{number}", std::process::id()));
        let path = file.with_file_name(name);
        match options.open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1000 => number += 1,
            new => return new.map(|new| (path, new)),
        }
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Keeps the file's owner where permitted, so that `sudo` does not take it from its user.
#[cfg(unix)]
fn keep_owner(old: &Path, new: &File) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let (Ok(old), Ok(own)) = (std::fs::metadata(old), new.metadata()) else { return };
    if (old.uid(), old.gid()) != (own.uid(), own.gid()) {
        let _ = fchown(new, Some(old.uid()), Some(old.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &File) {}

#[cfg(test)]
mod tests {
    use super::{atomic_write, replace};
    use std::io::{self, Write};

    #[test]
    fn what_is_not_changed_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("config.json");
        let old =
            r#"{"psFormat":"{{.Names}}","auths":{"a":{"auth":"x","email":"y"}},"new":[1,{"z":null}],"n":12345678901}"#;
        std::fs::write(&file, old).expect("a file");
        atomic_write(&file, |all| Ok(all.insert("credsStore".into(), "pass".into()).is_none())).expect("written");
        let text = std::fs::read_to_string(&file).expect("a file");
        assert!(text.contains("\n\t\"psFormat\": \"{{.Names}}\""), "{text}");
        let mut new: serde_json::Map<_, _> = serde_json::from_str(&text).expect("JSON");
        assert_eq!(new.remove("credsStore"), Some("pass".into()));
        assert_eq!(serde_json::Value::from(new), serde_json::from_str::<serde_json::Value>(old).expect("JSON"));

        atomic_write(&file, |_| Ok(false)).expect("nothing to do");
        assert_eq!(std::fs::read_to_string(&file).expect("a file"), text);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("config.json");
        std::fs::write(&file, "old").expect("a file");
        let full = |new: &mut std::fs::File| {
            new.write_all(b"ne")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        };
        assert_eq!(replace(&file, full).expect_err("full").kind(), io::ErrorKind::StorageFull);
        assert_eq!(std::fs::read_to_string(&file).expect("a file"), "old");
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 1);

        std::fs::write(&file, "{\"auths\": broken").expect("a file");
        atomic_write(&file, |_| Ok(true)).expect_err("broken");
        assert_eq!(std::fs::read_to_string(&file).expect("a file"), "{\"auths\": broken");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it_and_links_stay_links() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("dotfiles.json"), folder.path().join("new/config.json"));
        std::fs::create_dir(folder.path().join("new")).expect("a folder");
        std::os::unix::fs::symlink("../dotfiles.json", &link).expect("a link");
        for _ in 0..2 {
            atomic_write(&link, |_| Ok(true)).expect("written");
            let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            assert!(std::fs::symlink_metadata(&link).expect("a link").is_symlink());
        }
        let fresh = folder.path().join("not/there/config.json");
        atomic_write(&fresh, |_| Ok(true)).expect("written");
        let mode = std::fs::metadata(fresh.parent().expect("a folder")).expect("a folder").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
