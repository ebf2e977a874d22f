//! Attaching to containers on a real engine.

use crate::support::real::{Real, shell, until};
#[cfg(feature = "websocket")]
use longshore::container::Container;
use longshore::container::ContainerSpec;
#[cfg(feature = "websocket")]
use longshore::stream::Attached;
use longshore::stream::{Chunk, Source};
use longshore::{Result, Stream};
use std::pin::Pin;
use tokio::io::AsyncWriteExt;

/// All of the output, by its source: neighbours of one source are put together.
/// Of an output, or of what is attached to one.
trait Next: Stream<Item = Result<Chunk>> + Unpin {
    async fn piece(&mut self) -> Option<Result<Chunk>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<S: Stream<Item = Result<Chunk>> + Unpin> Next for S {}

async fn read(mut output: impl Next) -> Vec<(Source, String)> {
    let mut read: Vec<(Source, String)> = Vec::new();
    while let Some(chunk) = output.piece().await {
        let chunk = chunk.expect("output");
        match read.last_mut() {
            Some((source, text)) if *source == chunk.source => text.push_str(&chunk.to_string()),
            _ => read.push((chunk.source, chunk.to_string())),
        }
    }
    read
}

/// Reads until the output ends with this.
async fn read_to(output: &mut impl Next, end: &str) -> String {
    let mut text = String::new();
    while !text.ends_with(end) {
        text.push_str(&output.piece().await.expect("more output").expect("output").to_string());
    }
    text
}

fn out(text: &str) -> (Source, String) {
    (Source::Stdout, text.to_owned())
}

fn console(text: &str) -> (Source, String) {
    (Source::Console, text.to_owned())
}

/// A shell's line that reads its input.
fn reading(line: &str) -> ContainerSpec {
    shell(line).open_stdin(true).stdin_once(true)
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn input_goes_in_and_output_comes_out() {
    let real = Real::with_image().await;
    for by_drop in [false, true] {
        let wc = real.create(reading("wc -c; echo done >&2")).await;
        let (mut input, output) = wc.attach().stdin(true).await.expect("attached").split();
        wc.start().await.expect("started");
        for _ in 0..200 {
            input.write_all(&[b'x'; 10_000]).await.expect("written");
        }
        if by_drop {
            drop(input);
        } else {
            input.shutdown().await.expect("shut down");
        }
        let mut all = read(output).await;
        all.sort_by_key(|(source, _)| *source == Source::Stderr);
        assert_eq!(all, [out("2000000\n"), (Source::Stderr, "done\n".to_owned())]);
        assert!(wc.wait().await.expect("its end").success());
    }
}

// behaviour 31
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_terminal_has_one_output_and_takes_keys() {
    let real = Real::with_image().await;
    let cat =
        real.create(shell("stty -echo; echo ready; read x; echo \"got $x\" >&2").tty(true).open_stdin(true)).await;
    let mut attached = cat.attach().stdin(true).await.expect("attached");
    cat.start().await.expect("started");
    assert!(read_to(&mut attached, "ready\r\n").await.ends_with("ready\r\n"));
    attached.write_all(b"one two\n").await.expect("written");
    assert_eq!(read(attached).await, [console("got one two\r\n")]);
}

// behaviour 32
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn only_the_streams_that_were_asked_for_come() {
    let real = Real::with_image().await;
    for (stdout, stderr, expected) in
        [(true, false, vec![out("out\n")]), (false, true, vec![(Source::Stderr, "err\n".to_owned())])]
    {
        let job = real.create(shell("echo out; echo err >&2")).await;
        let attached = job.attach().stdout(stdout).stderr(stderr).await.expect("attached");
        job.start().await.expect("started");
        assert_eq!(read(attached).await, expected);
    }
    let silent = real.create(shell("echo out")).await;
    let attached = silent.attach().stdout(false).await.expect("attached");
    silent.start().await.expect("started");
    assert_eq!(read(attached).await, []);
    let terminal = real.create(shell("echo out; echo err >&2").tty(true)).await;
    let attached = terminal.attach().await.expect("attached");
    terminal.start().await.expect("started");
    assert_eq!(read(attached).await, [console("out\r\nerr\r\n")]);
}

// behaviour 33
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_was_written_before_is_replayed_if_asked_for() {
    let real = Real::with_image().await;
    let talker = real.create(reading("echo before; read x; echo after")).await;
    talker.start().await.expect("started");
    until("the container has written", || async { talker.logs().await.expect("logs").next().await.is_some() }).await;
    assert_eq!(read(talker.attach().logs(true).stream(false).await.expect("attached")).await, [out("before\n")]);
    let replayed = talker.attach().logs(true).await.expect("attached");
    let (mut input, output) = talker.attach().stdin(true).await.expect("attached").split();
    input.write_all(b"go on\n").await.expect("written");
    assert_eq!(read(output).await, [out("after\n")]);
    assert_eq!(read(replayed).await, [out("before\nafter\n")]);
}

// behaviour 34
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
#[cfg(feature = "websocket")]
async fn errors_of_attaching() {
    let real = Real::with_image().await;
    let nowhere = real.docker.container(real.name());
    assert!(nowhere.attach().await.expect_err("no container").is_not_found());
    let error = nowhere.attach_websocket().await.expect_err("no container");
    assert!(error.is_not_found(), "{error}");
    assert!(error.message().contains("No such container"), "{error}");
    let web = real.run("sleep 60").await;
    let error = web.attach().detach_keys("not a key").await.expect_err("no keys");
    assert!(error.is_invalid(), "{error}");
    assert!(error.message().contains("detach keys"), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn detaching_leaves_the_container_running() {
    let real = Real::with_image().await;
    let cat = real.create(shell("cat").tty(true).open_stdin(true)).await;
    let mut attached = cat.attach().stdin(true).detach_keys("ctrl-a,x").await.expect("attached");
    cat.start().await.expect("started");
    attached.write_all(b"ping\n").await.expect("written");
    read_to(&mut attached, "ping\r\nping\r\n").await;
    attached.write_all(b"\x01x").await.expect("written");
    read(attached).await;
    assert!(cat.inspect().await.expect("inspected").state.running);
}

// behaviour 39 and 40
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_terminal_has_the_size_that_it_is_given() {
    let real = Real::with_image().await;
    let sized = real.create(shell("read x; stty size").tty(true).open_stdin(true)).await;
    assert!(sized.resize(24, 80).await.expect_err("it does not run").is_conflict());
    let (mut input, output) = sized.attach().stdin(true).await.expect("attached").split();
    sized.start().await.expect("started");
    sized.resize(31, 97).await.expect("resized");
    input.write_all(b"\n").await.expect("written");
    let text: String = read(output).await.into_iter().map(|(_, text)| text).collect();
    assert!(text.ends_with("31 97\r\n"), "{text:?}");
    assert!(sized.resize(24, 80).await.expect_err("it has ended").is_conflict());
    assert!(real.docker.container(real.name()).resize(24, 80).await.expect_err("no container").is_not_found());
}

// behaviour 40
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn dropped_attachments_leave_nothing_in_the_engine() {
    const MANY: i64 = 60;
    let real = Real::with_image().await;
    let silent = real.create(shell("sleep 60").open_stdin(true)).await;
    silent.start().await.expect("started");
    let mut attached = Vec::new();
    for _ in 0..MANY {
        attached.push(silent.attach().stdin(true).await.expect("attached"));
    }
    let goroutines = || async { real.docker.info().await.expect("info").n_goroutines };
    let most = goroutines().await;
    drop(attached);
    // Each took several; other tests take and leave some at the same time.
    until("the engine's routines end", || async { goroutines().await < most - MANY }).await;
}

#[cfg(feature = "websocket")]
async fn echo(cat: &Container) -> Attached {
    let mut attached = cat.attach_websocket().stdin(true).await.expect("attached");
    cat.start().await.expect("started");
    attached.write_all(b"first\n").await.expect("written");
    assert_eq!(read_to(&mut attached, "\n").await, "first\n");
    attached
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
#[cfg(feature = "websocket")]
async fn a_websocket_goes_both_ways() {
    let real = Real::with_image().await;
    for by_drop in [false, true] {
        let cat = real.create(reading("cat; echo err >&2; echo done")).await;
        let (mut input, mut output) = echo(&cat).await.split();
        let big = vec![b'x'; 100_000];
        let writing = tokio::spawn(async move {
            input.write_all(&big).await.expect("written");
            input.write_all(b"\n").await.expect("written");
            input.flush().await.expect("flushed");
            input
        });
        assert_eq!(read_to(&mut output, "\n").await.len(), 100_001);
        let mut input = writing.await.expect("a task");
        if by_drop {
            drop(input);
        } else {
            input.shutdown().await.expect("shut down");
        }
        assert!(cat.wait().await.expect("its end").success(), "its input has ended");
        let text: String = read(output).await.into_iter().map(|(_, text)| text).collect();
        assert!(["err\ndone\n", "done\nerr\n"].contains(&text.as_str()), "{text:?}");
    }
    let job = real.create(shell("echo out")).await;
    job.start().await.expect("started");
    job.wait().await.expect("its end");
    let replayed = job.attach_websocket().logs(true).stream(false).await.expect("attached");
    assert_eq!(read(replayed).await, [console("out\n")]);
}
