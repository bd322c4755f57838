//! Which gateway a configuration is checked against: edition and version, and why this one.

use std::fmt;
use std::str::FromStr;

/// The two distributions of the gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// KrakenD Community Edition.
    #[default]
    Community,
    /// KrakenD Enterprise Edition.
    Enterprise,
}

impl Edition {
    /// Both editions.
    pub const ALL: [Self; 2] = [Self::Community, Self::Enterprise];

    /// The short name, as `--edition` takes it.
    #[must_use]
    pub fn short(self) -> &'static str {
        match self {
            Self::Community => "ce",
            Self::Enterprise => "ee",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Community => "CE",
            Self::Enterprise => "EE",
        })
    }
}

/// A release of the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Major number: 2 in every release that has OpenTelemetry so far.
    pub major: u16,
    /// Minor number.
    pub minor: u16,
    /// Patch number.
    pub patch: u16,
}

/// `v(2, 12, 0)`: a release, written short, for tables.
#[must_use]
pub const fn v(major: u16, minor: u16, patch: u16) -> Version {
    Version { major, minor, patch }
}

impl Version {
    /// The first release with OpenTelemetry (2024-03-11).
    pub const FIRST: Self = v(2, 6, 0);
    /// The newest release known to this version of the linter (2026-07).
    pub const NEWEST: Self = v(2, 13, 8);
    /// The newest patch of every minor release with OpenTelemetry, oldest first. From the tags of
    /// krakend-ce.
    pub const PATCHES: [Self; 8] = [
        v(2, 6, 3),
        v(2, 7, 2),
        v(2, 8, 0),
        v(2, 9, 4),
        v(2, 10, 2),
        v(2, 11, 2),
        v(2, 12, 1),
        Self::NEWEST,
    ];

    /// The newest known patch of `major.minor`; `None` if no such release is known.
    #[must_use]
    pub fn newest_patch(major: u16, minor: u16) -> Option<Self> {
        Self::PATCHES.into_iter().find(|known| (known.major, known.minor) == (major, minor))
    }

    /// `major.minor`, as the vendor's schema URLs and the folders of `schemas/` are named.
    #[must_use]
    pub fn minor(self) -> String {
        format!("{}.{}", self.major, self.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// Why a text names no release.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// Not `X.Y` or `X.Y.Z`.
    #[error("`{0}` is not a version: write X.Y or X.Y.Z, such as 2.13 or 2.13.8")]
    Syntax(String),
    /// Older than the first release with OpenTelemetry.
    #[error("KrakenD {0} has no OpenTelemetry: it arrived with 2.6")]
    TooOld(String),
    /// A release that this version of the linter does not know.
    #[error("KrakenD {0} is not a known release; known are {known}", known = known())]
    Unknown(String),
}

/// All minor releases, each with its newest patch.
fn known() -> String {
    let names: Vec<String> = Version::PATCHES.iter().map(Version::to_string).collect();
    format!("{}, and earlier patches of each", names.join(", "))
}

impl FromStr for Version {
    type Err = VersionError;

    /// `X.Y.Z` is that release; `X.Y` is its newest known patch. A patch of the newest minor release
    /// that is newer than the newest known one counts as that one: patches come out all the time.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        let syntax = || VersionError::Syntax(text.to_owned());
        let digits = text.strip_prefix('v').unwrap_or(text);
        let numbers: Vec<u16> = digits
            .split('.')
            .map(|part| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()))
            .map(Option::flatten)
            .collect::<Option<_>>()
            .ok_or_else(syntax)?;
        let (major, minor, patch) = match numbers[..] {
            [major, minor] => (major, minor, None),
            [major, minor, patch] => (major, minor, Some(patch)),
            _ => return Err(syntax()),
        };
        if (major, minor) < (Self::FIRST.major, Self::FIRST.minor) {
            return Err(VersionError::TooOld(digits.to_owned()));
        }
        let unknown = || VersionError::Unknown(digits.to_owned());
        let newest = Self::newest_patch(major, minor).ok_or_else(unknown)?;
        match patch.map(|patch| v(major, minor, patch)) {
            None => Ok(newest),
            Some(exact) if exact <= newest || newest == Self::NEWEST => Ok(exact.min(newest)),
            Some(_) => Err(unknown()),
        }
    }
}

/// Where the version of a [`Target`] comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Given on the command line.
    Flag,
    /// Given in the settings file.
    Settings,
    /// Named by the `$schema` of the file.
    Schema,
    /// Not given: the newest release.
    Default,
}

/// The gateway a configuration is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// Its edition.
    pub edition: Edition,
    /// Its release.
    pub version: Version,
    /// Why this release.
    pub origin: Origin,
}

impl Default for Target {
    fn default() -> Self {
        Self { edition: Edition::Community, version: Version::NEWEST, origin: Origin::Default }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A newer patch than the newest known one is checked as that one.
        let why = match (self.origin, self.version) {
            (Origin::Default, _) => "newest",
            (Origin::Flag, Version::NEWEST) => "--krakend-version; the newest known release",
            (Origin::Flag, _) => "--krakend-version",
            (Origin::Settings, Version::NEWEST) => "settings; the newest known release",
            (Origin::Settings, _) => "settings",
            (Origin::Schema, Version::NEWEST) => "$schema; the newest known release",
            (Origin::Schema, _) => "$schema",
        };
        write!(f, "KrakenD {} {} ({why})", self.edition, self.version)
    }
}

/// The release that a `$schema` URL names, if it names one: `…/schema/v2.13/krakend.json`. The
/// unversioned URL and `v3.json` (which means configuration format 3, not KrakenD 3) name none, and
/// neither does a release without OpenTelemetry.
#[must_use]
pub fn version_of_schema(url: &str) -> Option<Version> {
    let named = minor_of_schema(url)?;
    // A file may be newer than this program: unlike a flag, its `$schema` is not a mistake.
    if named > (Version::NEWEST.major, Version::NEWEST.minor) {
        return Some(Version::NEWEST);
    }
    Version::newest_patch(named.0, named.1)
}

/// The minor release that a `$schema` URL names, whether it has OpenTelemetry or not: major and minor
/// number.
#[must_use]
pub fn minor_of_schema(url: &str) -> Option<(u16, u16)> {
    let mut segments = url.split('/').rev();
    segments.next()?;
    let (major, minor) = segments.next()?.strip_prefix('v')?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minor_release_means_its_newest_patch() {
        assert_eq!("2.13".parse(), Ok(Version::NEWEST));
        assert_eq!("v2.9".parse(), Ok(v(2, 9, 4)));
        assert_eq!("2.7.0".parse(), Ok(v(2, 7, 0)));
        assert_eq!("2.13.11".parse(), Ok(Version::NEWEST));
        assert_eq!("2.11.2".parse(), Ok(v(2, 11, 2)));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "2", "2.x", "2.13.8.1", "latest", "2.+13", "99999.1"] {
            assert!(matches!(text.parse::<Version>(), Err(VersionError::Syntax(_))), "{text}");
        }
        assert_eq!("2.5".parse::<Version>(), Err(VersionError::TooOld("2.5".into())));
        assert_eq!("2.5.9".parse::<Version>(), Err(VersionError::TooOld("2.5.9".into())));
    }

    #[test]
    fn unknown_releases_are_refused_with_the_known_ones() {
        for text in ["9.9", "2.31", "2.11.99", "3.0.1", "2.14.0"] {
            let error = text.parse::<Version>().expect_err(text);
            assert_eq!(error, VersionError::Unknown(text.into()));
            assert!(error.to_string().contains("2.11.2, 2.12.1, 2.13.8"), "{error}");
        }
    }

    #[test]
    fn a_schema_url_may_name_a_release() {
        let named = |url| version_of_schema(url);
        assert_eq!(named("https://www.krakend.io/schema/v2.9/krakend.json"), Some(v(2, 9, 4)));
        assert_eq!(named("https://www.krakend.io/schema/v3.0/krakend.json"), Some(Version::NEWEST));
        assert_eq!(named("https://www.krakend.io/schema/v2.5/krakend.json"), None);
        assert_eq!(named("https://www.krakend.io/schema/krakend.json"), None);
        assert_eq!(named("https://www.krakend.io/schema/v3.json"), None);
        assert_eq!(named("v2.9"), None);
    }
}
