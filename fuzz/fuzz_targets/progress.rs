//! The records of pulls, pushes, builds, loads and imports: where each ends, and what it says.

#![no_main]

use longshore::Credentials;
use longshore_fuzz::{checked, engine, response, run, split};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (body, choice) = split(data);
    let piece = if choice & 1 == 0 { 64 << 10 } else { 16 };
    let docker = engine(response("200 OK\r\nContent-Type: application/json", body), piece);
    let images = docker.images();
    run(async {
        match choice >> 1 & 7 {
            0 => drop(checked(images.pull("web").await)),
            1 => drop(checked(docker.image("web").push().credentials(Credentials::password("u", "p")).await)),
            2 => drop(checked(images.build(vec![0; 1024]).await)),
            3 => drop(checked(images.load(vec![0; 1024]).await)),
            4 => drop(checked(images.import(vec![0; 1024]).await)),
            _ => {
                let Some(mut steps) = checked(images.pull("web").stream().await) else { return };
                while let Some(step) = steps.next().await {
                    checked(step);
                }
            }
        }
    });
});
