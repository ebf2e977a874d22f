//! What the benchmark measures, and beside what.

pub mod bare;
pub mod bodies;
pub mod clock;
pub mod decode;
pub mod floor;
pub mod ours;
pub mod report;
pub mod stub;

/// What is asked of the engine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operation {
    PingResponse,
    Inspect,
    List(usize),
    Logs,
    Pull,
}

impl Operation {
    pub const ALL: [Self; 7] =
        [Self::PingResponse, Self::Inspect, Self::List(1), Self::List(100), Self::List(10_000), Self::Logs, Self::Pull];

    pub fn name(self) -> String {
        match self {
            Self::PingResponse => "ping".into(),
            Self::Inspect => "inspect".into(),
            Self::List(length) => format!("list of {length}"),
            Self::Logs => "logs, 16 MB".into(),
            Self::Pull => "pull, 10,000 steps".into(),
        }
    }

    /// So many of it make a measurement that is long enough.
    pub fn calls_in_a_round(self) -> u64 {
        match self {
            Self::PingResponse | Self::Inspect | Self::List(1) => 4000,
            Self::List(2..1000) => 200,
            Self::List(_) => 1,
            Self::Logs | Self::Pull => 2,
        }
    }

    /// Method and target.
    pub fn request(self) -> (&'static str, String) {
        match self {
            Self::PingResponse => ("HEAD", "/_ping".into()),
            Self::Inspect => ("GET", "/v1.44/containers/web/json".into()),
            Self::List(length) => ("GET", format!("/v1.44/containers/json?limit={length}")),
            Self::Logs => ("GET", "/v1.44/containers/web/logs?stdout=true&stderr=true&follow=true".into()),
            Self::Pull => ("POST", "/v1.44/images/create?fromImage=longshore%2Fweb&tag=1".into()),
        }
    }
}

/// Something that does operations.
pub trait Contender {
    const NAME: &str;

    /// Does an operation so many times, one after the other.
    fn run(&mut self, operation: Operation, times: u64);
}
