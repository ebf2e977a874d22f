//! Exec: `POST /containers/{id}/exec`, `POST /exec/{id}/start`, `POST /exec/{id}/resize`, `GET /exec/{id}/json`

use crate::support::{Engine, Exchange, Response, fixture, on};
use longshore::container::Container;
use longshore::exec::{Exec, ExecInspect};
use longshore::stream::Source;
use longshore::{ErrorKind, Upload};
use serde_json::json;
use std::sync::mpsc::channel;
use tokio::io::AsyncWriteExt;

const RAW: &str = "Content-Type: application/vnd.docker.raw-stream\r\nUpgrade: tcp\r\n";
const ID: &str = "a4f6c637b4531b288a6a29b6f7bad1607a2b61801a036ed2d05cf54f0528375e";

/// A file beside the fixtures' JSON that is no text.
fn recorded_output() -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/docker-20.10.24/exec_output.bin");
    std::fs::read(path).expect("the fixture")
}

fn created(version: u16, body: serde_json::Value) -> Exchange {
    let answer = Response::text(201, &fixture("docker-20.10.24/exec_create.json"));
    on(format!("POST /v1.{version}/containers/web/exec")).with_json(body).respond(answer)
}

fn started(tty: bool, output: impl Into<Vec<u8>>) -> Exchange {
    let exchange = on(format!("POST /v1.42/exec/{ID}/start")).with_header("upgrade", "tcp");
    exchange.with_json(json!({"Detach": false, "Tty": tty})).respond(Response::switching(RAW).then(output).close())
}

fn inspected(body: &serde_json::Value) -> Exchange {
    on(format!("GET /v1.42/exec/{ID}/json")).respond(Response::json(200, body))
}

fn plain() -> serde_json::Value {
    json!({"AttachStdin": false, "AttachStdout": true, "AttachStderr": true, "Tty": false, "Cmd": ["ls"]})
}

fn web(engine: &Engine) -> Container {
    engine.docker(42).container("web")
}

fn exec(engine: &Engine) -> Exec {
    engine.docker(42).exec(ID)
}

#[tokio::test]
async fn every_setter() {
    let body = json!({
        "AttachStdin": true, "AttachStdout": false, "AttachStderr": false, "Tty": true, "ConsoleSize": [24, 80],
        "DetachKeys": "ctrl-a,x", "Env": ["A=b=c", "EMPTY="], "Cmd": ["sh", "-c", "echo $A"], "Privileged": true,
        "User": "1000:1000", "WorkingDir": "/www"
    });
    let started = on(format!("POST /v1.42/exec/{ID}/start"));
    let started = started.with_json(json!({"Detach": true, "Tty": true, "ConsoleSize": [50, 132]}));
    let engine = Engine::unix([
        created(42, body),
        started.respond(Response::status(200)),
        on(format!("POST /v1.42/exec/{ID}/resize?h=30&w=90")).respond(Response::status(200)),
    ]);
    let call = web(&engine).exec(["sh", "-c", "echo $A"]).stdin(true).stdout(false).stderr(false).tty(true);
    let call = call.console_size(24, 80).detach_keys("ctrl-a,x").env("A", "b=c").env("EMPTY", "").privileged(true);
    let exec = call.user("1000:1000").working_dir("/www").await.expect("an exec");
    assert_eq!(exec.id(), ID);
    exec.start().console_size(50, 132).detached().await.expect("started");
    exec.resize(30, 90).await.expect("resized");
}

#[tokio::test]
async fn variables_come_from_maps_texts_files_and_this_process() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "D=4\n").expect("written");
    let body = json!({
        "AttachStdin": false, "AttachStdout": true, "AttachStderr": true, "Tty": false, "Cmd": ["env"],
        "Env": ["A=1", "B=2", "C=3=4", "LONGSHORE_NOT_SET", "D=4"],
    });
    let engine = Engine::unix([created(42, body)]);
    let call = web(&engine).exec(["env"]).envs([("A", "1"), ("B", "2")]).env_text("C=3=4");
    call.env_from_process("LONGSHORE_NOT_SET").env_file(file.path()).await.expect("an exec");
}

#[tokio::test]
async fn inspect_reads_what_the_engine_says() {
    let answers = ["exec_inspect_created", "exec_inspect"].map(|name| fixture(&format!("docker-20.10.24/{name}.json")));
    let request = format!("GET /v1.41/exec/{ID}/json");
    let engine = Engine::unix(answers.iter().map(|body| on(&request).respond(Response::text(200, body))));
    let exec = engine.docker(41).exec(ID);
    let made = exec.inspect().await.expect("an exec");
    assert_eq!((made.exit_code, made.running, made.pid), (None, false, 0));
    let ended = exec.inspect().await.expect("an exec");
    assert_eq!((ended.exit_code, ended.running, ended.pid), (Some(3), false, 584));
    assert_eq!((ended.id.as_str(), &ended.container_id[..12]), (ID, "7488a1b8488b"));
    assert_eq!(ended.process_config.arguments, ["-c", "echo out; echo err >&2; exit 3"]);
    assert_eq!((ended.process_config.entrypoint.as_str(), ended.process_config.user.as_str()), ("sh", "root"));
    assert_eq!((ended.open_stdin, ended.open_stdout, ended.detach_keys.as_deref()), (false, true, Some("AXg=")));
    for body in answers {
        let decoded: ExecInspect = serde_json::from_str(&body).expect("a fixture");
        let encoded = serde_json::to_string(&decoded).expect("JSON");
        assert_eq!(serde_json::from_str::<ExecInspect>(&encoded).expect("again"), decoded);
    }
}

// behaviour 36
#[tokio::test]
async fn input_and_output_go_over_one_connection() {
    let (test, input) = channel();
    let body = json!({"AttachStdin": true, "AttachStdout": true, "AttachStderr": true, "Tty": false, "Cmd": ["sort"]});
    let answer = Response::switching(RAW).receive_all(test).then(recorded_output()).close();
    let started = on(format!("POST /v1.42/exec/{ID}/start")).with_json(json!({"Detach": false, "Tty": false}));
    let engine = Engine::unix([created(42, body), started.respond(answer)]);
    let sort = web(&engine).exec(["sort"]).stdin(true).await.expect("an exec");
    let mut attached = sort.start().await.expect("started");
    attached.write_all(b"b\na\n").await.expect("written");
    attached.shutdown().await.expect("half-closed");
    let mut output = Vec::new();
    while let Some(chunk) = attached.next().await {
        let chunk = chunk.expect("output");
        output.push((chunk.source, chunk.to_string()));
    }
    assert_eq!(output, [(Source::Stderr, "err\n".to_owned()), (Source::Stdout, "out\n".to_owned())]);
    assert_eq!(input.recv().expect("the input"), b"b\na\n");
}

#[tokio::test]
async fn the_framing_is_that_of_what_was_asked_for() {
    // Before API 1.42, and from Podman, the answer's type says nothing.
    let terminal =
        json!({"AttachStdin": false, "AttachStdout": true, "AttachStderr": true, "Tty": true, "Cmd": ["ls"]});
    let engine = Engine::unix([
        created(42, terminal),
        started(true, recorded_output()),
        inspected(&json!({"ProcessConfig": {"tty": true}})), // of one that was made elsewhere
        started(true, "console"),
        inspected(&json!({"ProcessConfig": {"tty": false}})),
        started(false, recorded_output()),
    ]);
    let mine = web(&engine).exec(["ls"]).tty(true).await.expect("an exec");
    for (exec, source) in [(mine, Source::Console), (exec(&engine), Source::Console), (exec(&engine), Source::Stderr)] {
        let mut attached = exec.start().await.expect("started");
        assert_eq!(attached.next().await.expect("output").expect("output").source, source);
    }
}

/// Engines close the output with the stdin of a terminal.
#[tokio::test]
async fn output_does_not_close_the_stdin_of_a_terminal() {
    let engine = Engine::unix([]);
    let error = web(&engine).exec(["sh"]).tty(true).stdin(true).output().await.expect_err("it would be cut off");
    assert!(error.is_invalid() && error.to_string().contains("leave out stdin(true), or use start()"), "{error}");
}

#[tokio::test]
async fn output_is_all_of_it_and_the_exit_code_once_it_is_known() {
    let running = json!({"Running": true, "ExitCode": null});
    let engine = Engine::unix([
        created(42, plain()),
        started(false, recorded_output()),
        inspected(&running), // right after the end of its output
        inspected(&json!({"Running": false, "ExitCode": null})),
        inspected(&running),
        inspected(&json!({"Running": false, "ExitCode": 3})),
    ]);
    let output = web(&engine).exec(["ls"]).output().await.expect("its end");
    assert_eq!((output.status.code, output.status.success()), (3, false));
    assert_eq!((output.stdout_text().as_str(), output.stderr_text().as_str()), ("out\n", "err\n"));
}

/// The input is longer than what the connection holds, and so is the output: both move at once.
#[tokio::test]
async fn input_is_written_while_output_is_read() {
    let body = json!({"AttachStdin": true, "AttachStdout": true, "AttachStderr": true, "Tty": false, "Cmd": ["cat"]});
    let frame = |text: &[u8]| [&[1, 0, 0, 0], &u32::try_from(text.len()).expect("short").to_be_bytes(), text].concat();
    let data = vec![b'x'; 3 << 20];
    let (test, received) = channel();
    let answer = Response::switching(RAW).then(frame(&data)).receive_all(test).then(frame(b"end")).close();
    let start = || on(format!("POST /v1.42/exec/{ID}/start")).with_json(json!({"Detach": false, "Tty": false}));
    let engine = Engine::unix([
        created(42, body.clone()),
        start().respond(answer),
        inspected(&json!({"Running": false, "ExitCode": 0})),
        created(42, body), // one that reads none of it
        start().respond(Response::switching(RAW).then(frame(b"end")).close()),
        inspected(&json!({"Running": false, "ExitCode": 1})),
    ]);
    let cat = web(&engine).exec(["cat"]);
    let output = cat.clone().output_with_input(data.clone()).await.expect("its end");
    assert!(output.status.success());
    assert_eq!((output.stdout.len(), &output.stdout[data.len()..]), (data.len() + 3, &b"end"[..]));
    assert_eq!(received.recv().expect("the input"), data);
    let output = cat.clone().output_with_input(data).await.expect("its end");
    assert_eq!((output.status.code, output.stdout_text().as_str()), (1, "end"));
}

#[tokio::test]
async fn input_that_cannot_be_read_is_an_error() {
    let body = json!({"AttachStdin": true, "AttachStdout": true, "AttachStderr": true, "Tty": false, "Cmd": ["cat"]});
    let (test, _received) = channel();
    let answer = Response::switching(RAW).receive_all(test).close();
    let start = on(format!("POST /v1.42/exec/{ID}/start")).with_json(json!({"Detach": false, "Tty": false}));
    let start = start.respond(answer);
    let engine = Engine::unix([created(42, body), start]);
    let cat = web(&engine).exec(["cat"]);
    let error = cat.clone().output_with_input(Upload::file("/nowhere/dump")).await.expect_err("no file");
    assert!(error.kind() == ErrorKind::Upload && error.message().contains("/nowhere/dump"), "{error}");
    let error = cat.clone().output_with_input(Upload::from(vec![0]).length(2)).await.expect_err("too short");
    assert!(error.is_invalid(), "{error}");
    let short = Upload::reader(&b"data"[..]).length(5);
    let error = cat.output_with_input(short).await.expect_err("too short");
    assert!(error.kind() == ErrorKind::Upload && error.message().contains("shorter"), "{error}");
}

// behaviours 37 and 38
#[tokio::test]
async fn errors_of_making_and_starting() {
    let start = format!("POST /v1.42/exec/{ID}/start");
    let detached = |answer| on(&start).with_json(json!({"Detach": true, "Tty": false})).respond(answer);
    let engine = Engine::unix([
        created(42, plain()).respond(Response::error(409, "Container 282c is not running")),
        created(42, plain()).respond(Response::error(404, "No such container: web")),
        created(42, plain()),
        detached(Response::error(400, "exec: \"ls\": executable file not found in $PATH: unknown")),
        detached(Response::error(409, "Error: Exec command a4f6 has already run")),
        started(false, "").respond(Response::error(404, "No such exec instance: a4f6")),
        inspected(&json!(null)).respond(Response::error(404, "No such exec instance: a4f6")),
    ]);
    let web = web(&engine);
    assert!(web.exec(["ls"]).await.expect_err("not running").is_conflict());
    assert!(web.exec(["ls"]).await.expect_err("not there").is_not_found());
    let exec = web.exec(["ls"]).await.expect("an exec");
    assert!(exec.start().detached().await.expect_err("no program").is_invalid());
    assert!(exec.start().detached().await.expect_err("a second time").is_conflict());
    let error = exec.start().await.expect_err("gone");
    assert_eq!(error.to_string(), format!("POST /exec/{ID}/start: No such exec instance: a4f6 (404 Not Found)"));
    assert!(exec.wait().await.expect_err("gone").is_not_found());
}

// behaviour 39
#[tokio::test]
async fn errors_of_resizing() {
    let engine = Engine::unix([
        on(format!("POST /v1.42/exec/{ID}/resize?h=1&w=4294967295")).respond(Response::error(404, "no such exec")),
        on("POST /v1.42/containers/web/resize?h=24&w=80").respond(Response::status(200)),
        on("POST /v1.42/containers/web/resize?h=0&w=0").respond(Response::error(409, "Container 282c is not running")),
    ]);
    assert!(exec(&engine).resize(1, u32::MAX).await.expect_err("gone").is_not_found());
    web(&engine).resize(24, 80).await.expect("resized");
    assert!(web(&engine).resize(0, 0).await.expect_err("not running").is_conflict());
}

#[tokio::test]
async fn what_is_wrong_is_said_before_anything_is_sent() {
    let engine = Engine::unix([inspected(&json!({"ProcessConfig": {"tty": false}}))]);
    let web = web(&engine);
    for (call, words) in [
        (web.exec(Vec::<String>::new()), "an exec needs a command"), // behaviour 37
        (web.exec(["ls"]).env("", "x"), "an environment variable has no name"),
        (web.exec(["ls"]).env_text("=x"), "invalid variable name \"\""),
        (web.exec(["ls"]).env_file("/nowhere/env"), "cannot read the env file /nowhere/env"),
        (web.exec(["ls"]).console_size(24, 80), "set tty(true)"),
        (engine.docker(42).container("").exec(["ls"]), "invalid container name or ID"),
    ] {
        let error = call.await.expect_err(words);
        assert_eq!(error.kind(), ErrorKind::Input);
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(engine.docker(42).exec(" ").inspect().await.expect_err("no id").is_invalid());
    assert!(exec(&engine).start().console_size(24, 80).await.expect_err("no terminal").is_invalid());
}

// behaviour 40
#[tokio::test]
async fn a_console_size_needs_a_newer_api() {
    let engine =
        Engine::unix([on(format!("GET /v1.41/exec/{ID}/json"))
            .respond(Response::json(200, json!({"ProcessConfig": {"tty": true}})))]);
    let docker = engine.docker(41);
    let sized = docker.container("web").exec(["ls"]).tty(true).console_size(24, 80);
    for error in
        [sized.await.expect_err("too old"), docker.exec(ID).start().console_size(24, 80).await.expect_err("too old")]
    {
        assert!(error.is_version(), "{error}");
        assert!(
            error
                .to_string()
                .contains("ConsoleSize of an exec requires API 1.42 or later, and this engine speaks API 1.41"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn debug_shows_no_values() {
    let engine = Engine::unix([]);
    let call = web(&engine).exec(["ls"]).env("TOKEN", "t0ps3cret");
    assert_eq!(format!("{call:?}"), "Create(POST /containers/web/exec)");
}
