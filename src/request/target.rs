//! The target of a request: its path and query, escaped, so that no value ever reaches another route.

use std::borrow::Cow;
use std::fmt::Write;

/// Path and query without the version: `/containers/web/json?size=true`.
#[derive(Clone, Default)]
pub(super) struct Target {
    path: String,
    query: Vec<(Cow<'static, str>, String)>,
}

impl Target {
    /// Joins segments to a path.
    ///
    /// A `/` in a segment separates segments, as in the names of images and of linked containers. Each is escaped. An
    /// empty one, `.` and `..` are refused, with the path as errors may show it: engines clean paths, and
    /// `/containers/../volumes/x` is a volume.
    pub(super) fn new(segments: &[&str]) -> (Self, Option<String>) {
        let mut path = String::with_capacity(64);
        let mut refused = None;
        for whole in segments {
            path.push('/');
            match whole.split('/').find_map(|segment| problem(whole, segment)) {
                None => escape(&mut path, whole, b"-._~:@/"),
                Some(why) => {
                    escape(&mut path, whole, b"-._~:@");
                    refused.get_or_insert_with(|| format!("{whole:?} is no name or id: {why}"));
                }
            }
        }
        (Self { path, query: Vec::new() }, refused)
    }

    /// Sets a parameter, in place of what it was set to before.
    pub(super) fn set(&mut self, name: impl Into<Cow<'static, str>>, value: String) {
        let name = name.into();
        match self.query.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.add(name, value),
        }
    }

    /// Adds a parameter, beside others of its name.
    pub(super) fn add(&mut self, name: impl Into<Cow<'static, str>>, value: String) {
        self.query.push((name.into(), value));
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.query.iter().any(|(known, _)| *known == name)
    }

    /// Takes a parameter off, however often it is there.
    pub(super) fn take_off(&mut self, name: &str) {
        self.query.retain(|(known, _)| *known != name);
    }

    /// The same path with another last segment, and no query.
    pub(super) fn sibling(&self, last: &str) -> Self {
        let parent = self.path.rsplit_once('/').map_or("", |(parent, _)| parent);
        Self { path: format!("{parent}/{last}"), query: Vec::new() }
    }

    /// The path as the API's reference has it: after the resource, what is no operation upon all of them is a name.
    pub(super) fn template(&self) -> String {
        let mut segments = self.path.trim_start_matches('/').split('/');
        let resource = segments.next().unwrap_or_default();
        let mut rest: Vec<_> = segments.collect();
        let has_names = !["system", "build", "swarm"].contains(&resource);
        let upon_all = ["json", "create", "prune", "search", "get", "load", "privileges", "pull"];
        let is_upon_all = rest.len() <= 1 && rest.first().is_none_or(|last| upon_all.contains(last));
        if has_names && !is_upon_all {
            // A name may have slashes in it; what follows it is one segment at most, and is known.
            let operation = rest.pop().filter(|last| rest.is_empty() || OPERATIONS.contains(last));
            return match operation {
                Some(operation) if !rest.is_empty() => format!("/{resource}/{{id}}/{operation}"),
                _ => format!("/{resource}/{{id}}"),
            };
        }
        rest.insert(0, resource);
        format!("/{}", rest.join("/"))
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn into_path(self) -> String {
        self.path
    }

    /// Writes path and query, with the `filters` parameter beside the others.
    pub(super) fn write(&self, text: &mut String, filters: Option<&str>) {
        text.push_str(&self.path);
        let parameters = self.query.iter().map(|(name, value)| (name.as_ref(), value.as_str()));
        let mut separator = '?';
        for (name, value) in parameters.chain(filters.map(|filters| ("filters", filters))) {
            text.push(separator);
            escape(text, name, b"-._~");
            text.push('=');
            escape(text, value, b"-._~");
            separator = '&';
        }
    }
}

/// What follows a name.
const OPERATIONS: [&str; 33] = [
    "archive",
    "attach",
    "attestations",
    "changes",
    "checkpoints",
    "connect",
    "disconnect",
    "exec",
    "export",
    "get",
    "history",
    "json",
    "kill",
    "logs",
    "pause",
    "push",
    "rename",
    "resize",
    "restart",
    "start",
    "stats",
    "stop",
    "tag",
    "top",
    "unpause",
    "update",
    "wait",
    "ws",
    "commit",
    "copy",
    "disable",
    "enable",
    "upgrade",
];

/// Why a segment, of what was given as one, must not be in a path.
fn problem(whole: &str, segment: &str) -> Option<&'static str> {
    match segment {
        _ if whole.trim().is_empty() => Some("it is empty"),
        "" => Some("it has an empty segment"),
        "." | ".." => Some("it has a segment of dots, which would lead elsewhere"),
        _ if segment.chars().any(char::is_control) => Some("it has a control character"),
        _ => None,
    }
}

/// Percent-encodes everything but letters, digits and `kept` (RFC 3986, section 2.1).
fn escape(text: &mut String, value: &str, kept: &[u8]) {
    let is_kept = |byte: u8| byte.is_ascii_alphanumeric() || kept.contains(&byte);
    if value.bytes().all(is_kept) {
        return text.push_str(value);
    }
    for byte in value.bytes() {
        if is_kept(byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn escapes_what_would_change_the_route() {
        for (name, path) in [
            ("web", "/containers/web/json"),
            ("app/db", "/containers/app/db/json"),
            ("a?all=1", "/containers/a%3Fall%3D1/json"),
            ("a#b", "/containers/a%23b/json"),
            ("a%2Fb", "/containers/a%252Fb/json"),
            ("127.0.0.1:5000/web:1@sha256:ab", "/containers/127.0.0.1:5000/web:1@sha256:ab/json"),
            ("ä b", "/containers/%C3%A4%20b/json"),
            ("...", "/containers/.../json"),
        ] {
            let (target, refused) = Target::new(&["containers", name, "json"]);
            assert_eq!((target.path(), refused), (path, None), "{name}");
        }
    }

    #[test]
    fn refuses_what_would_lead_elsewhere() {
        for name in ["", " ", "/", "a/", "/a", "a//b", ".", "..", "x/../../volumes/precious", "a/./b", "a\nb", "a\0"] {
            let (_, refused) = Target::new(&["containers", name]);
            assert!(refused.as_deref().is_some_and(|why| why.contains("is no name or id")), "{name:?}: {refused:?}");
        }
    }

    #[test]
    fn escapes_queries() {
        let (mut target, _) = Target::new(&["build"]);
        target.set("t", "first".into());
        target.set("t", "a b&c=d/é".into());
        target.add("t", String::new());
        target.add("a=1&".to_owned(), "2".into());
        let mut text = String::new();
        target.write(&mut text, Some("{}"));
        assert_eq!(text, "/build?t=a%20b%26c%3Dd%2F%C3%A9&t=&a%3D1%26=2&filters=%7B%7D");
        assert_eq!(target.path(), "/build");
    }

    #[test]
    fn templates_have_no_names_in_them() {
        for (segments, template) in [
            (&["containers", "json"][..], "/containers/json"),
            (&["containers", "web"], "/containers/{id}"),
            (&["containers", "app/db", "start"], "/containers/{id}/start"),
            (&["containers", "app/db"], "/containers/{id}"),
            (&["images", "host:5000/team/web:1", "push"], "/images/{id}/push"),
            (&["distribution", "team/web", "json"], "/distribution/{id}/json"),
            (&["volumes"], "/volumes"),
            (&["system", "df"], "/system/df"),
            (&["_ping"], "/_ping"),
            (&["build", "prune"], "/build/prune"),
            (&["plugins", "team/some", "enable"], "/plugins/{id}/enable"),
            (&["whatever", "hunter2", "x"], "/whatever/{id}"),
        ] {
            assert_eq!(Target::new(segments).0.template(), template);
        }
    }
}
