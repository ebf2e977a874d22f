//! `GET /containers/{id}/logs`

use crate::support::{Engine, Exchange, Response, fixture, on};
use longshore::stream::{OutputStream, Source};
use longshore::{ErrorKind, Limits, Timestamp, Version};
use std::sync::mpsc::channel;
use std::time::Duration;

const MULTIPLEXED: &str = "application/vnd.docker.multiplexed-stream";
const RAW: &str = "application/vnd.docker.raw-stream";
const BOTH: &str = "logs?stdout=true&stderr=true";

fn frame(kind: u8, payload: &str) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short");
    [&[kind, 0, 0, 0], length.to_be_bytes().as_slice(), payload.as_bytes()].concat()
}

/// Logs of the container `web`, in an answer of this type.
fn logs(version: u16, content_type: &str, body: &[u8]) -> Exchange {
    let answer = Response::chunked(200, content_type).chunk(body).end();
    on(format!("GET /v1.{version}/containers/web/{BOTH}")).respond(answer)
}

fn inspect(version: u16, tty: bool) -> Exchange {
    let answer = Response::json(200, serde_json::json!({"Config": {"Tty": tty}}));
    on(format!("GET /v1.{version}/containers/web/json")).respond(answer)
}

/// All of the output: pieces of one source that follow each other are put together.
async fn read(mut output: OutputStream) -> longshore::Result<Vec<(Source, String)>> {
    let mut read: Vec<(Source, String)> = Vec::new();
    while let Some(chunk) = output.next().await {
        let chunk = chunk?;
        match read.last_mut() {
            Some((source, text)) if *source == chunk.source => text.push_str(&chunk.to_string()),
            _ => read.push((chunk.source, chunk.to_string())),
        }
    }
    Ok(read)
}

#[tokio::test]
async fn every_setter() {
    let since = "2026-11-24T03:19:56.000000001Z".parse::<Timestamp>().expect("a time");
    let target = "GET /v1.42/containers/web/logs?stdout=true&stderr=false&follow=true&since=1795490396.000000001\
                  &until=1795490400.000000000&timestamps=true&tail=100&details=true";
    let engine = Engine::unix([on(target).respond(Response::chunked(200, MULTIPLEXED).end())]);
    let call = engine.docker(42).container("web").logs().follow(true).stderr(false).since(since);
    let call = call.until(Timestamp::new(1_795_490_400, 0).expect("a time")).timestamps(true).tail(100).details(true);
    assert!(call.await.expect("logs").next().await.is_none());
}

#[tokio::test]
async fn a_log_is_read_into_memory() {
    let frames = [frame(1, "out\n"), frame(2, "err\n"), frame(1, "more")].concat();
    let broken = [frame(1, "out\n"), frame(3, "disk full")].concat();
    let engine = Engine::unix([logs(42, MULTIPLEXED, &frames), logs(42, MULTIPLEXED, &broken)]);
    let web = engine.docker(42).container("web");
    let log = web.logs().output().await.expect("a log");
    assert_eq!((log.stdout_text().as_str(), log.stderr_text().as_str()), ("out\nmore", "err\n"));
    assert_eq!(web.logs().output().await.expect_err("an error").message(), "disk full");
}

#[tokio::test]
async fn the_answers_type_says_how_it_is_framed() {
    let frames = [frame(1, "out\n"), frame(2, "err\n"), frame(1, ""), frame(1, "more")].concat();
    let engine = Engine::unix([
        logs(42, MULTIPLEXED, &frames),
        logs(42, RAW, &frames), // a terminal may show such bytes
        logs(55, RAW, b"\x01"),
    ]);
    let web = engine.docker(42).container("web");
    let whole = read(web.logs().await.expect("logs")).await.expect("output");
    let text = |source, text: &str| (source, text.to_owned());
    let expected = [text(Source::Stdout, "out\n"), text(Source::Stderr, "err\n"), text(Source::Stdout, "more")];
    assert_eq!(whole, expected);
    let whole = read(web.logs().await.expect("logs")).await.expect("output");
    assert_eq!(whole, [(Source::Console, String::from_utf8(frames).expect("text"))]);
    let whole = read(engine.docker(55).container("web").logs().await.expect("logs")).await.expect("output");
    assert_eq!(whole, [text(Source::Console, "\x01")]);
}

// behaviour 31, of logs: before API 1.42 engines announce raw bytes whatever they send, and Podman announces nothing
#[tokio::test]
async fn where_the_type_says_nothing_the_container_is_asked() {
    let recorded = fixture("docker-20.10.24/container_logs.bin");
    let engine = Engine::unix([
        inspect(41, false),
        logs(41, RAW, recorded.as_bytes()),
        inspect(41, true),
        logs(41, RAW, b"console"),
        logs(43, "application/octet-stream", b""),
        inspect(43, false),
        logs(43, "application/octet-stream", &frame(2, "podman")),
        on("GET /v1.41/containers/web/json").respond(Response::error(404, "No such container: web")),
    ]);
    let docker = engine.docker(41);
    let whole = read(docker.container("web").logs().await.expect("logs")).await.expect("output");
    assert_eq!(whole, [(Source::Stdout, "out\n".to_owned()), (Source::Stderr, "err\n".to_owned())]);
    let whole = read(docker.container("web").logs().await.expect("logs")).await.expect("output");
    assert_eq!(whole, [(Source::Console, "console".to_owned())]);
    let podman = engine.docker(43).container("web").logs().await.expect("logs");
    assert_eq!(read(podman).await.expect("output"), [(Source::Stderr, "podman".to_owned())]);
    assert!(docker.container("web").logs().await.expect_err("gone").is_not_found());
}

#[tokio::test]
async fn one_connection_is_enough_to_ask_the_container() {
    let unnamed = |body: &[u8]| logs(43, "application/octet-stream", body);
    let engine = Engine::unix([unnamed(b"..."), inspect(43, true), unnamed(b"console")]);
    let limits = Limits::new().connect(Duration::from_millis(200));
    let builder = engine.builder().api_version(Version::new(1, 43)).max_connections(1).limits(limits);
    let docker = builder.build().expect("a client");
    let whole = read(docker.container("web").logs().await.expect("logs")).await.expect("output");
    assert_eq!(whole, [(Source::Console, "console".to_owned())]);
}

#[tokio::test]
async fn frames_are_put_together_wherever_the_network_cut_them() {
    let wire = [frame(1, "eins\nzw"), frame(2, "err"), frame(1, "ei\n")].concat();
    for cut in 1..wire.len() {
        let answer = Response::chunked(200, MULTIPLEXED).chunk(&wire[..cut]).chunk(&wire[cut..]).end();
        let engine = Engine::unix([on(format!("GET /v1.42/containers/web/{BOTH}")).respond(answer)]);
        let mut lines = engine.docker(42).container("web").logs().await.expect("logs").lines();
        let mut whole = Vec::new();
        while let Some(line) = lines.next().await {
            let line = line.expect("a line");
            whole.push((line.source, line.text));
        }
        let text = |source, text: &str| (source, text.to_owned());
        let expected = [text(Source::Stdout, "eins"), text(Source::Stdout, "zwei"), text(Source::Stderr, "err")];
        assert_eq!(whole, expected, "cut at {cut}");
    }
}

#[tokio::test]
async fn times_are_taken_off_the_text() {
    let (first, second) = ("2026-11-24T03:19:56.000000001Z", "2026-11-24T03:19:57.500000000Z");
    let frames = [frame(1, &format!("{first} one\n")), frame(2, &format!("{second} two words\n"))].concat();
    let console = format!("{first} one\r\n{second} two words\r\n");
    let stamped = |content_type, body: &[u8]| {
        let answer = Response::chunked(200, content_type).chunk(body).end();
        on(format!("GET /v1.42/containers/web/{BOTH}&timestamps=true")).respond(answer)
    };
    let engine = Engine::unix([stamped(MULTIPLEXED, &frames), stamped(RAW, console.as_bytes())]);
    for _ in 0..2 {
        let mut lines = engine.docker(42).container("web").logs().timestamps(true).await.expect("logs").lines();
        for (time, text) in [(first, "one"), (second, "two words")] {
            let line = lines.next().await.expect("a line").expect("a line");
            assert_eq!((line.time, line.text.as_str()), (time.parse().ok(), text));
        }
        assert!(lines.next().await.is_none());
    }
}

/// The engine writes the details before each part of a line of more than 16 KiB.
#[tokio::test]
async fn a_long_line_has_its_details_once() {
    let part = |kind, second, task, text: &str| frame(kind, &format!("2026-11-24T03:19:5{second}Z task={task} {text}"));
    let long = "x".repeat(16 << 10);
    let parts = [part(1, 6, 1, &long), part(1, 7, 2, "short\n"), part(1, 6, 1, &long), part(1, 6, 1, "end of it\n")];
    let target = format!("GET /v1.42/services/web/{BOTH}&timestamps=true&details=true");
    let engine = Engine::unix([on(target).respond(Response::chunked(200, MULTIPLEXED).chunk(parts.concat()).end())]);
    let logs = engine.docker(42).service("web").logs().timestamps(true).details(true);
    let mut lines = logs.await.expect("logs").lines();
    for expected in ["task=2 short".to_owned(), format!("task=1 {long}{long}end of it")] {
        assert_eq!(lines.next().await.expect("more").expect("a line").text, expected);
    }
    assert!(lines.next().await.is_none());
}

#[tokio::test]
async fn what_the_engine_reports_and_what_breaks_off_are_errors() {
    let report = [frame(1, "out\n"), frame(3, "Error grabbing logs: log file was rotated\n"), frame(1, "x")].concat();
    let cut = frame(1, "out and more")[..12].to_vec();
    let request = format!("GET /v1.42/containers/web/{BOTH}");
    let engine = Engine::unix([
        logs(42, MULTIPLEXED, &report),
        logs(42, MULTIPLEXED, &cut),
        logs(42, MULTIPLEXED, b"login: you are not framed"),
        on(&request).respond(Response::chunked(200, MULTIPLEXED).chunk(frame(1, "out")).close()),
        on(&request).respond(Response::chunked(200, RAW).chunk("out").close()),
    ]);
    let web = engine.docker(42).container("web");
    for (kind, words) in [
        (ErrorKind::Stream, "Error grabbing logs: log file was rotated"),
        (ErrorKind::Interrupted, "the connection closed in the middle of a frame"),
        (ErrorKind::Decode, "invalid frame header in multiplexed output: [108, 111, 103"),
        (ErrorKind::Interrupted, "the connection closed before the response was complete"),
        (ErrorKind::Interrupted, "the connection closed before the response was complete"),
    ] {
        let mut output = web.logs().await.expect("logs");
        let error = loop {
            match output.next().await.expect("an error in the end") {
                Ok(chunk) => assert!(chunk.to_string().starts_with("out"), "{chunk}"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), kind, "{error}");
        let begin = format!("GET /containers/web/logs: {words}");
        assert!(error.to_string().starts_with(&begin), "{error}");
        assert!(output.next().await.is_none(), "nothing comes after an error");
    }
}

#[tokio::test]
async fn lines_hand_on_what_came_before_an_error() {
    let body = [frame(1, "whole\nhalf"), frame(3, "disk full")].concat();
    let engine = Engine::unix([logs(42, MULTIPLEXED, &body)]);
    let mut lines = engine.docker(42).container("web").logs().await.expect("logs").lines();
    assert_eq!(lines.next().await.expect("a line").expect("a line").to_string(), "whole");
    assert_eq!(lines.next().await.expect("a line").expect("a line").to_string(), "half");
    assert_eq!(lines.next().await.expect("an error").expect_err("an error").message(), "disk full");
    assert!(lines.next().await.is_none());
}

// behaviour 42
#[tokio::test]
async fn of_what_is_not_kept_and_of_nothing() {
    let request = format!("GET /v1.42/containers/web/{BOTH}");
    let words = "configured logging driver does not support reading";
    let engine = Engine::unix([
        on(&request).respond(Response::error(501, words)),
        on(&request).respond(Response::error(404, "No such container: web")),
    ]);
    let web = engine.docker(42).container("web");
    let error = web.logs().await.expect_err("no logs");
    assert_eq!((error.status(), error.message()), (Some(501), words));
    assert!(web.logs().await.expect_err("no container").is_not_found());
    let error = web.logs().stdout(false).stderr(false).await.expect_err("of nothing");
    assert!(error.is_invalid() && error.status().is_none(), "{error}");
}

// behaviour 42
#[tokio::test]
async fn following_begins_though_nothing_was_written_and_dropping_it_closes() {
    let (closed, end) = channel();
    let (write, writes) = channel();
    let answer = Response::chunked(200, MULTIPLEXED).wait(writes).chunk(frame(1, "at last")).stall().on_close(closed);
    let engine = Engine::unix([on(format!("GET /v1.42/containers/web/{BOTH}&follow=true")).respond(answer)]);
    let mut output = engine.docker(42).container("web").logs().follow(true).await.expect("the head alone");
    write.send(()).expect("the container writes");
    assert_eq!(output.next().await.expect("output").expect("output").to_string(), "at last");
    drop(output);
    let closed = tokio::task::spawn_blocking(move || end.recv_timeout(std::time::Duration::from_secs(10)));
    closed.await.expect("a task").expect("closed");
}

#[tokio::test]
async fn debug_shows_no_output() {
    let frames = [frame(1, "first\n"), frame(1, "s3cret\n")].concat();
    let engine = Engine::unix([logs(42, MULTIPLEXED, &frames)]);
    let mut output = engine.docker(42).container("web").logs().await.expect("logs");
    output.next().await.expect("a chunk").expect("a chunk");
    let (shown, lines) = (format!("{output:?}"), output.lines());
    assert_eq!(shown, r#"OutputStream { call: "GET /containers/web/logs", .. }"#);
    assert_eq!(format!("{lines:?}"), format!("Lines {{ output: {shown}, .. }}"));
}
