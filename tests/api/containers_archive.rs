//! Files of containers: what is at a path, archives out and in, exports.

use crate::support::produce::pieces;
use crate::support::{Engine, Response, fixture, on};
use longshore::{ErrorKind, Upload};

/// The recorded head of an answer, of which the date alone was changed.
fn recorded_stat() -> Response {
    Response::raw(fixture("docker-20.10.24/container_archive_stat.txt"))
}

/// An answer with a header of the given text in base64, and a body.
fn with_stat(base64: &str, body: &str) -> Response {
    let length = body.len();
    Response::raw(format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nX-Docker-Container-Path-Stat: {base64}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    ))
}

const HEAD: &str = "HEAD /v1.41/containers/web/archive?path=%2Fdata%2Flink";
/// `{"name":"etc","size":4096,"mode":2147484141,"mtime":"2026-11-24T03:19:56Z","linkTarget":""}`
const DIRECTORY: &str = "eyJuYW1lIjoiZXRjIiwic2l6ZSI6NDA5NiwibW9kZSI6MjE0NzQ4NDE0MSwibXRpbWUiOiIyMDI2LTExLTI0VDAzOjE5OjU2WiIsImxpbmtUYXJnZXQiOiIifQ==";

// behaviour 46: the mode's bits are Go's
#[tokio::test]
async fn a_stat_tells_what_is_at_a_path() {
    let engine = Engine::unix([
        on(HEAD).respond(recorded_stat()),
        on("HEAD /v1.41/containers/web/archive?path=%2Fetc%2F.").respond(with_stat(DIRECTORY, "")),
    ]);
    let web = engine.docker(41).container("web");
    let link = web.stat_path("/data/link").await.expect("a link");
    assert_eq!((&*link.name, link.size, link.link_target.as_deref()), ("link", 8, Some("/data/dir/file")));
    assert!(link.is_symlink() && !link.is_dir() && !link.is_file());
    assert_eq!((link.permissions(), link.mtime.is_some()), (0o777, true));
    let directory = web.stat_path("/etc/.").await.expect("a directory");
    assert!(directory.is_dir() && !directory.is_file() && directory.link_target.is_none());
    assert_eq!(directory.permissions(), 0o755);
    assert_eq!(engine.connections(), 1);
}

#[tokio::test]
async fn a_stat_says_why_not_though_its_answer_has_no_words() {
    let empty = |status| on(HEAD).respond(Response::raw(format!("HTTP/1.1 {status} X\r\nContent-Length: 90\r\n\r\n")));
    let engine = Engine::unix([empty(404), empty(400), on(HEAD).respond(Response::status(200)), {
        on(HEAD).respond(with_stat("eyJuYW1lIjoi", ""))
    }]);
    let web = engine.docker(41).container("web");
    let error = web.stat_path("/data/link").await.expect_err("nothing there");
    assert!(error.is_not_found());
    assert!(error.to_string().ends_with("(404 Not Found); the container or the path does not exist"), "{error}");
    let error = web.stat_path("/data/link").await.expect_err("no directory");
    assert!(error.is_invalid() && error.to_string().contains("the path is not a directory"), "{error}");
    for problem in ["is missing", "is not base64-encoded JSON"] {
        let error = web.stat_path("/data/link").await.expect_err(problem);
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(
            error.to_string(),
            format!("HEAD /containers/web/archive: the response header X-Docker-Container-Path-Stat {problem}")
        );
    }
}

#[tokio::test]
async fn an_archive_comes_with_what_is_at_its_path() {
    let engine = Engine::unix([
        on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(with_stat(DIRECTORY, "a tar archive")),
        on("GET /v1.41/containers/web/archive?path=%2Fno").respond(Response::error(404, "Could not find the file /no")),
        on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(Response::status(200)),
    ]);
    let web = engine.docker(41).container("web");
    let mut archive = web.get_archive("/etc").await.expect("an archive");
    assert!(archive.stat().is_dir() && archive.stat().name == "etc");
    assert_eq!(archive.next().await.expect("bytes").expect("bytes"), "a tar archive");
    assert!(archive.next().await.is_none());
    let error = web.get_archive("/no").await.expect_err("nothing there");
    assert!(error.is_not_found());
    assert_eq!(error.to_string(), "GET /containers/web/archive: Could not find the file /no (404 Not Found)");
    assert_eq!(web.get_archive("/etc").await.expect_err("no header").kind(), ErrorKind::Decode);
    assert!(engine.received().iter().all(|request| request.header("accept-encoding").is_none()), "or it is compressed");
}

#[tokio::test]
async fn an_archive_goes_in_as_it_is_produced() {
    let put = |query: &str| on(format!("PUT /v1.41/containers/web/archive?path=%2Fdata{query}"));
    let stored = || Response::raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let engine = Engine::unix([
        put("").with_header("content-type", "application/x-tar").with_body(*b"tar").respond(stored()),
        put("").with_header("transfer-encoding", "chunked").with_body([0, 0, 1, 1]).respond(stored()),
        put("").with_header("content-length", "4").with_body([0, 0, 1, 1]).respond(stored()),
        put("").with_header("content-length", "0").respond(stored()),
        put("&noOverwriteDirNonDir=true&copyUIDGID=true").with_body(*b"tar").respond(stored()),
        put("&noOverwriteDirNonDir=false&copyUIDGID=false").with_body(*b"tar").respond(stored()),
    ]);
    let web = engine.docker(41).container("web");
    web.put_archive("/data", &b"tar"[..]).await.expect("unpacked");
    web.put_archive("/data", Upload::stream(pieces(2, 2))).await.expect("unpacked");
    web.put_archive("/data", Upload::stream(pieces(2, 2)).length(4)).await.expect("unpacked");
    web.put_archive("/data", Vec::new()).await.expect("nothing to unpack");
    web.put_archive("/data", &b"tar"[..]).no_overwrite_dir_non_dir(true).copy_uid_gid(true).await.expect("unpacked");
    web.put_archive("/data", &b"tar"[..]).no_overwrite_dir_non_dir(false).copy_uid_gid(false).await.expect("unpacked");
}

// behaviour 47: engines say 400 where the reference says 403
#[tokio::test]
async fn an_archive_says_why_it_does_not_go_in() {
    for (status, words) in [
        (400, "not a directory"),
        (400, "container rootfs is marked read-only"),
        (403, "container rootfs is marked read-only"),
        (404, "Could not find the file /data in container web"),
        (500, "Error processing tar file(exit status 1): unexpected EOF"),
    ] {
        let put = on("PUT /v1.41/containers/web/archive?path=%2Fdata").with_body(*b"tar");
        let engine = Engine::unix([put.respond(Response::error(status, words))]);
        let error = engine.docker(41).container("web").put_archive("/data", &b"tar"[..]).await.expect_err(words);
        assert_eq!((error.status(), error.message()), (Some(status), words));
        assert_eq!((error.is_invalid(), error.is_forbidden()), (status == 400, status == 403));
    }
}

#[tokio::test]
async fn a_path_is_needed() {
    let engine = Engine::unix([]);
    let web = engine.docker(41).container("web");
    for error in [
        web.stat_path("").await.expect_err("no path"),
        web.get_archive("").await.expect_err("no path"),
        web.put_archive("", Vec::new()).await.expect_err("no path"),
    ] {
        assert!(error.is_invalid());
        assert_eq!(error.message(), "the path must not be empty: use a path in the container, such as /etc/hosts");
    }
    assert_eq!(engine.connections(), 0);
}

#[tokio::test]
async fn an_export_is_all_files() {
    let engine = Engine::unix([
        on("GET /v1.41/containers/web/export")
            .respond(Response::chunked(200, "").chunk("a tar ").chunk("archive").end()),
        on("GET /v1.41/containers/web/export")
            .respond(Response::error(409, "Container web is dead and cannot be exported")),
        on("GET /v1.41/containers/web/export").respond(Response::error(404, "No such container: web")),
        on("GET /v1.41/containers/web/export").respond(Response::chunked(200, "").chunk("a tar").close()),
    ]);
    let web = engine.docker(41).container("web");
    let mut tar = Vec::new();
    tokio::io::copy(&mut web.export().await.expect("files"), &mut tar).await.expect("all of them");
    assert_eq!(tar, b"a tar archive");
    assert!(web.export().await.expect_err("dead").is_conflict());
    assert!(web.export().await.expect_err("none").is_not_found());
    let mut files = web.export().await.expect("files");
    assert_eq!(files.next().await.expect("a piece").expect("a piece"), "a tar");
    let error = files.next().await.expect("an error").expect_err("cut off");
    assert_eq!((error.kind(), error.call()), (ErrorKind::Interrupted, Some("GET /containers/web/export")));
    assert!(files.next().await.is_none());
}

/// Each break of an archive, also one where an entry ends, leaves nothing behind: what is cut off is no whole.
#[cfg(feature = "tar")]
#[tokio::test]
async fn an_archive_that_breaks_off_is_not_copied() {
    let mut archive = tar::Builder::new(Vec::new());
    for name in ["etc/a", "etc/b"] {
        let mut header = tar::Header::new_gnu();
        header.set_size(1);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, &b"x"[..]).expect("an entry");
    }
    let whole = archive.into_inner().expect("an archive");
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nX-Docker-Container-Path-Stat: {DIRECTORY}\r\n\
         Content-Length: {}\r\n\r\n",
        whole.len()
    );
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

/// The response to a request of an archive, whose length is not known beforehand.
#[cfg(feature = "tar")]
fn archive(bytes: &[u8]) -> Response {
    let head = format!("HTTP/1.1 200 OK\r\nX-Docker-Container-Path-Stat: {DIRECTORY}\r\n\r\n");
    Response::raw([head.as_bytes(), bytes].concat()).close()
}

/// The response to a request about a file: `{"name":"etc","size":1,"mode":420}`
#[cfg(feature = "tar")]
fn file() -> Response {
    with_stat("eyJuYW1lIjoiZXRjIiwic2l6ZSI6MSwibW9kZSI6NDIwfQ==", "")
}

#[cfg(feature = "tar")]
fn header(kind: tar::EntryType, mode: u32, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header
}

/// What goes before an entry is read into memory, so that there must not be any amount of it.
#[cfg(feature = "tar")]
#[tokio::test]
async fn a_name_in_an_archive_has_a_bound() {
    let here = tempfile::tempdir().expect("a folder");
    for kind in [tar::EntryType::GNULongName, tar::EntryType::GNULongLink, tar::EntryType::XHeader] {
        let mut long = header(kind, 0o644, 1 << 40);
        long.set_path("etc").expect("a path");
        long.set_cksum();
        let bytes = [long.as_bytes().as_slice(), &vec![b'x'; 2 << 20]].concat();
        let get = || on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(archive(&bytes));
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

/// Directories get such permissions last.
#[cfg(feature = "tar")]
#[tokio::test]
async fn directories_that_cannot_be_written_to_are_copied_with_what_is_in_them() {
    use std::os::unix::fs::PermissionsExt;
    let mut archived = tar::Builder::new(Vec::new());
    for (path, mode) in [("etc", 0o755), ("etc/a", 0o555), ("etc/a/b", 0o500)] {
        let mut header = header(tar::EntryType::Directory, mode, 0);
        archived.append_data(&mut header, path, std::io::empty()).expect("a directory");
    }
    let mut file = header(tar::EntryType::Regular, 0o640, 1);
    archived.append_data(&mut file, "etc/a/b/c", &b"x"[..]).expect("a file");
    let bytes = archived.into_inner().expect("an archive");
    let engine = Engine::unix([on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(archive(&bytes))]);
    let here = tempfile::tempdir().expect("a folder");
    let copy = here.path().join("copy");
    engine.docker(41).container("web").copy_from("/etc", &copy).await.expect("copied");
    assert_eq!(std::fs::read(copy.join("a/b/c")).expect("a file"), b"x");
    for (path, mode) in [("", 0o755), ("a", 0o555), ("a/b", 0o500), ("a/b/c", 0o640)] {
        let metadata = std::fs::metadata(copy.join(path)).expect("it was copied");
        assert_eq!(metadata.permissions().mode() & 0o777, mode, "{path}");
    }
    for path in ["a/b", "a"] {
        std::fs::set_permissions(copy.join(path), std::fs::Permissions::from_mode(0o755)).expect("it can be removed");
    }
}

/// Content has no bound but that of `read_file`; neither has what is left out.
#[cfg(feature = "tar")]
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
        on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(archive(&bytes)),
        on("HEAD /v1.41/containers/web/archive?path=%2Fetc").respond(file()),
        on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(archive(&alone)),
    ]);
    let here = tempfile::tempdir().expect("a folder");
    let web = engine.docker(41).container("web");
    web.copy_from("/etc", here.path().join("copy")).await.expect("copied");
    assert_eq!(std::fs::read(here.path().join("copy")).expect("a file"), large);
    assert!(!here.path().join("large").exists());
    assert_eq!(web.read_file("/etc").await.expect("a file"), large);
}
