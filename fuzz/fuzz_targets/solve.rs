//! What BuildKit's own service says of a build.

#![no_main]

use longshore::image::{BuildContext, BuildOutput};
use longshore::system::BuilderVersion;
use longshore_fuzz::{calling, checked, messages, run, split};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (data, choice) = split(data);
    let docker = calling(if choice & 1 == 0 { messages(data) } else { data.to_vec() }, "/", b"");
    run(async {
        let context = BuildContext::remote("https://example.com/web.git");
        let build = docker.images().build(context).builder(BuilderVersion::BuildKit).output(BuildOutput::nothing());
        checked(build.await);
    });
});
