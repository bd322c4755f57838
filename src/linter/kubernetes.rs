//! Kubernetes manifests beside an embedded configuration: whether what scrapes the gateway's metrics looks
//! at the port that a Prometheus exporter opens.
//!
//! Said only of what is certainly the gateway's: a workload that runs an image called `krakend`, the
//! Services that select its pods, the `ServiceMonitors` that select these Services, the `PodMonitors` that
//! select the pods, and `prometheus.io/port` of any of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::document::{Document, Kind, NodeId};
use crate::effective::Effective;
use crate::effective::listeners::Owner;
use crate::finding::{Finding, Label};
use crate::rules::kubernetes_metrics_port::finding;
use crate::source::Span;

/// A Prometheus exporter of an embedded configuration.
pub(super) struct Exporter {
    port: i64,
    /// Where its port is written, or else the exporter, in the file around the configuration.
    span: Span,
}

/// The ports on which a gateway gives metrics to whoever asks.
#[derive(Default)]
pub(super) struct Ports {
    /// The first exporter found, to point at.
    first: Option<Exporter>,
    /// Those of all exporters, and of other systems, such as the stats of `telemetry/metrics`.
    all: BTreeSet<i64>,
}

impl Ports {
    /// Adds those of a configuration; `outer` gives the place in the file around it.
    pub(super) fn add(&mut self, effective: &Effective<'_>, outer: impl Fn(Span) -> Span) {
        for exporter in &effective.service.prometheus {
            let node = exporter.port.node.unwrap_or(exporter.node);
            let port = exporter.port.value;
            self.first
                .get_or_insert_with(|| Exporter { port, span: outer(effective.doc.opening(node)) });
            self.all.insert(port);
        }
        let others = effective.other_listeners().into_iter();
        let others = others.filter(|listener| listener.owner != Owner::Gateway);
        self.all.extend(others.map(|listener| listener.port));
    }
}

/// The findings in each of `documents`, which stand in one file.
pub(super) fn check(documents: &[&Document<'_>], ports: &Ports) -> Vec<Vec<Finding>> {
    let mut found: Vec<Vec<Finding>> = documents.iter().map(|_| Vec::new()).collect();
    let Some(at) = &ports.first else { return found };
    let manifests: Vec<_> = documents.iter().map(|doc| Manifest::new(doc)).collect();
    let workloads = || manifests.iter().flatten().filter(|it| it.runs_gateway());
    let pods = Labels::new(workloads().map(Manifest::pod_labels));
    let is_ours =
        |it: &&Manifest<'_>| it.kind == "Service" && pods.has(&it.wanted(&["spec", "selector"]));
    let services = Labels::new(manifests.iter().flatten().filter(is_ours).map(Manifest::labels));
    let names: HashMap<_, _> = workloads().flat_map(Manifest::container_ports).collect();
    for (manifest, found) in manifests.iter().zip(&mut found) {
        let Some(manifest) = manifest else { continue };
        let matched = ["spec", "selector", "matchLabels"];
        let targets = match manifest.kind.as_str() {
            "Service" if is_ours(&manifest) => manifest.service_targets(&names),
            "ServiceMonitor" if services.has(&manifest.wanted(&matched)) => {
                manifest.monitor_targets("endpoints", "targetPort")
            }
            "PodMonitor" if pods.has(&manifest.wanted(&matched)) => {
                manifest.monitor_targets("podMetricsEndpoints", "targetPort")
            }
            _ if manifest.runs_gateway() => manifest.annotated_targets(),
            _ => continue,
        };
        for (node, port) in targets.into_iter().filter(|(_, port)| !ports.all.contains(port)) {
            let pointer = manifest.doc.pointer(node);
            let exporter = Label::new(at.span, format!("the exporter listens on {}", at.port));
            let span = manifest.doc.span(node);
            found.push(finding(span, &pointer, port, at.port).related(exporter));
        }
    }
    found
}

/// Resources with the same label that a selector is compared with: more than a file in earnest has.
const MOST_ALIKE: usize = 64;

/// The labels of several resources, to be selected.
struct Labels {
    of: Vec<BTreeMap<String, String>>,
    /// Those that have a label.
    with: HashMap<(String, String), Vec<usize>>,
}

impl Labels {
    fn new(of: impl Iterator<Item = BTreeMap<String, String>>) -> Self {
        let of: Vec<_> = of.collect();
        let mut with: HashMap<(String, String), Vec<usize>> = HashMap::new();
        for (nth, labels) in of.iter().enumerate() {
            for (name, value) in labels {
                with.entry((name.clone(), value.clone())).or_default().push(nth);
            }
        }
        Self { of, with }
    }

    /// Whether `wanted` selects one of the resources; nothing wanted selects nothing for certain.
    fn has(&self, wanted: &BTreeMap<String, String>) -> bool {
        let first = wanted.iter().next();
        let first = first.and_then(|(name, value)| self.with.get(&(name.clone(), value.clone())));
        first
            .into_iter()
            .flatten()
            .take(MOST_ALIKE)
            .any(|&nth| wanted.iter().all(|(name, value)| self.of[nth].get(name) == Some(value)))
    }
}

/// A resource of Kubernetes.
struct Manifest<'d> {
    doc: &'d Document<'d>,
    root: NodeId,
    kind: String,
}

impl<'d> Manifest<'d> {
    fn new(doc: &'d Document<'d>) -> Option<Self> {
        let root = doc.root().filter(|&root| doc.kind(root) == Kind::Object)?;
        doc.get(root, "apiVersion")?;
        let kind = doc.str(doc.get(root, "kind")?.value)?.into_owned();
        Some(Self { doc, root, kind })
    }

    /// The value at the end of `path` below `node`.
    fn at(&self, node: NodeId, path: &[&str]) -> Option<NodeId> {
        path.iter().try_fold(node, |node, name| Some(self.doc.get(node, name)?.value))
    }

    fn items(&self, node: Option<NodeId>) -> Vec<NodeId> {
        node.map(|node| self.doc.items(node).collect()).unwrap_or_default()
    }

    fn texts(&self, node: Option<NodeId>) -> BTreeMap<String, String> {
        let members = node.into_iter().flat_map(|node| self.doc.members(node));
        let text = |node| self.doc.str(node).map(std::borrow::Cow::into_owned);
        let pairs = members.filter_map(|member| {
            Some((self.doc.key(member.key).into_owned(), text(member.value)?))
        });
        pairs.collect()
    }

    /// The description of the pods that a workload runs; of a Pod itself.
    fn pod(&self) -> Option<NodeId> {
        if self.kind == "Pod" { Some(self.root) } else { self.at(self.root, &["spec", "template"]) }
    }

    fn containers(&self) -> Vec<NodeId> {
        self.items(self.pod().and_then(|pod| self.at(pod, &["spec", "containers"])))
    }

    /// Whether one of its containers is a gateway.
    fn runs_gateway(&self) -> bool {
        self.containers().into_iter().any(|container| {
            let image = self.at(container, &["image"]).and_then(|image| self.doc.str(image));
            image.is_some_and(|image| {
                let name = image.rsplit('/').next().unwrap_or_default();
                name.split([':', '@']).next().is_some_and(|name| name.starts_with("krakend"))
            })
        })
    }

    fn labels(&self) -> BTreeMap<String, String> {
        self.texts(self.at(self.root, &["metadata", "labels"]))
    }

    fn pod_labels(&self) -> BTreeMap<String, String> {
        self.texts(self.pod().and_then(|pod| self.at(pod, &["metadata", "labels"])))
    }

    /// The labels that the selector at `path` asks for.
    fn wanted(&self, path: &[&str]) -> BTreeMap<String, String> {
        self.texts(self.at(self.root, path))
    }

    /// The ports of the pods that this Service leads to under a name that speaks of metrics, and where
    /// each is written.
    fn service_targets(&self, names: &HashMap<String, i64>) -> Vec<(NodeId, i64)> {
        let mut targets = self.annotated_targets();
        for item in self.items(self.at(self.root, &["spec", "ports"])) {
            let name = self.at(item, &["name"]).and_then(|name| self.doc.str(name));
            if !name.is_some_and(|name| name.contains("metric") || name.contains("prom")) {
                continue;
            }
            let written = self.at(item, &["targetPort"]).or_else(|| self.at(item, &["port"]));
            let Some(node) = written else { continue };
            let named = self.doc.str(node).and_then(|name| names.get(&*name).copied());
            targets.extend(self.port(node).or(named).map(|port| (node, port)));
        }
        targets
    }

    /// The ports of its containers that have a name.
    fn container_ports(&self) -> Vec<(String, i64)> {
        let ports = self.containers().into_iter();
        let ports = ports.flat_map(|container| self.items(self.at(container, &["ports"])));
        let named = ports.filter_map(|port| {
            let name = self.doc.str(self.at(port, &["name"])?)?.into_owned();
            Some((name, self.port(self.at(port, &["containerPort"])?)?))
        });
        named.collect()
    }

    /// The ports that a monitor names by their number; names are the Service's business.
    fn monitor_targets(&self, list: &str, field: &str) -> Vec<(NodeId, i64)> {
        let items = self.items(self.at(self.root, &["spec", list]));
        let targets = items.into_iter().filter_map(|item| {
            let node = self.at(item, &[field])?;
            Some((node, self.port(node)?))
        });
        targets.collect()
    }

    /// The port of the annotation `prometheus.io/port`, of this resource or its pods.
    fn annotated_targets(&self) -> Vec<(NodeId, i64)> {
        let mut holders = vec![self.root];
        holders.extend(self.pod().filter(|&pod| pod != self.root));
        let targets = holders.into_iter().filter_map(|holder| {
            let node = self.at(holder, &["metadata", "annotations", "prometheus.io/port"])?;
            let text = self.doc.str(node).and_then(|text| text.parse().ok());
            Some((node, self.port(node).or(text)?))
        });
        targets.collect()
    }

    fn port(&self, node: NodeId) -> Option<i64> {
        let number = self.doc.number(node).filter(|number| number.fract() == 0.0)?;
        (1.0..=65535.0).contains(&number).then_some(number as i64)
    }
}
