//! A pattern of an ignore file, and the paths that it matches.
//!
//! The rules are those of moby/patternmatcher, which reads `.dockerignore`: Go's `filepath.Match`, and `**`. There each
//! pattern becomes a regular expression. Here it becomes a list of steps that are followed all at once. A match
//! therefore takes at most time proportional to the pattern's length times the path's length.

#[cfg(test)]
mod tests;

/// A pattern without its `!`.
#[derive(Debug)]
pub(super) struct Pattern {
    text: String,
    /// The characters before the first wildcard, which the path must begin with.
    literal: Vec<char>,
    steps: Vec<Step>,
    /// The characters after the last wildcard. Comparing them first rules out most paths.
    end: Vec<char>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// A literal character.
    Char(char),
    /// `[…]`
    Class(Class),
    /// `?`: any character but `/`.
    One,
    /// `*`: any number of characters but `/`.
    Many,
    /// Any number of any characters.
    Rest,
    /// The optional part of a `**` that is not last: the next step, [`Folders`](Step::Folders), may be skipped.
    Maybe,
    /// Any number of any characters, followed by `/`.
    Folders,
}

#[derive(Clone, Debug, PartialEq)]
struct Class {
    negated: bool,
    ranges: Vec<(char, char)>,
}

impl Class {
    fn has(&self, letter: char) -> bool {
        self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&letter)) != self.negated
    }
}

impl Pattern {
    /// Compiles a pattern that is a cleaned path.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut steps = Reader { letters: text.chars().collect(), at: 0 }.steps()?;
        if has_caret(text) && !is_simple(text, &steps) {
            // The docker CLI passes it on to the regular expression, where it is an anchor.
            return Err("next to other wildcards a ^ must be written as \\^".to_owned());
        }
        // `**file` matches every path that ends with `file`. With another wildcard after it, it matches whole names only.
        let behind = text.strip_prefix("**").filter(|behind| !behind.starts_with('/') && !behind.contains('*'));
        if behind.is_some() && is_simple(text, &steps) {
            steps.splice(..2.min(steps.len()), [Step::Rest]);
        }
        let literal = steps.iter().map_while(|step| if let Step::Char(letter) = step { Some(*letter) } else { None });
        let literal: Vec<_> = literal.collect();
        let steps = steps.split_off(literal.len());
        let end = steps.iter().rev().map_while(|step| if let Step::Char(letter) = step { Some(*letter) } else { None });
        let mut end: Vec<_> = end.collect();
        end.reverse();
        Ok(Self { text: text.to_owned(), literal, steps, end })
    }

    /// Returns the cleaned text of the pattern.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the pattern matches a whole path, which has `/` as separator.
    pub(super) fn matches(&self, path: &[char]) -> bool {
        let Some(rest) = path.strip_prefix(self.literal.as_slice()) else { return false };
        if self.steps.is_empty() || !rest.ends_with(&self.end) {
            return self.steps.is_empty() && rest.is_empty();
        }
        let mut now = vec![false; self.steps.len() + 1];
        let mut next = now.clone();
        self.enter(&mut now, 0);
        for letter in rest {
            next.fill(false);
            for (at, step) in self.steps.iter().enumerate().filter(|(at, _)| now.get(*at) == Some(&true)) {
                let (goes_on, stays) = match step {
                    Step::Char(own) => (own == letter, false),
                    Step::Class(class) => (class.has(*letter), false),
                    Step::One => (*letter != '/', false),
                    Step::Many => (false, *letter != '/'),
                    Step::Rest => (false, true),
                    Step::Folders => (*letter == '/', true),
                    Step::Maybe => (false, false),
                };
                if goes_on {
                    self.enter(&mut next, at + 1);
                }
                if stays {
                    self.enter(&mut next, at);
                }
            }
            std::mem::swap(&mut now, &mut next);
            if !now.contains(&true) {
                return false;
            }
        }
        now.last() == Some(&true)
    }

    /// Marks a step as active, with those that follow if it may be skipped.
    fn enter(&self, marks: &mut [bool], at: usize) {
        let mut next = Some(at);
        while let Some(at) = next {
            match marks.get_mut(at) {
                Some(mark) if !*mark => *mark = true,
                _ => return,
            }
            next = match self.steps.get(at) {
                Some(Step::Many | Step::Rest) => Some(at + 1),
                Some(Step::Maybe) => {
                    if let Some(folders) = marks.get_mut(at + 1) {
                        *folders = true;
                    }
                    Some(at + 2)
                }
                _ => None,
            };
        }
    }
}

/// Whether the docker CLI compares the text without a regular expression: the only wildcard is a `**` at one end.
fn is_simple(text: &str, steps: &[Step]) -> bool {
    let wildcards: Vec<_> = steps.iter().enumerate().filter(|(_, step)| !matches!(step, Step::Char(_))).collect();
    !text.contains('\\')
        && matches!(wildcards.as_slice(), [] | [(_, Step::Rest)] | [(0, Step::Maybe), (1, Step::Folders)])
}

/// Whether there is a `^` outside brackets.
fn has_caret(text: &str) -> bool {
    let mut inside = false;
    let mut escaped = false;
    text.chars().any(|letter| {
        let plain = !std::mem::replace(&mut escaped, false);
        escaped = plain && letter == '\\';
        inside = plain && letter == '[' || inside && !(plain && letter == ']');
        plain && !inside && letter == '^'
    })
}

struct Reader {
    letters: Vec<char>,
    at: usize,
}

impl Reader {
    fn steps(mut self) -> Result<Vec<Step>, String> {
        let mut steps = Vec::new();
        while let Some(letter) = self.next() {
            match letter {
                '*' if self.peek() == Some('*') => self.double_star(&mut steps),
                '*' => {
                    if steps.last() != Some(&Step::Many) {
                        steps.push(Step::Many);
                    }
                }
                '?' => steps.push(Step::One),
                '[' => steps.push(Step::Class(self.class()?)),
                '\\' => steps.push(Step::Char(self.escaped()?)),
                _ => steps.push(Step::Char(letter)),
            }
        }
        Ok(steps)
    }

    /// Reads a `**` and the `/` after it.
    fn double_star(&mut self, steps: &mut Vec<Step>) {
        self.at += 1;
        if self.peek() == Some('/') {
            self.at += 1;
        }
        if self.peek().is_none() {
            steps.push(Step::Rest);
        } else if steps.last() != Some(&Step::Folders) {
            steps.extend([Step::Maybe, Step::Folders]);
        }
    }

    /// Reads a class such as `[a-z]` or `[^a-z]`, after its opening bracket.
    fn class(&mut self) -> Result<Class, String> {
        let negated = self.peek() == Some('^');
        self.at += usize::from(negated);
        let mut ranges = Vec::new();
        loop {
            if self.peek() == Some(']') && !ranges.is_empty() {
                self.at += 1;
                return Ok(Class { negated, ranges });
            }
            let low = self.member()?;
            let mut high = low;
            if self.peek() == Some('-') {
                self.at += 1;
                high = self.member()?;
            }
            if low > high {
                return Err(format!("the range {low}-{high} is reversed"));
            }
            ranges.push((low, high));
        }
    }

    fn member(&mut self) -> Result<char, String> {
        match self.next() {
            None => Err("a [ has no ] that closes it".to_owned()),
            // The docker CLI documents * and ? as literal characters here, but treats them as wildcards.
            Some(letter @ ('-' | ']' | '*' | '?')) => {
                Err(format!("in brackets a {letter} must be written as \\{letter}"))
            }
            Some('[') if self.peek() == Some(':') => Err("in brackets a [ must be written as \\[".to_owned()),
            Some('\\') => self.escaped(),
            Some(letter) => Ok(letter),
        }
    }

    /// Reads the character after a backslash. Letters are errors: in the docker CLI's regular expressions many have
    /// another meaning.
    fn escaped(&mut self) -> Result<char, String> {
        match self.next() {
            None => Err("nothing follows the \\ at the end".to_owned()),
            Some(letter) if letter.is_ascii() && !letter.is_ascii_alphanumeric() => Ok(letter),
            Some(letter) => {
                Err(format!("invalid escape \\{letter}: folders are separated by /, and letters need no \\"))
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek();
        self.at += 1;
        letter
    }
}
