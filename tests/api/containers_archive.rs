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
    let whole = format!("a tar archive{}", "\0".repeat(1024));
    let engine = Engine::unix([
        on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(with_stat(DIRECTORY, &whole)),
        on("GET /v1.41/containers/web/archive?path=%2Fno").respond(Response::error(404, "Could not find the file /no")),
        on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(Response::status(200)),
    ]);
    let web = engine.docker(41).container("web");
    let mut archive = web.get_archive("/etc").await.expect("an archive");
    assert!(archive.stat().is_dir() && archive.stat().name == "etc");
    assert_eq!(archive.next().await.expect("bytes").expect("bytes"), whole);
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
            .respond(Response::chunked(200, "").chunk("a tar archive").chunk([0; 1024]).end()),
        on("GET /v1.41/containers/web/export")
            .respond(Response::error(409, "Container web is dead and cannot be exported")),
        on("GET /v1.41/containers/web/export").respond(Response::error(404, "No such container: web")),
        on("GET /v1.41/containers/web/export").respond(Response::chunked(200, "").chunk("a tar").close()),
    ]);
    let web = engine.docker(41).container("web");
    let mut tar = Vec::new();
    tokio::io::copy(&mut web.export().await.expect("files"), &mut tar).await.expect("all of them");
    assert_eq!(tar, [&b"a tar archive"[..], &[0; 1024]].concat());
    assert!(web.export().await.expect_err("dead").is_conflict());
    assert!(web.export().await.expect_err("none").is_not_found());
    let mut files = web.export().await.expect("files");
    assert_eq!(files.next().await.expect("a piece").expect("a piece"), "a tar");
    let error = files.next().await.expect("an error").expect_err("cut off");
    assert_eq!((error.kind(), error.call()), (ErrorKind::Interrupted, Some("GET /containers/web/export")));
    assert!(files.next().await.is_none());
}

/// An engine that fails in the middle has answered 200 already, and ends the response normally.
#[tokio::test]
async fn an_archive_that_the_engine_ends_early_is_incomplete() {
    let begun = || Response::chunked(200, "application/x-tar").chunk([7; 512]);
    let head =
        format!("HTTP/1.1 200 OK\r\nX-Docker-Container-Path-Stat: {DIRECTORY}\r\nTransfer-Encoding: chunked\r\n\r\n");
    let error = "{\"message\":\"Error exporting container web: unexpected EOF\"}\n";
    let incomplete = "the archive is incomplete: the engine ended it early";
    let failed = "Error exporting container web: unexpected EOF";
    for (response, kind, message) in [
        (begun().end(), ErrorKind::Interrupted, incomplete),
        (begun().chunk([0; 512]).end(), ErrorKind::Interrupted, incomplete),
        (begun().chunk(error).end(), ErrorKind::Stream, failed),
        (begun().chunk([0; 1024]).chunk(error).end(), ErrorKind::Stream, failed),
    ] {
        let engine = Engine::unix([on("GET /v1.41/containers/web/export").respond(response)]);
        let mut files = engine.docker(41).container("web").export().await.expect("files");
        let error = loop {
            if let Err(error) = files.next().await.expect("no end without an error") {
                break error;
            }
        };
        assert_eq!((error.kind(), error.message()), (kind, message));
        assert_eq!(error.call(), Some("GET /containers/web/export"));
        assert!(files.next().await.is_none());
    }
    let cut = Response::raw(head).chunk([7; 512]).end();
    let engine = Engine::unix([on("GET /v1.41/containers/web/archive?path=%2Fetc").respond(cut)]);
    let mut archive = engine.docker(41).container("web").get_archive("/etc").await.expect("an archive");
    let error = tokio::io::copy(&mut archive, &mut tokio::io::sink()).await.expect_err("incomplete");
    assert!(error.to_string().contains("the archive is incomplete"), "{error}");
}
