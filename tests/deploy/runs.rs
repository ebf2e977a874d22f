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
