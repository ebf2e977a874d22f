//! How the output of a container is framed: engines announce it, or the container's own settings tell.

use crate::request::{Answer, Request, json, send, version};
use crate::stream::Framing;
use crate::wire;
use crate::{Result, Version};

/// Who tells how the answer to a request is framed.
enum Announced {
    /// The answer itself, or else the container that is inspected by this.
    ByAnswer(Box<Request>),
    /// Before API 1.42 engines announce raw bytes, whatever they send: the container was asked before.
    ByContainer(Framing),
}

impl Announced {
    /// Finds out, of a request for a container's output, before it is sent.
    async fn by(request: &Request) -> Result<Self> {
        let inspect = request.sibling("json");
        if version(request).await? >= Version::V1_42 {
            return Ok(Self::ByAnswer(Box::new(inspect)));
        }
        ask(inspect).await.map(Self::ByContainer)
    }
}

/// Sends the request, and tells how its answer is framed.
pub(super) async fn send_framed(request: Request) -> Result<(Answer, Framing)> {
    let announced = Announced::by(&request).await?;
    let answer = send(request).await?;
    let framing = match (announced, answer.header("Content-Type")) {
        (Announced::ByContainer(framing), _) => framing,
        (_, Some("application/vnd.docker.multiplexed-stream")) => Framing::Multiplexed,
        (_, Some("application/vnd.docker.raw-stream")) => Framing::Raw,
        // Podman's service announces nothing.
        (Announced::ByAnswer(inspect), _) => ask(*inspect).await?,
    };
    Ok((answer, framing))
}

/// A terminal's output is not framed.
async fn ask(inspect: Request) -> Result<Framing> {
    #[derive(Default)]
    struct Inspected {
        config: Config,
    }

    wire::object! {
        decode Inspected {
            "Config" => config required,
        }
    }

    #[derive(Default)]
    struct Config {
        tty: bool,
    }

    wire::object! {
        decode Config {
            "Tty" => tty,
        }
    }

    let Inspected { config } = json(inspect).await?;
    Ok(if config.tty { Framing::Raw } else { Framing::Multiplexed })
}
