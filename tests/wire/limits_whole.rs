//! The limit of a whole call, where the call sends several requests. The clock is the test's own: it goes on only while
//! everything waits.

use longshore::service::ServiceSpec;
use longshore::{Connect, Connecting, Docker, Limits, Result, Version};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tokio::time::Instant;

const V1_41: Version = Version::new(1, 41);
const WHOLE: Duration = Duration::from_secs(100);
/// Two answers come within the limit, a third one does not.
const ANSWER: Duration = Duration::from_secs(40);

const EXEC: &str = r#"200 {"ID":"fa51","Running":true,"ProcessConfig":{"tty":false}}"#;
const OBJECT: &str = r#"200 {"ID":"9ld7","Version":{"Index":1},"Spec":{"Name":"web"}}"#;

/// An engine that takes its time, and answers no more than the script has.
#[derive(Clone, Debug)]
struct Slow(Arc<Mutex<VecDeque<&'static str>>>);

impl Connect for Slow {
    fn connect(&self) -> Connecting<'_> {
        let (client, engine) = tokio::io::duplex(64 << 10);
        tokio::spawn(self.clone().serve(engine));
        Box::pin(async { Ok(Box::new(client) as _) })
    }
}

impl Slow {
    async fn serve(self, socket: DuplexStream) {
        let mut socket = BufReader::new(socket);
        loop {
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                if socket.read_line(&mut head).await.is_ok_and(|length| length == 0) {
                    return;
                }
            }
            let length = head
                .to_ascii_lowercase()
                .split_once("content-length: ")
                .map_or(0, |(_, rest)| rest.split("\r\n").next().expect("a line").parse().expect("a length"));
            socket.read_exact(&mut vec![0; length]).await.expect("a body");
            let next = self.0.lock().expect("no panic").pop_front();
            let Some(next) = next else { return std::future::pending().await };
            tokio::time::sleep(ANSWER).await;
            if let Some(then) = next.strip_prefix("101 ") {
                let answer = b"HTTP/1.1 101 Slow\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
                socket.write_all(answer).await.expect("the client reads");
                if then == "stalls" {
                    std::future::pending::<()>().await;
                }
                return;
            }
            let (status, body) = next.split_once(' ').unwrap_or((next, ""));
            let length = body.len();
            let answer =
                format!("HTTP/1.1 {status} Slow\r\nApi-Version: 1.41\r\nContent-Length: {length}\r\n\r\n{body}");
            socket.write_all(answer.as_bytes()).await.expect("the client reads");
        }
    }
}

fn docker(script: &[&'static str], limits: Limits, version: Option<Version>) -> Docker {
    let script = Slow(Arc::new(Mutex::new(script.iter().copied().collect())));
    let builder = Docker::builder().connector(script).registry_credentials(false).limits(limits);
    version.into_iter().fold(builder, longshore::Builder::api_version).build().expect("a client")
}

/// Makes a call with a limit of its own, then with the client's. It has to end with the limit, whatever was answered before.
async fn ends_in_time<T: std::fmt::Debug>(
    what: &str,
    script: &[&'static str],
    call: impl AsyncFn(Docker, Limits) -> Result<T>,
) {
    let limited = Limits::new().whole(WHOLE);
    for (own, clients) in [(limited, Limits::new()), (Limits::new(), limited)] {
        let docker = docker(script, clients, Some(V1_41));
        let begun = Instant::now();
        let error = call(docker, own).await.expect_err(what);
        let elapsed = begun.elapsed();
        assert!(error.is_timeout(), "{what}: {error}");
        assert!(elapsed >= WHOLE && elapsed < WHOLE + Duration::from_secs(1), "{what}: {elapsed:?}");
    }
}

/// Engines with the containerd image store unpack what they loaded before they respond.
#[tokio::test(start_paused = true)]
async fn what_the_engine_works_on_for_long_has_eight_minutes_more() {
    let docker = docker(&[], Limits::new(), Some(V1_41));
    let (images, tar) = (docker.images(), &b"tar"[..]);
    let begun = Instant::now();
    let loaded = async || assert!(images.load(tar).await.expect_err("no response").is_timeout());
    let imported = async || assert!(images.import(tar).await.expect_err("no response").is_timeout());
    let measured = async || assert!(docker.disk_usage().await.expect_err("no response").is_timeout());
    tokio::join!(loaded(), imported(), measured());
    let elapsed = begun.elapsed();
    assert!(elapsed >= Duration::from_secs(10 * 60) && elapsed < Duration::from_secs(11 * 60), "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn it_bounds_all_requests_of_the_call_together() {
    ends_in_time("logs", &["200 {}"], async |docker, limits| {
        docker.container("web").logs().limits(limits).await.map(drop)
    })
    .await;
    ends_in_time("logs of a service", &["200 {}"], async |docker, limits| {
        docker.service("web").logs().limits(limits).await.map(drop)
    })
    .await;
    ends_in_time("a ping", &["404"], async |docker, limits| docker.ping().limits(limits).await).await;
    ends_in_time("an update", &[OBJECT], async |docker, limits| {
        docker.config("web").update(|spec| spec).limits(limits).await
    })
    .await;
    let outdated = r#"500 {"message":"rpc error: code = Unknown desc = update out of sequence"}"#;
    ends_in_time("an update that is tried again", &[OBJECT, outdated], async |docker, limits| {
        docker.config("web").update(|spec| spec).attempts(5).limits(limits).await
    })
    .await;
    ends_in_time("an update of a service", &[OBJECT], async |docker, limits| {
        docker.service("web").update(|spec| spec).limits(limits).await.map(drop)
    })
    .await;
    let found = r#"200 {"Descriptor":{"mediaType":"m","digest":"sha256:6af7","size":527},"Platforms":[]}"#;
    for script in [vec![], vec![found]] {
        ends_in_time("a service", &script, async |docker, limits| {
            docker
                .services()
                .create(ServiceSpec::new("web", "nginx"))
                .registry_auth(true)
                .limits(limits)
                .await
                .map(drop)
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn it_bounds_what_is_looked_up() {
    ends_in_time("a port", &[], async |docker, limits| docker.container("web").mapped_port(80).limits(limits).await)
        .await;
    ends_in_time("an image", &[], async |docker, limits| docker.images().exists("web").limits(limits).await).await;
    ends_in_time("a secret", &[], async |docker, limits| docker.secret("a").reference("a").limits(limits).await).await;
    ends_in_time("a config", &[], async |docker, limits| docker.config("a").reference("/a").limits(limits).await).await;
}

#[cfg(feature = "tar")]
#[tokio::test(start_paused = true)]
async fn it_bounds_all_requests_of_a_copy_together() {
    ends_in_time("a copy out of a container", &[], async |docker, limits| {
        docker.container("web").copy_from("/x", "/nowhere").limits(limits).await
    })
    .await;
    ends_in_time("a file that is read", &["404"], async |docker, limits| {
        docker.container("web").read_file("/x").limits(limits).await
    })
    .await;
    ends_in_time("a copy into a container", &["404"], async |docker, limits| {
        docker.container("web").copy_to("Cargo.toml", "/x").limits(limits).await
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn it_bounds_the_inspection_before_an_exec() {
    // The limits of the client end where a process is attached.
    let docker = docker(&[EXEC], Limits::new(), Some(V1_41));
    let begun = Instant::now();
    let error = docker.exec("fa51").start().limits(Limits::new().whole(WHOLE)).await.expect_err("no answer");
    assert!(error.is_timeout() && begun.elapsed() < WHOLE + Duration::from_secs(1), "{error}");
}

#[tokio::test(start_paused = true)]
async fn it_bounds_an_exec_to_its_end() {
    let created = r#"201 {"Id":"fa51"}"#;
    for script in [vec![created], vec![created, "101 stalls"], vec![created, "101 ends"]] {
        let docker = docker(&script, Limits::new(), Some(V1_41));
        let begun = Instant::now();
        let call = docker.container("web").exec(["ls"]).limits(Limits::new().whole(WHOLE));
        let error = call.output().await.expect_err("no answer");
        assert!(error.is_timeout() && begun.elapsed() < WHOLE + Duration::from_secs(1), "{script:?}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn it_bounds_the_inspection_after_a_wait() {
    let docker = docker(&[r#"200 {"StatusCode":-1}"#], Limits::new(), Some(V1_41));
    let begun = Instant::now();
    let wait = docker.container("job").wait().limits(Limits::new().whole(WHOLE));
    let error = wait.await.expect_err("no answer");
    assert!(error.is_timeout() && begun.elapsed() < WHOLE + Duration::from_secs(1), "{error}");
}

#[tokio::test(start_paused = true)]
async fn it_bounds_the_negotiation_too() {
    let (limited, unlimited, more) = (Limits::new().whole(WHOLE), Limits::new(), Duration::from_secs(8 * 60));
    for (own, clients, limit) in [(limited, unlimited, WHOLE), (unlimited, limited, WHOLE + more)] {
        let docker = docker(&["200"], clients, None);
        let begun = Instant::now();
        let error = docker.disk_usage().limits(own).await.expect_err("no answer");
        assert!(error.is_timeout() && begun.elapsed() < limit + Duration::from_secs(1), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn it_bounds_a_request_that_is_sent_again() {
    let refusal = r#"400 {"message":"client version 1.41 is too new. Maximum supported API version is 1.40"}"#;
    let docker = docker(&["200", "204", refusal], Limits::new(), None);
    docker.container("web").start().await.expect("started");
    let begun = Instant::now();
    let call = docker.container("web").start().limits(Limits::new().whole(WHOLE));
    let error = call.await.expect_err("no answer");
    assert!(error.is_timeout() && begun.elapsed() < WHOLE + Duration::from_secs(1), "{error}");
}

#[tokio::test(start_paused = true)]
async fn what_waits_has_only_a_limit_of_its_own() {
    let limited = Limits::new().whole(WHOLE);
    let ended = r#"200 {"ID":"fa51","Running":false,"ExitCode":3,"ProcessConfig":{"tty":false}}"#;
    let script = [EXEC, EXEC, ended];
    let patient = docker(&script, limited, Some(V1_41));
    assert_eq!(patient.exec("fa51").wait().await.expect("an exit").code, 3);
    let client = docker(&script, Limits::new(), Some(V1_41));
    assert!(client.exec("fa51").wait().limits(limited).await.expect_err("still running").is_timeout());

    let client = docker(&[OBJECT, "200 []", "200 []", "200 []"], Limits::new(), Some(V1_41));
    let begun = Instant::now();
    let error = client.service("web").converge().limits(limited).await.expect_err("nothing runs");
    assert!(error.is_timeout() && begun.elapsed() < WHOLE + Duration::from_secs(1), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_exec_that_nobody_starts_is_not_waited_for_forever() {
    let idle = r#"200 {"ID":"fa51","Running":false,"ExitCode":null}"#;
    let docker = docker(&[idle], Limits::new(), Some(V1_41));
    let error = docker.exec("fa51").wait().await.expect_err("it is not started");
    let message = "GET /exec/fa51/json: the process was not started within 10s: call `start` before `wait`";
    assert!(error.is_timeout() && error.to_string() == message, "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_converge_holds_if_the_engine_stalls() {
    for script in [&[][..], &[OBJECT], &[OBJECT, "200 []"]] {
        let docker = docker(script, Limits::new(), Some(V1_41));
        let begun = Instant::now();
        let error = docker.service("web").converge().deadline(WHOLE).await.expect_err("nothing was told");
        let elapsed = begun.elapsed();
        assert!(error.is_timeout(), "{error}");
        assert!(elapsed >= WHOLE && elapsed < WHOLE + Duration::from_secs(1), "{elapsed:?}");
    }
}
