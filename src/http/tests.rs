//! Answers read from bytes: as they are sent, cut anywhere, and as nobody should send them.

use super::{Body, Head, Malformed, Piece};
use crate::random::for_seeds;
use bytes::{Bytes, BytesMut};

const OK: &str = "HTTP/1.1 200 OK\r\n";

fn head(fields: &str) -> Head {
    let mut buffer = BytesMut::from(format!("{OK}{fields}\r\n").as_str());
    let head = Head::take(&mut buffer).expect("HTTP").expect("a whole head");
    assert!(buffer.is_empty());
    head
}

#[test]
fn a_head_is_taken_once_it_is_whole() {
    let text = "HTTP/1.1 404 Not Found\r\nApi-Version: 1.41\r\nX: \t a b \t\r\nEmpty:\r\nEmpty: 2\r\n\r\n";
    for length in 0..text.len() {
        let mut buffer = BytesMut::from(&text.as_bytes()[..length]);
        assert!(Head::take(&mut buffer).expect("no error").is_none(), "{length} bytes are no head");
        assert_eq!(buffer.len(), length, "nothing is taken of it");
    }
    let mut buffer = BytesMut::from(format!("{text}{{}}").as_str());
    let head = Head::take(&mut buffer).expect("HTTP").expect("a whole head");
    assert_eq!(&*buffer, b"{}");
    assert_eq!(head.status.to_string(), "404 Not Found");
    for (name, value) in [
        ("api-version", Some("1.41")),
        ("API-VERSION", Some("1.41")),
        ("x", Some("a b")),
        ("empty", Some("")),
        ("y", None),
    ] {
        assert_eq!(head.field(name), value, "{name}");
    }
}

#[test]
fn what_is_allowed_and_seldom_seen() {
    for (text, code) in [
        ("HTTP/1.0 200 OK\r\n\r\n", 200),
        ("HTTP/1.1 204\r\n\r\n", 204),
        ("HTTP/1.1 299 \r\n\r\n", 299),
        ("HTTP/1.1 200 \u{dc}ber\nName: value\n\n", 200),
        ("HTTP/1.1 200 OK\r\nA:b:c\r\n\r\n", 200),
        ("HTTP/1.1 200 OK\r\nA: b\r\n goes on\r\nno colon\r\n:\r\n\r\n", 200),
    ] {
        let head = Head::take(&mut BytesMut::from(text)).expect(text).expect(text);
        assert_eq!(head.status.code(), code, "{text}");
    }
}

#[test]
fn what_is_no_head_is_refused_as_soon_as_it_shows() {
    for (text, why) in [
        ("S", Malformed::Version),
        ("\u{15}\u{3}\u{3}", Malformed::Version),
        ("http/1.1 200 OK\r\n", Malformed::Version),
        ("HTTP/2", Malformed::Version),
        ("HTTP/1.2 200 OK\r\n", Malformed::Version),
        ("HTTP/1.1 20 OK\r\n", Malformed::Status),
        ("HTTP/1.1 2000 OK\r\n", Malformed::Status),
        ("HTTP/1.1 099 OK\r\n", Malformed::Status),
        ("HTTP/1.1  200 OK\r\n", Malformed::Status),
    ] {
        assert_eq!(Head::take(&mut BytesMut::from(text)).expect_err(text), why, "{text}");
    }
}

#[test]
fn a_head_has_a_bound() {
    let mut buffer = BytesMut::from(OK);
    while buffer.len() <= super::head::LARGEST {
        assert!(Head::take(&mut buffer).expect("not too large yet").is_none());
        buffer.extend_from_slice(format!("X: {}\r\n", "x".repeat(1000)).as_bytes());
    }
    assert_eq!(Head::take(&mut buffer).expect_err("too large"), Malformed::LargeHead);
}

#[test]
fn values_that_are_no_text_are_none() {
    let mut buffer = BytesMut::from(&b"HTTP/1.1 200 OK\r\nA: \xff\r\nB: \xc3\xa4\r\nC: c\r\n\r\n"[..]);
    let head = Head::take(&mut buffer).expect("HTTP").expect("a whole head");
    assert_eq!((head.field("a"), head.field("b"), head.field("c")), (None, None, Some("c")));
}

#[test]
fn knows_where_the_body_ends() {
    for (fields, ends) in [
        ("Content-Length: 5\r\n", "Length(5)"),
        ("Content-Length: 0\r\n", "Over"),
        ("Content-Length: 5\r\nContent-Length: 5\r\n", "Length(5)"),
        ("Content-Length: 5, 5\r\n", "Length(5)"),
        ("", "UntilClose"),
        ("Transfer-Encoding: chunked\r\n", "Chunked"),
        ("Transfer-Encoding: gzip, Chunked\r\n", "Chunked"),
        ("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "Chunked"),
        ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "Chunked"),
        ("Transfer-Encoding: gzip\r\n", "UntilClose"),
    ] {
        let body = head(fields).body(false).expect(fields);
        assert!(format!("{body:?}").starts_with(ends), "{fields}: {body:?}");
        assert!(matches!(head(fields).body(true), Ok(Body::Over)), "of HEAD there is none");
    }
    for fields in ["-1", "+1", "", "1, 2", "0x10", "99999999999999999999", "1\r\nContent-Length: 2"] {
        let fields = format!("Content-Length: {fields}\r\n");
        assert_eq!(head(&fields).body(false).expect_err(&fields), Malformed::Length);
    }
    for code in ["101 x", "204 x", "304 x"] {
        let text = format!("HTTP/1.1 {code}\r\nContent-Length: 5\r\n\r\n");
        let head = Head::take(&mut BytesMut::from(text.as_str())).expect("HTTP").expect("a head");
        assert!(matches!(head.body(false), Ok(Body::Over)), "{code}");
    }
}

#[test]
fn knows_whether_the_connection_stays() {
    for (text, stays) in [
        ("HTTP/1.1 200 OK\r\n\r\n", true),
        ("HTTP/1.1 200 OK\r\nConnection: Close\r\n\r\n", false),
        ("HTTP/1.1 200 OK\r\nConnection: upgrade, close\r\n\r\n", false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", false),
        ("HTTP/1.0 200 OK\r\n\r\n", false),
        ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n", true),
    ] {
        let head = Head::take(&mut BytesMut::from(text)).expect(text).expect(text);
        assert_eq!(head.keeps_alive(), stays, "{text}");
    }
}

/// What pieces of a chunked body are put together, how much of the wire is left, and whether it is over.
fn read(pieces: &[Bytes]) -> Result<(Vec<u8>, usize, bool), Malformed> {
    let (mut body, mut buffer, mut whole) = (Body::chunked(), BytesMut::new(), Vec::new());
    for piece in pieces {
        buffer.extend_from_slice(piece);
        while let Piece::Bytes(bytes) = body.next(&mut buffer)? {
            assert!(!bytes.is_empty());
            whole.extend_from_slice(&bytes);
        }
    }
    Ok((whole, buffer.len(), matches!(body, Body::Over)))
}

#[test]
fn chunks_are_put_together_however_they_are_cut() {
    let wire = "5\r\nhello\r\n00A;name=\"value\"\r\n, chunked!\n1 \r\n\n\r\n0\r\nTrailer: x\r\n\r\nNEXT";
    let whole = (b"hello, chunked!\n".to_vec(), 4, true);
    let wire = wire.replace(", chunked!\n1 ", ", chunked!\r\n1 ");
    for first in 0..=wire.len() {
        for second in first..=wire.len() {
            let pieces = [&wire[..first], &wire[first..second], &wire[second..]];
            let pieces = pieces.map(|piece| Bytes::copy_from_slice(piece.as_bytes()));
            assert_eq!(read(&pieces).expect("chunks"), whole, "cut at {first} and {second}");
        }
    }
    let single: Vec<_> = wire.bytes().map(|byte| Bytes::copy_from_slice(&[byte])).collect();
    assert_eq!(read(&single).expect("chunks"), whole);
}

#[test]
fn chunks_are_not_copied() {
    let mut buffer = BytesMut::from("5\r\nhello\r\n");
    let place = buffer[3..].as_ptr();
    let Ok(Piece::Bytes(bytes)) = Body::chunked().next(&mut buffer) else { panic!("a piece") };
    assert_eq!(bytes.as_ptr(), place);
}

#[test]
fn what_are_no_chunks_is_an_error() {
    let long = "x".repeat(20_000);
    for (wire, why) in [
        ("x\r\n", Malformed::ChunkLength),
        ("\r\n", Malformed::ChunkLength),
        ("-1\r\n", Malformed::ChunkLength),
        ("+1\r\n", Malformed::ChunkLength),
        ("1x\r\n", Malformed::ChunkLength),
        ("10000000000000000\r\n", Malformed::ChunkLength),
        ("00000000000000000000", Malformed::ChunkLength),
        ("1\r\nab", Malformed::ChunkEnd),
        ("1\r\na\rb", Malformed::ChunkEnd),
        (&format!("1;{long}"), Malformed::LongLine),
        (&format!("0\r\n{long}"), Malformed::LongLine),
        (&format!("0\r\n{}", "a: b\r\n".repeat(4_000)), Malformed::LongLine),
    ] {
        assert_eq!(read(&[Bytes::copy_from_slice(wire.as_bytes())]).expect_err(wire), why, "{wire:.20}");
    }
}

#[test]
fn the_largest_length_does_not_overflow() {
    let (whole, rest, is_over) = read(&[Bytes::from_static(b"ffffffffffffffff\r\nabc")]).expect("a chunk");
    assert_eq!((whole.as_slice(), rest, is_over), (&b"abc"[..], 0, false));
}

#[test]
fn whatever_comes_is_the_same_however_it_is_cut() {
    for_seeds(3_000, |random| {
        let mut wire = Vec::new();
        for _ in 0..random.below(6) {
            let text = random.text(&["a", "\r\n", "0", "\u{e9}"], 12);
            if !text.is_empty() {
                wire.extend_from_slice(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes());
            }
        }
        wire.extend_from_slice(b"0\r\n\r\n");
        if random.chance(50) {
            random.damage(&mut wire);
        }
        let whole = read(&[wire.clone().into()]);
        for _ in 0..3 {
            assert_eq!(read(&random.cut(&wire)), whole);
        }
    });
}
