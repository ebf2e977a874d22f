//! Frames at every split point, hostile ones, and both ways of a connection.

use super::frames::{Event, Frames, Problem};
use super::{LARGEST_FRAME, WebSocket};
use crate::random::for_seeds;
use bytes::Bytes;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, duplex};

/// A frame of the server.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = payload.len();
    let header = match length {
        0..126 => vec![first, u8::try_from(length).expect("short")],
        126..65536 => [&[first, 126], u16::try_from(length).expect("short").to_be_bytes().as_slice()].concat(),
        _ => [&[first, 127], (length as u64).to_be_bytes().as_slice()].concat(),
    };
    [&header, payload].concat()
}

/// The output, the pings and the end.
fn take_apart(pieces: &[&[u8]]) -> Result<(Vec<u8>, Vec<Bytes>, bool), Problem> {
    let mut frames = Frames::default();
    let (mut output, mut pings, mut closed) = (Vec::new(), Vec::new(), false);
    for piece in pieces {
        let mut piece = Bytes::copy_from_slice(piece);
        while let Some(event) = frames.next(&mut piece)? {
            match event {
                Event::Output(bytes) => {
                    assert!(!bytes.is_empty());
                    output.extend_from_slice(&bytes);
                }
                Event::Ping(bytes) => pings.push(bytes),
                Event::Close(reason) => {
                    closed = true;
                    reason?;
                }
            }
        }
        assert!(piece.is_empty(), "all of a piece is taken");
    }
    frames.end().map(|()| (output, pings, closed))
}

#[test]
fn takes_frames_apart_at_every_split_point() {
    let long = vec![b'x'; 130];
    let wire = [
        frame(0x81, b"text"),
        frame(0x02, b"frag"),
        frame(0x89, b"ping"),
        frame(0x00, b""),
        frame(0x8a, b"pong"),
        frame(0x80, b"ment"),
        frame(0x82, &long),
        frame(0x89, b""),
        frame(0x88, &[0x03, 0xe8]),
    ]
    .concat();
    let whole = ([b"textfragment".as_slice(), &long].concat(), vec![Bytes::from("ping"), Bytes::new()], true);
    for first in 0..=wire.len() {
        for second in first..=wire.len() {
            let pieces = [&wire[..first], &wire[first..second], &wire[second..]];
            assert_eq!(take_apart(&pieces), Ok(whole.clone()), "cut at {first} and {second}");
        }
    }
    let single: Vec<&[u8]> = wire.chunks(1).collect();
    assert_eq!(take_apart(&single), Ok(whole));
}

#[test]
fn payloads_are_not_copied_and_lengths_allocate_nothing() {
    let mut piece =
        Bytes::from([&[0x82, 127], 0x7fff_ffff_ffff_ffff_u64.to_be_bytes().as_slice(), b"payload"].concat());
    let place = piece[10..].as_ptr();
    let Ok(Some(Event::Output(output))) = Frames::default().next(&mut piece) else { panic!("no output") };
    assert_eq!((output.as_ptr(), output.as_ref()), (place, b"payload".as_slice()));
}

#[test]
fn what_is_malformed_or_breaks_off_is_an_error() {
    for wire in [
        vec![0xc2, 0],                             // an extension's bit
        vec![0x82, 0x80, 0, 0, 0, 0],              // masked
        vec![0x83, 0],                             // an unknown kind
        vec![0x8b, 0],                             // an unknown kind about the connection
        vec![0x80, 0],                             // goes on with nothing
        vec![0x02, 0, 0x82, 0],                    // begins within another
        vec![0x09, 0],                             // a fragmented ping
        frame(0x89, &[0; 126]),                    // a long ping
        vec![0x82, 127, 255, 0, 0, 0, 0, 0, 0, 0], // 2^63 and more
        frame(0x88, &[3]),                         // half a status
    ] {
        let result = take_apart(&[&wire]);
        assert!(matches!(result, Err(Problem::Malformed(_))), "{wire:?}: {result:?}");
    }
    let wire = [frame(0x02, b"abc"), frame(0x80, &[0; 200])].concat();
    for end in 1..wire.len() {
        assert_eq!(take_apart(&[&wire[..end]]), Err(Problem::BrokenOff), "cut at {end}");
    }
    let reason = [&1011_u16.to_be_bytes(), b"oops".as_slice()].concat();
    let closed = Problem::Closed("the engine closed it with status 1011 oops".to_owned());
    assert_eq!(take_apart(&[&frame(0x88, &reason)]), Err(closed));
}

/// A frame of the client as the server reads it: its first byte and its payload.
async fn received(server: &mut (impl AsyncRead + Unpin)) -> io::Result<(u8, Vec<u8>)> {
    let (first, second) = (server.read_u8().await?, server.read_u8().await?);
    assert_eq!(second & 0x80, 0x80, "frames of clients are masked");
    let length = match second & 0x7f {
        126 => u64::from(server.read_u16().await?),
        127 => server.read_u64().await?,
        short => u64::from(short),
    };
    let mut mask = [0; 4];
    server.read_exact(&mut mask).await?;
    let mut payload = vec![0; usize::try_from(length).expect("short")];
    server.read_exact(&mut payload).await?;
    payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
    Ok((first, payload))
}

fn run<F: Future>(test: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let bounded = async { tokio::time::timeout(std::time::Duration::from_secs(20), test).await.expect("it hangs") };
    runtime.block_on(bounded)
}

#[test]
fn input_goes_out_in_masked_frames_of_any_length() {
    run(async {
        let (client, mut server) = duplex(1 << 20);
        let mut socket = WebSocket::new(client);
        for length in [1, 125, 126, 200, LARGEST_FRAME] {
            let payload: Vec<u8> = (0..length).map(|i| u8::try_from(i % 251).expect("small")).collect();
            socket.write_all(&payload).await.expect("written");
            assert_eq!(received(&mut server).await.expect("a frame"), (0x82, payload));
        }
        socket.write_all(&vec![7; LARGEST_FRAME + 3]).await.expect("written");
        assert_eq!(received(&mut server).await.expect("a frame").1.len(), LARGEST_FRAME);
        assert_eq!(received(&mut server).await.expect("a frame").1, [7; 3]);
        assert_eq!(socket.write(b"").await.expect("nothing"), 0);
        socket.shutdown().await.expect("shut down");
        assert_eq!(received(&mut server).await.expect("a frame"), (0x88, vec![0x03, 0xe8]));
        assert!(socket.write(b"more").await.is_err());
        // The input is over, the output is not.
        server.write_all(&frame(0x82, b"last")).await.expect("sent");
        drop(server);
        let mut output = String::new();
        socket.read_to_string(&mut output).await.expect("the output");
        assert_eq!(output, "last");
    });
}

#[test]
fn pings_and_the_close_are_answered_while_reading() {
    run(async {
        let (client, mut server) = duplex(1 << 10);
        let mut socket = WebSocket::new(client);
        let wire = [frame(0x89, b"p1"), frame(0x82, b"out"), frame(0x88, &[])].concat();
        server.write_all(&wire).await.expect("sent");
        let mut output = Vec::new();
        socket.read_to_end(&mut output).await.expect("the output");
        assert_eq!(output, b"out");
        assert_eq!(received(&mut server).await.expect("a frame"), (0x88, vec![0x03, 0xe8]));
    });
    run(async {
        let (client, mut server) = duplex(1 << 10);
        let mut socket = WebSocket::new(client);
        server.write_all(&frame(0x89, b"p1")).await.expect("sent");
        let reading = tokio::spawn(async move {
            let mut output = Vec::new();
            socket.read_to_end(&mut output).await.map(|_| output)
        });
        assert_eq!(received(&mut server).await.expect("a frame"), (0x8a, b"p1".to_vec()));
        drop(server);
        assert_eq!(reading.await.expect("a task").expect("the end"), b"");
    });
}

#[test]
fn both_ways_go_on_though_neither_side_has_room() {
    run(async {
        // So small that each side has to wait for the other all the time.
        let (client, server) = duplex(16);
        let (mut output, mut input) = tokio::io::split(WebSocket::new(client));
        let sent: Vec<u8> = (0..100_000_u32).map(|i| u8::try_from(i % 256).expect("small")).collect();
        let expected = sent.clone();
        let (over, is_over) = tokio::sync::oneshot::channel();
        let writing = tokio::spawn(async move {
            input.write_all(&sent).await.expect("written");
            input.shutdown().await.expect("shut down");
        });
        let (mut from_client, mut to_client) = tokio::io::split(server);
        let sending = tokio::spawn(async move {
            for i in 0..2_000_u16 {
                to_client.write_all(&frame(0x89, &i.to_be_bytes())).await.expect("sent");
                to_client.write_all(&frame(0x82, b"0123456789")).await.expect("sent");
            }
            is_over.await.expect("the end of the input");
            to_client.write_all(&frame(0x88, &[])).await.expect("sent");
        });
        let reading = tokio::spawn(async move {
            let mut all = Vec::new();
            output.read_to_end(&mut all).await.map(|_| all.len())
        });
        let (mut whole, mut pongs) = (Vec::new(), 0);
        loop {
            match received(&mut from_client).await.expect("a frame") {
                (0x82, payload) => whole.extend(payload),
                (0x8a, _) => pongs += 1,
                (first, _) => break assert_eq!(first, 0x88),
            }
        }
        assert_eq!(whole, expected);
        assert!(pongs > 0);
        writing.await.expect("a task");
        over.send(()).expect("it listens");
        sending.await.expect("a task");
        assert_eq!(reading.await.expect("a task").expect("the output"), 20_000);
    });
}

/// What the peer sent until it closed or went wrong, pieces of output put together.
fn read(pieces: &[Bytes]) -> (Vec<Event>, Result<(), Problem>) {
    let (mut frames, mut events) = (Frames::default(), Vec::new());
    for mut piece in pieces.iter().cloned() {
        loop {
            match (frames.next(&mut piece), events.last_mut()) {
                (Err(problem), _) => return (events, Err(problem)),
                (Ok(None), _) => break,
                (Ok(Some(Event::Output(new))), _) if new.is_empty() => panic!("there is nothing in it"),
                (Ok(Some(Event::Output(new))), Some(Event::Output(before))) => {
                    *before = [&before[..], &new].concat().into();
                }
                (Ok(Some(Event::Close(reason))), _) => return (events, reason),
                (Ok(Some(event)), _) => events.push(event),
            }
        }
        assert!(piece.is_empty());
    }
    let end = frames.end();
    (events, end)
}

#[test]
fn whatever_comes_is_the_same_however_it_is_cut() {
    for_seeds(3_000, |random| {
        let mut wire = Vec::new();
        for _ in 0..random.below(8) {
            let is_long = random.chance(10);
            let payload = random.bytes(if is_long { 300 } else { 20 });
            wire.extend(frame(random.pick(&[0x82, 0x82, 0x81, 0x02, 0x00, 0x80, 0x89, 0x8a, 0x88]), &payload));
        }
        if random.chance(50) {
            random.damage(&mut wire);
        }
        let whole = read(&[wire.clone().into()]);
        for _ in 0..3 {
            assert_eq!(read(&random.cut(&wire)), whole);
        }
    });
}
