//! Containers to be run, handed out to whoever is free.

use super::{Failure, NAME};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

/// Names that nobody else has.
#[derive(Default)]
pub struct Names(AtomicUsize);

impl Names {
    pub fn take(&self, count: usize) -> Vec<String> {
        let first = self.0.fetch_add(count, Ordering::Relaxed);
        (first..first + count).map(|index| format!("{NAME}-{}-{index}", std::process::id())).collect()
    }
}

/// Whether a signal asked for an end.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// From now on SIGINT and SIGTERM make what is measured fail, so that everything is taken away.
pub fn stop_on_signals() -> Result<(), Failure> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (mut interrupt, mut terminate) = {
        let _entered = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        });
        STOPPED.store(true, Ordering::Relaxed);
    });
    Ok(())
}

/// What is left to be done.
struct Queue(Mutex<Vec<String>>);

impl Queue {
    fn next(&self) -> Result<Option<String>, Failure> {
        if STOPPED.load(Ordering::Relaxed) {
            return Err("ended by a signal".into());
        }
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).pop())
    }
}

/// On so many threads, each with something of its own to work with.
pub fn on_threads<T: Send>(
    names: Vec<String>,
    tools: &mut [T],
    one: impl Fn(&mut T, &str) -> Result<(), Failure> + Sync,
) -> Result<(), Failure> {
    let queue = Queue(Mutex::new(names));
    let work = |tool: &mut T| -> Result<(), Failure> {
        while let Some(name) = queue.next()? {
            one(tool, &name)?;
        }
        Ok(())
    };
    if let [tool] = tools {
        return work(tool);
    }
    std::thread::scope(|scope| {
        let threads: Vec<_> = tools.iter_mut().map(|tool| scope.spawn(|| work(tool))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a thread panicked")?)
    })
}

/// In so many tasks.
pub async fn in_tasks<F>(
    names: Vec<String>,
    at_once: usize,
    one: impl Fn(String) -> F + Clone + Send + 'static,
) -> Result<(), Failure>
where
    F: Future<Output = Result<(), Failure>> + Send,
{
    let queue = Arc::new(Queue(Mutex::new(names)));
    let mut tasks = JoinSet::new();
    for _ in 0..at_once {
        let (queue, one) = (queue.clone(), one.clone());
        tasks.spawn(async move {
            while let Some(name) = queue.next()? {
                one(name).await?;
            }
            Ok::<(), Failure>(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok(())
}
