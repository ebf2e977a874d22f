//! Stats, processes and changes of containers on a real engine.

use crate::support::real::{Real, shell, until};
use longshore::container::ChangeKind;

// behaviour 44
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn stats_once_and_in_one_shot() {
    let real = Real::with_image().await;
    let busy = real.create(shell("while :; do :; done").memory(64 << 20)).await;
    busy.start().await.expect("started");
    let stats = busy.stats().once().await.expect("stats");
    assert!(stats.precpu_stats.cpu_usage.total_usage > 0 && stats.preread.is_some());
    assert!(stats.cpu_percent() > 1.0, "{}", stats.cpu_percent());
    assert_eq!(stats.memory_stats.limit, Some(64 << 20));
    assert!(stats.memory_usage() > 0 && (0.0..100.0).contains(&stats.memory_percent()));
    assert!(stats.pids_stats.current.is_some_and(|pids| pids >= 1));
    assert!(stats.networks.contains_key("eth0"));
    let stats = busy.stats().one_shot().await.expect("stats");
    assert_eq!((stats.preread, stats.precpu_stats.cpu_usage.total_usage), (None, 0));
    assert!(stats.cpu_stats.cpu_usage.total_usage > 0);

    let unlimited = real.run("sleep 60").await;
    let (limit, memory) = (
        unlimited.stats().one_shot().await.expect("stats").memory_stats.limit,
        real.docker.info().await.expect("info").mem_total,
    );
    assert_eq!(limit.and_then(|limit| i64::try_from(limit).ok()), Some(memory));
    let error = real.docker.container(real.name()).stats().once().await.expect_err("no container");
    assert!(error.is_not_found());
    assert!(real.docker.container(real.name()).stats().await.expect_err("no container").is_not_found());
}

// behaviour 45
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn a_stream_goes_on_until_the_container_is_removed() {
    let real = Real::with_image().await;
    let web = real.run("sleep 60").await;
    let mut stats = web.stats().await.expect("a stream");
    stats.next().await.expect("one").expect("one");
    assert!(web.remove().await.expect_err("it runs").is_conflict());
    let (one, two) = (stats.next().await.expect("one").expect("one"), stats.next().await.expect("two").expect("two"));
    assert_eq!(two.preread, one.read);
    web.remove().force(true).await.expect("removed");
    // Up to two may have been on their way.
    for _ in 0..3 {
        match stats.next().await {
            Some(on_its_way) => drop(on_its_way.expect("stats")),
            None => return,
        }
    }
    panic!("the stream goes on though the container is gone");
}

// behaviour 45
#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn what_does_not_run_uses_nothing() {
    let real = Real::with_image().await;
    let never = real.create(shell("true")).await;
    for stats in [never.stats().once().await.expect("at once"), never.stats().one_shot().await.expect("at once")] {
        assert_eq!(stats.id.as_deref(), Some(never.id()));
        assert_eq!((stats.read, stats.memory_usage(), stats.networks.len()), (None, 0, 0));
    }
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn top_lists_processes() {
    let real = Real::with_image().await;
    let web = real.run("sleep 61 & sleep 62; true").await;
    until("the shell has started both", || async {
        let processes = web.top().await.expect("processes");
        let commands: Vec<_> = processes.column("CMD").collect();
        commands.contains(&"sleep 61") && commands.contains(&"sleep 62")
    })
    .await;
    let processes = web.top().ps_args("-eo pid,args").await.expect("processes");
    assert_eq!(processes.titles.len(), 2);
    assert!(processes.column("PID").all(|pid| pid.parse::<u32>().is_ok()));
    assert!(web.top().ps_args("-eo args").await.expect_err("no PID").status().is_some());
    let never = real.create(shell("true")).await;
    assert!(never.top().await.expect_err("it does not run").is_conflict());
    assert!(real.docker.container(real.name()).top().await.expect_err("no container").is_not_found());
}

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn changes_lists_files() {
    let real = Real::with_image().await;
    let job = real.create(shell("touch /tmp/new; echo more >> /etc/passwd; rm -r /www")).await;
    assert_eq!(job.changes().await.expect("none"), []);
    job.start().await.expect("started");
    job.wait().await.expect("its end");
    let changes = job.changes().await.expect("changes");
    for (path, kind) in
        [("/tmp/new", ChangeKind::Added), ("/etc/passwd", ChangeKind::Modified), ("/www", ChangeKind::Deleted)]
    {
        assert!(changes.iter().any(|change| change.path == path && change.kind == kind), "{path}: {changes:?}");
    }
    assert!(real.docker.container(real.name()).changes().await.expect_err("no container").is_not_found());
}
