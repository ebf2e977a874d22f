//! Files of environment variables and labels, as `docker run --env-file` and `--label-file` read them.

use std::path::Path;

/// Reads a file with lines `name=value` or `name`. Blocks.
pub(super) fn read(what: &str, path: &Path) -> Result<Vec<(String, Option<String>)>, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("cannot read the {what} {}: {error}", path.display()))?;
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let lines = lines.map(|(number, line)| (number + 1, line.trim_start()));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let read = lines.map(|(number, line)| {
        let (name, value) = line.split_once('=').map_or((line, None), |(name, value)| (name, Some(value.to_owned())));
        if name.is_empty() || name.contains(char::is_whitespace) {
            let path = path.display();
            return Err(format!("the {what} {path}, line {number}: invalid name {name:?}: use NAME=value"));
        }
        Ok((name.to_owned(), value))
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn files_are_read_as_docker_reads_them() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let parse = |text: &str| {
            std::fs::write(file.path(), text).expect("written");
            read("env file", file.path())
        };
        let text = "\u{feff}# a comment\n\nA=1\n  B=two words = #3\nPATH\nEMPTY=\n";
        let lines = [("A", Some("1")), ("B", Some("two words = #3")), ("PATH", None), ("EMPTY", Some(""))];
        let lines = lines.map(|(name, value)| (name.to_owned(), value.map(str::to_owned))).to_vec();
        assert_eq!(parse(text), Ok(lines));
        assert!(parse("A=1\nTWO WORDS=x").expect_err("a name").contains("line 2: invalid name \"TWO WORDS\""));
        assert!(parse("=x").expect_err("a name").contains("line 1"));
        assert!(read("env file", "/nowhere/env".as_ref()).expect_err("none").contains("the env file /nowhere/env"));
    }
}
