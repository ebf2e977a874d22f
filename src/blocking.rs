//! Calls from code that is not async: `.wait()` where async code has `.await`, and `for` loops over streams. Requires the feature
//! `blocking`.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     ("POST /containers/web/start", "204"),
//! #     ("GET /containers/web/logs?stdout=true&stderr=true", "200 >listening\n"),
//! #     ("GET /containers/web/logs?stdout=true&stderr=true&tail=1", "200 >listening\n"),
//! # ]);
//! use longshore::blocking::Wait; // for methods that are `async fn`, such as `output`
//!
//! let web = docker.container("web");
//! web.start().wait()?;
//! for chunk in web.logs().wait()? {
//!     print!("{}", chunk?);
//! }
//! println!("{}", web.logs().tail(1).output().wait()?.stdout_text());
//! # Ok(()) }
//! ```
//!
//! # Tests
//! A service that is [removed on drop](crate::deploy::Run::remove_on_drop) is removed in the background. If the process ends first,
//! the container is left behind, as after a test that panics. Let a `Drop` wait for the removal:
//!
#![cfg_attr(
    feature = "deploy",
    doc = r#"```no_run
use longshore::Docker;
use longshore::blocking::Wait;
use longshore::deploy::{Cleanup, Ready, Run};

/// Waits for the removal of a test's services when the test ends, also by a panic.
#[derive(Default)]
struct Removed(Cleanup);

impl Drop for Removed {
    fn drop(&mut self) {
        let _ = std::mem::take(&mut self.0).finished().wait();
    }
}

#[test]
fn the_shop_has_a_database() {
    let docker = Docker::from_env().expect("an engine");
    let removed = Removed::default(); // declared first, so it is dropped last
    let run = Run::new("postgres:16").ready(Ready::tcp(5432)).remove_on_drop(true).cleanup(&removed.0);
    let db = run.start(&docker).wait().expect("a database");
    // … the test, whose panic drops `db` and then `removed`
}
# fn main() {}
```"#
)]
//!
//! # Bytes
//! [`Io`] reads and writes with the traits of `std::io`: the input of a process, an archive, an image.
//!
//! # Threads
//! The waiting thread drives the call, on a tokio runtime of the crate's own. The first wait starts this runtime and its one
//! thread, which then keep running. Clients, calls and streams are the same types as in async code, and can be shared with it.
//!
//! In an async context, waiting would block the other tasks of the thread. There, `wait` fails with [`Error::is_invalid`] and
//! sends nothing. In async code use `.await`, or wait in `tokio::task::spawn_blocking`. (In a task without a budget, of
//! `tokio::task::unconstrained`, tokio itself panics first; a program with `panic = "abort"` ends there.)
//!
//! A stream belongs to the tokio runtime on which its call was awaited. If you create it in async code and read it here, that
//! runtime must keep running meanwhile: in `spawn_blocking`, or on a runtime with threads of its own. On a `current_thread`
//! runtime that nothing drives, the stream yields no item until it reaches one of its limits.

use crate::{Error, Result};
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::io::{self, Read, Write};
use std::panic::catch_unwind;
use std::pin::{Pin, pin};
use std::sync::OnceLock;
use std::task::{Context, Waker};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::coop::consume_budget;

/// Adds `wait` to futures, for the methods of this crate that are `async fn`, such as
/// [`Logs::output`](crate::container::Logs::output).
///
/// Call types, such as [`Stop`](crate::container::Stop), have an inherent `wait`, which needs no import.
pub trait Wait: IntoFuture {
    /// Waits for the result of the call.
    ///
    /// # Errors
    /// The errors of the call, and [`Error::is_invalid`] in an async context.
    fn wait(self) -> Self::Output;
}

impl<F, T, E> Wait for F
where
    F: IntoFuture<Output = std::result::Result<T, E>>,
    E: From<Error>,
{
    fn wait(self) -> Self::Output {
        runtime()?.block_on(self.into_future())
    }
}

/// Iterates over the items of a stream. A `for` loop over a stream creates it.
///
/// Dropping it closes the stream's connection.
#[must_use = "nothing is read unless it is asked for"]
pub struct Iter<S> {
    /// `None` after the end.
    stream: Option<S>,
}

impl<S> Iter<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream: Some(stream) }
    }
}

impl<S, T, E> Iterator for Iter<S>
where
    S: Stream<Item = std::result::Result<T, E>> + Unpin,
    E: From<Error>,
{
    type Item = std::result::Result<T, E>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.as_mut()?;
        let next = runtime().map(|runtime| runtime.block_on(poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx))));
        let next = next.unwrap_or_else(|error| Some(Err(error.into())));
        if !matches!(next, Some(Ok(_))) {
            self.stream = None;
        }
        next
    }
}

impl<S: fmt::Debug> fmt::Debug for Iter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Iter").field(&self.stream).finish()
    }
}

/// Reads and writes with the traits of `std::io` what has those of tokio: a [`ByteStream`](crate::stream::ByteStream), an
/// [`Archive`](crate::container::Archive), an [`Attached`](crate::stream::Attached) or its [`Input`](crate::stream::Input).
///
/// Dropping it drops what is inside: with an [`Input`](crate::stream::Input), this closes the standard input of the process. To
/// read the output of an [`Attached`](crate::stream::Attached) too, [`split`](crate::stream::Attached::split) it. Write
/// input that is larger than some KiB on a thread of its own: a process may stop reading until its output is read.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let docker = engine(&[
/// #     ("GET /images/web:1/get", "200 a tar archive"),
/// #     ("POST /containers/web/exec", r#"201 {"Id":"e1"}"#),
/// #     ("POST /exec/e1/start", "101 >a\n>b\n"),
/// # ]);
/// use longshore::blocking::Io;
/// use std::io::Write;
///
/// let mut image = Io::new(docker.image("web:1").save().wait()?);
/// let mut tar = Vec::new(); // any `Write`, such as a file
/// std::io::copy(&mut image, &mut tar)?;
///
/// let sort = docker.container("web").exec(["sort"]).stdin(true).wait()?;
/// let (input, output) = sort.start().wait()?.split();
/// Io::new(input).write_all(b"b\na\n")?; // and the drop closes stdin
/// for line in output.lines() {
///     println!("{}", line?);
/// }
/// # Ok(()) }
/// ```
///
/// # Errors
/// The errors of what is inside, and in an async context an error whose source is [`Error::is_invalid`].
#[derive(Debug)]
pub struct Io<T>(T);

impl<T> Io<T> {
    /// Wraps a reader, a writer, or both.
    pub fn new(inner: T) -> Self {
        Self(inner)
    }

    /// Returns what is inside.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: AsyncRead + Unpin> Read for Io<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        runtime().map_err(io::Error::other)?.block_on(self.0.read(buffer))
    }
}

impl<T: AsyncWrite + Unpin> Write for Io<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        runtime().map_err(io::Error::other)?.block_on(self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        runtime().map_err(io::Error::other)?.block_on(self.0.flush())
    }
}

/// Returns the runtime of all waits. The whole program has one, because kept connections belong to their runtime.
fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let start = || Builder::new_multi_thread().worker_threads(1).thread_name("longshore").enable_all().build();
    match RUNTIME.get_or_init(start) {
        Ok(runtime) if may_block(runtime) => Ok(runtime),
        Ok(_) => Err(Error::input(
            "`wait` was called in an async context, where it would block other tasks: use `.await`, or \
             `tokio::task::spawn_blocking`",
        )),
        Err(error) => Err(Error::config(format!("no runtime to wait on: {error}"))),
    }
}

/// Returns whether this thread may block. In a runtime, only the threads for blocking code may.
fn may_block(runtime: &Runtime) -> bool {
    let is_outside = Handle::try_current().is_err();
    // tokio itself tells only by a panic. That is left for tasks without a budget, which are rare.
    is_outside || (!has_budget() && (cfg!(panic = "abort") || catch_unwind(|| runtime.block_on(async {})).is_ok()))
}

/// Returns whether tokio lets this code run only for a while before it has to yield. It does so in tasks and in `block_on`, and
/// not on threads for blocking code.
fn has_budget() -> bool {
    let is_spent = |_| pin!(consume_budget()).poll(&mut Context::from_waker(Waker::noop())).is_pending();
    (0..=u8::MAX).any(is_spent) // no budget is larger
}
