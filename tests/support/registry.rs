//! The throwaway registry of `tests/engine.sh`, to which a test adds images of its own.

#![allow(clippy::indexing_slicing, reason = "a test may panic")]

use super::real::{image, variable};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;

const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const ANY: &str = "application/octet-stream";

/// Makes a repository with an image like the test's, but with an id of its own: no other test has it, or removes it.
///
/// Its name is `…/{repository}:{tag}`, and its label `test` is that too; what [`Real`](super::real::Real) removes is found
/// by that.
pub fn publish(repository: &str, tag: &str) -> String {
    publish_as(repository, tag, tag)
}

/// Another image under that name.
pub fn publish_as(repository: &str, tag: &str, label: &str) -> String {
    let registry = variable("LONGSHORE_TEST_REGISTRY");
    let image = image();
    let (source, version) = image
        .strip_prefix(&format!("{registry}/"))
        .and_then(|name| name.split_once(':'))
        .expect("a tag in the registry");
    let (_, manifest) = request("GET", &format!("/v2/{source}/manifests/{version}"), MANIFEST, b"");
    let mut manifest: Value = serde_json::from_slice(&manifest).expect("a manifest");

    let digest = text(&manifest["config"]["digest"]);
    let (_, config) = request("GET", &format!("/v2/{source}/blobs/{digest}"), ANY, b"");
    let mut config: Value = serde_json::from_slice(&config).expect("a configuration");
    config["config"]["Labels"] = serde_json::json!({ "test": format!("{repository}:{label}") });
    let config = config.to_string();
    manifest["config"]["size"] = config.len().into();
    manifest["config"]["digest"] = upload(repository, config.as_bytes()).into();

    for layer in manifest["layers"].as_array().expect("layers") {
        let digest = text(&layer["digest"]);
        done("POST", &format!("/v2/{repository}/blobs/uploads/?mount={digest}&from={source}"), ANY, b"");
    }
    done("PUT", &format!("/v2/{repository}/manifests/{tag}"), MANIFEST, manifest.to_string().as_bytes());
    format!("{registry}/{repository}:{tag}")
}

/// A server of the test's own, and its address: it serves each connection on a thread of its own, except those that speak TLS.
pub fn serve(serve: impl Fn(BufReader<TcpStream>, TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for writer in listener.incoming().map_while(Result::ok) {
            let serve = serve.clone();
            std::thread::spawn(move || {
                let mut reader = BufReader::new(writer.try_clone().expect("a second handle"));
                let is_tls = reader.fill_buf().is_ok_and(|begin| begin.first() == Some(&0x16));
                if is_tls {
                    // As Go's server does it: engines take that for a registry without TLS.
                    let _ = (&writer).write_all(b"HTTP/1.0 400 Bad Request\r\n\r\nthis port speaks plain HTTP");
                } else {
                    serve(reader, writer);
                }
            });
        }
    });
    address
}

/// Uploads a blob and tells its digest.
fn upload(repository: &str, blob: &[u8]) -> String {
    let digest = format!("sha256:{}", sha256(blob));
    let head = done("POST", &format!("/v2/{repository}/blobs/uploads/"), ANY, b"");
    let (_, rest) = head.split_once("Location: ").expect("where to upload to");
    let url = rest.lines().next().expect("a line");
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or(url, |(_, path)| path);
    let path = path.trim_start_matches('/');
    done("PUT", &format!("/{path}&digest={digest}"), ANY, blob);
    digest
}

fn done(method: &str, path: &str, content_type: &str, body: &[u8]) -> String {
    let (head, body) = request(method, path, content_type, body);
    assert!(
        head.contains(" 201 ") || head.contains(" 202 "),
        "{method} {path}: {head}\n{}",
        String::from_utf8_lossy(&body)
    );
    head
}

/// HTTP/1.0: the answer ends with its connection.
fn request(method: &str, path: &str, content_type: &str, body: &[u8]) -> (String, Vec<u8>) {
    let registry = variable("LONGSHORE_TEST_REGISTRY");
    let mut stream = TcpStream::connect(&registry).expect("the registry");
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.0\r\nHost: {registry}\r\nAccept: {content_type}\r\nContent-Type: {content_type}\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat()).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("a head") + 4;
    (String::from_utf8_lossy(&answer[..end]).into_owned(), answer.split_off(end))
}

pub fn sha256(bytes: &[u8]) -> String {
    let mut sum = Command::new("sha256sum").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("sha256sum");
    sum.stdin.take().expect("its input").write_all(bytes).expect("written");
    let output = sum.wait_with_output().expect("its output");
    String::from_utf8_lossy(&output.stdout).chars().take(64).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}
