//! What is wrong with the host of an OTLP exporter: the one thing to say about it.
//!
//! A host can be wrong in several ways at once. [`Host::fault`] names the first, in the order in
//! which a reader would correct them; the rules on hosts each speak of one [`Fault`], so no host gets
//! two findings for what is one mistake.
//!
//! Upstream: krakend-otel `exporter/otelcollector/otelcollector.go`, where host and port become an
//! address; Go's `net/url`; what DNS and TCP have.

use super::host::Host;
use crate::releases;
use crate::target::{Edition, Target};

/// What is wrong with a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is written, or only blanks.
    Empty,
    /// It has something in it that no host has.
    Invalid(Flaw),
    /// It begins with a scheme that the gateway does not take off.
    Scheme,
    /// It is an IPv6 address without brackets.
    Ipv6,
    /// It brings a port, and gets a second one.
    Port,
    /// It has a path.
    Path,
    /// It asks for TLS, but the exporter uses gRPC, which has none in the Community Edition.
    PlainGrpc,
}

/// What a host cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Blanks before or after it.
    Blanks,
    /// Credentials before an `@`.
    Credentials,
    /// Nothing where its name should be.
    Nameless,
    /// This character.
    Character(char),
    /// A bracket without its partner, or around nothing.
    Brackets,
    /// A colon with something else than a port behind it.
    Colon,
}

impl Fault {
    /// Whether nothing at all can be reached at `host`; else the gateway only goes elsewhere, or
    /// otherwise, than is written.
    #[must_use]
    pub fn breaks(self, host: &Host<'_>, target: Target) -> bool {
        match self {
            Self::Empty | Self::PlainGrpc => false,
            Self::Path => !host.drops_port(target),
            Self::Invalid(Flaw::Credentials) => !host.is_parsed(target),
            Self::Invalid(_) | Self::Scheme | Self::Ipv6 | Self::Port => true,
        }
    }
}

impl Host<'_> {
    /// What is wrong with it in an exporter of the gateway `target`.
    #[must_use]
    pub fn fault(&self, use_http: bool, target: Target) -> Option<Fault> {
        if self.is_blank() {
            return Some(Fault::Empty);
        }
        if self.names_resolver() && !use_http {
            let name = self.text.rsplit('/').next().unwrap_or_default();
            return Host::parse(name).port.map(|_| Fault::Port);
        }
        if self.text.trim() != self.text {
            return Some(Fault::Invalid(Flaw::Blanks));
        }
        if self.scheme.is_some() && !self.is_parsed(target) {
            return Some(Fault::Scheme);
        }
        if let Some(flaw) = self.flaw() {
            return Some(Fault::Invalid(flaw));
        }
        // HTTP takes what stands before the last colon for the address.
        if self.is_bare_ipv6() && !use_http {
            return Some(Fault::Ipv6);
        }
        if self.port.is_some() && !self.drops_port(target) {
            return Some(Fault::Port);
        }
        if !self.path.is_empty() {
            return Some(Fault::Path);
        }
        let is_plain = self.is_https() && !use_http && target.edition == Edition::Community;
        is_plain.then_some(Fault::PlainGrpc)
    }

    /// Whether the gateway parses it as a URL, and takes the host out of that.
    fn is_parsed(&self, target: Target) -> bool {
        self.has_known_scheme() && target.version >= releases::URL_SCHEMES
    }

    fn flaw(&self) -> Option<Flaw> {
        if self.userinfo.is_some() {
            return Some(Flaw::Credentials);
        }
        if self.name.is_empty() {
            return Some(Flaw::Nameless);
        }
        if self.is_bare_ipv6() {
            return None;
        }
        let is_bracketed = self.name.starts_with('[') && self.name.ends_with(']');
        let has_misplaced_namespace = |c: char| match c {
            '-' | '.' | '_' | ':' | '[' | ']' => false,
            '%' => !is_bracketed,
            // Names in other scripts are for a resolver to decide.
            c => c.is_whitespace() || c.is_control() || (c.is_ascii() && !c.is_alphanumeric()),
        };
        if let Some(odd) = self.name.chars().find(|&c| has_misplaced_namespace(c)) {
            return Some(Flaw::Character(odd));
        }
        let inner = self.name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
        if inner.unwrap_or(self.name).contains(['[', ']']) || inner == Some("") {
            return Some(Flaw::Brackets);
        }
        let is_dangling = self.authority.ends_with(':');
        (is_dangling || (inner.is_none() && self.name.contains(':'))).then_some(Flaw::Colon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Origin, Version, v};

    fn fault(host: &str, use_http: bool, version: Version, edition: Edition) -> Option<Fault> {
        Host::parse(host).fault(use_http, Target { edition, version, origin: Origin::Flag })
    }

    #[test]
    fn the_first_fault_speaks() {
        use Fault::{Empty, Invalid, Ipv6, Path, PlainGrpc, Port, Scheme};
        let table: &[(&str, bool, Option<Fault>)] = &[
            ("col", false, None),
            ("otel_collector.svc", false, None),
            ("http://col", false, None),
            ("https://col", true, None),
            ("10.0.0.1", false, None),
            ("[::1]", false, None),
            ("[fe80::1%eth0]", false, None),
            ("bücher.example", true, None),
            ("dns:///col", false, None),
            ("dns:col", false, None),
            ("dns://10.0.0.2/col", false, None),
            ("dns:///col:4317", false, Some(Port)),
            ("dns:///col", true, Some(Scheme)),
            ("unix:///run/col.sock", false, Some(Scheme)),
            ("dns:4317", false, Some(Port)),
            ("", false, Some(Empty)),
            (" \t", false, Some(Empty)),
            (" col", false, Some(Invalid(Flaw::Blanks))),
            ("my col", false, Some(Invalid(Flaw::Character(' ')))),
            ("<host>", false, Some(Invalid(Flaw::Character('<')))),
            ("a,b", false, Some(Invalid(Flaw::Character(',')))),
            ("http://u:p@col", true, Some(Invalid(Flaw::Credentials))),
            ("http://", true, Some(Invalid(Flaw::Nameless))),
            (":4317", false, Some(Invalid(Flaw::Nameless))),
            ("//col", false, Some(Invalid(Flaw::Nameless))),
            ("col:", false, Some(Invalid(Flaw::Colon))),
            ("col:otlp", false, Some(Invalid(Flaw::Colon))),
            ("col:4317:4317", false, Some(Invalid(Flaw::Colon))),
            ("http:/col", true, Some(Invalid(Flaw::Colon))),
            ("[::1", false, Some(Invalid(Flaw::Brackets))),
            ("[]", false, Some(Invalid(Flaw::Brackets))),
            ("grpc://col:4317", false, Some(Scheme)),
            ("HTTPS://col", true, Some(Scheme)),
            ("::1", false, Some(Ipv6)),
            ("https://2001:db8::1", true, None),
            ("https://2001:db8::1", false, Some(Ipv6)),
            ("col:4317", false, Some(Port)),
            ("[::1]:4317", false, Some(Port)),
            ("https://col:4318", true, Some(Port)),
            ("col:4317/", false, Some(Port)),
            ("https://col:4318/", true, Some(Path)),
            ("https://col/otlp", true, Some(Path)),
            ("https://col/", false, Some(Path)),
            ("col?x", false, Some(Path)),
            ("https://col", false, Some(PlainGrpc)),
        ];
        for &(host, http, expected) in table {
            let found = fault(host, http, Version::NEWEST, Edition::Community);
            assert_eq!(found, expected, "{host} (use_http: {http})");
        }
    }

    #[test]
    fn it_depends_on_release_and_edition() {
        let old = |host, http| fault(host, http, v(2, 9, 4), Edition::Community);
        assert_eq!(old("https://col", true), Some(Fault::Scheme));
        assert_eq!(old("http://col", false), Some(Fault::Scheme));
        assert_eq!(old("dns:///col", false), None);
        assert_eq!(old("col", true), None);
        let enterprise = fault("https://col", false, Version::NEWEST, Edition::Enterprise);
        assert_eq!(enterprise, None);
    }
}
