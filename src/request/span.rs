//! A `tracing` span for each call, with OpenTelemetry's names for HTTP clients.

use super::observe::Observed;
use crate::endpoint::Endpoint;
use hyper::Method;
use tracing::{Span, field};

/// Opens a span with what may be logged: no names, query, headers or bodies.
pub(super) fn open(method: &Method, template: &str, endpoint: &Endpoint) -> Span {
    tracing::debug_span!(
        target: "longshore",
        "docker",
        otel.name = format_args!("{method} {template}"),
        otel.kind = "client",
        otel.status_code = field::Empty,
        http.request.method = method.as_str(),
        url.template = template,
        server.address = endpoint.host(),
        http.response.status_code = field::Empty,
        http.client.request.duration = field::Empty,
        docker.api_version = field::Empty,
        error.type = field::Empty,
    )
}

/// Records how the call ended. The duration is in seconds, until the head of the response.
pub(super) fn close(span: &Span, observed: &Observed<'_>) {
    span.record("http.client.request.duration", observed.duration.as_secs_f64());
    if let Some(status) = observed.status {
        span.record("http.response.status_code", status);
    }
    if let Some(version) = observed.version {
        span.record("docker.api_version", field::display(version));
    }
    if let Some(error) = observed.error {
        span.record("error.type", field::debug(error));
        span.record("otel.status_code", "ERROR");
    }
    if observed.dropped {
        span.record("error.type", "dropped");
    }
}
