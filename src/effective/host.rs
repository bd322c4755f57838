//! What a `host` of an OTLP exporter really does.
//!
//! The gateway joins host and port with a colon first and parses afterwards
//! (krakend-otel `exporter/otelcollector/otelcollector.go`), which is where most surprises come
//! from. Releases up to 2.9 know no scheme at all.

use crate::releases;
use crate::target::Target;

/// The domains at which vendors take OTLP, as their documentation on ingestion names them.
const VENDORS: &[(&str, &str)] = &[
    ("nr-data.net", "New Relic"),
    ("honeycomb.io", "Honeycomb"),
    ("grafana.net", "Grafana Cloud"),
    ("datadoghq.com", "Datadog"),
    ("datadoghq.eu", "Datadog"),
    ("live.dynatrace.com", "Dynatrace"),
    ("signalfx.com", "Splunk"),
    ("observability.splunkcloud.com", "Splunk"),
    ("lightstep.com", "Lightstep"),
    ("elastic.cloud", "Elastic Cloud"),
    ("elastic-cloud.com", "Elastic Cloud"),
    ("cloud.es.io", "Elastic Cloud"),
    ("logz.io", "Logz.io"),
    ("coralogix.com", "Coralogix"),
    ("uptrace.dev", "Uptrace"),
    ("axiom.co", "Axiom"),
    ("signoz.cloud", "SigNoz Cloud"),
    ("dash0.com", "Dash0"),
    ("betterstackdata.com", "Better Stack"),
    ("last9.io", "Last9"),
    ("chronosphere.io", "Chronosphere"),
    ("sumologic.com", "Sumo Logic"),
    ("instana.io", "Instana"),
    ("telemetry.googleapis.com", "Google Cloud"),
];

/// A host as written, taken apart. Everything but `scheme` borrows from the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Host<'t> {
    /// The text.
    pub text: &'t str,
    /// `http`, `https`, or what else stands before `://`; `None` without `://`.
    pub scheme: Option<&'t str>,
    /// What stands before an `@` in the authority: credentials, which the exporter drops.
    pub userinfo: Option<&'t str>,
    /// Name and port as they are written.
    pub authority: &'t str,
    /// The host without scheme, credentials, port and path.
    pub name: &'t str,
    /// Digits after a colon of the authority, outside brackets.
    pub port: Option<&'t str>,
    /// From the first `/`, `?` or `#` after the authority; empty if there is none.
    pub path: &'t str,
}

impl<'t> Host<'t> {
    /// Takes `text` apart. Never fails: what makes no sense ends up in `name`.
    #[must_use]
    pub fn parse(text: &'t str) -> Self {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
            _ => (None, text),
        };
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (userinfo, authority) = match authority.rsplit_once('@') {
            Some((userinfo, authority)) => (Some(userinfo), authority),
            None => (None, authority),
        };
        let (name, port) = match authority.rsplit_once(':') {
            Some((name, port))
                if (!name.contains(':') || name.ends_with(']'))
                    && port.bytes().all(|b| b.is_ascii_digit())
                    && !(port.is_empty() && name.is_empty()) =>
            {
                (name, Some(port).filter(|port| !port.is_empty()))
            }
            _ => (authority, None),
        };
        Self { text, scheme, userinfo, authority, name, port, path }
    }

    /// Whether the scheme is one that the gateway takes off: `http` or `https`, in lower case.
    #[must_use]
    pub fn has_known_scheme(&self) -> bool {
        matches!(self.scheme, Some("http" | "https"))
    }

    /// Whether the exporter speaks TLS if it uses HTTP (gRPC in the Community Edition never does).
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.scheme == Some("https")
    }

    /// Whether it is a target in the notation of gRPC, which resolves such names itself: `dns:///col`
    /// (grpc-go `resolver/dns`, `resolver/passthrough`). Nothing else in an exporter understands it.
    #[must_use]
    pub fn names_resolver(&self) -> bool {
        let Some((resolver, target)) = self.text.split_once(':') else { return false };
        let is_port = target.bytes().all(|b| b.is_ascii_digit());
        !is_port && ["dns", "passthrough"].iter().any(|name| resolver.eq_ignore_ascii_case(name))
    }

    /// Whether the gateway ignores `port`: behind `http://` or `https://` and a path it ends up in the
    /// path, and is dropped with it.
    #[must_use]
    pub fn drops_port(&self, target: Target) -> bool {
        target.version >= releases::URL_SCHEMES && self.has_known_scheme() && !self.path.is_empty()
    }

    /// Whether it is an IPv6 address that lacks its brackets.
    #[must_use]
    pub fn is_bare_ipv6(&self) -> bool {
        self.name.matches(':').count() >= 2
            && !self.name.starts_with('[')
            && self
                .name
                .split('%')
                .next()
                .is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok())
    }

    /// Whether the path is a lone slash.
    #[must_use]
    pub fn is_lone_slash(&self) -> bool {
        self.path == "/"
    }

    /// Whether nothing is written, or only blanks.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The host that is meant, in lower case and without brackets, for comparisons.
    #[must_use]
    pub fn normalized(&self) -> String {
        let name = if self.is_blank() { "localhost" } else { self.name };
        name.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase()
    }

    /// The vendor it belongs to, if it is one that takes OTLP with credentials only.
    #[must_use]
    pub fn vendor(&self) -> Option<&'static str> {
        let name = self.normalized();
        let is_below = |domain: &str| {
            name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        VENDORS.iter().find(|(domain, _)| is_below(domain)).map(|&(_, vendor)| vendor)
    }

    /// Whether it belongs to a vendor that takes gRPC and HTTP on the same ports: New Relic does, as
    /// its documentation on OTLP endpoints says.
    #[must_use]
    pub fn takes_both_protocols(&self) -> bool {
        self.vendor() == Some("New Relic")
    }

    /// Whether it means the machine, or the container, that the gateway itself runs in.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let name = self.normalized();
        name == "localhost"
            || name
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback() || address.is_unspecified())
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (text, scheme, name, port, path)
    type Row =
        (&'static str, Option<&'static str>, &'static str, Option<&'static str>, &'static str);
    const TABLE: &[Row] = &[
        ("col", None, "col", None, ""),
        ("http://col", Some("http"), "col", None, ""),
        ("col:4317", None, "col", Some("4317"), ""),
        ("http://col:4318", Some("http"), "col", Some("4318"), ""),
        ("https://col/", Some("https"), "col", None, "/"),
        ("https://col:443/otlp?x", Some("https"), "col", Some("443"), "/otlp?x"),
        ("col/", None, "col", None, "/"),
        ("[::1]", None, "[::1]", None, ""),
        ("[::1]:4317", None, "[::1]", Some("4317"), ""),
        ("::1", None, "::1", None, ""),
        ("http://::1", Some("http"), "::1", None, ""),
        ("GRPC://col", Some("GRPC"), "col", None, ""),
        ("dns:///col", Some("dns"), "", None, "/col"),
        ("http://u:p@col", Some("http"), "col", None, ""),
        ("", None, "", None, ""),
        (" col", None, " col", None, ""),
        ("col:", None, "col", None, ""),
    ];

    #[test]
    fn hosts_are_taken_apart() {
        for &(text, scheme, name, port, path) in TABLE {
            let host = Host::parse(text);
            assert_eq!(
                (host.scheme, host.name, host.port, host.path),
                (scheme, name, port, path),
                "{text}"
            );
        }
        assert_eq!(Host::parse("http://u:p@col").userinfo, Some("u:p"));
    }

    #[test]
    fn vendors_are_known_by_their_domains() {
        for (text, vendor) in [
            ("https://otlp.eu01.nr-data.net", Some("New Relic")),
            ("api.honeycomb.io:443", Some("Honeycomb")),
            ("https://otlp-gateway-prod-eu-west-0.grafana.net/otlp", Some("Grafana Cloud")),
            ("nothoneycomb.io", None),
            ("grafana.net.internal", None),
            ("collector", None),
        ] {
            assert_eq!(Host::parse(text).vendor(), vendor, "{text}");
        }
    }

    #[test]
    fn this_machine_has_several_names() {
        for text in ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "[::1]", "0.0.0.0", "[::]"]
        {
            assert!(Host::parse(text).is_loopback(), "{text}");
        }
        for text in ["collector", "10.0.0.1", "localhost.example.com"] {
            assert!(!Host::parse(text).is_loopback(), "{text}");
        }
    }

    #[test]
    fn ipv6_needs_brackets() {
        for (text, bare) in [
            ("::1", true),
            ("http://::1", true),
            ("2001:db8::1", true),
            ("[::1]", false),
            ("a:1", false),
        ] {
            assert_eq!(Host::parse(text).is_bare_ipv6(), bare, "{text}");
        }
    }
}
