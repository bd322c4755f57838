//! What the gateway's loader does to a block before the telemetry package decodes it.
//!
//! Up to 2.11 viper reads the file (spf13/viper `viper.go`, `util.go`): it writes all keys in lower
//! case, outside of lists, and of keys that differ only in case one that was not in lower case wins;
//! `null`, and objects that hold nothing else, are lost. Since 2.12 koanf leaves a block as it is.

use std::collections::BTreeMap;

use crate::document::{Document, Kind, Member, NodeId};
use crate::releases;
use crate::target::Target;

/// The loader, for one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loader {
    /// Nothing happens to the block.
    Plain,
    /// viper, outside of lists.
    Viper,
}

impl Loader {
    /// The loader of the service's block. Those of endpoints and backends stand in lists.
    #[must_use]
    pub fn of(target: Target) -> Self {
        if target.version < releases::KOANF { Self::Viper } else { Self::Plain }
    }

    /// Whether it changes keys.
    pub(super) fn folds_keys(self) -> bool {
        self == Self::Viper
    }

    /// The members of `object` as they are decoded: each key once, in the order of the keys.
    pub(super) fn members(self, doc: &Document<'_>, object: NodeId) -> Vec<(String, NodeId)> {
        let mut members: BTreeMap<String, NodeId> = BTreeMap::new();
        for Member { key, value } in doc.members(object) {
            members.insert(doc.key(key).into_owned(), value);
        }
        if self == Self::Viper {
            // A key that is renamed overwrites the one that has its new name already.
            let (lowered, renamed): (Vec<_>, Vec<_>) =
                members.into_iter().partition(|(key, _)| lower(key) == *key);
            let renamed = renamed.into_iter().map(|(key, value)| (lower(&key), value));
            let mut lowered: BTreeMap<String, NodeId> =
                lowered.into_iter().chain(renamed).collect();
            lowered.retain(|_, value| !is_lost(doc, *value));
            members = lowered;
        }
        members.into_iter().collect()
    }

    /// The member of `object` that becomes `name`.
    pub(super) fn get(self, doc: &Document<'_>, object: NodeId, name: &str) -> Option<Member> {
        if self == Self::Plain {
            return doc.get(object, name);
        }
        let mut found: Option<Member> = None;
        for member in doc.members(object) {
            let is_renamed = |member: Member| doc.key(member.key) != name;
            if lower(&doc.key(member.key)) == name
                && found.is_none_or(|before| is_renamed(member) || !is_renamed(before))
            {
                found = Some(member);
            }
        }
        found.filter(|member| !is_lost(doc, member.value))
    }
}

/// Go's `strings.ToLower`, letter by letter.
fn lower(key: &str) -> String {
    key.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect()
}

/// Whether viper loses `value`: there is nothing in it but `null`.
fn is_lost(doc: &Document<'_>, value: NodeId) -> bool {
    let mut rest = vec![value];
    while let Some(node) = rest.pop() {
        match doc.kind(node) {
            Kind::Null => {}
            Kind::Object => rest.extend(doc.members(node).map(|member| member.value)),
            _ => return false,
        }
    }
    true
}
