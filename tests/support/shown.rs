//! All that anybody could print, to be searched for secrets.

use longshore::{Error, Observe, Observed};
use std::error::Error as _;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

/// All that anybody could print.
#[derive(Clone, Debug, Default)]
pub struct Shown(Arc<Mutex<String>>);

impl Shown {
    pub fn add(&self, what: &dyn Debug) {
        writeln!(self.0.lock().expect("the text"), "{what:?} {what:#?}").expect("written");
    }

    /// An error with all its causes.
    pub fn error(&self, error: &Error) {
        self.add(error);
        let mut text = self.0.lock().expect("the text");
        writeln!(text, "{error} {error:#} {:?}", error.call()).expect("written");
        let mut cause = error.source();
        while let Some(error) = cause {
            writeln!(text, "{error} {error:?}").expect("written");
            cause = error.source();
        }
    }

    pub fn fails<T: Debug>(&self, result: Result<T, Error>) {
        self.error(&result.expect_err("it is refused"));
    }

    pub fn text(&self) -> String {
        self.0.lock().expect("the text").clone()
    }
}

impl Observe for Shown {
    fn begins(&self, call: &Observed<'_>) {
        self.add(call);
    }

    fn answered(&self, call: &Observed<'_>) {
        self.add(call);
    }
}
