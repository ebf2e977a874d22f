//! Folders of all kinds, and the files that are sent of them.

use super::archive::{Selection, write};
use super::{Folder, Ignore};
use std::fs;
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};
use tempfile::TempDir;

/// Creates a folder with these files. A path that ends with `/` is a folder.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(if name.ends_with('/') { &path } else { path.parent().expect("a parent") }).expect("made");
        if !name.ends_with('/') {
            fs::write(path, content).expect("written");
        }
    }
    folder
}

/// Returns the archive that is sent of a folder.
fn archive(folder: &Path, dockerfile: Option<&str>) -> Result<Vec<u8>, String> {
    let Folder { root, selection, .. } = Folder::prepare(folder, dockerfile)?;
    let mut archive = Vec::new();
    write(&root, &selection, &mut archive).map(|()| archive).map_err(|error| error.to_string())
}

fn names(archive: &[u8]) -> Vec<String> {
    let mut archive = tar::Archive::new(archive);
    let entries = archive.entries().expect("entries");
    entries.map(|entry| String::from_utf8_lossy(&entry.expect("an entry").path_bytes()).into_owned()).collect()
}

fn sent(files: &[(&str, &str)], dockerfile: Option<&str>) -> Vec<String> {
    names(&archive(folder(files).path(), dockerfile).expect("an archive"))
}

#[test]
fn sends_what_the_ignore_file_leaves() {
    #[rustfmt::skip]
    let table: &[(&str, &[&str])] = &[
        ("",                    &["a/", "a/b/", "a/b/c.rs", "a/x.md", "empty/", "x.md", "x.rs"]),
        ("a",                   &["empty/", "x.md", "x.rs"]),
        ("*.md",                &["a/", "a/b/", "a/b/c.rs", "a/x.md", "empty/", "x.rs"]),
        ("**/*.md",             &["a/", "a/b/", "a/b/c.rs", "empty/", "x.rs"]),
        ("*",                   &[]),
        ("**",                  &[]),
        // A folder is sent if something in it is.
        ("*\n!a/b/c.rs",        &["a/", "a/b/", "a/b/c.rs"]),
        ("*\n!**/*.rs",         &["a/", "a/b/", "a/b/c.rs", "x.rs"]),
        ("*\n!a",               &["a/", "a/b/", "a/b/c.rs", "a/x.md"]),
        ("*\n!a\na/b",          &["a/", "a/x.md"]),
        ("*\n!empty/x",         &[]),
        ("a/**",                &["a/", "empty/", "x.md", "x.rs"]),
        ("a/*\n!a/x*",          &["a/", "a/x.md", "empty/", "x.md", "x.rs"]),
    ];
    for (ignore, expected) in table {
        let files = [
            (".dockerignore", *ignore),
            ("Dockerfile", ""),
            ("a/b/c.rs", ""),
            ("a/x.md", ""),
            ("empty/", ""),
            ("x.md", ""),
            ("x.rs", ""),
        ];
        let all: Vec<_> = [".dockerignore", "Dockerfile"].iter().chain(*expected).collect();
        assert_eq!(sent(&files, None).iter().collect::<Vec<_>>(), all, "{ignore:?}");
    }
}

#[test]
fn the_dockerfile_is_sent_wherever_it_is() {
    let files = [(".dockerignore", "**"), ("deep/er/Dockerfile.web", ""), ("deep/er/x", ""), ("deep/x", "")];
    let expected = [".dockerignore", "deep/", "deep/er/", "deep/er/Dockerfile.web"];
    assert_eq!(sent(&files, Some("deep/er/Dockerfile.web")), expected);
    assert_eq!(sent(&files, Some("./deep/../deep//er/Dockerfile.web")), expected);
    assert_eq!(sent(&[("dockerfile", ""), ("a", "")], None), ["a", "dockerfile"]);
    assert_eq!(sent(&[("Docker[f]*ile?", ""), (".dockerignore", "*")], Some("Docker[f]*ile?")).len(), 2);

    let folder = folder(&files);
    let absolute = folder.path().join("deep/er/Dockerfile.web");
    let prepared = Folder::prepare(folder.path(), absolute.to_str()).expect("a Dockerfile");
    assert_eq!(prepared.dockerfile, "deep/er/Dockerfile.web");
    symlink("deep/er/Dockerfile.web", folder.path().join("Dockerfile")).expect("a link");
    assert_eq!(Folder::prepare(folder.path(), None).expect("a Dockerfile").dockerfile, "deep/er/Dockerfile.web");
}

#[test]
fn the_dockerfiles_own_ignore_file_goes_first() {
    let files =
        [(".dockerignore", "*"), ("b/web", ""), ("b/web.dockerignore", "secret\n"), ("other", ""), ("secret", "")];
    assert_eq!(sent(&files, Some("b/web")), [".dockerignore", "b/", "b/web", "b/web.dockerignore", "other"]);

    // The engine must get an ignore file that matches the Dockerfile.
    let files = [(".dockerignore", "x"), ("b/web", ""), ("b/web.dockerignore", "b\n.d*"), ("other", "")];
    let archive = archive(folder(&files).path(), Some("b/web")).expect("an archive");
    assert_eq!(names(&archive), [".dockerignore", "b/", "b/web", "other"]);
    let mut archive = tar::Archive::new(archive.as_slice());
    let mut told = String::new();
    archive.entries().expect("entries").next().expect("one").expect("one").read_to_string(&mut told).expect("text");
    assert_eq!(told, "b\n.d*\n.dockerignore\n");
}

#[test]
fn says_what_is_wrong_with_a_folder() {
    let failure = |folder: &Path, dockerfile| Folder::prepare(folder, dockerfile).map(|_| ()).expect_err("it is wrong");
    let empty = folder(&[("x", "")]);
    let path = empty.path();
    assert!(failure(&path.join("gone"), None).contains("gone: No such file"));
    assert!(failure(&path.join("x"), None).contains("x is not a folder"));
    assert!(failure(path, None).starts_with("there is no Dockerfile /"));
    assert!(failure(path, Some("sub/D")).ends_with("sub/D"));
    assert!(failure(path, Some(".")).contains("is not a file"));
    assert!(failure(path, Some("x/y")).contains("the Dockerfile /"));
    let outside = folder(&[("Dockerfile", "")]);
    let given = outside.path().join("Dockerfile");
    assert!(failure(path, given.to_str()).contains("is outside of the build context"));
    symlink(&given, path.join("link")).expect("a link");
    assert!(failure(path, Some("link")).contains("is outside of the build context"));

    let wrong = folder(&[("Dockerfile", ""), (".dockerignore", "a\n[")]);
    let why = failure(wrong.path(), None);
    assert!(why.ends_with(".dockerignore, line 2, \"[\": a [ has no ] that closes it"), "{why}");
    let wrong = folder(&[("Dockerfile", ""), (".dockerignore/", "")]);
    assert!(failure(wrong.path(), None).contains(".dockerignore: Is a directory"));
}

#[test]
fn keeps_modes_times_and_links_but_no_owner() {
    let folder = folder(&[("Dockerfile", "FROM scratch"), ("run.sh", "#!"), ("private/key", "k")]);
    let path = |name: &str| folder.path().join(name);
    fs::set_permissions(path("run.sh"), fs::Permissions::from_mode(0o4755)).expect("a mode");
    fs::set_permissions(path("private"), fs::Permissions::from_mode(0o700)).expect("a mode");
    let time = UNIX_EPOCH + Duration::from_millis(1_234_567_890_987);
    fs::File::open(path("run.sh")).expect("a file").set_modified(time).expect("a time");
    let far = format!("/no/../where//{}", "x".repeat(200));
    symlink("./private//key", path("near")).expect("a link");
    symlink(&far, path("far")).expect("a link");
    assert!(std::process::Command::new("mkfifo").arg(path("pipe")).status().expect("mkfifo").success());
    let _socket = std::os::unix::net::UnixListener::bind(path("socket")).expect("a socket");

    let archive = archive(folder.path(), None).expect("an archive");
    assert_eq!(names(&archive), ["Dockerfile", "far", "near", "pipe", "private/", "private/key", "run.sh"]);
    let mut archive = tar::Archive::new(archive.as_slice());
    for entry in archive.entries().expect("entries") {
        let mut entry = entry.expect("an entry");
        let header = entry.header();
        assert_eq!((header.uid().expect("a uid"), header.gid().expect("a gid")), (0, 0));
        assert!(header.username().expect("text").is_none_or(str::is_empty));
        let (kind, mode, mtime) =
            (header.entry_type(), header.mode().expect("a mode"), header.mtime().expect("a time"));
        let link = entry.link_name_bytes().map(|link| String::from_utf8_lossy(&link).into_owned());
        match entry.path_bytes().as_ref() {
            b"run.sh" => assert_eq!((kind, mode, mtime), (tar::EntryType::Regular, 0o4755, 1_234_567_890)),
            b"private/" => assert_eq!((kind, mode), (tar::EntryType::Directory, 0o700)),
            b"near" => assert_eq!((kind, link.as_deref()), (tar::EntryType::Symlink, Some("./private//key"))),
            b"far" => assert_eq!((kind, link.as_deref()), (tar::EntryType::Symlink, Some(far.as_str()))),
            b"pipe" => assert_eq!(kind, tar::EntryType::Fifo),
            b"Dockerfile" => {
                let mut content = String::new();
                entry.read_to_string(&mut content).expect("text");
                assert_eq!(content, "FROM scratch");
            }
            _ => {}
        }
    }
}

#[test]
fn any_name_and_length_is_read_back_by_others() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&[("Dockerfile", "")]);
    let mut deep = folder.path().to_owned();
    (0..20).for_each(|_| deep.push("ü".repeat(30)));
    fs::create_dir_all(&deep).expect("a folder");
    let bytes = [b"\xff\xfe ", "y".repeat(120).as_bytes()].concat();
    fs::write(folder.path().join(std::ffi::OsStr::from_bytes(&bytes)), "x".repeat(511)).expect("a file");
    for length in [98, 99, 100, 101] {
        fs::write(folder.path().join("n".repeat(length)), "x".repeat(length * 5 + 12)).expect("a file");
    }
    let archive = archive(folder.path(), None).expect("an archive");
    assert_eq!(archive.len() % 512, 0);

    let target = tempfile::tempdir().expect("a folder");
    let file = target.path().join("archive.tar");
    fs::write(&file, archive).expect("written");
    let unpacked = std::process::Command::new("tar").arg("-C").arg(target.path()).arg("-xf").arg(&file).status();
    assert!(unpacked.expect("tar").success());
    fs::remove_file(&file).expect("removed");
    let same =
        std::process::Command::new("diff").arg("-r").arg(folder.path()).arg(target.path()).output().expect("diff");
    assert!(same.status.success() && same.stdout.is_empty(), "{}", String::from_utf8_lossy(&same.stdout));
}

#[test]
fn is_the_same_each_time() {
    let files: Vec<_> = (0..50).map(|i| format!("{}/{}", i * 7 % 10, i * 13 % 50)).collect();
    let mut files: Vec<_> = files.iter().map(|name| (name.as_str(), name.as_str())).collect();
    files.push(("Dockerfile", ""));
    let folder = folder(&files);
    let first = archive(folder.path(), None).expect("an archive");
    assert!(first == archive(folder.path(), None).expect("an archive"));
    let names = names(&first);
    assert!(names.is_sorted(), "{names:?}");
}

/// No user can read these files, not even root.
#[test]
fn a_file_that_cannot_be_read_is_named() {
    let root = Path::new("/proc/sys/net/ipv4/route");
    if !root.join("flush").exists() {
        return;
    }
    let error = write(root, &Selection::default(), &mut std::io::sink()).expect_err("flush is for writing");
    assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
    let words = error.to_string();
    assert!(
        words.starts_with("cannot read /proc/sys/net/ipv4/route/flush of the build context: Permission"),
        "{words}"
    );

    let ignore = Ignore::parse(b"flush").expect("a pattern");
    let selection = Selection { ignore, ..Selection::default() };
    let result = write(root, &selection, &mut std::io::sink());
    assert!(
        result.is_ok() || !result.expect_err("another").to_string().contains("flush"),
        "what is ignored is not read"
    );
}
