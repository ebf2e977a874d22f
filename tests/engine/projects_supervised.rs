//! Supervisors on a real engine, beside other deployers.

use crate::support::projects::{Writes, names, server, set, sleeper};
use crate::support::real::{Real, image, image_2, shell, until};
use longshore::Docker;
use longshore::container::{Container, Healthcheck};
use longshore::deploy::{Deployment, Event, Order, Project, Ready, Service, Step};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// A supervisor, and what it has begun to heal.
struct Supervisor {
    task: JoinHandle<()>,
    healed: Arc<Mutex<Vec<String>>>,
}

impl Supervisor {
    fn of(deployment: Deployment) -> Self {
        let healed = Arc::<Mutex<Vec<String>>>::default();
        let tell = healed.clone();
        let deployment = deployment.observe(move |event| {
            let Some(target) = event.target else { return };
            let what = match event.event {
                Event::Healing { reason, .. } if reason.contains("removed") => "removed",
                Event::Healing { reason, .. } if reason.contains("renamed") => "renamed",
                Event::Healing { reason, .. } if reason.contains("unhealthy") => "unhealthy",
                Event::Healing { .. } => "exited",
                Event::HealingFailed(failure) if failure.step() == Step::Pull => "has no image",
                Event::HealingFailed(failure) => panic!("{failure}"),
                _ => return,
            };
            tell.lock().expect("events").push(format!("{target} {what}"));
        });
        let task = tokio::spawn(async move {
            let ended = deployment.supervise().await;
            panic!("{ended:?}");
        });
        Self { task, healed }
    }

    fn healed(&self) -> Vec<String> {
        self.healed.lock().expect("events").clone()
    }

    /// Kills a container, and waits until the supervisor has healed it and nobody deploys.
    async fn heals(&self, real: &Real, project: &str, container: &Container) {
        let before = self.healed().len();
        container.kill().await.expect("killed");
        until("it is healed", || async { self.healed().len() > before }).await;
        until("it runs", || runs(container)).await;
        is_free(real, project).await;
    }

    async fn end(self, deployment: Deployment) {
        self.task.abort();
        until("nobody deploys", || async { deployment.teardown().await.is_ok() }).await;
    }
}

async fn runs(container: &Container) -> bool {
    container.inspect().await.is_ok_and(|found| found.state.running)
}

async fn is_free(real: &Real, project: &str) {
    let lock = real.docker.volume(format!("{project}-prod.lock"));
    until("nobody deploys", || async { lock.inspect().await.is_err_and(|error| error.is_not_found()) }).await;
}

fn jobs(name: &str, replicas: u32) -> Project {
    Project::new(name).service("job", Service::new(sleeper("exec sleep 600")).replicas(replicas))
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_was_removed_on_purpose_stays_away() {
    let real = Real::with_image().await;
    let name = real.name();
    let project = jobs(&name, 4).service("migrate", Service::new(sleeper("exit 0")).ready(Ready::exited()));
    let deployment = project.deployment("prod", &real.docker).expect("a project");
    deployment.apply().await.expect("applied");
    let more = project.service("later", Service::new(sleeper("exec sleep 600"))); // never applied
    let supervisor = Supervisor::of(more.deployment("prod", &real.docker).expect("a project"));
    let job = |replica| deployment.container("job", replica).expect("a service");
    supervisor.heals(&real, &name, &job(1)).await; // it has seen what is there

    deployment.container("migrate", 1).expect("a service").remove().await.expect("pruned");
    deployment.scale("job", 2).await.expect("scaled");
    supervisor.heals(&real, &name, &job(2)).await; // what was missing before would have been healed before
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-job-1 running", "-prod-job-2 running"]));

    // What a deployer puts in place is looked after.
    deployment.scale("job", 3).await.expect("scaled");
    supervisor.heals(&real, &name, &job(3)).await;
    job(3).remove().force(true).await.expect("removed");
    until("it is there again", || async { runs(&job(3)).await }).await;
    is_free(&real, &name).await; // cut off at connecting it, old engines would never let go of the network
    assert_eq!(supervisor.healed(), ["job-1 exited", "job-2 exited", "job-3 exited", "job-3 removed"]);
    supervisor.end(deployment).await;
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_was_torn_down_stays_down() {
    let real = Real::with_image().await;
    let name = real.name();
    let deployment = jobs(&name, 2).deployment("prod", &real.docker).expect("a project");
    deployment.apply().await.expect("applied");
    let supervisor = Supervisor::of(deployment.clone());
    let job = |replica| deployment.container("job", replica).expect("a service");
    supervisor.heals(&real, &name, &job(1)).await;
    deployment.teardown().await.expect("torn down");

    // The supervisor looks whenever this container ends. It heals what is missing for a second.
    let labels = [("dev.longshore.project", name.as_str()), ("dev.longshore.environment", "prod")];
    let spec = labels.into_iter().fold(sleeper("exit 0"), |spec, (key, value)| spec.label(key, value));
    let (other, begun) = (real.create(spec).await, Instant::now());
    until("it has looked for long", || async {
        other.start().await.expect("started");
        begun.elapsed() > Duration::from_secs(2)
    })
    .await;
    other.remove().force(true).await.expect("removed");
    assert_eq!(names(&real.docker, &name).await, set(&[]));
    deployment.apply().await.expect("applied");
    supervisor.heals(&real, &name, &job(2)).await;
    assert_eq!(supervisor.healed(), ["job-1 exited", "job-2 exited"]);
    supervisor.end(deployment).await;
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_is_replaced_while_the_lock_is_awaited_is_not_healed() {
    let real = Real::with_image().await;
    let name = real.name();
    let version = |version: u32| {
        let service = Service::new(sleeper(&format!("echo {version}; exec sleep 600"))).order(Order::StartFirst);
        Project::new(&name).service("job", service)
    };
    let old = version(1).deployment("prod", &real.docker).expect("a project");
    old.apply().await.expect("applied");
    let new = version(2);
    // The supervisor's first write is the lock. Another deployer is faster.
    let writes = Writes::at(0, move || {
        let new = new.clone();
        let deployer = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let docker = Docker::from_env().expect("the engine");
                new.deployment("prod", &docker).expect("a project").apply().await.expect("applied");
            });
        });
        deployer.join().expect("it has deployed");
    });
    let docker = Docker::builder().observe(writes.clone()).build().expect("a client");
    let supervisor = Supervisor::of(version(1).deployment("prod", &docker).expect("a project"));
    old.container("job", 1).expect("a service").kill().await.expect("killed");
    until("it has had its turn", || async { writes.count() > 1 }).await;
    is_free(&real, &name).await;
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-job-1 running", "-prod-job-1.old exited"]));
    assert_eq!(supervisor.healed(), [""; 0]);
    supervisor.end(old).await;
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_is_unhealthy_is_restarted() {
    let real = Real::with_image().await;
    let name = real.name();
    let check = Healthcheck::shell("test ! -e /ill").interval(Duration::from_millis(100)).retries(1);
    let spec = sleeper("rm -f /ill; exec sleep 600").health(check);
    let project = Project::new(&name).service("job", Service::new(spec).ready(Ready::healthy()));
    let deployment = project.deployment("prod", &real.docker).expect("a project");
    deployment.apply().await.expect("applied");
    let job = deployment.container("job", 1).expect("a service");
    let begun = job.inspect().await.expect("there").state.started_at;
    let supervisor = Supervisor::of(deployment.clone());
    job.exec(["touch", "/ill"]).output().await.expect("ill");
    until("it is started again", || async { job.inspect().await.expect("there").state.started_at > begun }).await;
    is_free(&real, &name).await;
    assert_eq!(supervisor.healed(), ["job-1 unhealthy"]);
    supervisor.end(deployment).await;
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_cannot_be_healed_is_told_with_the_reason() {
    let real = Real::with_image().await;
    let name = real.name();
    let tagged = format!("{name}:latest");
    let made = real.create(shell("true")).await;
    made.commit().tag(tagged.as_str()).author("me").await.expect("an image that no other name keeps");
    made.remove().await.expect("removed");
    let (deployment, supervisor, job) = supervised(&real, &name, &tagged).await;
    until("the image is gone", || async {
        drop(job.remove().force(true).await); // it may have been healed meanwhile, and have the image
        real.docker.image(&tagged).remove().await.is_ok()
    })
    .await;
    until("it has failed", || async {
        drop(job.remove().force(true).await); // it may have been created just before the image was gone
        supervisor.healed().iter().any(|what| what == "job-1 has no image")
    })
    .await;
    assert_eq!(supervisor.healed().get(..2).expect("two"), ["job-1 exited", "job-1 removed"]);
    real.docker.image(image()).tag(tagged.as_str()).await.expect("a tag");
    until("it is there again", || async { runs(&job).await }).await;
    supervisor.end(deployment).await;
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_is_created_anew_has_its_image_though_the_tag_has_moved() {
    let real = Real::with_image().await;
    let (name, other) = (real.name(), image_2());
    real.pull(&other).await;
    let tagged = format!("{name}:latest");
    real.docker.image(image()).tag(tagged.as_str()).await.expect("a tag");
    let (deployment, supervisor, job) = supervised(&real, &name, &tagged).await;
    let found = job.inspect().await.expect("there");
    real.docker.image(&other).tag(tagged.as_str()).await.expect("the tag moved");
    job.remove().force(true).await.expect("removed");
    until("it is there again", || async { runs(&job).await }).await;
    let anew = job.inspect().await.expect("there");
    assert!(anew.id != found.id && anew.image == found.image, "{} is not {}", anew.image, found.image);
    supervisor.end(deployment).await;
}

/// A service of this image that is deployed, with its supervisor, which has seen the container.
async fn supervised(real: &Real, name: &str, image: &str) -> (Deployment, Supervisor, Container) {
    let project = Project::new(name).service("job", Service::new(server(image).cmd(["sleep", "600"])));
    let deployment = project.deployment("prod", &real.docker).expect("a project");
    deployment.apply().await.expect("applied");
    let supervisor = Supervisor::of(deployment.clone());
    let job = deployment.container("job", 1).expect("a service");
    supervisor.heals(real, name, &job).await;
    (deployment, supervisor, job)
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_was_renamed_gets_its_name_back() {
    let real = Real::with_image().await;
    let name = real.name();
    let deployment = jobs(&name, 1).deployment("prod", &real.docker).expect("a project");
    deployment.apply().await.expect("applied");
    let job = deployment.container("job", 1).expect("a service");
    let supervisor = Supervisor::of(deployment.clone());
    supervisor.heals(&real, &name, &job).await; // it has seen what is there
    let id = job.inspect().await.expect("there").id;
    job.rename(format!("{name}-old")).await.expect("renamed");
    until("it has its name back", || async { job.inspect().await.is_ok_and(|found| found.id == id) }).await;
    is_free(&real, &name).await;
    assert_eq!(names(&real.docker, &name).await, set(&["-prod-job-1 running"]));
    assert_eq!(supervisor.healed(), ["job-1 exited", "job-1 renamed"]);
    supervisor.end(deployment).await;
}
