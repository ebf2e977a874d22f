//! `POST /containers/{id}/attach` and `GET /containers/{id}/attach/ws`

use crate::support::{Engine, Exchange, Response, on};
use longshore::Stream;
use longshore::container::Container;
use longshore::stream::{Attached, Chunk, OutputStream, Source};
use longshore::{ErrorKind, Result};
use std::pin::Pin;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tokio::io::AsyncWriteExt;

const MULTIPLEXED: &str = "Content-Type: application/vnd.docker.multiplexed-stream\r\nUpgrade: tcp\r\n";
const RAW: &str = "Content-Type: application/vnd.docker.raw-stream\r\nUpgrade: tcp\r\n";
const ATTACH: &str = "containers/web/attach?stream=true&stdout=true&stderr=true";

fn frame(kind: u8, payload: &str) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short");
    [&[kind, 0, 0, 0], length.to_be_bytes().as_slice(), payload.as_bytes()].concat()
}

/// The call of attach without any setter.
fn attach(version: u16) -> Exchange {
    let exchange = on(format!("POST /v1.{version}/{ATTACH}"));
    exchange.with_header("connection", "Upgrade").with_header("upgrade", "tcp").with_header("content-length", "0")
}

fn inspect(version: u16, tty: bool) -> Exchange {
    let answer = Response::json(200, serde_json::json!({"Config": {"Tty": tty}}));
    on(format!("GET /v1.{version}/containers/web/json")).respond(answer)
}

fn web(engine: &Engine, version: u16) -> Container {
    engine.docker(version).container("web")
}

/// Of an output, or of what is attached to one.
trait Next: Stream<Item = Result<Chunk>> + Unpin {
    async fn piece(&mut self) -> Option<Result<Chunk>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<S: Stream<Item = Result<Chunk>> + Unpin> Next for S {}

async fn read(mut output: impl Next) -> Result<Vec<(Source, String)>> {
    let mut read = Vec::new();
    while let Some(chunk) = output.piece().await {
        let chunk = chunk?;
        read.push((chunk.source, chunk.to_string()));
    }
    Ok(read)
}

/// What comes to the other thread, without blocking this one for ever.
async fn from<T: Send + 'static>(other_end: Receiver<T>) -> T {
    let item = tokio::task::spawn_blocking(move || other_end.recv_timeout(Duration::from_secs(10)));
    item.await.expect("a task").expect("something received")
}

#[tokio::test]
#[cfg(feature = "websocket")]
async fn every_setter() {
    let target = "POST /v1.42/containers/web/attach?stream=false&stdout=false&stderr=true&stdin=true&logs=true\
                  &detachKeys=ctrl-a%2Cx";
    let ws = "GET /v1.42/containers/web/attach/ws?stream=false&stdout=false&stderr=false&stdin=true&logs=true\
              &detachKeys=ctrl-a%2Cx";
    let engine = Engine::unix([
        on(target).respond(Response::switching(RAW).close()),
        on(ws).respond(Response::switching("Upgrade: websocket\r\n").then(b"\x88\x02\x03\xe8").close()),
    ]);
    let web = web(&engine, 42);
    let call = web.attach().stdin(true).stdout(false).logs(true).stream(false).detach_keys("ctrl-a,x");
    assert_eq!(read(call.await.expect("attached")).await.expect("nothing"), []);
    let call = web.attach_websocket().stdin(true).stdout(false).stderr(false);
    let call = call.logs(true).stream(false).detach_keys("ctrl-a,x");
    assert_eq!(read(call.await.expect("attached")).await.expect("nothing"), []);
}

// behaviours 31 and 35
#[tokio::test]
async fn bytes_that_come_with_the_head_are_output() {
    let head = format!("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\n{MULTIPLEXED}\r\n").into_bytes();
    let wire = [frame(1, "first\n"), frame(2, "second\n")].concat();
    for cut in 0..=wire.len() {
        let together = [&head, &wire[..cut]].concat();
        let engine = Engine::unix([attach(42).respond(Response::raw(together).then(&wire[cut..]).close())]);
        let attached = web(&engine, 42).attach().await.expect("attached");
        let mut output = [String::new(), String::new()];
        for (source, text) in read(attached).await.expect("output") {
            output[usize::from(source == Source::Stderr)] += &text;
        }
        assert_eq!(output, ["first\n", "second\n"], "cut at {cut}");
    }
}

// behaviour 31
#[tokio::test]
async fn a_terminal_is_not_framed_and_old_engines_are_asked_for_it() {
    let engine = Engine::unix([
        attach(42).respond(Response::switching(RAW).then(frame(1, "x")).close()),
        inspect(41, true),
        attach(41).respond(Response::switching(RAW).then("login: ").close()),
        inspect(41, false),
        attach(41).respond(Response::switching(RAW).then(frame(2, "err")).close()),
    ]);
    let output = web(&engine, 42).attach().await.expect("attached");
    assert_eq!(read(output).await.expect("output"), [(Source::Console, "\u{1}\0\0\0\0\0\0\u{1}x".to_owned())]);
    let output = web(&engine, 41).attach().await.expect("attached");
    assert_eq!(read(output).await.expect("output"), [(Source::Console, "login: ".to_owned())]);
    let output = web(&engine, 41).attach().await.expect("attached");
    assert_eq!(read(output).await.expect("output"), [(Source::Stderr, "err".to_owned())]);
}

// behaviours 34 and 35
#[tokio::test]
async fn other_answers_than_101_are_errors_with_their_text() {
    // Once the engine has taken the connection over, it writes by hand: plain text, with no length.
    let plain = |status: &str, text: &str| {
        Response::raw(format!("HTTP/1.1 {status}\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n{text}\r\n"))
            .close()
    };
    let paused = "container 7488 is paused, unpause the container before attach";
    let engine = Engine::unix([
        attach(42).respond(plain("404 Not Found", "No such container: web")),
        attach(42).respond(plain("409 Conflict", paused)),
        attach(42).respond(plain("400 Bad Request", "Invalid detach keys (x y) provided")),
        attach(42).respond(Response::error(500, "no")),
        attach(42).respond(plain("200 OK", "")),
    ]);
    let web = web(&engine, 42);
    let error = web.attach().await.expect_err("no container");
    assert_eq!(error.to_string(), "POST /containers/web/attach: No such container: web (404 Not Found)");
    assert!(error.is_not_found());
    let error = web.attach().await.expect_err("paused");
    assert!(error.is_conflict());
    assert_eq!(error.message(), paused);
    assert!(web.attach().await.expect_err("bad keys").is_invalid());
    assert_eq!(web.attach().await.expect_err("no").status(), Some(500));
    let error = web.attach().await.expect_err("not switched");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(
        error.to_string(),
        "POST /containers/web/attach: the engine did not switch protocols: it responded with 200 OK"
    );
}

async fn send(mut attached: Attached, by_drop: bool) -> OutputStream {
    attached.write_all(b"one ").await.expect("written");
    attached.write_all(b"two").await.expect("written");
    if by_drop {
        return attached.split().1;
    }
    attached.shutdown().await.expect("shut down");
    attached.write_all(b"x").await.expect_err("it is shut");
    attached.split().1
}

#[tokio::test]
async fn the_inputs_end_closes_one_half_alone() {
    for by_drop in [false, true] {
        for tcp in [false, true] {
            let (test, input) = channel();
            let answer = Response::switching(MULTIPLEXED).then(frame(1, "ready")).receive_all(test);
            let script = [attach(42).respond(answer.then(frame(1, "last")).close())];
            let engine = if tcp { Engine::tcp(script) } else { Engine::unix(script) };
            let output = send(web(&engine, 42).attach().await.expect("attached"), by_drop).await;
            assert_eq!(from(input).await, b"one two", "tcp: {tcp}, by drop: {by_drop}");
            let texts: Vec<_> = read(output).await.expect("output").into_iter().map(|(_, text)| text).collect();
            assert_eq!(texts.concat(), "readylast", "tcp: {tcp}, by drop: {by_drop}");
        }
    }
}

// behaviour 40
#[tokio::test]
async fn dropping_both_closes_and_the_connection_is_not_used_again() {
    let (test, end) = channel();
    let answer = Response::switching(MULTIPLEXED).then(frame(1, "out")).stall().on_close(test);
    let engine = Engine::unix([attach(42).respond(answer), on("POST /v1.42/containers/web/start")]);
    let web = web(&engine, 42);
    let mut attached = web.attach().await.expect("attached");
    assert_eq!(attached.next().await.expect("output").expect("output").to_string(), "out");
    web.start().await.expect("on a connection of its own");
    drop(attached);
    from(end).await;
    assert_eq!(engine.connections(), 2);
}

#[tokio::test]
async fn writing_to_what_has_ended_is_an_error() {
    let engine = Engine::unix([attach(42).respond(Response::switching(MULTIPLEXED).close())]);
    let (mut input, mut output) = web(&engine, 42).attach().await.expect("attached").split();
    assert!(output.next().await.is_none());
    let error = input.write_all(b"x").await.expect_err("nobody takes it");
    assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
}

#[tokio::test]
async fn what_breaks_off_is_an_error() {
    let cut = frame(1, "whole")[..10].to_vec();
    let engine = Engine::unix([attach(42).respond(Response::switching(MULTIPLEXED).then(cut).close())]);
    let error = read(web(&engine, 42).attach().await.expect("attached")).await.expect_err("cut");
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    let begin = "POST /containers/web/attach: the connection closed in the middle of a frame";
    assert!(error.to_string().starts_with(begin), "{error}");
}

#[cfg(feature = "websocket")]
const WEBSOCKET: &str = "containers/web/attach/ws?stream=true&stdout=true&stderr=true";

#[cfg(feature = "websocket")]
fn websocket(version: u16, query: &str) -> Exchange {
    let exchange = on(format!("GET /v1.{version}/{WEBSOCKET}{query}"));
    let exchange = exchange.with_header("connection", "Upgrade").with_header("upgrade", "websocket");
    exchange.with_header("sec-websocket-version", "13")
}

/// The first byte and the payload of a masked frame of less than 126 bytes, and what follows it.
#[cfg(feature = "websocket")]
fn unmasked(frame: &[u8]) -> (u8, Vec<u8>, &[u8]) {
    let [first, second, rest @ ..] = frame else { panic!("no frame: {frame:?}") };
    let length = usize::from(second & 0x7f);
    assert!(*second >= 0x80 && length < 126, "a short masked frame");
    let (mask, rest) = rest.split_at(4);
    let (payload, rest) = rest.split_at(length);
    (*first, payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect(), rest)
}

#[tokio::test]
#[cfg(feature = "websocket")]
async fn a_websocket_has_the_same_shape() {
    let (test, input) = channel();
    let switched = Response::switching("Upgrade: websocket\r\nSec-WebSocket-Accept: x\r\n");
    // "one " and "two" are frames of 6 + 4 and 6 + 3 bytes, the close has 6 + 2.
    let answer = switched.then(b"\x82\x05hello").receive(27, test).then(b"\x81\x04last\x88\x02\x03\xe8").close();
    let engine = Engine::unix([websocket(42, "&stdin=true").respond(answer)]);
    let attached = web(&engine, 42).attach_websocket().stdin(true).await.expect("attached");
    let output = send(attached, false).await;
    let wire = from(input).await;
    let (first, one, rest) = unmasked(&wire);
    let (_, two, rest) = unmasked(rest);
    let (last, close, rest) = unmasked(rest);
    assert_eq!((first, one.as_slice(), two.as_slice()), (0x82, b"one ".as_slice(), b"two".as_slice()));
    assert_eq!((last, close.as_slice(), rest.len()), (0x88, [0x03, 0xe8].as_slice(), 0));
    let console = |text: &str| (Source::Console, text.to_owned());
    let texts: Vec<_> = read(output).await.expect("output");
    assert_eq!(texts, [console("hello"), console("last")]);
    let requests = engine.received();
    let key = requests[0].header("sec-websocket-key").expect("a key");
    assert_eq!((key.len(), key.ends_with("==")), (24, true), "16 bytes in base64");
}

// behaviour 34
#[tokio::test]
#[cfg(feature = "websocket")]
async fn a_websockets_errors() {
    let switched = || Response::switching("Upgrade: websocket\r\n");
    let engine = Engine::unix([
        websocket(42, "").respond(Response::error(404, "No such container: web")),
        websocket(42, "").respond(switched().then(b"\x82\x7e\x00").close()),
        websocket(42, "").respond(switched().then(b"\xc2\x00").close()),
        websocket(42, "").respond(switched().then(b"\x82\x02ok\x88\x06\x03\xf3oops").close()),
    ]);
    let web = web(&engine, 42);
    let error = web.attach_websocket().await.expect_err("no container");
    assert_eq!(error.to_string(), "GET /containers/web/attach/ws: No such container: web (404 Not Found)");
    for (kind, words) in [
        (ErrorKind::Interrupted, "the connection failed: closed without a WebSocket close frame"),
        (
            ErrorKind::Decode,
            "invalid WebSocket data from the engine: WebSocket protocol error: Reserved bits are non-zero",
        ),
        (ErrorKind::Interrupted, "the connection failed: the engine closed the WebSocket with status 1011 oops"),
    ] {
        let error = read(web.attach_websocket().await.expect("attached")).await.expect_err(words);
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.message().starts_with(words), "{error}");
    }
}

#[tokio::test]
#[cfg(feature = "websocket")]
async fn old_engines_attach_a_websocket_to_all() {
    let engine =
        Engine::unix([websocket(41, "&stdin=true").respond(Response::switching("Upgrade: websocket\r\n").close())]);
    let web = web(&engine, 41);
    drop(web.attach_websocket().stdin(true).stdout(true).await.expect("attached"));
    for call in [web.attach_websocket().stdout(false), web.attach_websocket().stderr(false)] {
        let error = call.await.expect_err("it would be attached to");
        assert!(error.is_version() && error.to_string().contains("requires API 1.42"), "{error}");
    }
}
