//! What the tests share: the scripted engine with the clients that they ask it for, and whatever else stands in this folder.

#![allow(dead_code, reason = "each test binary uses a part of it")]

pub mod again;
#[cfg(feature = "buildkit")]
pub mod buildkit;
pub mod builds;
pub mod cluster;
pub mod cut;
pub mod dockerd;
pub mod guarded;
pub mod peer;
pub mod produce;
pub mod projects;
pub mod real;
pub mod registry;
#[cfg(feature = "tracing")]
pub mod scribe;
pub mod shown;
pub mod tar;
pub mod watched;

pub use longshore::testing::{Exchange, Response, on};

use longshore::{Docker, Limits, Version, testing};
use std::ops::Deref;
use std::path::PathBuf;
use std::time::Duration;

/// A scripted engine, with further clients than users need.
pub struct Engine(testing::Engine);

impl Deref for Engine {
    type Target = testing::Engine;

    fn deref(&self) -> &testing::Engine {
        &self.0
    }
}

impl Engine {
    /// On a unix socket.
    pub fn unix(script: impl IntoIterator<Item = Exchange>) -> Self {
        Self(testing::Engine::unix(script))
    }

    /// On a TCP port of the loopback interface.
    pub fn tcp(script: impl IntoIterator<Item = Exchange>) -> Self {
        Self(testing::Engine::tcp(script))
    }

    /// A client that negotiates.
    pub fn negotiating(&self) -> Docker {
        self.builder().build().expect("a client")
    }

    /// One that takes the credentials that a folder of the docker CLI's settings has.
    pub fn with_settings(&self, minor: u16, folder: impl Into<PathBuf>) -> Docker {
        let builder = Docker::builder().host(self.host()).api_version(Version::new(1, minor));
        builder.config_folder(folder).build().expect("a client")
    }

    /// A client that speaks this version without asking.
    pub fn docker(&self, minor: u16) -> Docker {
        self.builder().api_version(Version::new(1, minor)).build().expect("a client")
    }

    /// The same with limits so short that a test can wait for them.
    pub fn impatient(&self, minor: u16) -> Docker {
        let short = Duration::from_millis(50);
        let limits = Limits::new().connect(short).head(short).idle(short);
        self.builder().api_version(Version::new(1, minor)).limits(limits).build().expect("a client")
    }
}

/// A body recorded from a real engine: `fixture("docker-20.10.24/container_inspect.json")`.
pub fn fixture(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
