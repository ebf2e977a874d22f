//! Base64 with padding (RFC 4648), in both of its alphabets.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Encodes bytes as `X-Registry-Auth` has them. With the standard alphabet the engine would ignore it: an anonymous pull,
/// with no error.
pub(crate) fn url_safe(bytes: &[u8]) -> String {
    encode(bytes, URL_SAFE)
}

/// Encodes bytes with the standard alphabet.
pub(crate) fn standard(bytes: &[u8]) -> String {
    encode(bytes, STANDARD)
}

fn encode(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, i| bits << 8 | u32::from(group.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let index = (bits >> (18 - 6 * i)) & 63;
            let letter = alphabet.get(index as usize).copied().unwrap_or(b'=');
            text.push(if i <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

/// Decodes the standard alphabet (RFC 4648, section 4) with its padding; `None` if it is anything else.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut groups = text.as_bytes().chunks(4).peekable();
    while let Some(group) = groups.next() {
        let padding = group.iter().rev().take_while(|letter| **letter == b'=').count();
        if group.len() != 4 || padding > 2 || (padding > 0 && groups.peek().is_some()) {
            return None;
        }
        let bits = group.iter().take(4 - padding).try_fold(0, |bits: u32, letter| Some(bits << 6 | value(*letter)?))?;
        let [_, decoded @ ..] = (bits << (6 * padding)).to_be_bytes();
        let (decoded, rest) = decoded.split_at_checked(3 - padding)?;
        if rest.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(decoded);
    }
    Some(bytes)
}

/// The six bits that a letter of the standard alphabet stands for.
fn value(letter: u8) -> Option<u32> {
    let value = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(value.into())
}

#[cfg(test)]
mod tests {
    use super::{decode, standard, url_safe};
    use crate::random::for_inputs;

    #[test]
    fn decodes_the_vectors_of_rfc_4648() {
        let vectors =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")];
        for (plain, encoded) in vectors {
            assert_eq!(decode(encoded).as_deref(), Some(plain.as_bytes()), "{encoded}");
        }
        assert_eq!(decode("+/+/"), Some(vec![0xfb, 0xff, 0xbf]));
    }

    #[test]
    fn refuses_what_is_no_base64() {
        for text in
            ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "====", "Z===", "-_-_", "Zm 9v", "Zm9v\n", "=Zg=", "Zé="]
        {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }

    #[test]
    fn encodes_the_vectors_of_rfc_4648() {
        let vectors =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")];
        for (plain, encoded) in vectors {
            assert_eq!(url_safe(plain.as_bytes()), encoded);
            assert_eq!(standard(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn each_has_its_alphabet() {
        assert_eq!(url_safe(&[0xfb, 0xff, 0xfe]), "-__-");
        assert_eq!(standard(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn whatever_is_encoded_is_decoded_and_nothing_else() {
        for_inputs(5_000, |random| {
            let bytes = random.bytes(20);
            let text = standard(&bytes);
            assert_eq!(decode(&text), Some(bytes));
            let mut damaged = text.into_bytes();
            random.damage(&mut damaged);
            let damaged = String::from_utf8_lossy(&damaged);
            let random_text = random.text(&["A", "Zg", "=", "==", "/", "+", "-", "\u{e9}"], 6);
            for text in [&damaged, random_text.as_str()] {
                assert!(decode(text).is_none_or(|bytes| standard(&bytes) == text), "{text:?}");
            }
        });
    }
}
