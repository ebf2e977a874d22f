//! The output of processes: multiplexed frames or a terminal's bytes, as chunks or lines, with timestamps or without.

#![no_main]

use longshore_fuzz::{checked, engine, response, run, split};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (body, choice) = split(data);
    let kind = if choice & 1 == 0 { "multiplexed" } else { "raw" };
    let head = format!("200 OK\r\nContent-Type: application/vnd.docker.{kind}-stream");
    let docker = engine(response(&head, body), if choice & 2 == 0 { 64 << 10 } else { 16 });
    run(async {
        let mut length = 0;
        let Some(mut logs) = checked(docker.container("web").logs().timestamps(choice & 4 != 0).await) else { return };
        if choice & 8 == 0 {
            while let Some(chunk) = logs.next().await {
                length += checked(chunk).map_or(0, |chunk| chunk.bytes.len());
            }
        } else {
            let mut lines = logs.lines();
            while let Some(line) = lines.next().await {
                length += checked(line).map_or(0, |line| line.text.chars().count());
            }
        }
        assert!(length <= body.len());
    });
});
