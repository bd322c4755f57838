//! The routes of the endpoints as a tree of their segments, so that many paths can be looked up among many
//! routes.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;

/// Nodes of the tree that one look-up visits at most. Where parameters and names stand side by side on
/// many levels, a path may lead through more of them: then it counts as one that a route covers.
const MOST_VISITS: usize = 256;

/// Routes as the gateway's router knows them: `:name` stands for one segment, `*` at the end for the rest.
#[derive(Debug, Default)]
pub struct Routes<'d> {
    all: BTreeSet<Cow<'d, str>>,
    /// By what is left of them without case and slashes at the end; of equal ones the first.
    folded: HashMap<String, Cow<'d, str>>,
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    names: HashMap<Box<str>, usize>,
    parameter: Option<usize>,
    /// Whether a route ends here with a star.
    has_rest: bool,
    /// Whether a route ends here.
    is_end: bool,
}

impl<'d> Routes<'d> {
    /// The routes `all`, in the order of the file.
    #[must_use]
    pub fn new(all: impl IntoIterator<Item = Cow<'d, str>>) -> Self {
        let mut routes = Self { nodes: vec![Node::default()], ..Self::default() };
        for route in all {
            routes.insert(&route);
            routes.folded.entry(folded(&route)).or_insert_with(|| route.clone());
            routes.all.insert(route);
        }
        routes
    }

    fn insert(&mut self, route: &str) {
        let mut at = 0;
        for segment in route.split('/') {
            if segment.starts_with('*') {
                self.nodes[at].has_rest = true;
                return;
            }
            let fresh = self.nodes.len();
            let node = &mut self.nodes[at];
            let next = if segment.starts_with(':') {
                *node.parameter.get_or_insert(fresh)
            } else {
                *node.names.entry(segment.into()).or_insert(fresh)
            };
            if next == fresh {
                self.nodes.push(Node::default());
            }
            at = next;
        }
        self.nodes[at].is_end = true;
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Every route once.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|route| &**route)
    }

    /// Whether requests for `path`, or one of the routes itself, go to one of them.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        if self.all.contains(path) {
            return true;
        }
        let has_star = path.contains('*');
        let mut rest = vec![(0, Some(path))];
        for visits in 0.. {
            let Some((at, left)) = rest.pop() else { break };
            let node = &self.nodes[at];
            if visits == MOST_VISITS || node.has_rest && !has_star && left.is_some() {
                return true;
            }
            let Some(left) = left else {
                if node.is_end {
                    return true;
                }
                continue;
            };
            let (segment, left) = match left.split_once('/') {
                Some((segment, left)) => (segment, Some(left)),
                None => (left, None),
            };
            if !segment.is_empty() && !segment.contains('*') {
                rest.extend(node.parameter.map(|next| (next, left)));
            }
            rest.extend(node.names.get(segment).map(|&next| (next, left)));
        }
        false
    }

    /// The route that is `path` but for case and slashes at the end.
    #[must_use]
    pub fn nearly(&self, path: &str) -> Option<&str> {
        self.folded.get(&folded(path)).map(|route| &**route)
    }

    /// Whether a route is below `path`.
    #[must_use]
    pub fn has_below(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        let from = (Bound::Included(folder.as_str()), Bound::Unbounded);
        let next = self.all.range::<str, _>(from).next();
        folder.len() > 1 && next.is_some_and(|route| route.starts_with(&folder))
    }
}

fn folded(path: &str) -> String {
    path.trim_end_matches('/').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(all: &[&'static str]) -> Routes<'static> {
        Routes::new(all.iter().map(|&route| Cow::Borrowed(route)))
    }

    #[test]
    fn an_endpoint_covers_the_paths_it_answers() {
        for (route, path) in [
            ("/a", "/a"),
            ("/a/:id", "/a/42"),
            ("/a/:id", "/a/:id"),
            ("/a/*", "/a/b/c"),
            ("/a/*", "/a/*"),
            ("/a/*", "/a/"),
        ] {
            assert!(routes(&[route]).covers(path), "{route} {path}");
        }
        for (route, path) in [
            ("/a", "/a/"),
            ("/a/:id", "/a"),
            ("/a/:id", "/a/"),
            ("/a/:id", "/a/*"),
            ("/a/:id", "/a/b/c"),
            ("/a/*", "/a/b*"),
            ("/a/*", "/a"),
        ] {
            assert!(!routes(&[route]).covers(path), "{route} {path}");
        }
    }

    #[test]
    fn one_way_that_ends_nowhere_hides_no_other() {
        let all = routes(&["/a/b/c", "/a/:id/d", "/:x/b/e", "/a/b/*"]);
        for path in ["/a/b/c", "/a/b/d", "/a/b/e", "/a/b/f/g"] {
            assert!(all.covers(path), "{path}");
        }
        for path in ["/a/x/c", "/b/b/d", "/a"] {
            assert!(!all.covers(path), "{path}");
        }
    }

    #[test]
    fn similar_paths_are_found() {
        let all = routes(&["/Users", "/users", "/admin/status", "/adminx"]);
        assert_eq!(all.nearly("/USERS/"), Some("/Users"));
        assert_eq!(all.nearly("/user"), None);
        assert!(all.has_below("/admin") && all.has_below("/admin/"));
        assert!(!all.has_below("/adm") && !all.has_below("/users") && !all.has_below("/"));
    }
}
