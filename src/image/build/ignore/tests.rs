//! Ignore files, and the paths that they exclude.

use super::{Decision, Ignore, clean};
use crate::random::for_inputs;

/// Whether an ignore file excludes a path, decided folder by folder.
fn ignores(file: &str, path: &str) -> bool {
    let ignore = Ignore::parse(file.as_bytes()).unwrap_or_else(|why| panic!("{file:?}: {why}"));
    let path: Vec<char> = path.chars().collect();
    let ends = path.iter().enumerate().filter(|(_, letter)| **letter == '/').map(|(end, _)| end);
    let mut decision = Decision::default();
    for end in ends.chain([path.len()]) {
        decision = ignore.decide(&path[..end], &decision);
    }
    decision.ignored
}

#[test]
fn reads_lines_as_docker_does() {
    for (line, path) in [
        ("docs", "docs"),
        ("  docs\t", "docs"),
        ("docs\r", "docs"),
        ("/docs", "docs"),
        ("/ docs", "docs"),
        ("docs /", "docs"),
        ("/ ./docs", "docs"),
        ("/ **/", "docs"),
        ("//docs", "docs"),
        ("docs/", "docs"),
        ("/docs/", "docs/a"),
        ("./docs", "docs"),
        ("docs//a/./b", "docs/a/b"),
        ("x/../docs", "docs"),
        ("/../docs", "docs"),
        ("\u{feff}docs", "docs"),
        ("a b", "a b"),
        (" # no comment", "# no comment"),
        ("\\# no comment", "# no comment"),
        ("docs/..*", "docs/..a"),
        ("!x\n!y\ndocs", "docs"),
        ("ä", "ä"),
    ] {
        assert!(ignores(line, path), "{line:?} ignores {path}");
    }
    for (line, path) in [
        ("", "a"),
        ("#*", "a"),
        ("# *\n", "# *"),
        ("\n \t\n", "a"),
        (".", "a"),
        ("/", "a"),
        ("./", "a/b"),
        ("..", "a"),
        ("../a", "a"),
        ("docs", "docs2"),
        ("docs", "x/docs"),
        ("docs\u{feff}", "docs"),
        ("/ /docs", "docs"),
        ("/ ..", "a"),
    ] {
        assert!(!ignores(line, path), "{line:?} does not ignore {path}");
    }
}

#[test]
fn what_is_in_an_ignored_folder_is_ignored() {
    for (file, path) in [
        ("docs", "docs/a/b/c"),
        ("*", "a/b/c"),
        ("*/*", "a/b/c"),
        ("**/node_modules", "a/node_modules/b/c"),
        ("a/[b-d]", "a/c/x"),
        ("docs/*", "docs/a/b"),
    ] {
        assert!(ignores(file, path), "{file:?} ignores {path}");
    }
    for (file, path) in [("*/*", "a"), ("docs/*", "docs"), ("docs/**", "docs"), ("*.md", "docs/a.md")] {
        assert!(!ignores(file, path), "{file:?} does not ignore {path}");
    }
}

#[test]
fn the_last_line_that_matches_decides() {
    #[rustfmt::skip]
    let table: &[(&str, &[&str], &[&str])] = &[
        // columns: file, paths that it excludes, paths that it does not
        ("*.go\n!a.go",                 &["b.go"],                    &["a.go", "x"]),
        ("!a.go\n*.go",                 &["a.go", "b.go"],            &[]),
        ("docs\n!docs/README.md",       &["docs", "docs/a"],          &["docs/README.md"]),
        ("docs/\n! docs/README.md ",    &["docs/a"],                  &["docs/README.md"]),
        ("docs/*\n!docs/README.md",     &["docs/a"],                  &["docs", "docs/README.md"]),
        ("*\n!src",                     &["a", "a/b"],                &["src", "src/a", "src/a/b"]),
        ("*\n!/src/",                   &["a"],                       &["src/a"]),
        ("*\n!src\nsrc/*.o",            &["a", "src/a.o"],            &["src/a.c", "src/x/a.o"]),
        ("**\n!util/docker/web",        &["util", "util/a"],          &["util/docker/web", "util/docker/web/foo"]),
        ("**\n!util/docker/web\nutil/docker/web/foo", &["util/docker/web/foo"], &["util/docker/web/bar"]),
        ("*.md\n!README*.md\nREADME-secret.md", &["a.md", "README-secret.md"], &["README.md", "README-x.md"]),
        ("*.md\nREADME-secret.md\n!README*.md", &["a.md"],            &["README-secret.md", "README.md"]),
        ("**\n!**/*.rs",                &["a", "a/b", "Cargo.toml"],  &["a.rs", "a/b.rs", "a/b/c.rs"]),
        ("*\n!*/keep",                  &["a", "a/b", "keep"],        &["a/keep", "a/keep/x"]),
        ("a\n!!a",                      &["a"],                       &["!a"]),
        ("*\n! / a",                    &["a"],                       &[" a"]),
        ("*\n!/a /",                    &["a "],                      &["a"]),
        ("!a",                          &[],                          &["a", "b"]),
        // The docker CLI does not match the exception with the folder, where nothing is ignored yet.
        ("a/b\n!a",                     &["a/b", "a/b/c"],            &["a", "a/c"]),
    ];
    for (file, yes, no) in table {
        for path in *yes {
            assert!(ignores(file, path), "{file:?} ignores {path}");
        }
        for path in *no {
            assert!(!ignores(file, path), "{file:?} does not ignore {path}");
        }
    }
}

#[test]
fn knows_where_exceptions_may_be() {
    for (file, folder, expected) in [
        ("*", "a", false),
        ("*\n!b", "a", false),
        ("*\n!b", "b", true),
        ("*\n!a/b", "a", true),
        ("*\n!a/b", "a/b", true),
        ("*\n!a/b", "a/c", false),
        ("*\n!ab", "a", false),
        ("*\n!a/**", "a", true),
        ("*\n!a/*", "b", false),
        ("*\n!*.rs", "a", true),
        ("*\n!**/x", "a/b", true),
        ("*\n!a\\*b", "a", true),
    ] {
        let ignore = Ignore::parse(file.as_bytes()).expect(file);
        let folder: Vec<char> = folder.chars().collect();
        assert_eq!(ignore.may_except_within(&folder), expected, "{file:?} {folder:?}");
    }
}

#[test]
fn names_the_line_that_is_wrong() {
    for (file, why) in [
        ("a\n\n[", "line 3, \"[\": a [ has no ] that closes it"),
        ("!", "line 1, \"!\": nothing follows the !"),
        ("! ", "line 1, \"!\": nothing follows the !"),
        ("!/", "line 1, \"!/\": nothing follows the !"),
        ("! / /", "line 1, \"! / /\": nothing follows the !"),
        ("a\r\nb\\\r\n", "line 2, \"b\\\\\": nothing follows the \\ at the end"),
        ("![x", "line 1, \"![x\": a [ has no ]"),
    ] {
        let error = Ignore::parse(file.as_bytes()).expect_err(file);
        assert!(error.starts_with(why), "{file:?}: {error}");
    }
    let long = "x".repeat(100_000);
    assert_eq!(Ignore::parse(long.as_bytes()).expect_err("long"), "line 1 is longer than 64 KiB");
}

#[test]
fn bytes_that_are_no_text_are_letters_too() {
    let ignore = Ignore::parse(b"a\xff*\n# \xfe\nb?").expect("patterns");
    for (path, expected) in [(&b"a\xffx"[..], true), (b"ax", false), (b"b\xff", true), (b"b\xff\xfe", false)] {
        let path: Vec<char> = super::letters(path).collect();
        assert_eq!(ignore.decide(&path, &Decision::default()).ignored, expected, "{path:?}");
    }
}

#[test]
fn cleans_paths_as_go_does() {
    for (path, cleaned) in [
        ("", ""),
        ("abc", "abc"),
        ("abc/", "abc"),
        (".", "."),
        ("./", "."),
        ("/", "/"),
        ("//", "/"),
        ("/abc//def", "/abc/def"),
        ("..", ".."),
        ("../..", "../.."),
        ("../../abc", "../../abc"),
        ("/..", "/"),
        ("/../abc", "/abc"),
        ("abc/..", "."),
        ("abc/../../def", "../def"),
        ("abc/./../def", "def"),
        ("a/b/../../..", ".."),
        ("a/..b", "a/..b"),
    ] {
        assert_eq!(clean(path), cleaned, "{path}");
    }
}

#[test]
fn nothing_makes_an_ignore_file_panic() {
    for_inputs(5_000, |random| {
        let words =
            ["\n", "\r\n", "!", "#", "/", "..", ".", " ", "a", "b", "*", "**", "?", "[a]", "\\", "\u{feff}", "\u{e9}"];
        let mut file = random.text(&words, 20);
        assert_eq!(clean(&clean(&file)), clean(&file), "{file:?}");
        if random.chance(20) {
            let mut bytes = file.into_bytes();
            random.damage(&mut bytes);
            file = String::from_utf8_lossy(&bytes).into_owned();
        }
        if let Ok(ignore) = Ignore::parse(file.as_bytes()) {
            let path: Vec<char> = random.text(&["a", "b", "/", ".", "\u{e9}"], 6).chars().collect();
            let decision = ignore.decide(&path, &Decision::default());
            ignore.decide(&[&path[..], &['/', 'a']].concat(), &decision);
            ignore.may_except_within(&path);
        }
    });
}
