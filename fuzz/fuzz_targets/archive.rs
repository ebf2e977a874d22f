//! Archives of a container's files, which are read, or unpacked into a folder and nowhere else.

#![no_main]

use longshore_fuzz::{checked, engine, response, run, split};

/// Base64 of `{"name":"log","mode":420,"size":0}`: what the engine says of the path.
const STAT: &str = "eyJuYW1lIjoibG9nIiwibW9kZSI6NDIwLCJzaXplIjowfQ==";

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (tar, choice) = split(data);
    let tar = with_checksums(tar.to_vec());
    let docker = engine(response(&format!("200 OK\r\nX-Docker-Container-Path-Stat: {STAT}"), &tar), 64 << 10);
    let web = docker.container("web");
    if choice & 1 == 0 {
        return drop(run(async { checked(web.read_file("/var/log").await) }));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let local = folder.path().join("local");
    let path = if choice & 2 == 0 { "/var/log" } else { "/var/log/." };
    run(async { checked(web.copy_from(path, &local).await) });
    let outside =
        std::fs::read_dir(&folder).expect("a folder").filter(|entry| entry.as_ref().expect("one").path() != local);
    assert_eq!(outside.count(), 0);
});

/// Without this most of what the fuzzer changes is refused at once.
fn with_checksums(mut tar: Vec<u8>) -> Vec<u8> {
    for header in tar.chunks_exact_mut(512).filter(|block| block[257..].starts_with(b"ustar")) {
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    }
    tar
}
