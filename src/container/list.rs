//! `GET /containers/json`

use super::{ContainerStatus, ContainerSummary, Containers, HealthStatus, Isolation};
use crate::request::{Method, Request, call, list};
use std::fmt::Display;

impl Containers {
    /// Lists the running containers, newest first. [`List::all`] includes the stopped ones.
    ///
    /// A container must match all filters of different kinds, and one of several filters of the same kind. There are
    /// two exceptions: all `label` filters must match, and `expose` and `publish` count as one kind.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doc.rs"));
    /// # #[tokio::main] async fn main() -> longshore::Result<()> {
    /// # let docker = engine(&[(r#"GET /containers/json?all=true&filters={"label":{"app=web":true}}"#,
    /// #     r#"200 [{"Id":"e90e","Names":["/web"],"Image":"nginx:1.27","State":"exited","Status":"Exited (0) 2 hours ago"}]"#,
    /// # )]);
    /// for container in docker.containers().list().all(true).label("app=web").await? {
    ///     println!("{:?} {} {}", container.names, container.image, container.status);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `GET /containers/json`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the container of `before` or `since` does not exist.
    /// Docker 20.10 responds with status 500 instead.
    pub fn list(&self) -> List {
        List(self.client.request(Method::GET, "/containers/json", &[]))
    }
}

/// A call of [`Containers::list`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct List(Request);

impl List {
    /// Includes containers that are not running. Defaults to `false`.
    pub fn all(self, all: bool) -> Self {
        Self(self.0.query("all", all))
    }

    /// Lists at most `limit` containers: the newest ones, running or not. Default: all running containers.
    pub fn limit(self, limit: u32) -> Self {
        Self(self.0.query("limit", limit))
    }

    /// Includes the sizes of the containers' files, which the engine takes a while to compute. Defaults to `false`.
    pub fn size(self, size: bool) -> Self {
        Self(self.0.query("size", size))
    }

    /// Filters by image: containers of this image, or of an image built upon it. Takes `name[:tag]`, `name@digest` or
    /// an ID.
    pub fn ancestor(self, image: impl AsRef<str>) -> Self {
        Self(self.0.filter("ancestor", image.as_ref()))
    }

    /// Filters for containers created before this container (name or ID).
    pub fn before(self, container: impl AsRef<str>) -> Self {
        Self(self.0.filter("before", container.as_ref()))
    }

    /// Filters by container port, exposed or published: `80`, `"53/udp"` or `"8000-9000/tcp"`.
    pub fn expose(self, port: impl Display) -> Self {
        Self(self.0.filter("expose", port))
    }

    /// Filters by exit code. Use it with [`all`](Self::all).
    pub fn exited(self, code: i64) -> Self {
        Self(self.0.filter("exited", code))
    }

    /// Filters by health status.
    pub fn health(self, health: impl Into<HealthStatus>) -> Self {
        Self(self.0.filter("health", health.into()))
    }

    /// Filters by container ID, or the beginning of one.
    pub fn id(self, id: impl AsRef<str>) -> Self {
        Self(self.0.filter("id", id.as_ref()))
    }

    /// Filters by isolation technology. Windows only.
    pub fn isolation(self, isolation: impl Into<Isolation>) -> Self {
        Self(self.0.filter("isolation", isolation.into()))
    }

    /// Filters for tasks of Swarm services; with `false`, for all other containers.
    pub fn is_task(self, is_task: bool) -> Self {
        Self(self.0.filter_one("is-task", is_task))
    }

    /// Filters by label: `key` or `key=value`. With several labels, all must match.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Filters by a regular expression that matches anywhere in the name: `web` also finds `my-web-1`, `^/?web$` does
    /// not.
    pub fn name(self, pattern: impl AsRef<str>) -> Self {
        Self(self.0.filter("name", pattern.as_ref()))
    }

    /// Filters for containers attached to this network (name or ID).
    pub fn network(self, network: impl AsRef<str>) -> Self {
        Self(self.0.filter("network", network.as_ref()))
    }

    /// Filters by published host port: `8080`, `"53/udp"` or `"8000-9000/tcp"`.
    pub fn publish(self, port: impl Display) -> Self {
        Self(self.0.filter("publish", port))
    }

    /// Filters for containers created after this container (name or ID).
    pub fn since(self, container: impl AsRef<str>) -> Self {
        Self(self.0.filter("since", container.as_ref()))
    }

    /// Filters by state. Finds stopped containers even without [`all`](Self::all).
    pub fn status(self, status: impl Into<ContainerStatus>) -> Self {
        Self(self.0.filter("status", status.into()))
    }

    /// Filters for containers that mount this volume, by its name or by its path in the container. A path finds other
    /// mounts too.
    pub fn volume(self, volume: impl AsRef<str>) -> Self {
        Self(self.0.filter("volume", volume.as_ref()))
    }
}

call!(List => Vec<ContainerSummary>, list);

#[cfg(test)]
mod tests {
    use crate::container::{ContainerStatus, ContainerSummary, HealthStatus, Protocol};

    #[test]
    fn reads_nulls_and_news() {
        let json = r#"{"Id":"8dfafdbc3a40","Names":["/web","/app/db"],"Image":"nginx:1.27","ImageID":"sha256:e2",
            "ImageManifestDescriptor":{"mediaType":"m","digest":"sha256:c0","size":1,"platform":{"architecture":"amd64","os":"linux"}},
            "Command":"nginx","Created":1795490396,"Ports":[{"IP":"::","PrivatePort":80,"PublicPort":8080,"Type":"tcp"},
            {"IP":"","PrivatePort":53,"Type":"udp"}],"SizeRw":null,"Labels":null,"State":"hibernating","Status":"Up 5 minutes",
            "HostConfig":{"NetworkMode":"bridge","Annotations":null},"NetworkSettings":{"Networks":{"bridge":{"IPAddress":"172.17.0.2"}}},
            "Mounts":[{"Type":"bind","Source":"/s","Destination":"/d","Mode":"","RW":true,"Propagation":"rprivate"}],
            "Health":{"Status":"none","FailingStreak":0},"New":1}"#;
        let web: ContainerSummary = serde_json::from_str(json).expect("a container");
        assert_eq!(web.created.map(crate::Timestamp::as_second), Some(1_795_490_396));
        assert_eq!(web.state, ContainerStatus::Unknown("hibernating".to_owned()));
        let ports: Vec<_> =
            web.ports.iter().map(|port| (port.private_port, port.public_port, &port.protocol)).collect();
        assert_eq!(ports, [(80, Some(8080), &Protocol::Tcp), (53, None, &Protocol::Udp)]);
        assert_eq!(web.health.as_ref().map(|health| &health.status), Some(&HealthStatus::None));
        assert_eq!((web.size_rw, web.image_id.as_str()), (None, "sha256:e2"));
        let again = serde_json::to_string(&web).expect("json");
        assert_eq!(serde_json::from_str::<ContainerSummary>(&again).expect("again"), web);
    }
}
