//! An engine that answers from memory: a process of its own, on a core of its own.

pub mod bodies;
mod request;

use crate::core::{Core, pin};
use bodies::Part;
use request::Request;
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

/// So much of a long body is put together once, and written again and again.
const PART_FRAMES: u64 = 8192;
const PART_BYTES: u64 = 1 << 20;

/// Serves on a socket until standard input ends, which it does with the process that started this one.
pub fn main(arguments: &[String]) -> ExitCode {
    let [socket, ..] = arguments else {
        eprintln!("stub SOCKET");
        return ExitCode::FAILURE;
    };
    pin(Core::Server);
    let listener = UnixListener::bind(socket).expect("a socket");
    let answers = Arc::new(Answers::new());
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answers = answers.clone();
            // A client that goes away ends its connection, and nothing else.
            std::thread::spawn(move || drop(serve(stream, &answers)));
        }
    });
    println!("ready");
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
    ExitCode::SUCCESS
}

/// A kind of body, and how much is in it.
type What = (&'static str, u64);

struct Answers {
    ping: Vec<u8>,
    ping_with_body: Vec<u8>,
    inspect: Vec<u8>,
    packed: Part,
    chunked: Part,
    zeros: Part,
    /// Lists and pulls, which are made when they are first asked for.
    made: Mutex<HashMap<What, Arc<Vec<u8>>>>,
}

impl Answers {
    fn new() -> Self {
        Self {
            ping: bodies::ping(false),
            ping_with_body: bodies::ping(true),
            inspect: bodies::inspect(),
            packed: bodies::packed(PART_FRAMES),
            chunked: bodies::chunked(PART_FRAMES),
            zeros: bodies::zeros(PART_BYTES),
            made: Mutex::default(),
        }
    }

    fn of_size(&self, what: &'static str, size: u64, make: fn(u64) -> Vec<u8>) -> Arc<Vec<u8>> {
        let mut bodies = self.made.lock().expect("no panic while it was locked");
        bodies.entry((what, size)).or_insert_with(|| Arc::new(make(size))).clone()
    }
}

fn serve(mut stream: UnixStream, answers: &Answers) -> io::Result<()> {
    let mut buffer = vec![0; 16 << 10];
    let mut begun = 0;
    loop {
        let Some(head) = buffer[..begun].windows(4).position(|end| end == b"\r\n\r\n") else {
            match stream.read(&mut buffer[begun..])? {
                0 => return Ok(()),
                read => begun += read,
            }
            continue;
        };
        let request = Request::parse(&buffer[..head]);
        let body = head + 4;
        request.skip_body(&mut stream, &buffer[body..begun])?;
        begun = 0; // nobody asks before the answer
        answer(&mut stream, &request, answers)?;
    }
}

fn answer(stream: &mut UnixStream, request: &Request, answers: &Answers) -> io::Result<()> {
    let path = request.path.as_str();
    match (path.trim_start_matches('/'), request.method.as_str()) {
        ("_ping", "HEAD") => stream.write_all(&answers.ping),
        ("_ping", _) => stream.write_all(&answers.ping_with_body),
        ("containers/json", _) => {
            stream.write_all(&answers.of_size("list", request.number("limit").unwrap_or(1), bodies::list))
        }
        ("images/create", _) => {
            stream.write_all(&answers.of_size("pull", request.number("tag").unwrap_or(100), bodies::pull))
        }
        ("containers/chunked/logs", _) => logs(stream, request, &answers.chunked, bodies::chunked),
        (path, _) if path.ends_with("/logs") => logs(stream, request, &answers.packed, bodies::packed),
        ("build", _) => stream.write_all(&bodies::json("{\"aux\":{\"ID\":\"sha256:5d27\"}}\r\n")),
        ("images/load", _) => stream.write_all(&bodies::json("{\"stream\":\"Loaded image: web:1.0\\n\"}\r\n")),
        ("version" | "info", _) => stream.write_all(&bodies::json("{\"ApiVersion\":\"1.44\",\"Version\":\"25.0.5\"}")),
        (path, _) if path.starts_with("containers/") => stream.write_all(&answers.inspect),
        (path, _) if path.starts_with("images/") => save(stream, request, path, answers),
        _ => stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
    }
}

/// So many frames as are asked for.
fn logs(stream: &mut UnixStream, request: &Request, part: &Part, make: fn(u64) -> Part) -> io::Result<()> {
    stream.write_all(&bodies::chunked_head("application/vnd.docker.multiplexed-stream"))?;
    parts(stream, request.number("tail").unwrap_or(1), part, make)
}

/// `images/web:SIZE/get`, or `images/get?names=web:SIZE`: so many bytes.
fn save(stream: &mut UnixStream, request: &Request, path: &str, answers: &Answers) -> io::Result<()> {
    let name = request.parameter("names").unwrap_or(path);
    let size = name.rsplit([':', 'A']).next().and_then(|size| size.trim_end_matches("/get").parse().ok());
    stream.write_all(&bodies::chunked_head("application/x-tar"))?;
    parts(stream, size.unwrap_or(1), &answers.zeros, bodies::zeros)
}

fn parts(stream: &mut UnixStream, count: u64, part: &Part, make: fn(u64) -> Part) -> io::Result<()> {
    for _ in 0..count / part.carries {
        stream.write_all(&part.wire)?;
    }
    let mut last = make(count % part.carries).wire;
    last.extend_from_slice(bodies::END);
    stream.write_all(&last)
}
