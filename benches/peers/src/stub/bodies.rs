//! What the stub engine answers: bodies recorded from Docker 20.10.24, multiplied.

use crate::operation::FRAME;

const SUMMARY: &str = include_str!("../../../data/container_summary.json");
const INSPECT: &str = include_str!("../../../data/container_inspect.json");
const PULL: &str = include_str!("../../../data/pull.jsonl");

const HEAD: &str = "HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\nDocker-Experimental: false\r\nOstype: linux\r\n\
                    Server: Docker/25.0.5 (linux)\r\nDate: Tue, 24 Nov 2026 03:57:50 GMT\r\n";

/// What ends a body of chunks.
pub const END: &[u8] = b"0\r\n\r\n";

pub fn ping(has_body: bool) -> Vec<u8> {
    let (length, body) = if has_body { (2, "OK") } else { (0, "") };
    format!(
        "HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\nBuilder-Version: 2\r\n\
         Cache-Control: no-cache, no-store, must-revalidate\r\nContent-Length: {length}\r\n\
         Content-Type: text/plain; charset=utf-8\r\nDocker-Experimental: false\r\nOstype: linux\r\n\
         Pragma: no-cache\r\nServer: Docker/25.0.5 (linux)\r\nSwarm: inactive\r\n\
         Date: Tue, 24 Nov 2026 03:56:53 GMT\r\n\r\n{body}"
    )
    .into_bytes()
}

pub fn inspect() -> Vec<u8> {
    json(INSPECT)
}

/// A list of so many containers, each with ids of its own.
pub fn list(containers: u64) -> Vec<u8> {
    let recorded = SUMMARY.trim_end();
    let id = recorded.split('"').nth(3).expect("an id");
    let elements = (0..containers).map(|index| {
        let own = format!("{:016x}", (index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).repeat(4);
        recorded.replace(id, &own).replace("/bench-shop-web-1", &format!("/bench-shop-web-{index}"))
    });
    json(&format!("[{}]\n", elements.collect::<Vec<_>>().join(",")))
}

/// An answer of JSON as Go sends it: with its length up to 2 KiB, else as one chunk.
pub fn json(body: &str) -> Vec<u8> {
    if body.len() <= 2048 {
        let length = body.len();
        return format!("{HEAD}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes();
    }
    let mut answer = chunked_head("application/json");
    push_chunk(&mut answer, body.as_bytes());
    answer.extend_from_slice(END);
    answer
}

/// The head of an answer in chunks.
pub fn chunked_head(content_type: &str) -> Vec<u8> {
    format!("{HEAD}Content-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n").into_bytes()
}

fn push_chunk(answer: &mut Vec<u8>, chunk: &[u8]) {
    answer.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
    answer.extend_from_slice(chunk);
    answer.extend_from_slice(b"\r\n");
}

/// A part of a body that is sent over and over, and how much it carries of what is counted.
pub struct Part {
    pub wire: Vec<u8>,
    pub carries: u64,
}

fn frames(count: u64) -> Vec<u8> {
    let mut frame = vec![1, 0, 0, 0, 0, 0, 0, 100];
    frame.resize(usize::try_from(FRAME).expect("a small frame") - 1, b'x');
    frame.push(b'\n');
    frame.repeat(usize::try_from(count).expect("few frames"))
}

fn in_chunks(bytes: &[u8], length: usize) -> Vec<u8> {
    let mut wire = Vec::new();
    bytes.chunks(length).for_each(|chunk| push_chunk(&mut wire, chunk));
    wire
}

/// Frames in chunks of 32 KiB, whose ends are not the frames': as where something between packs them.
pub fn packed(frames_in_it: u64) -> Part {
    Part { wire: in_chunks(&frames(frames_in_it), 32 << 10), carries: frames_in_it }
}

/// Frames that are each a chunk, as engines send them, which flush after each.
pub fn chunked(frames_in_it: u64) -> Part {
    Part { wire: in_chunks(&frames(frames_in_it), usize::try_from(FRAME).unwrap_or(1)), carries: frames_in_it }
}

/// Nothing but zeros, in chunks of 32 KiB, as Go copies an archive.
pub fn zeros(length: u64) -> Part {
    Part { wire: in_chunks(&vec![0; usize::try_from(length).expect("a short part")], 32 << 10), carries: length }
}

/// The recorded pull, with its layers' steps as often as makes so many records; each is a chunk.
pub fn pull(records: u64) -> Vec<u8> {
    let lines: Vec<_> = PULL.lines().map(|line| format!("{line}\r\n")).collect();
    let (first, rest) = lines.split_first().expect("steps");
    let (layer, end) = rest.split_at(rest.len() - 2);
    let mut answer = chunked_head("application/json");
    push_chunk(&mut answer, first.as_bytes());
    for index in 0..records.saturating_sub(3) {
        let (layer_index, step) = (index / layer.len() as u64, index % layer.len() as u64);
        let step = &layer[usize::try_from(step).expect("few steps")];
        push_chunk(&mut answer, step.replace("55a2ecffd602", &format!("{layer_index:012x}")).as_bytes());
    }
    for line in end {
        push_chunk(&mut answer, line.as_bytes());
    }
    answer.extend_from_slice(END);
    answer
}
