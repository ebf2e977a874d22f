//! Projects on a real engine, and their images: pulled as their policies say, built, pushed, and tagged by others.

use crate::support::projects::{names, page, server, set};
use crate::support::real::{Real, image, image_2, variable};
use crate::support::registry::{publish, publish_as};
use longshore::Docker;
use longshore::deploy::{Deployment, Project, PullPolicy, Service, Step};
use std::time::Duration;

fn project(name: &str, docker: &Docker, web: Service) -> Deployment {
    Project::new(name).service("web", web).deployment("prod", docker).expect("a project")
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_image_is_as_new_as_its_policy_says() {
    let real = Real::with_image().await;
    let name = real.name();
    let tag = publish(&name, "1");
    let web = |policy| project(&name, &real.docker, Service::new(server(&tag)).pull(policy));
    let image = || async { real.docker.container(format!("{name}-prod-web-1")).inspect().await.expect("there").image };
    let failure = web(PullPolicy::Never).apply().await.expect_err("the engine does not have it");
    assert!(failure.step() == Step::Pull && failure.to_string().contains("No such image"), "{failure}");
    web(PullPolicy::Missing).apply().await.expect("applied");
    let first = image().await;
    publish_as(&name, "1", "later");
    for policy in [PullPolicy::Missing, PullPolicy::Never] {
        let plan = web(policy).plan().await.expect("a plan");
        assert!(plan.is_empty(), "{policy:?}: {plan}");
    }
    for policy in [PullPolicy::OlderThan(Duration::ZERO), PullPolicy::Always] {
        let plan = web(policy).plan().await.expect("a plan").to_string();
        assert!(plan.contains(&format!("↓ image {tag}")) && plan.contains("a newer one"), "{policy:?}: {plan}");
    }
    let plan = web(PullPolicy::Always).plan().await.expect("a plan");
    real.docker.images().pull(tag.as_str()).await.expect("somebody pulls it meanwhile");
    plan.apply().await.expect("that is no reason to refuse");
    assert_ne!(image().await, first);
    let plan = web(PullPolicy::Always).plan().await.expect("a plan");
    assert!(plan.is_empty(), "{plan}");
    web(PullPolicy::Always).teardown().await.expect("gone");
}

#[cfg(feature = "tar")]
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_image_that_was_not_pushed_is_pushed_again() {
    use longshore::deploy::BuildFrom;
    let real = Real::with_image().await;
    let name = real.name();
    let folder = tempfile::tempdir().expect("a folder");
    let dockerfile = format!("FROM {}\nLABEL test={name}\n", image());
    std::fs::write(folder.path().join("Dockerfile"), dockerfile).expect("written");
    let pushed = |registry: &str| {
        let web = Service::new(server(&format!("{registry}/{name}:1")));
        project(&name, &real.docker, web.build(BuildFrom::folder(folder.path()).push(true)))
    };
    for _ in 0..2 {
        let failure = pushed("127.0.0.1:1").apply().await.expect_err("nobody is there");
        assert!(
            failure.step() == Step::Push && failure.to_string().contains("while pushing the image 127.0.0.1:1"),
            "{failure}"
        );
    }
    assert_eq!(names(&real.docker, &name).await, set(&[]));
    let registry = variable("LONGSHORE_TEST_REGISTRY");
    let deployment = pushed(&registry);
    deployment.apply().await.expect("pushed and applied");
    let image = real.docker.image(format!("{registry}/{name}:1"));
    image.distribution().await.expect("the registry has it");
    let plan = deployment.plan().await.expect("a plan");
    assert!(plan.is_empty(), "{plan}");
    deployment.teardown().await.expect("gone");
}

#[cfg(feature = "tar")]
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn an_image_with_names_in_several_repositories_is_neither_pushed_nor_pulled_again() {
    use longshore::deploy::BuildFrom;
    let real = Real::with_image().await;
    let name = real.name();
    let repository = |last: &str| format!("{}/{name}-{last}", variable("LONGSHORE_TEST_REGISTRY"));
    let folder = tempfile::tempdir().expect("a folder");
    let dockerfile = format!("FROM {}\nLABEL test={name}\n", image());
    std::fs::write(folder.path().join("Dockerfile"), dockerfile).expect("written");
    let app = format!("{}:1", repository("m"));
    let web = Service::new(server(&app)).build(BuildFrom::folder(folder.path()).push(true));
    let built = project(&name, &real.docker, web);
    built.apply().await.expect("pushed and applied");
    // Names before and after its own: whichever one the list takes.
    for last in ["a", "z"] {
        let other = format!("{}:1", repository(last));
        real.docker.image(&app).tag(other.as_str()).await.expect("tagged");
    }
    let plan = built.plan().await.expect("a plan");
    assert!(plan.is_empty(), "{plan}");
    let digests = real.docker.image(&app).inspect().await.expect("an image").repo_digests;
    let own = digests.iter().filter(|digest| digest.contains(&name));
    for digest in own {
        let plan = project("pinned", &real.docker, Service::new(digest.as_str())).plan().await.expect("a plan");
        assert!(!plan.to_string().contains('↓'), "{digest}: {plan}");
    }
    built.teardown().await.expect("gone");
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_plan_for_another_image_of_a_tag_stays_valid() {
    let real = Real::with_image().await;
    let (name, second) = (real.name(), image_2());
    real.pull(&second).await;
    let tagged = real.docker.image(format!("{name}:latest"));
    let tag = async |image: &str| real.docker.image(image).tag(format!("{name}:latest")).await.expect("a tag");
    tag(&image()).await;
    let deployment = project(&name, &real.docker, Service::new(server(&format!("{name}:latest"))));
    deployment.apply().await.expect("applied");
    let unchanged = names(&real.docker, &name).await;
    tag(&second).await;
    let plan = deployment.plan().await.expect("a plan");
    assert!(plan.to_string().contains("the image behind"), "{plan}");
    tagged.remove().await.expect("untagged");
    plan.apply().await.expect("nothing is needed for the moment");
    assert_eq!(names(&real.docker, &name).await, unchanged);
    tag(&second).await;
    plan.apply().await.expect("replaced");
    assert!(page(&deployment, "web", 1).await.contains("version 2"));
    deployment.teardown().await.expect("gone");
}
