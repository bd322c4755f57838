//! Every key the model knows, with its place and its releases: what to say about a key that is
//! unknown where it was written.

use std::sync::OnceLock;

use super::Scope;
use super::annotation::{self, Keywords, Listed, Works};
use crate::target::{Edition, Target, Version};

/// A key at one place of one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The block.
    pub scope: Scope,
    /// The names of the properties above it, from the root of the block; array indices left out.
    pub path: Vec<String>,
    /// The key.
    pub name: String,
    /// First release whose official schema lists it there; `None` if the gateway has it and no
    /// schema of this scope does.
    pub since: Option<Version>,
    /// Last minor release whose official schema lists it there, as its first release.
    pub until: Option<Version>,
    /// First release of the Community Edition that reads it there; `None` if none does.
    pub works_since: Option<Version>,
    /// The lesser edition that has it.
    pub edition: Edition,
}

impl Known {
    /// Whether the official schema of `version`'s minor release lists it.
    #[must_use]
    pub fn is_listed(&self, version: Version) -> bool {
        let minor = |version: Version| (version.major, version.minor);
        self.since.is_some_and(|since| minor(since) <= minor(version))
            && self.until.is_none_or(|until| minor(version) <= minor(until))
    }

    /// Whether the gateway `target` acts on it. There is no code of the Enterprise Edition in the
    /// open: what only that edition reads is believed to work as soon as it is listed.
    #[must_use]
    pub fn is_read(&self, target: Target) -> bool {
        match self.works_since {
            Some(release) => release <= target.version,
            None => {
                target.edition == Edition::Enterprise
                    && self.until.is_none()
                    && self.is_listed(target.version)
            }
        }
    }
}

/// The keys known at `path` of `scope`, those of other releases too, in the order of the model.
pub fn keys<'p>(scope: Scope, path: &'p [&'p str]) -> impl Iterator<Item = &'static Known> + 'p {
    of(scope).iter().filter(move |known| known.path == path)
}

/// The key `name` at `path` of `scope`.
#[must_use]
pub fn key(scope: Scope, path: &[&str], name: &str) -> Option<&'static Known> {
    keys(scope, path).find(|known| known.name == name)
}

/// Every key of `scope` that the official schema of `version`'s minor release lists.
pub fn listed(scope: Scope, version: Version) -> impl Iterator<Item = &'static Known> {
    of(scope).iter().filter(move |known| known.is_listed(version))
}

/// Everywhere a key called `name` is listed by the schema of some release.
pub fn places(name: &str) -> impl Iterator<Item = &'static Known> + '_ {
    let all = Scope::BLOCKS.into_iter().flat_map(of);
    all.filter(move |known| known.name == name && known.since.is_some())
}

/// Whether the Community Edition of `version` decodes the key, so that a wrong type in it spoils
/// the block, even if it then ignores the value. The blocks of endpoints and backends are decoded
/// into the type of `layers` (krakend-otel `config/lura.go`), wholly, whatever is listed for them.
#[must_use]
pub fn is_decoded(scope: Scope, path: &[&str], name: &str, version: Version) -> bool {
    let reads = |known: &Known| known.works_since.is_some_and(|release| release <= version);
    match scope {
        Scope::Service => key(scope, path, name).is_some_and(reads),
        Scope::Endpoint | Scope::Backend => {
            let path: Vec<&str> = std::iter::once("layers").chain(path.iter().copied()).collect();
            key(Scope::Service, &path, name).is_some_and(reads)
        }
        Scope::Security | Scope::File => false,
    }
}

/// The keys of `scope`, which are none for a whole file. Each block is asked for alone: of a file with a
/// fault most often it is one.
fn of(scope: Scope) -> &'static [Known] {
    static BLOCKS: [OnceLock<Vec<Known>>; Scope::BLOCKS.len()] =
        [const { OnceLock::new() }; Scope::BLOCKS.len()];
    let Some(nth) = Scope::BLOCKS.iter().position(|block| *block == scope) else { return &[] };
    BLOCKS[nth].get_or_init(|| {
        let schema = annotation::annotated(scope);
        let works_since = match annotation::works(&schema, scope) {
            Works::Never => None,
            _ => Some(Version::FIRST),
        };
        let block = Known {
            scope,
            path: Vec::new(),
            name: String::new(),
            since: Some(Version::FIRST),
            until: None,
            works_since,
            edition: annotation::edition(&schema, scope),
        };
        let mut keys = Vec::new();
        collect(&schema, &block, &mut keys);
        keys
    })
}

/// Adds the keys below `parent`, which is described by `schema`.
fn collect(schema: &Keywords, parent: &Known, all: &mut Vec<Known>) {
    if let Some(items) = schema.get("items").and_then(|items| items.as_object()) {
        return collect(items, parent, all);
    }
    let mut path = parent.path.clone();
    path.extend(Some(&parent.name).filter(|name| !name.is_empty()).cloned());
    for (name, property) in annotation::properties(schema) {
        let known = child(parent, &path, name, property);
        all.push(known.clone());
        collect(property, &known, all);
    }
}

/// What is known of `name` below `parent`: no key is older than the one it stands under.
fn child(parent: &Known, path: &[String], name: &str, schema: &Keywords) -> Known {
    let scope = parent.scope;
    let since = match annotation::listed(schema, scope) {
        Listed::AsParent => parent.since,
        Listed::Since(since) => parent.since.max(Some(since)),
        Listed::Nowhere => None,
    };
    let works_since = match annotation::works(schema, scope) {
        Works::Never => None,
        Works::AsListed => parent.works_since.map(|parent| since.map_or(parent, |s| s.max(parent))),
        Works::Since(release) => parent.works_since.map(|parent| parent.max(release)),
    };
    Known {
        scope,
        path: path.to_vec(),
        name: name.to_owned(),
        since: parent.since.and(since),
        until: annotation::until(schema, scope).or(parent.until),
        works_since,
        edition: annotation::edition(schema, scope).max(parent.edition),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Origin, v};

    fn known(scope: Scope, path: &[&str], name: &str) -> &'static Known {
        key(scope, path, name).expect("the key is in the model")
    }

    #[test]
    fn a_key_is_as_old_as_its_parent_and_the_model_say() {
        let headers = known(Scope::Service, &["layers", "backend", "traces"], "skip_headers");
        assert_eq!(headers.since, Some(v(2, 11, 0)));
        assert_eq!(headers.works_since, Some(v(2, 12, 0)));
        let proxy = known(Scope::Endpoint, &["proxy"], "disable_metrics");
        assert_eq!((proxy.since, proxy.works_since), (Some(v(2, 6, 0)), Some(v(2, 8, 0))));
        let attributes = known(Scope::Endpoint, &["global"], "traces_static_attributes");
        assert_eq!(attributes.works_since, Some(v(2, 9, 0)));
        let removed = known(Scope::Backend, &["proxy"], "disable_traces");
        assert!(removed.is_listed(v(2, 6, 3)) && !removed.is_listed(v(2, 7, 0)));
        let key = known(Scope::Backend, &["backend", "metrics", "static_attributes"], "key");
        assert_eq!((key.since, key.works_since), (Some(v(2, 7, 0)), Some(v(2, 8, 0))));
    }

    #[test]
    fn what_the_community_edition_lacks_is_read_by_the_other() {
        let [ce, ee] = Edition::ALL.map(|edition| Target {
            edition,
            version: v(2, 13, 8),
            origin: Origin::Default,
        });
        for known in [
            known(Scope::Service, &["histograms"], "time_buckets"),
            known(Scope::Endpoint, &["backend", "traces"], "round_trip"),
            known(Scope::Security, &["otlp"], "headers"),
        ] {
            assert_eq!(known.edition, Edition::Enterprise);
            assert!(known.is_read(ee) && !known.is_read(ce));
        }
        let listen = known(Scope::Service, &["exporters", "prometheus"], "listen_ip");
        assert_eq!(listen.edition, Edition::Community);
        assert!(listen.is_read(ee) && !listen.is_read(ce));
        let host = known(Scope::Service, &["exporters", "prometheus"], "host");
        assert!(host.since.is_none() && host.is_read(ce));
    }

    #[test]
    fn a_key_is_found_by_name_wherever_it_is_listed() {
        let found: Vec<_> =
            places("semantic_convention").map(|k| (k.scope, k.path.join("."))).collect();
        assert_eq!(found, [(Scope::Service, "layers.global".to_owned())]);
        assert_eq!(places("exporters_override").count(), 1);
        assert_eq!(places("nothing").count(), 0);
    }

    #[test]
    fn overrides_decode_what_layers_has() {
        let decoded =
            |scope, path: &[&str], name, minor| is_decoded(scope, path, name, v(2, minor, 0));
        assert!(decoded(Scope::Endpoint, &["backend", "traces"], "round_trip", 13));
        assert!(decoded(Scope::Backend, &["global"], "semantic_convention", 9));
        assert!(!decoded(Scope::Endpoint, &["proxy"], "skip_headers", 11));
        assert!(!decoded(Scope::Endpoint, &["exporters_override"], "trace_sample_rate", 13));
        assert!(!decoded(Scope::Service, &["exporters", "prometheus"], "listen_ip", 13));
        assert!(!decoded(Scope::Service, &[], "histograms", 13));
    }
}
