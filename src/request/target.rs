//! The target of a request: its path and query, escaped so that no value can reach another route.

use crate::Version;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;

/// The characters to escape in a query: all but the unreserved ones (RFC 3986, section 2.3).
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The characters to escape in a path segment.
const SEGMENT: &AsciiSet = &QUERY.remove(b':').remove(b'@');
/// The characters to escape in a name that may have several segments.
const SEGMENTS: &AsciiSet = &SEGMENT.remove(b'/');

/// The path and query without the API version: `/containers/web/json?size=true`.
#[derive(Clone, Default)]
pub(super) struct Target {
    /// The path in the API's reference: `/containers/{id}/json`.
    template: Cow<'static, str>,
    path: String,
    query: Vec<Parameter>,
}

#[derive(Clone)]
struct Parameter {
    name: Cow<'static, str>,
    /// The parameter's name before an API version.
    older: Option<(Version, &'static str)>,
    value: String,
}

impl Target {
    /// Fills a template such as `/containers/{id}/json` with a name for each placeholder.
    ///
    /// A `/` in a name separates segments, as in names of images and linked containers. The rest is escaped. Empty
    /// segments, `.` and `..` are refused: engines normalize paths, so `/containers/../volumes/x` would be a volume.
    pub(super) fn new(template: &'static str, names: &[&str]) -> (Self, Option<String>) {
        let mut path = String::with_capacity(template.len() + 64);
        let mut refused = None;
        let mut names = names.iter();
        for segment in template.split('/').skip(1) {
            path.push('/');
            if !segment.starts_with('{') {
                path.push_str(segment);
                continue;
            }
            let name = names.next().copied().unwrap_or_default();
            if let Some(why) = push_name(&mut path, name) {
                refused.get_or_insert_with(|| format!("invalid {} {name:?}: {why}", kind(template, segment)));
            }
        }
        debug_assert!(names.next().is_none(), "{template} has fewer placeholders than names");
        (Self { template: template.into(), path, query: Vec::new() }, refused)
    }

    /// Joins the segments of an arbitrary path. The template keeps only the first segment.
    pub(super) fn raw(segments: &[&str]) -> (Self, Option<String>) {
        let mut path = String::new();
        let mut refused = None;
        for segment in segments {
            path.push('/');
            if let Some(why) = push_name(&mut path, segment) {
                refused.get_or_insert_with(|| format!("invalid path segment {segment:?}: {why}"));
            }
        }
        let template = match path.trim_start_matches('/').split_once('/') {
            Some((first, _)) => format!("/{first}/{{path}}"),
            None => path.clone(),
        };
        (Self { template: template.into(), path, query: Vec::new() }, refused)
    }

    /// Sets a parameter, replacing its previous value.
    pub(super) fn set(&mut self, name: impl Into<Cow<'static, str>>, value: String) {
        self.put(Parameter { name: name.into(), older: None, value });
    }

    /// Sets a parameter that has another name before an API version.
    pub(super) fn set_renamed(&mut self, since: Version, name: &'static str, before: &'static str, value: String) {
        self.put(Parameter { name: name.into(), older: Some((since, before)), value });
    }

    fn put(&mut self, parameter: Parameter) {
        match self.query.iter_mut().find(|known| known.name == parameter.name) {
            Some(known) => *known = parameter,
            None => self.query.push(parameter),
        }
    }

    /// Adds a parameter beside others of its name.
    pub(super) fn add(&mut self, name: impl Into<Cow<'static, str>>, value: String) {
        self.query.push(Parameter { name: name.into(), older: None, value });
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.query.retain(|known| known.name != name);
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.query.iter().any(|known| known.name == name)
    }

    pub(super) fn queries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.query.iter().map(|parameter| (parameter.name.as_ref(), parameter.value.as_str()))
    }

    pub(super) fn template(&self) -> &str {
        &self.template
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Writes path and query, including the `filters` parameter.
    pub(super) fn write(&self, text: &mut String, version: Option<Version>, filters: Option<&str>) {
        text.push_str(&self.path);
        let parameters = self.query.iter().map(|parameter| {
            let older = parameter.older.filter(|(since, _)| version.is_some_and(|version| version < *since));
            (older.map_or(parameter.name.as_ref(), |(_, name)| name), parameter.value.as_str())
        });
        let mut separator = '?';
        for (name, value) in parameters.chain(filters.map(|filters| ("filters", filters))) {
            text.push(separator);
            text.extend(utf8_percent_encode(name, QUERY));
            text.push('=');
            text.extend(utf8_percent_encode(value, QUERY));
            separator = '&';
        }
    }
}

/// Describes a placeholder: `container name or ID`.
fn kind(template: &str, placeholder: &str) -> String {
    let resource = template.split('/').nth(1).unwrap_or_default();
    let resource = if resource == "distribution" { "image" } else { resource.trim_end_matches('s') };
    let what = if placeholder == "{id}" { "name or ID" } else { "name" };
    format!("{resource} {what}")
}

/// Appends an escaped name. Returns why it must not be in a path, if so.
fn push_name(path: &mut String, name: &str) -> Option<&'static str> {
    let problem = name.split('/').find_map(|segment| match segment {
        _ if name.trim().is_empty() => Some("it must not be empty"),
        "" => Some("it must not have an empty segment"),
        "." | ".." => Some("it must not have a segment of dots, which would lead elsewhere"),
        _ if segment.chars().any(char::is_control) => Some("it must not have control characters"),
        _ => None,
    });
    // A refused path is never sent, but errors show it.
    path.extend(utf8_percent_encode(name, if problem.is_some() { SEGMENT } else { SEGMENTS }));
    problem
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn a_name_never_changes_the_route() {
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
            let (target, refused) = Target::new("/containers/{id}/json", &[name]);
            assert_eq!((target.path(), refused), (path, None), "{name}");
        }
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in ["", " ", "/", "a/", "/a", "a//b", ".", "..", "x/../../volumes/precious", "a/./b", "a\nb", "a\0"] {
            let (_, refused) = Target::new("/containers/{id}", &[name]);
            let start = format!("invalid container name or ID {name:?}: it must not ");
            assert!(refused.as_deref().is_some_and(|why| why.starts_with(&start)), "{name:?}: {refused:?}");
            assert!(Target::raw(&["containers", name]).1.is_some(), "{name:?}");
        }
    }

    #[test]
    fn queries_are_escaped() {
        let (mut target, _) = Target::new("/build", &[]);
        target.set("t", "first".into());
        target.set("t", "a b&c=d/é".into());
        target.add("t", String::new());
        target.add("a=1&".to_owned(), "2".into());
        let mut text = String::new();
        target.write(&mut text, None, Some("{}"));
        assert_eq!(text, "/build?t=a%20b%26c%3Dd%2F%C3%A9&t=&a%3D1%26=2&filters=%7B%7D");
        assert_eq!(target.path(), "/build");
    }

    #[test]
    fn templates_hold_no_names() {
        assert_eq!(Target::new("/images/{name}/push", &["host:5000/web:1"]).0.template(), "/images/{name}/push");
        assert_eq!(Target::raw(&["whatever", "hunter2", "x"]).0.template(), "/whatever/{path}");
        assert_eq!(Target::raw(&["plugins"]).0.template(), "/plugins");
    }
}
