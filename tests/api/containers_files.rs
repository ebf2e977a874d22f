//! Files that are read out of containers, and copied both ways.

use crate::support::{Engine, Response, on};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use longshore::ErrorKind;
use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::SystemTime;

/// The header that tells of a directory with this name, in Go's bits.
fn stat(name: &str) -> String {
    let stat = format!(r#"{{"name":"{name}","size":4096,"mode":{},"linkTarget":""}}"#, (1_u32 << 31) | 0o755);
    format!("X-Docker-Container-Path-Stat: {}\r\n", BASE64_STANDARD.encode(stat))
}

/// The response to a request of an archive, whose length is not known beforehand.
fn archive(name: &str, bytes: &[u8]) -> Response {
    let head = format!("HTTP/1.1 200 OK\r\n{}\r\n", stat(name));
    Response::raw([head.as_bytes(), bytes].concat()).close()
}

/// The response to a request about a file.
fn file() -> Response {
    let stat = BASE64_STANDARD.encode(r#"{"name":"etc","size":1,"mode":420}"#);
    Response::raw(format!("HTTP/1.1 200 OK\r\nX-Docker-Container-Path-Stat: {stat}\r\nContent-Length: 0\r\n\r\n"))
}

fn header(kind: tar::EntryType, mode: u32, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header
}

/// An archive of directories with their permissions, and of files, whatever their names.
fn tar(directories: &[(&str, u32)], files: &[&str]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut append = |path: &str, mut header: tar::Header, content: &[u8]| {
        let name = &mut header.as_gnu_mut().expect("a GNU header").name;
        name.iter_mut().zip(path.bytes()).for_each(|(byte, of_path)| *byte = of_path);
        header.set_cksum();
        archive.append(&header, content).expect("an entry");
    };
    for (path, mode) in directories {
        append(path, header(tar::EntryType::Directory, *mode, 0), b"");
    }
    for path in files {
        append(path, header(tar::EntryType::Regular, 0o640, 1), b"x");
    }
    archive.into_inner().expect("an archive")
}

/// The names in a directory.
fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Each break of an archive, also one where an entry ends, leaves nothing behind: what is cut off is no whole.
#[tokio::test]
async fn an_archive_that_breaks_off_is_not_copied() {
    let whole = tar(&[], &["etc/a", "etc/b"]);
    let head = format!("HTTP/1.1 200 OK\r\n{}Content-Length: {}\r\n\r\n", stat("etc"), whole.len());
    let here = tempfile::tempdir().expect("a folder");
    for length in [0, 512, 1024, 1500, 2048] {
        let bytes = [head.as_bytes(), &whole[..length]].concat();
        let get = on("GET /v1.41/containers/web/archive?path=%2Fetc");
        let engine = Engine::unix([get.respond(Response::raw(bytes).close())]);
        let web = engine.docker(41).container("web");
        let error = web.copy_from("/etc", here.path().join("etc")).await.expect_err("it is cut off");
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{length}: {error}");
        // The thread that unpacks it may be about to take its folder away.
        while std::fs::read_dir(here.path()).expect("a folder").next().is_some() {
            assert!(!here.path().join("etc").exists(), "{length}");
            tokio::task::yield_now().await;
        }
    }
}

/// What goes before an entry is read into memory, so that there must not be any amount of it.
#[tokio::test]
async fn a_name_in_an_archive_has_a_bound() {
    let here = tempfile::tempdir().expect("a folder");
    for kind in [tar::EntryType::GNULongName, tar::EntryType::GNULongLink, tar::EntryType::XHeader] {
        let mut long = header(kind, 0o644, 1 << 40);
        long.set_path("etc").expect("a path");
        long.set_cksum();
        let bytes = [long.as_bytes().as_slice(), &vec![b'x'; 2 << 20], &[0; 1024]].concat();
        let get = || on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(archive("etc", &bytes));
        let engine = Engine::unix([get(), on("HEAD /v1.41/containers/web/archive?path=%2Fetc").respond(file()), get()]);
        let web = engine.docker(41).container("web");
        for error in [
            web.copy_from("/etc", here.path().join("etc")).await.expect_err("too long a name"),
            web.read_file("/etc").await.expect_err("too long a name"),
        ] {
            assert!(error.to_string().contains("an entry's headers are larger than 1 MiB"), "{kind:?}: {error}");
        }
        assert_eq!(std::fs::read_dir(here.path()).expect("a folder").count(), 0);
    }
}

/// Directories get such permissions last, and nobody but root can move them before.
#[tokio::test]
async fn directories_that_cannot_be_written_to_are_copied_with_what_is_in_them() {
    let modes = [("etc", 0o555), ("etc/a", 0o555), ("etc/a/b", 0o500), ("etc/open", 0o755)];
    let bytes = tar(&modes, &["etc/a/b/c"]);
    let get = || on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(archive("etc", &bytes));
    let contents = on("GET /v1.41/containers/web/archive?path=%2Fetc%2F.");
    let contents = contents.respond(archive(".", &tar(&[("./", 0o500), ("./a", 0o555)], &["./a/c"])));
    let engine = Engine::unix([get(), get(), contents]);
    let (web, here) = (engine.docker(41).container("web"), tempfile::tempdir().expect("a folder"));
    let mode = |path: &Path| std::fs::metadata(path).expect("it was copied").permissions().mode() & 0o777;
    let set = |path: &Path, mode| std::fs::set_permissions(path, Permissions::from_mode(mode)).expect("a mode");

    let new = here.path().join("new");
    web.copy_from("/etc", &new).await.expect("copied");
    // What is there already has been filled before it gets its permissions, too.
    let there = here.path().join("etc");
    std::fs::create_dir_all(there.join("a/own")).expect("folders");
    web.copy_from("/etc", here.path()).await.expect("copied");
    for copy in [&new, &there] {
        assert_eq!(std::fs::read(copy.join("a/b/c")).expect("a file"), b"x");
        for (path, expected) in [("", 0o555), ("a", 0o555), ("a/b", 0o500), ("open", 0o755), ("a/b/c", 0o640)] {
            assert_eq!(mode(&copy.join(path)), expected, "{path}");
        }
    }
    let into = here.path().join("into");
    std::fs::create_dir(&into).expect("a folder");
    set(&into, 0o750);
    web.copy_from("/etc/.", &into).await.expect("copied");
    assert_eq!((mode(&into), mode(&into.join("a"))), (0o750, 0o555), "the root of the archive is no part of it");
    assert_eq!(names(here.path()), ["etc", "into", "new"]);
    for path in ["new", "new/a", "new/a/b", "etc", "etc/a", "etc/a/b", "into/a"] {
        set(&here.path().join(path), 0o755); // they can be removed
    }
}

/// Podman's archive has what the link leads to, by the name of the link. Its metadata have the other name.
#[tokio::test]
async fn a_link_is_copied_by_its_own_name() {
    let mut link = tar::Builder::new(Vec::new());
    link.append_link(&mut header(tar::EntryType::Symlink, 0o777, 0), "current", "v2").expect("a link");
    let link = link.into_inner().expect("an archive");
    for (name, target, bytes) in [
        ("current", "/srv/v2", &link), // Docker
        ("v2", "/srv/v2", &tar(&[], &["current"])),
        ("v2", "/srv/v2", &tar(&[("current", 0o755)], &["current/x"])),
    ] {
        let stat = format!(r#"{{"name":"{name}","size":2,"mode":{},"linkTarget":"{target}"}}"#, (1_u32 << 27) | 0o777);
        let stat = BASE64_STANDARD.encode(stat);
        let head = format!("HTTP/1.1 200 OK\r\nX-Docker-Container-Path-Stat: {stat}\r\n\r\n");
        let response = || Response::raw([head.as_bytes(), bytes].concat()).close();
        let get = || on("GET /v1.41/containers/web/archive?path=%2Fsrv%2Fcurrent").respond(response());
        let engine = Engine::unix([get(), get()]);
        let (web, here) = (engine.docker(41).container("web"), tempfile::tempdir().expect("a folder"));
        web.copy_from("/srv/current", here.path()).await.expect(name);
        web.copy_from("/srv/current", here.path().join("new")).await.expect(name);
        assert_eq!(names(here.path()), ["current", "new"]);
        for copy in ["current", "new"] {
            let copied = std::fs::symlink_metadata(here.path().join(copy)).expect("it was copied");
            assert_eq!(copied.is_symlink(), name == "current");
        }
    }
}

/// A link leads elsewhere from the final place: nothing there is changed.
#[tokio::test]
async fn permissions_of_directories_behind_links_of_an_archive_stay() {
    let mut archived = tar::Builder::new(Vec::new());
    let mut directory = |path: &str, mode| {
        let mut header = header(tar::EntryType::Directory, mode, 0);
        archived.append_data(&mut header, path, std::io::empty()).expect("a directory");
    };
    directory("etc", 0o755);
    directory("other", 0o755);
    let mut link = header(tar::EntryType::Symlink, 0o777, 0);
    archived.append_link(&mut link, "etc/link", "../other").expect("a link");
    let mut closed = header(tar::EntryType::Directory, 0, 0);
    archived.append_data(&mut closed, "etc/link/own", std::io::empty()).expect("a directory");
    let bytes = archived.into_inner().expect("an archive");
    let engine = Engine::unix([on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(archive("etc", &bytes))]);
    let here = tempfile::tempdir().expect("a folder");
    let own = here.path().join("other/own");
    std::fs::create_dir_all(&own).expect("folders");
    engine.docker(41).container("web").copy_from("/etc", here.path()).await.expect("copied");
    assert!(here.path().join("etc/link").join("own").exists(), "it leads there");
    assert_ne!(std::fs::metadata(&own).expect("a folder").permissions().mode() & 0o777, 0);
    assert_eq!(names(here.path()), ["etc", "other"]);
}

/// The engine names the copy, and must not choose where it goes.
#[tokio::test]
async fn a_name_that_leads_out_of_the_target_is_refused() {
    let outer = tempfile::tempdir().expect("a folder");
    let inner = outer.path().join("inner");
    std::fs::create_dir(&inner).expect("a folder");
    // Not `/`, which would be this machine's: the unit tests have it.
    for name in ["..", "../x", "a/b", "./.."] {
        let get = on("GET /v1.41/containers/web/archive?path=%2Fetc");
        let engine = Engine::unix([get.respond(archive(name, &tar(&[], &["inner/new"])))]);
        let error = engine.docker(41).container("web").copy_from("/etc", &inner).await.expect_err(name);
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.message().contains(&format!("the name {name:?}, which is not a file name")), "{error}");
        assert_eq!((names(outer.path()), names(&inner)), (vec!["inner".to_owned()], Vec::new()));
    }
}

/// Docker calls the contents of a directory `.`, and has entries with `/` in front for the root directory.
#[tokio::test]
async fn contents_are_copied_into_the_target() {
    for (path, name, entry) in
        [("/", ".", "./etc/x"), ("//", ".", "/etc/x"), ("/srv/.", "srv", "./etc/x"), ("/srv", "", "etc/x")]
    {
        let escaped = if path == "/" { "%2F.".to_owned() } else { path.replace('/', "%2F") };
        let get = || on(format!("GET /v1.41/containers/web/archive?path={escaped}"));
        let response = || get().respond(archive(name, &tar(&[], &[entry])));
        let engine = Engine::unix([response(), response()]);
        let (web, here) = (engine.docker(41).container("web"), tempfile::tempdir().expect("a folder"));
        let out = here.path().join("out");
        for _ in ["new", "there"] {
            web.copy_from(path, &out).await.expect(path);
            assert_eq!(std::fs::read(out.join("etc/x")).expect("a file"), b"x", "{path}");
            assert_eq!((names(here.path()), names(&out)), (vec!["out".to_owned()], vec!["etc".to_owned()]));
        }
    }
}

#[tokio::test]
async fn what_cannot_be_unpacked_says_why() {
    let bytes = tar(&[], &["etc/a", "etc/a/b"]);
    let engine = Engine::unix([on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(archive("etc", &bytes))]);
    let here = tempfile::tempdir().expect("a folder");
    let error = engine.docker(41).container("web").copy_from("/etc", here.path()).await.expect_err("a file");
    assert_eq!(error.kind(), ErrorKind::LocalFile);
    assert!(error.message().contains("etc/a") && error.message().contains("(os error"), "{error}");
    assert!(names(here.path()).is_empty());
}

#[tokio::test]
async fn what_is_neither_file_nor_folder_nor_link_is_not_copied() {
    for (kind, what) in
        [(tar::EntryType::Fifo, "a FIFO"), (tar::EntryType::Char, "a device"), (tar::EntryType::Block, "a device")]
    {
        let mut archived = tar::Builder::new(Vec::new());
        let mut header = header(kind, 0o644, 0);
        header.set_device_major(1).and_then(|()| header.set_device_minor(3)).expect("a GNU header");
        archived.append_data(&mut header, "etc/a", &b""[..]).expect("an entry");
        let bytes = archived.into_inner().expect("an archive");
        let get = on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(archive("etc", &bytes));
        let here = tempfile::tempdir().expect("a folder");
        let error = Engine::unix([get]).docker(41).container("web").copy_from("/etc", here.path()).await;
        let error = error.expect_err("no file");
        assert_eq!(error.kind(), ErrorKind::LocalFile);
        assert!(error.message().contains(&format!("etc/a: {what} cannot be copied")), "{error}");
        assert!(names(here.path()).is_empty());
    }
}

#[tokio::test]
async fn a_sticky_directory_stays_sticky_and_nothing_gets_the_rights_of_its_owner() {
    let mut archived = tar::Builder::new(Vec::new());
    for (kind, path, mode) in [(tar::EntryType::Directory, "tmp", 0o1777), (tar::EntryType::Regular, "tmp/su", 0o4755)]
    {
        archived.append_data(&mut header(kind, mode, 0), path, &b""[..]).expect("an entry");
    }
    let bytes = archived.into_inner().expect("an archive");
    let get = on("GET /v1.41/containers/web/archive?path=%2Ftmp").respond(archive("tmp", &bytes));
    let here = tempfile::tempdir().expect("a folder");
    Engine::unix([get]).docker(41).container("web").copy_from("/tmp", here.path()).await.expect("a copy");
    let mode = |path| std::fs::metadata(here.path().join(path)).expect("a copy").permissions().mode() & 0o7777;
    assert_eq!((mode("tmp"), mode("tmp/su")), (0o1777, 0o755));
}

/// It is no fault of the arguments, and the paths on both sides are named.
#[tokio::test]
async fn what_cannot_be_written_here_is_an_error_of_this_machine() {
    let here = tempfile::tempdir().expect("a folder");
    let (file, folder) = (here.path().join("file"), here.path().join("folder"));
    std::fs::write(&file, "").expect("a file");
    std::fs::create_dir_all(folder.join("x/y")).expect("folders");
    // The engine's `x` is a file.
    for (local, why) in [
        (file.join("x"), format!("{}: Not a directory", file.display())), // root may write into any folder
        (here.path().join("no/x"), format!("{}: No such file", here.path().join("no").display())),
        (here.path().join("new/"), format!("{}: ", here.path().join("new/").display())),
        (folder.clone(), format!("{}: Is a directory", folder.join("x").display())),
    ] {
        let get = on("GET /v1.41/containers/web/archive?path=%2Fx").respond(archive("x", &tar(&[], &["x"])));
        let engine = Engine::unix([get]);
        let error = engine.docker(41).container("web").copy_from("/x", &local).await.expect_err("it cannot be written");
        assert_eq!((error.kind(), error.is_invalid()), (ErrorKind::LocalFile, false));
        let begin = format!("cannot copy /x of the container web to {}: {why}", local.display());
        assert!(error.message().starts_with(&begin) && error.message().contains("(os error"), "{error}");
        assert_eq!(names(here.path()), ["file", "folder"]);
    }
    let web = Engine::unix([]).docker(41).container("web");
    let error = web.copy_to(here.path().join("none"), "/srv").await.expect_err("nothing here");
    assert_eq!((error.kind(), error.is_invalid()), (ErrorKind::LocalFile, false));
    assert!(error.message().contains("none to /srv of the container web: No such file"), "{error}");
}

/// The engine ends an archive early when a file shrinks or vanishes, and the response is complete.
#[tokio::test]
async fn a_part_of_a_file_is_not_read_as_the_file() {
    let file_of = |content: &[u8]| {
        let mut archived = tar::Builder::new(Vec::new());
        let mut header = header(tar::EntryType::Regular, 0o644, content.len() as u64);
        archived.append_data(&mut header, "etc", content).expect("a file");
        archived.into_inner().expect("an archive")
    };
    let (text, zeros) = (file_of(&[b'x'; 2000]), file_of(&[0; 4096]));
    for (archived, kind, why) in [
        (&text[..512 + 1500], ErrorKind::Interrupted, "the archive is incomplete"),
        (&text[..512], ErrorKind::Interrupted, "the archive is incomplete"),
        (&text[..0], ErrorKind::Interrupted, "the archive is incomplete"),
        // These end as whole archives do.
        (
            &zeros[..512 + 2048],
            ErrorKind::Decode,
            "cannot read /etc of the container web: the engine sent 2048 of its 4096 bytes",
        ),
        (&[0; 1024], ErrorKind::Decode, "cannot read /etc of the container web: the engine sent an archive without it"),
    ] {
        let head = format!("HTTP/1.1 200 OK\r\n{}Content-Length: {}\r\n\r\n", stat("etc"), archived.len());
        let engine = Engine::unix([
            on("HEAD /v1.41/containers/web/archive?path=%2Fetc").respond(file()),
            on("GET /v1.41/containers/web/archive?path=%2Fetc")
                .respond(Response::raw([head.as_bytes(), archived].concat())),
        ]);
        let error = engine.docker(41).container("web").read_file("/etc").await.expect_err("a part of it");
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.message().starts_with(why), "{error}");
    }
}

/// The parent of a mount point is another filesystem, and that of `/tmp` is not writable for all.
#[tokio::test]
async fn contents_are_staged_in_the_directory_that_they_go_into() {
    let here = tempfile::tempdir().expect("a folder");
    let (real, link) = (here.path().join("a/real"), here.path().join("link"));
    std::fs::create_dir_all(&real).expect("folders");
    std::os::unix::fs::symlink(&real, &link).expect("a link");
    let parents = [here.path(), real.parent().expect("a parent")].map(|path| File::open(path).expect("a folder"));
    let time = |parent: &File| parent.metadata().expect("a folder").modified().expect("a time");
    for parent in &parents {
        parent.set_modified(SystemTime::UNIX_EPOCH).expect("a time");
    }
    let get = on("GET /v1.41/containers/web/archive?path=%2Fetc%2F.").respond(archive(".", &tar(&[], &["./x"])));
    let engine = Engine::unix([get]);
    engine.docker(41).container("web").copy_from("/etc/.", &link).await.expect("copied");
    assert_eq!(names(&real), ["x"]);
    assert_eq!(parents.each_ref().map(time), [SystemTime::UNIX_EPOCH; 2]);
}

/// Copies into a container. Returns the target of the request, and the names in its archive.
async fn sent(local: &Path, path: &str, stat: Response) -> (String, Vec<String>) {
    let engine = Engine::unix([
        on(format!("HEAD /v1.41/containers/web/archive?path={}", path.replace('/', "%2F"))).respond(stat),
        on("PUT /containers/web/archive?path=/srv&noOverwriteDirNonDir=true")
            .with_any_body()
            .respond(Response::raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")),
    ]);
    engine.docker(41).container("web").copy_to(local, path).await.expect("copied");
    let put = engine.received().pop().expect("a request");
    let mut archive = tar::Archive::new(&*put.body);
    let entries = archive.entries().expect("an archive");
    let names = entries.map(|entry| entry.expect("an entry").path().expect("a path").display().to_string());
    (put.target.clone(), names.collect())
}

/// As `docker cp` does, also with what is in the way: it refuses to replace a directory by a file.
#[tokio::test]
async fn a_directory_goes_in_or_its_contents() {
    let here = tempfile::tempdir().expect("a folder");
    let site = here.path().join("site");
    std::fs::create_dir_all(site.join("css")).expect("folders");
    for name in ["index.html", "a.html", "css/main.css"] {
        std::fs::write(site.join(name), "x").expect("a file");
    }
    let contents = ["a.html", "css", "css/main.css", "index.html"].map(str::to_owned);
    let below = |name: &str| {
        let mut all = vec![name.to_owned()];
        all.extend(contents.iter().map(|path| format!("{name}/{path}")));
        all
    };
    let there = || Response::raw(format!("HTTP/1.1 200 OK\r\n{}Content-Length: 0\r\n\r\n", stat("srv")));
    let missing = || Response::raw("HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n");
    for end in [".", "./", "css/../."] {
        assert_eq!(sent(&site.join(end), "/srv", there()).await.1, contents, "{end}");
    }
    assert_eq!(sent(&site, "/srv", there()).await.1, below("site"));
    assert_eq!(sent(&site.join(""), "/srv", there()).await.1, below("site"));
    assert_eq!(sent(&site, "/srv/new", missing()).await.1, below("new"));
    assert_eq!(sent(&site.join("."), "/srv/new", missing()).await.1, below("new"));
    assert_eq!(sent(&site.join("a.html"), "/srv", there()).await.1, ["a.html"]);

    let engine = Engine::unix([on("HEAD /v1.41/containers/web/archive?path=%2Fsrv").respond(there())]);
    let error = engine.docker(41).container("web").copy_to(site.join(".."), "/srv").await.expect_err("no name");
    assert!(error.is_invalid() && error.message().ends_with("it has no name: add /. to copy its contents"), "{error}");
}

/// As `docker cp` does: a file would become what was meant as a directory.
#[tokio::test]
async fn a_file_does_not_become_a_directory_that_is_not_there() {
    let here = tempfile::tempdir().expect("a folder");
    std::fs::write(here.path().join("a.html"), "x").expect("a file");
    std::fs::create_dir(here.path().join("site")).expect("a folder");
    let missing = || Response::raw("HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n");
    for path in ["/srv/new/", "/srv/new/."] {
        let head = || on(format!("HEAD /v1.41/containers/web/archive?path={}", path.replace('/', "%2F")));
        let inspect = || on("GET /v1.41/containers/web/json");
        let gone = inspect().respond(Response::error(404, "No such container: web"));
        let script = [head().respond(missing()), inspect().respond(Response::text(200, "{}"))];
        let engine = Engine::unix(script.into_iter().chain([head().respond(missing()), gone]));
        let web = engine.docker(41).container("web");
        let error = web.copy_to(here.path().join("a.html"), path).await.expect_err("no directory");
        let why = format!("a.html to {path} of the container web: there is no such directory");
        assert!(error.is_invalid() && error.message().ends_with(&why), "{error}");
        assert_eq!(error.call(), Some("PUT /containers/web/archive"));
        let error = web.copy_to(here.path().join("a.html"), path).await.expect_err("no container");
        assert!(error.is_not_found(), "{error}");
    }
    assert_eq!(sent(&here.path().join("site"), "/srv/new/", missing()).await.1, ["new"]);
}

/// Content has no bound but that of `read_file`; neither has what is left out.
#[tokio::test]
async fn large_content_is_read_and_what_is_left_out_does_not_count_as_headers() {
    let large = vec![b'x'; 3 << 20];
    let mut archived = tar::Builder::new(Vec::new());
    let mut outside = header(tar::EntryType::Regular, 0o644, 3 << 20);
    outside.as_gnu_mut().expect("a GNU header").name[..8].copy_from_slice(b"../large");
    outside.set_cksum();
    archived.append(&outside, large.as_slice()).expect("a file that is left out");
    archived
        .append_data(&mut header(tar::EntryType::Regular, 0o644, 3 << 20), "etc", large.as_slice())
        .expect("a file");
    let bytes = archived.into_inner().expect("an archive");
    let alone = bytes[512 + (3 << 20)..].to_vec();
    let engine = Engine::unix([
        on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(archive("etc", &bytes)),
        on("HEAD /v1.41/containers/web/archive?path=%2Fetc").respond(file()),
        on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(archive("etc", &alone)),
    ]);
    let here = tempfile::tempdir().expect("a folder");
    let web = engine.docker(41).container("web");
    web.copy_from("/etc", here.path().join("copy")).await.expect("copied");
    assert_eq!(std::fs::read(here.path().join("copy")).expect("a file"), large);
    assert!(!here.path().join("large").exists());
    assert_eq!(web.read_file("/etc").await.expect("a file"), large);
}
