//! Files of other programs, told by the members of their root. They may mention the gateway, or hold
//! configurations as texts, but are none themselves.

use super::shape::Shape;
use crate::document::{Document, Kind, NodeId};

/// Another kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Foreign {
    /// A JSON Schema.
    JsonSchema,
    /// A `CustomResourceDefinition` of Kubernetes.
    ResourceDefinition,
    /// An `OpenAPI` or Swagger description.
    OpenApi,
    /// A configuration of the OpenTelemetry Collector.
    Collector,
    /// Any other object of Kubernetes, or the description of a Helm chart.
    Kubernetes,
    /// A file of Docker Compose.
    Compose,
    /// Terraform's JSON.
    Terraform,
    /// A workflow or pipeline of a CI system.
    Workflow,
    /// A source map or lock file, which has a version, too.
    Generated,
}

impl Foreign {
    /// What it is, for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::JsonSchema => "a JSON Schema",
            Self::ResourceDefinition => "a CustomResourceDefinition",
            Self::OpenApi => "an OpenAPI description",
            Self::Collector => "a configuration of the OpenTelemetry Collector",
            Self::Kubernetes => "a Kubernetes manifest without a KrakenD configuration in it",
            Self::Compose => "a Compose file without a KrakenD configuration in it",
            Self::Terraform => "a Terraform file without a KrakenD configuration in it",
            Self::Workflow => "a workflow of a CI system",
            Self::Generated => "a generated file of another tool",
        }
    }

    /// Whether its strings may be configurations, and whether it may hold telemetry blocks.
    #[must_use]
    pub fn is_carrier(self) -> bool {
        matches!(self, Self::Kubernetes | Self::Compose | Self::Terraform)
    }

    /// Whether the tool that reads it replaces `${…}` in its strings.
    #[must_use]
    pub fn replaces_variables(self) -> bool {
        matches!(self, Self::Compose | Self::Terraform)
    }

    /// What `doc` is, as far as its root tells. A document with errors tells as much as was read.
    #[must_use]
    pub fn of(doc: &Document<'_>) -> Option<Self> {
        let root = doc.root().filter(|&root| doc.kind(root) == Kind::Object)?;
        let shape = Shape::new(doc, root);
        let (text, object) =
            (|name| shape.is(name, Kind::String), |name| shape.is(name, Kind::Object));
        let kind = shape.text("kind");
        if kind.as_deref() == Some("CustomResourceDefinition") {
            Some(Self::ResourceDefinition)
        } else if shape.has("apiVersion") || (text("kind") && object("metadata")) {
            Some(Self::Kubernetes)
        } else if is_json_schema(&shape) {
            Some(Self::JsonSchema)
        } else if shape.has("openapi") || shape.has("swagger") {
            Some(Self::OpenApi)
        } else if is_collector(&shape) {
            Some(Self::Collector)
        } else if is_compose(doc, &shape) {
            Some(Self::Compose)
        } else if is_terraform(doc, &shape) {
            Some(Self::Terraform)
        } else if is_workflow(doc, &shape) {
            Some(Self::Workflow)
        } else if shape.has("mappings") && shape.has("sources") || shape.has("lockfileVersion") {
            Some(Self::Generated)
        } else {
            None
        }
    }
}

fn is_json_schema(shape: &Shape<'_, '_>) -> bool {
    let object = |name| shape.is(name, Kind::Object);
    let url = shape.text("$schema");
    url.is_some_and(|url| url.contains("json-schema.org"))
        || (["properties", "patternProperties", "$defs", "definitions"].into_iter().any(object)
            && ["type", "$id", "$ref", "title", "required", "additionalProperties"]
                .into_iter()
                .any(|name| shape.has(name)))
        || (shape.has("$id")
            && ["$ref", "allOf", "anyOf", "oneOf", "enum"].into_iter().any(|name| shape.has(name)))
}

/// Whether the root has the sections of the Collector; `exporters` alone may be a telemetry block.
fn is_collector(shape: &Shape<'_, '_>) -> bool {
    let sections = ["receivers", "processors", "exporters", "extensions", "connectors", "service"];
    let object = |name: &&str| shape.is(name, Kind::Object) || shape.is(name, Kind::Null);
    let count = sections.iter().filter(|name| object(name)).count();
    let pipelines =
        shape.value("service").is_some_and(|service| shape.of(service).has("pipelines"));
    pipelines || (object(&"receivers") && count > 1) || count > 2
}

fn is_compose(doc: &Document<'_>, shape: &Shape<'_, '_>) -> bool {
    const OF_SERVICE: [&str; 8] = [
        "image",
        "build",
        "extends",
        "container_name",
        "environment",
        "ports",
        "volumes",
        "command",
    ];
    shape.value("services").is_some_and(|services| {
        let is_service = |service| OF_SERVICE.iter().any(|name| doc.get(service, name).is_some());
        doc.members(services).any(|member| is_service(member.value))
    }) || shape.value("configs").is_some_and(|configs| {
        doc.members(configs).any(|member| doc.get(member.value, "content").is_some())
    })
}

fn is_terraform(doc: &Document<'_>, shape: &Shape<'_, '_>) -> bool {
    let name = doc.source().name().to_ascii_lowercase();
    name.ends_with(".tf.json")
        || shape.is("terraform", Kind::Object)
        || (shape.is("resource", Kind::Object) && shape.has("provider"))
}

fn is_workflow(doc: &Document<'_>, shape: &Shape<'_, '_>) -> bool {
    let is_job = |job: NodeId| {
        ["steps", "runs-on", "uses", "docker", "executor", "script", "stage"]
            .iter()
            .any(|name| doc.get(job, name).is_some())
    };
    let has_job = |jobs| doc.members(jobs).any(|member| is_job(member.value));
    shape.value("jobs").is_some_and(has_job)
        || (shape.has("stages") && shape.value("stages").is_some() && has_job(shape.object))
}
