//! Hides secrets in errors and progress.

use super::Progress;
use crate::wire::Secret;
use crate::{Error, Result};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The shortest secret that is hidden, in bytes. Shorter ones would make texts unreadable.
pub(crate) const SHORTEST: usize = 4;
/// The shortest beginning of a secret that is hidden at the end of a text, in bytes. Also the shortest user name that may
/// be a token.
const SHORTEST_BEGINNING: usize = 8;

/// What Go escapes in the login of a URL.
const GO: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// Replaces each secret in a text. Also replaces its beginning at the end of a line of the text, which may have been cut.
pub(crate) fn hide(text: &mut String, mut secrets: Vec<&str>) {
    secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len())); // one may be a part of another
    for secret in &secrets {
        *text = text.replace(secret, "…");
    }
    let shown: Vec<_> = text.split('\n').map(|shown| without_beginning(shown, &secrets)).collect();
    *text = shown.join("\n");
}

/// Removes the beginning of a secret from the end of a text.
fn without_beginning(text: &str, secrets: &[&str]) -> String {
    // A cut may go through a character, or leave a mark.
    let whole = text.trim_end_matches(['…', char::REPLACEMENT_CHARACTER]);
    let beginning = |secret: &&str| {
        let lengths = (SHORTEST_BEGINNING..=secret.len().min(whole.len())).rev();
        lengths.filter_map(|length| secret.get(..length)).find_map(|beginning| whole.strip_suffix(beginning))
    };
    match secrets.iter().filter_map(beginning).min_by_key(|rest| rest.len()) {
        Some(rest) => format!("{rest}…"),
        None => text.to_owned(),
    }
}

/// The logins in the URLs of a call, which engines quote.
#[derive(Default)]
pub(crate) struct Logins(Vec<Secret>);

impl Logins {
    pub(crate) fn of<'a>(urls: impl Iterator<Item = &'a str>) -> Self {
        let parts = urls.filter_map(login).flat_map(secrets);
        // Engines quote the URL itself, what they have read of it, or that as Go writes it.
        let all = parts.flat_map(|part| {
            let read = percent_decode_str(part).decode_utf8_lossy().into_owned();
            [part.to_owned(), utf8_percent_encode(&read, GO).to_string(), read]
        });
        Self(all.map(Secret::from).collect())
    }

    pub(crate) fn hide_in_error(&self, error: Error) -> Error {
        match self.hidden(error.message()) {
            Some(message) => error.with_message(message),
            None => error,
        }
    }

    pub(crate) fn hide_in_step(&self, step: Result<Progress>) -> Result<Progress> {
        if self.0.is_empty() {
            return step;
        }
        let mut step = step.map_err(|error| self.hide_in_error(error))?;
        self.hide(step.stream.iter_mut().chain(&mut step.status));
        #[cfg(feature = "buildkit")]
        if let Some(status) = &mut step.build_status {
            self.hide(
                status.vertices.iter_mut().flat_map(|vertex| [&mut vertex.name].into_iter().chain(&mut vertex.error)),
            );
            self.hide(status.statuses.iter_mut().flat_map(|status| [&mut status.id, &mut status.name]));
            self.hide(
                status
                    .warnings
                    .iter_mut()
                    .flat_map(|warning| [&mut warning.short].into_iter().chain(&mut warning.detail)),
            );
            for log in &mut status.logs {
                if let Some(text) = self.hidden(&String::from_utf8_lossy(&log.text)) {
                    log.text = text.into();
                }
            }
        }
        Ok(step)
    }

    fn hide<'a>(&self, texts: impl Iterator<Item = &'a mut String>) {
        for text in texts {
            if let Some(hidden) = self.hidden(text) {
                *text = hidden;
            }
        }
    }

    /// Returns the text without the logins. `None` if it has none of them.
    fn hidden(&self, text: &str) -> Option<String> {
        let mut hidden = text.to_owned();
        hide(&mut hidden, self.0.iter().map(Secret::expose).collect());
        (hidden != text).then_some(hidden)
    }
}

/// Returns the `user:password` of a URL, or a user that may be a token. Not the user of SSH, such as of `git@host:path`.
fn login(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (login, _host) = rest.split(['/', '?', '#']).next()?.rsplit_once('@')?;
    (login.contains(':') || scheme.starts_with("http")).then_some(login)
}

/// Returns the parts of a login that are hidden: all of it, the password, and a user that may be a token.
fn secrets(login: &str) -> impl Iterator<Item = &str> {
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    let user = Some(user).filter(|user| user.len() >= SHORTEST_BEGINNING || password.is_empty());
    let parts = [Some(password), user].into_iter().flatten().filter(|part| part.len() >= SHORTEST);
    parts.chain(Some(login).filter(|login| login.contains(':')))
}

#[cfg(test)]
mod tests {
    use super::Logins;
    use crate::{Error, ErrorKind};

    fn shown(url: &str, text: &str) -> String {
        let logins = Logins::of([url].into_iter());
        let error = logins.hide_in_error(Error::new(ErrorKind::Status, text).with_source(text.to_owned()));
        assert!(!format!("{error:?}").contains("hunter"), "{error:?}");
        error.message().to_owned()
    }

    #[test]
    fn logins_of_urls_are_hidden() {
        for (url, text, expected) in [
            ("http://u:hunter2@h/x.git#main", "get http://u:hunter2@h/x.git: hunter2?", "get http://…@h/x.git: …?"),
            ("http://u:hunter%402@h", "http://u:hunter%402@h: bad login u:hunter@2", "http://…@h: bad login …"),
            ("http://u:hunter!2@h", "Downloading from http://u:hunter%212@h", "Downloading from http://u:…@h"),
            ("http://u:hunter%3a2@h", "http://u:hunter%3A2@h", "http://u:…@h"),
            ("https://hunter-token@h/x", "get https://hunter-token@h/x", "get https://…@h/x"),
            ("https://hunter-token:x@h/x", "get hunter-token", "get …"),
            ("https://hunter2-and-more:@h/x", "get https://hunter2-an", "get https://…"),
            ("https://u:p@h/x", "up: https://u:p@h/x", "up: https://…@h/x"),
            ("ssh://git@h/x", "ssh://git@h/x", "ssh://git@h/x"),
            ("git@h:x", "git@h:x", "git@h:x"),
            ("https://h/x:1@2", "https://h/x:1@2", "https://h/x:1@2"),
        ] {
            assert_eq!(shown(url, text), expected, "{url}");
        }
    }

    #[test]
    #[cfg(feature = "buildkit")]
    fn they_are_hidden_in_all_of_a_step() {
        use crate::stream::{BuildStatus, Source, Vertex, VertexLog, VertexStatus, VertexWarning};
        let text = || "http://u:hunter2@h".to_owned();
        let vertex = Vertex { name: text(), error: Some(text()), ..Vertex::default() };
        let log = |text: &[u8]| VertexLog {
            vertex: String::new(),
            timestamp: None,
            source: Source::Stdout,
            text: text.to_vec().into(),
        };
        let status = BuildStatus {
            vertices: vec![vertex],
            statuses: vec![VertexStatus { id: text(), name: text(), ..VertexStatus::default() }],
            logs: vec![log(text().as_bytes()), log(b"\xff")],
            warnings: vec![VertexWarning { short: text(), detail: vec![text()], ..VertexWarning::default() }],
        };
        let mut step = crate::stream::Progress::default();
        (step.stream, step.status, step.build_status) = (Some(text()), Some(text()), Some(Box::new(status)));
        let step = Logins::of([text().as_str()].into_iter()).hide_in_step(Ok(step)).expect("a step");
        let shown = format!("{step:?}");
        assert!(!shown.contains("hunter2") && shown.matches("@h\"").count() == 9, "{shown}");
        assert_eq!(step.build_status.expect("a status").logs[1].text, b"\xff".as_slice());
    }
}
