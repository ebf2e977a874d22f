//! The options of a build that only BuildKit has, and that need the feature `buildkit`.

use super::{BuildSecret, BuildSsh};
use crate::image::BuildContext;
use crate::image::build::context::Source;
use crate::image::build::{Build, BuildCache};
use std::fmt::Display;

impl Build {
    /// Adds a named build context. Requires BuildKit and the feature `buildkit`, and either Docker 23 or later or a Dockerfile that begins with
    /// `# syntax=docker/dockerfile:1`.
    ///
    /// The context is a folder or a URL. The Dockerfile uses it by name, as in `COPY --from=docs`, or instead of a base
    /// image. The URL `docker-image://alpine` refers to an image.
    pub fn named_context(mut self, name: impl Into<String>, context: impl Into<BuildContext>) -> Self {
        self.buildkit_only.get_or_insert("a named context");
        let name = name.into();
        match context.into().0 {
            Source::Remote(url) => self.session.contexts.push((name, url)),
            Source::Folder(path) => {
                // Apart from the folders `context` and `dockerfile` of the build itself.
                let folder = format!("_{name}");
                self.session.contexts.push((name, format!("local:{folder}")));
                self.session.folders.push((folder, path));
            }
            Source::Tar(_) => {
                return self
                    .with(|request| request.refuse("a named context must be a folder or a URL, not an archive"));
            }
        }
        self
    }

    /// Adds a cache to export step results to, also as a text such as `type=registry,ref=…`. Requires BuildKit and the
    /// feature `buildkit`.
    pub fn cache_to(mut self, cache: impl TryInto<BuildCache, Error: Display>) -> Self {
        self.buildkit_only.get_or_insert("a cache");
        match cache.try_into() {
            Ok(cache) => self.session.caches_to.push(cache),
            Err(why) => return self.with(|request| request.refuse(why.to_string())),
        }
        self
    }

    /// Adds an attestation to the image, such as `provenance` with the parameters `mode=max`, or `sbom` without
    /// parameters. Requires BuildKit and the feature `buildkit`, the containerd image store, and API 1.43 or later.
    pub fn attestation(mut self, kind: impl Into<String>, parameters: impl Into<String>) -> Self {
        self.buildkit_only.get_or_insert("an attestation");
        self.session.attestations.push((kind.into(), parameters.into()));
        self
    }

    /// Adds a secret for `RUN --mount=type=secret,id=…`. Requires BuildKit and the feature `buildkit`. Can be called several times.
    pub fn secret(mut self, secret: BuildSecret) -> Self {
        self.buildkit_only.get_or_insert("a secret");
        self.session.secrets.push(secret);
        self
    }

    /// Adds an SSH agent for `RUN --mount=type=ssh`. Requires BuildKit and the feature `buildkit`. Can be called several times.
    pub fn ssh(mut self, agent: BuildSsh) -> Self {
        self.buildkit_only.get_or_insert("an SSH agent");
        self.session.agents.push(agent);
        self
    }

    /// Builds a stage without the cache, given by its name in the Dockerfile. Requires BuildKit and the feature
    /// `buildkit`. Can be called several times. For all stages, use [`no_cache`](Self::no_cache).
    pub fn no_cache_filter(mut self, stage: impl Into<String>) -> Self {
        self.buildkit_only.get_or_insert("no_cache_filter");
        let stage = stage.into();
        if stage.trim().is_empty() {
            return self.with(|request| request.refuse("no_cache_filter needs the name of a stage"));
        }
        self.session.stages_without_cache.push(stage);
        self
    }

    /// Grants the build an entitlement: `network.host`, `security.insecure` or `device`. Requires BuildKit and the feature
    /// `buildkit`, and an engine whose configuration permits the entitlement. Can be called several times.
    ///
    /// A [`network`](Self::network) of `host` needs no call of this.
    pub fn allow(mut self, entitlement: impl Into<String>) -> Self {
        self.buildkit_only.get_or_insert("an entitlement");
        self.session.entitlements.push(entitlement.into());
        self
    }
}
