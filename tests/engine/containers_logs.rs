//! Logs of containers on a real engine.

use crate::support::real::{Real, shell};
use longshore::container::{Container, LogConfig, Logs};
use longshore::stream::Source;
use longshore::{Limits, Timestamp};
use std::time::Duration;

/// All of the output, by its source: neighbours of one source are put together.
async fn read(logs: Logs) -> Vec<(Source, String)> {
    let mut logs = logs.await.expect("logs");
    let mut output: Vec<(Source, String)> = Vec::new();
    while let Some(chunk) = logs.next().await {
        let chunk = chunk.expect("output");
        match output.last_mut() {
            Some((source, text)) if *source == chunk.source => text.push_str(&chunk.to_string()),
            _ => output.push((chunk.source, chunk.to_string())),
        }
    }
    output
}

/// What was written to stdout.
async fn text(logs: Logs) -> String {
    read(logs.stderr(false)).await.into_iter().map(|(_, text)| text).collect()
}

/// A container that ran a line, and ended.
async fn ended(real: &Real, line: &str) -> Container {
    let job = real.run(line).await;
    job.wait().await.expect("an end");
    job
}

// behaviours 32 and 41
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn sources_are_told_apart_unless_there_is_a_terminal() {
    let real = Real::with_image().await;
    for driver in ["json-file", "local"] {
        for tty in [false, true] {
            let job = real.create(shell("echo out; echo err >&2").tty(tty).log_driver(driver)).await;
            job.start().await.expect("started");
            job.wait().await.expect("an end");
            let (both, stdout, stderr) = (job.logs(), job.logs().stderr(false), job.logs().stdout(false));
            let (mut both, stdout, stderr) = (read(both).await, read(stdout).await, read(stderr).await);
            if tty {
                let all = vec![(Source::Console, "out\r\nerr\r\n".to_owned())];
                assert_eq!((both, stdout, stderr), (all.clone(), all, vec![]), "{driver}");
            } else {
                let (out, err) = ((Source::Stdout, "out\n".to_owned()), (Source::Stderr, "err\n".to_owned()));
                both.sort_by_key(|(source, _)| *source == Source::Stderr); // two pipes: any of them comes first
                assert_eq!((both, stdout, stderr), (vec![out.clone(), err.clone()], vec![out], vec![err]), "{driver}");
            }
        }
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn long_lines_and_bytes_that_are_no_text_arrive_whole() {
    let real = Real::with_image().await;
    // The engine cuts lines of more than 16 KiB into frames.
    let job = ended(&real, "head -c 100000 /dev/zero | tr '\\0' x; echo; printf 'a\\377b\\n\\nlast'").await;
    let mut lines = job.logs().await.expect("logs").lines();
    let mut texts = Vec::new();
    while let Some(line) = lines.next().await {
        texts.push(line.expect("a line").text);
    }
    assert_eq!(texts.len(), 4);
    assert_eq!(
        (texts[0].len(), texts[1].as_str(), texts[2].as_str(), texts[3].as_str()),
        (100_000, "a\u{fffd}b", "", "last")
    );
}

// behaviour 42
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_says_nothing_has_no_logs_and_is_no_error() {
    let real = Real::with_image().await;
    let neither = real.docker.container("web").logs().stdout(false).stderr(false);
    assert!(neither.await.expect_err("of nothing").is_invalid());

    let silent = real.run("sleep 60").await;
    let mut followed = silent.logs().follow(true).await.expect("at once, though it is silent");
    assert!(read(silent.logs().tail(5)).await.is_empty());
    silent.kill().await.expect("killed");
    assert!(followed.next().await.is_none());

    let never = real.create(shell("echo x")).await;
    assert!(read(never.logs()).await.is_empty());
    assert!(read(never.logs().follow(true)).await.is_empty());

    let kept_nowhere = real.create(shell("echo x").log(LogConfig::new("none"))).await;
    kept_nowhere.start().await.expect("started");
    let error = kept_nowhere.logs().await.expect_err("no logs");
    assert_eq!(error.status(), Some(501), "{error}");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn tail_is_the_end_of_it() {
    let real = Real::with_image().await;
    let job = ended(&real, "seq 1 100").await;
    assert_eq!(text(job.logs().tail(2)).await, "99\n100\n");
    assert_eq!(text(job.logs().tail(0)).await, "");
    assert_eq!(text(job.logs()).await.lines().count(), 100);
    assert_eq!(text(job.logs().tail(1000).follow(true)).await.lines().count(), 100);
}

/// Each line and when it was written.
async fn stamped(container: &Container) -> Vec<(Timestamp, String)> {
    let mut lines = container.logs().timestamps(true).await.expect("logs").lines();
    let mut read = Vec::new();
    while let Some(line) = lines.next().await {
        let line = line.expect("a line");
        read.push((line.time.expect("a time"), line.text));
    }
    read
}

// behaviour 43
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn times_are_told_and_cut_at() {
    let real = Real::with_image().await;
    for tty in [false, true] {
        let before = Timestamp::now();
        let job = real.create(shell("for i in 1 2 3; do echo $i; sleep 0.05; done").tty(tty)).await;
        job.start().await.expect("started");
        job.wait().await.expect("an end");
        let (times, lines): (Vec<_>, Vec<_>) = stamped(&job).await.into_iter().unzip();
        assert_eq!(lines, ["1", "2", "3"]);
        assert!(times.is_sorted() && before < times[0] && times[2] < Timestamp::now(), "{times:?}");

        let cut = async |logs| text(logs).await.replace('\r', "");
        assert_eq!(cut(job.logs().since(times[1])).await, "2\n3\n");
        assert_eq!(cut(job.logs().until(times[1])).await, "1\n2\n");
        assert_eq!(cut(job.logs().since(times[2]).until(Timestamp::now())).await, "3\n");
        assert_eq!(
            cut(job.logs().until(Timestamp::new(0, 0).expect("a time"))).await,
            "",
            "a time is a time, 1970 too"
        );
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_line_of_several_frames_has_one_time_and_nothing_in_it() {
    let real = Real::with_image().await;
    let job = ended(&real, "head -c 100000 /dev/zero | tr '\\0' x; echo; echo last").await;
    let lines = stamped(&job).await;
    assert_eq!(lines.len(), 2);
    assert!(lines[0].1.len() == 100_000 && lines[0].1.bytes().all(|byte| byte == b'x'), "{}", lines[0].1.len());
    assert_eq!(lines[1].1, "last");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn following_ends_at_a_time_in_the_future() {
    let real = Real::with_image().await;
    let talker = real.run("while :; do echo x; sleep 0.1; done").await;
    let now = Timestamp::now();
    let until = Timestamp::new(now.as_second() + 2, 0).expect("a time");
    assert!(text(talker.logs().follow(true).until(until)).await.lines().count() > 3);
    assert!(Timestamp::now().duration_since(now).unsigned_abs() >= Duration::from_secs(1));
    assert!(talker.inspect().await.expect("inspected").state.running);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn following_goes_on_until_the_container_ends() {
    let real = Real::with_image().await;
    let job = real.run("trap 'echo last; exit 0' TERM; echo first; while :; do sleep 0.1; done").await;
    let quick = Limits::new().connect(Duration::from_secs(5));
    let mut logs = job.logs().follow(true).limits(quick).await.expect("logs");
    assert_eq!(logs.next().await.expect("output").expect("output").to_string(), "first\n");
    job.stop().timeout(Duration::from_secs(20)).await.expect("stopped");
    assert_eq!(logs.next().await.expect("output").expect("output").to_string(), "last\n");
    assert!(logs.next().await.is_none());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn details_are_what_the_driver_was_told_to_keep() {
    let real = Real::with_image().await;
    let log = LogConfig::new("json-file").option("labels", "app").option("env", "MODE");
    let job = real.create(shell("echo out").label("app", "we b").env("MODE", "prod").log(log)).await;
    job.start().await.expect("started");
    job.wait().await.expect("an end");
    let line = text(job.logs().details(true)).await;
    assert!(["MODE=prod,app=we%20b out\n", "MODE=prod,app=we+b out\n"].contains(&line.as_str()), "{line:?}");
}
