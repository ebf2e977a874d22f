//! The choice between the classic builder and BuildKit, and the options that it rules out.

use super::{Build, BuildOutput};
use crate::Version;
use crate::request::Request;
use crate::wire::BuilderVersion;

impl Build {
    /// Returns the builder, or an error if an option is not for it.
    pub(super) fn chosen(&self) -> Result<BuilderVersion, String> {
        let implied = self.buildkit_only.map_or(BuilderVersion::V1, |_| BuilderVersion::BuildKit);
        let builder = self.builder.clone().unwrap_or(implied);
        let (misplaced, other) = match builder {
            BuilderVersion::BuildKit => (self.classic_only, "the classic builder"),
            _ => (self.buildkit_only, "BuildKit"),
        };
        if let Some(option) = misplaced {
            return Err(format!("{option} requires {other}"));
        }
        if builder == BuilderVersion::BuildKit {
            self.check_buildkit()?;
        }
        Ok(builder)
    }

    /// Checks the values that BuildKit does not support.
    fn check_buildkit(&self) -> Result<(), String> {
        let network = self.request.queries().find(|(name, _)| *name == "networkmode").map(|(_, mode)| mode);
        if let Some(mode) = network.filter(|mode| !matches!(*mode, "" | "default" | "none" | "host")) {
            return Err(format!("invalid network mode {mode:?}: BuildKit supports `default`, `none` and `host`"));
        }
        self.check_session()?;
        self.lists.outputs.iter().try_for_each(BuildOutput::check)
    }

    #[cfg(feature = "buildkit")]
    #[allow(clippy::unnecessary_wraps, clippy::unused_self, reason = "it fails without the feature")]
    fn check_session(&self) -> Result<(), String> {
        Ok(())
    }

    /// Checks that the build needs no session.
    #[cfg(not(feature = "buildkit"))]
    fn check_session(&self) -> Result<(), String> {
        let needed = [
            (!self.lists.credentials.is_empty(), "credentials for a BuildKit build"),
            (self.platforms.len() > 1, "several platforms"),
            (self.lists.outputs.len() > 1, "several outputs"),
        ];
        match needed.into_iter().find(|(is_needed, _)| *is_needed) {
            Some((_, what)) => Err(format!("{what} require the feature `buildkit`")),
            None => Ok(()),
        }
    }

    /// Returns an option that BuildKit ignores before API 1.42.
    pub(super) fn limit(&self) -> Option<&'static str> {
        let is_sized = self.request.has_query("shmsize").then_some("a size of /dev/shm with BuildKit");
        is_sized.or((!self.lists.ulimits.is_empty()).then_some("a ulimit with BuildKit"))
    }
}

/// Requires the API version whose BuildKit does not ignore this limit of a build.
pub(super) fn gated(request: Request, limit: Option<&'static str>) -> Request {
    limit.into_iter().fold(request, |request, limit| request.since(Version::V1_42, limit))
}

/// Fails if the engine is Podman, which would build with Buildah without an error.
#[cfg(not(feature = "buildkit"))]
pub(super) async fn refuse_podman(build: &Request) -> crate::Result<()> {
    use crate::request::{Method, send};
    build.check().map_err(|error| error.in_call(|| build.label().to_string()))?;
    let ping = build.client().request(Method::HEAD, "/_ping", &[]).versioned(false).part_of(build);
    // If this request fails, the build reports why.
    let is_podman =
        send(ping).await.is_ok_and(|pong| pong.header("server").is_some_and(|name| name.starts_with("Libpod/")));
    if is_podman {
        let what = "the engine does not support BuildKit: it is Podman";
        return Err(crate::Error::new(crate::ErrorKind::Version, what).in_call(|| build.label().to_string()));
    }
    Ok(())
}
