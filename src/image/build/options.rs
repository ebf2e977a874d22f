//! The options of a build.

use super::{Build, BuildCache, BuildOutput};
use crate::Credentials;
use crate::container::from_process;
use crate::image::{ImageReference, Platform};
use crate::network::parse_extra_host;
use crate::registry::key_of_server;
use crate::request::Request;
use crate::wire::BuilderVersion;
use std::fmt::Display;

impl Build {
    pub(super) fn with(mut self, set: impl FnOnce(Request) -> Request) -> Self {
        self.request = set(self.request);
        self
    }

    /// Sets the builder. Defaults to the classic builder, or to BuildKit if an option is set that only BuildKit has.
    ///
    /// [`PingResponse::builder_version`](crate::system::PingResponse::builder_version) is the builder that the engine prefers.
    pub fn builder(mut self, version: BuilderVersion) -> Self {
        self.builder = Some(version);
        self
    }

    /// Sets the ID for [`cancel_build`](crate::image::Images::cancel_build). Defaults to a random ID. Requires BuildKit.
    ///
    /// Builds with several platforms or outputs, named contexts, caches other than images, attestations, entitlements or
    /// `no_cache_filter` have no ID. To cancel such a build, drop its call or stream.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.buildkit_only.get_or_insert("an id");
        self.id = Some(id.into());
        self
    }

    /// Sets the Dockerfile's path in the context. Defaults to `Dockerfile`.
    ///
    /// In a folder, the default is `dockerfile` if only that file exists. There the path can also be absolute.
    pub fn dockerfile(mut self, path: impl Into<String>) -> Self {
        self.dockerfile = Some(path.into());
        self
    }

    /// Adds a name for the image. The tag defaults to `latest`. Without this call the image has no name. Can be called
    /// several times.
    pub fn tag(self, name: impl TryInto<ImageReference, Error: Display>) -> Self {
        self.with(|request| match name.try_into() {
            Ok(name) if name.digest().is_some() => request.refuse(format!(
                "cannot tag an image as {:?}: it has a digest; leave the digest out",
                name.to_string()
            )),
            Ok(name) => request.query_also("t", name),
            Err(error) => request.refuse(error.to_string()),
        })
    }

    /// Adds a host to `/etc/hosts` during the build: a name, and an address or `host-gateway`. Can be called several times.
    pub fn extra_host(self, name: impl Display, address: impl Display) -> Self {
        self.with(|request| match parse_extra_host(name, address) {
            Ok((name, address)) => request.query_also("extrahosts", format!("{name}:{address}")),
            Err(why) => request.refuse(why),
        })
    }

    /// Builds without the cache. Default: `false`.
    pub fn no_cache(self, no_cache: bool) -> Self {
        self.with(|request| request.query("nocache", no_cache))
    }

    /// Adds a cache to import step results from. Can be called several times.
    ///
    /// The name of an image works with every builder. For the classic builder, the image must exist on the engine. Another
    /// [`BuildCache`], or a text such as `type=registry,ref=…`, requires BuildKit and the feature `buildkit`.
    pub fn cache_from(mut self, cache: impl TryInto<BuildCache, Error: Display>) -> Self {
        match cache.try_into().map(BuildCache::into_image) {
            Ok(Ok(image)) => self.lists.cache_from.push(image),
            #[cfg(feature = "buildkit")]
            Ok(Err(cache)) => {
                self.buildkit_only.get_or_insert("a cache");
                self.session.caches_from.push(cache);
            }
            #[cfg(not(feature = "buildkit"))]
            Ok(Err(_)) => {
                let why = "a build cache with fields, such as type=registry, requires the feature `buildkit`";
                return self.with(|request| request.refuse(why));
            }
            Err(why) => return self.with(|request| request.refuse(why.to_string())),
        }
        self
    }

    /// Pulls the base images even if they exist on the engine. Default: `false`.
    pub fn pull(self, pull: bool) -> Self {
        self.with(|request| request.query("pull", pull))
    }

    /// Sets the value of an `ARG`. Do not pass secrets: the value is in the image's history.
    pub fn build_arg(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.lists.build_args.insert(name, Some(value.into()));
        self
    }

    /// Sets the values of several `ARG`s.
    pub fn build_args<K: Into<String>, V: Into<String>>(self, values: impl IntoIterator<Item = (K, V)>) -> Self {
        values.into_iter().fold(self, |build, (name, value)| build.build_arg(name, value))
    }

    /// Sets an `ARG` to the value that the environment variable of this name has in this process now, as
    /// `docker build --build-arg NAME` does. If it is not set, the `ARG` keeps its default.
    pub fn build_arg_from_process(self, name: impl Into<String>) -> Self {
        let name = name.into();
        match from_process(&name) {
            Ok(Some(value)) => self.build_arg(name, value),
            Ok(None) => self.build_arg_unset(name),
            Err(why) => self.with(|request| request.refuse(why)),
        }
    }

    /// Leaves an `ARG` unset, so that it keeps its default. The engine warns if the Dockerfile has no such `ARG`.
    pub fn build_arg_unset(mut self, name: impl Into<String>) -> Self {
        self.lists.build_args.insert(name, None);
        self
    }

    /// Adds a label to the image. Can be called several times.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.lists.labels.insert(key, value.into());
        self
    }

    /// Adds labels to the image.
    pub fn labels<K: Into<String>, V: Into<String>>(self, labels: impl IntoIterator<Item = (K, V)>) -> Self {
        labels.into_iter().fold(self, |build, (key, value)| build.label(key, value))
    }

    /// Sets the network of `RUN` instructions: `bridge`, `host`, `none`, `container:name`, or a network's name. BuildKit
    /// supports only `default`, `host` and `none`. Defaults to the default network.
    pub fn network(self, network: impl Into<String>) -> Self {
        self.with(|request| request.query("networkmode", network.into()))
    }

    /// Sets the platform to build for, as `os[/arch[/variant]]`: `linux/arm64`. Defaults to the engine's own.
    ///
    /// If called several times, builds one image for all of the platforms. This requires BuildKit and the containerd image store.
    pub fn platform(mut self, platform: impl TryInto<Platform, Error: Display>) -> Self {
        match platform.try_into() {
            Ok(platform) => {
                self.platforms.push(platform);
                if self.platforms.len() > 1 {
                    self.buildkit_only.get_or_insert("more than one platform");
                }
                self
            }
            Err(why) => self.with(|request| request.refuse(why.to_string())),
        }
    }

    /// Sets the stage to build. Defaults to the last stage.
    pub fn target(self, stage: impl Into<String>) -> Self {
        self.with(|request| request.query("target", stage.into()))
    }

    /// Adds an output, also as a text such as `type=local,dest=out`. Defaults to an image in the engine.
    /// [`BuildOutput::registry`] pushes the image. Requires BuildKit. Several outputs require API 1.45 or later.
    pub fn output(mut self, output: impl TryInto<BuildOutput, Error: Display>) -> Self {
        self.buildkit_only.get_or_insert("an output");
        match output.try_into() {
            Ok(output) => self.lists.outputs.push(output),
            Err(why) => return self.with(|request| request.refuse(why.to_string())),
        }
        self
    }

    /// Sets the credentials for a registry, such as `registry.example.com:5000` or `docker.io`, or its URL. Can be called
    /// several times.
    ///
    /// For other registries they default to those that the docker CLI would use, see [`Credentials`]. All of these are
    /// sent, because the client does not know which registries the build needs. Credentials are left out if their
    /// credential helper fails. With BuildKit, the engine asks for the credentials of a registry when it needs them, and the
    /// build fails if their credential helper fails. There, a registry token is not supported.
    pub fn credentials(mut self, registry: impl Into<String>, credentials: impl Into<Credentials>) -> Self {
        let registry = match key_of_server(&registry.into()) {
            hub if hub == "registry-1.docker.io" => key_of_server(""),
            registry => registry,
        };
        self.lists.credentials.insert(registry, credentials);
        self
    }
}
