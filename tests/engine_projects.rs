//! Projects on a real engine: deployed, changed, broken, interrupted and taken down.

mod support;

use longshore::container::{ContainerSpec, ContainerStatus, Healthcheck};
use longshore::deploy::{Change, Deployment, Event, Failure, Order, Project, Ready, SecretSource, Service, Step};
use longshore::{Docker, Observe, Observed};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::real::{Real, image, image_2, until};

/// Counts the calls that change something, and kills the process at one of them.
#[derive(Debug, Default)]
struct Writes {
    count: AtomicUsize,
    kill_at: Option<usize>,
}

impl Observe for Writes {
    fn begins(&self, call: &Observed<'_>) {
        let is_read = call.method == "GET" || call.method == "HEAD" || call.template.ends_with("/wait");
        if !is_read && Some(self.count.fetch_add(1, Ordering::SeqCst)) == self.kill_at {
            kill();
        }
    }
}

/// As the kernel does it to a process that is out of memory: nothing is cleaned up.
fn kill() -> ! {
    let killed = std::process::Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
    unreachable!("{killed:?}");
}

#[derive(Clone, Debug)]
struct Shared(Arc<Writes>);

impl Observe for Shared {
    fn begins(&self, call: &Observed<'_>) {
        self.0.begins(call);
    }
}

/// A container that ends at once when it is told to, and serves until then.
fn server(image: &str) -> ContainerSpec {
    ContainerSpec::new(image).stop_signal("SIGKILL").health(Healthcheck::none())
}

fn sleeper(line: &str) -> ContainerSpec {
    server(&image()).cmd(["sh", "-c", line])
}

/// The names of what is there of a project, without the prefix that the test has.
async fn names(real: &Real, project: &str) -> BTreeSet<String> {
    let containers = real.docker.containers().list().all(true).label(format!("dev.longshore.project={project}"));
    let containers = containers.await.expect("containers").into_iter();
    let named = containers.map(|container| (container.names.concat(), container.state));
    named
        .map(|(name, state)| {
            let name = name.trim_start_matches('/').strip_prefix(project).expect("the project's").to_owned();
            // A release is random.
            let name = match name.rsplit_once('.') {
                Some((slot, release)) if release.len() == 8 => format!("{slot}.old"),
                _ => name,
            };
            format!("{name} {state}")
        })
        .collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

async fn page(deployment: &Deployment, service: &str, replica: u32) -> String {
    let cmd = ["wget", "-qO-", "http://127.0.0.1:80/"];
    let container = deployment.container(service, replica).expect("a service");
    container.exec(cmd).output().await.expect("a page").stdout_text()
}

fn shop(name: &str, image: &str) -> Project {
    Project::new(name)
        .volume("data")
        .service(
            "db",
            Service::new(sleeper("echo up; exec sleep 600").volume("data", "/data")).ready(Ready::log_line("up")),
        )
        .service("web", Service::new(server(image)).after("db").ready(Ready::http(80, "/")).replicas(2))
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_second_apply_writes_nothing() {
    let real = Real::with_image().await;
    let writes = Arc::new(Writes::default());
    let docker = Docker::builder().observe(Shared(writes.clone())).build().expect("a client");
    let name = real.name();
    let told = Arc::<Mutex<Vec<String>>>::default();
    let tell = told.clone();
    let prod = shop(&name, &image()).deployment("prod", &docker).expect("a project").observe(move |event| {
        let target = event.target.map(ToString::to_string).unwrap_or_default();
        let what = format!("{:?}", event.event).split([' ', '(', '{']).next().unwrap_or_default().to_owned();
        tell.lock().expect("events").push(format!("{target} {what}"));
    });
    let plan = prod.plan().await.expect("a plan");
    assert_eq!(writes.count.load(Ordering::SeqCst), 0, "a plan only reads");
    assert_eq!(plan.to_string().lines().count(), 5, "{plan}");
    plan.apply().await.expect("applied");
    let expected = set(&["-prod-db-1 running", "-prod-web-1 running", "-prod-web-2 running"]);
    assert_eq!(names(&real, &name).await, expected);
    let ready = |target: &str| {
        let told = told.lock().expect("events");
        told.iter().position(|event| *event == format!("{target} Ready")).expect("ready")
    };
    assert!(ready("db-1") < ready("web-1") && ready("db-1") < ready("web-2"));
    let output =
        prod.exec("web", ["wget", "-qO-", "http://web:80/"]).expect("a service").output().await.expect("a page");
    assert!(output.stdout_text().contains("hello"), "the service's name is a name on its network: {output:?}");

    let before = writes.count.load(Ordering::SeqCst);
    prod.apply().await.expect("applied");
    assert!(prod.plan().await.expect("a plan").is_empty());
    assert_eq!(writes.count.load(Ordering::SeqCst), before, "nothing is to be done");
    let status = prod.status().await.expect("a status");
    assert!(status.len() == 3 && status.iter().all(|replica| replica.is_current), "{status:?}");

    prod.teardown().volumes(true).await.expect("gone");
    assert_eq!(names(&real, &name).await, set(&[]));
    assert!(real.docker.volume(format!("{name}-prod-data")).inspect().await.expect_err("gone").is_not_found());
    assert!(real.docker.network(format!("{name}-prod")).inspect().await.expect_err("gone").is_not_found());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_new_version_takes_the_place_and_the_old_one_comes_back() {
    let real = Real::with_image().await;
    let name = real.name();
    let deployment = |image: &str| shop(&name, image).deployment("prod", &real.docker).expect("a project");
    let (one, two) = (deployment(&image()), deployment(&image_2()));
    one.apply().await.expect("applied");
    let plan = two.plan().await.expect("a plan");
    assert!(
        plan.to_string().contains(&format!("~ web-1  Image: {} → {} (replace, start first)", image(), image_2())),
        "{plan}"
    );
    plan.apply().await.expect("replaced");
    assert!(page(&two, "web", 1).await.contains("version 2") && page(&two, "web", 2).await.contains("version 2"));
    let kept = [
        "-prod-db-1 running",
        "-prod-web-1 running",
        "-prod-web-1.old exited",
        "-prod-web-2 running",
        "-prod-web-2.old exited",
    ];
    assert_eq!(names(&real, &name).await, set(&kept));

    two.rollback().await.expect("rolled back");
    assert!(!page(&one, "web", 1).await.contains("version 2") && !page(&one, "web", 2).await.contains("version 2"));
    assert_eq!(names(&real, &name).await, set(&kept));
    let error = two.rollback().await.expect_err("nothing older is kept");
    assert_eq!(error.step(), Step::Check, "{error}");

    two.apply().await.expect("replaced");
    assert_eq!(names(&real, &name).await, set(&kept), "one version before is kept");
    two.scale("web", 1).await.expect("scaled");
    assert_eq!(
        names(&real, &name).await,
        set(&["-prod-db-1 running", "-prod-web-1 running", "-prod-web-1.old exited"])
    );
    two.restart("web").await.expect("restarted");
    assert!(page(&two, "web", 1).await.contains("version 2"));
    let ran = two.run("web", ["sh", "-c", "echo $0"]).await.expect("run");
    assert!(ran.exit.success() && ran.output_text() == "sh\n", "{ran:?}");
    two.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_version_that_fails_leaves_the_one_before() {
    let real = Real::with_image().await;
    let name = real.name();
    for order in [Order::StartFirst, Order::StopFirst] {
        let project = |line: &str| {
            let service = Service::new(sleeper(line)).ready(Ready::log_line("up")).order(order);
            Project::new(&name).service("job", service.deadline(Duration::from_secs(20)))
        };
        let deployment = |line: &str| project(line).deployment("prod", &real.docker).expect("a project");
        deployment("echo up; exec sleep 600").apply().await.expect("applied");
        let id = real.docker.container(format!("{name}-prod-job-1")).inspect().await.expect("there").id;
        let failure: Failure = deployment("echo going down; exit 3").apply().await.expect_err("it ends");
        assert_eq!(
            (failure.step(), failure.target().map(ToString::to_string)),
            (Step::Ready, Some("job-1".to_owned()))
        );
        assert!(failure.to_string().contains("going down") && failure.to_string().contains("exit code 3"), "{failure}");
        assert!(failure.left().is_empty() && failure.rollback().is_none(), "{failure}");
        assert_eq!(names(&real, &name).await, set(&["-prod-job-1 running"]), "{order:?}");
        assert_eq!(real.docker.container(format!("{name}-prod-job-1")).inspect().await.expect("there").id, id);
        deployment("").teardown().await.expect("gone");
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn no_secret_is_in_what_the_engine_tells() {
    let real = Real::with_image().await;
    let name = real.name();
    let service = |secret: &str| {
        let service =
            Service::new(sleeper("echo \"$TOKEN\"; exec sleep 600")).secret("TOKEN", SecretSource::value(secret));
        Project::new(&name).service("api", service).deployment("prod", &real.docker).expect("a project")
    };
    service("hunter2").apply().await.expect("applied");
    let inspected = real.docker.container(format!("{name}-prod-api-1")).inspect().await.expect("there");
    assert_eq!(inspected.config.env.get("TOKEN"), Some("hunter2"));
    assert!(inspected.config.labels.values().all(|label| !label.contains("hunter2")), "{:?}", inspected.config.labels);
    let plan = service("hunter3").plan().await.expect("a plan");
    let [Change::Replace { fields, .. }] = plan.changes() else { panic!("{plan}") };
    assert_eq!(fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), ["Env"]);
    assert!(!format!("{plan} {plan:?} {}", serde_json::to_string(&plan).expect("JSON")).contains("hunter"), "{plan}");
    service("").teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn strangers_are_left_alone_and_told() {
    let real = Real::with_image().await;
    let name = real.name();
    let deployment = shop(&name, &image()).deployment("prod", &real.docker).expect("a project");
    let volume = real.docker.volumes().create(format!("{name}-prod-data")).await.expect("a volume");
    let failure = deployment.apply().await.expect_err("a stranger's volume");
    assert!(failure.to_string().contains("does not belong to this project"), "{failure}");
    volume.remove().await.expect("it is left alone");
    let stranger = real.docker.containers().create(sleeper("sleep 600")).name(format!("{name}-prod-db-1")).await;
    let stranger = stranger.expect("a container");
    let failure = deployment.apply().await.expect_err("a stranger's container");
    assert!(failure.error().is_some_and(longshore::Error::is_conflict), "{failure}");
    stranger.inspect().await.expect("it is left alone");
    stranger.remove().force(true).await.expect("removed");
    deployment.apply().await.expect("applied");
    deployment.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_dies_is_brought_back() {
    let real = Real::with_image().await;
    let name = real.name();
    let healed = Arc::new(AtomicUsize::new(0));
    let tell = healed.clone();
    let service = Service::new(sleeper("exec sleep 600")).replicas(2);
    let deployment = Project::new(&name).service("job", service).deployment("prod", &real.docker).expect("a project");
    deployment.apply().await.expect("applied");
    let supervised = deployment.clone().observe(move |event| {
        if matches!(event.event, Event::Healing { .. }) {
            tell.fetch_add(1, Ordering::SeqCst);
        }
    });
    let supervisor = tokio::spawn(async move { supervised.supervise().await });
    let (first, second) = (deployment.container("job", 1).expect("one"), deployment.container("job", 2).expect("two"));
    first.kill().await.expect("killed");
    second.remove().force(true).await.expect("removed");
    let runs = |container: longshore::container::Container| async move {
        container.inspect().await.is_ok_and(|found| found.state.status == ContainerStatus::Running)
    };
    until("both are back", || async { runs(first.clone()).await && runs(second.clone()).await }).await;
    assert_eq!(healed.load(Ordering::SeqCst), 2);
    supervisor.abort();
    until("nobody deploys", || async { deployment.teardown().await.is_ok() }).await;
}

/// Says to a child at which of its calls it is killed.
const KILL_AT: &str = "LONGSHORE_TEST_KILL_AT";

/// What a deployer does until it is killed: from what to what, and how many containers there are then.
const ACTS: [(&str, &str); 5] =
    [("nothing", "one"), ("one", "two"), ("one", "stop-first"), ("one", "fewer"), ("two", "back")];

fn stage(name: &str, stage: &str) -> Project {
    let service = |image: &str| Service::new(server(image)).ready(Ready::http(80, "/"));
    let project = Project::new(name).volume("data");
    match stage {
        "one" | "back" => project.service("web", service(&image()).replicas(2)),
        "two" => project.service("web", service(&image_2()).replicas(2)),
        "stop-first" => project.service("web", service(&image_2()).replicas(2).order(Order::StopFirst)),
        "fewer" => project.service("web", service(&image())),
        other => panic!("{other}"),
    }
}

/// Applies, and is killed at a writing call; `false` if there are fewer.
async fn act(name: &str, to: &str, kill_at: usize) {
    let writes = Writes { count: AtomicUsize::new(0), kill_at: Some(kill_at) };
    let docker = Docker::builder().observe(writes).build().expect("a client");
    let deployment = stage(name, to).deployment("prod", &docker).expect("a project");
    if to == "back" { deployment.rollback().await } else { deployment.apply().await }.expect("it goes on");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn whenever_the_deployer_is_killed_the_next_one_goes_on() {
    const TEST: &str = "whenever_the_deployer_is_killed_the_next_one_goes_on";
    if let Ok(kill_at) = std::env::var(KILL_AT) {
        let variable = |name: &str| std::env::var(name).expect("set below");
        return act(&variable("TEST_NAME"), &variable("TEST_TO"), kill_at.parse().expect("a number")).await;
    }
    let real = Real::with_image().await;
    real.pull(&image_2()).await;
    let mut killed = 0;
    for (from, to) in ACTS {
        for kill_at in 0.. {
            let name = real.name();
            if from != "nothing" {
                stage(&name, "one")
                    .deployment("prod", &real.docker)
                    .expect("a project")
                    .apply()
                    .await
                    .expect("applied");
            }
            if from == "two" {
                stage(&name, "two")
                    .deployment("prod", &real.docker)
                    .expect("a project")
                    .apply()
                    .await
                    .expect("applied");
            }
            let status = child(TEST, &name, to, kill_at);
            let after = stage(&name, to).deployment("prod", &real.docker).expect("a project");
            after.apply().await.unwrap_or_else(|failure| panic!("{from} → {to}, killed at {kill_at}: {failure}"));
            assert!(after.plan().await.expect("a plan").is_empty(), "{from} → {to}, killed at {kill_at}");
            let there = names(&real, &name).await;
            let running = there.iter().filter(|name| name.ends_with(" running")).cloned().collect::<BTreeSet<_>>();
            let expected: &[&str] =
                if to == "fewer" { &["-prod-web-1 running"] } else { &["-prod-web-1 running", "-prod-web-2 running"] };
            assert_eq!(running, set(expected), "{from} → {to}, killed at {kill_at}");
            assert!(there.iter().all(|name| !name.contains(".next")), "{from} → {to}, killed at {kill_at}: {there:?}");
            let is_two = matches!(to, "two" | "stop-first");
            assert_eq!(
                page(&after, "web", 1).await.contains("version 2"),
                is_two,
                "{from} → {to}, killed at {kill_at}"
            );
            after.teardown().volumes(true).await.expect("gone");
            if status.success() {
                assert!(kill_at > 3, "{from} → {to} has more calls than {kill_at}");
                break;
            }
            killed += 1;
        }
    }
    assert!(killed > 30, "{killed}");
}

fn child(test: &str, name: &str, to: &str, kill_at: usize) -> std::process::ExitStatus {
    std::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "--include-ignored", test])
        .envs([("TEST_NAME", name), ("TEST_TO", to), (KILL_AT, &kill_at.to_string())])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .expect("a child")
}
