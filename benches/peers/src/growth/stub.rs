//! An engine that answers from memory: a process of its own, with as many things as it is asked for.

use super::Failure;
use crate::core::{Core, pin};
use crate::stub::bodies::{END, chunked_head, json, list};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

/// An event of a container of Docker Compose, recorded from Docker 20.10.24.
const EVENT: &str = include_str!("../../../data/event.json");
const CREATED: &str = "HTTP/1.1 201 Created\r\nApi-Version: 1.44\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n\
    {\"Id\":\"4f825e28f19602322da403eca0fc3e7a55d7d2911b089b8e63ea332686c4d7c8\",\"Warnings\":null}\n";
/// A frame of a log has so much text; its header is 8 bytes.
pub const LINE: usize = 100;
/// So many records are written at once.
const AT_ONCE: usize = 2000;

/// The stub's process; dropped, it ends.
pub struct Stub {
    process: Child,
    folder: tempfile::TempDir,
}

impl Stub {
    pub fn start() -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let socket = folder.path().join("engine.sock");
        let mut command = Command::new(std::env::current_exe()?);
        let process =
            command.args(["growth", "stub"]).arg(&socket).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut stub = Self { process, folder };
        let output = stub.process.stdout.take().ok_or("the stub has no output")?;
        BufReader::new(output).read_line(&mut String::new())?; // it listens
        Ok(stub)
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("engine.sock")
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Answers until standard input ends, which it does with the process that started this one.
pub fn serve(socket: &Path) -> Result<(), Failure> {
    pin(Core::Server);
    let listener = UnixListener::bind(socket)?;
    println!("listening");
    std::thread::spawn(move || {
        let bodies = Arc::new(Bodies::new());
        for stream in listener.incoming().map_while(Result::ok) {
            let bodies = bodies.clone();
            // A client that goes away is no error.
            std::thread::spawn(move || answer(stream, &bodies));
        }
    });
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}

/// Records as they are sent, each a chunk, as engines flush after each.
struct Records {
    one: usize,
    many: Vec<u8>,
}

impl Records {
    fn new(record: &[u8]) -> Self {
        let one = [format!("{:x}\r\n", record.len()).as_bytes(), record, b"\r\n"].concat();
        Self { one: one.len(), many: one.repeat(AT_ONCE) }
    }

    fn send(&self, stream: &mut UnixStream, mut count: usize) -> std::io::Result<()> {
        while count > 0 {
            let part = count.min(AT_ONCE);
            stream.write_all(&self.many[..part * self.one])?;
            count -= part;
        }
        stream.write_all(END)
    }
}

struct Bodies {
    events: Records,
    frames: Records,
    stamped: Records,
}

impl Bodies {
    fn new() -> Self {
        let frame = |line: &str| {
            [&[1, 0, 0, 0, 0, 0, 0, u8::try_from(line.len()).unwrap_or(u8::MAX)], line.as_bytes()].concat()
        };
        Self {
            events: Records::new(EVENT.as_bytes()),
            frames: Records::new(&frame(&format!("{}\n", "x".repeat(LINE - 1)))),
            stamped: Records::new(&frame("2026-11-24T08:30:00.000000000Z done\n")),
        }
    }
}

fn answer(stream: UnixStream, bodies: &Bodies) -> std::io::Result<()> {
    let mut requests = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    while let Some(target) = request(&mut requests)? {
        respond(&mut stream, &target, bodies)?;
    }
    Ok(())
}

/// Reads a request, its body too; `METHOD target` is what is of interest.
fn request(requests: &mut BufReader<UnixStream>) -> std::io::Result<Option<String>> {
    let mut first = String::new();
    if requests.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        requests.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        } else if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    requests.read_exact(&mut vec![0; length])?;
    Ok(Some(first))
}

/// The number behind a key of the query.
fn number(request: &str, key: &str) -> Option<usize> {
    let (_, value) = request.split_once(key)?;
    value.split(|byte: char| !byte.is_ascii_digit()).next()?.parse().ok()
}

fn respond(stream: &mut UnixStream, request: &str, bodies: &Bodies) -> std::io::Result<()> {
    let path = request.split([' ', '?']).nth(1).unwrap_or_default();
    let answer = match path.rsplit('/').next().unwrap_or_default() {
        "events" => {
            stream.write_all(&chunked_head("application/json"))?;
            return bodies.events.send(stream, number(request, "since=").unwrap_or_default());
        }
        "logs" => {
            stream.write_all(&chunked_head("application/vnd.docker.multiplexed-stream"))?;
            return match number(request, "tail=") {
                Some(frames) => bodies.frames.send(stream, frames),
                None => bodies.stamped.send(stream, 1),
            };
        }
        "json" if path.contains("/images/") => json(r#"{"Id":"sha256:a9dc"}"#),
        "json" => list(number(request, "limit=").unwrap_or_default() as u64),
        "wait" => json(r#"{"StatusCode":0}"#),
        "create" => CREATED.into(),
        _ => b"HTTP/1.1 204 No Content\r\nApi-Version: 1.44\r\n\r\n".into(), // start, and the removal
    };
    stream.write_all(&answer)
}
