//! The timer of a connection.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker, ready};
use tokio::time::{Instant, Sleep};

/// A timer that stays set from one use to the next, since setting one costs a call more than anything else of its limits.
///
/// It is moved only to an earlier time. One that is set too early is set anew when it fires. While nobody waits for it, it
/// fires without a task being woken.
#[derive(Debug, Default)]
pub(super) struct Alarm(Option<Box<Set>>);

#[derive(Debug)]
struct Set {
    timer: Pin<Box<Sleep>>,
    waiting: Arc<Waiting>,
    /// What the timer wakes, which is [`Waiting`].
    waker: Waker,
}

/// The task that waits for the timer.
#[derive(Debug, Default)]
struct Waiting(Mutex<Option<Waker>>);

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        if let Some(task) = self.take() {
            task.wake();
        }
    }
}

impl Waiting {
    fn set(&self, task: &Waker) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *waiting {
            Some(waiting) => waiting.clone_from(task),
            waiting => *waiting = Some(task.clone()),
        }
    }

    fn take(&self) -> Option<Waker> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Alarm {
    /// Ready once it is `at`; the task is woken for it.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, at: Instant) -> Poll<()> {
        let Set { timer, waiting, waker } = &mut **self.0.get_or_insert_with(|| {
            let waiting = Arc::new(Waiting::default());
            let waker = Waker::from(waiting.clone());
            Box::new(Set { timer: Box::pin(tokio::time::sleep_until(at)), waiting, waker })
        });
        waiting.set(cx.waker());
        if timer.deadline() > at {
            timer.as_mut().reset(at);
        }
        loop {
            ready!(timer.as_mut().poll(&mut Context::from_waker(waker)));
            if Instant::now() >= at {
                return Poll::Ready(());
            }
            timer.as_mut().reset(at);
        }
    }

    /// Wakes nobody any more, until it is polled again.
    pub(super) fn rest(&self) {
        if let Some(set) = &self.0 {
            set.waiting.take();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Alarm;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Context, Wake, Waker};
    use std::time::Duration;
    use tokio::time::{Instant, sleep_until};

    #[derive(Default)]
    struct Count(AtomicU32);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often a task is woken that has waited for the alarm, once the time is over.
    async fn woken(rests: bool) -> u32 {
        let (count, mut alarm) = (Arc::new(Count::default()), Alarm::default());
        let waker = Waker::from(count.clone());
        let at = Instant::now() + Duration::from_millis(5);
        assert!(alarm.poll(&mut Context::from_waker(&waker), at).is_pending());
        if rests {
            alarm.rest();
        }
        sleep_until(at + Duration::from_millis(5)).await; // timers fire in their order
        count.0.load(Ordering::Relaxed)
    }

    #[tokio::test]
    async fn wakes_whoever_waits_and_nobody_else() {
        assert_eq!((woken(false).await, woken(true).await), (1, 0));
    }
}
