//! The logs of a project from an engine that is scripted: what is followed, and what cannot be.

use crate::projects::{deployed, lists};
use crate::support::{Exchange, Response, on};
use longshore::Version;
use longshore::deploy::{Project, Service, ServiceLines, Step};
use longshore::stream::Source;
use longshore::testing::Engine;
use serde_json::json;
use std::time::Duration;

const LOGS: &str = "GET /containers/job/logs?stdout=true&stderr=true";

/// The lists, and the events that tell of further containers.
fn begun() -> Vec<Exchange> {
    let [networks, volumes, images, containers] = lists("shop");
    let containers = containers.respond(Response::json(200, json!([deployed("job")])));
    let filters = concat!(
        r#"{"event":{"start":true},"#,
        r#""label":{"dev.longshore.environment=prod":true,"dev.longshore.project=shop":true},"type":{"container":true}}"#
    );
    let starts = Response::chunked(200, "application/json").stall();
    vec![networks, volumes, images, containers, on(format!("GET /events?filters={filters}")).respond(starts)]
}

async fn follow(engine: &Engine) -> ServiceLines {
    follow_tail(engine, None).await
}

async fn follow_tail(engine: &Engine, tail: Option<usize>) -> ServiceLines {
    let project = Project::new("shop").service("job", Service::new("job"));
    let docker = engine.builder().api_version(Version::new(1, 44)).build().expect("a client");
    let deployment = project.deployment("prod", &docker).expect("a deployment");
    let logs = deployment.logs().follow(true);
    let logs = if let Some(tail) = tail { logs.tail(tail) } else { logs };
    logs.await.expect("logs")
}

async fn next(lines: &mut ServiceLines) -> String {
    let next = tokio::time::timeout(Duration::from_secs(5), lines.next()).await.expect("a line in time");
    next.expect("more").expect("a line").to_string()
}

fn line(second: usize) -> (Source, String) {
    (Source::Stdout, format!("2026-11-24T08:30:0{second}Z tick {second}\n"))
}

/// Asks a little before the line, since Podman leaves out lines of exactly that time.
fn since(second: usize) -> String {
    format!("since={}.999999000", 1_795_508_999 + second)
}

/// Podman's response with these lines of stdout, or parts of them, each with its time. Its connection stays open.
pub fn podman(lines: &[(usize, &str)]) -> Response {
    let head = "HTTP/1.1 200 OK\r\nServer: Libpod/5.8.6 (linux)\r\nTransfer-Encoding: chunked\r\n\
        Content-Type: application/vnd.docker.multiplexed-stream\r\n\r\n";
    lines.iter().fold(Response::raw(head), |response, (second, text)| {
        let line = format!("2026-11-24T08:30:0{second}Z {text}");
        let length = u32::try_from(line.len()).expect("a length").to_be_bytes();
        response.chunk([&[1, 0, 0, 0], &length[..], line.as_bytes()].concat())
    })
}

fn running() -> Exchange {
    let state = json!({"Status": "running", "Running": true});
    on("GET /containers/job/json").respond(Response::json(200, json!({"Id": "job", "State": state})))
}

/// Podman gives all lines that it reads at once the same time.
#[tokio::test]
async fn equal_lines_with_one_time_are_all_there_also_where_the_connection_breaks() {
    let mut script = begun();
    script.extend([
        on(format!("{LOGS}&follow=true&timestamps=true"))
            .respond(podman(&[(1, "ok\n"), (1, "ok\n"), (2, "ok\n"), (2, "ok\n")]).close()),
        running(),
        // Two of five came before.
        on(format!("{LOGS}&follow=true&{}&timestamps=true", since(2)))
            .respond(podman(&[(2, "ok\n"), (2, "ok\n"), (2, "ok\n"), (2, "ok\n"), (2, "other\n")]).close()),
        running(),
        // It begins with the rest of a line.
        on(format!("{LOGS}&follow=true&{}&timestamps=true", since(2))).respond(
            podman(&[(2, "k\n"), (2, "ok\n"), (2, "ok\n"), (2, "ok\n"), (2, "ok\n"), (2, "other\n"), (3, "last\n")])
                .stall(),
        ),
    ]);
    let engine = Engine::unix(script).in_any_order();
    let mut lines = follow(&engine).await;
    for (number, expected) in ["ok", "ok", "ok", "ok", "ok", "ok", "other", "last"].into_iter().enumerate() {
        assert_eq!(next(&mut lines).await, format!("job-1  {expected}"), "{number}");
    }
}

/// Podman does not tell where a run has ended, nor a part from a line.
#[tokio::test]
async fn what_podman_writes_behind_an_unfinished_line_is_no_line_of_its_own() {
    let mut script = begun();
    script.extend([
        on(format!("{LOGS}&follow=true&timestamps=true"))
            .respond(podman(&[(1, "part"), (2, "ial\n"), (3, "prompt")]).end()),
        running(),
        on(format!("{LOGS}&follow=true&{}&timestamps=true", since(3)))
            .respond(podman(&[(3, "prompt"), (4, "first\n"), (5, "second\n")]).end()),
        on("GET /containers/job/json").respond(Response::error(404, "No such container: job")),
    ]);
    let requests = script.len();
    let engine = Engine::unix(script).in_any_order();
    let mut lines = follow(&engine).await;
    for expected in ["partial", "prompt", "first", "second"] {
        assert_eq!(next(&mut lines).await, format!("job-1  {expected}"));
    }
    while engine.received().len() < requests {
        tokio::task::yield_now().await;
    }
}

/// Only the line that goes on loses its beginning, and once.
#[tokio::test]
async fn what_begins_as_an_unfinished_line_of_podman_does_is_whole() {
    let mut script = begun();
    script.extend([
        on(format!("{LOGS}&follow=true&timestamps=true")).respond(podman(&[(3, "ok done\n"), (3, "ok")]).end()),
        running(),
        on(format!("{LOGS}&follow=true&{}&timestamps=true", since(3)))
            .respond(podman(&[(3, "ok done\n"), (3, "okay\n"), (3, "ok then\n"), (3, "okay\n")]).end()),
        running(),
        on(format!("{LOGS}&follow=true&{}&timestamps=true", since(3))).respond(
            podman(&[(3, "ok done\n"), (3, "okay\n"), (3, "ok then\n"), (3, "okay\n"), (4, "last\n")]).stall(),
        ),
    ]);
    let engine = Engine::unix(script).in_any_order();
    let mut lines = follow(&engine).await;
    for expected in ["ok done", "ok", "ay", "ok then", "okay", "last"] {
        assert_eq!(next(&mut lines).await, format!("job-1  {expected}"));
    }
}

#[tokio::test]
async fn each_run_of_a_container_that_ends_at_once_is_followed() {
    let inspect = |run: usize| {
        let state = json!({"Status": "exited", "StartedAt": format!("2026-11-24T08:30:0{run}Z")});
        on("GET /containers/job/json").respond(Response::json(200, json!({"Id": "job", "State": state})))
    };
    let drained =
        |run| on(format!("{LOGS}&follow=false&{}&timestamps=true", since(run))).respond(Response::output([line(run)]));
    let followed = |run| {
        let lines = Response::output([line(run - 1), line(run)]);
        on(format!("{LOGS}&follow=true&{}&timestamps=true", since(run - 1))).respond(lines)
    };
    let starts = |events| {
        let filters = r#"{"container":{"job":true},"event":{"destroy":true,"start":true}}"#;
        on(format!("GET /events?filters={filters}")).respond(events)
    };
    let started = json!({"Type": "container", "Action": "start", "Actor": {"ID": "job"}});
    let mut script = begun();
    script.push(on(format!("{LOGS}&follow=true&timestamps=true")).respond(Response::output([line(1)])));
    // It has run again and ended before the events are there.
    script.extend([inspect(1), drained(1), starts(Response::chunked(200, "application/json").stall()), inspect(2)]);
    script.push(followed(2));
    // It runs again while the events are awaited.
    script.extend([inspect(2), drained(2), starts(Response::records([started])), inspect(2), followed(3)]);
    let (end, ended) = std::sync::mpsc::channel();
    script.push(on("GET /containers/job/json").respond(Response::raw("").wait(ended)));
    let requests = script.len();
    let engine = Engine::unix(script).in_any_order();
    let mut lines = follow(&engine).await;
    for expected in ["job-1  tick 1", "job-1  tick 2", "job-1  tick 3"] {
        assert_eq!(next(&mut lines).await, expected);
    }
    while engine.received().len() < requests {
        tokio::task::yield_now().await;
    }
    drop((lines, end));
}

/// What was read of the log before is not asked for as its tail again, nor what was written to an empty one since.
#[tokio::test]
async fn a_tail_is_of_the_log_that_was_there_at_first() {
    for (tail, there, expected) in [(0, 0..1, 1..4), (0, 0..0, 0..4), (2, 0..0, 0..4), (2, 0..2, 0..4)] {
        let followed = if there.is_empty() { String::new() } else { format!("&{}", since(there.end - 1)) };
        let mut script = begun();
        script.extend([
            on(format!("{LOGS}&follow=false&tail={}&timestamps=true", tail.max(1)))
                .respond(Response::output(there.map(line))),
            on(format!("{LOGS}&follow=true{followed}&timestamps=true")).respond(Response::output((0..4).map(line))),
            on("GET /containers/job/json").respond(Response::error(404, "No such container: job")),
        ]);
        let requests = script.len();
        let engine = Engine::unix(script).in_any_order();
        let mut lines = follow_tail(&engine, Some(tail)).await;
        for second in expected {
            assert_eq!(next(&mut lines).await, format!("job-1  tick {second}"), "of {tail}");
        }
        while engine.received().len() < requests {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_run_that_ends_without_a_line_break_hides_no_line_of_the_next() {
    let output = |texts: &[&str]| {
        let texts = texts
            .iter()
            .enumerate()
            .map(|(second, text)| (Source::Stdout, format!("2026-11-24T08:30:0{}Z {text}", second + 1)));
        Response::output(texts)
    };
    let mut script = begun();
    let running = json!({"Id": "job", "State": {"Status": "running", "Running": true}});
    script.extend([
        on(format!("{LOGS}&follow=true&timestamps=true")).respond(output(&["first\n", "prompt"])),
        on("GET /containers/job/json").respond(Response::json(200, running)),
        on(format!("{LOGS}&follow=true&{}&timestamps=true", since(2))).respond(output(&[
            "first\n",
            "prompt",
            "first again\n",
            "prompt again",
        ])),
        on("GET /containers/job/json").respond(Response::error(404, "No such container: job")),
    ]);
    let requests = script.len();
    let engine = Engine::unix(script).in_any_order();
    let mut lines = follow(&engine).await;
    for expected in ["first", "prompt", "first again", "prompt again"] {
        assert_eq!(next(&mut lines).await, format!("job-1  {expected}"));
    }
    while engine.received().len() < requests {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_log_that_cannot_be_read_is_an_error_once() {
    let mut script = begun();
    let why = "configured logging driver does not support reading";
    script.push(on(format!("{LOGS}&follow=true&timestamps=true")).respond(Response::error(501, why)));
    let requests = script.len();
    let engine = Engine::unix(script).in_any_order();
    let mut lines = follow(&engine).await;
    let failure = tokio::time::timeout(Duration::from_secs(5), lines.next()).await.expect("in time").expect("more");
    let failure = failure.expect_err("no log");
    assert!(failure.step() == Step::Observe && failure.to_string().contains(why), "{failure}");
    assert_eq!(failure.target().map(ToString::to_string).as_deref(), Some("job-1"));
    while engine.received().len() < requests {
        tokio::task::yield_now().await;
    }
    assert!(tokio::time::timeout(Duration::from_millis(500), lines.next()).await.is_err(), "it is not read again");
}

#[tokio::test]
async fn a_line_that_is_cut_is_read_again() {
    let frame = |text: &str| {
        let length = u32::try_from(text.len()).expect("a length").to_be_bytes();
        [&[1, 0, 0, 0], &length[..], text.as_bytes()].concat()
    };
    let output = || Response::chunked(200, "application/vnd.docker.multiplexed-stream");
    let whole = frame(&line(2).1);
    let part = |second: usize, text: &str| frame(&format!("2026-11-24T08:30:0{second}Z {text}"));
    let (long, end) = ("x".repeat(16 << 10), "and its end\n");
    let mut script = begun();
    script.extend([
        // Within a frame.
        on(format!("{LOGS}&follow=true&timestamps=true"))
            .respond(output().chunk(frame(&line(1).1)).chunk(&whole[..whole.len() - 3]).close()),
        running(),
        // Between the frames of a line.
        on(format!("{LOGS}&follow=true&{}&timestamps=true", since(1)))
            .respond(output().chunk(frame(&line(1).1)).chunk(&whole).chunk(part(3, &long)).close()),
        running(),
        on(format!("{LOGS}&follow=true&{}&timestamps=true", since(2)))
            .respond(output().chunk(&whole).chunk(part(3, &long)).chunk(part(3, end)).stall()),
    ]);
    let engine = Engine::unix(script).in_any_order();
    let mut lines = follow(&engine).await;
    for expected in ["tick 1".to_owned(), "tick 2".to_owned(), format!("{long}{}", end.trim_end())] {
        assert_eq!(next(&mut lines).await, format!("job-1  {expected}"));
    }
}
