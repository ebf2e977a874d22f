//! The only way to the wire. A call type wraps a [`Request`], its setters add to it, and awaiting it sends it.

mod builder;
mod client;
mod decode;
mod engine_error;
mod exchange;
mod failure;
mod filters;
mod label;
mod list;
pub(crate) mod meaning;
mod negotiated;
mod negotiation;
mod observe;
mod registry;
mod response;
mod send;
#[cfg(feature = "tracing")]
mod span;
mod spec_update;
mod splitter;
mod target;
mod text;
mod watch;

pub(crate) use builder::Request;
pub(crate) use client::{Client, ClientOptions, FRAMING};
pub(crate) use decode::decode_object;
pub(crate) use hyper::Method;
pub use observe::{Observe, Observed};
pub(crate) use registry::authorized;
pub(crate) use response::Response;
pub(crate) use send::{json, list, send, unit, version};
pub(crate) use spec_update::{SpecUpdate, respecified};
pub(crate) use splitter::Splitter;

/// A call on its way: what `.await` on a call of this crate runs.
pub(crate) type BoxFuture<T> = std::pin::Pin<Box<dyn Future<Output = crate::Result<T>> + Send>>;

/// Gives a call type `wait`, for code that is not async.
macro_rules! waits {
    ($call:ident => $output:ty) => {
        #[cfg(feature = "blocking")]
        impl $call {
            /// Waits for the result of the call, in code that is not async: see [`blocking`](crate::blocking).
            ///
            /// # Errors
            /// The errors of the call, and [`Error::is_invalid`](crate::Error::is_invalid) in an async context.
            pub fn wait(self) -> $crate::Result<$output> {
                $crate::blocking::Wait::wait(self)
            }
        }
    };
}

/// Makes a call type awaitable: `call!(Stop => (), unit)` sends the request that `Stop` wraps and reads its response with `unit`.
///
/// Pass the result of `IntoFuture::into_future` to `tokio::spawn`.
macro_rules! call {
    ($call:ident => $output:ty, $read:path) => {
        impl $call {
            /// Overrides the client's limits for this call. Unset limits keep the client's values.
            pub fn limits(self, limits: $crate::Limits) -> Self {
                Self(self.0.limits(limits))
            }
        }

        $crate::request::waits!($call => $output);

        impl std::future::IntoFuture for $call {
            type Output = $crate::Result<$output>;
            type IntoFuture = $crate::request::BoxFuture<$output>;

            // Inline, so that a program compiles the calls that it makes, and no others.
            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                Box::pin($read(self.0))
            }
        }
    };
}

pub(crate) use {call, waits};
