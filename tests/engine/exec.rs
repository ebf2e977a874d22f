//! Exec on a real engine.

use crate::support::real::{Real, until};
use longshore::Version;
use longshore::exec::Exec;
use longshore::stream::{Attached, Source};
use tokio::io::AsyncWriteExt;

async fn newest(real: &Real) -> Version {
    real.api_version().await
}

// behaviour 37
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn output_and_exit_code() {
    let real = Real::with_image().await;
    let web = real.run("sleep 60").await;
    for code in [0, 3, 255] {
        let line = format!("echo out; echo err >&2; exit {code}");
        let output = web.exec(["sh", "-c", &line]).output().await.expect("its end");
        assert_eq!(output.status.code, code);
        assert_eq!((output.stdout_text().as_str(), output.stderr_text().as_str()), ("out\n", "err\n"));
    }
    let call = web.exec(["sh", "-c", "pwd; echo $A; id -u; cat; cat /proc/self/status | grep CapEff"]);
    let call = call.working_dir("/www").env("A", "b=c d").user("12345").stdin(true);
    let output = call.output().await.expect("its end");
    let text = output.stdout_text();
    assert!(text.starts_with("/www\nb=c d\n12345\n"), "{text}");
    let root = web.exec(["grep", "CapEff", "/proc/self/status"]);
    let (plain, all) =
        (root.clone().output().await.expect("its end"), root.privileged(true).output().await.expect("end"));
    assert_ne!(plain.stdout, all.stdout, "with all capabilities");
    let big = web.exec(["head", "-c", "3000000", "/dev/zero"]).output().await.expect("its end");
    assert_eq!(big.stdout.len(), 3_000_000);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn input_and_output_of_any_length() {
    let real = Real::with_image().await;
    let web = real.run("sleep 60").await;
    let data: Vec<u8> = (0..3_000_000_u32).map(|number| (number % 251).to_le_bytes()[0]).collect();
    let copied = web.exec(["cat"]).output_with_input(data.clone()).await.expect("its end");
    assert!(copied.status.success() && copied.stdout == data, "{} bytes", copied.stdout.len());
    let first = web.exec(["head", "-c", "3"]).output_with_input(data.clone()).await.expect("its end");
    assert_eq!((first.status.code, &first.stdout[..]), (0, &data[..3]), "it does not read all of it");
}

// behaviour 36
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn closing_the_input_lets_the_process_end() {
    let real = Real::with_image().await;
    let web = real.run("sleep 60").await;
    for by_drop in [false, true] {
        let exec = web.exec(["sh", "-c", "cat && echo done"]).stdin(true).await.expect("an exec");
        let (mut input, mut output) = exec.start().await.expect("started").split();
        input.write_all(b"input\n").await.expect("written");
        assert_eq!(output.next().await.expect("output").expect("output").to_string(), "input\n");
        assert!(exec.inspect().await.expect("inspected").running);
        if by_drop {
            drop(input);
        } else {
            input.shutdown().await.expect("shut down");
        }
        assert_eq!(output.next().await.expect("output").expect("output").to_string(), "done\n");
        assert!(output.next().await.is_none());
        assert!(exec.wait().await.expect("its end").success());
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn inspect_tells_what_was_asked_for() {
    let real = Real::with_image().await;
    let web = real.run("sleep 60").await;
    let call = web.exec(["sh", "-c", "exit 7"]).user("root").tty(true).detach_keys("ctrl-a,x").stderr(false);
    let exec = call.await.expect("an exec");
    let made = exec.inspect().await.expect("inspected");
    assert_eq!((made.id.as_str(), made.container_id.as_str()), (exec.id(), web.id()));
    assert_eq!((made.running, made.exit_code), (false, None));
    assert_eq!((made.open_stdin, made.open_stdout, made.open_stderr), (false, true, false));
    assert_eq!(made.detach_keys.as_deref(), Some("AXg="));
    let config = made.process_config;
    assert_eq!((config.entrypoint.as_str(), config.tty, config.user.as_str()), ("sh", true, "root"));
    assert_eq!(config.arguments, ["-c", "exit 7"]);
    // By its id alone: whether there is a terminal, the engine is asked.
    let same = real.docker.exec(exec.id());
    let mut attached = same.start().await.expect("started");
    while attached.next().await.is_some() {}
    assert_eq!(same.wait().await.expect("its end").code, 7);
}

// behaviours 37 and 38
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn errors_of_making_and_starting() {
    let real = Real::with_image().await;
    let never = real.create(crate::support::real::shell("sleep 60")).await;
    assert!(never.exec(["ls"]).await.expect_err("it does not run").is_conflict());
    let nowhere = real.docker.container(real.name());
    assert!(nowhere.exec(["ls"]).await.expect_err("no container").is_not_found());
    let nothing = real.docker.exec("0123456789ab");
    assert!(nothing.start().await.expect_err("no exec").is_not_found());
    assert!(nothing.inspect().await.expect_err("no exec").is_not_found());

    let web = real.run("sleep 60").await;
    let exec = web.exec(["true"]).await.expect("an exec");
    exec.start().detached().await.expect("started");
    assert!(exec.wait().await.expect("its end").success());
    assert!(exec.start().detached().await.expect_err("a second time").is_conflict());
    let mut again = exec.start().await.expect("it is told in the output");
    let again = again.next().await.expect("output");
    assert!(again.expect("output").to_string().contains("has already run"));

    let missing = web.exec(["no-such-program"]).await.expect("an exec");
    assert!(missing.start().detached().await.expect_err("no such program").is_invalid());
    let output = web.exec(["no-such-program"]).output().await.expect("it is told in its output");
    assert!([126, 127].contains(&output.status.code), "{}", output.status);
    assert!(output.stdout_text().contains("executable file not found"), "{}", output.stdout_text());
    until("the exec is forgotten", || async { web.inspect().await.expect("inspected").exec_ids.is_empty() }).await;

    let late = web.exec(["true"]).await.expect("an exec");
    web.kill().await.expect("killed");
    web.wait().await.expect("its end");
    let error = late.start().await.expect_err("its container has ended");
    assert!(error.status().is_some(), "404, or 500 of Docker 20.10: {error}");
}

// behaviours 39 and 40
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_terminal_has_the_size_that_it_is_given() {
    let real = Real::with_image().await;
    let web = real.run("sleep 60").await;
    let exec = web.exec(["sh", "-c", "read x; stty size"]).tty(true).stdin(true).await.expect("an exec");
    let mut attached = exec.start().await.expect("started");
    exec.resize(33, 99).await.expect("resized");
    attached.write_all(b"\n").await.expect("written");
    assert_eq!(console(&mut attached).await, "\r\n33 99\r\n");
    assert!(real.docker.exec("0123456789ab").resize(1, 1).await.expect_err("no exec").is_not_found());
    exec.wait().await.expect("its end");
    exec.resize(1, 1).await.expect_err("it has ended");

    let sized = web.exec(["stty", "size"]).tty(true).console_size(34, 98).await;
    if newest(&real).await < Version::new(1, 42) {
        assert!(sized.expect_err("too old").is_version());
        return;
    }
    let mut attached = sized.expect("an exec").start().await.expect("started");
    assert_eq!(console(&mut attached).await, "34 98\r\n");
    let exec: Exec = web.exec(["stty", "size"]).tty(true).await.expect("an exec");
    let mut attached = exec.start().console_size(35, 97).await.expect("started");
    assert_eq!(console(&mut attached).await, "35 97\r\n");
}

/// All that a terminal shows.
async fn console(attached: &mut Attached) -> String {
    let mut text = String::new();
    while let Some(chunk) = attached.next().await {
        let chunk = chunk.expect("output");
        assert_eq!(chunk.source, Source::Console);
        text.push_str(&chunk.to_string());
    }
    text
}
