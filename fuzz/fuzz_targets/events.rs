//! Events, and statistics that go on.

#![no_main]

use longshore_fuzz::{checked, engine, response, run, split};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (body, choice) = split(data);
    let piece = if choice & 1 == 0 { 64 << 10 } else { 16 };
    let docker = engine(response("200 OK\r\nContent-Type: application/json", body), piece);
    run(async {
        if choice & 2 == 0 {
            let Some(mut events) = checked(docker.events().await) else { return };
            while let Some(event) = events.next().await {
                checked(event).map(|event| event.time());
            }
        } else {
            let Some(mut stats) = checked(docker.container("web").stats().await) else { return };
            while let Some(stats) = stats.next().await {
                checked(stats);
            }
        }
    });
});
