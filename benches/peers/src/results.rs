//! `results.json`, to which each subcommand adds its part, and how figures spread.

use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// What every subcommand can be told.
pub struct Options {
    pub quick: bool,
    pub results: PathBuf,
}

impl Options {
    /// `--quick` and `--results FILE`, in any order among other arguments.
    pub fn parse(arguments: &[String]) -> Self {
        let file = arguments.iter().position(|argument| argument == "--results").and_then(|at| arguments.get(at + 1));
        Self {
            quick: arguments.iter().any(|argument| argument == "--quick"),
            results: file.map_or_else(|| "results.json".into(), PathBuf::from),
        }
    }
}

/// All that was measured so far.
pub fn read(path: &Path) -> Map<String, Value> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Puts a part into the file, in place of what it was.
pub fn merge(path: &Path, key: &str, part: Value) {
    let mut whole = read(path);
    whole.insert(key.to_owned(), part);
    let text = serde_json::to_string_pretty(&whole).expect("JSON");
    std::fs::write(path, text + "\n").expect("the results' file");
}

/// The least, the median and the most; of no values NaN.
pub fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    [at(0), at(values.len() / 2), at(values.len().saturating_sub(1))]
}
