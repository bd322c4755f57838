//! Where a person would put a new member: in the order in which the model, and so the vendor's
//! documentation, names the settings.

use std::borrow::Cow;

use crate::model::names;

/// How many of the members `names` come before a new member `name`: `port` goes behind `host`. All of
/// them do if nothing is known of it. The backends of an endpoint, which are long, come last.
pub(super) fn position(names: &[Cow<'_, str>], name: &str) -> usize {
    let backends = names.iter().position(|known| known == "backend");
    if let Some(at) = backends.filter(|_| name == "extra_config") {
        return at;
    }
    let order = order(names, name);
    let rank = |name: &str| order.iter().position(|known| *known == name);
    let Some(own) = rank(name) else { return names.len() };
    let ranks: Vec<Option<usize>> = names.iter().map(|name| rank(name)).collect();
    let at = |wanted: Option<usize>| ranks.iter().position(|rank| *rank == wanted);
    let before = ranks.iter().flatten().filter(|rank| **rank < own).max();
    match before {
        Some(rank) => at(Some(*rank)).map_or(names.len(), |at| at + 1),
        None => ranks.iter().position(Option::is_some).unwrap_or(names.len()),
    }
}

/// The keys of the object of the model that has `name` and most of `names`, in their order.
fn order(names: &[Cow<'_, str>], name: &str) -> &'static [&'static str] {
    let shared = |keys: &&[&str]| names.iter().filter(|name| keys.contains(&&***name)).count();
    // Of equals the first.
    let objects = names::of_objects().into_iter().rev().filter(|keys| keys.contains(&name));
    objects.max_by_key(shared).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn a_setting_goes_behind_the_one_that_is_documented_before_it() {
        let at = |names: &[&str], name| {
            let names: Vec<_> = names.iter().map(|name| (*name).into()).collect();
            position(&names, name)
        };
        assert_eq!(at(&["name", "host", "use_http"], "port"), 2);
        assert_eq!(at(&["host", "use_http", "name"], "port"), 1);
        assert_eq!(at(&["host", "port"], "name"), 0);
        assert_eq!(at(&["x", "host", "port"], "name"), 1);
        assert_eq!(at(&["host", "port"], "mine"), 2);
        assert_eq!(at(&["mine", "yours"], "port"), 2);
        assert_eq!(at(&[], "port"), 0);
        assert_eq!(at(&["endpoint", "backend", "method"], "extra_config"), 1);
        assert_eq!(at(&["url_pattern", "host"], "extra_config"), 2);
    }
}
