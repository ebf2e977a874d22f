//! A span of `tracing` for each call, with the names that OpenTelemetry has for HTTP clients.

use super::observe::Observed;
use crate::endpoint::Endpoint;
use hyper::Method;
use tracing::{Span, field};

/// Opens a span. It has what may be known: no name, no query, no header and no body.
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

/// Says how the call ended; the duration is in seconds, to the head of the answer.
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
}
