//! The keys by which the docker CLI stores credentials.

/// The key of Docker Hub.
pub(super) const HUB: &str = "https://index.docker.io/v1/";

/// Returns the key for a registry: its host, except for Docker Hub.
pub(super) fn key_of_registry(host: &str) -> &str {
    match host {
        "docker.io" | "index.docker.io" => HUB,
        other => other,
    }
}

/// Returns the key for a login server, which may be a URL. Defaults to Docker Hub.
pub(crate) fn key_of_server(server: &str) -> String {
    match server {
        "" | HUB => HUB.to_owned(),
        other => key_of_registry(host_of(other)).to_owned(),
    }
}

/// Returns the host and port of a server that may be a URL.
pub(super) fn host_of(server: &str) -> &str {
    let rest = server.split_once("://").map_or(server, |(_scheme, rest)| rest);
    let authority = rest.split_once('/').map_or(rest, |(authority, _path)| authority);
    authority.rsplit_once('@').map_or(authority, |(_login, host)| host)
}

#[cfg(test)]
mod tests {
    use super::{HUB, host_of, key_of_registry, key_of_server};

    #[test]
    fn docker_hub_has_a_name_of_its_own() {
        for hub in ["docker.io", "index.docker.io"] {
            assert_eq!((key_of_registry(hub), key_of_server(hub).as_str()), (HUB, HUB));
        }
        assert_eq!(key_of_server(""), HUB);
        assert_eq!(key_of_server(HUB), HUB);
        assert_eq!(key_of_server("https://index.docker.io/v2/"), HUB);
        assert_eq!(key_of_registry("registry.example.com:5000"), "registry.example.com:5000");
    }

    #[test]
    fn schemes_and_paths_are_no_part_of_a_host() {
        for server in [
            "r.example.com:5000",
            "https://r.example.com:5000",
            "http://u@r.example.com:5000/v1/",
            "r.example.com:5000/x",
        ] {
            assert_eq!(host_of(server), "r.example.com:5000");
            assert_eq!(key_of_server(server), "r.example.com:5000");
        }
    }
}
