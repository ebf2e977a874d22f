//! Projects on a real engine: deployed, changed, looked after and taken down.

use crate::support::projects::{Writes, names, page, server, set, sleeper};
use crate::support::real::{Real, image, image_2, until};
use longshore::Docker;
use longshore::container::{ContainerSpec, ContainerStatus};
use longshore::deploy::{
    Cause, Change, Deployment, Event, Failure, Order, Project, Ready, SecretSource, Service, Step,
};
use longshore::network::NetworkSpec;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

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
    let writes = Writes::counted();
    let docker = Docker::builder().observe(writes.clone()).build().expect("a client");
    let name = real.name();
    let told = Arc::<Mutex<Vec<String>>>::default();
    let tell = told.clone();
    let prod = shop(&name, &image()).deployment("prod", &docker).expect("a project").observe(move |event| {
        let target = event.target.map(ToString::to_string).unwrap_or_default();
        let what = format!("{:?}", event.event).split([' ', '(', '{']).next().unwrap_or_default().to_owned();
        tell.lock().expect("events").push(format!("{target} {what}"));
    });
    let plan = prod.plan().await.expect("a plan");
    assert_eq!(writes.count(), 0, "a plan only reads");
    assert_eq!(plan.to_string().lines().count(), 5, "{plan}");
    plan.apply().await.expect("applied");
    let expected = set(&["-prod-db-1 running", "-prod-web-1 running", "-prod-web-2 running"]);
    assert_eq!(names(&real.docker, &name).await, expected);
    let ready = |target: &str| {
        let told = told.lock().expect("events");
        told.iter().position(|event| *event == format!("{target} Ready")).expect("ready")
    };
    assert!(ready("db-1") < ready("web-1") && ready("db-1") < ready("web-2"));
    let output =
        prod.exec("web", ["wget", "-qO-", "http://web:80/"]).expect("a service").output().await.expect("a page");
    assert!(output.stdout_text().contains("hello"), "the service's name is a name on its network: {output:?}");

    let before = writes.count();
    prod.apply().await.expect("applied");
    assert!(prod.plan().await.expect("a plan").is_empty());
    assert_eq!(writes.count(), before, "nothing is to be done");
    let status = prod.status().await.expect("a status");
    assert!(status.len() == 3 && status.iter().all(|replica| replica.is_current), "{status:?}");

    prod.teardown().volumes(true).await.expect("gone");
    assert_eq!(names(&real.docker, &name).await, set(&[]));
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
    assert_eq!(names(&real.docker, &name).await, set(&kept));

    two.rollback().await.expect("rolled back");
    assert!(!page(&one, "web", 1).await.contains("version 2") && !page(&one, "web", 2).await.contains("version 2"));
    assert_eq!(names(&real.docker, &name).await, set(&kept));
    let error = two.rollback().await.expect_err("nothing older is kept");
    assert_eq!(error.step(), Step::Check, "{error}");

    two.apply().await.expect("replaced");
    assert_eq!(names(&real.docker, &name).await, set(&kept), "one version before is kept");
    two.scale("web", 1).await.expect("scaled");
    assert_eq!(
        names(&real.docker, &name).await,
        set(&["-prod-db-1 running", "-prod-web-1 running", "-prod-web-1.old exited"])
    );
    two.restart("web").await.expect("restarted");
    assert!(page(&two, "web", 1).await.contains("version 2"));
    let ran = two.run("web", ["sh", "-c", "echo $0"]).await.expect("run");
    assert!(ran.status.success() && ran.output_text() == "sh\n", "{ran:?}");
    two.teardown().volumes(true).await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_plan_is_for_the_engine_it_was_made_for() {
    let real = Real::with_image().await;
    let name = real.name();
    let deployment = |seconds: &str| {
        let service = Service::new(ContainerSpec::new(&name).cmd(["sleep", seconds])).replicas(2);
        Project::new(&name).service("job", service).deployment("prod", &real.docker).expect("a project")
    };
    let (deployment, changed) = (deployment("600"), deployment("601"));
    let plan = deployment.plan().await.expect("a plan");
    assert!(plan.changes().contains(&Change::Pull { image: name.clone() }), "{plan}");
    // No registry has this image: it is there by now, so that it is not pulled.
    real.docker.image(image()).tag(name.as_str()).await.expect("a tag");
    plan.apply().await.expect("an image that has come is no reason to refuse");

    let all = set(&["-prod-job-1 running", "-prod-job-2 running"]);
    let gone = plan.apply().await.expect_err("it is done");
    assert!(gone.to_string().contains("` is no longer needed: make a new plan"), "{gone}");
    let more = changed.plan().await.expect("a plan");
    deployment.container("job", 2).expect("two").remove().force(true).await.expect("removed");
    let other = more.apply().await.expect_err("it has changed");
    assert!(matches!(other.cause(), Cause::Stale(_)) && other.step() == Step::Observe, "{other}");
    assert!(other.to_string().contains("the plan lacks `+ job-2`: make a new plan"), "{other}");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-job-1 running"]), "nothing was done");
    deployment.apply().await.expect("applied");
    assert_eq!(names(&real.docker, &name).await, all);
    deployment.teardown().await.expect("gone");
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
        assert_eq!(names(&real.docker, &name).await, set(&["-prod-job-1 running"]), "{order:?}");
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
    let next = real.docker.container(format!("{name}-prod-db-1.next"));
    assert!(next.inspect().await.expect_err("nothing is left behind").is_not_found());
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
    let runs = |container: longshore::container::Container| async move {
        container.inspect().await.is_ok_and(|found| found.state.status == ContainerStatus::Running)
    };
    first.kill().await.expect("killed");
    until("it runs again", || async { runs(first.clone()).await }).await; // so the supervisor has seen both
    second.remove().force(true).await.expect("removed");
    until("it is back", || async { runs(second.clone()).await }).await;
    assert_eq!(healed.load(Ordering::SeqCst), 2);
    supervisor.abort();
    until("nobody deploys", || async { deployment.teardown().await.is_ok() }).await;
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn each_way_of_being_ready_is_waited_for() {
    let real = Real::with_image().await;
    let name = real.name();
    let one = |ready: Ready| Project::new(&name).service("web", Service::new(server(&image())).ready(ready));
    for ready in [
        Ready::running_for(Duration::from_millis(100)),
        Ready::tcp(80),
        Ready::exec(["test", "-e", "/bin/sh"]),
        Ready::all([Ready::log_line("listening"), Ready::http(80, "/")]),
        Ready::any([Ready::log_line("never"), Ready::tcp(80)]),
    ] {
        let deployment = one(ready).deployment("prod", &real.docker).expect("a project");
        deployment.apply().await.expect("ready");
        deployment.teardown().await.expect("gone");
    }
    let healthy = ContainerSpec::new(image()).stop_signal("SIGKILL");
    let project = Project::new(&name).service("web", Service::new(healthy).ready(Ready::healthy()));
    let deployment = project.deployment("prod", &real.docker).expect("a project");
    deployment.apply().await.expect("healthy");
    deployment.teardown().await.expect("gone");
    for (ready, words) in [
        (Ready::http(80, "/nothing-is-here"), "not ready within"),
        (Ready::tcp(81), "not ready within"),
        (Ready::exec(["false"]), "not ready within"),
        (Ready::healthy(), "no health check"),
        (Ready::exited(), "not ready within"),
    ] {
        let mut project = one(ready);
        project.service_mut("web").deadline = Duration::from_secs(1);
        let deployment = project.deployment("prod", &real.docker).expect("a project");
        let failure = deployment.apply().await.expect_err(words);
        assert!(failure.to_string().contains(words), "{failure}\nhas not {words}");
        assert_eq!(names(&real.docker, &name).await, set(&[]));
    }
    real.docker.network(format!("{name}-prod")).remove().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_runs_once_runs_before_what_comes_after_it() {
    let real = Real::with_image().await;
    let name = real.name();
    let project = |exit: i32| {
        let migrate = sleeper(&format!("echo migrating; exit {exit}"));
        Project::new(&name)
            .service("migrate", Service::new(migrate).ready(Ready::exited()))
            .service(
                "web",
                Service::new(server(&image()))
                    .after_with("migrate", longshore::deploy::After::Completed)
                    .before(sleeper("echo before")),
            )
            .compose_labels(true)
    };
    let failure = project(4).deployment("prod", &real.docker).expect("a project").apply().await.expect_err("it fails");
    assert!(failure.to_string().contains("exit code 4") && failure.to_string().contains("migrating"), "{failure}");
    assert_eq!(names(&real.docker, &name).await, set(&[]));
    let deployment = project(0).deployment("prod", &real.docker).expect("a project");
    deployment.apply().await.expect("applied");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-migrate-1 exited", "-prod-web-1 running"]));
    let other = deployment.run("web", ["sh", "-c", "wget -qO- http://web:80/"]).await.expect("run");
    assert!(other.output_text().contains("hello"), "it is not the service itself: {other:?}");
    assert!(deployment.plan().await.expect("a plan").is_empty(), "it has run");
    let labels = real.docker.container(format!("{name}-prod-web-1")).inspect().await.expect("there").config.labels;
    assert_eq!(labels["com.docker.compose.project"], format!("{name}-prod"));
    assert_eq!((&*labels["com.docker.compose.service"], &*labels["com.docker.compose.container-number"]), ("web", "1"));
    // `docker compose ls` lists the containers with these two, and reads the third.
    assert_eq!(labels["com.docker.compose.config-hash"], labels["dev.longshore.digest"]);
    assert!(labels.contains_key("com.docker.compose.project.config_files"), "{labels:?}");
    assert_eq!(labels["com.docker.compose.oneoff"], "False");
    deployment.teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn the_logs_of_all_come_in_one_stream_and_go_on() {
    let real = Real::with_image().await;
    let name = real.name();
    let talker = sleeper("i=0; while [ $i -lt 20 ]; do echo line $i; i=$((i + 1)); done; exec sleep 600");
    let project = Project::new(&name).service("talker", Service::new(talker).replicas(2));
    let deployment = project.deployment("prod", &real.docker).expect("a project");
    deployment.apply().await.expect("applied");
    let mut lines = deployment.logs().follow(true).await.expect("logs");
    let mut seen = Vec::new();
    while seen.len() < 40 {
        seen.push(lines.next().await.expect("more").expect("a line").to_string());
    }
    deployment.restart("talker").await.expect("restarted");
    while seen.len() < 80 {
        seen.push(lines.next().await.expect("more").expect("a line").to_string());
    }
    drop(lines);
    seen.sort();
    let mut expected: Vec<_> =
        (1..=2).flat_map(|replica| (0..20).map(move |line| format!("talker-{replica}  line {line}"))).collect();
    expected.extend(expected.clone());
    expected.sort();
    assert_eq!(seen, expected);
    let mut lines = deployment.logs().await.expect("logs");
    let mut count = 0;
    while let Some(line) = lines.next().await {
        line.expect("a line");
        count += 1;
    }
    assert_eq!(count, 80);
    deployment.teardown().await.expect("gone");
}

#[cfg(feature = "tar")]
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn files_are_copied_in_and_images_built() {
    use longshore::deploy::File;
    let real = Real::with_image().await;
    let name = real.name();
    let folder = tempfile::tempdir().expect("a folder");
    let dockerfile = |line: &str| {
        let text = format!("FROM {}\nLABEL test={name}\n{line}\n", image());
        std::fs::write(folder.path().join("Dockerfile"), text).expect("written");
    };
    dockerfile("ENV VERSION=1");
    let service = |text: &str| {
        let spec = server(&format!("{name}:built")).cmd([
            "sh",
            "-c",
            "cat /etc/greeting; echo version $VERSION; exec sleep 600",
        ]);
        let file = File::new("/etc/greeting", text).mode(0o640).owner(1, 2);
        Service::new(spec).build(folder.path()).file(file).ready(Ready::log_line("version"))
    };
    let deployment = |text: &str| {
        Project::new(&name).service("a", service(text)).deployment("prod", &real.docker).expect("a project")
    };
    let first = deployment("hello\n");
    let plan = first.plan().await.expect("a plan").to_string();
    assert!(plan.contains(&format!("+ image {name}:built  build")), "{plan}");
    first.apply().await.expect("applied");
    assert!(first.plan().await.expect("a plan").is_empty(), "{}", first.plan().await.expect("a plan"));
    let said = async |deployment: &Deployment| {
        let mut lines = deployment.logs().await.expect("logs");
        let mut said = String::new();
        while let Some(line) = lines.next().await {
            said += &line.expect("a line").line.text;
            said.push(' ');
        }
        said
    };
    assert_eq!(said(&first).await, "hello version 1 ");
    let stat = first
        .exec("a", ["stat", "-c", "%a %u %g", "/etc/greeting"])
        .expect("a service")
        .output()
        .await
        .expect("a stat");
    assert_eq!(stat.stdout_text(), "640 1 2\n");
    let second = deployment("good bye\n");
    let plan = second.plan().await.expect("a plan").to_string();
    assert!(plan.contains("~ a-1  files") && !plan.contains("good bye"), "{plan}");
    dockerfile("ENV VERSION=2");
    let third = deployment("good bye\n");
    third.apply().await.expect("applied");
    assert_eq!(said(&third).await, "good bye version 2 ");
    third.teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_proxy_is_switched_over_once_the_new_one_is_ready() {
    let real = Real::with_image().await;
    let name = real.name();
    let called = Arc::<Mutex<Vec<String>>>::default();
    let deployment = |image: &str, fails: bool| {
        let called = called.clone();
        let project = Project::new(&name).service("web", Service::new(server(image)));
        project.deployment("prod", &real.docker).expect("a project").on_ready(move |target, container| {
            let called = called.clone();
            async move {
                let name = container.inspect().await?.name;
                called.lock().expect("calls").push(format!("{target} {}", name.rsplit('.').next().expect("a part")));
                if fails { Err("the proxy is down".into()) } else { Ok(()) }
            }
        })
    };
    deployment(&image(), false).apply().await.expect("applied");
    let failure = deployment(&image_2(), true).apply().await.expect_err("the hook fails");
    assert!(failure.to_string().contains("the proxy is down"), "{failure}");
    assert_eq!(*called.lock().expect("calls"), ["web-1 next", "web-1 next"]);
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-web-1 running"]));
    deployment(&image(), false).teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_no_environment_wants_is_swept() {
    let real = Real::with_image().await;
    let name = real.name();
    let base = || Project::new(&name).service("a", Service::new(sleeper("exec sleep 600")));
    let both = base().environment("dev", |_| {}).environment("prod", |_| {});
    for environment in ["dev", "prod"] {
        both.deployment(environment, &real.docker).expect("a project").apply().await.expect("applied");
    }
    let one = base().environment("prod", |_| {});
    assert_eq!(one.sweep(&real.docker).await.expect("swept"), ["dev"]);
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-a-1 running"]));
    assert!(one.sweep(&real.docker).await.expect("swept").is_empty());
    let labels = [("dev.longshore.project", name.as_str()), ("dev.longshore.environment", "test")];
    let network = NetworkSpec { labels: labels.into(), ..NetworkSpec::new(format!("{name}-test")) };
    real.docker.networks().create(network).await.expect("all that is left of it");
    assert_eq!(one.sweep(&real.docker).await.expect("swept"), ["test"]);
    assert!(real.docker.network(format!("{name}-test")).inspect().await.expect_err("gone").is_not_found());
    one.deployment("prod", &real.docker).expect("a project").teardown().await.expect("gone");

    let spec = sleeper("true").label("dev.longshore.run", "killed").label("test", &name);
    let left = real.create(spec).await;
    assert!(
        !longshore::deploy::sweep(&real.docker, Duration::from_secs(3600))
            .await
            .expect("swept")
            .contains(&left.id().to_owned())
    );
    left.inspect().await.expect("it is too young");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn one_deploys_at_a_time() {
    let real = Real::with_image().await;
    let name = real.name();
    let slow = Service::new(sleeper("sleep 2; echo up; exec sleep 600")).ready(Ready::log_line("up"));
    let deployment = Project::new(&name).service("slow", slow).deployment("prod", &real.docker).expect("a project");
    let first = tokio::spawn({
        let deployment = deployment.clone();
        async move { deployment.apply().await }
    });
    let lock = real.docker.volume(format!("{name}-prod.lock"));
    until("the first has the lock", || async { lock.inspect().await.is_ok() }).await;
    let failure = deployment.scale("slow", 2).await.expect_err("the first is at it");
    let words = format!("(process {})", std::process::id());
    assert!(failure.step() == Step::Lock && failure.to_string().contains(&words), "{failure}");
    deployment.clone().wait_for_lock(Duration::from_secs(30)).scale("slow", 2).await.expect("scaled");
    first.await.expect("a task").expect("applied");
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-slow-1 running", "-prod-slow-2 running"]));

    // Whoever has it on another machine has it until its lease is over.
    let held = |until: i64| {
        let spec = longshore::volume::VolumeSpec::new(format!("{name}-prod.lock"))
            .label("dev.longshore.lease", until.to_string());
        spec.label("dev.longshore.holder", "ci@elsewhere").label("dev.longshore.process", "boot pid:[1] 1 1")
    };
    let now = longshore::Timestamp::now().as_second();
    real.docker.volumes().create(held(now + 600)).await.expect("a lock");
    let failure = deployment.restart("slow").await.expect_err("it is held");
    assert!(failure.to_string().contains("ci@elsewhere"), "{failure}");
    lock.remove().await.expect("removed");
    real.docker.volumes().create(held(now - 1)).await.expect("a lock");
    deployment.teardown().await.expect("its lease is over");
}
