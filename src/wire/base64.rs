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

#[cfg(test)]
mod tests {
    use super::{standard, url_safe};

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
}
