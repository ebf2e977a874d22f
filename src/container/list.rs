//! `GET /containers/json`

use super::{ContainerStatus, ContainerSummary, Containers, HealthStatus, Isolation};
use crate::request::{Method, Request, call, list};
use std::fmt::Display;

impl Containers {
    /// Lists the containers that run, the newest first. For the others too: [`List::all`].
    ///
    /// Filters of different kinds must all match; of several of one kind, one must. There are two exceptions: all labels must,
    /// and `expose` and `publish` count as one kind.
    ///
    /// `GET /containers/json`
    ///
    /// # Errors
    /// [`Error::is_not_found`](crate::Error::is_not_found): there is no such container for `before` or `since`
    /// (Docker 20.10 answers with status 500).
    pub fn list(&self) -> List {
        List(self.client.request(Method::GET, "/containers/json", &[]))
    }
}

/// A call of [`Containers::list`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct List(Request);

impl List {
    /// Whether those that do not run are listed too; by default not.
    pub fn all(self, all: bool) -> Self {
        Self(self.0.query("all", all))
    }

    /// The newest so many, whether they run or not; any number of those that run if not set.
    pub fn limit(self, limit: u32) -> Self {
        Self(self.0.query("limit", limit))
    }

    /// Whether the sizes of their files are measured, which takes the engine a while; by default not.
    pub fn size(self, size: bool) -> Self {
        Self(self.0.query("size", size))
    }

    /// Only those made from an image, or from one that was built upon it: `name[:tag]`, `name@digest` or id.
    pub fn ancestor(self, image: impl AsRef<str>) -> Self {
        Self(self.0.filter("ancestor", image.as_ref()))
    }

    /// Only those made before a container: name or id.
    pub fn before(self, container: impl AsRef<str>) -> Self {
        Self(self.0.filter("before", container.as_ref()))
    }

    /// Only those with a port of their own, exposed or published: `80`, `"53/udp"`, `"8000-9000/tcp"`.
    pub fn expose(self, port: impl Display) -> Self {
        Self(self.0.filter("expose", port))
    }

    /// Only those that ended with an exit code; with [`all`](Self::all).
    pub fn exited(self, code: i64) -> Self {
        Self(self.0.filter("exited", code))
    }

    /// Only those of a health.
    pub fn health(self, health: impl Into<HealthStatus>) -> Self {
        Self(self.0.filter("health", health.into()))
    }

    /// Only that of an id, or those whose ids begin so.
    pub fn id(self, id: impl AsRef<str>) -> Self {
        Self(self.0.filter("id", id.as_ref()))
    }

    /// Only those of an isolation. Windows alone.
    pub fn isolation(self, isolation: impl Into<Isolation>) -> Self {
        Self(self.0.filter("isolation", isolation.into()))
    }

    /// Only those that are a task of a Swarm service; or, if false, those that are not.
    pub fn is_task(self, is_task: bool) -> Self {
        Self(self.0.filter("is-task", is_task))
    }

    /// Only those with a label: `key`, or `key=value`. Of several labels, all must be there.
    pub fn label(self, label: impl AsRef<str>) -> Self {
        Self(self.0.filter("label", label.as_ref()))
    }

    /// Only those whose name matches a regular expression anywhere: `web` finds `my-web-1` too, `^/?web$` does not.
    pub fn name(self, pattern: impl AsRef<str>) -> Self {
        Self(self.0.filter("name", pattern.as_ref()))
    }

    /// Only those that take part in a network: name or id.
    pub fn network(self, network: impl AsRef<str>) -> Self {
        Self(self.0.filter("network", network.as_ref()))
    }

    /// Only those that are published as a port of the host: `8080`, `"53/udp"`, `"8000-9000/tcp"`.
    pub fn publish(self, port: impl Display) -> Self {
        Self(self.0.filter("publish", port))
    }

    /// Only those made after a container: name or id.
    pub fn since(self, container: impl AsRef<str>) -> Self {
        Self(self.0.filter("since", container.as_ref()))
    }

    /// Only those in a state, whether they run or not: [`all`](Self::all) is not needed.
    pub fn status(self, status: impl Into<ContainerStatus>) -> Self {
        Self(self.0.filter("status", status.into()))
    }

    /// Only those that mount a volume, or something at a path: the volume's name, or the path in the container.
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
