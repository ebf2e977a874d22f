//! Which texts are image references, and which are not.

use super::{ImageReference, check_name_or_id};
use crate::random::for_inputs;

const SHA: &str = "sha256:afcc7f1ac1b49db317a7196c902e61c6c3c4607d63599ee1a82d702d249a0ccb";

fn parts(text: &str) -> (String, String, Option<String>, Option<String>) {
    let parsed: ImageReference = text.parse().expect(text);
    let shown = parsed.to_string();
    assert_eq!(shown.parse::<ImageReference>().as_ref(), Ok(&parsed), "{text} is shown as {shown}");
    (parsed.registry, parsed.repository, parsed.tag, parsed.digest)
}

#[test]
fn takes_references_apart() {
    let cases = [
        ("nginx", "docker.io", "library/nginx", None, None),
        ("nginx:1.27", "docker.io", "library/nginx", Some("1.27"), None),
        ("docker.io/nginx", "docker.io", "library/nginx", None, None),
        ("docker.io/library/nginx", "docker.io", "library/nginx", None, None),
        ("index.docker.io/nginx", "docker.io", "library/nginx", None, None),
        ("team/web", "docker.io", "team/web", None, None),
        ("team/deep/web:a", "docker.io", "team/deep/web", Some("a"), None),
        ("localhost/web", "localhost", "web", None, None),
        ("localhost:5000/web:x", "localhost:5000", "web", Some("x"), None),
        ("localhost:5000", "docker.io", "library/localhost", Some("5000"), None),
        ("registry.example.com:5000/a/b:1", "registry.example.com:5000", "a/b", Some("1"), None),
        ("Registry/web", "Registry", "web", None, None),
        ("[2001:db8::1]:5000/web", "[2001:db8::1]:5000", "web", None, None),
        ("[2001:db8::1]/web", "[2001:db8::1]", "web", None, None),
        ("127.0.0.1:80/a--b/c__d/e.f_g:T_-.", "127.0.0.1:80", "a--b/c__d/e.f_g", Some("T_-."), None),
        ("a_b", "docker.io", "library/a_b", None, None),
        ("r.example/sha256:abc", "r.example", "sha256", Some("abc"), None),
    ];
    for (text, registry, repository, tag, digest) in cases {
        let expected = (registry.to_owned(), repository.to_owned(), tag.map(str::to_owned), digest);
        assert_eq!(parts(text), expected, "{text}");
    }
    assert_eq!(parts(&format!("web@{SHA}")).3.as_deref(), Some(SHA));
    assert_eq!(parts(&format!("r.example:5/web:1.0@{SHA}")).2.as_deref(), Some("1.0"));
    assert_eq!(parts(&format!("web@custom+b64:{}", "A".repeat(32))).3.map(|digest| digest.len()), Some(43));
    parts(&format!("{}:{}", "a".repeat(247), "t".repeat(128)));
}

#[test]
fn shows_the_short_name() {
    for (text, short) in [
        ("docker.io/library/nginx:1", "nginx:1"),
        ("index.docker.io/team/web", "team/web"),
        ("docker.io/library/a/b", "library/a/b"),
        ("docker.io/localhost/a", "docker.io/localhost/a"),
        ("docker.io/a.b/c", "docker.io/a.b/c"),
        ("localhost/web", "localhost/web"),
    ] {
        assert_eq!(text.parse::<ImageReference>().expect(text).to_string(), short);
    }
}

#[test]
fn says_what_is_wrong() {
    let sha = SHA.to_owned();
    let cases = [
        (String::new(), "such as nginx:1.27"),
        (" nginx".to_owned(), "spaces"),
        ("ng\u{a0}inx".to_owned(), "spaces"),
        ("https://r.example/web".to_owned(), "scheme"),
        ("a".repeat(64), "image ID"),
        (SHA.to_owned(), "image ID"),
        ("sha256:afcc7f1".to_owned(), "image ID"),
        ("docker.io/library/sha256".to_owned(), "image ID"),
        ("Nginx".to_owned(), "lower case"),
        ("team/Nginx".to_owned(), "lower case"),
        ("Ünder".to_owned(), "lower case"),
        ("ünder".to_owned(), "a-z and 0-9"),
        ("team//web".to_owned(), "empty part"),
        ("/web".to_owned(), "empty part"),
        ("web/".to_owned(), "empty part"),
        ("r.example/".to_owned(), "use a repository"),
        (":tag".to_owned(), "use a repository"),
        (format!("@{sha}"), "use a repository"),
        ("-web".to_owned(), "a-z and 0-9"),
        ("web.".to_owned(), "a-z and 0-9"),
        ("a..b".to_owned(), "a-z and 0-9"),
        ("a___b".to_owned(), "a-z and 0-9"),
        ("a_-b".to_owned(), "a-z and 0-9"),
        ("a\0b".to_owned(), "a-z and 0-9"),
        ("-r.example/web".to_owned(), "registry"),
        ("r.example:/web".to_owned(), "registry"),
        ("r.example:x/web".to_owned(), "registry"),
        ("r..example/web".to_owned(), "registry"),
        ("[::1/web".to_owned(), "registry"),
        ("[]:80/web".to_owned(), "registry"),
        ("ex_ample.com/web".to_owned(), "registry"),
        ("web:".to_owned(), "tag"),
        ("web:-x".to_owned(), "tag"),
        ("web:a:b".to_owned(), "tag"),
        (format!("web:{}", "t".repeat(129)), "tag"),
        ("web@".to_owned(), "digest"),
        ("web@sha256:abc".to_owned(), "digest"),
        (format!("web@{}", sha.to_uppercase()), "digest"),
        (format!("web@{sha}@{sha}"), "digest"),
        (format!("web@{sha}:tag"), "digest"),
        ("a".repeat(256), "255"),
        ("a/".repeat(200) + "a", "255"),
    ];
    for (text, problem) in cases {
        let error = text.parse::<ImageReference>().expect_err(&text).to_string();
        assert!(error.contains(problem), "{text:?}: {error}");
        assert!(error.len() < 400, "{error}");
    }
}

#[test]
fn never_panics_and_shows_what_it_reads() {
    // Every text of up to four of the elements that the grammar treats specially.
    let id = "e".repeat(64);
    let pieces =
        ["a", "A", "0", ".", "_", "-", ":", "/", "@", "[", "]", "ü", "localhost", "docker.io/", "library/", &id, SHA];
    let mut texts = vec![String::new()];
    for _ in 0..4 {
        texts = texts
            .iter()
            .flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}")))
            .inspect(|text| {
                if let Ok(parsed) = text.parse::<ImageReference>() {
                    assert_eq!(parsed.to_string().parse(), Ok(parsed), "{text}");
                }
            })
            .collect();
    }
}

#[test]
fn names_images_by_reference_or_id() {
    for name in ["nginx", "ec3f0931a6e6", "sha256:ec3f0931", &"e".repeat(64), SHA] {
        assert!(check_name_or_id(name).is_ok(), "{name}");
    }
    for name in ["", "..", "a b", "Nginx", "sha256:", "sha256:latest"] {
        assert!(check_name_or_id(name).is_err(), "{name}");
    }
}

#[test]
fn whatever_is_a_reference_is_shown_as_itself() {
    let count = std::cell::Cell::new(0);
    for_inputs(20_000, |random| {
        let words = [
            "a",
            "web",
            "9",
            "docker.io",
            "index.docker.io",
            "localhost",
            "library",
            "Registry",
            "[::1]",
            "/",
            "/",
            "/",
            ":",
            ":",
            "5000",
            "@",
            SHA,
            &SHA[7..],
            "sha256",
            ".",
            "_",
            "__",
            "-",
            "\u{e9}",
            " ",
            "://",
            "",
        ];
        let mut text = random.text(&words, 7);
        if random.chance(10) {
            let mut bytes = text.into_bytes();
            random.damage(&mut bytes);
            text = String::from_utf8_lossy(&bytes).into_owned();
        }
        match text.parse::<ImageReference>() {
            Ok(parsed) => {
                let shown = parsed.to_string();
                assert_eq!(shown.parse::<ImageReference>().as_ref(), Ok(&parsed), "{text:?} is shown as {shown:?}");
                assert!(check_name_or_id(&text).is_ok() && parsed.name().len() < text.len() + 20);
                count.set(count.get() + 1);
            }
            Err(error) => assert!(error.to_string().chars().count() < 1_000),
        }
    });
    assert!(count.get() > 1_000, "{} of them are references", count.get());
}
