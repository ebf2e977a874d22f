//! The JSON of inspects, lists and whatever else is one document.

#![no_main]

use longshore_fuzz::{checked, engine, response, run, split};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (body, choice) = split(data);
    let docker = engine(response("200 OK\r\nContent-Type: application/json", body), 64 << 10);
    let (web, image) = (docker.container("web"), docker.image("web"));
    // Seeds end with a line break, and are read as each of them.
    let calls = if choice == usize::from(b'\n') { 0..30 } else { choice % 30..choice % 30 + 1 };
    run(async {
        for call in calls {
            match call {
                0 => drop(checked(web.inspect().await)),
                1 => drop(checked(docker.containers().list().await)),
                2 => drop(checked(web.top().await)),
                3 => drop(checked(web.changes().await)),
                4 => drop(checked(web.stats().once().await)),
                5 => drop(checked(docker.containers().prune().await)),
                6 => drop(checked(image.inspect().await)),
                7 => drop(checked(docker.images().list().await)),
                8 => drop(checked(image.history().await)),
                9 => drop(checked(docker.images().search("web").await)),
                10 => drop(checked(docker.images().prune_build_cache().await)),
                11 => drop(checked(docker.networks().list().await)),
                12 => drop(checked(docker.network("web").inspect().await)),
                13 => drop(checked(docker.volumes().list().await)),
                14 => drop(checked(docker.volume("web").inspect().await)),
                15 => drop(checked(docker.info().await)),
                16 => drop(checked(docker.version().await)),
                17 => drop(checked(docker.disk_usage().await)),
                18 => drop(checked(docker.services().list().await)),
                19 => drop(checked(docker.service("web").inspect().await)),
                20 => drop(checked(docker.tasks().list().await)),
                21 => drop(checked(docker.nodes().list().await)),
                22 => drop(checked(docker.secrets().list().await)),
                23 => drop(checked(docker.configs().list().await)),
                24 => drop(checked(docker.plugins().list().await)),
                25 => drop(checked(docker.swarm().inspect().await)),
                26 => drop(checked(docker.exec("web").inspect().await)),
                27 => drop(checked(image.distribution().await)),
                28 => drop(checked(image.attestations().await)),
                _ => drop(checked(image.remove().await)),
            }
        }
    });
});
