//! Archives of images of any length take little memory.

#![cfg(target_os = "linux")]

use crate::support::again::is_alone;
use bytes::Bytes;
use longshore::{Docker, Upload, Version};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

const SEVERAL: usize = 2 << 30;
const ONE: usize = 256 << 20;
const PIECE: usize = 64 << 10;
const BOUND_KIB: usize = 64 << 10;

#[tokio::test]
async fn an_archive_of_any_length_takes_little_memory() {
    if !is_alone("streaming_images::an_archive_of_any_length_takes_little_memory") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the socket");
    let docker = serve(&folder.path().join("engine.sock"));
    let before = peak_kib();

    // Reading and writing at once, from one stream into the other.
    let archive = docker.images().save(["web", "db"]).await.expect("an archive");
    let loaded = docker.images().load(Upload::stream(archive)).await.expect("loaded");
    assert_eq!(loaded.images, [SEVERAL.to_string()]);

    let archive = docker.image("web").save().await.expect("an archive");
    let imported = docker.images().import(Upload::reader(archive)).await.expect("imported");
    assert_eq!(imported.name(), format!("sha256:{ONE}"));

    let grown = peak_kib() - before;
    assert!(grown < BOUND_KIB, "the process grew by {grown} KiB for archives of {} KiB", SEVERAL >> 10);
}

/// The most memory that the process ever had, in KiB.
fn peak_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("the process's status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// An engine that makes archives up, and forgets those that it gets: it tells their length as their name.
fn serve(socket: &Path) -> Docker {
    let listener = UnixListener::bind(socket).expect("a socket");
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || answer_all(&stream));
        }
    });
    let host = format!("unix://{}", socket.display());
    Docker::builder().host(host).api_version(Version::new(1, 41)).build().expect("a client")
}

fn answer_all(stream: &UnixStream) {
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    loop {
        let head: Vec<_> = reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        match head.first().map(String::as_str) {
            None => return,
            Some(line) if line.starts_with("POST") => {
                let length = read_chunks(&mut reader);
                let body = format!("{{\"stream\":\"Loaded image: {length}\\n\",\"status\":\"sha256:{length}\"}}\r\n");
                write!(writer, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).expect("answered");
            }
            Some(line) => {
                let length = if line.starts_with("GET /v1.41/images/get?") { SEVERAL } else { ONE };
                write!(writer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").expect("answered");
                let piece = Bytes::from([format!("{PIECE:x}\r\n").as_bytes(), &vec![0; PIECE], b"\r\n"].concat());
                for _ in 0..length / PIECE {
                    writer.write_all(&piece).expect("a piece");
                }
                writer.write_all(b"0\r\n\r\n").expect("the end");
            }
        }
    }
}

/// Reads a chunked body and tells how long it was.
fn read_chunks(reader: &mut impl BufRead) -> usize {
    let (mut length, mut piece) = (0, Vec::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a chunk's length");
        let chunk = usize::from_str_radix(line.trim(), 16).expect("a number");
        piece.resize(chunk + 2, 0);
        reader.read_exact(&mut piece).expect("a chunk");
        length += chunk;
        if chunk == 0 {
            return length;
        }
    }
}
