//! Everything that an engine sends: status line, headers, framing and body.

#![no_main]

use longshore_fuzz::{checked, engine, negotiating, run, split};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (response, choice) = split(data);
    let docker = if choice & 1 == 0 { engine(response, 64 << 10) } else { negotiating(response, 16) };
    run(async {
        let web = docker.container("web");
        match choice >> 1 & 7 {
            0 => drop(checked(docker.ping().await)),
            1 => drop(checked(docker.version().await)),
            2 => drop(checked(web.stat_path("/etc/hosts").await)),
            3 => drop(checked(web.wait().await)),
            4 => drop(checked(web.stop().await)),
            5 => {
                let Some(mut attached) = checked(web.attach().await) else { return };
                while let Some(chunk) = attached.next().await {
                    checked(chunk);
                }
            }
            _ => {
                let Some(response) = checked(docker.raw("GET", ["containers", "json"]).await) else { return };
                checked(response.bytes().await);
            }
        }
    });
});
