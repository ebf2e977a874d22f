//! Ignore files, such as `.dockerignore`: which paths of a context they leave out.

#[cfg(test)]
mod tests;

use super::pattern::Pattern;

/// docker reads no line that is longer.
const LONGEST_LINE: usize = 64 << 10;

/// What an ignore file says. The last line that matches a path, or a folder that it is in, decides.
#[derive(Debug, Default)]
pub(super) struct Ignore {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    pattern: Pattern,
    /// It began with a `!`: what it matches is not left out.
    exception: bool,
}

/// What is known of a path, and needed for what is in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Decision {
    /// Whether it is left out.
    pub(super) ignored: bool,
    /// Which of the rules matched.
    matched: Vec<bool>,
}

impl Ignore {
    /// Reads an ignore file. The error names the line.
    pub(super) fn parse(file: &[u8]) -> Result<Self, String> {
        let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        let mut rules = Vec::new();
        for (number, line) in file.split(|byte| *byte == b'\n').enumerate() {
            if line.len() > LONGEST_LINE {
                return Err(format!("line {} is longer than {} KiB", number + 1, LONGEST_LINE >> 10));
            }
            let line: String = letters(line).collect();
            match Rule::parse(&line) {
                Ok(rule) => rules.extend(rule),
                Err(why) => return Err(format!("line {}, {:?}: {why}", number + 1, line.trim())),
            }
        }
        Ok(Self { rules })
    }

    /// Decides on a path, given what was decided on the folder that it is in.
    ///
    /// A rule that was not asked about the folder, because it could not have changed the decision there, is asked about
    /// the path alone: so does docker.
    pub(super) fn decide(&self, path: &[char], parent: &Decision) -> Decision {
        let mut decision = Decision { ignored: false, matched: Vec::with_capacity(self.rules.len()) };
        for (index, rule) in self.rules.iter().enumerate() {
            let in_matched_folder = parent.matched.get(index) == Some(&true);
            let matched = in_matched_folder || rule.exception == decision.ignored && rule.pattern.matches(path);
            decision.matched.push(matched);
            if matched {
                decision.ignored = !rule.exception;
            }
        }
        decision
    }

    /// Whether something in an ignored folder may be excepted, so that it has to be looked through.
    pub(super) fn may_except_within(&self, folder: &[char]) -> bool {
        let inside: String = folder.iter().chain(&['/']).collect();
        let exceptions =
            || self.rules.iter().filter(|rule| rule.exception).map(|rule| without_end(rule.pattern.text()));
        // One with a wildcard may match at any depth.
        exceptions().any(|exception| exception.contains(['*', '[', ']', '?', '^', '\\']))
            || exceptions().any(|exception| format!("{exception}/").starts_with(&inside))
    }
}

impl Rule {
    fn parse(line: &str) -> Result<Option<Self>, String> {
        let text = line.trim();
        if line.starts_with('#') || text.is_empty() {
            return Ok(None);
        }
        let (exception, text) = match text.strip_prefix('!') {
            Some(text) => (true, text.trim()),
            None => (false, text),
        };
        let text = clean(text);
        let text = text.strip_prefix('/').unwrap_or(&text);
        if exception && text.is_empty() {
            return Err("there is nothing behind the !".to_owned());
        }
        Ok(Some(Self { pattern: Pattern::parse(text)?, exception }))
    }
}

/// An exception for all that is in a folder is one for the folder.
fn without_end(pattern: &str) -> &str {
    let pattern = pattern.strip_suffix("/**").unwrap_or(pattern);
    pattern.strip_suffix("/*").unwrap_or(pattern)
}

/// The characters of a path or line. A byte that is not UTF-8 is one too, as it is in Go.
pub(super) fn letters(bytes: &[u8]) -> impl Iterator<Item = char> {
    bytes
        .utf8_chunks()
        .flat_map(|chunk| chunk.valid().chars().chain(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER)))
}

/// The shortest path that means the same, as Go's `filepath.Clean` finds it; nothing stays nothing.
fn clean(path: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    let is_rooted = path.starts_with('/');
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." if names.last().is_some_and(|last| *last != "..") => drop(names.pop()),
            ".." if is_rooted => {}
            name => names.push(name),
        }
    }
    let joined = names.join("/");
    match (is_rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) if !path.is_empty() => ".".to_owned(),
        _ => joined,
    }
}
