//! Patterns, and the paths that they match.

use super::Pattern;
use crate::random::for_inputs;
use std::time::{Duration, Instant};

fn matches(pattern: &str, path: &str) -> bool {
    let pattern = Pattern::parse(pattern).unwrap_or_else(|why| panic!("{pattern}: {why}"));
    pattern.matches(&path.chars().collect::<Vec<_>>())
}

#[test]
fn matches_whole_paths() {
    #[rustfmt::skip]
    let table: &[(&str, &[&str], &[&str])] = &[
        // columns: pattern, paths that it matches, paths that it does not
        ("abc",         &["abc"],                                  &["ab", "abcd", "xabc", "abc/d", "a/abc", ""]),
        ("a/b",         &["a/b"],                                  &["a", "a/b/c", "b", "x/a/b"]),
        ("*",           &["a", "abc", ".hidden", "a b"],           &["a/b", "a/"]),
        ("*.go",        &["x.go", ".go", "x.y.go"],                &["x.goo", "x.g", "d/x.go"]),
        ("*c",          &["abc", "c", "cc"],                       &["abcd", "a/c"]),
        ("a*",          &["a", "abc"],                             &["ba", "ab/c"]),
        ("a*/b",        &["a/b", "abc/b"],                         &["a/c/b", "ab", "a/bb"]),
        ("a/*.txt",     &["a/file.txt", "a/.txt"],                 &["a/dir/file.txt", "file.txt"]),
        ("a*b*c*d*e*/f", &["axbxcxdxe/f", "axbxcxdxexxx/f"],       &["axbxcxdxe/xxx/f", "axbxcxdxexxx/fff"]),
        ("a*b?c*x",     &["abxbbxdbxebxczzx"],                     &["abxbbxdbxebxczzy"]),
        ("abc?def",     &["abcZdef", "abc.def", "abc☺def"],        &["abcdef", "abc/def", "abcZZdef"]),
        ("a?b",         &["a☺b"],                                  &["a/b"]),
        ("a???b",       &["axyzb"],                                &["a☺b"]),
        (".*",          &[".foo", "."],                            &["foo"]),
        ("abc.def",     &["abc.def"],                              &["abcdef", "abcZdef"]),
        ("a(b)c/def",   &["a(b)c/def"],                            &["a(b)c/xyz", "abc/def"]),
        ("a.|)$(}+{bc", &["a.|)$(}+{bc"],                          &["a"]),
        ("a.|)$(}+{*",  &["a.|)$(}+{bc", "a.|)$(}+{"],             &["a"]),
        ("^a",          &["^a"],                                   &["a"]),
        ("a{b,c}",      &["a{b,c}"],                               &["ab", "ac"]),
        ("]",           &["]"],                                    &["["]),
        // classes
        ("a[b-d]e",     &["abe", "ace", "ade"],                    &["ae", "aae", "aee", "abbe"]),
        ("ab[^b-d]",    &["aba", "abe", "ab/"],                    &["abc", "ab"]),
        ("[^a]b",       &["☺b", "^b"],                             &["ab"]),
        ("[a-ζ]*",      &["α", "abc"],                             &["A", "ω"]),
        ("[\\]a]",      &["]", "a"],                               &["\\", "b"]),
        ("[x\\-z]",     &["x", "-", "z"],                          &["y"]),
        ("[a^]",        &["a", "^"],                               &["b"]),
        ("[!a]",        &["!", "a"],                               &["b"]),
        ("[.]x",        &[".x"],                                   &["ax"]),
        ("[\\*]",       &["*"],                                    &["a"]),
        ("*[0-9].log",  &["x1.log", "1.log"],                      &["x.log", "x1.logs"]),
        // escapes
        ("a\\*b",       &["a*b"],                                  &["ab", "axb"]),
        ("a\\\\",       &["a\\"],                                  &["a"]),
        ("\\#x",        &["#x"],                                   &["x"]),
        ("\\!x",        &["!x"],                                   &["x"]),
        ("\\[x]",       &["[x]"],                                  &["x"]),
        // **
        ("**",          &["a", "a/b", "a/b/c", ""],                &[]),
        ("**/**",       &["a", "a/b", ""],                         &[]),
        ("**/dir",      &["dir", "a/dir", "a/b/dir"],              &["xdir", "dir/a", "a/xdir"]),
        ("**/foo/bar",  &["foo/bar", "dir/foo/bar", "a/b/foo/bar"], &["xfoo/bar", "foo/x/bar"]),
        ("**/.foo",     &[".foo", "a/.foo"],                       &["bar.foo"]),
        ("**file",      &["file", "dir/file", "dir/dir/file", "xfile", "dir/xfile"], &["file/x", "files"]),
        ("**/file*",    &["file", "dir/file.txt", "a/b/file"],     &["xfile", "dir/xfile", "file/x"]),
        ("**file*",     &["file", "dir/file.txt"],                 &["xfile", "dir/xfile"]),
        ("**/file*.txt*", &["dir/dir/file.txt", "file1.txt2"],     &["dir/dir/file"]),
        ("**/**/*.txt", &["file.txt", "dir/dir/file.txt"],         &["file.txt2"]),
        ("**/*.txt",    &["file.txt", "a/file.txt"],               &["file.txt/a"]),
        ("a**/*.txt",   &["a/file.txt", "a/dir/dir/file.txt", "ab/c.txt"], &["b/a/file.txt"]),
        ("a/*.txt**",   &["a/file.txt", "a/file.txt/b", "a/file.txtb"], &["a/b/file.txt"]),
        ("a**b",        &["ab", "a/b", "ax/b", "a/x/y/b"],         &["axb", "a/xb"]),
        ("a/**/b",      &["a/b", "a/x/b", "a/x/y/b"],              &["ab", "a/xb", "x/a/b"]),
        ("dir/**",      &["dir/a", "dir/a/b", "dir/"],             &["dir", "dirx/a", "x/dir/a"]),
        ("dir**",       &["dir", "dir/a", "dirx", "dirx/a"],       &["x/dir"]),
        ("**/dir2/*",   &["dir2/a", "dir/dir2/file"],              &["dir2", "dir2/a/b", "xdir2/a"]),
        ("**/dir2/**",  &["dir2/a/b", "dir/dir2/dir3/file"],       &["dir2", "dir/dir2"]),
        ("***",         &["a", "a/b"],                             &[]),
        ("*/**",        &["a/b", "a/b/c"],                         &["a"]),
        ("**a**",       &["a", "ab", "x/a", "x/ab/c"],             &["xa"]),
        ("****b",       &["b", "a/b"],                             &["ab", "a/ab"]),
        ("**/a^b",      &["a^b", "x/a^b"],                         &["ab"]),
    ];
    for (pattern, yes, no) in table {
        for path in *yes {
            assert!(matches(pattern, path), "{pattern} matches {path}");
        }
        for path in *no {
            assert!(!matches(pattern, path), "{pattern} does not match {path}");
        }
    }
}

#[test]
fn says_what_is_wrong_with_a_pattern() {
    for (pattern, why) in [
        ("[", "a [ has no ]"),
        ("a[", "a [ has no ]"),
        ("[^", "a [ has no ]"),
        ("[^bc", "a [ has no ]"),
        ("[a", "a [ has no ]"),
        ("[a-", "a [ has no ]"),
        ("[]a]", "in brackets a ] must be written as \\]"),
        ("[]", "in brackets a ]"),
        ("[-]", "in brackets a -"),
        ("[-x]", "in brackets a -"),
        ("[x-]", "in brackets a ]"),
        ("[a-b-c]", "in brackets a -"),
        ("[*]", "in brackets a * must be written as \\*"),
        ("[?]", "in brackets a ?"),
        ("[[:alpha:]]", "in brackets a [ must be written as \\["),
        ("[Local-Only]", "the range l-O is reversed"),
        ("\\", "nothing follows the \\"),
        ("a\\", "nothing follows the \\"),
        ("[\\", "nothing follows the \\"),
        ("dir\\file", "invalid escape \\f: folders are separated by /"),
        ("\\d", "invalid escape \\d"),
        ("^a*", "a ^ must be written as \\^"),
        ("a\\*^", "a ^ must be written as \\^"),
    ] {
        let error = Pattern::parse(pattern).expect_err(pattern);
        assert!(error.contains(why), "{pattern}: {error}");
    }
}

#[test]
fn a_caret_is_told_by_where_it_is() {
    for text in ["[^a]*", "\\^a*", "[a^]*", "[\\]^]*"] {
        assert!(Pattern::parse(text).is_ok(), "{text}");
    }
    assert!(Pattern::parse("[\\]]^*").is_err());
}

#[test]
fn hostile_patterns_take_no_longer_than_their_length() {
    let path = ["a".repeat(100), "b".repeat(100), "a/".repeat(100)].concat();
    for pattern in [
        "*a".repeat(200) + "c",
        "**/".repeat(200) + "c*d",
        "**a".repeat(200) + "*c",
        "a**".repeat(200) + "?c*",
        "[a-z]*".repeat(200) + "!",
        "*?".repeat(200) + "[^a]",
        "?".repeat(10_000),
        "*".repeat(10_000) + "x?",
    ] {
        let start = Instant::now();
        assert!(!matches(&pattern, &path), "{}", &pattern[..9]);
        assert!(start.elapsed() < Duration::from_secs(2), "{} took {:?}", &pattern[..9], start.elapsed());
    }
}

/// Every text over an alphabet with all special characters: none panics.
#[test]
fn any_text_is_a_pattern_or_an_error() {
    let alphabet = ['*', '?', '[', ']', '^', '-', '\\', '/', 'a', 'ä'];
    let mut texts = vec![String::new()];
    for _ in 0..5 {
        texts = texts.iter().flat_map(|text| alphabet.map(|letter| format!("{text}{letter}"))).collect();
        for text in &texts {
            if let Ok(pattern) = Pattern::parse(text) {
                for path in [&[][..], &['a'], &['a', '/', 'ä'], &['/'], &['^', '-', '*']] {
                    pattern.matches(path);
                }
            }
        }
    }
}

/// Matches by backtracking: the meaning of the docker CLI's regular expressions, and of the comparison that replaces
/// some of them.
fn tries(pattern: &[char], path: &[char]) -> bool {
    match pattern {
        [] => path.is_empty(),
        ['*', '*', '/'] | ['*', '*'] => true,
        ['*', '*', '/', rest @ ..] | ['*', '*', rest @ ..] => {
            let in_folder = |at: &usize| path[*at] == '/' && tries(rest, &path[at + 1..]);
            tries(rest, path) || (0..path.len()).any(|at| in_folder(&at))
        }
        ['*', rest @ ..] => {
            (0..=path.len()).take_while(|at| !path[..*at].contains(&'/')).any(|at| tries(rest, &path[at..]))
        }
        ['[', '^', 'a', ']', rest @ ..] => path.first().is_some_and(|letter| *letter != 'a' && tries(rest, &path[1..])),
        ['[', 'a', '-', 'b', ']', rest @ ..] => {
            path.first().is_some_and(|letter| "ab".contains(*letter) && tries(rest, &path[1..]))
        }
        ['?', rest @ ..] => path.first().is_some_and(|letter| *letter != '/' && tries(rest, &path[1..])),
        ['\\', own, rest @ ..] | [own, rest @ ..] => path.first() == Some(own) && tries(rest, &path[1..]),
    }
}

#[test]
fn whatever_is_a_pattern_matches_what_trying_finds() {
    let count = std::cell::Cell::new(0);
    for_inputs(10_000, |random| {
        let text = random.text(&["a", "a", "b", "/", "*", "**", "**/", "?", "[^a]", "[a-b]", "\\*", "\u{e9}", "."], 6);
        let letters: Vec<char> = text.chars().collect();
        let compared = text.strip_prefix("**").filter(|end| !end.contains(['*', '?', '[', '\\', '/']));
        for _ in 0..5 {
            let path: Vec<char> = random.text(&["a", "b", "/", "*", ".", "\u{e9}", "^"], 8).chars().collect();
            let expected =
                compared.map_or_else(|| tries(&letters, &path), |end| path.iter().collect::<String>().ends_with(end));
            assert_eq!(matches(&text, &path.iter().collect::<String>()), expected, "{text:?} on {path:?}");
            count.set(count.get() + usize::from(expected));
        }
    });
    assert!(count.get() > 1_000, "{} paths matched", count.get());
}

#[test]
fn nothing_makes_a_pattern_panic() {
    for_inputs(10_000, |random| {
        let words =
            ["[", "]", "^", "-", "\\", "*", "**", "/", "!", "?", "a", "z", "[^", "a-", "\u{e9}", "\n", "..", "[:"];
        if let Ok(pattern) = Pattern::parse(&random.text(&words, 10)) {
            pattern.matches(&random.text(&words, 10).chars().collect::<Vec<_>>());
        }
    });
}
