//! [`Platform`] as a parameter of calls.

pub use crate::Platform;

use crate::Version;
use crate::request::Request;

impl Platform {
    /// Returns the OCI JSON of the platform. Newer parameters expect it where older ones expect `os/arch/variant`.
    pub(crate) fn to_json(&self) -> Result<String, String> {
        if self.os.is_empty() || self.architecture.is_empty() {
            return Err(format!(
                "the platform {:?} must have an architecture here, such as linux/arm64",
                self.to_string()
            ));
        }
        serde_json::to_string(self).map_err(|error| error.to_string())
    }
}

impl From<&Platform> for Platform {
    fn from(platform: &Platform) -> Self {
        platform.clone()
    }
}

/// Returns the OCI JSON of a platform argument, or why the argument is invalid.
pub(super) fn json_of<P>(platform: P) -> Result<String, String>
where
    P: TryInto<Platform, Error: std::fmt::Display>,
{
    platform.try_into().map_err(|error| error.to_string())?.to_json()
}

/// Sets the parameter `platform` as JSON.
pub(super) fn one<P>(request: Request, since: Version, platform: P) -> Request
where
    P: TryInto<Platform, Error: std::fmt::Display>,
{
    match json_of(platform) {
        Ok(json) => request.query_since(since, "platform", json),
        Err(why) => request.refuse(why),
    }
}

/// Adds a `platform` parameter to a save or load. Requires API 1.48, and API 1.52 for more than one.
pub(super) fn several<P>(request: Request, platform: P) -> Request
where
    P: TryInto<Platform, Error: std::fmt::Display>,
{
    let request = if request.has_query("platform") {
        request.since(Version::V1_52, "more than one platform")
    } else {
        request.since(Version::V1_48, "platform")
    };
    match json_of(platform) {
        Ok(json) => request.query_also("platform", json),
        Err(why) => request.refuse(why),
    }
}

#[cfg(test)]
mod tests {
    use super::{Platform, json_of};

    #[test]
    fn writes_the_json_of_the_oci() {
        let arm = json_of("linux/arm64/v8").expect("a platform");
        assert_eq!(arm, r#"{"architecture":"arm64","os":"linux","variant":"v8"}"#);
        let windows = Platform { os_version: "10.0.17763".to_owned(), ..Platform::new("windows", "amd64") };
        let windows = json_of(windows).expect("a platform");
        assert_eq!(windows, r#"{"architecture":"amd64","os":"windows","os.version":"10.0.17763"}"#);
    }

    #[test]
    fn says_what_is_wrong() {
        assert!(json_of("linux").expect_err("no architecture").contains("must have an architecture"));
        assert!(json_of("linux/a b").expect_err("a space").contains("invalid platform"));
    }
}
