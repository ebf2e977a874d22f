//! One pattern of an ignore file, and what it matches.
//!
//! The rules are those of moby/patternmatcher, which docker reads `.dockerignore` with: Go's `filepath.Match`, and `**`.
//! There each pattern becomes a regular expression; here it becomes a list of steps that are followed all at once, so that
//! no pattern takes longer than its length times the path's.

#[cfg(test)]
mod tests;

/// A pattern without its `!`.
#[derive(Debug)]
pub(super) struct Pattern {
    text: String,
    /// What the path begins with, up to the first wildcard.
    literal: Vec<char>,
    steps: Vec<Step>,
    /// What it ends with, behind the last wildcard: most paths are told apart by that.
    end: Vec<char>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// This character.
    Char(char),
    /// `[…]`
    Class(Class),
    /// `?`: any character but `/`.
    One,
    /// `*`: any number of them.
    Many,
    /// Any number of any characters.
    Rest,
    /// `**` before something: the next step, [`Folders`](Step::Folders), may be left out.
    Maybe,
    /// Any number of any characters, and then a `/`.
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
    /// Compiles a pattern that is a clean path.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut steps = Reader { letters: text.chars().collect(), at: 0 }.steps()?;
        if has_caret(text) && !is_simple(text, &steps) {
            // docker hands it on to the regular expression, where it is no character.
            return Err("beside other wildcards a ^ is to be written as \\^".to_owned());
        }
        // `**file` is everything that ends so; with another wildcard behind it, it is whole names only.
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

    /// As it was written, cleaned.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it matches the whole of a path, whose folders are separated by `/`.
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

    /// Marks a step as one to follow, and those that come next if it is left out.
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

/// Whether docker compares the text, and needs no regular expression: it has no wildcard but `**` at one of its ends.
fn is_simple(text: &str, steps: &[Step]) -> bool {
    let wildcards: Vec<_> = steps.iter().enumerate().filter(|(_, step)| !matches!(step, Step::Char(_))).collect();
    !text.contains('\\')
        && matches!(wildcards.as_slice(), [] | [(_, Step::Rest)] | [(0, Step::Maybe), (1, Step::Folders)])
}

/// Whether there is a `^` outside of brackets.
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

    /// `**`, and the `/` after it.
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

    /// `[a-z]`, `[^a-z]`, behind the bracket.
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
                return Err(format!("the range {low}-{high} is the wrong way round"));
            }
            ranges.push((low, high));
        }
    }

    fn member(&mut self) -> Result<char, String> {
        match self.next() {
            None => Err("a [ has no ] that ends it".to_owned()),
            // docker documents * and ? as plain characters there, and reads them as wildcards.
            Some(letter @ ('-' | ']' | '*' | '?')) => {
                Err(format!("in brackets a {letter} is to be written as \\{letter}"))
            }
            Some('[') if self.peek() == Some(':') => Err("in brackets a [ is to be written as \\[".to_owned()),
            Some('\\') => self.escaped(),
            Some(letter) => Ok(letter),
        }
    }

    /// The character behind a backslash. In docker's regular expressions some letters mean much else there.
    fn escaped(&mut self) -> Result<char, String> {
        match self.next() {
            None => Err("there is nothing behind the \\ at its end".to_owned()),
            Some(letter) if letter.is_ascii() && !letter.is_ascii_alphanumeric() => Ok(letter),
            Some(letter) => Err(format!("there is no \\{letter}: folders are separated by /, and letters need no \\")),
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
