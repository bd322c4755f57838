//! The names of the settings of each object of the model, in its order. Asked of serde, since making a
//! schema for them takes longer than all else that is done with a small file.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::forward_to_deserialize_any;

use super::{
    Attribute, BackendLayer, BackendMetrics, BackendOverride, BackendTraces, Credentials,
    EndpointOverride, Exporters, ExportersOverride, Global, Histograms, Layers, OtlpExporter,
    PrometheusExporter, Proxy, Security, Service,
};

/// The names of the settings of every object, each list in the order of the model.
#[must_use]
pub fn of_objects() -> [&'static [&'static str]; 17] {
    [
        of::<Service>(),
        of::<Exporters>(),
        of::<OtlpExporter>(),
        of::<PrometheusExporter>(),
        of::<Layers>(),
        of::<Global>(),
        of::<Proxy>(),
        of::<BackendLayer>(),
        of::<BackendMetrics>(),
        of::<BackendTraces>(),
        of::<Attribute>(),
        of::<Histograms>(),
        of::<EndpointOverride>(),
        of::<ExportersOverride>(),
        of::<BackendOverride>(),
        of::<Security>(),
        of::<Credentials>(),
    ]
}

/// The names of the fields of the struct `T`.
fn of<T: Deserialize<'static>>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // It never gives a value: it has what it was asked for.
    let _ = T::deserialize(Names(&mut names));
    names
}

/// A deserializer that takes note of the names of the fields that a struct asks it for.
struct Names<'n>(&'n mut &'static [&'static str]);

/// That there is no value.
#[derive(Debug)]
struct NoValue;

impl fmt::Display for NoValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no value")
    }
}

impl std::error::Error for NoValue {}

impl Error for NoValue {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = NoValue;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NoValue> {
        Err(NoValue)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, NoValue> {
        *self.0 = fields;
        Err(NoValue)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::of_objects;
    use crate::model::{Scope, known};

    #[test]
    fn every_object_of_the_schemas_has_its_names_in_their_order() {
        let objects = of_objects();
        assert!(objects.iter().all(|names| !names.is_empty()));
        for scope in Scope::BLOCKS {
            let mut paths: Vec<Vec<String>> = vec![Vec::new()];
            let mut at = 0;
            while let Some(path) = paths.get(at).cloned() {
                at += 1;
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                let names: Vec<&str> =
                    known::keys(scope, &path).map(|known| known.name.as_str()).collect();
                for name in &names {
                    paths.push(path.iter().chain([name]).map(ToString::to_string).collect());
                }
                assert!(
                    names.is_empty() || objects.contains(&&*names),
                    "{scope} {path:?}: {names:?}"
                );
            }
        }
    }
}
