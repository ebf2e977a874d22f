//! Runs on an engine that does not go on.

use crate::hanging::hanging_engine;
use crate::support::{Engine, Response, on};
use longshore::container::ContainerSpec;
use longshore::deploy::{Cause, PullPolicy, Ready, Run, Step};
use std::time::Duration;

#[tokio::test]
async fn an_engine_that_hangs_is_waited_for_no_longer_than_is_said() {
    let limit = Duration::from_millis(100);
    let run = Run::new(ContainerSpec::new("web")).pull(PullPolicy::Never).ready(Ready::log_line("ready"));
    let failure = run.deadline(limit).cleanup_limit(limit).start(&hanging_engine()).await.expect_err("it hangs");
    assert_eq!(failure.step(), Step::Ready);
    assert!(matches!(failure.cause(), Cause::NotReady { limit: deadline, .. } if *deadline == limit), "{failure}");
    assert_eq!(failure.left().len(), 3, "containers, networks and volumes could not be listed: {failure}");
    assert!(failure.left().iter().all(longshore::Error::is_timeout), "{failure}");
}

#[tokio::test]
async fn a_condition_that_cannot_be_met_is_refused() {
    for ready in [Ready::any([]), Ready::exited(), Ready::exec([""; 0]), Ready::http(80, "health")] {
        let failure = Run::new("web").ready(ready).start(&hanging_engine()).await.expect_err("it is refused");
        assert_eq!((failure.step(), failure.left().len()), (Step::Check, 0));
    }
}

#[tokio::test]
async fn a_line_of_a_job_that_is_cut_is_read_again() {
    let at = |second: u32, text: &str| format!("2026-11-24T08:30:0{second}Z {text}");
    let frame = |text: &str| {
        let length = u32::try_from(text.len()).expect("a length").to_be_bytes();
        [&[1, 0, 0, 0], &length[..], text.as_bytes()].concat()
    };
    let first = frame(&at(1, "one\n"));
    let second = frame(&at(2, "two and a half\n"));
    let output = || Response::chunked(200, "application/vnd.docker.multiplexed-stream");
    let cut = output().chunk(&first).chunk(&second[..second.len() - 6]).close();
    let engine = Engine::unix([
        on("POST /containers/create").with_any_body().respond(Response::text(201, r#"{"Id":"1"}"#)),
        on("POST /containers/1/wait?condition=next-exit").respond(Response::text(200, r#"{"StatusCode":0}"#)),
        on("POST /containers/1/start"),
        on("GET /containers/1/logs?stdout=true&stderr=true&follow=true&timestamps=true").respond(cut),
        on("GET /containers/1/logs?stdout=true&stderr=true&since=1795509001.000000000&timestamps=true")
            .respond(output().chunk(&first).chunk(&second).end()),
        on("DELETE /containers/1?force=true&v=true"),
    ]);
    let job = Run::new(ContainerSpec::new("job")).pull(PullPolicy::Never);
    let done = job.to_completion(&engine.docker(44)).await.expect("done");
    assert_eq!(done.output_text(), "one\ntwo and a half\n");
}
