// A scripted engine for the examples in the documentation, which include this file in hidden lines:
//
//     # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//     # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//     # let docker = engine(&[("POST /containers/web/start", "204")]);
//     docker.container("web").start().await?;
//     # Ok(()) }
//
// A request is written as method and target, without the API's version and percent signs; behind a space there may be the
// JSON object of its body, which is not looked at otherwise. An answer is a status, and behind a space its body. In a body, `>` and `!` at the
// beginning of a line make it one of stdout or stderr, in a frame of its own; other lines are sent as they are. The zeros that
// end an archive follow the body `a tar archive`. The body `…` does not come as long as the client is there. Headers that begin with `X-` may precede it, ended by an empty line.

/// A client of an engine that is asked for exactly this, in this order. Any other request fails the example, and so does one
/// that is missing at its end.
fn engine(script: &'static [(&'static str, &'static str)]) -> longshore::Docker {
    let script = std::sync::Arc::new(std::sync::Mutex::new(script));
    let builder = longshore::Docker::builder().connector(Scripted(script)).registry_credentials(false);
    builder.api_version(longshore::Version::NEWEST).build().expect("a client")
}

type Script = std::sync::Arc<std::sync::Mutex<&'static [(&'static str, &'static str)]>>;

#[derive(Debug)]
struct Scripted(Script);

impl longshore::Connect for Scripted {
    fn connect(&self) -> longshore::Connecting<'_> {
        let (socket, engine) = tokio::io::duplex(64 << 10);
        tokio::spawn(serve(engine, self.0.clone()));
        Box::pin(async { Ok(Box::new(socket) as _) })
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        let left = *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        assert!(left.is_empty() || std::thread::panicking(), "the example did not ask for: {left:#?}");
    }
}

async fn serve(socket: tokio::io::DuplexStream, script: Script) {
    use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
    let mut socket = tokio::io::BufReader::new(socket);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if socket.read_line(&mut head).await.is_ok_and(|length| length == 0) {
                return;
            }
        }
        let (line, headers) = head.split_once(" HTTP/1.1\r\n").expect("a request line");
        let headers = headers.to_ascii_lowercase();
        let mut body = Vec::new();
        if let Some((_, length)) = headers.split_once("content-length: ") {
            let length: u64 = length.split("\r\n").next().expect("a line").parse().expect("a length");
            (&mut socket).take(length).read_to_end(&mut body).await.expect("a body");
        } else if headers.contains("transfer-encoding: chunked") {
            loop {
                let mut size = String::new();
                socket.read_line(&mut size).await.expect("a chunk");
                let size = u64::from_str_radix(size.trim_end(), 16).expect("its size");
                (&mut socket).take(size).read_to_end(&mut body).await.expect("the chunk");
                socket.read_line(&mut String::new()).await.expect("the end of the chunk");
                if size == 0 {
                    break;
                }
            }
        }
        let next = {
            let mut script = script.lock().expect("nothing went wrong before");
            let (next, rest) = script.split_first().unwrap_or_else(|| panic!("the script has no more, but got {line}"));
            check(next.0, line, &body);
            *script = rest;
            next.1
        };
        let (status, body) = next.split_once(' ').unwrap_or((next, ""));
        let (more, body) =
            body.split_once("\r\n\r\n").filter(|(more, _)| more.starts_with("X-")).unwrap_or(("X-Of: doc", body));
        let answer = match body.starts_with(['>', '!']) {
            true => body.split_inclusive('\n').flat_map(frame).collect(),
            false if body == "a tar archive" => [body.as_bytes(), &[0; 1024]].concat(),
            false => body.as_bytes().to_vec(),
        };
        let kind = match body.chars().next() {
            Some('{' | '[') => "application/json",
            Some('>' | '!') => "application/vnd.docker.multiplexed-stream",
            _ => "application/octet-stream",
        };
        let framing = match status {
            "101" => "Connection: Upgrade\r\nUpgrade: tcp".to_owned(),
            _ if body == "…" => "Transfer-Encoding: chunked".to_owned(),
            _ => format!("Content-Length: {}", answer.len()),
        };
        let head = format!("HTTP/1.1 {status} Answered\r\nContent-Type: {kind}\r\n{more}\r\n{framing}\r\n\r\n");
        socket.write_all(head.as_bytes()).await.expect("the client reads");
        if status == "101" || body == "…" {
            // A process writes once it has read all of its input.
            let _ = socket.read_to_end(&mut Vec::new()).await;
        }
        if status != "204" && body != "…" {
            socket.write_all(&answer).await.expect("the client reads");
        }
        if status == "101" || body == "…" {
            return;
        }
    }
}

fn check(expected: &str, line: &str, body: &[u8]) {
    let (method, target) = line.split_once(' ').expect("a target");
    let target = unescaped(target.strip_prefix(&format!("/v{}", longshore::Version::NEWEST)).unwrap_or(target));
    let (expected, expected_body) = expected.split_once(" {").map_or((expected, None), |(line, body)| {
        (line, Some(serde_json::from_str::<serde_json::Value>(&format!("{{{body}")).expect("JSON in the script")))
    });
    assert_eq!(format!("{method} {target}"), expected, "the example asks for something else than its script");
    if let Some(expected) = expected_body {
        let body: serde_json::Value = serde_json::from_slice(body).expect("a body of JSON");
        assert_eq!(body, expected, "the body of {line}");
    }
}

/// Without percent signs.
fn unescaped(target: &str) -> String {
    let mut parts = target.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (escape, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(escape, 16).expect("an escape"));
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// `>` is stdout, `!` is stderr.
fn frame(line: &str) -> Vec<u8> {
    let (stream, text) = line.split_at(1);
    let length = u32::try_from(text.len()).expect("a short line");
    let mut frame = vec![if stream == "!" { 2 } else { 1 }, 0, 0, 0];
    frame.extend(length.to_be_bytes());
    frame.extend(text.as_bytes());
    frame
}
