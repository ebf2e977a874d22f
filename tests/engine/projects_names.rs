//! Projects and environments whose names begin alike, on a real engine.

use crate::support::projects::{names, set, sleeper};
use crate::support::real::Real;
use longshore::deploy::{Cause, Deployment, Event, Project, Service};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn who_has_the_same_prefix_does_not_see_the_others() {
    let real = Real::with_image().await;
    let name = real.name();
    let longer = format!("{name}-prod");
    let project = |name: &str, line: &str| {
        let service = Service::new(sleeper(&format!("echo {line}; exec sleep 600")));
        Project::new(name).service("web", service)
    };
    let of = |project: Project, environment: &str| project.deployment(environment, &real.docker).expect("a project");
    // The names of both begin with the same prefix.
    let (short, long) = (of(project(&name, "short"), "prod-eu"), of(project(&longer, "long"), "eu"));
    let neighbour = of(project(&name, "neighbour"), "prod");
    short.apply().await.expect("applied");
    neighbour.apply().await.expect("applied");
    let both = set(&["-prod-eu-web-1 running", "-prod-web-1 running"]);

    let failure = long.apply().await.expect_err("the network's name is taken");
    assert!(matches!(failure.cause(), Cause::Stranger(what) if what.contains("-prod-eu")), "{failure}");
    for other in [&long, &of(project(&name, "other"), "prod-e"), &of(project(&name, "other"), "pro")] {
        assert!(sees_nothing(other).await);
        other.teardown().volumes(true).await.expect("nothing is there");
    }
    let swept = project(&longer, "long").environment("us", |_| {}).sweep(&real.docker).await.expect("swept");
    assert_eq!(swept, [""; 0]);
    let healed = Arc::<Mutex<usize>>::default();
    let tell = healed.clone();
    let supervised = long.observe(move |step| {
        if matches!(step.event, Event::Healing { .. }) {
            *tell.lock().expect("a number") += 1;
        }
    });
    let supervised = tokio::time::timeout(Duration::from_secs(3), async {
        let stopped = async {
            neighbour.container("web", 1).expect("a service").kill().await.expect("killed");
            std::future::pending::<()>().await;
        };
        tokio::select! { ended = supervised.supervise() => panic!("{ended:?}"), () = stopped => {} }
    });
    supervised.await.expect_err("it has nothing to do");
    assert_eq!(*healed.lock().expect("a number"), 0);
    neighbour.apply().await.expect("started again");
    assert_eq!(names(&real.docker, &name).await, both);

    let mut lines = short.logs().await.expect("logs");
    assert_eq!(lines.next().await.expect("one").expect("a line").line.text, "short");
    assert!(lines.next().await.is_none());
    neighbour.teardown().await.expect("gone");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-eu-web-1 running"]));
    short.teardown().await.expect("gone");
}

async fn sees_nothing(deployment: &Deployment) -> bool {
    let status = deployment.status().await.expect("a status");
    let plan = deployment.plan().await.expect("a plan").to_string();
    let mut lines = deployment.logs().await.expect("logs");
    status.iter().all(|replica| replica.container.is_none()) && plan.contains("+ web-1") && lines.next().await.is_none()
}
