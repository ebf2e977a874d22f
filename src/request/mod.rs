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
mod splitter;
mod target;
mod text;
mod watch;

pub(crate) use builder::Request;
pub(crate) use client::{Client, ClientOptions};
pub(crate) use decode::decode;
pub(crate) use hyper::Method;
pub use observe::{Observe, Observed};
pub(crate) use registry::authorized;
pub(crate) use response::Response;
pub(crate) use send::{json, list, send, unit, version};
pub(crate) use splitter::Splitter;

/// A call on its way: what `.await` on a call of this crate runs.
pub(crate) type BoxFuture<T> = std::pin::Pin<Box<dyn Future<Output = crate::Result<T>> + Send>>;

/// Makes a call type awaitable: `call!(Stop => (), unit)` sends the request that `Stop` wraps and reads its answer with `unit`.
///
/// `IntoFuture::into_future` is what to hand to `tokio::spawn`.
macro_rules! call {
    ($call:ident => $output:ty, $read:path) => {
        impl $call {
            /// Overrides limits for this call: what is set here goes before the client's.
            pub fn limits(self, limits: $crate::Limits) -> Self {
                Self(self.0.limits(limits))
            }
        }

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

pub(crate) use call;
