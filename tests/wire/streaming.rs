//! Bodies of any length, in bounded memory: both ways, and both at once.
//!
//! The memory is that of the whole process, so each test has one of its own.

use crate::support::again::is_alone;
use crate::support::peer::{Connection, Peer};
use crate::support::produce::pieces;
use longshore::stream::ByteStream;
use longshore::{Result, Upload};
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, ReadBuf};

const PIECE: usize = 64 << 10;
const PIECES: u64 = 4096;
const LENGTH: u64 = PIECES * PIECE as u64;
/// So much more memory than before it may take, whatever is sent.
const GROWTH: u64 = 64 << 20;
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n";

static BEFORE: LazyLock<u64> = LazyLock::new(most_memory);

/// The most memory that the process ever had at a time.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the process's status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its memory");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") << 10
}

fn assert_little_memory() {
    let growth = most_memory().saturating_sub(*BEFORE);
    assert!(growth < GROWTH, "{} MiB of memory for {} MiB of data", growth >> 20, LENGTH >> 20);
}

/// Reads all of it, without keeping any; gives its length.
async fn read(mut stream: ByteStream) -> Result<u64> {
    let mut length = 0;
    while let Some(piece) = stream.next().await {
        length += piece?.len() as u64;
    }
    Ok(length)
}

fn export(mut connection: Connection) {
    assert!(connection.head().starts_with("get /v1.41/containers/web/export http/1.1\r\n"));
    let piece = vec![0; PIECE]; // as an archive ends
    connection.send(CHUNKED);
    for _ in 0..PIECES {
        connection.send_chunk(&piece);
    }
    connection.send("0\r\n\r\n");
}

#[tokio::test]
async fn an_export_takes_little_memory() {
    if !is_alone("streaming::an_export_takes_little_memory") {
        return;
    }
    LazyLock::force(&BEFORE);
    for peer in Peer::both(export) {
        let files = peer.docker().container("web").export().await.expect("an export");
        assert_eq!(read(files).await.expect("all of it"), LENGTH, "{}", peer.host());
        let mut files = peer.docker().container("web").export().await.expect("an export");
        let copied = tokio::io::copy(&mut files, &mut tokio::io::sink()).await.expect("all of it");
        assert_eq!(copied, LENGTH, "{}", peer.host());
    }
    assert_little_memory();
}

#[tokio::test]
async fn an_export_that_nobody_reads_takes_little_memory() {
    if !is_alone("streaming::an_export_that_nobody_reads_takes_little_memory") {
        return;
    }
    LazyLock::force(&BEFORE);
    let peer = Peer::unix(export);
    let mut files = peer.docker().container("web").export().await.expect("an export");
    files.next().await.expect("a piece").expect("a piece");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await; // the engine would have sent it all
    assert_little_memory();
    assert!(read(files).await.expect("the rest") < LENGTH);
}

fn unpack(mut connection: Connection) {
    let head = connection.head();
    assert!(head.starts_with("put /v1.41/containers/web/archive?path=%2fdata http/1.1\r\n"), "{head}");
    assert!(head.contains("\r\ncontent-type: application/x-tar\r\n"), "{head}");
    let length = if head.contains("transfer-encoding: chunked") {
        connection.count()
    } else {
        assert!(head.contains(&format!("content-length: {LENGTH}\r\n")), "{head}");
        connection.skip(LENGTH).then_some(LENGTH)
    };
    assert_eq!(length, Some(LENGTH));
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

/// A file of so many bytes.
struct Zeros(u64);

impl AsyncRead for Zeros {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let length = buffer.remaining().min(usize::try_from(self.0).expect("64 bits"));
        buffer.initialize_unfilled_to(length);
        buffer.advance(length);
        self.0 -= length as u64;
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn an_upload_takes_little_memory() {
    if !is_alone("streaming::an_upload_takes_little_memory") {
        return;
    }
    LazyLock::force(&BEFORE);
    let file = tempfile::NamedTempFile::new().expect("a file");
    file.as_file().set_len(LENGTH).expect("a large file");
    for peer in Peer::both(unpack) {
        let web = peer.docker().container("web");
        for tar in [
            Upload::stream(pieces(PIECES, PIECE)),
            Upload::stream(pieces(PIECES, PIECE)).length(LENGTH),
            Upload::reader(Zeros(LENGTH)),
            Upload::reader(Zeros(LENGTH)).length(LENGTH),
            Upload::file(file.path()),
        ] {
            web.put_archive("/data", tar).await.expect("unpacked");
        }
    }
    assert_little_memory();
}

/// Sends each chunk back before it reads the next: a client that does not read meanwhile comes to a stop.
fn echo(mut connection: Connection) {
    assert!(connection.head().starts_with("post /v1.41/echo http/1.1\r\n"));
    connection.send(CHUNKED);
    let mut buffer = Vec::new();
    loop {
        let chunk = connection.chunk(&mut buffer).expect("a chunk");
        if chunk.is_empty() {
            break;
        }
        let chunk = chunk.to_vec();
        connection.send_chunk(&chunk);
    }
    connection.send("0\r\n\r\n");
}

#[tokio::test]
async fn reading_and_writing_go_on_at_once() {
    if !is_alone("streaming::an_upload_takes_little_memory") {
        return;
    }
    LazyLock::force(&BEFORE);
    for peer in Peer::both(echo) {
        let upload = Upload::stream(pieces(PIECES, PIECE));
        let answer = peer.docker().raw("POST", ["echo"]).upload("application/octet-stream", upload).await;
        let echoed = read(answer.expect("an answer").stream()).await.expect("all of it");
        assert_eq!(echoed, LENGTH, "{}", peer.host());
    }
    assert_little_memory();
}
