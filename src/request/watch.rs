//! Reports calls to observers and to `tracing`.

use super::builder::Request;
use super::client::Client;
use super::observe::Observed;
use super::response::Response;
use crate::Result;
use hyper::Method;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A call under observation. Empty if nobody observes.
pub(super) struct Watch(Option<Begun>);

struct Begun {
    client: Arc<Client>,
    method: Method,
    template: String,
    versioned: bool,
    since: Instant,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl Watch {
    pub(super) fn begin(request: &Request) -> Self {
        let client = request.client();
        if client.observer.is_none() && cfg!(not(feature = "tracing")) {
            return Self(None);
        }
        let template = request.template();
        let begun = Begun {
            #[cfg(feature = "tracing")]
            span: super::span::open(&request.method, template, client.endpoint()),
            client: client.clone(),
            method: request.method.clone(),
            template: template.to_owned(),
            versioned: request.versioned,
            since: Instant::now(),
        };
        if let Some(observer) = &client.observer {
            observer.begins(&begun.observed());
        }
        Self(Some(begun))
    }

    /// Runs the call within its span, if there is one.
    #[cfg(feature = "tracing")]
    pub(super) fn run<F: Future>(&self, call: F) -> tracing::instrument::Instrumented<F> {
        let span = self.0.as_ref().map_or_else(tracing::Span::none, |begun| begun.span.clone());
        tracing::Instrument::instrument(call, span)
    }

    /// Runs the call, without a span.
    #[cfg(not(feature = "tracing"))]
    #[allow(clippy::unused_self, reason = "the other one needs it")]
    pub(super) fn run<F: Future>(&self, call: F) -> F {
        call
    }

    pub(super) fn end(mut self, result: &Result<Response>) {
        let Some(begun) = self.0.take() else { return };
        let (status, error) = match result {
            Ok(answer) => (Some(answer.status().as_u16()), None),
            Err(error) => (error.status(), Some(error.kind())),
        };
        begun.end(&Observed { status, error, duration: begun.since.elapsed(), ..begun.observed() });
    }
}

impl Drop for Watch {
    /// Reports a call that was dropped before its end.
    fn drop(&mut self) {
        if let Some(begun) = self.0.take() {
            begun.end(&Observed { dropped: true, duration: begun.since.elapsed(), ..begun.observed() });
        }
    }
}

impl Begun {
    fn end(&self, observed: &Observed<'_>) {
        #[cfg(feature = "tracing")]
        super::span::close(&self.span, observed);
        if let Some(observer) = &self.client.observer {
            observer.answered(observed);
        }
    }

    fn observed(&self) -> Observed<'_> {
        Observed {
            method: self.method.as_str(),
            template: &self.template,
            endpoint: self.client.endpoint(),
            version: self.client.known_version().filter(|_| self.versioned),
            status: None,
            error: None,
            dropped: false,
            duration: Duration::ZERO,
        }
    }
}
