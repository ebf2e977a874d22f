//! What the stub engine answers: bodies recorded from Docker 20.10.24, multiplied.

use std::fmt::Write as _;

const SUMMARY: &str = include_str!("../data/container_summary.json");
const INSPECT: &str = include_str!("../data/container_inspect.json");
const PULL: &str = include_str!("../data/pull.jsonl");

/// A frame of a log: 8 bytes of header, 100 of text.
pub const FRAME: usize = 108;
/// So many frames are 16 MB.
pub const FRAMES: usize = 16_000_000 / FRAME;
/// So many steps a pull has, at least.
pub const STEPS: usize = 10_000;

/// The JSON of a list of so many containers, each with ids of its own.
pub fn list(containers: usize) -> String {
    let recorded = SUMMARY.trim_end();
    let id = recorded.split('"').nth(3).expect("an id");
    let elements = (0..containers).map(|index| {
        let own = format!("{:016x}", (index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).repeat(4);
        recorded.replace(id, &own).replace("/bench-shop-web-1", &format!("/bench-shop-web-{index}"))
    });
    format!("[{}]\n", elements.collect::<Vec<_>>().join(","))
}

/// An answer of JSON as Go sends it: with its length up to 2 KiB, else as one chunk.
fn json(body: &str) -> Vec<u8> {
    if body.len() <= 2048 {
        return with_length(body);
    }
    in_chunks("application/json", std::iter::once(body.as_bytes()))
}

fn with_length(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\nContent-Type: application/json\r\nDocker-Experimental: false\r\n\
         Ostype: linux\r\nServer: Docker/25.0.5 (linux)\r\nDate: Tue, 24 Nov 2026 03:57:50 GMT\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn in_chunks<'a>(content_type: &str, chunks: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\nContent-Type: {content_type}\r\nDocker-Experimental: false\r\n\
         Ostype: linux\r\nServer: Docker/25.0.5 (linux)\r\nDate: Tue, 24 Nov 2026 03:57:50 GMT\r\n\
         Transfer-Encoding: chunked\r\n\r\n"
    )
    .into_bytes();
    for chunk in chunks {
        answer.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        answer.extend_from_slice(chunk);
        answer.extend_from_slice(b"\r\n");
    }
    answer.extend_from_slice(b"0\r\n\r\n");
    answer
}

/// The answers by what their requests' targets contain.
pub fn answers() -> Vec<(&'static str, Vec<u8>)> {
    let ping = "HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\nBuilder-Version: 2\r\n\
                Cache-Control: no-cache, no-store, must-revalidate\r\nContent-Length: 0\r\n\
                Content-Type: text/plain; charset=utf-8\r\nDocker-Experimental: false\r\nOstype: linux\r\n\
                Pragma: no-cache\r\nServer: Docker/25.0.5 (linux)\r\nSwarm: inactive\r\n\
                Date: Tue, 24 Nov 2026 03:56:53 GMT\r\n\r\n";
    let mut line = vec![1, 0, 0, 0, 0, 0, 0, 100];
    line.resize(FRAME - 1, b'x');
    line.push(b'\n');
    let (first, middle, last) = steps();
    let pull: Vec<_> = std::iter::once(first.as_str())
        .chain(middle.iter().map(String::as_str))
        .chain(last.iter().map(String::as_str))
        .collect();
    // In the order in which they are looked for. Each frame and record is a chunk: engines flush after each.
    vec![
        ("/_ping", ping.into()),
        ("/containers/web/json", json(INSPECT)),
        ("limit=10000", json(&list(10_000))),
        ("limit=100", json(&list(100))),
        ("limit=1", json(&list(1))),
        (
            "/containers/web/logs",
            in_chunks("application/vnd.docker.multiplexed-stream", std::iter::repeat_n(line.as_slice(), FRAMES)),
        ),
        ("/images/create", in_chunks("application/json", pull.iter().map(|step| step.as_bytes()))),
    ]
}

/// The recorded pull: its beginning, its layers' steps as often as makes a large pull, and its end.
fn steps() -> (String, Vec<String>, Vec<String>) {
    let lines: Vec<_> = PULL.lines().map(|line| format!("{line}\r\n")).collect();
    let (first, rest) = lines.split_first().expect("steps");
    let (layer, end) = rest.split_at(rest.len() - 2);
    let layers = (0..=STEPS / layer.len()).flat_map(|index| {
        let mut id = String::new();
        let _ = write!(id, "{index:012x}");
        layer.iter().map(move |step| step.replace("55a2ecffd602", &id))
    });
    (first.clone(), layers.collect(), end.to_vec())
}
