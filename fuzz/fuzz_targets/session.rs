//! What an engine asks of the session of a build: the messages of each call.

#![no_main]

use longshore::Credentials;
use longshore::image::{BuildContext, BuildOutput, BuildSecret};
use longshore::system::BuilderVersion;
use longshore_fuzz::{calling, checked, messages, response, run, split};

const CALLS: [&str; 8] = [
    "/grpc.health.v1.Health/Check",
    "/moby.filesync.v1.Auth/Credentials",
    "/moby.buildkit.secrets.v1.Secrets/GetSecret",
    "/moby.sshforward.v1.SSH/CheckAgent",
    "/moby.filesync.v1.FileSync/DiffCopy",
    "/moby.filesync.v1.FileSend/DiffCopy",
    "/moby.upload.v1.Upload/Pull",
    "/containerd.services.content.v1.Content/Info",
];

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (data, choice) = split(data);
    let body = if choice & 8 == 0 { messages(data) } else { data.to_vec() };
    let folder = tempfile::tempdir().expect("a folder");
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    std::fs::create_dir_all(from.join("a")).expect("a folder");
    std::fs::write(from.join("Dockerfile"), "FROM scratch").expect("a file");
    let docker = calling(response("200 OK", b"{\"error\":\"failed\"}"), CALLS[choice % CALLS.len()], &body);
    run(async {
        let build = docker.images().build(BuildContext::folder(&from)).builder(BuilderVersion::BuildKit);
        let build =
            build.secret(BuildSecret::value("token", "hunter2")).credentials("r", Credentials::password("u", "p"));
        checked(build.output(BuildOutput::folder(&to)).await);
    });
    assert!(std::fs::read_dir(&folder).expect("a folder").count() <= 2);
});
