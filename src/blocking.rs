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
use std::panic::catch_unwind;
use std::pin::{Pin, pin};
use std::sync::OnceLock;
use std::task::{Context, Waker};
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
