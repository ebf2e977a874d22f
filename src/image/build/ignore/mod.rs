//! Ignore files such as `.dockerignore`, and the paths that they exclude.

#[cfg(test)]
mod tests;

use super::pattern::Pattern;

/// The docker CLI reads no longer line.
const LONGEST_LINE: usize = 64 << 10;

/// The rules of an ignore file. The last rule that matches a path or one of its parent folders decides.
#[derive(Debug, Default)]
pub(super) struct Ignore {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    pattern: Pattern,
    /// Whether the rule began with `!`, and so includes what it matches.
    exception: bool,
}

/// The result for a path, which the decisions for its content start from.
#[derive(Clone, Debug, Default)]
pub(super) struct Decision {
    /// Whether the path is excluded.
    pub(super) ignored: bool,
    /// Which rules matched, in their order.
    matched: Vec<bool>,
}

impl Ignore {
    /// Parses an ignore file. An error names the line.
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

    /// Creates rules from patterns, without comments. An error names the pattern.
    #[cfg(feature = "buildkit")]
    pub(super) fn of(patterns: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, String> {
        let mut rules = Vec::new();
        for pattern in patterns {
            let pattern = pattern.as_ref();
            rules.extend(Rule::new(pattern).map_err(|why| format!("{pattern:?}: {why}"))?);
        }
        Ok(Self { rules })
    }

    /// Decides on a path, given the decision on its parent folder.
    ///
    /// As in the docker CLI, a rule is not matched where it could not change the decision. If it was skipped for the
    /// parent folder, only the path itself counts.
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

    /// Whether an exception may apply to something in an ignored folder, which must then be walked.
    pub(super) fn may_except_within(&self, folder: &[char]) -> bool {
        self.may_match_within(folder, true)
    }

    /// Whether a rule may match something in a folder. Considers either the exceptions or the other rules.
    pub(super) fn may_match_within(&self, folder: &[char], exception: bool) -> bool {
        let inside: String = folder.iter().chain(&['/']).collect();
        let rules = || {
            self.rules.iter().filter(|rule| rule.exception == exception).map(|rule| without_end(rule.pattern.text()))
        };
        // A wildcard may match at any depth.
        rules().any(|rule| rule.contains(['*', '[', ']', '?', '^', '\\']))
            || rules().any(|rule| format!("{rule}/").starts_with(&inside))
    }
}

impl Rule {
    /// Reads a line, as moby's `ignorefile` does: its pattern is without the spaces around it and the leading `/`.
    fn parse(line: &str) -> Result<Option<Self>, String> {
        let line = if line.starts_with('#') { "" } else { line.trim() };
        let (mark, text) = match line.strip_prefix('!') {
            Some(text) => ("!", text.trim()),
            None => ("", line),
        };
        let text = clean(text);
        let text = text.strip_prefix('/').filter(|text| !text.is_empty()).unwrap_or(&text);
        Self::new(&format!("{mark}{text}"))
    }

    /// Reads a pattern, as moby's `patternmatcher` does: it drops spaces that were behind a leading `/`, but not those
    /// behind a `!`.
    fn new(pattern: &str) -> Result<Option<Self>, String> {
        let pattern = clean(pattern.trim());
        match pattern.strip_prefix('!') {
            _ if pattern.is_empty() => Ok(None),
            Some("") => Err("nothing follows the !".to_owned()),
            Some(text) => Ok(Some(Self { pattern: Pattern::parse(text)?, exception: true })),
            None => Ok(Some(Self { pattern: Pattern::parse(&pattern)?, exception: false })),
        }
    }
}

/// An exception for everything in a folder is an exception for the folder.
fn without_end(pattern: &str) -> &str {
    let pattern = pattern.strip_suffix("/**").unwrap_or(pattern);
    pattern.strip_suffix("/*").unwrap_or(pattern)
}

/// Returns the characters of a path or line. Like in Go, each byte that is not UTF-8 becomes one replacement character.
pub(super) fn letters(bytes: &[u8]) -> impl Iterator<Item = char> {
    bytes
        .utf8_chunks()
        .flat_map(|chunk| chunk.valid().chars().chain(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER)))
}

/// Returns the shortest equivalent path, like Go's `filepath.Clean`. An empty path stays empty.
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
