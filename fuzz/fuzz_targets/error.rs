//! The body of an error: the engine's JSON, a proxy's page, or anything.

#![no_main]

use longshore_fuzz::{engine, response, run, split};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (body, choice) = split(data);
    let status = 400 + choice % 200;
    let kind = ["application/json", "text/html", "text/plain; charset=utf-8"][choice % 3];
    let docker = engine(response(&format!("{status} Wrong\r\nContent-Type: {kind}"), body), 1 << 10);
    run(async {
        let error = docker.containers().list().await.expect_err("a status that is an error");
        longshore_fuzz::checked::<()>(Err(error));
    });
});
