//! Logs, events, statistics, attached processes and progress: reading, following, reconnecting, dropping.
//!
//! | call | stream | item |
//! |---|---|---|
//! | [`Container::logs`], [`Service::logs`](crate::service::Service::logs), [`Task::logs`](crate::task::Task::logs) | [`OutputStream`] | [`Chunk`] |
//! | [`OutputStream::lines`] | [`Lines`](crate::stream::Lines) | [`Line`](crate::stream::Line) |
//! | [`Container::attach`], [`Exec::start`](crate::exec::Exec::start) | [`Attached`] | [`Chunk`] |
//! | [`Container::stats`], [`Docker::events`](crate::Docker::events) | [`JsonStream`](crate::stream::JsonStream) | [`ContainerStats`](crate::container::ContainerStats), [`Event`](crate::system::Event) |
//! | `.stream()` of a pull, push, load, import or build | [`ProgressStream`], [`BuildStream`](crate::image::BuildStream) | [`Progress`](crate::stream::Progress) |
//! | [`Image::save`](crate::image::Image::save), [`Container::export`] | [`ByteStream`] | [`Bytes`](crate::Bytes) |
//!
//! # Reading
//! Each stream has an inherent method `next()`. It returns `None` at the end. An `Err` is always the last item.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[("GET /containers/web/logs?stdout=true&stderr=true&tail=2", "200 >ready\n!slow disk\n")]);
//! let mut text = String::new();
//! let mut logs = docker.container("web").logs().tail(2).await?;
//! while let Some(chunk) = logs.next().await {
//!     text += &chunk?.to_string();
//! }
//! assert_eq!(text, "ready\nslow disk\n");
//! # Ok(()) }
//! ```
//!
//! A [`Chunk`] holds the bytes as they arrived, and may end in the middle of a line or of a character. [`OutputStream::lines`]
//! yields whole lines. To collect text that is not ASCII, use lines, or collect the bytes and convert them at the end.
//!
//! # Combinators
//! Each stream implements [`Stream`], so the combinators of `futures-util` and `tokio-stream` work. Functions can be generic over
//! streams:
//!
//! ```no_run
//! use longshore::Stream;
//! use std::{future::poll_fn, pin::Pin};
//!
//! async fn count<T>(mut stream: impl Stream<Item = longshore::Result<T>> + Unpin) -> longshore::Result<usize> {
//!     let mut count = 0;
//!     while let Some(item) = poll_fn(|cx| Pin::new(&mut stream).poll_next(cx)).await {
//!         item?;
//!         count += 1;
//!     }
//!     Ok(count)
//! }
//!
//! # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
//! println!("{} lines", count(docker.container("web").logs().await?.lines()).await?);
//! # Ok(()) }
//! ```
//!
//! [`ByteStream`] and [`Archive`](crate::container::Archive) also implement tokio's `AsyncRead`: `tokio::io::copy` writes them to
//! a file.
//!
//! # Dropping
//! Dropping a stream closes its connection. The engine then ends its side:
//!
//! - Logs, events, statistics: no effect on the container.
//! - [`Attached`]: the process keeps running.
//! - Pull, push: Docker stops it. Podman continues it.
//! - Build: the engine cancels it.
//! - Archive: the engine locks the container until the archive is read to its end or dropped.
//!
//! `next()` may be dropped at any time without losing an item, so it is safe in `tokio::select!`.
//!
//! # Slow readers
//! Streams read little ahead. If you do not read, the engine waits, and in the end the attached process waits too. There are two
//! exceptions. Events: the engine silently drops events for a listener that falls behind. Logs: the engine writes a container's
//! log to its disk, whether or not a client reads it.
//!
//! # Following
//! [`follow(true)`](crate::container::Logs::follow) keeps a log open until the container exits. For a container that was never
//! started, the stream ends at once. To read the output from its first byte, attach before the start. Of the default limits, only
//! `connect` applies to followed logs and events: see [`timeouts`](super::timeouts).
//!
//! # Reconnecting
//! For events, use [`reconnecting`](crate::system::Events::reconnecting). It yields each event once, and a
//! [`Gap`](crate::system::Happening::Gap) if events may be missing. It fails after about 20 seconds without an engine,
//! or with an engine that ends each connection at once.
//!
//! ```no_run
//! use longshore::system::{EventType, Happening};
//!
//! # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
//! let mut events = docker.events().kind(EventType::Container).reconnecting().await?;
//! while let Some(happening) = events.next().await {
//!     match happening? {
//!         Happening::Event(event) => println!("{} {}", event.action, event.actor.id),
//!         _ => println!("some events are missing: list the containers again"),
//!     }
//! }
//! # Ok(()) }
//! ```
//!
//! For logs, request timestamps and resume at the last one. `since` includes that time, so skip the lines that you already have:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     ("GET /containers/web/logs?stdout=true&stderr=true&follow=true&timestamps=true", concat!("200 ",
//! #         ">2026-11-24T08:30:01Z one\n>2026-11-24T08:30:02Z two\n>2026-11-24T08:30:02Z three\n",
//! #         "!2026-11-24T08:30:01.5Z late\n>2026-11-24T08:30:03Z cu")),
//! #     ("GET /containers/web/json", r#"200 {"State":{"Running":true}}"#),
//! #     ("GET /containers/web/logs?stdout=true&stderr=true&follow=true&timestamps=true&since=1795509002.000000000", concat!("200 ",
//! #         ">2026-11-24T08:30:02Z two\n>2026-11-24T08:30:02Z three\n>2026-11-24T08:30:02Z four\n>2026-11-24T08:30:03Z cut\n")),
//! #     ("GET /containers/web/json", r#"200 {"State":{"Running":false}}"#),
//! # ]);
//! # let (web, mut printed) = (docker.container("web"), Vec::new());
//! use longshore::{ErrorKind, Timestamp};
//!
//! let (mut last, mut lines_of_last) = (None::<Timestamp>, 0);
//! loop {
//!     let (before, mut known) = (last, lines_of_last); // of the previous connection
//!     let logs = web.logs().follow(true).timestamps(true);
//!     let logs = if let Some(time) = before { logs.since(time) } else { logs };
//!     let mut lines = logs.await?.lines();
//!     let mut is_new = before.is_none();
//!     while let Some(line) = lines.next().await {
//!         let line = match line {
//!             Ok(line) => line,
//!             Err(error) if error.kind() == ErrorKind::Interrupted => break, // the connection closed
//!             Err(error) => return Err(error),
//!         };
//!         if line.time.is_some() {
//!             is_new = line.time > before || line.time == before && known == 0;
//!             known -= usize::from(line.time == before && known > 0);
//!         } // else it is a further part of a line of more than 1 MiB
//!         if is_new {
//!             println!("{line}");
//! #           printed.push(line.text.clone());
//!             if line.is_whole && line.time >= last { // stdout and stderr may be out of order
//!                 lines_of_last = if line.time == last { lines_of_last + 1 } else { 1 };
//!                 last = line.time;
//!             } // else the connection may have cut the line, which is then printed again
//!         }
//!     }
//!     if !web.inspect().await?.state.running {
//!         break;
//!     }
//!     tokio::time::sleep(std::time::Duration::from_secs(1)).await;
//! }
//! # assert_eq!(printed, ["one", "two", "three", "late", "cu", "four", "cut"]);
//! # Ok(()) }
//! ```
//!
//! Engines also end a followed log early when they rotate its file. So this loop is useful even if the connection never closes.
//!
//! To follow containers as they start, do not pass the time of the `start` event to `since`: the container may have written its first
//! lines before that time. Resume at the last line of the previous run, as `examples/logs.rs` does.
//!
//! # Terminals and framing
//! A container with a terminal (`tty`) has a single output: its chunks are [`Source::Console`]. Without a terminal, stdout and
//! stderr are separate: [`Source::Stdout`] and [`Source::Stderr`]. The response's content type tells which framing it has. Before
//! API 1.42, and with Podman, it does not. The crate then inspects the container, service or task. It never guesses the framing
//! from the bytes.
//!
//! # Attaching
//! An [`Attached`] is a stream of the output, and implements tokio's `AsyncWrite` for the input. [`split`](Attached::split)
//! separates the two for two tasks. Dropping the input closes stdin too. What was written before is still sent,
//! as long as you read the output.
//!
//! ```no_run
//! use tokio::io::AsyncWriteExt;
//!
//! # async fn example(docker: longshore::Docker) -> Result<(), Box<dyn std::error::Error>> {
//! let sort = docker.container("web").exec(["sort"]).stdin(true).await?;
//! let (mut input, mut output) = sort.start().await?.split();
//! let writing = tokio::spawn(async move {
//!     input.write_all(b"b\na\n").await?;
//!     input.shutdown().await // closes stdin
//! });
//! while let Some(chunk) = output.next().await {
//!     print!("{}", chunk?);
//! }
//! writing.await??;
//! # Ok(()) }
//! ```
//!
//! If all of the output fits in memory, [`output_with_input`](crate::exec::Create::output_with_input) does the same in one call.
//!
//! # Progress
//! Awaiting a pull, push, load, import or build returns its result. To show its progress, call `.stream()` and read each step. If
//! you need the result as well, pass each step to the method `note` of the result:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[("POST /images/create?fromImage=docker.io/library/nginx&tag=1.27", concat!("200 ",
//! #     r#"{"id":"6e90","status":"Downloading","progressDetail":{"current":4096,"total":8192}}"#, "\r\n",
//! #     r#"{"status":"Digest: sha256:6af79ae5"}"#, "\r\n"))]);
//! use longshore::image::PullResult;
//!
//! let mut result = PullResult::default();
//! let mut steps = docker.images().pull("nginx:1.27").stream().await?;
//! while let Some(step) = steps.next().await {
//!     let step = step?;
//!     result.note(&step);
//!     println!("{:?} {:?} {:?}", step.id, step.status, step.progress_detail.current);
//! }
//! assert_eq!(result.digest.as_deref(), Some("sha256:6af79ae5"));
//! # Ok(()) }
//! ```
//!
//! # Bounds
//! | item | bound |
//! |---|---|
//! | a line of [`Lines`](crate::stream::Lines) | 1 MiB; a longer line is split |
//! | a record of a JSON stream | 16 MiB, then [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) |
//! | [`exec::Create::output`](crate::exec::Create::output), [`Logs::output`](crate::container::Logs::output) | 256 MiB, then `TooLarge` |
//! | [`Run::to_completion`](crate::deploy::Run::to_completion) | keeps the last MiB; an observer receives all of it |
//! | chunks and bytes | none: they are yielded as they arrive |

#[allow(unused_imports, reason = "the links of this page")]
use crate::{
    Stream,
    container::Container,
    stream::{Attached, ByteStream, Chunk, OutputStream, ProgressStream, Source},
};
