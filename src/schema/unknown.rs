//! Keys that the schema of a release does not know: which rule speaks, and what was meant.
//!
//! The first reason that fits speaks: the key differs in case only; the gateway reads it although no
//! schema lists it; it belongs to another release; it belongs to another scope; else it is unknown.

use crate::spelling::{edit_distance, is_similar};
use std::net::Ipv6Addr;

use super::error::path_of;
use super::misplaced;
use super::site::{Site, name_of};
use super::{Scope, Step};
use crate::document::{Kind, Member, NodeId};
use crate::effective::decode::same_key;
use crate::finding::{Edit, Finding, Severity};
use crate::model::known::{self, Known};
use crate::releases;
use crate::rules::opencensus_deprecated::MIGRATION;
use crate::rules::{
    field_not_in_version, key_case, override_misplaced_key, prometheus_host_undocumented,
    unknown_field,
};
use crate::target::{Edition, Version};

/// What people write, and what the gateway has instead, beside the settings of OpenCensus
/// ([`MIGRATION`]). The first column is in lower case.
const HINTS: &[(&str, &str)] = &[
    (
        "sampling_rate",
        "The gateway calls it `trace_sample_rate`: a fraction between 0 and 1, such as 0.05 for 5 %.",
    ),
    (
        "custom_reporting_period",
        "The gateway calls it `custom_metric_reporting_period`, in seconds.",
    ),
    ("endpoint", "Split it into `host` and `port`."),
    ("url", "Split it into `host` and `port`."),
    ("address", "Split it into `host` and `port`."),
    ("collector", "Split it into `host` and `port`."),
    ("protocol", USE_HTTP),
    ("use_grpc", USE_HTTP),
    (
        "tls",
        "The gateway has no such setting: from 2.10 on, write `https://` before the host of an exporter with `use_http`, or use a collector nearby.",
    ),
    ("insecure", "The gateway has no such setting: remove it."),
    (
        "headers",
        "Credentials go into `telemetry/opentelemetry-security` (Enterprise), or into the environment variable OTEL_EXPORTER_OTLP_HEADERS.",
    ),
    ("logs", NO_LOGS),
    ("disable_logs", NO_LOGS),
    ("log_exporters", NO_LOGS),
    ("propagation", PROPAGATORS),
    ("propagator", PROPAGATORS),
    ("propagators", PROPAGATORS),
    ("compression", "Set the environment variable OTEL_EXPORTER_OTLP_COMPRESSION=gzip instead."),
    (
        "timeout",
        "Set the environment variable OTEL_EXPORTER_OTLP_TIMEOUT instead, in milliseconds.",
    ),
    ("sampler", "The gateway samples by `trace_sample_rate` alone."),
    (
        "resource_attributes",
        "Set the environment variable OTEL_RESOURCE_ATTRIBUTES instead, as `key=value,key=value`.",
    ),
    ("otlp_grpc", "Write it under `otlp`: gRPC is the default there."),
    ("otlp_http", "Write it under `otlp`, with `\"use_http\": true` and port 4318."),
    (
        "static_attributes",
        "This layer has two lists: `metrics_static_attributes` and `traces_static_attributes`.",
    ),
];

const USE_HTTP: &str =
    "gRPC is the default; for HTTP write `\"use_http\": true` and the port for it, usually 4318.";
const NO_LOGS: &str = "The gateway exports no logs over OpenTelemetry: collect what it prints.";
const PROPAGATORS: &str = "From 2.11 on, the environment variable OTEL_PROPAGATORS chooses the formats, such as `tracecontext,baggage,b3`; before, it is W3C Trace Context.";

/// What to write in the place of `key`, which is in lower case, if people often write it.
fn hint(key: &str) -> Option<&'static str> {
    HINTS.iter().chain(MIGRATION).find(|(name, _)| *name == key).map(|(_, hint)| *hint)
}

/// The finding for `key`, the key of `member` of `object`, which stands at `instance`; `None` if
/// another finding speaks of it.
pub(super) fn explain(
    site: &Site<'_>,
    instance: &[Step],
    object: NodeId,
    member: Member,
    key: &str,
) -> Option<Finding> {
    let path = path_of(instance);
    let known: Vec<&'static Known> = known::keys(site.scope, &path).collect();
    if let Some(right) = known.iter().find(|known| same_key(key, &known.name) && key != known.name)
    {
        // viper (up to 2.11) lower-cases all keys, so there nothing is wrong; and beside the right
        // key `duplicate-key` speaks.
        let speaks = site.target.version >= releases::KOANF;
        return (speaks && site.doc.get(object, &right.name).is_none())
            .then(|| wrong_case(site, member, key, &right.name));
    }
    if key == "host" && path == ["exporters", "prometheus"] {
        if site.target.edition == Edition::Community {
            let text = site.doc.str(member.value).unwrap_or_default();
            if text.parse::<Ipv6Addr>().is_ok() {
                let message = "the exporter cannot listen on this address: IPv6 needs brackets";
                return Some(
                    site.at(&prometheus_host_undocumented::RULE, member.value, message.to_owned())
                        .labelled("joined with the port as it is")
                        .help(format!("Write `\"[{text}]\"`."))
                        .severity(Severity::Error),
                );
            }
            let finding = site.at(&prometheus_host_undocumented::RULE, member.key,
                "`host` of a Prometheus exporter works, but the documentation and the vendor's check do not know it".to_owned())
            .labelled("not in any schema")
            .help("Keep it if the vendor's check is not used; its documented name, `listen_ip`, has no effect here.");
            return Some(finding);
        }
        return Some(unknown(
            site,
            instance,
            member,
            key,
            "The Enterprise Edition calls it `listen_ip`.",
        ));
    }
    if let Some(newer) = known.iter().find(|known| known.name == key) {
        return Some(match newer.since {
            Some(since) if since > site.target.version => {
                not_in_version(site, member, key, newer.works_since.unwrap_or(since))
            }
            _ => misplaced(site, instance, member, key),
        });
    }
    if belongs_elsewhere(site, &path, key) {
        return Some(misplaced(site, instance, member, key));
    }
    let lower = key.to_ascii_lowercase();
    if let Some(hint) = hint(&lower) {
        let finding = unknown(site, instance, member, key, hint);
        let renamed =
            known.iter().find(|known| hint.contains(&format!("calls it `{}`", known.name)));
        return Some(match renamed {
            Some(known) => rename(finding, site, object, member, &known.name),
            None => finding,
        });
    }
    if let Some(near) = nearest(key, &known, site.target.version) {
        let help = format!("Did you mean `{near}`?");
        let finding = unknown(site, instance, member, key, &help);
        return Some(rename(finding, site, object, member, near));
    }
    let Some((place, home)) = home(site, &path, key) else {
        let help = choices(&known, site.target.version);
        return Some(unknown(site, instance, member, key, &help));
    };
    let help = format!("It belongs in {place}; here the gateway ignores it.");
    let finding = unknown(site, instance, member, key, &help);
    let edits = home.and_then(|home| misplaced::up_or_down(site, instance, member, home));
    Some(match edits {
        Some(edits) => finding.unsafe_fix(format!("Move it into {place}"), edits),
        None => finding,
    })
}

/// Findings for settings that the schema of the release lists but its gateway does not read yet.
pub(super) fn too_new(site: &Site<'_>, findings: &mut Vec<Finding>) {
    let gateway = site.target;
    if gateway.edition != Edition::Community || gateway.version >= releases::SCHEMA_IN_STEP {
        return; // From 2.12 on the schema lists nothing that the gateway will learn later.
    }
    walk(site, site.node, &mut Vec::new(), findings);
}

fn walk(site: &Site<'_>, object: NodeId, path: &mut Vec<String>, findings: &mut Vec<Finding>) {
    for member in site.doc.members(object) {
        let key = site.doc.key(member.key);
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let Some(setting) = known::key(site.scope, &names, &key) else { continue };
        // `skip_headers` has a rule of its own, for there data leaks.
        if setting.is_listed(site.target.version)
            && setting.name != "skip_headers"
            && let Some(works) = setting.works_since.filter(|works| *works > site.target.version)
        {
            findings.push(not_in_version(site, member, &key, works));
            continue;
        }
        path.push(key.into_owned());
        match site.doc.kind(member.value) {
            Kind::Object => walk(site, member.value, path, findings),
            Kind::Array => {
                let items = site.doc.items(member.value);
                for item in items.filter(|&item| site.doc.kind(item) == Kind::Object) {
                    walk(site, item, path, findings);
                }
            }
            _ => {}
        }
        path.pop();
    }
}

fn unknown(site: &Site<'_>, instance: &[Step], member: Member, key: &str, help: &str) -> Finding {
    let place = match name_of(instance) {
        name if instance.is_empty() => format!("{name} of {}", scope_name(site.scope)),
        name => name,
    };
    site.at(
        &unknown_field::RULE,
        member.key,
        format!("{place} has no setting `{key}`: it is ignored"),
    )
    .labelled("unknown")
    .help(help)
}

fn rename(
    finding: Finding,
    site: &Site<'_>,
    object: NodeId,
    member: Member,
    name: &str,
) -> Finding {
    if site.doc.get(object, name).is_some() {
        return finding.help(format!("Remove it: `{name}` is set as well."));
    }
    let edit = Edit::Rename { key: member.key, name: name.to_owned() };
    finding.unsafe_fix(format!("Rename it to `{name}`"), vec![edit])
}

fn wrong_case(site: &Site<'_>, member: Member, key: &str, right: &str) -> Finding {
    let edit = Edit::Rename { key: member.key, name: right.to_owned() };
    site.at(&key_case::RULE, member.key, format!("`{key}` should be `{right}`"))
        .labelled("the gateway ignores case, other tools do not")
        .help(format!("Write `{right}`: editors and the vendor's check look at case."))
        .safe_fix(format!("Rename it to `{right}`"), vec![edit])
}

fn not_in_version(site: &Site<'_>, member: Member, key: &str, since: Version) -> Finding {
    let now = site.target.version;
    site.at(
        &field_not_in_version::RULE,
        member.key,
        format!("KrakenD {now} does not know `{key}`: it is ignored"),
    )
    .labelled(format!("since {since}"))
    .help(format!("Use KrakenD {since} or newer, or remove it."))
}

fn misplaced(site: &Site<'_>, instance: &[Step], member: Member, key: &str) -> Finding {
    let place = scope_name(site.scope);
    let name = match instance {
        [] => format!("`{key}`"),
        _ => format!("`{key}` of {}", name_of(instance)),
    };
    let help = match (site.scope, key) {
        (Scope::Backend, "proxy" | "global" | "exporters_override") => {
            format!("Move it to the `extra_config` of the endpoint: there `{key}` can be overridden.")
        }
        (Scope::Endpoint, "exporters_override") => {
            "Move it up, beside `backend`.".to_owned()
        }
        (Scope::Endpoint, "layers") => "Write `proxy` directly in the override, without `layers`, and `backend` in that of each backend.".to_owned(),
        (Scope::Backend, "layers") => {
            "Write `backend` directly in the override, without `layers`.".to_owned()
        }
        _ => "Move it to the telemetry block of the service, or remove it.".to_owned(),
    };
    let finding = site
        .at(
            &override_misplaced_key::RULE,
            member.key,
            format!("{name} cannot be overridden for {place}: it is ignored"),
        )
        .labelled("no part of this override")
        .help(help);
    match misplaced::in_override(site, instance, member, key) {
        Some((title, edits)) => finding.unsafe_fix(title, edits),
        None => finding,
    }
}

/// Whether an override has a key that some other scope, or another place of this one, knows.
fn belongs_elsewhere(site: &Site<'_>, path: &[&str], key: &str) -> bool {
    if !matches!(site.scope, Scope::Endpoint | Scope::Backend) {
        return false;
    }
    let in_layers: Vec<&str> = std::iter::once("layers").chain(path.iter().copied()).collect();
    let knows = |scope, path: &[&str]| known::key(scope, path, key).is_some();
    knows(Scope::Service, path)
        || knows(Scope::Service, &in_layers)
        || knows(Scope::Endpoint, path)
        || key == "exporters_override"
}

fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Service | Scope::File => "the service",
        Scope::Endpoint => "an endpoint",
        Scope::Backend => "a backend",
        Scope::Security => "the credentials",
    }
}

/// The known key that `key` is a misspelling of, if one is near enough.
fn nearest(key: &str, known: &[&'static Known], version: Version) -> Option<&'static str> {
    let lower = key.to_lowercase();
    known
        .iter()
        .filter(|known| known.is_listed(version))
        .map(|known| (edit_distance(&lower, &known.name), known.name.as_str()))
        .filter(|(distance, name)| *distance <= 2.min(name.len() / 3) || is_similar(&lower, name))
        .min()
        .map(|(_, name)| name)
}

/// Where `key`, which stands at `path`, would be right, in words: in this scope, else in the nearest that
/// has it. If it was written too high or too low, and there is one place above or below where it is right,
/// that is the place, and is returned as well.
fn home(site: &Site<'_>, path: &[&str], key: &str) -> Option<(String, Option<&'static Known>)> {
    let rank = |known: &Known| (known.scope != site.scope, known.scope);
    let homes = known::places(key)
        .filter(|known| known.is_listed(site.target.version) && known.scope != Scope::Security);
    let mut homes: Vec<&Known> = homes.collect();
    let scope = homes.iter().min_by_key(|known| rank(known))?.scope;
    let is_on_the_way = |known: &&&Known| {
        let same = known.path.iter().zip(path).all(|(one, other)| one == other);
        known.scope == site.scope && same
    };
    let mut on_the_way = homes.iter().filter(is_on_the_way);
    let certain = on_the_way.next().filter(|_| on_the_way.next().is_none()).copied();
    if let Some(certain) = certain {
        homes = vec![certain];
    }
    let mut places: Vec<String> = homes
        .iter()
        .filter(|known| known.scope == scope)
        .map(|known| match known.path.as_slice() {
            [] => "the telemetry block itself".to_owned(),
            path => format!("`{}`", path.join(".")),
        })
        .collect();
    let last = places.pop()?;
    let places = if places.is_empty() { last } else { format!("{} or {last}", places.join(", ")) };
    let places =
        if scope == site.scope { places } else { format!("{places} of {}", scope_name(scope)) };
    Some((places, certain))
}

fn choices(known: &[&Known], version: Version) -> String {
    let names: Vec<String> = known
        .iter()
        .filter(|known| known.is_listed(version))
        .map(|known| format!("`{}`", known.name))
        .collect();
    if names.is_empty() {
        return "Remove it.".to_owned();
    }
    format!("Remove it; the settings here are {}.", names.join(", "))
}
