//! BuildKit's own progress, within the records of a build.

#![no_main]

use base64::Engine as _;
use longshore::image::BuildContext;
use longshore::system::BuilderVersion;
use longshore_fuzz::{calling, checked, response, run};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let aux = base64::engine::general_purpose::STANDARD.encode(data);
    let record = format!("{{\"id\":\"moby.buildkit.trace\",\"aux\":\"{aux}\"}}\n");
    let end = "{\"error\":\"failed\"}";
    let docker = calling(response("200 OK", [&record, &record, end].concat().as_bytes()), "/", b"");
    run(async {
        let context = BuildContext::remote("https://example.com/web.git");
        checked(docker.images().build(context).builder(BuilderVersion::BuildKit).await);
    });
});
