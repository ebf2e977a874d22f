//! Building from a folder: what arrives, how little is in memory, and that nothing goes on once it is not wanted.

#![cfg(feature = "tar")]

use crate::support::again::is_alone;
use crate::support::peer::{Connection, Peer};
use crate::support::{Engine, Response, on};
use longshore::ErrorKind;
use longshore::image::BuildContext;
use std::fs;
use std::future::IntoFuture;
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const BUILT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n{\"stream\":\"Successfully built abcd12345678\"}";

/// Serves one request, and tells what came of it.
fn engine<T: Send + 'static>(
    serve: impl Fn(&mut Connection, String) -> T + Send + Sync + 'static,
) -> (Peer, Receiver<T>) {
    let (tell, told) = channel();
    let peer = Peer::unix(move |mut connection| {
        let head = connection.head();
        let _ = tell.send(serve(&mut connection, head));
        connection.rest();
    });
    (peer, told)
}

/// A folder with a Dockerfile and a file of so many bytes, none of which takes space.
fn context(length: u64) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("Dockerfile"), "FROM scratch\n").expect("written");
    fs::File::create(folder.path().join("large")).expect("a file").set_len(length).expect("its length");
    folder
}

/// How much memory this process has had at most, in bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("the kernel's word");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}

#[tokio::test]
async fn the_folder_arrives_as_an_archive() {
    let (peer, told) = engine(|connection, head| {
        let (mut body, mut buffer) = (Vec::new(), Vec::new());
        while let Some(chunk) = connection.chunk(&mut buffer).filter(|chunk| !chunk.is_empty()) {
            body.extend_from_slice(chunk);
        }
        connection.send(BUILT);
        (head, body)
    });
    let folder = context(1000);
    fs::create_dir(folder.path().join("docker")).expect("a folder");
    fs::rename(folder.path().join("Dockerfile"), folder.path().join("docker/web")).expect("moved");
    fs::write(folder.path().join(".dockerignore"), "docker\n").expect("written");
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(folder.path(), &link).expect("a link");
    let built =
        peer.docker().images().build(link.as_path()).dockerfile("./docker/web").tag("web").await.expect("built");
    assert_eq!(built.id, "abcd12345678");

    let (head, body) = told.recv().expect("a request");
    let asked = head.lines().next().expect("a line");
    assert_eq!(asked, "post /v1.41/build?version=1&t=web&dockerfile=docker%2fweb http/1.1");
    let mut archive = tar::Archive::new(body.as_slice());
    let names: Vec<_> =
        archive.entries().expect("entries").map(|entry| entry.expect("one").path_bytes().to_vec()).collect();
    let names: Vec<_> = names.iter().map(|name| String::from_utf8_lossy(name)).collect();
    assert_eq!(names, [".dockerignore", "docker/", "docker/web", "large", "link"]);
    assert!(body.ends_with(&[0; 1024]) && body.len() % 512 == 0);
}

#[tokio::test]
async fn a_folder_may_be_given_as_text_and_a_dockerfile_alone() {
    let names = |body: &[u8]| {
        let mut archive = tar::Archive::new(body);
        let names = archive.entries().expect("entries").map(|entry| entry.expect("one").path_bytes().to_vec());
        names.map(|name| String::from_utf8(name).expect("text")).collect::<Vec<_>>()
    };
    let folder = context(0);
    let text = folder.path().display().to_string();
    let path = folder.path().to_owned();
    let dockerfile = "FROM scratch\nCMD a\n";
    for (context, expected) in [
        (BuildContext::from(text.as_str()), ["Dockerfile", "large"].as_slice()),
        (BuildContext::from(&path), &["Dockerfile", "large"]),
        (BuildContext::dockerfile(dockerfile), &["Dockerfile"]),
    ] {
        let answer = Response::text(200, "{\"stream\":\"Successfully built abcd12345678\"}");
        let engine =
            Engine::unix([on("POST /v1.41/build?version=1&dockerfile=Dockerfile").with_any_body().respond(answer)]);
        engine.docker(41).images().build(context).dockerfile("Dockerfile").await.expect("built");
        let body = engine.received().remove(0).body;
        assert_eq!(names(&body), expected);
        if expected.len() == 1 {
            assert!(body.windows(dockerfile.len()).any(|window| window == dockerfile.as_bytes()));
        }
    }
    let error = Engine::unix([]).docker(41).images().build("/nowhere").await.expect_err("no folder");
    assert!(error.is_invalid() && error.message().contains("the build context /nowhere"), "{error}");
}

#[tokio::test]
async fn two_gibibytes_take_little_memory() {
    const LENGTH: u64 = 2 << 30;
    if !is_alone("builds_folder::two_gibibytes_take_little_memory") {
        return;
    }
    let (peer, told) = engine(|connection, _| {
        let length = connection.count();
        connection.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        length
    });
    let folder = context(LENGTH);
    let before = peak();
    peer.docker().images().build(BuildContext::folder(folder.path())).await.expect_err("500");
    assert_eq!(told.recv().expect("a length"), Some(LENGTH + 3 * 512 + 1024), "with the Dockerfile and the end");
    let more = peak() - before;
    assert!(more < 16 << 20, "{} KiB", more >> 10);
}

#[tokio::test]
async fn what_is_wrong_with_a_folder_is_found_before_anything_is_sent() {
    let engine = Engine::unix([]);
    let images = engine.docker(41).images();
    let folder = context(0);
    fs::write(folder.path().join(".dockerignore"), "[\n").expect("written");
    for (call, words) in [
        (images.build(Path::new("/no/such/folder")), "the build context /no/such/folder: No such file or directory"),
        (images.build(folder.path()).dockerfile("D"), "there is no Dockerfile /"),
        (images.build(folder.path()).dockerfile("/etc/passwd"), "is outside of the build context"),
        (images.build(folder.path()), ".dockerignore, line 1, \"[\": a [ has no ]"),
        (images.build(folder.path()).tag(""), "invalid image reference"),
    ] {
        let error = call.await.expect_err(words);
        assert_eq!(error.kind(), ErrorKind::Input);
        assert!(error.to_string().starts_with("POST /build: ") && error.message().contains(words), "{error}");
    }
}

/// Whether all threads of a runtime come to their end in time.
fn ends_in_time(run: impl AsyncFnOnce()) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    runtime.block_on(run());
    let start = Instant::now();
    runtime.shutdown_timeout(Duration::from_secs(20)); // waits for the thread that reads the folder
    assert!(start.elapsed() < Duration::from_secs(10), "a thread went on for {:?}", start.elapsed());
}

#[test]
fn dropping_the_call_ends_the_thread() {
    let (wait, stop) = channel::<()>();
    let stop = Mutex::new(stop);
    let (peer, told) = engine(move |connection, _| {
        let read = connection.skip(512);
        let _ = stop.lock().expect("a signal").recv();
        read
    });
    let folder = context(1 << 40);
    ends_in_time(async || {
        let call = peer.docker().images().build(folder.path()).into_future();
        tokio::time::timeout(Duration::from_millis(300), call).await.expect_err("the engine does not read it");
    });
    drop(wait);
    assert!(told.recv().expect("it was begun"));
}

#[test]
fn an_engine_that_refuses_ends_the_thread() {
    let (peer, _told) = engine(|connection, _| {
        connection.skip(100_000);
        connection.send("HTTP/1.1 400 No\r\nContent-Length: 20\r\n\r\n{\"message\":\"enough\"}");
    });
    let folder = context(1 << 40);
    ends_in_time(async || {
        let error = peer.docker().images().build(folder.path()).await.expect_err("refused");
        assert_eq!(error.to_string(), "POST /build: enough (400 Bad Request)");
    });
}
