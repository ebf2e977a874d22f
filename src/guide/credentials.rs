//! Where calls find registry credentials, and how to pass your own.
//!
//! # Where they are found
//! A call that concerns a registry uses the credentials that the docker CLI would use, unless you
//! [pass your own](#passing-your-own). If the variable `DOCKER_AUTH_CONFIG` has an entry for the registry, that is used.
//! Otherwise the first of these that is set decides:
//!
//! 1. the helper that `credHelpers` of `config.json` names for the registry;
//! 2. the helper that `credsStore` names, or the system's default helper if the file says nothing about credentials;
//! 3. `auths` of `config.json`.
//!
//! `config.json` is in the folder `DOCKER_CONFIG`, or in `~/.docker`. [`Builder::config_folder`] sets another folder. A helper is
//! the program `docker-credential-NAME` on `PATH`. It must respond within 30 seconds.
//!
//! Each call looks the credentials up again, in this process. The engine never reads these files. If the registry rejects the
//! credentials, a token may have expired. The call then looks them up again and is sent once more. A call with an upload is not.
//!
//! If there are no credentials, the call is sent without any. If a setting is invalid or a helper fails, the call fails with
//! [`ErrorKind::Config`] before anything is sent.
//!
//! # Which calls use credentials
//! | call | credentials |
//! |---|---|
//! | [`Images::pull`], [`Image::push`], [`Image::distribution`] | of the registry in the image reference |
//! | [`Images::search`] | of the registry in the search term |
//! | [`Images::build`] | of all registries, since any of them may have a base image |
//! | plugins: privileges, install, upgrade, push | of the plugin's registry |
//! | [`Run`](crate::deploy::Run), [`Project`](crate::deploy::Project) | of the image's registry |
//! | [`Services::create`](crate::service::Services::create), [`Service::update`](crate::service::Service::update) | none by default: see [below](#swarms) |
//!
//! # Passing your own
//! The setter `credentials` of a call replaces the lookup.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
//! # #[tokio::main] async fn main() -> longshore::Result<()> {
//! # let docker = engine(&[
//! #     ("POST /images/create?fromImage=registry.example.com/team/web&tag=1.0", "200 {\"status\":\"Digest: sha256:6af7\"}\r\n"),
//! # ]);
//! use longshore::Credentials;
//!
//! # let token = "hunter2";
//! let ci = Credentials::password("ci", token).server("registry.example.com");
//! docker.images().pull("registry.example.com/team/web:1.0").credentials(&ci).await?;
//! # Ok(()) }
//! ```
//!
//! | constructor | for |
//! |---|---|
//! | [`Credentials::password`] | a user with a password, or with an access token in its place |
//! | [`Credentials::identity_token`] | the token that a login returned |
//! | [`Credentials::registry_token`] | a bearer token for the registry itself |
//!
//! [`Builder::registry_credentials`]`(false)` turns the lookup off: calls then send only the credentials that you pass. Use it in
//! a service that acts for several users.
//!
//! # Logging in
//! [`Docker::login`] asks the engine to check credentials with the registry. Engines store no credentials, so a login alone does
//! not affect later calls. [`store`](crate::system::Login::store) stores them where the docker CLI does: with its helper, or else
//! in `config.json`. Everyone who can read that file can read the password.
//!
//! ```no_run
//! use longshore::Credentials;
//!
//! # async fn example(docker: longshore::Docker) -> Result<(), Box<dyn std::error::Error>> {
//! let ci = Credentials::password("ci", std::env::var("REGISTRY_TOKEN")?).server("registry.example.com");
//! match docker.login(&ci).store(true).await {
//!     Err(error) if error.is_unauthorized() => eprintln!("the registry does not take them"),
//!     other => println!("{}", other?.status),
//! }
//! docker.logout("registry.example.com").await?; // removes what is stored
//! # Ok(()) }
//! ```
//!
//! # Builds
//! A build uses credentials to pull its base images. Call [`Build::credentials`](crate::image::Build::credentials) once for each
//! registry. Other registries get the credentials that the lookup finds.
//!
//! With the classic builder, all credentials are sent with the request. If a helper fails for a registry, that registry gets
//! none. With BuildKit, credentials require the feature `buildkit`: the engine then asks this process for the credentials of a
//! registry when it needs them. If a helper fails then, the build fails. Registry tokens are not supported with BuildKit.
//!
//! These credentials are only for registries. To pass a secret to a build step, use
#![cfg_attr(
    feature = "buildkit",
    doc = "[`Build::secret`](crate::image::Build::secret) or [`Build::ssh`](crate::image::Build::ssh)."
)]
#![cfg_attr(not(feature = "buildkit"), doc = "`Build::secret` or `Build::ssh`, with the feature `buildkit`.")]
//! Do not put a secret into a build argument: the image's history shows it.
//!
//! # Swarms
//! Each node pulls a service's image itself, with the credentials that the swarm stores for the service. By default a service has
//! none, as with the docker CLI.
//!
//! ```no_run
//! use longshore::service::ServiceSpec;
//!
//! # async fn example(docker: longshore::Docker, ci: longshore::Credentials) -> longshore::Result<()> {
//! let spec = ServiceSpec::new("web", "registry.example.com/team/web:1.0");
//! docker.services().create(spec.clone()).registry_auth(true).await?; // looks them up, as `--with-registry-auth`
//! docker.services().create(spec).credentials(&ci).await?; // or these
//!
//! // An update keeps the service's credentials, unless you pass others, or have it look them up with `registry_auth(true)`.
//! docker.service("web").update(|spec| spec.image("registry.example.com/team/web:1.1")).credentials(&ci).await?;
//! # Ok(()) }
//! ```
//!
//! A [`Project`](crate::deploy::Project) on a swarm sends credentials whenever it creates or updates a service: those of the
//! service in the project, or those that the lookup finds.
//!
//! # Secrecy
//! Credentials never appear in an error, a log, a span or a `Debug`. Errors do not quote a helper's output, which may hold a
//! secret. Secrets are overwritten in memory when they are dropped. Use [`Secret`](crate::Secret) in your own types for the same
//! protection.
//!
//! ```
//! let credentials = longshore::Credentials::password("ci", "hunter2");
//! assert!(!format!("{credentials:?}").contains("hunter2"));
//! ```
//!
//! # When a registry rejects them
//! [`Error::is_unauthorized`](crate::Error::is_unauthorized) is then true, even where Docker reports a status of 500 or an error
//! within a stream. If the lookup found no credentials, the error names the registry that it looked for.
//!
//! A registry that accepts the credentials may still deny access to a repository. Then
//! [`Error::is_forbidden`](crate::Error::is_forbidden) is true. If the lookup found no credentials, the same response is
//! `is_unauthorized`, except for builds, whose registries are not known beforehand. For a pull of a private image, many registries and engines respond "not found". So if a pull fails with
//! [`Error::is_not_found`](crate::Error::is_not_found), check the credentials too.

#[allow(unused_imports, reason = "the links of this page")]
use crate::{
    Builder, Credentials, Docker, ErrorKind,
    image::{Image, Images},
};
