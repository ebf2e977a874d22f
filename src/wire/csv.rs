//! Splits a text at its commas. Quotes protect a field that has commas itself, as in `type=volume,"volume-opt=o=ro,soft"`.

/// Returns the fields, without the quotes around them. Inside of quotes, `""` is a quote.
pub(crate) fn fields(text: &str) -> Result<Vec<String>, String> {
    let (mut fields, mut letters) = (Vec::new(), text.chars().peekable());
    loop {
        let mut field = String::new();
        if letters.next_if_eq(&'"').is_some() {
            loop {
                match letters.next() {
                    Some('"') if letters.next_if_eq(&'"').is_none() => break,
                    Some(letter) => field.push(letter),
                    None => return Err("a quote is not closed".to_owned()),
                }
            }
        } else {
            field.extend(std::iter::from_fn(|| letters.next_if(|letter| !matches!(letter, ',' | '"'))));
        }
        fields.push(field);
        match letters.next() {
            Some(',') => {}
            None => return Ok(fields),
            Some(_) => return Err("quotes must enclose a whole field, such as \"volume-opt=o=ro,soft\"".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn quotes_protect_commas() {
        assert_eq!(fields("a,b=c,").expect("fields"), ["a", "b=c", ""]);
        assert_eq!(fields(r#""a,b",c"#).expect("fields"), ["a,b", "c"]);
        assert_eq!(fields(r#"a,"b"#).expect_err("open"), "a quote is not closed");
        assert_eq!(fields(r#""say ""hi""""#).expect("fields"), [r#"say "hi""#]);
        for text in [r#"a"b""#, r#""a"b"#] {
            assert!(fields(text).expect_err(text).starts_with("quotes must enclose"), "{text}");
        }
    }
}
