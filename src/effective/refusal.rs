//! Exporters that the gateway cannot make, so that it drops the whole block.
//!
//! Upstream: krakend-otel `exporter/otelcollector/otelcollector.go`; Go's `net/url`; grpc-go
//! `clientconn.go` (`initParsedTargetAndResolverBuilder`); opentelemetry-go `exporters/otlp/
//! otlpmetric/otlpmetrichttp/client.go`. Both exporters are made even if both signals are disabled.

use super::url;
use crate::releases;
use crate::target::Target;

/// Why an exporter cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Behind `http://` or `https://` stands what is not a URL with the port added.
    Url,
    /// No HTTP request can be made to host and port.
    Request,
    /// gRPC cannot parse host and port.
    Grpc,
}

/// The schemes for which gRPC has a resolver.
const RESOLVERS: [&str; 4] = ["dns", "passthrough", "unix", "unix-abstract"];

impl Refusal {
    /// What the gateway `target` has against an exporter with this host and port.
    #[must_use]
    pub fn of(host: &str, port: i64, use_http: bool, target: Target) -> Option<Self> {
        let mut address = format!("{host}:{port}");
        let has_scheme = ["http://", "https://"].iter().any(|scheme| host.starts_with(scheme));
        if has_scheme && target.version >= releases::URL_SCHEMES {
            match url::parse(&address) {
                Some(url) => address = url.host,
                None => return Some(Self::Url),
            }
        }
        if use_http {
            return (!url::can_request(&address)).then_some(Self::Request);
        }
        let is_known = |url: url::Url<'_>| {
            RESOLVERS.iter().any(|resolver| url.scheme.eq_ignore_ascii_case(resolver))
        };
        let is_parsed = url::parse(&address).is_some_and(is_known)
            || url::parse(&format!("dns:///{address}")).is_some();
        (!is_parsed).then_some(Self::Grpc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Edition, Origin, Version, v};

    fn refusal(host: &str, port: i64, use_http: bool, version: Version) -> Option<Refusal> {
        let target = Target { edition: Edition::Community, version, origin: Origin::Flag };
        Refusal::of(host, port, use_http, target)
    }

    /// What was seen of 2.13.8, 2.11.2 and 2.9.4: (host, port, HTTP, refusal).
    #[test]
    fn exporters_are_refused_as_the_gateway_does() {
        use Refusal::{Grpc, Request, Url};
        for (host, port, http, expected) in [
            ("collector", 4317, false, None),
            ("collector", -1, false, None),
            ("collector", -1, true, Some(Request)),
            ("https://collector", -1, false, Some(Url)),
            ("https://c/p", -1, true, None),
            ("HTTPS://collector", 4318, true, Some(Request)),
            ("HTTPS://collector", 4317, false, None),
            ("grpc://c", 4317, false, None),
            ("${H}", 4317, false, None),
            ("${H}", 4318, true, Some(Request)),
            ("{{ .h }}", 4318, true, Some(Request)),
            (" c", 4317, false, None),
            (" c", 4318, true, Some(Request)),
            ("a%b", 4317, false, Some(Grpc)),
            ("a%b", 4318, true, None),
            ("http://c%zz", 4317, false, Some(Url)),
            ("http://u:p@c", 4318, true, None),
            ("2001:db8::7", 4318, true, None),
            ("2001:db8::7", 4317, false, None),
            ("a\nb", 4317, false, Some(Grpc)),
            ("c?x", 4317, false, None),
            ("<no value>", 4317, false, None),
            ("<no value>", 4318, true, Some(Request)),
            ("dns:///c", 4317, false, None),
        ] {
            let found = refusal(host, port, http, Version::NEWEST);
            assert_eq!(found, expected, "{host}:{port} (use_http: {http})");
        }
        assert_eq!(refusal("http://c", 4318, true, v(2, 9, 4)), Some(Request));
        assert_eq!(refusal("http://c", 4317, false, v(2, 9, 4)), None);
    }
}
