//! Base64 with the url-safe alphabet and padding (RFC 4648, section 5), which `X-Registry-Auth` is written in.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Encodes bytes. The standard alphabet (`+`, `/`) would be ignored by the engine: an anonymous pull, with no error.
pub(crate) fn url_safe(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, i| bits << 8 | u32::from(group.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let index = (bits >> (18 - 6 * i)) & 63;
            let letter = ALPHABET.get(index as usize).copied().unwrap_or(b'=');
            text.push(if i <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::url_safe;

    #[test]
    fn encodes_the_vectors_of_rfc_4648() {
        let vectors =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")];
        for (plain, encoded) in vectors {
            assert_eq!(url_safe(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn uses_the_url_safe_alphabet() {
        assert_eq!(url_safe(&[0xfb, 0xff, 0xfe]), "-__-");
    }
}
