//! [`Platform`]: what an image runs on, as calls take it.

pub use crate::wire::OciPlatform as Platform;

use crate::request::Request;
use crate::wire::ParsePlatformError;
use std::fmt::Display;

impl TryFrom<&str> for Platform {
    type Error = ParsePlatformError;

    fn try_from(text: &str) -> Result<Self, ParsePlatformError> {
        text.parse()
    }
}

impl TryFrom<String> for Platform {
    type Error = ParsePlatformError;

    fn try_from(text: String) -> Result<Self, ParsePlatformError> {
        text.parse()
    }
}
