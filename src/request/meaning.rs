//! Derives status codes from an engine's messages where its own status is generic.

/// Messages of a registry that rejects or requires credentials. Docker reports these with 500 or within a progress stream.
const UNAUTHORIZED: [&str; 7] = [
    "401 unauthorized",
    "status: 401",
    "unauthorized: ",
    "authentication required",
    "authorization token has expired",
    "no basic auth credentials",
    "invalid username/password",
];
/// Messages of a registry that denies access to a repository: without credentials, or with those of somebody else. Some hide
/// in this way whether the repository exists.
const DENIED: [&str; 6] = [
    "requested access to the resource is denied",
    "pull access denied",
    "push access denied",
    "denied: access forbidden",
    "registry: denied",
    "\": denied",
];
/// Causes of a conflict that Podman reports with 500.
const CONFLICT: [&str; 7] = [
    "state improper",
    "already exists",
    "already in use",
    "being used",
    "is in use",
    "container is stopped",
    "unique constraint failed",
];
/// Causes of an invalid request that Podman reports with 500.
const INVALID: [&str; 2] = ["invalid argument", "invalid signal"];

/// Returns the status code of an error: its own, unless that is 500 or absent and the message tells more. `cause` is
/// Podman's.
pub(crate) fn status(status: Option<u16>, message: &str, cause: Option<&str>) -> Option<u16> {
    if !matches!(status, None | Some(500)) {
        return status;
    }
    match cause {
        _ if says(&UNAUTHORIZED, message) => Some(401),
        _ if is_denied(message) => Some(403),
        Some(cause) if says(&CONFLICT, cause) => Some(409),
        Some(cause) if says(&INVALID, cause) => Some(400),
        Some(cause) if says(&["required plugin missing"], cause) => Some(404),
        _ => status,
    }
}

/// Returns whether a registry denied access to a repository.
pub(crate) fn is_denied(message: &str) -> bool {
    says(&DENIED, message)
}

fn says(words: &[&str], text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    words.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::status;

    #[test]
    fn words_tell_what_a_status_of_500_does_not() {
        let denied = "Get \"https://r/v2/\": unauthorized: incorrect username or password";
        assert_eq!(status(Some(500), denied, None), Some(401));
        assert_eq!(status(None, "unexpected status from HEAD request: 401 Unauthorized", None), Some(401));
        assert_eq!(status(Some(403), denied, None), Some(403));
        for denied in [
            "denied: requested access to the resource is denied",
            "push access denied, repository does not exist or may require authorization: server message: insufficient_scope",
            "Head \"https://ghcr.io/v2/a/b/manifests/1\": denied",
        ] {
            assert_eq!(
                (status(None, denied, None), status(Some(404), denied, None)),
                (Some(403), Some(404)),
                "{denied}"
            );
        }
        assert_eq!(status(Some(500), "open \"/x\": permission denied", None), Some(500));
        let improper = "can only kill running containers. x is in state exited: container state improper";
        assert_eq!(status(Some(500), improper, Some("container state improper")), Some(409));
        assert_eq!(
            status(Some(500), "the name \"x\" is already in use", Some("that name is already in use")),
            Some(409)
        );
        assert_eq!(status(Some(500), "the file already exists", None), Some(500), "Docker's statuses hold");
        assert_eq!(status(None, "no such image", None), None);
    }
}
