//! A swarm of one node, on a real engine of the test's own.

use crate::support::dockerd::{Dockerd, is_suite};
use crate::support::real::{Real, image, swarm_turn, until};
use longshore::config::ConfigSpec;
use longshore::container::Healthcheck;
use longshore::node::{NodeAvailability, NodeRole};
use longshore::secret::SecretSpec;
use longshore::service::{FailureAction, ServiceModeKind, ServiceSpec, UpdateConfig, UpdateState};
use longshore::system::LocalNodeState;
use longshore::task::{TaskRestartPolicy, TaskState};
use longshore::{Docker, ErrorKind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// An engine that is the manager of a swarm: one of the test's own, or in suites the suite's.
pub(crate) struct Manager {
    pub(crate) docker: Docker,
    own: Option<Dockerd>,
    /// In suites, one test at a time has the engine.
    _turn: Option<tokio::sync::MutexGuard<'static, ()>>,
}

pub(crate) async fn manager(test: &str) -> Option<Manager> {
    let real = Real::with_image().await;
    let manager = if is_suite() {
        let turn = swarm_turn().await;
        let _ = real.docker.swarm().leave().force(true).await; // a test before may have failed
        Manager { docker: real.docker.clone(), own: None, _turn: Some(turn) }
    } else {
        let engine = Dockerd::start(test, &real.docker, &image(), None).await?;
        Manager { docker: engine.docker.clone(), own: Some(engine), _turn: None }
    };
    manager.docker.swarm().init().advertise_addr("127.0.0.1").await.expect("a swarm");
    Some(manager)
}

impl Manager {
    /// Ends the swarm, and all that is in it.
    pub(crate) async fn end(self) {
        if self.own.is_none() {
            self.docker.swarm().leave().force(true).await.expect("left");
        }
    }
}

/// A service of the test's image. No registry is to be reached from its engine.
fn service(name: &str, line: &str) -> ServiceSpec {
    let quick = UpdateConfig::new().monitor("1s");
    let spec = ServiceSpec::new(name, image()).command(["sh", "-c", line]).update_config(quick.clone());
    spec.rollback_config(quick).health(Healthcheck::none()).stop_signal("KILL")
}

async fn running(docker: &Docker, service: &str) -> usize {
    let tasks = docker.tasks().list().service(service).desired_state(TaskState::Running).await.expect("tasks");
    tasks.iter().filter(|task| task.status.state == TaskState::Running).count()
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_swarm_begins_is_changed_is_locked_and_ends() {
    let real = Real::with_image().await;
    let test = "a_swarm_begins_is_changed_is_locked_and_ends";
    let Some(engine) = Dockerd::start(test, &real.docker, &image(), None).await else { return };
    let docker = &engine.docker;
    let swarm = docker.swarm();
    for error in [
        swarm.inspect().await.map(drop).expect_err("no swarm"),
        docker.services().list().await.map(drop).expect_err("no swarm"),
        swarm.leave().await.expect_err("no swarm"),
    ] {
        assert!(error.is_no_swarm_manager() && error.status() == Some(503), "{error}");
    }
    let node = swarm.init().advertise_addr("127.0.0.1").default_addr_pool("10.99.0.0/16").await.expect("a swarm");
    let again = swarm.init().await.expect_err("again");
    assert!(again.status() == Some(503) && !again.is_no_swarm_manager(), "{again}");
    let info = docker.info().await.expect("info").swarm;
    assert_eq!((info.local_node_state, info.node_id), (LocalNodeState::Active, Some(node.clone())));
    let before = swarm.inspect().await.expect("a swarm");
    assert!(before.join_tokens.worker.expose().starts_with("SWMTKN-1-"));
    assert!(!format!("{before:?}").contains("SWMTKN"), "{before:?}");

    let change = |mut spec: longshore::system::SwarmSpec| {
        spec.encryption_config.auto_lock_managers = true;
        spec
    };
    swarm.update(change).rotate_worker_token(true).await.expect("changed");
    let after = swarm.inspect().await.expect("a swarm");
    assert!(after.spec.encryption_config.auto_lock_managers);
    assert_ne!(before.join_tokens.worker, after.join_tokens.worker);
    assert_eq!(before.join_tokens.manager, after.join_tokens.manager);
    assert_eq!((&before.spec.raft, &before.spec.dispatcher), (&after.spec.raft, &after.spec.dispatcher));

    let key = swarm.unlock_key().await.expect("a key").expect("it is locked after a restart");
    assert!(swarm.unlock(&key).await.expect_err("it is not locked").is_conflict());
    // The engine locks its keys some time after it has answered, and after a start that found them unlocked: nothing tells.
    until("it is locked", || async {
        engine.kill();
        engine.until_up().await;
        docker.info().await.is_ok_and(|info| info.swarm.local_node_state == LocalNodeState::Locked)
    })
    .await;
    assert!(docker.services().list().await.expect_err("it is locked").is_no_swarm_manager());
    let wrong = "SWMKEY-1-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
    let error = swarm.unlock(wrong).await.expect_err("another key");
    assert!(error.is_unauthorized() || error.is_invalid(), "{error}");
    swarm.unlock(&key).await.expect("unlocked");
    until("it is a manager again", || async { docker.nodes().list().await.is_ok() }).await;
    let last = swarm.leave().await.expect_err("the last manager");
    assert!(last.status() == Some(503) && !last.is_no_swarm_manager(), "{last}");
    swarm.leave().force(true).await.expect("left");
    assert_eq!(docker.info().await.expect("info").swarm.local_node_state, LocalNodeState::Inactive);
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_service_lives() {
    let Some(engine) = manager("a_service_lives").await else { return };
    let docker = &engine.docker;
    let told = Arc::<Mutex<Vec<String>>>::default();
    let tell = told.clone();
    let spec = service("web", "echo out; echo err >&2; exec sleep 600").replicas(2).env("MODE", "one").label("a", "b");
    let web = docker.services().create(spec.clone()).await.expect("a service");
    // The test's own engine cannot reach the registry.
    let is_told = web.warnings().iter().any(|warning| warning.contains("could not be resolved"));
    let image = web.inspect().await.expect("there").spec.container().image.clone();
    assert!(is_told != image.contains("@sha256:"), "{image}: {:?}", web.warnings());
    assert!(docker.services().create(spec).resolve_image(false).await.expect_err("again").is_conflict());
    web.converge()
        .observe(move |progress| tell.lock().expect("told").push(progress.to_string()))
        .await
        .expect("it runs");
    assert_eq!(running(docker, "web").await, 2);
    let told = told.lock().expect("told").clone();
    assert!(told.last().is_some_and(|last| last.starts_with("2 of 2")), "{told:?}");

    let listed = docker.services().list().status(true).label("a=b").mode(ServiceModeKind::Replicated).await;
    let [listed] = &*listed.expect("a list") else { panic!("one service") };
    assert_eq!(listed.service_status.as_ref().map(|status| (status.running_tasks, status.desired_tasks)), Some((2, 2)));
    assert_eq!(listed.spec.task_template.container_spec.as_ref().expect("there").env.get("MODE"), Some("one"));

    let mut logs = web.logs().details(true).timestamps(true).await.expect("logs");
    let mut lines = Vec::new();
    while let Some(chunk) = logs.next().await {
        lines.push(chunk.expect("a chunk"));
    }
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines.iter().all(|line| line.to_string().contains("com.docker.swarm.task.id=") && line.time.is_some()));
    let tasks = docker.tasks().list().service("web").await.expect("tasks");
    let task = docker.task(&tasks.first().expect("a task").id);
    assert_eq!(task.inspect().await.expect("a task").status.state, TaskState::Running);
    let mut logs = task.logs().stderr(false).await.expect("logs");
    let line = logs.next().await.expect("a line").expect("a chunk");
    assert_eq!((line.to_string().as_str(), logs.next().await.is_none()), ("out\n", true));

    // Of two who change it at once, the slower one is told, or begins anew.
    let slow = |attempts: u32| {
        let (web, faster) = (web.clone(), std::sync::atomic::AtomicBool::new(true));
        let docker_host = engine.docker.endpoint().host();
        let change = move |spec: ServiceSpec| {
            if faster.swap(false, std::sync::atomic::Ordering::SeqCst) {
                let host = docker_host.clone();
                let thread = std::thread::spawn(move || {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                    runtime.block_on(async {
                        let docker = Docker::connect(&host).expect("a client");
                        docker.service("web").update(|spec| spec.label("faster", "yes")).await.expect("changed");
                    });
                });
                thread.join().expect("changed");
            }
            spec.replicas(3)
        };
        async move { web.update(change).attempts(attempts).await }
    };
    let error = slow(1).await.expect_err("somebody was faster");
    assert!(error.is_out_of_sequence(), "{error}");
    slow(2).await.expect("the second time");
    web.converge().await.expect("three");
    let found = web.inspect().insert_defaults(true).await.expect("there");
    assert_eq!(found.spec.labels.get("faster").map(String::as_str), Some("yes"));
    assert_eq!(running(docker, "web").await, 3);
    assert!(found.spec.task_template.restart_policy.is_some(), "a default");

    web.remove().await.expect("gone");
    assert!(web.inspect().await.expect_err("gone").is_not_found());
    assert!(web.converge().await.expect_err("gone").is_not_found());
    engine.end().await;
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_does_not_converge_says_why() {
    let Some(engine) = manager("what_does_not_converge_says_why").await else { return };
    let services = engine.docker.services();
    let good = service("web", "exec sleep 600");
    let web = services.create(&good).resolve_image(false).await.expect("a service");
    web.converge().await.expect("it runs");

    // Paused.
    web.update(|mut spec| {
        spec.container().command = vec!["sh".to_owned(), "-c".to_owned(), "exit 3".to_owned()];
        spec
    })
    .await
    .expect("sent");
    let error = web.converge().await.expect_err("it ends at once");
    assert_eq!(error.kind(), ErrorKind::NotConverged, "{error}");
    for words in ["web did not converge", "its update was paused", "non-zero exit (3)"] {
        assert!(error.to_string().contains(words), "{error}");
    }
    web.rollback().await.expect("sent");
    web.converge().await.expect("it is what it was");
    assert_eq!(running(&engine.docker, "web").await, 1);
    let status = web.inspect().await.expect("there").update_status.expect("an update");
    assert_eq!(status.state, UpdateState::RollbackCompleted);

    // Rolled back.
    web.update(|mut spec| {
        spec.container().command = vec!["sh".to_owned(), "-c".to_owned(), "exit 4".to_owned()];
        let config = UpdateConfig::new().failure_action(FailureAction::Rollback).monitor(Duration::from_secs(1));
        spec.update_config(config)
    })
    .await
    .expect("sent");
    let error = web.converge().await.expect_err("it ends at once");
    assert!(error.to_string().contains("rolled back") && error.to_string().contains("exit (4)"), "{error}");

    // Given up, of which no engine tells.
    let policy = TaskRestartPolicy::on_failure().max_attempts(1).delay("100ms");
    let spec = service("fails", "exit 5").restart(policy);
    let fails = services.create(spec).resolve_image(false).await.expect("a service");
    let error = fails.converge().await.expect_err("it ends at once");
    assert!(error.kind() == ErrorKind::NotConverged && error.to_string().contains("exit (5)"), "{error}");

    // Ended beside another that runs.
    let line = "[ $SLOT = 1 ] || exec sleep 600; echo going down";
    let spec = service("half", line).env("SLOT", "{{.Task.Slot}}").replicas(2).restart(TaskRestartPolicy::none());
    let half = services.create(spec).resolve_image(false).await.expect("a service");
    let error = half.converge().await.expect_err("one has ended");
    assert!(error.to_string().contains("no longer replaced") && error.to_string().contains("is complete"), "{error}");

    // Nowhere to go.
    let spec = service("nowhere", "true").constraint("node.labels.disk==ssd");
    let nowhere = services.create(spec).resolve_image(false).await.expect("a service");
    let error = nowhere.converge().deadline(Duration::from_secs(2)).await.expect_err("there is no such node");
    assert!(error.is_timeout() && error.to_string().contains("no suitable node"), "{error}");

    // An image that is not there.
    let spec = ServiceSpec::new("absent", "127.0.0.1:1/absent:1").endpoint_mode("dnsrr");
    let absent = services.create(spec).resolve_image(false).await.expect("a service");
    let error = absent.converge().deadline(Duration::from_secs(60)).await.expect_err("there is no such image");
    for words in ["nodes reject its tasks, though the swarm keeps trying", "No such image"] {
        assert!(error.to_string().contains(words), "{error}");
    }
    engine.end().await;
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn jobs_run_to_their_end() {
    let Some(engine) = manager("jobs_run_to_their_end").await else { return };
    let services = engine.docker.services();
    let job = |name: &str, line: &str| {
        let spec = ServiceSpec { update_config: None, rollback_config: None, ..service(name, line) };
        spec.restart(TaskRestartPolicy::none())
    };
    let good = services.create(job("good", "echo done").job(3, 2)).resolve_image(false).await.expect("a job");
    good.converge().await.expect("it is over");
    let found = good.inspect().await.expect("there");
    assert!(found.job_status.is_some(), "{found:?}");
    let global = services.create(job("global", "true").global_job()).resolve_image(false).await.expect("a job");
    global.converge().await.expect("it is over");
    let bad = services.create(job("bad", "exit 6").job(1, 1)).resolve_image(false).await.expect("a job");
    let error = bad.converge().await.expect_err("it fails");
    assert!(error.to_string().contains("exit (6)"), "{error}");
    let all = services.create(service("all", "exec sleep 600").global()).resolve_image(false).await.expect("a service");
    all.converge().await.expect("one on the node");
    assert_eq!(running(&engine.docker, "all").await, 1);
    engine.end().await;
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn nodes_secrets_and_configs() {
    let Some(engine) = manager("nodes_secrets_and_configs").await else { return };
    let docker = &engine.docker;
    let [node] = &*docker.nodes().list().role(NodeRole::Manager).await.expect("nodes") else { panic!("one node") };
    assert!(node.manager_status.as_ref().is_some_and(|status| status.leader), "{node:?}");
    let handle = docker.node(&node.id);
    handle.update(|spec| spec.label("disk", "ssd")).attempts(5).await.expect("changed");
    handle.update(|spec| spec.availability(NodeAvailability::Pause)).attempts(5).await.expect("changed");
    let found = handle.inspect().await.expect("there");
    assert_eq!(found.spec.labels.get("disk").map(String::as_str), Some("ssd"), "it stays");
    assert_eq!(found.spec.availability, NodeAvailability::Pause);
    assert!(handle.update(|spec| spec.role(NodeRole::Worker)).attempts(5).await.expect_err("the last").is_invalid());
    assert!(handle.remove().await.expect_err("a manager").is_invalid());
    handle.update(|spec| spec.availability(NodeAvailability::Active)).attempts(5).await.expect("changed");

    let secret =
        docker.secrets().create(SecretSpec::new("token-1", "hunter2").label("app", "web")).await.expect("a secret");
    assert!(docker.secrets().create(SecretSpec::new("token-1", "x")).await.expect_err("again").is_conflict());
    assert!(docker.secrets().create(SecretSpec::new("empty", "")).await.expect_err("nothing in it").is_invalid());
    secret.update(|spec| spec.label("tier", "front")).await.expect("changed");
    let found = secret.inspect().await.expect("there");
    assert_eq!((found.spec.labels.len(), found.spec.data.expose()), (2, ""));
    assert_eq!(docker.secrets().list().exact_name("token-1").label("app=web").await.expect("a list").len(), 1);

    let config = docker.configs().create(ConfigSpec::new("site-1", "server {}")).await.expect("a config");
    config.update(|spec| spec.label("tier", "front")).await.expect("changed");
    let found = config.inspect().await.expect("there");
    assert_eq!((found.spec.data.as_ref(), found.spec.labels.len()), (&b"server {}"[..], 1));

    let spec = service("web", "cat /run/secrets/token /etc/site; echo; exec sleep 600")
        .constraint("node.labels.disk==ssd")
        .secret(secret.reference("token").await.expect("a reference"))
        .config(config.reference("/etc/site").await.expect("a reference"));
    let web = docker.services().create(spec).resolve_image(false).await.expect("a service");
    web.converge().await.expect("it runs");
    let mut logs = web.logs().await.expect("logs");
    let line = logs.next().await.expect("a line").expect("a chunk").to_string();
    assert_eq!(line, "hunter2server {}\n");
    assert!(secret.remove().await.expect_err("it is used").is_in_use());
    assert!(config.remove().await.expect_err("it is used").is_in_use());
    web.remove().await.expect("gone");
    secret.remove().await.expect("gone");
    config.remove().await.expect("gone");
    assert!(docker.secrets().list().await.expect("a list").is_empty());
    engine.end().await;
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn plugins_are_created_and_removed() {
    let real = Real::engine();
    let plugins = real.docker.plugins();
    let config = serde_json::json!({
        "Description": "does nothing", "Documentation": "", "Entrypoint": ["/bin/none"], "WorkDir": "",
        "Interface": {"Types": ["docker.volumedriver/1.0"], "Socket": "none.sock"}, "Network": {"Type": "none"},
        "Env": [{"Name": "DEBUG", "Description": "", "Settable": ["value"], "Value": "0"}],
        "Linux": {"Capabilities": ["CAP_SYS_ADMIN"], "Devices": null}, "Args": {"Name": "", "Settable": null, "Value": null},
    });
    let mut archive = tar::Builder::new(Vec::new());
    let mut add = |path: &str, kind: tar::EntryType, content: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o755);
        header.set_entry_type(kind);
        archive.append_data(&mut header, path, content).expect("added");
    };
    add("config.json", tar::EntryType::Regular, config.to_string().as_bytes());
    add("rootfs/", tar::EntryType::Directory, b"");
    add("rootfs/none", tar::EntryType::Regular, b"none");
    let archive = archive.into_inner().expect("an archive");
    let name = format!("{}/{}:1", crate::support::real::variable("LONGSHORE_TEST_REGISTRY"), real.name());
    let plugin = plugins.create(&name, archive).await.expect("a plugin");
    let found = plugin.inspect().await.expect("there");
    assert_eq!((found.name.as_str(), found.enabled), (name.as_str(), false));
    assert_eq!(found.settings.env.get("DEBUG"), Some("0"));
    plugin.set(["DEBUG=1"]).await.expect("set");
    assert_eq!(plugin.inspect().await.expect("there").settings.env.get("DEBUG"), Some("1"));
    assert!(plugin.set(["NONE=1"]).await.is_err(), "it has no such setting");
    let list = plugins.list().capability("volumedriver").enabled(false).await.expect("a list");
    assert!(list.iter().any(|plugin| plugin.name == name), "{list:?}");
    assert!(plugin.enable().await.is_err(), "it has no program");
    assert!(plugin.disable().await.expect_err("it is not enabled").is_conflict());
    plugin.push().await.expect("pushed");
    plugin.remove().await.expect("gone");
    assert!(plugin.inspect().await.expect_err("gone").is_not_found());
    #[cfg(feature = "tar")]
    {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("config.json"), config.to_string()).expect("written");
        std::fs::create_dir_all(folder.path().join("rootfs/bin")).expect("a folder");
        std::fs::write(folder.path().join("rootfs/bin/none"), "none").expect("written");
        let plugin = plugins.create_from_folder(&name, folder.path()).await.expect("a plugin");
        assert_eq!(plugin.inspect().await.expect("there").config.description, "does nothing");
        plugin.remove().await.expect("gone");
    }

    // From the registry, with what it wants.
    let privileges = plugins.privileges(&name).await.expect("privileges");
    assert!(privileges.iter().any(|wanted| wanted.name == "capabilities"), "{privileges:?}");
    let error = plugins.install(&name, &[]).await.expect_err("it is not allowed what it wants");
    assert!(error.to_string().contains("incorrect privileges"), "{error}");
    let plugin = plugins.install(&name, &privileges).await.expect("installed");
    assert!(!plugin.inspect().await.expect("there").enabled);
    plugin.upgrade(&name, &privileges).await.expect("upgraded");
    plugin.remove().await.expect("gone");
    assert!(plugins.privileges("127.0.0.1:1/none:1").await.is_ok_and(|privileges| privileges.is_empty()));
}
