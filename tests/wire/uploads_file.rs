//! Uploads of files.

use crate::support::peer::{Connection, Peer};
use crate::support::{Engine, Response, on};
use longshore::{ErrorKind, Upload};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::Duration;
use tempfile::TempDir;

const PUT: &str = "PUT /v1.41/containers/web/archive?path=%2F";
/// More than is read ahead and lies in the socket while the engine does not read.
const LARGE: u64 = 64 << 20;
const LONG: Duration = Duration::from_secs(10);

fn file(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("web.tar");
    std::fs::write(&path, bytes).expect("a file");
    (folder, path)
}

fn large() -> (TempDir, PathBuf) {
    let (folder, path) = file(b"");
    File::options().write(true).open(&path).and_then(|file| file.set_len(LARGE)).expect("a large file");
    (folder, path)
}

#[tokio::test]
async fn one_is_sent_as_it_is_and_its_length_is_announced() {
    let data: Vec<u8> = (0..3_500_000_u32).map(|i| u8::try_from(i % 251).expect("small")).collect();
    for length in [1, 5, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 2 << 20, data.len()] {
        let (_folder, path) = file(&data[..length]);
        let put = || on(PUT).with_body(&data[..length]).with_header("content-length", length.to_string());
        let engine = Engine::unix([put().respond(Response::status(200)), put().respond(Response::status(200))]);
        let web = engine.docker(41).container("web");
        web.put_archive("/", Upload::file(&path)).await.expect("unpacked");
        web.put_archive("/", Upload::file(&path).length(length as u64)).await.expect("unpacked");
    }
}

#[tokio::test]
async fn one_that_says_it_has_no_length_is_sent_in_chunks() {
    let (_folder, path) = file(b"");
    let version = Path::new("/proc/version");
    let mut files = vec![path];
    files.extend(version.exists().then(|| version.to_owned()));
    for path in files {
        let body = std::fs::read(&path).expect("a file");
        let put = on(PUT).with_body(body).with_header("transfer-encoding", "chunked");
        let engine = Engine::unix([put.respond(Response::status(200))]);
        engine.docker(41).container("web").put_archive("/", Upload::file(&path)).await.expect("unpacked");
    }
}

#[tokio::test]
async fn one_that_cannot_be_sent_is_named_and_the_engine_hears_nothing() {
    let (folder, path) = file(b"12345");
    let missing = folder.path().join("missing.tar");
    let engine = Engine::unix([]);
    for (upload, words) in [
        (Upload::file(&missing), format!("{}: No such file or directory (os error 2)", missing.display())),
        (Upload::file(folder.path()), format!("{}: it is a folder, not a file", folder.path().display())),
        (Upload::file(&path).length(4), format!("{} has 5 bytes, but 4 were announced", path.display())),
    ] {
        let call = engine.docker(41).container("web").put_archive("/", upload);
        let error = call.await.expect_err("it cannot be sent");
        assert_eq!(error.kind(), ErrorKind::Upload);
        assert_eq!(error.to_string(), format!("PUT /containers/web/archive: the upload failed: {words}"));
    }
    assert_eq!(engine.connections(), 0);
}

#[tokio::test]
async fn nothing_is_opened_before_the_call_is_awaited() {
    let (_folder, path) = file(b"");
    std::fs::remove_file(&path).expect("removed");
    let engine = Engine::unix([on(PUT).with_body(*b"late").respond(Response::status(200))]);
    let call = engine.docker(41).container("web").put_archive("/", Upload::file(&path));
    std::fs::write(&path, b"late").expect("a file");
    call.await.expect("unpacked");
}

#[tokio::test]
async fn one_that_changes_while_it_is_sent_is_not_whole() {
    let grow: fn(&Path) = |path| {
        let mut file = OpenOptions::new().append(true).open(path).expect("the file");
        file.write_all(b"more").expect("grown");
    };
    let shrink: fn(&Path) = |path| {
        File::options().write(true).open(path).and_then(|file| file.set_len(LARGE / 2)).expect("shrunk");
    };
    for (change, how) in [(grow, "longer"), (shrink, "shorter")] {
        let (_folder, path) = large();
        let (tell, told) = channel();
        let (changed, tell) = (path.clone(), std::sync::Mutex::new(tell));
        let peer = Peer::unix(move |mut connection: Connection| {
            connection.head();
            change(&changed);
            let _ = tell.lock().expect("the test").send(connection.skip(LARGE));
        });
        let call = peer.docker().container("web").put_archive("/", Upload::file(&path)).into_future();
        let error = tokio::time::timeout(LONG, call).await.expect("it ends").expect_err(how);
        assert_eq!(error.kind(), ErrorKind::Upload);
        let words = format!("{} is {how} than the announced {LARGE} bytes", path.display());
        assert_eq!(error.message(), format!("the upload failed: {words}"));
        assert!(!told.recv_timeout(LONG).expect("the engine hears of it"), "{how}: it must not take it for the whole");
    }
}

#[tokio::test]
async fn one_that_is_refused_in_the_middle_ends_with_the_engines_answer() {
    let (_folder, path) = large();
    for peer in Peer::both(|mut connection: Connection| {
        connection.head();
        assert!(connection.skip(1 << 20));
        connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 16\r\n\r\n{\"message\":\"no\"}");
    }) {
        let call = peer.docker().container("web").put_archive("/", Upload::file(&path)).into_future();
        let error = tokio::time::timeout(LONG, call).await.expect("it ends").expect_err("it is refused");
        assert!(error.is_invalid(), "{error}");
    }
}
