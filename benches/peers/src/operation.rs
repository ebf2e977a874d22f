//! What is asked of the engine.

/// A kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Ping,
    Inspect,
    List,
    LogsPacked,
    LogsChunked,
    Pull,
    Callers,
    Build,
    Load,
    Save,
}

const KINDS: [(Kind, &str); 10] = [
    (Kind::Ping, "ping"),
    (Kind::Inspect, "inspect"),
    (Kind::List, "list"),
    (Kind::LogsPacked, "logs-packed"),
    (Kind::LogsChunked, "logs-chunked"),
    (Kind::Pull, "pull"),
    (Kind::Callers, "callers"),
    (Kind::Build, "build"),
    (Kind::Load, "load"),
    (Kind::Save, "save"),
];

/// A frame of a log: 8 bytes of header, 100 of text.
pub const FRAME: u64 = 108;
/// So many call at once in [`Kind::Callers`].
pub const CALLERS: u64 = 64;

/// A kind of call, and how much it is of it: containers in the list, frames, records, or bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    pub kind: Kind,
    pub size: u64,
}

impl Operation {
    pub const fn new(kind: Kind, size: u64) -> Self {
        Self { kind, size }
    }

    /// `list:10000`, as [`id`](Self::id) writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, size) = text.split_once(':').unwrap_or((text, "1"));
        let (kind, _) = KINDS.into_iter().find(|(_, known)| *known == name)?;
        Some(Self { kind, size: size.parse().ok()? })
    }

    pub fn id(self) -> String {
        format!("{}:{}", self.name(), self.size)
    }

    pub fn name(self) -> &'static str {
        KINDS.into_iter().find(|(kind, _)| *kind == self.kind).map_or("", |(_, name)| name)
    }

    /// What costs are told per, and how many of it a call is.
    pub fn units(self) -> (&'static str, u64) {
        match self.kind {
            Kind::Ping | Kind::Inspect | Kind::List | Kind::Callers => ("call", 1),
            Kind::LogsPacked | Kind::LogsChunked => ("byte", self.size * FRAME),
            Kind::Pull => ("record", self.size),
            Kind::Build | Kind::Load | Kind::Save => ("byte", self.size),
        }
    }

    /// Method and target.
    pub fn request(self) -> (&'static str, String) {
        let size = self.size;
        let (method, target) = match self.kind {
            Kind::Ping | Kind::Callers => return ("HEAD", "/_ping".into()),
            Kind::Inspect => ("GET", "containers/web/json".into()),
            Kind::List => ("GET", format!("containers/json?limit={size}")),
            Kind::LogsPacked => ("GET", format!("containers/packed/logs?stdout=true&follow=true&tail={size}")),
            Kind::LogsChunked => ("GET", format!("containers/chunked/logs?stdout=true&follow=true&tail={size}")),
            Kind::Pull => ("POST", format!("images/create?fromImage=longshore%2Fweb&tag={size}")),
            Kind::Build => ("POST", "build?version=1".into()),
            Kind::Load => ("POST", "images/load?quiet=false".into()),
            Kind::Save => ("GET", format!("images/web:{size}/get")),
        };
        (method, format!("/v1.44/{target}"))
    }

    /// Less of the same, done before the measurement: so often, so much.
    pub fn warm_up(self, times: u64) -> (Self, u64) {
        match self.kind {
            Kind::Ping | Kind::Inspect | Kind::Callers => (self, times / 10 + 1),
            Kind::List => (self, (times / 10).clamp(1, 100)),
            Kind::LogsPacked | Kind::LogsChunked | Kind::Pull => (Self { size: self.size / 100 + 1, ..self }, 1),
            Kind::Build | Kind::Load => (self, 1), // a file is sent whole
            Kind::Save => (Self { size: self.size / 1000 + 1, ..self }, 1),
        }
    }
}
