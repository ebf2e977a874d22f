//! Runs on an engine that does not go on.

use longshore::container::ContainerSpec;
use longshore::deploy::{Cause, Failure, PullPolicy, Ready, Run, Step};
use longshore::{Docker, Version};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// An engine that makes and starts a container, and does nothing from then on. What it makes has random labels, so that it is
/// asked other things each time.
fn hanging_engine() -> Docker {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let host = format!("tcp://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || serve(stream.expect("a connection")));
        }
    });
    Docker::builder().host(host).api_version(Version::new(1, 44)).build().expect("a client")
}

fn serve(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    loop {
        let lines = reader.by_ref().lines().map_while(Result::ok);
        let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
        let Some(request) = head.first() else { return };
        let length = head.iter().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).expect("a body");
        let response = match request.as_str() {
            create if create.contains("/containers/create") => {
                "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"Id\":\"1\"}"
            }
            wait if wait.contains("/wait") => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            start if start.contains("/start") => "HTTP/1.1 204 No Content\r\n\r\n",
            _ => "", // it is silent, and the connection stays
        };
        stream.write_all(response.as_bytes()).expect("written");
    }
}

#[tokio::test]
async fn an_engine_that_hangs_is_waited_for_no_longer_than_is_said() {
    let limit = Duration::from_millis(100);
    let run = Run::new(ContainerSpec::new("web")).pull(PullPolicy::Never).ready(Ready::log_line("ready"));
    let failure = run.deadline(limit).cleanup_limit("100ms").start(&hanging_engine()).await.expect_err("it hangs");
    assert_eq!(failure.step(), Step::Ready);
    assert!(matches!(failure.cause(), Cause::NotReady(deadline) if *deadline == limit), "{failure}");
    assert_eq!(failure.left().len(), 3, "containers, networks and volumes could not be listed: {failure}");
    assert!(failure.left().iter().all(longshore::Error::is_timeout), "{failure}");
}

#[tokio::test]
async fn the_error_of_a_call_becomes_a_failure() {
    async fn both(docker: &Docker) -> Result<(), Failure> {
        docker.ping().await?;
        Ok(())
    }

    let failure = both(&Docker::connect("tcp://127.0.0.1:1").expect("a client")).await.expect_err("nothing listens");
    assert!(matches!(failure.cause(), Cause::Call(error) if error.is_connect()), "{failure}");
}

#[tokio::test]
async fn a_condition_that_cannot_be_met_is_refused() {
    let run = Run::new("web").cleanup_limit("soon").start(&hanging_engine()).await.expect_err("it is refused");
    assert!(run.to_string().contains("invalid duration \"soon\""), "{run}");
    let waited = Ready::healthy().wait_for(&hanging_engine(), "web", "soon").await.expect_err("it is refused");
    assert!(matches!(waited, Cause::Refused(why) if why.starts_with("invalid duration \"soon\"")));
    for ready in [
        Ready::any([]),
        Ready::all([Ready::running_for("soon")]),
        Ready::exited(),
        Ready::exec([""; 0]),
        Ready::http(80, "health"),
    ] {
        let failure = Run::new("web").ready(ready).start(&hanging_engine()).await.expect_err("it is refused");
        assert_eq!((failure.step(), failure.left().len()), (Step::Check, 0));
    }
}
