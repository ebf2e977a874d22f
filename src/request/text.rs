//! Shortens text that is not from an engine, such as a proxy's page.

/// The most characters to show.
const EXCERPT: usize = 200;

/// Returns a single line of a text, with its white space folded.
pub(super) fn excerpt(text: &str) -> String {
    let mut folded = String::new();
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().filter(|letter| !letter.is_control()).take(EXCERPT));
        if folded.chars().count() >= EXCERPT {
            folded = folded.chars().take(EXCERPT).collect();
            folded.push('…');
            break;
        }
    }
    folded
}

/// Returns the title of an HTML page, else its text without tags.
pub(super) fn title(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title>").and_then(|start| {
        let start = start + "<title>".len();
        let end = start + lower.get(start..)?.find("</title>")?;
        page.get(start..end)
    });
    match title {
        Some(title) if !title.trim().is_empty() => title.to_owned(),
        _ => {
            page.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect::<Vec<_>>().join(" ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn shows_no_more_than_a_line() {
        assert_eq!(excerpt(&"x".repeat(100_000)).chars().count(), 201);
        assert_eq!(excerpt(&"word \u{7}\n".repeat(100_000)).chars().count(), 201);
    }
}
