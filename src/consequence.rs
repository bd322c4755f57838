//! What a fault does to the gateway.

/// What happens to a gateway that runs with the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consequence {
    /// It exits at start-up.
    DoesNotStart,
    /// It starts, logs one line, and exports nothing.
    TelemetryOffLogged,
    /// It starts, logs nothing, and exports nothing.
    TelemetryOffSilently,
    /// It starts and fails again and again to export.
    ExportErrors,
    /// It exports something else than was meant.
    WrongData,
    /// Data leaves it that should not.
    DataLeaks,
    /// What is written changes nothing.
    NoEffect,
    /// It does what is written, which is probably not what was meant.
    Works,
}

impl Consequence {
    /// The consequence in one sentence for people.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::DoesNotStart => "The gateway does not start.",
            Self::TelemetryOffLogged => {
                "The gateway starts, logs one error line, and exports no telemetry at all."
            }
            Self::TelemetryOffSilently => {
                "The gateway starts, logs nothing, and exports no telemetry at all."
            }
            Self::ExportErrors => "The gateway starts, and exports fail while it runs.",
            Self::WrongData => "The gateway starts, and reports something other than was meant.",
            Self::DataLeaks => "The gateway starts, and data leaves it that should not.",
            Self::NoEffect => "The gateway starts; what is written has no effect.",
            Self::Works => "The gateway starts and does what is written.",
        }
    }

    /// The name in machine-readable output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DoesNotStart => "does-not-start",
            Self::TelemetryOffLogged => "telemetry-off-logged",
            Self::TelemetryOffSilently => "telemetry-off-silently",
            Self::ExportErrors => "export-errors",
            Self::WrongData => "wrong-data",
            Self::DataLeaks => "data-leaks",
            Self::NoEffect => "no-effect",
            Self::Works => "works",
        }
    }
}
