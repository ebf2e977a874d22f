//! HTTP/1.1 as bytes: what a request's head says, how an answer begins and where it ends. There is no I/O in it.
//!
//! An engine is spoken to by one request at a time on a connection of its own, which needs little of HTTP; and what it needs,
//! a followed log needs fast: each of its frames is a chunk.

mod body;
mod chunks;
mod fields;
mod head;
mod malformed;
mod method;
mod status;
#[cfg(test)]
mod tests;

pub(crate) use body::{Body, Piece};
pub(crate) use fields::{Fields, is_field_name, is_field_value};
pub(crate) use head::Head;
pub(crate) use malformed::Malformed;
pub(crate) use method::Method;
pub(crate) use status::{Status, reason};
