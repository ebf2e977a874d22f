//! Waiting for containers on a real engine.

use crate::support::real::{Real, shell};
use longshore::container::{Container, PendingExit, WaitCondition};
use longshore::{Limits, Timestamp};
use std::time::Duration;

const CONDITIONS: [WaitCondition; 3] = [WaitCondition::NotRunning, WaitCondition::NextExit, WaitCondition::Removed];

/// What a container runs that ends with an exit code when it gets SIGUSR1 or SIGTERM, once it has said that it is ready.
fn until_told(code: i64) -> String {
    format!("trap 'exit {code}' USR1 TERM; echo ready; while :; do sleep 0.1; done")
}

async fn is_ready(container: &Container) {
    let mut logs = container.logs().follow(true).await.expect("logs");
    assert_eq!(logs.next().await.expect("output").expect("output").to_string(), "ready\n");
}

async fn registered(container: &Container, condition: &WaitCondition) -> PendingExit {
    container.wait().condition(condition.clone()).registered().await.expect("registered")
}

// behaviour 27
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn waiting_for_what_has_ended_ends_at_once() {
    let real = Real::with_image().await;
    for code in [0, 99] {
        let job = real.run(&format!("exit {code}")).await;
        let first = job.wait().await.expect("an end");
        let again = job.wait().condition(WaitCondition::NotRunning).await.expect("at once");
        assert_eq!((first.code, first.success(), first.error.as_deref()), (code, code == 0, None));
        assert_eq!(first, again);
    }
    let never = real.create(shell("exit 3")).await;
    assert_eq!(never.wait().await.expect("it does not run").code, 0);
}

// behaviour 28
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn each_condition_waits_until_the_end_and_says_the_exit_code() {
    let real = Real::with_image().await;
    let job = real.create(shell(&until_told(99)).auto_remove(true)).await;
    job.start().await.expect("started");
    is_ready(&job).await;
    let mut exits = Vec::new();
    for condition in &CONDITIONS {
        exits.push(tokio::spawn(registered(&job, condition).await.exit()));
    }
    // It runs, so nobody has heard of an end, though all wait already.
    assert!(job.inspect().await.expect("inspected").state.running);
    assert!(exits.iter().all(|exit| !exit.is_finished()));
    job.kill().signal("USR1").await.expect("told");
    for exit in exits {
        assert_eq!(exit.await.expect("a task").expect("an end").code, 99);
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_end_that_is_registered_for_before_the_start_is_not_missed() {
    let real = Real::with_image().await;
    for code in 0..5 {
        let job = real.create(shell(&format!("exit {code}"))).await;
        let exit = registered(&job, &WaitCondition::NextExit).await;
        job.start().await.expect("started");
        assert_eq!(exit.exit().await.expect("an end").code, code);
    }
    let short = real.create(shell("exit 7").auto_remove(true)).await;
    let removed = registered(&short, &WaitCondition::Removed).await;
    short.start().await.expect("started");
    assert_eq!(removed.exit().await.expect("an end").code, 7);
    assert!(short.inspect().await.expect_err("gone").is_not_found());
    assert!(short.wait().condition(WaitCondition::Removed).await.expect_err("gone").is_not_found());
}

// behaviour 29
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_restart_is_an_end_too() {
    let real = Real::with_image().await;
    let job = real.run(&until_told(5)).await;
    is_ready(&job).await;
    let default = job.wait().registered().await.expect("registered");
    let not_running = registered(&job, &WaitCondition::NotRunning).await;
    let next_exit = registered(&job, &WaitCondition::NextExit).await;
    job.restart().timeout(Duration::from_secs(20)).await.expect("restarted");
    // Which code is told is a race in the engine: Docker 20.10 forgets 5 when the container starts again too soon.
    for exit in [default, not_running, next_exit] {
        exit.exit().await.expect("an end");
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn waiting_has_the_limit_that_it_is_given_alone() {
    let real = Real::with_image().await;
    let job = real.run("sleep 60").await;
    let short = Limits::new().whole(Duration::from_millis(300));
    let begun = Timestamp::now();
    let error = job.wait().limits(short).await.expect_err("it runs");
    assert!(error.is_timeout(), "{error}");
    assert!(Timestamp::now().duration_since(begun).unsigned_abs() >= Duration::from_millis(300));
    assert!(job.inspect().await.expect("inspected").state.running, "giving up waiting does nothing to it");
}
