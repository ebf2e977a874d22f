//! Networks.

mod endpoint;

pub use endpoint::{EndpointIpamConfig, EndpointSettings};
